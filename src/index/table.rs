//! Sorted tables of keys and the documents that have them, packed by the bit.
//!
//! A key is a hash, so that its upper bits alone say about where in the sorted
//! table it stands: the table is cut into buckets by them, and the places of
//! the buckets are held in memory (one number of 32 bits for 128 entries). An
//! entry is then what is left of its key, its document within the segment, and
//! up to 16 bits beside (the contexts of a fingerprint, the place of a triple),
//! each as wide as needed: 66 bits for a fingerprint among nine million where
//! a row of its parts would have 112 (after quotienting, Knuth 6.4; Bender et
//! al. 2012). A key is looked up in one read of a bucket, a kilobyte; keys that
//! come in order read each block once. Entries of a key that very many documents
//! have are not all read: their number is found by halving.

mod reader;

use super::blocks::BlockWriter;
use crate::error::Error;

pub(super) use self::reader::{Found, TableReader};

/// Entries of a bucket, on average.
const IN_BUCKET: u64 = 128;

/// A key, a document and what stands beside, in the order of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u128);

impl Entry {
    /// An entry of its parts.
    pub(super) fn new(key: u64, document: u32, beside: u16) -> Self {
        Self(u128::from(key) << 48 | u128::from(document) << 16 | u128::from(beside))
    }

    /// The key.
    pub(super) fn key(self) -> u64 {
        (self.0 >> 48) as u64
    }

    /// The document.
    pub(super) fn document(self) -> u32 {
        (self.0 >> 16) as u32
    }

    /// What stands beside.
    pub(super) fn beside(self) -> u16 {
        self.0 as u16
    }
}

/// How a table lies in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// Bits of a key.
    key_bits: u32,
    /// Bits of what stands beside.
    beside_bits: u32,
    /// Bits of a document.
    document_bits: u32,
    /// Upper bits of a key that name its bucket.
    bucket_bits: u32,
    /// Where it begins.
    offset: u64,
    /// Where each bucket begins, in entries, and the end.
    starts: Vec<u32>,
}

/// Writes a table behind what a file has.
pub(super) struct TableWriter<'w> {
    table: Table,
    file: &'w mut BlockWriter,
    pending: u128,
    pending_bits: u32,
    buffer: Vec<u8>,
    entries: u64,
}

impl<'w> TableWriter<'w> {
    /// For at most so many entries of at most so many documents.
    pub(super) fn new(
        file: &'w mut BlockWriter,
        (key_bits, beside_bits): (u32, u32),
        documents: u32,
        entries: u64,
    ) -> Self {
        let bucket_bits = (entries / IN_BUCKET).max(1).ilog2().min(key_bits.min(24));
        let table = Table {
            key_bits,
            beside_bits,
            document_bits: u32::BITS - documents.leading_zeros(),
            bucket_bits,
            offset: file.bytes(),
            starts: Vec::with_capacity((1 << bucket_bits) + 1),
        };
        Self { table, file, pending: 0, pending_bits: 0, buffer: Vec::new(), entries: 0 }
    }

    /// Adds an entry; they come in order.
    pub(super) fn push(&mut self, entry: Entry) -> Result<(), Error> {
        let Table { key_bits, beside_bits, document_bits, bucket_bits, .. } = self.table;
        let rest_bits = key_bits - bucket_bits;
        self.begin_buckets(entry.key() >> rest_bits);
        let rest = u128::from(entry.key() & ((1 << rest_bits) - 1));
        let word = (rest << document_bits | u128::from(entry.document())) << beside_bits;
        let word = word | u128::from(entry.beside()) & ((1 << beside_bits) - 1);
        self.pending |= word << self.pending_bits;
        self.pending_bits += self.table.width();
        // Whole bytes, of which there are fewer than there is room for.
        let whole = self.pending_bits / u8::BITS;
        let end = self.buffer.len() + whole as usize;
        self.buffer.extend_from_slice(&self.pending.to_le_bytes());
        self.buffer.truncate(end);
        self.pending >>= whole * u8::BITS;
        self.pending_bits -= whole * u8::BITS;
        self.entries += 1;
        if self.buffer.len() >= 1 << 16 {
            self.file.put(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> Result<Table, Error> {
        self.begin_buckets(1 << self.table.bucket_bits);
        self.buffer.push(self.pending as u8);
        self.file.put(&self.buffer)?;
        Ok(self.table)
    }

    fn begin_buckets(&mut self, bucket: u64) {
        let start = u32::try_from(self.entries).expect("segments are not merged beyond 2^32 entries");
        while self.table.starts.len() as u64 <= bucket {
            self.table.starts.push(start);
        }
    }
}

impl Table {
    /// How many entries it has.
    pub(super) fn len(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0).into()
    }

    /// Bytes that are held in memory for it.
    pub(super) fn resident_bytes(&self) -> usize {
        self.starts.len() * size_of::<u32>()
    }

    /// Its shape as bytes.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        for bits in [self.key_bits, self.beside_bits, self.document_bits, self.bucket_bits] {
            out.extend_from_slice(&bits.to_le_bytes());
        }
        out.extend_from_slice(&self.offset.to_le_bytes());
        self.starts.iter().for_each(|start| out.extend_from_slice(&start.to_le_bytes()));
    }

    /// A shape that [`encode`](Self::encode) wrote, taken off `bytes`.
    pub(super) fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut word = || {
            let (word, rest) = bytes.split_first_chunk::<4>()?;
            *bytes = rest;
            Some(u32::from_le_bytes(*word))
        };
        let [key_bits, beside_bits, document_bits, bucket_bits] = [word()?, word()?, word()?, word()?];
        let offset = u64::from(word()?) | u64::from(word()?) << 32;
        if bucket_bits > 24
            || bucket_bits > key_bits
            || key_bits > 64
            || document_bits > 32
            || beside_bits > 16
        {
            return None;
        }
        let starts = (0..=1u32 << bucket_bits).map(|_| word()).collect::<Option<Vec<u32>>>()?;
        Some(Self { key_bits, beside_bits, document_bits, bucket_bits, offset, starts })
    }

    fn width(&self) -> u32 {
        self.key_bits - self.bucket_bits + self.document_bits + self.beside_bits
    }

    /// Where the bits of an entry begin, in bytes.
    fn byte(&self, entry: u64) -> u64 {
        self.offset + entry * u64::from(self.width()) / 8
    }

    /// Where the bytes end that entries up to this one need.
    fn end_byte(&self, end: u64) -> u64 {
        self.offset + (end * u64::from(self.width())).div_ceil(8)
    }
}

#[cfg(test)]
mod tests;
