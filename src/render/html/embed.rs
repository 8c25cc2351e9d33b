//! JSON that can stand inside a `<script>` element, as it is or packed, and
//! the fingerprint by which the content security policy knows the one script
//! that may run.

use std::fmt;
use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use sha2::{Digest as _, Sha256};

/// A value that displays as compact JSON without `<`, `>`, `&` and the line
/// separators of JavaScript: nothing inside can end or open an element, begin
/// a comment, or be an entity, whatever parser reads it.
pub(super) struct Embedded<T>(pub(super) T);

impl<T: Serialize> fmt::Display for Embedded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let out = Utf8Writer(f);
        self.0.serialize(&mut Serializer::with_formatter(out, Harmless)).map_err(|_| fmt::Error)
    }
}

/// A value that displays as JSON in gzip in base 64: a fifth of the size where
/// it is pairs with their evidence, half where it is texts.
pub(super) struct Packed<T>(pub(super) T);

impl<T: Serialize> fmt::Display for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gzip = GzEncoder::new(Base64Writer::new(f), Compression::default());
        let mut out = io::BufWriter::new(&mut gzip);
        serde_json::to_writer(&mut out, &self.0).map_err(|_| fmt::Error)?;
        out.flush().map_err(|_| fmt::Error)?;
        drop(out);
        gzip.finish().map_err(|_| fmt::Error)?.finish()
    }
}

/// Bytes that `text` takes as a string of JSON, with its quotation marks.
pub(super) fn json_len(text: &str) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, text).expect("counting does not fail");
    count.0
}

/// The form in which `serde_json` writes, sent on as text.
struct Utf8Writer<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl io::Write for Utf8Writer<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The compact form, except that what means something to HTML or to old
/// JavaScript is written as an escape.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        let is_harmful = |c: char| matches!(c, '<' | '>' | '&' | '\u{7f}' | '\u{2028}' | '\u{2029}');
        while let Some(at) = rest.find(is_harmful) {
            let (before, after) = rest.split_at(at);
            let harmful = after.chars().next().expect("the search found a character here");
            out.write_all(before.as_bytes())?;
            write!(out, "\\u{:04x}", u32::from(harmful))?;
            rest = &after[harmful.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

/// The SHA-256 of `text` in base 64, as content security policies name it.
pub(super) fn sha256_base64(text: &str) -> String {
    let mut written = String::new();
    let mut base64 = Base64Writer::new(&mut written);
    base64.write_all(&Sha256::digest(text.as_bytes())).expect("a string takes every write");
    base64.finish().expect("a string takes every write");
    written
}

/// Base 64 (RFC 4648, section 4) of what is written.
struct Base64Writer<'w, W> {
    out: &'w mut W,
    /// The bytes of a group of three that is not full.
    begun: [u8; 3],
    begun_len: usize,
}

impl<'w, W: fmt::Write> Base64Writer<'w, W> {
    fn new(out: &'w mut W) -> Self {
        Self { out, begun: [0; 3], begun_len: 0 }
    }

    /// Four digits for the group begun.
    fn write_group(&mut self) -> fmt::Result {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = self.begun.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let digit = |place: usize| match place {
            _ if place > self.begun_len => '=',
            _ => char::from(DIGITS[bits >> (18 - 6 * place) & 63]),
        };
        let group: [char; 4] = std::array::from_fn(digit);
        (self.begun, self.begun_len) = ([0; 3], 0);
        group.into_iter().try_for_each(|digit| self.out.write_char(digit))
    }

    fn finish(mut self) -> fmt::Result {
        if self.begun_len > 0 { self.write_group() } else { Ok(()) }
    }
}

impl<W: fmt::Write> io::Write for Base64Writer<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.begun[self.begun_len] = *byte;
            self.begun_len += 1;
            if self.begun_len == self.begun.len() {
                self.write_group().map_err(io::Error::other)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_json_holds_nothing_that_html_or_javascript_could_take_for_its_own() {
        let hostile = "</script><!--<script>]]>&lt;\u{2028}\u{2029}\0\u{7f}\"\\ é東 \u{202e}";
        let json = Embedded(hostile).to_string();
        assert!(!json.contains(['<', '>', '&', '\0', '\u{7f}', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
        assert_eq!(json_len("é\"<"), 7);
    }

    #[test]
    fn fingerprints_are_those_that_browsers_compute() {
        // RFC 4648, section 10.
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, expected) in cases {
            let mut written = String::new();
            let mut base64 = Base64Writer::new(&mut written);
            // However the bytes arrive.
            bytes.bytes().for_each(|byte| base64.write_all(&[byte]).unwrap());
            base64.finish().unwrap();
            assert_eq!(written, expected);
        }
        // FIPS 180, the message "abc".
        assert_eq!(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
