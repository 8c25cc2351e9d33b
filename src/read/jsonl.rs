//! JSON Lines: one object a line, each a document.
//!
//! The file is read in blocks that end with a line (see `blocks.rs`); while
//! one block is parsed, in parallel and in order, the next is read. Memory is
//! two blocks and the documents, or the longest line where that is more; a
//! line over the limit is passed over without being kept. Cost is linear.

use std::io::Read;
use std::sync::Arc;

use encoding_rs::UTF_8;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use super::blocks::{Block, Blocks};
use super::encoding::{self, ToUtf8};
use super::source::Publishers;
use super::{Note, json_object};
use crate::document::{Document, Skipped};

/// Bytes parsed as one task: some hundred records, so that starting a task
/// costs nothing beside it and few tasks still keep all threads busy.
const CHUNK_LEN: usize = 128 << 10;

/// The adapter. Blank lines are ignored; a line that cannot be read is a bad
/// record: skipped with its number and the reason.
pub(crate) struct JsonLines;

impl Adapter for JsonLines {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch) -> Result<(), String> {
        let Content { path, mut head, rest, size } = content;
        let announced = encoding::announced(&head)?;
        let start = announced.map_or(0, |(_, mark_len)| mark_len);
        batch.bytes += start as u64;
        head.drain(..start);
        let limit = context.max_document_bytes;
        let encoding = announced.map(|(encoding, _)| encoding).filter(|&encoding| encoding != UTF_8);
        let blocks = match encoding {
            Some(encoding) => {
                let encoded = std::io::Cursor::new(head).chain(rest);
                Blocks::new(Vec::new(), Box::new(ToUtf8::new(encoded, encoding)), limit)
            }
            None => Blocks::new(head, rest, limit),
        };
        let mut file = File::new(path, context);
        let result = file.read_all(blocks.expecting(size), batch);
        file.finish(batch);
        if let (Some(_), Some(size), Ok(())) = (encoding, size, &result) {
            // The blocks were counted as UTF-8.
            batch.bytes = size;
        }
        result
    }
}

/// The state of reading one file.
struct File<'a> {
    path: &'a str,
    /// The same, for every document.
    shared_path: Arc<str>,
    context: &'a Context<'a>,
    lines: u64,
    records: u64,
    /// Documents without an id of their own and the number of their record.
    unnamed: Vec<(usize, u64)>,
    odd_dates: u64,
    first_odd_date: Option<(u64, String)>,
}

impl<'a> File<'a> {
    fn new(path: &'a str, context: &'a Context<'a>) -> Self {
        Self {
            path,
            shared_path: path.into(),
            context,
            lines: 0,
            records: 0,
            unnamed: Vec::new(),
            odd_dates: 0,
            first_odd_date: None,
        }
    }

    /// Parses block after block, reading one ahead.
    fn read_all(&mut self, mut blocks: Blocks<'_>, batch: &mut Batch) -> Result<(), String> {
        let mut next = blocks.next(Vec::new());
        let mut spare = Vec::new();
        loop {
            let block = match next {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(()),
                Err(error) => return Err(format!("{} after line {}", unreadable(&error), self.lines)),
            };
            let parse = || self.parse(&block);
            let (chunks, read) = rayon::join(parse, || blocks.next(std::mem::take(&mut spare)));
            next = read;
            batch.bytes += block.read_bytes;
            self.context.progress.advance(block.read_bytes);
            chunks.into_iter().for_each(|chunk| self.take(chunk, batch));
            if let Some(size) = block.oversized_line {
                self.lines += 1;
                self.records += 1;
                batch.skipped.push(self.skipped(self.lines, too_large(Some(size), self.limit())));
            }
            spare = block.lines;
        }
    }

    fn parse(&self, block: &Block) -> Vec<Chunk> {
        let chunks = chunks_of_lines(&block.lines);
        chunks.par_iter().map(|lines| self.parse_chunk(lines)).collect()
    }

    fn parse_chunk(&self, lines: &[u8]) -> Chunk {
        let mut chunk = Chunk::default();
        let mut tools = Tools::default();
        let mut start = 0;
        while start < lines.len() {
            let end = memchr::memchr(b'\n', &lines[start..]).map_or(lines.len(), |length| start + length);
            chunk.lines += 1;
            let line = lines[start..end].trim_ascii();
            if !line.is_empty() {
                chunk.records += 1;
                if let Err(reason) = self.parse_line(line, &mut tools, &mut chunk) {
                    chunk.skipped.push((chunk.lines, reason));
                }
            }
            start = end + 1;
        }
        chunk
    }

    fn parse_line(&self, line: &[u8], tools: &mut Tools, chunk: &mut Chunk) -> Result<(), String> {
        if line.len() as u64 > self.limit() {
            return Err(too_large(Some(line.len() as u64), self.limit()));
        }
        let line = std::str::from_utf8(line).map_err(|error| {
            format!("not UTF-8 at byte {} of the line; convert the file to UTF-8", error.valid_up_to() + 1)
        })?;
        let record = json_object::read(line, self.context.tree, &mut tools.scratch)?;
        let finished =
            record.finish(&mut tools.publishers).map_err(|trouble| trouble.reason(self.context.fields))?;
        let mut document = finished.document;
        document.path = Arc::clone(&self.shared_path);
        document.line = Some(chunk.lines);
        if document.id.is_empty() {
            chunk.unnamed.push((chunk.documents.len(), chunk.records));
        }
        if let Some(text) = finished.odd_date {
            chunk.odd_dates += 1;
            chunk.first_odd_date.get_or_insert((chunk.lines, text));
        }
        chunk.documents.push(document);
        Ok(())
    }

    /// Adds a chunk, whose numbers count from its own beginning.
    fn take(&mut self, mut chunk: Chunk, batch: &mut Batch) {
        let offset = batch.documents.len();
        chunk.documents.iter_mut().for_each(|document| *document.line.get_or_insert(0) += self.lines);
        batch.documents.append(&mut chunk.documents);
        self.unnamed.extend(chunk.unnamed.iter().map(|(index, n)| (offset + index, self.records + n)));
        let skipped = chunk.skipped.into_iter().map(|(line, reason)| self.skipped(self.lines + line, reason));
        batch.skipped.extend(skipped);
        self.odd_dates += chunk.odd_dates;
        if self.first_odd_date.is_none() {
            self.first_odd_date = chunk.first_odd_date.map(|(line, text)| (self.lines + line, text));
        }
        self.lines += chunk.lines;
        self.records += chunk.records;
    }

    /// Gives ids to the documents that have none, which needs the number of
    /// records: the path alone if there is one, else with the record's
    /// number.
    fn finish(self, batch: &mut Batch) {
        let documents: &mut [Document] = &mut batch.documents;
        for (index, n) in self.unnamed {
            documents[index].id =
                if self.records == 1 { self.path.to_owned() } else { format!("{}#{n}", self.path) };
        }
        if let Some((line, text)) = self.first_odd_date {
            batch.notes.push(Note {
                path: self.path.to_owned(),
                line: Some(line),
                text: format!(
                    "publication dates not understood: {}, the first is \"{}\"; RFC 3339 always is",
                    self.odd_dates,
                    text.escape_debug()
                ),
            });
            batch.unread_dates += self.odd_dates;
        }
    }

    fn skipped(&self, line: u64, reason: String) -> Skipped {
        Skipped { path: self.path.to_owned(), line: Some(line), document: None, reason }
    }

    fn limit(&self) -> u64 {
        self.context.max_document_bytes
    }
}

/// What serves one record after the other.
#[derive(Default)]
struct Tools {
    /// Where strings with escapes are put together.
    scratch: String,
    publishers: Publishers,
}

/// What one run of lines gave; numbers count from its beginning.
#[derive(Default)]
struct Chunk {
    documents: Vec<Document>,
    unnamed: Vec<(usize, u64)>,
    skipped: Vec<(u64, String)>,
    lines: u64,
    records: u64,
    odd_dates: u64,
    first_odd_date: Option<(u64, String)>,
}

/// Cuts `lines` into runs of whole lines of about [`CHUNK_LEN`].
fn chunks_of_lines(lines: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::with_capacity(lines.len() / CHUNK_LEN + 1);
    let mut rest = lines;
    while rest.len() > CHUNK_LEN {
        let Some(length) = memchr::memchr(b'\n', &rest[CHUNK_LEN..]) else { break };
        let (chunk, behind) = rest.split_at(CHUNK_LEN + length + 1);
        chunks.push(chunk);
        rest = behind;
    }
    chunks.push(rest);
    chunks
}
