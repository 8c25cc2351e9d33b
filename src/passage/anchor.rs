//! Anchors: maximal runs of equal tokens that hold a shared shingle.
//!
//! The shingles of the document with fewer of them are looked up in the other
//! one, in the order of the text, which gives the exact size of the
//! intersection. A shingle that stands once in each document begins a run,
//! which is followed shingle by shingle without further look-ups. A shingle
//! that stands at several places gives not all combinations but the i-th
//! place with the i-th, and the first `MAX_CROSSED` places of each side with
//! the other side's first; the rest is reached by extending from their
//! neighbours. So a document that repeats itself meets all its copies, and one
//! endless phrase costs a constant times its length. Time O(n), and O(n log n)
//! in the places of what recurs; space O(n) in what is shared.

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
    /// The anchors, in the order of `a`, then `b`, each once.
    pub runs: Vec<Run>,
}

/// The shingles that both documents have, and the runs they lie in: none of these
/// where shingles are only counted.
pub fn shared(a: &Prepared, b: &Prepared) -> Shared {
    if let (Some(a), Some(b)) = (&a.counted, &b.counted) {
        return Shared { distinct_shingles: a.shared(b), runs: Vec::new() };
    }
    let is_turned = a.shingles.distinct() > b.shingles.distinct();
    let mut shared = if is_turned { look_up(b, a) } else { look_up(a, b) };
    if is_turned {
        shared.runs.iter_mut().for_each(|run| std::mem::swap(&mut run.a, &mut run.b));
    }
    put_in_order(&mut shared.runs);
    shared.runs.dedup();
    shared
}

/// Sorts maximal runs by `a`, then `b`: no two that differ agree in both.
fn put_in_order(runs: &mut [Run]) {
    runs.sort_unstable_by_key(|run| (run.a as u64) << 32 | run.b as u64);
}

/// [`shared`], by looking up the shingles of `a` in `b`; the runs in no order,
/// and some of them twice.
fn look_up(a: &Prepared, b: &Prepared) -> Shared {
    let (here, there) = (&a.shingles, &b.shingles);
    let mut shared = Shared::default();
    let mut places = Vec::new();
    let mut x = 0;
    loop {
        x += there.absent(&here.in_order()[x..]);
        let Some(&shingle) = here.in_order().get(x) else { break };
        // All places of a shingle are dealt with at its first.
        let found = if here.is_later(x) { None } else { there.find(shingle) };
        let Some(y) = found else {
            x += 1;
            continue;
        };
        if !here.recurs(x) && !there.recurs(y) {
            let run = maximal_run(a, b, (x, y));
            let shingles = run.len + 1 - a.shingle_len();
            // Up to the next shingle that has other places, or the run's end.
            let alone =
                (x..run.a + shingles).take_while(|&at| !here.recurs(at) && !there.recurs(at - x + y)).count();
            shared.distinct_shingles += alone;
            shared.runs.push(run);
            x += alone;
        } else {
            shared.distinct_shingles += 1;
            let alone = ([x as u32], [y as u32]);
            let (of_a, of_b) = (places_of(a, x, &alone.0), places_of(b, y, &alone.1));
            pair_places(of_a, of_b, &mut places);
            x += 1;
        }
    }
    find_runs(a, b, places, &mut shared.runs);
    shared
}

/// All places of the shingle that stands first at `first`, which is `alone` if
/// it stands nowhere else.
fn places_of<'p>(document: &'p Prepared, first: usize, alone: &'p [u32; 1]) -> &'p [u32] {
    if document.shingles.recurs(first) { document.shingles.places_of(first) } else { alone }
}

/// A place in either document as one number: the diagonal, then the place in
/// the first.
type Places = i64;

fn places(x: u32, y: u32) -> Places {
    (i64::from(y) - i64::from(x)) << 32 | i64::from(x)
}

/// Pairs the places where a shingle stands in two documents.
fn pair_places(here: &[u32], there: &[u32], pairs: &mut Vec<Places>) {
    pairs.extend(here.iter().zip(there).map(|(&x, &y)| places(x, y)));
    pairs.extend(there.iter().take(MAX_CROSSED).skip(1).map(|&y| places(here[0], y)));
    pairs.extend(here.iter().take(MAX_CROSSED).skip(1).map(|&x| places(x, there[0])));
}

/// Runs of one document that stand again later: each recurring shingle's
/// place with its next one. In the order of the earlier place, then the later.
pub fn recurring(document: &Prepared) -> Vec<Run> {
    let mut pairs = Vec::new();
    for group in document.shingles.recurring() {
        pairs.extend(group.windows(2).map(|pair| places(pair[0], pair[1])));
    }
    let mut runs = Vec::new();
    find_runs(document, document, pairs, &mut runs);
    put_in_order(&mut runs);
    runs
}

/// Appends the maximal run around each pair of places of one shingle, each
/// once, by their diagonals.
fn find_runs(a: &Prepared, b: &Prepared, mut pairs: Vec<Places>, found: &mut Vec<Run>) {
    pairs.sort_unstable();
    let mut last: Option<(i64, Run)> = None;
    for pair in pairs {
        let (diagonal, x) = (pair >> 32, pair as u32 as usize);
        if last.is_some_and(|(of_last, run)| of_last == diagonal && x < run.a + run.len) {
            continue;
        }
        let run = maximal_run(a, b, (x, (x as i64 + diagonal) as usize));
        last = Some((diagonal, run));
        found.push(run);
    }
}

/// The longest run of equal tokens around a shingle that stands at `place.0`
/// of the first document and `place.1` of the second: its neighbours, as long
/// as they are the same shingles.
fn maximal_run(a: &Prepared, b: &Prepared, place: (usize, usize)) -> Run {
    let (here, there) = (a.shingles.in_order(), b.shingles.in_order());
    let (before_a, ahead_a) = here.split_at(place.0);
    let (before_b, ahead_b) = there.split_at(place.1);
    let back = before_a.iter().rev().zip(before_b.iter().rev()).take_while(|(one, two)| one == two).count();
    let ahead = ahead_a.iter().zip(ahead_b).take_while(|(one, two)| one == two).count();
    Run { a: place.0 - back, b: place.1 - back, len: back + ahead + a.shingle_len() - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet, HashSet};

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
            let forth = shared(&one, &two);
            prop_assert_eq!(forth.distinct_shingles, set(&a).intersection(&set(&b)).count());
            prop_assert_eq!(one.shingles.distinct(), set(&a).len());
            prop_assert!(forth.runs.len() <= 2 * (a.len() + b.len()));
            let mut back = shared(&two, &one);
            back.runs.iter_mut().for_each(|run| std::mem::swap(&mut run.a, &mut run.b));
            back.runs.sort_unstable();
            prop_assert_eq!(forth, back);
        }

        /// Each pair of places that stand for a shingle lies in a maximal run
        /// that is found, and no other run is.
        #[test]
        fn runs_are_the_maximal_common_runs(
            a in prop::collection::vec(0u8..4, 5..50),
            b in prop::collection::vec(0u8..4, 5..50),
        ) {
            let (one, two) = (prepared(&a), prepared(&b));
            let mut expected = BTreeSet::new();
            let mut windows: BTreeMap<&[u8], [Vec<u32>; 2]> = BTreeMap::new();
            for (side, tokens) in [&a, &b].into_iter().enumerate() {
                for (place, window) in (0..).zip(tokens.windows(5)) {
                    windows.entry(window).or_default()[side].push(place);
                }
            }
            let mut places = Vec::new();
            for [here, there] in windows.values().filter(|sides| !sides.iter().any(Vec::is_empty)) {
                pair_places(here, there, &mut places);
            }
            for pair in places {
                let mut x = pair as u32 as usize;
                let mut y = x.wrapping_add_signed((pair >> 32) as isize);
                while x > 0 && y > 0 && a[x - 1] == b[y - 1] {
                    (x, y) = (x - 1, y - 1);
                }
                let len = a[x..].iter().zip(&b[y..]).take_while(|(p, q)| p == q).count();
                expected.insert(Run { a: x, b: y, len });
            }
            prop_assert_eq!(shared(&one, &two).runs, expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_endless_phrase_gives_few_runs() {
        let document = prepared(&[1; 5000]);
        let found = shared(&document, &document).runs;
        assert!(found.len() < 2 * MAX_CROSSED, "{}", found.len());
        assert!(found.contains(&Run { a: 0, b: 0, len: 5000 }));
    }

    #[test]
    fn recurring_places_are_paired_with_the_last_before() {
        let document = prepared(&[1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 5, 8, 1, 2, 3, 4, 5]);
        let run = |a, b| Run { a, b, len: 5 };
        assert_eq!(recurring(&document), [run(0, 6), run(6, 12)]);
    }
}
