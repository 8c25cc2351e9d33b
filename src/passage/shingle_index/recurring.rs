//! Shingles that stand at several places of a document.

use super::table::EMPTY;

/// Shingles that stand at several places.
#[derive(Clone, Debug, Default)]
pub(super) struct Recurring {
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

impl Recurring {
    /// `again` holds a first place with each later one, in the order of the
    /// later ones, of `len` shingles.
    pub(super) fn new(again: &[(u32, u32)], len: usize) -> Self {
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

    /// Whether nothing recurs.
    pub(super) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Whether the shingle at `place` recurs.
    #[inline]
    pub(super) fn has(&self, place: usize) -> bool {
        let marks = self.marks.get(place / 64);
        marks.is_some_and(|marks| (marks.first | marks.later) >> (place % 64) & 1 == 1)
    }

    /// Whether the shingle at `place` stands before it too.
    #[inline]
    pub(super) fn is_later(&self, place: usize) -> bool {
        self.marks.get(place / 64).is_some_and(|marks| marks.later >> (place % 64) & 1 == 1)
    }

    /// All places of the shingle that stands first at `first`.
    pub(super) fn places_of(&self, first: usize) -> &[u32] {
        self.group(self.number(first))
    }

    /// The places of each shingle.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.starts.len().saturating_sub(1)).map(|number| self.group(number))
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
