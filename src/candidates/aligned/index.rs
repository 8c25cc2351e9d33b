//! All grams of a collection in memory, by gram and by document.

use super::meeting::{reach, reached};
use super::weight::{Hit, LEAST_DOCUMENTS, asked, diagonal, most_bits, quarter_bits};
use super::{Entry, Kind};
use crate::candidates::CandidatePair;
use crate::document::DocId;
use crate::limits::PairLimits;

/// All entries by gram, and those of each document.
pub(super) struct Index<'l> {
    /// Document and place, by gram, then document.
    entries: Vec<(DocId, u16)>,
    /// By entry, where there are limits: how many it meets if those behind the
    /// first ones are met only where the limits allow the pair.
    beyond: Vec<u8>,
    limits: &'l PairLimits,
    /// The grams of each document.
    by_document: Vec<Own>,
    /// By document: where its grams begin in `by_document`, and the end.
    starts: Vec<u32>,
    /// What a pair must share, in quarters of a bit.
    asked: u32,
}

/// A gram of a document, with what is asked of it most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Own {
    /// The number of its entry.
    entry: u32,
    /// Where it stands.
    place: u16,
    /// How many entries behind it have the same gram, at most [`REACH`].
    behind: u8,
    /// What it says, in quarters of a bit.
    weight: u8,
}

impl<'l> Index<'l> {
    pub(super) fn new(parts: Vec<Vec<Entry>>, is_named: &[bool], limits: &'l PairLimits) -> Self {
        let named = is_named.iter().filter(|&&is_named| is_named).count();
        let documents = LEAST_DOCUMENTS.max(named as u128);
        let count = parts.iter().map(Vec::len).sum();
        let mut index = Self {
            entries: Vec::with_capacity(count),
            beyond: Vec::new(),
            limits,
            by_document: vec![Own::default(); count],
            starts: vec![0; is_named.len() + 2],
            asked: asked(documents),
        };
        for entry in parts.iter().flatten() {
            index.starts[entry.document.index() + 2] += 1;
        }
        for document in 2..index.starts.len() {
            index.starts[document] += index.starts[document - 1];
        }
        for bucket in parts.iter().flat_map(|part| part.chunk_by(|a, b| a.gram == b.gram)) {
            let weight = quarter_bits(documents, bucket.len() as u128) as u8;
            for (at, &Entry { document, place, .. }) in bucket.iter().enumerate() {
                let reach = reach(bucket.len(), bucket.len() - 1 - at);
                if limits.are_set() {
                    index.beyond.push(reached(document, &bucket[at + 1..], reach, limits) as u8);
                }
                let next = &mut index.starts[document.index() + 1];
                let entry = index.entries.len() as u32;
                index.by_document[*next as usize] = Own { entry, place, behind: reach as u8, weight };
                *next += 1;
                index.entries.push((document, place));
            }
        }
        index
    }

    /// The grams of a document.
    pub(super) fn of(&self, document: usize) -> &[Own] {
        &self.by_document[self.starts[document] as usize..self.starts[document + 1] as usize]
    }

    /// The documents that a document meets through a gram of its own, with places.
    fn met(&self, own: &Own) -> impl Iterator<Item = &(DocId, u16)> {
        let (entry, reach) = (own.entry as usize, usize::from(own.behind));
        let last = self.beyond.get(entry).map_or(reach, |&beyond| usize::from(beyond));
        let (near, far) = self.entries[entry + 1..=entry + last].split_at(reach);
        let is_allowed = move |other: &&(DocId, u16)| self.limits.allow((self.entries[entry].0, other.0));
        near.iter().chain(far.iter().filter(is_allowed))
    }

    /// Finds the partners of a document among those behind it.
    pub(super) fn partners(
        &self,
        document: usize,
        kind: Kind,
        meeting: &mut Meeting,
        found: &mut Vec<CandidatePair>,
    ) {
        let Meeting { bits, met, hits, places } = meeting;
        for own in self.of(document) {
            self.met(own).for_each(|&(other, _)| {
                let bits = &mut bits[other.index()];
                if *bits == 0 {
                    met.push(other);
                }
                *bits += u32::from(own.weight);
            });
        }
        met.retain(|other| {
            bits[other.index()] >= self.asked || std::mem::take(&mut bits[other.index()]) == 0
        });
        if !met.is_empty() {
            for own in self.of(document) {
                let &Own { place, weight, .. } = own;
                self.met(own).for_each(|&(other, there)| {
                    if bits[other.index()] > 0 {
                        hits.push(Hit { other, diagonal: diagonal(place, there), place, weight });
                    }
                });
            }
            hits.sort_unstable();
            for of_pair in hits.chunk_by(|a, b| a.other == b.other) {
                if most_bits(of_pair, kind, places) >= self.asked {
                    found.push((DocId::new(document), of_pair[0].other));
                }
            }
        }
        met.drain(..).for_each(|other| bits[other.index()] = 0);
        hits.clear();
    }
}

/// What one document shares with others; kept from document to document.
pub(super) struct Meeting {
    /// By document: what the grams shared so far say, in quarters of a bit.
    bits: Vec<u32>,
    met: Vec<DocId>,
    hits: Vec<Hit>,
    /// Places and weights of the hits of a bin.
    places: Vec<(u16, u8)>,
}

impl Meeting {
    pub(super) fn new(documents: usize) -> Self {
        Self { bits: vec![0; documents], met: Vec::new(), hits: Vec::new(), places: Vec::new() }
    }
}
