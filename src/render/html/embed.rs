//! JSON that can stand inside a `<script>` element, and the fingerprint by
//! which the content security policy knows the one script that may run.

use std::fmt;
use std::io;

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

/// Bytes that `text` takes as an embedded string, with its quotation marks.
pub(super) fn embedded_len(text: &str) -> usize {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    fmt::Write::write_fmt(&mut count, format_args!("{}", Embedded(text))).expect("counting does not fail");
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
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * place)) as usize & 63]);
            text.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    text
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
        assert_eq!(embedded_len(hostile), json.len());
        assert_eq!(embedded_len("é"), 4);
    }

    #[test]
    fn fingerprints_are_those_that_browsers_compute() {
        // RFC 4648, section 10.
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, expected) in cases {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        // FIPS 180, the message "abc".
        assert_eq!(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
