//! A temporary file without a name, or one that stays, written at its end and
//! read by position.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Spill;

/// Such a file. Threads append and read at the same time;
/// errors go to the [`Spill`], and what cannot be read is zeros.
#[derive(Debug)]
pub(crate) struct SpillFile {
    spill: Spill,
    /// Nothing where it could not be made.
    file: Option<File>,
    len: AtomicU64,
}

impl SpillFile {
    /// An empty file.
    pub(crate) fn new(spill: &Spill) -> Self {
        let file = tempfile::tempfile_in(&spill.folder).map_err(|error| spill.fail(error)).ok();
        Self { spill: spill.clone(), file, len: AtomicU64::new(0) }
    }

    /// A file that has a name, with `len` bytes; made where that is nothing.
    pub(crate) fn named(spill: &Spill, path: &Path, len: Option<u64>) -> Self {
        let mut options = File::options();
        options.read(true).write(true).create(len.is_none()).truncate(len.is_none());
        let file = options.open(path).map_err(|error| spill.fail(error)).ok();
        Self { spill: spill.clone(), file, len: AtomicU64::new(len.unwrap_or(0)) }
    }

    /// Brings what was written to the disk; how many bytes there are.
    pub(crate) fn sync(&self) -> u64 {
        if let Some(file) = &self.file {
            file.sync_all().unwrap_or_else(|error| self.spill.fail(error));
        }
        self.len.load(Ordering::Relaxed)
    }

    /// The budget and the folder it belongs to.
    pub(crate) fn spill(&self) -> &Spill {
        &self.spill
    }

    /// Writes at the end, and gives the place.
    pub(crate) fn append(&self, bytes: &[u8]) -> u64 {
        let offset = self.len.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if let Some(file) = &self.file {
            write_at(file, bytes, offset).unwrap_or_else(|error| self.spill.fail(error));
        }
        offset
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        self.len.load(Ordering::Relaxed)
    }

    /// Fills `bytes` with what stands from `offset` on.
    pub(crate) fn read(&self, offset: u64, bytes: &mut [u8]) {
        let read = self.file.as_ref().map_or(Ok(()), |file| read_at(file, bytes, offset));
        if let Err(error) = read {
            bytes.fill(0);
            self.spill.fail(error);
        }
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Where the system has no reading by position, one at a time moves the place.
#[cfg(not(unix))]
static MOVING: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    let _moving = MOVING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    file.seek(io::SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    use std::io::{Read as _, Seek as _};
    let _moving = MOVING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    file.seek(io::SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn what_many_threads_append_is_read_back_and_the_folder_stays_empty() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::of_any_size(1, folder.path()).unwrap();
        let file = SpillFile::new(&spill);
        let pieces: Vec<Vec<u8>> = (0..2000usize).map(|n| vec![n as u8; n % 97]).collect();
        let places: Vec<u64> = pieces.par_iter().map(|piece| file.append(piece)).collect();
        for (piece, place) in pieces.iter().zip(places) {
            let mut read = vec![1; piece.len()];
            file.read(place, &mut read);
            assert_eq!(&read, piece);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        spill.check().unwrap();
    }

    #[test]
    fn an_error_is_kept_and_names_folder_and_cure() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::of_any_size(1, folder.path()).unwrap();
        let file = SpillFile::new(&spill);
        file.append(b"ab");
        let mut bytes = [7; 4];
        file.read(0, &mut bytes);
        assert_eq!(bytes, [0; 4]);
        let error = spill.check().unwrap_err().to_string();
        assert!(error.contains(folder.path().to_str().unwrap()) && error.contains("--temp-dir"), "{error}");
    }
}
