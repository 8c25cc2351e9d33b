//! Report + labels → measures.
//!
//! [`Truth::read`] takes one of six kinds of label file, [`evaluate`] holds a
//! [`Report`] against it. Nothing here looks at texts: a report and its labels
//! are all it takes, so that results of other tools can be measured too once
//! they are written as a report.
//!
//! | kind | a label line | what is measured | file |
//! | --- | --- | --- | --- |
//! | clusters | `id cluster` | pair and B-cubed precision and recall, adjusted Rand index | `clusters` |
//! | pairs | `id1 id2 0\|1` | precision and recall of uniting and of relating, also by kind and length | `pairs` |
//! | exact | `id1 id2 n1 n2 shared jaccard containment` | recall by size and overlap, precision, error of the reported overlaps | `exact` |
//! | spans | `doc1 s e doc2 s e kind` | precision and recall of passages and repeats, per byte, and into how many pieces they fall | `spans` |
//! | direction | `from to` | accuracy of what is decided, share of what is not | `direction` |
//!
//! Kinds of edits are names: the last column of spans, and for pairs a file of
//! [`Kinds`] beside the labels. [`sweep()`] holds the same pairs against other
//! thresholds than the report's.
//!
//! Every measure takes time linear in the report and the labels, give or take
//! the sorting. Labels of documents that the report does not know are counted
//! and left out of the measures, see [`Labels`].

mod clusters;
mod derivation;
mod direction;
mod exact;
#[cfg(test)]
mod fixture;
mod index;
mod kinds;
mod length;
mod lines;
mod pairs;
mod ranges;
mod spans;
mod sweep;
mod table;
mod truth;

use std::io;

use serde::{Deserialize, Serialize};

pub use self::clusters::{ClusterMeasures, PartitionScore};
pub use self::derivation::DerivationMeasures;
pub use self::direction::{DirectionMeasures, ReliabilityBin};
pub use self::exact::{ExactMeasures, ExactPrecision, Overlap, OverlapError, OverlapRecall};
pub use self::kinds::Kinds;
pub use self::length::LengthClass;
pub use self::pairs::{KindScore, LengthScore, PairMeasures, PairOutcome, PairScores, VerdictCounts};
pub use self::spans::{SpanMeasures, SpanScore};
pub use self::sweep::{Sweep, SweepParam, SweepPoint, sweep};
pub use self::truth::{
    ClusterLabel, DerivationLabel, DirectionLabel, ExactLabel, PairLabel, SpanLabel, Truth, TruthKind,
};

use self::index::Index;
use crate::report::{Report, ratio};

/// Most mistakes, and most unknown ids, that a result names; the counts beside
/// the lists are complete.
pub const MAX_LISTED: usize = 100;

/// What came out of one comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What the label file held.
    pub labels: Labels,
    /// The measures of its kind.
    #[serde(flatten)]
    pub measures: Measures,
}

/// How much of a label file could be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Label lines in the file.
    pub lines: usize,
    /// Lines left out because they name a document the report does not know.
    pub lines_left_out: usize,
    /// Distinct ids in the file that the report does not know.
    pub unknown_ids: usize,
    /// The first [`MAX_LISTED`] of them, sorted.
    pub unknown_examples: Vec<String>,
}

/// The measures, by the kind of labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measures {
    /// Against clusters.
    Clusters(ClusterMeasures),
    /// Against pairs judged one by one.
    Pairs(PairMeasures),
    /// Against exhaustively counted overlaps.
    Exact(ExactMeasures),
    /// Against marked spans.
    Spans(SpanMeasures),
    /// Against known directions of copying.
    Direction(DirectionMeasures),
    /// Against known parents.
    Derivation(DerivationMeasures),
}

/// Precision, recall and F1 with the counts behind them.
///
/// A share without anything to take it of (nothing predicted, nothing to be
/// found) is absent, never 0 or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Predicted and true.
    pub true_positives: u64,
    /// Predicted, not true.
    pub false_positives: u64,
    /// True, not predicted.
    pub false_negatives: u64,
    /// Share of the predicted that is true.
    pub precision: Option<f64>,
    /// Share of the true that is predicted.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
}

impl Score {
    /// The score of these counts.
    pub fn new(true_positives: u64, false_positives: u64, false_negatives: u64) -> Self {
        Self {
            true_positives,
            false_positives,
            false_negatives,
            precision: share(true_positives, true_positives + false_positives),
            recall: share(true_positives, true_positives + false_negatives),
            f1: share(2 * true_positives, 2 * true_positives + false_positives + false_negatives),
        }
    }
}

/// Holds `report` against `truth`.
pub fn evaluate(report: &Report, truth: &Truth) -> Evaluation {
    let index = Index::new(report);
    let labels = index.labels(truth);
    let measures = match truth {
        Truth::Clusters(lines) => Measures::Clusters(clusters::measure(&index, lines)),
        Truth::Pairs(lines) => Measures::Pairs(pairs::measure(&index, lines)),
        Truth::Exact(lines) => Measures::Exact(exact::measure(&index, lines)),
        Truth::Spans(lines) => Measures::Spans(spans::measure(&index, lines)),
        Truth::Direction(lines) => Measures::Direction(direction::measure(&index, lines)),
        Truth::Derivation(lines) => Measures::Derivation(derivation::measure(&index, lines)),
    };
    Evaluation { labels, measures }
}

impl Evaluation {
    /// Writes the measures as a small table for people.
    ///
    /// # Errors
    ///
    /// What `out` fails with.
    pub fn write_text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        table::write(self, out)
    }
}

/// `part` of `whole`, or nothing where there is no whole.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| ratio(part as f64 / whole as f64))
}

#[cfg(test)]
mod tests {
    use super::fixture::ReportBuilder;
    use super::*;

    #[test]
    fn a_share_of_nothing_is_absent() {
        assert_eq!(
            Score::new(0, 0, 0),
            Score { precision: None, recall: None, f1: None, ..Score::default() }
        );
        let score = Score::new(3, 1, 2);
        assert_eq!((score.precision, score.recall, score.f1), (Some(0.75), Some(0.6), Some(0.666_667)));
    }

    #[test]
    fn unknown_ids_are_counted_and_named() {
        let report = ReportBuilder::new(&["a", "b"]).build();
        let truth = Truth::parse("a\tb\t1\na\tx\t1\ny\tx\t0\n", TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let labels = evaluate(&report, &truth).labels;
        assert_eq!((labels.lines, labels.lines_left_out, labels.unknown_ids), (3, 2, 2));
        assert_eq!(labels.unknown_examples, ["x", "y"]);
    }

    #[test]
    fn json_tells_the_kind_beside_the_measures_and_reads_back() {
        let report = ReportBuilder::new(&["a", "b"]).cluster(&["a", "b"]).build();
        let truth = Truth::parse("a\tb\t1\n", TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let evaluation = evaluate(&report, &truth);
        let json = serde_json::to_value(&evaluation).unwrap();
        assert_eq!(json["kind"], "pairs");
        assert_eq!(json["united"]["f1"], 1.0);
        assert_eq!(serde_json::from_value::<Evaluation>(json).unwrap(), evaluation);
    }
}
