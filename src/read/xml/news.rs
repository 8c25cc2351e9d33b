//! What agencies deliver: items of NewsML-G2 and documents of NITF.
//!
//! The text is the paragraphs of the body, with the dateline before them
//! where it stands apart. A guid names all versions of an item, so the
//! version belongs to its id.

use super::adapter::put;
use super::tree::Node;
use crate::read::fields::Field;
use crate::read::html;
use crate::read::record::Record;

/// Elements that hold a text, the likeliest first.
const BODIES: [&str; 3] = ["body.content", "body", "inlineData"];

/// Puts what `item` says into `record`.
pub(crate) fn collect(item: &Node, record: &mut Record) {
    if item.local() == "newsItem" {
        about_item(item, record);
    }
    about_nitf(item, record);
    let text_of = |name: &str| item.first(name).map(Node::paragraphs).unwrap_or_default();
    for (name, field, rank) in [
        ("headline", Field::Title, 0),
        ("hl1", Field::Title, 1),
        ("title", Field::Title, 2),
        ("slugline", Field::Title, 3),
        ("creditline", Field::Credit, 0),
        ("by", Field::Author, 0),
        ("byline", Field::Author, 1),
        ("embargoed", Field::Embargo, 0),
    ] {
        put(record, field, rank, &text_of(name).replace("\n\n", " "));
    }
    let Some(body) = body(item) else { return };
    let dateline = text_of("dateline");
    let has_dateline = dateline.is_empty() || body.contains(&dateline);
    let text = if has_dateline { body } else { format!("{dateline}\n\n{body}") };
    put(record, Field::Text, 0, &text);
}

fn body(item: &Node) -> Option<String> {
    BODIES.iter().find_map(|name| {
        let node = item.first(name)?;
        let text = match *name {
            "inlineData" => html::text::of_fragment(&node.text()).into_owned(),
            _ => node.paragraphs(),
        };
        (!text.trim().is_empty()).then_some(text)
    })
}

/// The envelope of NewsML-G2.
fn about_item(item: &Node, record: &mut Record) {
    if let Some(guid) = item.attribute("guid") {
        let id = item.attribute("version").map_or(guid.to_owned(), |version| format!("{guid};{version}"));
        put(record, Field::Id, 0, &id);
    }
    put(record, Field::Version, 0, item.attribute("version").unwrap_or_default());
    let named = |node: &Node| {
        let name = node.first("name").map(Node::text);
        name.or_else(|| node.attribute("literal").or(node.attribute("qcode")).map(str::to_owned))
    };
    let name_of = |element: &str| item.first(element).and_then(named).unwrap_or_default();
    let text_of = |element: &str| item.first(element).map(Node::text).unwrap_or_default();
    put(record, Field::Source, 0, &name_of("provider"));
    put(record, Field::Publisher, 0, &name_of("copyrightHolder"));
    put(record, Field::OriginalSource, 0, &name_of("infoSource"));
    put(record, Field::Published, 0, &text_of("contentCreated"));
    put(record, Field::Published, 1, &text_of("firstCreated"));
    put(record, Field::Published, 2, &text_of("versionCreated"));
    put(record, Field::Modified, 0, &text_of("contentModified"));
    put(record, Field::Modified, 1, &text_of("versionCreated"));
    let language = item.first("language").and_then(|node| node.attribute("tag"));
    put(record, Field::Language, 0, language.or(item.attribute("xml:lang")).unwrap_or_default());
}

/// The head of a NITF document.
fn about_nitf(item: &Node, record: &mut Record) {
    let attribute = |element: &str, name: &str| {
        item.first(element).and_then(|node| node.attribute(name)).unwrap_or_default().to_owned()
    };
    put(record, Field::Id, 1, &attribute("doc-id", "id-string"));
    put(record, Field::Published, 3, &attribute("date.issue", "norm"));
    put(record, Field::Embargo, 1, &attribute("date.release", "norm"));
    put(record, Field::Publisher, 1, &attribute("doc.copyright", "holder"));
    let distributor = item.first("distributor").map(Node::paragraphs).unwrap_or_default();
    put(record, Field::Credit, 1, &distributor);
}
