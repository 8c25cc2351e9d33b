//! Which documents of a story may have been made from each other.

use super::entries::Entries;
use super::parts::Part;
use crate::attribute::direction::Relation;
use crate::report::Cluster;

/// Generations that are gone up.
const MAX_GENERATIONS: usize = 64;

/// The place of every document in its story.
pub(super) struct Lines(Vec<Option<Place>>);

/// A document in its story.
#[derive(Clone, Copy)]
struct Place {
    cluster: usize,
    parent: Option<usize>,
    /// Whether it may be the origin.
    is_likely: bool,
}

impl Lines {
    /// The clusters are those of the parts; `likeliest` are, for each, the members that
    /// may be its origin.
    pub(super) fn new(
        entries: &Entries,
        parts: &[Part<'_>],
        (clusters, likeliest): (&[Cluster], &[Vec<String>]),
    ) -> Self {
        let mut places = vec![None; entries.held().len()];
        for (cluster, (part, (entry, likeliest))) in
            parts.iter().zip(clusters.iter().zip(likeliest)).enumerate()
        {
            let find = |id: &str| part.find(id, entries).map(|document| entries.place(document));
            for member in entry.members.iter().filter(|member| member.primary) {
                let parent = member.parent.as_deref().and_then(find);
                let is_likely = likeliest.contains(&member.document);
                if let Some(document) = find(&member.document) {
                    places[document] = Some(Place { cluster, parent, is_likely });
                }
            }
        }
        Self(places)
    }

    /// What two documents are to each other. Where nothing is known about a
    /// story, one may have been made from the other.
    pub(super) fn relation(&self, a: usize, b: usize) -> Relation {
        let (Some(of_a), Some(of_b)) = (self.0[a], self.0[b]) else { return Relation::Line };
        let is_line = of_a.cluster != of_b.cluster
            || of_a.is_likely
            || of_b.is_likely
            || self.is_ancestor(a, b)
            || self.is_ancestor(b, a);
        if is_line { Relation::Line } else { Relation::Kin }
    }

    fn is_ancestor(&self, ancestor: usize, of: usize) -> bool {
        let parent = |document: usize| self.0[document]?.parent;
        let line = std::iter::successors(parent(of), |&document| parent(document));
        line.take(MAX_GENERATIONS).any(|document| document == ancestor)
    }
}
