//! Whether two documents share standing wording with other facts in it.
//!
//! The runs that agree are put in order, whatever lies between them
//! ([`chain::in_order`]), and what lies between neighbours is compared: how many
//! of its numbers and names, and how many of its other words, are replaced by
//! others. Words put in or left out on one side alone say nothing.
//! [`Changes::is_template`] says when that makes a template, and
//! [`super::form`] asks again when all pairs are known.
//!
//! A fact counts once, however often it is said, and as kept if it is kept
//! somewhere: market reports say the name of their market in every line, and
//! tables have few numbers in many places. A number of several tokens is one.
//!
//! The pair is judged as a whole, over all that is not quotation, in passages
//! and outside them. Time O(n) in the tokens and O(g log g) in those of the
//! gaps.

use std::borrow::Cow;

use super::changes::{Change, Changes};
use super::facts::{Fact, Facts};
use super::{Judgement, Kind, Side, common, owners};
use crate::passage::anchor::Run;
use crate::passage::chain::{self, Chains};
use crate::passage::extend::Stretch;
use crate::passage::prepared::Range;
use crate::report::PassageKind;

/// Tokens before the first run and behind the last that are compared, where
/// both texts begin or end there.
const MAX_EDGE: usize = 20;

/// Says in `judgement` what became of the facts in what is still a copy, and
/// makes it a template if the pair is one. The runs and passages are those that
/// `judgement` is about.
pub fn judge(a: Side<'_>, b: Side<'_>, shared: (&[Run], &[Stretch]), judgement: &mut Judgement) {
    let (runs, passages) = shared;
    let is_all_copy = judgement.runs.iter().all(|&kind| kind == PassageKind::Copy)
        && judgement.passages.iter().all(|passage| passage.kind == PassageKind::Copy);
    let copied: Cow<'_, [Run]> = if is_all_copy {
        Cow::Borrowed(runs)
    } else {
        let is_copy = |(index, owner): (usize, &Option<usize>)| match *owner {
            Some(passage) => judgement.passages[passage].kind == PassageKind::Copy,
            None => judgement.of_run(index) == PassageKind::Copy,
        };
        let copies = owners(runs, passages);
        let copies = copies.iter().enumerate().filter(|&(index, owner)| is_copy((index, owner)));
        copies.map(|(index, _)| runs[index]).collect()
    };
    let lens = [a.prepared.len(), b.prepared.len()];
    if copied.len() < 2 && copied.iter().all(|run| aligned_outside(&[*run], lens) == 0) {
        return;
    }
    let placed = Placed::new(&chain::in_order(&copied), lens);
    if placed.chains.iter().all(|chain| aligned_outside(chain, lens) == 0) {
        return;
    }
    let changes = changes(a, b, placed);
    judgement.changes = changes;
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
    judgement.of_runs.push(kind.clone());
    for passage in judgement.passages.iter_mut().filter(|passage| passage.kind == PassageKind::Copy) {
        *passage = kind.clone();
    }
}

fn reason(changes: &Changes) -> String {
    let Changes { numbers, names, wording, .. } = changes;
    let same = f64::from(wording.kept) / f64::from(wording.all().max(1)) * 100.0;
    let (what, changed): (&str, Change) = match names.all() {
        0 => ("numbers", *numbers),
        _ => ("numbers and names", changes.facts()),
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

/// Chains that do not claim the same text of either document.
struct Placed {
    chains: Vec<Vec<Run>>,
    /// By document and token: the number of the chain that has it, and 0 for
    /// none. Empty where there is one chain.
    owners: [Vec<u32>; 2],
}

impl Placed {
    /// Takes the best chain first, and of the others the runs that lie outside
    /// of what is taken: a document that says a phrase twice, or is pasted
    /// twice, has it opposite several places, of which one is its own.
    fn new(chains: &Chains, lens: [usize; 2]) -> Self {
        let mut placed = Self { chains: Vec::new(), owners: [Vec::new(), Vec::new()] };
        let mut best_first = chains.iter();
        placed.chains.extend(best_first.next().map(<[Run]>::to_vec));
        for chain in best_first {
            if placed.owners[0].is_empty() {
                placed.owners = lens.map(|len| vec![0; len]);
                placed.take(0);
            }
            let is_free = |run: &Run| {
                let taken = |side: usize, range: Range| {
                    placed.owners[side][range.start..range.end].iter().filter(|owner| **owner > 0).count()
                };
                2 * taken(0, run.range_a()).max(taken(1, run.range_b())) <= run.len
            };
            let free: Vec<Run> = chain.iter().copied().filter(is_free).collect();
            if !free.is_empty() {
                placed.chains.push(free);
                placed.take(placed.chains.len() - 1);
            }
        }
        placed
    }

    fn take(&mut self, chain: usize) {
        for run in &self.chains[chain] {
            for (owners, range) in self.owners.iter_mut().zip([run.range_a(), run.range_b()]) {
                for owner in owners[range.start..range.end].iter_mut().filter(|owner| **owner == 0) {
                    *owner = number(chain + 1);
                }
            }
        }
    }
}

/// What became of the tokens in the chains.
fn changes(a: Side<'_>, b: Side<'_>, placed: Placed) -> Changes {
    let mut aligned = Aligned {
        a,
        b,
        facts_a: Facts::new(a.text, a.prepared),
        facts_b: Facts::new(b.text, b.prepared),
        numbers: Told::default(),
        names: Told::default(),
        wording: Change::default(),
        inside: 0,
        gaps: [Gap::default(), Gap::default()],
        owners: placed.owners,
        chain: 0,
    };
    for chain in &placed.chains {
        aligned.read(chain);
    }
    let Aligned { numbers, names, wording, inside, .. } = aligned;
    let (numbers, names) = (numbers.change(), names.change());
    let replaced = numbers.replaced + names.replaced;
    Changes { numbers, names, wording, inside: number(inside).min(replaced) }
}

/// Facts of one class.
#[derive(Default)]
struct Told {
    /// Those that stay, each time.
    kept: Vec<u64>,
    /// Those of either document that stand opposite another, each time.
    replaced: [Vec<u64>; 2],
}

impl Told {
    /// Counts each fact once, and as kept if it is kept somewhere: a table says
    /// the same few numbers in many places.
    fn change(mut self) -> Change {
        let distinct = |facts: &mut Vec<u64>| {
            facts.sort_unstable();
            facts.dedup();
        };
        distinct(&mut self.kept);
        let others = self.replaced.map(|mut facts| {
            distinct(&mut facts);
            facts.len() - common(&facts, &self.kept)
        });
        Change { kept: number(self.kept.len()), replaced: number(others[0].min(others[1])) }
    }

    /// Takes in what stands opposite each other, sorted. How many are replaced.
    fn meet(&mut self, here: &[u64], there: &[u64]) -> usize {
        let replaced = here.len().min(there.len()) - common(here, there);
        let without = |facts: &[u64], others: &[u64]| -> Vec<u64> {
            facts.iter().filter(|fact| others.binary_search(fact).is_err()).take(replaced).copied().collect()
        };
        self.kept.extend(here.iter().filter(|fact| there.binary_search(fact).is_ok()));
        self.replaced[0].extend(without(here, there));
        self.replaced[1].extend(without(there, here));
        replaced
    }
}

/// A count of tokens, of which a document has fewer than 2^32.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Two texts that agree along chains of runs.
struct Aligned<'d> {
    a: Side<'d>,
    b: Side<'d>,
    facts_a: Facts<'d>,
    facts_b: Facts<'d>,
    numbers: Told,
    names: Told,
    wording: Change,
    /// Facts that are replaced between runs.
    inside: usize,
    gaps: [Gap; 2],
    /// Which chain has a token.
    owners: [Vec<u32>; 2],
    /// The chain at hand, counted from 1.
    chain: u32,
}

/// Where something stands that is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// Two runs.
    Runs,
    /// A run and the beginning or end of a text.
    Edge,
}

impl Aligned<'_> {
    /// Reads one chain: what its runs hold stays, what lies between them is
    /// compared. A number that a run cuts belongs to the gap.
    fn read(&mut self, chain: &[Run]) {
        self.chain += 1;
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let (len_a, len_b) = (self.a.prepared.len(), self.b.prepared.len());
        let (mut end_a, mut end_b) = (first.a, first.b);
        if first.a.max(first.b) <= MAX_EDGE {
            (end_a, end_b) = (0, 0);
        }
        let mut between = Between::Edge;
        for run in chain {
            let (mut start_a, mut start_b) = (run.a.max(end_a), run.b.max(end_b));
            while start_a < run.a + run.len && start_a > end_a && self.facts_a.continues(start_a) {
                start_a += 1;
            }
            while start_b < run.b + run.len && start_b > end_b && self.facts_b.continues(start_b) {
                start_b += 1;
            }
            self.compare(end_a..start_a, end_b..start_b, between);
            between = Between::Runs;
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
            self.compare(end_a..len_a, end_b..len_b, Between::Edge);
        }
    }

    fn keep(&mut self, tokens: std::ops::Range<usize>) {
        for token in tokens {
            match self.facts_a.of(token) {
                Fact::Name => self.names.kept.push(self.a.prepared.tokens[token]),
                Fact::Number if self.facts_a.continues(token) => {}
                Fact::Number => self.numbers.kept.push(self.a.prepared.tokens[token]),
                Fact::Wording => self.wording.kept += 1,
            }
        }
    }

    fn compare(&mut self, of_a: std::ops::Range<usize>, of_b: std::ops::Range<usize>, between: Between) {
        let [here, there] = &mut self.gaps;
        let is_own = |side: usize| {
            let (owners, own) = (&self.owners[side], self.chain);
            move |token: &usize| owners.get(*token).is_none_or(|&owner| owner == 0 || owner == own)
        };
        here.read(&self.facts_a, self.a, of_a.filter(is_own(0)));
        there.read(&self.facts_b, self.b, of_b.filter(is_own(1)));
        let facts =
            self.numbers.meet(&here.numbers, &there.numbers) + self.names.meet(&here.names, &there.names);
        if between == Between::Runs {
            self.inside += facts;
        }
        let kept = common(&here.wording, &there.wording);
        self.wording.kept += number(kept);
        self.wording.replaced += number(here.wording.len().min(there.wording.len()) - kept);
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
    fn read(&mut self, facts: &Facts<'_>, side: Side<'_>, tokens: impl Iterator<Item = usize>) {
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
