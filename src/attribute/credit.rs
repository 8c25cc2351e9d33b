//! Finds credits in a text: who it says it is from.
//!
//! Forms, each reported with its place and at every occurrence:
//!
//! - *source line*: `(Source:www.example.com)` or `Source: Example News` as a
//!   line of its own, or in brackets as the first or last words of the text;
//! - *dateline*: `WASHINGTON (AP) —`, `(Reuters) -`, `MOSCOW, May 11. /TASS/.`
//!   before the first words of a story or of a paragraph;
//! - *byline*: `By JANE ROE, Associated Press`, `(By United Press.)`, an agency
//!   alone on a line above the story, or, as scanned pages have it, misread
//!   above a dateline (`scanned.rs`);
//! - *foot line*: `(AP)` or `— Reuters` alone at the end;
//! - *desk line*: agencies alone on a short line above or below the story,
//!   behind the paper that wrote with them or the words for it, reported as a
//!   byline, a foot line or partial (`desk_line.rs`);
//! - *copyright*, *republished*, *partial* and *reporting line*: sentences at
//!   the head or the end that say whose the text is, where it ran before, who
//!   contributed, or that have the manner of an agency (`notice.rs`).
//!
//! The span of a source line and of a foot line is the whole expression with
//! its label and brackets; that of a dateline is the brackets with the name,
//! without place, date and dash; that of a byline is its line, that of a
//! notice its sentence, as far as it matters. A credit to two agencies gives
//! two entries with one span.
//!
//! Forms that are certain count wherever they stand; those that are not count
//! near the head or the end of the text alone, or where the very same words
//! stand again (a body pasted twice).
//!
//! What is no credit: who was told or reported something ("told AFP"), whose
//! picture it is, call signs ("(KMIZ)"), names that mean something else, links
//! and subscriptions, quoted credits, credits that name nobody ("with inputs
//! from agencies"), and a publisher's own name.
//!
//! Time is linear in the text: a line is judged by bounded windows at its two
//! ends, notices are searched for in bounded zones, and the few expressions
//! worth it are searched for once each. Space is that of the findings.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::attribute::agency::Agencies;
use crate::attribute::outlet::Outlets;
use crate::attribute::source::registrable_domain;
use crate::document::{Document, Span};
use crate::report::{Credit, CreditForm};
use crate::text::Mended;

mod breaks;
mod byline;
mod dateline;
mod desk_line;
mod foot_line;
mod lines;
mod names;
mod notice;
mod scanned;
mod source_line;
#[cfg(test)]
mod tests;
mod wide;

use lines::{Line, Lines};
use names::Name;

/// Non-blank lines from the top in which a doubtful credit is believed: a
/// title, a deck, a byline and page furniture stand above the first words.
const HEAD_LINES: usize = 12;

/// Non-blank lines at the end in which a doubtful credit is believed: notes on the
/// author and rights may follow it.
const FOOT_LINES: usize = 5;

/// Most bytes and words of a label below an article.
const LABEL_BYTES: usize = 32;
const LABEL_WORDS: usize = 4;

/// Shortest notice that is searched for elsewhere in the text, in bytes.
const MIN_RECURRENT_BYTES: usize = 20;

/// Outlets that are known whatever the collection is.
static KNOWN_OUTLETS: LazyLock<Outlets> = LazyLock::new(|| Outlets::new(Agencies::known(), []));

/// Credits in the text of `document`, in order of their place, without those
/// of a publisher to itself: on its agency's own domain or under its own name
/// "(AP)" says nothing about where the text is from.
pub fn credits_of(document: &Document, agencies: &Agencies) -> Vec<Credit> {
    let language = document.language.as_deref().and_then(|language| language.split(['-', '_']).next());
    let mut credits = search(&document.text, Known { agencies, language });
    if credits.is_empty() {
        return credits;
    }
    let domain = document.url.as_deref().and_then(registrable_domain);
    let sources: Vec<&str> = [domain.as_deref(), document.source.as_deref()].into_iter().flatten().collect();
    let own: Vec<&str> = sources
        .iter()
        .filter_map(|source| agencies.of_source(source))
        .map(|agency| agency.name.as_str())
        .collect();
    credits.retain(|credit| match (&credit.agency, &credit.outlet) {
        (Some(agency), _) => !own.contains(&agency.as_str()),
        (None, Some(outlet)) => {
            !sources.iter().any(|source| is_same(outlet, source)) && !is_titled(document, credit, outlet)
        }
        (None, None) => false,
    });
    credits
}

/// Whether an outlet as written is the publisher `source`.
fn is_same(outlet: &str, source: &str) -> bool {
    let plain = |name: &str| name.strip_prefix("The ").unwrap_or(name).to_lowercase();
    let domain = |name: &str| registrable_domain(name);
    plain(outlet) == plain(source) || domain(outlet).is_some_and(|found| domain(source) == Some(found))
}

/// Whether a byline names the paper whose page this is: on pages read by
/// machine the title is the paper's.
fn is_titled(document: &Document, credit: &Credit, outlet: &str) -> bool {
    let has = |title: &str| title.to_lowercase().contains(&outlet.to_lowercase());
    credit.form == CreditForm::Byline && document.title.as_deref().is_some_and(has)
}

/// Credits in `text` to agencies of the list and to outlets, in order of their
/// place.
pub fn find_credits(text: &str) -> Vec<Credit> {
    search(text, Known { agencies: Agencies::known(), language: None })
}

/// What is known beside the text.
#[derive(Clone, Copy)]
struct Known<'a> {
    agencies: &'a Agencies,
    /// The language of the text, where the input says it: `de`.
    language: Option<&'a str>,
}

/// Credits are read as tokens are: markup and wrong encodings hide none.
fn search(text: &str, known: Known<'_>) -> Vec<Credit> {
    let Some(mended) = Mended::of(text) else { return search_as_it_is(text, known) };
    let mut credits = search_as_it_is(mended.text(), known);
    for credit in &mut credits {
        let (start, end) = mended.raw(credit.span.start, credit.span.end);
        credit.span = Span { start, end };
        credit.text = text[start..end].to_owned();
    }
    credits
}

fn search_as_it_is<'t>(text: &'t str, known: Known<'t>) -> Vec<Credit> {
    let mut found: Vec<Placed<'t>> = Vec::new();
    let mut last: [Option<Line<'t>>; FOOT_LINES] = [None; FOOT_LINES];
    let mut lines = 0;
    let is_page = scanned::may_be_page(text);
    for line in Lines::new(text) {
        let opened = match may_open_credit(line.content) {
            true => on_line(&line, text, known),
            false if line.nth < HEAD_LINES => source_line::dated(line.content, known),
            false => None,
        };
        let desk = || (line.nth < HEAD_LINES).then(|| desk_line::above(&line, text, known)).flatten();
        let misread = || is_page.then(|| scanned::parse(&line, text, known)).flatten();
        if let Some(finding) = opened.or_else(desk).or_else(misread) {
            found.push(Placed::new(finding, &line));
        }
        last[line.nth % FOOT_LINES] = Some(line);
        lines = line.nth + 1;
    }
    if lines == 0 {
        return Vec::new();
    }
    let ends = (0..lines).rev().take(FOOT_LINES).filter_map(|nth| last[nth % FOOT_LINES]);
    found.extend(at_end(ends, known));
    found.extend(notice::find(text, known).into_iter().map(Placed::notice));
    if is_page {
        found.extend(notice::above_tables(text, known).into_iter().map(Placed::notice));
    }
    if found.is_empty() {
        return Vec::new();
    }
    drop_misplaced(&mut found, lines, text);
    add_recurrences(&mut found, text, lines - 1);
    drop_overlapping(&mut found);
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
    /// Which of the non-blank lines it stands on; of a notice, none.
    nth: usize,
}

impl<'t> Placed<'t> {
    fn new(finding: Finding<'t>, line: &Line<'t>) -> Self {
        let at = |range: &Range<usize>| Span::new(line.start + range.start, line.start + range.end);
        let (span, context) = (at(&finding.range), at(&finding.context));
        let Finding { form, names, needs, confidence, .. } = finding;
        Self { form, names, span, context, needs, confidence, nth: line.nth }
    }

    fn notice(notice: notice::Notice<'t>) -> Self {
        let notice::Notice { form, names, span, confidence } = notice;
        Self { form, names, span, context: span, needs: Needs::Nothing, confidence, nth: usize::MAX }
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

/// Places, labels and brackets open a credit: never a small letter or a digit,
/// with which most lines of wrapped prose and of tables begin.
#[inline]
fn may_open_credit(content: &str) -> bool {
    content.as_bytes().first().is_some_and(|first| !first.is_ascii_lowercase() && !first.is_ascii_digit())
}

fn on_line<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let content = line.content;
    let first = *content.as_bytes().first()?;
    let is_head = line.nth < HEAD_LINES;
    let is_bracket = matches!(first, b'(' | b'[');
    let leading = || (line.nth == 0 && is_bracket).then(|| source_line::leading(content, known)).flatten();
    let has_field = || is_head && memchr::memchr(b'|', content.as_bytes()).is_some();
    let field = || has_field().then(|| source_line::field(content, known)).flatten();
    source_line::whole(content, known)
        .or_else(leading)
        .or_else(field)
        .or_else(|| (line.has_opening || is_head).then(|| dateline::parse(line, known)).flatten())
        .or_else(|| (is_bracket || !first.is_ascii()).then(|| wide::dateline(line, known)).flatten())
        .or_else(|| foot_line::whole(line, known))
        .or_else(|| byline::parse(line, text, known))
        .or_else(|| is_bracket.then(|| rights(content, known)).flatten())
}

/// `(Copyright, 1916, by the United Press.)` on a line of its own.
fn rights<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let (name, confidence) = notice::on_line(content, known)?;
    let range = 0..content.len();
    let (form, needs) = (CreditForm::Copyright, Needs::Nothing);
    Some(Finding { form, names: vec![name], context: range.clone(), range, needs, confidence })
}

/// A credit that is the last words of the text, or the last before what the
/// page has below it: `ends` are the last lines, the last one first.
fn at_end<'t>(ends: impl Iterator<Item = Line<'t>>, known: Known<'t>) -> Option<Placed<'t>> {
    let mut ends = ends.peekable();
    while let Some(line) = ends.next() {
        let above = ends.peek();
        let found = source_line::trailing(line.content, known)
            .or_else(|| foot_line::trailing(line.content, known))
            .or_else(|| wide::trailing(line.content, known))
            .or_else(|| foot_line::alone(&line, above, known))
            .or_else(|| desk_line::below(&line, known));
        match found {
            Some(finding) => return Some(Placed::new(finding, &line)),
            None if !is_label(line.content) => return None,
            None => {}
        }
    }
    None
}

/// Whether a line is no sentence but a word or two, as the labels and links
/// below an article are: `Comments`, `Share this`, `More in Sport`.
fn is_label(content: &str) -> bool {
    let words = content.split_whitespace().count();
    content.len() <= LABEL_BYTES && words <= LABEL_WORDS && !lines::ends_sentence(content)
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
            // A line of a page of many stories is looked at where it stands.
            CreditForm::Byline => placed.nth < HEAD_LINES,
            _ => placed.nth == usize::MAX && words.len() >= MIN_RECURRENT_BYTES,
        };
        if !is_worth_it || !searched.insert(words) {
            continue;
        }
        for start in memmem::find_iter(text.as_bytes(), words) {
            let moved = placed.moved_to(start);
            let is_free = placed.form == CreditForm::SourceLine
                || lines::ends_sentence(&text[..start])
                || placed.nth == usize::MAX;
            if is_free && !known.contains(&moved.span.start) {
                again.push(moved);
            }
        }
    }
    found.extend(again);
}

/// Sorts the findings by place, and of those that overlap keeps the surer.
fn drop_overlapping(found: &mut Vec<Placed<'_>>) {
    found.sort_by_key(|placed| (placed.span.start, placed.span.end));
    let mut kept: Vec<Placed<'_>> = Vec::with_capacity(found.len());
    for placed in found.drain(..) {
        match kept.last_mut() {
            Some(last) if last.span.overlap(placed.span) > 0 => {
                if placed.confidence > last.confidence {
                    *last = placed;
                }
            }
            _ => kept.push(placed),
        }
    }
    *found = kept;
}

fn credits<'a>(placed: &'a Placed<'_>, text: &'a str) -> impl Iterator<Item = Credit> + 'a {
    placed.names.iter().map(move |name| {
        let (agency, outlet) = match name {
            Name::Agency(named) => (Some(named.agency.name.clone()), None),
            Name::Domain(written) | Name::Plain(written) => (None, Some((*written).to_owned())),
        };
        let asked =
            outlet.as_deref().map(|outlet| registrable_domain(outlet).unwrap_or_else(|| outlet.to_owned()));
        let likely = asked.and_then(|asked| KNOWN_OUTLETS.likely(&asked));
        Credit {
            agency,
            outlet,
            form: placed.form,
            text: text[placed.span.start..placed.span.end].to_owned(),
            span: placed.span,
            confidence: placed.confidence,
            likely_outlet: likely.map(str::to_owned),
        }
    })
}
