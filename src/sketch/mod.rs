//! Shingles → sketches, all from one pass over a document's tokens.
//!
//! Three sketches propose candidate pairs, for three kinds of likeness:
//!
//! - a MinHash signature ([`minhash`]) estimates the Jaccard similarity of
//!   whole documents; its size is fixed. Use it where documents are alike as
//!   a whole.
//! - triples ([`triples`]) are three tokens in a row, sampled, with their
//!   places. Use them where every third word differs: several of them in the
//!   same order say more than one long run, and are there more often.
//! - fingerprints ([`winnow`]) are shingles selected so that any shared run
//!   of a guaranteed length shares one; their number grows with the text. Use
//!   them where a part is shared.
//!
//! None decides anything: [`crate::verify`] compares exactly.
//!
//! Sketches are what memory is spent on, so they lie in columns, packed
//! ([`signature`], [`posting`]): 197 bytes a document and 8 a fingerprint,
//! with nothing allocated for a document alone. Columns are cut into
//! [`Chunk`]s of documents that follow each other; a chunk is made by one
//! thread and then never changed or copied.

pub mod columns;
mod gather;
pub mod letters;
pub mod minhash;
pub mod posting;
pub mod signature;
pub mod triples;
pub mod winnow;

use std::borrow::Cow;

use crate::document::DocId;
use crate::hash;
use crate::params::{Level, MIN_LINE_TOKENS, Params};
use crate::shingle;
use crate::text::Tokenizer;

use columns::{Parts, SpilledPostings, SpilledSignatures};
pub use gather::{Gatherer, TokenSummary};
use minhash::MinHasher;
use posting::{MAX_CHUNK, Postings, PostingsBuilder};
use signature::Packing;
use winnow::Winnower;

/// Bits of the filter of seen shingles per shingle: at this size about one
/// document of 400 tokens in ten is looked at again without need.
const SEEN_BITS_PER_SHINGLE: usize = 32;

/// Chunks that a collection has at least, if it has as many documents: enough
/// for the threads of a large machine to take turns.
const LEAST_CHUNKS: usize = 256;

/// What is kept of a few documents after their texts were read once.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    tokens: Vec<u32>,
    digests: Vec<u128>,
    may_repeat: Vec<bool>,
    /// Packed signatures, one behind the other.
    signatures: Vec<u64>,
    postings: Postings,
    triples: Postings,
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

/// The sketches of a collection, by document.
#[derive(Debug)]
pub struct Sketches {
    chunks: Vec<Chunk>,
    chunk_len: usize,
    packing: Packing,
    documents: usize,
    spilled: Option<Spilled>,
}

/// The columns that are outside of memory.
#[derive(Debug)]
struct Spilled {
    signatures: SpilledSignatures,
    postings: SpilledPostings,
    triples: SpilledPostings,
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

/// Makes sketches, keeping its buffers from document to document.
#[derive(Debug)]
pub struct Sketcher {
    tokenizer: Tokenizer,
    hasher: MinHasher,
    packing: Packing,
    winnower: Option<Winnower>,
    tokens: Vec<u64>,
    shingles: Vec<u64>,
    minima: Vec<u32>,
    postings: PostingsBuilder,
    triples: PostingsBuilder,
    /// The triples of a document before they are sampled.
    rolled: Vec<u64>,
    seen: Vec<u64>,
    shingle_len: usize,
}

impl Sketcher {
    /// Buffers for documents under these parameters: fingerprints are made where
    /// passages are looked for.
    pub fn new(params: &Params) -> Self {
        Self {
            tokenizer: Tokenizer::new(),
            hasher: MinHasher::new(params.num_hashes),
            packing: Packing::new(params),
            winnower: (params.level == Level::Passages).then(|| Winnower::new(params)),
            tokens: Vec::new(),
            shingles: Vec::new(),
            minima: Vec::new(),
            postings: PostingsBuilder::default(),
            triples: PostingsBuilder::default(),
            rolled: Vec::new(),
            seen: Vec::new(),
            shingle_len: params.shingle_len,
        }
    }

    /// Reads each text once and returns their sketches. Time is linear in the
    /// texts, of which there are at most [`MAX_CHUNK`].
    pub fn sketch(&mut self, texts: impl ExactSizeIterator<Item = impl AsRef<str>>) -> Chunk {
        let count = texts.len();
        let mut chunk = Chunk {
            tokens: Vec::with_capacity(count),
            digests: Vec::with_capacity(count),
            may_repeat: Vec::with_capacity(count),
            signatures: Vec::with_capacity(count * self.packing.words()),
            postings: Postings::default(),
            triples: Postings::default(),
        };
        for (number, text) in texts.enumerate() {
            let number = u8::try_from(number).expect("a chunk has at most 256 documents");
            self.read(text.as_ref());
            drop(text);
            chunk
                .tokens
                .push(u32::try_from(self.tokens.len()).expect("a document has less than 4 GiB of text"));
            chunk.digests.push(hash::digest(&self.tokens));
            self.hasher.sign(&self.shingles, &mut self.minima);
            self.packing.pack(&self.minima, &mut chunk.signatures);
            chunk.may_repeat.push(self.winnower.is_some() && self.may_repeat());
            let Self { winnower, tokens, shingles, postings, triples, rolled, .. } = self;
            if let Some(winnower) = winnower {
                winnower.select(tokens, shingles, |fingerprint| postings.push(number, &fingerprint));
                triples::sample(tokens, rolled, |hash, place| triples.push_placed(number, hash, place));
            }
        }
        chunk.postings = self.postings.take();
        chunk.triples = self.triples.take();
        chunk
    }

    fn read(&mut self, text: &str) {
        let Self { tokenizer, tokens, shingles, .. } = self;
        tokens.clear();
        shingles.clear();
        tokenizer.append_hashes(text, tokens);
        shingle::append_shingles(tokens, self.shingle_len, shingles);
    }

    /// Whether as many shingles in a row were seen before as a line has that
    /// is said twice: a bit table of the shingles so far, which may say so
    /// wrongly but never misses one.
    fn may_repeat(&mut self) -> bool {
        let Some(more) = MIN_LINE_TOKENS.checked_sub(self.shingle_len) else {
            // The shingles of such a line say nothing.
            return self.tokens.len() >= 2 * MIN_LINE_TOKENS;
        };
        let needed = more + 1;
        let bits = (self.shingles.len() * SEEN_BITS_PER_SHINGLE).next_power_of_two().max(64);
        self.seen.clear();
        self.seen.resize(bits / 64, 0);
        let mut in_a_row = 0;
        for shingle in &self.shingles {
            let bit = (shingle >> 20) as usize & (bits - 1);
            let mask = 1 << (bit % 64);
            let word = &mut self.seen[bit / 64];
            in_a_row = if *word & mask == 0 { 0 } else { in_a_row + 1 };
            *word |= mask;
            if in_a_row >= needed {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketches(sketcher: &mut Sketcher, texts: &[&str]) -> Sketches {
        let chunk_len = Sketches::chunk_len(texts.len());
        let chunks = texts.chunks(chunk_len).map(|texts| sketcher.sketch(texts.iter().copied())).collect();
        Sketches::new(&Params::default(), chunks)
    }

    fn sketch(texts: &[&str]) -> Sketches {
        sketches(&mut Sketcher::new(&Params::default()), texts)
    }

    /// All that is known of one document, to be compared.
    fn row(sketches: &Sketches, document: usize) -> (usize, u128, bool, Vec<u64>, Vec<(usize, u64)>) {
        let id = DocId::new(document);
        let (_, chunk) = sketches.chunks().filter(|(first, _)| *first <= document).last().unwrap();
        let number = document % sketches.chunk_len;
        let postings = (0..posting::PARTITIONS).flat_map(|partition| {
            let own = chunk.postings().partition(partition).iter().filter(|p| p.document() == number);
            own.map(move |posting| (partition, posting.key()))
        });
        let signature = sketches.signature(id).to_vec();
        (sketches.tokens(id), sketches.digest(id), sketches.may_repeat(id), signature, postings.collect())
    }

    fn words(range: std::ops::Range<usize>) -> String {
        range.map(|n| format!("word{n} ")).collect()
    }

    #[test]
    fn equal_tokens_give_equal_sketches() {
        let sketches = sketch(&[
            "The ferry left Port Halven at noon, the harbour master said.",
            "the ferry left PORT HALVEN\nat noon — the harbour-master said",
            "The ferry left Port Halven at nine, the harbour master said.",
        ]);
        assert_eq!(row(&sketches, 0), row(&sketches, 1));
        assert_ne!(row(&sketches, 0).1, row(&sketches, 2).1);
    }

    #[test]
    fn a_document_is_found_at_its_place_in_any_number_of_documents() {
        for count in [1, 2, 255, 257, 1000] {
            let texts: Vec<String> = (0..count).map(|n| words(n..n + 7 + n % 40)).collect();
            let sketches = sketch(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(sketches.len(), count);
            for n in (0..count).step_by(97) {
                assert_eq!(row(&sketches, n), row(&sketch(&[&texts[n]]), 0), "document {n} of {count}");
            }
        }
    }

    #[test]
    fn a_sketcher_forgets_the_documents_before() {
        let mut sketcher = Sketcher::new(&Params::default());
        sketches(&mut sketcher, &[&words(0..50)]);
        let text = words(20..90);
        assert_eq!(row(&sketches(&mut sketcher, &[&text]), 0), row(&sketch(&[&text]), 0));
    }

    #[test]
    fn whole_documents_need_no_fingerprints() {
        let text = words(0..300);
        let (with, without) = (sketch(&[&text]), {
            sketches(&mut Sketcher::new(&Params { level: Level::Documents, ..Params::default() }), &[&text])
        });
        let (with, without) = (row(&with, 0), row(&without, 0));
        assert_eq!((with.0, with.1, with.2, with.3), (without.0, without.1, without.2, without.3));
        assert!(!with.4.is_empty() && without.4.is_empty());
    }

    #[test]
    fn a_line_that_recurs_is_never_missed() {
        for shingle_len in 1..12 {
            let params = Params { shingle_len, ..Params::default() };
            for distance in [0, 1, 7, 300] {
                let text = format!("{} {} {}", words(0..6), words(1000..1000 + distance), words(0..6));
                let chunk = Sketcher::new(&params).sketch([text.as_str()].into_iter());
                assert_eq!(chunk.may_repeat, [true], "at distance {distance}, shingles of {shingle_len}");
            }
        }
    }

    #[test]
    fn text_without_repeats_is_mostly_passed_over() {
        let texts: Vec<String> = (0..200).map(|n| words(n * 1000..n * 1000 + 400)).collect();
        let sketches = sketch(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let flagged = (0..200).filter(|&n| sketches.may_repeat(DocId::new(n))).count();
        assert!(flagged < 60, "{flagged} of 200");
    }

    #[test]
    fn a_text_without_shingles_has_no_postings() {
        let (tokens, _, _, _, postings) = row(&sketch(&["one two three four"]), 0);
        assert_eq!((tokens, postings.len()), (4, 0));
    }
}
