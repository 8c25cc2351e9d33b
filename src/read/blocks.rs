//! A stream in blocks of whole lines.

use std::io::{self, Read};

/// Bytes read at a time for each thread that parses them: some tasks for
/// each, and small enough that two blocks stay in a cache (blocks of 8 MiB
/// cost a tenth more time on one thread).
const BLOCK_LEN_PER_THREAD: usize = 512 << 10;

/// Fewest bytes read at a time.
const MIN_BLOCK_LEN: usize = 1 << 20;

/// Some whole lines.
#[derive(Debug)]
pub(crate) struct Block {
    /// The lines; the last may lack its newline at the end of the stream.
    pub(crate) lines: Vec<u8>,
    /// The length of a line behind them that was too long to be kept.
    pub(crate) oversized_line: Option<u64>,
}

/// Cuts a stream into blocks.
pub(crate) struct Blocks<'a> {
    /// What was read and not yet given.
    pending: Vec<u8>,
    rest: Box<dyn Read + Send + 'a>,
    max_line_len: u64,
    block_len: usize,
    at_end: bool,
    /// Why the stream ended before its end; said behind the last whole line.
    error: Option<io::Error>,
}

impl<'a> Blocks<'a> {
    /// The lines of `head` and `rest`. One longer than `max_line_len` bytes
    /// is passed over if it is not in memory anyway.
    pub(crate) fn new(head: Vec<u8>, rest: Box<dyn Read + Send + 'a>, max_line_len: u64) -> Self {
        let block_len = (BLOCK_LEN_PER_THREAD * rayon::current_num_threads()).max(MIN_BLOCK_LEN);
        Self { pending: head, rest, max_line_len, block_len, at_end: false, error: None }
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
    pub(crate) fn next(&mut self, mut recycled: Vec<u8>) -> io::Result<Option<Block>> {
        recycled.clear();
        let mut lines = std::mem::replace(&mut self.pending, recycled);
        let mut target = self.block_len.max(lines.len());
        let mut searched = 0;
        loop {
            self.fill(&mut lines, target);
            if self.at_end {
                return self.last(lines);
            }
            if let Some(newline) = memchr::memrchr(b'\n', &lines[searched..]) {
                let end = searched + newline + 1;
                self.pending.extend_from_slice(&lines[end..]);
                lines.truncate(end);
                return Ok(Some(block(lines, None)));
            }
            if lines.len() as u64 > self.max_line_len {
                let kept = lines.len() as u64;
                drop(lines);
                let line = self.pass_over_line(kept)?;
                return Ok(Some(block(Vec::new(), Some(line))));
            }
            searched = lines.len();
            let limit = usize::try_from(self.max_line_len).unwrap_or(usize::MAX).saturating_add(1);
            target = lines.len().saturating_mul(2).min(limit).max(self.block_len);
        }
    }

    /// The last lines; if the stream failed, those that are whole, and then
    /// the error.
    fn last(&mut self, mut lines: Vec<u8>) -> io::Result<Option<Block>> {
        if self.error.is_some() {
            lines.truncate(memchr::memrchr(b'\n', &lines).map_or(0, |newline| newline + 1));
        }
        if !lines.is_empty() {
            return Ok(Some(block(lines, None)));
        }
        self.error.take().map_or(Ok(None), Err)
    }

    fn fill(&mut self, lines: &mut Vec<u8>, target: usize) {
        if self.at_end || lines.len() >= target {
            return;
        }
        let missing = target - lines.len();
        lines.reserve(missing + 1);
        match (&mut self.rest).take(missing as u64).read_to_end(lines) {
            Ok(read) => self.at_end = read < missing,
            Err(error) => (self.at_end, self.error) = (true, Some(error)),
        }
    }

    /// Reads to the end of a line of which `kept` bytes were read. Its length.
    fn pass_over_line(&mut self, kept: u64) -> io::Result<u64> {
        let mut length = kept;
        let mut piece = Vec::new();
        while !self.at_end {
            piece.clear();
            self.fill(&mut piece, self.block_len);
            if let Some(newline) = memchr::memchr(b'\n', &piece) {
                self.pending.extend_from_slice(&piece[newline + 1..]);
                return Ok(length + newline as u64);
            }
            length += piece.len() as u64;
        }
        self.error.take().map_or(Ok(length), Err)
    }
}

fn block(lines: Vec<u8>, oversized_line: Option<u64>) -> Block {
    Block { lines, oversized_line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str, head_len: usize, block_len: usize, max_line_len: u64) -> Vec<Block> {
        let (head, rest) = text.as_bytes().split_at(head_len.min(text.len()));
        let mut blocks = Blocks::new(head.to_vec(), Box::new(rest), max_line_len);
        blocks.block_len = block_len;
        std::iter::from_fn(|| blocks.next(Vec::new()).unwrap()).collect()
    }

    #[test]
    fn blocks_of_any_size_give_the_same_lines() {
        let texts = ["", "\n", "a", "a\n", "a\nbb\n\nccc\r\ndddd", "aaaaaaaaaaaaaaaa\nb\n"];
        for text in texts {
            for block_len in 1..20 {
                for head_len in [0, 1, 3, 100] {
                    let blocks = blocks(text, head_len, block_len, 100);
                    let joined = blocks.iter().flat_map(|b| b.lines.clone()).collect::<Vec<_>>();
                    assert_eq!(String::from_utf8(joined).unwrap(), text);
                    let last = blocks.len().saturating_sub(1);
                    assert!(
                        blocks.iter().take(last).all(|b| b.lines.ends_with(b"\n")),
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
            let kept: Vec<u8> = blocks.iter().flat_map(|b| b.lines.clone()).collect();
            assert_eq!(lengths, [50, 50], "{block_len}");
            assert_eq!(kept, b"a\nb\n", "{block_len}");
        }
    }
}
