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
//!
//! *By kind*: each row holds the positives of one kind against the negatives
//! that have none, pairs drawn among unrelated documents; so a kind's F1 does
//! not depend on which other kinds the file has. Negatives of a kind, which
//! were made or chosen to be hard, are counted in their own row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::length::LengthClass;
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
    /// By the kinds of pairs, sorted, the pairs without one first; empty where
    /// no kinds are given.
    pub by_kind: Vec<KindScore>,
    /// By the tokens of the shorter document, from the shortest class; classes
    /// without a label pair are left out.
    pub by_length: Vec<LengthScore>,
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

/// The three readings of "predicted", over a part of the pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PairScores {
    /// Predicted: both are in one cluster.
    pub united: Score,
    /// Predicted: the pair's own verdict unites.
    pub verdict_unites: Score,
    /// Predicted: the pair's own verdict unites or is `shares_passage`.
    pub related: Score,
}

/// Measures over the pairs of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindScore {
    /// The kind; nothing for the pairs without one.
    pub kind: Option<String>,
    /// Positives of this kind.
    pub positives: usize,
    /// Negatives of this kind.
    pub negatives: usize,
    /// Over the positives of this kind and all negatives without a kind; where
    /// there are none of these, precision and F1 are absent.
    pub scores: PairScores,
    /// Negatives of this kind that are in one cluster.
    pub negatives_united: u64,
    /// Negatives of this kind whose verdict unites or is `shares_passage`.
    pub negatives_related: u64,
}

/// Measures over the pairs of one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthScore {
    /// Tokens of the shorter document.
    #[serde(flatten)]
    pub length: LengthClass,
    /// Positives of this length.
    pub positives: usize,
    /// Negatives of this length.
    pub negatives: usize,
    /// Over the two.
    pub scores: PairScores,
}

/// What the report predicts of one pair.
#[derive(Clone, Copy)]
struct Predicted {
    united: bool,
    verdict_unites: bool,
    related: bool,
}

/// Counts of one reading of "predicted".
#[derive(Clone, Copy, Default)]
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

    fn score(self) -> Score {
        Score::new(self.true_positives, self.false_positives, self.false_negatives)
    }

    /// The positives of this tally with the negatives of another.
    fn against(self, other: Self) -> Self {
        Self { false_positives: other.false_positives, ..self }
    }
}

/// Some of the label pairs.
#[derive(Clone, Copy, Default)]
struct Group {
    positives: usize,
    negatives: usize,
    united: Tally,
    verdict_unites: Tally,
    related: Tally,
}

impl Group {
    fn add(&mut self, predicted: Predicted, positive: bool) {
        *(if positive { &mut self.positives } else { &mut self.negatives }) += 1;
        self.united.add(predicted.united, positive);
        self.verdict_unites.add(predicted.verdict_unites, positive);
        self.related.add(predicted.related, positive);
    }

    fn scores(&self) -> PairScores {
        PairScores {
            united: self.united.score(),
            verdict_unites: self.verdict_unites.score(),
            related: self.related.score(),
        }
    }

    /// The measures of this group as a kind, where `plain` are the pairs
    /// without one.
    fn kind_score(&self, kind: Option<&str>, plain: &Self) -> KindScore {
        let score = |own: Tally, plain_tally: Tally| {
            let score = own.against(plain_tally).score();
            if plain.negatives > 0 { score } else { Score { precision: None, f1: None, ..score } }
        };
        KindScore {
            kind: kind.map(str::to_owned),
            positives: self.positives,
            negatives: self.negatives,
            scores: PairScores {
                united: score(self.united, plain.united),
                verdict_unites: score(self.verdict_unites, plain.verdict_unites),
                related: score(self.related, plain.related),
            },
            negatives_united: self.united.false_positives,
            negatives_related: self.related.false_positives,
        }
    }
}

pub(super) fn measure(index: &Index<'_>, labels: &[PairLabel]) -> PairMeasures {
    let mut all = Group::default();
    let mut by_kind: BTreeMap<Option<&str>, Group> = BTreeMap::new();
    let mut by_length: BTreeMap<LengthClass, Group> = BTreeMap::new();
    let mut verdicts: BTreeMap<Option<Verdict>, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for label in labels {
        let Some((a, b)) = index.find_both(&label.id1, &label.id2) else { continue };
        let verdict = index.verdict(a, b);
        let predicted = Predicted {
            united: index.is_united(a, b),
            verdict_unites: verdict.is_some_and(Verdict::is_uniting),
            related: verdict.is_some_and(|v| v.is_uniting() || v == Verdict::SharesPassage),
        };
        all.add(predicted, label.positive);
        by_kind.entry(label.kind.as_deref()).or_default().add(predicted, label.positive);
        by_length.entry(LengthClass::of_shorter(index, a, b)).or_default().add(predicted, label.positive);
        let count = verdicts.entry(verdict).or_default();
        *(if label.positive { &mut count.0 } else { &mut count.1 }) += 1;
        let mistakes = if label.positive { &mut missed } else { &mut wrong };
        if predicted.united != label.positive && mistakes.len() < MAX_LISTED {
            mistakes.push(outcome(index, a, b));
        }
    }
    let plain = by_kind.get(&None).copied().unwrap_or_default();
    let has_kinds = by_kind.keys().any(Option::is_some);
    let PairScores { united, verdict_unites, related } = all.scores();
    PairMeasures {
        positives: all.positives,
        negatives: all.negatives,
        united,
        verdict_unites,
        related,
        verdicts: verdicts
            .into_iter()
            .map(|(verdict, (positives, negatives))| VerdictCounts { verdict, positives, negatives })
            .collect(),
        by_kind: by_kind
            .iter()
            .filter(|_| has_kinds)
            .map(|(kind, group)| group.kind_score(*kind, &plain))
            .collect(),
        by_length: by_length
            .into_iter()
            .map(|(length, group)| LengthScore {
                length,
                positives: group.positives,
                negatives: group.negatives,
                scores: group.scores(),
            })
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
    use super::super::{Kinds, Measures, Truth, TruthKind, evaluate};
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

    #[test]
    fn a_kind_is_held_against_the_negatives_without_a_kind() {
        let report = ReportBuilder::new(&["a", "b", "c", "d", "e"])
            .cluster(&["a", "b", "c"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("a", "c", Verdict::Derived)
            .pair("c", "e", Verdict::SharesPassage)
            .build();
        let pairs = "a\tb\t1\nd\te\t1\nb\tc\t0\na\td\t0\nc\ta\t0\nc\te\t0\n";
        let kinds = Kinds::parse("b\ta\tcut\ne\td\tcut\na\tc\tform\nc\te\tform\n", "k.tsv".as_ref()).unwrap();
        let truth = Truth::parse(pairs, TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let Measures::Pairs(m) = evaluate(&report, &truth.with_kinds(&kinds).unwrap()).measures else {
            panic!("pairs")
        };
        let row = |kind: Option<&str>| m.by_kind.iter().find(|row| row.kind.as_deref() == kind).unwrap();
        // Of its two positives one is united, and of the plain negatives b-c.
        assert_eq!(row(Some("cut")).scores.united, Score::new(1, 1, 1));
        assert_eq!(row(Some("cut")).scores.related, Score::new(1, 0, 1));
        let form = row(Some("form"));
        assert_eq!((form.positives, form.negatives), (0, 2));
        assert_eq!((form.negatives_united, form.negatives_related), (1, 2));
        assert_eq!((row(None).negatives, row(None).negatives_united), (2, 1));
        assert_eq!(m.united, Score::new(1, 2, 1));
    }

    #[test]
    fn a_kind_without_plain_negatives_has_a_recall_alone() {
        let report = ReportBuilder::new(&["a", "b"]).cluster(&["a", "b"]).build();
        let kinds = Kinds::parse("a\tb\tcut\n", "k.tsv".as_ref()).unwrap();
        let truth = Truth::parse("a\tb\t1\n", TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let Measures::Pairs(m) = evaluate(&report, &truth.with_kinds(&kinds).unwrap()).measures else {
            panic!("pairs")
        };
        let united = m.by_kind[0].scores.united;
        assert_eq!((united.precision, united.recall, united.f1), (None, Some(1.0), None));
        assert_eq!(measures(&report, "a\tb\t1\n").by_kind, []);
    }

    #[test]
    fn a_pair_is_of_the_length_of_its_shorter_document() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .tokens("a", 20)
            .tokens("c", 2000)
            .cluster(&["a", "b"])
            .build();
        let m = measures(&report, "a\tb\t1\na\tc\t1\nb\tc\t0\n");
        let rows: Vec<_> = m.by_length.iter().map(|row| (row.length.min_tokens, row.scores.united)).collect();
        assert_eq!(rows, [(0, Score::new(1, 0, 1)), (100, Score::new(0, 0, 0))]);
        assert_eq!((m.by_length[1].positives, m.by_length[1].negatives), (0, 1));
    }
}
