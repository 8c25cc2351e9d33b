//! The same join with meetings in files.
//!
//! Instead of an index of all entries, in which each document looks up whom it
//! meets, the meetings of each gram are written down as its bucket goes by,
//! into one of several files by the number of the first document; each file is
//! then sorted in memory, and has all meetings of its documents. About 12
//! bytes a meeting are written and read once.

use rayon::prelude::*;

use super::meeting::meetings;
use super::weight::{Hit, LEAST_DOCUMENTS, are_enough, asked, quarter_bits};
use super::{Entry, Kind};
use crate::candidates::CandidatePair;
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::sketch::posting::PARTITIONS;
use crate::spill::Spill;
use crate::spill::file::SpillFile;
use crate::spill::run::{BLOCK_BYTES, Record, Run, RunWriter};

/// Part of the budget that buffers of files take.
const PART_FOR_BUFFERS: u64 = 16;

/// Most files: more make pieces too small.
const MAX_FILES: usize = 512;

/// A document meets another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    document: DocId,
    hit: Hit,
}

impl Record for Met {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { document, hit: Hit { other, diagonal, place, weight } } = self;
        out.extend_from_slice(&document.as_u32().to_le_bytes());
        out.extend_from_slice(&other.as_u32().to_le_bytes());
        out.extend_from_slice(&diagonal.to_le_bytes());
        out.extend_from_slice(&place.to_le_bytes());
        out.push(*weight);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (met, rest) = bytes.split_first_chunk::<13>()?;
        *bytes = rest;
        let number =
            |at: usize| DocId::from(u32::from_le_bytes([met[at], met[at + 1], met[at + 2], met[at + 3]]));
        let short = |at: usize| u16::from_le_bytes([met[at], met[at + 1]]);
        let hit = Hit { other: number(4), diagonal: short(8), place: short(10), weight: met[12] };
        Some(Self { document: number(0), hit })
    }
}

/// The pairs that share enough grams near one diagonal, sorted.
pub(super) fn aligned_pairs(
    entries: impl Fn(usize) -> Vec<Entry> + Sync,
    (is_named, kind): (&[bool], Kind),
    limits: &PairLimits,
    spill: &Spill,
) -> Vec<CandidatePair> {
    let named = is_named.iter().filter(|&&is_named| is_named).count();
    let documents = LEAST_DOCUMENTS.max(named as u128);
    let files = (spill.part(PART_FOR_BUFFERS) / BLOCK_BYTES).clamp(1, MAX_FILES);
    let documents_a_file = is_named.len().div_ceil(files).max(1);
    let file = SpillFile::new(spill);
    let mut writers: Vec<RunWriter<Met>> = (0..files).map(|_| RunWriter::default()).collect();
    let meet = |number: usize| {
        let entries = entries(number);
        let mut met = Vec::new();
        for bucket in entries.chunk_by(|a, b| a.gram == b.gram) {
            let weight = quarter_bits(documents, bucket.len() as u128) as u8;
            meetings(bucket, weight, limits, |document, hit| met.push(Met { document, hit }));
        }
        met
    };
    let numbers: Vec<usize> = (0..PARTITIONS).collect();
    for numbers in numbers.chunks(rayon::current_num_threads()) {
        let found: Vec<Vec<Met>> = numbers.par_iter().map(|&number| meet(number)).collect();
        for met in found.iter().flatten() {
            writers[met.document.index() / documents_a_file].push(met, &file);
        }
    }
    let runs: Vec<Run<Met>> = writers.into_iter().map(|writer| writer.finish(&file)).collect();
    let asked = asked(documents);
    let join = |run: &Run<Met>| {
        let mut met: Vec<Met> = run.read(&file).collect();
        met.sort_unstable();
        let (mut hits, mut places) = (Vec::new(), Vec::new());
        let mut pairs = Vec::new();
        for of_pair in met.chunk_by(|a, b| (a.document, a.hit.other) == (b.document, b.hit.other)) {
            hits.clear();
            hits.extend(of_pair.iter().map(|met| met.hit));
            if are_enough(&hits, asked, kind, &mut places) {
                pairs.push((of_pair[0].document, of_pair[0].hit.other));
            }
        }
        pairs
    };
    runs.par_iter().map(join).flatten_iter().collect()
}
