//! The join against a slow one, and what it must and must not propose.

use super::aligned_pairs;
use super::meeting::{FAR_REACH, REACH};
use super::weight::quarter_bits;
use crate::candidates::TRIPLES;
use crate::candidates::tests::sketch;
use crate::limits::PairLimits;
use crate::shingle;
use crate::text::Tokenizer;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn pairs_of(texts: &[String]) -> Vec<(usize, usize)> {
    let sketches = sketch(texts);
    let pairs = aligned_pairs(&sketches.triples(), &vec![true; texts.len()], TRIPLES, &PairLimits::default());
    pairs.into_iter().map(|(a, b)| (a.index(), b.index())).collect()
}

/// The first place of each sampled triple, by a map.
fn grams(text: &str) -> BTreeMap<u64, usize> {
    let (mut tokens, mut triples) = (Vec::new(), Vec::new());
    Tokenizer::new().tokenize(text, |token| tokens.push(token.hash));
    shingle::append_shingles(&tokens, 3, &mut triples);
    let sampled = triples.into_iter().enumerate().filter(|(_, triple)| triple.is_multiple_of(8));
    sampled.rev().map(|(place, triple)| (triple, place)).collect()
}

/// All pairs, one by one, with every diagonal tried.
fn slow_pairs(texts: &[String]) -> Vec<(usize, usize)> {
    let all: Vec<BTreeMap<u64, usize>> = texts.iter().map(|text| grams(text)).collect();
    let spread = |gram: &u64| all.iter().filter(|grams| grams.contains_key(gram)).count();
    let weight = |gram: &u64| ((16384.0 / spread(gram) as f64).log2() * 4.0 + 1e-9).floor();
    let mut found = BTreeSet::new();
    for (a, one) in all.iter().enumerate() {
        for (b, two) in all.iter().enumerate().skip(a + 1) {
            // Bins of 32 diagonals, each beginning at a multiple of 16.
            let hits: Vec<(i64, f64)> = one
                .iter()
                .filter_map(|(gram, &x)| Some((*two.get(gram)? as i64 - x as i64, weight(gram))))
                .collect();
            let near =
                |bin: i64| hits.iter().filter(move |hit| [bin, bin + 1].contains(&hit.0.div_euclid(16)));
            let most = (-100..100).map(|bin| near(bin).map(|hit| hit.1).sum::<f64>());
            if most.fold(0.0, f64::max) >= 112.0 {
                found.insert((a, b));
            }
        }
    }
    found.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pairs_are_those_that_trying_every_diagonal_gives(
        pieces in prop::collection::vec(prop::collection::vec((0u32..9, 0u32..40), 1..12), 2..=REACH),
    ) {
        let piece = |&(story, from): &(u32, u32)| -> String {
            (from..from + 25).map(|word| format!("s{story}w{word} ")).collect()
        };
        let texts: Vec<String> = pieces.iter().map(|text| text.iter().map(piece).collect()).collect();
        prop_assert_eq!(pairs_of(&texts), slow_pairs(&texts));
    }
}

#[test]
fn a_copy_with_every_third_word_changed_is_proposed() {
    // No five words in a row are left.
    let text = |changed: &str| -> String {
        (0..300).map(|n| if n % 4 == 3 { format!("{changed}{n} ") } else { format!("w{n} ") }).collect()
    };
    assert_eq!(pairs_of(&[text("x"), text("y"), text("z")]), [(0, 1), (0, 2), (1, 2)]);
}

#[test]
fn the_same_triples_in_another_order_are_no_passage() {
    let block = |side: char, n: usize| -> String {
        let own: String = (0..20).map(|word| format!("{side}{n}w{word} ")).collect();
        (0..4).map(|word| format!("b{n}w{word} ")).collect::<String>() + &own
    };
    let forth: String = (0..60).map(|n| block('x', n)).collect();
    let back: String = (0..60).rev().map(|n| block('y', n)).collect();
    assert_eq!(pairs_of(&[forth, back]), []);
}

#[test]
fn what_thousands_carry_links_neighbours_and_costs_linear_time() {
    let story: String = (0..200).map(|n| format!("w{n} ")).collect();
    let texts: Vec<String> = (0..2000).map(|n| format!("{story} by{n}")).collect();
    let pairs = pairs_of(&texts);
    assert!(pairs.len() <= 2000 * FAR_REACH, "{}", pairs.len());
    assert!((1..2000).all(|n| pairs.binary_search(&(n - 1, n)).is_ok()));
}

#[test]
fn bits_are_those_of_the_logarithm() {
    for (all, some, bits) in
        [(1 << 14, 1, 56), (1 << 14, 2, 52), (1 << 20, 3, 73), (u128::from(u32::MAX), 1, 127)]
    {
        assert_eq!(quarter_bits(all, some), bits, "{all} {some}");
    }
}
