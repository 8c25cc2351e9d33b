//! Pages of a wiki, as MediaWiki exports them (`<mediawiki>`).
//!
//! Of a page with its history the last revision counts, whose time is when the
//! page was changed and not when it was published. What is no text of its own
//! is passed over: redirects, templates, lists of pages, pictures, code.

use super::adapter::put;
use super::tree::Node;
use super::wikitext;
use crate::read::fields::Field;
use crate::read::record::Record;

/// The elements that are documents.
pub(super) const NAMES: [&str; 1] = ["page"];

/// Namespaces of pages that are no texts: files, messages of the program,
/// templates, categories, subtitles of files, modules.
const SILENT: [&str; 6] = ["6", "8", "10", "14", "710", "828"];

/// Namespaces of links that show a picture or list the page.
const SILENT_LINKS: [&str; 2] = ["6", "14"];

/// What the format of a text is called that is one.
const WIKITEXT: &str = "wikitext";

/// Puts what `page`, of the wiki that `about` describes, says into `record`.
/// `false` if it is no text.
pub(super) fn collect(page: &Node, about: &Node, record: &mut Record) -> bool {
    let text_of = |node: &Node, name: &str| node.first(name).map(Node::text).unwrap_or_default();
    let Some(revision) = page.all("revision").into_iter().next_back() else { return false };
    let model = text_of(revision, "model");
    let is_silent = SILENT.contains(&text_of(page, "ns").trim())
        || page.first("redirect").is_some()
        || !matches!(model.trim(), "" | WIKITEXT);
    if is_silent {
        return false;
    }
    let title = text_of(page, "title");
    put(record, Field::Id, 0, &text_of(page, "id"));
    put(record, Field::Title, 0, &title);
    put(record, Field::Modified, 0, &text_of(revision, "timestamp"));
    put(record, Field::Author, 0, &text_of(revision, "username"));
    put(record, Field::Language, 0, about.attribute("xml:lang").unwrap_or_default());
    put(record, Field::Publisher, 0, &text_of(about, "sitename"));
    let main = text_of(about, "base");
    if let Some((place, _)) = main.trim().rsplit_once('/').filter(|(place, _)| place.contains("://")) {
        put(record, Field::Url, 0, &format!("{place}/{}", title.trim().replace(' ', "_")));
    }
    put(record, Field::Text, 0, &wikitext::text_of(&text_of(revision, "text"), &silent_links(about)));
    true
}

/// What this wiki calls the namespaces of pictures and of lists, in small
/// letters.
fn silent_links(about: &Node) -> Vec<String> {
    let namespaces = about.all("namespace");
    let is_silent = |node: &&&Node| node.attribute("key").is_some_and(|key| SILENT_LINKS.contains(&key));
    namespaces.iter().filter(is_silent).map(|node| node.text().trim().to_lowercase()).collect()
}
