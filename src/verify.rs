//! Candidate pair → exact shares, kinds, and a verdict.
//!
//! Jaccard and both containments are computed from the exact shingle sets;
//! passages from an exact alignment, and each gets a kind
//! ([`crate::passage::kind`]). What is quotation, boilerplate or template is
//! left out of what counts, unless [`Params::count`] names it. The verdict is
//! the first that holds:
//!
//! | verdict | rule |
//! | --- | --- |
//! | `near_duplicate` | Jaccard of the shingles that count ≥ `min_jaccard`, or coverage ≥ [`NEAR_COVERAGE`] both ways |
//! | `contains`, `contained_in` | coverage of one side ≥ `min_containment` |
//! | `derived` | coverage of the shorter side ≥ `min_derived` |
//! | `shares_passage` | a passage that counts, or short runs in one order between which no fact is replaced |
//! | `quotation`, `boilerplate`, `template` | one of these rules holds if everything counts; the kind that most tokens are of |
//!
//! Coverage of a document is the larger of its containment and the share of
//! its tokens that lie in passages, of what counts. `contains` and `derived` also ask for as
//! many shared shingles as one passage of `min_passage_tokens` has: a stub of
//! a dozen tokens that consists of a common phrase would else be contained in
//! every text that uses it. A short text that is not kept word for word
//! ([`crate::short`]) does not unite: what would is `template`, or
//! `shares_passage` where a part of a longer text agrees with it. (`exact` is
//! decided before, by the digests of the token sequences.) Whole documents
//! alone ([`Level::Documents`]) are compared by their shingle sets, everything
//! counts, and `derived` and `shares_passage` are not given: their sketches
//! find such pairs by luck only. Time O(n log n) in the tokens of the two
//! documents.

use crate::params::{Level, Params, PassageKind};
use crate::passage::align;
use crate::passage::anchor;
use crate::passage::extend::Stretch;
use crate::passage::kind::changes::Changes;
use crate::passage::kind::overlap::{Counted, Overlap};
use crate::passage::kind::{self, Judgement, Kind, Side};
use crate::passage::noisy;
use crate::passage::scattered::Scattered;
use crate::report::{Passage, Verdict};

/// Coverage of both sides from which two documents are near duplicates,
/// whatever their Jaccard similarity.
pub const NEAR_COVERAGE: f64 = 0.8;

/// Why a short text with other words is a template.
const CHANGED_SHORT_TEXT: &str = "words of a short text are others";

/// What an exact comparison of two documents found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// What they share.
    pub overlap: Overlap,
    /// The passages, in the order of the first document.
    pub passages: Vec<Stretch>,
    /// What kind each of them is.
    pub kinds: Vec<Kind>,
    /// The kinds of what they share outside passages and leave out, each once,
    /// with the reason of the first.
    pub loose: Vec<Kind>,
    /// What became of the facts in it.
    pub changes: Changes,
}

/// The shares that a verdict rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Distinct shingles that both have and that count.
    pub shingles: usize,
    /// Exact Jaccard similarity of the shingle sets.
    pub jaccard: f64,
    /// Share of the first document's shingles that the second has.
    pub containment_of_a_in_b: f64,
    /// Share of the second document's shingles that the first has.
    pub containment_of_b_in_a: f64,
    /// Jaccard similarity by the shingles that count.
    pub counted_jaccard: f64,
    /// Coverage of the first document.
    pub coverage_of_a_by_b: f64,
    /// Coverage of the second document.
    pub coverage_of_b_by_a: f64,
}

/// Compares two documents exactly. Nothing if no threshold is reached.
pub fn verify(a: Side<'_>, b: Side<'_>, params: &Params) -> Option<Verified> {
    let shared = anchor::shared(a.prepared, b.prepared);
    let passages = passages(a, b, &shared, params);
    let raw = Overlap::new([a, b], &shared, &passages, &Judgement::default());
    if weigh(&raw, &vec![PassageKind::Copy; passages.len()], params).is_none() {
        return scattered([a, b], &shared, params);
    }
    if params.level == Level::Documents {
        let changes = Changes::default();
        return Some(Verified { overlap: raw, passages, kinds: Vec::new(), loose: Vec::new(), changes });
    }
    let Judgement { passages: kinds, runs, of_runs, changes } = kind::judge(a, b, &shared.runs, &passages);
    let is_left_out = runs.iter().any(|&kind| kind != PassageKind::Copy);
    let judged = Judgement { runs, ..Judgement::default() };
    let overlap = if is_left_out { Overlap::new([a, b], &shared, &passages, &judged) } else { raw };
    Some(Verified { overlap, passages, kinds, loose: of_runs, changes })
}

/// The same of two documents that reach no threshold, and so share no passage:
/// they may share short runs in one order. Only what keeps its facts is taken for
/// rewritten; of notices, which say standing phrases in one order too, about as
/// much is left. Quotations and signatures in pieces are no more than before.
fn scattered([a, b]: [Side<'_>; 2], shared: &anchor::Shared, params: &Params) -> Option<Verified> {
    if params.level == Level::Documents {
        return None;
    }
    let found = Scattered::of(a.prepared, b.prepared, &shared.runs, params.min_passage_tokens)?;
    let judgement = kind::judge(a, b, &shared.runs, &[]);
    let is_copied = |run: &anchor::Run| {
        shared.runs.binary_search(run).is_ok_and(|at| judgement.of_run(at) == PassageKind::Copy)
    };
    let (copied, left_out) = found.runs.iter().partition::<Vec<_>, _>(|run| is_copied(run));
    let tokens = |runs: &[&anchor::Run]| runs.iter().map(|run| run.len).sum::<usize>();
    if judgement.changes.facts().replaced > 0 || tokens(&copied) <= tokens(&left_out) {
        return None;
    }
    let reason = found.reason().into();
    let passages = vec![found.stretch];
    let mut overlap = Overlap::new([a, b], shared, &passages, &Judgement::default());
    overlap.is_scattered = true;
    let kinds = vec![Kind { kind: PassageKind::Copy, reason }];
    Some(Verified { overlap, passages, kinds, loose: Vec::new(), changes: judgement.changes })
}

/// Shared shingles that coverage asks for where there is no passage: as many as
/// one of `min_passage_tokens` has.
pub fn least_shingles(params: &Params) -> usize {
    params.min_passage_tokens + 1 - params.shingle_len
}

/// What two documents share, whatever the thresholds say.
pub fn compare(a: Side<'_>, b: Side<'_>, params: &Params) -> Shares {
    let shared = anchor::shared(a.prepared, b.prepared);
    let passages = passages(a, b, &shared, params);
    let judgement = match params.level {
        Level::Passages => kind::judge(a, b, &shared.runs, &passages),
        Level::Documents => Judgement::default(),
    };
    let overlap = Overlap::new([a, b], &shared, &passages, &judgement);
    let kinds: Vec<PassageKind> = judgement.passages.iter().map(|kind| kind.kind).collect();
    shares(&overlap, &kinds, params).0
}

fn passages(a: Side<'_>, b: Side<'_>, shared: &anchor::Shared, params: &Params) -> Vec<Stretch> {
    if params.level == Level::Documents {
        return Vec::new();
    }
    let (a, b) = (a.prepared, b.prepared);
    let by_tokens = align::passages(a, b, &shared.runs, params.min_passage_tokens);
    match (&a.letters, &b.letters) {
        (Some(of_a), Some(of_b)) if a.is_noisy || b.is_noisy => {
            noisy::passages((a, of_a), (b, of_b), by_tokens, params.min_passage_tokens)
        }
        _ => by_tokens,
    }
}

/// The shares of an overlap and the verdict on it, passages being of these
/// kinds. Nothing if no threshold is reached even if everything counts.
pub fn weigh(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> Option<(Shares, Verdict)> {
    let (shares, has_passage) = shares(overlap, kinds, params);
    if overlap.is_scattered {
        let left_out = || main_kind(overlap, kinds, params).verdict();
        return Some((shares, if has_passage { Verdict::SharesPassage } else { left_out() }));
    }
    let a_is_shorter = overlap.tokens[0] <= overlap.tokens[1];
    if let Some(verdict) = verdict(&shares, a_is_shorter, has_passage, params) {
        let is_changed = overlap.changes_short_text && !params.counts(PassageKind::Template);
        return Some((
            shares,
            if is_changed { of_changed_short_text(verdict, has_passage) } else { verdict },
        ));
    }
    let all = overlap.counted(kinds.iter().copied(), |_| true);
    verdict(&shares_of(overlap, &all), a_is_shorter, all.has_passage, params)?;
    Some((shares, main_kind(overlap, kinds, params).verdict()))
}

/// Why a verdict is one of those that leave everything out: the reason of the
/// longest passage of that kind, or of what is shared outside passages, or that
/// words of a short text were changed.
pub fn reason(verdict: Verdict, overlap: &Overlap, passages: &[Passage], loose: &[Kind]) -> Option<String> {
    let is_so = |kind: PassageKind| kind != PassageKind::Copy && kind.verdict() == verdict;
    let longest =
        passages.iter().rev().filter(|passage| is_so(passage.kind)).max_by_key(|passage| passage.tokens);
    let of_passage = longest.map(|passage| passage.reason.to_string());
    let of_loose = || loose.iter().find(|kind| is_so(kind.kind)).map(|kind| kind.reason.to_string());
    let is_changed = verdict == Verdict::Template && overlap.changes_short_text;
    let of_short_text = || is_changed.then(|| CHANGED_SHORT_TEXT.to_owned());
    of_passage.or_else(of_loose).or_else(of_short_text)
}

/// The kind that is left out and that most shared tokens are of.
fn main_kind(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> PassageKind {
    let size = |kind: PassageKind| -> usize {
        let parts = overlap.parts.iter().zip(kinds).filter(|(_, of_part)| **of_part == kind);
        let in_parts: usize = parts.map(|(part, _)| part.ranges[0].len() + part.ranges[1].len()).sum();
        in_parts + overlap.loose[kind as usize].iter().sum::<usize>()
    };
    let left_out = PassageKind::LEFT_OUT.into_iter().filter(|&kind| !params.counts(kind));
    // Of equal ones the first.
    left_out.rev().max_by_key(|&kind| size(kind)).unwrap_or(PassageKind::Copy)
}

/// The shares, and whether a passage counts.
fn shares(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> (Shares, bool) {
    let counted = overlap.counted(kinds.iter().copied(), |kind| params.counts(kind));
    (shares_of(overlap, &counted), counted.has_passage)
}

fn shares_of(overlap: &Overlap, counted: &Counted) -> Shares {
    let Overlap { tokens, distinct, shingles, .. } = overlap;
    let either = distinct[0] + distinct[1] - shingles;
    let coverage = |side: usize| {
        share(counted.shingles[side], distinct[side]).max(share(counted.aligned[side], tokens[side]))
    };
    let both = counted.shingles[0].min(counted.shingles[1]);
    let [containment_of_a_in_b, containment_of_b_in_a] = overlap.containments();
    Shares {
        shingles: both,
        jaccard: share(*shingles, either),
        containment_of_a_in_b,
        containment_of_b_in_a,
        counted_jaccard: share(both, either),
        coverage_of_a_by_b: coverage(0),
        coverage_of_b_by_a: coverage(1),
    }
}

/// The first verdict whose rule holds.
fn verdict(shares: &Shares, a_is_shorter: bool, has_passage: bool, params: &Params) -> Option<Verdict> {
    let (of_a, of_b) = (shares.coverage_of_a_by_b, shares.coverage_of_b_by_a);
    let enough = has_passage || shares.shingles >= least_shingles(params);
    let of_shorter = if a_is_shorter { of_a } else { of_b };
    if shares.counted_jaccard >= params.min_jaccard || enough && of_a.min(of_b) >= NEAR_COVERAGE {
        Some(Verdict::NearDuplicate)
    } else if enough && of_b >= params.min_containment && of_b >= of_a {
        Some(Verdict::Contains)
    } else if enough && of_a >= params.min_containment {
        Some(Verdict::ContainedIn)
    } else if params.level == Level::Passages && enough && of_shorter >= params.min_derived {
        Some(Verdict::Derived)
    } else {
        has_passage.then_some(Verdict::SharesPassage)
    }
}

/// What a verdict becomes where the words of a short text were changed.
fn of_changed_short_text(verdict: Verdict, has_passage: bool) -> Verdict {
    match verdict {
        Verdict::NearDuplicate => Verdict::Template,
        Verdict::Contains | Verdict::ContainedIn | Verdict::Derived if has_passage => Verdict::SharesPassage,
        Verdict::Contains | Verdict::ContainedIn | Verdict::Derived => Verdict::Template,
        other => other,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests;
