//! Large families of alike documents: which of their pairs are compared.
//!
//! A form filled in a thousand times, or a story with a thousand small
//! variants, is scattered over the buckets of a band as its variants are: many
//! buckets too small to be joined by a star, and others in every band. Fingerprints
//! scatter it as much: two fillings that have one number in common share what
//! stands around it with nobody else. Together they propose a hundred pairs a
//! document, of which a few say all. So where the pairs that bands propose make a
//! component of more than [`ALL_PAIRS_BUCKET`] documents, each keeps the
//! [`KEPT`] partners whose signatures agree with its own most, whoever proposed
//! them; and where that takes a component apart, the best pairs between the parts
//! are kept too. A story in up to a hundred outlets keeps all its pairs, and no
//! document loses its component. Two of a family that share a passage and are not
//! alike as a whole keep their pair, which no other one stands for.
//!
//! Time O(p log p) in the pairs, space 24 bytes for each of a large component.
//! Nearest neighbours alone, as in a k-nearest-neighbour graph (Dong, Moses and
//! Li 2011), leave islands; the maximum spanning forest (Kruskal 1956) joins
//! them.

use std::cmp::Reverse;

use rayon::iter::Either;
use rayon::prelude::*;

use super::{ALL_PAIRS_BUCKET, CandidatePair, sort_and_dedup, sort_key};
use crate::cluster;
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::sketch::Sketches;

/// Partners that a document of a large family keeps. With 6, 8 and 12 alike no
/// pair of 20news, Reuters or `rfc20k` changes, 20,000 variants of one text are
/// one cluster, and of four texts with 500 variants each (10, 20 and 30 per cent
/// of the words replaced) the clusters are the same. What changes is pairs: of
/// those 20,000 variants 103,720, 136,017 and 199,102 are compared, in 3.6, 3.9
/// and 5.2 CPU s (`--noise clean`, single runs), of 20,000 fillings of a form
/// 113,080, 148,676 and 218,098, in 4.4, 5.4 and 7.8. So 8 leaves some room
/// above what was enough here.
pub const KEPT: usize = 8;

/// A pair with how far its signatures agree; the best first.
type Rated = (Reverse<u32>, CandidatePair);

/// The pairs without most of those of large families, sorted, each once: of
/// `similar` ones, which make families, and of those `sharing` a passage.
/// Signatures agree in `least_agreeing` places or more where documents are alike
/// as a whole.
pub fn thinned(
    mut similar: Vec<CandidatePair>,
    sharing: &[CandidatePair],
    sketches: &Sketches,
    least_agreeing: usize,
) -> Vec<CandidatePair> {
    sort_and_dedup(&mut similar);
    let families = Families::new(&similar, sketches.len());
    let rate = |&(a, b): &CandidatePair| -> Rated {
        let agreeing = sketches.packing().agreeing(&sketches.signature(a), &sketches.signature(b));
        (Reverse(agreeing as u32), (a, b))
    };
    // Those of a family in which signatures agree in so many places are rated.
    let split = |pairs: &[CandidatePair], least: usize| -> (Vec<Rated>, Vec<CandidatePair>) {
        let rated = |pair: &CandidatePair| {
            let rated = families.have(pair).then(|| rate(pair));
            rated.filter(|(Reverse(agreeing), _)| *agreeing as usize >= least)
        };
        pairs.par_iter().partition_map(|pair| rated(pair).map_or(Either::Right(*pair), Either::Left))
    };
    let (mut rated, mut kept) = split(&similar, 0);
    let (of_families, others) = split(sharing, least_agreeing);
    rated.extend(of_families);
    kept.extend(others);
    rated.par_sort_unstable_by_key(|(agreeing, pair)| (*agreeing, sort_key(pair)));
    rated.dedup();
    let mut nearest = Nearest::new(sketches.len());
    let nearest = rated.into_iter().filter(|(_, (a, b))| nearest.keeps(a.index(), b.index()));
    kept.extend(nearest.map(|(_, pair)| pair));
    sort_and_dedup(&mut kept);
    kept
}

/// Large components of alike documents.
struct Families {
    /// By document: the first of its family, if that is large.
    first: Vec<Option<DocId>>,
}

impl Families {
    /// Those that these pairs make of so many documents.
    fn new(similar: &[CandidatePair], documents: usize) -> Self {
        let edges = similar.iter().map(|(a, b)| (a.index(), b.index()));
        let mut first = vec![None; documents];
        for component in cluster::components(documents, edges) {
            if component.len() > ALL_PAIRS_BUCKET {
                component.iter().for_each(|&document| first[document] = Some(DocId::new(component[0])));
            }
        }
        Self { first }
    }

    /// Whether both are of the same one.
    fn have(&self, (a, b): &CandidatePair) -> bool {
        let [of_a, of_b] = [a, b].map(|document| self.first[document.index()]);
        of_a.is_some() && of_a == of_b
    }
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
        let kept = thinned(pairs, &[], &sketches, 0);
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
        let kept = thinned(all_pairs(0, 160).collect(), &[], &sketches, 0);
        let components = cluster::components(160, kept.iter().map(|(a, b)| (a.index(), b.index())));
        assert_eq!(components.len(), 1);
        let across = kept.iter().filter(|(a, b)| a.index() < 80 && b.index() >= 80).count();
        assert!((1..40).contains(&across), "{across}");
    }

    #[test]
    fn a_passage_of_two_of_a_family_keeps_its_pair_where_they_are_not_alike_as_a_whole() {
        // The last is of the family by what the first has of it.
        let mut texts = variants('a', 150);
        let own: String = (0..900).map(|n| format!("own{n} ")).collect();
        texts.push(texts[0].clone() + &own);
        let sketches = sketch(&texts);
        let last = DocId::new(150);
        let similar: Vec<CandidatePair> = all_pairs(0, 150).chain([(DocId::new(0), last)]).collect();
        let sharing: Vec<CandidatePair> = (0..150).map(|n| (DocId::new(n), last)).collect();
        let least_agreeing = 60;
        let kept = thinned(similar.clone(), &sharing, &sketches, least_agreeing);
        assert!(sharing.iter().all(|pair| kept.contains(pair)));
        // Of those alike nobody has more for having a passage in common, too.
        let passages: Vec<CandidatePair> = all_pairs(0, 150).collect();
        assert_eq!(
            thinned(similar.clone(), &passages, &sketches, least_agreeing),
            thinned(similar, &[], &sketches, least_agreeing)
        );
    }
}
