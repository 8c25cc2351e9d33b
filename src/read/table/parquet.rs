//! Parquet: rows kept as columns, read through the `parquet` crate.
//!
//! Columns are found by the names of fields, as in JSON Lines, and no other
//! column is read or unpacked (`parquet/columns.rs`). Groups of rows are read
//! one after the other, some rows of all wanted columns at a time, so memory
//! is a page of each wanted column and those rows; an index at the end of the
//! file says where they are, so one in a stream is held in memory. A group
//! that is damaged costs the rows behind the damage and is named.

mod columns;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};

use self::columns::{Cell, Column, Columns, Values};
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::meter::Meter;
use crate::read::record::{Finished, Record};
use crate::read::source::Publishers;

/// Rows read at a time, where they are not long.
const BATCH_ROWS: u64 = 1024;

/// Bytes of the wanted columns of the rows read at a time, as far as the
/// file's own index is right.
const BATCH_BYTES: u64 = 16 << 20;

/// Rows that become documents as one task.
const TASK_ROWS: usize = 16;

/// The adapter.
pub(crate) struct Parquet;

impl Adapter for Parquet {
    fn read(
        &self,
        content: Content<'_>,
        context: &Context<'_>,
        batch: &mut Batch<'_>,
    ) -> std::result::Result<(), String> {
        let (path, meter) = (content.path, content.meter);
        let chunks = Chunks::open(content)?;
        let read = Arc::clone(&chunks.read);
        let file = guarded(|| SerializedFileReader::new(chunks))
            .map_err(|error| format!("the Parquet file is cut off or damaged ({error}); fetch it again"))?;
        let columns = Columns::new(file.metadata().file_metadata().schema_descr(), context)?;
        let mut rows = Rows { context, meter, columns: &columns, collector: Collector::new(path), row: 0 };
        for group in 0..file.num_row_groups() {
            let count = u64::try_from(file.metadata().row_group(group).num_rows()).unwrap_or(0);
            let behind = rows.row.saturating_add(count);
            if context.is_stopped.load(Ordering::Relaxed) {
                break;
            }
            let result = guarded(|| rows.read_group(&file, group, behind, batch));
            let new = read.swap(0, Ordering::Relaxed);
            meter.add_read(new);
            context.progress.advance(new);
            if let Err(error) = result {
                rows.lose(behind, &error, batch);
            }
        }
        rows.collector.finish(batch);
        Ok(())
    }
}

/// The rows of one file.
struct Rows<'a> {
    context: &'a Context<'a>,
    meter: &'a Meter,
    columns: &'a Columns<'a>,
    collector: Collector<'a>,
    /// How many were read.
    row: u64,
}

impl Rows<'_> {
    /// The rows of one group, which ends before the row `behind`.
    fn read_group(
        &mut self,
        file: &SerializedFileReader<Chunks>,
        group: usize,
        behind: u64,
        batch: &mut Batch<'_>,
    ) -> Result<()> {
        let mut values = self.columns.open(file, group)?;
        let bytes = self.columns.unpacked_bytes(file, group);
        let count = behind.saturating_sub(self.row).max(1);
        let at_a_time = (BATCH_BYTES / (bytes / count).max(1)).clamp(1, BATCH_ROWS);
        while self.row < behind {
            let count = (behind - self.row).min(at_a_time) as usize;
            let cells: Vec<Vec<Cell>> = values
                .par_iter_mut()
                .map(|values: &mut Values<'_>| values.read(count))
                .collect::<Result<_>>()?;
            let bytes: usize = cells.iter().flatten().map(Cell::len).sum();
            self.meter.expand(bytes as u64).map_err(|error| ParquetError::General(error.to_string()))?;
            let parsed: Vec<std::result::Result<Finished, String>> = (0..count)
                .into_par_iter()
                .with_min_len(TASK_ROWS)
                .map_init(Publishers::default, |publishers, row| self.document(&cells, row, publishers))
                .collect();
            for result in parsed {
                self.row += 1;
                self.collector.take(Parsed { line: Some(self.row), result }, batch);
            }
            batch.flush();
        }
        Ok(())
    }

    fn document(
        &self,
        cells: &[Vec<Cell>],
        row: usize,
        publishers: &mut Publishers,
    ) -> std::result::Result<Finished, String> {
        let limit = self.context.max_document_bytes;
        let mut record = Record::default();
        self.columns.odd.iter().for_each(|&(wanted, kind)| record.put_odd(wanted, kind));
        for (Column { wanted, .. }, cells) in self.columns.wanted.iter().zip(cells) {
            let cell = &cells[row];
            if cell.len() as u64 > limit {
                return Err(too_large(Some(cell.len() as u64), limit));
            }
            cell.put(wanted, &mut record);
        }
        record.finish(publishers).map_err(|trouble| trouble.reason(self.context.fields))
    }

    /// Says that the rows of a group from here on cannot be read.
    fn lose(&mut self, behind: u64, error: &ParquetError, batch: &mut Batch<'_>) {
        let first = self.row + 1;
        let rows = if behind > first { format!("rows {first} to {behind}") } else { format!("row {first}") };
        let result = Err(format!("{rows} cannot be read ({error}); fetch the file again"));
        self.collector.take(Parsed { line: Some(first), result }, batch);
        self.collector.pass(behind.saturating_sub(first));
        self.row = behind.max(self.row);
    }
}

/// What `work` gives. The crate checks most of what a file claims, and panics
/// at some of the rest.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ParquetError::General("its index contradicts its pages".to_owned())))
}

/// The bytes of a file, from disk or held in memory.
pub(crate) struct Chunks {
    bytes: Held,
    len: u64,
    /// How many were read and not yet counted.
    read: Arc<AtomicU64>,
}

enum Held {
    /// Columns are read at the same time, and a file has one position.
    OnDisk(Arc<Mutex<File>>),
    InMemory(Bytes),
}

impl Chunks {
    fn open(content: Content<'_>) -> std::result::Result<Self, String> {
        let read = Arc::default();
        let Some(path) = content.file else {
            let bytes = Bytes::from(content.into_held("Parquet file")?);
            return Ok(Self { len: bytes.len() as u64, bytes: Held::InMemory(bytes), read });
        };
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let len = file.metadata().map_err(|error| unreadable(&error))?.len();
        Ok(Self { len, bytes: Held::OnDisk(Arc::new(Mutex::new(file))), read })
    }

    /// The bytes from `start` on, of which there must be `length`.
    fn at(&self, start: u64, length: u64) -> Result<Box<dyn Read + Send>> {
        if start.checked_add(length).is_none_or(|end| end > self.len) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at byte {start} of a file of {} bytes",
                self.len
            )));
        }
        match &self.bytes {
            Held::OnDisk(file) => {
                let (file, read) = (Arc::clone(file), Arc::clone(&self.read));
                Ok(Box::new(FromDisk { file, at: start, read }))
            }
            Held::InMemory(bytes) => Ok(Box::new(bytes.slice(start as usize..).reader())),
        }
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<Box<dyn Read + Send>>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(self.at(start, 0)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let chunk = self.at(start, length as u64)?;
        if let Held::InMemory(bytes) = &self.bytes {
            return Ok(bytes.slice(start as usize..start as usize + length));
        }
        let mut bytes = Vec::with_capacity(length);
        chunk.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("the file ends {} bytes too early", length - bytes.len())));
        }
        Ok(bytes.into())
    }
}

/// The bytes of a file from a place on, counted.
struct FromDisk {
    file: Arc<Mutex<File>>,
    at: u64,
    read: Arc<AtomicU64>,
}

impl Read for FromDisk {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // A panic elsewhere does no harm to a file whose position is set here.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.read(buffer)?;
        self.at += count as u64;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
