//! What kind of sharing a passage is, and why.
//!
//! A passage is `copy` unless one of five judges says otherwise:
//!
//! | kind | judge | looks at | says |
//! | --- | --- | --- | --- |
//! | `quotation` | [`quotation`], after [`quoted`] | quotation marks and block quotes of both texts | the one quotes the other, or both a third |
//! | `boilerplate` | [`signature`] | the mark of a signature near the end of both texts | both end in one signature |
//! | `template` | [`template`], after [`facts`] and [`changes`] | numbers and names between the runs that agree | the wording is the same, the facts are not |
//! | `template` | [`form`] | the same of all verified pairs | the wording recurs, each time with another fact |
//! | `boilerplate` | [`spread`] | all verified pairs of the collection | the same words stand in several documents that are otherwise unrelated |
//!
//! The first three see one pair and are asked in that order; the others need all
//! pairs, and are asked last, of what is still a copy. None has a list of
//! phrases. Shared runs too short for a passage are judged too, by the first
//! three: replies quote in small pieces, and the wording of a form is cut up by
//! its facts.
//!
//! What a verdict then counts is worked out from [`overlap`], which says how
//! many of the shared shingles each passage holds, so that a passage whose
//! kind changes later needs no second look at the texts.

pub mod changes;
pub mod facts;
pub mod form;
pub mod overlap;
pub mod quotation;
pub mod quoted;
pub mod signature;
pub mod spread;
pub mod template;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::anchor::Run;
use super::extend::Stretch;
use super::prepared::{Prepared, Range};
use crate::report::PassageKind;
use changes::Changes;
use quoted::Form;

/// Why a passage is a copy.
const SAME_TEXT: &str = "the same running text in the same order";

/// One of two documents: its text, and what it was prepared to.
#[derive(Clone, Copy, Debug)]
pub struct Side<'d> {
    /// The raw text.
    pub text: &'d str,
    /// Its tokens and shingles.
    pub prepared: &'d Prepared,
}

impl<'d> Side<'d> {
    /// What the text quotes, as ranges of its tokens.
    fn quoted(self) -> &'d [(Range, Form)] {
        self.prepared.quoted(self.text)
    }
}

/// A kind with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// What kind of sharing it is.
    pub kind: PassageKind,
    /// Why, in words.
    pub reason: Cow<'static, str>,
}

impl Default for Kind {
    fn default() -> Self {
        Self { kind: PassageKind::Copy, reason: Cow::Borrowed(SAME_TEXT) }
    }
}

/// What the judges of a pair say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The kind of every passage.
    pub passages: Vec<Kind>,
    /// The kind of every run that lies in no passage; `copy` for the others.
    /// Empty where all are copies.
    pub runs: Vec<PassageKind>,
    /// Why runs are no copies: for each kind the reason of the first.
    pub of_runs: Vec<Kind>,
    /// What became of the facts in what is no quotation.
    pub changes: Changes,
}

impl Judgement {
    /// The kind of the words in run `index`, unless it lies in a passage.
    pub fn of_run(&self, index: usize) -> PassageKind {
        self.runs.get(index).copied().unwrap_or(PassageKind::Copy)
    }
}

/// Judges the passages of a pair, and the runs outside them. `runs` are the
/// anchors, `passages` what was made of them.
pub fn judge(a: Side<'_>, b: Side<'_>, runs: &[Run], passages: &[Stretch]) -> Judgement {
    let mut judgement = quotation::judge(a, b, runs, passages);
    signature::judge([a, b], (runs, passages), &mut judgement);
    template::judge(a, b, (runs, passages), &mut judgement);
    judgement
}

/// For each run, in order, the passage that it lies in, if it lies in one.
pub fn owners(runs: &[Run], passages: &[Stretch]) -> Vec<Option<usize>> {
    // Passages come in the order of `a`; few of them overlap there.
    let mut behind = 0;
    let owner = |run: &Run| {
        while passages.get(behind).is_some_and(|passage| passage.a.start <= run.a) {
            behind += 1;
        }
        (0..behind).rev().take(MAX_OVERLAPPING).find(|&at| {
            let passage = &passages[at];
            let inside_a = passage.a.overlap(run.range_a()) * 2 > run.len;
            inside_a && passage.b.overlap(run.range_b()) * 2 > run.len
        })
    };
    runs.iter().map(owner).collect()
}

/// How many entries two sorted lists have in common.
fn common(a: &[u64], b: &[u64]) -> usize {
    let (mut x, mut y, mut count) = (0, 0, 0);
    while x < a.len() && y < b.len() {
        match a[x].cmp(&b[y]) {
            std::cmp::Ordering::Less => x += 1,
            std::cmp::Ordering::Greater => y += 1,
            std::cmp::Ordering::Equal => (x, y, count) = (x + 1, y + 1, count + 1),
        }
    }
    count
}

/// Passages that are looked at to find the one that a run lies in.
const MAX_OVERLAPPING: usize = 16;

#[cfg(test)]
mod tests;
