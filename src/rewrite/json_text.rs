//! The text inside one JSON object, cut where it stands.
//!
//! The object is walked along the tree of fields as the reader does
//! (`read/json/object.rs`), and the bytes of the string that gives the text
//! are found: of several the first in the order of names, of one name twice
//! the last that holds something. What is left of the string keeps its bytes,
//! escapes and all. It must say what the document says, else nothing is cut.

use std::ops::Range;

use crate::dedup::Cut;
use crate::read::fields::{Field, FieldTree};

/// Arrays and objects inside each other that are followed; the parser of the
/// reader follows as many.
const MAX_DEPTH: usize = 128;

/// `json` with `cuts` made in its text, which is `text`; nothing if that is
/// not found.
pub(super) fn cut(json: &str, tree: &FieldTree, text: &str, cuts: &[Cut]) -> Option<String> {
    let mut walk = Walk { json, at: 0, best: None };
    walk.skip_space();
    walk.value(Some(tree), 0)?;
    let (_, place) = walk.best?;
    let left = cut_string(&json[place.clone()], text, cuts)?;
    Some([&json[..place.start], &left, &json[place.end..]].concat())
}

struct Walk<'j> {
    json: &'j str,
    at: usize,
    /// Rank and place of the best string so far.
    best: Option<(usize, Range<usize>)>,
}

impl Walk<'_> {
    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Passes over the value here, which stands at `place`; nothing where the
    /// JSON is broken.
    fn value(&mut self, place: Option<&FieldTree>, depth: usize) -> Option<()> {
        let place = place.filter(|_| depth < MAX_DEPTH);
        match (self.byte()?, place) {
            (b'"', _) => {
                let string = self.string()?;
                let ranks = place.into_iter().flat_map(FieldTree::wanted);
                let rank = ranks.filter(|wanted| wanted.field == Field::Text).map(|wanted| wanted.rank).min();
                let is_blank = || chars(&self.json[string.clone()]).all(|(c, _)| c.is_whitespace());
                let is_better = |rank: &usize| self.best.as_ref().is_none_or(|(best, _)| rank <= best);
                if let Some(rank) = rank.filter(is_better).filter(|_| !is_blank()) {
                    self.best = Some((rank, string));
                }
                Some(())
            }
            (b'{', Some(place)) => self.object(place, depth),
            (b'[', Some(place)) => {
                let is_text = place.wanted().iter().any(|wanted| wanted.field == Field::Text);
                self.array(place, is_text, depth)
            }
            (b'{' | b'[', None) => self.skip_nested(),
            _ => {
                let rest = &self.json.as_bytes()[self.at..];
                let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
                Some(())
            }
        }
    }

    fn object(&mut self, place: &FieldTree, depth: usize) -> Option<()> {
        self.at += 1;
        loop {
            self.skip_space();
            match self.byte()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let key = self.string()?;
                    let key: String = chars(&self.json[key]).map(|(c, _)| c).collect();
                    self.skip_space();
                    self.at += usize::from(self.byte()? == b':');
                    self.skip_space();
                    self.value(place.below(&key), depth + 1)?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    /// A list stands for its first member, except as a text.
    fn array(&mut self, place: &FieldTree, is_text: bool, depth: usize) -> Option<()> {
        self.at += 1;
        let mut member = Some(place).filter(|_| !is_text);
        loop {
            self.skip_space();
            match self.byte()? {
                b']' => break,
                b',' => self.at += 1,
                _ => self.value(member.take(), depth + 1)?,
            }
        }
        self.at += 1;
        Some(())
    }

    /// Passes over an array or object without looking at it.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            match self.byte()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Passes over the string here; its place inside the quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at + 1;
        let mut end = start;
        loop {
            end += memchr::memchr2(b'"', b'\\', self.json.as_bytes().get(end..)?)?;
            if self.json.as_bytes()[end] == b'"' {
                self.at = end + 1;
                return Some(start..end);
            }
            end += 2;
        }
    }
}

/// The characters of what stands between quotes, with the bytes each takes.
/// Half a surrogate pair is U+FFFD.
fn chars(raw: &str) -> impl Iterator<Item = (char, usize)> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        let (c, length) = match rest.as_bytes() {
            [b'\\', b'u', ..] => escaped_unit(rest),
            [b'\\', escape, ..] => (simple_escape(*escape), 2),
            _ => rest.chars().next().map(|c| (c, c.len_utf8()))?,
        };
        rest = rest.get(length..).unwrap_or_default();
        Some((c, length))
    })
}

fn simple_escape(escape: u8) -> char {
    match escape {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        other => char::from(other),
    }
}

/// The character that `rest` begins with, as `\u` and four digits or as two
/// of these.
fn escaped_unit(rest: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = rest.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(0).unwrap_or_default();
    if let Some(c) = char::from_u32(first.into()) {
        return (c, 6);
    }
    let pair = [Some(first), unit(6)].into_iter().flatten();
    match char::decode_utf16(pair).next() {
        Some(Ok(c)) => (c, 12),
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// What stands between quotes without what is cut; nothing if it does not say
/// `text`.
fn cut_string(raw: &str, text: &str, cuts: &[Cut]) -> Option<String> {
    let mut left = String::with_capacity(raw.len());
    let (mut at, mut raw_at) = (0, 0);
    let mut cuts = cuts.iter().map(|cut| cut.span).peekable();
    for (c, length) in chars(raw) {
        if !text.get(at..)?.starts_with(c) {
            return None;
        }
        while cuts.next_if(|cut| cut.end <= at).is_some() {}
        if cuts.peek().is_none_or(|cut| at < cut.start) {
            left.push_str(&raw[raw_at..raw_at + length]);
        }
        at += c.len_utf8();
        raw_at += length;
    }
    (at == text.len()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::StripKind;
    use crate::document::{DocId, Span};
    use crate::read::FieldMap;

    fn cut_at(start: usize, end: usize) -> Cut {
        let (kind, stands_in) = (StripKind::Repeats, DocId::new(0));
        Cut { span: Span::new(start, end), kind, stands_in, stands_at: Span::new(0, 1) }
    }

    #[test]
    fn only_the_bytes_of_the_text_change() {
        let cases = [
            (r#"{"text":"ab cd","n":1.00}"#, "ab cd", Some(r#"{"text":"ab","n":1.00}"#)),
            // The first in the order of names, the last of one name.
            (r#"{"body":"ab cd", "text" : "xy zw"}"#, "xy zw", Some(r#"{"body":"ab cd", "text" : "xy"}"#)),
            (
                r#"{"text":"xy","text":"ab cd","text":" "}"#,
                "ab cd",
                Some(r#"{"text":"xy","text":"ab","text":" "}"#),
            ),
            (r#"{"text":null,"body":"ab cd"}"#, "ab cd", Some(r#"{"text":null,"body":"ab"}"#)),
            // Escapes of what stays keep their form.
            (
                r#"{"te\u0078t":"\u00e9 cd\/\ud83d\ude00"}"#,
                "é cd/😀",
                Some(r#"{"te\u0078t":"\u00e9\/\ud83d\ude00"}"#),
            ),
            (
                r#"{"x":[{"text":"no"}],"fields":{"body":"ab cd"}}"#,
                "ab cd",
                Some(r#"{"x":[{"text":"no"}],"fields":{"body":"ab"}}"#),
            ),
            (
                r#"{"x":"\\\"","text":["ab cd"],"content":"ab cd"}"#,
                "ab cd",
                Some(r#"{"x":"\\\"","text":["ab cd"],"content":"ab"}"#),
            ),
            // Another text than the document's.
            (r#"{"text":"ab ce"}"#, "ab cd", None),
            (r#"{"title":"ab cd"}"#, "ab cd", None),
        ];
        let tree = FieldMap::default().tree();
        for (json, text, expected) in cases {
            let start = text.find(' ').unwrap();
            let found = cut(json, &tree, text, &[cut_at(start, start + 3)]);
            assert_eq!(found.as_deref(), expected, "{json}");
        }
    }
}
