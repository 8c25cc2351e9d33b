//! Parquet: rows go out of every column, and the values of the rest stay.

use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use proptest::prelude::*;

use crate::{STORIES, dedup, goes, text};

const SCHEMA: &str = "message m {
    required binary id (UTF8);
    optional binary Text (UTF8);
    optional int32 day (DATE);
    required int64 number;
    required boolean flag;
    required float ratio;
    optional double weight;
    required int96 old_time;
    required fixed_len_byte_array(4) four;
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
    optional group about { optional binary name (UTF8); repeated int32 years; }
}";

/// A file of the records in two groups of rows; `cut` makes texts of them.
fn file(rows: &[usize], cut: impl Fn(usize) -> String) -> Vec<u8> {
    let groups = [&rows[..rows.len() / 2], &rows[rows.len() / 2..]];
    file_of(&groups, Compression::ZSTD(ZstdLevel::default()), cut)
}

/// A file of such groups of rows.
fn file_of(groups: &[&[usize]], compression: Compression, cut: impl Fn(usize) -> String) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_key_value_metadata(Some(vec![KeyValue::new("kept".to_owned(), "as it was".to_owned())]))
        .build();
    let schema = parse_message_type(SCHEMA).unwrap();
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, Arc::new(schema), Arc::new(properties)).unwrap();
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        let mut number = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            fill(number, column.untyped(), rows, &cut);
            column.close().unwrap();
            number += 1;
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    out
}

fn fill(number: usize, column: &mut ColumnWriter<'_>, rows: &[usize], text: &dyn Fn(usize) -> String) {
    let is_there = |row: usize| !row.is_multiple_of(3);
    let optional: Vec<i16> = rows.iter().map(|&row| i16::from(is_there(row))).collect();
    let some = || rows.iter().copied().filter(|&row| is_there(row));
    match (number, column) {
        (0, ColumnWriter::ByteArrayColumnWriter(column)) => {
            let values: Vec<ByteArray> = rows.iter().map(|row| format!("r{row}").as_str().into()).collect();
            column.write_batch(&values, None, None).unwrap();
        }
        (1, ColumnWriter::ByteArrayColumnWriter(column)) => {
            let values: Vec<ByteArray> = rows.iter().map(|&row| text(row).as_str().into()).collect();
            column.write_batch(&values, Some(&vec![1; rows.len()]), None).unwrap();
        }
        (9, ColumnWriter::ByteArrayColumnWriter(column)) => {
            // Two tags, of which the second may be nothing; no list; an empty one.
            let (mut values, mut defined, mut repeated) = (Vec::<ByteArray>::new(), vec![], vec![]);
            for &row in rows {
                match row % 4 {
                    0 => (defined.push(0), repeated.push(0)),
                    1 => (defined.push(1), repeated.push(0)),
                    rest => {
                        values.push(format!("tag {row}").as_str().into());
                        values.extend((rest == 2).then(|| "second".into()));
                        defined.extend([3, if rest == 2 { 3 } else { 2 }]);
                        (repeated.extend([0, 1]), ())
                    }
                };
            }
            column.write_batch(&values, Some(&defined), Some(&repeated)).unwrap();
        }
        (10, ColumnWriter::ByteArrayColumnWriter(column)) => {
            let values: Vec<ByteArray> = some().map(|row| format!("name {row}").as_str().into()).collect();
            let defined: Vec<i16> = rows.iter().map(|&row| if is_there(row) { 2 } else { 0 }).collect();
            column.write_batch(&values, Some(&defined), None).unwrap();
        }
        (11, ColumnWriter::Int32ColumnWriter(column)) => {
            let values: Vec<i32> = some().flat_map(|row| [row as i32, 2026]).collect();
            let defined: Vec<i16> =
                rows.iter().flat_map(|&row| if is_there(row) { vec![2, 2] } else { vec![0] }).collect();
            let repeated: Vec<i16> =
                rows.iter().flat_map(|&row| if is_there(row) { vec![0, 1] } else { vec![0] }).collect();
            column.write_batch(&values, Some(&defined), Some(&repeated)).unwrap();
        }
        (_, ColumnWriter::Int32ColumnWriter(column)) => {
            let values: Vec<i32> = some().map(|row| 20_000 + row as i32).collect();
            column.write_batch(&values, Some(&optional), None).unwrap();
        }
        (_, ColumnWriter::Int64ColumnWriter(column)) => {
            let values: Vec<i64> = rows.iter().map(|&row| i64::MAX - row as i64).collect();
            column.write_batch(&values, None, None).unwrap();
        }
        (_, ColumnWriter::BoolColumnWriter(column)) => {
            let values: Vec<bool> = rows.iter().map(|row| row % 2 == 0).collect();
            column.write_batch(&values, None, None).unwrap();
        }
        (_, ColumnWriter::FloatColumnWriter(column)) => {
            let values: Vec<f32> = rows.iter().map(|&row| row as f32 / 3.0).collect();
            column.write_batch(&values, None, None).unwrap();
        }
        (_, ColumnWriter::DoubleColumnWriter(column)) => {
            let values: Vec<f64> = some().map(|row| row as f64 / 7.0).collect();
            column.write_batch(&values, Some(&optional), None).unwrap();
        }
        (_, ColumnWriter::Int96ColumnWriter(column)) => {
            let time = |&row: &usize| Int96::from(vec![row as u32, 0, 2_461_172]);
            column.write_batch(&rows.iter().map(time).collect::<Vec<_>>(), None, None).unwrap();
        }
        (_, ColumnWriter::FixedLenByteArrayColumnWriter(column)) => {
            let four = |&row: &usize| FixedLenByteArray::from(vec![row as u8; 4]);
            column.write_batch(&rows.iter().map(four).collect::<Vec<_>>(), None, None).unwrap();
        }
        _ => unreachable!("column {number} has a case"),
    }
}

/// The rows as text, and what is said of the file.
fn content(bytes: &[u8]) -> (Vec<String>, String) {
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes.to_vec())).unwrap();
    let metadata = file.metadata();
    let compression: Vec<Compression> = metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns())
        .map(|column| column.compression())
        .collect();
    let schema = metadata.file_metadata().schema_descr().root_schema();
    let said =
        format!("{schema:?} {:?} {:?}", metadata.file_metadata().key_value_metadata(), compression.first());
    (file.get_row_iter(None).unwrap().map(|row| format!("{:?}", row.unwrap())).collect(), said)
}

#[test]
fn rows_stay_with_all_their_values() {
    let all: Vec<usize> = (0..STORIES.len()).collect();
    let staying: Vec<usize> = all.iter().copied().filter(|&row| !goes(row)).collect();
    let cleaned = dedup("feed.parquet", &file(&all, text), &["--keep", "first"]);
    let (rows, said) = content(&cleaned.bytes);
    let (expected_rows, expected) = content(&file(&staying, text));
    assert_eq!(rows, expected_rows);
    assert_eq!(said, expected);
    assert_eq!(cleaned.of("removed")[0]["line"], 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever else a row holds (nothing, lists, empty ones, structures, every
    /// physical type) stays, in the order of the file.
    #[test]
    fn rows_of_any_value_stay(
        stories in prop::collection::btree_map(0usize..4000, 0usize..12, 1..50),
        order in any::<u64>(),
        group_len in 1usize..30,
        compression in prop::sample::select(vec![
            Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW,
        ]),
        extra in "\\PC{0,12}",
    ) {
        let mut rows: Vec<usize> = stories.keys().copied().collect();
        crate::support::words::Rng::new(order).shuffle(&mut rows);
        let text = |row: usize| {
            let story = stories[&row];
            format!("{}\n\u{1f600} {extra}", crate::support::words::range(1000 * story..1000 * story + 50))
        };
        let mut seen = std::collections::BTreeSet::new();
        let staying: Vec<usize> = rows.iter().copied().filter(|row| seen.insert(stories[row])).collect();
        let groups: Vec<&[usize]> = rows.chunks(group_len).collect();
        let input = file_of(&groups, compression, text);
        let cleaned = dedup("feed.parquet", &input, &["--keep", "first", "--noise", "clean"]);
        let (found, said) = content(&cleaned.bytes);
        let (expected, expected_said) = content(&file_of(&[&staying], compression, text));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(said, expected_said);
        prop_assert_eq!(cleaned.of("removed").len(), rows.len() - staying.len());
    }
}

#[test]
fn a_cut_changes_the_text_alone() {
    let body = |row: usize| crate::support::words::range(1000 * row..1000 * row + 60);
    let rows = [0, 1, 2, 3, 4, 5, 6];
    let doubled = |row: usize| if row % 2 == 1 { format!("{0}\n\n{0}", body(row)) } else { body(row) };
    let cleaned = dedup("feed.parquet", &file(&rows, doubled), &["--strip", "repeats"]);
    assert_eq!(content(&cleaned.bytes), content(&file(&rows, body)));
    assert_eq!(cleaned.of("edited").len(), 3);
}

#[test]
fn many_rows_in_a_group_and_a_group_that_goes_whole() {
    // The second half is the first again.
    let rows: Vec<usize> = (0..6000).collect();
    let of = |row: usize| crate::support::words::range(100 * (row % 3000)..100 * (row % 3000) + 30);
    let cleaned = dedup("feed.parquet", &file(&rows, of), &["--keep", "first", "--level", "documents"]);
    let (found, _) = content(&cleaned.bytes);
    assert_eq!(found, content(&file(&rows, of)).0[..3000]);
}
