//! Items of RSS, RDF and Atom feeds.

use super::adapter::put;
use super::tree::Node;
use crate::read::fields::Field;
use crate::read::html;
use crate::read::record::Record;

/// Elements of an item, with what they give and how soon they are asked.
/// Texts and the elements of Atom that have attributes are not among them.
const ELEMENTS: &[(&str, Field, usize)] = &[
    ("guid", Field::Id, 0),
    ("id", Field::Id, 1),
    ("title", Field::Title, 0),
    ("media:title", Field::Title, 1),
    ("feedburner:origLink", Field::Url, 0),
    ("pubDate", Field::Published, 0),
    ("published", Field::Published, 0),
    ("issued", Field::Published, 1),
    ("dc:date", Field::Published, 2),
    ("dcterms:issued", Field::Published, 2),
    ("updated", Field::Published, 4),
    ("updated", Field::Modified, 0),
    ("dcterms:modified", Field::Modified, 1),
    ("dc:creator", Field::Author, 0),
    ("dc:source", Field::OriginalSource, 0),
    ("dc:publisher", Field::Publisher, 0),
    ("dc:language", Field::Language, 0),
    ("media:credit", Field::Credit, 0),
];

/// Elements with a text, the whole one before the beginning of one.
const TEXTS: [&str; 6] =
    ["content:encoded", "content", "description", "summary", "media:description", "itunes:summary"];

/// Puts what `item`, of the feed that begins like `about`, says into `record`.
pub(crate) fn collect(item: &Node, about: &Node, record: &mut Record) {
    for node in item.children() {
        for (_, field, rank) in ELEMENTS.iter().filter(|(name, _, _)| *name == node.name) {
            let text = node.text();
            let text =
                if *field == Field::Title { html::text::of_fragment(&text).into_owned() } else { text };
            put(record, *field, *rank, &text);
        }
        if let Some(rank) = TEXTS.iter().position(|name| *name == node.name) {
            put(record, Field::Text, rank, &text_of(node));
        }
        match node.name.as_str() {
            "link" => link(node, record),
            "guid" if node.attribute("isPermaLink") != Some("false") && node.text().contains("://") => {
                put(record, Field::Url, 3, &node.text());
            }
            "author" => {
                let name = node.first("name").map_or_else(|| node.text(), Node::text);
                put(record, Field::Author, 1, &name);
            }
            "source" => source(node, record),
            _ => {}
        }
    }
    about_feed(about, record);
}

fn text_of(node: &Node) -> String {
    match node.attribute("type") {
        Some("xhtml") => node.paragraphs(),
        Some("text") => node.text(),
        _ => html::text::of_fragment(&node.text()).into_owned(),
    }
}

/// The address of an item, as RSS or Atom writes it.
fn link(node: &Node, record: &mut Record) {
    match node.attribute("href") {
        None => put(record, Field::Url, 1, &node.text()),
        Some(href) => match node.attribute("rel").unwrap_or("alternate") {
            "alternate" => put(record, Field::Url, 1, href),
            "canonical" => put(record, Field::Canonical, 0, href),
            "via" | "related" => put(record, Field::OriginalSource, 2, href),
            _ => {}
        },
    }
}

/// Who an item of a collection is from: its publisher.
fn source(node: &Node, record: &mut Record) {
    let alternate = |link: &&Node| link.attribute("rel").is_none_or(|rel| rel == "alternate");
    let link = node.all("link").into_iter().find(alternate).and_then(|link| link.attribute("href"));
    let name = node.first("title").map_or_else(|| node.text(), Node::text);
    if let Some(address) = node.attribute("url").or(link) {
        put(record, Field::Source, 0, address);
    }
    put(record, Field::Source, 1, &name);
    put(record, Field::Publisher, 1, &name);
}

/// What holds for all items of a feed.
fn about_feed(about: &Node, record: &mut Record) {
    let channel = about.first("channel").unwrap_or(about);
    for node in channel.children() {
        match (node.name.as_str(), node.attribute("href")) {
            ("link", None) => put(record, Field::Feed, 0, &node.text()),
            ("link", Some(href)) if node.attribute("rel").is_none_or(|rel| rel == "alternate") => {
                put(record, Field::Feed, 0, href);
            }
            ("title", _) => put(record, Field::Feed, 1, &node.text()),
            ("language" | "dc:language", _) => put(record, Field::Language, 1, &node.text()),
            _ => {}
        }
    }
    if let Some(language) = about.attribute("xml:lang") {
        put(record, Field::Language, 2, language);
    }
}
