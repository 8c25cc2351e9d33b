//! The publisher that a cluster is credited to and no member is from; or the
//! agency that is one of its members' publisher.

use std::collections::BTreeMap;

use super::Found;
use crate::attribute::agency;
use crate::attribute::witness::{Named, Witness};

/// How sure an origin outside is when all members name it, and by how much
/// less where hardly any do: of 50 stories of planted newswire that were told
/// to come from outside, 43 did.
const CONFIDENCE: f64 = 0.95;
const FEWER: f64 = 0.35;

/// Share of the members that must name somebody outside for the text to come
/// from there: credits are lost on three of ten copies, and wrong ones name
/// many different publishers.
const MIN_SHARE: f64 = 0.5;

/// The same where several members name it: that hardly happens by mistake.
const MIN_SHARE_OF_SEVERAL: f64 = 0.34;

/// Members that are several.
const SEVERAL: usize = 4;

/// Whom a cluster is credited to.
pub(super) struct Outside {
    /// Its key, as witnesses have it.
    key: String,
    /// What members call it.
    name: String,
    /// Whether it is an agency.
    is_agency: bool,
    /// Members that give it.
    count: usize,
    members: usize,
    /// Whether it publishes a member.
    is_inside: bool,
    /// Whether so many give it that those who do not count as uncredited.
    pub(super) is_shared: bool,
    /// Whether the text comes from there, and so no member is the origin.
    pub(super) is_origin: bool,
}

/// The agency that published the origin, else the publisher outside that most
/// members name, else an agency inside; nothing if two are named as often.
pub(super) fn of_cluster(members: &[&Witness<'_>], origin: Option<usize>) -> Option<Outside> {
    let own = origin.and_then(|origin| agency::of_source(&members[origin].entry.source));
    let mut counts: BTreeMap<&str, (usize, &Named)> = BTreeMap::new();
    for (key, named) in members.iter().flat_map(|member| member.all_names()) {
        counts.entry(key).or_insert((0, named)).0 += 1;
    }
    let outside = |key: &str, (name, is_agency): (&str, bool), count: usize| {
        let is_inside = members.iter().any(|member| member.own() == key);
        let share = count as f64 / members.len().max(1) as f64;
        let is_shared = share >= MIN_SHARE || count >= SEVERAL && share >= MIN_SHARE_OF_SEVERAL;
        // Whoever is named by more members than the outsider is nearer to
        // the origin.
        let rival =
            origin.and_then(|origin| members[origin].standing).map_or(0, |standing| standing.named_by);
        Outside {
            key: key.to_owned(),
            name: name.to_owned(),
            is_agency,
            count,
            members: members.len(),
            is_inside,
            is_shared,
            is_origin: is_shared && !is_inside && count > rival,
        }
    };
    if let Some(own) = own {
        let key = own.name.to_lowercase();
        let count = counts.get(key.as_str()).map_or(0, |(count, _)| *count);
        return Some(outside(&key, (&own.name, true), count));
    }
    let most = counts.values().map(|(count, _)| *count).max()?;
    let mut leading = counts.iter().filter(|(_, (count, _))| *count == most);
    let (key, (_, named)) = leading.next()?;
    let found = outside(key, (&named.name, named.is_agency), most);
    (leading.next().is_none() && (found.is_agency || found.is_origin)).then_some(found)
}

impl Outside {
    /// Says in `found` who names it and whether it is in the collection, and
    /// takes the origin from the members if it lies outside.
    pub(super) fn explain(&self, found: &mut Found) {
        let Self { count, members, .. } = self;
        if self.is_origin {
            found.document = None;
            found.likeliest.clear();
        }
        if *count > 0 {
            let place = if self.is_inside { "" } else { ", not in this collection" };
            let name = &self.name;
            found.evidence.push(format!("credited to {name}{place} (by {count} of {members} members)"));
        }
        let share = *count as f64 / (*members).max(1) as f64;
        if self.is_origin {
            found.confidence = CONFIDENCE - FEWER * (1.0 - share);
        } else if found.document.is_none() && self.is_agency {
            // Too few to be sure that the text is from there at all.
            found.confidence = CONFIDENCE * share;
        }
    }

    /// Whether `member` names it.
    pub(super) fn is_named_by(&self, member: &Witness<'_>) -> bool {
        member.names(&self.key)
    }

    /// The agency it is.
    pub(super) fn agency(&self) -> Option<String> {
        self.is_agency.then(|| self.name.clone())
    }

    /// The outlet it is, where the origin lies outside and is no agency.
    pub(super) fn outlet(&self) -> Option<String> {
        (self.is_origin && !self.is_agency).then(|| self.name.clone())
    }
}
