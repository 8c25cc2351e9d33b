//! The first lines: what was read, what was found, how to read byte ranges.

use std::collections::BTreeSet;
use std::io;

use super::Scan;
use crate::document::SpanBase;
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::units;
use crate::report::{Report, Verdict};

pub(super) fn write(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let report = scan.lookup.report;
    let palette = page.palette;
    page.line(&Line::new().with(palette.strong, "wirecopy report"))?;
    let bytes = report.documents.iter().map(|document| document.bytes).sum();
    let sources: BTreeSet<&str> = report.documents.iter().map(|document| document.source.as_str()).collect();
    let read = [
        units::count(report.documents.len(), "document", "documents"),
        units::bytes(bytes),
        units::count(sources.len(), "source", "sources"),
    ];
    page.facts(0, &read.map(|fact| (palette.strong, fact)))?;
    page.facts(0, &found(scan).map(|fact| (anstyle::Style::new(), fact)))?;
    if has_findings(report) {
        return page.aside(0, legend(report));
    }
    page.blank()?;
    let nothing = Line::new().plain("No copies, no shared passages and no repeats found.");
    page.hanging(&Line::new(), &nothing, usize::MAX)
}

fn found(scan: &Scan<'_>) -> [String; 5] {
    let report = scan.lookup.report;
    let clustered = report.documents.iter().filter(|d| scan.lookup.is_clustered(&d.id)).count();
    let mut repeating: Vec<&str> = report.repeats.iter().map(|repeat| repeat.document.as_str()).collect();
    repeating.dedup();
    let groups = report.exact_groups.len();
    let clusters = units::count(report.clusters.len(), "cluster", "clusters");
    [
        if clustered == 0 {
            clusters
        } else {
            format!("{clusters} of {}", units::count(clustered, "document", "documents"))
        },
        units::count(groups, "group of identical documents", "groups of identical documents"),
        units::count(report.repeats.len(), "repeat", "repeats")
            + &if repeating.is_empty() {
                String::new()
            } else {
                format!(" in {}", units::count(repeating.len(), "document", "documents"))
            },
        units::count(passages(report), "shared passage", "shared passages"),
        format!("{} skipped", units::thousands(report.skipped.len())),
    ]
}

/// Passages of pairs whose sharing counts.
fn passages(report: &Report) -> usize {
    let counts = |verdict| !matches!(verdict, Verdict::Quotation | Verdict::Boilerplate | Verdict::Template);
    report.pairs.iter().filter(|pair| counts(pair.verdict)).map(|pair| pair.passages.len()).sum()
}

fn has_findings(report: &Report) -> bool {
    !(report.clusters.is_empty()
        && report.pairs.is_empty()
        && report.repeats.is_empty()
        && report.exact_groups.is_empty())
}

fn legend(report: &Report) -> &'static str {
    if report.documents.iter().all(|document| document.span_base == SpanBase::Raw) {
        "Byte ranges are offsets into the files; their end is excluded."
    } else {
        "Byte ranges count in each document's text as read; their end is excluded."
    }
}
