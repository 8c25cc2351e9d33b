//! The precision-recall curve of the listed pairs over one threshold, from one
//! report: no text is looked at again.
//!
//! A pair is predicted at a value if it has one of the verdicts that the
//! parameter's rule and the rules before it give, were the parameter this
//! value and all else as in the report:
//!
//! | parameter | predicted at a value |
//! | --- | --- |
//! | `min-jaccard` | `exact`; Jaccard at least the value, or coverage both ways as the rule has it |
//! | `min-containment` | what the report calls `exact` or `near_duplicate`; the larger coverage at least the value |
//! | `min-derived` | what the report calls those, `contains` or `contained_in`; coverage of the shorter at least the value |
//!
//! At the report's own value the verdicts of the report hold. What the curve
//! cannot say:
//!
//! - A pair that the report does not list is never predicted. Pairs are listed
//!   if they reach one of the report's thresholds or share a passage; so at
//!   values below the report's own, and where a large cluster does not list
//!   all its pairs, recall is a lower bound.
//! - Clusters are not made anew: pairs count by themselves.
//! - `jaccard` in a report is of all shingles, also of those that a verdict
//!   leaves out; pairs of which nothing counts are never predicted.
//! - `shingle-len`, `num-hashes`, `min-passage-tokens` and `min-repeat-tokens`
//!   change what is found. They need a scan for each value.
//!
//! Time O(n log n) in the label pairs.

use std::io;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::{Labels, Score, Truth, table};
use crate::error::Error;
use crate::report::{Pair, Report, Verdict};
use crate::verify::NEAR_COVERAGE;

/// Points of a curve: at multiples of one by this, and at the report's value.
const STEPS: u32 = 20;

/// A threshold that a report can be held against at other values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SweepParam {
    /// Jaccard similarity of near duplicates.
    MinJaccard,
    /// Coverage from which one contains the other.
    MinContainment,
    /// Coverage of the shorter from which two are versions of one text.
    MinDerived,
}

impl SweepParam {
    /// The name of the option.
    pub fn name(self) -> &'static str {
        match self {
            Self::MinJaccard => "min-jaccard",
            Self::MinContainment => "min-containment",
            Self::MinDerived => "min-derived",
        }
    }

    fn of(self, report: &Report) -> f64 {
        match self {
            Self::MinJaccard => report.params.min_jaccard,
            Self::MinContainment => report.params.min_containment,
            Self::MinDerived => report.params.min_derived,
        }
    }

    /// Whether the report's own verdict comes of this parameter's rule or one
    /// before it.
    fn is_given(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Exact | Verdict::NearDuplicate => true,
            Verdict::Contains | Verdict::ContainedIn => self != Self::MinJaccard,
            Verdict::Derived => self == Self::MinDerived,
            Verdict::SharesPassage | Verdict::Quotation | Verdict::Boilerplate | Verdict::Template => false,
        }
    }
}

/// A precision-recall curve over one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// What the label file held.
    pub labels: Labels,
    /// The parameter.
    pub parameter: SweepParam,
    /// Its value in the report.
    pub reported_value: f64,
    /// Label pairs that are copies or versions of one text.
    pub positives: usize,
    /// Label pairs that are not.
    pub negatives: usize,
    /// The curve, from the lowest value.
    pub points: Vec<SweepPoint>,
}

/// Precision and recall at one value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The value of the parameter.
    pub value: f64,
    /// The score of the pairs predicted there.
    #[serde(flatten)]
    pub score: Score,
}

impl Sweep {
    /// Writes the curve as a small table for people.
    ///
    /// # Errors
    ///
    /// What `out` fails with.
    pub fn write_text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        table::write_sweep(self, out)
    }
}

/// The curve of `truth` over one parameter.
///
/// # Errors
///
/// If the labels are not of pairs.
pub fn sweep(report: &Report, truth: &Truth, parameter: SweepParam) -> Result<Sweep, Error> {
    let Truth::Pairs(lines) = truth else {
        let range = "pairs, where a parameter is swept".into();
        return Err(Error::param("truth-kind", truth.kind().name().to_owned(), range));
    };
    let index = Index::new(report);
    let (mut positives, mut negatives) = (Vec::new(), Vec::new());
    for label in lines {
        let Some((a, b)) = index.find_both(&label.id1, &label.id2) else { continue };
        let highest = if index.is_exact(a, b) {
            f64::INFINITY
        } else {
            index.pair(a, b).map_or(f64::NEG_INFINITY, |pair| highest_value(&index, pair, parameter))
        };
        let of_label = if label.positive { &mut positives } else { &mut negatives };
        of_label.push(highest);
    }
    positives.sort_unstable_by(f64::total_cmp);
    negatives.sort_unstable_by(f64::total_cmp);
    let point = |value: f64| {
        let predicted =
            |sorted: &[f64]| (sorted.len() - sorted.partition_point(|highest| *highest < value)) as u64;
        let (right, wrong) = (predicted(&positives), predicted(&negatives));
        SweepPoint { value, score: Score::new(right, wrong, positives.len() as u64 - right) }
    };
    let reported_value = parameter.of(report);
    let mut values: Vec<f64> = (1..=STEPS).map(|step| f64::from(step) / f64::from(STEPS)).collect();
    values.push(reported_value);
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    Ok(Sweep {
        labels: index.labels(truth),
        parameter,
        reported_value,
        positives: positives.len(),
        negatives: negatives.len(),
        points: values.into_iter().map(point).collect(),
    })
}

/// The highest value of the parameter at which a listed pair is predicted.
fn highest_value(index: &Index<'_>, pair: &Pair, parameter: SweepParam) -> f64 {
    let (of_a, of_b) = (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a);
    let is_before = match parameter {
        SweepParam::MinJaccard => pair.verdict == Verdict::Exact || of_a.min(of_b) >= NEAR_COVERAGE,
        SweepParam::MinContainment => SweepParam::MinJaccard.is_given(pair.verdict),
        SweepParam::MinDerived => SweepParam::MinContainment.is_given(pair.verdict),
    };
    let score = match parameter {
        _ if is_before => f64::INFINITY,
        SweepParam::MinJaccard => match pair.verdict {
            Verdict::Quotation | Verdict::Boilerplate | Verdict::Template => f64::NEG_INFINITY,
            _ => pair.jaccard,
        },
        SweepParam::MinContainment => of_a.max(of_b),
        SweepParam::MinDerived => {
            let tokens = |id: &str| index.find(id).map(|document| index.entry(document).tokens);
            if tokens(&pair.a) <= tokens(&pair.b) { of_a } else { of_b }
        }
    };
    let reported_value = parameter.of(index.report);
    if parameter.is_given(pair.verdict) {
        score.max(reported_value)
    } else {
        score.min(reported_value.next_down())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::TruthKind;
    use super::super::fixture::ReportBuilder;
    use super::*;

    const VERDICTS: [Verdict; 9] = [
        Verdict::Exact,
        Verdict::NearDuplicate,
        Verdict::Contains,
        Verdict::ContainedIn,
        Verdict::Derived,
        Verdict::SharesPassage,
        Verdict::Quotation,
        Verdict::Boilerplate,
        Verdict::Template,
    ];

    const PARAMETERS: [SweepParam; 3] =
        [SweepParam::MinJaccard, SweepParam::MinContainment, SweepParam::MinDerived];

    fn pairs(text: &str) -> Truth {
        Truth::parse(text, TruthKind::Pairs, "p.tsv".as_ref()).unwrap()
    }

    fn at(sweep: &Sweep, value: f64) -> Score {
        sweep.points.iter().find(|point| (point.value - value).abs() < 1e-9).unwrap().score
    }

    #[test]
    fn a_pair_is_predicted_up_to_the_score_that_its_rule_asks_for() {
        // a is the shorter: coverage of a by b decides what is derived.
        let pair = |verdict: Verdict, jaccard: f64, of_a: f64, of_b: f64| {
            ReportBuilder::new(&["a", "b"])
                .tokens("a", 50)
                .pair("a", "b", verdict)
                .with_pair(|pair| {
                    pair.jaccard = jaccard;
                    pair.coverage_of_a_by_b = of_a;
                    pair.coverage_of_b_by_a = of_b;
                })
                .build()
        };
        let cases = [
            ("a low Jaccard", pair(Verdict::Derived, 0.22, 0.5, 0.3), [0.2, 0.5, 0.5]),
            ("a version", pair(Verdict::Derived, 0.1, 0.42, 0.15), [0.1, 0.4, 0.4]),
            ("the longer covered", pair(Verdict::SharesPassage, 0.1, 0.22, 0.5), [0.1, 0.5, 0.2]),
            ("contained", pair(Verdict::ContainedIn, 0.1, 0.87, 0.2), [0.1, 0.85, 1.0]),
            ("near by Jaccard", pair(Verdict::NearDuplicate, 0.62, 0.7, 0.7), [0.6, 1.0, 1.0]),
            ("near by coverage", pair(Verdict::NearDuplicate, 0.4, 0.9, 0.9), [1.0, 1.0, 1.0]),
            ("a form", pair(Verdict::Template, 0.7, 0.12, 0.1), [0.0, 0.1, 0.1]),
        ];
        for (name, report, highest) in cases {
            for (parameter, highest) in PARAMETERS.into_iter().zip(highest) {
                let sweep = sweep(&report, &pairs("b\ta\t1\n"), parameter).unwrap();
                let found = sweep.points.iter().filter(|point| point.score.true_positives == 1);
                let found = found.map(|point| point.value).fold(0.0, f64::max);
                assert!((found - highest).abs() < 1e-9, "{name}, {}: {found}", parameter.name());
            }
        }
    }

    #[test]
    fn identical_documents_are_always_predicted_and_unlisted_ones_never() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .exact(&["a", "b"])
            .pair("a", "c", Verdict::Contains)
            .build();
        for parameter in PARAMETERS {
            let sweep = sweep(&report, &pairs("a\tb\t1\na\td\t1\nc\td\t0\nx\ta\t1\n"), parameter).unwrap();
            assert_eq!((sweep.positives, sweep.negatives, sweep.labels.lines_left_out), (2, 1, 1));
            assert!(sweep.points.iter().all(|point| point.score == Score::new(1, 0, 1)), "{sweep:?}");
        }
    }

    #[test]
    fn other_labels_than_pairs_are_refused() {
        let report = ReportBuilder::new(&["a"]).build();
        let truth = Truth::parse("a\tb\n", TruthKind::Direction, "d.tsv".as_ref()).unwrap();
        let error = sweep(&report, &truth, SweepParam::MinDerived).unwrap_err();
        assert_eq!(
            error.to_string(),
            "truth-kind is direction, but must be pairs, where a parameter is swept"
        );
    }

    /// One pair at one value, straight from the table in the head of the file.
    fn decide(pair: &Pair, shorter_is_a: bool, parameter: SweepParam, value: f64, reported: f64) -> bool {
        let (of_a, of_b) = (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a);
        let near = matches!(pair.verdict, Verdict::Exact | Verdict::NearDuplicate);
        let contains = matches!(pair.verdict, Verdict::Contains | Verdict::ContainedIn);
        let derived = pair.verdict == Verdict::Derived;
        let counts = !matches!(pair.verdict, Verdict::Quotation | Verdict::Boilerplate | Verdict::Template);
        let (by_verdict, by_score) = match parameter {
            SweepParam::MinJaccard => (
                near,
                pair.verdict == Verdict::Exact
                    || (of_a >= NEAR_COVERAGE && of_b >= NEAR_COVERAGE)
                    || (counts && pair.jaccard >= value),
            ),
            SweepParam::MinContainment => (near || contains, near || of_a >= value || of_b >= value),
            SweepParam::MinDerived => (
                near || contains || derived,
                near || contains || if shorter_is_a { of_a >= value } else { of_b >= value },
            ),
        };
        // Lower values keep what the report has, higher ones add nothing to it.
        if value <= reported && by_verdict {
            true
        } else if value >= reported && !by_verdict {
            false
        } else {
            by_score
        }
    }

    proptest! {
        #[test]
        fn every_point_agrees_with_deciding_each_pair_again(
            listed in prop::collection::vec(
                ((0..9usize), (0..21u32), (0..21u32), (0..21u32), any::<bool>(), any::<bool>()), 1..12
            ),
            reported in 1..20u32,
        ) {
            let twentieth = |value: u32| f64::from(value) / 20.0;
            let ids: Vec<String> = (0..listed.len()).flat_map(|n| [format!("a{n:02}"), format!("b{n:02}")]).collect();
            let mut builder = ReportBuilder::new(&ids.iter().map(String::as_str).collect::<Vec<_>>());
            let mut labels = String::new();
            for (n, &(verdict, jaccard, of_a, of_b, shorter_is_a, positive)) in listed.iter().enumerate() {
                let (a, b) = (format!("a{n:02}"), format!("b{n:02}"));
                builder = builder.tokens(&b, if shorter_is_a { 300 } else { 30 });
                builder = builder.pair(&a, &b, VERDICTS[verdict]).with_pair(|pair| {
                    pair.jaccard = twentieth(jaccard);
                    pair.coverage_of_a_by_b = twentieth(of_a);
                    pair.coverage_of_b_by_a = twentieth(of_b);
                });
                labels += &format!("{a}\t{b}\t{}\n", u8::from(positive));
            }
            let mut report = builder.build();
            let reported = twentieth(reported);
            report.params.min_jaccard = reported;
            report.params.min_containment = reported;
            report.params.min_derived = reported;
            for parameter in PARAMETERS {
                let sweep = sweep(&report, &pairs(&labels), parameter).unwrap();
                for step in 1..=20 {
                    let value = twentieth(step);
                    let (mut right, mut wrong, mut missed) = (0, 0, 0);
                    for (pair, &(.., shorter_is_a, positive)) in report.pairs.iter().zip(&listed) {
                        match (decide(pair, shorter_is_a, parameter, value, reported), positive) {
                            (true, true) => right += 1,
                            (true, false) => wrong += 1,
                            (false, true) => missed += 1,
                            (false, false) => {}
                        }
                    }
                    prop_assert_eq!(at(&sweep, value), Score::new(right, wrong, missed), "{:?} at {}", parameter, value);
                }
            }
        }
    }
}
