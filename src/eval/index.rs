//! A report, looked up by id: what every measure asks of it.

use std::collections::{BTreeSet, HashMap};

use super::{Labels, MAX_LISTED, Truth};
use crate::report::{Cluster, DocumentEntry, Member, Pair, Report, Verdict};

/// A document's place in [`Report::documents`].
pub(super) type DocIndex = u32;

/// Look-up tables over one report.
pub(super) struct Index<'r> {
    pub(super) report: &'r Report,
    documents: HashMap<&'r str, DocIndex>,
    pairs: HashMap<(DocIndex, DocIndex), &'r Pair>,
    /// For each document the exact group it is in, by place in the report.
    exact_group: Vec<Option<u32>>,
    /// For each document its primary cluster, by place in the report.
    cluster: Vec<Option<u32>>,
}

impl<'r> Index<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        let documents: HashMap<&str, DocIndex> =
            report.documents.iter().map(|d| d.id.as_str()).zip(0..).collect();
        let mut exact_group = vec![None; report.documents.len()];
        for (number, group) in (0..).zip(&report.exact_groups) {
            for id in &group.documents {
                if let Some(&document) = documents.get(id.as_str()) {
                    exact_group[document as usize] = Some(number);
                }
            }
        }
        let mut cluster = vec![None; report.documents.len()];
        for (number, entry) in (0..).zip(&report.clusters) {
            for member in entry.members.iter().filter(|member| member.primary) {
                if let Some(&document) = documents.get(member.document.as_str()) {
                    cluster[document as usize] = Some(number);
                }
            }
        }
        let mut pairs = HashMap::with_capacity(report.pairs.len());
        for pair in &report.pairs {
            if let (Some(&a), Some(&b)) = (documents.get(pair.a.as_str()), documents.get(pair.b.as_str())) {
                pairs.insert((a.min(b), a.max(b)), pair);
            }
        }
        Self { report, documents, pairs, exact_group, cluster }
    }

    pub(super) fn find(&self, id: &str) -> Option<DocIndex> {
        self.documents.get(id).copied()
    }

    /// Both documents, if the report knows both.
    pub(super) fn find_both(&self, id1: &str, id2: &str) -> Option<(DocIndex, DocIndex)> {
        Some((self.find(id1)?, self.find(id2)?))
    }

    pub(super) fn entry(&self, document: DocIndex) -> &'r DocumentEntry {
        &self.report.documents[document as usize]
    }

    /// The pair entry of exactly these two documents.
    pub(super) fn listed_pair(&self, a: DocIndex, b: DocIndex) -> Option<&'r Pair> {
        self.pairs.get(&(a.min(b), a.max(b))).copied()
    }

    /// The pair entry that speaks for two documents: their own, or that of
    /// the lowest ids of their exact groups, which stand for all members.
    pub(super) fn pair(&self, a: DocIndex, b: DocIndex) -> Option<&'r Pair> {
        self.listed_pair(a, b).or_else(|| self.listed_pair(self.lowest(a), self.lowest(b)))
    }

    /// Whether two documents have the same tokens.
    pub(super) fn is_exact(&self, a: DocIndex, b: DocIndex) -> bool {
        a != b
            && self.exact_group[a as usize].is_some_and(|group| self.exact_group[b as usize] == Some(group))
    }

    /// What the report says of two documents, implied pairs included.
    pub(super) fn verdict(&self, a: DocIndex, b: DocIndex) -> Option<Verdict> {
        if self.is_exact(a, b) {
            return Some(Verdict::Exact);
        }
        self.pair(a, b).map(|pair| pair.verdict)
    }

    /// The exact group of a document, by place in the report.
    pub(super) fn exact_group(&self, document: DocIndex) -> Option<u32> {
        self.exact_group[document as usize]
    }

    /// The primary cluster of a document, by place in the report.
    pub(super) fn cluster(&self, document: DocIndex) -> Option<u32> {
        self.cluster[document as usize]
    }

    /// Whether one cluster is the primary one of both documents.
    pub(super) fn is_united(&self, a: DocIndex, b: DocIndex) -> bool {
        self.shared_cluster(a, b).is_some()
    }

    /// The cluster that is the primary one of both documents.
    pub(super) fn shared_cluster(&self, a: DocIndex, b: DocIndex) -> Option<&'r Cluster> {
        let number = self.cluster(a).filter(|number| self.cluster(b) == Some(*number))?;
        Some(&self.report.clusters[number as usize])
    }

    /// A document's primary membership in `cluster`.
    pub(super) fn member(&self, cluster: &'r Cluster, document: DocIndex) -> Option<&'r Member> {
        let id = self.entry(document).id.as_str();
        // Members are sorted by id; a list that is not is searched in full.
        let sorted = cluster.members.binary_search_by(|member| member.document.as_str().cmp(id));
        sorted
            .ok()
            .map(|place| &cluster.members[place])
            .or_else(|| cluster.members.iter().find(|member| member.document == id))
    }

    /// How much of `truth` can be used.
    pub(super) fn labels(&self, truth: &Truth) -> Labels {
        let ids: Vec<[&str; 2]> = match truth {
            Truth::Clusters(lines) => lines.iter().map(|l| [l.id.as_str(), l.id.as_str()]).collect(),
            Truth::Pairs(lines) => lines.iter().map(|l| [l.id1.as_str(), l.id2.as_str()]).collect(),
            Truth::Exact(lines) => lines.iter().map(|l| [l.id1.as_str(), l.id2.as_str()]).collect(),
            Truth::Spans(lines) => lines.iter().map(|l| [l.doc1.as_str(), l.doc2.as_str()]).collect(),
            Truth::Direction(lines) => lines.iter().map(|l| [l.from.as_str(), l.to.as_str()]).collect(),
            Truth::Derivation(lines) => lines.iter().map(|l| [l.child.as_str(), l.parent.as_str()]).collect(),
        };
        let is_unknown = |id: &&str| !self.documents.contains_key(id);
        let unknown: BTreeSet<&str> = ids.iter().flatten().copied().filter(is_unknown).collect();
        Labels {
            lines: ids.len(),
            lines_left_out: ids.iter().filter(|line| line.iter().any(|id| unknown.contains(id))).count(),
            unknown_ids: unknown.len(),
            unknown_examples: unknown.iter().take(MAX_LISTED).map(|id| (*id).to_owned()).collect(),
        }
    }

    /// The document that stands for all with the same tokens.
    fn lowest(&self, document: DocIndex) -> DocIndex {
        let group = self.exact_group[document as usize];
        group.and_then(|group| self.find(&self.report.exact_groups[group as usize].id)).unwrap_or(document)
    }
}
