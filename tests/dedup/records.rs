//! Records are left out, and nothing else of the input changes.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{STORIES, dedup, goes, text};

/// Whatever a record may hold beside its text; `T` is the text, `N` the number
/// of the record.
const RECORDS: [&str; 9] = [
    r#"{"id":"N","text":T}"#,
    r#"{ "id" : "N" , "n": 123456789012345678901234567890.10, "x":1e5, "text" : T , "text2": "T" }"#,
    r#"{"text":T,"id":"N","a":[1,{"text":"no","b":[]}],"c":null,"d":true}"#,
    r#"{"id":"N","key":1,"key":2,"key":"\u00e9\/\ud83d\ude00","text":T}"#,
    r#"{"text":"","id":"N","text":T,"body":"another text that does not count"}"#,
    "{\"id\":\"N\",\t\"text\":T,\"title\":\"tab\\t, quote \\\"}{][ and é\"}",
    r#"{"id":"N","text":T,"published":"2026-05-11","deep":{"x":{"y":[[[{"z":0}]]]}}}"#,
    r#"{"id":"N","text":T,"":"","\u0000":0.0}"#,
    r#"{"id":"N","text":T,"n":-0.0,"m":1E+2}"#,
];

fn record(number: usize) -> String {
    let text = serde_json::to_string(&text(number)).unwrap();
    RECORDS[number]
        .replace(":T", &format!(":{text}"))
        .replace(": T", &format!(": {text}"))
        .replace('N', &format!("r{number}"))
}

/// The bytes of the pieces whose record stays.
fn left(pieces: &[String]) -> Vec<u8> {
    let stay = pieces.iter().enumerate().filter(|(number, _)| !goes(*number));
    stay.flat_map(|(_, piece)| piece.bytes()).collect()
}

#[test]
fn lines_stay_byte_by_byte() {
    let ends = ["\n", "\r\n", "\n\n", "\n \t\r\n", " \n"];
    let pieces: Vec<String> =
        (0..STORIES.len()).map(|number| format!("{}{}", record(number), ends[number % ends.len()])).collect();
    let whole =
        |head: &str, tail: &str| [head.as_bytes(), pieces.concat().as_bytes(), tail.as_bytes()].concat();
    let expected = |head: &str, tail: &str| [head.as_bytes(), &left(&pieces), tail.as_bytes()].concat();
    let cases = [
        ("", ""),
        ("\u{feff}", ""),
        ("", "{\"broken\n"),
        ("{\"no text\":1}\n[1]\n\n", "not closed: {\"text\":\"a"),
        ("\r\n\r\n", "{\"text\":\"the last, without a line end\"}"),
    ];
    for (head, tail) in cases {
        let cleaned = dedup("feed.jsonl", &whole(head, tail), &["--keep", "first"]);
        // Blank lines behind a line that goes stay.
        let squeeze = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.split('\n').filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(squeeze(&cleaned.bytes), squeeze(&expected(head, tail)), "{head:?} {tail:?}");
        assert!(cleaned.bytes.starts_with(head.as_bytes()) && cleaned.bytes.ends_with(tail.as_bytes()));
        assert_eq!(cleaned.of("removed").len(), 4);
        let unread = cleaned.of("unread").len();
        assert_eq!(unread, usize::from(tail.contains("broken")) + if head.starts_with('{') { 3 } else { 0 });
    }
}

#[test]
fn json_documents_lose_a_record_with_its_comma() {
    let records: Vec<String> = (0..STORIES.len()).map(record).collect();
    let staying: Vec<&str> =
        (0..records.len()).filter(|&number| !goes(number)).map(|number| records[number].as_str()).collect();
    // Before, between and behind the records.
    let cases = [
        ("[", ",", "]"),
        ("\u{feff}[\n  ", ",\n  ", "\n]\n"),
        ("{\"status\":\"ok\",\"articles\":[", " ,\r\n", "],\"total\":9, \"next\":null}"),
    ];
    for (head, between, tail) in cases {
        let whole = |records: &[&str]| format!("{head}{}{tail}", records.join(between));
        let all: Vec<&str> = records.iter().map(String::as_str).collect();
        let cleaned = dedup("feed.json", whole(&all).as_bytes(), &["--keep", "first"]);
        assert_eq!(String::from_utf8(cleaned.bytes).unwrap(), whole(&staying), "{head}");
    }
    // The first is the copy, and goes with the comma behind it.
    let earliest = dedup("feed.json", format!("[{},{}]", records[2], records[6]).as_bytes(), &[]);
    assert_eq!(earliest.bytes, format!("[{}]", records[6]).into_bytes());
    // Objects over several lines, one behind the other.
    let pretty =
        |number: usize| serde_json::to_string_pretty(&json!({"id": number, "text": text(number)})).unwrap();
    let several = |numbers: &[usize]| numbers.iter().map(|&n| pretty(n)).collect::<Vec<_>>().join("\n");
    let cleaned = dedup("feed.json", several(&[0, 2, 3]).as_bytes(), &["--keep", "first"]);
    assert_eq!(String::from_utf8(cleaned.bytes).unwrap(), several(&[0, 3]));
}

#[test]
fn rows_stay_byte_by_byte() {
    for (separator, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r"), (",", "\r\n")] {
        let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
        let row = |number: usize| {
            let note =
                ["plain", "\"quoted \"\"twice\"\", and\r\nover lines\"", "", "\" \"", "a\"b"][number % 5];
            let fields = [format!("r{number}"), note.to_owned(), quoted(&text(number)), "007".to_owned()];
            format!("{}{end}", fields.join(separator))
        };
        let names = ["ID", "\"a note\"", "Text", "n"].join(separator) + end;
        let rows: Vec<String> = (0..STORIES.len()).map(row).collect();
        for mark in ["", "\u{feff}"] {
            let whole = format!("{mark}{names}{}", rows.concat());
            let cleaned = dedup("table.csv", whole.as_bytes(), &["--keep", "first"]);
            let expected = [mark.as_bytes(), names.as_bytes(), &left(&rows)].concat();
            assert_eq!(
                String::from_utf8(cleaned.bytes),
                String::from_utf8(expected),
                "{separator:?} {end:?}"
            );
        }
    }
}

#[test]
fn a_bad_row_stays_and_the_last_may_lack_its_line_end() {
    let table = format!(
        "id,text,n\n1,\"{0}\",x\nbad\n2,\"{0}\",y\n\n3,\"{1}\",",
        text(0).replace('"', "\"\""),
        text(1).replace('"', "\"\"")
    );
    let cleaned = dedup("table.csv", table.as_bytes(), &["--keep", "first"]);
    let found = String::from_utf8(cleaned.bytes).unwrap();
    assert_eq!(found.matches("Story").count(), 2);
    assert!(found.contains("\nbad\n") && found.ends_with("\",") && !found.contains(",y"), "{found}");
}

#[test]
fn only_the_text_changes_where_it_is_cut() {
    let body = crate::support::words::range(0..60);
    let doubled = format!("{body}\n\n{body}\n");
    let quoted = serde_json::to_string(&doubled).unwrap();
    // The text in escapes that a serialiser would not choose stays in them.
    let odd = quoted.replacen("w0 ", "\\u0077\\u0030 ", 1);
    let line = |text: &str| format!("{{\"n\":1.00,\"text\":{text},\"z\":[ ]}}\n");
    let cleaned = dedup("feed.jsonl", line(&odd).as_bytes(), &["--strip", "repeats"]);
    let once = serde_json::to_string(&format!("{body}\n")).unwrap();
    let expected = line(&once.replacen("w0 ", "\\u0077\\u0030 ", 1));
    assert_eq!(String::from_utf8(cleaned.bytes.clone()).unwrap(), expected);
    let edits = &cleaned.of("edited")[0]["edits"];
    assert_eq!(edits[0]["reason"], "repeats");
    assert_eq!(edits[0]["stands_at"], json!([0, body.len()]));
    assert_eq!(edits[0]["removed"], json!([body.len(), 2 * body.len() + 2]));

    let rows = |text: &str| format!("id;text;n\r\n1;\"{text}\";007\r\n");
    let cleaned = dedup("table.csv", rows(&doubled).as_bytes(), &["--strip", "repeats"]);
    assert_eq!(String::from_utf8(cleaned.bytes).unwrap(), rows(&format!("{body}\n")));

    let cleaned = dedup("feed.json", format!("[{}]", line(&quoted)).as_bytes(), &["--strip", "repeats"]);
    assert_eq!(String::from_utf8(cleaned.bytes).unwrap(), format!("[{}]", line(&once)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// What nobody copied comes out as it went in, whatever stands beside it.
    #[test]
    fn records_of_any_value_stay(
        values in prop::collection::vec(("\\PC{0,8}", any::<i64>(), any::<f64>(), "[\\t\\n\\r\\x20-\\x7e]{0,12}"), 1..12),
        pretty in any::<bool>(),
    ) {
        let value = |(number, (key, integer, float, other)): (usize, &(String, i64, f64, String))| {
            json!({"id": number, "text": crate::support::words::range(1000 * number..1000 * number + 40) + other,
                format!("x{key}"): [integer, float, other], "nested": {"text": other}})
        };
        let records: Vec<Value> = values.iter().enumerate().map(value).collect();
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        prop_assert_eq!(dedup("feed.jsonl", lines.as_bytes(), &[]).bytes, lines.into_bytes());
        let array = if pretty { serde_json::to_vec_pretty(&records) } else { serde_json::to_vec(&records) };
        let array = array.unwrap();
        prop_assert_eq!(dedup("feed.json", &array, &[]).bytes, array);
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["id", "text", "other"]).unwrap();
        for (record, (_, _, _, other)) in records.iter().zip(&values) {
            table.write_record([&record["id"].to_string(), record["text"].as_str().unwrap(), other]).unwrap();
        }
        let table = table.into_inner().unwrap();
        prop_assert_eq!(dedup("table.csv", &table, &[]).bytes, table);
    }

    /// Copies go, of all others not a byte does, whatever they hold.
    #[test]
    fn records_of_any_value_go_alone(
        values in prop::collection::vec((0usize..6, "\\PC{0,8}", any::<f64>(), "[\\t\\n\\r\\x20-\\x7e]{0,12}"), 1..16),
        pretty in any::<bool>(),
    ) {
        let story = |story: usize| crate::support::words::range(1000 * story..1000 * story + 40);
        let value = |(number, (of, key, float, other)): (usize, &(usize, String, f64, String))| {
            json!({"id": number, format!("x{key}"): [float, other], "text": story(*of), "nested": {"text": other}})
        };
        let records: Vec<Value> = values.iter().enumerate().map(value).collect();
        let mut seen = std::collections::BTreeSet::new();
        let stays: Vec<usize> = (0..values.len()).filter(|&at| seen.insert(values[at].0)).collect();
        let all: Vec<usize> = (0..values.len()).collect();
        let lines = |which: &[usize]| which.iter().map(|&at| format!("{}\n", records[at])).collect::<String>();
        let options = ["--keep", "first", "--noise", "clean"];
        let cleaned = dedup("feed.jsonl", lines(&all).as_bytes(), &options);
        prop_assert_eq!(cleaned.of("removed").len(), all.len() - stays.len());
        prop_assert_eq!(cleaned.bytes, lines(&stays).into_bytes());
        let array = |which: &[usize]| {
            let some: Vec<&Value> = which.iter().map(|&at| &records[at]).collect();
            if pretty { serde_json::to_vec_pretty(&some) } else { serde_json::to_vec(&some) }.unwrap()
        };
        prop_assert_eq!(dedup("feed.json", &array(&all), &options).bytes, array(&stays));
        let table = |which: &[usize]| {
            let mut table = csv::Writer::from_writer(Vec::new());
            table.write_record(["id", "text", "other", "float"]).unwrap();
            for &at in which {
                let (of, _, float, other) = &values[at];
                table.write_record([&at.to_string(), &story(*of), other, &float.to_string()]).unwrap();
            }
            table.into_inner().unwrap()
        };
        prop_assert_eq!(dedup("table.csv", &table(&all), &options).bytes, table(&stays));
    }
}
