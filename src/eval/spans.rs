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
//! *Granularity* (Potthast, Stein, Barrón-Cedeño and Rosso 2010, the PAN
//! evaluation): of the label lines that are detected at all, the mean number of
//! detections, 1 at best. A passage detects a label if it overlaps it on both
//! sides, a repeat if it has two places that overlap one of the label's each;
//! by how much does not matter. `plagdet` is F1 / log2(1 + granularity), so
//! that a passage reported in three pieces counts half. We depart from PAN in
//! that precision and recall are over all bytes, not means over labels and
//! passages: a long passage weighs more than a short one.
//!
//! Document pairs and documents without a label say nothing about precision;
//! what the report has on them is counted apart. Where a document pair (or a
//! document, for repeats) has labels of several kinds, all it reports is held
//! against all its labels, once in each kind and once in the sum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::length::LengthClass;
use super::ranges::{shared, total, union};
use super::{SpanLabel, share};
use crate::document::Span;
use crate::report::ratio;

/// Measures against a file of spans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanMeasures {
    /// Passages between two documents, by kind, sorted.
    pub passages_by_kind: Vec<SpanScore>,
    /// Passages between two documents, by the tokens of the shorter one.
    pub passages_by_length: Vec<SpanScore>,
    /// Passages between two documents, all kinds.
    pub passages: SpanScore,
    /// Repeats within one document, by kind, sorted.
    pub repeats_by_kind: Vec<SpanScore>,
    /// Repeats within one document, by its tokens.
    pub repeats_by_length: Vec<SpanScore>,
    /// Repeats within one document, all kinds.
    pub repeats: SpanScore,
    /// Reported pairs with passages that have no label: not in the precision.
    pub unlabelled_pairs: u64,
    /// Documents with reported repeats that have no label of one: not in the
    /// precision.
    pub unlabelled_repeats: u64,
}

/// Precision and recall over bytes, and granularity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanScore {
    /// The kind; nothing for all kinds together.
    pub kind: Option<String>,
    /// The length of the documents; nothing for all lengths together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<LengthClass>,
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
    /// Label lines detected at all.
    pub detected: u64,
    /// Detections of these, summed.
    pub detections: u64,
    /// Detections of a detected label line, the mean; 1 or more.
    pub granularity: Option<f64>,
    /// F1, less for what is reported in pieces: F1 / log2(1 + granularity).
    pub plagdet: Option<f64>,
}

impl SpanScore {
    fn of_kind(kind: &str) -> Self {
        Self { kind: Some(kind.to_owned()), ..Self::default() }
    }

    fn of_length(length: LengthClass) -> Self {
        Self { length: Some(length), ..Self::default() }
    }

    fn add(&mut self, other: &Self) {
        self.labels += other.labels;
        self.labelled_bytes += other.labelled_bytes;
        self.found_bytes += other.found_bytes;
        self.detected += other.detected;
        self.detections += other.detections;
    }

    /// One label line, detected so many times.
    fn add_detections(&mut self, detections: usize) {
        self.detected += u64::from(detections > 0);
        self.detections += detections as u64;
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
                Some(ratio(2.0 * precision * recall / (precision + recall)))
            }
            (Some(_), Some(_)) => Some(0.0),
            // Labelled, but nothing reported: missed in full.
            (None, Some(recall)) => Some(recall),
            _ => None,
        };
        self.granularity = (self.detected > 0).then(|| ratio(self.detections as f64 / self.detected as f64));
        self.plagdet = self.f1.map(|f1| ratio(f1 / (1.0 + self.granularity.unwrap_or(1.0)).log2()));
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

    fn overlaps(self, other: Self) -> bool {
        self.first.overlap(other.first) > 0 && self.second.overlap(other.second) > 0
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
    let passages = passages(index, &by_pair).finish();
    let repeats = repeats(index, &by_document).finish();
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
        passages_by_kind: passages.by_kind,
        passages_by_length: passages.by_length,
        passages: passages.all,
        repeats_by_kind: repeats.by_kind,
        repeats_by_length: repeats.by_length,
        repeats: repeats.all,
        unlabelled_pairs: unlabelled_pairs as u64,
        unlabelled_repeats: unlabelled_repeats as u64,
    }
}

fn passages(index: &Index<'_>, by_pair: &BTreeMap<(DocIndex, DocIndex), Vec<(&str, Tie)>>) -> Scores {
    let mut scores = Scores::default();
    for (&(a, b), labels) in by_pair {
        let length = LengthClass::of_shorter(index, a, b);
        let reported = reported_ties(index, a, b);
        let truth: Vec<Tie> = labels.iter().map(|(_, tie)| *tie).collect();
        for (kind, tie) in labels {
            let mut found = SpanScore {
                labels: 1,
                labelled_bytes: tie.bytes(),
                found_bytes: covered(*tie, &reported),
                ..SpanScore::default()
            };
            found.add_detections(reported.iter().filter(|other| tie.overlaps(**other)).count());
            scores.kind(kind).add(&found);
            scores.length(length).add(&found);
            scores.all.add(&found);
        }
        let bytes = reported.iter().map(|tie| tie.bytes()).sum();
        let right = reported.iter().map(|tie| covered(*tie, &truth)).sum();
        scores.add_reported(labels, length, (bytes, right));
    }
    scores
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

fn repeats(index: &Index<'_>, by_document: &BTreeMap<DocIndex, Vec<(&str, Tie)>>) -> Scores {
    let mut reported: BTreeMap<DocIndex, Vec<&[Span]>> = BTreeMap::new();
    for repeat in &index.report.repeats {
        if let Some(document) = index.find(&repeat.document) {
            reported.entry(document).or_default().push(&repeat.spans);
        }
    }
    let mut scores = Scores::default();
    for (document, labels) in by_document {
        let length = LengthClass::of(index.entry(*document).tokens);
        let repeats = reported.remove(document).unwrap_or_default();
        let marked = union(repeats.concat());
        for kind in kinds(labels) {
            let found = found_repeats(labels.iter().filter(|(name, _)| *name == kind), &repeats, &marked);
            scores.kind(kind).add(&found);
        }
        let found = found_repeats(labels.iter(), &repeats, &marked);
        scores.length(length).add(&found);
        scores.all.add(&found);
        scores.add_reported(labels, length, (total(&marked), found.found_bytes));
    }
    scores
}

/// What of some labels of a document its reported repeats hold, whose bytes are
/// `marked`.
fn found_repeats<'l>(
    labels: impl Iterator<Item = &'l (&'l str, Tie)>,
    repeats: &[&[Span]],
    marked: &[Span],
) -> SpanScore {
    let mut found = SpanScore::default();
    let mut spans = Vec::new();
    for (_, tie) in labels {
        found.labels += 1;
        found.add_detections(repeats.iter().filter(|repeat| repeats_at(repeat, *tie)).count());
        spans.extend([tie.first, tie.second]);
    }
    let truth = union(spans);
    found.labelled_bytes = total(&truth);
    found.found_bytes = shared(&truth, marked);
    found
}

/// Whether two places of a repeat overlap one of the label's each.
fn repeats_at(repeat: &[Span], label: Tie) -> bool {
    let places = |side: Span| repeat.iter().enumerate().filter(move |(_, span)| span.overlap(side) > 0);
    places(label.first).any(|(one, _)| places(label.second).any(|(other, _)| one != other))
}

/// Scores in the making.
#[derive(Default)]
struct Scores {
    by_kind: BTreeMap<String, SpanScore>,
    by_length: BTreeMap<LengthClass, SpanScore>,
    all: SpanScore,
}

/// Scores with all shares computed.
struct Finished {
    by_kind: Vec<SpanScore>,
    by_length: Vec<SpanScore>,
    all: SpanScore,
}

impl Scores {
    fn kind(&mut self, kind: &str) -> &mut SpanScore {
        self.by_kind.entry(kind.to_owned()).or_insert_with(|| SpanScore::of_kind(kind))
    }

    fn length(&mut self, length: LengthClass) -> &mut SpanScore {
        self.by_length.entry(length).or_insert_with(|| SpanScore::of_length(length))
    }

    fn add_reported(&mut self, labels: &[(&str, Tie)], length: LengthClass, bytes: (u64, u64)) {
        for kind in kinds(labels) {
            self.kind(kind).add_reported(bytes);
        }
        self.length(length).add_reported(bytes);
        self.all.add_reported(bytes);
    }

    fn finish(self) -> Finished {
        Finished {
            by_kind: self.by_kind.into_values().map(SpanScore::finish).collect(),
            by_length: self.by_length.into_values().map(SpanScore::finish).collect(),
            all: self.all.finish(),
        }
    }
}

fn kinds<'l>(labels: &[(&'l str, Tie)]) -> Vec<&'l str> {
    let mut kinds: Vec<&str> = labels.iter().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests;
