//! Known directions of copying: which of them the report tells.
//!
//! A pair that is listed speaks for itself through its `direction`. One that
//! is not listed, because an exact group or a large cluster implies it, is
//! read from the memberships of the cluster both documents are in: `from` is
//! the parent of `to` or the origin of the cluster, or the other way round,
//! or neither, which is undetermined. A pair in neither place is missing.

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::pairs::{PairOutcome, outcome};
use super::{DirectionLabel, MAX_LISTED, share};

/// Measures against a file of directions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DirectionMeasures {
    /// Label pairs whose documents the report knows.
    pub pairs: u64,
    /// Told as labelled.
    pub right: u64,
    /// Told the other way round.
    pub wrong: u64,
    /// In the report, but undetermined.
    pub undetermined: u64,
    /// Not in the report.
    pub missing: u64,
    /// Of all these, pairs read from memberships, because they are implied.
    pub implied: u64,
    /// Share of the decided ones that is right.
    pub accuracy: Option<f64>,
    /// Share of all that is undetermined.
    pub undetermined_share: Option<f64>,
    /// Share of all that is missing.
    pub missing_share: Option<f64>,
    /// The first told the wrong way round, `from` of the label first.
    pub wrong_pairs: Vec<PairOutcome>,
}

/// What the report says of one label.
enum Told {
    Right,
    Wrong,
    Undetermined,
}

pub(super) fn measure(index: &Index<'_>, labels: &[DirectionLabel]) -> DirectionMeasures {
    let mut measures = DirectionMeasures::default();
    for label in labels {
        let Some((from, to)) = index.find_both(&label.from, &label.to) else { continue };
        measures.pairs += 1;
        let mut told = by_pair(index, from, to);
        if told.is_none() {
            told = by_membership(index, from, to);
            measures.implied += u64::from(told.is_some());
        }
        match told {
            Some(Told::Right) => measures.right += 1,
            Some(Told::Undetermined) => measures.undetermined += 1,
            None => measures.missing += 1,
            Some(Told::Wrong) => {
                measures.wrong += 1;
                if measures.wrong_pairs.len() < MAX_LISTED {
                    measures.wrong_pairs.push(outcome(index, from, to));
                }
            }
        }
    }
    measures.accuracy = share(measures.right, measures.right + measures.wrong);
    measures.undetermined_share = share(measures.undetermined, measures.pairs);
    measures.missing_share = share(measures.missing, measures.pairs);
    measures
}

fn by_pair(index: &Index<'_>, from: DocIndex, to: DocIndex) -> Option<Told> {
    let pair = index.listed_pair(from, to)?;
    Some(match pair.direction.from.as_deref() {
        None => Told::Undetermined,
        Some(id) if id == index.entry(from).id => Told::Right,
        Some(_) => Told::Wrong,
    })
}

fn by_membership(index: &Index<'_>, from: DocIndex, to: DocIndex) -> Option<Told> {
    let Some(cluster) = index.shared_cluster(from, to) else {
        // Too short to be in a cluster, but known to be the same.
        return index.verdict(from, to).map(|_| Told::Undetermined);
    };
    let parent = |document| index.member(cluster, document).and_then(|member| member.parent.as_deref());
    let origin = cluster.origin.document.as_deref();
    let (from_id, to_id) = (Some(index.entry(from).id.as_str()), Some(index.entry(to).id.as_str()));
    Some(if parent(to) == from_id {
        Told::Right
    } else if parent(from) == to_id {
        Told::Wrong
    } else if origin == from_id {
        Told::Right
    } else if origin == to_id {
        Told::Wrong
    } else {
        Told::Undetermined
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::ReportBuilder;
    use super::super::{Measures, Truth, TruthKind, evaluate};
    use super::*;
    use crate::report::Verdict;

    fn measures(report: &crate::report::Report, labels: &str) -> DirectionMeasures {
        let truth = Truth::parse(labels, TruthKind::Direction, "d.tsv".as_ref()).unwrap();
        match evaluate(report, &truth).measures {
            Measures::Direction(measures) => measures,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn decided_undetermined_and_missing_are_told_apart() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .pair("a", "b", Verdict::NearDuplicate)
            .with_pair(|pair| pair.direction.from = Some("a".into()))
            .pair("a", "c", Verdict::NearDuplicate)
            .with_pair(|pair| pair.direction.from = Some("c".into()))
            .pair("b", "c", Verdict::NearDuplicate)
            .build();
        let m = measures(&report, "a\tb\na\tc\nc\ta\nb\tc\na\td\n");
        assert_eq!((m.pairs, m.right, m.wrong, m.undetermined, m.missing), (5, 2, 1, 1, 1));
        assert_eq!(m.accuracy, Some(0.666_667));
        assert_eq!((m.undetermined_share, m.missing_share), (Some(0.2), Some(0.2)));
        assert_eq!((m.wrong_pairs[0].id1.as_str(), m.wrong_pairs[0].id2.as_str()), ("a", "c"));
    }

    #[test]
    fn implied_pairs_are_read_from_their_memberships() {
        let report = ReportBuilder::new(&["a", "b", "c", "d", "e", "f"])
            .exact(&["a", "b", "c", "d"])
            .exact(&["e", "f"])
            .cluster(&["a", "b", "c", "d"])
            .with_cluster(|cluster| {
                cluster.origin.document = Some("c".into());
                cluster.members[1].parent = Some("a".into());
            })
            .build();
        let m = measures(&report, "a\tb\nb\ta\nc\td\nd\tc\na\td\ne\tf\n");
        assert_eq!((m.right, m.wrong, m.undetermined, m.missing, m.implied), (2, 2, 2, 0, 6));
    }
}
