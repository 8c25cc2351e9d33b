//! Bytes that are appended and read again by their place, in memory or, under
//! a budget, in a temporary file.

use std::borrow::Cow;

use super::Spill;
use super::file::SpillFile;
use super::near::NearReads;
use super::run::BLOCK_BYTES;

/// Records of any length, one behind the other.
#[derive(Debug)]
pub(crate) struct Packed {
    file: Option<SpillFile>,
    /// Bytes that lie in the file.
    written: u64,
    /// Those behind them: all, where there is no file.
    held: Vec<u8>,
    near: NearReads,
}

impl Packed {
    /// None yet; in memory where there is no [`Spill`].
    pub(crate) fn new(spill: Option<&Spill>) -> Self {
        Self { file: spill.map(SpillFile::new), written: 0, held: Vec::new(), near: NearReads::default() }
    }

    /// None yet, in a file that nothing else is appended to.
    pub(crate) fn in_file(file: SpillFile) -> Self {
        Self { written: file.len(), file: Some(file), held: Vec::new(), near: NearReads::default() }
    }

    /// Appends a record, and gives its place.
    pub(crate) fn push(&mut self, record: &[u8]) -> u64 {
        let place = self.end();
        self.held.extend_from_slice(record);
        if let Some(file) = self.file.as_ref().filter(|_| self.held.len() >= BLOCK_BYTES) {
            file.append(&self.held);
            self.written += self.held.len() as u64;
            self.held.clear();
        }
        place
    }

    /// The file with all records, if there is one.
    pub(crate) fn into_file(self) -> Option<SpillFile> {
        let file = self.file?;
        file.append(&self.held);
        Some(file)
    }

    /// The place that the next record will have.
    pub(crate) fn end(&self) -> u64 {
        self.written + self.held.len() as u64
    }

    /// The bytes of the record at `place`, which is so long.
    pub(crate) fn read(&self, place: u64, len: usize) -> Cow<'_, [u8]> {
        // Records are written whole, so none lies in both.
        match &self.file {
            Some(file) if place < self.written => {
                let mut bytes = vec![0; len];
                self.near.read(file, place, &mut bytes);
                Cow::Owned(bytes)
            }
            _ => {
                let start = (place - self.written) as usize;
                Cow::Borrowed(&self.held[start..start + len])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_back_wherever_they_lie() {
        let spill = Spill::of_any_size(1, &std::env::temp_dir()).unwrap();
        for spill in [None, Some(&spill)] {
            let mut packed = Packed::new(spill);
            let records: Vec<Vec<u8>> = (0..3000usize).map(|n| vec![n as u8; n * 7 % 97]).collect();
            let places: Vec<u64> = records.iter().map(|record| packed.push(record)).collect();
            for (record, place) in records.iter().zip(places) {
                assert_eq!(packed.read(place, record.len()).as_ref(), record);
            }
            assert_eq!(packed.end(), records.iter().map(|record| record.len() as u64).sum::<u64>());
            assert_eq!(packed.held.len() < BLOCK_BYTES, spill.is_some());
        }
    }
}
