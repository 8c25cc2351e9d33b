//! Records of whole documents and of broken ones, whatever the pieces they come in.

use proptest::prelude::*;

use super::*;

/// A stream that gives a few bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(buffer.len()).min(self.0.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Line, text (`…` before it if it was not closed) of each record.
fn found(text: &str, shape: Shape, head_len: usize, max_len: u64) -> Vec<(u64, String)> {
    let (head, rest) = text.as_bytes().split_at(head_len.min(text.len()));
    let mut elements = Elements::new(head.to_vec(), Drops(rest, 7), shape, max_len);
    let mut all = Vec::new();
    while let Some((bytes, found)) = elements.next().unwrap() {
        for element in found {
            let text = match element.place {
                Some(place) => String::from_utf8(bytes[place].to_vec()).unwrap(),
                None => format!("{} bytes", element.len),
            };
            all.push((element.line, if element.is_whole { text } else { format!("…{text}") }));
        }
    }
    all
}

/// A text, its shape, and its records with their lines.
type Case<'c> = (&'c str, Shape, &'c [(u64, &'c str)]);

#[test]
fn records_are_cut_out_of_every_arrangement() {
    let under = || Shape::Under("items".into());
    let cases: [Case<'_>; 9] = [
        (
            "[{\"a\":[{}]}, {\"b\":\"]}\\\"\"}\n,{}]",
            Shape::Array,
            &[(1, "{\"a\":[{}]}"), (1, "{\"b\":\"]}\\\"\"}"), (2, "{}")],
        ),
        ("{\n\"a\":1}\n{\"b\":2}", Shape::Objects, &[(1, "{\n\"a\":1}"), (3, "{\"b\":2}")]),
        ("[1, \"a,b\", null,[2,3]]", Shape::Array, &[(1, "1"), (1, "\"a,b\""), (1, "null"), (1, "[2,3]")]),
        ("[]", Shape::Array, &[]),
        (
            "{\"x\":[{\"no\":1}],\"items\":[{\"a\":1},{\"items\":[{}]}],\"y\":[{\"no\":2}],\"items\":[{}]}",
            under(),
            &[(1, "{\"a\":1}"), (1, "{\"items\":[{}]}"), (1, "{}")],
        ),
        ("{\"x\":\"items\",\"y\":[{}],\"items\":[{\"a\":1}]}", under(), &[(1, "{\"a\":1}")]),
        // Cut off, and a closing bracket too many.
        ("[{\"a\":1},\n{\"b\":", Shape::Array, &[(1, "{\"a\":1}"), (2, "…{\"b\":")]),
        ("[{\"a\":1}]]}\n[{\"b\":1}]", Shape::Array, &[(1, "{\"a\":1}"), (2, "{\"b\":1}")]),
        ("[\n{\"long\":\"xxxxxxxxxxxxxxxxxxxxxx\"},\n{}]", Shape::Array, &[(2, "33 bytes"), (3, "{}")]),
    ];
    for (text, shape, expected) in cases {
        for head_len in 0..text.len() {
            let found = found(text, shape.clone(), head_len, 30);
            let found: Vec<_> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
            assert_eq!(found, expected, "{text} {head_len}");
        }
    }
}

#[test]
fn a_broken_record_does_not_swallow_the_next() {
    let cases = [
        "[\n{\"a\":\"open},\n{\"b\":1},\n{\"c\":2}\n]",
        "[\n{\"a\":{\"x\":1},\n{\"b\":1},\n{\"c\":2}\n]",
        "[\n  {\n    \"a\": [{\"x\n  },\n  {\n    \"b\": 1\n  },\n  {\n    \"c\": 2\n  }\n]",
        "{\n  \"items\": [\n    {\n      \"a\": 1,\n    {\n      \"b\": 1\n    },\n    {\n      \"c\": 2\n    }\n  ]\n}",
    ];
    for text in cases {
        let shape = if text.contains("items") { Shape::Under("items".into()) } else { Shape::Array };
        let found = found(text, shape, 3, 1000);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].1.starts_with("…{"), "{found:?}");
        assert!(found[1].1.contains("\"b\"") && found[2].1.contains("\"c\""), "{found:?}");
        assert!(found[1..].iter().all(|(_, text)| text.starts_with('{')), "{found:?}");
    }
}

proptest! {
    #[test]
    fn what_a_serializer_wrote_comes_back(
        texts in prop::collection::vec("[a-z{}\\[\\],:\"\\\\\n é]{0,12}", 0..8),
        pretty in any::<bool>(),
        head_len in 0usize..40,
    ) {
        let records: Vec<_> = texts.iter().map(|t| serde_json::json!({"text": t, "tags": [t, {"x": t}]})).collect();
        let text = if pretty { serde_json::to_string_pretty(&records) } else { serde_json::to_string(&records) };
        let text = text.unwrap();
        let back: Vec<serde_json::Value> = found(&text, Shape::Array, head_len, 1000)
            .iter()
            .map(|(_, text)| serde_json::from_str(text).unwrap())
            .collect();
        prop_assert_eq!(back, records);
    }

    #[test]
    fn nothing_makes_it_fail(text in "[a{}\\[\\],:\"\\\\\n ]{0,60}", head_len in 0usize..60) {
        for shape in [Shape::Objects, Shape::Array, Shape::Under("a".into())] {
            found(&text, shape, head_len, 10);
        }
    }
}
