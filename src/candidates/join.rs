//! What both joins do with a part of their keys: put aside what stands alone.
//!
//! Most keys are had by one document only and propose nothing. They are told
//! by counting: each key adds one to the count in its slot of a small table,
//! and what shares its slot with nobody is alone. The table stays in a fast
//! cache because the keys come in parts, and what is left, the few that may
//! have a partner, is sorted. Time O(n) and a sort of what is left.

use crate::sketch::posting::SHINGLE_BITS;

/// Slots a key: at four, one key in five that is alone is kept for the sort.
const SLOTS_PER_KEY: usize = 4;

/// Least bits of a slot's number, so that a few keys are no special case.
const LEAST_SLOT_BITS: u32 = 6;

/// Counts keys by slots, up to two.
#[derive(Debug, Default)]
pub(super) struct Slots {
    counts: Vec<u8>,
    shift: u32,
}

impl Slots {
    /// Empties the table, for so many keys of `key_bits` random bits.
    pub(super) fn reset(&mut self, keys: usize, key_bits: u32) {
        let bits = (keys * SLOTS_PER_KEY).next_power_of_two().ilog2().max(LEAST_SLOT_BITS).min(key_bits);
        self.shift = key_bits - bits;
        self.counts.clear();
        self.counts.resize(1 << bits, 0);
    }

    /// Counts a key.
    #[inline]
    pub(super) fn add(&mut self, key: u64) {
        let count = &mut self.counts[(key >> self.shift) as usize];
        *count = (*count + 1).min(2);
    }

    /// Whether the key may have been counted more than once; never false if
    /// it was.
    #[inline]
    pub(super) fn may_recur(&self, key: u64) -> bool {
        self.counts[(key >> self.shift) as usize] > 1
    }
}

/// Sorts what is left of a part by keys of [`SHINGLE_BITS`], equal ones as they
/// come: as words that are compared without a branch.
pub(super) fn sort_by_key<T: Copy>(entries: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    const PLACE_BITS: u32 = u64::BITS - SHINGLE_BITS;
    if entries.len() >> PLACE_BITS > 0 {
        return entries.sort_by_key(key);
    }
    let mut order: Vec<u64> =
        entries.iter().map(key).zip(0..).map(|(key, at)| key << PLACE_BITS | at).collect();
    order.sort_unstable();
    let place = |&word: &u64| (word & ((1 << PLACE_BITS) - 1)) as usize;
    *entries = order.iter().map(|word| entries[place(word)]).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_that_recurs_is_never_put_aside(keys in prop::collection::vec(0u64..1 << 20, 0..300)) {
            let mut slots = Slots::default();
            slots.reset(5, 20);
            slots.add(3);
            slots.reset(keys.len(), 20);
            keys.iter().for_each(|&key| slots.add(key));
            for key in &keys {
                let recurs = keys.iter().filter(|other| *other == key).count() > 1;
                prop_assert!(slots.may_recur(*key) || !recurs);
            }
        }
    }

    proptest! {
        #[test]
        fn equal_keys_stay_as_they_come(keys in prop::collection::vec(0u64..20, 0..200)) {
            let mut entries: Vec<(u64, usize)> = keys.into_iter().map(|key| key << 35).zip(0..).collect();
            let mut expected = entries.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut entries, |(key, _)| *key);
            prop_assert_eq!(entries, expected);
        }
    }

    #[test]
    fn most_keys_that_stand_alone_are_put_aside() {
        let keys: Vec<u64> = (0..10_000u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24).collect();
        let mut slots = Slots::default();
        slots.reset(keys.len(), 40);
        keys.iter().for_each(|&key| slots.add(key));
        let kept = keys.iter().filter(|&&key| slots.may_recur(key)).count();
        assert!(kept < 3000, "{kept}");
    }
}
