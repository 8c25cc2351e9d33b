//! Band keys → pairs that are alike as a whole: see [`crate::candidates::bands`]
//! and [`crate::candidates::family`], whose rules these are.

use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::rows::{Cell, Group, Kind, Rows, maybe, of};
use super::{PAIRS, Settings, Step};
use crate::candidates::bands::propose;
use crate::candidates::family::Nearest;
use crate::candidates::likeness::Likeness;
use crate::document::DocId;
use crate::error::Error;
use crate::params::Params;

/// `bands`: the pairs of each key, with another document to try in the place of
/// the first, where a key has very many.
pub(super) struct Bands {
    group: Group<i64, DocId>,
    rows: Rows,
}

impl Bands {
    pub(super) fn new() -> Self {
        let columns = [of("a", Kind::Number), of("b", Kind::Number), maybe("other", Kind::Number)];
        Self { group: Group::default(), rows: Rows::new(&columns) }
    }

    fn pairs(members: &mut [DocId], rows: &mut Rows) {
        members.sort_unstable();
        propose(members, |(a, b), other| {
            let other = other.filter(|other| *other != (a, b));
            let other = other.map_or(Cell::Nothing, |(other, _)| Cell::document(other));
            rows.push([Cell::document(a), Cell::document(b), other]);
        });
    }
}

impl Step for Bands {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        let columns = Columns(batch);
        for (&key, document) in columns.keys("key")?.iter().zip(columns.documents("doc")?) {
            group.push(key, document, |_, members| Self::pairs(members, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        group.finish(|_, members| Self::pairs(members, rows));
        Ok(rows.finish())
    }
}

/// `likely`: those of them whose signatures do not speak against it, with the
/// number of places in which they agree.
pub(super) struct Likely {
    params: Params,
    rows: Rows,
}

impl Likely {
    pub(super) fn new(settings: Settings) -> Self {
        let columns = [of("a", Kind::Number), of("b", Kind::Number), of("agreeing", Kind::Number)];
        Self { params: settings.params, rows: Rows::new(&columns) }
    }
}

impl Step for Likely {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (a, b, other) = (columns.documents("a")?, columns.documents("b")?, columns.numbers("other")?);
        let signatures =
            [columns.bytes("signature_a")?, columns.bytes("signature_b")?, columns.bytes("signature_other")?];
        let tokens =
            [columns.numbers("tokens_a")?, columns.numbers("tokens_b")?, columns.numbers("tokens_other")?];
        let likeness = Likeness::new(&self.params);
        for row in 0..columns.len() {
            let signature = |side: usize| words(signatures[side].at(row).unwrap_or_default());
            let tokens = |side: usize| usize::try_from(tokens[side].value(row)).unwrap_or(0);
            let of_b = signature(1);
            let mut try_one = |side: usize, document: DocId| {
                let own = signature(side);
                let is_likely = likeness.is_likely(&own, &of_b, [tokens(side), tokens(1)]);
                if is_likely {
                    let agreeing = likeness.agreeing(&own, &of_b);
                    self.rows.push([Cell::document(document), Cell::document(b[row]), Cell::count(agreeing)]);
                }
                is_likely
            };
            if !try_one(0, a[row]) && other.is_valid(row) {
                let document = u32::try_from(other.value(row)).map(DocId::from);
                document.ok().map(|document| try_one(2, document));
            }
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}

/// A signature from its bytes.
fn words(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// `thin`: the pairs of large families that stay, those that agree most first.
pub(super) struct Thin {
    group: Group<i64, (DocId, DocId)>,
    rows: Rows,
}

impl Thin {
    pub(super) fn new() -> Self {
        Self { group: Group::default(), rows: Rows::new(PAIRS) }
    }

    fn keep(pairs: &[(DocId, DocId)], rows: &mut Rows) {
        let mut documents: Vec<DocId> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        documents.sort_unstable();
        documents.dedup();
        let mut nearest = Nearest::new(documents.len());
        let number = |document: DocId| documents.partition_point(|&other| other < document);
        for &(a, b) in pairs {
            if nearest.keeps(number(a), number(b)) {
                rows.push([Cell::document(a), Cell::document(b)]);
            }
        }
    }
}

impl Step for Thin {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        let columns = Columns(batch);
        let pairs = columns.documents("a")?.into_iter().zip(columns.documents("b")?);
        for (&family, pair) in columns.keys("family")?.iter().zip(pairs) {
            group.push(family, pair, |_, pairs| Self::keep(pairs, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        group.finish(|_, pairs| Self::keep(pairs, rows));
        Ok(rows.finish())
    }
}
