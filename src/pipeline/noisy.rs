//! What noisy documents need beside the sketches of all.

use rayon::prelude::*;

use super::Observer;
use super::propose::batches;
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::DocId;
use crate::sketch::columns::{Parts, SpilledPostings};
use crate::sketch::posting::Postings;
use crate::sketch::{Sketches, letters};

/// One noisy document of so many makes letters of all documents worth their
/// cost: of Usenet articles one in 120 looks noisy. Below, noisy ones are
/// proposed as all others are, and compared letter by letter.
const NOISY_OF: usize = 100;

/// Whether the letters of all documents are sampled, of which so many are noisy:
/// a noisy one may have a clean partner.
pub(crate) fn are_letters_worth_it(noisy: usize, documents: usize) -> bool {
    noisy > 0 && noisy * NOISY_OF >= documents
}

/// The sampled grams of letters of all documents.
pub(super) enum AllLetters {
    /// By the number of the first document of each part.
    Held(Vec<(usize, Postings)>),
    Spilled(SpilledPostings),
}

impl AllLetters {
    pub(super) fn parts(&self) -> Parts<'_> {
        match self {
            Self::Held(letters) => {
                Parts::Held(letters.iter().map(|(first, postings)| (*first, postings)).collect())
            }
            Self::Spilled(spilled) => Parts::Spilled(spilled),
        }
    }
}

/// Samples the letters of all documents.
pub(super) fn letters(corpus: Collection<'_>, observer: &dyn Observer) -> AllLetters {
    observer.begin("letters", corpus.len());
    let len = Sketches::chunk_len(corpus.len());
    let sketch = |&first: &usize| {
        let documents = first..corpus.len().min(first + len);
        observer.advance(documents.len());
        let stretch = corpus.stretch(documents.clone());
        (first, letters::sketch(documents.map(|document| stretch.text(DocId::new(document)))))
    };
    let firsts: Vec<usize> = (0..corpus.len()).step_by(len).collect();
    let found = match corpus.spill() {
        None => AllLetters::Held(firsts.par_iter().map(sketch).collect()),
        Some(spill) => {
            let mut spilled = SpilledPostings::new(spill);
            for batch in batches(corpus, &firsts) {
                let letters: Vec<(usize, Postings)> = batch.par_iter().map(sketch).collect();
                let parts: Vec<_> = letters.iter().map(|(first, postings)| (*first, postings)).collect();
                spilled.push(&parts);
            }
            AllLetters::Spilled(spilled)
        }
    };
    observer.end();
    found
}

/// For each document whether it stands in a pair with a noisy side.
pub(super) fn compared_by_letters(pairs: &[CandidatePair], is_noisy: &[bool]) -> Vec<bool> {
    let mut needs = vec![false; is_noisy.len()];
    for (a, b) in pairs.iter().filter(|(a, b)| is_noisy[a.index()] || is_noisy[b.index()]) {
        (needs[a.index()], needs[b.index()]) = (true, true);
    }
    needs
}
