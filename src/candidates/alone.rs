//! The rules of the joins for one document that comes to many: what
//! [`crate::index`] asks of a pair, where nothing is joined as a whole.

use super::TRIPLES;
use super::aligned::meeting::{FAR_REACH, REACH};
use super::aligned::weight::{self, BITS_PER_MAGNITUDE, Hit, LEAST_DOCUMENTS};
pub(crate) use super::likeness::Likeness;
use crate::document::DocId;

/// Triples that two documents share, as [`super::aligned`] weighs them.
pub(crate) struct Triples {
    documents: u128,
    hits: Vec<Hit>,
    places: Vec<(u16, u8)>,
}

impl Triples {
    /// Among so many documents.
    pub(crate) fn new(documents: usize) -> Self {
        Self { documents: LEAST_DOCUMENTS.max(documents as u128), hits: Vec::new(), places: Vec::new() }
    }

    /// What a triple says that so many documents have, in quarters of a bit.
    pub(crate) fn weight(&self, having: usize) -> u8 {
        weight::quarter_bits(self.documents, (having as u128).min(self.documents)) as u8
    }

    /// What a pair must share, in quarters of a bit.
    pub(crate) fn asked(&self) -> u32 {
        BITS_PER_MAGNITUDE * weight::quarter_bits(self.documents, 1)
    }

    /// How many of the documents before it one meets by a triple that so many
    /// have.
    pub(crate) fn reach(having: usize) -> usize {
        if having <= REACH + 1 { REACH } else { FAR_REACH }
    }

    /// Whether triples that two documents share, as places in the one and the
    /// other and weights, say enough near one diagonal.
    pub(crate) fn are_enough(&mut self, shared: impl Iterator<Item = (u16, u16, u8)>) -> bool {
        self.hits.clear();
        let hit = |(place, there, weight)| {
            let diagonal = weight::diagonal(place, there);
            Hit { other: DocId::new(0), diagonal, place, weight }
        };
        self.hits.extend(shared.map(hit));
        self.hits.sort_unstable();
        weight::most_bits(&self.hits, TRIPLES, &mut self.places) >= self.asked()
    }
}
