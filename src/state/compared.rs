//! Blocks of pairs that were compared, one behind the other.
//!
//! A run compares the same pairs in the same order each time: in rounds, of
//! which each depends on what was found before, and in blocks within a round.
//! So a block is named by its round and by how many pairs of that round were
//! compared before it and with it. What a block says is not looked at here.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::State;
use crate::hash;

/// The name of the file.
pub(super) const NAME: &str = "compared";

/// Bytes before what a block says: its length, its checksum, its round, and
/// the pairs before and with it.
const HEAD_BYTES: usize = 5 * size_of::<u64>();

/// A block of pairs that were compared.
#[derive(Debug)]
pub(crate) struct Block {
    /// The round, from 0.
    pub(crate) round: u64,
    /// Pairs of the round up to its end.
    pub(crate) to: u64,
    /// What was found.
    pub(crate) found: Vec<u8>,
}

/// What was compared, and what is being compared.
#[derive(Debug)]
pub(crate) struct Compared<'s> {
    state: &'s State,
    /// Where blocks are read, and then written.
    file: Mutex<Option<Blocks>>,
}

#[derive(Debug)]
struct Blocks {
    file: BufReader<File>,
    /// Bytes of the whole blocks that were read or written.
    length: u64,
    /// Whether blocks are still to be read.
    is_reading: bool,
    /// The place at which the next block goes on.
    next: (u64, u64),
}

impl State {
    /// What was compared so far.
    pub(crate) fn compared(&self) -> Compared<'_> {
        let path = self.path(NAME);
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| self.spill().fail(error)).ok();
        let blocks = file.map(|file| Blocks {
            file: BufReader::with_capacity(1 << 20, file),
            length: 0,
            is_reading: true,
            next: (0, 0),
        });
        Compared { state: self, file: Mutex::new(blocks) }
    }
}

impl Compared<'_> {
    /// Says that a block that was read is none.
    pub(crate) fn fail(&self) {
        let error = io::Error::new(io::ErrorKind::InvalidData, format!("{NAME} cannot be understood"));
        self.state.spill().fail(error);
    }

    fn blocks(&self) -> MutexGuard<'_, Option<Blocks>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next block of a round of so many pairs, if it is there.
    pub(crate) fn next(&self, round: u64, pairs: usize) -> Option<Block> {
        let mut blocks = self.blocks();
        let blocks = blocks.as_mut().filter(|blocks| blocks.is_reading)?;
        let before = if blocks.next.0 == round { blocks.next.1 } else { 0 };
        if before == pairs as u64 {
            return None;
        }
        let found = blocks.read().filter(|(block, from)| {
            (block.round, *from) == (round, before) && block.to > before && block.to <= pairs as u64
        });
        let Some((block, _)) = found else {
            // Whatever stands there is no whole block, or not of this run.
            if let Err(error) = blocks.end_reading() {
                self.state.spill().fail(error);
            }
            return None;
        };
        blocks.length += (HEAD_BYTES + block.found.len()) as u64;
        blocks.next = (round, block.to);
        Some(block)
    }

    /// Keeps a block that was compared, behind all others.
    pub(crate) fn keep(&self, block: &Block, from: u64) {
        let mut blocks = self.blocks();
        let Some(blocks) = blocks.as_mut() else { return };
        let ended = if blocks.is_reading { blocks.end_reading() } else { Ok(()) };
        let kept = ended.and_then(|()| blocks.file.get_mut().write_all(&bytes(block, from)));
        kept.unwrap_or_else(|error| self.state.spill().fail(error));
    }
}

impl Blocks {
    fn read(&mut self) -> Option<(Block, u64)> {
        let mut head = [0; HEAD_BYTES];
        self.file.read_exact(&mut head).ok()?;
        let mut numbers = head.chunks_exact(size_of::<u64>()).map(number);
        let mut next = || numbers.next().unwrap_or_default();
        let (length, sum, round, from, to) = (next(), next(), next(), next(), next());
        let left = self.file.get_ref().metadata().ok()?.len().checked_sub(self.length + HEAD_BYTES as u64)?;
        if length > left {
            return None;
        }
        let mut found = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact(&mut found).ok()?;
        let block = Block { round, to, found };
        (sum_of(&block, from) == sum).then_some((block, from))
    }

    /// Cuts off what is no whole block, and goes to the end.
    fn end_reading(&mut self) -> io::Result<()> {
        self.is_reading = false;
        self.file.get_ref().set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes were cut off"))
}

fn sum_of(block: &Block, from: u64) -> u64 {
    let mut sum = hash::state();
    [block.round, from, block.to].iter().for_each(|number| sum.update(&number.to_le_bytes()));
    sum.update(&block.found);
    sum.digest()
}

fn bytes(block: &Block, from: u64) -> Vec<u8> {
    let head = [block.found.len() as u64, sum_of(block, from), block.round, from, block.to];
    let mut bytes: Vec<u8> = head.iter().flat_map(|number| number.to_le_bytes()).collect();
    bytes.extend_from_slice(&block.found);
    bytes
}
