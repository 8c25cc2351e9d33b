//! JSON Lines: one object a line, each a document.
//!
//! The file is read in blocks that end with a line (see `blocks.rs`); while
//! one block is parsed, in parallel and in order, the documents of the one before
//! are handed on and the next is read. Memory is two blocks and the documents, or
//! the longest line where that is more; a line over the limit is passed over
//! without being kept. Cost is linear.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::blocks::{Block, Blocks};
use super::object;
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding::declared;
use crate::read::record::Finished;
use crate::read::source::Publishers;

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
        let mut taken = Taken { lines: 0, collector: Collector::new(path) };
        let result = taken.take_all(&Parser { context }, blocks.expecting(size), batch);
        taken.collector.finish(batch);
        result
    }
}

/// Reads one line of the file called `path`.
#[cfg(feature = "arrow")]
pub(crate) fn read_line(
    path: &str,
    line: &[u8],
    at: crate::read::RecordAt,
    context: &Context<'_>,
    batch: &mut Batch<'_>,
) {
    let mut collector = Collector::behind(path, at.record.saturating_sub(1));
    let line = line.trim_ascii();
    if !line.is_empty() {
        let result = Parser { context }.parse_line(line, &mut Tools::default());
        collector.take(Parsed { line: Some(at.line), result }, batch);
    }
    if !at.is_alone {
        collector.release(batch);
    }
    collector.finish(batch);
}

/// What was taken of a file.
struct Taken<'a> {
    lines: u64,
    collector: Collector<'a>,
}

impl Taken<'_> {
    /// Has block after block parsed, and meanwhile takes the one before and reads
    /// the one behind.
    fn take_all(
        &mut self,
        parser: &Parser<'_>,
        mut blocks: Blocks<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), String> {
        let mut next = blocks.next(Block::default());
        let mut spare = Block::default();
        let mut parsed = ParsedBlock::default();
        while let Ok(Some(block)) = next {
            let before = std::mem::take(&mut parsed);
            let take_and_read = || {
                self.take_block(before, parser.limit(), batch);
                blocks.next(std::mem::take(&mut spare))
            };
            (parsed, next) = rayon::join(|| parser.parse(&block), take_and_read);
            spare = block;
        }
        self.take_block(parsed, parser.limit(), batch);
        let ended = next.map_err(|error| format!("{} after line {}", unreadable(&error), self.lines));
        ended.map(drop)
    }

    /// Takes the records of a block, and what is said of a line behind them that was
    /// not kept as it is longer than `limit`.
    fn take_block(&mut self, block: ParsedBlock, limit: u64, batch: &mut Batch<'_>) {
        block.chunks.into_iter().for_each(|chunk| self.take(chunk, batch));
        if let Some(size) = block.oversized_line {
            self.lines += 1;
            let result = Err(too_large(Some(size), limit));
            self.collector.take(Parsed { line: Some(self.lines), result }, batch);
        }
        batch.flush();
    }

    /// Takes a chunk, whose lines count from its own beginning.
    fn take(&mut self, chunk: Chunk, batch: &mut Batch<'_>) {
        for (line, result) in chunk.records {
            self.collector.take(Parsed { line: Some(self.lines + line), result }, batch);
        }
        self.lines += chunk.lines;
    }
}

/// Makes records of lines.
struct Parser<'a> {
    context: &'a Context<'a>,
}

impl Parser<'_> {
    fn parse(&self, block: &Block) -> ParsedBlock {
        let chunks = chunks_of_lines(block.lines());
        let chunks = chunks.par_iter().map(|lines| self.parse_chunk(lines)).collect();
        ParsedBlock { chunks, oversized_line: block.oversized_line }
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
        let mut record = object::read(&line, self.context.tree, &mut tools.scratch)?;
        record.note(remark);
        record.finish(&mut tools.publishers).map_err(|trouble| trouble.reason(self.context.fields))
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

/// What a block gave.
#[derive(Default)]
struct ParsedBlock {
    chunks: Vec<Chunk>,
    /// The length of a line behind it that was too long to be kept.
    oversized_line: Option<u64>,
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
