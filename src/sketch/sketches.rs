//! The sketches of a collection, wherever they lie.

use std::borrow::Cow;

use super::Chunk;
use super::columns::{Parts, SpilledPostings, SpilledSignatures};
use super::posting::MAX_CHUNK;
use super::signature::Packing;
use crate::document::DocId;
use crate::params::Params;

/// Chunks that a collection has at least, if it has as many documents: enough
/// for the threads of a large machine to take turns.
const LEAST_CHUNKS: usize = 256;

/// The sketches of a collection, by document.
#[derive(Debug)]
pub struct Sketches {
    pub(super) chunks: Vec<Chunk>,
    pub(super) chunk_len: usize,
    pub(super) packing: Packing,
    pub(super) documents: usize,
    pub(super) spilled: Option<Spilled>,
}

/// The columns that are outside of memory.
#[derive(Debug)]
pub(super) struct Spilled {
    pub(super) signatures: SpilledSignatures,
    pub(super) postings: SpilledPostings,
    pub(super) triples: SpilledPostings,
}

impl Sketches {
    /// The number of documents in each chunk of a collection of so many
    /// documents, the last chunk excepted: a power of two.
    pub fn chunk_len(documents: usize) -> usize {
        (documents / LEAST_CHUNKS).next_power_of_two().min(MAX_CHUNK)
    }

    /// Joins chunks made under `params` in the order of their documents, all
    /// but the last with [`Sketches::chunk_len`] documents.
    pub fn new(params: &Params, chunks: Vec<Chunk>) -> Self {
        let documents = chunks.iter().map(Chunk::len).sum();
        let chunk_len = Self::chunk_len(documents);
        let full = chunks.len().saturating_sub(1);
        assert!(
            chunks[..full].iter().all(|chunk| chunk.len() == chunk_len)
                && chunks.last().is_none_or(|chunk| chunk.len() <= chunk_len),
            "every chunk but the last has {chunk_len} documents"
        );
        Self { chunks, chunk_len, packing: Packing::new(params), documents, spilled: None }
    }

    /// Of documents of which nothing but their numbers of tokens is known any
    /// more: as after [`Self::forget`].
    #[cfg(feature = "arrow")]
    pub(crate) fn of_tokens(params: &Params, tokens: &[u32]) -> Self {
        let chunk = |tokens: &[u32]| Chunk {
            tokens: tokens.to_vec(),
            may_repeat: vec![false; tokens.len()],
            ..Chunk::default()
        };
        Self::new(params, tokens.chunks(Self::chunk_len(tokens.len())).map(chunk).collect())
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// How many tokens a document has.
    #[inline]
    pub fn tokens(&self, document: DocId) -> usize {
        let (chunk, at) = self.place(document);
        chunk.tokens[at] as usize
    }

    /// Digest of its token sequence; equal for documents with equal tokens.
    #[inline]
    pub fn digest(&self, document: DocId) -> u128 {
        let (chunk, at) = self.place(document);
        chunk.digests[at]
    }

    /// Whether a line or a longer run of tokens may occur twice in it; never
    /// false where one does, if passages are looked for.
    #[inline]
    pub fn may_repeat(&self, document: DocId) -> bool {
        let (chunk, at) = self.place(document);
        chunk.may_repeat[at]
    }

    /// The packed MinHash signature of its shingle set; without meaning where
    /// it has no shingle.
    #[inline]
    pub fn signature(&self, document: DocId) -> Cow<'_, [u64]> {
        let words = self.packing.words();
        let (chunk, at) = self.place(document);
        match &self.spilled {
            None => Cow::Borrowed(&chunk.signatures[at * words..(at + 1) * words]),
            Some(spilled) => {
                let number = document.index() >> self.chunk_len.trailing_zeros();
                Cow::Owned(spilled.signatures.read(number, at, words))
            }
        }
    }

    /// Whether all is in memory.
    pub(crate) fn are_held(&self) -> bool {
        self.spilled.is_none()
    }

    /// Hands out the signatures of documents, which are in order, one by one.
    /// What is outside of memory is read a chunk at a time.
    pub fn each_signature(&self, documents: &[DocId], mut of: impl FnMut(&[u64])) {
        let Some(spilled) = &self.spilled else {
            return documents.iter().for_each(|&document| of(&self.signature(document)));
        };
        let words = self.packing.words();
        let number = |document: &DocId| document.index() >> self.chunk_len.trailing_zeros();
        let mut signatures = Vec::new();
        for of_chunk in documents.chunk_by(|a, b| number(a) == number(b)) {
            let number = number(&of_chunk[0]);
            signatures.resize(self.chunks[number].len() * words, 0);
            spilled.signatures.read_chunk(number, &mut signatures);
            for &document in of_chunk {
                let (_, at) = self.place(document);
                of(&signatures[at * words..(at + 1) * words]);
            }
        }
    }

    /// The fingerprints of all documents.
    pub fn postings(&self) -> Parts<'_> {
        match &self.spilled {
            None => Parts::Held(self.chunks().map(|(first, chunk)| (first, chunk.postings())).collect()),
            Some(spilled) => Parts::Spilled(&spilled.postings),
        }
    }

    /// The sampled triples of all documents, with their places.
    pub fn triples(&self) -> Parts<'_> {
        match &self.spilled {
            None => Parts::Held(self.chunks().map(|(first, chunk)| (first, chunk.triples())).collect()),
            Some(spilled) => Parts::Spilled(&spilled.triples),
        }
    }

    /// Forgets what candidates alone need: all but the numbers of tokens and
    /// what may repeat. Digests and signatures must not be asked for again.
    pub fn forget(&mut self) {
        self.spilled = None;
        for chunk in &mut self.chunks {
            let Chunk { tokens, may_repeat, .. } = std::mem::take(chunk);
            *chunk = Chunk { tokens, may_repeat, ..Chunk::default() };
        }
    }

    /// How signatures are packed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// The chunks, each with the number of its first document.
    pub fn chunks(&self) -> impl Iterator<Item = (usize, &Chunk)> {
        self.chunks.iter().enumerate().map(|(number, chunk)| (number * self.chunk_len, chunk))
    }

    #[inline]
    fn place(&self, document: DocId) -> (&Chunk, usize) {
        let (index, shift) = (document.index(), self.chunk_len.trailing_zeros());
        (&self.chunks[index >> shift], index & (self.chunk_len - 1))
    }
}
