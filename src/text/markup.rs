//! Elements, references and escapes that stand in a text as they are written.

use std::borrow::Cow;
use std::cell::OnceCell;

use memchr::{memchr, memchr3_iter, memmem};
use quick_xml::escape::resolve_html5_entity;

use super::mended::Edited;
use super::mojibake::of_cp1252;
use crate::read::html::text::is_block;

/// Bytes of a reference without its `&`: the longest names have 31 letters.
const MAX_REFERENCE: usize = 34;

/// Bytes of a tag or comment: addresses in them may be long.
const MAX_TAG: usize = 4096;

/// Bytes of the longest name below.
const LONGEST_NAME: usize = 10;

/// Elements that stand in a line: what is on both sides belongs together.
const INLINE: [&str; 28] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "u", "var", "wbr",
];

/// The others that articles have, beside those that begin a paragraph
/// ([`is_block`]). What is named at neither place is no tag: messages have
/// addresses in angle brackets, and programs have types.
const OTHERS: [&str; 42] = [
    "aside",
    "amp-ad",
    "amp-img",
    "audio",
    "body",
    "br",
    "button",
    "center",
    "dd",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "head",
    "header",
    "html",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "object",
    "option",
    "picture",
    "script",
    "select",
    "source",
    "style",
    "svg",
    "tbody",
    "td",
    "th",
    "video",
];

/// Puts into the place of markup what it stands for.
///
/// Newswire has symbols of shares in angle brackets (`<DD>`), so capitals are a
/// tag only where the text closes one.
pub(super) fn replace(text: &str, edited: &mut Edited<'_>) {
    let closes = OnceCell::new();
    let may_be_tag = |second: Option<&u8>| {
        !second.is_some_and(u8::is_ascii_uppercase)
            || *closes.get_or_init(|| memmem::find(text.as_bytes(), b"</").is_some())
    };
    for at in memchr3_iter(b'&', b'<', b'\\', text.as_bytes()) {
        if at < edited.written() {
            continue;
        }
        let found = match text.as_bytes()[at] {
            b'&' => reference(&text.as_bytes()[at..]),
            b'<' if !may_be_tag(text.as_bytes().get(at + 1)) => None,
            b'<' => tag(&text.as_bytes()[at..])
                .map(|(len, tag)| (len, if tag == Tag::Inline { "" } else { "\n" }.into())),
            _ => escape(&text.as_bytes()[at..]),
        };
        if let Some((len, new)) = found {
            edited.replace(at, at + len, &new);
        }
    }
}

/// Whether the words on both sides of a tag may be one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tag {
    Inline,
    Block,
}

/// The tag that a text begins with, or the comment, and its length.
pub(crate) fn tag(text: &[u8]) -> Option<(usize, Tag)> {
    let bytes = &text[..text.len().min(MAX_TAG)];
    if bytes.first() != Some(&b'<') {
        return None;
    }
    if bytes.starts_with(b"<!--") {
        return Some((memmem::find(bytes, b"-->")? + 3, Tag::Block));
    }
    if bytes.starts_with(b"<![CDATA[") {
        return Some((9, Tag::Block));
    }
    let first = if bytes.get(1) == Some(&b'/') { 2 } else { 1 };
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let rest = bytes.get(first..)?;
    let name = &rest[..rest.iter().take(LONGEST_NAME + 1).take_while(is_name).count()];
    let behind = first + name.len();
    let is_closed = matches!(bytes.get(behind)?, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r');
    if !is_closed || name.len() > LONGEST_NAME {
        return None;
    }
    let mut lower = [0; LONGEST_NAME];
    lower[..name.len()].copy_from_slice(name);
    lower.make_ascii_lowercase();
    let name = str::from_utf8(&lower[..name.len()]).ok()?;
    let tag = match () {
        () if INLINE.contains(&name) => Tag::Inline,
        () if is_block(name) || OTHERS.contains(&name) => Tag::Block,
        () => return None,
    };
    let end = behind + memchr(b'>', &bytes[behind..])?;
    // `<Strong Point Inc>` is a company.
    let rest = bytes[behind..end].trim_ascii();
    let has_attributes = rest.is_empty() || rest == b"/" || memchr(b'=', rest).is_some();
    (has_attributes && memchr(b'<', rest).is_none()).then_some((end + 1, tag))
}

/// The reference to a character that a text begins with: its length, and what
/// it stands for.
pub(crate) fn reference(bytes: &[u8]) -> Option<(usize, Cow<'static, str>)> {
    let end = 1 + memchr(b';', bytes.get(1..bytes.len().min(MAX_REFERENCE))?)?;
    let name = str::from_utf8(&bytes[1..end]).ok()?;
    let new = match name.strip_prefix('#') {
        None => resolve_html5_entity(name)?.into(),
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // Browsers read numbers of controls as the code page of Windows.
            let c = u8::try_from(code).map_or_else(|_| char::from_u32(code), |byte| Some(of_cp1252(byte)))?;
            c.to_string().into()
        }
    };
    Some((end + 1, new))
}

/// The escape of a string that a text begins with: `\u043f`, also in two halves,
/// and `\n` where no word goes on behind it.
fn escape(bytes: &[u8]) -> Option<(usize, Cow<'static, str>)> {
    match bytes.get(1)? {
        b'u' => {
            let half = |at: usize| {
                let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
                let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
                let digits = str::from_utf8(digits).ok().filter(|_| is_hex)?;
                u16::from_str_radix(digits, 16).ok()
            };
            let first = half(0)?;
            let halves = [first, half(6).unwrap_or(0)];
            let c = char::decode_utf16(halves).next()?.ok()?;
            Some((6 * c.len_utf16(), c.to_string().into()))
        }
        b'n' | b'r' | b't' if !bytes.get(2).is_some_and(u8::is_ascii_lowercase) => Some((2, "\n".into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_articles() {
        let tags = [
            ("<p>x", 3, Tag::Block),
            ("</DIV> x", 6, Tag::Block),
            ("<br/>", 5, Tag::Block),
            ("<a href=\"https://www.example.com/?a=b\">x", 39, Tag::Inline),
            ("<!-- ad --> x", 11, Tag::Block),
        ];
        for (text, len, kind) in tags {
            assert_eq!(tag(text.as_bytes()), Some((len, kind)), "{text}");
        }
        for text in [
            "",
            "p",
            "<",
            "</",
            "<>",
            "<a@b.org>",
            "<T>",
            "<p is less",
            "<p <b>",
            "< p>",
            "<- p>",
            "<vector>",
        ] {
            assert_eq!(tag(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn capitals_are_tags_where_one_is_closed() {
        assert_eq!(crate::text::as_meant("Du Pont <DD> rose"), "Du Pont <DD> rose");
        assert_eq!(crate::text::as_meant("<P>Du Pont <B>rose</B>"), "\nDu Pont rose");
    }

    #[test]
    fn references_are_those_with_a_semicolon() {
        let known =
            [("&eacute;t", "é"), ("&#233;", "é"), ("&#xE9;", "é"), ("&#146;s", "’"), ("&nbsp;", "\u{a0}")];
        for (text, stands_for) in known {
            assert_eq!(reference(text.as_bytes()).unwrap().1, stands_for, "{text}");
        }
        for text in ["&", "&T said;", "&;", "&#;", "&#x110000;", "&#d800;", "&unknown;", "&amp", "&é;"] {
            assert_eq!(reference(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn escapes_are_those_of_json() {
        let known =
            [(r"\u043f", 6, "п"), (r"\ud83d\ude00", 12, "😀"), (r"\nThe", 2, "\n"), (r"\n\n", 2, "\n")];
        for (text, len, stands_for) in known {
            assert_eq!(escape(text.as_bytes()), Some((len, stands_for.into())), "{text}");
        }
        for text in [r"\new", r"\users", r"\ud83d", r"\u+043", r"\", r"\u04", r"\x"] {
            assert_eq!(escape(text.as_bytes()), None, "{text}");
        }
    }
}
