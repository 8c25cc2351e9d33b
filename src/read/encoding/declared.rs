//! Bytes that come with the name of their encoding → text.
//!
//! The name is a claim: pages say `iso-8859-1` out of habit. A byte order mark
//! and well-formed UTF-8 count before it, and it counts before a guess.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::read::encoding::{self, Decoded};

/// Bytes in which a page must name its encoding; the standard says 1024, and
/// pages are late.
const SEARCH_LEN: usize = 4096;

/// One sequence in this many may be malformed before a declared encoding is
/// taken for wrong.
const BYTES_PER_MALFORMED: u64 = 50;

/// The encoding that a page or an XML file names in its beginning.
pub(crate) fn in_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(SEARCH_LEN)].to_ascii_lowercase();
    let label = [&b"charset="[..], b"encoding="].into_iter().find_map(|key| {
        let start = memchr::memmem::find(&head, key)? + key.len();
        let rest = head[start..].trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
        let end = rest.iter().position(|byte| !is_label(byte)).unwrap_or(rest.len());
        Some(&rest[..end])
    })?;
    known(label)
}

/// The encoding called `label`. UTF-16 in an ASCII declaration is a mistake.
pub(crate) fn known(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(label).filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

/// Decodes a document of which it is said that it is in `declared`. The error
/// is the reason why it is no text.
pub(crate) fn decode(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Result<Decoded, String> {
    let Some(declared) = declared.filter(|declared| *declared != UTF_8) else {
        return encoding::decode(bytes);
    };
    let is_marked = encoding::announced(&bytes[..bytes.len().min(SEARCH_LEN)])?.is_some();
    if is_marked || (std::str::from_utf8(&bytes).is_ok() && !declared.eq(encoding_rs::ISO_2022_JP)) {
        return encoding::decode(bytes);
    }
    let decoded = encoding::decode_as(&bytes, declared);
    if decoded.replaced * BYTES_PER_MALFORMED > bytes.len() as u64 {
        return encoding::decode(bytes);
    }
    Ok(decoded)
}

/// Said of records that were not what their encoding says.
pub(crate) const REPLACED: &str = "malformed sequences replaced by U+FFFD";

/// Said of records that are in another encoding than the file.
const GUESSED: &str = "not UTF-8, and read in the encoding that it looks like";

/// Decodes a line or a field of a file that is UTF-8 on the whole, and says
/// what had to be done. The error is the reason why it is no text.
pub(crate) fn decode_part(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.into(), None));
    }
    let decoded = encoding::decode(bytes.to_vec())?;
    let remark = if decoded.replaced > 0 { REPLACED } else { GUESSED };
    Ok((decoded.text.into(), Some(remark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_and_weighed() {
        let page = |declaration: &str, text: &[u8]| {
            let bytes = [b"<html><head>", declaration.as_bytes(), b"</head><p>", text].concat();
            let declared = in_page(&bytes);
            let text = decode(bytes, declared).unwrap().text;
            text.rsplit_once("<p>").unwrap().1.to_owned()
        };
        let cases: [(&str, &[u8], &str); 7] = [
            ("<meta charset=\"windows-1251\">", b"\xcc\xee\xf1\xea\xe2\xe0", "Москва"),
            (
                "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
                b"\xed\xcf\xd3\xcb\xd7\xc1",
                "Москва",
            ),
            ("<META CHARSET=ISO-8859-1>", b"caf\xe9 \x93x\x94", "café “x”"),
            // Well-formed UTF-8 counts before what is said of it.
            ("<meta charset=iso-8859-1>", "café".as_bytes(), "café"),
            ("<meta charset=utf-8>", b"caf\xe9 d\xe9j\xe0 vu", "café déjà vu"),
            ("<meta charset=nosuch>", b"caf\xe9 d\xe9j\xe0 vu", "café déjà vu"),
            ("<meta charset=utf-16>", b"plain", "plain"),
        ];
        for (declaration, text, expected) in cases {
            assert_eq!(page(declaration, text), expected, "{declaration}");
        }
    }
}
