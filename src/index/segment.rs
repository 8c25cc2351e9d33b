//! Segments: what is kept of some documents to find those that may be like
//! another, in a file that is written once.
//!
//! A row of fixed width for each document, its signature, and five sorted
//! tables ([`super::table`]): bands of signatures, fingerprints, triples,
//! digests of tokens, ids. Documents have the numbers that the index gives them
//! in the order of adding; in a segment they follow each other by number, and
//! tables name them by their place.

use std::path::Path;
use std::sync::OnceLock;

use super::blocks::{BlockFile, BlockWriter, broken, le};
use super::pack::Location;
use super::table::{Entry, Table, TableReader, TableWriter};
use crate::error::Error;

/// Bytes of a [`Row`].
pub(super) const ROW_BYTES: usize = 86;

/// Rows that are read and kept together: less than a block of them.
const PAGE_ROWS: u32 = 32;

/// Rows of a segment that may be kept, the first so many: 3.7 MB. Documents that
/// share a key with many others are asked for again and again.
const KEPT_ROWS: u32 = 1 << 15;

/// The tables of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The bands of signatures.
    Bands,
    /// The fingerprints with their contexts.
    Fingerprints,
    /// The triples with their places.
    Triples,
    /// The digests of the token sequences.
    Digests,
    /// The digests of the ids.
    Ids,
}

impl Kind {
    /// All of them, in the order in which they lie.
    pub(super) const ALL: [Self; 5] =
        [Self::Bands, Self::Fingerprints, Self::Triples, Self::Digests, Self::Ids];

    /// Bits of a key, for signatures of so many bands, and of what stands beside.
    pub(super) fn bits(self, bands: usize) -> (u32, u32) {
        match self {
            Self::Bands => (u32::BITS + band_bits(bands), 0),
            Self::Fingerprints | Self::Triples => (48, 16),
            Self::Digests | Self::Ids => (DIGEST_BITS, 0),
        }
    }
}

/// Bits of a digest by which documents are looked up; all of it is compared
/// then.
const DIGEST_BITS: u32 = 40;

/// The key under which a digest is looked up.
pub(super) fn digest_key(digest: u128) -> u64 {
    (digest >> (u128::BITS - DIGEST_BITS)) as u64
}

/// Bits that number so many bands.
pub(super) fn band_bits(bands: usize) -> u32 {
    bands.next_power_of_two().ilog2()
}

/// What is known of a document without its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// How many tokens it has.
    pub(super) tokens: u32,
    /// Bytes of its text.
    pub(super) bytes: u32,
    /// The digest of its tokens.
    pub(super) digest: u128,
    /// The digest of its text.
    pub(super) text: u128,
    /// The digest of its id.
    pub(super) id: u128,
    /// Where it lies.
    pub(super) location: Location,
    /// When it was added, in seconds since 1970.
    pub(super) added: i64,
    /// The last second at which it may have been published, if that is known.
    pub(super) published: Option<i64>,
}

impl Row {
    fn encode(&self, out: &mut Vec<u8>) {
        let before = out.len();
        out.extend_from_slice(&self.tokens.to_le_bytes());
        out.extend_from_slice(&self.bytes.to_le_bytes());
        for digest in [self.digest, self.text, self.id] {
            out.extend_from_slice(&digest.to_le_bytes());
        }
        out.extend_from_slice(&self.location.pack.to_le_bytes());
        out.extend_from_slice(&self.location.offset.to_le_bytes());
        out.extend_from_slice(&self.location.slot.to_le_bytes());
        out.extend_from_slice(&self.added.to_le_bytes());
        out.extend_from_slice(&self.published.unwrap_or(i64::MIN).to_le_bytes());
        out.resize(before + ROW_BYTES, 0);
    }

    fn decode(bytes: &[u8]) -> Self {
        let word = |at: usize| u32::from_le_bytes(le(&bytes[at..]));
        let digest = |at: usize| u128::from_le_bytes(le(&bytes[at..]));
        let second = |at: usize| i64::from_le_bytes(le(&bytes[at..]));
        Self {
            tokens: word(0),
            bytes: word(4),
            digest: digest(8),
            text: digest(24),
            id: digest(40),
            location: Location {
                pack: word(56),
                offset: u64::from_le_bytes(le(&bytes[60..])),
                slot: u16::from_le_bytes(le(&bytes[68..])),
            },
            added: second(70),
            published: Some(second(78)).filter(|&second| second != i64::MIN),
        }
    }
}

/// What a segment is written from.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    /// The number of its first document; others follow without a gap.
    pub(super) first: u32,
    /// By document.
    pub(super) rows: Vec<Row>,
    /// Packed signatures, one behind the other.
    pub(super) signatures: Vec<u64>,
    /// The tables, each sorted, by [`Kind`].
    pub(super) tables: [Vec<Entry>; 5],
}

/// How the documents of an index are sketched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Bands of a signature.
    pub(super) bands: usize,
    /// Words of a packed signature.
    pub(super) words: usize,
    /// A checksum of all parameters.
    pub(super) params: u64,
}

/// Writes a segment; gives its length and the checksum that stands for it.
pub(super) fn write(path: &Path, contents: &Contents, shape: Shape) -> Result<(u64, u64), Error> {
    let count = contents.rows.len() as u32;
    let mut writer = Writer::create(path, shape, &[(contents.first, count)])?;
    contents.rows.iter().try_for_each(|row| writer.row(row))?;
    writer.signatures(&contents.signatures)?;
    for (kind, entries) in Kind::ALL.into_iter().zip(&contents.tables) {
        let mut table = writer.table(kind, entries.len() as u64);
        entries.iter().try_for_each(|&entry| table.push(entry))?;
        let table = table.finish()?;
        writer.add(&table);
    }
    writer.finish()
}

/// Writes a segment in the order in which it lies.
pub(super) struct Writer {
    file: BlockWriter,
    shape: Shape,
    documents: u32,
    directory: Vec<u8>,
    buffer: Vec<u8>,
}

impl Writer {
    /// A new segment of documents with these numbers: first ones, and how many
    /// follow without a gap.
    pub(super) fn create(path: &Path, shape: Shape, runs: &[(u32, u32)]) -> Result<Self, Error> {
        let mut directory = Vec::new();
        let documents = runs.iter().map(|(_, count)| count).sum();
        directory.extend_from_slice(&shape.params.to_le_bytes());
        let words = [shape.bands as u32, shape.words as u32, documents, runs.len() as u32];
        words.iter().for_each(|word| directory.extend_from_slice(&word.to_le_bytes()));
        for (first, count) in runs {
            directory.extend_from_slice(&first.to_le_bytes());
            directory.extend_from_slice(&count.to_le_bytes());
        }
        let file = BlockWriter::create(path)?;
        directory.extend_from_slice(&file.bytes().to_le_bytes());
        Ok(Self { file, shape, documents, directory, buffer: Vec::new() })
    }

    /// Writes the next row.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Error> {
        self.buffer.clear();
        row.encode(&mut self.buffer);
        self.file.put(&self.buffer)
    }

    /// Writes the next signatures, behind all rows.
    pub(super) fn signatures(&mut self, words: &[u64]) -> Result<(), Error> {
        for words in words.chunks(1 << 12) {
            self.buffer.clear();
            words.iter().for_each(|word| self.buffer.extend_from_slice(&word.to_le_bytes()));
            self.file.put(&self.buffer)?;
        }
        Ok(())
    }

    /// Begins the next table, for at most so many entries.
    pub(super) fn table(&mut self, kind: Kind, entries: u64) -> TableWriter<'_> {
        TableWriter::new(&mut self.file, kind.bits(self.shape.bands), self.documents, entries)
    }

    /// Notes a table that was written.
    pub(super) fn add(&mut self, table: &Table) {
        table.encode(&mut self.directory);
    }

    /// Ends the segment; gives its length and the checksum that stands for it.
    pub(super) fn finish(self) -> Result<(u64, u64), Error> {
        self.file.finish(&self.directory)
    }
}

/// A segment that is read.
#[derive(Debug)]
pub(super) struct Segment {
    file: BlockFile,
    shape: Shape,
    /// The first number of each run of documents, its place, and its length.
    runs: Vec<(u32, u32, u32)>,
    documents: u32,
    rows: u64,
    tables: Vec<Table>,
    /// Rows that were asked for one by one, read and checked once, by page.
    pages: Vec<OnceLock<Box<[Row]>>>,
}

impl Segment {
    /// Opens the segment at `path`.
    pub(super) fn open(path: &Path, shape: Shape) -> Result<Self, Error> {
        let (file, directory) = BlockFile::open(path)?;
        let segment = Self::of(file, &directory).ok_or_else(|| broken(path, "has a broken directory"))?;
        if segment.shape != shape {
            return Err(broken(path, "was made with other parameters than the index"));
        }
        Ok(segment)
    }

    fn of(file: BlockFile, directory: &[u8]) -> Option<Self> {
        let (params, rest) = directory.split_first_chunk::<8>()?;
        let mut rest = rest;
        let mut word = || {
            let (word, behind) = rest.split_first_chunk::<4>()?;
            rest = behind;
            Some(u32::from_le_bytes(*word))
        };
        let (bands, words, documents, count) = (word()?, word()?, word()?, word()?);
        let mut runs = Vec::new();
        let mut place = 0;
        for _ in 0..count {
            let (first, length) = (word()?, word()?);
            runs.push((first, place, length));
            place += length;
        }
        let rows = u64::from(word()?) | u64::from(word()?) << 32;
        let tables = Kind::ALL.iter().map(|_| Table::decode(&mut rest)).collect::<Option<Vec<Table>>>()?;
        let shape =
            Shape { bands: bands as usize, words: words as usize, params: u64::from_le_bytes(*params) };
        let pages = documents.min(KEPT_ROWS).div_ceil(PAGE_ROWS);
        let pages = (0..pages).map(|_| OnceLock::new()).collect();
        (place == documents).then_some(Self { file, shape, runs, documents, rows, tables, pages })
    }

    /// The file below it.
    pub(super) fn file(&self) -> &BlockFile {
        &self.file
    }

    /// How many documents it has, those that are gone too.
    pub(super) fn len(&self) -> u32 {
        self.documents
    }

    /// The first numbers of the runs of its documents, with their places and
    /// lengths.
    pub(super) fn runs(&self) -> &[(u32, u32, u32)] {
        &self.runs
    }

    /// Bytes that are held in memory for it.
    pub(super) fn resident_bytes(&self) -> usize {
        let rows =
            self.pages.iter().filter_map(OnceLock::get).map(|rows| size_of_val(&**rows)).sum::<usize>();
        let pages = self.pages.len() * size_of::<OnceLock<Box<[Row]>>>();
        let tables = self.tables.iter().map(Table::resident_bytes).sum::<usize>();
        self.file.resident_bytes() + tables + pages + rows
    }

    /// The number of the document at a place.
    pub(super) fn number(&self, place: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.1 <= place).checked_sub(1)?;
        let (first, start, length) = self.runs[at];
        (place - start < length).then(|| first + (place - start))
    }

    /// The place of the document with a number.
    pub(super) fn place(&self, number: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.0 <= number).checked_sub(1)?;
        let (first, start, length) = self.runs[at];
        (number - first < length).then(|| start + (number - first))
    }

    /// The rows of some documents that follow each other.
    pub(super) fn rows(&self, from: u32, to: u32) -> Result<Vec<Row>, Error> {
        let byte = |place: u32| self.rows + u64::from(place) * ROW_BYTES as u64;
        let bytes = self.file.read(byte(from), byte(to))?;
        Ok(bytes.chunks_exact(ROW_BYTES).map(Row::decode).collect())
    }

    /// The row of a document.
    pub(super) fn row(&self, place: u32) -> Result<Row, Error> {
        let (page, at) = (place / PAGE_ROWS, (place % PAGE_ROWS) as usize);
        let lacks = || broken(self.file.path(), "lacks a document");
        let Some(kept) = self.pages.get(page as usize) else {
            return self.rows(place, place + 1)?.first().copied().ok_or_else(lacks);
        };
        if let Some(rows) = kept.get() {
            return rows.get(at).copied().ok_or_else(lacks);
        }
        let first = page * PAGE_ROWS;
        let rows = self.rows(first, self.documents.min(first + PAGE_ROWS))?;
        let row = rows.get(at).copied().ok_or_else(lacks);
        // Another thread may have kept the same meanwhile.
        let _ = kept.set(rows.into_boxed_slice());
        row
    }

    /// The signatures of some documents that follow each other.
    pub(super) fn signatures(&self, from: u32, to: u32) -> Result<Vec<u64>, Error> {
        let start = self.rows + u64::from(self.documents) * ROW_BYTES as u64;
        let byte = |place: u32| start + u64::from(place) * (self.shape.words * size_of::<u64>()) as u64;
        let bytes = self.file.read(byte(from), byte(to))?;
        Ok(bytes.chunks_exact(8).map(|word| u64::from_le_bytes(le(word))).collect())
    }

    /// One of its tables.
    pub(super) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind as usize]
    }

    /// A reader of one of its tables.
    pub(super) fn reader(&self, kind: Kind) -> TableReader<'_> {
        TableReader::new(&self.file, self.table(kind))
    }
}
