//! The lists at the end: identical documents outside clusters, publishers,
//! and what was skipped.

use std::cmp::Reverse;
use std::io;

use anstyle::Style;

use super::Scan;
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{excerpt, units, visible};
use crate::report::{ExactGroup, SourceEntry};

/// Columns before a row.
const INDENT: usize = 2;

/// Lines that one text takes at most.
const MAX_LINES: usize = 4;

/// Width of the page from which publishers are rows of a table.
const MIN_TABLE_WIDTH: usize = 64;

/// Documents with the same tokens that no cluster holds: those too short to
/// be clustered.
pub(super) fn write_identical(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let is_outside = |group: &&ExactGroup| !group.documents.iter().any(|id| scan.lookup.is_clustered(id));
    let mut groups: Vec<&ExactGroup> = scan.lookup.report.exact_groups.iter().filter(is_outside).collect();
    if groups.is_empty() {
        return Ok(());
    }
    let remark = units::count(groups.len(), "group", "groups");
    page.heading("Identical short documents", &remark)?;
    groups.sort_by(|a, b| b.documents.len().cmp(&a.documents.len()).then_with(|| a.id.cmp(&b.id)));
    for group in groups.iter().take(scan.limits.rows) {
        page.blank()?;
        let count = units::count(group.documents.len(), "document", "documents");
        let lead = Line::indent(INDENT).with(page.palette.strong, &count).plain("  ");
        let text = scan.texts.text(&group.id);
        let excerpt = text.map(|text| excerpt::quoted(&text, page.width - lead.width()));
        page.line(&lead.plain(&excerpt.unwrap_or_default()))?;
        let shown = group.documents.len().min(scan.limits.members);
        let id = |id: &String| (Style::new(), visible::short_label(id, page.width - 2 * INDENT));
        let ids: Vec<(Style, String)> = group.documents[..shown].iter().map(id).collect();
        page.facts(2 * INDENT, &ids)?;
        page.left_out(2 * INDENT, group.documents.len() - shown, ["more document", "more documents"])?;
    }
    page.left_out(INDENT, groups.len().saturating_sub(scan.limits.rows), ["smaller group", "smaller groups"])
}

/// What each publisher ran, those that copied most first.
pub(super) fn write_sources(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let mut sources: Vec<&SourceEntry> = scan.lookup.report.sources.iter().collect();
    if sources.is_empty() {
        return Ok(());
    }
    page.heading("Sources", &units::count(sources.len(), "source", "sources"))?;
    page.blank()?;
    sources.sort_by(|a, b| {
        (Reverse(a.copied), Reverse(a.documents), &a.source).cmp(&(
            Reverse(b.copied),
            Reverse(b.documents),
            &b.source,
        ))
    });
    let shown = &sources[..sources.len().min(scan.limits.rows)];
    if page.width < MIN_TABLE_WIDTH {
        for source in shown {
            write_source_facts(page, source)?;
        }
    } else {
        write_source_table(page, shown)?;
    }
    page.left_out(INDENT, sources.len() - shown.len(), ["more source", "more sources"])
}

const SOURCE_HEADINGS: [&str; 4] = ["documents", "original", "copied", "credited"];

/// What a publisher ran; with the share of its own of all, and of those that
/// credit the origin of what it copied.
fn numbers(source: &SourceEntry) -> [String; 4] {
    let of = |part: usize, whole: usize| match whole {
        0 => units::thousands(part),
        _ => {
            let share = units::percent(part as f64 / whole as f64);
            format!("{} ({share})", units::thousands(part))
        }
    };
    [
        units::thousands(source.documents),
        of(source.original, source.documents),
        units::thousands(source.copied),
        of(source.credited, source.copied),
    ]
}

fn write_source_table(page: &mut Page<'_>, sources: &[&SourceEntry]) -> io::Result<()> {
    let palette = page.palette;
    let max_name = page.width / 3;
    let name = |source: &SourceEntry| visible::short_label(&source.source, max_name);
    let widest = |texts: &dyn Fn(&SourceEntry) -> String| {
        sources.iter().map(|source| visible::width(&texts(source))).max().unwrap_or(0)
    };
    let widest_name = widest(&name).max("source".len());
    let mut heading = Line::indent(INDENT).with(palette.dim, "source").pad_to(INDENT + widest_name);
    let numbers: Vec<[String; 4]> = sources.iter().map(|source| numbers(source)).collect();
    let mut ends = [0; SOURCE_HEADINGS.len()];
    let mut end = INDENT + widest_name;
    for (column, text) in SOURCE_HEADINGS.iter().enumerate() {
        let widest = numbers.iter().map(|row| row[column].len()).max().unwrap_or(0);
        end += 2 + widest.max(text.len());
        ends[column] = end;
        heading = heading.pad_to(end - text.len()).with(palette.dim, text);
    }
    let from_fits = heading.width() + 2 + widest(&copied_from) <= page.width;
    let from_heading = if from_fits { "copied from" } else { "" };
    page.line(&heading.plain("  ").with(palette.dim, from_heading))?;
    for (source, numbers) in sources.iter().zip(&numbers) {
        let mut line = Line::indent(INDENT).with(palette.source, &name(source)).pad_to(INDENT + widest_name);
        for (number, end) in numbers.iter().zip(ends) {
            line = line.pad_to(end - number.len()).plain(number);
        }
        let from = copied_from(source);
        if from_fits {
            page.line(&line.plain("  ").plain(&from))?;
            continue;
        }
        page.line(&line)?;
        if !from.is_empty() {
            let from = Line::new().plain("from ").plain(&from);
            page.hanging(&Line::indent(2 * INDENT), &from, MAX_LINES)?;
        }
    }
    Ok(())
}

fn write_source_facts(page: &mut Page<'_>, source: &SourceEntry) -> io::Result<()> {
    let name = visible::short_label(&source.source, page.width - INDENT);
    page.line(&Line::indent(INDENT).with(page.palette.source, &name))?;
    let [_, rest @ ..] = numbers(source);
    let mut facts = vec![(Style::new(), units::count(source.documents, "document", "documents"))];
    for (number, what) in rest.into_iter().zip(&SOURCE_HEADINGS[1..]) {
        facts.push((Style::new(), format!("{number} {what}")));
    }
    let from = copied_from(source);
    if !from.is_empty() {
        facts.push((Style::new(), format!("from {from}")));
    }
    page.facts(2 * INDENT, &facts)
}

/// Whom a publisher copies from most, how far behind, and how many others.
fn copied_from(source: &SourceEntry) -> String {
    let Some(first) = source.copied_from.first() else {
        return String::new();
    };
    let mut text = visible::label(&first.source).into_owned();
    if let Some(seconds) = first.median_lag_s {
        text += &format!(" (after {})", units::lag(seconds));
    }
    match source.copied_from.len() {
        1 => text,
        n => format!("{text} and {}", units::count(n - 1, "other", "others")),
    }
}

/// What could not be read or compared, and why.
pub(super) fn write_skipped(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let skipped = &scan.lookup.report.skipped;
    if skipped.is_empty() {
        return Ok(());
    }
    page.heading("Skipped", &units::count(skipped.len(), "record", "records"))?;
    page.blank()?;
    for record in skipped.iter().take(scan.limits.rows) {
        let line = record.line.map_or(String::new(), |line| format!(":{line}"));
        let path = visible::short_label(&record.path, page.width - INDENT - line.len());
        let mut place = Line::indent(INDENT).with(page.palette.strong, &format!("{path}{line}"));
        if let Some(document) = record.document.as_ref().filter(|document| **document != record.path) {
            place = place.plain("  ").with(
                page.palette.dim,
                &format!("document {}", visible::short_label(document, page.width / 3)),
            );
        }
        page.line(&place)?;
        let reason = Line::new().plain(&visible::prose(&record.reason));
        page.hanging(&Line::indent(2 * INDENT), &reason, MAX_LINES)?;
    }
    page.left_out(INDENT, skipped.len().saturating_sub(scan.limits.rows), ["more record", "more records"])
}
