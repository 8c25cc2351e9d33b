//! Candidate pair → exact shares, kinds, and a verdict.
//!
//! Jaccard and both containments are computed from the exact shingle sets;
//! passages from an exact alignment, and each gets a kind
//! ([`crate::passage::kind`]). What is quotation, boilerplate or template is
//! left out of what counts, unless [`Params::count`] names it. The verdict is
//! the first that holds:
//!
//! | verdict | rule |
//! | --- | --- |
//! | `near_duplicate` | Jaccard of the shingles that count ≥ `min_jaccard`, or coverage ≥ [`NEAR_COVERAGE`] both ways |
//! | `contains`, `contained_in` | coverage of one side ≥ `min_containment` |
//! | `derived` | coverage of the shorter side ≥ `min_derived` |
//! | `shares_passage` | a passage that counts, or short runs in one order between which no fact is replaced |
//! | `quotation`, `boilerplate`, `template` | one of these rules holds if everything counts; the kind that most tokens are of |
//!
//! Coverage of a document is the larger of its containment and the share of
//! its tokens that lie in passages, of what counts. `contains` and `derived` also ask for as
//! many shared shingles as one passage of `min_passage_tokens` has: a stub of
//! a dozen tokens that consists of a common phrase would else be contained in
//! every text that uses it. A short text that is not kept word for word
//! ([`crate::short`]) does not unite: what would is `template`, or
//! `shares_passage` where a part of a longer text agrees with it. (`exact` is
//! decided before, by the digests of the token sequences.) Whole documents
//! alone ([`Level::Documents`]) are compared by their shingle sets, everything
//! counts, and `derived` and `shares_passage` are not given: their sketches
//! find such pairs by luck only. Time O(n log n) in the tokens of the two
//! documents.

use crate::params::{Level, Params, PassageKind};
use crate::passage::align;
use crate::passage::anchor;
use crate::passage::extend::Stretch;
use crate::passage::kind::changes::Changes;
use crate::passage::kind::overlap::{Counted, Overlap};
use crate::passage::kind::{self, Judgement, Kind, Side};
use crate::passage::noisy;
use crate::passage::scattered::Scattered;
use crate::report::{Passage, Verdict};

/// Coverage of both sides from which two documents are near duplicates,
/// whatever their Jaccard similarity.
pub const NEAR_COVERAGE: f64 = 0.8;

/// Why a short text with other words is a template.
const CHANGED_SHORT_TEXT: &str = "words of a short text are others";

/// What an exact comparison of two documents found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// What they share.
    pub overlap: Overlap,
    /// The passages, in the order of the first document.
    pub passages: Vec<Stretch>,
    /// What kind each of them is.
    pub kinds: Vec<Kind>,
    /// The kinds of what they share outside passages and leave out, each once,
    /// with the reason of the first.
    pub loose: Vec<Kind>,
    /// What became of the facts in it.
    pub changes: Changes,
}

/// The shares that a verdict rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Distinct shingles that both have and that count.
    pub shingles: usize,
    /// Exact Jaccard similarity of the shingle sets.
    pub jaccard: f64,
    /// Share of the first document's shingles that the second has.
    pub containment_of_a_in_b: f64,
    /// Share of the second document's shingles that the first has.
    pub containment_of_b_in_a: f64,
    /// Jaccard similarity by the shingles that count.
    pub counted_jaccard: f64,
    /// Coverage of the first document.
    pub coverage_of_a_by_b: f64,
    /// Coverage of the second document.
    pub coverage_of_b_by_a: f64,
}

/// Compares two documents exactly. Nothing if no threshold is reached.
pub fn verify(a: Side<'_>, b: Side<'_>, params: &Params) -> Option<Verified> {
    let shared = anchor::shared(a.prepared, b.prepared);
    let passages = passages(a, b, &shared, params);
    let raw = Overlap::new([a, b], &shared, &passages, &Judgement::default());
    if weigh(&raw, &vec![PassageKind::Copy; passages.len()], params).is_none() {
        return scattered([a, b], &shared, params);
    }
    if params.level == Level::Documents {
        let changes = Changes::default();
        return Some(Verified { overlap: raw, passages, kinds: Vec::new(), loose: Vec::new(), changes });
    }
    let Judgement { passages: kinds, runs, of_runs, changes } = kind::judge(a, b, &shared.runs, &passages);
    let is_left_out = runs.iter().any(|&kind| kind != PassageKind::Copy);
    let judged = Judgement { runs, ..Judgement::default() };
    let overlap = if is_left_out { Overlap::new([a, b], &shared, &passages, &judged) } else { raw };
    Some(Verified { overlap, passages, kinds, loose: of_runs, changes })
}

/// The same of two documents that reach no threshold, and so share no passage:
/// they may share short runs in one order. Only what keeps its facts is taken for
/// rewritten; of notices, which say standing phrases in one order too, about as
/// much is left. Quotations and signatures in pieces are no more than before.
fn scattered([a, b]: [Side<'_>; 2], shared: &anchor::Shared, params: &Params) -> Option<Verified> {
    if params.level == Level::Documents {
        return None;
    }
    let found = Scattered::of(a.prepared, b.prepared, &shared.runs, params.min_passage_tokens)?;
    let judgement = kind::judge(a, b, &shared.runs, &[]);
    let is_copied = |run: &anchor::Run| {
        shared.runs.binary_search(run).is_ok_and(|at| judgement.of_run(at) == PassageKind::Copy)
    };
    let (copied, left_out) = found.runs.iter().partition::<Vec<_>, _>(|run| is_copied(run));
    let tokens = |runs: &[&anchor::Run]| runs.iter().map(|run| run.len).sum::<usize>();
    if judgement.changes.facts().replaced > 0 || tokens(&copied) <= tokens(&left_out) {
        return None;
    }
    let reason = found.reason().into();
    let passages = vec![found.stretch];
    let mut overlap = Overlap::new([a, b], shared, &passages, &Judgement::default());
    overlap.is_scattered = true;
    let kinds = vec![Kind { kind: PassageKind::Copy, reason }];
    Some(Verified { overlap, passages, kinds, loose: Vec::new(), changes: judgement.changes })
}

/// Shared shingles that coverage asks for where there is no passage: as many as
/// one of `min_passage_tokens` has.
pub fn least_shingles(params: &Params) -> usize {
    params.min_passage_tokens + 1 - params.shingle_len
}

/// What two documents share, whatever the thresholds say.
pub fn compare(a: Side<'_>, b: Side<'_>, params: &Params) -> Shares {
    let shared = anchor::shared(a.prepared, b.prepared);
    let passages = passages(a, b, &shared, params);
    let judgement = match params.level {
        Level::Passages => kind::judge(a, b, &shared.runs, &passages),
        Level::Documents => Judgement::default(),
    };
    let overlap = Overlap::new([a, b], &shared, &passages, &judgement);
    let kinds: Vec<PassageKind> = judgement.passages.iter().map(|kind| kind.kind).collect();
    shares(&overlap, &kinds, params).0
}

fn passages(a: Side<'_>, b: Side<'_>, shared: &anchor::Shared, params: &Params) -> Vec<Stretch> {
    if params.level == Level::Documents {
        return Vec::new();
    }
    let (a, b) = (a.prepared, b.prepared);
    let by_tokens = align::passages(a, b, &shared.runs, params.min_passage_tokens);
    match (&a.letters, &b.letters) {
        (Some(of_a), Some(of_b)) if a.is_noisy || b.is_noisy => {
            noisy::passages((a, of_a), (b, of_b), by_tokens, params.min_passage_tokens)
        }
        _ => by_tokens,
    }
}

/// The shares of an overlap and the verdict on it, passages being of these
/// kinds. Nothing if no threshold is reached even if everything counts.
pub fn weigh(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> Option<(Shares, Verdict)> {
    let (shares, has_passage) = shares(overlap, kinds, params);
    if overlap.is_scattered {
        let left_out = || main_kind(overlap, kinds, params).verdict();
        return Some((shares, if has_passage { Verdict::SharesPassage } else { left_out() }));
    }
    let a_is_shorter = overlap.tokens[0] <= overlap.tokens[1];
    if let Some(verdict) = verdict(&shares, a_is_shorter, has_passage, params) {
        let is_changed = overlap.changes_short_text && !params.counts(PassageKind::Template);
        return Some((
            shares,
            if is_changed { of_changed_short_text(verdict, has_passage) } else { verdict },
        ));
    }
    let all = overlap.counted(kinds.iter().copied(), |_| true);
    verdict(&shares_of(overlap, &all), a_is_shorter, all.has_passage, params)?;
    Some((shares, main_kind(overlap, kinds, params).verdict()))
}

/// Why a verdict is one of those that leave everything out: the reason of the
/// longest passage of that kind, or of what is shared outside passages, or that
/// words of a short text were changed.
pub fn reason(verdict: Verdict, overlap: &Overlap, passages: &[Passage], loose: &[Kind]) -> Option<String> {
    let is_so = |kind: PassageKind| kind != PassageKind::Copy && kind.verdict() == verdict;
    let longest =
        passages.iter().rev().filter(|passage| is_so(passage.kind)).max_by_key(|passage| passage.tokens);
    let of_passage = longest.map(|passage| passage.reason.to_string());
    let of_loose = || loose.iter().find(|kind| is_so(kind.kind)).map(|kind| kind.reason.to_string());
    let is_changed = verdict == Verdict::Template && overlap.changes_short_text;
    let of_short_text = || is_changed.then(|| CHANGED_SHORT_TEXT.to_owned());
    of_passage.or_else(of_loose).or_else(of_short_text)
}

/// The kind that is left out and that most shared tokens are of.
fn main_kind(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> PassageKind {
    let size = |kind: PassageKind| -> usize {
        let parts = overlap.parts.iter().zip(kinds).filter(|(_, of_part)| **of_part == kind);
        let in_parts: usize = parts.map(|(part, _)| part.ranges[0].len() + part.ranges[1].len()).sum();
        in_parts + overlap.loose[kind as usize].iter().sum::<usize>()
    };
    let left_out = PassageKind::LEFT_OUT.into_iter().filter(|&kind| !params.counts(kind));
    // Of equal ones the first.
    left_out.rev().max_by_key(|&kind| size(kind)).unwrap_or(PassageKind::Copy)
}

/// The shares, and whether a passage counts.
fn shares(overlap: &Overlap, kinds: &[PassageKind], params: &Params) -> (Shares, bool) {
    let counted = overlap.counted(kinds.iter().copied(), |kind| params.counts(kind));
    (shares_of(overlap, &counted), counted.has_passage)
}

fn shares_of(overlap: &Overlap, counted: &Counted) -> Shares {
    let Overlap { tokens, distinct, shingles, .. } = overlap;
    let either = distinct[0] + distinct[1] - shingles;
    let coverage = |side: usize| {
        share(counted.shingles[side], distinct[side]).max(share(counted.aligned[side], tokens[side]))
    };
    let both = counted.shingles[0].min(counted.shingles[1]);
    let [containment_of_a_in_b, containment_of_b_in_a] = overlap.containments();
    Shares {
        shingles: both,
        jaccard: share(*shingles, either),
        containment_of_a_in_b,
        containment_of_b_in_a,
        counted_jaccard: share(both, either),
        coverage_of_a_by_b: coverage(0),
        coverage_of_b_by_a: coverage(1),
    }
}

/// The first verdict whose rule holds.
fn verdict(shares: &Shares, a_is_shorter: bool, has_passage: bool, params: &Params) -> Option<Verdict> {
    let (of_a, of_b) = (shares.coverage_of_a_by_b, shares.coverage_of_b_by_a);
    let enough = has_passage || shares.shingles >= least_shingles(params);
    let of_shorter = if a_is_shorter { of_a } else { of_b };
    if shares.counted_jaccard >= params.min_jaccard || enough && of_a.min(of_b) >= NEAR_COVERAGE {
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

/// What a verdict becomes where the words of a short text were changed.
fn of_changed_short_text(verdict: Verdict, has_passage: bool) -> Verdict {
    match verdict {
        Verdict::NearDuplicate => Verdict::Template,
        Verdict::Contains | Verdict::ContainedIn | Verdict::Derived if has_passage => Verdict::SharesPassage,
        Verdict::Contains | Verdict::ContainedIn | Verdict::Derived => Verdict::Template,
        other => other,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::prepared::Prepared;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn verdict_of(one: &str, two: &str) -> Option<Verdict> {
        let params = Params::default();
        let (a, b) = (Prepared::new(one, &params), Prepared::new(two, &params));
        let (a, b) = (Side { text: one, prepared: &a }, Side { text: two, prepared: &b });
        let (forth, back) = (verify(a, b, &params), verify(b, a, &params));
        let of = |found: Verified| {
            let kinds: Vec<PassageKind> = found.kinds.iter().map(|kind| kind.kind).collect();
            weigh(&found.overlap, &kinds, &params).unwrap().1
        };
        let (forth, back) = (forth.map(&of), back.map(&of));
        let back = back.map(|verdict| match verdict {
            Verdict::Contains => Verdict::ContainedIn,
            Verdict::ContainedIn => Verdict::Contains,
            other => other,
        });
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

    /// Six sentences of which the first seven words stay and the others are told
    /// apart by `marks`.
    fn retold(marks: &str) -> String {
        // Without digits, which are facts.
        let letter = |n: usize| char::from(b'a' + n as u8);
        let words = |from: usize, to: usize, before: &str| -> String {
            (from..to).map(|n| format!("{before}{}{} ", letter(n / 10), letter(n % 10))).collect()
        };
        let sentence =
            |n: usize| format!("{}{}\n", words(n * 7, n * 7 + 7, "word"), words(n * 10, n * 10 + 10, marks));
        (0..6).map(sentence).collect()
    }

    #[test]
    fn short_runs_in_one_order_are_a_passage_unless_facts_are_replaced() {
        let (one, two) = (retold("my"), retold("your"));
        assert_eq!(verdict_of(&one, &two), Some(Verdict::SharesPassage));
        // The last of the words that stay in the third sentence.
        let with_fact = |text: &str, fact: &str| text.replace("wordca", fact);
        let (here, there) = (with_fact(&one, "Lima"), with_fact(&two, "Cairo"));
        assert_eq!(verdict_of(&here, &there), None, "another name between");
        let kept = (with_fact(&one, "Lima"), with_fact(&two, "Lima"));
        assert_eq!(verdict_of(&kept.0, &kept.1), Some(Verdict::SharesPassage), "the same name");
        let quoting: String = two.lines().map(|line| format!("> {line}\n")).collect();
        assert_eq!(verdict_of(&one, &quoting), None, "quoted in pieces");
        let params = Params { level: Level::Documents, ..Params::default() };
        let (a, b) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
        let (a, b) = (Side { text: &one, prepared: &a }, Side { text: &two, prepared: &b });
        assert_eq!(verify(a, b, &params), None, "whole documents alone");
    }

    #[test]
    fn short_runs_cover_nothing() {
        let (one, two) = (retold("my"), retold("your"));
        let params = Params::default();
        let (a, b) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
        let found =
            verify(Side { text: &one, prepared: &a }, Side { text: &two, prepared: &b }, &params).unwrap();
        assert_eq!(found.passages.len(), 1);
        assert_eq!((found.passages[0].a.len(), found.passages[0].matches), (92, 42));
        assert_eq!(found.kinds[0].reason, "6 runs of 7 to 7 tokens in the same order, 42 together");
        let (shares, _) = weigh(&found.overlap, &[PassageKind::Copy], &params).unwrap();
        assert_eq!(shares.coverage_of_a_by_b, shares.containment_of_a_in_b);
        let (_, verdict) = weigh(&found.overlap, &[PassageKind::Template], &params).unwrap();
        assert_eq!(verdict, Verdict::Template, "if all pairs tell that it is one");
    }

    #[test]
    fn a_stub_that_is_a_common_phrase_is_contained_in_nothing() {
        let stub = words(0, 10);
        assert_eq!(verdict_of(&stub, &(words(100, 300) + &stub + &words(300, 400))), None);
        assert_eq!(verdict_of(&stub, &(stub.clone() + "more")), Some(Verdict::NearDuplicate));
    }

    #[test]
    fn a_short_text_unites_with_what_keeps_its_words() {
        let notice =
            "quarterly dividend thirty cents against thirty cents before pay april five record april two";
        let changed = |from: &str, to: &str| notice.replace(from, to);
        let magma = "magma copper said it is lowering its copper cathode price by a quarter of a cent to sixty \
                     five cents a pound with immediate effect for all customers abroad";
        let cases = [
            ("a label before it", notice, "update ".to_owned() + notice, Some(Verdict::NearDuplicate)),
            ("a word more", notice, changed("record", "record date"), Some(Verdict::NearDuplicate)),
            ("a word less", notice, changed("record ", ""), Some(Verdict::NearDuplicate)),
            ("another day", notice, changed("april two", "april nine"), Some(Verdict::Template)),
            ("another amount", notice, changed("thirty", "forty"), None),
            ("another price", magma, magma.replace("quarter", "half"), Some(Verdict::Template)),
            (
                "in a longer text",
                magma,
                words(0, 80) + magma + " " + &words(80, 200),
                Some(Verdict::ContainedIn),
            ),
            (
                "in a longer text with another price",
                magma,
                words(0, 80) + &magma.replace("magma copper", "tin") + " " + &words(80, 200),
                Some(Verdict::SharesPassage),
            ),
        ];
        for (name, short, other, expected) in cases {
            assert_eq!(verdict_of(short, &other), expected, "{name}");
        }
        // Of two headlines with two shingles each, one in common is a coin.
        assert_eq!(verdict_of("w1 w2 w3 w4 w5 w6 w7", "w1 w2 w3 w4 w5 w6 x7"), Some(Verdict::Template));
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
            let (one, two) = (text(&a), text(&b));
            let (p, q) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
            let shares =
                compare(Side { text: &one, prepared: &p }, Side { text: &two, prepared: &q }, &params);
            prop_assert_eq!(shares.jaccard, of(x.union(&y).count()));
            prop_assert_eq!(shares.containment_of_a_in_b, of(x.len()));
            prop_assert_eq!(shares.containment_of_b_in_a, of(y.len()));
            prop_assert!(shares.coverage_of_a_by_b >= shares.containment_of_a_in_b);
        }
    }
}
