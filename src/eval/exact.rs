//! Pairs with exhaustively counted overlap: what the report misses of them.
//!
//! A label pair is *reported* if it is in `pairs`, whatever its verdict, if
//! the lowest ids of the two documents' exact groups are, or if one exact
//! group holds both. The size of a pair is the number of distinct shingles of
//! its smaller document. Sizes come from the label file where it names the
//! document at all; for others `tokens - shingle_len + 1` of the report is
//! taken, an upper bound that puts a document with repeated shingles into a
//! larger class than it may belong to.
//!
//! Time is linear in labels and report: pairs inside exact groups are counted,
//! not listed.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::pairs::{PairOutcome, outcome};
use super::{ExactLabel, MAX_LISTED, share};
use crate::report::{Pair, Verdict, ratio};

/// Size classes in distinct shingles of the smaller document, `low..high`.
/// Below 30 a few changed words undo any overlap; from 60 on the measures are
/// held to floors.
const SIZE_CLASSES: [(u64, Option<u64>); 3] = [(60, None), (30, Some(60)), (0, Some(30))];

/// Overlaps from which recall is asked.
const THRESHOLDS: [(Overlap, f64); 4] = [
    (Overlap::Jaccard, 0.8),
    (Overlap::Jaccard, 0.5),
    (Overlap::Containment, 0.8),
    (Overlap::Containment, 0.5),
];

/// Measures against a file of exact overlaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExactMeasures {
    /// Tokens in a shingle of the report; the file's own may differ, and then
    /// recall and overlaps are not comparable.
    pub shingle_len: usize,
    /// Share of label pairs reported, by size and overlap.
    pub recall: Vec<OverlapRecall>,
    /// Share of reported `exact` and `near_duplicate` pairs that the file has,
    /// by size.
    pub precision: Vec<ExactPrecision>,
    /// How far reported overlaps are from the file's.
    pub error: OverlapError,
}

/// The two overlaps that a label file gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Shared shingles by all shingles of both.
    Jaccard,
    /// Shared shingles by those of the smaller document.
    Containment,
}

impl Overlap {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jaccard => "jaccard",
            Self::Containment => "containment",
        }
    }

    fn of(self, label: &ExactLabel) -> f64 {
        match self {
            Self::Jaccard => label.jaccard,
            Self::Containment => label.containment,
        }
    }
}

/// Recall over the label pairs of one size and overlap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverlapRecall {
    /// Fewest distinct shingles of the smaller document.
    pub min_shingles: u64,
    /// Fewest that are too many, if there is an end.
    pub below_shingles: Option<u64>,
    /// Which overlap.
    pub overlap: Overlap,
    /// How much of it.
    pub at_least: f64,
    /// Label pairs of this size and overlap.
    pub labelled: u64,
    /// Of these, those reported.
    pub reported: u64,
    /// Share of them.
    pub recall: Option<f64>,
    /// Of those not reported, those in one cluster whose pairs are not all
    /// listed: found, but implied by other pairs.
    pub implied_by_cluster: u64,
    /// The first pairs not reported, in the order of the file.
    pub missed: Vec<PairOutcome>,
}

/// Precision over the reported pairs of one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExactPrecision {
    /// Fewest distinct shingles of the smaller document.
    pub min_shingles: u64,
    /// Fewest that are too many, if there is an end.
    pub below_shingles: Option<u64>,
    /// Reported pairs, those inside exact groups included.
    pub reported: u64,
    /// Of these, those in the file.
    pub labelled: u64,
    /// Share of them.
    pub precision: Option<f64>,
    /// The first listed pairs that the file does not have, in the order of
    /// the report.
    pub unlabelled: Vec<PairOutcome>,
}

/// Absolute differences between reported and labelled overlaps, over the label
/// pairs that are listed as such (not merely implied).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OverlapError {
    /// Pairs compared.
    pub pairs: u64,
    /// Mean difference of the Jaccard similarities.
    pub mean_jaccard: Option<f64>,
    /// Largest of them.
    pub max_jaccard: Option<f64>,
    /// Mean difference of the larger containment from the file's.
    pub mean_containment: Option<f64>,
    /// Largest of them.
    pub max_containment: Option<f64>,
}

pub(super) fn measure(index: &Index<'_>, labels: &[ExactLabel]) -> ExactMeasures {
    let known: Vec<Known<'_>> = labels
        .iter()
        .filter_map(|label| index.find_both(&label.id1, &label.id2).map(|(a, b)| Known { label, a, b }))
        .collect();
    ExactMeasures {
        shingle_len: index.report.params.shingle_len,
        recall: recall(index, &known),
        precision: precision(index, &known),
        error: error(index, &known),
    }
}

/// A label whose documents the report knows.
struct Known<'l> {
    label: &'l ExactLabel,
    a: DocIndex,
    b: DocIndex,
}

fn recall(index: &Index<'_>, known: &[Known<'_>]) -> Vec<OverlapRecall> {
    let mut rows = Vec::new();
    for (min_shingles, below_shingles) in SIZE_CLASSES {
        for (overlap, at_least) in THRESHOLDS {
            let mut row = OverlapRecall {
                min_shingles,
                below_shingles,
                overlap,
                at_least,
                labelled: 0,
                reported: 0,
                recall: None,
                implied_by_cluster: 0,
                missed: Vec::new(),
            };
            for &Known { label, a, b } in known {
                let size = label.n1.min(label.n2);
                if !is_in(size, (min_shingles, below_shingles)) || overlap.of(label) < at_least {
                    continue;
                }
                row.labelled += 1;
                if index.verdict(a, b).is_some() {
                    row.reported += 1;
                    continue;
                }
                let cluster = index.shared_cluster(a, b);
                row.implied_by_cluster += u64::from(cluster.is_some_and(|c| !c.pairs_complete));
                if row.missed.len() < MAX_LISTED {
                    row.missed.push(outcome(index, a, b));
                }
            }
            row.recall = share(row.reported, row.labelled);
            rows.push(row);
        }
    }
    rows
}

fn precision(index: &Index<'_>, known: &[Known<'_>]) -> Vec<ExactPrecision> {
    let mut sizes: HashMap<DocIndex, u64> = HashMap::new();
    let mut labelled: HashSet<(DocIndex, DocIndex)> = HashSet::new();
    for &Known { label, a, b } in known {
        sizes.insert(a, label.n1);
        sizes.insert(b, label.n2);
        labelled.insert((a.min(b), a.max(b)));
    }
    let size =
        |document: DocIndex| sizes.get(&document).copied().unwrap_or_else(|| upper_bound(index, document));
    let mut rows: Vec<ExactPrecision> = SIZE_CLASSES
        .iter()
        .map(|&(min_shingles, below_shingles)| ExactPrecision {
            min_shingles,
            below_shingles,
            reported: 0,
            labelled: 0,
            precision: None,
            unlabelled: Vec::new(),
        })
        .collect();
    for pair in index.report.pairs.iter().filter(|pair| is_near_duplicate(pair)) {
        let Some((a, b)) = index.find_both(&pair.a, &pair.b) else { continue };
        let row = &mut rows[class_of(size(a).min(size(b)))];
        row.reported += 1;
        if labelled.contains(&(a.min(b), a.max(b))) {
            row.labelled += 1;
        } else if row.unlabelled.len() < MAX_LISTED {
            row.unlabelled.push(outcome(index, a, b));
        }
    }
    // The documents of an exact group have one size, up to what the file and
    // the report take for a word: that of the first one the file names.
    let mut group_class: Vec<usize> = Vec::with_capacity(index.report.exact_groups.len());
    for group in &index.report.exact_groups {
        let members = || group.documents.iter().filter_map(|id| index.find(id));
        let named = members().find_map(|member| sizes.get(&member).copied());
        let size = named.or_else(|| members().next().map(size)).unwrap_or(0);
        let class = class_of(size);
        let count = group.documents.len() as u64;
        rows[class].reported += count * count.saturating_sub(1) / 2;
        group_class.push(class);
    }
    let inside = labelled.iter().filter(|&&(a, b)| index.is_exact(a, b) && index.listed_pair(a, b).is_none());
    for class in inside.filter_map(|&(a, _)| index.exact_group(a)).map(|group| group_class[group as usize]) {
        rows[class].labelled += 1;
    }
    for row in &mut rows {
        row.precision = share(row.labelled, row.reported);
    }
    rows
}

fn error(index: &Index<'_>, known: &[Known<'_>]) -> OverlapError {
    let mut error = OverlapError::default();
    let (mut jaccard, mut containment) = (Spread::default(), Spread::default());
    for &Known { label, a, b } in known {
        let Some(pair) = index.listed_pair(a, b) else { continue };
        let larger = pair.containment_of_a_in_b.max(pair.containment_of_b_in_a);
        jaccard.add((pair.jaccard - label.jaccard).abs());
        containment.add((larger - label.containment).abs());
        error.pairs += 1;
    }
    if error.pairs > 0 {
        let count = error.pairs as f64;
        error.mean_jaccard = Some(ratio(jaccard.sum / count));
        error.max_jaccard = Some(ratio(jaccard.max));
        error.mean_containment = Some(ratio(containment.sum / count));
        error.max_containment = Some(ratio(containment.max));
    }
    error
}

#[derive(Default)]
struct Spread {
    sum: f64,
    max: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.max = self.max.max(value);
    }
}

fn is_near_duplicate(pair: &Pair) -> bool {
    matches!(pair.verdict, Verdict::Exact | Verdict::NearDuplicate)
}

fn upper_bound(index: &Index<'_>, document: DocIndex) -> u64 {
    (index.entry(document).tokens + 1).saturating_sub(index.report.params.shingle_len) as u64
}

fn is_in(size: u64, (low, high): (u64, Option<u64>)) -> bool {
    size >= low && high.is_none_or(|high| size < high)
}

fn class_of(size: u64) -> usize {
    SIZE_CLASSES.iter().position(|&class| is_in(size, class)).expect("the classes cover every size")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::ReportBuilder;
    use super::super::{Measures, Truth, TruthKind, evaluate};
    use super::*;

    fn measures(report: &crate::report::Report, labels: &str) -> ExactMeasures {
        let truth = Truth::parse(labels, TruthKind::Exact, "e.tsv".as_ref()).unwrap();
        match evaluate(report, &truth).measures {
            Measures::Exact(measures) => measures,
            other => panic!("{other:?}"),
        }
    }

    fn row(m: &ExactMeasures, min_shingles: u64, overlap: Overlap, at_least: f64) -> &OverlapRecall {
        let is_row = |r: &&OverlapRecall| {
            (r.min_shingles, r.overlap) == (min_shingles, overlap) && (r.at_least - at_least).abs() < 1e-9
        };
        m.recall.iter().find(is_row).unwrap()
    }

    #[test]
    fn recall_is_told_by_size_and_overlap() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("c", "d", Verdict::Quotation)
            .build();
        let labels = "a\tb\t80\t90\t70\t0.7\t0.875\n\
                      a\tc\t80\t100\t70\t0.8\t0.9\n\
                      b\td\t59\t90\t1\t0.5\t0.5\n\
                      c\td\t29\t90\t1\t0.9\t0.9\n";
        let m = measures(&report, labels);
        let cases = [
            ((60, Overlap::Jaccard, 0.8), (1, 0)),
            ((60, Overlap::Jaccard, 0.5), (2, 1)),
            ((60, Overlap::Containment, 0.8), (2, 1)),
            ((30, Overlap::Jaccard, 0.5), (1, 0)),
            ((30, Overlap::Containment, 0.8), (0, 0)),
            ((0, Overlap::Jaccard, 0.8), (1, 1)),
        ];
        for ((size, overlap, at_least), (labelled, reported)) in cases {
            let r = row(&m, size, overlap, at_least);
            assert_eq!((r.labelled, r.reported), (labelled, reported), "{size} {overlap:?} {at_least}");
        }
        assert_eq!(row(&m, 60, Overlap::Jaccard, 0.8).missed[0].id2, "c");
        assert_eq!(row(&m, 30, Overlap::Containment, 0.8).recall, None);
    }

    #[test]
    fn pairs_inside_exact_groups_count_as_reported_and_the_lowest_id_stands_for_all() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .exact(&["a", "b"])
            .pair("a", "c", Verdict::NearDuplicate)
            .pair("a", "d", Verdict::NearDuplicate)
            .build();
        let m = measures(
            &report,
            "b\ta\t96\t96\t96\t1.0\t1.0\nb\tc\t96\t96\t90\t0.9\t0.9\na\tc\t96\t96\t90\t0.9\t0.9\n",
        );
        let r = row(&m, 60, Overlap::Jaccard, 0.8);
        assert_eq!((r.labelled, r.reported), (3, 3));
        // Reported: a-c and a-d as listed, a-b as implied; the file lacks a-d.
        assert_eq!((m.precision[0].reported, m.precision[0].labelled), (3, 2));
        assert_eq!(m.precision[0].unlabelled[0].id2, "d");
    }

    #[test]
    fn pairs_implied_by_an_incomplete_cluster_are_told_apart() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .cluster(&["a", "b", "c"])
            .with_cluster(|cluster| cluster.pairs_complete = false)
            .build();
        let m = measures(&report, "b\tc\t96\t96\t90\t0.9\t0.9\n");
        let r = row(&m, 60, Overlap::Jaccard, 0.8);
        assert_eq!((r.labelled, r.reported, r.implied_by_cluster), (1, 0, 1));
    }

    #[test]
    fn sizes_come_from_the_file_where_it_names_the_document() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("b", "c", Verdict::Exact)
            .build();
        // c has 96 shingles by its tokens, b only 40 by the file.
        let m = measures(&report, "a\tb\t40\t40\t40\t1.0\t1.0\n");
        assert_eq!((m.precision[0].reported, m.precision[1].reported), (0, 2));
    }

    #[test]
    fn errors_of_the_overlaps_are_absolute_and_against_the_larger_containment() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("a", "c", Verdict::NearDuplicate)
            .build();
        let m = measures(&report, "a\tb\t96\t96\t1\t0.4\t0.7\na\tc\t96\t96\t1\t0.7\t0.9\n");
        let error = OverlapError {
            pairs: 2,
            mean_jaccard: Some(0.15),
            max_jaccard: Some(0.2),
            mean_containment: Some(0.1),
            max_containment: Some(0.2),
        };
        assert_eq!(m.error, error);
    }
}
