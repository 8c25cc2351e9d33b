//! Verified pairs of one cluster, indexed by member.
//!
//! Identical documents share one node, so that a group of any size costs no
//! more than its members.

use std::collections::HashMap;

use super::in_order_of_time;
use crate::attribute::edits::Edits;
use crate::attribute::witness::Witness;
use crate::report::{ExactGroup, Pair, Verdict};

/// What a member is to another one it is paired with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same tokens.
    Identical,
    /// Nearly the same text.
    Alike,
    /// The other one holds it.
    PartOfParent,
    /// It holds the other one.
    HoldsParent,
    /// Another version of the text.
    Version,
}

/// How a member is linked with another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    /// Share of the member that the other one covers.
    pub(super) coverage: f64,
    pub(super) relation: Relation,
    /// Share of the member's shingles that the other one has, and of the
    /// other's that the member has.
    pub(super) shared: [f64; 2],
    /// What sets them apart, seen from the other one.
    pub(super) edits: Edits,
}

pub(super) const IDENTITY: Link = Link {
    coverage: 1.0,
    relation: Relation::Identical,
    shared: [1.0; 2],
    edits: Edits { cut: 0, insert: 0 },
};

/// The links of a cluster. Members are numbered as they were given.
pub(super) struct Links {
    group_of: Vec<usize>,
    /// Members of each group, from the earliest on.
    groups: Vec<Vec<usize>>,
    /// For each group its partners, those that cover it best first.
    partners: Vec<Vec<Partner>>,
}

/// A group that another one is paired with.
#[derive(Clone, Copy, Debug)]
struct Partner {
    group: usize,
    /// How the other one is linked with this group.
    link: Link,
    /// How this group is linked with the other one.
    back: Link,
}

impl Links {
    pub(super) fn new(members: &[&Witness<'_>], pairs: &[&Pair], exact_groups: &[&ExactGroup]) -> Self {
        let index: HashMap<&str, usize> =
            members.iter().enumerate().map(|(index, member)| (member.entry.id.as_str(), index)).collect();
        let mut group_of: Vec<usize> = (0..members.len()).collect();
        for group in exact_groups {
            let mut inside = group.documents.iter().filter_map(|id| index.get(id.as_str()));
            if let Some(&first) = inside.next() {
                inside.for_each(|&member| group_of[member] = first);
            }
        }
        let mut groups = vec![Vec::new(); members.len()];
        for member in in_order_of_time(members, 0..members.len()) {
            groups[group_of[member]].push(member);
        }
        let mut partners = vec![Vec::new(); members.len()];
        for pair in pairs {
            let (Some(&a), Some(&b)) = (index.get(pair.a.as_str()), index.get(pair.b.as_str())) else {
                continue;
            };
            let bytes = [members[a].entry.bytes, members[b].entry.bytes];
            let (a, b) = (group_of[a], group_of[b]);
            let Some([of_a, of_b]) = relations(pair.verdict).filter(|_| a != b) else { continue };
            let (in_a, in_b) = (pair.containment_of_b_in_a, pair.containment_of_a_in_b);
            let edits = Edits::new(pair, bytes);
            let link_of_a = Link {
                coverage: pair.coverage_of_a_by_b,
                relation: of_a,
                shared: [in_b, in_a],
                edits: edits.reversed(),
            };
            let link_of_b =
                Link { coverage: pair.coverage_of_b_by_a, relation: of_b, shared: [in_a, in_b], edits };
            partners[a].push(Partner { group: b, link: link_of_a, back: link_of_b });
            partners[b].push(Partner { group: a, link: link_of_b, back: link_of_a });
        }
        for list in &mut partners {
            list.sort_by(|x: &Partner, y: &Partner| {
                y.link.coverage.total_cmp(&x.link.coverage).then(x.group.cmp(&y.group))
            });
        }
        Self { group_of, groups, partners }
    }

    /// The group of identical documents that `member` is in.
    pub(super) fn group_of(&self, member: usize) -> usize {
        self.group_of[member]
    }

    /// The documents with the tokens of `member`, from the earliest on.
    pub(super) fn identical(&self, member: usize) -> &[usize] {
        &self.groups[self.group_of[member]]
    }

    /// The other groups that `member` is linked with, those that cover it best
    /// first; each from its earliest member on.
    pub(super) fn partners(&self, member: usize) -> impl Iterator<Item = (&[usize], Link)> {
        let partners = self.partners[self.group_of[member]].iter();
        partners.map(|partner| (self.groups[partner.group].as_slice(), partner.link))
    }

    /// The links of all members with `target`.
    pub(super) fn towards(&self, target: usize) -> Towards<'_> {
        let own = self.group_of[target];
        let mut of_group = vec![None; self.groups.len()];
        of_group[own] = Some(IDENTITY);
        for partner in &self.partners[own] {
            of_group[partner.group] = Some(partner.back);
        }
        Towards { links: self, of_group }
    }
}

/// Links with one member.
pub(super) struct Towards<'l> {
    links: &'l Links,
    of_group: Vec<Option<Link>>,
}

impl Towards<'_> {
    /// How `member` is linked with the target.
    pub(super) fn link(&self, member: usize) -> Option<Link> {
        self.of_group[self.links.group_of[member]]
    }
}

/// What `a` is to `b` and `b` to `a`; nothing for verdicts that do not unite.
fn relations(verdict: Verdict) -> Option<[Relation; 2]> {
    match verdict {
        Verdict::Exact => Some([Relation::Identical; 2]),
        Verdict::NearDuplicate => Some([Relation::Alike; 2]),
        Verdict::Contains => Some([Relation::HoldsParent, Relation::PartOfParent]),
        Verdict::ContainedIn => Some([Relation::PartOfParent, Relation::HoldsParent]),
        Verdict::Derived => Some([Relation::Version; 2]),
        Verdict::SharesPassage | Verdict::Quotation | Verdict::Boilerplate | Verdict::Template => None,
    }
}
