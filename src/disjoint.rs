//! Disjoint sets (union–find): things that are the same, step by step.

/// A partition of `0..len` that only grows coarser. Operations take
/// practically constant time; the root of a set is its least element, so
/// that the result does not depend on the order of the unions.
#[derive(Clone, Debug, Default)]
pub(crate) struct DisjointSets {
    parents: Vec<u32>,
}

impl DisjointSets {
    /// `len` sets of one element each.
    pub(crate) fn new(len: usize) -> Self {
        let len = u32::try_from(len).expect("there are fewer than 2^32 elements");
        Self { parents: (0..len).collect() }
    }

    /// Adds an element in a set of its own and returns it.
    pub(crate) fn push(&mut self) -> usize {
        let element = self.parents.len();
        self.parents.push(u32::try_from(element).expect("there are fewer than 2^32 elements"));
        element
    }

    /// The least element of the set that holds `element`.
    pub(crate) fn root(&mut self, mut element: usize) -> usize {
        loop {
            let parent = self.parents[element];
            if parent as usize == element {
                return element;
            }
            let above = self.parents[parent as usize];
            self.parents[element] = above;
            element = above as usize;
        }
    }

    /// Makes one set of two and returns its root.
    pub(crate) fn unite(&mut self, one: usize, two: usize) -> usize {
        let (one, two) = (self.root(one), self.root(two));
        self.parents[one.max(two)] = one.min(two) as u32;
        one.min(two)
    }

    /// The sets, each sorted, in the order of their roots.
    pub(crate) fn sets(&mut self) -> Vec<Vec<usize>> {
        self.sets_where(|_, _| true)
    }

    /// Those of the sets that are wanted, by their root and size. Linear; 8
    /// bytes an element beside what is wanted.
    pub(crate) fn sets_where(&mut self, is_wanted: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
        /// The place of a set that is not wanted.
        const NOWHERE: u32 = u32::MAX;
        let mut sizes = vec![0u32; self.parents.len()];
        (0..self.parents.len()).for_each(|element| sizes[self.root(element)] += 1);
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for element in 0..self.parents.len() {
            let root = self.root(element);
            if root == element {
                // The root comes first and needs its size no more.
                let size = sizes[root] as usize;
                sizes[root] = NOWHERE;
                if is_wanted(root, size) {
                    sizes[root] = sets.len() as u32;
                    sets.push(Vec::with_capacity(size));
                }
            }
            if sizes[root] != NOWHERE {
                sets[sizes[root] as usize].push(element);
            }
        }
        sets
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
        let mut large = DisjointSets::new(9);
        for (one, two) in unions {
            large.unite(one, two);
        }
        assert_eq!(large.sets_where(|root, size| size > 1 && root > 0), [vec![1, 2, 3, 5], vec![7, 8]]);
    }
}
