//! The items of an XML document, cut out of a stream.
//!
//! Feeds and news deliveries are lists of items that do not lie in each
//! other. They are found by their tags alone, with regard to comments, CDATA
//! and quotes, and parsed one by one (`tree.rs`): memory is the longest
//! item, and one that is broken costs only itself. An item that is not closed
//! ends where the next begins.

use std::io::{self, Read};
use std::ops::Range;

/// Bytes read at a time.
const BLOCK_LEN: usize = 256 << 10;

/// Most bytes kept of what stands before the first item.
const MAX_HEADER_LEN: usize = 64 << 10;

/// One item of a document.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its bytes, with its tags; empty if it is too long.
    pub(crate) bytes: Vec<u8>,
    /// The line it begins on, counted from 1.
    pub(crate) line: u64,
    /// Its length in bytes.
    pub(crate) len: u64,
    /// Whether its end was found.
    pub(crate) is_whole: bool,
}

struct Open {
    start: usize,
    name: &'static str,
    line: u64,
    dropped: u64,
}

/// Cuts a stream into items.
pub(crate) struct Items<R> {
    stream: R,
    names: &'static [&'static str],
    max_len: u64,
    /// Read and not yet given.
    bytes: Vec<u8>,
    /// Up to where `bytes` were looked at.
    at: usize,
    line: u64,
    open: Option<Open>,
    header: Vec<u8>,
    has_items: bool,
    at_end: bool,
    error: Option<io::Error>,
}

/// What stands at a `<`.
enum Markup {
    Start {
        name: Range<usize>,
        end: usize,
        is_empty: bool,
    },
    End {
        name: Range<usize>,
        end: usize,
    },
    Other {
        end: usize,
    },
    /// Its end was not read yet.
    Unfinished,
}

impl<R: Read> Items<R> {
    /// The items called one of `names` in `head` and `stream`.
    pub(crate) fn new(head: Vec<u8>, stream: R, names: &'static [&'static str], max_len: u64) -> Self {
        Self {
            stream,
            names,
            max_len,
            bytes: head,
            at: 0,
            line: 1,
            open: None,
            header: Vec::new(),
            has_items: false,
            at_end: false,
            error: None,
        }
    }

    /// What stands before the first item.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// The next item; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.scan() {
                return Ok(Some(item));
            }
            if self.at_end {
                if let Some(open) = self.open.take() {
                    return Ok(Some(self.item(&open, self.bytes.len(), false)));
                }
                return self.error.take().map_or(Ok(None), Err);
            }
            self.shed();
            self.fill();
        }
    }

    /// Looks at what was read, up to the end of an item.
    fn scan(&mut self) -> Option<Item> {
        while let Some(offset) = memchr::memchr(b'<', &self.bytes[self.at..]) {
            let start = self.at + offset;
            let markup = markup(&self.bytes, start);
            let end = match &markup {
                Markup::Unfinished if !self.at_end => {
                    self.pass(start);
                    return None;
                }
                // What is never closed is passed over tag by tag.
                Markup::Unfinished => start + 1,
                Markup::Start { end, .. } | Markup::End { end, .. } | Markup::Other { end } => *end,
            };
            let begun = self.line + newlines(&self.bytes[self.at..start]);
            match markup {
                Markup::Start { name, is_empty, .. } => {
                    if let Some(item) = self.start(name, start, begun) {
                        // The item that begins here is looked at again.
                        self.pass(start);
                        return Some(item);
                    }
                    if is_empty && self.open.as_ref().is_some_and(|open| open.start == start) {
                        self.open = None;
                    }
                }
                Markup::End { name, .. } => {
                    let is_its =
                        self.open.as_ref().is_some_and(|open| open.name.as_bytes() == self.local(name));
                    if let Some(open) = self.open.take_if(|_| is_its) {
                        let item = self.item(&open, end, true);
                        self.pass(end);
                        return Some(item);
                    }
                }
                _ => {}
            }
            self.pass(end);
        }
        self.pass(self.bytes.len());
        None
    }

    /// A tag that may begin an item. If it ends another, that one is given.
    fn start(&mut self, name: Range<usize>, start: usize, line: u64) -> Option<Item> {
        let local = self.local(name);
        let name = *self.names.iter().find(|name| name.as_bytes() == local)?;
        match self.open.take() {
            Some(open) if open.name == name => return Some(self.item(&open, start, false)),
            Some(open) => self.open = Some(open),
            None => {
                if !self.has_items {
                    self.keep_header(start);
                    self.has_items = true;
                }
                self.open = Some(Open { start, name, line, dropped: 0 });
            }
        }
        None
    }

    fn keep_header(&mut self, end: usize) {
        let room = MAX_HEADER_LEN.saturating_sub(self.header.len());
        self.header.extend_from_slice(&self.bytes[..end.min(room)]);
    }

    /// The name without its prefix.
    fn local(&self, name: Range<usize>) -> &[u8] {
        let name = &self.bytes[name];
        memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..])
    }

    fn pass(&mut self, end: usize) {
        self.line += newlines(&self.bytes[self.at..end]);
        self.at = end;
    }

    /// Forgets what was looked at, but an open item.
    fn shed(&mut self) {
        let from = match &mut self.open {
            Some(open) if (self.bytes.len() - open.start) as u64 <= self.max_len => open.start,
            Some(open) => {
                open.dropped += (self.at - open.start) as u64;
                self.at
            }
            None => {
                if !self.has_items {
                    self.keep_header(self.at);
                }
                self.at
            }
        };
        self.bytes.drain(..from);
        self.at -= from;
        if let Some(open) = &mut self.open {
            open.start = open.start.saturating_sub(from);
        }
    }

    fn fill(&mut self) {
        // A tag longer than a document is none: it is passed over.
        if self.bytes.len() as u64 - self.at as u64 > self.max_len {
            self.pass(self.bytes.len());
            return;
        }
        match (&mut self.stream).take(BLOCK_LEN as u64).read_to_end(&mut self.bytes) {
            Ok(read) => self.at_end = read == 0,
            Err(error) => (self.at_end, self.error) = (true, Some(error)),
        }
    }

    fn item(&self, open: &Open, end: usize, is_whole: bool) -> Item {
        let len = open.dropped + (end - open.start) as u64;
        let is_kept = open.dropped == 0 && len <= self.max_len;
        let bytes = if is_kept { self.bytes[open.start..end].to_vec() } else { Vec::new() };
        Item { bytes, line: open.line, len, is_whole }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// What stands at the `<` at `start`.
fn markup(bytes: &[u8], start: usize) -> Markup {
    let rest = &bytes[start + 1..];
    let skip = |opening: &[u8], closing: &[u8]| {
        let inside = start + 1 + opening.len();
        match memchr::memmem::find(&bytes[inside.min(bytes.len())..], closing) {
            Some(length) => Markup::Other { end: inside + length + closing.len() },
            None => Markup::Unfinished,
        }
    };
    match rest.first() {
        None => Markup::Unfinished,
        Some(b'!') if rest.starts_with(b"!--") => skip(b"!--", b"-->"),
        Some(b'!') if rest.starts_with(b"![CDATA[") => skip(b"![CDATA[", b"]]>"),
        Some(b'!') if rest.len() < 8 && b"![CDATA[".starts_with(rest) => Markup::Unfinished,
        Some(b'?') => skip(b"?", b"?>"),
        Some(b'/') => {
            let name = name(bytes, start + 2);
            match memchr::memchr(b'>', &bytes[name.end..]) {
                Some(length) => Markup::End { end: name.end + length + 1, name },
                None => Markup::Unfinished,
            }
        }
        Some(_) => {
            let name = name(bytes, start + 1);
            let (mut at, mut quote) = (name.end, None);
            while let Some(&byte) = bytes.get(at) {
                match (quote, byte) {
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(mark), _) if mark == byte => quote = None,
                    (None, b'>') => {
                        return Markup::Start { end: at + 1, is_empty: bytes[at - 1] == b'/', name };
                    }
                    // No tag, or one with a quote too many.
                    (_, b'<') => return Markup::Other { end: at },
                    _ => {}
                }
                at += 1;
            }
            Markup::Unfinished
        }
    }
}

fn name(bytes: &[u8], start: usize) -> Range<usize> {
    let start = start.min(bytes.len());
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<');
    let length = bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start);
    start..start + length
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, head_len: usize, max_len: u64) -> (String, Vec<(u64, String)>) {
        let (head, rest) = text.as_bytes().split_at(head_len.min(text.len()));
        let mut items = Items::new(head.to_vec(), rest, &["item", "entry"], max_len);
        let mut all = Vec::new();
        while let Some(item) = items.next().unwrap() {
            let text = String::from_utf8_lossy(&item.bytes).into_owned();
            let text = if item.bytes.is_empty() { format!("{} bytes", item.len) } else { text };
            all.push((item.line, if item.is_whole { text } else { format!("…{text}") }));
        }
        (String::from_utf8_lossy(items.header()).into_owned(), all)
    }

    #[test]
    fn items_are_found_by_their_tags() {
        let cases: [(&str, &[(u64, &str)]); 7] = [
            (
                "<rss>\n<item>a</item><item x='>'>b\n</item>\n<item>c</item></rss>",
                &[(2, "<item>a</item>"), (2, "<item x='>'>b\n</item>"), (4, "<item>c</item>")],
            ),
            (
                "<items/><item><![CDATA[</item>]]></item><!-- <item> --><r:item>b</r:item>",
                &[(1, "<item><![CDATA[</item>]]></item>"), (1, "<r:item>b</r:item>")],
            ),
            ("<item/><item >x</item >", &[(1, "<item >x</item >")]),
            (
                "<item>a<entry>b</entry></item><entry>c</entry>",
                &[(1, "<item>a<entry>b</entry></item>"), (1, "<entry>c</entry>")],
            ),
            ("<item>a\n<item>b</item>", &[(1, "…<item>a\n"), (2, "<item>b</item>")]),
            ("<item>a</item>\n<item>b", &[(1, "<item>a</item>"), (2, "…<item>b")]),
            (
                "<item>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</item>\n<item>b</item>",
                &[(1, "48 bytes"), (2, "<item>b</item>")],
            ),
        ];
        for (text, expected) in cases {
            for head_len in 0..text.len() {
                let (_, found) = found(text, head_len, 40);
                let found: Vec<_> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
                assert_eq!(found, expected, "{text} {head_len}");
            }
        }
        assert_eq!(found("<rss><title>x</title><item/>", 3, 40).0, "<rss><title>x</title>");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "(<item>|</item>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<|>|/|a|\"|\n){0,30}", head_len in 0usize..60) {
            found(&text, head_len, 30);
        }
    }
}
