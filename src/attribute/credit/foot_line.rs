//! `(AP)` or `— Reuters` behind the last words.

use super::lines::{Line, ends_sentence, tail};
use super::names::{self, Name};
use super::{CreditForm, Finding, Needs};

/// Longest foot line, in bytes.
const MAX_BYTES: usize = 60;

/// An agency alone in brackets behind a finished sentence.
const BRACKETED_CONFIDENCE: f64 = 0.9;
/// An agency behind a dash: it may also sign a quotation.
const DASH_CONFIDENCE: f64 = 0.8;

/// A foot line that is all of a line. A wrapped sentence may have "(AP)" on a
/// line of its own, so the line before must be finished.
pub(super) fn whole<'t>(line: &Line<'t>) -> Option<Finding<'t>> {
    if line.nth == 0 || line.content.len() > MAX_BYTES {
        return None;
    }
    let content = line.content.trim_end_matches('.');
    if !content.starts_with(['(', '[', '-', '–', '—', '―']) || !line.opens_paragraph() {
        return None;
    }
    if let Some(inner) = content.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']'])) {
        return finding(inner, 0..content.len(), BRACKETED_CONFIDENCE);
    }
    let name = content.trim_start_matches(['-', '–', '—', '―']);
    if name.len() == content.len() {
        return None;
    }
    finding(name, 0..content.len(), DASH_CONFIDENCE)
}

/// An agency in brackets as the last words of the last line.
pub(super) fn trailing(content: &str) -> Option<Finding<'_>> {
    let window = tail(content, MAX_BYTES);
    let open = window.strip_suffix(')')?.rfind('(')?;
    let start = content.len() - window.len() + open;
    if !ends_sentence(&window[..open]) || open == 0 {
        return None;
    }
    finding(&window[open + 1..window.len() - 1], start..content.len(), BRACKETED_CONFIDENCE)
}

fn finding(inner: &str, range: std::ops::Range<usize>, confidence: f64) -> Option<Finding<'_>> {
    let names: Vec<_> = names::agencies(inner.trim()).into_iter().map(Name::Agency).collect();
    let (form, needs) = (CreditForm::FootLine, Needs::End);
    (!names.is_empty()).then(|| Finding { form, names, context: range.clone(), range, needs, confidence })
}
