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

use super::json_shape::Shape;

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
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A stream that gives a few bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    /// Line, text (`…` before it if it was not closed) of each record.
    fn found(text: &str, shape: Shape, head_len: usize, max_len: u64) -> Vec<(u64, String)> {
        let (head, rest) = text.as_bytes().split_at(head_len.min(text.len()));
        let mut elements = Elements::new(head.to_vec(), Drops(rest, 7), shape, max_len);
        let mut all = Vec::new();
        while let Some((bytes, found)) = elements.next().unwrap() {
            for element in found {
                let text = match element.place {
                    Some(place) => String::from_utf8(bytes[place].to_vec()).unwrap(),
                    None => format!("{} bytes", element.len),
                };
                all.push((element.line, if element.is_whole { text } else { format!("…{text}") }));
            }
        }
        all
    }

    /// A text, its shape, and its records with their lines.
    type Case<'c> = (&'c str, Shape, &'c [(u64, &'c str)]);

    #[test]
    fn records_are_cut_out_of_every_arrangement() {
        let under = || Shape::Under("items".into());
        let cases: [Case<'_>; 9] = [
            (
                "[{\"a\":[{}]}, {\"b\":\"]}\\\"\"}\n,{}]",
                Shape::Array,
                &[(1, "{\"a\":[{}]}"), (1, "{\"b\":\"]}\\\"\"}"), (2, "{}")],
            ),
            ("{\n\"a\":1}\n{\"b\":2}", Shape::Objects, &[(1, "{\n\"a\":1}"), (3, "{\"b\":2}")]),
            (
                "[1, \"a,b\", null,[2,3]]",
                Shape::Array,
                &[(1, "1"), (1, "\"a,b\""), (1, "null"), (1, "[2,3]")],
            ),
            ("[]", Shape::Array, &[]),
            (
                "{\"x\":[{\"no\":1}],\"items\":[{\"a\":1},{\"items\":[{}]}],\"y\":[{\"no\":2}],\"items\":[{}]}",
                under(),
                &[(1, "{\"a\":1}"), (1, "{\"items\":[{}]}"), (1, "{}")],
            ),
            ("{\"x\":\"items\",\"y\":[{}],\"items\":[{\"a\":1}]}", under(), &[(1, "{\"a\":1}")]),
            // Cut off, and a closing bracket too many.
            ("[{\"a\":1},\n{\"b\":", Shape::Array, &[(1, "{\"a\":1}"), (2, "…{\"b\":")]),
            ("[{\"a\":1}]]}\n[{\"b\":1}]", Shape::Array, &[(1, "{\"a\":1}"), (2, "{\"b\":1}")]),
            ("[\n{\"long\":\"xxxxxxxxxxxxxxxxxxxxxx\"},\n{}]", Shape::Array, &[(2, "33 bytes"), (3, "{}")]),
        ];
        for (text, shape, expected) in cases {
            for head_len in 0..text.len() {
                let found = found(text, shape.clone(), head_len, 30);
                let found: Vec<_> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
                assert_eq!(found, expected, "{text} {head_len}");
            }
        }
    }

    #[test]
    fn a_broken_record_does_not_swallow_the_next() {
        let cases = [
            "[\n{\"a\":\"open},\n{\"b\":1},\n{\"c\":2}\n]",
            "[\n{\"a\":{\"x\":1},\n{\"b\":1},\n{\"c\":2}\n]",
            "[\n  {\n    \"a\": [{\"x\n  },\n  {\n    \"b\": 1\n  },\n  {\n    \"c\": 2\n  }\n]",
            "{\n  \"items\": [\n    {\n      \"a\": 1,\n    {\n      \"b\": 1\n    },\n    {\n      \"c\": 2\n    }\n  ]\n}",
        ];
        for text in cases {
            let shape = if text.contains("items") { Shape::Under("items".into()) } else { Shape::Array };
            let found = found(text, shape, 3, 1000);
            assert_eq!(found.len(), 3, "{found:?}");
            assert!(found[0].1.starts_with("…{"), "{found:?}");
            assert!(found[1].1.contains("\"b\"") && found[2].1.contains("\"c\""), "{found:?}");
            assert!(found[1..].iter().all(|(_, text)| text.starts_with('{')), "{found:?}");
        }
    }

    proptest! {
        #[test]
        fn what_a_serializer_wrote_comes_back(
            texts in prop::collection::vec("[a-z{}\\[\\],:\"\\\\\n é]{0,12}", 0..8),
            pretty in any::<bool>(),
            head_len in 0usize..40,
        ) {
            let records: Vec<_> = texts.iter().map(|t| serde_json::json!({"text": t, "tags": [t, {"x": t}]})).collect();
            let text = if pretty { serde_json::to_string_pretty(&records) } else { serde_json::to_string(&records) };
            let text = text.unwrap();
            let back: Vec<serde_json::Value> = found(&text, Shape::Array, head_len, 1000)
                .iter()
                .map(|(_, text)| serde_json::from_str(text).unwrap())
                .collect();
            prop_assert_eq!(back, records);
        }

        #[test]
        fn nothing_makes_it_fail(text in "[a{}\\[\\],:\"\\\\\n ]{0,60}", head_len in 0usize..60) {
            for shape in [Shape::Objects, Shape::Array, Shape::Under("a".into())] {
                found(&text, shape, head_len, 10);
            }
        }
    }
}
