//! What each publisher ran: its own, copied, credited, and from whom.
//!
//! A document counts as copied if, in its primary membership, its parent or
//! the origin of the cluster is of another publisher; its share is then taken
//! from the parent, else from the origin. What is in no cluster, or what
//! nothing is known about, counts as original. An origin outside the
//! collection is not counted yet.
//!
//! Time is `O(n log n)` in documents and memberships.

use std::collections::{BTreeMap, HashMap};

use crate::report::{Cluster, CopiedFrom, DocumentEntry, Member, SourceEntry};
use crate::time::Published;

/// The table of publishers, sorted by name.
pub fn sources(documents: &[DocumentEntry], clusters: &[Cluster]) -> Vec<SourceEntry> {
    sources_of(documents.iter().map(|document| (document.source.as_str(), 1)), documents, clusters)
}

/// The same where only those that are in clusters are at hand, and of all the
/// publishers, how many documents each has.
pub(crate) fn sources_of<'r>(
    counts: impl Iterator<Item = (&'r str, usize)>,
    documents: &'r [DocumentEntry],
    clusters: &'r [Cluster],
) -> Vec<SourceEntry> {
    let by_id: HashMap<&str, &DocumentEntry> = documents.iter().map(|d| (d.id.as_str(), d)).collect();
    let mut table: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for (source, documents) in counts {
        table.entry(source).or_default().documents += documents;
    }
    for copy in copies_by(&by_id, clusters) {
        table.entry(copy.source).or_default().add(&copy);
    }
    table.into_iter().map(|(source, row)| row.into_entry(source)).collect()
}

/// The documents of clusters that were taken from another publisher.
#[cfg(feature = "arrow")]
pub(crate) fn copies<'r>(documents: &'r [DocumentEntry], clusters: &'r [Cluster]) -> Vec<Copied<'r>> {
    let by_id: HashMap<&str, &DocumentEntry> = documents.iter().map(|d| (d.id.as_str(), d)).collect();
    copies_by(&by_id, clusters).collect()
}

/// What one publisher with so many documents ran, by what it took.
#[cfg(feature = "arrow")]
pub(crate) fn source_with<'r>(
    source: &str,
    documents: usize,
    copies: impl Iterator<Item = Copied<'r>>,
) -> SourceEntry {
    let mut row = Row { documents, ..Row::default() };
    copies.for_each(|copy| row.add(&copy));
    row.into_entry(source)
}

fn copies_by<'r>(
    by_id: &HashMap<&str, &'r DocumentEntry>,
    clusters: &'r [Cluster],
) -> impl Iterator<Item = Copied<'r>> {
    let of_cluster = move |cluster: &'r Cluster| {
        let primary = cluster.members.iter().filter(|member| member.primary);
        primary.filter_map(move |member| Some(Copy::of(member, cluster, by_id)?.copied(member)))
    };
    clusters.iter().flat_map(of_cluster)
}

/// What the table of publishers needs of a document that was taken from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Copied<'r> {
    /// Its publisher.
    pub(crate) source: &'r str,
    /// The other publisher.
    pub(crate) taken_from: &'r str,
    /// Whether it credits the origin.
    pub(crate) is_credited: bool,
    /// Tokens taken.
    pub(crate) tokens: usize,
    /// Seconds between the publications, where that can be told.
    pub(crate) lag_s: Option<i64>,
}

/// A document taken from another publisher.
struct Copy<'r> {
    document: &'r DocumentEntry,
    taken_from: &'r DocumentEntry,
}

impl<'r> Copy<'r> {
    fn copied(&self, member: &Member) -> Copied<'r> {
        Copied {
            source: &self.document.source,
            taken_from: &self.taken_from.source,
            is_credited: member.credited == Some(true),
            tokens: (member.share_copied * self.document.tokens as f64).round() as usize,
            lag_s: self.lag(),
        }
    }

    fn of(member: &Member, cluster: &'r Cluster, by_id: &HashMap<&str, &'r DocumentEntry>) -> Option<Self> {
        let document = *by_id.get(member.document.as_str())?;
        let earlier = [member.parent.as_deref(), cluster.origin.document.as_deref()];
        let mut others = earlier.into_iter().flatten().filter_map(|id| by_id.get(id).copied());
        let taken_from = others.find(|other| other.source != document.source)?;
        // The origin of a cluster is taken from nobody.
        let is_origin = cluster.origin.document.as_deref() == Some(document.id.as_str());
        (!is_origin).then_some(Self { document, taken_from })
    }

    /// Seconds between the publications, where both times have the same
    /// precision: a date has none, and zones must not be mixed.
    fn lag(&self) -> Option<i64> {
        match (self.taken_from.published?, self.document.published?) {
            (a @ Published::Instant(_), b @ Published::Instant(_))
            | (a @ Published::Local(_), b @ Published::Local(_)) => Some(b.interval().0 - a.interval().0),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Row<'r> {
    documents: usize,
    copied: usize,
    credited: usize,
    taken: BTreeMap<&'r str, Taken>,
}

#[derive(Default)]
struct Taken {
    documents: usize,
    credited: usize,
    tokens: usize,
    lags: Vec<i64>,
}

impl<'r> Row<'r> {
    fn add(&mut self, copy: &Copied<'r>) {
        self.copied += 1;
        let credited = usize::from(copy.is_credited);
        self.credited += credited;
        let taken = self.taken.entry(copy.taken_from).or_default();
        taken.documents += 1;
        taken.credited += credited;
        taken.tokens += copy.tokens;
        taken.lags.extend(copy.lag_s);
    }

    fn into_entry(self, source: &str) -> SourceEntry {
        let taken = self.taken.into_iter();
        let mut copied_from: Vec<CopiedFrom> =
            taken.map(|(source, taken)| taken.into_entry(source)).collect();
        copied_from.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.source.cmp(&b.source)));
        SourceEntry {
            source: source.to_owned(),
            documents: self.documents,
            original: self.documents.saturating_sub(self.copied),
            copied: self.copied,
            credited: self.credited,
            copied_from,
        }
    }
}

impl Taken {
    fn into_entry(mut self, source: &str) -> CopiedFrom {
        self.lags.sort_unstable();
        CopiedFrom {
            source: source.to_owned(),
            documents: self.documents,
            credited: self.credited,
            tokens: self.tokens,
            median_lag_s: median(&self.lags),
        }
    }
}

/// The middle of sorted values, the mean of the two middle ones rounded down.
fn median(sorted: &[i64]) -> Option<i64> {
    let high = *sorted.get(sorted.len() / 2)?;
    let low = sorted[(sorted.len() - 1) / 2];
    Some(low + (high - low) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::published;
    use crate::report::{Origin, Role};

    fn member(id: &str, parent: Option<&str>, share: f64, credited: Option<bool>) -> Member {
        Member {
            document: id.to_owned(),
            source: String::new(),
            role: Role::Copy,
            primary: true,
            parent: parent.map(str::to_owned),
            share_copied: share,
            credited,
        }
    }

    fn cluster(origin: Option<&str>, members: Vec<Member>) -> Cluster {
        Cluster {
            id: members[0].document.clone(),
            representative: members[0].document.clone(),
            cohesion: 1.0,
            pairs_complete: true,
            independent_origins: 1,
            origin: Origin {
                document: origin.map(str::to_owned),
                source: None,
                agency: None,
                outside: false,
                confidence: 0.0,
                evidence: Vec::new(),
            },
            members,
        }
    }

    #[test]
    fn copies_are_counted_for_the_publisher_they_were_taken_from() {
        let documents = [
            published("a1", "a.example", "2026-05-11T10:00:00Z", ""),
            published("a2", "a.example", "2026-05-11", ""),
            published("b1", "b.example", "2026-05-11T10:10:00Z", ""),
            published("b2", "b.example", "2026-05-11T10:30:00Z", ""),
            published("b3", "b.example", "2026-05-12", ""),
            published("b4", "b.example", "2026-05-11T11:00:00", ""),
            published("b5", "b.example", "", ""),
            published("c1", "c.example", "2026-05-11T10:00:00", ""),
        ];
        let clusters = [
            cluster(
                Some("a1"),
                vec![
                    member("a1", None, 0.0, None),
                    member("b1", Some("a1"), 0.8, Some(true)),
                    // Parent of the same publisher, origin of another.
                    member("b2", Some("b1"), 0.304, Some(false)),
                    Member { primary: false, ..member("b5", Some("a1"), 0.5, None) },
                ],
            ),
            cluster(
                Some("a2"),
                vec![member("a2", None, 0.0, None), member("b3", Some("a2"), 0.5, Some(false))],
            ),
            cluster(None, vec![member("b4", Some("c1"), 1.0, None), member("c1", None, 0.2, None)]),
        ];
        let entry = |source: &str, documents, original, copied, credited, copied_from| SourceEntry {
            source: source.to_owned(),
            documents,
            original,
            copied,
            credited,
            copied_from,
        };
        let from = |source: &str, [documents, credited]: [usize; 2], tokens, median_lag_s| CopiedFrom {
            source: source.to_owned(),
            documents,
            credited,
            tokens,
            median_lag_s,
        };
        let expected = [
            entry("a.example", 2, 2, 0, 0, vec![]),
            entry(
                "b.example",
                5,
                1,
                4,
                1,
                vec![
                    from("a.example", [3, 1], 80 + 30 + 50, Some(20 * 60)),
                    from("c.example", [1, 0], 100, Some(3600)),
                ],
            ),
            entry("c.example", 1, 1, 0, 0, vec![]),
        ];
        assert_eq!(sources(&documents, &clusters), expected);
        assert_eq!(sources(&[], &[]), []);
    }

    #[test]
    fn the_median_is_the_middle() {
        let cases: [(&[i64], Option<i64>); 5] = [
            (&[], None),
            (&[5], Some(5)),
            (&[1, 4], Some(2)),
            (&[-3, 1, 9], Some(1)),
            (&[1, 2, 4, 9], Some(3)),
        ];
        for (sorted, middle) in cases {
            assert_eq!(median(sorted), middle);
        }
    }
}
