//! Pairs judged one by one: which of them the report unites.
//!
//! Three readings of "predicted" stand beside one another:
//!
//! - `united`: one cluster is the primary one of both documents. This is what
//!   a user of the clusters sees, and the measure meant where one is named.
//! - `verdict_unites`: the pair itself is listed, or implied by an exact group,
//!   with a verdict that unites.
//! - `related`: so listed, or with `shares_passage`. For labels of passages
//!   embedded in another document, which no cluster should hold.
//!
//! Where a label pair was listed several times, each line counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::{MAX_LISTED, PairLabel, Score};
use crate::report::Verdict;

/// Measures against a file of judged pairs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairMeasures {
    /// Label pairs that are copies or versions of one text.
    pub positives: usize,
    /// Label pairs that are not.
    pub negatives: usize,
    /// Predicted: both are in one cluster.
    pub united: Score,
    /// Predicted: the pair's own verdict unites.
    pub verdict_unites: Score,
    /// Predicted: the pair's own verdict unites or is `shares_passage`.
    pub related: Score,
    /// Verdicts given, in the order in which they are tried; first, pairs the
    /// report does not have.
    pub verdicts: Vec<VerdictCounts>,
    /// The first positives that are not united, in the order of the file.
    pub missed: Vec<PairOutcome>,
    /// The first negatives that are united, in the order of the file.
    pub wrong: Vec<PairOutcome>,
}

/// How many label pairs got a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictCounts {
    /// The verdict; nothing where the report does not have the pair.
    pub verdict: Option<Verdict>,
    /// Positives that got it.
    pub positives: usize,
    /// Negatives that got it.
    pub negatives: usize,
}

/// A label pair and what the report says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairOutcome {
    /// One document.
    pub id1: String,
    /// The other.
    pub id2: String,
    /// The verdict of the pair; nothing where the report does not have it.
    pub verdict: Option<Verdict>,
}

/// Counts of one reading of "predicted".
#[derive(Default)]
struct Tally {
    true_positives: u64,
    false_positives: u64,
    false_negatives: u64,
}

impl Tally {
    fn add(&mut self, predicted: bool, positive: bool) {
        match (predicted, positive) {
            (true, true) => self.true_positives += 1,
            (true, false) => self.false_positives += 1,
            (false, true) => self.false_negatives += 1,
            (false, false) => {}
        }
    }

    fn score(&self) -> Score {
        Score::new(self.true_positives, self.false_positives, self.false_negatives)
    }
}

pub(super) fn measure(index: &Index<'_>, labels: &[PairLabel]) -> PairMeasures {
    let (mut united, mut unites, mut related) = (Tally::default(), Tally::default(), Tally::default());
    let mut counts: BTreeMap<Option<Verdict>, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for label in labels {
        let Some((a, b)) = index.find_both(&label.id1, &label.id2) else { continue };
        let verdict = index.verdict(a, b);
        let is_united = index.is_united(a, b);
        united.add(is_united, label.positive);
        unites.add(verdict.is_some_and(Verdict::is_uniting), label.positive);
        related.add(verdict.is_some_and(|v| v.is_uniting() || v == Verdict::SharesPassage), label.positive);
        let count = counts.entry(verdict).or_default();
        if label.positive {
            count.0 += 1;
        } else {
            count.1 += 1;
        }
        let mistakes = if label.positive { &mut missed } else { &mut wrong };
        if is_united != label.positive && mistakes.len() < MAX_LISTED {
            mistakes.push(outcome(index, a, b));
        }
    }
    PairMeasures {
        positives: counts.values().map(|count| count.0).sum(),
        negatives: counts.values().map(|count| count.1).sum(),
        united: united.score(),
        verdict_unites: unites.score(),
        related: related.score(),
        verdicts: counts
            .into_iter()
            .map(|(verdict, (positives, negatives))| VerdictCounts { verdict, positives, negatives })
            .collect(),
        missed,
        wrong,
    }
}

/// Two documents and what the report says of them.
pub(super) fn outcome(index: &Index<'_>, a: DocIndex, b: DocIndex) -> PairOutcome {
    PairOutcome {
        id1: index.entry(a).id.clone(),
        id2: index.entry(b).id.clone(),
        verdict: index.verdict(a, b),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::ReportBuilder;
    use super::super::{Measures, Truth, TruthKind, evaluate};
    use super::*;

    fn measures(report: &crate::report::Report, labels: &str) -> PairMeasures {
        let truth = Truth::parse(labels, TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        match evaluate(report, &truth).measures {
            Measures::Pairs(measures) => measures,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_three_readings_of_predicted_differ_as_documented() {
        // a b c in one cluster, though only a-b and b-c are listed; d shares
        // a passage with a; e and f are the same but too short to cluster.
        let report = ReportBuilder::new(&["a", "b", "c", "d", "e", "f"])
            .cluster(&["a", "b", "c"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("a", "d", Verdict::SharesPassage)
            .pair("b", "c", Verdict::Derived)
            .exact(&["e", "f"])
            .build();
        let m = measures(&report, "a\tb\t1\nc\ta\t1\nd\ta\t1\ne\tf\t1\nb\tc\t0\na\te\t0\n");
        assert_eq!((m.positives, m.negatives), (4, 2));
        assert_eq!(m.united, Score::new(2, 1, 2));
        assert_eq!(m.verdict_unites, Score::new(2, 1, 2));
        assert_eq!(m.related, Score::new(3, 1, 1));
        let missed: Vec<_> = m.missed.iter().map(|p| (p.id1.as_str(), p.id2.as_str(), p.verdict)).collect();
        assert_eq!(missed, [("d", "a", Some(Verdict::SharesPassage)), ("e", "f", Some(Verdict::Exact))]);
        assert_eq!(m.wrong.len(), 1);
        assert_eq!(m.wrong[0].verdict, Some(Verdict::Derived));
        let none = m.verdicts.iter().find(|count| count.verdict.is_none()).unwrap();
        assert_eq!((none.positives, none.negatives), (1, 1));
    }

    #[test]
    fn the_lowest_id_of_an_exact_group_speaks_for_all_its_documents() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .exact(&["a", "b"])
            .exact(&["c", "d"])
            .pair("a", "c", Verdict::Contains)
            .build();
        let m = measures(&report, "b\td\t1\na\tb\t1\n");
        assert_eq!(m.verdict_unites, Score::new(2, 0, 0));
        assert_eq!(m.united, Score::new(0, 0, 2));
    }
}
