//! Ties between groups, seen from both of their ends.
//!
//! Two orders are kept: the closest first, which the rules look at up to a
//! bound, and by number, for look-ups. O(t log t) in the ties, 48 bytes a tie
//! besides the ties themselves.

use super::place::Place;
use crate::candidates::CandidatePair;
use crate::document::DocId;

/// Two groups of documents with the same tokens that a verified pair links.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    /// One group.
    pub a: usize,
    /// The other group.
    pub b: usize,
    /// Coverage of the first by the second.
    pub of_a: f64,
    /// Coverage of the second by the first.
    pub of_b: f64,
    /// Where in the first the shared text stands.
    pub in_a: Place,
    /// Where in the second.
    pub in_b: Place,
}

impl Tie {
    /// How far the two are one article: the smaller coverage.
    pub fn closeness(&self) -> f64 {
        self.of_a.min(self.of_b)
    }

    /// The same tie, seen the other way round.
    #[must_use]
    pub fn turned(self) -> Self {
        let Self { a, b, of_a, of_b, in_a, in_b } = self;
        Self { a: b, b: a, of_a: of_b, of_b: of_a, in_a: in_b, in_b: in_a }
    }
}

/// A tie seen from one end.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The group at the other end.
    pub(super) other: usize,
    /// Place in the list of ties.
    pub(super) tie: usize,
    /// Coverage of this end.
    pub(super) own: f64,
    /// Coverage of the other end.
    pub(super) others: f64,
    /// Where in this end the shared text stands.
    pub(super) place: Place,
}

impl End {
    pub(super) fn closeness(&self) -> f64 {
        self.own.min(self.others)
    }
}

/// What clustering rests on.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// For each group, how many documents it has; 0 for what is no group.
    pub documents: &'a [usize],
    /// For each group, the length of its text.
    pub sizes: &'a [usize],
    /// The pairs that unite.
    pub ties: &'a [Tie],
    /// The pairs that share a passage without uniting.
    pub related: &'a [Tie],
    /// Every pair that was compared, sorted.
    pub compared: &'a [CandidatePair],
}

impl Evidence<'_> {
    /// Whether two groups were compared.
    pub(super) fn is_compared(&self, one: usize, other: usize) -> bool {
        let pair = (DocId::new(one.min(other)), DocId::new(one.max(other)));
        self.compared.binary_search(&pair).is_ok()
    }
}

/// Ties by group.
pub(super) struct Graph {
    starts: Vec<usize>,
    closest: Vec<End>,
    /// The other ends, by number.
    others: Vec<usize>,
}

impl Graph {
    pub(super) fn new(count: usize, ties: &[Tie]) -> Self {
        let mut ends: Vec<(usize, End)> = Vec::with_capacity(2 * ties.len());
        for (at, tie) in ties.iter().enumerate() {
            let of_a = End { other: tie.b, tie: at, own: tie.of_a, others: tie.of_b, place: tie.in_a };
            let of_b = End { other: tie.a, tie: at, own: tie.of_b, others: tie.of_a, place: tie.in_b };
            ends.extend([(tie.a, of_a), (tie.b, of_b)]);
        }
        ends.sort_by_key(|(group, end)| (*group, end.other));
        let others = ends.iter().map(|(_, end)| end.other).collect();
        ends.sort_by(|(x, one), (y, two)| {
            x.cmp(y).then(two.closeness().total_cmp(&one.closeness())).then(one.other.cmp(&two.other))
        });
        let mut starts = vec![0; count + 1];
        ends.iter().for_each(|(group, _)| starts[group + 1] += 1);
        for group in 0..count {
            starts[group + 1] += starts[group];
        }
        Self { starts, closest: ends.into_iter().map(|(_, end)| end).collect(), others }
    }

    /// The ties of a group, the closest first.
    pub(super) fn ends(&self, group: usize) -> &[End] {
        &self.closest[self.starts[group]..self.starts[group + 1]]
    }

    pub(super) fn are_tied(&self, one: usize, other: usize) -> bool {
        self.others[self.starts[one]..self.starts[one + 1]].binary_search(&other).is_ok()
    }
}
