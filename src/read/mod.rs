//! Bytes of files → documents.
//!
//! [`read_paths`] finds the files that the paths of a command name, tells the
//! format of each by its content, then by its name, and has the adapter of
//! the format turn it into [`Document`]s. Nothing is altered and nothing is
//! left out in silence: what is no document is in [`ReadOutcome::skipped`]
//! with the reason.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `input.rs` | what PATHs mean |
//! | `again.rs` | the inputs once more, as they are, for what is written in their form |
//! | `open.rs`, `meter.rs` | one input to its documents; what it may expand to |
//! | `format.rs` | which formats there are and how each is recognised |
//! | `adapter.rs` | what an adapter is |
//! | `plain.rs`, `jsonl.rs`, `json.rs`, `table.rs` | one adapter each |
//! | `page.rs` | the adapter of web pages |
//! | `page_claims.rs`, `page_title.rs`, `json_ld.rs` | what a page says about its article |
//! | `parquet.rs`, `parquet_columns.rs` | the adapter of Parquet, and its wanted columns |
//! | `html_text.rs` | all text of HTML |
//! | `xml.rs`, `feed.rs`, `news.rs`, `wire_archive.rs`, `wiki.rs` | the adapter of XML, and its four kinds |
//! | `wikitext.rs` | the text of a wiki page without its markup |
//! | `xml_items.rs`, `xml_tree.rs` | items of XML out of a stream; one of them |
//! | `mail.rs`, `mailbox.rs`, `message.rs` | the adapter of messages, a mailbox, one of them |
//! | `subtitles.rs` | the adapter of SRT and WebVTT |
//! | `warc.rs`, `warc_records.rs`, `http.rs` | the adapter of crawls, their records, what servers answer |
//! | `compressed.rs`, `tar_archive.rs`, `zip_archive.rs` | adapters for what is packed |
//! | `json_shape.rs`, `json_elements.rs` | the records of a JSON document |
//! | `zstd_frames.rs` | a zstd file as a stream |
//! | `collector.rs` | records of a file to documents with ids |
//! | `blocks.rs`, `json_object.rs` | lines in blocks; one JSON object |
//! | `json_walk.rs`, `json_scan.rs` | the quick way through a JSON object |
//! | `json_repair.rs` | halves of surrogate pairs in one |
//! | `fields.rs`, `field_names.rs`, `record.rs` | names of fields; a record of them → a document |
//! | `encoding.rs`, `guess.rs`, `declared.rs` | bytes → text |
//! | `source.rs`, `address.rs` | the publisher's name, and the address of a page, in one form |
//! | `dated_address.rs` | the day that the address of a page names |
//! | `families.rs` | publishers with several hosts |
//!
//! A new format is one file with an adapter, and its recognition in
//! `format.rs`. One that wraps another (compression, archives) calls the
//! adapter of what is inside.

mod adapter;
pub mod address;
#[cfg(feature = "cli")]
pub(crate) mod again;
mod blocks;
mod collector;
mod compressed;
mod dated_address;
pub(crate) mod declared;
mod encoding;
mod families;
mod feed;
pub(crate) mod fields;
mod format;
mod guess;
pub(crate) mod html_text;
mod http;
mod input;
mod json;
pub(crate) mod json_elements;
mod json_ld;
mod json_object;
pub(crate) mod json_repair;
pub(crate) mod json_scan;
pub(crate) mod json_shape;
mod json_walk;
mod jsonl;
mod mail;
mod mailbox;
mod message;
mod meter;
mod news;
mod open;
mod page;
mod page_claims;
mod page_title;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "parquet")]
mod parquet_columns;
mod plain;
mod record;
pub mod source;
mod subtitles;
pub(crate) mod table;
mod tar_archive;
mod warc;
mod warc_records;
mod wiki;
mod wikitext;
mod wire_archive;
mod xml;
mod xml_items;
mod xml_tree;
mod zip_archive;
mod zstd_frames;

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

pub use self::families::Families;
pub use self::fields::{Field, FieldMap};
pub use self::format::Format;

use self::adapter::{Batch, Context};
use self::fields::FieldTree;
use self::input::Input;
use self::open::{Source, read_input, read_source};
use crate::document::{Document, Skipped};
use crate::error::Error;

/// Largest document that can be read, in bytes: offsets of tokens have 32 bits.
pub const MAX_DOCUMENT_BYTES: u64 = u32::MAX as u64 - 1;

/// Bytes of files read at the same time. Larger files are read alone, and
/// those of several documents in parallel within.
const GROUP_BYTES: u64 = 64 << 20;

/// Files read at the same time.
const GROUP_FILES: usize = 1024;

/// What a reader may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Where the fields of records are found.
    pub fields: FieldMap,
    /// Bytes that one document, or the record it comes from, may have.
    pub max_document_bytes: u64,
    /// Which publishers have several hosts or names.
    pub families: Families,
    /// Further paths, whose documents are the other side of a comparison
    /// ([`Document::is_against`]); what both name is not of that side.
    pub against: Vec<String>,
}

impl Default for ReadOptions {
    /// The names that feeds use, and documents of up to 1 GiB.
    fn default() -> Self {
        Self {
            fields: FieldMap::default(),
            max_document_bytes: 1 << 30,
            families: Families::default(),
            against: Vec::new(),
        }
    }
}

/// Is told how far the reading is. `()` does not listen.
pub trait Progress: Sync {
    /// So many bytes are to be read, as far as the sizes are known.
    fn expect(&self, bytes: u64);

    /// So many more were read.
    fn advance(&self, bytes: u64);
}

impl Progress for () {
    fn expect(&self, _: u64) {}

    fn advance(&self, _: u64) {}
}

/// Something a user should know of a file that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file.
    pub path: String,
    /// The line in it, counted from 1, where it applies.
    pub line: Option<u64>,
    /// What to know.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOutcome {
    /// The documents, in the order of the inputs; their ids may collide.
    pub documents: Vec<Document>,
    /// What did not become a document, by path and line.
    pub skipped: Vec<Skipped>,
    /// What was read with reservations, by path and line: replaced
    /// characters, dates that were not understood, files named twice.
    pub notes: Vec<Note>,
    /// Bytes read.
    pub bytes: u64,
    /// How many of `skipped` are records of files that were read otherwise.
    pub bad_records: u64,
    /// Documents whose publication date was not understood.
    pub unread_dates: u64,
}

/// Reads the documents of all `paths`: files, directories (all files below
/// them), globs, or `-` for standard input.
///
/// A document's id is the id its record gives, else its path, with `#n` in a
/// file of several records, where n counts the records of the file from 1
/// (blank lines are none, bad records are some). A file of several whose lines
/// are all bad, or that is empty, is read and holds nothing; another empty
/// file is a document with an empty text.
///
/// # Errors
///
/// A path that does not exist, a glob that matches nothing, a file named by
/// the user that cannot be opened, and paths in which no file could be read.
pub fn read_paths(
    paths: &[String],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<ReadOutcome, Error> {
    let mut documents = Vec::new();
    let outcome = read_paths_to(paths, options, progress, &mut |read| {
        match documents.is_empty() {
            true => documents = read,
            false => documents.extend(read),
        }
        ControlFlow::Continue(())
    })?;
    Ok(ReadOutcome { documents, ..outcome })
}

/// [`read_paths`], handing on the documents while it reads, in the order of
/// the inputs: what is in memory is the file or the block being read. The
/// outcome has no documents then. Once `outlet` breaks off, the reading ends,
/// and the outcome is that of what was read.
///
/// # Errors
///
/// Those of [`read_paths`].
pub fn read_paths_to(
    paths: &[String],
    options: &ReadOptions,
    progress: &dyn Progress,
    outlet: &mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send),
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    read_inputs_to(input::find(paths, &options.against)?, paths, options, (progress, outlet))
}

/// [`read_paths_to`] of standard input, which was kept in `file`.
#[cfg(feature = "cli")]
pub(crate) fn read_kept_stdin_to(
    file: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
    outlet: &mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send),
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    let paths = [input::STDIN.to_owned()];
    let found = input::find(&paths, &[])?;
    read_inputs_to(found.with_stdin_in(file), &paths, options, (progress, outlet))
}

/// Where documents are handed to.
type Outlet<'o> = &'o mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send);

fn read_inputs_to(
    found: input::Inputs,
    paths: &[String],
    options: &ReadOptions,
    (progress, outlet): (&dyn Progress, Outlet<'_>),
) -> Result<ReadOutcome, Error> {
    let (is_stopped, is_against) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut outlet = |mut documents: Vec<Document>| {
        options.families.apply(&mut documents);
        if is_against.load(Ordering::Relaxed) {
            documents.iter_mut().for_each(|document| document.is_against = true);
        }
        if !is_stopped.load(Ordering::Relaxed) && outlet(documents).is_break() {
            is_stopped.store(true, Ordering::Relaxed);
        }
    };
    progress.expect(found.inputs.iter().filter_map(|input| input.size).sum());
    let tree = options.fields.tree();
    let context = options.context(&tree, progress, &is_stopped);
    let mut outcome = ReadOutcome { skipped: found.skipped, notes: found.notes, ..ReadOutcome::default() };
    let mut read_files = 0;
    for group in groups(&found.inputs) {
        if is_stopped.load(Ordering::Relaxed) {
            return Ok(outcome);
        }
        if let [input] = group {
            is_against.store(input.is_against, Ordering::Relaxed);
            let (batch, is_read) = read_input(input, &context, Some(&mut outlet))?;
            read_files += u64::from(is_read);
            outcome.add(batch);
            continue;
        }
        let batches: Vec<Result<(Batch<'_>, bool), Error>> =
            group.par_iter().map(|input| read_input(input, &context, None)).collect();
        for (batch, input) in batches.into_iter().zip(group) {
            let (mut batch, is_read) = batch?;
            read_files += u64::from(is_read);
            is_against.store(input.is_against, Ordering::Relaxed);
            outlet(std::mem::take(&mut batch.documents));
            outcome.add(batch);
        }
    }
    outcome.skipped.sort();
    outcome.notes.sort();
    if read_files == 0 {
        return Err(nothing_read(paths, &outcome.skipped));
    }
    Ok(outcome)
}

/// Reads the documents of one stream of bytes, as those of a file called
/// `path`: its name counts where the content leaves the format open.
///
/// # Errors
///
/// Options out of range. What cannot be read is in [`ReadOutcome::skipped`].
pub fn read_stream<'a>(
    path: &'a str,
    stream: impl Read + Send + 'a,
    options: &ReadOptions,
    progress: &'a dyn Progress,
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    let tree = options.fields.tree();
    let mut batch = Batch::default();
    let source = Source { path, size: None, file: None };
    let is_stopped = AtomicBool::new(false);
    read_source(&source, stream, &options.context(&tree, progress, &is_stopped), &mut batch);
    let mut documents = std::mem::take(&mut batch.documents);
    options.families.apply(&mut documents);
    let mut outcome = ReadOutcome { documents, ..ReadOutcome::default() };
    outcome.add(batch);
    outcome.skipped.sort();
    outcome.notes.sort();
    Ok(outcome)
}

/// Where a record stands in a file of several, as an engine that cuts files
/// into lines knows it.
#[cfg(feature = "arrow")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordAt {
    /// Its line, counted from 1, blank ones among them.
    pub(crate) line: u64,
    /// Its number among the records, counted from 1.
    pub(crate) record: u64,
    /// Whether the file has no other.
    pub(crate) is_alone: bool,
}

/// Reads single lines of files as [`read_stream`] would read the files.
#[cfg(feature = "arrow")]
#[derive(Debug)]
pub(crate) struct Records {
    options: ReadOptions,
    tree: FieldTree,
}

#[cfg(feature = "arrow")]
impl Records {
    /// A reader with these options.
    pub(crate) fn new(options: ReadOptions) -> Self {
        let tree = options.fields.tree();
        Self { options, tree }
    }

    /// The options.
    pub(crate) fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// Reads one line of JSON Lines, a part of the file called `path`.
    pub(crate) fn read(&self, path: &str, line: &[u8], at: RecordAt) -> ReadOutcome {
        let is_stopped = AtomicBool::new(false);
        let context = self.options.context(&self.tree, &(), &is_stopped);
        let mut batch = Batch::default();
        jsonl::read_line(path, line, at, &context, &mut batch);
        let mut documents = std::mem::take(&mut batch.documents);
        self.options.families.apply(&mut documents);
        let mut outcome = ReadOutcome { documents, ..ReadOutcome::default() };
        outcome.add(batch);
        outcome
    }
}

impl ReadOptions {
    fn validate(&self) -> Result<(), Error> {
        if (1..=MAX_DOCUMENT_BYTES).contains(&self.max_document_bytes) {
            return Ok(());
        }
        let range = format!("1 to {MAX_DOCUMENT_BYTES} bytes");
        Err(Error::param("max-document-bytes", self.max_document_bytes.to_string(), range))
    }

    fn context<'a>(
        &'a self,
        tree: &'a FieldTree,
        progress: &'a dyn Progress,
        is_stopped: &'a AtomicBool,
    ) -> Context<'a> {
        let max_document_bytes = self.max_document_bytes;
        Context { fields: &self.fields, tree, max_document_bytes, progress, is_stopped }
    }
}

impl ReadOutcome {
    /// Adds what was said of a file, apart from its documents.
    fn add(&mut self, batch: Batch<'_>) {
        self.bad_records += batch.bad_records;
        self.skipped.extend(batch.skipped);
        self.notes.extend(batch.notes);
        self.bytes += batch.bytes;
        self.unread_dates += batch.unread_dates;
    }
}

/// Runs of inputs to read at the same time, bounded in bytes and number. One
/// without a known size, or too large, is alone.
fn groups(inputs: &[Input]) -> Vec<&[Input]> {
    let mut groups = Vec::new();
    let (mut start, mut bytes) = (0, 0u64);
    for (index, input) in inputs.iter().enumerate() {
        bytes = bytes.saturating_add(input.size.unwrap_or(u64::MAX));
        if index > start && (bytes > GROUP_BYTES || index - start == GROUP_FILES) {
            groups.push(&inputs[start..index]);
            start = index;
            bytes = input.size.unwrap_or(u64::MAX);
        }
    }
    if start < inputs.len() {
        groups.push(&inputs[start..]);
    }
    groups
}

fn nothing_read(paths: &[String], skipped: &[Skipped]) -> Error {
    let named = paths.first().map_or("the input", String::as_str);
    let others = match paths.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let why = match skipped.first() {
        Some(first) => format!("{} skipped, the first is {}: {}", skipped.len(), first.path, first.reason),
        None => "no path was given".to_owned(),
    };
    Error::format(Path::new(named), None, format!("no readable documents here{others}; {why}"))
}

#[cfg(test)]
mod tests;
