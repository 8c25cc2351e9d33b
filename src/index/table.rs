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

use super::blocks::{BlockFile, BlockWriter, broken};
use crate::error::Error;

/// Entries of a bucket, on average.
const IN_BUCKET: u64 = 128;

/// Bytes up to which a bucket is read as a whole.
const WHOLE_BUCKET: u64 = 16 << 10;

/// Entries that are read ahead where all are read.
const READ_AHEAD: u64 = 8192;

/// The first and the last entries of a key that are given, at most; what is
/// joined in full has fewer.
const HEAD: u64 = 128;
/// See [`HEAD`].
const TAIL: u64 = 32;

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

/// What a table has of a key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// How many entries there are.
    pub(super) total: u64,
    /// Documents and what stands beside: the first and the last of them.
    pub(super) entries: Vec<(u32, u16)>,
}

/// Reads a table, at best in the order of its keys.
pub(super) struct TableReader<'t> {
    file: &'t BlockFile,
    table: &'t Table,
    window: Vec<u8>,
    /// Where the window begins.
    start: u64,
}

impl<'t> TableReader<'t> {
    /// A reader at nowhere.
    pub(super) fn new(file: &'t BlockFile, table: &'t Table) -> Self {
        Self { file, table, window: Vec::new(), start: 0 }
    }

    /// What there is of a key; `found` is overwritten.
    pub(super) fn find(&mut self, key: u64, found: &mut Found) -> Result<(), Error> {
        found.total = 0;
        found.entries.clear();
        let rest_bits = self.table.key_bits - self.table.bucket_bits;
        let bucket = (key >> rest_bits) as usize;
        let (Some(&low), Some(&high)) = (self.table.starts.get(bucket), self.table.starts.get(bucket + 1))
        else {
            return Ok(());
        };
        let (low, high) = (u64::from(low), u64::from(high));
        if low >= high {
            return Ok(());
        }
        if self.table.end_byte(high) - self.table.byte(low) <= WHOLE_BUCKET {
            self.load(low, high)?;
        }
        let rest = key & ((1 << rest_bits) - 1);
        // Keys are hashes, so that what is left of one says where it stands.
        let guess = low + ((u128::from(rest) * u128::from(high - low)) >> rest_bits) as u64;
        let first = self.first_from(rest, guess, (low, high))?;
        let is_there = first < high && self.rest(first)? == rest;
        if !is_there {
            return Ok(());
        }
        let end = self.first_from(rest + 1, first + 1, (first, high))?;
        found.total = end - first;
        let head_end = if end - first <= HEAD + TAIL { end } else { first + HEAD };
        for at in (first..head_end).chain((end - TAIL.min(end - head_end))..end) {
            let entry = self.word(at)?;
            let document = entry >> self.table.beside_bits & ((1 << self.table.document_bits) - 1);
            found.entries.push((document as u32, (entry & ((1 << self.table.beside_bits) - 1)) as u16));
        }
        Ok(())
    }

    /// All entries whose keys have these upper bits, in order.
    pub(super) fn part(&mut self, part: u64, part_bits: u32, out: &mut Vec<Entry>) -> Result<(), Error> {
        let shift = self.table.bucket_bits.abs_diff(part_bits);
        let buckets = if part_bits <= self.table.bucket_bits {
            part << shift..(part + 1) << shift
        } else {
            part >> shift..(part >> shift) + 1
        };
        let rest_bits = self.table.key_bits - self.table.bucket_bits;
        let end = u64::from(self.table.starts[buckets.end as usize]);
        for bucket in buckets {
            let (low, high) = (self.table.starts[bucket as usize], self.table.starts[bucket as usize + 1]);
            let (low, high) = (u64::from(low), u64::from(high));
            if low < high && self.is_outside(low, high) {
                self.load(low, high.max(end.min(low + READ_AHEAD)))?;
            }
            for at in low..high {
                let word = self.word(at)?;
                let beside = (word & ((1 << self.table.beside_bits) - 1)) as u16;
                let document = word >> self.table.beside_bits & ((1 << self.table.document_bits) - 1);
                let rest = word >> (self.table.beside_bits + self.table.document_bits);
                let key = bucket << rest_bits | rest as u64;
                if key >> (self.table.key_bits - part_bits) == part {
                    out.push(Entry::new(key, document as u32, beside));
                }
            }
        }
        Ok(())
    }

    /// The first of the entries `low..high` whose rest is not less than `rest`, or
    /// `high`: looked for in steps that double away from `guess`, then by halving.
    /// O(log d) for a guess that is d entries away.
    fn first_from(&mut self, rest: u64, guess: u64, (mut low, mut high): (u64, u64)) -> Result<u64, Error> {
        let mut step = 1;
        if guess < high && self.rest(guess)? < rest {
            low = guess + 1;
            while low + step < high {
                if self.rest(low + step)? >= rest {
                    high = low + step;
                    break;
                }
                low += step + 1;
                step *= 2;
            }
        } else {
            high = guess.min(high);
            while low + step <= high {
                if self.rest(high - step)? < rest {
                    low = high - step + 1;
                    break;
                }
                high -= step;
                step *= 2;
            }
        }
        self.halve(rest, (low, high))
    }

    /// The same by halving alone.
    fn halve(&mut self, rest: u64, (mut low, mut high): (u64, u64)) -> Result<u64, Error> {
        while low < high {
            let middle = low + (high - low) / 2;
            if self.rest(middle)? < rest {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn rest(&mut self, entry: u64) -> Result<u64, Error> {
        Ok((self.word(entry)? >> (self.table.beside_bits + self.table.document_bits)) as u64)
    }

    #[inline]
    fn word(&mut self, entry: u64) -> Result<u128, Error> {
        let bit = entry * u64::from(self.table.width());
        let (byte, end) = (self.table.byte(entry), self.table.end_byte(entry + 1));
        if byte < self.start || end > self.start + self.window.len() as u64 {
            self.load(entry, entry + 1)?;
        }
        let window = &self.window[(byte - self.start) as usize..];
        let word = match window.first_chunk::<16>() {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => {
                let mut bytes = [0; 16];
                bytes[..window.len()].copy_from_slice(window);
                u128::from_le_bytes(bytes)
            }
        };
        let word = word >> (bit % 8);
        Ok(word & (u128::MAX >> (u128::BITS - self.table.width())))
    }

    /// Whether some entries are not all in the window.
    #[inline]
    fn is_outside(&self, low: u64, high: u64) -> bool {
        let (from, to) = (self.table.byte(low), self.table.end_byte(high));
        from < self.start || to > self.start + self.window.len() as u64
    }

    /// Brings entries into the window.
    fn load(&mut self, low: u64, high: u64) -> Result<(), Error> {
        if !self.is_outside(low, high) {
            return Ok(());
        }
        let (from, to) = (self.table.byte(low), self.table.end_byte(high));
        if to > self.file.bytes() {
            return Err(broken(self.file.path(), "names a place outside of itself"));
        }
        self.start = self.file.read_blocks(from, to, &mut self.window)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
