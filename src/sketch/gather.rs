//! Chunks → sketches of a collection, in memory or outside of it.

use super::columns::{SpilledPostings, SpilledSignatures};
use super::posting::Postings;
use super::sketches::Spilled;
use super::{Chunk, Sketches};
use crate::params::Params;
use crate::spill::Spill;

/// What says which documents have the same tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSummary {
    /// How many tokens a document has.
    pub count: u32,
    /// The digest of their sequence.
    pub digest: u128,
}

impl Sketches {
    /// Those of documents whose tokens were counted before: nothing else of them
    /// may be asked for, and none is said to repeat itself.
    pub fn of_counted(params: &Params, documents: &[TokenSummary]) -> Self {
        let chunk = |documents: &[TokenSummary]| Chunk {
            tokens: documents.iter().map(|document| document.count).collect(),
            digests: documents.iter().map(|document| document.digest).collect(),
            may_repeat: vec![false; documents.len()],
            ..Chunk::default()
        };
        Self::new(params, documents.chunks(Self::chunk_len(documents.len())).map(chunk).collect())
    }
}

/// Takes chunks in the order of their documents, and under a budget writes
/// out what is largest in them.
#[derive(Debug)]
pub struct Gatherer {
    chunks: Vec<Chunk>,
    documents: usize,
    spilled: Option<Spilled>,
}

impl Gatherer {
    /// None yet.
    pub fn new(spill: Option<&Spill>) -> Self {
        let spilled = spill.map(|spill| Spilled {
            signatures: SpilledSignatures::new(spill),
            postings: SpilledPostings::new(spill),
            triples: SpilledPostings::new(spill),
        });
        Self { chunks: Vec::new(), documents: 0, spilled }
    }

    /// Takes the next chunks.
    pub fn extend(&mut self, mut chunks: Vec<Chunk>) {
        let starts = chunks.iter().scan(self.documents, |next, chunk| {
            *next += chunk.len();
            Some(*next - chunk.len())
        });
        if let Some(spilled) = &mut self.spilled {
            let with_start: Vec<(usize, &Chunk)> = starts.zip(&chunks).collect();
            let column = |of: fn(&Chunk) -> &Postings| -> Vec<(usize, &Postings)> {
                with_start.iter().map(|&(first, chunk)| (first, of(chunk))).collect()
            };
            spilled.postings.push(&column(Chunk::postings));
            spilled.triples.push(&column(Chunk::triples));
            for chunk in &mut chunks {
                spilled.signatures.push(&std::mem::take(&mut chunk.signatures));
                (chunk.postings, chunk.triples) = (Postings::default(), Postings::default());
            }
        }
        self.documents += chunks.iter().map(Chunk::len).sum::<usize>();
        self.chunks.append(&mut chunks);
    }

    /// Joins them; all but the last have [`Sketches::chunk_len`] documents.
    pub fn finish(self, params: &Params) -> Sketches {
        Sketches { spilled: self.spilled, ..Sketches::new(params, self.chunks) }
    }
}
