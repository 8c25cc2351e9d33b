//! A stream in blocks of whole lines.

use std::io::{self, Read};

/// Bytes read at a time for each thread that parses them: a task or two for
/// each, and small enough that two blocks and their documents stay in a cache
/// and in memory that is used again (on one thread, 1 MiB costs a tenth more
/// time and 1,400 pages more, and 128 KiB as much time).
const BLOCK_LEN_PER_THREAD: usize = 256 << 10;

/// Some whole lines.
#[derive(Debug, Default)]
pub(crate) struct Block {
    memory: Memory,
    /// The length of a line behind them that was too long to be kept.
    pub(crate) oversized_line: Option<u64>,
}

/// Bytes of which the first `len` mean something. The others were written
/// once and stay, so that memory which is used again is not cleared again:
/// that cost a sixth of all instructions of reading.
#[derive(Debug, Default)]
struct Memory {
    bytes: Vec<u8>,
    len: usize,
}

/// Cuts a stream into blocks.
pub(crate) struct Blocks<'a> {
    /// What was read and not yet given.
    pending: Memory,
    rest: Box<dyn Read + Send + 'a>,
    max_line_len: u64,
    block_len: usize,
    at_end: bool,
    /// Why the stream ended before its end; said behind the last whole line.
    error: Option<io::Error>,
}

impl Block {
    /// The lines; the last may lack its newline at the end of the stream.
    pub(crate) fn lines(&self) -> &[u8] {
        self.memory.filled()
    }
}

impl Memory {
    fn filled(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Takes `bytes` in place of all it holds.
    fn replace(&mut self, bytes: &[u8]) {
        self.room_for(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.len = bytes.len();
    }

    /// All its bytes, which are `len` or more.
    fn room_for(&mut self, len: usize) -> &mut [u8] {
        if self.bytes.len() < len {
            self.bytes.resize(len, 0);
        }
        &mut self.bytes
    }

    /// Reads until it holds `target` bytes, or to the end. Whether the end
    /// was reached.
    fn fill(&mut self, stream: &mut dyn Read, target: usize) -> io::Result<bool> {
        while self.len < target {
            let start = self.len;
            match stream.read(&mut self.room_for(target)[start..target]) {
                Ok(0) => return Ok(true),
                Ok(read) => self.len += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

impl<'a> Blocks<'a> {
    /// The lines of `head` and `rest`. One longer than `max_line_len` bytes
    /// is passed over if it is not in memory anyway.
    pub(crate) fn new(head: Vec<u8>, rest: Box<dyn Read + Send + 'a>, max_line_len: u64) -> Self {
        let block_len = BLOCK_LEN_PER_THREAD * rayon::current_num_threads();
        let pending = Memory { len: head.len(), bytes: head };
        Self { pending, rest, max_line_len, block_len, at_end: false, error: None }
    }

    /// With memory for a stream of `size` bytes, where that is less.
    pub(crate) fn expecting(mut self, size: Option<u64>) -> Self {
        if let Some(size) = size {
            self.block_len =
                self.block_len.min(usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1));
        }
        self
    }

    /// The next block, in the memory of `recycled`; nothing at the end.
    pub(crate) fn next(&mut self, recycled: Block) -> io::Result<Option<Block>> {
        let spare = Memory { len: 0, ..recycled.memory };
        let mut lines = std::mem::replace(&mut self.pending, spare);
        let mut target = self.block_len.max(lines.len);
        let mut searched = 0;
        loop {
            self.fill(&mut lines, target);
            if self.at_end {
                return self.last(lines);
            }
            if let Some(newline) = memchr::memrchr(b'\n', &lines.filled()[searched..]) {
                let end = searched + newline + 1;
                self.pending.replace(&lines.filled()[end..]);
                lines.len = end;
                return Ok(Some(Block { memory: lines, oversized_line: None }));
            }
            if lines.len as u64 > self.max_line_len {
                let kept = lines.len as u64;
                drop(lines);
                let oversized_line = Some(self.pass_over_line(kept)?);
                return Ok(Some(Block { oversized_line, ..Block::default() }));
            }
            searched = lines.len;
            let limit = usize::try_from(self.max_line_len).unwrap_or(usize::MAX).saturating_add(1);
            target = lines.len.saturating_mul(2).min(limit).max(self.block_len);
        }
    }

    /// The last lines; if the stream failed, those that are whole, and then
    /// the error.
    fn last(&mut self, mut lines: Memory) -> io::Result<Option<Block>> {
        if self.error.is_some() {
            lines.len = memchr::memrchr(b'\n', lines.filled()).map_or(0, |newline| newline + 1);
        }
        if lines.len > 0 {
            return Ok(Some(Block { memory: lines, oversized_line: None }));
        }
        self.error.take().map_or(Ok(None), Err)
    }

    fn fill(&mut self, lines: &mut Memory, target: usize) {
        if self.at_end {
            return;
        }
        match lines.fill(&mut self.rest, target) {
            Ok(at_end) => self.at_end = at_end,
            Err(error) => (self.at_end, self.error) = (true, Some(error)),
        }
    }

    /// Reads to the end of a line of which `kept` bytes were read. Its length.
    fn pass_over_line(&mut self, kept: u64) -> io::Result<u64> {
        let mut length = kept;
        let mut piece = Memory::default();
        while !self.at_end {
            piece.len = 0;
            self.fill(&mut piece, self.block_len);
            if let Some(newline) = memchr::memchr(b'\n', piece.filled()) {
                self.pending.replace(&piece.filled()[newline + 1..]);
                return Ok(length + newline as u64);
            }
            length += piece.len as u64;
        }
        self.error.take().map_or(Ok(length), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str, head_len: usize, block_len: usize, max_line_len: u64) -> Vec<Block> {
        let (head, rest) = text.as_bytes().split_at(head_len.min(text.len()));
        let mut blocks = Blocks::new(head.to_vec(), Box::new(rest), max_line_len);
        blocks.block_len = block_len;
        std::iter::from_fn(|| blocks.next(Block::default()).unwrap()).collect()
    }

    #[test]
    fn blocks_of_any_size_give_the_same_lines() {
        let texts = ["", "\n", "a", "a\n", "a\nbb\n\nccc\r\ndddd", "aaaaaaaaaaaaaaaa\nb\n"];
        for text in texts {
            for block_len in 1..20 {
                for head_len in [0, 1, 3, 100] {
                    let blocks = blocks(text, head_len, block_len, 100);
                    let joined = blocks.iter().flat_map(|b| b.lines().to_vec()).collect::<Vec<_>>();
                    assert_eq!(String::from_utf8(joined).unwrap(), text);
                    let last = blocks.len().saturating_sub(1);
                    assert!(
                        blocks.iter().take(last).all(|b| b.lines().ends_with(b"\n")),
                        "{text:?} {block_len}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over_and_counted() {
        let long = "x".repeat(50);
        let text = format!("a\n{long}\nb\n{long}");
        for block_len in 1..8 {
            let blocks = blocks(&text, 0, block_len, 10);
            let lengths: Vec<u64> = blocks.iter().filter_map(|b| b.oversized_line).collect();
            let kept: Vec<u8> = blocks.iter().flat_map(|b| b.lines().to_vec()).collect();
            assert_eq!(lengths, [50, 50], "{block_len}");
            assert_eq!(kept, b"a\nb\n", "{block_len}");
        }
    }
}
