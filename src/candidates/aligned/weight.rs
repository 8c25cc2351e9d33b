//! What shared grams say of a pair.

use super::Kind;
use crate::document::DocId;

/// Documents that a collection is taken to have, at least: in a small one,
/// that a gram is rare there says little about how rare it is.
pub(crate) const LEAST_DOCUMENTS: u128 = 1 << 14;

/// What is asked for, in units of log2 of the number of documents.
pub(crate) const BITS_PER_MAGNITUDE: u32 = 2;

/// A gram of the document whose turn it is that another one has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) other: DocId,
    pub(crate) diagonal: u16,
    pub(crate) place: u16,
    pub(crate) weight: u8,
}

/// What a pair must share of a collection of so many documents, in quarters of a
/// bit.
pub(crate) fn asked(documents: u128) -> u32 {
    BITS_PER_MAGNITUDE * quarter_bits(documents, 1)
}

/// Whether the hits of a pair, sorted, say enough near one diagonal.
pub(crate) fn are_enough(hits: &[Hit], asked: u32, kind: Kind, places: &mut Vec<(u16, u8)>) -> bool {
    let bits: u32 = hits.iter().map(|hit| u32::from(hit.weight)).sum();
    bits >= asked && most_bits(hits, kind, places) >= asked
}

/// The diagonal of two places, such that those near zero are next to each
/// other.
pub(crate) fn diagonal(here: u16, there: u16) -> u16 {
    there.wrapping_sub(here).wrapping_add(1 << 15)
}

/// The most that hits near each other say; `hits` are sorted by diagonal.
/// They lie in one bin of twice the band, and bins overlap by half.
pub(crate) fn most_bits(hits: &[Hit], kind: Kind, places: &mut Vec<(u16, u8)>) -> u32 {
    let band = u32::from(kind.band);
    let mut most = 0;
    for offset in [0, band] {
        let bin = |hit: &Hit| (u32::from(hit.diagonal) + offset) / (2 * band);
        for near in hits.chunk_by(|a, b| bin(a) == bin(b)) {
            places.clear();
            places.extend(near.iter().map(|hit| (hit.place, hit.weight)));
            places.sort_unstable();
            let (mut sum, mut first) = (0, 0);
            for &(place, weight) in &*places {
                sum += u32::from(weight);
                while place - places[first].0 > kind.span {
                    sum -= u32::from(places[first].1);
                    first += 1;
                }
                most = most.max(sum);
            }
        }
    }
    most
}

/// log2(`all` / `some`) in quarters, in whole numbers so that no machine
/// rounds otherwise than another; both are below 2^32.
pub(crate) fn quarter_bits(all: u128, some: u128) -> u32 {
    // (all / some)^4 without its remainder; 2^128 is never reached.
    let fourth = |n: u128| n.saturating_mul(n).saturating_mul(n).saturating_mul(n);
    (fourth(all) / fourth(some)).max(1).ilog2()
}
