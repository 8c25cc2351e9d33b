//! Bytes → text.
//!
//! UTF-8 is tried first and costs one pass and no copy. A byte order mark
//! decides next; then UTF-8 with a few broken sequences; only then is the
//! encoding guessed from a sample around the first byte that is not ASCII
//! (`encoding/guess.rs`).

pub(crate) mod declared;
mod guess;

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use self::guess::guess;
use crate::document::SpanBase;

/// Well-formed sequences of several bytes for each malformed one from which
/// text counts as damaged UTF-8: other encodings form them only by chance.
const UTF8_GOOD_PER_BAD: u64 = 4;

/// Bytes in which the zeros of UTF-16 and the escapes of ISO-2022-JP are
/// looked for.
const MARKS_LEN: usize = 8 << 10;

/// One character in this many may be a replacement or a control character
/// before decoded bytes count as no text.
const CHARS_PER_BAD: u64 = 20;

/// Text, and what it took to get it.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// `Raw` only if the text is the very bytes.
    pub(crate) span_base: SpanBase,
    /// Malformed sequences that became U+FFFD.
    pub(crate) replaced: u64,
    /// The encoding it was decoded from.
    pub(crate) encoding: &'static str,
}

/// A byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32,
}

impl Mark {
    /// The mark that `bytes` begin with.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(Self::Utf32),
            [0xff, 0xfe, ..] => Some(Self::Utf16Le),
            [0xfe, 0xff, ..] => Some(Self::Utf16Be),
            _ => None,
        }
    }

    /// Its length in bytes.
    fn len(self) -> usize {
        match self {
            Self::Utf8 => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf32 => 4,
        }
    }

    /// The encoding it announces, if we can decode it.
    fn encoding(self) -> Option<&'static Encoding> {
        match self {
            Self::Utf8 => Some(UTF_8),
            Self::Utf16Le => Some(UTF_16LE),
            Self::Utf16Be => Some(UTF_16BE),
            Self::Utf32 => None,
        }
    }
}

/// The encoding that `head`, the beginning of a file, shows by a byte order
/// mark or by the zeros of UTF-16, and the length of the mark. The error is
/// the reason why it cannot be decoded.
pub(crate) fn announced(head: &[u8]) -> Result<Option<(&'static Encoding, usize)>, String> {
    match Mark::of(head) {
        Some(mark) => {
            let encoding = mark.encoding().ok_or("UTF-32 text is not read; convert it to UTF-8")?;
            Ok(Some((encoding, mark.len())))
        }
        None => Ok(utf16_without_mark(head).map(|encoding| (encoding, 0))),
    }
}

/// Decodes a whole document. The error is the reason why it is no text.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    let head = &bytes[..bytes.len().min(MARKS_LEN)];
    if let Some((encoding, mark_len)) = announced(head)? {
        return checked(decode_as(&bytes[mark_len..], encoding));
    }
    let (bytes, valid_up_to) = match String::from_utf8(bytes) {
        Ok(text) => {
            let japanese = has_japanese_escapes(&text).then(|| decode_as(text.as_bytes(), ISO_2022_JP));
            return match japanese {
                Some(decoded) if decoded.replaced == 0 => Ok(decoded),
                _ => Ok(Decoded { text, span_base: SpanBase::Raw, replaced: 0, encoding: UTF_8.name() }),
            };
        }
        Err(error) => {
            let valid_up_to = error.utf8_error().valid_up_to();
            (error.into_bytes(), valid_up_to)
        }
    };
    if is_damaged_utf8(&bytes) {
        return Ok(decode_as(&bytes, UTF_8));
    }
    checked(decode_as(&bytes, guess(&bytes, valid_up_to)))
}

/// UTF-16 without a byte order mark, told by where its zero bytes stand: text
/// mostly of Latin letters has one in nearly every second place and next to
/// none in the others.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(MARKS_LEN)];
    memchr::memchr(0, sample)?;
    let pairs = sample.len() / 2;
    let zeros = |odd: usize| sample.chunks_exact(2).filter(|pair| pair[odd] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs < 8 {
        None
    } else if odd * 2 > pairs && even * 50 < pairs {
        Some(UTF_16LE)
    } else if even * 2 > pairs && odd * 50 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether there are the escapes by which ISO-2022-JP, all of it ASCII bytes,
/// turns to Japanese.
fn has_japanese_escapes(text: &str) -> bool {
    let head = &text.as_bytes()[..text.len().min(MARKS_LEN)];
    memchr::memchr_iter(0x1b, head).any(|at| matches!(head.get(at + 1..at + 3), Some(b"$B" | b"$@")))
}

/// Decodes from a known encoding; malformed sequences become U+FFFD.
pub(super) fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8 + 16);
    let mut replaced = 0;
    let mut rest = bytes;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {
                text.reserve(decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len()).max(16));
            }
            DecoderResult::Malformed(..) => {
                text.push(char::REPLACEMENT_CHARACTER);
                replaced += 1;
            }
        }
    }
    text.shrink_to_fit();
    Decoded { text, span_base: SpanBase::Decoded, replaced, encoding: encoding.name() }
}

/// What was decoded, if it looks like text; the error is the reason why not.
fn checked(decoded: Decoded) -> Result<Decoded, String> {
    let (mut chars, mut bad) = (0, decoded.replaced);
    for c in decoded.text.chars() {
        chars += 1;
        bad += u64::from(c.is_control() && !is_text_control(c));
    }
    if bad * CHARS_PER_BAD > chars {
        return Err(format!(
            "not text in a known encoding: read as {}, {bad} of {chars} characters are malformed or control \
             characters; convert it to UTF-8",
            decoded.encoding
        ));
    }
    Ok(decoded)
}

/// Control characters that occur in text: tab, line ends, form feed,
/// backspace of overstriking, escape.
pub(crate) fn is_text_control(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\x0b' | '\x0c' | '\x08' | '\x1b' | '\u{85}')
}

/// Whether `bytes`, which are not all UTF-8, mostly are. A sequence cut off
/// by the end of the file does not count as broken.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0u64, 0u64);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().bytes().filter(|&byte| byte >= 0xc0).count() as u64;
        let is_cut_off = chunks.peek().is_none() && is_incomplete(chunk.invalid());
        bad += u64::from(!chunk.invalid().is_empty() && !is_cut_off);
    }
    good > 0 && good >= UTF8_GOOD_PER_BAD * bad
}

/// Whether `sequence` is the beginning of a UTF-8 sequence.
fn is_incomplete(sequence: &[u8]) -> bool {
    std::str::from_utf8(sequence).is_err_and(|error| error.error_len().is_none())
}

/// A reader that turns another encoding into UTF-8 on the way. A malformed
/// sequence becomes the byte `0xff`, which no UTF-8 has: what is read as
/// lines loses the line and not the file.
pub(crate) struct ToUtf8<R> {
    inner: R,
    decoder: Decoder,
    encoded: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    at_end: bool,
}

impl<R: Read> ToUtf8<R> {
    /// Reads `inner`, which begins behind any byte order mark.
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { inner, decoder, encoded: vec![0; 1 << 16], decoded: Vec::new(), given: 0, at_end: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let count = loop {
            match self.inner.read(&mut self.encoded) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.at_end = count == 0;
        self.given = 0;
        self.decoded.clear();
        let mut rest = &self.encoded[..count];
        loop {
            let room =
                self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len());
            let start = self.decoded.len();
            self.decoded.resize(start + room + 16, 0);
            let space = &mut self.decoded[start..];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, space, self.at_end);
            self.decoded.truncate(start + written);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.decoded.push(0xff),
            }
        }
    }
}

impl<R: Read> Read for ToUtf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.at_end {
            self.refill()?;
        }
        let count = buffer.len().min(self.decoded.len() - self.given);
        buffer[..count].copy_from_slice(&self.decoded[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        if encoding == UTF_16LE || encoding == UTF_16BE {
            let bytes = |unit: u16| {
                if encoding == UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() }
            };
            return text.encode_utf16().flat_map(bytes).collect();
        }
        encoding.encode(text).0.into_owned()
    }

    #[test]
    fn text_comes_back_from_each_encoding() {
        let french = "Le président français a été reçu à l'Élysée ; « c'est déjà l'été », dit-on à Nîmes.";
        let japanese = "これは日本語の文章です。新聞記事の本文がここに続きます。東京で発表された。";
        let russian = "Москва, 21 ноября. Правительство объявило о новых мерах поддержки.";
        let cases = [
            (french, encoding_rs::WINDOWS_1252),
            (japanese, encoding_rs::SHIFT_JIS),
            (japanese, encoding_rs::EUC_JP),
            (japanese, encoding_rs::ISO_2022_JP),
            (russian, encoding_rs::WINDOWS_1251),
            (russian, encoding_rs::KOI8_U),
        ];
        for (text, encoding) in cases {
            let decoded = decode(encoded(text, encoding)).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding.name()));
            assert_eq!((decoded.span_base, decoded.replaced), (SpanBase::Decoded, 0));
        }
    }

    #[test]
    fn byte_order_marks_decide_and_are_no_text() {
        for (mark, encoding) in
            [(&b"\xef\xbb\xbf"[..], UTF_8), (b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)]
        {
            let bytes = [mark, &encoded("Zürich 東京 😀", encoding)].concat();
            let decoded = decode(bytes).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.span_base), ("Zürich 東京 😀", SpanBase::Decoded));
        }
        assert!(decode(b"\xff\xfe\0\0a\0\0\0".to_vec()).unwrap_err().starts_with("UTF-32"));
    }

    #[test]
    fn only_the_very_bytes_are_raw() {
        for text in ["", "plain", "Zürich"] {
            let decoded = decode(text.as_bytes().to_vec()).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.span_base), (text, SpanBase::Raw));
        }
    }

    #[test]
    fn damaged_utf8_stays_utf8_and_says_how_much_was_replaced() {
        let prose = "Zürich läßt größere Bäume fällen, hört man. ".repeat(3);
        let cut = prose.trim_end().len() - 1;
        let mut cut_off = prose.as_bytes()[..cut].to_vec();
        cut_off.push(0xc3);
        let decoded = decode(cut_off).unwrap();
        assert_eq!((decoded.encoding, decoded.replaced), ("UTF-8", 1));
        assert_eq!(decoded.text, format!("{}\u{fffd}", &prose[..cut]));
        assert_eq!(decoded.span_base, SpanBase::Decoded);

        let mut broken = prose.clone().into_bytes();
        broken[20] = 0xff;
        assert_eq!(decode(broken).unwrap().encoding, "UTF-8");
        // One odd letter at the end of an ASCII text is no cut-off sequence.
        assert_eq!(decode(b"an open caf\xe9".to_vec()).unwrap().text, "an open café");
    }

    #[test]
    fn noise_is_not_text() {
        let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(decode(noise).unwrap_err().starts_with("not text in a known encoding"));
    }

    #[test]
    fn utf16_without_a_mark_is_told_by_its_zeros() {
        for encoding in [UTF_16LE, UTF_16BE] {
            let sample = encoded("Nobody writes marks any more.", encoding);
            assert_eq!(utf16_without_mark(&sample), Some(encoding));
            assert_eq!(decode(sample).unwrap().text, "Nobody writes marks any more.");
        }
        assert_eq!(utf16_without_mark(&[0; 64]), None);
        assert_eq!(utf16_without_mark(b"plain text of letters"), None);
    }

    #[test]
    fn a_stream_is_decoded_as_the_whole_is() {
        let text = "Zürich 東京 😀 ".repeat(20_000);
        let bytes = encoded(&text, UTF_16LE);
        let mut streamed = String::new();
        ToUtf8::new(bytes.as_slice(), UTF_16LE).read_to_string(&mut streamed).unwrap();
        assert_eq!(streamed, text);

        let mut malformed = Vec::new();
        ToUtf8::new(&b"a\0\0\xd8b\0"[..], UTF_16LE).read_to_end(&mut malformed).unwrap();
        assert_eq!(malformed, b"a\xffb");
    }
}
