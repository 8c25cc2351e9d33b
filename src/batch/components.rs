//! Edges → connected components, as far as one task sees them.
//!
//! `contract` makes of the edges of one partition a star for each component that
//! they form there, which leaves one edge a node and partition: a union-find, in
//! near-linear time and 40 bytes a node. Once all edges are in one partition, that
//! is the answer. An engine whose edges no task holds repeats it between rounds of
//! large stars and small stars (Kiveris, Lattanzi, Mirrokni, Rastogi and
//! Vassilvitskii, "Connected components in MapReduce and beyond", SoCC 2014), which
//! are minima of groups and need no step.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::rows::{Cell, Rows};
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
