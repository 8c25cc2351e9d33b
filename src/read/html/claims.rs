//! What a page says about its article, in its head and in data for search
//! engines.
//!
//! For each field there are several places, in order of precedence. The
//! address a page was fetched from counts before all it says about it, since
//! a copy may name the original's as the proper one.

use dom_query::Document as Dom;
use serde_json::Value;

use super::text::resolved;
use super::{json_ld, title};
use crate::read::fields::{Field, Wanted};
use crate::read::record::Record;
use crate::read::source::is_url;

/// Names of `<meta>` elements (`property`, `name` or `itemprop`), with what
/// they give and how soon they are asked. Rank 0 is for what was given with
/// the page, rank 3 for data for search engines.
const META: &[(&str, Field, usize)] = &[
    ("og:title", Field::Title, 1),
    ("headline", Field::Title, 2),
    ("twitter:title", Field::Title, 4),
    ("dc.title", Field::Title, 5),
    ("og:url", Field::Url, 2),
    ("article:published_time", Field::Published, 1),
    ("og:published_time", Field::Published, 2),
    ("datepublished", Field::Published, 4),
    ("parsely-pub-date", Field::Published, 5),
    ("sailthru.date", Field::Published, 6),
    ("publish-date", Field::Published, 7),
    ("publishdate", Field::Published, 7),
    ("pubdate", Field::Published, 7),
    ("publication_date", Field::Published, 7),
    ("dc.date.issued", Field::Published, 8),
    ("dcterms.created", Field::Published, 8),
    ("dc.date", Field::Published, 9),
    ("date", Field::Published, 10),
    ("article:published", Field::Published, 12),
    ("date_published", Field::Published, 12),
    ("dcterms.issued", Field::Published, 12),
    ("originalpublicationdate", Field::Published, 12),
    ("pub_date", Field::Published, 12),
    ("publicationdate", Field::Published, 12),
    ("publish_date", Field::Published, 12),
    ("publish_time", Field::Published, 12),
    ("published-date", Field::Published, 12),
    ("published_date", Field::Published, 12),
    ("published_time", Field::Published, 12),
    ("rnews:datepublished", Field::Published, 12),
    ("article:modified_time", Field::Modified, 1),
    ("datemodified", Field::Modified, 4),
    ("og:updated_time", Field::Modified, 5),
    ("last-modified", Field::Modified, 6),
    ("author", Field::Author, 1),
    ("article:author", Field::Author, 2),
    ("byl", Field::Author, 4),
    ("parsely-author", Field::Author, 5),
    ("dc.creator", Field::Author, 6),
    ("syndication-source", Field::SyndicationSource, 1),
    ("original-source", Field::OriginalSource, 1),
    ("dc.source", Field::OriginalSource, 4),
    ("og:site_name", Field::Publisher, 5),
    ("application-name", Field::Publisher, 7),
    ("dc.publisher", Field::Publisher, 6),
    ("og:locale", Field::Language, 3),
    ("content-language", Field::Language, 2),
];

/// `rel`s of `<link>` elements.
const LINKS: &[(&str, Field, usize)] = &[
    ("canonical", Field::Canonical, 1),
    ("canonical", Field::Url, 5),
    ("syndication-source", Field::SyndicationSource, 2),
    ("original-source", Field::OriginalSource, 2),
];

/// Parts of addresses that count for the original how often a republished
/// text is read; the host is the original's or speaks for it.
const REPUBLICATION_PIXELS: [&str; 5] = [
    "counter.theconversation.com",
    "pixel.propublica.org",
    "republication-pixel",
    "republication-tracker",
    "republish-pixel",
];

/// How a browser notes where it saved a page from.
const SAVED_FROM: &str = "<!-- saved from url=(";

/// Puts what the page says into `record`. The result is the body it gives to
/// search engines, if it does.
pub(crate) fn collect(dom: &Dom, html: &str, record: &mut Record) -> Option<String> {
    if let Some(address) = saved_from(html) {
        put(record, Field::Url, 1, address);
    }
    for meta in dom.select("meta").iter() {
        let Some(content) = meta.attr("content") else { continue };
        for name in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = meta.attr(name) {
                put_named(record, META, &name, &content);
            }
        }
    }
    for link in dom.select("link[rel]").iter() {
        if let (Some(rel), Some(href)) = (link.attr("rel"), link.attr("href")) {
            // Without a host it is a path on the page's own site.
            if is_url(href.trim()) {
                rel.split_whitespace().for_each(|rel| put_named(record, LINKS, rel, &href));
            }
        }
    }
    for time in dom.select("time[itemprop], time[pubdate], [itemprop=datePublished]").iter() {
        let is_published = time.attr("pubdate").is_some()
            || time
                .attr("itemprop")
                .is_some_and(|name| name.split_whitespace().any(|n| n == "datePublished"));
        let date = time.attr("datetime").or_else(|| time.attr("content"));
        if let Some(date) = date.filter(|_| is_published) {
            put(record, Field::Published, 11, &date);
        }
    }
    if let Some(date) = of_entry(dom) {
        put(record, Field::Published, 13, &date);
    }
    if let Some(language) = dom.select_single("html").attr("lang") {
        put(record, Field::Language, 1, &language);
    }
    put(record, Field::Title, 8, dom.select_single("title").text().trim());
    for pixel in dom.select("img[src], script[src]").iter() {
        let address = pixel.attr("src").unwrap_or_default();
        if REPUBLICATION_PIXELS.iter().any(|part| address.contains(part)) {
            put(record, Field::OriginalSource, 6, &address);
        }
    }
    let scripts = dom.select("script[type='application/ld+json']");
    let values: Vec<Value> = scripts.iter().filter_map(|script| json_ld::parse(&script.text())).collect();
    let body = json_ld::collect(&values, record);
    let headings = || dom.select("h1").iter().map(|heading| heading.text().to_string()).collect::<Vec<_>>();
    let title = record.text_of(Field::Title).map(|title| {
        let headings = || headings().into_iter();
        title::without_site(title, headings()).or_else(|| title::beyond_quote(title, headings()))
    });
    if let Some(title) = title.flatten() {
        record.replace(Field::Title, title);
    }
    body
}

/// The date that marks of an entry give (hAtom, and the themes that follow it);
/// nothing if several dates stand there, as in lists of other entries.
fn of_entry(dom: &Dom) -> Option<String> {
    let marked = dom.select("abbr.published[title], time.published[datetime], time.entry-date[datetime]");
    let dates = marked.iter().filter_map(|mark| mark.attr("datetime").or_else(|| mark.attr("title")));
    let mut dates: Vec<String> = dates.map(|date| date.to_string()).collect();
    dates.sort_unstable();
    dates.dedup();
    dates.pop().filter(|_| dates.is_empty())
}

/// What is said under `name`, if it is known.
fn put_named(record: &mut Record, known: &[(&str, Field, usize)], name: &str, content: &str) {
    let name = name.trim().to_ascii_lowercase();
    for (_, field, rank) in known.iter().filter(|(known, _, _)| *known == name) {
        let is_profile = *field == Field::Author && content.contains("://");
        let is_path = *field == Field::Url && content.starts_with('/') && !is_url(content);
        if !is_profile && !is_path {
            put(record, *field, *rank, content);
        }
    }
}

/// Of several places of one rank the first counts: plugins add what the page
/// says already, with the name of the site behind a title.
pub(super) fn put(record: &mut Record, field: Field, rank: usize, text: &str) {
    let wanted = Wanted { field, rank };
    if !record.holds(wanted) {
        record.put(wanted, &resolved(text.trim()));
    }
}

fn saved_from(html: &str) -> Option<&str> {
    // It stands before the page begins.
    let head = html.get(..html.len().min(2000)).or_else(|| html.get(..0))?;
    let (_, behind) = head.split_once(SAVED_FROM)?;
    let (_, address) = behind.split_once(')')?;
    address.split_whitespace().next().filter(|address| address.contains("://"))
}
