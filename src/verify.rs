//! Candidate pair → exact shares and a verdict.
//!
//! Jaccard and both containments are computed from the exact shingle sets;
//! passages from an exact alignment. The verdict is the first that holds:
//!
//! | verdict | rule |
//! | --- | --- |
//! | `near_duplicate` | Jaccard ≥ `min_jaccard`, or coverage ≥ [`NEAR_COVERAGE`] both ways |
//! | `contains`, `contained_in` | coverage of one side ≥ `min_containment` |
//! | `derived` | coverage of the shorter side ≥ `min_derived` |
//! | `shares_passage` | a passage of `min_passage_tokens` tokens or more |
//!
//! Coverage of a document is the larger of its containment and the share of
//! its tokens that lie in passages. `contains` and `derived` also ask for as
//! many shared shingles as one passage of `min_passage_tokens` has: a stub of
//! a dozen tokens that consists of a common phrase would else be contained in
//! every text that uses it. (`exact` is decided before, by the digests of the
//! token sequences.) Whole documents alone ([`Level::Documents`]) are compared
//! by their shingle sets, and `derived` and `shares_passage` are not given:
//! their sketches find such pairs by luck only. Time O(n log n) in the tokens of the two documents.

use crate::params::{Level, Params};
use crate::passage::align;
use crate::passage::anchor;
use crate::passage::extend::Stretch;
use crate::passage::noisy;
use crate::passage::prepared::{Prepared, covered};
use crate::report::Verdict;

/// Coverage of both sides from which two documents are near duplicates,
/// whatever their Jaccard similarity.
pub const NEAR_COVERAGE: f64 = 0.8;

/// What an exact comparison of two documents found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// How they relate.
    pub verdict: Verdict,
    /// What they share.
    pub shares: Shares,
    /// The passages, in the order of the first document.
    pub passages: Vec<Stretch>,
}

/// The shares that a verdict rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Distinct shingles that both have.
    pub shingles: usize,
    /// Exact Jaccard similarity of the shingle sets.
    pub jaccard: f64,
    /// Share of the first document's shingles that the second has.
    pub containment_of_a_in_b: f64,
    /// Share of the second document's shingles that the first has.
    pub containment_of_b_in_a: f64,
    /// Coverage of the first document.
    pub coverage_of_a_by_b: f64,
    /// Coverage of the second document.
    pub coverage_of_b_by_a: f64,
}

/// Compares two documents exactly. Nothing if no threshold is reached.
pub fn verify(a: &Prepared, b: &Prepared, params: &Params) -> Option<Verified> {
    let (shares, passages) = compare(a, b, params);
    let verdict = verdict(&shares, a.len() <= b.len(), !passages.is_empty(), params)?;
    Some(Verified { verdict, shares, passages })
}

/// Shared shingles that coverage asks for where there is no passage: as many as
/// one of `min_passage_tokens` has.
pub fn least_shingles(params: &Params) -> usize {
    params.min_passage_tokens + 1 - params.shingle_len
}

/// What two documents share, whatever the thresholds say.
pub fn compare(a: &Prepared, b: &Prepared, params: &Params) -> (Shares, Vec<Stretch>) {
    let shared = anchor::shared(a, b);
    let shingles = shared.distinct_shingles;
    let passages = match params.level {
        Level::Passages => {
            let by_tokens = align::passages(a, b, &shared.runs, params.min_passage_tokens);
            match (&a.letters, &b.letters) {
                (Some(of_a), Some(of_b)) if a.is_noisy || b.is_noisy => {
                    noisy::passages((a, of_a), (b, of_b), by_tokens, params.min_passage_tokens)
                }
                _ => by_tokens,
            }
        }
        Level::Documents => Vec::new(),
    };
    let aligned_a = covered(passages.iter().map(|stretch| stretch.a));
    let aligned_b = covered(passages.iter().map(|stretch| stretch.b));
    let containment_of_a_in_b = share(shingles, a.shingles.distinct());
    let containment_of_b_in_a = share(shingles, b.shingles.distinct());
    let shares = Shares {
        shingles,
        jaccard: share(shingles, a.shingles.distinct() + b.shingles.distinct() - shingles),
        containment_of_a_in_b,
        containment_of_b_in_a,
        coverage_of_a_by_b: containment_of_a_in_b.max(share(aligned_a, a.len())),
        coverage_of_b_by_a: containment_of_b_in_a.max(share(aligned_b, b.len())),
    };
    (shares, passages)
}

/// The first verdict whose rule holds.
fn verdict(shares: &Shares, a_is_shorter: bool, has_passage: bool, params: &Params) -> Option<Verdict> {
    let (of_a, of_b) = (shares.coverage_of_a_by_b, shares.coverage_of_b_by_a);
    let enough = has_passage || shares.shingles >= least_shingles(params);
    let of_shorter = if a_is_shorter { of_a } else { of_b };
    if shares.jaccard >= params.min_jaccard || enough && of_a.min(of_b) >= NEAR_COVERAGE {
        Some(Verdict::NearDuplicate)
    } else if enough && of_b >= params.min_containment && of_b >= of_a {
        Some(Verdict::Contains)
    } else if enough && of_a >= params.min_containment {
        Some(Verdict::ContainedIn)
    } else if params.level == Level::Passages && enough && of_shorter >= params.min_derived {
        Some(Verdict::Derived)
    } else {
        has_passage.then_some(Verdict::SharesPassage)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn verdict_of(one: &str, two: &str) -> Option<Verdict> {
        let params = Params::default();
        let (a, b) = (Prepared::new(one, &params), Prepared::new(two, &params));
        let forth = verify(&a, &b, &params);
        let back = verify(&b, &a, &params).map(|found| match found.verdict {
            Verdict::Contains => Verdict::ContainedIn,
            Verdict::ContainedIn => Verdict::Contains,
            other => other,
        });
        let forth = forth.map(|found| found.verdict);
        assert_eq!(forth, back, "both ways round");
        forth
    }

    #[test]
    fn verdicts_follow_their_thresholds() {
        let story = words(0, 200);
        let changed = |each: usize| -> String {
            (0..200).map(|n| if n % each == 3 { format!("x{n} ") } else { format!("w{n} ") }).collect()
        };
        let cases = [
            ("one sentence more", story.clone() + &words(900, 912), Some(Verdict::NearDuplicate)),
            ("every tenth word changed", changed(10), Some(Verdict::NearDuplicate)),
            ("every sixth word changed", changed(6), Some(Verdict::NearDuplicate)),
            ("cut to a third", words(0, 66), Some(Verdict::Contains)),
            ("inside a round-up", words(600, 900) + &story + &words(1000, 1200), Some(Verdict::ContainedIn)),
            ("half of it in another story", words(0, 100) + &words(600, 750), Some(Verdict::Derived)),
            ("a paragraph of it", words(0, 40) + &words(600, 900), Some(Verdict::SharesPassage)),
            ("a sentence of it", words(0, 20) + &words(600, 900), None),
            ("nothing", words(600, 900), None),
            ("doubled", story.clone() + "\n" + &story, Some(Verdict::NearDuplicate)),
        ];
        for (name, other, expected) in cases {
            assert_eq!(verdict_of(&story, &other), expected, "{name}");
        }
    }

    #[test]
    fn a_stub_that_is_a_common_phrase_is_contained_in_nothing() {
        let stub = words(0, 10);
        assert_eq!(verdict_of(&stub, &(words(100, 300) + &stub + &words(300, 400))), None);
        assert_eq!(verdict_of(&stub, &(stub.clone() + "more")), Some(Verdict::NearDuplicate));
    }

    proptest! {
        /// The oracle works on the words themselves, without any hash.
        #[test]
        fn shares_are_those_of_the_sets_of_windows(
            a in prop::collection::vec(0u8..6, 0..80),
            b in prop::collection::vec(0u8..6, 0..80),
        ) {
            let set = |tokens: &[u8]| -> HashSet<Vec<u8>> { tokens.windows(5).map(<[u8]>::to_vec).collect() };
            let text = |tokens: &[u8]| -> String { tokens.iter().map(|t| format!("w{t} ")).collect() };
            let (x, y) = (set(&a), set(&b));
            let both = x.intersection(&y).count();
            let of = |whole: usize| if whole == 0 { 0.0 } else { both as f64 / whole as f64 };
            let params = Params::default();
            let (shares, _) = compare(&Prepared::new(&text(&a), &params), &Prepared::new(&text(&b), &params), &params);
            prop_assert_eq!(shares.jaccard, of(x.union(&y).count()));
            prop_assert_eq!(shares.containment_of_a_in_b, of(x.len()));
            prop_assert_eq!(shares.containment_of_b_in_a, of(y.len()));
            prop_assert!(shares.coverage_of_a_by_b >= shares.containment_of_a_in_b);
        }
    }
}
