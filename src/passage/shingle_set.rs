//! The different shingles of one document, to be counted against those of
//! another one.
//!
//! They lie sorted, 8 bytes each, and two sets are merged without a branch that
//! depends on a hash: what no processor can foresee costs more than the steps
//! that a table would save (430 shingles: 1.8 µs a pair, 6.6 with a table of open
//! addressing and 4.4 in the order of the text). Where one set is much the
//! smaller its shingles are searched for. O(n log n) to make, O(n) to count, and
//! O(m log n) for m of them in many more. Nothing else is known of a shingle;
//! [`ShingleIndex`](super::shingle_index::ShingleIndex) has the places.

/// How many times as many the one must have for the other's to be searched for: a
/// search takes as long as so many steps of a merge.
const MANY_MORE: usize = 16;

/// A set of shingles.
#[derive(Clone, Debug, Default)]
pub struct ShingleSet(Box<[u64]>);

impl ShingleSet {
    /// The set of these shingles, which are put in order on the way.
    pub fn new(shingles: &mut Vec<u64>) -> Self {
        shingles.sort_unstable();
        shingles.dedup();
        Self(shingles.as_slice().into())
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
        let [a, b] = [one, two].map(|shingles| ShingleSet::new(&mut shingles.to_vec()));
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

    #[test]
    fn an_empty_set_shares_nothing() {
        check(&[], &[]);
        check(&[0, u64::MAX], &[]);
    }
}
