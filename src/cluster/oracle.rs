//! The rules of clustering straight from their words: matrices instead of
//! lists, sets of cells instead of words of the machine, closures instead of
//! disjoint sets, no bound on what is looked at. O(n⁴).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::bonds::{Limits, MANY};
use super::place::Place;
use super::ties::{Evidence, Tie};
use super::{Story, stories};
use crate::document::{DocId, Span};

const LIMITS: Limits = Limits { min_containment: 0.8, min_derived: 0.33 };

/// The groups of a story, and its excerpts: a group and the one it hangs on.
type Told = (Vec<usize>, Vec<(usize, usize)>);

/// What a document knows of its tie to another.
#[derive(Clone, Debug)]
struct Side {
    own: f64,
    others: f64,
    cells: BTreeSet<usize>,
}

impl Side {
    fn closeness(&self) -> f64 {
        self.own.min(self.others)
    }
}

#[derive(Clone, Debug)]
struct Naive {
    documents: Vec<usize>,
    sizes: Vec<usize>,
    ties: BTreeMap<(usize, usize), Side>,
    related: BTreeMap<(usize, usize), (f64, f64)>,
    compared: BTreeSet<(usize, usize)>,
}

type Bonds = BTreeMap<(usize, usize), Option<usize>>;

impl Naive {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn tied(&self, a: usize, b: usize) -> bool {
        self.ties.contains_key(&(a, b))
    }

    fn apart(&self, a: usize, b: usize) -> bool {
        !self.tied(a, b) && self.compared.contains(&(a.min(b), a.max(b)))
    }

    fn neighbours(&self, x: usize) -> Vec<usize> {
        (0..self.len()).filter(|&y| self.tied(x, y)).collect()
    }

    /// The classes of the closure of a relation.
    fn classes(members: &[usize], is_one: impl Fn(usize, usize) -> bool) -> Vec<BTreeSet<usize>> {
        let mut reach: BTreeSet<(usize, usize)> = BTreeSet::new();
        for &a in members {
            reach
                .extend(members.iter().filter(|&&b| a == b || is_one(a, b) || is_one(b, a)).map(|&b| (a, b)));
        }
        for &k in members {
            for &a in members {
                for &b in members {
                    if reach.contains(&(a, k)) && reach.contains(&(k, b)) {
                        reach.insert((a, b));
                    }
                }
            }
        }
        let class = |&a: &usize| members.iter().copied().filter(|&b| reach.contains(&(a, b))).collect();
        members.iter().map(class).collect::<BTreeSet<BTreeSet<usize>>>().into_iter().collect()
    }

    /// The largest part with a place that may be where this one without is.
    fn host(&self, h: usize, parts: &[usize], unplaced: usize) -> Option<usize> {
        let placed = parts.iter().filter(|&&y| !self.ties[&(h, y)].cells.is_empty());
        let may_be = placed.filter(|&&y| !self.apart(unplaced, y)).rev();
        may_be.copied().max_by(|&x, &y| self.ties[&(h, x)].own.total_cmp(&self.ties[&(h, y)].own))
    }

    fn at_one_place(&self, h: usize, parts: &[usize], a: usize, b: usize) -> bool {
        let (x, y) = (&self.ties[&(h, a)].cells, &self.ties[&(h, b)].cells);
        if x.is_empty() && y.is_empty() {
            return !self.apart(a, b);
        }
        if x.is_empty() || y.is_empty() {
            let (unplaced, other) = if x.is_empty() { (a, b) } else { (b, a) };
            return self.host(h, parts, unplaced) == Some(other);
        }
        let common = x.intersection(y).count();
        common > 0 && 2 * common >= x.len().min(y.len())
    }

    fn has_fellow(&self, h: usize, part: usize) -> bool {
        let least = 1.5 * self.ties[&(h, part)].closeness();
        let is_fellow = |z: usize| {
            z != h && self.ties[&(part, z)].closeness() >= least && (self.tied(h, z) || self.apart(h, z))
        };
        let supports = |f: usize| f != part && self.ties[&(h, f)].closeness() >= least && self.tied(f, part);
        if least <= 1.0 && self.documents[h] > 1 || self.neighbours(h).into_iter().any(supports) {
            return false;
        }
        least <= 1.0 && self.documents[part] > 1 || self.neighbours(part).into_iter().any(is_fellow)
    }

    fn carried_by_junction(&self, h: usize, junctions: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
        let parts: Vec<usize> = self
            .neighbours(h)
            .into_iter()
            .filter(|y| self.ties[&(h, *y)].own < 0.8 && !junctions.contains(y))
            .collect();
        let groups = Self::classes(&parts, |a, b| self.at_one_place(h, &parts, a, b));
        // Ties link parts only where places tell them apart.
        let groups = match groups.len() {
            0 | 1 => groups,
            _ => Self::classes(&parts, |a, b| self.at_one_place(h, &parts, a, b) || self.tied(a, b)),
        };
        if groups.len() < 2 {
            return None;
        }
        let whole = |group: &BTreeSet<usize>| group.iter().any(|&y| self.ties[&(h, y)].others >= 0.8);
        let story = |group: &BTreeSet<usize>| {
            let documents: usize = group.iter().map(|&y| self.documents[y]).sum();
            whole(group) && documents > 1 || group.iter().any(|&y| self.has_fellow(h, y))
        };
        let wholes = groups.iter().filter(|group| whole(group)).count();
        if wholes < MANY && groups.iter().filter(|group| story(group)).count() < 2 {
            return None;
        }
        let share = |group: &BTreeSet<usize>| {
            let cells: BTreeSet<usize> =
                group.iter().flat_map(|&y| self.ties[&(h, y)].cells.clone()).collect();
            let largest = group.iter().map(|&y| self.ties[&(h, y)].own).fold(0.0, f64::max);
            largest.max(cells.len() as f64 / 64.0)
        };
        let most = groups.iter().map(share).fold(0.0, f64::max);
        let home = groups.iter().find(|group| share(group) == most && most > 0.5).cloned();
        Some(groups.into_iter().filter(|group| Some(group) != home.as_ref()).flatten().collect())
    }

    fn carriers(&self, s: usize, bonds: &Bonds) -> BTreeSet<usize> {
        let is_carrier =
            |y: &usize| self.ties[&(s, *y)].others < 0.33 && !bonds.contains_key(&(s.min(*y), s.max(*y)));
        let carriers: Vec<usize> = self.neighbours(s).into_iter().filter(is_carrier).collect();
        let groups = Self::classes(&carriers, |a, b| self.tied(a, b));
        let first = |at: usize| *groups[at].first().unwrap();
        let known = (1..groups.len())
            .any(|at| self.apart(first(0), first(at)) || self.apart(first(at - 1), first(at)));
        if !known {
            return BTreeSet::new();
        }
        let best = |group: &BTreeSet<usize>, of: fn(&Side) -> f64| {
            group.iter().map(|&y| of(&self.ties[&(s, y)])).fold(0.0, f64::max)
        };
        let wholes: Vec<_> = groups.iter().filter(|group| best(group, |side| side.own) >= 0.8).collect();
        let homes = if wholes.is_empty() { groups.iter().collect() } else { wholes };
        let mut home = None;
        if homes.len() < MANY {
            for group in homes {
                let rank = (best(group, |side| side.own), best(group, |side| side.others));
                if home.as_ref().is_none_or(|(_, highest)| rank > *highest) {
                    home = Some((group.clone(), rank));
                }
            }
        }
        groups
            .into_iter()
            .filter(|group| home.as_ref().is_none_or(|(home, _)| home != group))
            .flatten()
            .collect()
    }

    fn deserted(&self, a: usize, b: usize) -> bool {
        let least = 1.5 * self.ties[&(a, b)].closeness();
        let fellows: Vec<usize> = self
            .neighbours(a)
            .into_iter()
            .filter(|&z| z != b && self.ties[&(a, z)].closeness() >= least)
            .collect();
        let tied = fellows.iter().filter(|&&z| self.tied(z, b)).count();
        let related = |z: usize| self.related.contains_key(&(z.min(b), z.max(b)));
        fellows.iter().filter(|&&z| self.apart(z, b) && !related(z)).count() > tied
    }

    /// The ties that do not unite, with what carries the other end.
    fn bonds(&self) -> Bonds {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|&x| (self.sizes[x], x));
        let (mut junctions, mut bonds) = (BTreeSet::new(), Bonds::new());
        for &h in &order {
            if let Some(carried) = self.carried_by_junction(h, &junctions) {
                junctions.insert(h);
                bonds.extend(carried.into_iter().map(|y| ((h.min(y), h.max(y)), Some(h))));
            }
        }
        let at_junctions = bonds.clone();
        for &s in &order {
            for carrier in self.carriers(s, &at_junctions) {
                bonds.insert((s.min(carrier), s.max(carrier)), Some(carrier));
            }
        }
        for &(a, b) in self.ties.keys().filter(|(a, b)| a < b) {
            if !bonds.contains_key(&(a, b)) && self.deserted(a, b) && self.deserted(b, a) {
                bonds.insert((a, b), None);
            }
        }
        bonds
    }

    /// Members and excerpts of every story.
    fn stories(&self) -> Vec<Told> {
        let bonds = self.bonds();
        let all: Vec<usize> = (0..self.len()).collect();
        let clusters =
            Self::classes(&all, |a, b| self.tied(a, b) && !bonds.contains_key(&(a.min(b), a.max(b))));
        let mut found = Vec::new();
        for cluster in &clusters {
            let mut excerpts = Vec::new();
            for x in (0..self.len()).filter(|x| !cluster.contains(x)) {
                let mut carried: Vec<(usize, f64)> = Vec::new();
                let mut sharing: Vec<(usize, f64)> = Vec::new();
                let mut is_part = false;
                let is_alone = clusters.iter().any(|other| other.len() == 1 && other.contains(&x));
                let is_short_form = |own: f64, others: f64| others >= 0.1 && (is_alone || others > own);
                for &y in cluster {
                    let key = (x.min(y), x.max(y));
                    let side = self.ties.get(&(x, y));
                    match (side, bonds.get(&key)) {
                        (Some(side), Some(Some(carrier))) if *carrier == x && side.others >= 0.8 => {
                            carried.push((y, side.own));
                        }
                        (Some(side), Some(Some(carrier))) if *carrier == x => {
                            is_part |= side.others >= 0.33 || is_short_form(side.own, side.others);
                            sharing.push((y, side.own));
                        }
                        (Some(side), Some(None)) => {
                            is_part |= is_short_form(side.own, side.others);
                            sharing.push((y, side.own));
                        }
                        _ => {}
                    }
                    if let Some(&(of_a, of_b)) = self.related.get(&key) {
                        let (own, others) = if x < y { (of_a, of_b) } else { (of_b, of_a) };
                        is_part |= is_short_form(own, others);
                        sharing.push((y, own));
                    }
                }
                let documents = |groups: Vec<usize>| groups.iter().map(|&y| self.documents[y]).sum::<usize>();
                let share = documents(sharing.iter().map(|found| found.0).collect());
                let seen = |y: &&usize| self.compared.contains(&(x.min(**y), x.max(**y)));
                let seen = documents(cluster.iter().filter(seen).copied().collect());
                if share >= 2 && 2 * share >= seen && is_part {
                    carried.extend(sharing);
                }
                carried.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
                excerpts.extend(carried.first().map(|&(y, _)| (x, y)));
            }
            let documents: usize = cluster.iter().map(|&x| self.documents[x]).sum();
            if documents > 1 || !excerpts.is_empty() {
                found.push((cluster.iter().copied().collect(), excerpts));
            }
        }
        found
    }
}

fn fast(naive: &Naive) -> Vec<Story> {
    let place = |cells: &BTreeSet<usize>| Place::new(cells.iter().map(|&cell| Span::new(cell, cell + 1)), 64);
    let ties: Vec<Tie> = (naive.ties.iter())
        .filter(|((a, b), _)| a < b)
        .map(|(&(a, b), side)| Tie {
            a,
            b,
            of_a: side.own,
            of_b: side.others,
            in_a: place(&side.cells),
            in_b: place(&naive.ties[&(b, a)].cells),
        })
        .collect();
    let related: Vec<Tie> = (naive.related.iter())
        .map(|(&(a, b), &(of_a, of_b))| Tie { a, b, of_a, of_b, in_a: Place::UNKNOWN, in_b: Place::UNKNOWN })
        .collect();
    let compared: Vec<_> = naive.compared.iter().map(|&(a, b)| (DocId::new(a), DocId::new(b))).collect();
    let evidence = Evidence {
        documents: &naive.documents,
        sizes: &naive.sizes,
        ties: &ties,
        related: &related,
        compared: &compared,
    };
    stories(&evidence, LIMITS)
}

fn coverage() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0])
}

fn cells() -> impl Strategy<Value = BTreeSet<usize>> {
    prop_oneof![
        4 => (0..8usize, 1..5usize).prop_map(|(from, len)| (8 * from..(8 * (from + len)).min(64)).collect()),
        1 => Just(BTreeSet::new()),
    ]
}

type Link = (u8, (f64, f64), (BTreeSet<usize>, BTreeSet<usize>));

fn collection() -> impl Strategy<Value = Naive> {
    let link = || (0..10u8, (coverage(), coverage()), (cells(), cells()));
    (2..9usize).prop_flat_map(move |count| {
        let groups = prop::collection::vec((1..3usize, 1..6usize), count);
        let links: Vec<_> = (0..count * (count - 1) / 2).map(|_| link()).collect();
        (groups, links).prop_map(|(groups, links): (Vec<(usize, usize)>, Vec<Link>)| {
            let (documents, sizes) = groups.into_iter().unzip();
            let mut naive = Naive {
                documents,
                sizes,
                ties: BTreeMap::new(),
                related: BTreeMap::new(),
                compared: BTreeSet::new(),
            };
            let pairs = (0..naive.len()).flat_map(|a| (a + 1..naive.len()).map(move |b| (a, b)));
            let pairs: Vec<_> = pairs.collect();
            for ((a, b), (kind, (of_a, of_b), (in_a, in_b))) in pairs.into_iter().zip(links) {
                // 0 to 4 are tied, 5 and 6 share a passage, 7 and 8 nothing, 9 is not known.
                if kind < 9 {
                    naive.compared.insert((a, b));
                }
                if kind < 5 {
                    naive.ties.insert((a, b), Side { own: of_a, others: of_b, cells: in_a });
                    naive.ties.insert((b, a), Side { own: of_b, others: of_a, cells: in_b });
                } else if kind < 7 {
                    naive.related.insert((a, b), (of_a.min(0.3), of_b.min(0.3)));
                }
            }
            naive
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn stories_are_those_of_the_rules_taken_at_their_word(naive in collection()) {
        let found: Vec<_> = fast(&naive)
            .into_iter()
            .map(|story| (story.groups, story.excerpts.iter().map(|e| (e.group, e.of)).collect::<Vec<_>>()))
            .collect();
        prop_assert_eq!(found, naive.stories());
    }
}
