//! Reports as Arrow tables: the columns are those of [`crate::render::tables`].

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, StructArray, new_null_array};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use crate::render::tables::{Cell, Column, Kind, TABLES, Table};
use crate::report::Report;

/// Rows of a batch.
const ROWS: usize = 1 << 14;

const MICROS: i64 = 1_000_000;

/// The columns of a table.
pub fn schema_of(table: &Table) -> SchemaRef {
    Schema::new(fields_of(table)).into()
}

/// The rows of a table of `report`, in batches; one at least.
pub fn batches_of(table: &Table, report: &Report) -> Vec<RecordBatch> {
    let schema = schema_of(table);
    let mut rows = table.rows(report);
    let mut batches = Vec::new();
    loop {
        let mut columns: Vec<Builder> = table.columns.iter().map(Builder::new).collect();
        let mut count = 0;
        for row in rows.by_ref().take(ROWS) {
            columns.iter_mut().zip(&row).for_each(|(column, cell)| column.push(cell));
            count += 1;
        }
        if count == 0 && !batches.is_empty() {
            return batches;
        }
        let arrays = columns.into_iter().map(Builder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
        batches.push(batch.expect("a row of a table has a cell for every column"));
        if count < ROWS {
            return batches;
        }
    }
}

/// One name and its columns, of what a step gives that gives several tables.
pub(super) struct Part {
    name: &'static str,
    fields: Fields,
}

impl Part {
    /// Of a table of reports.
    pub(super) fn of_report(name: &'static str) -> Self {
        let table =
            TABLES.iter().find(|table| table.name == name).expect("it is one of the tables of reports");
        Self { name, fields: fields_of(table) }
    }

    /// Of other columns.
    pub(super) fn new(name: &'static str, columns: &SchemaRef) -> Self {
        Self { name, fields: columns.fields().clone() }
    }
}

/// Several tables as one: the name of the table, and a structure for each, of
/// which that of the name is not null.
pub(super) fn schema_of_all(parts: &[Part]) -> SchemaRef {
    let field = |part: &Part| Field::new_struct(part.name, part.fields.clone(), true);
    let name = Field::new("table", DataType::Utf8, false);
    Schema::new(std::iter::once(name).chain(parts.iter().map(field)).collect::<Vec<_>>()).into()
}

/// Rows of the table called `name` among others.
pub(super) fn among_all(parts: &[Part], name: &str, batch: RecordBatch) -> RecordBatch {
    let rows = batch.num_rows();
    let mut arrays: Vec<ArrayRef> =
        vec![Arc::new(StringArray::from_iter_values(std::iter::repeat_n(name, rows)))];
    for part in parts {
        arrays.push(if part.name == name {
            let columns = batch.columns().to_vec();
            let made = StructArray::try_new_with_length(part.fields.clone(), columns, None, rows);
            Arc::new(made.expect("the rows are of that table"))
        } else {
            new_null_array(&DataType::Struct(part.fields.clone()), rows)
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(schema_of_all(parts), arrays, &options);
    batch.expect("every table has a column")
}

fn fields_of(table: &Table) -> Fields {
    let field = |column: &Column| {
        let kind = match column.kind {
            Kind::Text => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Double => DataType::Float64,
            Kind::Flag => DataType::Boolean,
            Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        };
        Field::new(column.name, kind, column.is_optional)
    };
    table.columns.iter().map(field).collect()
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Double(Float64Builder),
    Flag(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
}

impl Builder {
    fn new(column: &Column) -> Self {
        match column.kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Double => Self::Double(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Time => Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
        }
    }

    /// Appends a cell of the column's kind, or an empty one.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Integer(builder), Cell::Integer(number)) => builder.append_value(*number),
            (Self::Double(builder), Cell::Double(ratio)) => builder.append_value(*ratio),
            (Self::Flag(builder), Cell::Flag(flag)) => builder.append_value(*flag),
            (Self::Time(builder), Cell::Time(second)) => builder.append_value(second.saturating_mul(MICROS)),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Double(builder), _) => builder.append_null(),
            (Self::Flag(builder), _) => builder.append_null(),
            (Self::Time(builder), _) => builder.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut builder) => Arc::new(builder.finish()),
            Self::Integer(mut builder) => Arc::new(builder.finish()),
            Self::Double(mut builder) => Arc::new(builder.finish()),
            Self::Flag(mut builder) => Arc::new(builder.finish()),
            Self::Time(mut builder) => Arc::new(builder.finish()),
        }
    }
}
