//! The shingles of one document in the order of the text, with a way to look
//! one up.
//!
//! A table with open addressing holds the first place of every shingle, and
//! the places of those that recur are listed apart. O(n) to build, about 17
//! bytes a shingle. Most look-ups are for shingles that are not there; a
//! Bloom filter in front, with both bits of a shingle in one word, answers 98
//! of 100 of these.

use std::ops::Range;

/// Bits in the filter of present shingles for each of them, at least.
const PRESENT_BITS: usize = 16;

/// Shingles that are looked for at the same time.
const TOGETHER: usize = 8;

/// A slot of the table that holds nothing.
const EMPTY: u32 = u32::MAX;

/// The shingles of a document with their places.
#[derive(Clone, Debug, Default)]
pub struct ShingleIndex {
    shingles: Vec<u64>,
    /// First places, in the slot that a hash's upper bits name or behind it.
    table: Vec<u32>,
    /// By what a hash is shifted to give its slot.
    shift: u32,
    present: Vec<u64>,
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
        // At most four slots of five are taken, and one is always free.
        let slots = (shingles.len() + shingles.len() / 4 + 1).next_power_of_two().max(2);
        let shift = u64::BITS - slots.ilog2();
        let mut table = vec![EMPTY; slots];
        let words = (shingles.len() * PRESENT_BITS).next_power_of_two().max(64) / 64;
        let mut present = vec![0u64; words];
        let mut again = Vec::new();
        for (place, &shingle) in shingles.iter().enumerate() {
            let word = &mut present[(shingle >> 12) as usize & (words - 1)];
            let is_new = *word & bits(shingle) != bits(shingle);
            *word |= bits(shingle);
            // What is certainly new needs no comparison with what is there.
            let found = if is_new {
                (free_slot(&table, shift, shingle), None)
            } else {
                probe(&table, shift, &shingles, shingle)
            };
            match found {
                (slot, None) => table[slot] = place as u32,
                (_, Some(first)) => again.push((first, place as u32)),
            }
        }
        let distinct = shingles.len() - again.len();
        let recurring = Recurring::new(&again, shingles.len());
        Self { shingles, table, shift, present, distinct, recurring }
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
        probe(&self.table, self.shift, &self.shingles, shingle).1.map(|place| place as usize)
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
        // The filter's length is a power of two.
        let word = self.present[(shingle >> 12) as usize & (self.present.len() - 1)];
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

/// The slot where a shingle is or would be, and its first place if it is.
#[inline]
fn probe(table: &[u32], shift: u32, shingles: &[u64], shingle: u64) -> (usize, Option<u32>) {
    let mut slot = (shingle >> shift) as usize;
    loop {
        let place = table[slot];
        if place == EMPTY {
            return (slot, None);
        }
        if shingles[place as usize] == shingle {
            return (slot, Some(place));
        }
        slot = (slot + 1) & (table.len() - 1);
    }
}

/// The slot where a shingle that is not there would be.
#[inline]
fn free_slot(table: &[u32], shift: u32, shingle: u64) -> usize {
    let mut slot = (shingle >> shift) as usize;
    while table[slot] != EMPTY {
        slot = (slot + 1) & (table.len() - 1);
    }
    slot
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
        }
    }

    #[test]
    fn hashes_that_share_all_upper_bits_are_found_too() {
        let shingles: Vec<u64> = (0..1000).rev().chain(300..310).collect();
        check(&shingles);
        assert_eq!(ShingleIndex::new(shingles).find(1000), None);
    }

    #[test]
    fn an_index_of_nothing_finds_nothing() {
        assert_eq!(ShingleIndex::default().find(7), None);
        assert_eq!(ShingleIndex::new(Vec::new()).find(7), None);
    }
}
