//! First places of shingles, by open addressing.

use super::filter::BITS_OF_HASH;

/// A slot that holds nothing.
pub(super) const EMPTY: u32 = u32::MAX;

/// First places of shingles, by open addressing: in the slot that a hash's upper
/// bits name, or behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// A place, and above it bits of the shingle's hash, so that what stands for
    /// another one is passed over without a look at the text.
    slots: Vec<u32>,
    /// By what a hash is shifted to give its slot.
    shift: u32,
    /// Bits of a place.
    place_bits: u32,
    /// All of these.
    places: u32,
}

impl Table {
    /// An empty one for so many shingles.
    pub(super) fn new(shingles: usize) -> Self {
        // At most four slots of five are taken, and one is always free.
        let slots = (shingles + shingles / 4 + 1).next_power_of_two().max(2);
        // No place has all of its bits set, so that no entry is an empty one.
        let place_bits = u64::BITS - (shingles as u64).leading_zeros();
        let places = 1u32.checked_shl(place_bits).map_or(u32::MAX, |above| above - 1);
        Self { slots: vec![EMPTY; slots], shift: u64::BITS - slots.ilog2(), place_bits, places }
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// What lies in the slot that a shingle's hash names.
    pub(super) fn first_entry(&self, shingle: u64) -> u32 {
        self.slots[self.slot(shingle)]
    }

    fn slot(&self, shingle: u64) -> usize {
        (shingle >> self.shift) as usize
    }

    /// The bits that stand above a place: other ones than choose the slot.
    fn mark(&self, shingle: u64) -> u32 {
        ((shingle >> BITS_OF_HASH) as u32).checked_shl(self.place_bits).unwrap_or(0)
    }

    /// Whether an entry may be that of a shingle.
    pub(super) fn may_be(&self, entry: u32, shingle: u64) -> bool {
        entry != EMPTY && entry ^ self.mark(shingle) <= self.places
    }

    /// The place that an entry holds.
    pub(super) fn place(&self, entry: u32) -> u32 {
        entry & self.places
    }

    /// The first entry that may be that of a shingle; [`EMPTY`] if it is not there.
    pub(super) fn likely(&self, shingle: u64) -> u32 {
        let mut slot = self.slot(shingle);
        while self.slots[slot] != EMPTY && !self.may_be(self.slots[slot], shingle) {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot]
    }

    /// The first place of a shingle among `shingles`, which the table was made of.
    #[inline]
    pub(super) fn find(&self, shingles: &[u64], shingle: u64) -> Option<u32> {
        let mut slot = self.slot(shingle);
        loop {
            let entry = self.slots[slot];
            if entry == EMPTY {
                return None;
            }
            if self.may_be(entry, shingle) && shingles[self.place(entry) as usize] == shingle {
                return Some(self.place(entry));
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Takes a shingle that is not there.
    #[inline]
    pub(super) fn put(&mut self, place: u32, shingle: u64) {
        let mut slot = self.slot(shingle);
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = self.mark(shingle) | place;
    }
}
