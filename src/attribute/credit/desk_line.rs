//! `dpa/afp`, `AP/Xinhua/Bernama`, `Le Monde avec AFP`, `via Reuters`,
//! `По материалам Reuters`, `12 May 2026 | AFP`: a short line above the story
//! or below it that is of agencies alone.
//!
//! All of the line must be accounted for: every name in it is a known agency,
//! and what is before them is a paper, a date, or one of the words that stand
//! there. So a title that names agencies, a list of topics and a sentence that
//! begins with "Via" or "With" are none.

mod words;

use super::lines::Line;
use super::names::{self, Name};
use super::{CreditForm, Finding, HEAD_LINES, Known, Needs};
use crate::attribute::agency::Named;
use crate::time::month;

use words::{AND, ARTICLES, FROM, NOT_PAPERS, PARTLY, WITH};

/// Longest desk line, in bytes: of two a letter, and of one, where lines of
/// wrapped prose are longer.
const MAX_BYTES: usize = 80;
const MAX_ASCII_BYTES: usize = 48;
/// Most bytes of a mark of a desk ("dpa/lno").
const MAX_DESK_BYTES: usize = 4;
/// Bytes that must follow one above a story, where links at the end have none.
const STORY_BYTES: usize = 100;
/// Non-blank lines in which an acronym alone is believed: a title may stand
/// above it.
const ACRONYM_LINES: usize = 3;
/// Letters of an acronym that is believed alone.
const ACRONYM_LETTERS: std::ops::RangeInclusive<usize> = 3..=6;
/// Most words of an agency's name.
const MAX_NAME_WORDS: usize = 6;
/// Most words of a paper that wrote with an agency.
const MAX_PAPER_WORDS: usize = 4;

/// Words or another agency beside the name leave little doubt.
const CONFIDENCE: f64 = 0.9;
/// A name alone, or beside a date.
const BARE_CONFIDENCE: f64 = 0.8;

/// What closes a line behind its last name.
const CLOSING: [char; 8] = [')', ']', '/', '.', '»', '）', '］', ':'];

/// What joins fields of a line.
const FIELDS: [&str; 6] = [" | ", " • ", " · ", " - ", " – ", " — "];

/// A desk line above the story; `text` is what the line is of.
pub(super) fn above<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let content = line.content;
    if line.nth >= HEAD_LINES || !may_be(content, known) {
        return None;
    }
    let below = &text[line.start + content.len()..];
    let is_dated = || below.lines().map(str::trim).find(|line| !line.is_empty()).is_some_and(is_date);
    // A word above all else may be a heading, and a title may end like prose.
    let is_beside = (line.nth > 0 || content.contains(' ')) && is_dated();
    if below.len() < STORY_BYTES || line.continues_prose() && !is_beside {
        return None;
    }
    let found = read(content, known).or_else(|| beside_date(content, known)).or_else(|| {
        let is_desk = line.nth < ACRONYM_LINES && is_acronym(content);
        let named = (is_desk || is_beside).then(|| believed(vec![known.agencies.named(content)?], known));
        named?.map(|named| (named, CreditForm::Byline, BARE_CONFIDENCE))
    });
    finding(found?, CreditForm::Byline, 0..content.len(), Needs::Nothing)
}

/// A desk line below the story.
pub(super) fn below<'t>(line: &Line<'t>, known: Known<'t>) -> Option<Finding<'t>> {
    if line.nth == 0 || !may_be(line.content, known) || !line.opens_paragraph() {
        return None;
    }
    let is_desk = || is_desk_mark(line.content) && line.content.len() > 2;
    let alone = || believed(vec![known.agencies.named(line.content).filter(|_| is_desk())?], known);
    let found = read(line.content, known)
        .or_else(|| alone().map(|named| (named, CreditForm::FootLine, BARE_CONFIDENCE)))?;
    finding(found, CreditForm::FootLine, 0..line.content.len(), Needs::End)
}

/// `… by evening. – AFP/Reuters`: agencies behind a dash and the last sentence.
pub(super) fn behind_dash<'t>(window: &'t str, known: Known<'t>) -> Option<(Vec<Name<'t>>, usize)> {
    if !may_end(window, known) {
        return None;
    }
    let dash = [" - ", " – ", " — ", " -- "].into_iter();
    let (at, name) = dash.filter_map(|dash| window.rfind(dash).map(|at| (at, at + dash.len()))).max()?;
    if !super::lines::ends_sentence(&window[..at]) || window[..at].trim_end().is_empty() {
        return None;
    }
    let named = believed(list(&window[name..], known)?, known)?;
    Some((named.into_iter().map(Name::Agency).collect(), at + 1))
}

type Read<'t> = (Vec<Named<'t>>, CreditForm, f64);

/// Most lines are longer, or end with no agency.
#[inline]
fn may_be(content: &str, known: Known<'_>) -> bool {
    let is_short = content.len() <= MAX_ASCII_BYTES || content.len() <= MAX_BYTES && !content.is_ascii();
    is_short && may_end(content, known)
}

/// Whether the last words may be an agency.
fn may_end(content: &str, known: Known<'_>) -> bool {
    let is_open = content.as_bytes().last().is_some_and(u8::is_ascii_alphanumeric);
    let unclosed = if is_open { content } else { content.trim_end_matches(CLOSING) };
    // "/ritzau/" is written small.
    let is_closed = content.ends_with('/');
    // "Lusa/fim"
    let tail = &unclosed.as_bytes()[unclosed.len().saturating_sub(MAX_DESK_BYTES + 1)..];
    tail.contains(&b'/') && unclosed.rsplit_once('/').is_some_and(|(_, last)| is_desk_mark(last))
        || known.agencies.may_end(unclosed)
            && (is_closed || may_end_name(unclosed))
            && ends_with_agency(unclosed, known)
}

/// The last word of most lines is small, and too long for a mark of a desk.
fn may_end_name(content: &str) -> bool {
    let last = words_from_end(content).next().unwrap_or(0);
    let word = &content.as_bytes()[last..];
    word.len() <= MAX_DESK_BYTES || !word.first().is_some_and(u8::is_ascii_lowercase)
}

/// Whether the last words of a line are an agency. In a script without spaces
/// its name may begin anywhere.
fn ends_with_agency(content: &str, known: Known<'_>) -> bool {
    if !content.bytes().next_back().is_some_and(|byte| byte.is_ascii()) {
        return true;
    }
    words_from_end(content)
        .chain([0])
        .take(MAX_NAME_WORDS)
        .any(|at| known.agencies.named(&content[at..]).is_some())
}

/// Where words begin, from the last on.
fn words_from_end(content: &str) -> impl Iterator<Item = usize> {
    let bytes = content.as_bytes();
    (1..bytes.len())
        .rev()
        .filter(|&at| bytes[at].is_ascii_alphanumeric() && !bytes[at - 1].is_ascii_alphanumeric())
}

/// Two agencies or more, or one behind words that introduce it.
fn read<'t>(content: &'t str, known: Known<'t>) -> Option<Read<'t>> {
    let inner = content.trim_matches(|c: char| "()[]（）［］/.©:*".contains(c) || c.is_whitespace());
    let is_signed = content.starts_with('/') || content.contains('©');
    if let Some(named) = list(inner, known) {
        let is_enough =
            named.len() > 1 || is_signed && content.len() - inner.len() > 1 || inner.contains('/');
        return believed(named, known)
            .filter(|_| is_enough)
            .map(|named| (named, CreditForm::FootLine, CONFIDENCE));
    }
    let introduced = |words: &[&str], form| {
        let rest = words.iter().find_map(|word| without_prefix(inner, word))?;
        let rest = rest.trim_start_matches([' ', ':', '：', '-']);
        let named = believed(list(rest, known)?, known)?;
        Some((named, form, CONFIDENCE))
    };
    introduced(&PARTLY, CreditForm::Partial)
        .or_else(|| introduced(&FROM, CreditForm::FootLine))
        .or_else(|| with_paper(inner, known))
}

/// `Le Monde avec AFP`: a paper with agencies.
fn with_paper<'t>(inner: &'t str, known: Known<'t>) -> Option<Read<'t>> {
    let (paper, agencies) = WITH.iter().find_map(|with| inner.split_once(with))?;
    let first = paper.split(' ').next()?.to_lowercase();
    let is_paper = names::is_name(paper)
        && paper.split(' ').count() <= MAX_PAPER_WORDS
        && !NOT_PAPERS.contains(&first.as_str());
    let named = believed(list(agencies, known).filter(|_| is_paper)?, known)?;
    Some((named, CreditForm::Partial, CONFIDENCE))
}

/// `Published Jan 12, 2026 | Reuters`: fields of which one is an agency and all
/// others are dates.
fn beside_date<'t>(content: &'t str, known: Known<'t>) -> Option<Read<'t>> {
    let separator = FIELDS.iter().find(|separator| content.contains(**separator))?;
    let (date, name) = content.rsplit_once(separator)?;
    let is_dated = date.split(separator).all(is_date);
    let named = is_dated.then(|| believed(vec![known.agencies.named(name)?], known))??;
    Some((named, CreditForm::Byline, BARE_CONFIDENCE))
}

/// The agencies that `written` is a list of, if it is one of them alone: "AP,
/// AFP", "dpa/afp/bb", "STT–Reuters".
fn list<'t>(written: &'t str, known: Known<'t>) -> Option<Vec<Named<'t>>> {
    if written.len() > MAX_BYTES {
        return None;
    }
    if let Some(named) = one(written, known) {
        return Some(vec![named]);
    }
    let (head, rest) = cut(written)?;
    let mut named = vec![one(head, known)?];
    let mut rest = Some(rest);
    while let Some(part) = rest {
        // A name may have a hyphen of its own.
        let (head, behind) = match cut(part).filter(|_| one(part, known).is_none()) {
            Some((head, behind)) => (head, Some(behind)),
            None => (part, None),
        };
        // Behind a slash a desk writes names small, and marks: "dpa/afp/bb".
        let is_mark = is_desk_mark(head) && written.contains('/');
        let small = || is_mark.then(|| known.agencies.named(&head.to_uppercase())).flatten();
        match one(head, known).or_else(small) {
            Some(found) => named.push(found),
            None if is_mark => {}
            None => return None,
        }
        rest = behind;
    }
    Some(named)
}

/// `written` before and behind the first mark or word of a list.
fn cut(written: &str) -> Option<(&str, &str)> {
    let marks = ['/', ',', ';', '&', '+', '、', '，', '・', '-', '–', '—'];
    let mark = written.char_indices().find(|(_, c)| marks.contains(c)).map(|(at, c)| (at, at + c.len_utf8()));
    let word = AND.iter().filter_map(|and| written.find(and).map(|at| (at, at + and.len()))).min();
    let (at, behind) = mark.into_iter().chain(word).min()?;
    Some((&written[..at], &written[behind..]))
}

/// An agency, with the article or "agency" before it and quotation marks.
fn one<'t>(written: &'t str, known: Known<'t>) -> Option<Named<'t>> {
    let mut name = written.trim();
    // "la agencia EFE" has two of them.
    for _ in 0..2 {
        if let Some(rest) = ARTICLES.iter().find_map(|article| without_prefix(name, article)) {
            name = rest.trim_start();
        }
    }
    let unquoted = name.trim_matches(|c: char| "«»\"„“”".contains(c));
    known.agencies.named(unquoted)
}

/// The agencies, if one of them is clear by its name or by the language.
fn believed<'t>(named: Vec<Named<'t>>, known: Known<'_>) -> Option<Vec<Named<'t>>> {
    let is_clear = |named: &Named<'_>| named.is_believed("", known.language);
    named.iter().any(is_clear).then_some(named)
}

fn finding<'t>(
    (named, form, confidence): Read<'t>,
    bare: CreditForm,
    range: std::ops::Range<usize>,
    needs: Needs,
) -> Option<Finding<'t>> {
    // What a line without words is depends on where it stands.
    let form = if form == CreditForm::FootLine { bare } else { form };
    let names: Vec<_> =
        named.into_iter().filter(|named| named.is_credited_by(form)).map(Name::Agency).collect();
    (!names.is_empty()).then(|| Finding { form, names, context: range.clone(), range, needs, confidence })
}

fn is_acronym(written: &str) -> bool {
    ACRONYM_LETTERS.contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_desk_mark(written: &str) -> bool {
    (2..=MAX_DESK_BYTES).contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether a field is a date or a time: a number, and beside it no other words
/// than a month, a day and what introduces them.
fn is_date(field: &str) -> bool {
    let words = || field.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let has_number = || field.bytes().any(|byte| byte.is_ascii_digit());
    let has_month = || words().any(|word| month(&word.to_lowercase()).is_some());
    let numbers = || words().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).count();
    field.len() <= MAX_BYTES / 2 && has_number() && words().count() <= 9 && (has_month() || numbers() >= 3)
}

/// `text` behind `prefix`, whatever the case of either.
fn without_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    let is_it =
        prefix.chars().all(|c| chars.next().is_some_and(|found| found.to_lowercase().eq(c.to_lowercase())));
    is_it.then_some(chars.as_str())
}
