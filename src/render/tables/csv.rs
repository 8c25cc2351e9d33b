//! Tables as comma-separated values (RFC 4180), safe to open in a spreadsheet.
//!
//! UTF-8, a row of names first, lines ended by CR LF. Texts stand in quotes,
//! with quotes in them doubled; numbers, times (ISO 8601) and `true` or
//! `false` stand bare, and what is not known is empty without quotes.
//!
//! A spreadsheet takes a cell for a formula that begins with one of `= + - @`,
//! a tab or a line end, whatever quotes are around it (OWASP, "CSV
//! Injection"). So a text that begins with one of these, or with an
//! apostrophe, gets an apostrophe before it. No other text begins with one:
//! to have the text as it was, take one apostrophe from the front of each text
//! that has one.

use std::io::{self, Write};

use super::{Cell, RenderTables, Table};
use crate::report::Report;

/// What a spreadsheet may take for the beginning of a formula, wide forms too,
/// and the mark that says that it is none.
const NEUTRALISED: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];

/// Comma-separated values, one file a table.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvTables;

impl RenderTables for CsvTables {
    fn extension(&self) -> &'static str {
        "csv"
    }

    fn render_table(&self, table: &Table, report: &Report, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        for (number, column) in table.columns.iter().enumerate() {
            write_separator(number, &mut out)?;
            out.write_all(column.name.as_bytes())?;
        }
        out.write_all(b"\r\n")?;
        for row in table.rows(report) {
            for (number, cell) in row.iter().enumerate() {
                write_separator(number, &mut out)?;
                write_cell(cell, &mut out)?;
            }
            out.write_all(b"\r\n")?;
        }
        out.flush()
    }
}

fn write_separator(number: usize, out: &mut impl Write) -> io::Result<()> {
    if number > 0 { out.write_all(b",") } else { Ok(()) }
}

fn write_cell(cell: &Cell<'_>, out: &mut impl Write) -> io::Result<()> {
    match cell {
        Cell::Nothing => Ok(()),
        Cell::Text(text) => write_text(text, out),
        Cell::Integer(number) => write!(out, "{number}"),
        Cell::Double(number) => write!(out, "{number:?}"),
        Cell::Flag(flag) => write!(out, "{flag}"),
        Cell::Time(second) => match jiff::Timestamp::from_second(*second) {
            Ok(instant) => write!(out, "{instant}"),
            Err(_) => Ok(()),
        },
    }
}

fn write_text(text: &str, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\"")?;
    if text.starts_with(NEUTRALISED) {
        out.write_all(b"'")?;
    }
    for (number, part) in text.split('"').enumerate() {
        if number > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"\"")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::sample;
    use crate::render::tables::{Kind, TABLES};

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_text(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The text of the first cell, as the `csv` crate and the rule above have it.
    fn read_back(line: &str) -> String {
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        record[0].strip_prefix('\'').unwrap_or(&record[0]).to_owned()
    }

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe() {
        let cases = [
            (
                "=HYPERLINK(\"https://evil.example\",\"x\")",
                "\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\"",
            ),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "\"'＝1\""),
            ("'quoted", "\"''quoted\""),
            ("a=1", "\"a=1\""),
            ("two\r\nlines, and \"marks\"", "\"two\r\nlines, and \"\"marks\"\"\""),
            ("", "\"\""),
        ];
        for (text, expected) in cases {
            assert_eq!(written(text), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_reads_back_as_it_was(text in "[=+@\t\r\n'\",;a\u{0}-]{0,3}\\PC{0,8}") {
            prop_assert_eq!(read_back(&written(&text)), text);
        }
    }

    #[test]
    fn every_table_reads_back_cell_by_cell() {
        let report = sample::report();
        for table in TABLES {
            let mut out = Vec::new();
            CsvTables.render_table(table, &report, &mut out).unwrap();
            let mut reader = ::csv::Reader::from_reader(out.as_slice());
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(reader.headers().unwrap(), names, "{}", table.name);
            let read: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            let rows: Vec<Vec<Cell<'_>>> = table.rows(&report).collect();
            assert_eq!(read.len(), rows.len(), "{}", table.name);
            for (record, row) in read.iter().zip(&rows) {
                for ((field, cell), column) in record.iter().zip(row).zip(table.columns) {
                    let place = format!("{}.{}", table.name, column.name);
                    match cell {
                        Cell::Nothing => assert_eq!(field, "", "{place}"),
                        Cell::Text(text) => {
                            assert_eq!(column.kind, Kind::Text);
                            assert_eq!(field.strip_prefix('\'').unwrap_or(field), text, "{place}");
                        }
                        Cell::Integer(number) => assert_eq!(field.parse(), Ok(*number), "{place}"),
                        Cell::Double(number) => assert_eq!(field.parse(), Ok(*number), "{place}"),
                        Cell::Flag(flag) => assert_eq!(field.parse(), Ok(*flag), "{place}"),
                        Cell::Time(second) => {
                            let instant: jiff::Timestamp = field.parse().unwrap();
                            assert_eq!(instant.as_second(), *second, "{place}");
                        }
                    }
                }
            }
        }
    }
}
