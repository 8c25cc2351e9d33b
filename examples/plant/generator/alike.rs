//! Which originals are alike by nature: their shingle sets overlap before
//! anything is planted.
//!
//! Exact, by an inverted index over the distinct shingles (5 tokens of the
//! library's tokenizer, hashed to 64 bits) of all texts. Pairs are counted
//! through postings of at most [`MAX_POSTINGS`] documents, then compared in
//! full. That misses no pair from [`ALIKE_FROM`] on: a document of which that
//! share or more of the shingles stands in longer postings is *common* and
//! reported as such; any other one shares at least one shingle of a short
//! posting with every document that holds that share of its shingles.
//!
//! Time is linear in the shingles plus the pairs that share one, at most
//! `MAX_POSTINGS` a shingle; memory 12 to 16 bytes a shingle.

use rayon::prelude::*;
use wirecopy::text::Tokenizer;

/// Tokens in a shingle.
const SHINGLE_LEN: usize = 5;

/// Documents of a shingle beyond which it proposes no pairs.
const MAX_POSTINGS: usize = 200;

/// Overlap (containment of the smaller set in the larger) from which pairs are
/// found: below it two texts are taken for unrelated.
pub(crate) const ALIKE_FROM: f64 = 0.25;

/// Multiplier of the rolled polynomial: odd, and no special bit pattern.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Two texts that overlap by nature, by their places, the lower first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AlikePair {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) jaccard: f64,
    /// Of the smaller set in the larger.
    pub(crate) containment: f64,
}

/// What [`find`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alike {
    /// Pairs with containment of [`ALIKE_FROM`] or more, sorted.
    pub(crate) pairs: Vec<AlikePair>,
    /// For each text whether most of what it says is standing wording.
    pub(crate) common: Vec<bool>,
}

/// Finds all pairs of `texts` that are alike by nature.
pub(crate) fn find(texts: &[&str]) -> Alike {
    let sets: Vec<Vec<u64>> = texts.par_iter().map(|text| shingles(text)).collect();
    let postings = Postings::new(&sets);
    let common = |d: usize| {
        let shared = postings.common[d] as f64;
        !sets[d].is_empty() && shared >= ALIKE_FROM * sets[d].len() as f64
    };
    let pairs = (0..texts.len())
        .into_par_iter()
        .map_init(
            || vec![0u32; texts.len()],
            |counts, a| {
                let candidates = postings.candidates(a, &sets, counts);
                let compared = candidates.into_iter().map(|b| compare(&sets, a, b));
                compared.filter(|pair| pair.containment >= ALIKE_FROM).collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    Alike { pairs, common: (0..texts.len()).map(common).collect() }
}

/// The distinct shingles of a text, sorted.
fn shingles(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    Tokenizer::new().tokenize(text, |token| tokens.push(token.hash));
    let rolled = |window: &[u64]| {
        let mixed = window.iter().fold(0u64, |sum, token| sum.wrapping_mul(BASE).wrapping_add(*token));
        (mixed ^ (mixed >> 29)).wrapping_mul(BASE)
    };
    let mut shingles: Vec<u64> = tokens.windows(SHINGLE_LEN).map(rolled).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

fn compare(sets: &[Vec<u64>], a: usize, b: usize) -> AlikePair {
    let (x, y) = (&sets[a], &sets[b]);
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < x.len() && j < y.len() {
        shared += usize::from(x[i] == y[j]);
        (i, j) = (i + usize::from(x[i] <= y[j]), j + usize::from(y[j] <= x[i]));
    }
    AlikePair {
        a: a as u32,
        b: b as u32,
        jaccard: shared as f64 / (x.len() + y.len() - shared) as f64,
        containment: shared as f64 / x.len().min(y.len()) as f64,
    }
}

/// The inverted index.
struct Postings {
    /// Documents of all short postings of two or more, one after the other.
    documents: Vec<u32>,
    /// For each document its places: the range of `documents` behind it in
    /// each of its postings.
    later: Vec<Vec<(u32, u32)>>,
    /// For each document its shingles in long postings.
    common: Vec<u32>,
}

impl Postings {
    fn new(sets: &[Vec<u64>]) -> Self {
        let mut rows: Vec<(u64, u32)> = Vec::with_capacity(sets.iter().map(Vec::len).sum());
        for (set, document) in sets.iter().zip(0..) {
            rows.extend(set.iter().map(|shingle| (*shingle, document)));
        }
        rows.par_sort_unstable();
        let mut postings =
            Self { documents: Vec::new(), later: vec![Vec::new(); sets.len()], common: vec![0; sets.len()] };
        for run in rows.chunk_by(|x, y| x.0 == y.0) {
            if run.len() > MAX_POSTINGS {
                run.iter().for_each(|(_, document)| postings.common[*document as usize] += 1);
            } else if run.len() > 1 {
                let start = postings.documents.len();
                let end = start + run.len();
                postings.documents.extend(run.iter().map(|(_, document)| *document));
                for (place, (_, document)) in (start + 1..end).zip(run) {
                    postings.later[*document as usize].push((place as u32, end as u32));
                }
            }
        }
        postings
    }

    /// Later documents whose overlap with `a` can reach [`ALIKE_FROM`], sorted:
    /// what they share of short postings, and at most all they have in long
    /// ones. `counts` is all 0, and is again afterwards.
    fn candidates(&self, a: usize, sets: &[Vec<u64>], counts: &mut [u32]) -> Vec<usize> {
        let mut seen: Vec<usize> = Vec::new();
        for &(start, end) in &self.later[a] {
            for &document in &self.documents[start as usize..end as usize] {
                let count = &mut counts[document as usize];
                if *count == 0 {
                    seen.push(document as usize);
                }
                *count += 1;
            }
        }
        seen.retain(|&b| {
            let most = counts[b] + self.common[a].min(self.common[b]);
            counts[b] = 0;
            f64::from(most) >= ALIKE_FROM * sets[a].len().min(sets[b].len()) as f64
        });
        seen.sort_unstable();
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_comparing_all_pairs_finds() {
        let rng = &mut super::super::rng::Rng::new(3, "test", 0);
        let word = |n: usize| format!("w{n} ");
        let base: Vec<String> = (0..60).map(|n| word(n * 7 % 61)).collect();
        let texts: Vec<String> = (0..40)
            .map(|_| {
                let start = rng.below(40);
                let mut text = base[start..start + 20].concat();
                (0..rng.below(60)).for_each(|_| text.push_str(&word(rng.below(10_000))));
                text
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingles(text)).collect();
        let mut expected = Vec::new();
        for a in 0..texts.len() {
            expected.extend(
                (a + 1..texts.len()).map(|b| compare(&sets, a, b)).filter(|p| p.containment >= ALIKE_FROM),
            );
        }
        assert!(expected.len() > 10 && expected.len() < 700, "{}", expected.len());
        assert_eq!(find(&texts).pairs, expected);
    }

    #[test]
    fn standing_wording_in_many_documents_is_common() {
        let texts: Vec<String> = (0..MAX_POSTINGS + 1)
            .map(|n| {
                format!(
                    "standing words that all of them share every day {}",
                    format!("x{n} y{n} z{n} ").repeat(n % 9)
                )
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let alike = find(&texts);
        assert!(alike.common[0] && alike.pairs.is_empty());
    }
}
