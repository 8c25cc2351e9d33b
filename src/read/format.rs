//! What kind of file it is: told by its content, then by its name.
//!
//! A format is added here (how it is recognised) and in one adapter file (how
//! it is read); nothing else knows which formats there are.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::adapter::Adapter;
use super::encoding;
use super::{jsonl, plain};

/// Bytes of a file that decide its format.
pub(crate) const HEAD_LEN: usize = 1 << 16;

/// Bytes searched for a zero, which no text has. Text files whose later parts
/// are damaged stay text.
const ZERO_SEARCH_LEN: usize = 8 << 10;

/// One byte in this many may be a control character before a file is binary.
const BYTES_PER_CONTROL: usize = 10;

/// How files begin that are no text, or not yet read, and what they are.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"BZh", "a bzip2 file"),
    (b"PK\x03\x04", "a zip file (or an office document)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
    (b"Rar!\x1a\x07", "a rar file"),
    (b"%PDF-", "a PDF file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
];

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One document: the whole file.
    PlainText,
    /// One JSON object a line, each a document.
    JsonLines,
}

impl Format {
    /// The adapter that reads it.
    pub(crate) fn adapter(self) -> &'static dyn Adapter {
        match self {
            Self::PlainText => &plain::PlainText,
            Self::JsonLines => &jsonl::JsonLines,
        }
    }
}

/// The format of the file called `name` that begins with `head`, which is all
/// of it if shorter than [`HEAD_LEN`]. The error is the reason why the file
/// cannot be read.
pub(crate) fn detect(head: &[u8], name: &str) -> Result<Format, String> {
    let text = match encoding::announced(head)? {
        Some((encoding, mark_len)) => {
            let (text, _) = encoding.decode_without_bom_handling(&head[mark_len..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
        None => Cow::Borrowed(head),
    };
    if begins_with_object(&text, head.len() >= HEAD_LEN) {
        return Ok(Format::JsonLines);
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| is_signature(head, signature)) {
        return Err(format!("{what}, which is not read; extract its text first"));
    }
    if is_binary(&text) {
        return Err("binary, not text; extract its text first".into());
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "jsonlines") => Ok(Format::JsonLines),
        _ => Ok(Format::PlainText),
    }
}

/// Whether the first line that is not blank is a JSON object, or begins one
/// where the head ends within it.
fn begins_with_object(text: &[u8], is_cut: bool) -> bool {
    let text = text.trim_ascii_start();
    if text.first() != Some(&b'{') {
        return false;
    }
    let (line, is_cut) = match memchr::memchr(b'\n', text) {
        Some(end) => (&text[..end], false),
        None => (text, is_cut),
    };
    match serde_json::from_slice::<IgnoredAny>(line) {
        Ok(_) => true,
        Err(error) => is_cut && error.is_eof(),
    }
}

/// Whether `head` begins with `signature`. One of letters alone could begin a
/// text, so something that is no text must follow.
fn is_signature(head: &[u8], signature: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(signature) else { return false };
    let is_words = signature.iter().all(u8::is_ascii_alphanumeric);
    !is_words || rest.iter().take(64).any(|&byte| byte < b'\t')
}

fn is_binary(text: &[u8]) -> bool {
    if memchr::memchr(0, &text[..text.len().min(ZERO_SEARCH_LEN)]).is_some() {
        return true;
    }
    let is_control = |&byte: &u8| byte.is_ascii_control() && !encoding::is_text_control(byte.into());
    text.iter().filter(|byte| is_control(byte)).count() * BYTES_PER_CONTROL > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn content_decides_before_the_name() {
        let marked = [b"\xff\xfe".to_vec(), utf16("{\"text\":\"a\"}\n")].concat();
        let long = format!("{{\"text\":\"{}\"}}", "a".repeat(HEAD_LEN));
        let cases: [(&[u8], &str, Format); 13] = [
            (b"{\"text\":\"a\"}\n", "feed.txt", Format::JsonLines),
            (b"\n \r\n{\"text\":\"a\"}\r\n{", "feed", Format::JsonLines),
            (b"\xef\xbb\xbf{}", "feed", Format::JsonLines),
            (&marked, "feed", Format::JsonLines),
            (&long.as_bytes()[..HEAD_LEN], "feed", Format::JsonLines),
            (b"{broken\n{}", "feed.JSONL", Format::JsonLines),
            (b"", "feed.ndjson", Format::JsonLines),
            (b"", "empty.txt", Format::PlainText),
            (b"{broken\n{}", "feed.txt", Format::PlainText),
            (b"{\n \"text\": \"a\"\n}", "page.json", Format::PlainText),
            (b"PARIS - BZh is no file", "a.txt", Format::PlainText),
            (b"PAR1S and text", "a.txt", Format::PlainText),
            (&utf16("A text without a mark, but with zeros."), "a.txt", Format::PlainText),
        ];
        for (head, name, expected) in cases {
            assert_eq!(detect(head, name), Ok(expected), "{name} {}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn what_is_no_text_says_what_it_is() {
        let controls: Vec<u8> = (0..100).map(|i| if i % 5 == 0 { 1 } else { b'a' }).collect();
        let cases: [(&[u8], &str); 7] = [
            (b"\x1f\x8b\x08\0\0", "a gzip file"),
            (b"PAR1\x15\x04\x15", "a Parquet file"),
            (b"%PDF-1.7\n1 0 obj", "a PDF file"),
            (b"abc\0def", "binary"),
            (&[0; 64], "binary"),
            (&controls, "binary"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
        ];
        for (head, reason) in cases {
            let error = detect(head, "file.jsonl").unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }
}
