//! The wire service a cluster is credited to.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use crate::attribute::agency;
use crate::report::DocumentEntry;

/// How sure an agency is as the origin when all members credit it; less in
/// proportion where fewer do. Not calibrated yet.
const AGENCY_CONFIDENCE: f64 = 0.9;

/// The agency that published the origin, else the one that most members
/// credit; nothing if two are credited as often.
pub(super) fn of_cluster<'m>(
    members: &[&'m DocumentEntry],
    origin: Option<&DocumentEntry>,
) -> Option<&'m str> {
    let own = origin.and_then(|origin| agency::of_source(&origin.source));
    if let Some(agency) = own {
        return Some(agency.name.as_str());
    }
    let mut counts: BTreeMap<&'m str, usize> = BTreeMap::new();
    for member in members {
        for agency in agencies(member) {
            *counts.entry(agency).or_default() += 1;
        }
    }
    let most = counts.values().copied().max()?;
    let mut leading = counts.iter().filter(|(_, count)| **count == most);
    let first = leading.next().map(|(agency, _)| *agency);
    first.filter(|_| leading.next().is_none())
}

/// Says in `found` who credits `agency` and whether it is in the collection.
/// Without a member that is the origin, the agency is taken for it where half
/// of the members or more credit it.
pub(super) fn explain(agency: &str, members: &[&DocumentEntry], found: &mut Found) {
    let crediting = members.iter().filter(|member| agencies(member).contains(agency)).count();
    let is_inside = members
        .iter()
        .any(|member| agency::of_source(&member.source).is_some_and(|publisher| publisher.name == agency));
    if crediting > 0 {
        let place = if is_inside { "" } else { ", not in this collection" };
        let total = members.len();
        found.evidence.push(format!("credited to {agency}{place} (by {crediting} of {total} members)"));
    }
    found.is_with_agency = 2 * crediting >= members.len();
    if found.document.is_none() {
        found.confidence = AGENCY_CONFIDENCE * crediting as f64 / members.len().max(1) as f64;
    }
}

/// The agencies that `document` credits, each once.
fn agencies(document: &DocumentEntry) -> BTreeSet<&str> {
    document.credits.iter().filter_map(|credit| credit.agency.as_deref()).collect()
}
