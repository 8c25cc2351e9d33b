//! Which ties make one story of two documents.
//!
//! That A is tied to B and B to C says of A and C only as much as the text of
//! B bears out. Three rules look at a document, its ties, and where in it the
//! shared text stands; each takes ties away where they would make one story
//! of two, and none looks further than the neighbours of neighbours.
//!
//! *Junctions.* What a document H shares with a part P is at a place of H.
//! Parts at one place (half of the smaller in common), or tied to each other,
//! are one group. H joins its groups where nothing else does, and that is
//! doubtful where [`MANY`] groups have a part that stands wholly in H (a
//! digest), or where two groups are stories of their own: two documents
//! wholly in H (a round-up of two stories), or a document that some other one
//! is half again as close to as H (a mixture; a paragraph of another story), unless
//! a copy of H shares it too (then it is a version of both). H then stays with the group that covers more than half of it, if one does,
//! and *carries* the others. Two halves of one text, of which nobody knows a
//! copy, are not told from a round-up of two stories and stay with it, and so
//! does a chain of versions. A smaller junction holds no groups together: a
//! round-up cut short does not make one story of the round-up.
//!
//! *Standing texts.* A piece S may stand in documents that are mostly
//! something else (less than `min_derived` of them), and that are not tied to
//! each other. If S is wholly in one of them, it stays with that one: the
//! others share a part of it. If it is wholly in two (or in none, and there
//! are two), it stays with the one that covers more of it; in [`MANY`], it is
//! common property and stays with none. The others carry it.
//!
//! *Weak ties.* A tie is weak if at both ends the fellows (documents at least
//! half again as close) that are known not to be tied with the other end are more
//! than those that are tied. Two stories linked by one pair fall apart; a
//! chain of versions, in which nothing is much closer than the links, does
//! not.
//!
//! Absence of a tie counts only between documents that were compared. In a
//! component of up to [`super::COMPLETE_COMPONENT`] groups all are; in a
//! larger one what was not compared is unknown and speaks for neither side; so
//! [`questions`] names the pairs that the rules would ask about there, and they
//! are compared first. Places need no comparison at all.
//!
//! Each end is looked at once for each rule, with at most `MAX_FELLOWS` ties
//! of its neighbours and `MAX_PLACES` places of other parts: O(t log t) in
//! the ties, whatever their shape. No order but that of size and number
//! matters.
//!
//! Correlation clustering (Bansal, Blum and Chawla 2004) and average linkage
//! weigh absent pairs against present ones too; but they know no places, so
//! that a chain of versions or an original with disjoint cuts is torn as
//! readily as two stories in a round-up, and the result for one document
//! depends on how many others there are. Modularity and its kin (Leiden) also
//! have a resolution limit. Local rules are checked by reading one document.

use super::place::Place;
use super::questions::{MAX_QUESTIONS, Questions};
use super::ties::{End, Evidence, Graph};
use crate::disjoint::DisjointSets;
use crate::verify::NEAR_COVERAGE;

/// Unrelated parts or carriers that are too many for one story. Two are often
/// the halves of one.
pub const MANY: usize = 3;

/// How many times closer than a tie a fellow is. Versions of one story share
/// half of each other more or less; a document that is a third one story
/// (`min_derived`) can be two thirds another at most, so 2 would let it link
/// the two.
const FELLOW_FACTOR: f64 = 1.5;

/// The closest ties of a document that are looked at for its fellows and for
/// what links the parts of another.
const MAX_FELLOWS: usize = 64;

/// Different places in one document that are held against each other, the
/// smallest first. (Runs of cells of a 64th can have 2,080.)
const MAX_PLACES: usize = 1024;

/// What a tie is to clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// The two belong into one cluster.
    Unites,
    /// This end carries the other beside a text of its own.
    CarriedBy(usize),
    /// The two stories around it are not one.
    Weak,
}

/// The thresholds that say what is wholly inside another, and what is but a
/// small part of it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Coverage from which a document is contained in another.
    pub min_containment: f64,
    /// Coverage below which it is mostly something else.
    pub min_derived: f64,
}

/// What each tie is, in the order of `evidence.ties`.
pub fn bonds(evidence: &Evidence<'_>, limits: Limits) -> Vec<Bond> {
    judge(evidence, limits, &Questions::default())
}

/// The pairs that were not compared and that the rules ask about, sorted: a few
/// at each end by each rule.
pub fn questions(evidence: &Evidence<'_>, limits: Limits) -> Vec<(usize, usize)> {
    let questions = Questions::default();
    judge(evidence, limits, &questions);
    questions.into_asked()
}

fn judge(evidence: &Evidence<'_>, limits: Limits, questions: &Questions) -> Vec<Bond> {
    let graph = Graph::new(evidence.documents.len(), evidence.ties);
    let rules = Rules { evidence, graph: &graph, limits, questions };
    let mut bonds = vec![Bond::Unites; evidence.ties.len()];
    let mut by_size: Vec<usize> =
        (0..evidence.documents.len()).filter(|&group| graph.ends(group).len() > 1).collect();
    by_size.sort_by_key(|&group| (evidence.sizes[group], group));
    let mut is_junction = vec![false; evidence.documents.len()];
    for &group in &by_size {
        if let Some(carried) = rules.carried_by_junction(group, &is_junction) {
            is_junction[group] = true;
            // Where both ends are junctions, the larger carries the smaller.
            carried.into_iter().for_each(|tie| bonds[tie] = Bond::CarriedBy(group));
        }
    }
    let standing: Vec<(usize, usize)> =
        by_size.iter().flat_map(|&group| rules.carriers_of_standing_text(group, &bonds)).collect();
    for (tie, carrier) in standing {
        bonds[tie] = Bond::CarriedBy(carrier);
    }
    for (at, bond) in bonds.iter_mut().enumerate() {
        if *bond == Bond::Unites && rules.is_weak(at) {
            *bond = Bond::Weak;
        }
    }
    bonds
}

/// A group of parts at a junction.
#[derive(Clone, Debug, Default)]
struct Parts {
    /// The ends of the junction's ties.
    ends: Vec<End>,
    has_contained: bool,
    documents: usize,
    has_fellow: bool,
    place: Place,
    share: f64,
}

impl Parts {
    /// Whether it would be a story without the junction.
    fn is_story(&self) -> bool {
        self.has_contained && self.documents > 1 || self.has_fellow
    }

    fn share(&self) -> f64 {
        self.share.max(self.place.share())
    }
}

struct Rules<'a> {
    evidence: &'a Evidence<'a>,
    graph: &'a Graph,
    limits: Limits,
    questions: &'a Questions,
}

impl Rules<'_> {
    /// The ties of a junction to what it only carries; nothing if it is none.
    fn carried_by_junction(&self, group: usize, is_junction: &[bool]) -> Option<Vec<usize>> {
        self.questions.begin_end();
        let is_part = |end: &&End| end.own < NEAR_COVERAGE && !is_junction[end.other];
        let mut parts: Vec<End> = self.graph.ends(group).iter().filter(is_part).copied().collect();
        if parts.len() < 2 {
            return None;
        }
        parts.sort_by_key(|end| end.other);
        let groups = self.part_groups(group, &parts)?;
        let wholes = groups.iter().filter(|parts| parts.has_contained).count();
        let stories = groups.iter().filter(|parts| parts.is_story()).count();
        if wholes < MANY && stories < 2 {
            return None;
        }
        let largest = groups.iter().fold(None, |best: Option<&Parts>, parts| match best {
            Some(best) if best.share() >= parts.share() => Some(best),
            _ => Some(parts),
        });
        let home = largest.filter(|parts| parts.share() > 0.5).map(|parts| parts.ends[0].other);
        let carried = groups.iter().filter(|parts| Some(parts.ends[0].other) != home);
        Some(carried.flat_map(|parts| parts.ends.iter().map(|end| end.tie)).collect())
    }

    /// The groups that the parts of `group` form, in the order of their least;
    /// nothing if it is one only.
    fn part_groups(&self, group: usize, parts: &[End]) -> Option<Vec<Parts>> {
        let mut sets = DisjointSets::new(parts.len());
        unite_by_place(parts, &mut sets);
        self.unite_unplaced(parts, &mut sets);
        if (1..parts.len()).all(|at| sets.root(at) == 0) {
            return None;
        }
        for (at, end) in parts.iter().enumerate() {
            for next in self.graph.ends(end.other).iter().take(MAX_FELLOWS) {
                if let Ok(other) = parts.binary_search_by_key(&next.other, |end| end.other) {
                    sets.unite(at, other);
                }
            }
        }
        let sets = sets.sets();
        let part_group = |set: &Vec<usize>| {
            let mut found = Parts::default();
            for end in set.iter().map(|&at| parts[at]) {
                found.has_contained |= end.others >= self.limits.min_containment;
                found.documents += self.evidence.documents[end.other];
                found.has_fellow |= self.has_fellow(group, &end);
                found.place = found.place.with(end.place);
                found.share = found.share.max(end.own);
                found.ends.push(end);
            }
            found
        };
        (sets.len() > 1).then(|| sets.iter().map(part_group).collect())
    }

    /// A part whose place is not known is at one with other such parts and with
    /// the largest of the others, if it is not known to have nothing in common
    /// with them. With one of the others only: it cannot say that two of them
    /// are at one place.
    fn unite_unplaced(&self, parts: &[End], sets: &mut DisjointSets) {
        let (unplaced, mut placed): (Vec<usize>, Vec<usize>) =
            (0..parts.len()).partition(|&at| parts[at].place.is_unknown());
        placed.sort_by(|&x, &y| parts[y].own.total_cmp(&parts[x].own).then(x.cmp(&y)));
        // Among many, only the first are asked about.
        let is_apart = |rank: usize, one: usize, other: usize| {
            rank < MAX_FELLOWS && self.is_apart(parts[one].other, parts[other].other)
        };
        for &at in &unplaced {
            for (rank, &other) in unplaced.iter().enumerate() {
                if !is_apart(rank, at, other) {
                    sets.unite(at, other);
                }
                if rank == MAX_FELLOWS {
                    break;
                }
            }
            let mut others = placed.iter().enumerate();
            if let Some((_, &host)) = others.find(|&(rank, &other)| !is_apart(rank, at, other)) {
                sets.unite(at, host);
            }
        }
    }

    /// Compared and not tied.
    fn is_apart(&self, one: usize, other: usize) -> bool {
        if self.graph.are_tied(one, other) {
            return false;
        }
        let is_compared = self.evidence.is_compared(one, other);
        if !is_compared {
            self.questions.ask(one, other);
        }
        is_compared
    }

    /// Whether a document is much closer to this part than `group` is: another
    /// part, or one that `group` has nothing to do with. Not if one that is as
    /// close to `group` shares the part too.
    fn has_fellow(&self, group: usize, part: &End) -> bool {
        let least = part.closeness() * FELLOW_FACTOR;
        if self.is_supported(group, part.other, least) {
            return false;
        }
        if least <= 1.0 && self.evidence.documents[part.other] > 1 {
            return true;
        }
        let closest = self.graph.ends(part.other).iter().take(MAX_FELLOWS);
        closest.take_while(|end| end.closeness() >= least).any(|end| {
            end.other != group && (self.graph.are_tied(group, end.other) || self.is_apart(group, end.other))
        })
    }

    /// Whether a fellow of `group` is tied to the part too.
    fn is_supported(&self, group: usize, part: usize, least: f64) -> bool {
        if least <= 1.0 && self.evidence.documents[group] > 1 {
            return true;
        }
        let closest = self.graph.ends(group).iter().take(MAX_FELLOWS);
        let mut fellows = closest.take_while(|end| end.closeness() >= least);
        fellows.any(|end| end.other != part && self.graph.are_tied(end.other, part))
    }

    /// Where `group` is a standing text: its ties to what carries it, and who.
    fn carriers_of_standing_text(&self, group: usize, bonds: &[Bond]) -> Vec<(usize, usize)> {
        self.questions.begin_end();
        let is_carrier = |end: &&End| end.others < self.limits.min_derived && bonds[end.tie] == Bond::Unites;
        let mut carriers: Vec<End> = self.graph.ends(group).iter().filter(is_carrier).copied().collect();
        carriers.sort_by_key(|end| end.other);
        let mut sets = DisjointSets::new(carriers.len());
        for (at, end) in carriers.iter().enumerate() {
            for next in self.graph.ends(end.other).iter().take(MAX_FELLOWS) {
                if let Ok(other) = carriers.binary_search_by_key(&next.other, |end| end.other) {
                    sets.unite(at, other);
                }
            }
        }
        let sets = sets.sets();
        let first = |set: &[usize]| carriers[set[0]].other;
        let is_apart = |one: &[usize], other: &[usize]| self.is_apart(first(one), first(other));
        // Asked of some that lie far from each other, so that relatives among
        // the carriers do not answer for all.
        let stride = sets.len().div_ceil(MAX_QUESTIONS).max(1);
        let are_apart = sets.windows(2).step_by(stride).any(|two| is_apart(&two[0], &two[1]))
            || sets.windows(2).any(|two| is_apart(&two[0], &two[1]))
            || sets.iter().skip(1).any(|set| is_apart(&sets[0], set));
        if !are_apart {
            return Vec::new();
        }
        let home = self.home_of_standing_text(&carriers, &sets);
        let carried = sets.iter().enumerate().filter(|(at, _)| Some(*at) != home).flat_map(|(_, set)| set);
        carried.map(|&at| (carriers[at].tie, carriers[at].other)).collect()
    }

    /// Which of the groups of carriers a standing text belongs to: the only one
    /// it is wholly in; of two, the one that covers more of it, then the one
    /// of which it is the larger part.
    fn home_of_standing_text(&self, carriers: &[End], sets: &[Vec<usize>]) -> Option<usize> {
        let best = |set: &[usize], share: fn(&End) -> f64| {
            set.iter().map(|&at| share(&carriers[at])).fold(0.0, f64::max)
        };
        let holds_all = |set: &&Vec<usize>| best(set, |end| end.own) >= self.limits.min_containment;
        let mut homes: Vec<&Vec<usize>> = sets.iter().filter(holds_all).collect();
        if homes.is_empty() {
            homes = sets.iter().collect();
        }
        if homes.len() >= MANY {
            return None;
        }
        let rank = |set: &[usize]| (best(set, |end| end.own), best(set, |end| end.others));
        let home = homes.into_iter().reduce(|one, two| if rank(two) > rank(one) { two } else { one })?;
        sets.iter().position(|set| set == home)
    }

    fn is_weak(&self, at: usize) -> bool {
        let tie = &self.evidence.ties[at];
        let least = tie.closeness() * FELLOW_FACTOR;
        least <= 1.0 && self.is_deserted(tie.a, tie.b, least) && self.is_deserted(tie.b, tie.a, least)
    }

    /// Whether the fellows of `one` that are known not to be tied with `other`
    /// are more than those that are.
    fn is_deserted(&self, one: usize, other: usize, least: f64) -> bool {
        self.questions.begin_end();
        let (mut tied, mut apart) = (0, 0);
        let closest = self.graph.ends(one).iter().take(MAX_FELLOWS);
        let fellows = closest.take_while(|end| end.closeness() >= least).map(|end| end.other);
        for fellow in fellows.filter(|&fellow| fellow != other) {
            if self.graph.are_tied(fellow, other) {
                tied += 1;
            } else if self.is_apart(fellow, other) && !self.is_related(fellow, other) {
                apart += 1;
            }
        }
        apart > tied
    }

    fn is_related(&self, one: usize, other: usize) -> bool {
        let pair = (one.min(other), one.max(other));
        self.evidence.related.binary_search_by_key(&pair, |tie| (tie.a, tie.b)).is_ok()
    }
}

fn unite_by_place(parts: &[End], sets: &mut DisjointSets) {
    let mut places: Vec<(u32, Place, usize)> =
        parts.iter().enumerate().map(|(at, end)| (end.place.cells(), end.place, at)).collect();
    places.retain(|(cells, ..)| *cells > 0);
    places.sort_unstable();
    let distinct: Vec<&[(u32, Place, usize)]> = places.chunk_by(|a, b| a.1 == b.1).collect();
    for same in &distinct {
        same.windows(2).for_each(|two| {
            sets.unite(two[0].2, two[1].2);
        });
    }
    let distinct = &distinct[..distinct.len().min(MAX_PLACES)];
    for (number, one) in distinct.iter().enumerate() {
        for other in &distinct[number + 1..] {
            if one[0].1.overlaps(other[0].1) {
                sets.unite(one[0].2, other[0].2);
            }
        }
    }
}
