//! A file with a checksum that is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use crate::hash;
use crate::spill::Spill;

/// Bytes of the checksum, which stands last.
const SUM_BYTES: u64 = size_of::<u64>() as u64;

/// Bytes read or written at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// Writes a stage under another name. An error is kept by the [`Spill`].
pub(super) struct StageWriter<'s> {
    spill: &'s Spill,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    sum: Xxh3,
}

impl<'s> StageWriter<'s> {
    /// Begins what will be called `path`.
    pub(super) fn create(path: &Path, spill: &'s Spill) -> Self {
        let file = File::create(part(path)).map_err(|error| spill.fail(error)).ok();
        let file = file.map(|file| BufWriter::with_capacity(BUFFER_BYTES, file));
        Self { spill, path: path.to_owned(), file, sum: hash::state() }
    }

    /// Writes bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        if let Some(file) = &mut self.file {
            file.write_all(bytes).unwrap_or_else(|error| self.spill.fail(error));
        }
    }

    /// Writes a number.
    pub(super) fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    /// Writes a text with its length.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// Gives the stage its name; its checksum.
    pub(super) fn finish(mut self) -> u64 {
        let sum = self.sum.digest();
        let Some(mut file) = self.file.take() else { return sum };
        let named = file
            .write_all(&sum.to_le_bytes())
            .and_then(|()| file.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all());
        // What could not be written must not take the name.
        let is_well = self.spill.check().is_ok();
        let named = named.and_then(|()| if is_well { rename(&part(&self.path), &self.path) } else { Ok(()) });
        named.unwrap_or_else(|error| self.spill.fail(error));
        sum
    }
}

/// The name of what is not whole yet.
pub(super) fn part(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// Gives a file its name, on the disk too.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    match to.parent() {
        // A folder cannot be opened there, and names need no such step.
        Some(folder) if !cfg!(windows) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Reads a stage. What it gives counts once [`Self::is_whole`].
pub(super) struct StageReader {
    file: BufReader<File>,
    /// Bytes before the checksum that were not read yet.
    left: u64,
    sum: Xxh3,
}

impl StageReader {
    /// Opens one, if it is there.
    pub(super) fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let left = file.metadata().ok()?.len().checked_sub(SUM_BYTES)?;
        Some(Self { file: BufReader::with_capacity(BUFFER_BYTES, file), left, sum: hash::state() })
    }

    /// The next bytes; nothing where there are not so many.
    pub(super) fn bytes(&mut self, count: u64) -> Option<Vec<u8>> {
        self.left = self.left.checked_sub(count)?;
        let mut bytes = vec![0; usize::try_from(count).ok()?];
        self.file.read_exact(&mut bytes).ok()?;
        self.sum.update(&bytes);
        Some(bytes)
    }

    /// The next number.
    pub(super) fn number(&mut self) -> Option<u64> {
        let bytes = self.bytes(size_of::<u64>() as u64)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The next text.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        String::from_utf8(self.bytes(length)?).ok()
    }

    /// Whether all was read, and is as it was written.
    pub(super) fn is_whole(&mut self) -> bool {
        self.sum() == Some(self.sum.digest())
    }

    /// The checksum in the file, once all before it was read.
    pub(super) fn sum(&mut self) -> Option<u64> {
        let mut sum = [0; SUM_BYTES as usize];
        let is_read = self.left == 0 && self.file.read_exact(&mut sum).is_ok();
        is_read.then(|| u64::from_le_bytes(sum))
    }
}

/// The checksum of the first bytes of a file; nothing if there are not so many.
pub(super) fn sum_of(path: &Path, length: u64) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let mut sum = hash::state();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut left = length;
    while left > 0 {
        let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..count]).ok()?;
        sum.update(&buffer[..count]);
        left -= count as u64;
    }
    Some(sum.digest())
}
