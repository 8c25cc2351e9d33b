//! `(AP)`, `— Reuters`, `PTI KSV DIV` behind the last words.

use super::lines::{Line, ends_sentence, tail};
use super::names::{self, Name};
use super::{CreditForm, Finding, Known, Needs, desk_line};

/// Longest foot line, in bytes.
const MAX_BYTES: usize = 60;

/// An agency alone in brackets behind a finished sentence.
const BRACKETED_CONFIDENCE: f64 = 0.9;
/// An agency behind a dash: it may also sign a quotation.
const DASH_CONFIDENCE: f64 = 0.8;
/// An acronym alone behind the last sentence, perhaps with the marks of those
/// who wrote and edited it.
const BARE_CONFIDENCE: f64 = 0.8;

/// What a foot line begins with where the paper wrote with an agency's text.
const WITH: [&str; 10] = ["avec ", "Avec ", "com ", "Com ", "con ", "Con ", "mit ", "Mit ", "With ", "with "];
const AND: [&str; 5] = [" and ", " et ", " e ", " y ", " und "];

/// Most marks of people behind an acronym, and the letters they have.
const MAX_MARKS: usize = 5;
const MARK_LETTERS: std::ops::RangeInclusive<usize> = 2..=4;

/// A foot line that is all of a line. A wrapped sentence may have "(AP)" on a
/// line of its own, so the line before must be finished.
pub(super) fn whole<'t>(line: &Line<'t>, known: Known<'t>) -> Option<Finding<'t>> {
    if line.nth == 0 || line.content.len() > MAX_BYTES {
        return None;
    }
    let content = line.content.trim_end_matches('.');
    let first = *content.as_bytes().first()?;
    if let Some(found) = with_agency(content, known) {
        return Some(found);
    }
    // The last is the first byte of every longer dash.
    let may_be = matches!(first, b'(' | b'[' | b'-' | 0xe2);
    if !may_be || !content.starts_with(['(', '[', '-', '–', '—', '―']) || !line.opens_paragraph() {
        return None;
    }
    if let Some(inner) = content.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']'])) {
        return finding(inner, 0..content.len(), BRACKETED_CONFIDENCE, known);
    }
    let name = content.trim_start_matches(['-', '–', '—', '―']);
    if name.len() == content.len() {
        return None;
    }
    finding(name, 0..content.len(), DASH_CONFIDENCE, known)
}

/// `(avec AFP)`, `Com Lusa`, `With Reuters`: all of a line, and nobody else
/// is named.
fn with_agency<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let inner = match content.as_bytes().first()? {
        b'(' | b'[' => content.trim_start_matches(['(', '[']).trim_end_matches([')', ']']),
        b'a' | b'A' | b'c' | b'C' | b'm' | b'M' | b'W' | b'w' => content.trim_end_matches([')', ']']),
        _ => return None,
    };
    // Every "with" has three letters or four.
    if !inner.as_bytes().iter().skip(3).take(2).any(|byte| *byte == b' ') {
        return None;
    }
    let list = WITH.iter().find_map(|with| inner.strip_prefix(with))?;
    let list = list.trim_start_matches("l'").trim_start_matches("l’").trim_start_matches("la ");
    let names: Vec<_> = names::agencies_among(list, known).into_iter().map(Name::Agency).collect();
    let is_all = names.len()
        == 1 + list.matches([',', '/']).count()
            + AND.iter().map(|and| list.matches(and).count()).sum::<usize>();
    let found = finding_of(names, 0..content.len(), BRACKETED_CONFIDENCE)?;
    is_all.then_some(Finding { form: CreditForm::Partial, ..found })
}

/// An agency as the last words of the last line: in brackets, or an acronym.
pub(super) fn trailing<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let content = content.trim_end_matches('.');
    let window = tail(content, MAX_BYTES);
    let Some(unclosed) = window.strip_suffix(')') else {
        return bare(content, window, known).or_else(|| behind_dash(content, window, known));
    };
    let open = unclosed.rfind('(')?;
    let start = content.len() - window.len() + open;
    if !ends_sentence(&window[..open]) || open == 0 {
        return None;
    }
    finding(&window[open + 1..window.len() - 1], start..content.len(), BRACKETED_CONFIDENCE, known)
}

/// An agency alone on the last line, behind a finished one: its full name, or
/// an acronym that is hardly a word or anybody else.
pub(super) fn alone<'t>(line: &Line<'t>, above: Option<&Line<'t>>, known: Known<'t>) -> Option<Finding<'t>> {
    let content = line.content.trim_end_matches('.');
    // Initials sign messages, too, but below signatures and what they quote.
    let is_acronym = content.len() > 2
        && content.bytes().all(|byte| byte.is_ascii_uppercase())
        && above.is_some_and(|above| ends_sentence(above.content));
    let may_be = is_acronym || content.contains(' ');
    if line.nth == 0 || content.len() > MAX_BYTES || !may_be || !line.opens_paragraph() {
        return None;
    }
    let named = known.agencies.named(content)?;
    let is_clear = !named.is_ambiguous && named.is_credited_by(CreditForm::FootLine);
    is_clear.then(|| finding_of(vec![Name::Agency(named)], 0..content.len(), BARE_CONFIDENCE))?
}

/// `… by evening. – AFP/Reuters`
fn behind_dash<'t>(content: &'t str, window: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let (names, at) = desk_line::behind_dash(window, known)?;
    let from = content.len() - window.len() + at;
    finding_of(names, from..content.len(), DASH_CONFIDENCE)
}

/// `… by evening. PTI KSV DIV`
fn bare<'t>(content: &'t str, window: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let is_mark =
        |word: &str| MARK_LETTERS.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    let mut rest = window;
    let mut start = None;
    for _ in 0..=MAX_MARKS {
        let word = rest.rsplit(' ').next().filter(|word| is_mark(word))?;
        let before = &rest[..rest.len() - word.len()];
        if before.len() > 1 && ends_sentence(before) {
            start = Some((before.len(), word));
            break;
        }
        rest = before.trim_end_matches(' ');
    }
    let (start, word) = start?;
    let named = known.agencies.named(word).filter(|named| !named.is_ambiguous && word.len() > 2)?;
    let from = content.len() - window.len() + start;
    finding_of(vec![Name::Agency(named)], from..content.len(), BARE_CONFIDENCE)
}

fn finding<'t>(
    inner: &'t str,
    range: std::ops::Range<usize>,
    confidence: f64,
    known: Known<'t>,
) -> Option<Finding<'t>> {
    finding_of(
        names::agencies(inner.trim_start_matches('©').trim(), known).into_iter().map(Name::Agency).collect(),
        range,
        confidence,
    )
}

fn finding_of(names: Vec<Name<'_>>, range: std::ops::Range<usize>, confidence: f64) -> Option<Finding<'_>> {
    let (form, needs) = (CreditForm::FootLine, Needs::End);
    (!names.is_empty()).then(|| Finding { form, names, context: range.clone(), range, needs, confidence })
}
