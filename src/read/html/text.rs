//! HTML → text without a judgement: all of it, in paragraphs.

use std::borrow::Cow;

use dom_query::Document as Dom;
use quick_xml::escape::{resolve_html5_entity, unescape_with};

/// Open elements within each other from which a page is not taken apart.
/// Browsers stop at 512, pages have some dozens; the time of parsers grows
/// with the square.
const MAX_DEPTH: usize = 400;

/// Elements that stand alone, or whose end may be left out and says nothing
/// about depth.
const UNCOUNTED: [&str; 32] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "rp",
    "rt", "colgroup", "html", "head", "body",
];

/// Elements whose content is no text.
const HIDDEN: &str = "script, style, noscript, template, head, svg, iframe, object";

/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 18] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "blockquote",
    "tr",
    "table",
    "section",
    "article",
    "pre",
    "hr",
];

/// Other elements that show a text to be HTML.
const TELLING: [&str; 22] = [
    "br",
    "span",
    "a",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "img",
    "td",
    "figure",
    "figcaption",
    "iframe",
    "script",
    "style",
    "small",
    "sup",
    "sub",
    "code",
    "font",
    "center",
    "time",
];

/// Whether the element called `name` begins and ends a paragraph.
pub(crate) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// All text of `html`.
pub(crate) fn of(html: &str) -> String {
    if is_too_deep(html) {
        return without_tags(html);
    }
    let dom = Dom::from(html);
    dom.select(HIDDEN).remove();
    dom.formatted_text().trim().to_owned()
}

/// What a feed gives as a text, which may be HTML or not: markup is taken
/// away where there is some, entities are resolved, and text without either
/// stays as it is.
pub(crate) fn of_fragment(text: &str) -> Cow<'_, str> {
    if has_markup(text) {
        return of(text).into();
    }
    resolved(text)
}

/// `text` with its entities resolved, as far as they are known.
pub(crate) fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    unescape_with(text, resolve_html5_entity).unwrap_or_else(|_| resolved_one_by_one(text).into())
}

fn resolved_one_by_one(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // The longest name of a character has some thirty letters.
        let end = rest.bytes().take(40).position(|byte| byte == b';').map_or(1, |end| end + 1);
        match unescape_with(&rest[..end], resolve_html5_entity) {
            Ok(resolved) => out.push_str(&resolved),
            Err(_) => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Whether `text` has an element of HTML in it.
pub(crate) fn has_markup(text: &str) -> bool {
    tags(text).any(|tag| is_block(&tag.name) || TELLING.contains(&tag.name.as_str()))
}

/// Whether `text` has a tag of any kind.
pub(crate) fn has_tags(text: &str) -> bool {
    tags(text).next().is_some()
}

/// Whether elements lie deeper in each other than a page can need.
pub(crate) fn is_too_deep(html: &str) -> bool {
    let mut depth = 0usize;
    tags(html).any(|tag| {
        if !UNCOUNTED.contains(&tag.name.as_str()) {
            depth = if tag.is_end { depth.saturating_sub(1) } else { depth + usize::from(!tag.is_closed) };
        }
        depth > MAX_DEPTH
    })
}

/// The text between the tags, in one pass whatever the page is.
pub(crate) fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 4);
    let mut at = 0;
    let mut hidden: Option<String> = None;
    for tag in tags(html) {
        if hidden.is_none() {
            out.push_str(&resolved(&html[at..tag.start]));
            out.push(if matches!(tag.name.as_str(), "b" | "i" | "em" | "strong" | "span" | "a") {
                ' '
            } else {
                '\n'
            });
        }
        match &hidden {
            Some(name) if tag.is_end && *name == tag.name => hidden = None,
            None if !tag.is_end && matches!(tag.name.as_str(), "script" | "style" | "head" | "template") => {
                hidden = Some(tag.name.clone());
            }
            _ => {}
        }
        at = tag.end;
    }
    if hidden.is_none() {
        out.push_str(&resolved(&html[at..]));
    }
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// A tag and where it stands.
struct Tag {
    name: String,
    is_end: bool,
    /// Whether it closes itself.
    is_closed: bool,
    start: usize,
    end: usize,
}

/// The tags of `html` in their order.
fn tags(html: &str) -> impl Iterator<Item = Tag> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'<', bytes.get(at..)?)?;
            let is_end = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(is_end);
            let rest = bytes.get(name_start..)?;
            let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let is_name = rest.first().is_some_and(u8::is_ascii_alphabetic)
                && rest
                    .get(length)
                    .is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'));
            if !is_name {
                at = name_start;
                continue;
            }
            let length_of_tag = memchr::memchr(b'>', &bytes[name_start..])?;
            let end = name_start + length_of_tag + 1;
            at = end;
            let name = html[name_start..name_start + length].to_ascii_lowercase();
            return Some(Tag { name, is_end, is_closed: bytes[end - 2] == b'/', start, end });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_markup_stays_as_it_is() {
        for text in ["", "a < b & c > d\n\n  e", "From: <joe@x.example> wrote &c.", "AT&T; x<y>z", "1 &lt 2"]
        {
            assert_eq!(of_fragment(text), text);
        }
        let cases = [
            ("It&#8217;s &amp; it&rsquo;s &nosuch; &", "It’s & it’s &nosuch; &"),
            ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
            ("One<br/>Two<script>x < 1</script>", "One\nTwo"),
        ];
        for (html, expected) in cases {
            assert_eq!(of_fragment(html), expected, "{html}");
        }
    }

    #[test]
    fn depth_is_seen_and_costs_no_stack() {
        let deep =
            format!("<html><head><title>T</title></head>{}<p>One &amp; two<p>three", "<div>".repeat(100_000));
        assert!(is_too_deep(&deep));
        assert_eq!(of(&deep), "One & two\nthree");
        assert!(!is_too_deep(&"<p>word<br><div>x</div>".repeat(10_000)));
    }
}
