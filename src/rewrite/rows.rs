//! CSV and TSV: rows are copied, left out, or one field of them is cut.
//!
//! The `csv` crate says where rows begin and end, as in `read/table/delimited.rs`; what
//! is written are the bytes between, so quotes and line ends stay as they are.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};

use super::{Fate, Fates, Joined, TEXT_NOT_FOUND, Uncut};
use crate::dedup::{self, Cut};
use crate::read::again::Original;
use crate::read::table::delimited::Columns;

pub(super) fn write(
    original: &Original,
    delimiter: u8,
    fates: &Fates<'_, '_>,
    out: &mut Joined<'_>,
) -> io::Result<Uncut> {
    let opened = original.open()?;
    let mut rows = Rows::new(opened.stream, delimiter);
    let Some(names) = rows.next()? else { return Ok(Uncut::new()) };
    let columns = Columns::new(&rows.row, fates.tree()).map_err(io::Error::other)?;
    // Of several inputs with the same names these stand once.
    let mut is_last_written = out.is_empty();
    if out.is_empty() {
        out.write_all(&opened.mark)?;
        out.write_all(&names)?;
    } else {
        out.begin_line()?;
    }
    let (mut record, mut uncut) = (0, Uncut::new());
    while let Some(raw) = rows.next()? {
        if rows.owes_newline && is_last_written {
            out.write_all(b"\n")?;
        }
        record += 1;
        let fate = fates.of(record);
        is_last_written = !matches!(fate, Fate::Goes);
        match fate {
            Fate::Goes => {}
            Fate::Stays => out.write_all(&raw)?,
            Fate::IsCut { document, cuts } => {
                let text = &fates.text(document);
                let cut = columns
                    .text_of(&rows.row)
                    .and_then(|column| cut_field(&raw, &rows.row, (column, delimiter), (text, cuts)));
                if cut.is_none() {
                    uncut.push((document, TEXT_NOT_FOUND.to_owned()));
                }
                out.write_all(&cut.unwrap_or(raw))?;
            }
        }
    }
    let rest = rows.rest();
    match rest.strip_prefix(b"\n").filter(|_| rows.ends_in_return) {
        Some(rest) => {
            if is_last_written {
                out.write_all(b"\n")?;
            }
            out.write_all(rest)?;
        }
        None => out.write_all(&rest)?,
    }
    Ok(uncut)
}

/// The names of the columns.
pub(crate) fn names(original: &Original, delimiter: u8) -> io::Result<Vec<Vec<u8>>> {
    let mut rows = Rows::new(original.open()?.stream, delimiter);
    rows.next()?;
    Ok(rows.row.iter().map(<[u8]>::to_vec).collect())
}

/// The rows of a table with the bytes they are made of.
struct Rows<R> {
    reader: csv::Reader<Logged<R>>,
    row: ByteRecord,
    log: Rc<RefCell<Vec<u8>>>,
    /// How many bytes were taken out of the log.
    taken: u64,
    /// Whether the last row ended in a carriage return.
    ends_in_return: bool,
    /// Whether the newline behind it was still to come.
    owes_newline: bool,
}

impl<R: Read> Rows<R> {
    fn new(stream: R, delimiter: u8) -> Self {
        let log = Rc::default();
        let logged = Logged { inner: stream, log: Rc::clone(&log) };
        let reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(logged);
        Self { reader, row: ByteRecord::new(), log, taken: 0, ends_in_return: false, owes_newline: false }
    }

    /// The bytes of the next row with the line end behind it; a newline that
    /// belongs to the row before is not among them.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let is_row = self.reader.read_byte_record(&mut self.row).map_err(io::Error::other)?;
        if !is_row {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let count = usize::try_from(end - self.taken).map_err(io::Error::other)?;
        let mut raw: Vec<u8> = self.log.borrow_mut().drain(..count).collect();
        self.taken = end;
        self.owes_newline = self.ends_in_return && raw.starts_with(b"\n");
        if self.owes_newline {
            raw.remove(0);
        }
        self.ends_in_return = raw.ends_with(b"\r");
        Ok(Some(raw))
    }

    /// What stands behind the last row.
    fn rest(&self) -> Vec<u8> {
        std::mem::take(&mut *self.log.borrow_mut())
    }
}

/// A reader that keeps what it gave.
struct Logged<R> {
    inner: R,
    log: Rc<RefCell<Vec<u8>>>,
}

impl<R: Read> Read for Logged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.log.borrow_mut().extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

/// The bytes of `raw`, which are those of `row`, with the text in its column
/// cut; nothing if that column does not say the text.
fn cut_field(
    raw: &[u8],
    row: &ByteRecord,
    (column, delimiter): (usize, u8),
    (text, cuts): (&str, &[Cut]),
) -> Option<Vec<u8>> {
    if row.get(column)? != text.as_bytes() {
        return None;
    }
    let left = dedup::apply(text, cuts);
    let lead = raw.len() - raw.trim_ascii_start().len();
    let lead = raw[..lead].iter().rposition(|&byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let place = place_of(&raw[lead..], column, delimiter)?;
    let (start, end) = (lead + place.start, lead + place.end);
    let is_quoted = raw[start..end].starts_with(b"\"");
    let needs_quotes = left.bytes().any(|byte| matches!(byte, b'"' | b'\n' | b'\r') || byte == delimiter);
    let field =
        if is_quoted || needs_quotes { format!("\"{}\"", left.replace('"', "\"\"")) } else { left.clone() };
    let whole = [&raw[..start], field.as_bytes(), &raw[end..]].concat();
    // What was put together must read as what was meant.
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(&whole[..]);
    let mut back = ByteRecord::new();
    let is_row = reader.read_byte_record(&mut back).ok()?;
    let is_as_meant = |(at, field): (usize, &[u8])| match at == column {
        true => field == left.as_bytes(),
        false => Some(field) == row.get(at),
    };
    (is_row && back.len() == row.len() && back.iter().enumerate().all(is_as_meant)).then_some(whole)
}

/// Where the field of this number stands in a row.
fn place_of(raw: &[u8], column: usize, delimiter: u8) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for number in 0.. {
        let start = at;
        if raw.get(at) == Some(&b'"') {
            at += 1;
            loop {
                at += memchr::memchr(b'"', raw.get(at..)?)? + 1;
                if raw.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        let is_end = |&byte: &u8| byte == delimiter || matches!(byte, b'\n' | b'\r');
        at += raw[at..].iter().position(is_end).unwrap_or(raw.len() - at);
        if number == column {
            return Some(start..at);
        }
        if raw.get(at) != Some(&delimiter) {
            return None;
        }
        at += 1;
    }
    None
}
