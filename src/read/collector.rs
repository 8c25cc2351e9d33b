//! The records of one file → documents with ids, and what is said of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Note;
use super::adapter::Batch;
use super::record::Finished;
use crate::document::Document;

/// Takes the records of a file in their order.
///
/// A document without an id of its own gets the path, with the record's
/// number behind it if the file has several. So the first is held back until
/// there is a second.
pub(crate) struct Collector<'a> {
    path: &'a str,
    /// The same, for every document.
    shared_path: Arc<str>,
    records: u64,
    held: Option<Document>,
    odd_dates: u64,
    first_odd_date: Option<(Option<u64>, String)>,
    /// For each remark on records how many it is on, and the line of the first.
    remarks: BTreeMap<&'static str, (u64, Option<u64>)>,
}

/// One record, as far as it was understood.
pub(crate) struct Parsed {
    /// Its line, or its number in a file without lines.
    pub(crate) line: Option<u64>,
    /// What it is, or the reason why it is none.
    pub(crate) result: Result<Finished, String>,
}

impl<'a> Collector<'a> {
    /// For the file called `path`.
    pub(crate) fn new(path: &'a str) -> Self {
        Self {
            path,
            shared_path: path.into(),
            records: 0,
            held: None,
            odd_dates: 0,
            first_odd_date: None,
            remarks: BTreeMap::new(),
        }
    }

    /// The same behind so many records that somebody else takes.
    #[cfg(feature = "arrow")]
    pub(crate) fn behind(path: &'a str, records: u64) -> Self {
        Self { records, ..Self::new(path) }
    }

    /// The number of records so far, bad ones among them.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Takes the next record.
    pub(crate) fn take(&mut self, parsed: Parsed, batch: &mut Batch<'_>) {
        let Parsed { line, result } = parsed;
        self.records += 1;
        if self.records == 2 {
            self.release(batch);
        }
        let finished = match result {
            Ok(finished) => finished,
            Err(reason) => return batch.skip_record(self.path, line, reason),
        };
        let mut document = finished.document;
        document.path = Arc::clone(&self.shared_path);
        document.line = line;
        document.record = self.records;
        if let Some(remark) = finished.remark {
            self.remarks.entry(remark).or_insert((0, line)).0 += 1;
        }
        if let Some(text) = finished.odd_date {
            self.odd_dates += 1;
            self.first_odd_date.get_or_insert((line, text));
        }
        if !document.id.is_empty() {
            batch.push(document);
        } else if self.records == 1 {
            self.held = Some(document);
        } else {
            document.id = format!("{}#{}", self.path, self.records);
            batch.push(document);
        }
    }

    /// Counts records that were lost behind one that was said to be.
    #[cfg(feature = "parquet")]
    pub(crate) fn pass(&mut self, count: u64) {
        self.records = self.records.saturating_add(count);
    }

    /// There are no more records.
    pub(crate) fn finish(mut self, batch: &mut Batch<'_>) {
        if let Some(mut document) = self.held.take() {
            document.id = self.path.to_owned();
            batch.push(document);
        }
        for (remark, (count, line)) in self.remarks {
            let text =
                if self.records > 1 { format!("{remark} (records: {count})") } else { remark.to_owned() };
            batch.notes.push(Note { path: self.path.to_owned(), line, text });
        }
        if let Some((line, text)) = self.first_odd_date {
            batch.notes.push(Note {
                path: self.path.to_owned(),
                line,
                text: format!(
                    "publication dates not understood: {}, the first is \"{}\"; RFC 3339 always is",
                    self.odd_dates,
                    text.escape_debug()
                ),
            });
            batch.unread_dates += self.odd_dates;
        }
    }

    /// The first record is one of several.
    pub(crate) fn release(&mut self, batch: &mut Batch<'_>) {
        if let Some(mut document) = self.held.take() {
            document.id = format!("{}#1", self.path);
            batch.push(document);
        }
    }
}
