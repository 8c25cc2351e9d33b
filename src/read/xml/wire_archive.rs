//! Collections of newswire in the markup in which they are handed on:
//! Reuters-21578 (`<REUTERS>`), RCV1 (`<newsitem>`), and the `<DOC>` of TREC,
//! of Gigaword and of tools that follow them.
//!
//! The text is kept line by line where it is set in lines, and in paragraphs
//! where it has `<P>`. Collections of `<DOC>` name the agency or paper in the
//! letters with which ids begin (`AFP_ENG_20021231.0001`, `AP880212-0001`), and
//! some the day behind them; six digits are no day, since some write the month
//! first.

use super::adapter::put;
use super::tree::Node;
use crate::read::fields::Field;
use crate::read::record::Record;

/// The elements that are documents.
pub(super) const NAMES: [&str; 4] = ["REUTERS", "newsitem", "DOC", "doc"];

/// Elements of a `<DOC>`, of any case, with what they give and how soon they
/// are asked.
const ELEMENTS: [(&str, Field, usize); 13] = [
    ("docno", Field::Id, 0),
    ("docid", Field::Id, 2),
    ("headline", Field::Title, 0),
    ("head", Field::Title, 1),
    ("hl", Field::Title, 2),
    ("title", Field::Title, 3),
    ("byline", Field::Author, 0),
    ("author", Field::Author, 1),
    ("source", Field::Source, 0),
    ("date_time", Field::Published, 0),
    ("datetime", Field::Published, 1),
    ("date", Field::Published, 2),
    ("url", Field::Url, 0),
];

/// Fewest letters of an id that name a source.
const MIN_SOURCE_LETTERS: usize = 2;

/// Whether the element that begins `text` behind its `<` is one of a collection
/// of documents: `doc` is the name of much else, so what follows counts too.
pub(super) fn begins(name: &[u8], text: &[u8]) -> bool {
    match name {
        b"REUTERS" | b"LEWIS" | b"newsitem" => true,
        b"DOC" | b"doc" => {
            let tag = &text[..memchr::memchr(b'>', text).unwrap_or(text.len())];
            let behind = text[tag.len()..].get(1..).unwrap_or_default().trim_ascii_start();
            let has_number =
                |mark: &[u8]| behind.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
            memchr::memmem::find(tag, b" id=").is_some() || has_number(b"<docno>") || has_number(b"<docid>")
        }
        _ => false,
    }
}

/// Puts what `item` says into `record`.
pub(super) fn collect(item: &Node, record: &mut Record) {
    match item.local() {
        "REUTERS" => about_reuters(item, record),
        "newsitem" => about_newsitem(item, record),
        _ => about_doc(item, record),
    }
}

fn about_reuters(item: &Node, record: &mut Record) {
    put(record, Field::Id, 0, item.attribute("NEWID").unwrap_or_default());
    put(record, Field::Source, 0, "Reuters");
    let text_of = |name: &str| item.first(name).map(in_lines).unwrap_or_default();
    put(record, Field::Published, 0, &text_of("DATE"));
    put(record, Field::Title, 0, &text_of("TITLE"));
    put(record, Field::Author, 0, &text_of("AUTHOR"));
    let Some(text) = item.first("TEXT") else { return };
    // A brief has a title alone, and what was not processed has no elements.
    let body = match (text.first("BODY"), text.attribute("TYPE")) {
        (Some(body), _) => in_lines(body),
        (None, Some("UNPROC")) => in_lines(text),
        (None, _) => text_of("TITLE"),
    };
    put_text(record, &text_of("DATELINE"), &body, " ");
}

fn about_newsitem(item: &Node, record: &mut Record) {
    let attribute = |name: &str| item.attribute(name).unwrap_or_default();
    put(record, Field::Id, 0, attribute("itemid"));
    put(record, Field::Published, 0, attribute("date"));
    put(record, Field::Language, 0, attribute("xml:lang"));
    for told in item.all("dc") {
        let field = match told.attribute("element") {
            Some("dc.source") => Field::Source,
            Some("dc.publisher") => Field::Publisher,
            Some("dc.date.published") => Field::Published,
            _ => continue,
        };
        put(record, field, 1, told.attribute("value").unwrap_or_default());
    }
    let text_of = |name: &str| item.first(name).map(Node::paragraphs).unwrap_or_default();
    put(record, Field::Title, 0, &text_of("headline"));
    put(record, Field::Title, 1, &text_of("title"));
    put(record, Field::Author, 0, &text_of("byline"));
    // The dateline stands apart, and in most bodies is not said again.
    put_text(record, "", &text_of("text"), "");
}

fn about_doc(item: &Node, record: &mut Record) {
    let attribute = |name: &str| item.attribute(name).unwrap_or_default();
    put(record, Field::Id, 1, attribute("id"));
    put(record, Field::Url, 1, attribute("url"));
    put(record, Field::Title, 4, attribute("title"));
    let (mut texts, mut dateline) = (Vec::new(), String::new());
    for node in item.children() {
        let name = node.local().to_ascii_lowercase();
        for (_, field, rank) in ELEMENTS.iter().filter(|(element, ..)| *element == name) {
            put(record, *field, *rank, &node.paragraphs().replace("\n\n", " "));
        }
        match name.as_str() {
            "text" | "body" => {
                texts.push(if has_paragraphs(node) { node.paragraphs() } else { in_lines(node) })
            }
            "dateline" => dateline = node.paragraphs(),
            _ => {}
        }
    }
    // Some have nothing but the text inside.
    if texts.is_empty() && item.children().next().is_none() {
        texts.push(in_lines(item));
    }
    put_text(record, &dateline, &texts.join("\n\n"), "\n\n");
    let id = record.text_of(Field::Id).unwrap_or_default().trim().to_owned();
    let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
    let (name, behind) = id.split_at(letters);
    if letters >= MIN_SOURCE_LETTERS && behind.starts_with(|c: char| c == '_' || c.is_ascii_digit()) {
        put(record, Field::Source, 1, name);
    }
    let is_day = |part: &&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(day) = behind.split(|c: char| !c.is_ascii_digit()).find(is_day) {
        put(record, Field::Published, 3, day);
    }
}

fn has_paragraphs(node: &Node) -> bool {
    node.children().any(|child| child.local().eq_ignore_ascii_case("p"))
}

/// The text with its lines, without what is no character of a text: Reuters
/// ended bodies with a control character.
fn in_lines(node: &Node) -> String {
    let text = node.text();
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Puts the text, with the dateline before it where it does not have it.
fn put_text(record: &mut Record, dateline: &str, body: &str, between: &str) {
    let body = body.trim_start_matches('\n').trim_end();
    if dateline.is_empty() || body.starts_with(dateline) {
        put(record, Field::Text, 0, body);
    } else {
        put(record, Field::Text, 0, &format!("{dateline}{between}{}", body.trim_start()));
    }
}
