//! Verified pairs → clusters.
//!
//! The nodes are groups of documents with the same tokens, the ties verified
//! pairs with a uniting verdict. Nothing but a verified pair unites, but not
//! every one of them does: [`bonds`] takes away those that would make one
//! story of two, and a cluster is a connected component of what is left. A
//! document has one such component at most; the stories it carries beside it
//! are found by [`excerpt`].
//!
//! Time is `O(t log t)` in the pairs, memory linear, and the result depends on
//! neither their order nor that of the documents, but for ties of equal
//! evidence, which go to the least number.

pub mod bonds;
pub mod excerpt;
#[cfg(test)]
mod oracle;
pub mod place;
mod questions;
#[cfg(test)]
mod tests;
pub mod ties;

use crate::disjoint::DisjointSets;
use bonds::{Bond, Limits};
use excerpt::Excerpt;
use ties::Evidence;

/// Groups in a component up to which every pair in it is compared.
pub const COMPLETE_COMPONENT: usize = crate::candidates::ALL_PAIRS_BUCKET;

/// An edge between two groups, and how strong it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One group.
    pub a: usize,
    /// The other group.
    pub b: usize,
    /// The larger of the two coverages, 0 to 1.
    pub strength: f64,
    /// How alike the two are as wholes: the mean of both coverages, 0 to 1.
    pub likeness: f64,
}

/// One story: its groups, and the groups that carry it beside another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The groups whose main membership it is, sorted, one at least.
    pub groups: Vec<usize>,
    /// Other groups that carry it, sorted.
    pub excerpts: Vec<Excerpt>,
}

impl Story {
    /// Whether this group carries it beside another story.
    pub fn carries(&self, group: usize) -> bool {
        self.excerpts.binary_search_by_key(&group, |excerpt| excerpt.group).is_ok()
    }
}

/// The stories of two documents or more, in the order of their least group.
pub fn stories(evidence: &Evidence<'_>, limits: Limits) -> Vec<Story> {
    let bonds = bonds::bonds(evidence, limits);
    let mut sets = DisjointSets::new(evidence.documents.len());
    for (tie, _) in evidence.ties.iter().zip(&bonds).filter(|(_, bond)| **bond == Bond::Unites) {
        sets.unite(tie.a, tie.b);
    }
    let roots: Vec<usize> = (0..evidence.documents.len()).map(|group| sets.root(group)).collect();
    let excerpts = excerpt::excerpts(evidence, &bonds, &roots, limits);
    let mut carried = excerpts.chunk_by(|x, y| x.0 == y.0).peekable();
    let mut stories = Vec::new();
    let is_carried = |root: usize| excerpts.binary_search_by_key(&root, |(root, _)| *root).is_ok();
    for groups in sets.sets_where(|root, size| size > 1 || evidence.documents[root] > 1 || is_carried(root)) {
        let of_story = carried.next_if(|excerpts| excerpts[0].0 == groups[0]).unwrap_or_default();
        let excerpts: Vec<Excerpt> = of_story.iter().map(|(_, excerpt)| *excerpt).collect();
        let documents: usize = groups.iter().map(|&group| evidence.documents[group]).sum();
        if documents > 1 || documents == 1 && !excerpts.is_empty() {
            stories.push(Story { groups, excerpts });
        }
    }
    stories
}

/// The connected components of `0..count` with at least two groups, each
/// sorted, in the order of their least group.
pub fn components(count: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut sets = DisjointSets::new(count);
    for (a, b) in edges {
        sets.unite(a, b);
    }
    sets.sets_where(|_, size| size > 1)
}

/// The group that is most like the others: largest sum of likenesses, then
/// least number. `edges` are those between `groups`, which is sorted and not
/// empty.
pub fn representative(groups: &[usize], edges: &[Edge]) -> usize {
    let mut sums = vec![0.0; groups.len()];
    for edge in edges {
        for end in [edge.a, edge.b] {
            if let Ok(at) = groups.binary_search(&end) {
                sums[at] += edge.likeness;
            }
        }
    }
    let first_best = |best: usize, at: usize| if sums[at] > sums[best] { at } else { best };
    groups[(0..groups.len()).fold(0, first_best)]
}

/// Mean strength over the `compared` pairs of a cluster, of which `edges` are
/// those that share something; 1 where nothing had to be compared, in a cluster of
/// documents with the same tokens.
pub fn cohesion(edges: &[Edge], compared: usize) -> f64 {
    if compared == 0 {
        return 1.0;
    }
    edges.iter().map(|edge| edge.strength).sum::<f64>() / compared as f64
}
