//! Postings and signatures outside of memory, and both places as one.
//!
//! Under a budget, the columns of some chunks at a time are written out: a
//! *batch* has the postings of its chunks partition by partition, so that a
//! partition of a whole collection is read in as many pieces as there are
//! batches. In memory stay 1 KiB a batch and 8 bytes a chunk.

use super::posting::{PARTITIONS, Posting, Postings};
use crate::spill::Spill;
use crate::spill::file::SpillFile;

/// Bytes of a posting.
const POSTING_BYTES: usize = size_of::<u64>();

/// Bytes of the number of postings that a chunk has in a partition.
const COUNT_BYTES: usize = size_of::<u32>();

/// The postings of all documents, wherever they lie.
#[derive(Debug)]
pub enum Parts<'s> {
    /// In memory: by the number of the first document of each chunk.
    Held(Vec<(usize, &'s Postings)>),
    /// In a temporary file.
    Spilled(&'s SpilledPostings),
}

impl Parts<'_> {
    /// How many postings a partition has.
    pub(crate) fn count(&self, partition: usize) -> usize {
        match self {
            Self::Held(chunks) => {
                chunks.iter().map(|(_, postings)| postings.partition(partition).len()).sum()
            }
            Self::Spilled(spilled) => spilled.batches.iter().map(|batch| batch.count(partition)).sum(),
        }
    }

    /// Hands out the postings of a partition, chunk by chunk, with the number
    /// of the first document of each.
    pub(crate) fn each(&self, partition: usize, mut of_chunk: impl FnMut(usize, &[Posting])) {
        match self {
            Self::Held(chunks) => {
                chunks.iter().for_each(|(first, postings)| of_chunk(*first, postings.partition(partition)));
            }
            Self::Spilled(spilled) => {
                let (mut bytes, mut postings) = (Vec::new(), Vec::new());
                for batch in &spilled.batches {
                    spilled.read(batch, partition, &mut bytes, &mut postings);
                    let counts = bytes.chunks_exact(COUNT_BYTES).map(count);
                    let mut rest = &postings[..];
                    for (first, count) in batch.firsts.iter().zip(counts) {
                        let (own, others) = rest.split_at(count.min(rest.len()));
                        of_chunk(*first, own);
                        rest = others;
                    }
                }
            }
        }
    }
}

/// Some chunks in the file.
#[derive(Debug)]
struct Batch {
    /// The number of the first document of each chunk.
    firsts: Vec<usize>,
    /// Where the postings begin; the counts of each partition are behind them.
    offset: u64,
    /// Where each partition ends, in postings.
    ends: Vec<u32>,
}

impl Batch {
    fn start(&self, partition: usize) -> usize {
        partition.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    fn count(&self, partition: usize) -> usize {
        self.ends[partition] as usize - self.start(partition)
    }
}

/// Postings in a temporary file.
#[derive(Debug)]
pub struct SpilledPostings {
    file: SpillFile,
    batches: Vec<Batch>,
}

impl SpilledPostings {
    /// None yet.
    pub(crate) fn new(spill: &Spill) -> Self {
        Self { file: SpillFile::new(spill), batches: Vec::new() }
    }

    /// The budget it is under.
    pub(crate) fn spill(&self) -> &Spill {
        self.file.spill()
    }

    /// Writes out the postings of some chunks, by the number of the first
    /// document of each; they come behind those so far.
    pub(crate) fn push(&mut self, chunks: &[(usize, &Postings)]) {
        let mut ends = Vec::with_capacity(PARTITIONS);
        let mut all = 0;
        for partition in 0..PARTITIONS {
            all += chunks.iter().map(|(_, postings)| postings.partition(partition).len()).sum::<usize>();
            ends.push(u32::try_from(all).expect("a batch has fewer than 2^32 postings"));
        }
        if all == 0 {
            return;
        }
        let counts = PARTITIONS * chunks.len() * COUNT_BYTES;
        let mut bytes = Vec::with_capacity(all * POSTING_BYTES + counts);
        for partition in 0..PARTITIONS {
            for posting in chunks.iter().flat_map(|(_, postings)| postings.partition(partition)) {
                bytes.extend_from_slice(&posting.word().to_le_bytes());
            }
        }
        for partition in 0..PARTITIONS {
            for (_, postings) in chunks {
                bytes.extend_from_slice(&(postings.partition(partition).len() as u32).to_le_bytes());
            }
        }
        let firsts = chunks.iter().map(|(first, _)| *first).collect();
        self.batches.push(Batch { firsts, offset: self.file.append(&bytes), ends });
    }

    /// Reads the counts of the chunks of a batch and their postings.
    fn read(&self, batch: &Batch, partition: usize, bytes: &mut Vec<u8>, postings: &mut Vec<Posting>) {
        bytes.resize(batch.count(partition) * POSTING_BYTES, 0);
        self.file.read(batch.offset + (batch.start(partition) * POSTING_BYTES) as u64, bytes);
        postings.clear();
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes were cut off"));
        postings.extend(bytes.chunks_exact(POSTING_BYTES).map(|bytes| Posting::of_word(word(bytes))));
        let counts = batch.firsts.len() * COUNT_BYTES;
        let all = batch.ends.last().map_or(0, |&end| end as usize) * POSTING_BYTES;
        bytes.resize(counts, 0);
        self.file.read(batch.offset + (all + partition * counts) as u64, bytes);
    }
}

fn count(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes.try_into().expect("four bytes were cut off")) as usize
}

/// Signatures in a temporary file.
#[derive(Debug)]
pub(super) struct SpilledSignatures {
    file: SpillFile,
    /// Where those of each chunk begin.
    offsets: Vec<u64>,
}

impl SpilledSignatures {
    pub(super) fn new(spill: &Spill) -> Self {
        Self { file: SpillFile::new(spill), offsets: Vec::new() }
    }

    /// Writes out the signatures of the next chunk.
    pub(super) fn push(&mut self, signatures: &[u64]) {
        let bytes: Vec<u8> = signatures.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.offsets.push(self.file.append(&bytes));
    }

    /// The signature of so many words at a place of a chunk.
    pub(super) fn read(&self, chunk: usize, at: usize, words: usize) -> Vec<u64> {
        let mut signature = vec![0u64; words];
        self.read_from(self.offsets[chunk] + (at * words * size_of::<u64>()) as u64, &mut signature);
        signature
    }

    /// Fills `signatures` with those of a chunk.
    pub(super) fn read_chunk(&self, chunk: usize, signatures: &mut [u64]) {
        self.read_from(self.offsets[chunk], signatures);
    }

    fn read_from(&self, offset: u64, words: &mut [u64]) {
        self.file.read(offset, bytemuck::cast_slice_mut(words));
        words.iter_mut().for_each(|word| *word = u64::from_le(*word));
    }
}
