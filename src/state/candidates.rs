//! The pairs worth comparing, and what else of sketches is asked for later.

use super::stage::{StageReader, StageWriter};
use super::{State, remove};
use crate::candidates::CandidatePair;
use crate::document::DocId;
use crate::error::Error;
use crate::params::Params;
use crate::sketch::{Chunk, Sketches};

/// The name of the stage.
pub(super) const NAME: &str = "candidates";

/// Bytes of a pair.
const PAIR_BYTES: usize = 8;

/// Bytes that are kept of the sketch of a document: tokens, digest, whether it
/// may repeat itself, whether it is noisy.
const ROW_BYTES: usize = 4 + 16 + 1 + 1;

/// What is known when candidates are found.
#[derive(Debug)]
pub(crate) struct KeptCandidates {
    /// Numbers of tokens, digests, and what may repeat.
    pub(crate) sketches: Sketches,
    /// By document: whether it was misread.
    pub(crate) is_noisy: Vec<bool>,
    /// The pairs, in order.
    pub(crate) pairs: Vec<CandidatePair>,
}

impl State {
    /// Keeps the candidates of a run.
    pub(crate) fn keep_candidates(
        &self,
        sketches: &Sketches,
        is_noisy: &[bool],
        pairs: &[CandidatePair],
    ) -> Result<(), Error> {
        remove(&self.path(super::compared::NAME))?;
        let mut writer = StageWriter::create(&self.path(NAME), self.spill());
        writer.number(sketches.len() as u64);
        for (document, is_noisy) in (0..sketches.len()).map(DocId::new).zip(is_noisy) {
            let tokens =
                u32::try_from(sketches.tokens(document)).expect("a document has fewer than 2^32 tokens");
            writer.bytes(&tokens.to_le_bytes());
            writer.bytes(&sketches.digest(document).to_le_bytes());
            writer.bytes(&[u8::from(sketches.may_repeat(document)), u8::from(*is_noisy)]);
        }
        writer.number(pairs.len() as u64);
        for (a, b) in pairs {
            writer.bytes(&a.as_u32().to_le_bytes());
            writer.bytes(&b.as_u32().to_le_bytes());
        }
        writer.finish();
        self.spill().check()
    }

    /// The candidates of so many documents, if they were found.
    pub(crate) fn candidates(&self, documents: usize, params: &Params) -> Option<KeptCandidates> {
        let mut reader = StageReader::open(&self.path(NAME))?;
        if reader.number()? != documents as u64 {
            return None;
        }
        let mut chunks = Vec::new();
        let mut is_noisy = Vec::with_capacity(documents);
        let chunk_len = Sketches::chunk_len(documents);
        for first in (0..documents).step_by(chunk_len) {
            let count = chunk_len.min(documents - first);
            let rows = reader.bytes((count * ROW_BYTES) as u64)?;
            let mut rest = &rows[..];
            let mut of_row = |rest: &mut &[u8]| {
                let (row, behind) = rest.split_at(ROW_BYTES);
                *rest = behind;
                let (tokens, row) = row.split_at(4);
                let (digest, flags) = row.split_at(16);
                is_noisy.push(flags[1] == 1);
                let tokens = u32::from_le_bytes(tokens.try_into().expect("four bytes were cut off"));
                let digest = u128::from_le_bytes(digest.try_into().expect("sixteen bytes were cut off"));
                (tokens, digest, flags[0] == 1)
            };
            chunks.push(Chunk::of_rows((0..count).map(|_| of_row(&mut rest)).collect()));
        }
        let count = reader.number()?;
        let bytes = reader.bytes(count.checked_mul(PAIR_BYTES as u64)?)?;
        if !reader.is_whole() {
            return None;
        }
        let number = |bytes: &[u8]| {
            DocId::from(u32::from_le_bytes(bytes.try_into().expect("four bytes were cut off")))
        };
        let pairs = bytes.chunks_exact(PAIR_BYTES).map(|pair| (number(&pair[..4]), number(&pair[4..])));
        let pairs = pairs.collect();
        Some(KeptCandidates { sketches: Sketches::new(params, chunks), is_noisy, pairs })
    }
}
