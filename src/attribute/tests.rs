//! Short ways to the inputs of this stage.

use crate::attribute::credit::find_credits;
use crate::report::{Direction, DocumentEntry, Pair, Verdict};

/// A document of 100 tokens with this text, from the folder named like it.
pub(crate) fn entry(id: &str, text: &str) -> DocumentEntry {
    DocumentEntry {
        id: id.to_owned(),
        original_id: None,
        path: id.to_owned(),
        span_base: crate::document::SpanBase::Raw,
        source: id.to_owned(),
        title: None,
        url: None,
        published: None,
        dated_by: None,
        language: None,
        bytes: text.len(),
        tokens: 100,
        against: false,
        too_short: false,
        repeated_share: 0.0,
        credits: find_credits(text),
    }
}

/// The same, from `source`, published at `time` unless that is empty.
pub(crate) fn published(id: &str, source: &str, time: &str, text: &str) -> DocumentEntry {
    let published = (!time.is_empty()).then(|| time.parse().unwrap());
    DocumentEntry { source: source.to_owned(), published, ..entry(id, text) }
}

/// A pair with these coverages of `a` by `b` and of `b` by `a`.
pub(crate) fn pair(a: &str, b: &str, verdict: Verdict, coverages: [f64; 2]) -> Pair {
    assert!(a < b);
    Pair {
        a: a.to_owned(),
        b: b.to_owned(),
        verdict,
        reason: None,
        jaccard: 0.5,
        counted_jaccard: None,
        containment_of_a_in_b: coverages[0],
        containment_of_b_in_a: coverages[1],
        coverage_of_a_by_b: coverages[0],
        coverage_of_b_by_a: coverages[1],
        passages: Vec::new(),
        direction: Direction { from: None, confidence: 0.0, evidence: Vec::new() },
    }
}
