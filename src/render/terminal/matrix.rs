//! Who took from whom, as a table of the publishers that gave and took most.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use super::Scan;
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{units, visible};
use crate::report::SourceEntry;

/// Columns before a row.
const INDENT: usize = 2;

/// A letter and what separates it from a name.
const LETTER: usize = 2;

/// Columns of a cell: up to `9,999` and a space.
const CELL: usize = 6;

/// Fewest columns of a name; with less room fewer publishers are shown.
const MIN_NAME: usize = 16;

/// Most publishers shown, each under a letter.
const MAX_SOURCES: usize = 12;

/// Fewest publishers, and fewest pairs of them, for which a table says more than
/// the list of publishers.
const MIN_SOURCES: usize = 3;
const MIN_PAIRS: usize = 3;

/// Writes the table, if there is enough to show and room for it.
pub(super) fn write(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let sources = &scan.lookup.report.sources;
    let active = by_activity(sources);
    let pairs: usize = sources.iter().map(|source| source.copied_from.len()).sum();
    let room = page.width.saturating_sub(INDENT + LETTER + MIN_NAME + CELL) / CELL;
    let shown = active.len().min(room).min(MAX_SOURCES);
    if shown < MIN_SOURCES || pairs < MIN_PAIRS {
        return Ok(());
    }
    let remark = match active.len() - shown {
        0 => units::count(shown, "source", "sources"),
        _ => format!("the {shown} most active of {} sources", units::thousands(active.len())),
    };
    page.heading("Who took from whom", &remark)?;
    page.blank()?;
    page.aside(INDENT, "Documents that the publisher of the row took from that of the column.")?;
    let max_name = page.width - INDENT - LETTER - CELL * (shown + 1);
    let names: Vec<String> =
        active[..shown].iter().map(|source| visible::short_label(&source.source, max_name)).collect();
    let widest = names.iter().map(|name| visible::width(name)).max().unwrap_or(0);
    let start = INDENT + LETTER + widest;
    let palette = page.palette;
    let mut heading = Line::new().pad_to(start);
    for column in 0..shown {
        heading = cell(heading, &letter(column), start + CELL * (column + 1));
    }
    page.line(&cell(heading, "all", start + CELL * (shown + 1)))?;
    for (row, (source, name)) in active.iter().zip(&names).enumerate() {
        let lead = Line::indent(INDENT).with(palette.dim, &letter(row)).pad_to(INDENT + LETTER);
        let mut line = lead.with(palette.source, name);
        for (column, other) in active[..shown].iter().enumerate() {
            let taken = source.copied_from.iter().find(|taken| taken.source == other.source);
            let text = match taken {
                Some(taken) => number(taken.documents),
                None if row == column => String::new(),
                None => "·".into(),
            };
            line = cell(line, &text, start + CELL * (column + 1));
        }
        page.line(&cell(line, &number(source.copied), start + CELL * (shown + 1)))?;
    }
    Ok(())
}

/// The publishers that gave or took, most first.
fn by_activity(sources: &[SourceEntry]) -> Vec<&SourceEntry> {
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    for taken in sources.iter().flat_map(|source| &source.copied_from) {
        *given.entry(&taken.source).or_default() += taken.documents;
    }
    let activity =
        |source: &SourceEntry| source.copied + given.get(source.source.as_str()).copied().unwrap_or(0);
    let mut active: Vec<&SourceEntry> = sources.iter().filter(|source| activity(source) > 0).collect();
    active.sort_by_key(|source| (Reverse(activity(source)), &source.source));
    active
}

fn letter(number: usize) -> String {
    char::from(b'A' + number as u8).to_string()
}

/// A number of at most five columns.
fn number(count: usize) -> String {
    match count {
        0..10_000 => units::thousands(count),
        10_000..10_000_000 => format!("{}k", count / 1_000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// Text that ends at a column.
fn cell(line: Line, text: &str, end: usize) -> Line {
    line.pad_to(end - visible::width(text)).plain(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;
    use crate::render::terminal::TerminalRender;
    use crate::render::{NoTexts, Render};
    use crate::report::CopiedFrom;

    fn source(name: &str, copied_from: &[(&str, usize)]) -> SourceEntry {
        let from = |&(source, documents): &(&str, usize)| CopiedFrom {
            source: source.into(),
            documents,
            credited: 0,
            tokens: 10 * documents,
            median_lag_s: None,
        };
        let copied = copied_from.iter().map(|(_, documents)| documents).sum();
        SourceEntry {
            source: name.into(),
            documents: copied + 1,
            original: 1,
            copied,
            credited: 0,
            copied_from: copied_from.iter().map(from).collect(),
        }
    }

    fn written(sources: Vec<SourceEntry>, width: usize) -> String {
        let report = crate::report::Report { sources, ..sample::report() };
        let mut out = Vec::new();
        let render = TerminalRender { width, ..TerminalRender::default() };
        render.render(&report, &NoTexts, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let start =
            text.find("── Who took").map_or(text.len(), |at| at + text[at..].find("\n\n").unwrap() + 2);
        text[start..].split("\n\n").next().unwrap().to_owned()
    }

    #[test]
    fn rows_took_from_columns() {
        let sources = || {
            vec![
                source("lazy.example", &[("wire.example", 12_345), ("daily.example", 7)]),
                source("daily.example", &[("wire.example", 40)]),
                source("wire.example", &[]),
                source("alone.example", &[]),
            ]
        };
        let text = written(sources(), 80);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 5, "{text}");
        assert_eq!(rows[1].split_whitespace().collect::<Vec<_>>(), ["A", "B", "C", "all"]);
        let cells: Vec<Vec<&str>> = rows[2..].iter().map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(cells[0], ["A", "wire.example", "·", "·", "0"]);
        assert_eq!(cells[1], ["B", "lazy.example", "12k", "7", "12k"]);
        assert_eq!(cells[2], ["C", "daily.example", "40", "·", "40"]);
        assert_eq!(written(sources(), 30), "");
        assert_eq!(written(sources()[2..].to_vec(), 80), "");
    }

    #[test]
    fn many_publishers_are_shown_in_part_within_the_page() {
        let name = |number: usize| format!("a-rather-long-name-of-a-paper-{number:02}.example");
        let sources: Vec<SourceEntry> = (0..40)
            .map(|number| {
                let taken: Vec<(String, usize)> = (0..number).map(|other| (name(other), 9_999)).collect();
                let taken: Vec<(&str, usize)> = taken.iter().map(|(name, n)| (name.as_str(), *n)).collect();
                source(&name(number), &taken)
            })
            .collect();
        for width in [64, 80, 100, 200] {
            for line in written(sources.clone(), width).lines() {
                assert!(visible::width(line) <= width, "{line}");
            }
        }
        // Below a line of explanation and one of letters.
        let shown = |width| written(sources.clone(), width).lines().count() - 2;
        assert_eq!([shown(80), shown(100), shown(200)], [9, 12, 12]);
    }
}
