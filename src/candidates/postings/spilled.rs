//! The same join with what partitions propose in sorted runs.
//!
//! Partitions are joined as many at a time as there are threads. What they
//! propose outright, what must be proposed twice, and what must be proposed
//! often goes to one sorter each; groups are written as they come, and become
//! stars when all are known. At the end the runs are read side by side.

use rayon::prelude::*;

use super::standing::{self, Standing};
use super::{Joined, Member, Stars, is_enough};
use crate::candidates::{CandidatePair, sort_key};
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::sketch::Sketches;
use crate::sketch::posting::PARTITIONS;
use crate::spill::Spill;
use crate::spill::codec::{put_number, take_number};
use crate::spill::file::SpillFile;
use crate::spill::run::{Record, RunWriter};
use crate::spill::sorter::{Sorted, Sorter};

/// Part of the budget that each sorter takes.
const PART_A_SORTER: u64 = 24;

/// A pair as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Key {
    fn pair(self) -> CandidatePair {
        (DocId::from((self.0 >> 32) as u32), DocId::from(self.0 as u32))
    }
}

impl Record for Key {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self(u64::from_le_bytes(*key)))
    }
}

/// Documents to be joined by a star, and whether they have a standing shingle.
struct Group(Vec<Member>, bool);

impl Record for Group {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, (self.0.len() as u64) << 1 | u64::from(self.1));
        let word = |&(document, is_joined): &Member| u64::from(document.as_u32()) << 1 | u64::from(is_joined);
        self.0.iter().for_each(|member| put_number(out, word(member)));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let head = take_number(bytes)?;
        let mut member = || take_number(bytes).map(|word| (DocId::from((word >> 1) as u32), word & 1 == 1));
        let members = (0..head >> 1).map(|_| member()).collect::<Option<_>>()?;
        Some(Self(members, head & 1 == 1))
    }
}

/// Pairs that share a passage as far as fingerprints tell.
pub(super) fn sharing_pairs(
    join: impl Fn(usize) -> Joined + Sync,
    (sketches, params): (&Sketches, &Params),
    limits: &PairLimits,
    spill: &Spill,
) -> Vec<CandidatePair> {
    let sorter = || Sorter::new(Some(spill), spill.part(PART_A_SORTER));
    let (mut strong, mut few, mut many) = (sorter(), sorter(), sorter());
    let add = |sorter: &mut Sorter<Key>, pairs: &[CandidatePair]| {
        pairs.iter().for_each(|pair| sorter.push(Key(sort_key(pair))));
    };
    let mut groups_of = vec![0u32; sketches.len()];
    let mut standing = vec![0u32; sketches.len()];
    let file = SpillFile::new(spill);
    let mut groups = RunWriter::default();
    let numbers: Vec<usize> = (0..PARTITIONS).collect();
    for numbers in numbers.chunks(rayon::current_num_threads()) {
        let found: Vec<Joined> = numbers.par_iter().map(|&number| join(number)).collect();
        for joined in &found {
            add(&mut strong, &joined.strong);
            add(&mut few, &joined.few);
            add(&mut many, &joined.many);
            joined.members.iter().for_each(|(document, _)| groups_of[document.index()] += 1);
            joined.standing.iter().for_each(|document| standing[document.index()] += 1);
            joined.groups().for_each(|(group, is_standing)| {
                groups.push(&Group(group.to_vec(), is_standing), &file);
            });
        }
    }
    let groups = groups.finish(&file);
    let stars = Stars { groups_of, sketches, limits };
    let mut of_group = Vec::new();
    for Group(group, is_standing) in groups.read(&file) {
        of_group.clear();
        stars.add(&group, &mut of_group);
        add(&mut strong, &of_group);
        if is_standing {
            add(&mut strong, &of_group);
        }
    }
    drop(stars);
    let standing = Standing::new(&standing, (sketches, params));
    let (mut pairs, mut doubtful) = (Vec::new(), Vec::new());
    for (pair, shingles) in counted(&strong.finish()) {
        if standing.is_doubtful(pair, shingles) { &mut doubtful } else { &mut pairs }.push(pair);
    }
    drop(standing);
    pairs.extend(standing::kept(doubtful, sketches, limits));
    let few = few.finish();
    pairs.extend(counted(&few).filter(|(_, count)| *count > 1).map(|(pair, _)| pair));
    let mut among_few = counted(&few).map(|(pair, _)| pair).peekable();
    let many = many.finish();
    let enough = counted(&many).filter(|(pair, count)| {
        while among_few.next_if(|other| other < pair).is_some() {}
        is_enough(pair, *count, (sketches, params)) || among_few.peek() == Some(pair)
    });
    pairs.extend(enough.map(|(pair, _)| pair));
    pairs
}

/// Each pair once, with how often it is there.
fn counted(sorted: &Sorted<Key>) -> impl Iterator<Item = (CandidatePair, usize)> {
    let mut keys = sorted.iter().peekable();
    std::iter::from_fn(move || {
        let key = keys.next()?;
        let mut count = 1;
        while keys.next_if_eq(&key).is_some() {
            count += 1;
        }
        Some((key.pair(), count))
    })
}
