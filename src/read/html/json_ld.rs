//! Data for search engines: the article in a page's JSON-LD.

use serde_json::{Map, Value};

use super::claims::put;
use super::text;
use crate::read::fields::Field;
use crate::read::record::Record;

/// How soon it is asked, among the places of a page.
const RANK: usize = 3;

/// Objects looked at on one page; real ones have some dozens.
const MAX_OBJECTS: usize = 2000;

/// Keys that lead from the outermost object to its article.
const LEADING: [&str; 3] = ["@graph", "mainEntity", "mainEntityOfPage"];

type Object = Map<String, Value>;

/// One script. Raw line ends in strings and comment marks around it, which
/// browsers forgive, are forgiven.
pub(crate) fn parse(script: &str) -> Option<Value> {
    let text = script.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[");
    let text = text.trim_end_matches("-->").trim_end_matches("//]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&cleaned).ok()
    })
}

/// Puts what the scripts of a page say of its article into `record`. The
/// result is its body, if they have it.
pub(crate) fn collect(scripts: &[Value], record: &mut Record) -> Option<String> {
    let objects = objects(scripts);
    let article = objects.iter().find(|object| is_article(object))?;
    let text = |key: &str| article.get(key).and_then(Value::as_str);
    for (key, field) in [
        ("headline", Field::Title),
        ("datePublished", Field::Published),
        ("dateModified", Field::Modified),
        ("creditText", Field::Credit),
    ] {
        if let Some(text) = text(key) {
            put(record, field, RANK, text);
        }
    }
    let find = |key: &str| article.get(key).into_iter().flat_map(|value| found(value, &objects));
    let named = |key: &str| find(key).filter_map(|object| name(&object)).collect::<Vec<_>>();
    let mut put_first = |field: Field, values: &[String]| {
        if let Some(value) = values.first() {
            put(record, field, RANK, value);
        }
    };
    put_first(Field::Author, &joined(named("author")));
    put_first(Field::Publisher, &named("publisher"));
    put_first(Field::OriginalSource, &named("sourceOrganization"));
    put_first(Field::Language, &named("inLanguage"));
    let addresses = |key: &str| find(key).filter_map(|object| address(&object)).collect::<Vec<_>>();
    put_first(Field::BasedOn, &addresses("isBasedOn"));
    put_first(Field::BasedOn, &addresses("isBasedOnUrl"));
    put_first(Field::Url, &addresses("url"));
    put_first(Field::Url, &addresses("mainEntityOfPage"));
    let body = text::of_fragment(text("articleBody")?).trim().to_owned();
    (!body.is_empty()).then_some(body)
}

/// All objects that may be the article or be referred to, outer ones first.
fn objects(scripts: &[Value]) -> Vec<&Object> {
    let mut found = Vec::new();
    let mut waiting: std::collections::VecDeque<&Value> = scripts.iter().collect();
    while let Some(value) = waiting.pop_front().filter(|_| found.len() < MAX_OBJECTS) {
        match value {
            Value::Array(values) => waiting.extend(values),
            Value::Object(object) => {
                found.push(object);
                waiting.extend(LEADING.iter().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    found
}

fn is_article(object: &Object) -> bool {
    let is_one = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("BlogPosting") || kind == "Report"
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_one),
        Some(kind) => is_one(kind),
        None => false,
    }
}

/// What a value stands for: a string, or an object, which may be one
/// described elsewhere.
enum Thing<'a> {
    Text(&'a str),
    Object(&'a Object),
}

fn found<'a>(value: &'a Value, objects: &[&'a Object]) -> Vec<Thing<'a>> {
    match value {
        Value::String(text) => vec![Thing::Text(text)],
        Value::Array(values) => {
            let one = |value: &'a Value| if value.is_array() { Vec::new() } else { found(value, objects) };
            values.iter().flat_map(one).collect()
        }
        Value::Object(object) => {
            let id = object.get("@id").filter(|_| !object.contains_key("name"));
            let described = id.and_then(|id| {
                objects.iter().find(|other| other.get("@id") == Some(id) && other.contains_key("name"))
            });
            vec![Thing::Object(described.copied().unwrap_or(object))]
        }
        _ => Vec::new(),
    }
}

fn name(thing: &Thing<'_>) -> Option<String> {
    match thing {
        Thing::Text(text) => Some((*text).to_owned()).filter(|text| !text.contains("://")),
        Thing::Object(object) => match object.get("name")? {
            Value::String(name) => Some(name.clone()),
            Value::Array(names) => names.first()?.as_str().map(str::to_owned),
            _ => None,
        },
    }
}

fn address(thing: &Thing<'_>) -> Option<String> {
    match thing {
        Thing::Text(text) => Some((*text).to_owned()),
        Thing::Object(object) => {
            let value = ["url", "@id", "name"].iter().find_map(|key| object.get(*key)?.as_str());
            value.map(str::to_owned)
        }
    }
    .filter(|address| !address.starts_with('#'))
}

/// Names as one string.
fn joined(names: Vec<String>) -> Vec<String> {
    let names: Vec<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { Vec::new() } else { vec![names.join("; ")] }
}
