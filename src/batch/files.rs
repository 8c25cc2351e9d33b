//! The tables of a report as files of Parquet, a row each.
//!
//! To hand rows of eleven tables on as rows is to have an engine pack them, read
//! them again and write them, in a job for each table. What is in one place anyway is
//! packed there, by the code of the command; whoever gets the files has to put them
//! where they belong, and no more.

use std::path::Path;
use std::sync::mpsc::SyncSender;

use arrow_array::RecordBatch;

use super::rows::{Cell, Column, Kind, Rows, of};
use crate::error::Error;
use crate::render::tables::{TABLES, Table, TableFile};
use crate::report::Report;

/// The columns: the table, the number of the file among all, and its bytes.
pub(super) const FILES: &[Column] =
    &[of("table", Kind::Text), of("number", Kind::Number), of("content", Kind::Bytes)];

/// Bytes from which a file is handed on and another begun: what a reader holds of
/// it at a time.
const FILE_BYTES: usize = 8 << 20;

/// Rows of a group of a file, which are held back until it is written.
const GROUP_ROWS: usize = 1 << 14;

/// Files that are being written.
pub(super) struct Files {
    open: Vec<Open>,
    told: usize,
    file_bytes: usize,
    /// Where they go. That nobody takes them any more is no error: then the task was
    /// ended.
    outlet: SyncSender<RecordBatch>,
}

impl Files {
    /// None yet.
    pub(super) fn new(outlet: SyncSender<RecordBatch>) -> Self {
        let open = TABLES.iter().map(|table| Open { table, is_begun: false, file: None }).collect();
        Self { open, told: 0, file_bytes: FILE_BYTES, outlet }
    }

    /// All rows of these tables.
    pub(super) fn tell(&mut self, names: &[&str], report: &Report) -> Result<(), Error> {
        self.push(names, report)?;
        self.close(names)
    }

    /// More rows of these tables.
    pub(super) fn push(&mut self, names: &[&str], report: &Report) -> Result<(), Error> {
        for at in self.places(names) {
            let open = &mut self.open[at];
            let mut file = open.take_or_begin()?;
            file.push(report).map_err(|error| open.wrong(&error))?;
            if file.bytes_written() < self.file_bytes {
                open.file = Some(file);
            } else {
                self.hand_on(at, file)?;
            }
        }
        Ok(())
    }

    /// The end of these tables; one without a row is a file with its columns.
    pub(super) fn close(&mut self, names: &[&str]) -> Result<(), Error> {
        for at in self.places(names) {
            let open = &mut self.open[at];
            if open.file.is_some() || !open.is_begun {
                let file = open.take_or_begin()?;
                self.hand_on(at, file)?;
            }
        }
        Ok(())
    }

    fn places(&self, names: &[&str]) -> Vec<usize> {
        let is_asked = |at: &usize| names.contains(&self.open[*at].table.name);
        (0..self.open.len()).filter(is_asked).collect()
    }

    fn hand_on(&mut self, at: usize, file: InMemory) -> Result<(), Error> {
        let open = &self.open[at];
        let bytes = file.finish().map_err(|error| open.wrong(&error))?;
        let mut rows = Rows::new(FILES);
        rows.push([Cell::Text(open.table.name), Cell::count(self.told), Cell::Bytes(&bytes)]);
        self.told += 1;
        for batch in rows.finish() {
            let _ = self.outlet.send(batch);
        }
        Ok(())
    }
}

type InMemory = TableFile<'static, Vec<u8>>;

/// One table, and what is being written of it.
struct Open {
    table: &'static Table,
    /// Whether there was a file of it before, or is one.
    is_begun: bool,
    file: Option<InMemory>,
}

impl Open {
    fn take_or_begin(&mut self) -> Result<InMemory, Error> {
        self.is_begun = true;
        match self.file.take() {
            Some(file) => Ok(file),
            None => {
                TableFile::try_new(self.table, Vec::new(), GROUP_ROWS).map_err(|error| self.wrong(&error))
            }
        }
    }

    fn wrong(&self, error: &dyn std::fmt::Display) -> Error {
        Error::format(Path::new(self.table.name), None, format!("cannot be written as Parquet: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use arrow_array::cast::AsArray;

    use super::*;
    use crate::render::sample;

    #[test]
    fn a_table_is_cut_into_files_and_has_one_at_least() {
        let (outlet, batches) = sync_channel(100);
        let mut files = Files { file_bytes: 1, ..Files::new(outlet) };
        let report = sample::report();
        files.push(&["pairs", "passages"], &report).unwrap();
        files.tell(&["pairs", "passages"], &report).unwrap();
        files.tell(&["repeats"], &Report::empty(report.params.clone())).unwrap();
        drop(files);
        let told: Vec<(String, bool)> = batches
            .iter()
            .map(|batch| {
                let content = batch.column(2).as_binary::<i32>().value(0);
                (batch.column(0).as_string::<i32>().value(0).to_owned(), content.ends_with(b"PAR1"))
            })
            .collect();
        let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["pairs", "passages", "pairs", "passages", "repeats"]);
        assert!(told.iter().all(|(_, is_whole)| *is_whole));
    }
}
