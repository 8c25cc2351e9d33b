//! Large families of alike documents: which of their pairs are compared.
//!
//! A form filled in a thousand times, or a story with a thousand small
//! variants, is scattered over the buckets of a band as its variants are: many
//! buckets too small to be joined by a star, and others in every band. Together
//! they propose a hundred pairs a document, of which a few say all. So where the
//! proposed pairs make a component of more than
//! [`ALL_PAIRS_BUCKET`] documents, each keeps the
//! [`KEPT`] partners whose signatures agree with its own most; and where that
//! takes a component apart, the best pairs between the parts are kept too. A
//! story in up to a hundred outlets keeps all its pairs, and no document loses
//! its component.
//!
//! Time O(p log p) in the pairs, space 24 bytes for each of a large component.
//! Nearest neighbours alone, as in a k-nearest-neighbour graph (Dong, Moses and
//! Li 2011), leave islands; the maximum spanning forest (Kruskal 1956) joins
//! them.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{ALL_PAIRS_BUCKET, CandidatePair, sort_and_dedup, sort_key};
use crate::cluster;
use crate::disjoint::DisjointSets;
use crate::sketch::Sketches;

/// Partners that a document of a large family keeps. With 8, no labelled pair of
/// 20news or Reuters is lost, and 20,000 variants of one text have 248,133 pairs
/// in all where they had 837,210; other numbers were not tried.
pub const KEPT: usize = 8;

/// A pair with how far its signatures agree; the best first.
type Rated = (Reverse<u32>, CandidatePair);

/// The pairs without most of those of large families, sorted, each once.
pub fn thinned(mut pairs: Vec<CandidatePair>, sketches: &Sketches) -> Vec<CandidatePair> {
    sort_and_dedup(&mut pairs);
    let edges = || pairs.iter().map(|(a, b)| (a.index(), b.index()));
    let mut is_of_family = vec![false; sketches.len()];
    let components = cluster::components(sketches.len(), edges());
    for component in components.iter().filter(|component| component.len() > ALL_PAIRS_BUCKET) {
        component.iter().for_each(|&document| is_of_family[document] = true);
    }
    let (of_families, mut kept): (Vec<CandidatePair>, Vec<CandidatePair>) =
        pairs.iter().partition(|(a, _)| is_of_family[a.index()]);
    if of_families.is_empty() {
        return kept;
    }
    let rate = |&(a, b): &CandidatePair| -> Rated {
        let agreeing = sketches.packing().agreeing(&sketches.signature(a), &sketches.signature(b));
        (Reverse(agreeing as u32), (a, b))
    };
    let mut rated: Vec<Rated> = of_families.par_iter().map(rate).collect();
    rated.par_sort_unstable_by_key(|(agreeing, pair)| (*agreeing, sort_key(pair)));
    let mut nearest = Nearest::new(sketches.len());
    let nearest = rated.into_iter().filter(|(_, (a, b))| nearest.keeps(a.index(), b.index()));
    kept.extend(nearest.map(|(_, pair)| pair));
    sort_and_dedup(&mut kept);
    kept
}

/// Says which pairs of families stay.
pub(crate) struct Nearest {
    /// By document: how many partners it has.
    partners: Vec<u8>,
    sets: DisjointSets,
}

impl Nearest {
    /// Of so many documents.
    pub(crate) fn new(documents: usize) -> Self {
        Self { partners: vec![0; documents], sets: DisjointSets::new(documents) }
    }

    /// Whether a pair stays; of those of one family the best come first.
    pub(crate) fn keeps(&mut self, a: usize, b: usize) -> bool {
        let Self { partners, sets } = self;
        // Whoever still has room wants this one.
        let is_wanted = |document: usize| usize::from(partners[document]) < KEPT;
        let is_kept = is_wanted(a) || is_wanted(b) || sets.root(a) != sets.root(b);
        if is_kept {
            sets.unite(a, b);
            for document in [a, b] {
                partners[document] = partners[document].saturating_add(1);
            }
        }
        is_kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::tests::sketch;
    use crate::document::DocId;

    /// Variants of one text, each with a few words of its own.
    fn variants(family: char, count: usize) -> Vec<String> {
        let word = |n: usize, at: usize| if (at * 31 + n * 17).is_multiple_of(40) { n } else { 0 };
        (0..count).map(|n| (0..200).map(|at| format!("{family}{at}x{} ", word(n, at))).collect()).collect()
    }

    fn all_pairs(from: usize, to: usize) -> impl Iterator<Item = CandidatePair> {
        (from..to).flat_map(move |a| (a + 1..to).map(move |b| (DocId::new(a), DocId::new(b))))
    }

    #[test]
    fn a_story_keeps_all_its_pairs_and_a_large_family_a_few_a_document() {
        let texts = [variants('a', 60), variants('b', 400)].concat();
        let sketches = sketch(&texts);
        let pairs: Vec<CandidatePair> = all_pairs(0, 60).chain(all_pairs(60, 460)).collect();
        let kept = thinned(pairs, &sketches);
        let (of_story, of_family): (Vec<CandidatePair>, Vec<CandidatePair>) =
            kept.iter().partition(|(a, _)| a.index() < 60);
        assert_eq!(of_story, all_pairs(0, 60).collect::<Vec<_>>());
        assert!((399..=400 * KEPT).contains(&of_family.len()), "{}", of_family.len());
        // Nobody loses its best partner.
        for document in (60..460).map(DocId::new) {
            let agreeing = |other: DocId| {
                sketches.packing().agreeing(&sketches.signature(document), &sketches.signature(other))
            };
            let best = (60..460).map(DocId::new).filter(|&other| other != document).map(agreeing).max();
            let partners = of_family.iter().filter(|(a, b)| *a == document || *b == document);
            let kept = partners.map(|&(a, b)| agreeing(if a == document { b } else { a })).max();
            assert_eq!(kept, best, "{document:?}");
        }
    }

    #[test]
    fn parts_of_a_family_stay_joined() {
        // Two halves whose members are nearer to each other than across.
        let half = |half: char| {
            let mixed = |text: &String| -> String {
                let words = text.split_whitespace().enumerate();
                words
                    .map(|(at, word)| if at % 12 == 0 { format!("{half}{at} ") } else { format!("{word} ") })
                    .collect()
            };
            variants('a', 80).iter().map(mixed).collect::<Vec<String>>()
        };
        let sketches = sketch(&[half('p'), half('q')].concat());
        let kept = thinned(all_pairs(0, 160).collect(), &sketches);
        let components = cluster::components(160, kept.iter().map(|(a, b)| (a.index(), b.index())));
        assert_eq!(components.len(), 1);
        let across = kept.iter().filter(|(a, b)| a.index() < 80 && b.index() >= 80).count();
        assert!((1..40).contains(&across), "{across}");
    }
}
