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

mod filter;
mod recurring;
mod table;

use std::ops::Range;

use filter::Filter;
use recurring::Recurring;
use table::{EMPTY, Table};

/// Shingles that are looked for at the same time.
const TOGETHER: usize = 8;

/// Slots of a part of the table that fits into the nearest cache, with the filter
/// beside it. A smaller table is one part.
const PART_SLOTS: usize = 1 << 13;

/// The shingles of a document with their places.
#[derive(Clone, Debug, Default)]
pub struct ShingleIndex {
    shingles: Vec<u64>,
    /// First places.
    table: Table,
    /// What may be in it.
    present: Filter,
    distinct: usize,
    recurring: Recurring,
}

impl ShingleIndex {
    /// Indexes shingles given in the order of their places.
    pub fn new(shingles: Vec<u64>) -> Self {
        let Firsts { table, present, again } = Firsts::of(&shingles);
        let distinct = shingles.len() - again.len();
        let recurring = Recurring::new(&again, shingles.len());
        Self { shingles, table, present, distinct, recurring }
    }

    /// The same without the table: it knows what recurs, and finds nothing. Most of
    /// a long text does not recur, and what does not is neither sorted nor kept.
    pub fn of_recurring(shingles: Vec<u64>) -> Self {
        let mut present = Filter::new(shingles.len());
        let mut later: Vec<u64> = Vec::new();
        later.extend(shingles.iter().filter(|&&shingle| present.put(shingle)));
        let mut again = Vec::new();
        if !later.is_empty() {
            let mut recurring = Filter::new(later.len());
            later.drain(..).for_each(|shingle| {
                recurring.put(shingle);
            });
            let likely = (0u32..).zip(&shingles).filter(|(_, shingle)| recurring.may_hold(**shingle));
            let (places, likely): (Vec<u32>, Vec<u64>) = likely.unzip();
            again = Firsts::of(&likely).again;
            let place = |at: u32| places[at as usize];
            again.iter_mut().for_each(|(first, later)| (*first, *later) = (place(*first), place(*later)));
        }
        let distinct = shingles.len() - again.len();
        let recurring = Recurring::new(&again, shingles.len());
        Self { shingles, distinct, recurring, ..Self::default() }
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
        if self.present.is_none() || !self.present.may_hold(shingle) {
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
        if self.present.is_none() {
            return others.len();
        }
        let mut passed = 0;
        for some in others.chunks(TOGETHER) {
            let seen = some
                .iter()
                .rev()
                .fold(0u32, |seen, &other| seen << 1 | u32::from(self.present.may_hold(other)));
            if seen != 0 {
                return passed + seen.trailing_zeros() as usize;
            }
            passed += some.len();
        }
        passed
    }

    /// Whether the shingle at `place` stands elsewhere too.
    #[inline]
    pub fn recurs(&self, place: usize) -> bool {
        self.recurring.has(place)
    }

    /// Whether the shingle at `place` stands before it too.
    #[inline]
    pub fn is_later(&self, place: usize) -> bool {
        self.recurring.is_later(place)
    }

    /// How many of these places are the first of their shingle.
    pub fn distinct_in(&self, places: Range<usize>) -> usize {
        if self.recurring.is_empty() {
            return places.len();
        }
        places.filter(|&place| !self.is_later(place)).count()
    }

    /// All places of the shingle that stands first at `first` and recurs.
    pub fn places_of(&self, first: usize) -> &[u32] {
        self.recurring.places_of(first)
    }

    /// The places of each shingle that has several.
    pub fn recurring(&self) -> impl Iterator<Item = &[u32]> {
        self.recurring.groups()
    }
}

/// The first places of shingles, and all others.
struct Firsts {
    table: Table,
    present: Filter,
    /// A first place with each later one, in the order of the later ones.
    again: Vec<(u32, u32)>,
}

impl Firsts {
    fn of(shingles: &[u64]) -> Self {
        let mut table = Table::new(shingles.len());
        let parts = table.slots() / PART_SLOTS;
        let mut present = Filter::new(shingles.len());
        let mut again = Vec::new();
        let mut insert = |place: u32, shingle: u64| {
            let is_known = present.put(shingle);
            // What is certainly new needs no comparison with what is there.
            match if is_known { table.find(shingles, shingle) } else { None } {
                None => table.put(place, shingle),
                Some(first) => again.push((first, place)),
            }
        };
        if parts <= 1 {
            (0..).zip(shingles).for_each(|(place, &shingle)| insert(place, shingle));
        } else {
            in_parts(shingles, parts.ilog2()).into_iter().for_each(|(shingle, place)| insert(place, shingle));
            again.sort_unstable_by_key(|&(_, later)| later);
        }
        Self { table, present, again }
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
        let alone = ShingleIndex::of_recurring(shingles.to_vec());
        assert_eq!(alone.recurring().map(<[u32]>::to_vec).collect::<Vec<_>>(), recurring);
        assert_eq!((alone.distinct(), alone.in_order()), (index.distinct(), shingles));
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
