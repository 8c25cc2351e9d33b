//! Pairs of documents that are made of standing shingles.
//!
//! A form is standing wording with facts in it. A shingle with a number of the
//! form is had by a few documents by chance, with the same wording around it, and
//! there are several such shingles in each: of 85,000 filled-in copies of one
//! form, each would meet 43 others that have one number in common with it. So
//! where shingles of more than [`ALL_PAIRS_BUCKET`] places stand for
//! [`STANDING_SHARE`] of both documents, a pair that one other shingle alone proposes
//! is thinned out as the pairs of large families are ([`family`]): in a
//! component of more than [`ALL_PAIRS_BUCKET`] documents each keeps those most
//! like it. Two that share a passage of their own have more in common than the
//! form, and mostly more than one shingle.

#[cfg(doc)]
use crate::candidates::ALL_PAIRS_BUCKET;
use crate::candidates::{CandidatePair, family};
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::sketch::Sketches;
use crate::sketch::winnow::tokens_per_fingerprint;

/// Share of a document for which standing shingles must stand: of a form with a
/// fact in every tenth word half of the shingles are standing ones.
pub const STANDING_SHARE: f64 = 0.25;

/// Which documents are made of standing shingles.
pub(super) struct Standing {
    is_standing: Vec<bool>,
}

impl Standing {
    /// Those of documents that have so many standing shingles each.
    pub(super) fn new(shingles: &[u32], (sketches, params): (&Sketches, &Params)) -> Self {
        let is_standing = |(document, &shingles): (usize, &u32)| {
            let tokens = sketches.tokens(DocId::new(document)) as f64;
            shingles > 0 && f64::from(shingles) * tokens_per_fingerprint(params) >= STANDING_SHARE * tokens
        };
        Self { is_standing: shingles.iter().enumerate().map(is_standing).collect() }
    }

    /// Whether a pair that so many shingles propose is to be thinned out.
    pub(super) fn is_doubtful(&self, (a, b): CandidatePair, shingles: usize) -> bool {
        shingles == 1 && self.is_standing[a.index()] && self.is_standing[b.index()]
    }
}

/// Those of the doubtful pairs that are kept.
pub(super) fn kept(
    doubtful: Vec<CandidatePair>,
    sketches: &Sketches,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    if doubtful.is_empty() {
        return doubtful;
    }
    let mut kept = Vec::new();
    if limits.are_set() {
        // What is kept may all be of one side.
        let allowed = doubtful.iter().copied().filter(|&pair| limits.allow(pair)).collect();
        kept = family::thinned(allowed, sketches);
    }
    kept.extend(family::thinned(doubtful, sketches));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::candidate_pairs;
    use crate::candidates::tests::sketch;

    #[test]
    fn forms_meet_a_few_others_and_those_with_a_passage_of_their_own_each_other() {
        let count = 1200;
        let form = |n: usize| -> String {
            // A number of a slot stands in ten of them.
            let number = |slot: usize| (n * (2 * slot + 1) + n / 7 * slot) % 120;
            let passage: String = (0..30).map(|at| format!("own{at} ")).collect();
            let slots = (0..15).map(|slot| {
                let wording: String = (0..9).map(|at| format!("word{slot}x{at} ")).collect();
                let own = if slot == 7 && (n == 3 || n == 700) { passage.as_str() } else { "" };
                format!("{wording}{}n {own}", number(slot))
            });
            slots.collect()
        };
        let documents: Vec<DocId> = (0..count).map(DocId::new).collect();
        let texts: Vec<String> = (0..count).map(form).collect();
        let pairs = candidate_pairs(&documents, &sketch(&texts), &Params::default());
        assert!(pairs.contains(&(DocId::new(3), DocId::new(700))));
        assert!(pairs.len() < 20 * count, "{}", pairs.len());
        let mut met = vec![false; count];
        pairs.iter().for_each(|(a, b)| (met[a.index()], met[b.index()]) = (true, true));
        assert!(met.iter().all(|&met| met), "each meets another one");
    }
}
