//! Verified pairs of some components → the pairs that they lack, and tables:
//! see [`crate::pipeline`], which tells a part as if it were the collection.
//!
//! A part is the documents of some connected components over verified pairs and
//! equal tokens, with these pairs and all that were compared inside of them. It
//! is in memory while it is told: about 1 kB a document, 100 bytes a verified pair,
//! and 1 to 2 kB for each pair that the report lists.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::{Array, Int64Array, RecordBatch};
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::describe::Described;
use super::rows::{Cell, Column, Group, Kind, Rows, maybe, of, schema};
use super::tables::{self, Part as Named};
use super::{PAIRS, Settings, Step};
use crate::attribute::sources;
use crate::candidates::CandidatePair;
use crate::document::{Corpus, DocId, Document};
use crate::error::Error;
use crate::params::Params;
use crate::pipeline::found_of;
use crate::pipeline::part::Part;
use crate::render::tables::TABLES;
use crate::report::{Report, SourceEntry};

/// Numbers of what a row of a part is.
const DOCUMENT: i64 = 0;
const COMPARED: i64 = 1;
const VERIFIED: i64 = 2;

/// The tables that parts have; those of publishers are of the whole.
const OF_PARTS: [&str; 8] =
    ["documents", "pairs", "passages", "clusters", "members", "repeats", "exact_groups", "skipped"];

/// What the tables of publishers are made of.
const COPIES: &[Column] = &[
    of("source", Kind::Text),
    of("taken_from", Kind::Text),
    of("credited", Kind::Flag),
    of("tokens", Kind::Number),
    maybe("lag_s", Kind::Number),
];

/// What is made of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Pairs that small components lack.
    Missing,
    /// Pairs that small stories lack.
    Unseen,
    /// Tables.
    Tables,
}

/// A row: what it is, its document or pair, and what is known of that.
type Row = (i64, DocId, DocId, Option<Vec<u8>>);

/// `missing`, `unseen` and `settle`: see [`super`].
pub(super) struct Parts {
    wanted: Wanted,
    params: Params,
    group: Group<i64, Row>,
    rows: Rows,
    tables: Vec<Named>,
    /// Rows of one table each. As rows of all of them they are many times as large.
    ready: VecDeque<(&'static str, RecordBatch)>,
}

impl Parts {
    pub(super) fn new(wanted: Wanted, settings: Settings) -> Self {
        let mut tables: Vec<Named> = OF_PARTS.into_iter().map(Named::of_report).collect();
        tables.push(Named::new("copies", &schema(COPIES)));
        Self {
            wanted,
            params: settings.params,
            group: Group::default(),
            rows: Rows::new(PAIRS),
            tables,
            ready: VecDeque::new(),
        }
    }

    fn tell(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        let (numbers, part) = part_of(rows)?;
        let params = &self.params;
        let tell = || match self.wanted {
            Wanted::Missing => Told::Pairs(part.missing_pairs(params)),
            Wanted::Unseen => Told::Pairs(part.unseen_pairs(params)),
            Wanted::Tables => Told::Report(Box::new(part.report(params))),
        };
        let told = catch_unwind(AssertUnwindSafe(tell));
        match told.map_err(|_| wrong("a fault while telling it; please report it"))? {
            Told::Pairs(pairs) => {
                for (a, b) in pairs {
                    self.rows.push([a, b].map(|document| Cell::document(numbers[document.index()])));
                }
            }
            Told::Report(report) => self.push_tables(&report),
        }
        Ok(())
    }

    fn push_tables(&mut self, report: &Report) {
        for table in TABLES.iter().filter(|table| OF_PARTS.contains(&table.name)) {
            let batches = tables::batches_of(table, report);
            let batches = batches.into_iter().filter(|batch| batch.num_rows() > 0);
            self.ready.extend(batches.map(|batch| (table.name, batch)));
        }
        let mut rows = Rows::new(COPIES);
        for copy in sources::copies(&report.documents, &report.clusters) {
            rows.push([
                Cell::Text(copy.source),
                Cell::Text(copy.taken_from),
                Cell::Flag(copy.is_credited),
                Cell::count(copy.tokens),
                copy.lag_s.map_or(Cell::Nothing, Cell::Number),
            ]);
        }
        self.ready.extend(rows.finish().into_iter().map(|batch| ("copies", batch)));
    }

    /// Takes rows, and tells the parts that they are the end of.
    fn take(&mut self, rows: impl Iterator<Item = (i64, Row)>) -> Result<(), Error> {
        let mut whole: Vec<Vec<Row>> = Vec::new();
        for (part, row) in rows {
            self.group.push(part, row, |_, rows| whole.push(std::mem::take(rows)));
        }
        whole.into_iter().try_for_each(|rows| self.tell(rows))
    }
}

/// What was made of a part.
enum Told {
    Pairs(Vec<CandidatePair>),
    Report(Box<Report>),
}

impl Step for Parts {
    fn schema(&self) -> SchemaRef {
        match self.wanted {
            Wanted::Tables => tables::schema_of_all(&self.tables),
            Wanted::Missing | Wanted::Unseen => self.rows.schema(),
        }
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (parts, kinds) = (columns.keys("part")?, columns.keys("kind")?);
        let (a, b, data) = (columns.documents("a")?, columns.documents("b")?, columns.bytes("data")?);
        let row = |row: usize| (parts[row], (kinds[row], a[row], b[row], data.at(row).map(<[u8]>::to_vec)));
        self.take((0..columns.len()).map(row))?;
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let mut last = Vec::new();
        self.group.finish(|_, rows| last = std::mem::take(rows));
        if !last.is_empty() {
            self.tell(last)?;
        }
        Ok(self.rows.finish())
    }

    fn more(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let next = self.ready.pop_front();
        Ok(next.map(|(name, batch)| tables::among_all(&self.tables, name, batch)).into_iter().collect())
    }
}

fn wrong(problem: &str) -> Error {
    Error::param("part", "not whole or of other data".to_owned(), format!("all of its rows: {problem}"))
}

/// A part from its rows, and the numbers of its documents in the collection.
fn part_of(mut rows: Vec<Row>) -> Result<(Vec<DocId>, Part), Error> {
    rows.sort_unstable_by_key(|&(kind, a, b, _)| (kind, a, b));
    let mut part = Part::default();
    let (mut numbers, mut firsts): (Vec<DocId>, Vec<DocId>) = (Vec::new(), Vec::new());
    let mut documents: Vec<Document> = Vec::new();
    let mut pairs = Vec::new();
    for (kind, a, b, data) in rows {
        if kind != DOCUMENT {
            pairs.push((kind, a, b, data));
            continue;
        }
        let data = data.ok_or_else(|| wrong("a document has no data"))?;
        let mut described: Described =
            serde_json::from_slice(&data).map_err(|error| wrong(&error.to_string()))?;
        documents.push(described.take_document());
        numbers.push(a);
        firsts.push(b);
        part.bytes.push(described.bytes);
        part.tokens.push(described.tokens);
        part.credits.push(described.credits);
        let own = DocId::new(part.tokens.len() - 1);
        part.repeats.extend(described.repeats.map(|repeats| (own, repeats)));
    }
    if !documents.is_sorted_by(|one, next| one.id < next.id) {
        return Err(wrong("numbers of documents are not the ranks of their ids"));
    }
    part.corpus = Corpus::try_new(documents)?;
    let own = |number: DocId| {
        let found = numbers.binary_search(&number).map(DocId::new);
        found.map_err(|_| wrong("a pair has a document of another part"))
    };
    part.firsts = firsts.into_iter().map(own).collect::<Result<_, _>>()?;
    for (kind, a, b, data) in pairs {
        let pair = (own(a)?, own(b)?);
        match (kind, data) {
            (COMPARED, _) => part.compared.push(pair),
            (VERIFIED, Some(data)) => {
                let found = found_of(&data).ok_or_else(|| wrong("a pair has other data"))?;
                part.verified.push((pair, found));
            }
            _ => return Err(wrong("a row is none of a document, a compared pair and a verified pair")),
        }
    }
    Ok((numbers, part))
}

/// Rows of `publishers`: a publisher with the number of its documents, or one
/// document that it took.
type Entry = (Option<i64>, String, bool, usize, Option<i64>);

/// `publishers`: see [`super`].
pub(super) struct Publishers {
    group: Group<String, Entry>,
    tables: Vec<Named>,
    ready: Vec<RecordBatch>,
    entries: Vec<SourceEntry>,
}

/// Publishers whose rows are made together.
const PUBLISHERS_AT_ONCE: usize = 4096;

impl Publishers {
    pub(super) fn new() -> Self {
        let tables = ["publishers", "sources"].map(Named::of_report).into();
        Self { group: Group::default(), tables, ready: Vec::new(), entries: Vec::new() }
    }

    fn cut(&mut self) {
        let report =
            Report { sources: std::mem::take(&mut self.entries), ..Report::empty(Params::default()) };
        for table in TABLES.iter().filter(|table| ["publishers", "sources"].contains(&table.name)) {
            let batches = tables::batches_of(table, &report);
            let batches = batches.into_iter().filter(|batch| batch.num_rows() > 0);
            self.ready.extend(batches.map(|batch| tables::among_all(&self.tables, table.name, batch)));
        }
    }
}

fn entry_of(source: &str, rows: &[Entry]) -> SourceEntry {
    let documents = rows.iter().filter_map(|(documents, ..)| usize::try_from((*documents)?).ok()).sum();
    let copies = rows.iter().filter(|(documents, ..)| documents.is_none());
    let copies = copies.map(|(_, taken_from, is_credited, tokens, lag_s)| sources::Copied {
        source,
        taken_from,
        is_credited: *is_credited,
        tokens: *tokens,
        lag_s: *lag_s,
    });
    sources::source_with(source, documents, copies)
}

impl Step for Publishers {
    fn schema(&self) -> SchemaRef {
        tables::schema_of_all(&self.tables)
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (sources, taken_from) = (columns.texts("source")?, columns.texts("taken_from")?);
        let (documents, tokens) = (columns.numbers("documents")?, columns.numbers("tokens")?);
        let (credited, lags) = (columns.flags("credited")?, columns.numbers("lag_s")?);
        let value = |array: &Int64Array, row: usize| array.is_valid(row).then(|| array.value(row));
        for row in 0..columns.len() {
            let entry = (
                value(documents, row),
                taken_from.owned(row).unwrap_or_default(),
                credited.value(row),
                value(tokens, row).and_then(|tokens| usize::try_from(tokens).ok()).unwrap_or(0),
                value(lags, row),
            );
            let source = sources.owned(row).unwrap_or_default();
            let entries = &mut self.entries;
            self.group.push(source, entry, |source, rows| entries.push(entry_of(&source, rows)));
        }
        if self.entries.len() >= PUBLISHERS_AT_ONCE {
            self.cut();
        }
        Ok(std::mem::take(&mut self.ready))
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let entries = &mut self.entries;
        self.group.finish(|source, rows| entries.push(entry_of(&source, rows)));
        self.cut();
        Ok(std::mem::take(&mut self.ready))
    }
}
