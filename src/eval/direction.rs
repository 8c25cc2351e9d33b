//! Known directions of copying: which of them the report tells.
//!
//! A pair that is listed speaks for itself through its `direction`. One that
//! is not listed, because an exact group or a large cluster implies it, is
//! read from the memberships of the cluster both documents are in: `from` is
//! an ancestor of `to` or the origin of the cluster, or the other way round,
//! or neither, which is undetermined. A pair in neither place is missing.
//!
//! Confidences are held against what came true, in ten bins. The *expected
//! calibration error* is the mean difference of the two over the bins, each
//! with the weight of its pairs (Naeini et al. 2015). Implied pairs have no
//! confidence of their own and are left out of it.

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::pairs::{PairOutcome, outcome};
use super::{DirectionLabel, MAX_LISTED, share};
use crate::report::{Cluster, ratio};

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
    /// Confidence beside what came true; bins without a pair are left out.
    pub reliability: Vec<ReliabilityBin>,
    /// How far confidences are off on average.
    pub expected_calibration_error: Option<f64>,
    /// The first told the wrong way round, `from` of the label first.
    pub wrong_pairs: Vec<PairOutcome>,
}

/// Decided pairs of like confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Confidence from which a pair is in it.
    pub from: f64,
    /// Confidence below which it is; the last one holds 1 too.
    pub below: f64,
    /// Its pairs.
    pub pairs: u64,
    /// Their mean confidence.
    pub confidence: f64,
    /// Share of them told as labelled.
    pub right: f64,
}

/// Bins between even odds and certainty.
const BINS: usize = 10;

/// Generations that are gone up in a cluster: a report that was tampered with
/// may have a circle.
const MAX_GENERATIONS: usize = 1000;

/// What the report says of one label.
#[derive(Clone, Copy)]
enum Told {
    Right,
    Wrong,
    Undetermined,
}

pub(super) fn measure(index: &Index<'_>, labels: &[DirectionLabel]) -> DirectionMeasures {
    let mut measures = DirectionMeasures::default();
    let mut bins = [Bin::default(); BINS];
    for label in labels {
        let Some((from, to)) = index.find_both(&label.from, &label.to) else { continue };
        measures.pairs += 1;
        let mut told = by_pair(index, from, to);
        if let (Some(told @ (Told::Right | Told::Wrong)), Some(pair)) = (told, index.listed_pair(from, to)) {
            let confidence = pair.direction.confidence;
            let place = ((confidence - 0.5) * 2.0 * BINS as f64).clamp(0.0, BINS as f64 - 1.0);
            bins[place as usize].add(confidence, matches!(told, Told::Right));
        }
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
    let decided: u64 = bins.iter().map(|bin| bin.pairs).sum();
    let error: f64 = bins.iter().map(|bin| (bin.confidence - bin.right as f64).abs()).sum();
    measures.expected_calibration_error = (decided > 0).then(|| ratio(error / decided as f64));
    measures.reliability =
        (0..BINS).filter(|&place| bins[place].pairs > 0).map(|place| bins[place].row(place)).collect();
    measures
}

/// Sums over the pairs of a bin.
#[derive(Clone, Copy, Default)]
struct Bin {
    pairs: u64,
    confidence: f64,
    right: u64,
}

impl Bin {
    fn add(&mut self, confidence: f64, is_right: bool) {
        self.pairs += 1;
        self.confidence += confidence;
        self.right += u64::from(is_right);
    }

    fn row(self, place: usize) -> ReliabilityBin {
        let bound = |place: usize| ratio(0.5 + place as f64 / (2 * BINS) as f64);
        let pairs = self.pairs as f64;
        ReliabilityBin {
            from: bound(place),
            below: bound(place + 1),
            pairs: self.pairs,
            confidence: ratio(self.confidence / pairs),
            right: ratio(self.right as f64 / pairs),
        }
    }
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
    let origin = cluster.origin.document.as_deref();
    let (from_id, to_id) = (index.entry(from).id.as_str(), index.entry(to).id.as_str());
    Some(if is_ancestor(index, cluster, from, to) {
        Told::Right
    } else if is_ancestor(index, cluster, to, from) {
        Told::Wrong
    } else if origin == Some(from_id) {
        Told::Right
    } else if origin == Some(to_id) {
        Told::Wrong
    } else {
        Told::Undetermined
    })
}

/// Whether `of` goes back to `ancestor` over the parents of its cluster.
fn is_ancestor<'r>(index: &Index<'r>, cluster: &'r Cluster, ancestor: DocIndex, of: DocIndex) -> bool {
    let parent = |document: DocIndex| index.find(index.member(cluster, document)?.parent.as_deref()?);
    let line = std::iter::successors(parent(of), |&document| parent(document));
    line.take(MAX_GENERATIONS).any(|document| document == ancestor)
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
    fn confidences_are_held_against_what_came_true() {
        let ids = ["a", "b", "c", "d", "e"];
        let mut builder = ReportBuilder::new(&ids);
        // pair, from, confidence
        for (a, b, from, confidence) in
            [("a", "b", "a", 0.9), ("a", "c", "a", 0.92), ("a", "d", "d", 0.91), ("a", "e", "a", 1.0)]
        {
            builder = builder.pair(a, b, Verdict::NearDuplicate).with_pair(|pair| {
                pair.direction.from = Some(from.into());
                pair.direction.confidence = confidence;
            });
        }
        let m = measures(&builder.build(), "a\tb\na\tc\na\td\na\te\n");
        let bin =
            |from, below, pairs, confidence, right| ReliabilityBin { from, below, pairs, confidence, right };
        assert_eq!(m.reliability, [bin(0.9, 0.95, 3, 0.91, 0.666_667), bin(0.95, 1.0, 1, 1.0, 1.0)]);
        // (3 * |0.91 - 2/3| + 0) / 4
        assert_eq!(m.expected_calibration_error, Some(0.182_5));
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
