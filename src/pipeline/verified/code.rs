//! What was found in a pair as bytes, and back.

use super::Found;
use crate::document::Span;
use crate::passage::kind::Kind;
use crate::passage::kind::changes::{Change, Changes};
use crate::passage::kind::overlap::{Overlap, Part};
use crate::passage::prepared::Range;
use crate::report::{Passage, PassageKind};
use crate::spill::codec::{put_number, put_text, take_byte, take_number, take_text};

/// Why something is of its kind: because it is a copy, for the same reason as
/// the one before, or for one that follows.
const USUAL: u8 = 0;
const AS_BEFORE: u8 = 1;
const OTHER: u8 = 2;

/// Bits of the kind, below those of the reason.
const KIND_BITS: u32 = 2;

const KINDS: [PassageKind; 4] =
    [PassageKind::Copy, PassageKind::Quotation, PassageKind::Boilerplate, PassageKind::Template];

/// Appends what was found.
pub(super) fn put(found: &Found, out: &mut Vec<u8>) {
    // All fields are named, so that a new one cannot be forgotten.
    let Found { passages, overlap, loose, changes } = found;
    let Changes { numbers, names, wording, inside } = changes;
    for Change { kept, replaced } in [numbers, names, wording] {
        put_number(out, (*kept).into());
        put_number(out, (*replaced).into());
    }
    put_number(out, (*inside).into());
    let Overlap { tokens, distinct, shingles, parts, loose: of_kinds, is_scattered, changes_short_text } =
        overlap;
    put_two(out, *tokens);
    put_two(out, *distinct);
    put_number(out, *shingles as u64);
    out.push(u8::from(*changes_short_text) | u8::from(*is_scattered) << 1);
    of_kinds.iter().for_each(|shingles| put_two(out, *shingles));
    let mut reason: Option<&str> = None;
    put_number(out, loose.len() as u64);
    for Kind { kind, reason: of_loose } in loose {
        put_kind(out, (*kind, of_loose), &mut reason);
    }
    put_number(out, parts.len() as u64);
    for Part { ranges, shingles } in parts {
        ranges.iter().for_each(|range| put_two(out, [range.start, range.len()]));
        put_two(out, *shingles);
    }
    put_number(out, passages.len() as u64);
    for Passage { a, b, tokens, identity, kind, reason: of_passage } in passages {
        [a, b].into_iter().for_each(|span| put_two(out, [span.start, span.len()]));
        put_number(out, *tokens as u64);
        // Most are 1, whose lower bytes are 0.
        put_number(out, identity.to_bits().swap_bytes());
        put_kind(out, (*kind, of_passage), &mut reason);
    }
}

/// Takes what was found.
pub(super) fn take(bytes: &mut &[u8]) -> Option<Found> {
    let (changes, mut overlap) = take_head(bytes)?;
    take_flags(bytes, &mut overlap)?;
    for shingles in &mut overlap.loose {
        *shingles = take_two(bytes)?;
    }
    let mut reason = None;
    let mut loose = Vec::new();
    for _ in 0..take_number(bytes)? {
        loose.push(take_kind(bytes, &mut reason)?);
    }
    for _ in 0..take_number(bytes)? {
        let ranges = [take_range(bytes)?, take_range(bytes)?];
        overlap.parts.push(Part { ranges, shingles: take_two(bytes)? });
    }
    let mut passages = Vec::with_capacity(overlap.parts.len());
    for _ in 0..take_number(bytes)? {
        let [a, b] = [take_range(bytes)?, take_range(bytes)?].map(|Range { start, end }| Span { start, end });
        let tokens = take_number(bytes)? as usize;
        let identity = f64::from_bits(take_number(bytes)?.swap_bytes());
        let Kind { kind, reason } = take_kind(bytes, &mut reason)?;
        passages.push(Passage { a, b, tokens, identity, kind, reason });
    }
    Some(Found { passages, overlap, loose, changes })
}

/// Takes the beginning of it: what became of the facts, and the numbers of
/// tokens and shingles.
pub(super) fn take_head(bytes: &mut &[u8]) -> Option<(Changes, Overlap)> {
    let mut number = || u32::try_from(take_number(bytes)?).ok();
    let mut change = || Some(Change { kept: number()?, replaced: number()? });
    let [numbers, names, wording] = [change()?, change()?, change()?];
    let changes = Changes { numbers, names, wording, inside: number()? };
    let (tokens, distinct) = (take_two(bytes)?, take_two(bytes)?);
    let shingles = take_number(bytes)? as usize;
    Some((changes, Overlap { tokens, distinct, shingles, ..Overlap::default() }))
}

/// Takes what is so or not behind the head.
pub(super) fn take_flags(bytes: &mut &[u8], overlap: &mut Overlap) -> Option<()> {
    let flags = take_byte(bytes)?;
    (overlap.changes_short_text, overlap.is_scattered) = (flags & 1 != 0, flags & 2 != 0);
    Some(())
}

fn put_two(out: &mut Vec<u8>, [one, other]: [usize; 2]) {
    put_number(out, one as u64);
    put_number(out, other as u64);
}

fn take_two(bytes: &mut &[u8]) -> Option<[usize; 2]> {
    Some([take_number(bytes)? as usize, take_number(bytes)? as usize])
}

fn take_range(bytes: &mut &[u8]) -> Option<Range> {
    let [start, len] = take_two(bytes)?;
    Some(Range { start, end: start + len })
}

fn put_kind<'r>(out: &mut Vec<u8>, (kind, reason): (PassageKind, &'r str), before: &mut Option<&'r str>) {
    let which = match reason {
        _ if *before == Some(reason) => AS_BEFORE,
        _ if Kind::default().reason == reason => USUAL,
        _ => OTHER,
    };
    out.push(kind as u8 | which << KIND_BITS);
    if which == OTHER {
        put_text(out, reason);
        *before = Some(reason);
    }
}

fn take_kind(bytes: &mut &[u8], before: &mut Option<String>) -> Option<Kind> {
    let byte = take_byte(bytes)?;
    let kind = KINDS[usize::from(byte) % KINDS.len()];
    let reason = match byte >> KIND_BITS {
        USUAL => Kind::default().reason,
        AS_BEFORE => before.clone()?.into(),
        _ => before.insert(take_text(bytes)?).clone().into(),
    };
    Some(Kind { kind, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range() -> impl Strategy<Value = [usize; 2]> {
        (0usize..1 << 33, 0usize..1 << 20).prop_map(|(start, len)| [start, start + len])
    }

    fn kind() -> impl Strategy<Value = Kind> {
        let reason = prop_oneof![Just(None), "[ab]?".prop_map(Some)];
        (0..KINDS.len(), reason).prop_map(|(kind, reason)| Kind {
            kind: KINDS[kind],
            reason: reason.map_or(Kind::default().reason, Into::into),
        })
    }

    prop_compose! {
        fn passage()(a in range(), b in range(), tokens in 0usize..99, identity in 0.0f64..=1.0, of in kind()) -> Passage {
            let identity = crate::report::ratio(identity);
            Passage { a: a.into(), b: b.into(), tokens, identity, kind: of.kind, reason: of.reason }
        }
    }

    prop_compose! {
        fn part()(a in range(), b in range(), shingles: [u32; 2]) -> Part {
            Part { ranges: [a, b].map(|[start, end]| Range { start, end }), shingles: shingles.map(|n| n as usize) }
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            numbers: [u32; 7], sizes: [u32; 5], loose: [[u32; 2]; 4], flags: [bool; 2],
            of_loose in prop::collection::vec(kind(), 0..4),
            parts in prop::collection::vec(part(), 0..4),
            passages in prop::collection::vec(passage(), 0..6),
        ) {
            let change = |at: usize| Change { kept: numbers[at], replaced: numbers[at + 1] };
            let changes = Changes { numbers: change(0), names: change(2), wording: change(4), inside: numbers[6] };
            let sizes = sizes.map(|size| size as usize);
            let overlap = Overlap {
                tokens: [sizes[0], sizes[1]],
                distinct: [sizes[2], sizes[3]],
                shingles: sizes[4],
                parts,
                loose: loose.map(|of_kind| of_kind.map(|n| n as usize)),
                is_scattered: flags[0],
                changes_short_text: flags[1],
            };
            let found = Found { passages, overlap, loose: of_loose, changes };
            let mut out = Vec::new();
            put(&found, &mut out);
            let mut bytes = &out[..];
            prop_assert_eq!(take(&mut bytes), Some(found));
            prop_assert!(bytes.is_empty());
            prop_assert_eq!(take(&mut &out[..out.len() - 1]), None);
        }
    }
}
