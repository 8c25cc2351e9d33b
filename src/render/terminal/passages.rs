//! Passages that two documents share: under the members of a cluster, and
//! in a section of their own where no cluster holds both.

use std::cmp::Reverse;
use std::io;

use anstyle::Style;

use super::{Scan, cluster};
use crate::document::Span;
use crate::render::line::Line;
use crate::render::lookup::Seen;
use crate::render::page::Page;
use crate::render::{excerpt, units, visible};
use crate::report::{Pair, Passage, PassageKind, Verdict};

/// Columns before a pair, and before its passages.
const PAIR_INDENT: usize = 2;
const PASSAGE_INDENT: usize = 4;

/// A byte range as `649–8553`, without separators: to be copied into tools.
pub(super) fn range(span: Span) -> String {
    format!("{}–{}", span.start, span.end)
}

/// The longest passages of a pair, in the order of the text, with the number
/// of those left out.
fn longest<'a>(scan: &Scan<'_>, pair: &'a Pair) -> (Vec<&'a Passage>, usize) {
    let mut passages: Vec<(usize, &Passage)> = pair.passages.iter().enumerate().collect();
    passages.sort_by_key(|(place, passage)| (Reverse(passage.tokens), *place));
    passages.truncate(scan.limits.passages);
    passages.sort_by_key(|(place, _)| *place);
    let left_out = pair.passages.len() - passages.len();
    (passages.into_iter().map(|(_, passage)| passage).collect(), left_out)
}

/// Writes the passages of a pair as seen from one of its documents: the
/// ranges in both, how much, how alike, and an excerpt.
pub(super) fn write_of_pair(
    page: &mut Page<'_>,
    scan: &Scan<'_>,
    indent: usize,
    seen: Seen<'_>,
) -> io::Result<()> {
    let pair = seen.pair;
    let (here, there) = if seen.is_b { (&pair.b, &pair.a) } else { (&pair.a, &pair.b) };
    let there_name = visible::short_label(there, page.width / 2);
    let (passages, left_out) = longest(scan, pair);
    if passages.is_empty() {
        let jaccard = units::percent(pair.jaccard);
        return page.aside(indent, &format!("compared with {there_name} as a whole, Jaccard {jaccard}"));
    }
    for passage in passages {
        let (span, span_there) = seen.spans(passage);
        let mut facts = vec![
            (page.palette.range, format!("bytes {} here", range(span))),
            (Style::new(), format!("{} in {there_name}", range(span_there))),
        ];
        facts.extend(extent(passage).map(|fact| (Style::new(), fact)));
        page.facts(indent, &facts)?;
        let excerpt = excerpt::of(scan.texts, here, span, page.width - indent);
        excerpt::write(page, indent, excerpt)?;
    }
    page.left_out(indent, left_out, ["shorter passage", "shorter passages"])
}

/// How long a passage is and how alike its two sides are.
fn extent(passage: &Passage) -> [String; 2] {
    let kind = match passage.kind {
        PassageKind::Copy => "",
        PassageKind::Quotation => ", quotation",
        PassageKind::Boilerplate => ", boilerplate",
        PassageKind::Template => ", template",
    };
    let tokens = units::count(passage.tokens, "token", "tokens");
    [tokens, format!("{}{kind}", units::identity(passage.identity))]
}

pub(super) fn write_all(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let report = scan.lookup.report;
    let counts = |pair: &&Pair| pair.verdict.is_uniting() || pair.verdict == Verdict::SharesPassage;
    let mut pairs: Vec<&Pair> = (report.pairs.iter())
        .filter(counts)
        .filter(|pair| !scan.lookup.share_cluster(&pair.a, &pair.b))
        .collect();
    let others =
        OTHER_KINDS.map(|(verdict, ..)| report.pairs.iter().filter(|p| p.verdict == verdict).count());
    if pairs.is_empty() && others == [0; 3] {
        return Ok(());
    }
    let remark = units::count(pairs.len(), "pair", "pairs");
    page.heading("Passages shared outside clusters", &remark)?;
    let longest = |pair: &Pair| pair.passages.iter().map(|passage| passage.tokens).max();
    pairs.sort_by(|a, b| longest(b).cmp(&longest(a)).then_with(|| (&a.a, &a.b).cmp(&(&b.a, &b.b))));
    for pair in pairs.iter().take(scan.limits.pairs) {
        page.blank()?;
        write_pair(page, scan, pair)?;
    }
    page.left_out(PAIR_INDENT, pairs.len().saturating_sub(scan.limits.pairs), ["more pair", "more pairs"])?;
    write_others(page, others)
}

/// Verdicts that are counted here and not shown, with what such pairs share.
const OTHER_KINDS: [(Verdict, &str); 3] = [
    (Verdict::Quotation, "quotations"),
    (Verdict::Boilerplate, "page furniture"),
    (Verdict::Template, "standing wording"),
];

fn write_others(page: &mut Page<'_>, counts: [usize; 3]) -> io::Result<()> {
    for ((_, what), count) in OTHER_KINDS.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        let verb = if count == 1 { "shares" } else { "share" };
        let pairs = units::count(count, "pair", "pairs");
        page.aside(PAIR_INDENT, &format!("{pairs} {verb} {what} only; --format json has everything"))?;
    }
    Ok(())
}

fn write_pair(page: &mut Page<'_>, scan: &Scan<'_>, pair: &Pair) -> io::Result<()> {
    let palette = page.palette;
    for (mark, id) in [("A ", &pair.a), ("B ", &pair.b)] {
        let lead = Line::indent(PAIR_INDENT).with(palette.dim, mark);
        let room = page.width - PAIR_INDENT - mark.len();
        let id_text = visible::short_label(id, room);
        let mut line = lead.with(palette.strong, &id_text);
        if let Some(document) = scan.lookup.document(id) {
            line = line.plain("  ").with(palette.source, &document.source);
        }
        let others = scan.lookup.identical_others(id);
        if others > 0 {
            line = line.with(palette.dim, &format!("  and {} the same", units::thousands(others)));
        }
        page.line(&line)?;
    }
    write_relation(page, scan, pair)?;
    let (passages, left_out) = longest(scan, pair);
    for passage in passages {
        let mut facts = vec![
            (palette.range, format!("A {}", range(passage.a))),
            (palette.range, format!("B {}", range(passage.b))),
        ];
        facts.extend(extent(passage).map(|fact| (Style::new(), fact)));
        page.facts(PASSAGE_INDENT, &facts)?;
        let excerpt = excerpt::of(scan.texts, &pair.a, passage.a, page.width - PASSAGE_INDENT);
        excerpt::write(page, PASSAGE_INDENT, excerpt)?;
    }
    page.left_out(PASSAGE_INDENT, left_out, ["shorter passage", "shorter passages"])
}

/// How the two relate, where it is more than a passage, and who was first.
fn write_relation(page: &mut Page<'_>, scan: &Scan<'_>, pair: &Pair) -> io::Result<()> {
    let plain = Style::new();
    let mut facts = Vec::new();
    if pair.verdict != Verdict::SharesPassage {
        facts.push((plain, pair.verdict.name().replace('_', " ")));
    }
    facts.push((
        plain,
        format!(
            "{} of A, {} of B",
            units::percent(pair.coverage_of_a_by_b),
            units::percent(pair.coverage_of_b_by_a)
        ),
    ));
    match &pair.direction.from {
        None => facts.push((page.palette.bad, "direction undetermined".into())),
        Some(from) => {
            let (from, to) = if *from == pair.a { ("A", "B") } else { ("B", "A") };
            let confidence = units::percent(pair.direction.confidence);
            facts.push((page.palette.good, format!("{from} → {to}, confidence {confidence}")));
        }
    }
    page.facts(PASSAGE_INDENT, &facts)?;
    cluster::write_evidence(page, scan, PASSAGE_INDENT, &pair.direction.evidence)
}
