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

/// The table of publishers, sorted by name. Documents are in the order of their
/// ids.
pub fn sources(documents: &[DocumentEntry], clusters: &[Cluster]) -> Vec<SourceEntry> {
    let find = |id: &str| documents.binary_search_by(|document| document.id.as_str().cmp(id)).ok();
    let mut table = Table::of(documents);
    clusters.iter().for_each(|cluster| table.add(cluster, |id| find(id).map(|at| &documents[at])));
    table.finish()
}

/// The table of publishers in the making.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<String, Row>);

impl Table {
    /// One with the numbers of these documents.
    pub(crate) fn of(documents: &[DocumentEntry]) -> Self {
        let mut table = Self::default();
        // Publishers in the order of their first documents.
        let (mut numbers, mut counts): (HashMap<&str, usize>, Vec<(&str, usize)>) = Default::default();
        for of_one in documents.chunk_by(|one, next| one.source == next.source) {
            let source = of_one[0].source.as_str();
            let number = *numbers.entry(source).or_insert(counts.len());
            match counts.get_mut(number) {
                Some((_, count)) => *count += of_one.len(),
                None => counts.push((source, of_one.len())),
            }
        }
        counts.into_iter().for_each(|(source, count)| table.count(source, count));
        table
    }

    /// Counts documents of a publisher.
    pub(crate) fn count(&mut self, source: &str, documents: usize) {
        self.row(source).documents += documents;
    }

    /// Adds what a cluster tells; `find` finds its documents by their ids.
    pub(crate) fn add<'r>(&mut self, cluster: &Cluster, find: impl Fn(&str) -> Option<&'r DocumentEntry>) {
        for member in cluster.members.iter().filter(|member| member.primary) {
            if let Some(copy) = Copy::of(member, cluster, &find) {
                self.row(&copy.document.source).add(&copy.copied(member));
            }
        }
    }

    /// The publishers, sorted by name.
    pub(crate) fn finish(self) -> Vec<SourceEntry> {
        self.0.into_iter().map(|(source, row)| row.into_entry(source)).collect()
    }

    fn row(&mut self, source: &str) -> &mut Row {
        row_of(&mut self.0, source)
    }
}

/// The row of a publisher; its name is held once.
fn row_of<'t, R: Default>(table: &'t mut BTreeMap<String, R>, source: &str) -> &'t mut R {
    if !table.contains_key(source) {
        table.insert(source.to_owned(), R::default());
    }
    table.get_mut(source).expect("it was just put in")
}

/// The documents of clusters that were taken from another publisher. Documents
/// are in the order of their ids.
#[cfg(feature = "arrow")]
pub(crate) fn copies<'r>(documents: &'r [DocumentEntry], clusters: &[Cluster]) -> Vec<Copied<'r>> {
    let find = |id: &str| {
        let found = documents.binary_search_by(|document| document.id.as_str().cmp(id));
        found.ok().map(|at| &documents[at])
    };
    let mut copies = Vec::new();
    for cluster in clusters {
        for member in cluster.members.iter().filter(|member| member.primary) {
            copies.extend(Copy::of(member, cluster, find).map(|copy| copy.copied(member)));
        }
    }
    copies
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
    row.into_entry(source.to_owned())
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

    fn of(
        member: &Member,
        cluster: &Cluster,
        find: impl Fn(&str) -> Option<&'r DocumentEntry>,
    ) -> Option<Self> {
        let document = find(&member.document)?;
        let earlier = [member.parent.as_deref(), cluster.origin.document.as_deref()];
        let mut others = earlier.into_iter().flatten().filter_map(&find);
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
struct Row {
    documents: usize,
    copied: usize,
    credited: usize,
    taken: BTreeMap<String, Taken>,
}

#[derive(Default)]
struct Taken {
    documents: usize,
    credited: usize,
    tokens: usize,
    lags: Vec<i64>,
}

impl Row {
    fn add(&mut self, copy: &Copied<'_>) {
        self.copied += 1;
        let credited = usize::from(copy.is_credited);
        self.credited += credited;
        let taken = row_of(&mut self.taken, copy.taken_from);
        taken.documents += 1;
        taken.credited += credited;
        taken.tokens += copy.tokens;
        taken.lags.extend(copy.lag_s);
    }

    fn into_entry(self, source: String) -> SourceEntry {
        let taken = self.taken.into_iter();
        let mut copied_from: Vec<CopiedFrom> =
            taken.map(|(source, taken)| taken.into_entry(source)).collect();
        copied_from.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.source.cmp(&b.source)));
        SourceEntry {
            source,
            documents: self.documents,
            original: self.documents.saturating_sub(self.copied),
            copied: self.copied,
            credited: self.credited,
            copied_from,
        }
    }
}

impl Taken {
    fn into_entry(mut self, source: String) -> CopiedFrom {
        self.lags.sort_unstable();
        CopiedFrom {
            source,
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
