//! Datelines whose agency stands in no brackets: `Tehran, IRNA –`,
//! `МОСКВА, 11 мая - РИА Новости.`, `Москва. 11 мая. ИНТЕРФАКС -`.

use memchr::memchr2_iter;

use super::super::lines::{Line, head};
use super::super::names::Name;
use super::{CreditForm, Finding, HEAD_LINES, Known, Needs, Place, is_clear, is_dash};

/// Longest dateline of this kind, in bytes.
const MAX_BYTES: usize = 100;

/// A known agency between place and dash.
const CONFIDENCE: f64 = 0.85;

/// A dateline at the head with which `line` begins.
pub(super) fn parse<'t>(line: &Line<'t>, known: Known<'t>) -> Option<Finding<'t>> {
    if line.nth >= HEAD_LINES {
        return None;
    }
    let window = head(line.content, MAX_BYTES);
    // A hyphen, or the first byte of every longer dash.
    let may_be = memchr2_iter(b'-', 0xe2, window.as_bytes()).filter(|&at| window[..at].ends_with(' '));
    let dash = may_be.into_iter().find(|&at| window[at..].starts_with(is_dash))?;
    let behind = window[dash..].trim_start_matches(|c: char| is_dash(c) || c.is_whitespace());
    before_dash(&window[..dash], known).or_else(|| behind_dash(window, dash, behind, known))
}

/// Its name is the last part before the dash.
fn before_dash<'t>(written: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let written = written.trim_end();
    let comma = written.rfind([',', '.'])?;
    finding(&written[..comma], &written[comma + 1..], written, known)
}

/// Its name is the first part behind the dash, and a point ends it.
fn behind_dash<'t>(window: &'t str, dash: usize, behind: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let end = behind.find(". ")?;
    let place = window[..dash].trim_end();
    let has_date = place.chars().any(char::is_numeric);
    let start = window.len() - behind.len();
    has_date.then(|| finding(place, &behind[..end], &window[..start + end], known)).flatten()
}

/// `name` ends `written`.
fn finding<'t>(place: &str, name: &'t str, written: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    let name = name.trim_start();
    let named = known.agencies.named(name).filter(|named| is_clear(named, place, known))?;
    let place = Place::read(place, name, known)?;
    let range = written.len() - name.len()..written.len();
    let (form, needs) = (CreditForm::Dateline, Needs::Nothing);
    let names = vec![Name::Agency(named)];
    let context = 0..written.len();
    (place != Place::None).then_some(Finding { form, names, range, context, needs, confidence: CONFIDENCE })
}
