//! What the tests of the forms for people hold their output against.

use crate::document::{Corpus, Document};
use crate::params::Params;
use crate::render::{Texts, sample, visible};
use crate::report::Report;

/// A report on nothing.
pub(super) fn empty_report() -> Report {
    Report::empty(Params::default())
}

/// What a page may hold to take over a terminal: escape sequences in both
/// forms, carriage return, bell, direction marks, a tower of accents.
const ATTACK: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\r\n\u{9b}31m\u{202e}\u{2066}\u{200b}\u{85}\u{2028}\0\u{7f}東";

/// The sample with an attack behind every string that the input can set.
pub(super) fn hostile_report() -> Report {
    fn attack(value: &mut serde_json::Value, key: &str) {
        use serde_json::Value;
        match value {
            Value::String(text)
                if ![
                    "schema",
                    "level",
                    "noise",
                    "span_base",
                    "verdict",
                    "kind",
                    "role",
                    "form",
                    "published",
                    "dated_by",
                ]
                .contains(&key) =>
            {
                text.push_str(ATTACK);
                text.push_str(&"\u{301}".repeat(1000));
                let is_long = ["title", "text", "reason", "evidence", "outlet", "agency", "path", "source"];
                if is_long.contains(&key) {
                    text.push_str(&"x".repeat(10_000));
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| attack(value, key)),
            Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| attack(value, key)),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(sample::report()).unwrap();
    attack(&mut value, "");
    serde_json::from_value(value).unwrap()
}

/// The texts of [`hostile_report`]: a control character for every space.
pub(super) struct Hostile;

impl Texts for Hostile {
    fn text(&self, document: &str) -> Option<std::borrow::Cow<'_, str>> {
        static CORPUS: std::sync::OnceLock<Corpus> = std::sync::OnceLock::new();
        let corpus = CORPUS.get_or_init(|| {
            let attacked = |d: &Document| Document { text: d.text.replace(' ', "\u{1b}"), ..d.clone() };
            Corpus::try_new(sample::corpus().documents().iter().map(attacked).collect()).unwrap()
        });
        Texts::text(corpus, document.split('\u{1b}').next().unwrap())
    }
}

/// Holds that nothing but printable text and line ends is in `text`, in
/// lines that fit.
pub(super) fn assert_harmless(text: &str, width: usize) {
    for line in text.lines() {
        let bad = |c: char| c.is_control() || "\u{202e}\u{2066}\u{200b}\u{2028}".contains(c);
        assert!(!line.contains(bad), "{line:?}");
        assert!(visible::width(line) <= width, "{line:?} is wider than {width}");
        assert!(line.len() < 40 * width, "{} bytes in a line of {width}", line.len());
    }
}

/// `text` without the sequences that set colours.
pub(super) fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('m').unwrap();
        assert!(code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{code:?} is no colour");
        plain.push_str(rest);
    }
    plain
}

/// Holds that `text` is what stands in the fixture. With `WIRECOPY_BLESS`
/// set, writes it there instead: look at the difference before committing.
pub(super) fn assert_golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/fixtures").join(name);
    if std::env::var_os("WIRECOPY_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{name} differs; now it is\n{text}");
}
