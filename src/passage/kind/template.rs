//! Whether two documents share standing wording with other facts in it.
//!
//! The runs that agree are chained as for passages, and what stands between
//! neighbours of a chain is compared: how many of its numbers and names, and
//! how many of its other words, are replaced by others. Words put in or left
//! out on one side alone say nothing. A copy keeps its facts as well as its
//! wording, and one that is substituted or misread at random loses both at the
//! same rate; a version of a story changes a few numbers and keeps the names.
//! So the wording is standing and the facts are others where
//!
//! - at least [`MIN_CHANGED`] facts are replaced,
//! - they are at least [`MIN_SHARE`] of the facts in what is aligned, or
//!   numbers alone are [`MIN_NUMBERS`] of its numbers,
//! - at most [`MAX_WORDING`] of the other words are, and
//! - three standard deviations fewer facts would be, if each were replaced as
//!   often as the other words are.
//!
//! The pair is judged as a whole, over all that is not quotation, in passages
//! and outside them. Time O(n) in the tokens and O(g log g) in those of the
//! gaps.

use std::borrow::Cow;

use super::facts::{Fact, Facts};
use super::{Judgement, Kind, Side, owners};
use crate::passage::anchor::Run;
use crate::passage::chain;
use crate::passage::extend::Stretch;
use crate::passage::prepared::Range;
use crate::report::PassageKind;

/// Facts that must be replaced, at least: fewer change in an update too.
pub const MIN_CHANGED: usize = 4;

/// Share of the facts that must be replaced.
pub const MIN_SHARE: f64 = 0.5;

/// Share of the numbers that suffices by itself.
pub const MIN_NUMBERS: f64 = 0.6;

/// Share of the other words that may be replaced.
pub const MAX_WORDING: f64 = 0.3;

/// Standard deviations by which facts must change more often than words.
const MIN_DEVIATIONS: f64 = 3.0;

/// How many aligned tokens of a class stayed, and how many were replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Change {
    kept: usize,
    replaced: usize,
}

impl Change {
    fn all(self) -> usize {
        self.kept + self.replaced
    }

    fn share(self) -> f64 {
        self.replaced as f64 / self.all().max(1) as f64
    }
}

/// What became of the tokens of two aligned texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Changes {
    numbers: Change,
    names: Change,
    wording: Change,
}

impl Changes {
    fn of(&mut self, fact: Fact) -> &mut Change {
        match fact {
            Fact::Number => &mut self.numbers,
            Fact::Name => &mut self.names,
            Fact::Wording => &mut self.wording,
        }
    }

    fn is_template(&self) -> bool {
        let facts = Change {
            kept: self.numbers.kept + self.names.kept,
            replaced: self.numbers.replaced + self.names.replaced,
        };
        let rate = (self.wording.replaced + 1) as f64 / (self.wording.all() + 2) as f64;
        let is_more_than_chance = |change: Change| {
            let all = change.all() as f64;
            change.replaced as f64 >= all * rate + MIN_DEVIATIONS * (all * rate * (1.0 - rate)).sqrt()
        };
        let changed = |change: Change, share: f64| {
            change.replaced >= MIN_CHANGED && change.share() >= share && is_more_than_chance(change)
        };
        self.wording.share() <= MAX_WORDING && (changed(facts, MIN_SHARE) || changed(self.numbers, MIN_NUMBERS))
    }
}

/// Makes what is still a copy a template, if the pair is one. The runs and
/// passages are those that `judgement` is about.
pub fn judge(a: Side<'_>, b: Side<'_>, shared: (&[Run], &[Stretch]), judgement: &mut Judgement) {
    let (runs, passages) = shared;
    let owners = owners(runs, passages);
    let is_copy = |index: usize| match owners[index] {
        Some(passage) => judgement.passages[passage].kind == PassageKind::Copy,
        None => judgement.of_run(index) == PassageKind::Copy,
    };
    let copied: Vec<Run> = (0..runs.len()).filter(|&index| is_copy(index)).map(|index| runs[index]).collect();
    if copied.len() < 2 {
        return;
    }
    let changes = changes(a, b, &copied);
    if !changes.is_template() {
        return;
    }
    let kind = Kind { kind: PassageKind::Template, reason: Cow::Owned(reason(&changes)) };
    judgement.runs.resize(runs.len(), PassageKind::Copy);
    for (of_run, owner) in judgement.runs.iter_mut().zip(&owners) {
        if owner.is_none() && *of_run == PassageKind::Copy {
            *of_run = PassageKind::Template;
        }
    }
    judgement.of_runs.get_or_insert_with(|| kind.clone());
    for passage in judgement.passages.iter_mut().filter(|passage| passage.kind == PassageKind::Copy) {
        *passage = kind.clone();
    }
}

fn reason(changes: &Changes) -> String {
    let Changes { numbers, names, wording } = changes;
    let same = wording.kept as f64 / wording.all().max(1) as f64 * 100.0;
    let (what, changed) = match names.all() {
        0 => ("numbers", *numbers),
        _ => (
            "numbers and names",
            Change { kept: numbers.kept + names.kept, replaced: numbers.replaced + names.replaced },
        ),
    };
    format!(
        "{} of {} {what} differ, where {same:.0} per cent of the other words are the same",
        changed.replaced,
        changed.all()
    )
}

/// What became of the tokens in the chains of `runs`, sorted.
fn changes(a: Side<'_>, b: Side<'_>, runs: &[Run]) -> Changes {
    let all = |side: Side<'_>| Range::new(0, side.prepared.len());
    let facts_a = Facts::new(a.text, a.prepared, all(a));
    let facts_b = Facts::new(b.text, b.prepared, all(b));
    let mut changes = Changes::default();
    let (mut gap_a, mut gap_b) = (Gap::default(), Gap::default());
    for chain in chain::chains(runs).iter() {
        let (mut end_a, mut end_b) = (chain[0].a, chain[0].b);
        for run in chain {
            gap_a.read(&facts_a, a, end_a..run.a);
            gap_b.read(&facts_b, b, end_b..run.b);
            Gap::compare(&gap_a, &gap_b, &mut changes);
            for token in run.a.max(end_a)..run.a + run.len {
                changes.of(facts_a.of(token)).kept += 1;
            }
            (end_a, end_b) = (end_a.max(run.a + run.len), end_b.max(run.b + run.len));
        }
    }
    changes
}

/// The tokens of a gap by class, sorted.
#[derive(Default)]
struct Gap {
    numbers: Vec<u64>,
    names: Vec<u64>,
    wording: Vec<u64>,
}

impl Gap {
    fn read(&mut self, facts: &Facts<'_>, side: Side<'_>, tokens: std::ops::Range<usize>) {
        let Self { numbers, names, wording } = self;
        [&mut *numbers, &mut *names, &mut *wording].into_iter().for_each(Vec::clear);
        for token in tokens {
            let class = match facts.of(token) {
                Fact::Number => &mut *numbers,
                Fact::Name => &mut *names,
                Fact::Wording => &mut *wording,
            };
            class.push(side.prepared.tokens[token]);
        }
        [numbers, names, wording].into_iter().for_each(|class| class.sort_unstable());
    }

    fn compare(a: &Self, b: &Self, changes: &mut Changes) {
        let classes = [
            (&a.numbers, &b.numbers, Fact::Number),
            (&a.names, &b.names, Fact::Name),
            (&a.wording, &b.wording, Fact::Wording),
        ];
        for (here, there, fact) in classes {
            let kept = common(here, there);
            let change = changes.of(fact);
            change.kept += kept;
            change.replaced += here.len().min(there.len()) - kept;
        }
    }
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
