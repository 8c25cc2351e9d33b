//! Documents as JSON Lines, as they were understood.

use std::io::{self, Write};

use serde::Serialize;

use crate::attribute;
use crate::document::{Document, SpanBase};
use crate::read::source;
use crate::time::Published;

/// One line. Fields are named as the reader looks for them, so that a file of
/// lines gives the same documents again.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    path: &'a str,
    line: Option<u64>,
    span_base: SpanBase,
    source: Option<&'a str>,
    title: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<Published>,
    language: Option<&'a str>,
    #[serde(flatten)]
    provenance: Claims<'a>,
    text: &'a str,
}

/// What a document says of where it comes from; left out where it is silent.
#[derive(Default, Serialize)]
struct Claims<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    syndication_source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    based_on: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<Published>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embargo: Option<Published>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_folder: Option<&'a str>,
}

/// Writes one document as one line.
///
/// # Errors
///
/// Those of `out`.
pub fn write_document(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut claims = Claims::default();
    if let Some(provenance) = &document.provenance {
        claims = Claims {
            author: provenance.author.as_deref(),
            publisher_name: provenance.publisher.as_deref(),
            canonical: provenance.canonical.as_deref(),
            syndication_source: provenance.syndication_source.as_deref(),
            original_source: provenance.original_source.as_deref(),
            based_on: provenance.based_on.as_deref(),
            credit: provenance.credit.as_deref(),
            modified: provenance.modified,
            embargo: provenance.embargo,
            text_version: provenance.version.as_deref(),
            feed: provenance.feed.as_deref(),
            from_folder: provenance.folder.as_deref(),
        };
    }
    let names_publisher = |url: &String| attribute::source::registrable_domain(url).is_some();
    if document.source.is_none() && !document.url.as_ref().is_some_and(names_publisher) {
        // The folder may name the publisher, and is another one for the line.
        let folder = claims.from_folder.or_else(|| source::folder(&document.path));
        claims.from_folder = Some(folder.unwrap_or(if &*document.path == "-" { "-" } else { "." }));
    }
    let line = Line {
        id: document.original_id.as_deref().unwrap_or(&document.id),
        path: &document.path,
        line: document.line,
        span_base: document.span_base,
        source: document.source.as_deref(),
        title: document.title.as_deref(),
        url: document.url.as_deref(),
        published: document.published,
        language: document.language.as_deref(),
        provenance: claims,
        text: &document.text,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
