//! Edges → connected components, by steps that engines repeat.
//!
//! `contract` makes of the edges of one partition a star for each component that
//! they form there, which leaves one edge a node and partition. Then large stars
//! and small stars take turns until nothing changes (Kiveris, Lattanzi, Mirrokni,
//! Rastogi and Vassilvitskii, "Connected components in MapReduce and beyond",
//! SoCC 2014): in O(log² n) rounds each node is tied to the least of its
//! component, and no edge is ever added beyond one for each that there was.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::rows::{Cell, Group, Rows};
use super::{PAIRS, Step};
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::error::Error;

/// `contract`: the edges of a partition as stars, root and member.
#[derive(Default)]
pub(super) struct Contract {
    numbers: HashMap<DocId, usize>,
    documents: Vec<DocId>,
    sets: DisjointSets,
}

impl Contract {
    fn number(&mut self, document: DocId) -> usize {
        let Self { numbers, documents, sets } = self;
        *numbers.entry(document).or_insert_with(|| {
            documents.push(document);
            sets.push()
        })
    }
}

impl Step for Contract {
    fn schema(&self) -> SchemaRef {
        super::rows::schema(PAIRS)
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        for (a, b) in columns.documents("a")?.into_iter().zip(columns.documents("b")?) {
            let (a, b) = (self.number(a), self.number(b));
            self.sets.unite(a, b);
        }
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let mut rows = Rows::new(PAIRS);
        let mut stars: Vec<(DocId, DocId)> = Vec::with_capacity(self.documents.len());
        for mut set in self.sets.sets() {
            let documents = || set.iter().map(|&number| self.documents[number]);
            let root = documents().min().unwrap_or(DocId::new(0));
            stars.extend(documents().filter(|&member| member != root).map(|member| (root, member)));
            set.clear();
        }
        stars.sort_unstable();
        stars.into_iter().for_each(|(a, b)| rows.push([Cell::document(a), Cell::document(b)]));
        Ok(rows.finish())
    }
}

/// Which of a node's neighbours are tied to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those above it: the edges are given both ways round.
    Large,
    /// Those below it, and itself: the edges are given from the greater.
    Small,
}

/// `large_star` and `small_star`: the neighbours of each node, tied to the least
/// of them and it.
pub(super) struct Star {
    which: Which,
    group: Group<DocId, DocId>,
    rows: Rows,
}

impl Star {
    pub(super) fn new(which: Which) -> Self {
        Self { which, group: Group::default(), rows: Rows::new(PAIRS) }
    }

    fn tie(node: DocId, others: &mut Vec<DocId>, which: Which, rows: &mut Rows) {
        others.sort_unstable();
        others.dedup();
        let Some(&least) = others.first() else { return };
        let least = least.min(node);
        let of_which = others.iter().copied().filter(|&other| match which {
            Which::Large => other > node,
            Which::Small => other < node,
        });
        let own = (which == Which::Small).then_some(node);
        for other in of_which.chain(own).filter(|&other| other != least) {
            rows.push([Cell::document(least), Cell::document(other)]);
        }
    }
}

impl Step for Star {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { which, group, rows } = self;
        let columns = Columns(batch);
        for (node, other) in columns.documents("node")?.into_iter().zip(columns.documents("other")?) {
            group.push(node, other, |node, others| Self::tie(node, others, *which, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { which, group, rows } = self;
        group.finish(|node, others| Self::tie(node, others, *which, rows));
        Ok(rows.finish())
    }
}
