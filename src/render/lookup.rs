//! Finding the parts of a report by document id.
//!
//! Hash tables serve look-ups only; what is written follows the lists of the
//! report.

use std::collections::HashMap;

use crate::document::Span;
use crate::report::{DocumentEntry, Pair, Passage, Report};

/// A report with its parts at hand.
pub(crate) struct Lookup<'a> {
    /// The report.
    pub(crate) report: &'a Report,
    documents: HashMap<&'a str, &'a DocumentEntry>,
    pairs: HashMap<(&'a str, &'a str), &'a Pair>,
    /// Document → the one of its exact group that stands in pairs.
    twins: HashMap<&'a str, &'a str>,
    group_sizes: HashMap<&'a str, usize>,
    /// Document → its clusters, by their place in the report.
    clusters: HashMap<&'a str, Vec<usize>>,
}

/// A pair, seen from one of its two documents.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The pair.
    pub(crate) pair: &'a Pair,
    /// Whether the document asked for is the pair's `b`.
    pub(crate) is_b: bool,
}

impl<'a> Lookup<'a> {
    /// Goes over the report once.
    pub(crate) fn new(report: &'a Report) -> Self {
        let documents = report.documents.iter().map(|d| (d.id.as_str(), d)).collect();
        let twins: HashMap<&str, &str> = (report.exact_groups.iter())
            .flat_map(|group| group.documents.iter().map(|id| (id.as_str(), group.id.as_str())))
            .collect();
        // Under limits another document of a group than the lowest may stand in a pair.
        let twin = |id: &'a str| twins.get(id).copied().unwrap_or(id);
        let pairs = report.pairs.iter().map(|pair| ((twin(&pair.a), twin(&pair.b)), pair)).collect();
        let group_sizes =
            report.exact_groups.iter().map(|group| (group.id.as_str(), group.documents.len())).collect();
        let mut clusters: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, cluster) in report.clusters.iter().enumerate() {
            for member in &cluster.members {
                clusters.entry(&member.document).or_default().push(index);
            }
        }
        Self { report, documents, pairs, twins, group_sizes, clusters }
    }

    /// What the report says about the document itself.
    pub(crate) fn document(&self, id: &str) -> Option<&'a DocumentEntry> {
        self.documents.get(id).copied()
    }

    /// The document that stands in pairs for this one: the lowest id of
    /// those with the same tokens, or itself.
    pub(crate) fn twin<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.twins.get(id).copied().unwrap_or(id)
    }

    /// Whether both have the same tokens.
    pub(crate) fn are_exact(&self, one: &str, other: &str) -> bool {
        self.twin(one) == self.twin(other)
    }

    /// How many other documents have the same tokens.
    pub(crate) fn identical_others(&self, id: &str) -> usize {
        self.group_sizes.get(self.twin(id)).map_or(0, |size| size.saturating_sub(1))
    }

    /// Whether the document is a member of a cluster.
    pub(crate) fn is_clustered(&self, id: &str) -> bool {
        self.clusters.contains_key(id)
    }

    /// Whether both are members of one cluster.
    pub(crate) fn share_cluster(&self, one: &str, other: &str) -> bool {
        match (self.clusters.get(one), self.clusters.get(other)) {
            (Some(one), Some(other)) => one.iter().any(|cluster| other.contains(cluster)),
            _ => false,
        }
    }

    /// The pair of `one` and `other` (or of what stands in for them), as
    /// seen from `one`.
    pub(crate) fn pair(&self, one: &str, other: &str) -> Option<Seen<'a>> {
        let (one, other) = (self.twin(one), self.twin(other));
        let seen = |key: (&str, &str), is_b| self.pairs.get(&key).map(|pair| Seen { pair, is_b });
        seen((one, other), false).or_else(|| seen((other, one), true))
    }
}

impl Seen<'_> {
    /// The passage's place in the document asked for, and in the other.
    pub(crate) fn spans(self, passage: &Passage) -> (Span, Span) {
        if self.is_b { (passage.b, passage.a) } else { (passage.a, passage.b) }
    }
}
