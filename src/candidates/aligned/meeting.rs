//! Whom a document meets through a gram.

use super::Entry;
use super::weight::{Hit, diagonal};
use crate::document::DocId;
use crate::limits::PairLimits;

/// Documents behind it that a gram of a document meets. Those of a story with
/// more copies than this are linked through their neighbours.
pub(crate) const REACH: usize = 16;

/// The same where more documents have the gram: a form or a standing phrase
/// for the most part, whose neighbours say the same. The floors of
/// `tests/accuracy/hard.rs` hold with it; other numbers were not tried.
pub(crate) const FAR_REACH: usize = 4;

/// The same where limits leave out pairs: how far a document looks for others
/// that it may be paired with. It keeps the cost linear.
const LIMITED_REACH: usize = 64;

/// How many of the entries behind it an entry meets, of a bucket of so many.
pub(super) fn reach(bucket: usize, behind: usize) -> usize {
    behind.min(if bucket <= REACH + 1 { REACH } else { FAR_REACH })
}

/// How many of the entries behind a document it meets under limits: so many that
/// `reach` of them may be its partners, as far as it looks.
pub(super) fn reached(document: DocId, behind: &[Entry], reach: usize, limits: &PairLimits) -> usize {
    let near = &behind[..behind.len().min(LIMITED_REACH)];
    let is_partner = |entry: &Entry| limits.allow((document, entry.document));
    let mut partners = near.iter().enumerate().filter(|(_, entry)| is_partner(entry));
    let last = reach.checked_sub(1).and_then(|last| partners.nth(last));
    last.map_or(near.len(), |(at, _)| at + 1).max(reach)
}

/// Whom each document of a bucket meets, and by what.
pub(crate) fn meetings(bucket: &[Entry], weight: u8, limits: &PairLimits, mut meet: impl FnMut(DocId, Hit)) {
    for (at, entry) in bucket.iter().enumerate() {
        let behind = &bucket[at + 1..];
        let near = reach(bucket.len(), behind.len());
        let far = if limits.are_set() { reached(entry.document, behind, near, limits) } else { near };
        for (number, other) in behind[..far].iter().enumerate() {
            if number < near || limits.allow((entry.document, other.document)) {
                let diagonal = diagonal(entry.place, other.place);
                meet(entry.document, Hit { other: other.document, diagonal, place: entry.place, weight });
            }
        }
    }
}
