//! The records of a WARC file, one after the other.
//!
//! A record says its length. Where that does not lead to the next record, the
//! next is searched for, within the record's own bytes if it claimed too many.

use std::io::{self, Read};

/// Bytes read at a time.
const BLOCK_LEN: usize = 256 << 10;

/// Most bytes of a record's header.
const MAX_HEADER_LEN: usize = 64 << 10;

/// How a record begins.
const BEGINNING: &[u8] = b"WARC/";

/// One record, apart from its other headers.
#[derive(Debug, Default)]
pub(crate) struct RawRecord {
    /// Where it begins in the file.
    pub(crate) offset: u64,
    /// `WARC-Type`.
    pub(crate) kind: String,
    /// `WARC-Record-ID`, without its brackets.
    pub(crate) id: String,
    /// `WARC-Target-URI`.
    pub(crate) address: String,
    /// `Content-Type`.
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// What stands at a place of a file.
#[derive(Debug)]
pub(crate) enum Next {
    Record(RawRecord),
    /// A record over the limit, passed over.
    TooLarge {
        len: u64,
    },
    /// Bytes that are no record, passed over.
    Damage {
        offset: u64,
        len: u64,
    },
}

/// Reads records from a stream.
pub(crate) struct Records<R> {
    stream: R,
    max_len: u64,
    bytes: Vec<u8>,
    at: usize,
    /// Where `bytes` begin.
    base: u64,
    at_end: bool,
    error: Option<io::Error>,
}

impl<R: Read> Records<R> {
    /// The records in `stream` with bodies of up to `max_len` bytes.
    pub(crate) fn new(stream: R, max_len: u64) -> Self {
        Self { stream, max_len, bytes: Vec::new(), at: 0, base: 0, at_end: false, error: None }
    }

    /// How many bytes were looked at.
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// What comes next; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Next>> {
        self.skip_blank();
        if self.rest().is_empty() {
            return self.error.take().map_or(Ok(None), Err);
        }
        self.want(MAX_HEADER_LEN);
        let offset = self.offset();
        let Some((header_len, header)) = header(self.rest()) else {
            self.at += 1;
            let len = 1 + self.pass_to_record();
            return Ok(Some(Next::Damage { offset, len }));
        };
        let value = |name: &str| -> Option<String> {
            let found = header.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned())
        };
        let Some(len) = value("content-length").and_then(|len| len.parse::<u64>().ok()) else {
            self.at += header_len;
            let len = header_len as u64 + self.pass_to_record();
            return Ok(Some(Next::Damage { offset, len }));
        };
        self.at += header_len;
        let kind = value("warc-type").unwrap_or_default().to_ascii_lowercase();
        let is_wanted = matches!(kind.as_str(), "response" | "resource" | "conversion");
        if len > self.max_len || !is_wanted {
            self.pass(len);
            if is_wanted {
                return Ok(Some(Next::TooLarge { len }));
            }
            return Ok(Some(Next::Record(RawRecord { offset, kind, ..RawRecord::default() })));
        }
        let body = self.body(len as usize);
        if (body.len() as u64) < len && self.error.is_none() && self.rest().is_empty() {
            return Ok(Some(Next::Damage { offset, len: header_len as u64 + body.len() as u64 }));
        }
        let id = value("warc-record-id").unwrap_or_default();
        Ok(Some(Next::Record(RawRecord {
            offset,
            kind,
            id: id.trim_start_matches('<').trim_end_matches('>').to_owned(),
            address: value("warc-target-uri").unwrap_or_default().trim_matches(['<', '>']).to_owned(),
            content_type: value("content-type").unwrap_or_default(),
            body,
        })))
    }

    /// The next `len` bytes, or fewer if a record begins among them and none
    /// behind them.
    fn body(&mut self, len: usize) -> Vec<u8> {
        self.want(len.saturating_add(4 + BEGINNING.len()));
        let rest = self.rest();
        let behind = rest.get(len..).unwrap_or_default();
        let fits =
            rest.len() >= len && (behind.is_empty() || behind.starts_with(b"\r\n\r\n") || begins(behind));
        let mut end = len.min(rest.len());
        if !fits {
            // As far as the next record, without the two line ends before it.
            let inner = memchr::memmem::find(&rest[..end], b"\r\n\r\nWARC/1.");
            end = inner.unwrap_or(end);
        }
        let body = rest[..end].to_vec();
        self.at += end;
        body
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Reads until there are `count` bytes, or the end.
    fn want(&mut self, count: usize) {
        if self.rest().len() >= count || self.at_end {
            return;
        }
        self.bytes.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
        let missing = (count - self.bytes.len()).max(BLOCK_LEN);
        match (&mut self.stream).take(missing as u64).read_to_end(&mut self.bytes) {
            Ok(read) => self.at_end = read < missing,
            Err(error) => (self.at_end, self.error) = (true, Some(error)),
        }
    }

    fn pass(&mut self, count: u64) {
        let mut left = count;
        while left > 0 {
            self.want(1);
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(self.rest().len());
            if step == 0 {
                return;
            }
            self.at += step;
            left -= step as u64;
        }
    }

    fn skip_blank(&mut self) {
        loop {
            self.want(1);
            let blank = self.rest().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.at += blank;
            if blank == 0 {
                return;
            }
        }
    }

    /// Goes to where the next record seems to begin. The bytes passed over.
    fn pass_to_record(&mut self) -> u64 {
        let mut passed = 0;
        loop {
            self.want(BLOCK_LEN);
            if let Some(found) = memchr::memmem::find(self.rest(), b"\nWARC/1.") {
                self.at += found + 1;
                return passed + found as u64 + 1;
            }
            // The beginning of one may be cut by the end of what was read.
            let kept = if self.at_end { 0 } else { BEGINNING.len() + 3 };
            let step = self.rest().len().saturating_sub(kept);
            self.at += step;
            passed += step as u64;
            if self.at_end {
                return passed;
            }
        }
    }
}

fn begins(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(BEGINNING)
}

/// The header that `bytes` begin with: its length, names and values.
fn header(bytes: &[u8]) -> Option<(usize, Vec<(String, String)>)> {
    if !bytes.starts_with(BEGINNING) {
        return None;
    }
    let head = &bytes[..bytes.len().min(MAX_HEADER_LEN)];
    let crlf = memchr::memmem::find(head, b"\r\n\r\n").map(|end| (end, end + 4));
    let lf = memchr::memmem::find(head, b"\n\n").map(|end| (end, end + 2));
    let (end, len) = [crlf, lf].into_iter().flatten().min()?;
    let text = String::from_utf8_lossy(&head[..end]);
    let pairs = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    Some((len, pairs.map(|(name, value)| (name.trim().to_owned(), value.to_owned())).collect()))
}
