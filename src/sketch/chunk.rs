//! What is kept of a few documents that follow each other.

use super::posting::Postings;

/// What is kept of a few documents after their texts were read once.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub(super) tokens: Vec<u32>,
    pub(super) digests: Vec<u128>,
    pub(super) may_repeat: Vec<bool>,
    /// Packed signatures, one behind the other.
    pub(super) signatures: Vec<u64>,
    pub(super) postings: Postings,
    pub(super) triples: Postings,
}

impl Chunk {
    /// What is known of documents behind the candidates: for each its number of
    /// tokens, its digest, and whether it may repeat itself.
    pub(crate) fn of_rows(rows: Vec<(u32, u128, bool)>) -> Self {
        let mut chunk = Self::default();
        for (tokens, digest, may_repeat) in rows {
            chunk.tokens.push(tokens);
            chunk.digests.push(digest);
            chunk.may_repeat.push(may_repeat);
        }
        chunk
    }

    /// How many documents it is of.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether it is of none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The fingerprints of its documents.
    pub fn postings(&self) -> &Postings {
        &self.postings
    }

    /// The sampled triples of its documents, with their places.
    pub fn triples(&self) -> &Postings {
        &self.triples
    }

    /// How many tokens a document has, by its number in the chunk.
    #[cfg(feature = "arrow")]
    pub(crate) fn tokens(&self, at: usize) -> usize {
        self.tokens[at] as usize
    }

    /// Digest of its token sequence.
    #[cfg(feature = "arrow")]
    pub(crate) fn digest(&self, at: usize) -> u128 {
        self.digests[at]
    }

    /// Whether it may say something twice.
    #[cfg(feature = "arrow")]
    pub(crate) fn may_repeat(&self, at: usize) -> bool {
        self.may_repeat[at]
    }

    /// Its packed signature.
    #[cfg(feature = "arrow")]
    pub(crate) fn signature(&self, at: usize) -> &[u64] {
        let words = self.signatures.len() / self.len();
        &self.signatures[at * words..(at + 1) * words]
    }
}
