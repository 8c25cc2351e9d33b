//! Documents as JSON Lines, as they were understood.

use std::io::{self, Write};

use serde::Serialize;

use crate::attribute;
use crate::document::{Document, Provenance, SpanBase};
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
    provenance: &'a Provenance,
    text: &'a str,
}

/// Writes one document as one line.
///
/// # Errors
///
/// Those of `out`.
pub fn write_document(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut provenance = document.provenance.as_deref().cloned().unwrap_or_default();
    let names_publisher = |url: &String| attribute::source::registrable_domain(url).is_some();
    if document.source.is_none() && !document.url.as_ref().is_some_and(names_publisher) {
        // The folder may name the publisher, and is another one for the line.
        let of_path = || source::folder(&document.path).map(str::to_owned);
        let folder = provenance.folder.take().or_else(of_path);
        let unnamed = || if &*document.path == "-" { "-" } else { "." }.to_owned();
        provenance.folder = Some(folder.unwrap_or_else(unnamed));
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
        provenance: &provenance,
        text: &document.text,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
