//! Marked passages and repeats: how much of them the report covers, per byte.
//!
//! *Passages* (label lines of two documents). Let `L` be a label with spans
//! `L1`, `L2`, and `P` a reported passage of the same two documents with spans
//! `P1`, `P2`.
//! - Found are the bytes of `L1` that lie in the union of all `P1` whose `P2`
//!   overlaps `L2`, and the same with the sides exchanged: a passage covers a
//!   label only if it ties the same places together. Recall is their share of
//!   all bytes of `L1` and `L2`, summed over the labels.
//! - Right are the bytes of `P1` that lie in the union of all `L1` whose `L2`
//!   overlaps `P2`, and the same with the sides exchanged. Precision is their
//!   share of all bytes of `P1` and `P2`, summed over the passages of the
//!   document pairs that have a label.
//!
//! Passages count whatever their kind. Two documents of one exact group have
//! no entry in `pairs`; they count as one passage from end to end. A document
//! that is not the lowest of its exact group is looked up under the lowest id,
//! where both have the same number of bytes (else its offsets may differ, and
//! it counts as not reported).
//!
//! *Repeats* (label lines within one document). The union of all labelled
//! spans of the document, first occurrences included, against the union of all
//! spans of its reported repeats.
//!
//! Document pairs and documents without a label say nothing about precision;
//! what the report has on them is counted apart. Where a document pair (or a
//! document, for repeats) has labels of several kinds, all it reports is held
//! against all its labels, once in each kind and once in the sum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::ranges::{shared, total, union};
use super::{SpanLabel, share};
use crate::document::Span;

/// Measures against a file of spans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanMeasures {
    /// Passages between two documents, by kind, sorted.
    pub passages_by_kind: Vec<SpanScore>,
    /// Passages between two documents, all kinds.
    pub passages: SpanScore,
    /// Repeats within one document, by kind, sorted.
    pub repeats_by_kind: Vec<SpanScore>,
    /// Repeats within one document, all kinds.
    pub repeats: SpanScore,
    /// Reported pairs with passages that have no label: not in the precision.
    pub unlabelled_pairs: u64,
    /// Documents with reported repeats that have no label of one: not in the
    /// precision.
    pub unlabelled_repeats: u64,
}

/// Precision and recall over bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanScore {
    /// The kind; nothing for all kinds together.
    pub kind: Option<String>,
    /// Label lines.
    pub labels: u64,
    /// Bytes they mark.
    pub labelled_bytes: u64,
    /// Of these, bytes reported.
    pub found_bytes: u64,
    /// Bytes reported where there are labels.
    pub reported_bytes: u64,
    /// Of these, bytes that a label marks.
    pub right_bytes: u64,
    /// Share of the reported bytes that is right.
    pub precision: Option<f64>,
    /// Share of the labelled bytes that is found.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
}

impl SpanScore {
    fn new(kind: Option<&str>) -> Self {
        Self { kind: kind.map(str::to_owned), ..Self::default() }
    }

    fn add(&mut self, other: &Self) {
        self.labels += other.labels;
        self.labelled_bytes += other.labelled_bytes;
        self.found_bytes += other.found_bytes;
    }

    fn add_reported(&mut self, (reported, right): (u64, u64)) {
        self.reported_bytes += reported;
        self.right_bytes += right;
    }

    fn finish(mut self) -> Self {
        self.precision = share(self.right_bytes, self.reported_bytes);
        self.recall = share(self.found_bytes, self.labelled_bytes);
        self.f1 = match (self.precision, self.recall) {
            (Some(precision), Some(recall)) if precision + recall > 0.0 => {
                Some(crate::report::ratio(2.0 * precision * recall / (precision + recall)))
            }
            (Some(_), Some(_)) => Some(0.0),
            // Labelled, but nothing reported: missed in full.
            (None, Some(recall)) => Some(recall),
            _ => None,
        };
        self
    }
}

/// Two spans tied together: a label or a reported passage, the document with
/// the lower index first.
#[derive(Clone, Copy)]
struct Tie {
    first: Span,
    second: Span,
}

impl Tie {
    fn exchanged(self) -> Self {
        Self { first: self.second, second: self.first }
    }

    fn bytes(self) -> u64 {
        (self.first.len() + self.second.len()) as u64
    }
}

pub(super) fn measure(index: &Index<'_>, labels: &[SpanLabel]) -> SpanMeasures {
    let mut by_pair: BTreeMap<(DocIndex, DocIndex), Vec<(&str, Tie)>> = BTreeMap::new();
    let mut by_document: BTreeMap<DocIndex, Vec<(&str, Tie)>> = BTreeMap::new();
    for label in labels {
        let Some((a, b)) = index.find_both(&label.doc1, &label.doc2) else { continue };
        let tie = Tie { first: label.span1, second: label.span2 };
        let kind = label.kind.as_str();
        if a == b {
            by_document.entry(a).or_default().push((kind, tie));
        } else if a < b {
            by_pair.entry((a, b)).or_default().push((kind, tie));
        } else {
            by_pair.entry((b, a)).or_default().push((kind, tie.exchanged()));
        }
    }
    let (passages_by_kind, passages) = passages(index, &by_pair);
    let (repeats_by_kind, repeats) = repeats(index, &by_document);
    let is_unlabelled = |ids: Option<(DocIndex, DocIndex)>| {
        ids.is_none_or(|(a, b)| !by_pair.contains_key(&(a.min(b), a.max(b))))
    };
    let with_passages = index.report.pairs.iter().filter(|pair| !pair.passages.is_empty());
    let unlabelled_pairs = with_passages.filter(|p| is_unlabelled(index.find_both(&p.a, &p.b))).count();
    let mut repeating: Vec<_> = index.report.repeats.iter().map(|r| index.find(&r.document)).collect();
    repeating.sort_unstable();
    repeating.dedup();
    let has_label = |document: &DocIndex| by_document.contains_key(document);
    let unlabelled_repeats = repeating.iter().filter(|d| !d.as_ref().is_some_and(has_label)).count();
    SpanMeasures {
        passages_by_kind,
        passages,
        repeats_by_kind,
        repeats,
        unlabelled_pairs: unlabelled_pairs as u64,
        unlabelled_repeats: unlabelled_repeats as u64,
    }
}

fn passages(
    index: &Index<'_>,
    by_pair: &BTreeMap<(DocIndex, DocIndex), Vec<(&str, Tie)>>,
) -> (Vec<SpanScore>, SpanScore) {
    let mut scores = Scores::default();
    for (&(a, b), labels) in by_pair {
        let reported = reported_ties(index, a, b);
        let truth: Vec<Tie> = labels.iter().map(|(_, tie)| *tie).collect();
        let mut found = SpanScore::default();
        for (kind, tie) in labels {
            found.labels = 1;
            found.labelled_bytes = tie.bytes();
            found.found_bytes = covered(*tie, &reported);
            scores.add(kind, &found);
        }
        let bytes = reported.iter().map(|tie| tie.bytes()).sum();
        let right = reported.iter().map(|tie| covered(*tie, &truth)).sum();
        scores.add_reported(labels, (bytes, right));
    }
    scores.finish()
}

/// The passages reported between two documents.
fn reported_ties(index: &Index<'_>, a: DocIndex, b: DocIndex) -> Vec<Tie> {
    let (first, second) = (index.entry(a), index.entry(b));
    if index.is_exact(a, b) {
        return vec![Tie { first: Span::new(0, first.bytes), second: Span::new(0, second.bytes) }];
    }
    let Some(pair) = index.pair(a, b) else { return Vec::new() };
    let Some((x, y)) = index.find_both(&pair.a, &pair.b) else { return Vec::new() };
    let speaks_for = |document: DocIndex, standing: DocIndex| {
        document == standing
            || (index.is_exact(document, standing)
                && index.entry(document).bytes == index.entry(standing).bytes)
    };
    let ties = pair.passages.iter().map(|passage| Tie { first: passage.a, second: passage.b });
    if speaks_for(a, x) && speaks_for(b, y) {
        ties.collect()
    } else if speaks_for(a, y) && speaks_for(b, x) {
        ties.map(Tie::exchanged).collect()
    } else {
        Vec::new()
    }
}

/// The bytes of both sides of `tie` that `others` cover, each side by those
/// that overlap it on the other side too.
fn covered(tie: Tie, others: &[Tie]) -> u64 {
    let side = |tie: Tie, others: &mut dyn Iterator<Item = Tie>| {
        let same_place = others.filter(|other| other.second.overlap(tie.second) > 0);
        let union = union(same_place.map(|other| other.first).collect());
        union.iter().map(|span| span.overlap(tie.first) as u64).sum::<u64>()
    };
    side(tie, &mut others.iter().copied()) + side(tie.exchanged(), &mut others.iter().map(|o| o.exchanged()))
}

fn repeats(
    index: &Index<'_>,
    by_document: &BTreeMap<DocIndex, Vec<(&str, Tie)>>,
) -> (Vec<SpanScore>, SpanScore) {
    let mut reported: BTreeMap<DocIndex, Vec<Span>> = BTreeMap::new();
    for repeat in &index.report.repeats {
        if let Some(document) = index.find(&repeat.document) {
            reported.entry(document).or_default().extend(&repeat.spans);
        }
    }
    let mut scores = Scores::default();
    for (document, labels) in by_document {
        let reported = union(reported.remove(document).unwrap_or_default());
        let mut all = SpanScore::default();
        for kind in kinds(labels) {
            let of_kind = || labels.iter().filter(|(name, _)| *name == kind);
            let truth = union(of_kind().flat_map(|(_, tie)| [tie.first, tie.second]).collect());
            let found = SpanScore {
                labels: of_kind().count() as u64,
                labelled_bytes: total(&truth),
                found_bytes: shared(&truth, &reported),
                ..SpanScore::default()
            };
            scores.by_kind.entry(kind.to_owned()).or_insert_with(|| SpanScore::new(Some(kind))).add(&found);
            all.labels += found.labels;
        }
        let truth = union(labels.iter().flat_map(|(_, tie)| [tie.first, tie.second]).collect());
        all.labelled_bytes = total(&truth);
        all.found_bytes = shared(&truth, &reported);
        scores.all.add(&all);
        scores.add_reported(labels, (total(&reported), all.found_bytes));
    }
    scores.finish()
}

#[derive(Default)]
struct Scores {
    by_kind: BTreeMap<String, SpanScore>,
    all: SpanScore,
}

impl Scores {
    fn add(&mut self, kind: &str, found: &SpanScore) {
        self.by_kind.entry(kind.to_owned()).or_insert_with(|| SpanScore::new(Some(kind))).add(found);
        self.all.add(found);
    }

    fn add_reported(&mut self, labels: &[(&str, Tie)], bytes: (u64, u64)) {
        for kind in kinds(labels) {
            if let Some(score) = self.by_kind.get_mut(kind) {
                score.add_reported(bytes);
            }
        }
        self.all.add_reported(bytes);
    }

    fn finish(self) -> (Vec<SpanScore>, SpanScore) {
        (self.by_kind.into_values().map(SpanScore::finish).collect(), self.all.finish())
    }
}

fn kinds<'l>(labels: &[(&'l str, Tie)]) -> Vec<&'l str> {
    let mut kinds: Vec<&str> = labels.iter().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::ReportBuilder;
    use super::super::ranges::tests::{byte_set, spans};
    use super::super::{Measures, Truth, TruthKind, evaluate};
    use super::*;
    use crate::report::Verdict;

    fn measures(report: &crate::report::Report, labels: &str) -> SpanMeasures {
        let truth = Truth::parse(labels, TruthKind::Spans, "s.tsv".as_ref()).unwrap();
        match evaluate(report, &truth).measures {
            Measures::Spans(measures) => measures,
            other => panic!("{other:?}"),
        }
    }

    fn bytes(score: &SpanScore) -> [u64; 4] {
        [score.labelled_bytes, score.found_bytes, score.reported_bytes, score.right_bytes]
    }

    #[test]
    fn a_passage_covers_a_label_only_where_it_ties_the_same_places() {
        let report = ReportBuilder::new(&["a", "b"])
            .pair("a", "b", Verdict::SharesPassage)
            .passage([10, 60], [110, 160])
            .passage([100, 150], [500, 550])
            .build();
        // The second passage covers [100, 120) of a, but ties it elsewhere.
        let m = measures(&report, "a\t0\t50\tb\t100\t150\tembed\na\t100\t120\tb\t200\t220\tembed\n");
        assert_eq!(bytes(&m.passages), [140, 80, 200, 80]);
        assert_eq!((m.passages.precision, m.passages.recall), (Some(0.4), Some(0.571_429)));
        assert_eq!(m.passages_by_kind.len(), 1);
    }

    #[test]
    fn the_order_of_the_two_documents_does_not_matter() {
        let report = ReportBuilder::new(&["a", "b"])
            .pair("a", "b", Verdict::SharesPassage)
            .passage([0, 10], [20, 30])
            .build();
        for labels in ["a\t0\t10\tb\t20\t30\tx\n", "b\t20\t30\ta\t0\t10\tx\n"] {
            assert_eq!(bytes(&measures(&report, labels).passages), [20, 20, 20, 20]);
        }
    }

    #[test]
    fn exact_groups_stand_for_a_passage_from_end_to_end() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .exact(&["a", "b"])
            .pair("a", "c", Verdict::Contains)
            .passage([0, 100], [0, 100])
            .build();
        let m = measures(&report, "a\t0\t990\tb\t0\t990\texact\nb\t0\t100\tc\t0\t100\tcut\n");
        let rows: Vec<_> = m.passages_by_kind.iter().map(|s| (s.kind.as_deref(), bytes(s))).collect();
        assert_eq!(rows, [(Some("cut"), [200, 200, 200, 200]), (Some("exact"), [1980, 1980, 2000, 1980])]);
    }

    #[test]
    fn repeats_compare_the_unions_with_first_occurrences() {
        let report = ReportBuilder::new(&["a", "b"])
            .repeat("a", &[[0, 100], [100, 200]])
            .repeat("a", &[[50, 90], [150, 190]])
            .repeat("b", &[[0, 10], [20, 30]])
            .build();
        let m = measures(&report, "a\t0\t100\ta\t101\t201\trepeat\n");
        assert_eq!(bytes(&m.repeats), [200, 199, 200, 199]);
        assert_eq!((m.unlabelled_repeats, m.passages.recall), (1, None));
    }

    #[test]
    fn pairs_without_labels_stay_out_of_precision_and_are_counted() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .pair("a", "b", Verdict::SharesPassage)
            .passage([0, 10], [0, 10])
            .pair("a", "c", Verdict::SharesPassage)
            .passage([0, 10], [0, 10])
            .build();
        let m = measures(&report, "b\t0\t10\ta\t0\t10\tx\n");
        assert_eq!((m.passages.precision, m.unlabelled_pairs), (Some(1.0), 1));
    }

    #[test]
    fn what_is_labelled_and_not_reported_at_all_scores_zero() {
        let report = ReportBuilder::new(&["a", "b"]).build();
        let m = measures(&report, "a\t0\t10\tb\t0\t10\tx\na\t0\t10\ta\t20\t30\trepeat\n");
        for score in [&m.passages, &m.repeats] {
            assert_eq!((score.precision, score.recall, score.f1), (None, Some(0.0), Some(0.0)));
        }
    }

    proptest! {
        #[test]
        fn covered_agrees_with_byte_by_byte_counting(
            label in (spans(), spans()),
            reported in (spans(), spans()),
        ) {
            let ties = |(first, second): &(Vec<Span>, Vec<Span>)| -> Vec<Tie> {
                first.iter().zip(second).map(|(&first, &second)| Tie { first, second }).collect()
            };
            let reported = ties(&reported);
            for label in ties(&label) {
                let mut expected = 0;
                for (label, flip) in [(label, false), (label.exchanged(), true)] {
                    let others = reported.iter().map(|tie| if flip { tie.exchanged() } else { *tie });
                    let same: Vec<Span> = others
                        .filter(|o| (o.second.start..o.second.end).any(|byte| {
                            (label.second.start..label.second.end).contains(&byte)
                        }))
                        .map(|o| o.first)
                        .collect();
                    let set = byte_set(&same);
                    expected += (label.first.start..label.first.end).filter(|byte| set.contains(byte)).count();
                }
                prop_assert_eq!(covered(label, &reported), expected as u64);
            }
        }
    }
}
