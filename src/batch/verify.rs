//! Candidate pairs with their texts → verified pairs.
//!
//! Pairs come by tasks: a document, the hub, and others that it is compared with.
//! The text of the hub comes once, in the first row of its task, and is prepared
//! once. So a document that thousands are compared with is cut into tasks of
//! some dozens, and no task is much larger than another.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::extract::FAULT;
use super::rows::{Cell, Column, Kind, Rows, maybe, of};
use super::{Settings, Step};
use crate::document::DocId;
use crate::error::Error;
use crate::params::Params;
use crate::passage::kind::Side;
use crate::passage::letters::Letters;
use crate::passage::prepared::{Prepared, Preparer};
use crate::pipeline::{compared, packed_of};

const VERIFIED: &[Column] = &[
    of("a", Kind::Number),
    of("b", Kind::Number),
    maybe("verdict", Kind::Text),
    maybe("unites", Kind::Flag),
    maybe("found", Kind::Bytes),
    maybe("error", Kind::Text),
];

/// A document with what a comparison needs.
struct Ready {
    document: DocId,
    text: String,
    publisher: String,
    prepared: Prepared,
}

impl Ready {
    fn side(&self) -> Side<'_> {
        Side { text: &self.text, prepared: &self.prepared }
    }

    fn add_letters(&mut self) {
        if self.prepared.letters.is_none() {
            self.prepared.letters = Some(Box::new(Letters::new(&self.text)));
        }
    }
}

/// `verify`: see [`super`].
pub(super) struct Verify {
    params: Params,
    preparer: Preparer,
    /// The hub of a task; nothing where preparing it failed.
    hub: Option<(i64, Option<Ready>)>,
    rows: Rows,
}

impl Verify {
    pub(super) fn new(settings: Settings) -> Self {
        let preparer = Preparer::new(&settings.params);
        Self { params: settings.params, preparer, hub: None, rows: Rows::new(VERIFIED) }
    }

    fn ready(&mut self, document: DocId, text: &str, publisher: &str, is_noisy: bool) -> Option<Ready> {
        let prepared = catch_unwind(AssertUnwindSafe(|| self.preparer.prepare(text)));
        if prepared.is_err() {
            self.preparer = Preparer::new(&self.params);
        }
        let mut prepared = prepared.ok()?;
        prepared.is_noisy = is_noisy;
        Some(Ready { document, text: text.to_owned(), publisher: publisher.to_owned(), prepared })
    }

    fn compare(&mut self, hub: DocId, document: DocId, other: Option<Ready>) {
        let (params, mut own) = (&self.params, self.hub.as_mut().and_then(|(_, ready)| ready.as_mut()));
        let outcome = own.as_mut().zip(other).map(|(own, mut other)| {
            let compare = || {
                if own.prepared.is_noisy || other.prepared.is_noisy {
                    own.add_letters();
                    other.add_letters();
                }
                let is_of_one_source = own.publisher == other.publisher;
                let (a, b) = if own.document < other.document { (&**own, &other) } else { (&other, &**own) };
                compared([a.side(), b.side()], is_of_one_source, params)
            };
            catch_unwind(AssertUnwindSafe(compare))
        });
        let (a, b) = (Cell::document(hub.min(document)), Cell::document(hub.max(document)));
        match outcome {
            Some(Ok(None)) => {}
            Some(Ok(Some((found, testimony)))) => {
                let verdict = found.verdict(params);
                let found = packed_of(&found, testimony);
                let is_uniting = Cell::Flag(verdict.is_uniting());
                self.rows.push([
                    a,
                    b,
                    Cell::Text(verdict.name()),
                    is_uniting,
                    Cell::Bytes(&found),
                    Cell::Nothing,
                ]);
            }
            None | Some(Err(_)) => {
                self.rows.push([a, b, Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Text(FAULT)]);
            }
        }
    }
}

impl Step for Verify {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (tasks, hubs, documents) =
            (columns.keys("task")?, columns.documents("hub")?, columns.documents("doc")?);
        let (texts, publishers, noisy) =
            (columns.texts("text")?, columns.texts("publisher")?, columns.flags("noisy")?);
        for row in 0..columns.len() {
            let (task, hub, document) = (tasks[row], hubs[row], documents[row]);
            let text = texts.at(row).unwrap_or_default();
            let publisher = publishers.at(row).unwrap_or_default();
            let ready = self.ready(document, text, publisher, noisy.value(row));
            if hub == document {
                self.hub = Some((task, ready));
            } else if self.hub.as_ref().is_some_and(|(of_task, _)| *of_task == task) {
                self.compare(hub, document, ready);
            } else {
                let cure = "behind the row of its hub; sort by task, then doc <> hub".to_owned();
                return Err(Error::param("row of a task", document.as_u32().to_string(), cure));
            }
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}
