//! Anchors: maximal runs of equal tokens that begin with a shared shingle.
//!
//! The shingles of the shorter document are looked up in the longer one, which
//! gives the exact size of the intersection and every shared shingle's places. A
//! shingle that stands at several places in both documents gives not all
//! combinations but the i-th place with the i-th, and the first
//! `MAX_CROSSED` places of each side with the other side's first; the rest
//! is reached by extending from their neighbours. So a document that repeats
//! itself meets all its copies, and one endless phrase costs a constant times
//! its length. Time O(n log n) in the places shared and O(n) in all others,
//! space O(n).

use super::prepared::{Prepared, Range};

/// Places of a shingle that are paired with the other side's first: more
/// copies of a body inside one document than any scraper has been seen to
/// make, and few enough that a text of one token, where each costs an
/// extension over the whole text, stays linear.
const MAX_CROSSED: usize = 32;

/// A run of equal tokens in two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Its first token in the first document.
    pub a: usize,
    /// Its first token in the second document.
    pub b: usize,
    /// How many tokens it has.
    pub len: usize,
}

impl Run {
    /// Its tokens in the first document.
    pub fn range_a(self) -> Range {
        Range::new(self.a, self.a + self.len)
    }

    /// Its tokens in the second document.
    pub fn range_b(self) -> Range {
        Range::new(self.b, self.b + self.len)
    }
}

/// What two documents share exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// How many different shingles both have.
    pub distinct_shingles: usize,
    /// Pairs of places of shared shingles, in no particular order.
    pub places: Vec<(u32, u32)>,
}

/// The shingles that both documents have.
pub fn shared_shingles(a: &Prepared, b: &Prepared) -> Shared {
    let mut shared = Shared::default();
    let a_is_shorter = a.shingles.distinct() <= b.shingles.distinct();
    let (shorter, longer) = if a_is_shorter { (a, b) } else { (b, a) };
    shorter.shingles.for_each_shared(&longer.shingles, |here, there| {
        shared.distinct_shingles += 1;
        let (of_a, of_b) = if a_is_shorter { (here, there) } else { (there, here) };
        pair_places(of_a, of_b, &mut shared.places);
    });
    shared
}

/// Pairs the places where a shingle stands in two documents.
fn pair_places(here: &[u32], there: &[u32], places: &mut Vec<(u32, u32)>) {
    places.extend(here.iter().copied().zip(there.iter().copied()));
    places.extend(there.iter().take(MAX_CROSSED).skip(1).map(|&y| (here[0], y)));
    places.extend(here.iter().take(MAX_CROSSED).skip(1).map(|&x| (x, there[0])));
}

/// Places of one document that share a shingle with the place where it stood
/// last before; the earlier place comes first.
pub fn recurring_shingles(document: &Prepared) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    for (_, group) in document.shingles.groups() {
        places.extend(group.windows(2).map(|pair| (pair[0], pair[1])));
    }
    places
}

/// Extends each pair of places to the longest run of equal tokens around it.
/// Each run is given once, in the order of `a`, then `b`.
pub fn runs(a: &[u64], b: &[u64], mut places: Vec<(u32, u32)>) -> Vec<Run> {
    let diagonal = |&(x, y): &(u32, u32)| i64::from(y) - i64::from(x);
    places.sort_unstable_by_key(|place| (diagonal(place), place.0));
    let mut found: Vec<Run> = Vec::new();
    let mut last: Option<(i64, usize)> = None;
    for place in &places {
        let (x, y) = (place.0 as usize, place.1 as usize);
        let behind = match last {
            Some((line, end)) if line == diagonal(place) => end,
            _ => 0,
        };
        if behind > x {
            continue;
        }
        let back = (1..=(x - behind).min(y)).take_while(|&n| a[x - n] == b[y - n]).count();
        let ahead = a[x..].iter().zip(&b[y..]).take_while(|(one, two)| one == two).count();
        found.push(Run { a: x - back, b: y - back, len: back + ahead });
        last = Some((diagonal(place), x + ahead));
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use proptest::prelude::*;
    use std::collections::{BTreeSet, HashSet};

    fn prepared(tokens: &[u8]) -> Prepared {
        let text: String = tokens.iter().map(|t| format!("w{t} ")).collect();
        Prepared::new(&text, &Params::default())
    }

    proptest! {
        #[test]
        fn the_intersection_is_that_of_the_token_windows(
            a in prop::collection::vec(0u8..3, 0..60),
            b in prop::collection::vec(0u8..3, 0..60),
        ) {
            let set = |tokens: &[u8]| -> HashSet<Vec<u8>> { tokens.windows(5).map(<[u8]>::to_vec).collect() };
            let (one, two) = (prepared(&a), prepared(&b));
            let shared = shared_shingles(&one, &two);
            prop_assert_eq!(shared.distinct_shingles, set(&a).intersection(&set(&b)).count());
            prop_assert_eq!(one.shingles.distinct(), set(&a).len());
            prop_assert!(shared.places.len() <= 2 * (a.len() + b.len()));
        }

        /// Every maximal common run that holds a paired place is found.
        #[test]
        fn runs_are_the_maximal_common_runs(
            a in prop::collection::vec(0u8..4, 5..50),
            b in prop::collection::vec(0u8..4, 5..50),
        ) {
            let (one, two) = (prepared(&a), prepared(&b));
            let places = shared_shingles(&one, &two).places;
            let found: BTreeSet<Run> = runs(&one.tokens, &two.tokens, places.clone()).into_iter().collect();
            let mut expected = BTreeSet::new();
            for (x, y) in places {
                let (mut x, mut y) = (x as usize, y as usize);
                while x > 0 && y > 0 && a[x - 1] == b[y - 1] {
                    (x, y) = (x - 1, y - 1);
                }
                let len = a[x..].iter().zip(&b[y..]).take_while(|(p, q)| p == q).count();
                expected.insert(Run { a: x, b: y, len });
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn one_endless_phrase_gives_few_runs() {
        let document = prepared(&[1; 5000]);
        let places = shared_shingles(&document, &document).places;
        let found = runs(&document.tokens, &document.tokens, places);
        assert!(found.len() < 2 * MAX_CROSSED, "{}", found.len());
        assert!(found.contains(&Run { a: 0, b: 0, len: 5000 }));
    }

    #[test]
    fn recurring_places_are_paired_with_the_last_before() {
        let document = prepared(&[1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 5, 8, 1, 2, 3, 4, 5]);
        assert_eq!(recurring_shingles(&document), [(0, 6), (6, 12)]);
    }
}
