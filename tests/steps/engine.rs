//! A little engine: rows that are sorted, cut into batches of any size, and sent
//! through steps partition by partition.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use wirecopy::batch::{Settings, step};

/// One value of a row.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum Value {
    Null,
    Number(i64),
    Ratio(f64),
    Flag(bool),
    Text(String),
    Bytes(Vec<u8>),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

impl Value {
    pub(crate) fn number(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            Self::Flag(flag) => i64::from(*flag),
            other => panic!("{other:?} is no number"),
        }
    }

    pub(crate) fn numbers(&self) -> &[i64] {
        match self {
            Self::Numbers(numbers) => numbers,
            other => panic!("{other:?} are no numbers"),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }
}

/// A row by the names of its columns.
pub(crate) type Row = BTreeMap<String, Value>;

/// A row of these values.
pub(crate) fn row<const N: usize>(values: [(&str, Value); N]) -> Row {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The number in a column of a row.
pub(crate) fn number(row: &Row, name: &str) -> i64 {
    row[name].number()
}

/// How the engine is set up: nothing of it may show in what comes out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine {
    pub(crate) partitions: usize,
    pub(crate) batch_rows: usize,
}

impl Engine {
    /// Sends rows through a step: those with equal values of `keys` into one
    /// partition, sorted by `keys`, then `order`; any where there are no keys.
    pub(crate) fn run(
        self,
        name: &str,
        settings: &dyn Fn() -> Settings,
        rows: Vec<Row>,
        (keys, order): (&[&str], &[&str]),
    ) -> Vec<Row> {
        let mut partitions: Vec<Vec<Row>> = vec![Vec::new(); self.partitions];
        for (at, row) in rows.into_iter().enumerate() {
            let key: String = keys.iter().map(|key| format!("{:?};", row[*key])).collect();
            let spread = key.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            let partition = if keys.is_empty() { at as u64 } else { spread };
            partitions[partition as usize % self.partitions].push(row);
        }
        let mut out = Vec::new();
        for mut rows in partitions {
            let by = || keys.iter().chain(order);
            rows.sort_by(|a, b| {
                let orders = by().map(|name| a[*name].partial_cmp(&b[*name]).unwrap_or(Ordering::Equal));
                orders.fold(Ordering::Equal, Ordering::then)
            });
            let batches = rows.chunks(self.batch_rows).map(batch_of);
            out.extend(given(name, settings(), batches).iter().flat_map(rows_of));
        }
        out
    }
}

/// What a step gives for the batches of one partition.
pub(crate) fn given(
    name: &str,
    settings: Settings,
    batches: impl Iterator<Item = RecordBatch>,
) -> Vec<RecordBatch> {
    let mut one = step(name, settings).unwrap();
    let mut out = Vec::new();
    for batch in batches.map(Some).chain([None]) {
        out.extend(match batch {
            Some(batch) => one.push(&batch).unwrap(),
            None => one.finish().unwrap(),
        });
        loop {
            match one.more().unwrap() {
                last if last.is_empty() => break,
                more => out.extend(more),
            }
        }
    }
    out
}

/// Rows as a batch; a column without any value is one of numbers.
pub(crate) fn batch_of(rows: &[Row]) -> RecordBatch {
    let names = rows[0].keys();
    let column = |name: &String| -> ArrayRef {
        let values = || rows.iter().map(|row| &row[name]);
        match values().find(|value| !value.is_null()) {
            Some(Value::Text(_)) => {
                let mut builder = StringBuilder::new();
                values().for_each(|value| match value {
                    Value::Text(text) => builder.append_value(text),
                    _ => builder.append_null(),
                });
                Arc::new(builder.finish())
            }
            Some(Value::Bytes(_)) => bytes(values()),
            // Columns of bytes may be null throughout.
            None if ["data", "signature_other"].contains(&name.as_str()) => bytes(values()),
            None if ["text", "publisher", "title", "url", "source", "taken_from"]
                .contains(&name.as_str()) =>
            {
                Arc::new(arrow_array::NullArray::new(rows.len()))
            }
            Some(Value::Flag(_)) => {
                let mut builder = BooleanBuilder::new();
                values().for_each(|value| match value {
                    Value::Flag(flag) => builder.append_value(*flag),
                    _ => builder.append_null(),
                });
                Arc::new(builder.finish())
            }
            Some(Value::Numbers(_)) => {
                let mut builder = ListBuilder::new(Int64Builder::new());
                values().for_each(|value| {
                    builder.values().append_slice(value.numbers());
                    builder.append(true);
                });
                Arc::new(builder.finish())
            }
            Some(Value::Number(_)) | None => {
                let mut builder = Int64Builder::new();
                values().for_each(|value| match value {
                    Value::Number(number) => builder.append_value(*number),
                    _ => builder.append_null(),
                });
                Arc::new(builder.finish())
            }
            Some(other) => panic!("no step is given {other:?}"),
        }
    };
    // A column that is text elsewhere must not become one of numbers.
    let columns = names.map(|name| (name, column(name)));
    let kept = columns.filter(|(name, column)| {
        let is_optional_text = ["original_id", "published", "language", "provenance", "error"];
        column.null_count() < column.len() || !is_optional_text.contains(&name.as_str())
    });
    RecordBatch::try_from_iter_with_nullable(kept.map(|(name, column)| (name, column, true))).unwrap()
}

fn bytes<'v>(values: impl Iterator<Item = &'v Value>) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    values.for_each(|value| match value {
        Value::Bytes(bytes) => builder.append_value(bytes),
        _ => builder.append_null(),
    });
    Arc::new(builder.finish())
}

/// A batch as rows.
pub(crate) fn rows_of(batch: &RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    let of_row = |at: usize| {
        let columns = schema.fields().iter().zip(batch.columns());
        let flat = columns.filter(|(field, _)| !matches!(field.data_type(), DataType::Struct(_)));
        flat.map(|(field, column)| (field.name().clone(), value_of(column, at))).collect()
    };
    (0..batch.num_rows()).map(of_row).collect()
}

fn value_of(column: &ArrayRef, at: usize) -> Value {
    if column.is_null(at) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int64 => Value::Number(column.as_primitive::<Int64Type>().value(at)),
        DataType::Float64 => Value::Ratio(column.as_primitive::<Float64Type>().value(at)),
        DataType::Timestamp(..) => Value::Number(column.as_primitive::<TimestampMicrosecondType>().value(at)),
        DataType::Boolean => Value::Flag(column.as_boolean().value(at)),
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(at).to_owned()),
        DataType::Binary => Value::Bytes(column.as_binary::<i32>().value(at).to_owned()),
        DataType::List(_) => {
            let list = column.as_list::<i32>().value(at);
            match list.data_type() {
                DataType::Int64 => Value::Numbers(list.as_primitive::<Int64Type>().values().to_vec()),
                _ => Value::Texts(list.as_string::<i32>().iter().flatten().map(str::to_owned).collect()),
            }
        }
        other => panic!("no step gives {other}"),
    }
}

/// The rows of one table among several, and the others.
pub(crate) fn table_of(batches: &[RecordBatch], name: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in batches {
        let tables = batch.column_by_name("table").unwrap().as_string::<i32>();
        let Some(of_table) = batch.column_by_name(name) else { continue };
        let of_table = RecordBatch::from(of_table.as_struct().clone_without_nulls());
        let own = rows_of(&of_table).into_iter().enumerate();
        rows.extend(own.filter(|(at, _)| tables.value(*at) == name).map(|(_, row)| row));
    }
    rows
}

/// A structure whose own nulls are forgotten: its columns have them too.
trait WithoutNulls {
    fn clone_without_nulls(&self) -> arrow_array::StructArray;
}

impl WithoutNulls for arrow_array::StructArray {
    fn clone_without_nulls(&self) -> arrow_array::StructArray {
        let (fields, columns, _) = self.clone().into_parts();
        let fields = fields.iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
        Self::new(fields, columns, None)
    }
}
