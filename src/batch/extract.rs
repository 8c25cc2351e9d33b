//! Bytes of files, or lines of them → documents.
//!
//! A row is a file as it is, or one record of a file that an engine has cut
//! into lines. What is no document comes as a row with its reason. Parsers are
//! fed with what strangers wrote, so each row is read behind a guard: a fault of
//! a parser costs its row.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::rows::{Cell, Column, Group, Kind, Rows, maybe, of};
use super::{Settings, Step};
use crate::document::{Corpus, Document, Provenance, Skipped, SpanBase};
use crate::error::Error;
use crate::read::{self, ReadOutcome, RecordAt, Records};
use crate::time::Published;

/// The columns of documents; the last says why there is none.
pub(super) const DOCUMENTS: &[Column] = &[
    maybe("id", Kind::Text),
    maybe("original_id", Kind::Text),
    of("path", Kind::Text),
    maybe("line", Kind::Number),
    of("record", Kind::Number),
    maybe("span_base", Kind::Text),
    maybe("text", Kind::Text),
    maybe("title", Kind::Text),
    maybe("url", Kind::Text),
    maybe("source", Kind::Text),
    maybe("published", Kind::Text),
    of("against", Kind::Flag),
    maybe("language", Kind::Text),
    maybe("provenance", Kind::Text),
    maybe("error", Kind::Text),
];

/// What a row says whose parser failed.
pub(super) const FAULT: &str = "a fault while reading this; please report it with the file";

/// Reads rows that are files or records of files.
pub(super) struct Reader {
    records: Records,
    /// Files of the other side.
    against: HashSet<String>,
}

impl Reader {
    pub(super) fn try_new(settings: &Settings) -> Result<Self, Error> {
        let against = settings.against.iter().cloned().collect();
        Ok(Self { records: Records::new(settings.read_options()?), against })
    }

    /// Hands out what each row holds: documents, and what did not become one.
    pub(super) fn read(
        &self,
        batch: &RecordBatch,
        mut take: impl FnMut(Vec<Document>, Vec<Skipped>),
    ) -> Result<(), Error> {
        let columns = Columns(batch);
        let (paths, contents) = (columns.texts("path")?, columns.bytes("content")?);
        let numbers = |name| columns.numbers_if_any(name);
        let (lines, records) = (numbers("line")?, numbers("record")?);
        let alone = columns.flags_if_any("alone")?;
        for row in 0..columns.len() {
            let number = |of: Option<&arrow_array::Int64Array>| {
                of.filter(|of| of.is_valid(row)).and_then(|of| u64::try_from(of.value(row)).ok())
            };
            let line = number(lines);
            let record = line.map(|line| RecordAt {
                line,
                record: number(records).unwrap_or(line),
                is_alone: alone.is_some_and(|alone| alone.is_valid(row) && alone.value(row)),
            });
            let path = paths.at(row).unwrap_or_default();
            let (documents, skipped) = self.read_one(path, contents.at(row).unwrap_or_default(), record);
            take(documents, skipped);
        }
        Ok(())
    }

    fn read_one(
        &self,
        path: &str,
        content: &[u8],
        record: Option<RecordAt>,
    ) -> (Vec<Document>, Vec<Skipped>) {
        let read = || match record {
            None => read::read_stream(path, content, self.records.options(), &()),
            Some(at) => Ok(self.records.read(path, content, at)),
        };
        let broken = |line: Option<u64>, reason: String| {
            let skipped = Skipped { path: path.to_owned(), line, document: None, reason };
            (Vec::new(), vec![skipped])
        };
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(ReadOutcome { mut documents, skipped, .. })) => {
                if self.against.contains(path) {
                    documents.iter_mut().for_each(|document| document.is_against = true);
                }
                (documents, skipped)
            }
            Ok(Err(error)) => broken(None, error.to_string()),
            Err(_) => broken(record.map(|at| at.line), FAULT.to_owned()),
        }
    }
}

/// `extract`: see [`super`].
pub(super) struct Extract {
    reader: Reader,
    rows: Rows,
}

impl Extract {
    pub(super) fn try_new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self { reader: Reader::try_new(settings)?, rows: Rows::new(DOCUMENTS) })
    }
}

impl Step for Extract {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { reader, rows } = self;
        reader.read(batch, |documents, skipped| {
            documents.iter().for_each(|document| push(rows, document, None));
            for skipped in &skipped {
                push_error(rows, &skipped.path, skipped.line, &skipped.reason);
            }
        })?;
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}

/// `rename`: see [`super`].
pub(super) struct Rename {
    taken: Vec<String>,
    group: Group<String, Row>,
    rows: Rows,
}

impl Rename {
    pub(super) fn new(mut settings: Settings) -> Self {
        settings.taken.sort_unstable();
        Self { taken: settings.taken, group: Group::default(), rows: Rows::new(DOCUMENTS) }
    }
}

impl Step for Rename {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { taken, group, rows } = self;
        for row in documents(batch)? {
            group.push(row.document.id.clone(), row, |_, same| rename(same, taken, rows));
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { taken, group, rows } = self;
        group.finish(|_, same| rename(same, taken, rows));
        Ok(self.rows.finish())
    }
}

/// Gives documents of one id distinct ones, as a corpus does.
fn rename(same: &mut Vec<Row>, taken: &[String], rows: &mut Rows) {
    let mut problems = Vec::new();
    let mut same: Vec<Document> = same
        .drain(..)
        .map(|Row { document, problem }| {
            problems.extend(problem.map(|problem| (Arc::clone(&document.path), document.record, problem)));
            document
        })
        .collect();
    let holders = same.first().map(|first| {
        let beginning = format!("{}#", first.id);
        let of_id = &taken[taken.partition_point(|id| *id < beginning)..];
        of_id.iter().take_while(|id| id.starts_with(&beginning)).cloned().collect::<Vec<_>>()
    });
    // Others hold their ids while the new ones are given.
    let count = same.len();
    let holders = holders.unwrap_or_default();
    same.extend(holders.iter().map(|id| Document { id: id.clone(), ..Document::default() }));
    let renamed = Corpus::try_new(same).expect("a group has fewer than 2^32 documents");
    let is_holder =
        |document: &&Document| document.original_id.is_none() && holders.binary_search(&document.id).is_ok();
    let kept = renamed.documents().iter().filter(|document| !is_holder(document));
    debug_assert_eq!(kept.clone().count(), count, "holders are no documents");
    for document in kept {
        let is_of = |(path, record, _): &&(Arc<str>, u64, String)| {
            *path == document.path && *record == document.record
        };
        push(rows, document, problems.iter().find(is_of).map(|(.., problem)| problem.as_str()));
    }
}

/// Appends a document, and what of its row could not be read.
fn push(rows: &mut Rows, document: &Document, problem: Option<&str>) {
    let number = |number: u64| Cell::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let published = document.published.map(|time| time.to_string());
    let provenance = document.provenance.as_ref();
    let provenance = provenance
        .map(|told| serde_json::to_string(told).expect("what a page says of itself is an object of JSON"));
    rows.push([
        Cell::Text(&document.id),
        Cell::text(document.original_id.as_deref()),
        Cell::Text(&document.path),
        document.line.map_or(Cell::Nothing, number),
        number(document.record),
        Cell::Text(name_of(document.span_base)),
        Cell::Text(&document.text),
        Cell::text(document.title.as_deref()),
        Cell::text(document.url.as_deref()),
        Cell::text(document.source.as_deref()),
        Cell::text(published.as_deref()),
        Cell::Flag(document.is_against),
        Cell::text(document.language.as_deref()),
        Cell::text(provenance.as_deref()),
        Cell::text(problem),
    ]);
}

/// Appends why there is no document.
fn push_error(rows: &mut Rows, path: &str, line: Option<u64>, reason: &str) {
    let line = line.and_then(|line| i64::try_from(line).ok()).map_or(Cell::Nothing, Cell::Number);
    let mut cells = [Cell::Nothing; DOCUMENTS.len()];
    cells[2] = Cell::Text(path);
    cells[3] = line;
    cells[4] = Cell::Number(0);
    cells[11] = Cell::Flag(false);
    cells[14] = Cell::Text(reason);
    rows.push(cells);
}

fn name_of(base: SpanBase) -> &'static str {
    match base {
        SpanBase::Raw => "raw",
        SpanBase::Decoded => "decoded",
        SpanBase::Extracted => "extracted",
    }
}

/// A row of documents as it was read.
pub(super) struct Row {
    pub(super) document: Document,
    /// What of it could not be read, and is left out.
    pub(super) problem: Option<String>,
}

/// The documents of the rows. Columns beside `id` may be missing.
pub(super) fn documents(batch: &RecordBatch) -> Result<Vec<Row>, Error> {
    let columns = Columns(batch);
    let ids = columns.texts("id")?;
    let text = |name| columns.texts_if_any(name);
    let (original_ids, paths, bases) = (text("original_id")?, text("path")?, text("span_base")?);
    let (texts, titles, urls, sources) = (text("text")?, text("title")?, text("url")?, text("source")?);
    let (times, languages, provenances) = (text("published")?, text("language")?, text("provenance")?);
    let (lines, records) = (columns.numbers_if_any("line")?, columns.numbers_if_any("record")?);
    let against = columns.flags_if_any("against")?;
    let mut shared: Arc<str> = "".into();
    let document = |row: usize| {
        let number = |of: Option<&arrow_array::Int64Array>| {
            of.filter(|of| of.is_valid(row)).and_then(|of| u64::try_from(of.value(row)).ok())
        };
        let path = paths.at(row).unwrap_or_default();
        if *shared != *path {
            shared = path.into();
        }
        let published = times.at(row).map(|time| (time, Published::from_str(time)));
        let provenance = provenances.at(row).map(|told| (told, serde_json::from_str::<Provenance>(told)));
        let problem = match (&published, &provenance) {
            (Some((time, Err(error))), _) => Some(format!("published is {time}: {error}")),
            (_, Some((told, Err(error)))) => Some(format!("provenance is {told}: {error}")),
            _ => None,
        };
        let document = Document {
            id: ids.owned(row).unwrap_or_default(),
            original_id: original_ids.owned(row),
            path: Arc::clone(&shared),
            line: number(lines),
            record: number(records).unwrap_or(0),
            span_base: match bases.at(row) {
                Some("raw") | None => SpanBase::Raw,
                Some("extracted") => SpanBase::Extracted,
                Some(_) => SpanBase::Decoded,
            },
            text: texts.owned(row).unwrap_or_default(),
            title: titles.owned(row),
            url: urls.owned(row),
            source: sources.owned(row),
            published: published.and_then(|(_, time)| time.ok()),
            is_against: against.is_some_and(|against| against.is_valid(row) && against.value(row)),
            language: languages.owned(row),
            provenance: provenance.and_then(|(_, told)| told.ok()).and_then(Provenance::boxed),
        };
        Row { document, problem }
    };
    Ok((0..columns.len()).map(document).collect())
}
