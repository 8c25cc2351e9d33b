//! `By JANE ROE, Associated Press`, `(By United Press.)`, `Par AFP`, and an
//! agency alone on a line above the story.
//!
//! A line is a byline as a whole or not at all, so a sentence that begins
//! with "By" is none. Pages read by machine misspell names; a long one is
//! known with one letter in five misread where the words around it say that
//! a name is due (`By …`, `… Press Service`).

use std::ops::Range;

use memchr::memchr_iter;

use super::lines::{Line, head, is_before_dateline};
use super::names::{self, Name};
use super::{CreditForm, Finding, HEAD_LINES, Known, Needs};
use crate::attribute::agency::{Named, edits};

mod roles;

use roles::without_role;

/// Longest byline, in bytes.
const MAX_BYTES: usize = 140;
/// Bytes that may stand before a bracket on a scanned page.
const SPECKS: usize = 3;
/// Most words of the people named in it.
const MAX_PEOPLE_WORDS: usize = 10;

/// What bylines begin with.
const INTROS: [&str; 13] = [
    "By ",
    "BY ",
    "by ",
    "Written by ",
    "Reported by ",
    "Von ",
    "Par ",
    "PAR ",
    "Por ",
    "POR ",
    "Di ",
    "Af ",
    "Da ",
];

/// What stands between people and their agency.
const SEPARATORS: [&str; 10] = [", ", " | ", " (", " - ", " – ", " — ", " / ", "/", " for ", " of "];
/// The same, where the paper's own people wrote with the agency's text.
const PARTLY: [&str; 7] = [" avec ", " mit ", " con ", " com ", " with ", " met ", " and "];

/// "By" and an agency alone, or a person and an agency behind it.
const BY_CONFIDENCE: f64 = 0.95;
/// A known agency alone on a line, or behind a person without "By".
const BARE_CONFIDENCE: f64 = 0.8;
/// Bytes that must follow an agency alone on a line: the story below it, where
/// links at the end of a page have none.
const STORY_BYTES: usize = 100;
/// Most bytes between a bracket that a line leaves open and its end.
const MAX_OPEN_BYTES: usize = 40;
/// A name with letters misread.
const MISREAD_CONFIDENCE: f64 = 0.85;
/// "(Special cable to the Example)": another paper, or the agency of a paper.
const SPECIAL_CONFIDENCE: f64 = 0.6;
/// The bytes of "Special".
const SPECIAL_BYTES: usize = 7;

/// A byline that is all of `line`; `text` is what the line is of.
pub(super) fn parse<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    if line.content.len() > MAX_BYTES || line.content.len() < 3 {
        return None;
    }
    let is_bracketed =
        line.has_opening && line.content.bytes().take(SPECKS + 1).any(|byte| matches!(byte, b'(' | b'['));
    if !is_bracketed && !may_be_introduced(line.content.as_bytes()) {
        return bare(line, text, known);
    }
    let mut inner = Inner::of(line.content);
    inner.extend(line, text);
    let intro = INTROS.iter().find(|intro| inner.text.starts_with(**intro));
    if let Some(intro) = intro {
        let rest = &inner.text[intro.len()..];
        return introduced(&inner, rest, known).or_else(|| broken(line, text, (&inner, rest), known));
    }
    if inner.is_bracketed {
        return in_brackets(&inner, is_before_dateline(line, text), known);
    }
    bare(line, text, known)
}

/// Whether one of [`INTROS`] may begin here: one of their letters, and a space
/// behind two or three, or one of the two that are longer.
fn may_be_introduced(content: &[u8]) -> bool {
    let [first, second, third, fourth, ..] = content else { return false };
    match first {
        b'B' | b'b' => *third == b' ',
        b'D' | b'A' => *third == b' ',
        b'V' | b'P' => *fourth == b' ',
        b'W' => *second == b'r',
        b'R' => *second == b'e',
        _ => false,
    }
}

/// What a byline says, without brackets and closing points.
struct Inner<'t> {
    text: &'t str,
    range: Range<usize>,
    is_bracketed: bool,
}

impl<'t> Inner<'t> {
    fn of(content: &'t str) -> Self {
        // Specks of a scanned page may stand before the bracket.
        let start = head(content, SPECKS + 1).find(['(', '[']).map(|at| (at, at + 1));
        let is_bracketed = start.is_some();
        let (open, start) = start.unwrap_or((0, 0));
        let close = is_bracketed.then(|| content[start..].find([')', ']'])).flatten().map(|at| start + at);
        let end = close.unwrap_or(content.len());
        let text = content[start..end].trim_end_matches(|c: char| c.is_whitespace() || ".,:;_-*".contains(c));
        let end = if close.is_some() { end + 1 } else { start + text.len() };
        Self { text, range: open..end, is_bracketed }
    }

    /// Takes in what closes, on the next line, the bracket that this one opens:
    /// `[By Jane Roe, United Press⏎Staff Correspondent.]`.
    fn extend(&mut self, line: &Line<'_>, text: &str) {
        if self.is_bracketed && !line.content.contains([')', ']']) {
            let behind = head(&text[line.start + line.content.len()..], MAX_OPEN_BYTES);
            if let Some(close) = behind.find([')', ']']) {
                self.range.end = line.content.len() + close + 1;
            }
        }
    }

    fn finding(&self, names: Vec<Named<'t>>, form: CreditForm, confidence: f64) -> Option<Finding<'t>> {
        let names: Vec<_> =
            names.into_iter().filter(|named| named.is_credited_by(form)).map(Name::Agency).collect();
        let (range, needs) = (self.range.clone(), Needs::Nothing);
        (!names.is_empty()).then(|| Finding { form, names, context: range.clone(), range, needs, confidence })
    }
}

/// Behind "By".
fn introduced<'t>(inner: &Inner<'t>, rest: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let rest = rest.trim();
    // What follows a bar is another field: a place, a time.
    let first = rest.split(" | ").next().unwrap_or(rest).trim_end_matches('.');
    let alone = agencies(first, known);
    let is_clear = |named: &Named<'_>| !named.is_ambiguous || first.len() > 3;
    if !alone.is_empty() {
        let clear = alone.into_iter().filter(is_clear).collect();
        return inner.finding(clear, CreditForm::Byline, BY_CONFIDENCE);
    }
    if let Some((named, form)) = behind_people(rest, known) {
        return inner.finding(named, form, BY_CONFIDENCE);
    }
    let misread = misread(first, known)?;
    inner.finding(vec![misread], CreditForm::Byline, MISREAD_CONFIDENCE)
}

/// `[By Jane Roe, United⏎Press Staff Correspondent.]`: a name that goes on, up to
/// the bracket that closes, on the next line.
fn broken<'t>(
    line: &Line<'t>,
    text: &'t str,
    (inner, rest): (&Inner<'t>, &'t str),
    known: Known<'t>,
) -> Option<Finding<'t>> {
    let (_, begun) = rest.rsplit_once(", ").filter(|(people, _)| are_people(people))?;
    let is_open = inner.is_bracketed && !line.content.contains([')', ']']);
    let below = head(&text[line.start + line.content.len()..], MAX_OPEN_BYTES);
    let below = below[..below.find([')', ']']).filter(|_| is_open)?].trim();
    let joined = format!("{begun} {}", below.trim_end_matches('.'));
    let named = known.agencies.named(without_role(&joined)).filter(|named| !named.is_ambiguous)?;
    inner.finding(vec![named], CreditForm::Byline, BY_CONFIDENCE)
}

/// `(United Press staff correspondent.)`, `(Special cable to the Example)`.
fn in_brackets<'t>(inner: &Inner<'t>, is_before_dateline: bool, known: Known<'t>) -> Option<Finding<'t>> {
    if let Some(to) = special(inner.text.trim_start()) {
        let outlet = to.trim_start_matches("the ").trim_start_matches("The ");
        let names = vec![Name::Plain(outlet)];
        let (form, range, needs) = (CreditForm::Byline, inner.range.clone(), Needs::Nothing);
        let finding =
            Finding { form, names, context: range.clone(), range, needs, confidence: SPECIAL_CONFIDENCE };
        return names::is_name(outlet).then_some(finding);
    }
    if let Some((named, _)) = misread_intro(inner.text, known) {
        return inner.finding(vec![named], CreditForm::Byline, MISREAD_CONFIDENCE);
    }
    let by = inner.text.find(" by ").map_or(inner.text, |at| &inner.text[..at]);
    let stripped = without_role(by);
    if stripped.len() == inner.text.len() && !(stripped.contains(' ') && is_before_dateline) {
        return None;
    }
    let named = known.agencies.named(stripped).or_else(|| misread(stripped, known))?;
    inner.finding(vec![named], CreditForm::Byline, BY_CONFIDENCE)
}

/// An agency whose name is misread, with or without the "Service" that papers
/// add to it.
fn misread<'t>(written: &'t str, known: Known<'t>) -> Option<Named<'t>> {
    let known = known.agencies;
    let alone = || written.rsplit_once(' ').filter(|(_, last)| last.len() == 7).map(|(name, _)| name);
    known.misread(written).or_else(|| known.misread(alone()?))
}

/// `Ry Associated Press`, `Republican A. P. Leased Wire`: a word that stands
/// for "By" or names the paper, and an agency with a long name; whether it is
/// a wire.
pub(super) fn misread_intro<'t>(written: &'t str, known: Known<'t>) -> Option<(Named<'t>, bool)> {
    let (first, rest) = written.split_once(' ')?;
    let is_wire = rest.ends_with(" Wire");
    let is_by = (2..=3).contains(&first.chars().count());
    let is_long = rest.contains(' ') && (is_wire || is_by);
    let named = is_long.then(|| known.agencies.named(rest)).flatten().filter(|named| !named.is_ambiguous)?;
    Some((named, is_wire))
}

/// Whom `Special cable to …` names, a letter of "Special" misread or none.
/// "Special to the Example" stands in the Example itself.
fn special(text: &str) -> Option<&str> {
    let (special, rest) = text.split_once(' ')?;
    let is_it = || edits(special.to_ascii_lowercase().as_bytes(), b"special") <= 1;
    if special.len().abs_diff(SPECIAL_BYTES) > 1 || !is_it() {
        return None;
    }
    let (kind, to) = rest.split_once(" to ").or_else(|| rest.split_once(" TO "))?;
    (kind.split_whitespace().count() == 1).then_some(to)
}

/// No "By" and no brackets: an agency alone, or behind a person.
fn bare<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let content = line.content;
    let is_head = line.nth < HEAD_LINES;
    let has_story = text.len() - line.start > content.len() + STORY_BYTES;
    if !has_story || content.len() > MAX_BYTES / 2 {
        return None;
    }
    if line.nth == 0 {
        return above_all(line, text, known);
    }
    // "… is given by the⏎Overseas News Agency:" is a sentence.
    if content.ends_with(':') && line.continues_prose() {
        return None;
    }
    let is_due = content.as_bytes().last() == Some(&b':') || is_service(content);
    if !is_head && !is_due {
        return None;
    }
    let inner = Inner::of(content);
    let stripped = without_role(inner.text);
    if !(is_due || known.agencies.may_end(inner.text) || known.agencies.may_end(stripped)) {
        return None;
    }
    let is_byline = |_: &Finding<'t>| {
        inner.text.split_whitespace().count() <= MAX_PEOPLE_WORDS && !names::speaks_of_pictures(inner.text)
    };
    bare_inner(line, (&inner, stripped), text, known).filter(is_byline)
}

/// An agency with a long name as the first paragraph: anything else there is a
/// heading.
fn above_all<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let inner = Inner::of(line.content);
    if !known.agencies.may_end(inner.text) || !inner.text.contains(' ') {
        return None;
    }
    let breaks = text[line.start + line.content.len()..].split(|c: char| !c.is_whitespace()).next()?;
    let is_paragraph = breaks.matches('\n').nth(1).is_some();
    let named = known.agencies.named(inner.text).filter(|named| is_paragraph && !named.is_ambiguous)?;
    inner.finding(vec![named], CreditForm::Byline, BARE_CONFIDENCE)
}

/// What a line that may be a byline says; `stripped` is `inner` without what
/// someone is there.
fn bare_inner<'t>(
    line: &Line<'t>,
    (inner, stripped): (&Inner<'t>, &'t str),
    text: &'t str,
    known: Known<'t>,
) -> Option<Finding<'t>> {
    let content = line.content;
    let is_head = line.nth < HEAD_LINES;
    let words = || inner.text.split_whitespace().count();
    if let Some(named) = known.agencies.named(stripped).filter(|named| !named.is_ambiguous) {
        let is_long = words() > 1 || stripped.contains('-');
        // The last words of a sentence may fill a line of wrapped prose.
        let is_prose = content.ends_with('.') && !line.opens_paragraph();
        let is_placed =
            is_long && !is_prose && (is_head || content.ends_with(':') || is_before_dateline(line, text));
        let follows_by = line.before().is_some_and(|before| INTROS.iter().any(|by| before.starts_with(by)));
        return (is_placed || follows_by)
            .then(|| inner.finding(vec![named], CreditForm::Byline, BARE_CONFIDENCE))?;
    }
    let is_service = is_service(content);
    if is_service && let Some((named, is_wire)) = misread_intro(inner.text, known) {
        let is_clear = !is_wire || is_before_dateline(line, text);
        return is_clear.then(|| inner.finding(vec![named], CreditForm::Byline, MISREAD_CONFIDENCE))?;
    }
    if (content.ends_with(':') || is_service && is_before_dateline(line, text)) && words() <= 4 {
        let misread = misread(inner.text, known);
        if misread.is_some() || !is_head {
            return inner.finding(misread.into_iter().collect(), CreditForm::Byline, MISREAD_CONFIDENCE);
        }
    }
    if !is_head {
        return None;
    }
    let (named, form) = person_then_agency(inner.text, known)?;
    inner.finding(vec![named], form, BARE_CONFIDENCE)
}

/// Whether a line ends as the names of agencies do.
fn is_service(content: &str) -> bool {
    match content.as_bytes().last() {
        Some(b's') => content.ends_with(" Press"),
        Some(b'.') => content.ends_with(" Press."),
        Some(b'e') => content.ends_with(" Service") || content.ends_with(" Wire"),
        _ => false,
    }
}

/// `JANE ROE Associated Press`, `Jane Roe, The Canadian Press`,
/// `وادي الملح / الأناضول`.
fn person_then_agency<'t>(written: &'t str, known: Known<'t>) -> Option<(Named<'t>, CreditForm)> {
    let form = CreditForm::Byline;
    if written.as_bytes().contains(&b'/')
        && let Some((place, name)) = written.split_once(" / ")
    {
        let named = known.agencies.named(name)?;
        return (!name.is_ascii() && !place.contains(|c: char| c.is_ascii_alphabetic()))
            .then_some((named, form));
    }
    for at in memchr_iter(b' ', written.as_bytes()) {
        let (person, name) = (&written[..at], &written[at + 1..]);
        let is_clear = person.ends_with(',') || name.contains(' ');
        let Some(named) = known.agencies.named(name).filter(|named| is_clear && !named.is_ambiguous) else {
            continue;
        };
        let person = person.trim_end_matches(',');
        let words = person.split_whitespace().count();
        return ((2..=4).contains(&words) && are_people(person)).then_some((named, form));
    }
    None
}

/// `Jane Roe and Ola Finn, Associated Press`: the agencies behind people.
fn behind_people<'t>(rest: &'t str, known: Known<'t>) -> Option<(Vec<Named<'t>>, CreditForm)> {
    for separator in SEPARATORS.into_iter().chain(PARTLY) {
        for (at, _) in rest.match_indices(separator) {
            let (people, name) = (&rest[..at], &rest[at + separator.len()..]);
            let field = name.split(" | ").next().unwrap_or(name).trim_end_matches(')');
            let named = agencies(field, known);
            if !named.is_empty() && are_people(people) {
                let is_part = PARTLY.contains(&separator);
                return Some((named, if is_part { CreditForm::Partial } else { CreditForm::Byline }));
            }
        }
    }
    None
}

/// The agencies that all of `written` names, what someone is there set aside.
fn agencies<'t>(written: &'t str, known: Known<'t>) -> Vec<Named<'t>> {
    let found = names::agencies(written, known);
    if !found.is_empty() || names::speaks_of_pictures(written) {
        return found;
    }
    known.agencies.named(without_role(written)).into_iter().collect()
}

/// Names of people: capitalised words, and those that join them.
fn are_people(written: &str) -> bool {
    const JOINING: [&str; 16] =
        ["and", "und", "y", "et", "e", "&", "de", "van", "von", "der", "den", "da", "do", "del", "la", "le"];
    let mut words = 0;
    let all_fit = written.split_whitespace().all(|word| {
        words += 1;
        let first = word.chars().next();
        // An initial may be misread for a digit.
        let is_initial = word.trim_end_matches('.').len() == 1;
        JOINING.contains(&word) || is_initial || first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
    });
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    let is_clean = digits <= 1 && !written.contains(|c: char| "@:!?\"“”".contains(c));
    all_fit && is_clean && (1..=MAX_PEOPLE_WORDS).contains(&words) && !names::speaks_of_pictures(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_intro_is_passed_over() {
        for intro in INTROS {
            assert!(may_be_introduced(format!("{intro}x").as_bytes()), "{intro}");
        }
    }
}
