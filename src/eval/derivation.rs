//! Known parents: whether the report hangs each copy on the right one.
//!
//! A document is looked up in the cluster it is a member of; an excerpt, which
//! has no cluster of its own, in the first that it is an excerpt of. Its
//! parent there is the labelled one, another one, or none.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::pairs::{PairOutcome, outcome};
use super::{DerivationLabel, MAX_LISTED, share};
use crate::report::Member;

/// Measures against a file of parents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DerivationMeasures {
    /// Labels whose documents the report knows.
    pub children: u64,
    /// Told as labelled.
    pub right: u64,
    /// Hung on another document.
    pub wrong: u64,
    /// In a cluster without a parent.
    pub undetermined: u64,
    /// In no cluster.
    pub missing: u64,
    /// Share of those with a parent that have the right one.
    pub accuracy: Option<f64>,
    /// Share of all that have none.
    pub undetermined_share: Option<f64>,
    /// The first hung on another document, child first, with that parent.
    pub wrong_parents: Vec<PairOutcome>,
}

pub(super) fn measure(index: &Index<'_>, labels: &[DerivationLabel]) -> DerivationMeasures {
    let mut members: HashMap<&str, &Member> = HashMap::new();
    for member in index.report.clusters.iter().flat_map(|cluster| &cluster.members) {
        let known = members.entry(&member.document).or_insert(member);
        if member.primary {
            *known = member;
        }
    }
    let mut measures = DerivationMeasures::default();
    for label in labels {
        let Some((child, _)) = index.find_both(&label.child, &label.parent) else { continue };
        measures.children += 1;
        match members.get(label.child.as_str()).map(|member| member.parent.as_deref()) {
            None => measures.missing += 1,
            Some(None) => measures.undetermined += 1,
            Some(Some(parent)) if parent == label.parent => measures.right += 1,
            Some(Some(parent)) => {
                measures.wrong += 1;
                let told = index.find(parent).filter(|_| measures.wrong_parents.len() < MAX_LISTED);
                measures.wrong_parents.extend(told.map(|told| outcome(index, child, told)));
            }
        }
    }
    measures.accuracy = share(measures.right, measures.right + measures.wrong);
    measures.undetermined_share = share(measures.undetermined, measures.children);
    measures
}

#[cfg(test)]
mod tests {
    use super::super::fixture::ReportBuilder;
    use super::super::{Measures, Truth, TruthKind, evaluate};

    #[test]
    fn parents_are_right_wrong_undetermined_or_missing() {
        let report = ReportBuilder::new(&["a", "b", "c", "d", "e"])
            .cluster(&["a", "b", "c", "d"])
            .with_cluster(|cluster| {
                cluster.members[1].parent = Some("a".into());
                cluster.members[2].parent = Some("b".into());
            })
            .build();
        let labels = "b\ta\nc\ta\nd\ta\ne\ta\n";
        let truth = Truth::parse(labels, TruthKind::Derivation, "d.tsv".as_ref()).unwrap();
        let Measures::Derivation(m) = evaluate(&report, &truth).measures else { panic!("another kind") };
        assert_eq!((m.children, m.right, m.wrong, m.undetermined, m.missing), (4, 1, 1, 1, 1));
        assert_eq!((m.accuracy, m.undetermined_share), (Some(0.5), Some(0.25)));
        assert_eq!((m.wrong_parents[0].id1.as_str(), m.wrong_parents[0].id2.as_str()), ("c", "b"));
    }
}
