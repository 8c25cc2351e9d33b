//! Small grams with places: documents that share several in the same order.
//!
//! A triple of words, or a few letters in a row, is often shared by chance; a
//! few of them at the same distance from each other in both documents are not.
//! So each document is taken in turn and meets, through its grams, those
//! behind it; a pair is proposed where the grams that lie near one diagonal
//! (place in one document less place in the other) say enough together. A gram
//! that `d` of `n` documents have says log2(n / d) bits; what is asked for is
//! 2 log2(n), which a chance agreement of one pair among all would need. That
//! is three grams that nobody else has, or more of commoner ones. Counting
//! hits on diagonals before anything is aligned is what BLAST (two hits,
//! Altschul et al. 1997) and minimap2 (Li 2018) do.
//!
//! Each gram of a document meets the next `REACH` documents that have it, and
//! the next `FAR_REACH` where more have it, so the cost is linear: O(`REACH`) a
//! gram at worst. No gram is ignored for being
//! frequent: what very many documents carry, each shares with those
//! next to it in full. Space: 32 bytes a gram that several documents have,
//! and 8 bytes a document for each thread.

mod index;
pub(crate) mod meeting;
mod spilled;
pub(crate) mod weight;

use rayon::prelude::*;

use self::index::{Index, Meeting};
use super::CandidatePair;
use super::join::{self, Slots};
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::sketch::columns::Parts;
use crate::sketch::posting::{PARTITIONS, SHINGLE_BITS, place, shingle};

/// A gram of a document that others may have too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) gram: u64,
    pub(crate) document: DocId,
    pub(crate) place: u16,
}

/// Grams of some kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// How far the diagonals of grams that count together may differ.
    pub band: u16,
    /// How far they may lie apart in a document.
    pub span: u16,
}

/// The pairs among the named documents that share enough grams near one
/// diagonal, sorted. `chunks` are the grams of all documents.
pub fn aligned_pairs(
    chunks: &Parts<'_>,
    is_named: &[bool],
    kind: Kind,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    if let Parts::Spilled(spilled) = chunks {
        let entries = |number: usize| shared_entries(number, chunks, is_named);
        return spilled::aligned_pairs(entries, (is_named, kind), limits, spilled.spill());
    }
    let parts: Vec<Vec<Entry>> =
        (0..PARTITIONS).into_par_iter().map(|number| shared_entries(number, chunks, is_named)).collect();
    let index = Index::new(parts, is_named, limits);
    let documents: Vec<u32> =
        (0..is_named.len() as u32).filter(|&id| index.of(id as usize).len() > 1).collect();
    let meet = |meeting: &mut Meeting, &document: &u32| {
        let mut found = Vec::new();
        index.partners(document as usize, kind, meeting, &mut found);
        found
    };
    documents.par_iter().map_init(|| Meeting::new(is_named.len()), meet).flatten_iter().collect()
}

/// The entries of one partition without most of those that stand alone,
/// sorted, each gram once a document.
fn shared_entries(number: usize, chunks: &Parts<'_>, is_named: &[bool]) -> Vec<Entry> {
    let mut slots = Slots::default();
    slots.reset(chunks.count(number), SHINGLE_BITS);
    let mut entries = Vec::new();
    chunks.each(number, |first, postings| {
        for posting in postings {
            let document = first + posting.document();
            if is_named[document] {
                let key = posting.key();
                slots.add(shingle(key));
                entries.push(Entry { gram: shingle(key), document: DocId::new(document), place: place(key) });
            }
        }
    });
    entries.retain(|entry| slots.may_recur(entry.gram));
    join::sort_by_key(&mut entries, |entry| entry.gram);
    keep_first_places(&mut entries);
    entries
}

/// Keeps the least place of each gram of a document; entries are sorted by both.
/// Places are counted anew in a very long document.
pub(crate) fn keep_first_places(entries: &mut Vec<Entry>) {
    entries.dedup_by(|next, last| {
        let is_same = (next.gram, next.document) == (last.gram, last.document);
        if is_same {
            last.place = last.place.min(next.place);
        }
        is_same
    });
}

#[cfg(test)]
mod tests;
