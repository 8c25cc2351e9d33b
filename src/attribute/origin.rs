//! Where the text of a cluster comes from, and what each member is to it.
//!
//! The *origin* is the member that every other one is known to come after: by
//! certain times, or because the other credits its publisher. One member that
//! may be as old, or clues that contradict each other, leave it undetermined.
//!
//! The *parent* of a member is the origin where a verified pair or identity
//! links the two; else the earlier of its verified partners that covers it
//! best. The *role* is told against the parent: a member without one is the
//! origin or `undetermined`, also among documents with the same tokens.
//!
//! Documents that carry the story beside a text of their own are `excerpt`
//! members under the member that covers them best. They tell nothing about the
//! origin, except where the story has one member only.
//!
//! Time is `O(n log n + p)` in members and pairs: each member is compared with
//! the origin and with a bounded number of its partners, never with all.

use crate::attribute::credited::credit_to;
use crate::attribute::direction::{First, Weighed, direction, time_evidence};
use crate::report::{DocumentEntry, ExactGroup, Member, Origin, Pair, Role, ratio};
use crate::time::Published;

mod agency;
mod links;
#[cfg(test)]
mod tests;

use links::{Link, Links, Relation, Towards};

/// Members tried as origin: the earliest one, and those it credits.
const MAX_CANDIDATES: usize = 8;

/// Groups of partners that are looked at for a member's parent. Components of
/// up to a hundred groups list all pairs; in larger ones only the anchor has
/// more, and of its partners those that cover it best are enough.
const MAX_PARTNERS: usize = 64;

/// Documents looked at in a group of identical ones, from the earliest on.
const MAX_IDENTICAL: usize = 4;

/// A cluster before anything is said about where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct ClusterInput<'a> {
    /// Its members.
    pub members: &'a [&'a DocumentEntry],
    /// Verified pairs between members; pairs of identical documents are
    /// implied by `exact_groups`, and only the lowest id of such a group
    /// stands in other pairs.
    pub pairs: &'a [&'a Pair],
    /// The groups of identical documents that members belong to.
    pub exact_groups: &'a [&'a ExactGroup],
    /// Id of the member that is most like all others.
    pub representative: &'a str,
    /// Documents that carry it beside a text of their own, none of them among
    /// the members.
    pub excerpts: &'a [Excerpt<'a>],
}

/// A document that carries a story beside a text of its own.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    /// The document.
    pub document: &'a DocumentEntry,
    /// Id of the member that covers it best.
    pub of: &'a str,
    /// Coverage of the document by that member.
    pub share: f64,
}

/// What attribution adds to a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// Where its text comes from.
    pub origin: Origin,
    /// Its members, sorted by id; the excerpts are not `primary`.
    pub members: Vec<Member>,
    /// How many members seem to have come by the text on their own: those
    /// without a parent, identical ones counted once, and at least one. It is
    /// an upper bound: where nothing tells who was first, none has a parent.
    pub independent_origins: usize,
}

/// Attributes one cluster.
pub fn attribute(input: &ClusterInput<'_>) -> Attribution {
    let mut members = input.members.to_vec();
    members.sort_by(|a, b| a.id.cmp(&b.id));
    let links = Links::new(&members, input.pairs, input.exact_groups);
    let mut found = find_origin(&members);
    if let ([lone], [_, ..]) = (members.as_slice(), input.excerpts) {
        found = first_of_excerpts(lone, input.excerpts);
    }
    let agency = agency::of_cluster(&members, found.document.map(|index| members[index]));
    if let Some(agency) = agency {
        agency::explain(agency, &members, &mut found);
    }
    let parents = parents(&members, &links, found.document);
    let representative = members.iter().position(|member| member.id == input.representative);
    let to_representative = representative.map(|index| (index, links.towards(index)));
    let entries = Entries { members: &members, found: &found, agency, to_representative };
    let primary = (0..members.len()).map(|index| entries.member(index, parents[index]));
    let mut all: Vec<Member> =
        primary.chain(input.excerpts.iter().map(|excerpt| entries.excerpt(excerpt))).collect();
    all.sort_by(|a, b| a.document.cmp(&b.document));
    Attribution {
        independent_origins: independent_origins(&links, &parents),
        members: all,
        origin: Origin {
            document: found.document.map(|index| members[index].id.clone()),
            source: found.document.map(|index| members[index].source.clone()),
            agency: agency.map(str::to_owned),
            confidence: ratio(found.confidence),
            evidence: found.evidence,
        },
    }
}

/// The origin as far as it is known.
struct Found {
    /// The member that was first.
    document: Option<usize>,
    /// Whether enough members credit an agency to take it for the origin
    /// where no member is.
    is_with_agency: bool,
    confidence: f64,
    evidence: Vec<String>,
}

impl Found {
    fn new(document: Option<usize>, confidence: f64, evidence: Vec<String>) -> Self {
        Self { document, is_with_agency: false, confidence, evidence }
    }
}

fn find_origin(members: &[&DocumentEntry]) -> Found {
    let pivot = in_order_of_time(members, 0..members.len()).into_iter().next().unwrap_or_default();
    let Some(first) = members.get(pivot) else {
        return Found::new(None, 0.0, Vec::new());
    };
    let credited =
        (0..members.len()).filter(|&i| i != pivot && credit_to(first, &members[i].source).is_some());
    for candidate in std::iter::once(pivot).chain(credited).take(MAX_CANDIDATES) {
        if let Ok(confidence) = stands_first(members, candidate) {
            let evidence = origin_evidence(members, candidate);
            return Found::new(Some(candidate), confidence, evidence);
        }
    }
    Found::new(None, 0.0, doubt(members, pivot))
}

/// The origin of a story that only excerpts carry: its one member, if each of
/// them is known to come after it.
fn first_of_excerpts(lone: &DocumentEntry, excerpts: &[Excerpt<'_>]) -> Found {
    let mut all = vec![lone];
    all.extend(excerpts.iter().map(|excerpt| excerpt.document));
    match stands_first(&all, 0) {
        Ok(confidence) => Found::new(Some(0), confidence, origin_evidence(&all, 0)),
        Err(_) => Found::new(None, 0.0, doubt(&all, 0)),
    }
}

/// How sure it is that every other member came after `candidate`: as sure as
/// for the one where it is least so. Otherwise the member that may not have.
fn stands_first(members: &[&DocumentEntry], candidate: usize) -> Result<f64, usize> {
    let mut confidence: f64 = 1.0;
    for (index, member) in members.iter().enumerate().filter(|(index, _)| *index != candidate) {
        match Weighed::new(members[candidate], member).verdict() {
            Some(clue) if clue.first == First::A => confidence = confidence.min(clue.confidence),
            _ => return Err(index),
        }
    }
    // A lone document has nobody to be before.
    if members.len() > 1 { Ok(confidence) } else { Err(candidate) }
}

fn origin_evidence(members: &[&DocumentEntry], origin: usize) -> Vec<String> {
    let others = || (0..members.len()).filter(|index| *index != origin);
    let mut evidence = Vec::new();
    let next = others().filter(|&i| members[i].published.is_some()).min_by_key(|&i| start(members[i]));
    if let Some(next) = next.filter(|_| members[origin].published.is_some()) {
        let rank = if members.len() > 2 { "first of all: " } else { "" };
        evidence.push(format!("{rank}{}", time_evidence(members[origin], members[next])));
    }
    let crediting = others().filter(|&i| credit_to(members[i], &members[origin].source).is_some()).count();
    if crediting > 0 {
        evidence.push(format!("credited by {crediting} of {} other members", members.len() - 1));
    }
    evidence
}

/// Why no member is the origin: how many tell no time, and what stands
/// between the earliest one and the first that may be as old.
fn doubt(members: &[&DocumentEntry], pivot: usize) -> Vec<String> {
    let undated = members.iter().filter(|member| member.published.is_none()).count();
    if undated == members.len() && members.iter().all(|member| member.credits.is_empty()) {
        return vec!["no publication time for any member".to_owned()];
    }
    let mut evidence = match stands_first(members, pivot) {
        Err(rival) if rival != pivot => direction(members[pivot], members[rival]).evidence,
        _ => Vec::new(),
    };
    if undated > 0 {
        evidence.push(format!("no publication time for {undated} of {} members", members.len()));
    }
    evidence
}

/// The parent of each member, and how it is linked with it.
fn parents(members: &[&DocumentEntry], links: &Links, origin: Option<usize>) -> Vec<Option<(usize, Link)>> {
    let to_origin = origin.map(|origin| links.towards(origin));
    let parent = |member: usize| {
        if origin == Some(member) {
            return None;
        }
        let to_origin = to_origin.as_ref().and_then(|links| links.link(member));
        match (origin, to_origin) {
            (Some(origin), Some(link)) => Some((origin, link)),
            _ => earlier_partner(members, links, member),
        }
    };
    let mut parents: Vec<_> = (0..members.len()).map(parent).collect();
    cut_circles(&mut parents);
    parents
}

fn earlier_partner(members: &[&DocumentEntry], links: &Links, member: usize) -> Option<(usize, Link)> {
    links.partners(member).take(MAX_PARTNERS).find_map(|(group, link)| {
        let earlier =
            group.iter().filter(|&&partner| partner != member).take(MAX_IDENTICAL).find(|&&partner| {
                let clue = Weighed::new(members[partner], members[member]).verdict();
                clue.is_some_and(|clue| clue.first == First::A)
            });
        earlier.map(|&partner| (partner, link))
    })
}

/// Takes the parents from members that credit each other in a circle: none of
/// them can have come first.
fn cut_circles(parents: &mut [Option<(usize, Link)>]) {
    const UNSEEN: usize = usize::MAX;
    let mut walk_of = vec![UNSEEN; parents.len()];
    for start in 0..parents.len() {
        let mut at = start;
        while walk_of[at] == UNSEEN {
            walk_of[at] = start;
            match parents[at] {
                Some((parent, _)) => at = parent,
                None => break,
            }
        }
        // The walk met itself: `at` lies on a circle.
        if walk_of[at] == start {
            while let Some((parent, _)) = parents[at].take() {
                at = parent;
            }
        }
    }
}

fn independent_origins(links: &Links, parents: &[Option<(usize, Link)>]) -> usize {
    let mut groups: Vec<_> =
        (0..parents.len()).filter(|&i| parents[i].is_none()).map(|i| links.group_of(i)).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.len().max(1)
}

/// What the entries of all members are made of.
struct Entries<'a> {
    members: &'a [&'a DocumentEntry],
    found: &'a Found,
    agency: Option<&'a str>,
    to_representative: Option<(usize, Towards<'a>)>,
}

impl Entries<'_> {
    fn member(&self, index: usize, parent: Option<(usize, Link)>) -> Member {
        let document = self.members[index];
        let is_origin = self.found.document == Some(index);
        let role = match parent {
            _ if is_origin => Role::Origin,
            Some((parent, link)) => role(document, self.members[parent], link.relation),
            None => Role::Undetermined,
        };
        let share = match (parent, &self.to_representative) {
            _ if is_origin => 0.0,
            (Some((_, link)), _) => link.coverage,
            (None, Some((other, links))) if *other != index => {
                links.link(index).map_or(0.0, |link| link.coverage)
            }
            _ => 0.0,
        };
        Member {
            document: document.id.clone(),
            source: document.source.clone(),
            role,
            primary: true,
            parent: parent.map(|(parent, _)| self.members[parent].id.clone()),
            share_copied: ratio(share),
            credited: if is_origin { None } else { self.credited(document) },
        }
    }

    /// Its parent is the member that covers it best.
    fn excerpt(&self, excerpt: &Excerpt<'_>) -> Member {
        Member {
            document: excerpt.document.id.clone(),
            source: excerpt.document.source.clone(),
            role: Role::Excerpt,
            primary: false,
            parent: Some(excerpt.of.to_owned()),
            share_copied: ratio(excerpt.share),
            credited: self.credited(excerpt.document),
        }
    }

    /// Whether `document` names the origin, or the agency of the cluster;
    /// nothing where neither is known to be where the text comes from.
    fn credited(&self, document: &DocumentEntry) -> Option<bool> {
        let origin = self.found.document.map(|origin| self.members[origin]);
        if origin.is_none() && !self.found.is_with_agency {
            return None;
        }
        let names_origin = origin.is_some_and(|origin| credit_to(document, &origin.source).is_some());
        let names_agency = || {
            self.agency
                .is_some_and(|agency| document.credits.iter().any(|c| c.agency.as_deref() == Some(agency)))
        };
        Some(names_origin || names_agency())
    }
}

fn role(document: &DocumentEntry, parent: &DocumentEntry, relation: Relation) -> Role {
    let is_later = match (&parent.published, &document.published) {
        (Some(parent), Some(own)) => parent.certain_order(own).is_some_and(std::cmp::Ordering::is_lt),
        _ => false,
    };
    let is_revision = is_later && document.source == parent.source;
    match relation {
        Relation::Identical => Role::ExactDuplicate,
        Relation::Alike | Relation::Version if is_revision => Role::Revision,
        Relation::Alike => Role::Copy,
        Relation::Version => Role::Version,
        Relation::PartOfParent => Role::Abridged,
        Relation::HoldsParent => Role::Extended,
    }
}

/// `indices` from the earliest end of the time it may mean to the latest, the
/// undated behind, ties by id.
fn in_order_of_time(members: &[&DocumentEntry], indices: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut order: Vec<usize> = indices.collect();
    order.sort_by_key(|&index| {
        let interval = members[index].published.as_ref().map(Published::interval);
        (interval.is_none(), interval.map(|(start, end)| (end, start)), index)
    });
    order
}

fn start(document: &DocumentEntry) -> Option<i64> {
    document.published.as_ref().map(|time| time.interval().0)
}
