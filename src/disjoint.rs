//! Disjoint sets (union–find): things that are the same, step by step.

/// A partition of `0..len` that only grows coarser. Operations take
/// practically constant time; the root of a set is its least element, so
/// that the result does not depend on the order of the unions.
#[derive(Clone, Debug, Default)]
pub(crate) struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    /// `len` sets of one element each.
    pub(crate) fn new(len: usize) -> Self {
        Self { parents: (0..len).collect() }
    }

    /// Adds an element in a set of its own and returns it.
    pub(crate) fn push(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    /// The least element of the set that holds `element`.
    pub(crate) fn root(&mut self, mut element: usize) -> usize {
        while self.parents[element] != element {
            self.parents[element] = self.parents[self.parents[element]];
            element = self.parents[element];
        }
        element
    }

    /// Makes one set of two and returns its root.
    pub(crate) fn unite(&mut self, one: usize, two: usize) -> usize {
        let (one, two) = (self.root(one), self.root(two));
        self.parents[one.max(two)] = one.min(two);
        one.min(two)
    }

    /// The sets, each sorted, in the order of their roots.
    pub(crate) fn sets(&mut self) -> Vec<Vec<usize>> {
        let mut keyed: Vec<(usize, usize)> = (0..self.parents.len()).map(|e| (self.root(e), e)).collect();
        keyed.sort_unstable();
        keyed.chunk_by(|a, b| a.0 == b.0).map(|set| set.iter().map(|&(_, e)| e).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_do_not_depend_on_the_order_of_unions() {
        let unions = [(5, 3), (1, 2), (3, 1), (7, 8)];
        let sets = |unions: &[(usize, usize)]| {
            let mut sets = DisjointSets::new(9);
            for &(one, two) in unions {
                sets.unite(one, two);
            }
            sets.sets()
        };
        let mut reversed = unions;
        reversed.reverse();
        assert_eq!(sets(&unions), [vec![0], vec![1, 2, 3, 5], vec![4], vec![6], vec![7, 8]]);
        assert_eq!(sets(&unions), sets(&reversed));
    }
}
