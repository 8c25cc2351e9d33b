//! How the records of a JSON file are arranged: told from its beginning.

use serde::de::IgnoredAny;

use crate::read::fields::Field;

/// Keys under which answers of interfaces and exports keep their records.
const LIST_KEYS: [&str; 11] = [
    "articles",
    "items",
    "posts",
    "documents",
    "docs",
    "results",
    "records",
    "entries",
    "news",
    "data",
    "response",
];

/// An arrangement of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One object a line.
    Lines,
    /// Objects over several lines, one or some behind each other.
    Objects,
    /// One array of objects.
    Array,
    /// One object that has them in an array under this key.
    Under(String),
}

/// The arrangement in the text that begins with `text`, which is cut off if
/// `is_cut`; nothing if it is no JSON. A file `called_json` is JSON also where
/// it breaks off.
pub(crate) fn shape(text: &[u8], is_cut: bool, called_json: bool) -> Option<Shape> {
    let text = text.trim_ascii_start();
    match text.first()? {
        b'{' => shape_of_objects(text, is_cut, called_json),
        b'[' => {
            let inside = text[1..].trim_ascii_start();
            let is_array = begins_like_object(inside) || called_json;
            is_array.then_some(Shape::Array)
        }
        _ => None,
    }
}

fn shape_of_objects(text: &[u8], is_cut: bool, called_json: bool) -> Option<Shape> {
    let (line, is_line_cut) = match memchr::memchr(b'\n', text) {
        Some(end) => (&text[..end], false),
        None => (text, is_cut),
    };
    if is_object(line, is_line_cut) {
        return Some(list_key(line).map_or(Shape::Lines, Shape::Under));
    }
    let is_json = is_object(text, is_cut || (called_json && begins_like_object(text)));
    is_json.then(|| list_key(text).map_or(Shape::Objects, Shape::Under))
}

/// Whether `text` begins with an object, which may be cut off if `is_cut`.
fn is_object(text: &[u8], is_cut: bool) -> bool {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let behind = text[values.byte_offset()..].trim_ascii_start();
            behind.is_empty() || behind.starts_with(b"{")
        }
        Some(Err(error)) => is_cut && error.is_eof(),
        None => false,
    }
}

fn begins_like_object(text: &[u8]) -> bool {
    let inside = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| matches!(inside.first(), Some(b'"' | b'}')))
}

/// The key under which the object that `text` begins with keeps its records:
/// a list of objects under a usual name, in an object without a text.
fn list_key(text: &[u8]) -> Option<String> {
    let mut found = None;
    for (key, value) in members(text) {
        if Field::Text.default_paths().contains(&key) {
            return None;
        }
        let list = value.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
        if found.is_none() && LIST_KEYS.contains(&key) && list.is_some_and(begins_like_object) {
            found = Some(key.to_owned());
        }
    }
    found
}

/// The keys of the object that `text` begins with, with what follows each.
fn members(text: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let (mut at, mut depth) = (0, 0u32);
    std::iter::from_fn(move || {
        loop {
            match *text.get(at)? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1).filter(|&depth| depth > 0)?,
                b'"' => {
                    let start = at + 1;
                    at = end_of_string(text, start)?;
                    let behind = text[at + 1..].trim_ascii_start();
                    if let (1, Some(value)) = (depth, behind.strip_prefix(b":")) {
                        let key = std::str::from_utf8(&text[start..at]).unwrap_or_default();
                        at += 1;
                        return Some((key, value.trim_ascii_start()));
                    }
                }
                _ => {}
            }
            at += 1;
        }
    })
}

/// The place of the quote that ends the string from `start` on.
fn end_of_string(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        match text[at] {
            b'"' => return Some(at),
            _ => at += 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrangement_is_told_from_the_beginning() {
        let under = |key: &str| Some(Shape::Under(key.to_owned()));
        let cases = [
            ("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", Some(Shape::Lines)),
            ("{\"text\":\"a\"}", Some(Shape::Lines)),
            ("{}\n", Some(Shape::Lines)),
            ("{\n  \"text\": \"a\"\n}\n", Some(Shape::Objects)),
            ("{\n  \"text\": \"a\"\n}\n{\n \"text\": \"b\"}", Some(Shape::Objects)),
            ("[{\"text\":\"a\"},", Some(Shape::Array)),
            ("[\n  {\n    \"text\"", Some(Shape::Array)),
            (
                "{\"status\":\"ok\",\"n\":[1,{\"text\":2}],\"articles\":[{\"content\":\"a\"}]}",
                under("articles"),
            ),
            ("{\n\"posts\": [\n{\"uuid\":\"1\",\"text\":\"a\"}]\n}", under("posts")),
            // A record that has a list, and one whose list is no list of records.
            ("{\"text\":\"a\",\"items\":[{\"x\":1}]}", Some(Shape::Lines)),
            ("{\"items\":[1,2]}", Some(Shape::Lines)),
            ("[AP] PARIS - Prose", None),
            ("[{{template}}]", None),
            ("{broken\n{}", None),
            ("{\"a\":1} said the man\nand left", None),
            ("{\n \"text\": \"a", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text.as_bytes(), false, false), expected, "{text}");
        }
        assert_eq!(shape(b"{\n \"text\": \"a", true, false), Some(Shape::Objects));
        assert_eq!(shape(b"{\n \"text\": \"a", false, true), Some(Shape::Objects));
        assert_eq!(shape(b"[]", false, true), Some(Shape::Array));
        assert_eq!(shape(b"[\"a\"]", false, true), Some(Shape::Array));
    }
}
