//! Signatures, found by the mark before them.
//!
//! Mail and news set a line of two dashes before the signature (RFC 3676, 4.3).
//! What two texts share below that mark in both is `boilerplate`: the same
//! person wrote both, or both came through one gateway. It travels with the text
//! above it: where half of what either has there is in the other too, the post
//! was copied, signature and all, and it stays a copy.
//!
//! The mark is looked for among the last [`MAX_TOKENS`] tokens, in texts that
//! share something there on both sides, so nothing else costs more than a look
//! at the runs. Time O(runs + bytes of those tokens).

use std::borrow::Cow;

use super::{Judgement, Kind, Side, owners};
use crate::passage::anchor::Run;
use crate::passage::extend::Stretch;
use crate::passage::prepared::{Range, covered};
use crate::report::PassageKind;

/// Tokens of a signature at most. Four lines are usual, a dozen are seen.
pub const MAX_TOKENS: usize = 100;

/// The line before a signature, without the space that often ends it.
const MARK: &str = "--";

/// Share of a passage's tokens that must stand below the mark.
const MIN_BELOW: f64 = 0.8;

/// Share of the text above the mark that is in the other document too where the
/// signature is a part of what was copied.
const MIN_ABOVE: f64 = 0.5;

/// Says in `judgement` which of what is still a copy is signature. The runs and
/// passages are those that `judgement` is about.
pub fn judge(sides: [Side<'_>; 2], shared: (&[Run], &[Stretch]), judgement: &mut Judgement) {
    let (runs, passages) = shared;
    let lens = sides.map(|side| side.prepared.len());
    let is_near =
        |run: &Run| run.a + run.len + MAX_TOKENS > lens[0] && run.b + run.len + MAX_TOKENS > lens[1];
    if !runs.iter().any(is_near) {
        return;
    }
    let [a, b] = sides;
    let Some(marks) = signature(a).and_then(|of_a| Some([of_a, signature(b)?])) else { return };
    let owners = owners(runs, passages);
    let copies: Vec<[Range; 2]> = (passages.iter().zip(&judgement.passages))
        .filter(|(_, kind)| kind.kind == PassageKind::Copy)
        .map(|(passage, _)| [passage.a, passage.b])
        .chain(runs.iter().enumerate().zip(&owners).filter_map(|((at, run), owner)| {
            let is_copy = owner.is_none() && judgement.of_run(at) == PassageKind::Copy;
            is_copy.then(|| [run.range_a(), run.range_b()])
        }))
        .collect();
    if is_carried(&copies, marks) {
        return;
    }
    for (passage, kind) in passages.iter().zip(&mut judgement.passages) {
        if kind.kind == PassageKind::Copy && is_below([passage.a, passage.b], marks) {
            *kind = of_signature();
        }
    }
    let below: Vec<usize> = (0..runs.len())
        .filter(|&at| owners[at].is_none() && judgement.of_run(at) == PassageKind::Copy)
        .filter(|&at| is_below([runs[at].range_a(), runs[at].range_b()], marks))
        .collect();
    if !below.is_empty() {
        judgement.runs.resize(runs.len(), PassageKind::Copy);
        below.into_iter().for_each(|at| judgement.runs[at] = PassageKind::Boilerplate);
        judgement.of_runs.push(of_signature());
    }
}

fn of_signature() -> Kind {
    Kind {
        kind: PassageKind::Boilerplate,
        reason: Cow::Borrowed("it stands below the mark of a signature in both"),
    }
}

/// The first token of a signature: the one behind the last mark near the end.
fn signature(Side { text, prepared }: Side<'_>) -> Option<usize> {
    let first = prepared.len().saturating_sub(MAX_TOKENS);
    let from = first.checked_sub(1).map_or(0, |before| prepared.token_end(before));
    // Most texts have no such line, which one search tells.
    if !text[from..].contains("\n--") && (from > 0 || !text.starts_with(MARK)) {
        return None;
    }
    let mut at = from;
    let mut mark = None;
    for line in text[from..].split_inclusive('\n') {
        // The first line may have begun before.
        let is_whole = at > from || from == 0;
        if is_whole && line.trim_end() == MARK {
            mark = Some(at);
        }
        at += line.len();
    }
    let mark = mark?;
    (first..prepared.len()).find(|&token| prepared.token_start(token) >= mark)
}

fn is_below(ranges: [Range; 2], marks: [usize; 2]) -> bool {
    ranges.into_iter().zip(marks).all(|(range, mark)| {
        let below = range.end.saturating_sub(range.start.max(mark));
        below as f64 >= MIN_BELOW * range.len() as f64
    })
}

/// Whether the text above a signature was copied with it. A post that is
/// nothing but a signature has none; two of these are copies.
fn is_carried(copies: &[[Range; 2]], marks: [usize; 2]) -> bool {
    let mut with_text = marks.into_iter().enumerate().filter(|(_, mark)| *mark > 0).peekable();
    with_text.peek().is_none()
        || with_text.any(|(side, mark)| {
            let above =
                |ranges: &[Range; 2]| Range::new(ranges[side].start.min(mark), ranges[side].end.min(mark));
            covered(copies.iter().map(above)) as f64 >= MIN_ABOVE * mark as f64
        })
}
