//! Fingerprints: shingles selected by winnowing, with their places.
//!
//! Of every `window` consecutive shingles the one with the least hash is
//! selected (Schleimer, Wilkerson, Aiken 2003). Two texts that share a run of
//! `shingle_len + window - 1` tokens share a whole window, so they select the
//! same shingle in it: such a run is certain to be seen, whatever stands
//! around it. On average `2 / (window + 1)` of the shingles are selected.
//! A shingle with a very small hash is selected in any surrounding, so that
//! of two noisy copies 5/8 of the shared shingles that one side selects are
//! selected by the other side too, where independent sampling at that rate
//! would keep all of them but guarantee nothing.
//!
//! Each fingerprint also carries a few bits of what stands before and behind
//! its shingle. Two places that share a run of twice that context length
//! beyond the shingle agree on one side at least; two places that share just
//! a common phrase seldom do.

use crate::params::Params;

/// Widest selection window. 16 selects 2 shingles in 17; a document of 390
/// tokens keeps 46.
const MAX_WINDOW: usize = 16;

/// Tokens on each side of a shingle that its context bits stand for.
const CONTEXT_TOKENS: usize = 4;

/// Context bits at the edge of a text, where there are too few tokens.
const NO_CONTEXT: u8 = 0;

/// A selected shingle and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The shingle's hash.
    pub hash: u64,
    /// Index of the shingle's first token.
    pub position: u32,
    /// Bits of the tokens before it; `NO_CONTEXT` at the start of a text.
    pub before: u8,
    /// Bits of the tokens behind it; `NO_CONTEXT` at the end of a text.
    pub behind: u8,
}

/// Whether two context bytes can stand for the same tokens.
pub fn contexts_agree(a: u8, b: u8) -> bool {
    a == b || a == NO_CONTEXT || b == NO_CONTEXT
}

/// The window that the parameters allow: as wide as `MAX_WINDOW`, but
/// never so wide that a run of `min_passage_tokens` could be missed.
pub fn window(params: &Params) -> usize {
    MAX_WINDOW.min(params.min_passage_tokens + 1 - params.shingle_len)
}

/// Any run of this many tokens that two texts share is seen: it holds a whole
/// window, and a full context on one side of every shingle in it.
pub fn guarantee_tokens(params: &Params) -> usize {
    params.shingle_len + (window(params) - 1).max(2 * CONTEXT_TOKENS - 1)
}

/// Tokens for which a fingerprint stands, on average.
pub fn tokens_per_fingerprint(params: &Params) -> f64 {
    (window(params) + 1) as f64 / 2.0
}

/// Selects fingerprints.
#[derive(Clone, Debug)]
pub struct Winnower {
    shingle_len: usize,
    window: usize,
}

impl Winnower {
    /// A winnower with the window that `params` allow.
    pub fn new(params: &Params) -> Self {
        Self { shingle_len: params.shingle_len, window: window(params) }
    }

    /// Hands out the fingerprints of a document, in order. A document with
    /// fewer shingles than a window selects its least one.
    pub fn select(&self, tokens: &[u64], shingles: &[u64], mut each: impl FnMut(Fingerprint)) {
        let window = self.window.min(shingles.len());
        let mut last = window.saturating_sub(1);
        while last < shingles.len() {
            let first = last + 1 - window;
            let mut place = rightmost_least(&shingles[first..=last]) + first;
            each(self.fingerprint(tokens, shingles, place));
            // Until it leaves the window, only a lesser one takes its place.
            last += 1;
            while let Some(lesser) = shingles[last..shingles.len().min(place + window)]
                .iter()
                .position(|&shingle| shingle < shingles[place])
            {
                place = last + lesser;
                each(self.fingerprint(tokens, shingles, place));
                last = place + 1;
            }
            last = place + window;
        }
    }

    fn fingerprint(&self, tokens: &[u64], shingles: &[u64], place: usize) -> Fingerprint {
        let end = place + self.shingle_len;
        let before = place.checked_sub(CONTEXT_TOKENS).map(|start| &tokens[start..place]);
        let behind = tokens.get(end..end + CONTEXT_TOKENS);
        Fingerprint {
            hash: shingles[place],
            position: place as u32,
            before: before.map_or(NO_CONTEXT, context),
            behind: behind.map_or(NO_CONTEXT, context),
        }
    }
}

/// The rightmost place of the least value, which stays chosen until it leaves
/// the window or a lesser one enters ("robust winnowing"): a text of one
/// repeated phrase then selects one shingle a window, and not every shingle.
fn rightmost_least(shingles: &[u64]) -> usize {
    let (mut least, mut found) = (u64::MAX, 0);
    for (place, &shingle) in shingles.iter().enumerate() {
        found = if shingle <= least { place } else { found };
        least = least.min(shingle);
    }
    found
}

/// Eight bits for a few tokens, never [`NO_CONTEXT`].
fn context(tokens: &[u64]) -> u8 {
    let mixed = tokens.iter().fold(0u64, |sum, token| (sum ^ token).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    ((mixed >> 56) as u8).max(NO_CONTEXT + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use crate::shingle;
    use proptest::prelude::*;

    fn select(tokens: &[u64], params: &Params) -> Vec<Fingerprint> {
        let tokens: Vec<u64> = tokens.iter().map(|t| hash::token(&t.to_le_bytes())).collect();
        let mut shingles = Vec::new();
        shingle::append_shingles(&tokens, params.shingle_len, &mut shingles);
        let mut selected = Vec::new();
        Winnower::new(params).select(&tokens, &shingles, |fingerprint| selected.push(fingerprint));
        selected
    }

    /// The places that every window in turn selects.
    fn select_window_by_window(shingles: &[u64], window: usize) -> Vec<usize> {
        let window = window.min(shingles.len());
        let mut selected: Vec<usize> = Vec::new();
        for last in window.saturating_sub(1)..shingles.len() {
            let first = last + 1 - window;
            let least = *shingles[first..=last].iter().min().unwrap();
            match selected.last() {
                Some(&place) if place >= first && shingles[place] == least => {}
                _ => selected.push((first..=last).rev().find(|&place| shingles[place] == least).unwrap()),
            }
        }
        selected
    }

    proptest! {
        #[test]
        fn selection_is_that_of_every_window(
            shingles in prop::collection::vec(prop_oneof![0u64..6, any::<u64>()], 0..120),
            min_passage_tokens in 5usize..30,
        ) {
            let winnower = Winnower::new(&Params { min_passage_tokens, ..Params::default() });
            let mut places = Vec::new();
            winnower.select(&vec![1; shingles.len() + 4], &shingles, |f| places.push(f.position as usize));
            prop_assert_eq!(places, select_window_by_window(&shingles, winnower.window));
        }

        /// The guarantee, against texts from small alphabets, where ties and
        /// repetitions are common.
        #[test]
        fn a_shared_run_of_the_guaranteed_length_shares_a_fingerprint(
            shared in prop::collection::vec(0u64..20, 20..40),
            around in prop::array::uniform4(prop::collection::vec(0u64..20, 0..30)),
        ) {
            let params = Params::default();
            prop_assert_eq!(guarantee_tokens(&params), 20);
            let [a, b, c, d] = around;
            let one = select(&[&a[..], &shared, &b].concat(), &params);
            let two = select(&[&c[..], &shared, &d].concat(), &params);
            prop_assert!(one.iter().any(|x| two.iter().any(|y| x.hash == y.hash)));
        }

        #[test]
        fn every_window_holds_a_selected_shingle(tokens in prop::collection::vec(0u64..1000, 5..300)) {
            let params = Params::default();
            let selected = select(&tokens, &params);
            let shingles = tokens.len() - 4;
            for start in 0..=shingles.saturating_sub(16) {
                let window = start..(start + 16).min(shingles);
                prop_assert!(selected.iter().any(|f| window.contains(&(f.position as usize))));
            }
        }
    }

    #[test]
    fn about_two_in_seventeen_shingles_are_selected() {
        let tokens: Vec<u64> = (0..20_000).collect();
        let count = select(&tokens, &Params::default()).len() as f64;
        let expected = 19_996.0 * 2.0 / 17.0;
        assert!((count / expected - 1.0).abs() < 0.05, "{count} against {expected}");
    }

    #[test]
    fn one_phrase_repeated_selects_one_shingle_a_window() {
        let count = select(&[7; 1600], &Params::default()).len();
        assert!((95..=105).contains(&count), "{count}");
    }

    #[test]
    fn contexts_agree_inside_a_shared_run_and_at_the_edges() {
        let params = Params::default();
        let shared: Vec<u64> = (0..60).collect();
        let one = select(&[&[900, 901, 902, 903, 904][..], &shared].concat(), &params);
        let two = select(&shared, &params);
        let mut compared = 0;
        for x in &one {
            for y in two.iter().filter(|y| y.hash == x.hash && y.position >= 4) {
                compared += 1;
                assert!(contexts_agree(x.before, y.before) && contexts_agree(x.behind, y.behind));
            }
        }
        assert!(compared >= 2);
    }

    #[test]
    fn a_short_passage_narrows_the_window_down_to_what_contexts_need() {
        let params = Params { min_passage_tokens: 8, ..Params::default() };
        assert_eq!((window(&params), guarantee_tokens(&params)), (4, 12));
    }
}
