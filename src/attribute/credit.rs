//! Finds credits in a text: who it says it is from.
//!
//! Forms, each reported with its place and at every occurrence:
//!
//! - *source line*: `(Source:www.example.com)` or `Source: Example News` as a
//!   line of its own, or in brackets as the first or last words of the text;
//! - *dateline*: `WASHINGTON (AP) —`, `(Reuters) -`, `MOSCOW, May 11. /TASS/.`
//!   before the first words of a story or of a paragraph;
//! - *foot line*: `(AP)` or `— Reuters` alone at the end.
//!
//! The span of a source line and of a foot line is the whole expression with
//! its label and brackets; that of a dateline is the brackets with the name,
//! without place, date and dash. A credit to two agencies gives two entries
//! with one span.
//!
//! Forms that are certain count wherever they stand; those that are not count
//! near the head or the end of the text alone, or where the very same words
//! stand again (a body pasted twice).
//!
//! Time is linear in the text: a line is judged by bounded windows at its two
//! ends, and the few expressions worth it are searched for once each. Space
//! is that of the findings.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem;

use crate::attribute::source::registrable_domain;
use crate::attribute::{agency, outlet};
use crate::document::{Document, Span};
use crate::report::{Credit, CreditForm};

mod dateline;
mod foot_line;
mod lines;
mod names;
mod source_line;
#[cfg(test)]
mod tests;

use lines::{Line, Lines};
use names::Name;

/// Non-blank lines from the top in which a doubtful credit is believed: a
/// title, a deck, a byline and page furniture stand above the first words.
const HEAD_LINES: usize = 12;

/// Non-blank lines at the end in which a doubtful credit is believed: notes on the
/// author and rights may follow it.
const FOOT_LINES: usize = 5;

/// Credits in the text of `document`, in order of their place, without those
/// of an agency to itself: on its own domain or under its own name "(AP)" says
/// nothing about where the text is from.
pub fn credits_of(document: &Document) -> Vec<Credit> {
    let mut credits = find_credits(&document.text);
    let domain = document.url.as_deref().and_then(registrable_domain);
    let sources = [domain.as_deref(), document.source.as_deref()];
    let own: Vec<&str> =
        sources.into_iter().flatten().filter_map(agency::of_source).map(|agency| agency.name).collect();
    credits.retain(|credit| !credit.agency.as_deref().is_some_and(|name| own.contains(&name)));
    credits
}

/// Credits in `text`, in order of their place.
pub fn find_credits(text: &str) -> Vec<Credit> {
    let mut found: Vec<Placed<'_>> = Vec::new();
    let mut last = None;
    for line in Lines::new(text) {
        found.extend(on_line(&line).map(|finding| Placed::new(finding, &line)));
        last = Some(line);
    }
    let Some(last) = last else { return Vec::new() };
    found.extend(at_end(&last).map(|finding| Placed::new(finding, &last)));
    drop_misplaced(&mut found, last.nth + 1, text);
    add_recurrences(&mut found, text, last.nth);
    found.sort_by_key(|placed| (placed.span.start, placed.span.end));
    found.dedup_by_key(|placed| placed.span);
    found.iter().flat_map(|placed| credits(placed, text)).collect()
}

/// What one form found on a line; ranges are offsets into its content.
struct Finding<'t> {
    form: CreditForm,
    /// Whom it names, never empty.
    names: Vec<Name<'t>>,
    /// The credit itself.
    range: Range<usize>,
    /// The words that, found again, are the credit again.
    context: Range<usize>,
    needs: Needs,
    confidence: f64,
}

/// Where a finding must stand to count; the same words elsewhere count too
/// once they do so there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Anywhere.
    Nothing,
    /// Near the end.
    End,
    /// Near the head or the end.
    HeadOrEnd,
}

/// A finding in the text.
#[derive(Clone)]
struct Placed<'t> {
    form: CreditForm,
    names: Vec<Name<'t>>,
    span: Span,
    context: Span,
    needs: Needs,
    confidence: f64,
    /// Which of the non-blank lines it stands on.
    nth: usize,
}

impl<'t> Placed<'t> {
    fn new(finding: Finding<'t>, line: &Line<'t>) -> Self {
        let at = |range: &Range<usize>| Span::new(line.start + range.start, line.start + range.end);
        let (span, context) = (at(&finding.range), at(&finding.context));
        let Finding { form, names, needs, confidence, .. } = finding;
        Self { form, names, span, context, needs, confidence, nth: line.nth }
    }

    fn moved_to(&self, context_start: usize) -> Self {
        let at = |span: Span| {
            Span::new(
                span.start - self.context.start + context_start,
                span.end - self.context.start + context_start,
            )
        };
        Self { span: at(self.span), context: at(self.context), ..self.clone() }
    }
}

fn on_line<'t>(line: &Line<'t>) -> Option<Finding<'t>> {
    // Places, labels and brackets open a credit: never a small letter or a
    // digit, with which most lines of wrapped prose and of tables begin.
    if line.content.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return None;
    }
    let first = (line.nth == 0).then(|| source_line::leading(line.content)).flatten();
    source_line::whole(line.content)
        .or(first)
        .or_else(|| dateline::parse(line))
        .or_else(|| foot_line::whole(line))
}

/// Credits that are the last words of the text.
fn at_end<'t>(line: &Line<'t>) -> Option<Finding<'t>> {
    source_line::trailing(line.content).or_else(|| foot_line::trailing(line.content))
}

/// Drops findings that neither stand where they must nor say the same as one
/// that does.
fn drop_misplaced(found: &mut Vec<Placed<'_>>, lines: usize, text: &str) {
    let is_placed = |placed: &Placed<'_>| match placed.needs {
        Needs::Nothing => true,
        Needs::End => placed.nth + FOOT_LINES >= lines,
        Needs::HeadOrEnd => placed.nth < HEAD_LINES || placed.nth + FOOT_LINES >= lines,
    };
    let words = |placed: &Placed<'_>| &text[placed.span.start..placed.span.end];
    let well_placed: HashSet<&str> = found.iter().filter(|placed| is_placed(placed)).map(words).collect();
    found.retain(|placed| placed.needs == Needs::Nothing || well_placed.contains(words(placed)));
}

/// Adds the places where the words of a dateline near the head, or of a
/// bracketed source line on the first or last line, stand again.
fn add_recurrences(found: &mut Vec<Placed<'_>>, text: &str, last: usize) {
    let known: HashSet<usize> = found.iter().map(|placed| placed.span.start).collect();
    let mut searched: HashSet<&str> = HashSet::new();
    let mut again = Vec::new();
    for placed in found.iter() {
        let words = &text[placed.context.start..placed.context.end];
        let is_worth_it = match placed.form {
            CreditForm::Dateline => placed.nth < HEAD_LINES,
            CreditForm::SourceLine => {
                (placed.nth == 0 || placed.nth == last) && words.starts_with(['(', '['])
            }
            CreditForm::FootLine => false,
        };
        if !is_worth_it || !searched.insert(words) {
            continue;
        }
        for start in memmem::find_iter(text.as_bytes(), words) {
            let moved = placed.moved_to(start);
            let is_free = placed.form == CreditForm::SourceLine || lines::ends_sentence(&text[..start]);
            if is_free && !known.contains(&moved.span.start) {
                again.push(moved);
            }
        }
    }
    found.extend(again);
}

fn credits<'a>(placed: &'a Placed<'_>, text: &'a str) -> impl Iterator<Item = Credit> + 'a {
    placed.names.iter().map(|name| {
        let (agency, outlet) = match name {
            Name::Agency(named) => (Some(named.agency.name.to_owned()), None),
            Name::Domain(written) | Name::Plain(written) => (None, Some((*written).to_owned())),
        };
        let domain = outlet.as_deref().and_then(registrable_domain);
        Credit {
            agency,
            outlet,
            form: placed.form,
            text: text[placed.span.start..placed.span.end].to_owned(),
            span: placed.span,
            confidence: placed.confidence,
            likely_outlet: domain.as_deref().and_then(outlet::likely_outlet).map(str::to_owned),
        }
    })
}
