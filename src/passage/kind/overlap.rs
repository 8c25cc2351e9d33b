//! How many of the shared shingles each passage holds, and what of all that
//! counts.
//!
//! Each distinct shared shingle is charged, in either document by itself, to
//! the place where it stands first: to the first passage that it lies in
//! there, else to the run. What is left out takes the shingles charged to it
//! away, so a shingle counts if its first place does. The sizes of the whole
//! documents stay what shares are of: coverage says how much of a document is
//! copied, and leaving something out can only lower it.
//!
//! Time O(n) in the shared tokens and space O(passages).

use serde::{Deserialize, Serialize};

use super::{Judgement, Side};
use crate::passage::anchor::{Run, Shared};
use crate::passage::extend::Stretch;
use crate::passage::prepared::{Prepared, Range, covered};
use crate::report::PassageKind;
use crate::short;

/// The overlap of two documents, in parts that may count or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// Tokens of either document.
    pub tokens: [usize; 2],
    /// Distinct shingles of either document.
    pub distinct: [usize; 2],
    /// Distinct shingles that both have.
    pub shingles: usize,
    /// The passages.
    pub parts: Vec<Part>,
    /// Shingles outside passages, by the number of their kind, then document.
    pub loose: [[usize; 2]; 4],
    /// Whether the one passage is of runs that stand apart, between which the
    /// texts differ ([`crate::passage::scattered`]).
    pub is_scattered: bool,
    /// Whether one is a short text, and the other has not all of its words.
    pub changes_short_text: bool,
}

/// A passage as a part of the overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its tokens in either document.
    pub ranges: [Range; 2],
    /// Shared shingles charged to it in either document.
    pub shingles: [usize; 2],
}

/// What of an overlap counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Shared shingles of either document.
    pub shingles: [usize; 2],
    /// Tokens of either document in passages.
    pub aligned: [usize; 2],
    /// Whether a passage is among it.
    pub has_passage: bool,
}

impl Overlap {
    /// Charges what is shared to `passages` and to the kinds of runs.
    pub fn new(sides: [Side<'_>; 2], shared: &Shared, passages: &[Stretch], judgement: &Judgement) -> Self {
        let documents = sides.map(|side| side.prepared);
        let part = |passage: &Stretch| Part { ranges: [passage.a, passage.b], shingles: [0; 2] };
        let mut overlap = Self {
            tokens: documents.map(Prepared::len),
            distinct: documents.map(Prepared::distinct),
            shingles: shared.distinct_shingles,
            parts: passages.iter().map(part).collect(),
            loose: [[0; 2]; 4],
            is_scattered: false,
            changes_short_text: short::changes_words(documents[0], documents[1], shared.distinct_shingles),
        };
        if passages.is_empty() && judgement.runs.is_empty() {
            overlap.loose[PassageKind::Copy as usize] = [shared.distinct_shingles; 2];
        } else {
            for (side, document) in documents.into_iter().enumerate() {
                overlap.charge(side, document, &shared.runs, judgement);
            }
        }
        overlap
    }

    /// Which share of the shingles of either document the other one has.
    pub fn containments(&self) -> [f64; 2] {
        self.distinct.map(|all| if all == 0 { 0.0 } else { self.shingles as f64 / all as f64 })
    }

    fn charge(&mut self, side: usize, document: &Prepared, runs: &[Run], judgement: &Judgement) {
        let range = |at: usize| if side == 0 { runs[at].range_a() } else { runs[at].range_b() };
        let runs_in_order = Order::by(runs.len(), range);
        let parts_in_order = Order::by(self.parts.len(), |at| self.parts[at].ranges[side]);
        let len = document.shingle_len();
        let (mut charged_to, mut next) = (0, 0);
        for run in (0..runs.len()).map(|at| runs_in_order.at(at)) {
            let behind = range(run).end + 1 - len;
            let mut place = range(run).start.max(charged_to);
            // Places in a row that are of one part, or of none.
            while place < behind {
                let part = |next: usize| {
                    let owner = parts_in_order.at(next);
                    self.parts.get(owner).map(|part| (part.ranges[side], owner))
                };
                while part(next).is_some_and(|(of_part, _)| of_part.end < place + len) {
                    next += 1;
                }
                let (upto, owner) = match part(next) {
                    Some((of_part, owner)) if of_part.start <= place => (of_part.end + 1 - len, Some(owner)),
                    Some((of_part, _)) => (of_part.start.min(of_part.end + 1 - len), None),
                    None => (behind, None),
                };
                let upto = upto.min(behind);
                let shingles = document.shingles.distinct_in(place..upto);
                match owner {
                    Some(owner) => self.parts[owner].shingles[side] += shingles,
                    None => self.loose[judgement.of_run(run) as usize][side] += shingles,
                }
                place = upto;
            }
            charged_to = charged_to.max(behind);
        }
    }

    /// Takes the shingles outside passages that are of one kind to another.
    pub fn retell_loose(&mut self, from: PassageKind, to: PassageKind) {
        let moved = std::mem::take(&mut self.loose[from as usize]);
        for (sum, shingles) in self.loose[to as usize].iter_mut().zip(moved) {
            *sum += shingles;
        }
    }

    /// What counts, if passages are of these kinds and those that `is_counted`
    /// accepts count.
    pub fn counted(
        &self,
        kinds: impl Iterator<Item = PassageKind> + Clone,
        is_counted: impl Fn(PassageKind) -> bool,
    ) -> Counted {
        let mut counted = Counted { shingles: [self.shingles; 2], ..Counted::default() };
        let mut leave_out = |shingles: &[usize; 2]| {
            counted.shingles[0] -= shingles[0];
            counted.shingles[1] -= shingles[1];
        };
        let parts = || self.parts.iter().zip(kinds.clone());
        parts().filter(|(_, kind)| !is_counted(*kind)).for_each(|(part, _)| leave_out(&part.shingles));
        for kind in PassageKind::LEFT_OUT.into_iter().filter(|&kind| !is_counted(kind)) {
            leave_out(&self.loose[kind as usize]);
        }
        let of_counted = || parts().filter(|(_, kind)| is_counted(*kind)).map(|(part, _)| part.ranges);
        counted.has_passage = of_counted().next().is_some();
        if !self.is_scattered {
            counted.aligned = [0, 1].map(|side| covered(of_counted().map(|ranges| ranges[side])));
        }
        counted
    }
}

/// Numbers in the order of ranges that they stand for. Most are in order as
/// they are, which takes no memory.
struct Order(Option<Vec<u128>>);

impl Order {
    /// The numbers below `count` by their ranges, equal ones as they come.
    fn by(count: usize, range: impl Fn(usize) -> Range) -> Self {
        if (1..count).all(|at| range(at - 1) <= range(at)) {
            return Self(None);
        }
        // One number each, compared without a branch; its own in the lower half.
        let word = |at: usize| {
            let Range { start, end } = range(at);
            (start as u128) << 96 | (end as u128) << 64 | at as u128
        };
        let mut order: Vec<u128> = (0..count).map(word).collect();
        order.sort_unstable();
        Self(Some(order))
    }

    /// The number at a place; the place itself behind the last.
    fn at(&self, place: usize) -> usize {
        self.0.as_ref().and_then(|order| order.get(place)).map_or(place, |&word| word as u64 as usize)
    }
}
