//! One JSON object → one record, in one walk.
//!
//! A line without a fault is taken apart by `walk.rs`; what that gives
//! up on is read here, with a parser that says what is wrong and where.
//!
//! The walk follows the tree of wanted fields: what is not wanted is checked
//! and passed over without being built, so the cost is that of validating the
//! JSON plus one copy of each wanted string. Only wanted objects recurse, as
//! deep as the tree is; all else is passed over without recursion, so depth
//! cannot exhaust the stack.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{repair, walk};
use crate::read::encoding::declared::REPLACED;
use crate::read::fields::{Field, FieldTree};
use crate::read::record::Record;

/// Reads the object that `line` is. Of a key that occurs twice the last one
/// that holds something counts. The error says what is wrong with the JSON
/// and at which column. Strings are put together in `scratch`, whose content
/// means nothing.
pub(crate) fn read(line: &str, tree: &FieldTree, scratch: &mut String) -> Result<Record, String> {
    if let Some(record) = walk::read(line, tree, scratch) {
        return Ok(record);
    }
    read_slowly(line, tree).or_else(|error| {
        let repaired = repair::without_half_surrogates(line).ok_or(error)?;
        let mut record = read_slowly(&repaired, tree)?;
        record.note(Some(REPLACED));
        Ok(record)
    })
}

pub(super) fn read_slowly(line: &str, tree: &FieldTree) -> Result<Record, String> {
    let mut record = Record::default();
    let mut json = serde_json::Deserializer::from_str(line);
    let root = Root { tree, record: &mut record };
    let result = json.deserialize_map(root).and_then(|()| json.end());
    match result {
        Ok(()) => Ok(record),
        Err(error) => Err(no_object(line).unwrap_or_else(|| broken(&error))),
    }
}

/// The reason where `line` is sound JSON and no object.
fn no_object(line: &str) -> Option<String> {
    let kind = match line.trim_start().as_bytes().first()? {
        b'{' => return None,
        b'[' => "an array",
        b'"' => "a string",
        b't' | b'f' => "true or false",
        b'n' => "null",
        _ => "a number",
    };
    serde_json::from_str::<IgnoredAny>(line).ok()?;
    Some(format!("{kind} where an object with fields should be; write it as {{\"text\": …}}"))
}

fn broken(error: &serde_json::Error) -> String {
    let message = error.to_string();
    // The parser sees one line, so its line number says nothing.
    match message.split_once(" at line 1 column") {
        Some((problem, column)) => format!("broken JSON at column{column}: {problem}"),
        None => format!("broken JSON: {message}"),
    }
}

/// The object of a whole line.
struct Root<'t, 'r> {
    tree: &'t FieldTree,
    record: &'r mut Record,
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        walk(map, self.tree, self.record)
    }
}

fn walk<'de, A: MapAccess<'de>>(mut map: A, tree: &FieldTree, record: &mut Record) -> Result<(), A::Error> {
    while let Some(place) = map.next_key_seed(Key { tree })? {
        match place {
            Some(place) if is_wanted(place, record) => map.next_value_seed(Value { place, record })?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(())
}

/// Whether what stands at `place` could still count.
pub(crate) fn is_wanted(place: &FieldTree, record: &Record) -> bool {
    !place.is_leaf() || place.wanted().iter().any(|&wanted| record.is_open(wanted))
}

/// A key: where it leads.
struct Key<'t> {
    tree: &'t FieldTree,
}

impl<'de, 't> DeserializeSeed<'de> for Key<'t> {
    type Value = Option<&'t FieldTree>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'t> Visitor<'_> for Key<'t> {
    type Value = Option<&'t FieldTree>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.tree.below(key))
    }
}

/// A value at a wanted place.
pub(crate) struct Value<'t, 'r> {
    pub(crate) place: &'t FieldTree,
    pub(crate) record: &'r mut Record,
}

impl Value<'_, '_> {
    fn put_number(self, digits: &str) {
        for &wanted in self.place.wanted() {
            self.record.put_number(wanted, digits);
        }
    }

    fn put_odd(&mut self, kind: &'static str) {
        for &wanted in self.place.wanted() {
            self.record.put_odd(wanted, kind);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        for &wanted in self.place.wanted() {
            self.record.put(wanted, text);
        }
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.put_number(&number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.put_number(&number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.put_number(&number.to_string());
        Ok(())
    }

    fn visit_bool<E>(mut self, _: bool) -> Result<(), E> {
        self.put_odd("true or false");
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    /// A list stands for its first member, except as a text.
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let is_text = self.place.wanted().iter().any(|wanted| wanted.field == Field::Text);
        self.put_odd("an array");
        if !is_text {
            list.next_element_seed(Value { place: self.place, record: self.record })?;
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        self.put_odd("an object");
        walk(map, self.place, self.record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::read::fields::FieldMap;
    use crate::read::record::Finished;
    use crate::read::source::Publishers;

    fn finished(line: &str) -> Finished {
        let tree = FieldMap::default().tree();
        read(line, &tree, &mut String::new())
            .unwrap()
            .finish(&mut Publishers::default())
            .unwrap_or_else(|trouble| panic!("{line}: {trouble:?}"))
    }

    fn document(line: &str) -> Document {
        finished(line).document
    }

    #[test]
    fn names_of_feeds_are_found_in_their_order() {
        // Record, then id, text, title, url, source, published, language.
        let cases = [
            (
                r#"{"lang":"en","body":"B","text":"T","id":7,"uuid":"u","headline":"H","link":"L","site":"www.x.com"}"#,
                ["7", "T", "H", "L", "x.com", "", "en"],
            ),
            (
                r#"{"_id":{"$oid":"a1"},"maintext":"M","source":{"id":null,"name":"The Daily"},"date_publish":"2026-11-21 16:05"}"#,
                ["a1", "M", "", "", "The Daily", "2026-11-21T16:05:00", ""],
            ),
            (
                r#"{"text":"T","thread":{"site":"cnn.com","title":"TT","url":"U","published":"2026-11-21T16:05:09Z","x":[{}]}}"#,
                ["", "T", "TT", "U", "cnn.com", "2026-11-21T16:05:09Z", ""],
            ),
            (
                r#"{"text":" ","content":null,"articleBody":"A","publisher":{"@type":"Organization","url":"https://www.bbc.co.uk/x","name":"BBC"},"datePublished":1795277109}"#,
                ["", "A", "", "", "bbc.co.uk", "2026-11-21T16:05:09Z", ""],
            ),
            (
                r#"{"text":3,"body":"B","source":["AP","x"],"date":"a while ago","timestamp":1795277109000.5,"language":true}"#,
                ["", "B", "", "", "AP", "2026-11-21T16:05:09Z", ""],
            ),
            (r#"{"text":"first","id":"1","text":"second","id":null}"#, ["1", "second", "", "", "", "", ""]),
            (
                r#"{"id":-1.5,"text":"","source.name":"dotted key"}"#,
                ["-1.5", "", "", "", "dotted key", "", ""],
            ),
            (r#"{"text":"a\u0000\ud83d\ude00\n","title":"  \t "}"#, ["", "a\0😀\n", "", "", "", "", ""]),
        ];
        for (line, expected) in cases {
            let d = document(line);
            let published = d.published.map(|p| p.to_string());
            let found = [Some(d.id), Some(d.text), d.title, d.url, d.source, published, d.language];
            assert_eq!(found.map(Option::unwrap_or_default), expected, "{line}");
        }
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        for line in [r#"{"text":"T","body":"B"}"#, r#"{"body":"B","text":"T"}"#] {
            assert_eq!(document(line).text, "T");
        }
    }

    #[test]
    fn a_date_that_is_not_understood_is_remembered() {
        assert_eq!(finished(r#"{"text":"","date":"soon"}"#).odd_date.as_deref(), Some("soon"));
        assert_eq!(finished(r#"{"text":"","date":"soon","timestamp":1795277109}"#).odd_date, None);
        assert_eq!(finished(r#"{"text":"","date":""}"#).odd_date, None);
    }

    #[test]
    fn an_overriding_path_is_the_only_one() {
        let mut fields = FieldMap::default();
        fields.try_set("text", "article.plain").unwrap();
        fields.try_set("title", "article.plain").unwrap();
        let tree = fields.tree();
        let record =
            read(r#"{"text":"no","article":{"plain":"yes","text":"no"}}"#, &tree, &mut String::new())
                .unwrap();
        let document = record.finish(&mut Publishers::default()).unwrap().document;
        assert_eq!((document.text.as_str(), document.title.as_deref()), ("yes", Some("yes")));
    }

    #[test]
    fn broken_json_says_what_and_where() {
        let cases = [
            ("{\"text\":\"a\"", "broken JSON at column 11: EOF while parsing an object"),
            ("{\"text\":\"a\"} x", "broken JSON at column 14: trailing characters"),
            ("[1]", "an array where an object with fields should be; write it as {\"text\": …}"),
            ("7", "a number where an object with fields should be"),
            ("\"a\"", "a string where an object with fields should be"),
            ("[1", "broken JSON at column 0: invalid type: sequence, expected a JSON object"),
            ("{\"text\":\"a\tb\"}", "broken JSON at column 11: control character"),
        ];
        for (line, expected) in cases {
            let error = read(line, &FieldMap::default().tree(), &mut String::new()).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn half_a_surrogate_costs_a_character_and_is_remarked() {
        let found = finished(r#"{"text":"a\ud83d b","title":"\\ud83d \udc00"}"#);
        assert_eq!(
            (found.document.text.as_str(), found.document.title.as_deref()),
            ("a\u{fffd} b", Some("\\ud83d \u{fffd}"))
        );
        assert_eq!(found.remark, Some("malformed sequences replaced by U+FFFD"));
        assert_eq!(finished(r#"{"text":"a\ud83d\ude00"}"#).remark, None);
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = |key: &str| {
            format!("{{\"text\":\"T\",\"{key}\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000))
        };
        assert_eq!(document(&deep("other")).text, "T");
        let error = read(&deep("source"), &FieldMap::default().tree(), &mut String::new()).unwrap_err();
        assert!(error.contains("recursion limit exceeded"), "{error}");
    }

    #[test]
    fn what_is_no_text_is_named() {
        let cases = [
            (r#"{"text":["a"]}"#, "the text is an array"),
            (r#"{"text":{"a":1}}"#, "the text is an object"),
            (r#"{"text":1}"#, "the text is a number"),
            (r#"{"text":false}"#, "the text is true or false"),
            (r#"{"text":null}"#, "no text: the record has none of the fields text, body"),
            (r#"{}"#, "no text"),
        ];
        for (line, expected) in cases {
            let fields = FieldMap::default();
            let trouble = read(line, &fields.tree(), &mut String::new())
                .unwrap()
                .finish(&mut Publishers::default())
                .unwrap_err();
            assert!(trouble.reason(&fields).starts_with(expected), "{line}");
        }
    }
}
