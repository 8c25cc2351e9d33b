//! Text packs: the documents of an index, compressed, in files that are only
//! appended to.
//!
//! Documents that follow each other share a block of about [`BLOCK_BYTES`],
//! compressed by zstd; a document is found by its pack, the place of its block,
//! and its number in it. Each block has a checksum. How much of a pack counts
//! says the catalogue: what lies behind is of a batch that was interrupted, and
//! is cut off when the next one writes.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::blocks::{broken, le, read_exact_at};
use super::record;
use crate::document::Document;
use crate::error::Error;
use crate::hash;

/// Bytes of documents in a block before it is compressed: larger ones compress
/// better, smaller ones are unpacked faster, and a block is unpacked for each
/// document that is looked at.
const BLOCK_BYTES: usize = 8 << 10;

/// Documents in a block, at most.
const BLOCK_DOCUMENTS: usize = u16::MAX as usize;

/// Bytes from which on a new pack is begun, so that packs whose documents are
/// all pruned go away.
pub(super) const PACK_BYTES: u64 = 256 << 20;

/// Compression level: zstd's own default.
const LEVEL: i32 = 3;

/// How a pack begins.
const MAGIC: [u8; 8] = *b"wctexts\x01";

/// Bytes before the first block.
pub(super) const HEADER_BYTES: u64 = MAGIC.len() as u64;

/// Lengths before and after compression, and the checksum of what follows.
const BLOCK_HEADER_BYTES: usize = 16;

/// Where a document lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Location {
    /// The number of the pack.
    pub(super) pack: u32,
    /// Where its block begins.
    pub(super) offset: u64,
    /// Its number in the block.
    pub(super) slot: u16,
}

/// Appends documents to the pack at `path`, of which `committed` bytes count,
/// and brings them to the disk. Gives the offset and slot of each, and the new
/// length. A pack of no bytes is made anew.
pub(super) fn append(
    path: &Path,
    committed: u64,
    documents: &[&Document],
    keeps_texts: bool,
) -> Result<(Vec<(u64, u16)>, u64), Error> {
    let blocks = cut(documents, keeps_texts);
    let compress = |packer: &mut Packer, (raw, _): &(Vec<u8>, u16)| packer.pack(raw);
    let packed: Vec<io::Result<Vec<u8>>> = blocks.par_iter().map_init(Packer::default, compress).collect();
    let failed = |error| Error::io("write", path, error);
    let mut bytes = Vec::new();
    let mut places = Vec::with_capacity(documents.len());
    if committed == 0 {
        bytes.extend_from_slice(&MAGIC);
    }
    for (packed, (_, count)) in packed.into_iter().zip(&blocks) {
        let offset = committed + bytes.len() as u64;
        places.extend((0..*count).map(|slot| (offset, slot)));
        bytes.extend_from_slice(&packed.map_err(failed)?);
    }
    let mut options = OpenOptions::new();
    let file = options.write(true).create(committed == 0).truncate(false).open(path);
    let mut file = file.map_err(failed)?;
    let written = file
        .set_len(committed)
        .and_then(|()| file.seek(SeekFrom::Start(committed)))
        .and_then(|_| file.write_all(&bytes))
        .and_then(|()| file.sync_all());
    if let Err(error) = written {
        // What is left over counts for nothing, but takes room.
        let _ = file.set_len(committed);
        return Err(failed(error));
    }
    Ok((places, committed + bytes.len() as u64))
}

/// Cuts off what lies behind the bytes of a pack that count.
pub(super) fn cut_off(path: &Path, committed: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    if file.metadata()?.len() > committed { file.set_len(committed) } else { Ok(()) }
}

/// Documents as blocks, each with how many it holds.
fn cut(documents: &[&Document], keeps_texts: bool) -> Vec<(Vec<u8>, u16)> {
    let mut blocks: Vec<(Vec<u8>, u16)> = Vec::new();
    for document in documents {
        let is_full = |(raw, count): &(Vec<u8>, u16)| {
            raw.len() >= BLOCK_BYTES || usize::from(*count) == BLOCK_DOCUMENTS
        };
        if blocks.last().is_none_or(is_full) {
            blocks.push((Vec::with_capacity(BLOCK_BYTES + document.text.len()), 0));
        }
        if let Some((raw, count)) = blocks.last_mut() {
            record::encode(document, keeps_texts, raw);
            *count += 1;
        }
    }
    blocks
}

/// Compresses blocks, keeping its tables from one to the next: making them takes
/// a quarter of the time of a block.
#[derive(Default)]
struct Packer(Option<zstd::bulk::Compressor<'static>>);

impl Packer {
    /// A block with its header.
    fn pack(&mut self, raw: &[u8]) -> io::Result<Vec<u8>> {
        let compressor = match &mut self.0 {
            Some(compressor) => compressor,
            none => none.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        with_header(raw.len(), &compressor.compress(raw)?)
    }
}

/// Unpacks blocks, keeping its tables and buffers from one to the next.
#[derive(Default)]
pub(super) struct Unpacker {
    tables: Option<zstd::bulk::Decompressor<'static>>,
    /// A block as it lies in the pack, and unpacked.
    packed: Vec<u8>,
    raw: Vec<u8>,
}

impl Unpacker {
    /// Unpacks what was read into `packed` behind a header.
    fn unpack(&mut self, raw_len: usize) -> io::Result<&[u8]> {
        let Self { tables, packed, raw } = self;
        let tables = match tables {
            Some(tables) => tables,
            none => none.insert(zstd::bulk::Decompressor::new()?),
        };
        raw.clear();
        raw.reserve(raw_len);
        tables.decompress_to_buffer(&packed[BLOCK_HEADER_BYTES..], raw)?;
        Ok(raw)
    }
}

/// A compressed block behind its header.
fn with_header(raw_len: usize, packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut block = Vec::with_capacity(BLOCK_HEADER_BYTES + packed.len());
    for length in [raw_len, packed.len()] {
        let length = u32::try_from(length).map_err(io::Error::other)?;
        block.extend_from_slice(&length.to_le_bytes());
    }
    block.extend_from_slice(&[0; 8]);
    block.extend_from_slice(packed);
    let sum = checksum(&block);
    block[8..16].copy_from_slice(&sum.to_le_bytes());
    Ok(block)
}

/// Of lengths and content.
fn checksum(block: &[u8]) -> u64 {
    let lengths = hash::checksum(&block[..8]);
    hash::checksum(&block[BLOCK_HEADER_BYTES..]) ^ lengths.rotate_left(1)
}

/// A pack that is read.
#[derive(Debug)]
pub(super) struct Pack {
    path: PathBuf,
    file: File,
    /// How much of it counts.
    bytes: u64,
}

impl Pack {
    /// Opens the pack at `path`, of which so many bytes count.
    pub(super) fn open(path: &Path, bytes: u64) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        let length = file.metadata().map_err(|error| Error::io("read", path, error))?.len();
        let pack = Self { path: path.to_owned(), file, bytes };
        let mut magic = [0; MAGIC.len()];
        if length < bytes || bytes < HEADER_BYTES {
            return Err(broken(path, "is cut off"));
        }
        pack.fill(&mut magic, 0)?;
        if magic != MAGIC {
            return Err(broken(path, "is no text pack of version 1"));
        }
        Ok(pack)
    }

    /// The documents of the block at `offset`, packed together, and where the
    /// next one begins.
    pub(super) fn block<'u>(
        &self,
        offset: u64,
        unpacker: &'u mut Unpacker,
    ) -> Result<(&'u [u8], u64), Error> {
        let wrong = || broken(&self.path, &format!("is not as it was written at byte {offset}"));
        let mut header = [0; BLOCK_HEADER_BYTES];
        if offset < HEADER_BYTES || offset + BLOCK_HEADER_BYTES as u64 > self.bytes {
            return Err(wrong());
        }
        self.fill(&mut header, offset)?;
        let (raw_len, packed_len) =
            (u32::from_le_bytes(le(&header)) as usize, u32::from_le_bytes(le(&header[4..])) as usize);
        let end = offset + (BLOCK_HEADER_BYTES + packed_len) as u64;
        if end > self.bytes {
            return Err(wrong());
        }
        let block = &mut unpacker.packed;
        block.resize(BLOCK_HEADER_BYTES + packed_len, 0);
        self.fill(block, offset)?;
        if checksum(block) != u64::from_le_bytes(le(&header[8..])) {
            return Err(wrong());
        }
        let raw = unpacker.unpack(raw_len).map_err(|_| wrong())?;
        if raw.len() != raw_len { Err(wrong()) } else { Ok((raw, end)) }
    }

    /// The documents with these numbers in the block at `offset`.
    pub(super) fn documents(
        &self,
        offset: u64,
        slots: &[u16],
        unpacker: &mut Unpacker,
    ) -> Result<Vec<Document>, Error> {
        let (raw, _) = self.block(offset, unpacker)?;
        let document = |&slot: &u16| {
            let found = record::decode(raw, slot);
            found
                .ok_or_else(|| broken(&self.path, &format!("lacks a document in the block at byte {offset}")))
        };
        slots.iter().map(document).collect()
    }

    /// Reads all that counts.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut unpacker = Unpacker::default();
        let mut offset = HEADER_BYTES;
        while offset < self.bytes {
            offset = self.block(offset, &mut unpacker)?.1;
        }
        Ok(())
    }

    fn fill(&self, buffer: &mut [u8], offset: u64) -> Result<(), Error> {
        read_exact_at(&self.file, buffer, offset).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(&self.path, "is cut off"),
            _ => Error::io("read", &self.path, error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn documents(count: usize) -> Vec<Document> {
        let document = |n: usize| Document {
            id: format!("d{n}"),
            path: "x".into(),
            text: format!("text {n} ").repeat(n % 7 * 100),
            ..Document::default()
        };
        (0..count).map(document).collect()
    }

    #[test]
    fn batches_are_appended_and_what_was_not_committed_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        let all = documents(300);
        let all: Vec<&Document> = all.iter().collect();
        let (mut places, committed) = append(&path, 0, &all[..100], true).unwrap();
        // A batch that was interrupted.
        append(&path, committed, &all[200..], true).unwrap();
        let (more, bytes) = append(&path, committed, &all[100..], true).unwrap();
        places.extend(more);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), bytes);
        let pack = Pack::open(&path, bytes).unwrap();
        pack.check().unwrap();
        for (document, (offset, slot)) in all.iter().zip(places) {
            assert_eq!(
                pack.documents(offset, &[slot], &mut Unpacker::default()).unwrap(),
                [(*document).clone()]
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_changed_byte_or_a_cut_is_noticed(at in 0usize..100_000, change in 1u8.., is_cut: bool) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pack");
            let all = documents(60);
            let (_, length) = append(&path, 0, &all.iter().collect::<Vec<_>>(), true).unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at % bytes.len();
            if is_cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= change;
            }
            std::fs::write(&path, bytes).unwrap();
            let error = Pack::open(&path, length).and_then(|pack| pack.check()).unwrap_err().to_string();
            prop_assert!(error.contains("pack: "), "{}", error);
        }
    }
}
