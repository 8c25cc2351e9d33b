//! A report as the rows of each table.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::columns::{
    CLUSTERS, DOCUMENTS, MEMBERS, PAIRS, PASSAGES, PUBLISHERS, REPEATS, SKIPPED, SOURCES, of,
};
use super::{Cell, Kind, Rows, Table};
use crate::document::Span;
use crate::report::{DocumentEntry, Report};
use crate::time::Published;

pub(super) static TABLES: &[Table] = &[
    Table { name: "params", columns: &[of("name", Kind::Text), of("value", Kind::Text)], rows: params },
    Table { name: "documents", columns: DOCUMENTS, rows: documents },
    Table { name: "pairs", columns: PAIRS, rows: pairs },
    Table { name: "passages", columns: PASSAGES, rows: passages },
    Table { name: "clusters", columns: CLUSTERS, rows: clusters },
    Table { name: "members", columns: MEMBERS, rows: members },
    Table { name: "publishers", columns: PUBLISHERS, rows: publishers },
    Table { name: "sources", columns: SOURCES, rows: sources },
    Table { name: "repeats", columns: REPEATS, rows: repeats },
    Table {
        name: "exact_groups",
        columns: &[of("id", Kind::Text), of("document", Kind::Text)],
        rows: exact_groups,
    },
    Table { name: "skipped", columns: SKIPPED, rows: skipped },
];

fn text(value: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(value))
}

fn maybe_text(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Nothing, text)
}

fn owned<'r>(value: impl ToString) -> Cell<'r> {
    Cell::Text(Cow::Owned(value.to_string()))
}

fn count<'r>(value: usize) -> Cell<'r> {
    // Offsets and counts of what is in memory stay below 2^63.
    Cell::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A list or a value that has no table of its own.
fn json<'r>(value: &impl Serialize) -> Cell<'r> {
    owned(serde_json::to_value(value).expect("a part of a report is an object of JSON"))
}

/// A name as the report spells it.
fn name<'r>(value: impl Serialize) -> Cell<'r> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Cell::Text(Cow::Owned(name)),
        other => unreachable!("a name is a string, not {other:?}"),
    }
}

fn published<'r>(document: &DocumentEntry) -> Cell<'r> {
    document.published.map_or(Cell::Nothing, owned)
}

/// Ends of the interval in which it was published; nothing where a calendar
/// of seconds does not reach.
fn bounds<'r>(published: Option<Published>) -> [Cell<'r>; 2] {
    let cell = |second: i64| match jiff::Timestamp::from_second(second) {
        Ok(_) => Cell::Time(second),
        Err(_) => Cell::Nothing,
    };
    match published.map(|published| published.interval()) {
        Some((from, until)) => [cell(from), cell(until)],
        None => [Cell::Nothing, Cell::Nothing],
    }
}

fn span<'r>(span: Span) -> [Cell<'r>; 2] {
    [count(span.start), count(span.end)]
}

fn by_id(report: &Report) -> HashMap<&str, &DocumentEntry> {
    report.documents.iter().map(|document| (document.id.as_str(), document)).collect()
}

fn params(report: &Report) -> Rows<'_> {
    let params = serde_json::to_value(&report.params).expect("parameters are an object of JSON");
    let mut rows = vec![vec![text("schema"), json(&report.schema)]];
    if let serde_json::Value::Object(params) = params {
        rows.extend(params.into_iter().map(|(name, value)| vec![owned(name), owned(value)]));
    }
    Box::new(rows.into_iter())
}

fn documents(report: &Report) -> Rows<'_> {
    Box::new(report.documents.iter().map(|document| {
        let [from, until] = bounds(document.published);
        vec![
            text(&document.id),
            maybe_text(document.original_id.as_deref()),
            text(&document.path),
            name(document.span_base),
            text(&document.source),
            maybe_text(document.title.as_deref()),
            maybe_text(document.url.as_deref()),
            published(document),
            from,
            until,
            maybe_text(document.language.as_deref()),
            count(document.bytes),
            count(document.tokens),
            Cell::Flag(document.too_short),
            Cell::Double(document.repeated_share),
            json(&document.credits),
            Cell::Flag(document.against),
            document.dated_by.map_or(Cell::Nothing, name),
        ]
    }))
}

fn pairs(report: &Report) -> Rows<'_> {
    let documents = by_id(report);
    Box::new(report.pairs.iter().map(move |pair| {
        let source = |id: &str| documents.get(id).map_or(text(""), |document| text(&document.source));
        vec![
            text(&pair.a),
            text(&pair.b),
            source(&pair.a),
            source(&pair.b),
            text(pair.verdict.name()),
            maybe_text(pair.reason.as_deref()),
            Cell::Double(pair.jaccard),
            pair.counted_jaccard.map_or(Cell::Nothing, Cell::Double),
            Cell::Double(pair.containment_of_a_in_b),
            Cell::Double(pair.containment_of_b_in_a),
            Cell::Double(pair.coverage_of_a_by_b),
            Cell::Double(pair.coverage_of_b_by_a),
            count(pair.passages.len()),
            maybe_text(pair.direction.from.as_deref()),
            Cell::Double(pair.direction.confidence),
            json(&pair.direction.evidence),
        ]
    }))
}

fn passages(report: &Report) -> Rows<'_> {
    let numbered = report.pairs.iter().flat_map(|pair| {
        pair.passages.iter().enumerate().map(move |(number, passage)| (pair, number, passage))
    });
    Box::new(numbered.map(|(pair, number, passage)| {
        let ([a_start, a_end], [b_start, b_end]) = (span(passage.a), span(passage.b));
        vec![
            text(&pair.a),
            text(&pair.b),
            count(number),
            a_start,
            a_end,
            b_start,
            b_end,
            count(passage.tokens),
            Cell::Double(passage.identity),
            name(passage.kind),
            text(&passage.reason),
        ]
    }))
}

fn clusters(report: &Report) -> Rows<'_> {
    Box::new(report.clusters.iter().map(|cluster| {
        let mut sources: Vec<&str> = cluster.members.iter().map(|member| member.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        vec![
            text(&cluster.id),
            text(&cluster.representative),
            count(cluster.members.len()),
            count(sources.len()),
            count(cluster.independent_origins),
            Cell::Double(cluster.cohesion),
            Cell::Flag(cluster.pairs_complete),
            maybe_text(cluster.origin.document.as_deref()),
            maybe_text(cluster.origin.source.as_deref()),
            maybe_text(cluster.origin.agency.as_deref()),
            Cell::Double(cluster.origin.confidence),
            json(&cluster.origin.evidence),
            Cell::Flag(cluster.origin.outside),
        ]
    }))
}

fn members(report: &Report) -> Rows<'_> {
    let documents = by_id(report);
    let all = report
        .clusters
        .iter()
        .flat_map(|cluster| cluster.members.iter().map(move |member| (cluster, member)));
    Box::new(all.map(move |(cluster, member)| {
        let document = documents.get(member.document.as_str()).copied();
        vec![
            text(&cluster.id),
            text(&member.document),
            text(&member.source),
            maybe_text(document.and_then(|document| document.title.as_deref())),
            maybe_text(document.and_then(|document| document.url.as_deref())),
            document.map_or(Cell::Nothing, published),
            text(member.role.name()),
            Cell::Flag(member.primary),
            maybe_text(member.parent.as_deref()),
            Cell::Double(member.share_copied),
            member.credited.map_or(Cell::Nothing, Cell::Flag),
        ]
    }))
}

fn publishers(report: &Report) -> Rows<'_> {
    Box::new(report.sources.iter().map(|source| {
        vec![
            text(&source.source),
            count(source.documents),
            count(source.original),
            count(source.copied),
            count(source.credited),
        ]
    }))
}

fn sources(report: &Report) -> Rows<'_> {
    let taken =
        report.sources.iter().flat_map(|source| source.copied_from.iter().map(move |taken| (source, taken)));
    Box::new(taken.map(|(source, taken)| {
        vec![
            text(&source.source),
            text(&taken.source),
            count(taken.documents),
            count(taken.credited),
            count(taken.tokens),
            taken.median_lag_s.map_or(Cell::Nothing, Cell::Integer),
        ]
    }))
}

fn repeats(report: &Report) -> Rows<'_> {
    let mut number = 0;
    let mut last = None;
    let numbered = report.repeats.iter().map(move |repeat| {
        // Repeats of one document stand together.
        number = if last == Some(&repeat.document) { number + 1 } else { 0 };
        last = Some(&repeat.document);
        (repeat, number)
    });
    Box::new(numbered.flat_map(|(repeat, number)| {
        repeat.spans.iter().enumerate().map(move |(place, &at)| {
            let [start, end] = span(at);
            vec![
                text(&repeat.document),
                count(number),
                count(place),
                start,
                end,
                count(repeat.tokens),
                Cell::Double(repeat.identity),
            ]
        })
    }))
}

fn exact_groups(report: &Report) -> Rows<'_> {
    let all = report
        .exact_groups
        .iter()
        .flat_map(|group| group.documents.iter().map(move |document| (group, document)));
    Box::new(all.map(|(group, document)| vec![text(&group.id), text(document)]))
}

fn skipped(report: &Report) -> Rows<'_> {
    Box::new(report.skipped.iter().map(|record| {
        vec![
            text(&record.path),
            record.line.map_or(Cell::Nothing, |line| Cell::Integer(i64::try_from(line).unwrap_or(i64::MAX))),
            maybe_text(record.document.as_deref()),
            text(&record.reason),
        ]
    }))
}
