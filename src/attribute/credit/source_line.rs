//! `(Source:www.example.com)`, `Source: Example News`, `Source – Reuters`.

use super::lines::{head, tail};
use super::names::{self, Name};
use super::{CreditForm, Finding, Known, Needs};

/// Longest source line, in bytes: room for a long address.
const MAX_BYTES: usize = 320;

/// Longest label with the first byte behind it, in bytes.
const MAX_LABEL_BYTES: usize = 24;

/// What source lines begin with, in lower case.
const LABELS: [&str; 31] = [
    "source",
    "sources",
    "quelle",
    "quellen",
    "fuente",
    "fuentes",
    "fonte",
    "bron",
    "kilde",
    "källa",
    "lähde",
    "źródło",
    "zdroj",
    "forrás",
    "kaynak",
    "sumber",
    "источник",
    "источники",
    "来源",
    "來源",
    "출처",
    "المصدر",
    "sursa",
    "nguồn",
    "πηγή",
    "出典",
    "джерело",
    "izvor",
    "източник",
    "מקור",
    "منبع",
];

/// A known agency or a domain behind the label leaves little doubt.
const KNOWN_CONFIDENCE: f64 = 0.95;
/// A name in brackets is hardly anything but a credit.
const BRACKETED_NAME_CONFIDENCE: f64 = 0.8;
/// A bare name may be the origin of a table's figures or of a quotation; far
/// from both ends of the text it counts only if it sounds like the press.
const NAME_CONFIDENCE: f64 = 0.6;

/// A source line that is all of `content`.
pub(super) fn whole<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    if content.len() > MAX_BYTES {
        return None;
    }
    if content.starts_with(['(', '[', '（', '［']) {
        let unpointed = content.strip_suffix(['.', '。']).unwrap_or(content);
        let inner = bracketed(unpointed)?;
        let offset = inner.as_ptr() as usize - unpointed.as_ptr() as usize;
        return finding(inner, offset, 0..unpointed.len(), known);
    }
    finding(content, 0, 0..content.len(), known)
}

/// A source line that is one of the fields of `content`:
/// `Edited by: Jane Roe | Source: Reuters`.
pub(super) fn field<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    if content.len() > MAX_BYTES {
        return None;
    }
    let mut fields = content.split('|').skip(1).map(str::trim).filter(|field| !field.is_empty());
    fields.find_map(|field| within(content, field, known))
}

/// A source line that is `field`, a part of `content`.
fn within<'t>(content: &'t str, field: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let start = field.as_ptr() as usize - content.as_ptr() as usize;
    let found = finding(field, 0, 0..field.len(), known)?;
    let range = start + found.range.start..start + found.range.end;
    Some(Finding { context: range.clone(), range, ..found })
}

/// A source line behind a date with which `content` begins, as Chinese pages
/// have it: `2026年5月11日 15:10 来源：新华社`.
pub(super) fn dated<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    if content.len() > MAX_BYTES || !content.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_of_date = |c: char| c.is_ascii_digit() || c.is_whitespace() || "年月日时時分秒:：-./".contains(c);
    let (date, field) = content.split_at(content.find(|c| !is_of_date(c))?);
    if !date.ends_with(char::is_whitespace) {
        return None;
    }
    within(content, field, known)
}

/// `value` up to the next field of the line, `作者：` with a space before it: no
/// name has a space where words have none between them.
fn up_to_label(value: &str) -> &str {
    /// Han, Kana and Hangul.
    const WIDE: std::ops::RangeInclusive<char> = '\u{2e80}'..='\u{d7ff}';
    let is_label = |word: &str| word.starts_with(|c| WIDE.contains(&c)) && word.contains([':', '：']);
    let mut words = value.split(char::is_whitespace).skip(1);
    match words.find(|word| is_label(word)) {
        Some(label) => value[..label.as_ptr() as usize - value.as_ptr() as usize].trim_end(),
        None => value,
    }
}

/// A source line in brackets with which `content` begins.
pub(super) fn leading<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let window = head(content, MAX_BYTES);
    let close = match window.chars().next()? {
        '(' => window.find(')')?,
        '[' => window.find(']')?,
        _ => return None,
    };
    finding(&window[1..close], 1, 0..close + 1, known)
}

/// A source line in brackets with which `content` ends.
pub(super) fn trailing<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let unpointed = content.strip_suffix('.').unwrap_or(content);
    let window = tail(unpointed, MAX_BYTES);
    let open = match window.chars().next_back()? {
        ')' => window.rfind('(')?,
        ']' => window.rfind('[')?,
        _ => return None,
    };
    let start = unpointed.len() - window.len() + open;
    finding(&window[open + 1..window.len() - 1], start + 1, start..unpointed.len(), known)
}

/// What stands between the brackets, if all of `content` stands in one pair.
fn bracketed(content: &str) -> Option<&str> {
    let inner = content
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')))
        .or_else(|| content.strip_prefix('（').and_then(|rest| rest.strip_suffix('）')))
        .or_else(|| content.strip_prefix('［').and_then(|rest| rest.strip_suffix('］')))?;
    (!inner.contains(['(', ')', '[', ']', '（', '）'])).then_some(inner)
}

/// Reads `expression`, which stands at `offset` of the content; `range` is
/// the credit with its brackets, if it has any.
fn finding<'t>(
    expression: &'t str,
    offset: usize,
    range: std::ops::Range<usize>,
    known: Known<'t>,
) -> Option<Finding<'t>> {
    let is_bracketed = offset > range.start;
    let value = value(expression, is_bracketed)?;
    // What follows a bar or a wide gap is another field.
    let end = ["|", "•", "·", "\t", "  "].iter().filter_map(|mark| value.find(mark)).min();
    let value = up_to_label(value[..end.unwrap_or(value.len())].trim_end());
    let names = names::in_source_line(value, known);
    let has_known = names.iter().any(|name| !matches!(name, Name::Plain(_)));
    let confidence = match (has_known, is_bracketed) {
        _ if names.is_empty() => return None,
        (true, _) => KNOWN_CONFIDENCE,
        (false, true) => BRACKETED_NAME_CONFIDENCE,
        (false, false) => NAME_CONFIDENCE,
    };
    let value_end =
        value.as_ptr() as usize - expression.as_ptr() as usize + value.trim_end_matches('.').len();
    let range = if is_bracketed { range } else { range.start..offset + value_end };
    let sounds_like_press =
        |name: &Name<'_>| matches!(name, Name::Plain(name) if names::sounds_like_press(name));
    let is_clear = has_known || is_bracketed || names.iter().any(sounds_like_press);
    let needs = if is_clear { Needs::Nothing } else { Needs::HeadOrEnd };
    let form = CreditForm::SourceLine;
    Some(Finding { form, names, context: range.clone(), range, needs, confidence })
}

/// What follows the label and its separator.
fn value(expression: &str, is_bracketed: bool) -> Option<&str> {
    let expression = expression.trim_start();
    if !may_begin_label(expression) {
        return None;
    }
    let window = head(expression, MAX_LABEL_BYTES);
    let label = &window[..window.find(|c: char| !c.is_alphabetic())?];
    let behind = &expression[label.len()..];
    let rest = behind.trim_start();
    let has_gap = rest.len() < behind.len();
    let separator = rest.chars().next()?;
    let value = &rest[separator.len_utf8()..];
    let is_separator = match separator {
        ':' | '：' | '=' | '–' | '—' => true,
        // "Source-code" is a word.
        '-' => has_gap && value.starts_with(char::is_whitespace),
        _ => false,
    };
    // `source: x` without brackets is code or a field of a record.
    let is_lower = label.chars().next()?.is_lowercase();
    if !is_separator || (is_lower && !is_bracketed) || !LABELS.contains(&label.to_lowercase().as_str()) {
        return None;
    }
    Some(value.trim())
}

/// Whether one of the labels may begin here: most lines begin with other letters.
fn may_begin_label(expression: &str) -> bool {
    /// A bit for each small letter with which a label begins.
    const INITIALS: u32 = {
        let (mut initials, mut at) = (0, 0);
        while at < LABELS.len() {
            let first = LABELS[at].as_bytes()[0];
            if first.is_ascii_lowercase() {
                initials |= 1 << (first - b'a');
            }
            at += 1;
        }
        initials
    };
    let Some(first) = expression.as_bytes().first().map(u8::to_ascii_lowercase) else { return false };
    !first.is_ascii() || first.is_ascii_lowercase() && INITIALS >> (first - b'a') & 1 == 1
}
