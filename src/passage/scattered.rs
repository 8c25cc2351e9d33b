//! Short runs in one order → one loose passage.
//!
//! Who rewrites a text sentence by sentence leaves no passage of it, but phrases
//! of five words and ten, in the order in which they stood. [`extend`](super::extend)
//! joins runs only where three tokens in five agree between them; here they are
//! put in order over gaps of any width ([`chain::in_order_throughout`]), and are a
//! passage together if they are as long as a passage with a run more, and a
//! [`MIN_SHARE`] of the shorter document: in a longer one, phrases of a trade come
//! together by themselves. What is found that way is no aligned stretch, so it
//! adds nothing to how much of a document is covered. Time O(r) in the runs.

use std::collections::HashSet;

use super::anchor::Run;
use super::chain;
use super::extend::Stretch;
use super::prepared::{Prepared, Range};
use crate::report::Passage;

/// Share of the shorter document that the runs must make up. Of 38 answers that
/// students cut from an article or revised lightly, 35 have it, and of 38 that
/// they wrote themselves none has a tenth (`benches/README.md`, "Rewritten
/// answers").
pub const MIN_SHARE: f64 = 1.0 / 6.0;

/// Runs that follow each other in two documents, none of which makes a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scattered {
    /// In order in both documents; two of them may claim some of the same tokens.
    pub runs: Vec<Run>,
    /// From the first run to the last; what agrees in it are the runs.
    pub stretch: Stretch,
}

impl Scattered {
    /// What two documents that share no passage have in short runs, if that is
    /// enough. `runs` are all that they share, sorted by `a`.
    pub fn of(a: &Prepared, b: &Prepared, runs: &[Run], min_passage_tokens: usize) -> Option<Self> {
        let shorter = a.len().min(b.len());
        let least = (min_passage_tokens + a.shingle_len()).max((MIN_SHARE * shorter as f64).ceil() as usize);
        if tokens(runs) < least {
            return None;
        }
        let runs = chain::in_order_throughout(runs);
        let (first, last) = (*runs.first()?, *runs.last()?);
        let matches = tokens_said(a, &runs);
        let (a, b) = (Range::new(first.a, last.a + last.len), Range::new(first.b, last.b + last.len));
        let stretch = Stretch { a, b, matches };
        // What agrees more is an aligned stretch, which was found too short.
        let is_loose = stretch.identity() < Passage::MIN_IDENTITY;
        (is_loose && matches >= least).then_some(Self { runs, stretch })
    }

    /// In words.
    pub fn reason(&self) -> String {
        let lens = || self.runs.iter().map(|run| run.len);
        let (least, most) = (lens().min().unwrap_or(0), lens().max().unwrap_or(0));
        format!(
            "{} runs of {least} to {most} tokens in the same order, {} together",
            self.runs.len(),
            self.stretch.matches
        )
    }
}

fn tokens(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.len).sum()
}

/// The tokens of runs in order: what two of them claim once, and so what several
/// of them say, as a heading that stands above each verse.
fn tokens_said(a: &Prepared, runs: &[Run]) -> usize {
    let len = a.shingle_len();
    let (mut said, mut end_a, mut end_b) = (HashSet::new(), 0usize, 0usize);
    let own = runs.iter().map(|run| {
        let claimed = end_a.saturating_sub(run.a).max(end_b.saturating_sub(run.b)).min(run.len);
        (end_a, end_b) = (run.a + run.len, run.b + run.len);
        let shingles = &a.shingles.in_order()[run.a..=run.a + run.len - len];
        match shingles.iter().filter(|&&shingle| said.insert(shingle)).count() {
            0 => 0,
            new => (new + len - 1).min(run.len - claimed),
        }
    });
    own.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use crate::passage::anchor;

    fn found(one: &str, two: &str) -> Option<Scattered> {
        let params = Params::default();
        let (a, b) = (Prepared::new(one, &params), Prepared::new(two, &params));
        Scattered::of(&a, &b, &anchor::shared(&a, &b).runs, params.min_passage_tokens)
    }

    /// Sentences of which the first words stay and the others are new.
    fn rewritten(sentences: usize, kept: usize, new: usize) -> String {
        let sentence = |n: usize| {
            let kept: String = (0..kept).map(|at| format!("w{n}x{at} ")).collect();
            kept + &(0..new).map(|at| format!("n{new}y{n}x{at} ")).collect::<String>()
        };
        (0..sentences).map(sentence).collect()
    }

    #[test]
    fn runs_in_order_are_a_passage_together() {
        let cases = [
            ("as long as a passage and a run", rewritten(5, 6, 20), rewritten(5, 6, 21), Some(30)),
            ("shorter", rewritten(4, 7, 20), rewritten(4, 7, 21), None),
            ("too little of the documents", rewritten(5, 6, 31), rewritten(5, 6, 32), None),
            ("of the shorter document alone", rewritten(5, 6, 20), rewritten(5, 6, 99), Some(30)),
            ("an aligned stretch that is too short", rewritten(6, 6, 3), rewritten(6, 6, 4), None),
        ];
        for (name, one, two, expected) in cases {
            for (one, two) in [(&one, &two), (&two, &one)] {
                assert_eq!(found(one, two).map(|found| found.stretch.matches), expected, "{name}");
            }
        }
    }

    #[test]
    fn runs_in_another_order_are_none() {
        let there = rewritten(6, 6, 20);
        let back: Vec<&str> = there.split_whitespace().collect();
        let back: Vec<String> = back.rchunks(26).map(|sentence| sentence.join(" ")).collect();
        assert!(found(&rewritten(6, 6, 21), &there).is_some());
        assert_eq!(found(&rewritten(6, 6, 21), &back.join(" ")), None);
    }

    #[test]
    fn what_two_runs_claim_or_say_counts_once() {
        let text = "a b c d e f g h i j k l m n o p a b c d e f q r s t u";
        let document = Prepared::new(text, &Params::default());
        let run = |a, b, len| Run { a, b, len };
        assert_eq!(tokens_said(&document, &[run(0, 0, 10), run(8, 12, 6), run(22, 30, 5)]), 19);
        assert_eq!(tokens_said(&document, &[run(0, 0, 10), run(16, 20, 6)]), 10);
        assert_eq!(tokens_said(&document, &[run(0, 0, 10), run(16, 20, 8)]), 16);
    }

    #[test]
    fn a_heading_above_each_verse_is_one_run() {
        let psalm = |at: usize| -> String {
            let verse = |n: usize| format!("for the chief musician a psalm v{at}x{n} w{at}x{n} u{at}x{n} ");
            (0..9).map(verse).collect()
        };
        assert_eq!(found(&psalm(1), &psalm(2)), None);
    }
}
