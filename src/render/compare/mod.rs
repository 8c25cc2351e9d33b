//! One pair explained: both documents, what they share, why that gives this
//! verdict, who was first, and the passages side by side.

mod columns;
mod diff;
mod why;

#[cfg(test)]
mod tests;

use std::io::{self, Write as _};

use anstyle::Style;

use super::line::Line;
use super::page::Page;
use super::{Render, Texts, units, visible};
use crate::document::{DatedBy, Span, SpanBase};
use crate::report::{Cluster, Direction, DocumentEntry, Pair, Passage, PassageKind, Report};
use crate::verify::Shares;

/// Columns before what is said of a document, and of the pair.
const INDENT: usize = 3;

/// Lines that one statement takes at most: evidence comes from the library,
/// but quotes the input.
const MAX_LINES: usize = 6;

/// Credits of one document that are listed.
const MAX_CREDITS: usize = 10;

/// Passages that are shown, in the order of A's text.
const MAX_PASSAGES: usize = 50;

/// The explanation of one pair, for `wirecopy compare A B`.
///
/// The report is one made of two documents; `a` and `b` of its pair are
/// called A and B. From 60 columns on the passages stand side by side, below
/// one above the other. Words that only one side has are marked by colour,
/// or, without colour, as `[-word-]` and `{+word+}`.
#[derive(Clone, Copy, Debug)]
pub struct CompareRender {
    /// Columns of a line; at least 24 are used. No line is wider.
    pub width: usize,
    /// Whether to write colours. Without, no escape sequence is written.
    pub color: bool,
    /// What the two share in exact figures, shown where no threshold is
    /// reached and the report has no pair for that reason.
    pub shares: Option<Shares>,
}

impl Default for CompareRender {
    /// Eighty columns, no colour.
    fn default() -> Self {
        Self { width: 80, color: false, shares: None }
    }
}

impl Render for CompareRender {
    /// # Errors
    ///
    /// Beside what `out` answers, [`io::ErrorKind::InvalidInput`] if the
    /// report is not one of exactly two documents.
    fn render(&self, report: &Report, texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()> {
        let [a, b] = report.documents.as_slice() else {
            let problem = format!(
                "the report has {} documents, but a comparison needs exactly 2; use the terminal form",
                report.documents.len()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        };
        let mut out = io::BufWriter::new(out);
        let page = &mut Page::new(&mut out, self.width, self.color);
        let compared =
            &Compared { report, texts, a, b, finding: Finding::of(report, a, b), shares: self.shares };
        write_document(page, "A", a)?;
        write_document(page, "B", b)?;
        why::write(page, compared)?;
        write_direction(page, compared)?;
        write_passages(page, compared, self.color)?;
        out.flush()
    }
}

/// Two documents and what was found about them.
struct Compared<'a> {
    report: &'a Report,
    texts: &'a dyn Texts,
    a: &'a DocumentEntry,
    b: &'a DocumentEntry,
    finding: Finding<'a>,
    shares: Option<Shares>,
}

/// What a report says about its two documents.
enum Finding<'a> {
    /// A pair is listed.
    Pair(&'a Pair),
    /// Both have the same tokens; a report implies such a pair. Their
    /// cluster, unless they are too short for one, says who was first.
    Same(Option<&'a Cluster>),
    /// Nothing reaches a threshold.
    Nothing,
}

impl<'a> Finding<'a> {
    fn of(report: &'a Report, a: &DocumentEntry, b: &DocumentEntry) -> Self {
        if let Some(pair) = report.pairs.iter().find(|pair| pair.a == a.id && pair.b == b.id) {
            return Self::Pair(pair);
        }
        let holds_both = |group: &crate::report::ExactGroup| {
            group.documents.contains(&a.id) && group.documents.contains(&b.id)
        };
        if report.exact_groups.iter().any(holds_both) {
            Self::Same(report.clusters.first())
        } else {
            Self::Nothing
        }
    }
}

fn write_document(page: &mut Page<'_>, name: &str, document: &DocumentEntry) -> io::Result<()> {
    let palette = page.palette;
    let lead = Line::new().with(palette.dim, name).pad_to(INDENT);
    page.hanging(&lead, &Line::new().with(palette.strong, &document.id), MAX_LINES)?;
    if let Some(title) = &document.title {
        page.hanging(&Line::indent(INDENT), &Line::new().plain(&visible::prose(title)), MAX_LINES)?;
    }
    let plain = Style::new();
    let published =
        document.published.map_or("no time of publication".into(), |time| match document.dated_by {
            Some(DatedBy::Address) => format!("{time} by its address"),
            None => time.to_string(),
        });
    let base = match document.span_base {
        SpanBase::Raw => "bytes as in the file",
        SpanBase::Decoded => "bytes of the decoded text",
        SpanBase::Extracted => "bytes of the extracted text",
    };
    let mut facts = vec![
        (palette.source, visible::short_label(&document.source, page.width - INDENT)),
        (plain, published),
        (plain, units::count(document.tokens, "token", "tokens")),
        (plain, units::bytes(document.bytes)),
        (plain, base.into()),
    ];
    if document.repeated_share > 0.0 {
        facts.push((
            plain,
            format!("{} of its tokens are repetition", units::percent(document.repeated_share)),
        ));
    }
    page.facts(INDENT, &facts)?;
    if document.credits.is_empty() {
        page.facts(INDENT, &[(palette.bad, "no credit".into())])?;
    }
    for credit in document.credits.iter().take(MAX_CREDITS) {
        let name = credit.agency.as_ref().or(credit.outlet.as_ref());
        let text = format!("credit “{}”", visible::prose(&credit.text));
        let mut facts = vec![(palette.good, text)];
        facts.extend(name.map(|name| (plain, visible::label(name).into_owned())));
        facts.push((palette.range, format!("bytes {}–{}", credit.span.start, credit.span.end)));
        page.facts(INDENT, &facts)?;
    }
    page.left_out(INDENT, document.credits.len().saturating_sub(MAX_CREDITS), ["more credit", "more credits"])
}

fn write_direction(page: &mut Page<'_>, compared: &Compared<'_>) -> io::Result<()> {
    let direction = match &compared.finding {
        Finding::Pair(pair) => pair.direction.clone(),
        Finding::Same(Some(cluster)) => Direction {
            from: cluster.origin.document.clone(),
            confidence: cluster.origin.confidence,
            evidence: cluster.origin.evidence.clone(),
        },
        Finding::Same(None) | Finding::Nothing => return Ok(()),
    };
    let palette = page.palette;
    let (style, text) = match &direction.from {
        None => (palette.bad, "Direction: undetermined".into()),
        Some(from) if *from == compared.a.id => (palette.good, "Direction: from A to B".into()),
        Some(from) if *from == compared.b.id => (palette.good, "Direction: from B to A".into()),
        Some(from) => {
            (palette.good, format!("Direction: both from {}", visible::short_label(from, page.width / 2)))
        }
    };
    let remark = match direction.confidence {
        0.0 => String::new(),
        confidence => format!("confidence {}", units::percent(confidence)),
    };
    page.heading(&text, &remark)?;
    if direction.evidence.is_empty() {
        return page.aside(INDENT, "no clue");
    }
    for statement in &direction.evidence {
        let lead = Line::indent(INDENT).with(style, "- ");
        page.hanging(&lead, &Line::new().plain(&visible::prose(statement)), MAX_LINES)?;
    }
    Ok(())
}

fn write_passages(page: &mut Page<'_>, compared: &Compared<'_>, color: bool) -> io::Result<()> {
    let whole;
    let passages: &[Passage] = match &compared.finding {
        Finding::Pair(pair) => &pair.passages,
        Finding::Same(_) => {
            whole = [whole_text(compared)];
            &whole
        }
        Finding::Nothing => return Ok(()),
    };
    if passages.is_empty() {
        page.blank()?;
        return page.aside(0, "The two were compared as a whole; no passages were aligned.");
    }
    for (index, passage) in passages.iter().take(MAX_PASSAGES).enumerate() {
        let kind = match passage.kind {
            PassageKind::Copy => "copy",
            PassageKind::Quotation => "quotation",
            PassageKind::Boilerplate => "boilerplate",
            PassageKind::Template => "template",
        };
        let tokens = units::count(passage.tokens, "token", "tokens");
        let remark = format!("{kind} · {tokens} · {}", units::identity(passage.identity));
        page.heading(&format!("Passage {} of {}", index + 1, passages.len()), &remark)?;
        if !passage.reason.is_empty() {
            let reason = format!("{kind}: {}", visible::prose(&passage.reason));
            page.hanging(&Line::indent(INDENT), &Line::new().with(page.palette.dim, &reason), MAX_LINES)?;
        }
        columns::write(page, compared, passage, color)?;
    }
    page.left_out(0, passages.len().saturating_sub(MAX_PASSAGES), ["more passage", "more passages"])
}

/// The passage that two documents with the same tokens share: all of both.
fn whole_text(compared: &Compared<'_>) -> Passage {
    Passage {
        a: Span::new(0, compared.a.bytes),
        b: Span::new(0, compared.b.bytes),
        tokens: compared.a.tokens,
        identity: 1.0,
        kind: PassageKind::Copy,
        reason: "".into(),
    }
}
