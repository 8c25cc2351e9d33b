//! A collection as a whole, from tables or paths: [`pipeline::scan`], and what
//! it reads.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use serde_json::{Map, Value};

use super::columns::{Columns, Texts};
use super::{Settings, batches_of, params_of, schema_of};
use crate::document::Corpus;
use crate::error::Error;
use crate::params::Params;
use crate::pipeline;
use crate::read::{self, ReadOutcome, RecordAt, Records};
use crate::render::tables::TABLES;
use crate::report::Report;

/// What a table is called where its rows have no path of their own.
const TABLE: &str = "table";

/// A table of a report: its name, columns and rows.
pub type Named = (&'static str, SchemaRef, Vec<RecordBatch>);

/// The tables of the report on the files that paths name.
///
/// # Errors
///
/// Parameters, settings and paths as the command refuses them.
pub fn scan_paths(paths: &[String], params: &str, settings: &str) -> Result<Vec<Named>, Error> {
    let (params, settings) = (params_of(params)?, Settings::try_others(settings)?);
    scan(read::read_paths(paths, &settings.read_options()?, &())?, &params)
}

/// The tables of the report on the documents that rows are. Columns are texts,
/// and go by the names that records of JSON have: `text`, `content`, `title`, `url`
/// and so on.
///
/// # Errors
///
/// Parameters and settings as the command refuses them.
pub fn scan_rows(rows: &[RecordBatch], params: &str, settings: &str) -> Result<Vec<Named>, Error> {
    let (params, settings) = (params_of(params)?, Settings::try_others(settings)?);
    let records = Records::new(settings.read_options()?);
    let count: usize = rows.iter().map(RecordBatch::num_rows).sum();
    let mut outcome = ReadOutcome::default();
    let mut number = 0;
    for batch in rows {
        let schema = batch.schema();
        let columns = schema.fields().iter().zip(batch.columns());
        let texts: Vec<(&str, Texts<'_>)> = columns
            .filter_map(|(field, column)| Some((field.name().as_str(), Columns::texts_of(column.as_ref())?)))
            .collect();
        for row in 0..batch.num_rows() {
            number += 1;
            let at = RecordAt { line: number, record: number, is_alone: count == 1 };
            let value =
                |(name, texts): &(&str, Texts<'_>)| Some(((*name).to_owned(), Value::from(texts.at(row)?)));
            let record: Map<String, Value> = texts.iter().filter_map(value).collect();
            let path = record.get("path").and_then(Value::as_str).unwrap_or(TABLE).to_owned();
            let read = records.read(&path, Value::Object(record).to_string().as_bytes(), at);
            outcome.documents.extend(read.documents);
            outcome.skipped.extend(read.skipped);
        }
    }
    scan(outcome, &params)
}

fn scan(outcome: ReadOutcome, params: &Params) -> Result<Vec<Named>, Error> {
    let corpus = Corpus::try_new(outcome.documents)?.with_skipped(outcome.skipped);
    let report = pipeline::scan(&corpus, params, &())?;
    let tables = TABLES.iter().map(|table| (table.name, schema_of(table), batches_of(table, &report)));
    Ok(tables.collect())
}

/// The table of parameters.
///
/// # Errors
///
/// Parameters as the command refuses them.
pub fn params_table(params: &str) -> Result<Named, Error> {
    let report = Report::empty(params_of(params)?);
    let table = &TABLES[0];
    Ok((table.name, schema_of(table), batches_of(table, &report)))
}

/// The columns of the table of this name.
///
/// # Errors
///
/// A name that no table has.
pub fn schema_by_name(name: &str) -> Result<SchemaRef, Error> {
    let names = || format!("one of {}", TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", "));
    let table = TABLES.iter().find(|table| table.name == name);
    table.map(schema_of).ok_or_else(|| Error::param("table", name.to_owned(), names()))
}
