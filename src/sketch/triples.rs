//! Triples: three tokens in a row, sampled by value, with their places.
//!
//! Where every third word of a copy was replaced, a run of five tokens is left
//! at one place in six, and both sides must select it; three in a row are left
//! at one in three. And a sample by value (of every eight different triples
//! the same one, as FracMinHash keeps them: Irber et al. 2022) is the same on
//! both sides, where winnowing selects again in every surrounding. Of a
//! document of 400 tokens 50 triples are kept, and 17 of them in a copy with
//! 30 per cent of its words changed. One shared triple means nothing; which
//! pairs share enough of them in the same order is for
//! [`crate::candidates::aligned`] to say.
//!
//! O(1) a token; 8 bytes a triple kept, as for fingerprints.

use crate::shingle;

/// Tokens in a triple. Pairs of tokens are commoner in unrelated texts, and
/// leave more to join: 5.0 million meetings against 1.8 among 23,428
/// newswire articles.
pub const TRIPLE_LEN: usize = 3;

/// One triple of so many is kept: a power of two. With 8, an article of 200
/// tokens with 30 per cent of its words changed shares eight on average and
/// fewer than three in one case in seventy.
pub const KEPT_OF: u64 = 8;

/// Hands out the sampled triples of a document with the index of their first
/// token. `rolled` is room for all of them.
pub fn sample(tokens: &[u64], rolled: &mut Vec<u64>, mut each: impl FnMut(u64, usize)) {
    rolled.clear();
    shingle::append_shingles(tokens, TRIPLE_LEN, rolled);
    // The lowest bits sample, since postings keep those above.
    let kept = rolled.iter().enumerate().filter(|(_, triple)| **triple % KEPT_OF == 0);
    kept.for_each(|(place, &triple)| each(triple, place));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    fn sampled(tokens: &[u64]) -> Vec<(u64, usize)> {
        let tokens: Vec<u64> = tokens.iter().map(|token| hash::token(&token.to_le_bytes())).collect();
        let mut found = Vec::new();
        sample(&tokens, &mut Vec::new(), |hash, place| found.push((hash, place)));
        found
    }

    proptest! {
        /// Whatever stands around them, both sides keep the same triples.
        #[test]
        fn a_shared_run_keeps_the_same_triples_everywhere(
            shared in prop::collection::vec(0u64..1000, 3..60),
            before in prop::collection::vec(0u64..1000, 0..20),
            behind in prop::collection::vec(0u64..1000, 0..20),
        ) {
            let inside = |place: usize| place >= before.len() && place + TRIPLE_LEN <= before.len() + shared.len();
            let whole = sampled(&[&before[..], &shared, &behind].concat());
            let of_run: Vec<_> = whole
                .into_iter()
                .filter(|&(_, place)| inside(place))
                .map(|(hash, place)| (hash, place - before.len()))
                .collect();
            prop_assert_eq!(of_run, sampled(&shared));
        }
    }

    #[test]
    fn one_triple_in_eight_is_kept() {
        let tokens: Vec<u64> = (0..40_000).collect();
        let count = sampled(&tokens).len();
        assert!((4800..5200).contains(&count), "{count}");
        assert!(sampled(&[1, 2]).is_empty());
    }
}
