//! What the page shows without a script: figures, histograms, agencies, the
//! matrix of publishers, and the first clusters.
//!
//! Every string here has passed `visible.rs`; the template escapes it and
//! isolates its direction.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::data::{Findings, is_uncredited};
use super::matrix::Matrix;
use super::texts::ChosenTexts;
use crate::render::{units, visible};
use crate::report::{Cluster, Origin, Role};
use crate::time::Published;

/// Clusters that are listed without a script, and members of each.
const MAX_PLAIN_CLUSTERS: usize = 50;
const MAX_PLAIN_MEMBERS: usize = 12;

/// Agencies that are listed.
const MAX_AGENCIES: usize = 12;

/// What stands in the page as it is written.
pub(super) struct Overview {
    pub(super) read: String,
    pub(super) period: String,
    pub(super) text_note: String,
    pub(super) figures: Vec<Figure>,
    pub(super) sizes: Vec<Bar>,
    pub(super) lags: Vec<Bar>,
    pub(super) lag_note: String,
    pub(super) agencies: Vec<AgencyRow>,
    pub(super) agencies_left_out: usize,
    pub(super) matrix: Matrix,
    pub(super) clusters: Vec<PlainCluster>,
    pub(super) clusters_left_out: usize,
    pub(super) counts: Counts,
}

/// A number and what it counts.
pub(super) struct Figure {
    pub(super) value: String,
    pub(super) name: &'static str,
    pub(super) note: String,
    /// Where it leads, or nothing.
    pub(super) link: &'static str,
}

/// A row of a histogram.
pub(super) struct Bar {
    pub(super) label: &'static str,
    pub(super) count: String,
    /// Per cent of the longest bar.
    pub(super) width: String,
}

/// Copies of what an agency wrote.
pub(super) struct AgencyRow {
    pub(super) name: String,
    /// The name as the input has it, for links.
    pub(super) key: String,
    pub(super) clusters: String,
    pub(super) copies: String,
    pub(super) uncredited: usize,
}

/// A cluster in words.
pub(super) struct PlainCluster {
    pub(super) title: String,
    pub(super) facts: String,
    pub(super) members: Vec<String>,
    pub(super) members_left_out: usize,
}

/// Rows of the lists that the script makes.
pub(super) struct Counts {
    pub(super) clusters: String,
    pub(super) pairs: String,
    pub(super) repeats: String,
    pub(super) publishers: String,
    pub(super) skipped: String,
}

impl Overview {
    pub(super) fn new(findings: &Findings<'_>, chosen: &ChosenTexts<'_>) -> Self {
        let report = findings.report();
        let sources: BTreeSet<&str> = report.documents.iter().map(|d| d.source.as_str()).collect();
        let bytes = report.documents.iter().map(|document| document.bytes).sum();
        let read = [
            units::count(report.documents.len(), "document", "documents"),
            units::bytes(bytes),
            units::count(sources.len(), "source", "sources"),
        ];
        let (lags, lag_note) = lags(findings);
        let (agencies, agencies_left_out) = agencies(findings);
        let (clusters, clusters_left_out) = plain_clusters(findings, chosen);
        Self {
            read: read.join(" · "),
            period: period(findings),
            text_note: chosen.note(),
            figures: figures(findings),
            sizes: sizes(findings),
            lags,
            lag_note,
            agencies,
            agencies_left_out,
            matrix: Matrix::new(&report.sources),
            clusters,
            clusters_left_out,
            counts: Counts::new(findings),
        }
    }
}

impl Counts {
    fn new(findings: &Findings<'_>) -> Self {
        let report = findings.report();
        let lookup = &findings.lookup;
        let pairs = report.pairs.iter().filter(|pair| !lookup.share_cluster(&pair.a, &pair.b)).count();
        let groups = report.exact_groups.iter().filter(|group| !lookup.is_clustered(&group.id)).count();
        Self {
            clusters: units::thousands(report.clusters.len()),
            pairs: units::thousands(pairs),
            repeats: units::thousands(report.repeats.len() + groups),
            publishers: units::thousands(report.sources.len()),
            skipped: units::thousands(report.skipped.len()),
        }
    }
}

/// The first and the last day on which something was published.
fn period(findings: &Findings<'_>) -> String {
    let times = || findings.report().documents.iter().filter_map(|document| document.published);
    let day = |time: Published| time.to_string().chars().take(10).collect::<String>();
    let first = times().min_by_key(|time| time.interval().0).map(day);
    let last = times().max_by_key(|time| time.interval().0).map(day);
    match (first, last) {
        (Some(first), Some(last)) if first == last => format!("published {first}"),
        (Some(first), Some(last)) => format!("published {first} to {last}"),
        _ => String::new(),
    }
}

fn figures(findings: &Findings<'_>) -> Vec<Figure> {
    let report = findings.report();
    let clustered = report.documents.iter().filter(|d| findings.lookup.is_clustered(&d.id)).count();
    let primary: usize =
        report.clusters.iter().map(|c| c.members.iter().filter(|member| member.primary).count()).sum();
    let origins: usize = report.clusters.iter().map(|cluster| cluster.independent_origins).sum();
    let uncredited: usize = report.clusters.iter().map(uncredited).sum();
    let unknown = report.clusters.iter().filter(|cluster| is_unknown(&cluster.origin)).count();
    let repeating: BTreeSet<&str> = report.repeats.iter().map(|repeat| repeat.document.as_str()).collect();
    let in_documents = |count| format!("in {}", units::count(count, "document", "documents"));
    let figure = |value: usize, name, note, link| Figure { value: units::thousands(value), name, note, link };
    vec![
        figure(
            report.clusters.len(),
            "clusters",
            format!("of {}", units::count(clustered, "document", "documents")),
            "#clusters",
        ),
        figure(
            primary.saturating_sub(origins),
            "copies and versions",
            "of another document of their cluster".into(),
            "#clusters?sort=-documents",
        ),
        figure(
            uncredited,
            "uncredited copies",
            "where the origin is known".into(),
            "#clusters?show=uncredited&sort=-uncredited",
        ),
        figure(origins, "independent origins", "of texts with copies, at most".into(), ""),
        figure(
            unknown,
            "clusters without a known origin",
            "nothing tells who was first".into(),
            "#clusters?show=undetermined",
        ),
        figure(report.repeats.len(), "repeats", in_documents(repeating.len()), "#repeats"),
        figure(report.skipped.len(), "skipped", "not read or not compared".into(), "#skipped"),
    ]
}

fn is_unknown(origin: &Origin) -> bool {
    origin.document.is_none() && !origin.outside
}

fn uncredited(cluster: &Cluster) -> usize {
    cluster.members.iter().filter(|member| is_uncredited(cluster, member)).count()
}

/// Documents in a cluster, up to and including.
const SIZES: [(usize, &str); 8] = [
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, "5"),
    (10, "6–10"),
    (20, "11–20"),
    (100, "21–100"),
    (usize::MAX, "over 100"),
];

fn sizes(findings: &Findings<'_>) -> Vec<Bar> {
    let sizes = findings.report().clusters.iter().map(|cluster| cluster.members.len());
    histogram(&SIZES, sizes)
}

/// Seconds from the origin to the copy, up to and excluding.
const LAGS: [(i64, &str); 9] = [
    (15 * 60, "under 15 min"),
    (60 * 60, "15–60 min"),
    (3 * 3_600, "1–3 hours"),
    (12 * 3_600, "3–12 hours"),
    (24 * 3_600, "12–24 hours"),
    (3 * 86_400, "1–3 days"),
    (7 * 86_400, "3–7 days"),
    (28 * 86_400, "1–4 weeks"),
    (i64::MAX, "over 4 weeks"),
];

/// How long after the origin its copies ran, where both have times of one
/// precision, and what is said of the rest.
fn lags(findings: &Findings<'_>) -> (Vec<Bar>, String) {
    let published = |id: &String| findings.lookup.document(id)?.published;
    let (mut lags, mut untold) = (Vec::new(), 0);
    for cluster in &findings.report().clusters {
        let Some(origin) = &cluster.origin.document else { continue };
        for member in cluster.members.iter().filter(|member| member.document != *origin) {
            let lag = match (published(origin), published(&member.document)) {
                (Some(a @ Published::Instant(_)), Some(b @ Published::Instant(_)))
                | (Some(a @ Published::Local(_)), Some(b @ Published::Local(_))) => {
                    Some(b.interval().0 - a.interval().0)
                }
                _ => None,
            };
            match lag {
                Some(lag) if lag >= 0 => lags.push(lag + 1),
                _ => untold += 1,
            }
        }
    }
    let note = match untold {
        0 => String::new(),
        count => format!("{} without times that tell a lag", units::count(count, "copy", "copies")),
    };
    (histogram(&LAGS, lags.into_iter()), note)
}

/// Counts `values` in classes, each up to and including its bound; empty
/// classes at both ends are left out.
fn histogram<T: PartialOrd + Copy>(
    classes: &[(T, &'static str)],
    values: impl Iterator<Item = T>,
) -> Vec<Bar> {
    let mut counts = vec![0_usize; classes.len()];
    for value in values {
        counts[classes.partition_point(|(bound, _)| *bound < value)] += 1;
    }
    let Some(first) = counts.iter().position(|count| *count > 0) else { return Vec::new() };
    let last = counts.iter().rposition(|count| *count > 0).unwrap_or(first);
    let longest = counts.iter().max().copied().unwrap_or(1);
    (first..=last)
        .map(|class| Bar {
            label: classes[class].1,
            count: units::thousands(counts[class]),
            width: format!("{:.1}", 100.0 * counts[class] as f64 / longest as f64),
        })
        .collect()
}

fn agencies(findings: &Findings<'_>) -> (Vec<AgencyRow>, usize) {
    #[derive(Default)]
    struct Sum {
        clusters: usize,
        copies: usize,
        uncredited: usize,
    }
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for cluster in &findings.report().clusters {
        let Some(agency) = &cluster.origin.agency else { continue };
        let sum = sums.entry(agency).or_default();
        sum.clusters += 1;
        sum.copies += cluster.members.iter().filter(|member| member.role != Role::Origin).count();
        sum.uncredited += uncredited(cluster);
    }
    let mut sums: Vec<(&str, Sum)> = sums.into_iter().collect();
    sums.sort_by_key(|(name, sum)| (Reverse(sum.uncredited), Reverse(sum.copies), *name));
    let left_out = sums.len().saturating_sub(MAX_AGENCIES);
    let row = |(name, sum): (&str, Sum)| AgencyRow {
        name: visible::label(name).into_owned(),
        key: name.to_owned(),
        clusters: units::thousands(sum.clusters),
        copies: units::thousands(sum.copies),
        uncredited: sum.uncredited,
    };
    (sums.into_iter().take(MAX_AGENCIES).map(row).collect(), left_out)
}

fn plain_clusters(findings: &Findings<'_>, chosen: &ChosenTexts<'_>) -> (Vec<PlainCluster>, usize) {
    let mut clusters: Vec<&Cluster> = findings.report().clusters.iter().collect();
    clusters.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| a.id.cmp(&b.id)));
    let left_out = clusters.len().saturating_sub(MAX_PLAIN_CLUSTERS);
    clusters.truncate(MAX_PLAIN_CLUSTERS);
    (clusters.into_iter().map(|cluster| plain_cluster(findings, cluster, chosen)).collect(), left_out)
}

fn plain_cluster(findings: &Findings<'_>, cluster: &Cluster, chosen: &ChosenTexts<'_>) -> PlainCluster {
    let origin = match (&cluster.origin.document, &cluster.origin.agency) {
        (Some(document), _) => format!("origin {}", visible::label(document)),
        (None, Some(name)) if cluster.origin.outside => {
            format!("from {}, not in this collection", visible::label(name))
        }
        (None, Some(agency)) => format!("agency {}", visible::label(agency)),
        (None, None) => "origin undetermined".into(),
    };
    let mut members: Vec<&crate::report::Member> = cluster.members.iter().collect();
    members.sort_by_key(|member| (member.role != Role::Origin, &member.document));
    let member = |member: &&crate::report::Member| {
        let published = findings.lookup.document(&member.document).and_then(units::when);
        let published = published.map_or(String::new(), |time| format!(" · {time}"));
        let credit = match member.credited {
            Some(true) => " · credited",
            Some(false) if is_uncredited(cluster, member) => " · uncredited",
            _ => "",
        };
        format!(
            "{} · {} · {}{published}{credit}",
            visible::label(&member.source),
            visible::label(&member.document),
            member.role.name().replace('_', " ")
        )
    };
    PlainCluster {
        title: findings.title(cluster, chosen),
        facts: format!("{} · {origin}", units::count(cluster.members.len(), "document", "documents")),
        members: members.iter().take(MAX_PLAIN_MEMBERS).map(member).collect(),
        members_left_out: members.len().saturating_sub(MAX_PLAIN_MEMBERS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histograms_count_up_to_their_bounds_and_drop_empty_ends() {
        let bars = histogram(&SIZES, [3, 3, 11, 20, 5].into_iter());
        let told: Vec<(&str, &str, &str)> =
            bars.iter().map(|bar| (bar.label, bar.count.as_str(), bar.width.as_str())).collect();
        let expected = [
            ("3", "2", "100.0"),
            ("4", "0", "0.0"),
            ("5", "1", "50.0"),
            ("6–10", "0", "0.0"),
            ("11–20", "2", "100.0"),
        ];
        assert_eq!(told, expected);
        assert!(histogram(&SIZES, std::iter::empty()).is_empty());
    }
}
