//! JSON Lines: one object a line, each a document.
//!
//! The file is read in blocks that end with a line (see `blocks.rs`); while
//! one block is parsed, in parallel and in order, the next is read. Memory is
//! two blocks and the documents, or the longest line where that is more; a
//! line over the limit is passed over without being kept. Cost is linear.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use super::blocks::{Block, Blocks};
use super::collector::{Collector, Parsed};
use super::record::Finished;
use super::source::Publishers;
use super::{declared, json_object};

/// Bytes parsed as one task: some hundred records, so that starting a task
/// costs nothing beside it and few tasks still keep all threads busy.
const CHUNK_LEN: usize = 128 << 10;

/// The adapter. Blank lines are ignored; a line that cannot be read is a bad
/// record: skipped with its number and the reason.
pub(crate) struct JsonLines;

impl Adapter for JsonLines {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let (path, size) = (content.path, content.size);
        let (head, rest) = content.into_utf8()?;
        let blocks = Blocks::new(head, rest, context.max_document_bytes);
        let mut file = File { context, lines: 0, collector: Collector::new(path) };
        let result = file.read_all(blocks.expecting(size), batch);
        file.collector.finish(batch);
        result
    }
}

/// Reads one line of the file called `path`.
#[cfg(feature = "arrow")]
pub(crate) fn read_line(
    path: &str,
    line: &[u8],
    at: super::RecordAt,
    context: &Context<'_>,
    batch: &mut Batch<'_>,
) {
    let mut collector = Collector::behind(path, at.record.saturating_sub(1));
    let line = line.trim_ascii();
    if !line.is_empty() {
        let file = File { context, lines: 0, collector: Collector::new(path) };
        let result = file.parse_line(line, &mut Tools::default());
        collector.take(Parsed { line: Some(at.line), result }, batch);
    }
    if !at.is_alone {
        collector.release(batch);
    }
    collector.finish(batch);
}

/// The state of reading one file.
struct File<'a> {
    context: &'a Context<'a>,
    lines: u64,
    collector: Collector<'a>,
}

impl File<'_> {
    /// Parses block after block, reading one ahead.
    fn read_all(&mut self, mut blocks: Blocks<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let mut next = blocks.next(Block::default());
        let mut spare = Block::default();
        loop {
            let block = match next {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(()),
                Err(error) => return Err(format!("{} after line {}", unreadable(&error), self.lines)),
            };
            let parse = || self.parse(&block);
            let (chunks, read) = rayon::join(parse, || blocks.next(std::mem::take(&mut spare)));
            next = read;
            chunks.into_iter().for_each(|chunk| self.take(chunk, batch));
            if let Some(size) = block.oversized_line {
                self.lines += 1;
                let result = Err(too_large(Some(size), self.limit()));
                self.collector.take(Parsed { line: Some(self.lines), result }, batch);
            }
            batch.flush();
            spare = block;
        }
    }

    fn parse(&self, block: &Block) -> Vec<Chunk> {
        let chunks = chunks_of_lines(block.lines());
        chunks.par_iter().map(|lines| self.parse_chunk(lines)).collect()
    }

    fn parse_chunk(&self, lines: &[u8]) -> Chunk {
        let mut chunk = Chunk::default();
        let mut tools = Tools::default();
        make_room(lines.len().min(2 * CHUNK_LEN));
        let mut start = 0;
        while start < lines.len() {
            let end = memchr::memchr(b'\n', &lines[start..]).map_or(lines.len(), |length| start + length);
            chunk.lines += 1;
            let line = lines[start..end].trim_ascii();
            if !line.is_empty() {
                chunk.records.push((chunk.lines, self.parse_line(line, &mut tools)));
            }
            start = end + 1;
        }
        chunk
    }

    fn parse_line(&self, line: &[u8], tools: &mut Tools) -> Result<Finished, String> {
        if line.len() as u64 > self.limit() {
            return Err(too_large(Some(line.len() as u64), self.limit()));
        }
        let (line, remark) = declared::decode_part(line)?;
        let mut record = json_object::read(&line, self.context.tree, &mut tools.scratch)?;
        record.note(remark);
        record.finish(&mut tools.publishers).map_err(|trouble| trouble.reason(self.context.fields))
    }

    /// Takes a chunk, whose lines count from its own beginning.
    fn take(&mut self, chunk: Chunk, batch: &mut Batch<'_>) {
        for (line, result) in chunk.records {
            self.collector.take(Parsed { line: Some(self.lines + line), result }, batch);
        }
        self.lines += chunk.lines;
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

/// What one run of lines gave.
#[derive(Default)]
struct Chunk {
    /// The records with their lines, which count from its beginning.
    records: Vec<(u64, Result<Finished, String>)>,
    lines: u64,
}

/// Has the allocator take what the records of so many bytes will need from the
/// system at once. Some, glibc's among them, enlarge what a thread has page by page
/// as texts come, with a call of the system for each; what was given back is there.
fn make_room(bytes: usize) {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
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
