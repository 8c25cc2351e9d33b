//! Tables as text: comma, semicolon or tab separated, with a row of names.
//!
//! Rows stream through the `csv` crate; quoted fields may hold line ends. A
//! quote that is never closed would draw the rest of the file into one field,
//! so reading ends where a row passes the limit for a document.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};

use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding::declared;
use crate::read::fields::{Field, FieldTree, Wanted};
use crate::read::record::Record;
use crate::read::source::Publishers;

/// What separates fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Longest name of a column: what is longer is a sentence.
const MAX_NAME_LEN: usize = 40;

/// Bytes the reader may take ahead of the row it gives.
const READ_AHEAD: u64 = 1 << 20;

/// The adapter. Columns are found by the names of fields, whatever their
/// case.
pub(crate) struct Table;

/// Whether the file that begins with `text` is a table: by its names, one of
/// which is a usual one for a text, or because it is `called_table` and its
/// first line has several fields.
pub(crate) fn is_table(text: &[u8], called_table: bool) -> bool {
    let names = names(text);
    let is_text = |name: &String| Field::Text.default_paths().contains(&name.to_lowercase().as_str());
    let are_names = names.iter().all(|name| name.len() <= MAX_NAME_LEN && !name.is_empty());
    (names.len() > 1 && are_names && names.iter().any(is_text))
        || (called_table && (names.len() > 1 || names.iter().any(is_text)))
}

/// The fields of the first line.
fn names(text: &[u8]) -> Vec<String> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).delimiter(delimiter(text)).from_reader(first_line(text));
    let mut row = ByteRecord::new();
    match reader.read_byte_record(&mut row) {
        Ok(true) => row.iter().map(name).collect(),
        _ => Vec::new(),
    }
}

fn name(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

fn first_line(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())]
}

/// The delimiter that stands most often in the first line outside quotes.
pub(crate) fn delimiter(text: &[u8]) -> u8 {
    let mut counts = [0; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in first_line(text) {
        is_quoted ^= *byte == b'"';
        if let Some(index) = DELIMITERS.iter().position(|delimiter| delimiter == byte).filter(|_| !is_quoted)
        {
            counts[index] += 1;
        }
    }
    let most = (0..counts.len()).rev().max_by_key(|&index| counts[index]).unwrap_or(0);
    DELIMITERS[most]
}

impl Adapter for Table {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let limit = context.max_document_bytes;
        let (head, rest) = content.into_utf8()?;
        let delimiter = delimiter(&head);
        let given = Rc::new(Cell::new(0));
        let last_mark = Rc::new(Cell::new(b'\n'));
        let leash = Leash {
            inner: io::Cursor::new(head).chain(rest),
            given: Rc::clone(&given),
            last_mark: Rc::clone(&last_mark),
            limit: limit.saturating_add(READ_AHEAD),
        };
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(leash);
        let mut row = ByteRecord::new();
        if !reader.read_byte_record(&mut row).map_err(|error| broken(&error))? {
            return Ok(());
        }
        let columns = Columns::new(&row, context.tree)?;
        let mut collector = Collector::new(path);
        let mut publishers = Publishers::default();
        let (mut ends_in_break, mut last_line) = (false, None);
        let result = loop {
            given.set(0);
            let begins_on = reader.position().line();
            match reader.read_byte_record(&mut row) {
                Ok(true) => {}
                // A last field with a line break was quoted, so a quote ends it.
                Ok(false) if ends_in_break && last_mark.get() != b'"' => {
                    let line = last_line.unwrap_or(begins_on);
                    break Err(format!(
                        "the quote that opens in the row on line {line} is not closed, and what follows it was \
                         read as one field; close it, or double it if it is part of the text"
                    ));
                }
                Ok(false) => break Ok(()),
                Err(error) => {
                    break Err(format!("{} in the row that begins on line {begins_on}", broken(&error)));
                }
            }
            let line = row.position().map(csv::Position::line);
            let result = columns.record(&row, limit).and_then(|record| {
                record.finish(&mut publishers).map_err(|trouble| trouble.reason(context.fields))
            });
            ends_in_break =
                row.iter().next_back().is_some_and(|field| memchr::memchr(b'\n', field).is_some());
            last_line = line;
            collector.take(Parsed { line, result }, batch);
            if batch.documents.len() > 1000 {
                batch.flush();
            }
        };
        collector.finish(batch);
        result
    }
}

fn broken(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => unreadable(error),
        _ => format!("broken table: {error}"),
    }
}

/// Which columns are wanted, and as what.
pub(crate) struct Columns<'t> {
    count: usize,
    wanted: Vec<(usize, &'t [Wanted])>,
}

impl<'t> Columns<'t> {
    /// Those called `names`. The error says that none holds a text.
    pub(crate) fn new(names: &ByteRecord, tree: &'t FieldTree) -> Result<Self, String> {
        let mut wanted = Vec::new();
        for (index, field) in names.iter().enumerate() {
            let field = field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field);
            let name = name(field);
            let place = tree.below(&name).or_else(|| tree.below(&name.to_lowercase()));
            if let Some(place) = place.filter(|place| !place.wanted().is_empty()) {
                wanted.push((index, place.wanted()));
            }
        }
        let gives_text = |wanted: &Wanted| matches!(wanted.field, Field::Text | Field::Html);
        let has_text = wanted.iter().any(|(_, wanted)| wanted.iter().any(gives_text));
        if !has_text {
            let names: Vec<String> = names.iter().map(name).collect();
            return Err(format!(
                "a table without a column for the text; its columns are {}; name the right one with --field \
                 text=COLUMN",
                names.join(", ")
            ));
        }
        Ok(Self { count: names.len(), wanted })
    }

    /// The column that gives the text of `row`: of those that hold something
    /// the first in the order of names, of two with one name the last.
    #[cfg(feature = "cli")]
    pub(crate) fn text_of(&self, row: &ByteRecord) -> Option<usize> {
        let texts = self.wanted.iter().filter_map(|&(index, wanted)| {
            let ranks = wanted.iter().filter(|wanted| wanted.field == Field::Text).map(|wanted| wanted.rank);
            let is_blank = row.get(index).is_none_or(|field| field.trim_ascii().is_empty());
            Some((ranks.min().filter(|_| !is_blank)?, std::cmp::Reverse(index)))
        });
        texts.min().map(|(_, std::cmp::Reverse(index))| index)
    }

    fn record(&self, row: &ByteRecord, limit: u64) -> Result<Record, String> {
        if row.len() != self.count {
            return Err(format!(
                "the row has {} fields where the first row has {}; quote those with separators or line ends",
                row.len(),
                self.count
            ));
        }
        if row.as_slice().len() as u64 > limit {
            return Err(too_large(Some(row.as_slice().len() as u64), limit));
        }
        let mut record = Record::default();
        for &(index, wanted) in &self.wanted {
            let (text, remark) = declared::decode_part(&row[index])?;
            record.note(remark);
            wanted.iter().for_each(|&wanted| record.put(wanted, &text));
        }
        Ok(record)
    }
}

/// A reader that fails when one row takes too much.
struct Leash<R> {
    inner: R,
    given: Rc<Cell<u64>>,
    /// The last byte so far that is no white space.
    last_mark: Rc<Cell<u8>>,
    limit: u64,
}

impl<R: Read> Read for Leash<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given.get() > self.limit {
            return Err(io::Error::other(
                "a row longer than a document may be, perhaps because a quote is not closed",
            ));
        }
        let count = self.inner.read(buffer)?;
        self.given.set(self.given.get() + count as u64);
        if let Some(&mark) = buffer[..count].iter().rev().find(|byte| !byte.is_ascii_whitespace()) {
            self.last_mark.set(mark);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_by_their_first_line() {
        let cases = [
            ("id,text\n1,a\n", false, true),
            ("\u{feff}ID;Title;Text\r\n", false, true),
            ("url\tcontent\tdate\n", false, true),
            ("\"id\",\"body\"\n", false, true),
            ("id,words\n", false, false),
            ("id,words\n", true, true),
            ("text\nword\n", true, true),
            ("text\nword\n", false, false),
            ("A sentence, with a comma.\n", false, false),
            ("In short, the text, which nobody had read before that day, was lost\n", false, false),
            ("prose\n", true, false),
            ("", true, false),
        ];
        for (text, called_table, expected) in cases {
            assert_eq!(is_table(text.as_bytes(), called_table), expected, "{text}");
        }
    }
}
