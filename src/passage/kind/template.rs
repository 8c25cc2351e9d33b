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
//! - at least [`MIN_CHANGED`] facts are replaced and they are [`MIN_SHARE`] of
//!   the facts in what is aligned, or [`MIN_CHANGED_NUMBERS`] numbers and they
//!   are [`MIN_NUMBERS`] of the numbers,
//! - at most [`MAX_WORDING`] of the other words are, and
//! - three standard deviations fewer facts would be, if each were replaced as
//!   often as the other words are.
//!
//! A name that stays counts once, however often it is said: market reports say
//! the name of their market in every line. A number of several tokens is one.
//!
//! The pair is judged as a whole, over all that is not quotation, in passages
//! and outside them. Time O(n) in the tokens and O(g log g) in those of the
//! gaps.

use std::borrow::Cow;

use super::facts::{Fact, Facts};
use super::{Judgement, Kind, Side, common, owners};
use crate::passage::anchor::Run;
use crate::passage::chain::{self, Chains};
use crate::passage::extend::Stretch;
use crate::passage::prepared::Range;
use crate::report::PassageKind;

/// Facts that must be replaced, at least: fewer change in an update too.
pub const MIN_CHANGED: usize = 3;

/// Share of the facts that must be replaced.
pub const MIN_SHARE: f64 = 0.5;

/// Share of the numbers that suffices by itself, where so many are replaced.
pub const MIN_NUMBERS: f64 = 0.75;

/// Numbers replaced that suffice by themselves: more than an update brings.
pub const MIN_CHANGED_NUMBERS: usize = 6;

/// Tokens before the first run and behind the last that are compared, where
/// both texts begin or end there.
const MAX_EDGE: usize = 20;

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
        let changed = |change: Change, least: usize, share: f64| {
            change.replaced >= least && change.share() >= share && is_more_than_chance(change)
        };
        self.wording.share() <= MAX_WORDING
            && (changed(facts, MIN_CHANGED, MIN_SHARE)
                || changed(self.numbers, MIN_CHANGED_NUMBERS, MIN_NUMBERS))
    }
}

/// Makes what is still a copy a template, if the pair is one. The runs and
/// passages are those that `judgement` is about.
pub fn judge(a: Side<'_>, b: Side<'_>, shared: (&[Run], &[Stretch]), judgement: &mut Judgement) {
    let (runs, passages) = shared;
    let is_all_copy = judgement.runs.iter().all(|&kind| kind == PassageKind::Copy)
        && judgement.passages.iter().all(|passage| passage.kind == PassageKind::Copy);
    let copied: Vec<Run> = if is_all_copy {
        runs.to_vec()
    } else {
        let is_copy = |(index, owner): (usize, &Option<usize>)| match *owner {
            Some(passage) => judgement.passages[passage].kind == PassageKind::Copy,
            None => judgement.of_run(index) == PassageKind::Copy,
        };
        let copies = owners(runs, passages);
        let copies = copies.iter().enumerate().filter(|&(index, owner)| is_copy((index, owner)));
        copies.map(|(index, _)| runs[index]).collect()
    };
    if copied.len() < 2 {
        return;
    }
    let chains = chain::chains(&copied);
    let lens = [a.prepared.len(), b.prepared.len()];
    if chains.iter().map(|chain| aligned_outside(chain, lens)).sum::<usize>() < MIN_CHANGED {
        return;
    }
    let changes = changes(a, b, &chains);
    if !changes.is_template() {
        return;
    }
    let kind = Kind { kind: PassageKind::Template, reason: Cow::Owned(reason(&changes)) };
    judgement.runs.resize(runs.len(), PassageKind::Copy);
    for (of_run, owner) in judgement.runs.iter_mut().zip(owners(runs, passages)) {
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

/// How many tokens of a chain's gaps and edges stand opposite each other, with
/// room for numbers that a run cuts: no more facts can be replaced.
fn aligned_outside(chain: &[Run], lens: [usize; 2]) -> usize {
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let gap = |pair: &[Run]| {
        let gap_a = pair[1].a.saturating_sub(pair[0].a + pair[0].len);
        gap_a.min(pair[1].b.saturating_sub(pair[0].b + pair[0].len)) + 1
    };
    let head = if first.a.max(first.b) <= MAX_EDGE { first.a.min(first.b) } else { 0 };
    let (rest_a, rest_b) = (lens[0] - (last.a + last.len), lens[1] - (last.b + last.len));
    let tail = if rest_a.max(rest_b) <= MAX_EDGE { rest_a.min(rest_b) } else { 0 };
    head + tail + chain.windows(2).map(gap).sum::<usize>()
}

/// What became of the tokens in the chains.
fn changes(a: Side<'_>, b: Side<'_>, chains: &Chains) -> Changes {
    let all = |side: Side<'_>| Range::new(0, side.prepared.len());
    let mut aligned = Aligned {
        a,
        b,
        facts_a: Facts::new(a.text, a.prepared, all(a)),
        facts_b: Facts::new(b.text, b.prepared, all(b)),
        changes: Changes::default(),
        kept_names: Vec::new(),
        gaps: [Gap::default(), Gap::default()],
    };
    for chain in chains.iter() {
        aligned.read(chain);
    }
    let Aligned { mut changes, mut kept_names, .. } = aligned;
    kept_names.sort_unstable();
    kept_names.dedup();
    changes.names.kept = kept_names.len();
    changes
}

/// Two texts that agree along chains of runs.
struct Aligned<'d> {
    a: Side<'d>,
    b: Side<'d>,
    facts_a: Facts<'d>,
    facts_b: Facts<'d>,
    changes: Changes,
    /// Names that stay, each time.
    kept_names: Vec<u64>,
    gaps: [Gap; 2],
}

impl Aligned<'_> {
    /// Reads one chain: what its runs hold stays, what lies between them is
    /// compared. A number that a run cuts belongs to the gap.
    fn read(&mut self, chain: &[Run]) {
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let (len_a, len_b) = (self.a.prepared.len(), self.b.prepared.len());
        let (mut end_a, mut end_b) = (first.a, first.b);
        if first.a.max(first.b) <= MAX_EDGE {
            (end_a, end_b) = (0, 0);
        }
        for run in chain {
            let (mut start_a, mut start_b) = (run.a.max(end_a), run.b.max(end_b));
            while start_a < run.a + run.len && start_a > end_a && self.facts_a.continues(start_a) {
                start_a += 1;
            }
            while start_b < run.b + run.len && start_b > end_b && self.facts_b.continues(start_b) {
                start_b += 1;
            }
            self.compare(end_a..start_a, end_b..start_b);
            (end_a, end_b) = (end_a.max(run.a + run.len), end_b.max(run.b + run.len));
            let is_last = run.a == last.a;
            let goes_on = |facts: &Facts<'_>, end: usize, len: usize| end < len && facts.continues(end);
            if !is_last && (goes_on(&self.facts_a, end_a, len_a) || goes_on(&self.facts_b, end_b, len_b)) {
                end_a = literal_start(&self.facts_a, end_a, start_a);
                end_b = literal_start(&self.facts_b, end_b, start_b);
            }
            self.keep(start_a..end_a);
        }
        if (len_a - end_a).max(len_b - end_b) <= MAX_EDGE {
            self.compare(end_a..len_a, end_b..len_b);
        }
    }

    fn keep(&mut self, tokens: std::ops::Range<usize>) {
        for token in tokens {
            match self.facts_a.of(token) {
                Fact::Name => self.kept_names.push(self.a.prepared.tokens[token]),
                Fact::Number if self.facts_a.continues(token) => {}
                fact => self.changes.of(fact).kept += 1,
            }
        }
    }

    fn compare(&mut self, of_a: std::ops::Range<usize>, of_b: std::ops::Range<usize>) {
        let [here, there] = &mut self.gaps;
        here.read(&self.facts_a, self.a, of_a);
        there.read(&self.facts_b, self.b, of_b);
        let classes = [
            (&here.numbers, &there.numbers, Fact::Number),
            (&here.names, &there.names, Fact::Name),
            (&here.wording, &there.wording, Fact::Wording),
        ];
        for (here, there, fact) in classes {
            let kept = common(here, there);
            let change = self.changes.of(fact);
            // Names that stay are counted by their number in the end.
            change.kept += kept;
            change.replaced += here.len().min(there.len()) - kept;
        }
        self.kept_names.extend(here.names.iter().filter(|name| there.names.binary_search(name).is_ok()));
    }
}

/// Where the number begins that a run ends in, at or behind `least`.
fn literal_start(facts: &Facts<'_>, end: usize, least: usize) -> usize {
    let mut start = end;
    while start > least && facts.of(start - 1) == Fact::Number {
        start -= 1;
        if !facts.continues(start) {
            break;
        }
    }
    start
}

/// The facts and words of a gap by class, sorted.
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
            let hash = side.prepared.tokens[token];
            match facts.of(token) {
                Fact::Number if facts.continues(token) && !numbers.is_empty() => {
                    let whole = numbers.pop().unwrap_or_default();
                    numbers.push(whole.rotate_left(1).wrapping_add(hash));
                }
                Fact::Number => numbers.push(hash),
                Fact::Name => names.push(hash),
                Fact::Wording => wording.push(hash),
            }
        }
        [numbers, names, wording].into_iter().for_each(|class| class.sort_unstable());
    }
}
