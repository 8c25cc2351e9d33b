//! Which units stay: a kernel of the relation "may go for".
//!
//! Wanted is a set of units that stay such that every other has one of them
//! it may go for, and none of them may go for another. Where the relation is
//! mutual the better rank decides; where it is one-sided (a part and what
//! contains it) the side that may not go is asked first, whatever its rank. So
//! a unit waits for those it may one-sidedly go for and for better ones it may
//! mutually go for, and goes if one of *all* it may go for stays by then. In
//! the order of waiting this has one answer. Waiting can run in a circle (a
//! part of x, which is worse than y, which is worse than the part); then the
//! best unit that waits for no container is asked, which can only keep one too
//! many and never lets one go without a survivor.
//!
//! O(e log n) for e edges. A maximal independent set by rank, as greedy
//! selection of cluster representatives is elsewhere (Li and Godzik 2006,
//! CD-HIT), with directions added.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::report::Verdict;

/// One unit may go for another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) goes: usize,
    pub(super) stays: usize,
    /// Whether the one that goes is the first of its pair.
    pub(super) is_first: bool,
    /// Whether the other may go for this one too.
    pub(super) is_mutual: bool,
    pub(super) verdict: Verdict,
    /// Share of the words of the one that goes that stand in the other.
    pub(super) agreed: f64,
    /// The pair it rests on.
    pub(super) pair: usize,
}

/// For each unit whether it stays. `edges` are sorted by `goes`; ranks differ.
pub(super) fn choose(ranks: &[usize], edges: &[Edge]) -> Vec<bool> {
    let mut choice = Choice::new(ranks, edges);
    while let Some(unit) = choice.next() {
        choice.decide(unit);
    }
    choice.stays
}

struct Choice<'a> {
    ranks: &'a [usize],
    edges: &'a [Edge],
    /// Where the edges of each unit begin, and one more.
    starts: Vec<usize>,
    /// Edges by the unit that stays.
    behind: Vec<Vec<usize>>,
    /// How many undecided units each waits for, and how many of these are
    /// one-sided.
    waiting: Vec<[usize; 2]>,
    is_decided: Vec<bool>,
    stays: Vec<bool>,
    /// Units that wait for nothing; for no one-sided one; all.
    queues: [BinaryHeap<Reverse<(usize, usize)>>; 3],
}

impl<'a> Choice<'a> {
    fn new(ranks: &'a [usize], edges: &'a [Edge]) -> Self {
        let units = ranks.len();
        let starts = (0..=units).map(|unit| edges.partition_point(|edge| edge.goes < unit)).collect();
        let mut behind = vec![Vec::new(); units];
        let mut waiting = vec![[0, 0]; units];
        for (number, edge) in edges.iter().enumerate() {
            behind[edge.stays].push(number);
            waiting[edge.goes][0] += usize::from(waits(edge, ranks));
            waiting[edge.goes][1] += usize::from(!edge.is_mutual);
        }
        let queue = |is_in: &dyn Fn(usize) -> bool| {
            (0..units).filter(|&unit| is_in(unit)).map(|unit| Reverse((ranks[unit], unit))).collect()
        };
        let queues =
            [queue(&|unit| waiting[unit][0] == 0), queue(&|unit| waiting[unit][1] == 0), queue(&|_| true)];
        Self {
            ranks,
            edges,
            starts,
            behind,
            waiting,
            is_decided: vec![false; units],
            stays: vec![false; units],
            queues,
        }
    }

    /// The unit to ask next.
    fn next(&mut self) -> Option<usize> {
        for queue in &mut self.queues {
            while let Some(Reverse((_, unit))) = queue.pop() {
                if !self.is_decided[unit] {
                    return Some(unit);
                }
            }
        }
        None
    }

    fn decide(&mut self, unit: usize) {
        let own = &self.edges[self.starts[unit]..self.starts[unit + 1]];
        self.stays[unit] = !own.iter().any(|edge| self.stays[edge.stays]);
        self.is_decided[unit] = true;
        for &number in &self.behind[unit] {
            let edge = &self.edges[number];
            let waiting = &mut self.waiting[edge.goes];
            let had = *waiting;
            waiting[0] -= usize::from(waits(edge, self.ranks));
            waiting[1] -= usize::from(!edge.is_mutual);
            for kind in 0..2 {
                if had[kind] > 0 && waiting[kind] == 0 {
                    self.queues[kind].push(Reverse((self.ranks[edge.goes], edge.goes)));
                }
            }
        }
    }
}

/// Whether the unit that may go is asked after the other.
fn waits(edge: &Edge, ranks: &[usize]) -> bool {
    !edge.is_mutual || ranks[edge.stays] < ranks[edge.goes]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Edges of pairs of units: 0 either, 1 the first for the second, 2 the
    /// second for the first.
    fn edges(pairs: &[(usize, usize, u8)]) -> Vec<Edge> {
        let mut edges = Vec::new();
        for &(a, b, kind) in pairs {
            let mut add = |goes, stays| {
                let (is_mutual, verdict, pair, agreed) = (kind == 0, Verdict::NearDuplicate, 0, 1.0);
                edges.push(Edge { goes, stays, is_first: goes == a, is_mutual, verdict, agreed, pair });
            };
            if kind != 2 {
                add(a, b);
            }
            if kind != 1 {
                add(b, a);
            }
        }
        edges.sort_by_key(|edge| (edge.goes, edge.stays));
        edges
    }

    fn stay(units: usize, pairs: &[(usize, usize, u8)]) -> Vec<usize> {
        let ranks: Vec<usize> = (0..units).collect();
        let stays = choose(&ranks, &edges(pairs));
        (0..units).filter(|&unit| stays[unit]).collect()
    }

    /// A name, how many there are, the pairs, and who stays.
    type Case = (&'static str, usize, &'static [(usize, usize, u8)], &'static [usize]);

    #[test]
    fn the_best_stay_and_containers_before_them() {
        let cases: [Case; 7] = [
            ("nothing alike", 3, &[], &[0, 1, 2]),
            ("all alike", 3, &[(0, 1, 0), (0, 2, 0), (1, 2, 0)], &[0]),
            ("a chain keeps its ends", 3, &[(0, 1, 0), (1, 2, 0)], &[0, 2]),
            ("a part goes for a worse container", 2, &[(0, 1, 1)], &[1]),
            ("a container goes for a better one", 3, &[(0, 2, 1), (1, 2, 0)], &[0, 1]),
            ("two parts go for their container", 3, &[(0, 2, 1), (1, 2, 1)], &[2]),
            ("waiting in a circle", 3, &[(0, 2, 1), (1, 2, 0), (0, 1, 0)], &[1]),
        ];
        for (name, units, pairs, expected) in cases {
            assert_eq!(stay(units, pairs), expected, "{name}");
        }
    }

    proptest! {
        /// Whatever goes has a survivor; where no waiting runs in a circle
        /// nobody who stays may go for another.
        #[test]
        fn what_goes_has_a_survivor_and_what_stays_has_none(
            pairs in prop::collection::btree_map((0usize..12, 0usize..12), 0u8..3, 0..40),
        ) {
            let pairs: Vec<_> = pairs.into_iter().filter(|((a, b), _)| a < b).map(|((a, b), kind)| (a, b, kind)).collect();
            let stays = stay(12, &pairs);
            let all = edges(&pairs);
            for unit in 0..12 {
                let has_survivor = all.iter().any(|edge| edge.goes == unit && stays.contains(&edge.stays));
                prop_assert!(stays.contains(&unit) || has_survivor, "{unit} went for nobody");
            }
            // With the containers as the better ones there is no circle.
            let forward: Vec<_> = pairs.iter().map(|&(a, b, kind)| (a, b, if kind == 1 { 2 } else { kind })).collect();
            let stays = stay(12, &forward);
            for edge in edges(&forward) {
                prop_assert!(!(stays.contains(&edge.goes) && stays.contains(&edge.stays)), "{edge:?}");
            }
        }
    }
}
