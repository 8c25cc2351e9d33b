//! Passages that recur inside one document.

use std::cmp::Reverse;
use std::io;

use anstyle::Style;

use super::{Scan, passages};
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{excerpt, units, visible};
use crate::report::Repeat;

/// Columns before a document, a repeat, and a place of it.
const DOCUMENT_INDENT: usize = 2;
const REPEAT_INDENT: usize = 4;
const PLACE_INDENT: usize = 6;

/// Width of the page from which an excerpt stands beside its range.
const MIN_BESIDE_WIDTH: usize = 64;

pub(super) fn write_all(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let repeats = &scan.lookup.report.repeats;
    if repeats.is_empty() {
        return Ok(());
    }
    let mut documents: Vec<(f64, &[Repeat])> =
        repeats.chunk_by(|a, b| a.document == b.document).map(|group| (share(scan, group), group)).collect();
    documents.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1[0].document.cmp(&b.1[0].document)));
    let remark = units::count(documents.len(), "document", "documents");
    page.heading("Repeats inside documents", &remark)?;
    for (share, repeats) in documents.iter().take(scan.limits.repeating_documents) {
        page.blank()?;
        write_document(page, scan, *share, repeats)?;
    }
    let left_out = documents.len().saturating_sub(scan.limits.repeating_documents);
    page.left_out(DOCUMENT_INDENT, left_out, ["less repetitive document", "less repetitive documents"])
}

fn share(scan: &Scan<'_>, repeats: &[Repeat]) -> f64 {
    scan.lookup.document(&repeats[0].document).map_or(0.0, |document| document.repeated_share)
}

fn write_document(page: &mut Page<'_>, scan: &Scan<'_>, share: f64, repeats: &[Repeat]) -> io::Result<()> {
    let palette = page.palette;
    let id = &repeats[0].document;
    let source = scan.lookup.document(id).map_or("", |document| &document.source);
    let line = Line::indent(DOCUMENT_INDENT)
        .with(palette.strong, &visible::short_label(id, page.width - DOCUMENT_INDENT))
        .plain("  ")
        .with(palette.source, source);
    page.line(&line)?;
    page.facts(
        REPEAT_INDENT,
        &[(Style::new(), format!("{} of its tokens are repetition", units::percent(share)))],
    )?;
    let mut order: Vec<&Repeat> = repeats.iter().collect();
    order.sort_by_key(|repeat| (Reverse(repeat.tokens), repeat.spans.first().copied()));
    for repeat in order.iter().take(scan.limits.repeats) {
        write_repeat(page, scan, repeat)?;
    }
    page.left_out(
        REPEAT_INDENT,
        order.len().saturating_sub(scan.limits.repeats),
        ["shorter repeat", "shorter repeats"],
    )
}

fn write_repeat(page: &mut Page<'_>, scan: &Scan<'_>, repeat: &Repeat) -> io::Result<()> {
    let plain = Style::new();
    let facts = [
        format!("{} times", units::thousands(repeat.spans.len())),
        units::count(repeat.tokens, "token", "tokens"),
        units::identity(repeat.identity),
    ];
    page.facts(REPEAT_INDENT, &facts.map(|fact| (plain, fact)))?;
    let shown = &repeat.spans[..repeat.spans.len().min(scan.limits.repeats)];
    let ranges: Vec<String> = shown.iter().map(|span| format!("bytes {}", passages::range(*span))).collect();
    let widest = ranges.iter().map(|range| visible::width(range)).max().unwrap_or(0);
    let excerpt_at = if page.width < MIN_BESIDE_WIDTH { PLACE_INDENT } else { PLACE_INDENT + widest + 2 };
    for (span, range) in shown.iter().zip(&ranges) {
        let excerpt = excerpt::of(scan.texts, &repeat.document, *span, page.width - excerpt_at);
        let line = Line::indent(PLACE_INDENT).with(page.palette.range, range);
        if excerpt_at == PLACE_INDENT {
            page.line(&line)?;
            excerpt::write(page, excerpt_at, excerpt)?;
        } else {
            page.line(&line.pad_to(excerpt_at).plain(&excerpt.unwrap_or_default()))?;
        }
    }
    page.left_out(PLACE_INDENT, repeat.spans.len() - shown.len(), ["more place", "more places"])
}
