//! Verified pairs → clusters.
//!
//! The nodes are groups of documents with the same tokens, the edges verified
//! pairs with a uniting verdict; a cluster is a connected component. Nothing
//! but a verified pair unites, so a cluster's evidence is complete in its
//! pairs, and cohesion says how strong it is on average. Time is practically
//! linear in the number of edges, and the result does not depend on their
//! order.

use crate::disjoint::DisjointSets;

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

/// The connected components of `0..count` with at least two groups, each
/// sorted, in the order of their least group.
pub fn components(count: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut sets = DisjointSets::new(count);
    for (a, b) in edges {
        sets.unite(a, b);
    }
    sets.sets().into_iter().filter(|set| set.len() > 1).collect()
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

/// Mean strength of the edges; 1 where there is none, in a cluster of
/// documents with the same tokens.
pub fn cohesion(edges: &[Edge]) -> f64 {
    if edges.is_empty() {
        return 1.0;
    }
    edges.iter().map(|edge| edge.strength).sum::<f64>() / edges.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_hold_what_edges_connect() {
        assert_eq!(components(7, [(4, 2), (5, 6), (2, 0)]), [vec![0, 2, 4], vec![5, 6]]);
        assert!(components(3, []).is_empty());
    }

    #[test]
    fn the_representative_is_the_hub_and_ties_go_to_the_least() {
        let edge = |a, b, likeness| Edge { a, b, strength: likeness, likeness };
        assert_eq!(representative(&[1, 4, 9], &[edge(1, 9, 0.9), edge(4, 9, 0.8)]), 9);
        assert_eq!(representative(&[1, 4], &[edge(1, 4, 0.7)]), 1);
        assert!((cohesion(&[edge(1, 4, 0.5), edge(4, 9, 1.0)]) - 0.75).abs() < 1e-12);
        assert!((cohesion(&[]) - 1.0).abs() < 1e-12);
    }
}
