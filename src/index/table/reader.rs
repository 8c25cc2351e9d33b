//! Reading a table: a key at a time, or all entries in order.

use super::{Entry, Table};
use crate::error::Error;
use crate::index::blocks::{BlockFile, broken, le};

/// Bytes up to which a bucket is read as a whole.
const WHOLE_BUCKET: u64 = 16 << 10;

/// Entries that are read ahead where all are read.
const READ_AHEAD: u64 = 8192;

/// Bytes that are read at once where keys lie so near each other that all of
/// them are needed: to ask for a block costs as much as to copy four.
const WINDOW: u64 = 64 << 10;

/// Bytes of a table for each key that is looked up, up to which all of it is
/// read: a block.
const NEAR: u64 = 4096;

/// The first and the last entries of a key that are given, at most; what is
/// joined in full has fewer.
pub(super) const HEAD: u64 = 128;
/// See [`HEAD`].
pub(super) const TAIL: u64 = 32;

/// Bytes behind the window, so that what lies in it can be read eight at a time.
const SLACK: usize = 8;

/// What a table has of a key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::index) struct Found {
    /// How many entries there are.
    pub(in crate::index) total: u64,
    /// Documents and what stands beside: the first and the last of them.
    pub(in crate::index) entries: Vec<(u32, u16)>,
}

/// Reads a table, at best in the order of its keys.
pub(in crate::index) struct TableReader<'t> {
    file: &'t BlockFile,
    table: &'t Table,
    /// What was read, and [`SLACK`] bytes.
    pub(super) window: Vec<u8>,
    /// Where the window begins.
    start: u64,
    /// Where it ends.
    end: u64,
    /// Bytes that are read from a bucket on.
    ahead: u64,
    /// The bucket that was looked at last, where its entries are as they were
    /// then: several keys of a batch lie in one.
    bucket: Option<Bucket>,
}

/// A bucket of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bucket {
    number: u64,
    /// Its first entry, and the one behind its last.
    low: u64,
    high: u64,
    /// Whether all of it is in the window.
    is_whole: bool,
}

impl<'t> TableReader<'t> {
    /// A reader at nowhere.
    pub(in crate::index) fn new(file: &'t BlockFile, table: &'t Table) -> Self {
        Self { file, table, window: Vec::new(), start: 0, end: 0, ahead: 0, bucket: None }
    }

    /// The same for so many keys of any kind, which are looked up in their order,
    /// by this reader and others.
    pub(in crate::index) fn for_keys(mut self, keys: usize) -> Self {
        let bytes = self.table.end_byte(self.table.len()) - self.table.byte(0);
        if bytes <= NEAR * keys as u64 {
            self.ahead = WINDOW;
        }
        self
    }

    /// What there is of a key; `found` is overwritten.
    pub(in crate::index) fn find(&mut self, key: u64, found: &mut Found) -> Result<(), Error> {
        found.total = 0;
        found.entries.clear();
        let rest_bits = self.table.key_bits - self.table.bucket_bits;
        let number = key >> rest_bits;
        let Bucket { low, high, is_whole, .. } = match self.bucket {
            Some(bucket) if bucket.number == number => bucket,
            _ => self.begin_bucket(number)?,
        };
        if low >= high {
            return Ok(());
        }
        let rest = key & ((1 << rest_bits) - 1);
        let (first, end) = if is_whole {
            let rests = Rests::new(self);
            // Keys are hashes, so that what is left of one says where it stands.
            let guess = low + ((u128::from(rest) * u128::from(high - low)) >> rest_bits) as u64;
            let first = rests.first_from(rest, guess, (low, high));
            if first == high || rests.at(first) != rest {
                return Ok(());
            }
            (first, rests.first_from(rest + 1, first + 1, (first, high)))
        } else {
            let first = self.halve(rest, (low, high))?;
            if first == high || self.rest(first)? != rest {
                return Ok(());
            }
            (first, self.halve(rest + 1, (first, high))?)
        };
        found.total = end - first;
        let head_end = if end - first <= HEAD + TAIL { end } else { first + HEAD };
        for at in (first..head_end).chain((end - TAIL.min(end - head_end))..end) {
            let entry = self.word(at)?;
            let document = entry >> self.table.beside_bits & ((1 << self.table.document_bits) - 1);
            found.entries.push((document as u32, (entry & ((1 << self.table.beside_bits) - 1)) as u16));
        }
        Ok(())
    }

    /// Goes to a bucket; where it is small, all of it is in the window then.
    fn begin_bucket(&mut self, number: u64) -> Result<Bucket, Error> {
        let start = |number: u64| self.table.starts.get(number as usize).map(|&start| u64::from(start));
        let (low, high) = start(number).zip(start(number + 1)).unwrap_or((0, 0));
        let is_small = low < high && self.table.end_byte(high) - self.table.byte(low) <= WHOLE_BUCKET;
        let is_whole = is_small && self.table.key_bits - self.table.bucket_bits <= Rests::MOST_BITS;
        if is_whole {
            self.load(low, high)?;
        }
        let bucket = Bucket { number, low, high, is_whole };
        self.bucket = Some(bucket);
        Ok(bucket)
    }

    /// All entries whose keys have these upper bits, in order.
    pub(in crate::index) fn part(
        &mut self,
        part: u64,
        part_bits: u32,
        out: &mut Vec<Entry>,
    ) -> Result<(), Error> {
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
    /// `high`, by halving.
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
        if byte < self.start || end > self.end {
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
        from < self.start || to > self.end
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
        let table_end = self.table.end_byte(self.table.len()).min(self.file.bytes());
        let to = to.max(table_end.min(from + self.ahead));
        // Nothing is in it if that fails.
        self.end = 0;
        self.bucket = None;
        self.start = self.file.read_blocks(from, to, &mut self.window)?;
        self.end = self.start + self.window.len() as u64;
        self.window.resize(self.window.len() + SLACK, 0);
        Ok(())
    }
}

/// What is left of the keys of the entries in a window.
struct Rests<'w> {
    window: &'w [u8],
    /// Bits from the beginning of the window to the rest of the first entry of
    /// the table, which may lie before it.
    origin: i64,
    width: i64,
    mask: u64,
}

impl<'w> Rests<'w> {
    /// Bits of a rest that lie in eight bytes, wherever they begin.
    const MOST_BITS: u32 = 57;

    fn new(reader: &'w TableReader<'_>) -> Self {
        let TableReader { table, window, start, .. } = reader;
        let rest_bits = table.key_bits - table.bucket_bits;
        let bits = |byte: u64| byte as i64 * 8;
        Self {
            window,
            origin: bits(table.offset) - bits(*start) + i64::from(table.document_bits + table.beside_bits),
            width: i64::from(table.width()),
            mask: (1 << rest_bits) - 1,
        }
    }

    /// The rest of an entry in the window.
    #[inline]
    fn at(&self, entry: u64) -> u64 {
        let bit = (self.origin + entry as i64 * self.width) as usize;
        u64::from_le_bytes(le(&self.window[bit / 8..])) >> (bit % 8) & self.mask
    }

    /// The first of the entries `low..high` whose rest is not less than `rest`, or
    /// `high`: looked for in steps that double away from `guess`, then by halving.
    /// O(log d) for a guess that is d entries away.
    #[inline]
    fn first_from(&self, rest: u64, guess: u64, (mut low, mut high): (u64, u64)) -> u64 {
        let mut step = 1;
        if guess < high && self.at(guess) < rest {
            low = guess + 1;
            while low + step < high {
                if self.at(low + step) >= rest {
                    high = low + step;
                    break;
                }
                low += step + 1;
                step *= 2;
            }
        } else {
            high = guess.min(high);
            while low + step <= high {
                if self.at(high - step) < rest {
                    low = high - step + 1;
                    break;
                }
                high -= step;
                step *= 2;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.at(middle) < rest {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
