//! The quick way against the parser.

use proptest::prelude::*;

use super::*;
use crate::read::fields::FieldMap;
use crate::read::json::object::read_slowly;

/// What both ways make of a line: the record of this one, if it gives
/// one, and that of the other.
fn both(line: &str) -> (Option<String>, Option<String>) {
    let tree = FieldMap::default().tree();
    let shown = |record: Record| format!("{record:?}");
    let quick = read(line, &tree, &mut "left over".to_owned()).map(shown);
    (quick, read_slowly(line, &tree).ok().map(shown))
}

/// Names that lead somewhere, alone or with others, and some that do not.
const NAMES: &[&str] = &[
    "id",
    "_id",
    "$oid",
    "text",
    "body",
    "title",
    "url",
    "source",
    "name",
    "domain",
    "thread",
    "site",
    "published",
    "date",
    "$date",
    "timestamp",
    "language",
    "author",
    "source.name",
    "",
    "t\\u0065xt",
    "Zürich",
];

/// Texts of JSON strings, most of them well-formed.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9 .,:/!#\\[\\]{}é東😀-]{0,24}",
        2 => r#"\\[nrtbf/"\\]"#,
        1 => r"\\u[0-9a-fA-F]{4}",
        1 => r"\\ud83[d-f]\\ude[0-9a-f]{2}",
        1 => Just("2026-11-21 16:05".to_owned()),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn value() -> impl Strategy<Value = String> {
    let number = r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?";
    let word = prop_oneof![Just("true"), Just("false"), Just("null")].prop_map(str::to_owned);
    let leaf = prop_oneof![4 => string(), 2 => number, 1 => word];
    leaf.prop_recursive(5, 30, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(|v| format!("[{}]", v.join(" , ")));
        prop_oneof![list, object(inner)]
    })
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let member = (prop::sample::select(NAMES), value).prop_map(|(name, v)| format!("\"{name}\": {v}"));
    prop::collection::vec(member, 0..7).prop_map(|members| format!("{{ {} }}", members.join(",\t")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn it_reads_what_the_parser_reads(line in object(value())) {
        let (quick, slow) = both(&line);
        prop_assert!(quick.is_none() || quick == slow, "{line}\n{quick:?}\n{slow:?}");
    }

    #[test]
    fn it_accepts_nothing_the_parser_refuses(
        line in object(value()),
        place in any::<prop::sample::Index>(),
        put in prop::sample::select(&["", "\"", "\\", ",", ":", "{", "}", "[", "]", "0", "-", ".", "e", "\0", "\n", " ", "u"][..]),
        removed in 0..2usize,
    ) {
        let places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let at = place.index(places.len());
        let behind = places.get(at + removed).map_or("", |&end| &line[end..]);
        let line = format!("{}{put}{behind}", &line[..places[at]]);
        let (quick, slow) = both(&line);
        prop_assert!(quick.is_none() || quick == slow, "{line}\n{quick:?}\n{slow:?}");
    }
}

#[test]
fn it_does_not_give_up_on_what_feeds_write() {
    let cases = [
        r#"{}"#,
        r#" { "text" : "a\nb\t\"c\" \u00e9\ud83d\ude00" , "x" : [ ] , "y" : { } } "#,
        r#"{"text":"T","n":[0,-0.5,1e9,12E-3,{"a":[true,false,null,"\"]}"]}],"id":17}"#,
        r#"{"source":{"id":null,"name":"N"},"thread":{"site":"s","x":[{"y":{}}]},"timestamp":1795277109000.5}"#,
        r#"{"source":["AP",["x"]],"text":["a"],"t\u0065xt":"T"}"#,
    ];
    for line in cases {
        let (quick, slow) = both(line);
        assert!(quick.is_some() && quick == slow, "{line}\n{quick:?}\n{slow:?}");
    }
}

#[test]
fn what_is_no_json_is_left_to_the_parser() {
    let deep = |count: usize| format!("{{\"x\":{}{}}}", "[".repeat(count), "]".repeat(count));
    let wide = |count: usize| format!("{{\"id\":{}1{}}}", "[".repeat(count), "]".repeat(count));
    let given_up = [
        deep(66),
        wide(32),
        r#"{"text":"\ud800"}"#.into(),
        r#"{"text":"\ud800\u0041"}"#.into(),
        r#"{"text":"\udc00"}"#.into(),
        r#"{"text":"\u00g0"}"#.into(),
        r#"{"text":"\u+123"}"#.into(),
        "{\"text\":\"a\tb\"}".into(),
        r#"{"id":1e999}"#.into(),
        r#"{"x":01}"#.into(),
        r#"{"x":1.}"#.into(),
        r#"{"x":-}"#.into(),
        r#"{"x":nul}"#.into(),
        r#"{"x":[1,]}"#.into(),
        r#"{"x":[1}]"#.into(),
        r#"{"a":1,}"#.into(),
        r#"{,}"#.into(),
        r#"{"a":1} x"#.into(),
        "[1]".into(),
        String::new(),
    ];
    let tree = FieldMap::default().tree();
    for line in given_up {
        assert!(read(&line, &tree, &mut String::new()).is_none(), "{line}");
    }
    for line in [deep(65), wide(31)] {
        assert!(read(&line, &tree, &mut String::new()).is_some(), "{line}");
    }
}
