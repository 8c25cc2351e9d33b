//! The different shingles of one document, to be counted against those of
//! another one.
//!
//! They lie sorted, 8 bytes each, and two sets are merged without a branch that
//! depends on a hash: what no processor can foresee costs more than the steps
//! that a table would save (430 shingles: 1.8 µs a pair, 6.6 with a table of open
//! addressing and 4.4 in the order of the text). Where one set is much the
//! smaller its shingles are searched for. O(n) to make, O(n log n) where the text
//! says the same over and over or is very long; O(n) to count, and O(m log n) for
//! m of them in many more. Nothing else is known of a shingle;
//! [`ShingleIndex`](super::shingle_index::ShingleIndex) has the places.

/// How many times as many the one must have for the other's to be searched for: a
/// search takes as long as so many steps of a merge.
const MANY_MORE: usize = 16;

/// Bits of a hash by which shingles are dealt out before they are sorted, at most:
/// their counts take half of a processor's nearest cache.
const MAX_DEALT_BITS: u32 = 12;

/// Shingles that are dealt out, at most: four to a place on average.
const MAX_DEALT: usize = 4 << MAX_DEALT_BITS;

/// Shingles of one place that are put in order where they lie, at most. More of
/// them are those of a text that says the same over and over.
const MAX_TOGETHER: u16 = 64;

/// A set of shingles.
#[derive(Clone, Debug, Default)]
pub struct ShingleSet(Box<[u64]>);

impl ShingleSet {
    /// The set of these shingles.
    pub fn new(shingles: &[u64]) -> Self {
        let mut shingles = sorted(shingles);
        shingles.dedup();
        Self(shingles.into())
    }

    /// How many different shingles there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many shingles are in both.
    pub fn shared(&self, other: &Self) -> usize {
        let (fewer, more) = if self.len() <= other.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        if fewer.len().saturating_mul(MANY_MORE) < more.len() {
            searched(fewer, more)
        } else {
            merged(fewer, more)
        }
    }
}

/// Hashes in order. They are spread evenly, so dealt out by their first bits to two
/// places or more for each they lie nearly right: half the time of a sort that
/// compares, which guesses wrong at every other comparison.
fn sorted(hashes: &[u64]) -> Vec<u64> {
    if let Some(mut dealt) = dealt(hashes) {
        insert_all(&mut dealt);
        return dealt;
    }
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    sorted
}

/// The hashes in the order of their first bits; nothing where there are too many, or
/// too many that have the same.
fn dealt(hashes: &[u64]) -> Option<Vec<u64>> {
    if hashes.len() > MAX_DEALT {
        return None;
    }
    let bits = (usize::BITS - hashes.len().leading_zeros() + 1).min(MAX_DEALT_BITS);
    let place = |hash: u64| (hash >> (u64::BITS - bits)) as usize;
    let mut room = [0u16; 1 << MAX_DEALT_BITS];
    let ends = &mut room[..1 << bits];
    hashes.iter().for_each(|&hash| ends[place(hash)] += 1);
    let (mut most, mut end) = (0, 0);
    for count in ends.iter_mut() {
        most = most.max(*count);
        end += *count;
        *count = end;
    }
    if most > MAX_TOGETHER {
        return None;
    }
    let mut dealt = vec![0; hashes.len()];
    for &hash in hashes {
        let end = &mut ends[place(hash)];
        *end -= 1;
        dealt[usize::from(*end)] = hash;
    }
    Some(dealt)
}

/// Sorts numbers that lie near their places.
fn insert_all(numbers: &mut [u64]) {
    for next in 1..numbers.len() {
        let number = numbers[next];
        let mut place = next;
        while place > 0 && numbers[place - 1] > number {
            numbers[place] = numbers[place - 1];
            place -= 1;
        }
        numbers[place] = number;
    }
}

/// How many numbers are in both of two sorted lists.
fn merged(one: &[u64], two: &[u64]) -> usize {
    let (mut x, mut y, mut both) = (0, 0, 0);
    while let (Some(here), Some(there)) = (one.get(x), two.get(y)) {
        both += usize::from(here == there);
        x += usize::from(here <= there);
        y += usize::from(there <= here);
    }
    both
}

/// The same of a short list and a long one.
fn searched(few: &[u64], mut more: &[u64]) -> usize {
    let is_there = |shingle: &&u64| {
        more = &more[more.partition_point(|other| other < *shingle)..];
        more.first() == Some(*shingle)
    };
    few.iter().filter(is_there).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn check(one: &[u64], two: &[u64]) {
        let [a, b] = [one, two].map(ShingleSet::new);
        let [one, two] = [one, two].map(|shingles| shingles.iter().collect::<BTreeSet<_>>());
        assert_eq!((a.len(), b.len()), (one.len(), two.len()));
        let both = one.intersection(&two).count();
        assert_eq!((a.shared(&b), b.shared(&a)), (both, both));
    }

    proptest! {
        #[test]
        fn sets_share_what_sets_of_a_tree_share(
            one in prop::collection::vec(0u64..60, 0..200),
            two in prop::collection::vec(0u64..60, 0..200),
        ) {
            let hashed = |numbers: &[u64]| numbers.iter().map(|&n| hash::shingle(n)).collect::<Vec<u64>>();
            check(&hashed(&one), &hashed(&two));
            check(&one, &two);
            let many: Vec<u64> = (0..3_000).chain(two).collect();
            check(&one, &many);
        }
    }

    #[test]
    fn long_sets_share_what_short_ones_do() {
        let hashed = |numbers: std::ops::Range<u64>| numbers.map(hash::shingle).collect::<Vec<u64>>();
        check(&hashed(0..100_000), &hashed(90_000..300_000));
        check(&hashed(0..100), &hashed(50..100_000));
    }

    proptest! {
        #[test]
        fn hashes_are_sorted_however_they_lie(
            numbers in prop::collection::vec(any::<u64>(), 0..2_000),
            spread in prop_oneof![Just(u64::MAX), Just(0xff), Just(0xf000_0000_0000_00ff), 0..u64::MAX],
        ) {
            let hashes: Vec<u64> = numbers.iter().map(|number| number & spread).collect();
            let mut expected = hashes.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(&hashes), expected);
        }
    }

    #[test]
    fn as_many_as_are_dealt_out_and_one_more_are_sorted() {
        for count in [0, 1, 2, MAX_DEALT - 1, MAX_DEALT, MAX_DEALT + 1] {
            let hashes: Vec<u64> = (0..count as u64).map(hash::shingle).collect();
            let mut expected = hashes.clone();
            expected.sort_unstable();
            assert_eq!(sorted(&hashes), expected, "{count}");
            // Of a text that says the same over and over.
            let same = vec![7; count];
            assert_eq!(sorted(&same), same, "{count}");
        }
    }

    #[test]
    fn an_empty_set_shares_nothing() {
        check(&[], &[]);
        check(&[0, u64::MAX], &[]);
    }
}
