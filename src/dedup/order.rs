//! The order in which documents are preferred, for each policy.
//!
//! Every order is total and ends in the id, so the order of the input does not
//! enter, [`Keep::First`] excepted. O(n log n).

use std::collections::BTreeMap;

use super::{Keep, Options, place};
use crate::read::source;
use crate::report::{DocumentEntry, Report, Role};

/// What is compared first, second and so on; the least is preferred.
type Key = [i64; 4];

/// The place of each document in the order of the policy.
pub(super) fn ranks(report: &Report, options: &Options) -> Vec<usize> {
    let keys = keys(report, options);
    let mut order: Vec<usize> = (0..report.documents.len()).collect();
    // What the other side has stays there, whatever the policy says.
    order.sort_by_key(|&document| (!report.documents[document].against, keys[document], document));
    let mut ranks = vec![0; order.len()];
    for (rank, document) in order.into_iter().enumerate() {
        ranks[document] = rank;
    }
    ranks
}

fn keys(report: &Report, options: &Options) -> Vec<Key> {
    let of_each = |first: &dyn Fn(usize, &DocumentEntry) -> i64| {
        let key = |(place, document): (usize, &DocumentEntry)| {
            let [end, start] = times(document);
            [first(place, document), end, start, 0]
        };
        report.documents.iter().enumerate().map(key).collect()
    };
    match &options.keep {
        Keep::Earliest => of_each(&|_, _| 0),
        Keep::Longest => of_each(&|_, document| -said_once(document)),
        Keep::First => of_each(&|place, _| options.places.get(place).map_or(0, |&place| place as i64)),
        Keep::Origin => {
            let origins = origins(report);
            of_each(&|place, _| origins[place])
        }
        Keep::Prefer(sources) => {
            let places = places_of_sources(sources);
            of_each(&|_, document| places.get(&document.source.to_lowercase()).copied().unwrap_or(i64::MAX))
        }
        Keep::LatestRevision => revisions(report),
    }
}

/// Last and first second at which it may have been published.
fn times(document: &DocumentEntry) -> [i64; 2] {
    let (start, end) = document.published.map_or((i64::MAX, i64::MAX), |published| published.interval());
    [end, start]
}

/// Tokens without those in second and later places.
fn said_once(document: &DocumentEntry) -> i64 {
    (document.tokens as f64 * (1.0 - document.repeated_share)).round() as i64
}

/// 0 for the origin of a cluster, 1 for one that was found to be there first,
/// 2 for all others.
fn origins(report: &Report) -> Vec<i64> {
    let mut found = vec![2; report.documents.len()];
    for cluster in &report.clusters {
        let first = cluster.members.iter().filter(|member| member.primary && member.role == Role::Origin);
        let first = first.map(|member| (&member.document, 1));
        for (id, key) in first.chain(cluster.origin.document.iter().map(|id| (id, 0))) {
            if let Some(document) = place(report, id) {
                found[document] = found[document].min(key);
            }
        }
    }
    found
}

/// The sources as reports name them, in lower case, with their places in the
/// list.
fn places_of_sources(sources: &[String]) -> BTreeMap<String, i64> {
    let mut places = BTreeMap::new();
    for (place, name) in sources.iter().enumerate() {
        let known_as = source::explicit(name).unwrap_or_default();
        places.entry(known_as.to_lowercase()).or_insert(place as i64);
    }
    places
}

/// First the publisher that had the story first, and of its documents the
/// latest.
fn revisions(report: &Report) -> Vec<Key> {
    let mut story: Vec<usize> = (0..report.documents.len()).collect();
    let mut is_revision = vec![false; story.len()];
    let groups = report.exact_groups.iter().map(|group| group.documents.iter().collect::<Vec<_>>());
    let clusters = report.clusters.iter().map(|cluster| {
        cluster.members.iter().filter(|member| member.primary).map(|member| &member.document).collect()
    });
    // Later stories count: a cluster takes in the groups of its members.
    for (number, ids) in groups.chain(clusters).enumerate() {
        for id in ids {
            if let Some(document) = place(report, id) {
                story[document] = report.documents.len() + number;
            }
        }
    }
    for member in report.clusters.iter().flat_map(|cluster| &cluster.members) {
        if let Some(document) = place(report, &member.document).filter(|_| member.role == Role::Revision) {
            is_revision[document] = true;
        }
    }
    let mut first_times: BTreeMap<(usize, &str), i64> = BTreeMap::new();
    for (document, entry) in report.documents.iter().enumerate() {
        let first = first_times.entry((story[document], &entry.source)).or_insert(i64::MAX);
        *first = times(entry)[0].min(*first);
    }
    let numbered: BTreeMap<(usize, &str), (i64, i64)> =
        first_times.iter().enumerate().map(|(number, (&key, &time))| (key, (time, number as i64))).collect();
    let key = |(document, entry): (usize, &DocumentEntry)| {
        let (first, number) = numbered[&(story[document], entry.source.as_str())];
        // Undated ones come behind those with a date.
        let latest = entry.published.map_or(i64::MAX, |published| -published.interval().0);
        [first, number, latest, i64::from(!is_revision[document])]
    };
    report.documents.iter().enumerate().map(key).collect()
}
