//! What each member is to its cluster, as reports have it.

use std::cmp::Ordering;

use super::links::{Link, Relation, Towards};
use super::outside::Outside;
use super::{Excerpt, Found};
use crate::attribute::credited::credit_to;
use crate::attribute::direction::Clues;
use crate::attribute::edits::Edits;
use crate::attribute::versions;
use crate::attribute::witness::Witness;
use crate::report::{Member, Role, ratio};

/// Of what the best member covers of an excerpt, what another one must cover
/// to be its parent: edits of single words make no difference.
const NEARLY: f64 = 0.95;

/// What the entries of all members are made of.
pub(super) struct Entries<'a> {
    pub(super) members: &'a [&'a Witness<'a>],
    pub(super) found: &'a Found,
    pub(super) outside: Option<&'a Outside>,
    pub(super) to_representative: Option<(usize, Towards<'a>)>,
}

impl Entries<'_> {
    pub(super) fn member(&self, index: usize, parent: Option<(usize, Link)>) -> Member {
        let document = self.members[index].entry;
        let is_origin = self.found.document == Some(index);
        let role = match parent {
            _ if is_origin => Role::Origin,
            Some((parent, link)) => role(self.members[index], self.members[parent], link.relation),
            None if self.is_from_outside(index) => Role::Copy,
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
            parent: parent.map(|(parent, _)| self.members[parent].entry.id.clone()),
            share_copied: ratio(share),
            credited: if is_origin { None } else { self.credited(self.members[index]) },
        }
    }

    /// Its parent is the member that covers it best; of those that do nearly
    /// as well, the origin, else the surest to have been before it.
    pub(super) fn excerpt(&self, excerpt: &Excerpt<'_>) -> Member {
        let place = |id: &str| self.members.binary_search_by(|member| member.entry.id.as_str().cmp(id)).ok();
        let sureness = |id: &str| {
            let Some(member) = place(id) else { return f64::NEG_INFINITY };
            match self.found.document == Some(member) {
                true => f64::INFINITY,
                false => Clues::new(self.members[member], excerpt.document, Edits::default()).log_odds(),
            }
        };
        let nearly = excerpt.shares.iter().filter(|(_, share)| *share >= NEARLY * excerpt.share);
        let all = std::iter::once((excerpt.of, excerpt.share)).chain(nearly.copied());
        // The first of the surest.
        let best = all.map(|(id, share)| (sureness(id), id, share));
        let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let (_, of, share) = best.unwrap_or((0.0, excerpt.of, excerpt.share));
        Member {
            document: excerpt.document.entry.id.clone(),
            source: excerpt.document.entry.source.clone(),
            role: Role::Excerpt,
            primary: false,
            parent: Some(of.to_owned()),
            share_copied: ratio(share),
            credited: self.credited(excerpt.document),
        }
    }

    /// Whether a member without a parent has its text from outside.
    fn is_from_outside(&self, index: usize) -> bool {
        let outside = self.outside.filter(|outside| outside.is_origin);
        outside.is_some_and(|outside| outside.is_named_by(self.members[index]))
    }

    /// Whether `document` names the origin, or where the text of the cluster
    /// comes from; nothing where neither is known, and for what the publisher
    /// of the origin brought out itself.
    fn credited(&self, document: &Witness<'_>) -> Option<bool> {
        let origin = self.found.document.map(|origin| self.members[origin].entry);
        let outside = self.outside.filter(|outside| outside.is_shared);
        if origin.is_none() && outside.is_none() {
            return None;
        }
        let names_origin = origin.is_some_and(|origin| credit_to(document.entry, &origin.source).is_some());
        let is_named = names_origin || self.outside.is_some_and(|outside| outside.is_named_by(document));
        let is_own = origin.is_some_and(|origin| origin.source == document.entry.source);
        (is_named || !is_own).then_some(is_named)
    }
}

/// What `document` is to its parent.
fn role(document: &Witness<'_>, parent: &Witness<'_>, relation: Relation) -> Role {
    let is_one_publisher = document.entry.source == parent.entry.source;
    let times = parent.entry.published.zip(document.entry.published);
    let is_later = times.is_some_and(|(parent, own)| parent.certain_order(&own).is_some_and(Ordering::is_lt));
    let is_marked = versions::order(parent.version, document.version) > 0;
    match relation {
        Relation::Identical => Role::ExactDuplicate,
        Relation::Alike | Relation::Version if is_one_publisher && (is_later || is_marked) => Role::Revision,
        Relation::HoldsParent | Relation::PartOfParent if is_one_publisher && is_marked => Role::Revision,
        Relation::Alike => Role::Copy,
        Relation::Version => Role::Version,
        Relation::PartOfParent => Role::Abridged,
        Relation::HoldsParent => Role::Extended,
    }
}
