//! What kind of file it is: told by its content, then by its name.
//!
//! A format is added here (how it is recognised) and in one adapter file (how
//! it is read); nothing else knows which formats there are.

use std::borrow::Cow;

use super::adapter::Adapter;
use super::encoding;
use super::json::shape::{self, Shape};
use super::mail::{self, Mail};
use super::packed::compressed::Compressed;
use super::xml::Xml;
use super::{html, json, packed, plain, subtitles, table, warc, xml};

/// Bytes of a file that decide its format.
pub(crate) const HEAD_LEN: usize = 1 << 16;

/// Bytes searched for a zero, which no text has. Text files whose later parts
/// are damaged stay text.
const ZERO_SEARCH_LEN: usize = 8 << 10;

/// One byte in this many may be a control character before a file is binary.
const BYTES_PER_CONTROL: usize = 10;

/// How files begin that hold others or their own index.
const CONTAINERS: &[(&[u8], Format)] = &[
    (b"\x1f\x8b", Format::Gzip),
    (b"\x28\xb5\x2f\xfd", Format::Zstd),
    (b"\xfd7zXZ\0", Format::Xz),
    (b"BZh", Format::Bzip2),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"PAR1", Format::Parquet),
];

/// How files begin that are no text, or not read, and what they are.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
    (b"Rar!\x1a\x07", "a rar file"),
    (b"%PDF-", "a PDF file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"PARE", "an encrypted Parquet file"),
    (b"SQLite format 3\0", "an SQLite file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
];

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One document: the whole file.
    PlainText,
    /// One JSON object a line, each a document.
    JsonLines,
    /// Objects over several lines, or in an array.
    Json,
    /// Rows of text, each a document, below a row of names.
    Table,
    /// Rows in columns, each row a document.
    Parquet,
    /// A web page: its article is a document.
    Page,
    /// Items of RSS, RDF or Atom.
    Feed,
    /// Items of NewsML-G2, or a document of NITF.
    News,
    /// Documents of a collection of newswire: Reuters-21578, RCV1, TREC.
    Archive,
    /// Pages of a wiki, as MediaWiki exports them.
    Wiki,
    /// What is said in a film: SRT or WebVTT.
    Subtitles,
    /// A message of mail or news.
    Message,
    /// Messages below one another: mbox.
    Mailbox,
    /// What a crawler kept: WARC or WET.
    Warc,
    /// Another file, compressed.
    Gzip,
    /// Another file, compressed.
    Zstd,
    /// Another file, compressed.
    Bzip2,
    /// Another file, compressed.
    Xz,
    /// Other files.
    Zip,
    /// Other files.
    Tar,
}

impl Format {
    /// The adapter that reads it.
    pub(crate) fn adapter(self) -> &'static dyn Adapter {
        match self {
            Self::PlainText => &plain::PlainText,
            Self::JsonLines => &json::jsonl::JsonLines,
            Self::Json => &json::document::Json,
            Self::Table => &table::delimited::Table,
            #[cfg(feature = "parquet")]
            Self::Parquet => &table::parquet::Parquet,
            #[cfg(not(feature = "parquet"))]
            Self::Parquet => &NoParquet,
            Self::Page => &html::page::Page,
            Self::Feed => &Xml::Feed,
            Self::News => &Xml::News,
            Self::Archive => &Xml::Archive,
            Self::Wiki => &Xml::Wiki,
            Self::Subtitles => &subtitles::Subtitles,
            Self::Message => &Mail::Single,
            Self::Mailbox => &Mail::Many,
            Self::Warc => &warc::Warc,
            Self::Gzip => &Compressed::Gzip,
            Self::Zstd => &Compressed::Zstd,
            Self::Bzip2 => &Compressed::Bzip2,
            Self::Xz => &Compressed::Xz,
            Self::Zip => &packed::zip::Zip,
            Self::Tar => &packed::tar::Tar,
        }
    }
}

/// Stands for the adapter of Parquet in a build without it.
#[cfg(not(feature = "parquet"))]
struct NoParquet;

#[cfg(not(feature = "parquet"))]
impl Adapter for NoParquet {
    fn read(
        &self,
        _: super::adapter::Content<'_>,
        _: &super::adapter::Context<'_>,
        _: &mut super::adapter::Batch<'_>,
    ) -> Result<(), String> {
        Err("a Parquet file, which this build does not read; build it with the feature parquet".into())
    }
}

/// The format of the file called `name` that begins with `head`, which is all
/// of it if shorter than [`HEAD_LEN`]. The error is the reason why the file
/// cannot be read.
pub(crate) fn detect(head: &[u8], name: &str) -> Result<Format, String> {
    let has_signature = |signature: &[u8]| is_signature(head, signature);
    if let Some((_, format)) = CONTAINERS.iter().find(|(signature, _)| has_signature(signature)) {
        return Ok(*format);
    }
    if packed::tar::is_header(head) {
        return Ok(Format::Tar);
    }
    if warc::is_warc(head) {
        return Ok(Format::Warc);
    }
    let text = match encoding::announced(head)? {
        Some((encoding, mark_len)) => {
            let (text, _) = encoding.decode_without_bom_handling(&head[mark_len..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
        None => Cow::Borrowed(head),
    };
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    match shape::shape(&text, head.len() >= HEAD_LEN, extension == "json") {
        Some(Shape::Lines) => return Ok(Format::JsonLines),
        Some(_) => return Ok(Format::Json),
        None => {}
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| has_signature(signature)) {
        return Err(format!("{what}, which is not read; extract its text first"));
    }
    if is_binary(&text) {
        return Err("binary, not text; extract its text first".into());
    }
    match xml::kind(&text) {
        Some(Xml::Feed) => return Ok(Format::Feed),
        Some(Xml::News) => return Ok(Format::News),
        Some(Xml::Archive) => return Ok(Format::Archive),
        Some(Xml::Wiki) => return Ok(Format::Wiki),
        None if is_page(&text) => return Ok(Format::Page),
        None if subtitles::is_subtitles(&text) => return Ok(Format::Subtitles),
        None => {}
    }
    match mail::kind(&text, extension) {
        Some(Mail::Single) => return Ok(Format::Message),
        Some(Mail::Many) => return Ok(Format::Mailbox),
        None => {}
    }
    match extension {
        _ if table::delimited::is_table(&text, matches!(extension, "csv" | "tsv" | "tab")) => {
            Ok(Format::Table)
        }
        "jsonl" | "ndjson" | "jsonlines" => Ok(Format::JsonLines),
        _ => Ok(Format::PlainText),
    }
}

/// Whether the text begins like a web page, behind declarations and comments.
pub(crate) fn is_page(text: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 6] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<meta ", b"<title"];
    let mut rest = text.trim_ascii_start();
    loop {
        let behind = if rest.starts_with(b"<?xml") {
            memchr::memmem::find(rest, b"?>").map(|end| end + 2)
        } else if rest.starts_with(b"<!--") {
            memchr::memmem::find(rest, b"-->").map(|end| end + 3)
        } else {
            let is_one = |beginning: &&[u8]| {
                rest.get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning))
            };
            return BEGINNINGS.iter().any(is_one);
        };
        let Some(behind) = behind else { return false };
        rest = rest[behind..].trim_ascii_start();
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
        let cases: [(&[u8], &str, Format); 34] = [
            (b"{\"text\":\"a\"}\n", "feed.txt", Format::JsonLines),
            (b"\n \r\n{\"text\":\"a\"}\r\n{", "feed", Format::JsonLines),
            (b"\xef\xbb\xbf{}", "feed", Format::JsonLines),
            (&marked, "feed", Format::JsonLines),
            (&long.as_bytes()[..HEAD_LEN], "feed", Format::JsonLines),
            (b"{broken\n{}", "feed.JSONL", Format::JsonLines),
            (b"", "feed.ndjson", Format::JsonLines),
            (b"", "empty.txt", Format::PlainText),
            (b"{broken\n{}", "feed.txt", Format::PlainText),
            (b"{\n \"text\": \"a\"\n}", "page.txt", Format::Json),
            (b"[{\"text\": \"a\"}]", "page.jsonl", Format::Json),
            (b"id,text\n1,a\n", "table.jsonl", Format::Table),
            (b"{\"text\":\"a,b\"}\n", "table.csv", Format::JsonLines),
            (b"Prose without a column\n", "table.csv", Format::PlainText),
            (b"<!DOCTYPE html>\n<p>x", "page.txt", Format::Page),
            (b"\n<?xml version='1.0'?>\n<!-- x -->\n<!-- y -->\n<HTML lang=en>", "page.csv", Format::Page),
            (b"<html> is a tag", "a", Format::Page),
            (b"<?xml version='1.0'?><rss version='2.0'>", "feed.html", Format::Feed),
            (b"<newsItem guid='x'>", "a.json", Format::News),
            (b"<joe@x.example> wrote", "a.html", Format::PlainText),
            (b"1\n00:00:01,000 --> 00:00:04,500\nThe lock was closed.\n", "a.txt", Format::Subtitles),
            (b"WEBVTT\n\n00:01.000 --> 00:04.000\nThe lock was closed.\n", "a", Format::Subtitles),
            (b"\x1f\x8b\x08\0\0", "a.txt", Format::Gzip),
            (b"\x28\xb5\x2f\xfd\x04", "a.gz", Format::Zstd),
            (b"\xfd7zXZ\0\0", "a", Format::Xz),
            (b"BZh91AY&SY\0\x01", "a.json", Format::Bzip2),
            (b"PK\x03\x04\x14\0", "a.docx", Format::Zip),
            (b"PK\x05\x06\0\0\0", "a", Format::Zip),
            (b"BZh is a word", "a", Format::PlainText),
            (b"PK\x03\x04\x14\0", "a.gz", Format::Zip),
            (b"PAR1\x15\x04\x15", "a.txt", Format::Parquet),
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
        let cases: [(&[u8], &str); 6] = [
            (b"PARE\x15\x04\x15", "an encrypted Parquet file"),
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
