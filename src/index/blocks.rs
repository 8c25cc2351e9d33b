//! Files of checksummed blocks: written once from front to back, then read at
//! any place.
//!
//! A file is its content, a directory behind it, and a trailer that says where
//! the directory is. The directory holds what the owner wants to know before it
//! reads anything, and a checksum (xxh3) for every [`BLOCK`] bytes of content;
//! the trailer holds the checksum of the directory, which so stands for the
//! whole file. Whatever is read is read in whole blocks and held against their
//! checksums first, so that a flipped bit is an error with the name of the file
//! and never an answer.
//!
//! Reads are positioned reads. A memory map would save a system call each
//! (about 0.3 µs of 1 µs, most of the rest being the checksum), but a file that
//! is cut off below a map ends the process.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::hash;

/// Bytes that are read and checked together: a page, since most reads want less
/// than one.
pub(super) const BLOCK: usize = 4096;

/// The version of the files of this module.
const VERSION: u32 = 1;

/// Where a file begins and ends.
const MAGIC: [u8; 8] = *b"wcblocks";

/// Magic and version.
pub(super) const HEADER_BYTES: u64 = 12;

/// Place, length and checksum of the directory, the version, and the magic.
const TRAILER_BYTES: u64 = 36;

/// What to do about a broken file; every message ends so.
pub(super) const CURE: &str = "restore the index from a copy, or make it anew with index add; wirecopy index verify names all that is broken";

/// Writes a file.
pub(super) struct BlockWriter {
    path: PathBuf,
    file: BufWriter<File>,
    /// What of the last block is there.
    block: Vec<u8>,
    sums: Vec<u64>,
    bytes: u64,
}

impl BlockWriter {
    /// A new file at `path`, in the place of what an interrupted batch left there.
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create(path).map_err(|error| Error::io("create", path, error))?;
        let mut writer = Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 18, file),
            block: Vec::with_capacity(BLOCK),
            sums: Vec::new(),
            bytes: 0,
        };
        writer.put(&MAGIC)?;
        writer.put(&VERSION.to_le_bytes())?;
        Ok(writer)
    }

    /// How much was written.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes more content.
    pub(super) fn put(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK {
                self.end_block()?;
            }
        }
        Ok(())
    }

    /// Ends the file with what its owner wants to know of it, and brings it to
    /// the disk. Gives its length and the checksum that stands for it.
    pub(super) fn finish(mut self, directory: &[u8]) -> Result<(u64, u64), Error> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        let mut whole = Vec::with_capacity(directory.len() + 8 * self.sums.len() + 16);
        whole.extend_from_slice(&(self.sums.len() as u64).to_le_bytes());
        self.sums.iter().for_each(|sum| whole.extend_from_slice(&sum.to_le_bytes()));
        whole.extend_from_slice(directory);
        let sum = hash::checksum(&whole);
        let mut end = Vec::with_capacity(TRAILER_BYTES as usize);
        end.extend_from_slice(&self.bytes.to_le_bytes());
        end.extend_from_slice(&(whole.len() as u64).to_le_bytes());
        end.extend_from_slice(&sum.to_le_bytes());
        end.extend_from_slice(&VERSION.to_le_bytes());
        end.extend_from_slice(&MAGIC);
        let length = self.bytes + (whole.len() + end.len()) as u64;
        let Self { path, mut file, .. } = self;
        let written = file.write_all(&whole).and_then(|()| file.write_all(&end)).and_then(|()| {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()
        });
        written.map_err(|error| Error::io("write", &path, error))?;
        Ok((length, sum))
    }

    fn end_block(&mut self) -> Result<(), Error> {
        self.sums.push(hash::checksum(&self.block));
        self.file.write_all(&self.block).map_err(|error| Error::io("write", &self.path, error))?;
        self.block.clear();
        Ok(())
    }
}

/// A finished file.
#[derive(Debug)]
pub(super) struct BlockFile {
    path: PathBuf,
    file: File,
    sums: Vec<u64>,
    bytes: u64,
    /// The checksum that stands for the file.
    pub(super) sum: u64,
    /// Its length.
    pub(super) length: u64,
}

impl BlockFile {
    /// Opens the file at `path`; gives the directory too.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<u8>), Error> {
        let wrong = |problem: &str| broken(path, problem);
        let failed = |error| Error::io("read", path, error);
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        let length = file.metadata().map_err(failed)?.len();
        if length < HEADER_BYTES + TRAILER_BYTES {
            return Err(wrong("is cut off"));
        }
        let mut trailer = [0; TRAILER_BYTES as usize];
        read_exact_at(&file, &mut trailer, length - TRAILER_BYTES).map_err(failed)?;
        if trailer[28..] != MAGIC {
            return Err(wrong("is cut off or not of an index"));
        }
        let version = u32::from_le_bytes(le(&trailer[24..28]));
        if version != VERSION {
            return Err(wrong(&format!("is of version {version}, and this program reads {VERSION}")));
        }
        let number = |at: usize| u64::from_le_bytes(le(&trailer[at..at + 8]));
        let (bytes, directory_len, sum) = (number(0), number(8), number(16));
        if bytes.checked_add(directory_len).and_then(|end| end.checked_add(TRAILER_BYTES)) != Some(length) {
            return Err(wrong("has another length than it says"));
        }
        let mut directory = vec![0; directory_len as usize];
        read_exact_at(&file, &mut directory, bytes).map_err(failed)?;
        if hash::checksum(&directory) != sum || directory.len() < 8 {
            return Err(wrong("has a broken directory"));
        }
        let rest = directory.split_off(8);
        let count = u64::from_le_bytes(le(&directory)) as usize;
        if count as u64 != bytes.div_ceil(BLOCK as u64) || rest.len() < count * 8 {
            return Err(wrong("has a broken directory"));
        }
        let sums = rest[..8 * count].chunks_exact(8).map(|sum| u64::from_le_bytes(le(sum))).collect();
        let file = Self { path: path.to_owned(), file, sums, bytes, sum, length };
        Ok((file, rest[8 * count..].to_vec()))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of content.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that are held in memory for it.
    pub(super) fn resident_bytes(&self) -> usize {
        self.sums.len() * size_of::<u64>()
    }

    /// Reads the whole blocks in which the bytes from `from` to `to` lie into
    /// `buffer`, checks them, and gives the place of the first of them.
    pub(super) fn read_blocks(&self, from: u64, to: u64, buffer: &mut Vec<u8>) -> Result<u64, Error> {
        if from > to || to > self.bytes {
            return Err(broken(&self.path, "names a place outside of itself"));
        }
        let first = from / BLOCK as u64;
        let last = to.div_ceil(BLOCK as u64).max(first);
        let (start, end) = (first * BLOCK as u64, (last * BLOCK as u64).min(self.bytes));
        buffer.resize((end - start) as usize, 0);
        read_exact_at(&self.file, buffer, start).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(&self.path, "is cut off"),
            _ => Error::io("read", &self.path, error),
        })?;
        for (number, block) in (first..).zip(buffer.chunks(BLOCK)) {
            if hash::checksum(block) != self.sums[number as usize] {
                let place = number * BLOCK as u64;
                return Err(broken(&self.path, &format!("is not as it was written at byte {place}")));
            }
        }
        Ok(start)
    }

    /// Reads the bytes from `from` to `to`.
    pub(super) fn read(&self, from: u64, to: u64) -> Result<Vec<u8>, Error> {
        let mut buffer = Vec::new();
        let start = self.read_blocks(from, to, &mut buffer)?;
        buffer.truncate((to - start) as usize);
        buffer.drain(..(from - start) as usize);
        Ok(buffer)
    }

    /// Reads all of it.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut buffer = Vec::new();
        let mut at = 0;
        while at < self.bytes {
            let to = (at + (1 << 20)).min(self.bytes);
            self.read_blocks(at, to, &mut buffer)?;
            at = to;
        }
        Ok(())
    }
}

/// The error on a file that is not as it was written.
pub(super) fn broken(path: &Path, problem: &str) -> Error {
    Error::format(path, None, format!("{problem}; {CURE}"))
}

/// The first bytes as an array.
pub(super) fn le<const N: usize>(bytes: &[u8]) -> [u8; N] {
    *bytes.first_chunk().expect("the caller has cut so many bytes")
}

#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(folder: &Path, content: &[u8], directory: &[u8]) -> PathBuf {
        let path = folder.join("file");
        let _ = std::fs::remove_file(&path);
        let mut writer = BlockWriter::create(&path).unwrap();
        for piece in content.chunks(1000) {
            writer.put(piece).unwrap();
        }
        writer.finish(directory).unwrap();
        path
    }

    #[test]
    fn what_was_written_is_read_at_any_place() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0usize, 1, 4084, 4085, 20_000] {
            let content: Vec<u8> = (0..length).map(|n| (n * 7) as u8).collect();
            let (file, directory) =
                BlockFile::open(&written(folder.path(), &content, b"what it is")).unwrap();
            assert_eq!(directory, b"what it is");
            file.check().unwrap();
            for (from, to) in [(0, length), (length / 2, length), (length / 3, length / 2), (length, length)]
            {
                let read = file.read(HEADER_BYTES + from as u64, HEADER_BYTES + to as u64).unwrap();
                assert_eq!(read, content[from..to]);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// No byte of a file is without a checksum.
        #[test]
        fn a_changed_byte_or_a_cut_is_noticed(at in 0usize..10_000, change in 1u8.., is_cut: bool) {
            let folder = tempfile::tempdir().unwrap();
            let path = written(folder.path(), &[5; 9000], b"directory");
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at % bytes.len();
            if is_cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= change;
            }
            std::fs::write(&path, bytes).unwrap();
            let read = BlockFile::open(&path).and_then(|(file, _)| file.check());
            let error = read.unwrap_err().to_string();
            prop_assert!(error.contains("file: ") && error.ends_with(CURE), "{}", error);
        }
    }
}
