//! Parquet: what becomes of columns of every kind, and of damaged files.

use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use wirecopy::read::{ReadOptions, read_paths, read_stream};

use crate::{ids, read, read_with, said, write};

/// Values of one column with the levels of definition and repetition.
type Levels = (Vec<i16>, Vec<i16>);

/// A file of one group of rows, of which `fill` writes column after column.
fn file(schema: &str, mut fill: impl FnMut(usize, &mut ColumnWriter<'_>)) -> Vec<u8> {
    let schema = parquet::schema::parser::parse_message_type(&format!("message m {{ {schema} }}")).unwrap();
    let mut out = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut out, schema.into(), WriterProperties::default().into()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut number = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        fill(number, column.untyped());
        column.close().unwrap();
        number += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
    out
}

fn put(column: &mut ColumnWriter<'_>, texts: &[&str], levels: Option<Levels>) {
    let texts: Vec<ByteArray> = texts.iter().map(|&text| text.into()).collect();
    let (definition, repetition) = levels.unzip();
    let (definition, repetition) =
        (definition.as_deref(), repetition.as_deref().filter(|levels| !levels.is_empty()));
    match column {
        ColumnWriter::ByteArrayColumnWriter(column) => {
            column.write_batch(&texts, definition, repetition).unwrap()
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            let numbers: Vec<i32> =
                texts.iter().map(|text| text.as_utf8().unwrap().parse().unwrap()).collect();
            column.write_batch(&numbers, definition, repetition).unwrap()
        }
        ColumnWriter::Int64ColumnWriter(column) => {
            let numbers: Vec<i64> =
                texts.iter().map(|text| text.as_utf8().unwrap().parse().unwrap()).collect();
            column.write_batch(&numbers, definition, repetition).unwrap()
        }
        ColumnWriter::DoubleColumnWriter(column) => {
            let numbers: Vec<f64> =
                texts.iter().map(|text| text.as_utf8().unwrap().parse().unwrap()).collect();
            column.write_batch(&numbers, definition, repetition).unwrap()
        }
        ColumnWriter::BoolColumnWriter(column) => {
            column.write_batch(&vec![true; texts.len()], definition, repetition).unwrap()
        }
        ColumnWriter::Int96ColumnWriter(column) => {
            let mut instant = Int96::new();
            // Nanoseconds of the day in two words, then the Julian day.
            instant.set_data(0, 0, 2_461_172);
            column.write_batch(&vec![instant; texts.len()], definition, repetition).unwrap()
        }
        ColumnWriter::FixedLenByteArrayColumnWriter(column) => {
            let bytes: Vec<FixedLenByteArray> =
                texts.iter().map(|_| (0..16).collect::<Vec<u8>>().into()).collect();
            column.write_batch(&bytes, definition, repetition).unwrap()
        }
        ColumnWriter::FloatColumnWriter(_) => unreachable!("no case has one"),
    };
}

#[test]
fn every_kind_of_column_gives_what_json_would() {
    // The schema of a column, its value, and what is found of it.
    let cases = [
        ("required binary id (UTF8);", "x7", "id", "x7"),
        ("required int64 ID;", "42", "id", "42"),
        ("required double id;", "42", "id", "42"),
        ("required double id;", "nan", "id", "a.parquet"),
        ("required int32 id (UINT_32);", "5", "id", "5"),
        ("required fixed_len_byte_array(16) id (UUID);", "", "id", "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ("required boolean title;", "", "title", ""),
        ("required int32 date (DATE);", "20584", "published", "2026-05-11"),
        (
            "required int64 date (TIMESTAMP(MILLIS,true));",
            "1778493900999",
            "published",
            "2026-05-11T10:05:00Z",
        ),
        (
            "required int64 date (TIMESTAMP(MICROS,false));",
            "1778493900000001",
            "published",
            "2026-05-11T10:05:00",
        ),
        (
            "required int64 date (TIMESTAMP(NANOS,true));",
            "1778493900000000001",
            "published",
            "2026-05-11T10:05:00Z",
        ),
        ("required int64 date (TIMESTAMP_MILLIS);", "1778493900000", "published", "2026-05-11T10:05:00Z"),
        ("required int96 date;", "", "published", "2026-05-11T00:00:00Z"),
        ("required int64 timestamp;", "1778493900", "published", "2026-05-11T10:05:00Z"),
        ("required binary date (UTF8);", "11 May 2026", "published", "2026-05-11"),
        ("required group thread { required binary title (UTF8); }", "T", "title", "T"),
        ("required binary unwanted (UTF8);", "T", "title", ""),
    ];
    for (schema, value, field, expected) in cases {
        let bytes = file(&format!("required binary Text (UTF8); {schema}"), |number, column| {
            put(column, &[if number == 0 { "words" } else { value }], None);
        });
        let outcome = read("a.parquet", &bytes);
        assert!(outcome.skipped.is_empty() && outcome.notes.is_empty(), "{schema} {:?}", outcome.skipped);
        let document = &outcome.documents[0];
        assert_eq!(document.text, "words");
        let found = match field {
            "id" => Some(document.id.clone()),
            "title" => document.title.clone(),
            _ => document.published.map(|date| date.to_string()),
        };
        assert_eq!(found.unwrap_or_default(), expected, "{schema}");
    }
}

#[test]
fn a_list_stands_for_its_first_member() {
    let schema = "required binary text (UTF8);
        optional group authors (LIST) { repeated group list { optional binary element (UTF8); } }
        optional group source { optional binary name (UTF8); }";
    let bytes = file(schema, |number, column| match number {
        0 => put(column, &["one", "two", "three", "four"], None),
        // [A, B], [], nothing, [nothing, C]
        1 => put(column, &["A", "B", "C"], Some((vec![3, 3, 1, 0, 2, 3], vec![0, 1, 0, 0, 0, 1]))),
        _ => put(column, &["S"], Some((vec![2, 1, 0, 0], vec![]))),
    });
    let outcome = read("a.parquet", &bytes);
    let authors: Vec<Option<&str>> = outcome
        .documents
        .iter()
        .map(|document| document.provenance.as_ref().and_then(|claims| claims.author.as_deref()))
        .collect();
    assert_eq!(authors, [Some("A"), None, None, None]);
    assert_eq!(outcome.documents[0].source.as_deref(), Some("S"));
    assert_eq!(ids(&outcome), ["a.parquet#1", "a.parquet#2", "a.parquet#3", "a.parquet#4"]);
    assert_eq!(outcome.documents[3].line, Some(4));
}

#[test]
fn a_file_without_a_column_of_texts_says_why() {
    let cases = [
        (
            "required binary words (UTF8); required int32 n;",
            "its columns are words, n; name the right one with --field",
        ),
        ("required int64 text; required int32 n;", "the text is a number, not a string; name another field"),
        (
            "required group text (LIST) { repeated group list { required binary element (UTF8); } }",
            "the text is an array, not a string",
        ),
        ("required group text { required binary plain (UTF8); }", "the text is an object, not a string"),
        ("required int32 text (DECIMAL(9,2));", "the text is a decimal number, not a string"),
    ];
    for (schema, expected) in cases {
        let bytes = file(schema, |_, column| put(column, &["7"], Some((vec![1], vec![0]))));
        let outcome = read("a.parquet", &bytes);
        let said = said(&outcome);
        assert!(said.len() == 1 && said[0].2.contains(expected), "{schema}: {said:?}");
    }
    let bytes =
        file("required group text { required binary plain (UTF8); }", |_, column| put(column, &["x"], None));
    let mut options = ReadOptions::default();
    options.fields.try_set("text", "text.plain").unwrap();
    assert_eq!(read_with("a.parquet", &bytes, &options).documents[0].text, "x");
}

#[test]
fn all_compressions_are_read() {
    let documents = write::documents(50);
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ];
    for compression in compressions {
        let outcome = read("feed.txt", &write::parquet(&documents, compression));
        assert_eq!(outcome.skipped, [], "{compression:?}");
        assert_eq!(outcome.documents.len(), 50, "{compression:?}");
    }
}

#[test]
fn a_damaged_group_costs_its_own_rows() {
    let documents = write::documents(3_000);
    let mut bytes = write::parquet(&documents, Compression::SNAPPY);
    let (start, len) = {
        let file = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
        file.metadata().row_group(1).column(2).byte_range()
    };
    let (start, len) = (start as usize, len as usize);
    bytes[start + len / 2..start + len / 2 + 40].fill(0xff);
    let outcome = read("a.parquet", &bytes);
    let said = said(&outcome);
    assert_eq!(said.len(), 1, "{said:?}");
    let (line, reason) = (said[0].1.unwrap(), &said[0].2);
    assert!((1001..=2000).contains(&line), "{line}");
    assert!(reason.starts_with(&format!("rows {line} to 2000 cannot be read (")), "{reason}");
    let lost = 2000 - (line as usize - 1);
    assert_eq!(outcome.documents.len(), 3_000 - lost);
    assert_eq!(
        (outcome.documents[999].id.as_str(), outcome.documents.last().unwrap().line),
        ("d999", Some(3_000))
    );
}

#[test]
fn a_file_without_its_end_says_so() {
    let bytes = write::parquet(&write::documents(30), Compression::SNAPPY);
    for cut in [bytes.len() - 1, bytes.len() / 2, 100] {
        let outcome = read("a.parquet", &bytes[..cut]);
        assert!(
            said(&outcome)[0].2.starts_with("the Parquet file is cut off or damaged ("),
            "{:?}",
            said(&outcome)
        );
    }
}

#[test]
fn a_page_of_a_dictionary_that_is_not_there_costs_its_rows() {
    // Found by fuzzing: the crate panics at it, and says other things of a page
    // from a file than of one from memory.
    let bytes = include_bytes!("../../fuzz/samples/dictionary.parquet");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    std::fs::write(&file, bytes).unwrap();
    let options = ReadOptions::default();
    let from_disk = read_paths(&[file.to_str().unwrap().to_owned()], &options, &()).unwrap();
    let streamed = read_stream("a.parquet", bytes.as_slice(), &options, &()).unwrap();
    for outcome in [from_disk, streamed] {
        let said = said(&outcome);
        assert_eq!(said.len(), 2, "{said:?}");
        assert_eq!([said[0].1, said[1].1], [Some(1), Some(3)]);
        assert!(said.iter().all(|(_, _, reason)| reason.ends_with("fetch the file again")), "{said:?}");
    }
}
