//! Subtitles and captions, SRT and WebVTT: what is said, without the times.
//!
//! Times and numbers of cues are more than half of such a file, and every file
//! counts from the same beginning: taken for text, they made unrelated films
//! share a tenth of theirs. Captions that roll say each line twice, so a line
//! that repeats the one before it is left out.

use super::adapter::{Adapter, Batch, Content, Context, too_large};
use super::encoding;
use super::html;
use crate::document::{Document, SpanBase};

/// What stands between the times of a cue.
const ARROW: &str = "-->";

/// How WebVTT begins, and its blocks that are no cues.
const VTT: &str = "WEBVTT";
const BLOCKS: [&str; 4] = [VTT, "NOTE", "STYLE", "REGION"];

/// The adapter.
pub(crate) struct Subtitles;

impl Adapter for Subtitles {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let decoded = encoding::decode(content.into_bytes(context)?)?;
        let text = said(&decoded.text);
        if text.len() as u64 > context.max_document_bytes {
            return Err(too_large(Some(text.len() as u64), context.max_document_bytes));
        }
        batch.note_replaced(path, &decoded);
        batch.push(Document {
            id: path.to_owned(),
            path: path.into(),
            span_base: SpanBase::Extracted,
            text,
            ..Document::default()
        });
        Ok(())
    }
}

/// Whether a file that begins with `text` holds subtitles.
pub(crate) fn is_subtitles(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    if let Some(behind) = text.strip_prefix(VTT.as_bytes()) {
        return behind.first().is_none_or(u8::is_ascii_whitespace)
            && memchr::memmem::find(text, ARROW.as_bytes()).is_some();
    }
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let number = lines.next().unwrap_or_default();
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    is_number && lines.next().and_then(|line| std::str::from_utf8(line).ok()).is_some_and(is_times)
}

/// `00:00:01,000 --> 00:00:04,500`, and what WebVTT says behind it.
fn is_times(line: &str) -> bool {
    let is_time = |text: &str| {
        text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":,.".contains(&byte))
    };
    let Some((from, behind)) = line.split_once(ARROW) else { return false };
    is_time(from.trim()) && behind.split_whitespace().next().is_some_and(is_time)
}

/// The lines of all cues.
fn said(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut out = String::with_capacity(text.len() / 2);
    let (mut last, mut in_cue, mut in_block) = (String::new(), false, false);
    for (at, line) in lines.iter().enumerate() {
        let is_next_timed = || lines.get(at + 1).is_some_and(|next| is_times(next));
        if is_times(line) {
            (in_cue, in_block) = (true, false);
            continue;
        }
        if line.is_empty() {
            (in_cue, in_block) = (false, false);
            continue;
        }
        // Numbers and names of cues stand before their times; some writers
        // leave out the empty line before them.
        let is_name = is_next_timed() && (!in_cue || line.bytes().all(|byte| byte.is_ascii_digit()));
        let begins = |block: &&str| line.trim_start_matches('\u{feff}').starts_with(*block);
        in_block |= !in_cue && BLOCKS.iter().any(begins);
        if is_name || in_block {
            continue;
        }
        let line = plain(line);
        if !line.is_empty() && line != last {
            out.push_str(&line);
            out.push('\n');
            last = line;
        }
    }
    out
}

/// A line without its markup: `<i>`, `<v Ada>`, `<00:01.000>`, `{\an8}`.
fn plain(line: &str) -> String {
    let mut rest = line;
    while let Some((_, behind)) = rest.strip_prefix("{\\").and_then(|inside| inside.split_once('}')) {
        rest = behind;
    }
    let mut text = String::with_capacity(rest.len());
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        rest = &rest[before.len()..];
        let is_tag = behind.starts_with(|c: char| c == '/' || c.is_ascii_alphanumeric());
        match is_tag.then(|| behind.split_once('>')) {
            Some(Some((_, behind))) => rest = behind,
            // Where a tag has no end there is none behind it either.
            Some(None) => break,
            None => {
                text.push('<');
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    html::text::resolved(&text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "(1\n|0:01,0 --> 0:02,0\n|WEBVTT|NOTE|\n|<|>|é|&lt;|[{]\\\\|[}]|a){0,20}") {
            is_subtitles(text.as_bytes());
            said(&text);
        }
    }

    #[test]
    fn what_is_said_is_the_text() {
        let cases = [
            (
                "1\n00:00:01,000 --> 00:00:04,500\nThe lock was <i>closed</i>\non Tuesday.\n\n\
                 2\n00:00:05,000 --> 00:00:06,000\n{\\an8}Barges wait &amp; wait.\n",
                "The lock was closed\non Tuesday.\nBarges wait & wait.\n",
            ),
            (
                "WEBVTT - news\nKind: captions\n\nNOTE\nby hand\n\nSTYLE\n::cue { color: red }\n\nintro\n\
                 00:01.000 --> 00:04.000 line:0 position:20%\n<v Ada>The lock<00:02.000> was closed\n\n\
                 00:04.000 --> 00:05.000\nThe lock was closed\non Tuesday.\n",
                "The lock was closed\non Tuesday.\n",
            ),
            // Without empty lines, and a cue that says a number.
            (
                "1\r\n0:00:01,0 --> 0:00:02,0\r\nThe year is\r\n1984\r\n2\r\n0:00:02,0 --> 0:00:03,0\r\nnow.\r\n",
                "The year is\n1984\nnow.\n",
            ),
        ];
        for (text, expected) in cases {
            assert!(is_subtitles(text.as_bytes()), "{text}");
            assert_eq!(said(text), expected, "{text}");
        }
        assert_eq!(plain("2 < 3 <b>and</b> a <b more <i"), "2 < 3 and a <b more <i");
        for text in ["1\nThe first item --> of a list", "WEBVTT", "WEBVTTER --> x", "12\n13\n", "", "1"] {
            assert!(!is_subtitles(text.as_bytes()), "{text}");
        }
    }
}
