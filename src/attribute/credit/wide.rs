//! Credits in scripts without spaces: `新华社…5月11日电`, `【…共同】`,
//! `(서울=연합뉴스)`, `（時事）`.

use super::lines::{Line, head, tail};
use super::names::Name;
use super::{CreditForm, Finding, Known, Needs};

/// Longest dateline, in bytes: three to a character.
const MAX_BYTES: usize = 120;

/// Brackets that hold datelines.
const BRACKETS: [(char, char); 6] =
    [('(', ')'), ('[', ']'), ('（', '）'), ('［', '］'), ('【', '】'), ('〔', '〕')];

/// What a dateline ends with: "wire".
const WIRE: [char; 2] = ['电', '電'];

/// An agency with what these datelines have around it.
const CONFIDENCE: f64 = 0.95;

/// A dateline with which `line` begins.
pub(super) fn dateline<'t>(line: &Line<'t>, known: Known<'t>) -> Option<Finding<'t>> {
    let may_be = |byte: &u8| !byte.is_ascii() || matches!(byte, b'(' | b'[');
    line.content.as_bytes().first().filter(|byte| may_be(byte))?;
    let window = head(line.content, MAX_BYTES);
    let first = window.chars().next()?;
    let close = BRACKETS.iter().find(|(open, _)| *open == first).map(|(_, close)| *close);
    if first.is_ascii() && close.is_none() {
        return None;
    }
    let (start, end, name) = match close {
        Some(close) => {
            let start = first.len_utf8();
            let end = window.find(close)?;
            (0, end + close.len_utf8(), named_in(&window[start..end], known)?)
        }
        None => {
            let end = window.find(WIRE)? + WIRE[0].len_utf8();
            let (named, _) = known.agencies.leading(&window[..end])?;
            (0, end, Name::Agency(named))
        }
    };
    // A bracket that is all of the line is a foot line.
    (end < line.content.len()).then(|| finding(name, start..end, CreditForm::Dateline, Needs::Nothing))
}

/// An agency alone in wide brackets as the last words of `content`.
pub(super) fn trailing<'t>(content: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let window = tail(content.trim_end_matches('。'), MAX_BYTES);
    let (open, inner) = BRACKETS[2..].iter().find_map(|(open, close)| {
        let unclosed = window.strip_suffix(*close)?;
        let at = unclosed.rfind(*open)?;
        Some((at, &unclosed[at + open.len_utf8()..]))
    })?;
    let named = known.agencies.named(inner)?;
    let start = window.as_ptr() as usize - content.as_ptr() as usize + open;
    let end = window.as_ptr() as usize - content.as_ptr() as usize + window.len();
    Some(finding(Name::Agency(named), start..end, CreditForm::FootLine, Needs::End))
}

/// The agency with which the words in brackets begin or end.
fn named_in<'t>(inner: &'t str, known: Known<'t>) -> Option<Name<'t>> {
    if inner.is_ascii() {
        return None;
    }
    let last = inner.rsplit(['=', ' ', '＝', '　']).next().unwrap_or(inner);
    let whole = known.agencies.named(last);
    let ending = || {
        let wide = last.char_indices().skip(1).filter(|(_, c)| !c.is_ascii());
        wide.filter_map(|(at, _)| known.agencies.named(&last[at..])).next()
    };
    let leading = || known.agencies.leading(inner).filter(|_| inner.ends_with(WIRE)).map(|(named, _)| named);
    let is_split = last.len() < inner.len();
    let found = whole.filter(|_| is_split).or_else(ending).or_else(leading)?;
    Some(Name::Agency(found))
}

fn finding(name: Name<'_>, range: std::ops::Range<usize>, form: CreditForm, needs: Needs) -> Finding<'_> {
    Finding { form, names: vec![name], context: range.clone(), range, needs, confidence: CONFIDENCE }
}
