//! The records of a JSON document, cut out of a stream.
//!
//! A machine over the bytes knows strings and depth, no more; whether a
//! record is well-formed is seen when it is parsed. Memory is a block and the
//! longest record; one over the limit is passed over without being kept.
//!
//! A record that is broken (a bracket or a quote is missing) would swallow
//! those behind it. So where records begin on lines of their own, one begins
//! anew at each line that begins like the broken one did.

use std::io::{self, Read};
use std::ops::Range;

use super::shape::Shape;

/// Bytes read at a time, and so about the bytes of records given at a time.
const BLOCK_LEN: usize = 1 << 20;

/// What stands at one place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// The line it begins on, counted from 1.
    pub(crate) line: u64,
    /// Where it begins in the whole stream, in bytes.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "what is written again asks for it"))]
    pub(crate) offset: u64,
    /// Where it stands in the bytes given with it; nothing if it is too long.
    pub(crate) place: Option<Range<usize>>,
    /// Its length in bytes.
    pub(crate) len: u64,
    /// Whether it was closed.
    pub(crate) is_whole: bool,
}

/// A record of which the beginning was seen.
#[derive(Clone, Copy)]
struct Open {
    start: usize,
    offset: u64,
    line: u64,
    /// White space before it on its line; nothing if more stands there.
    indent: Option<usize>,
    /// Whether more follows on its first line.
    is_compact: bool,
    /// Bytes of it that were not kept.
    dropped: u64,
    is_scalar: bool,
}

/// Cuts a stream into records.
pub(crate) struct Elements<R> {
    stream: R,
    /// Read and not yet given.
    bytes: Vec<u8>,
    /// Where `bytes` begin in the stream.
    base: u64,
    /// Up to where `bytes` were looked at.
    at: usize,
    shape: Shape,
    /// Containers around a record.
    record_depth: u64,
    max_len: u64,
    depth: u64,
    in_string: bool,
    string_start: usize,
    is_escaped: bool,
    /// The last string in the outermost object.
    key_matches: bool,
    in_list: bool,
    line: u64,
    /// White space since the line began; nothing behind anything else.
    indent: Option<usize>,
    open: Option<Open>,
    at_end: bool,
    error: Option<io::Error>,
}

impl<R: Read> Elements<R> {
    /// The records of `head` and `stream`, arranged in `shape`.
    pub(crate) fn new(head: Vec<u8>, stream: R, shape: Shape, max_len: u64) -> Self {
        let record_depth = match shape {
            Shape::Lines | Shape::Objects => 0,
            Shape::Array => 1,
            Shape::Under(_) => 2,
        };
        Self {
            stream,
            bytes: head,
            base: 0,
            at: 0,
            shape,
            record_depth,
            max_len,
            depth: 0,
            in_string: false,
            string_start: 0,
            is_escaped: false,
            key_matches: false,
            in_list: false,
            line: 1,
            indent: Some(0),
            open: None,
            at_end: false,
            error: None,
        }
    }

    /// The next records with the bytes they stand in; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<(Vec<u8>, Vec<Element>)>> {
        loop {
            let mut elements = Vec::new();
            self.scan(&mut elements);
            if self.at_end {
                if let Some(open) = self.open.take() {
                    let is_whole = open.is_scalar;
                    elements.push(self.element(&open, self.bytes.len(), is_whole));
                }
                if elements.is_empty() {
                    return self.error.take().map_or(Ok(None), Err);
                }
            }
            let given = self.take_scanned();
            self.fill();
            if !elements.is_empty() {
                return Ok(Some((given, elements)));
            }
        }
    }

    /// The bytes that were looked at; those of an open record stay too.
    fn take_scanned(&mut self) -> Vec<u8> {
        let too_long = |open: &Open| (self.bytes.len() - open.start) as u64 > self.max_len;
        if let Some(open) = &mut self.open {
            if open.dropped > 0 || too_long(open) {
                open.dropped += (self.bytes.len() - open.start) as u64;
                open.start = 0;
                self.at = 0;
                self.base += self.bytes.len() as u64;
                return std::mem::take(&mut self.bytes);
            }
            let kept = self.bytes[open.start..].to_vec();
            self.base += open.start as u64;
            self.at -= open.start;
            self.string_start = self.string_start.saturating_sub(open.start);
            open.start = 0;
            return std::mem::replace(&mut self.bytes, kept);
        }
        if self.in_string {
            // A key that is cut by the end of a block is looked at again.
            let kept = self.bytes[self.string_start.min(self.bytes.len())..].to_vec();
            let kept = if kept.len() > BLOCK_LEN { Vec::new() } else { kept };
            self.base += (self.bytes.len() - kept.len()) as u64;
            self.at = kept.len();
            self.string_start = 0;
            return std::mem::replace(&mut self.bytes, kept);
        }
        self.at = 0;
        self.base += self.bytes.len() as u64;
        std::mem::take(&mut self.bytes)
    }

    fn fill(&mut self) {
        if self.at_end {
            return;
        }
        self.bytes.reserve(BLOCK_LEN + 1);
        match (&mut self.stream).take(BLOCK_LEN as u64).read_to_end(&mut self.bytes) {
            Ok(read) => self.at_end = read == 0,
            Err(error) => (self.at_end, self.error) = (true, Some(error)),
        }
    }

    /// Looks at all bytes that were read.
    fn scan(&mut self, elements: &mut Vec<Element>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if self.indent.is_some() && self.begins_anew(byte) {
                if let Some(open) = self.open.take() {
                    elements.push(self.element(&open, self.at, false));
                }
                (self.in_string, self.is_escaped, self.depth) = (false, false, self.record_depth);
            }
            if self.in_string {
                self.string_byte(byte)
            } else {
                self.byte(byte, elements)
            }
            self.indent = match byte {
                b'\n' => {
                    self.line += 1;
                    Some(0)
                }
                b' ' | b'\t' => self.indent.map(|indent| indent + 1),
                _ => None,
            };
            self.at += 1;
            if self.in_string {
                self.skip_plain();
            }
        }
    }

    /// Whether `byte`, the first of a line, begins a record while another is
    /// open, which then is broken.
    fn begins_anew(&self, byte: u8) -> bool {
        let Some(open) = self.open.as_ref().filter(|open| byte == b'{' && open.line < self.line) else {
            return false;
        };
        // What is nested in a record over several lines stands further in, if
        // it is set in at all.
        self.indent == open.indent && (open.is_compact || open.indent != Some(0))
    }

    fn string_byte(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            if let (1, None, Shape::Under(key)) = (self.depth, &self.open, &self.shape) {
                self.key_matches = self.bytes.get(self.string_start..self.at) == Some(key.as_bytes());
            }
        }
    }

    /// Passes over bytes of a string that mean nothing.
    fn skip_plain(&mut self) {
        if self.is_escaped || self.indent.is_some() {
            return;
        }
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
    }

    fn byte(&mut self, byte: u8, elements: &mut Vec<Element>) {
        if self.open.is_some_and(|open| open.is_scalar) && matches!(byte, b',' | b']' | b'}' | b'\n') {
            let open = self.open.take().expect("one is open");
            elements.push(self.element(&open, self.at, true));
        }
        if let Some(open) = self.open.as_mut().filter(|open| open.start + 1 == self.at && open.dropped == 0) {
            open.is_compact = !matches!(byte, b'\n' | b'\r');
        }
        let is_at_record = self.depth == self.record_depth
            && self.open.is_none()
            && (self.in_list || !matches!(self.shape, Shape::Under(_)));
        match byte {
            b'"' => {
                self.open_if(is_at_record, true);
                (self.in_string, self.string_start) = (true, self.at + 1);
            }
            b'{' | b'[' => {
                let is_outer = byte == b'[' && self.record_depth > 0 && self.depth + 1 == self.record_depth;
                self.in_list |= is_outer && self.open.is_none() && self.key_matches;
                self.open_if(is_at_record, false);
                self.depth += 1;
            }
            b'}' | b']' => self.close(elements),
            b',' => self.key_matches = false,
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.open_if(is_at_record, true),
        }
    }

    fn open_if(&mut self, condition: bool, is_scalar: bool) {
        if condition {
            let (start, line, indent) = (self.at, self.line, self.indent);
            let offset = self.base + start as u64;
            self.open = Some(Open { start, offset, line, indent, is_compact: false, dropped: 0, is_scalar });
        }
    }

    fn close(&mut self, elements: &mut Vec<Element>) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == self.record_depth {
            if let Some(open) = self.open.take() {
                elements.push(self.element(&open, self.at + 1, true));
            }
        } else if self.depth < self.record_depth {
            self.in_list = false;
        }
    }

    fn element(&self, open: &Open, end: usize, is_whole: bool) -> Element {
        let len = open.dropped + (end - open.start) as u64;
        let is_kept = open.dropped == 0 && len <= self.max_len;
        Element {
            line: open.line,
            offset: open.offset,
            place: is_kept.then_some(open.start..end),
            len,
            is_whole,
        }
    }
}

#[cfg(test)]
mod tests;
