//! The shingles of one document in the order of the text, with a way to look
//! one up.
//!
//! A table with open addressing holds the first place of every shingle, with as
//! many bits of its hash as there is room for, and the places of those that recur
//! are listed apart. O(n) to build, about 17 bytes a shingle. Most look-ups are
//! for shingles that are not there; a Bloom filter in front, with both bits of a
//! shingle in one word, answers 98 of 100 of these.
//!
//! What costs time is to wait for memory, so whatever touches many places does it
//! in steps that do not depend on each other: a long document's shingles are
//! brought into parts of the table before they go in, and those of two documents
//! are looked up step by step for all of them.

mod table;

use std::ops::Range;

use table::{EMPTY, Table};

/// Bits in the filter of present shingles for each of them, at least.
const PRESENT_BITS: usize = 16;

/// Shingles that are looked for at the same time.
const TOGETHER: usize = 8;

/// Slots of a part of the table that fits into the nearest cache, with the filter
/// beside it. A smaller table is one part.
const PART_SLOTS: usize = 1 << 13;

/// Bits of a hash that the filter takes within a word.
const FILTER_BITS: u32 = 12;

/// The shingles of a document with their places.
#[derive(Clone, Debug, Default)]
pub struct ShingleIndex {
    shingles: Vec<u64>,
    /// First places.
    table: Table,
    present: Vec<u64>,
    /// By what a hash is shifted to give its word of the filter.
    filter_shift: u32,
    distinct: usize,
    recurring: Recurring,
}

/// Shingles that stand at several places.
#[derive(Clone, Debug, Default)]
struct Recurring {
    /// What is known of every 64 places; empty if nothing recurs.
    marks: Vec<Marks>,
    /// The places of each such shingle, in order of the first ones.
    places: Vec<u32>,
    /// For each such shingle where its places begin, and the end of the last.
    starts: Vec<u32>,
}

/// Which of 64 places hold a shingle that has several.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    /// One bit for each place that is the first of several.
    first: u64,
    /// One bit for each place of a shingle that stands before too.
    later: u64,
    /// How many first places lie before the 64.
    firsts_before: u32,
}

impl ShingleIndex {
    /// Indexes shingles given in the order of their places.
    pub fn new(shingles: Vec<u64>) -> Self {
        let mut table = Table::new(shingles.len());
        let parts = table.slots() / PART_SLOTS;
        let words = (shingles.len() * PRESENT_BITS).next_power_of_two().max(64) / 64;
        let filter_shift = u64::BITS - words.ilog2().max(1);
        let mut present = vec![0u64; words.max(2)];
        let mut again = Vec::new();
        let mut insert = |place: u32, shingle: u64| {
            let word = &mut present[(shingle >> filter_shift) as usize];
            let is_new = *word & bits(shingle) != bits(shingle);
            *word |= bits(shingle);
            // What is certainly new needs no comparison with what is there.
            match if is_new { None } else { table.find(&shingles, shingle) } {
                None => table.put(place, shingle),
                Some(first) => again.push((first, place)),
            }
        };
        if parts <= 1 {
            (0..).zip(&shingles).for_each(|(place, &shingle)| insert(place, shingle));
        } else {
            in_parts(&shingles, parts.ilog2())
                .into_iter()
                .for_each(|(shingle, place)| insert(place, shingle));
            again.sort_unstable_by_key(|&(_, later)| later);
        }
        let distinct = shingles.len() - again.len();
        let recurring = Recurring::new(&again, shingles.len());
        Self { shingles, table, present, filter_shift, distinct, recurring }
    }

    /// How many different shingles there are.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// All shingles, in the order of their places.
    pub fn in_order(&self) -> &[u64] {
        &self.shingles
    }

    /// Where a shingle stands first.
    pub fn find(&self, shingle: u64) -> Option<usize> {
        if self.present.is_empty() || !self.may_hold(shingle) {
            return None;
        }
        self.table.find(&self.shingles, shingle).map(|place| place as usize)
    }

    /// The shingles of `other` that stand here: each of its places with the first
    /// one here, in order. Places of the table, and then those of the text, are
    /// asked for without waiting for each other.
    pub fn find_all(&self, other: &Self) -> Vec<(u32, u32)> {
        let others = other.in_order();
        let mut found = Vec::new();
        let mut at = self.absent(others);
        while at < others.len() {
            found.push((at as u32, EMPTY));
            at += 1;
            at += self.absent(&others[at..]);
        }
        for (at, entry) in &mut found {
            *entry = self.table.first_entry(others[*at as usize]);
        }
        for (at, entry) in &mut found {
            let shingle = others[*at as usize];
            if !self.table.may_be(*entry, shingle) {
                *entry = self.table.likely(shingle);
            }
        }
        found.retain_mut(|(at, entry)| {
            let shingle = others[*at as usize];
            *entry = self.table.place(*entry);
            if self.shingles.get(*entry as usize) != Some(&shingle) {
                *entry = self.table.find(&self.shingles, shingle).unwrap_or(EMPTY);
            }
            *entry != EMPTY
        });
        found
    }

    /// How many of the first of `others` are certainly not here. Several are
    /// looked at together, so that a miss costs no branch of its own.
    pub fn absent(&self, others: &[u64]) -> usize {
        if self.present.is_empty() {
            return others.len();
        }
        let mut passed = 0;
        for some in others.chunks(TOGETHER) {
            let seen =
                some.iter().rev().fold(0u32, |seen, &other| seen << 1 | u32::from(self.may_hold(other)));
            if seen != 0 {
                return passed + seen.trailing_zeros() as usize;
            }
            passed += some.len();
        }
        passed
    }

    #[inline(always)]
    fn may_hold(&self, shingle: u64) -> bool {
        let word = self.present[(shingle >> self.filter_shift) as usize];
        word & bits(shingle) == bits(shingle)
    }

    /// Whether the shingle at `place` stands elsewhere too.
    #[inline]
    pub fn recurs(&self, place: usize) -> bool {
        let marks = self.recurring.marks.get(place / 64);
        marks.is_some_and(|marks| (marks.first | marks.later) >> (place % 64) & 1 == 1)
    }

    /// Whether the shingle at `place` stands before it too.
    #[inline]
    pub fn is_later(&self, place: usize) -> bool {
        let marks = self.recurring.marks.get(place / 64);
        marks.is_some_and(|marks| marks.later >> (place % 64) & 1 == 1)
    }

    /// How many of these places are the first of their shingle.
    pub fn distinct_in(&self, places: Range<usize>) -> usize {
        if self.recurring.marks.is_empty() {
            return places.len();
        }
        places.filter(|&place| !self.is_later(place)).count()
    }

    /// All places of the shingle that stands first at `first` and recurs.
    pub fn places_of(&self, first: usize) -> &[u32] {
        self.recurring.group(self.recurring.number(first))
    }

    /// The places of each shingle that has several.
    pub fn recurring(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.recurring.starts.len().saturating_sub(1)).map(|group| self.recurring.group(group))
    }
}

impl Recurring {
    /// `again` holds a first place with each later one, in the order of the
    /// later ones, of `len` shingles.
    fn new(again: &[(u32, u32)], len: usize) -> Self {
        if again.is_empty() {
            return Self::default();
        }
        let mut marks = vec![Marks::default(); len.div_ceil(64)];
        for &(first, later) in again {
            marks[first as usize / 64].first |= 1 << (first % 64);
            marks[later as usize / 64].later |= 1 << (later % 64);
        }
        let mut firsts = 0;
        for marks in &mut marks {
            marks.firsts_before = firsts;
            firsts += marks.first.count_ones();
        }
        let mut found = Self { marks, places: Vec::new(), starts: vec![0; firsts as usize + 1] };
        // How many each has, one on; then where each begins.
        for &(first, _) in again {
            let number = found.number(first as usize);
            found.starts[number + 1] += 1;
        }
        for number in 0..firsts as usize {
            found.starts[number + 1] += found.starts[number] + 1;
        }
        found.places = vec![EMPTY; firsts as usize + again.len()];
        // Where the next place of each goes; behind the last, where the next begins.
        let mut next = found.starts.clone();
        for &(first, later) in again {
            let number = found.number(first as usize);
            let at = &mut next[number];
            if *at == found.starts[number] {
                found.places[*at as usize] = first;
                *at += 1;
            }
            found.places[*at as usize] = later;
            *at += 1;
        }
        found
    }

    /// The number of the shingle that stands first at `first`.
    #[inline]
    fn number(&self, first: usize) -> usize {
        let marks = &self.marks[first / 64];
        let before = marks.first & !(u64::MAX << (first % 64));
        (marks.firsts_before + before.count_ones()) as usize
    }

    fn group(&self, number: usize) -> &[u32] {
        &self.places[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

/// Shingles with their places by the upper bits that number a part; those of one
/// part in the order of their places.
fn in_parts(shingles: &[u64], bits: u32) -> Vec<(u64, u32)> {
    let part = |shingle: u64| (shingle >> (u64::BITS - bits)) as usize;
    // Sizes, one part on; then starts, which become ends.
    let mut ends = vec![0usize; (1 << bits) + 1];
    shingles.iter().for_each(|&shingle| ends[part(shingle) + 1] += 1);
    (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
    let mut sorted = vec![(0, 0); shingles.len()];
    for (place, &shingle) in (0..).zip(shingles) {
        let end = &mut ends[part(shingle)];
        sorted[*end] = (shingle, place);
        *end += 1;
    }
    sorted
}

/// The bits of a shingle in its word of the filter.
#[inline(always)]
fn bits(shingle: u64) -> u64 {
    (1 << (shingle % 64)) | (1 << ((shingle >> 6) % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// The places of every shingle.
    fn listed(shingles: &[u64]) -> BTreeMap<u64, Vec<u32>> {
        let mut places: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (place, &shingle) in (0..).zip(shingles) {
            places.entry(shingle).or_default().push(place);
        }
        places
    }

    fn check(shingles: &[u64]) {
        let index = ShingleIndex::new(shingles.to_vec());
        let listed = listed(shingles);
        assert_eq!(index.distinct(), listed.len());
        let mut recurring = Vec::new();
        for (&shingle, places) in &listed {
            let first = places[0] as usize;
            assert_eq!(index.find(shingle), Some(first));
            assert!(places.iter().all(|&place| index.recurs(place as usize) == (places.len() > 1)));
            assert!(places.iter().all(|&place| index.is_later(place as usize) == (place as usize > first)));
            if places.len() > 1 {
                assert_eq!(index.places_of(first), places);
                recurring.push(places.clone());
            }
        }
        let all = 0..shingles.len();
        assert_eq!(index.distinct_in(all.clone()), index.distinct());
        assert_eq!(all.filter(|&place| index.distinct_in(place..place + 1) == 1).count(), index.distinct());
        recurring.sort();
        assert_eq!(index.recurring().map(<[u32]>::to_vec).collect::<Vec<_>>(), recurring);
    }

    proptest! {
        #[test]
        fn an_index_holds_what_a_map_holds(values in prop::collection::vec(0u64..60, 0..200)) {
            let shingles: Vec<u64> = values.iter().map(|v| hash::shingle(*v)).collect();
            check(&shingles);
            let index = ShingleIndex::new(shingles);
            prop_assert!((60..300).all(|other| index.find(hash::shingle(other)).is_none()));
            let others: Vec<u64> = (60..100).map(hash::shingle).chain(index.in_order().first().copied()).collect();
            let absent = index.absent(&others);
            prop_assert!(absent + usize::from(!values.is_empty()) <= others.len());
            let other = ShingleIndex::new(others);
            let met = other.in_order().iter().zip(0u32..);
            let met = met.filter_map(|(&other, at)| Some((at, index.find(other)? as u32)));
            prop_assert_eq!(index.find_all(&other), met.collect::<Vec<_>>());
        }
    }

    #[test]
    fn hashes_that_share_all_upper_bits_are_found_too() {
        let shingles: Vec<u64> = (0..1000).rev().chain(300..310).collect();
        check(&shingles);
        assert_eq!(ShingleIndex::new(shingles).find(1000), None);
    }

    #[test]
    fn a_table_in_parts_holds_what_a_map_holds() {
        let mixed = |n: u64| hash::shingle(n % 9_000 + n / 20_000);
        let shingles: Vec<u64> = (0..50_000).map(mixed).collect();
        check(&shingles);
        let (one, two) = shingles.split_at(20_000);
        let (one, two) = (ShingleIndex::new(one.to_vec()), ShingleIndex::new(two.to_vec()));
        let met = two.in_order().iter().zip(0u32..);
        let met: Vec<(u32, u32)> =
            met.filter_map(|(&shingle, at)| Some((at, one.find(shingle)? as u32))).collect();
        assert!(met.len() > 1000);
        assert_eq!(one.find_all(&two), met);
    }

    #[test]
    fn an_index_of_nothing_finds_nothing() {
        assert_eq!(ShingleIndex::default().find(7), None);
        let nothing = ShingleIndex::new(Vec::new());
        assert_eq!(nothing.find(7), None);
        assert_eq!(nothing.find_all(&ShingleIndex::new(vec![7])), []);
        assert_eq!(ShingleIndex::default().find_all(&ShingleIndex::new(vec![7])), []);
    }
}
