//! Reports written by hand, for the tests of the measures.

use crate::document::{Span, SpanBase};
use crate::params::Params;
use crate::report::{
    Cluster, Direction, DocumentEntry, ExactGroup, Member, Origin, Pair, Passage, PassageKind, Repeat,
    Report, Role, Verdict,
};

/// Puts a report together, part by part.
pub(super) struct ReportBuilder(Report);

impl ReportBuilder {
    /// A report of documents with these ids, each of 100 tokens in 1000 bytes.
    pub(super) fn new(ids: &[&str]) -> Self {
        let documents = ids.iter().map(|id| entry(id)).collect();
        Self(Report { documents, ..Report::empty(Params::default()) })
    }

    /// Changes the length of a document.
    pub(super) fn tokens(mut self, id: &str, tokens: usize) -> Self {
        self.0.documents.iter_mut().find(|entry| entry.id == id).unwrap().tokens = tokens;
        self
    }

    pub(super) fn cluster(mut self, ids: &[&str]) -> Self {
        self.0.clusters.push(cluster(ids));
        self
    }

    /// Changes the cluster added last.
    pub(super) fn with_cluster(mut self, change: impl FnOnce(&mut Cluster)) -> Self {
        change(self.0.clusters.last_mut().unwrap());
        self
    }

    pub(super) fn exact(mut self, ids: &[&str]) -> Self {
        let documents = ids.iter().map(|id| (*id).to_owned()).collect();
        self.0.exact_groups.push(ExactGroup { id: ids[0].into(), documents });
        self
    }

    pub(super) fn pair(mut self, a: &str, b: &str, verdict: Verdict) -> Self {
        self.0.pairs.push(Pair {
            a: a.into(),
            b: b.into(),
            verdict,
            reason: None,
            jaccard: 0.5,
            counted_jaccard: None,
            containment_of_a_in_b: 0.6,
            containment_of_b_in_a: 0.7,
            coverage_of_a_by_b: 0.6,
            coverage_of_b_by_a: 0.7,
            passages: Vec::new(),
            direction: Direction { from: None, confidence: 0.0, evidence: Vec::new() },
        });
        self
    }

    /// Changes the pair added last.
    pub(super) fn with_pair(mut self, change: impl FnOnce(&mut Pair)) -> Self {
        change(self.0.pairs.last_mut().unwrap());
        self
    }

    /// Adds a passage to the pair added last.
    pub(super) fn passage(self, a: [usize; 2], b: [usize; 2]) -> Self {
        self.with_pair(|pair| {
            pair.passages.push(Passage {
                a: Span::from(a),
                b: Span::from(b),
                tokens: 30,
                identity: 1.0,
                kind: PassageKind::Copy,
                reason: "".into(),
            });
        })
    }

    pub(super) fn repeat(mut self, document: &str, spans: &[[usize; 2]]) -> Self {
        let spans = spans.iter().map(|span| Span::from(*span)).collect();
        self.0.repeats.push(Repeat { document: document.into(), spans, tokens: 30, identity: 1.0 });
        self
    }

    pub(super) fn build(self) -> Report {
        self.0
    }
}

fn entry(id: &str) -> DocumentEntry {
    DocumentEntry {
        id: id.into(),
        original_id: None,
        path: "docs.jsonl".into(),
        span_base: SpanBase::Decoded,
        source: "source".into(),
        title: None,
        url: None,
        published: None,
        dated_by: None,
        language: None,
        bytes: 1000,
        tokens: 100,
        against: false,
        too_short: false,
        repeated_share: 0.0,
        credits: Vec::new(),
    }
}

fn cluster(ids: &[&str]) -> Cluster {
    let member = |id: &&str| Member {
        document: (*id).to_owned(),
        source: "source".into(),
        role: Role::Copy,
        primary: true,
        parent: None,
        share_copied: 1.0,
        credited: None,
    };
    Cluster {
        id: ids[0].into(),
        representative: ids[0].into(),
        cohesion: 1.0,
        pairs_complete: true,
        independent_origins: 1,
        origin: Origin {
            document: None,
            source: None,
            agency: None,
            outside: false,
            confidence: 0.0,
            evidence: Vec::new(),
        },
        members: ids.iter().map(member).collect(),
    }
}
