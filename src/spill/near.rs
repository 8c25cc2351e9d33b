//! Small reads that come near each other, as reads of whole blocks.
//!
//! Pairs, entries and texts are asked for one by one, mostly in the order in
//! which they were written. To ask the system takes longer than to copy a
//! record, so a block that is asked for a second time is read as a whole and
//! kept until another one takes its place. What is asked for here and there is
//! read as it is. Half a mebibyte for a file at most.

use std::sync::{Mutex, PoisonError};

use super::file::SpillFile;
use super::run::BLOCK_BYTES;

/// Blocks that are kept: some for each thread, as each is at another place.
const SLOTS: usize = 16;

/// Reads of more than this part of a block are not worth a copy.
const LARGE_PART: usize = 4;

/// A block that was asked for, and its bytes once it was asked for again.
#[derive(Debug, Default)]
struct Slot {
    block: u64,
    bytes: Vec<u8>,
}

/// Reads a file to which nothing is written meanwhile.
#[derive(Debug, Default)]
pub(crate) struct NearReads(Box<[Mutex<Slot>; SLOTS]>);

impl NearReads {
    /// Fills `bytes` with what stands in `file` from `offset` on.
    pub(crate) fn read(&self, file: &SpillFile, offset: u64, bytes: &mut [u8]) {
        if bytes.len() > BLOCK_BYTES / LARGE_PART {
            return file.read(offset, bytes);
        }
        let in_block = (offset % BLOCK_BYTES as u64) as usize;
        let (first, second) = bytes.split_at_mut(bytes.len().min(BLOCK_BYTES - in_block));
        self.read_inside(file, offset, first);
        if !second.is_empty() {
            self.read_inside(file, offset + first.len() as u64, second);
        }
    }

    /// The same of what lies in one block.
    fn read_inside(&self, file: &SpillFile, offset: u64, bytes: &mut [u8]) {
        let block = offset / BLOCK_BYTES as u64;
        let start = block * BLOCK_BYTES as u64;
        let wanted = (offset - start) as usize..(offset - start) as usize + bytes.len();
        let mut slot = self.0[block as usize % SLOTS].lock().unwrap_or_else(PoisonError::into_inner);
        // Blocks are counted from 1 there, as 0 is none.
        if slot.block != block + 1 {
            slot.block = block + 1;
            slot.bytes.clear();
        } else if slot.bytes.len() < wanted.end {
            // It may have been shorter the last time.
            let len = file.len().saturating_sub(start).min(BLOCK_BYTES as u64);
            slot.bytes.resize(len as usize, 0);
            file.read(start, &mut slot.bytes);
        }
        match slot.bytes.get(wanted) {
            Some(found) => bytes.copy_from_slice(found),
            None => {
                drop(slot);
                file.read(offset, bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spill::Spill;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// In any order, while the file grows in between.
        #[test]
        fn near_reads_give_what_was_written(
            reads in prop::collection::vec((0usize..400_000, 0usize..12_000, prop::bool::weighted(0.05)), 1..200),
            step in 1usize..2_000,
        ) {
            let spill = Spill::of_any_size(1, &std::env::temp_dir()).unwrap();
            let file = SpillFile::new(&spill);
            let all: Vec<u8> = (0..500_000usize).map(|n| (n * n / 7) as u8).collect();
            let mut written = 50_000;
            file.append(&all[..written]);
            let near = NearReads::default();
            let mut at = 0;
            for (jump, len, is_jump) in reads {
                at = if is_jump { jump } else { at + step };
                while at + len > written && written < all.len() {
                    file.append(&all[written..written + 10_000]);
                    written += 10_000;
                }
                at = at.min(written);
                let len = len.min(written - at);
                let mut bytes = vec![1; len];
                near.read(&file, at as u64, &mut bytes);
                prop_assert_eq!(&bytes, &all[at..at + len]);
            }
            spill.check().unwrap();
        }
    }
}
