//! `WASHINGTON (AP) —`, `(Reuters) -`, `MOSCOW, May 11. /TASS/.`,
//! `Tehran, IRNA –`.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::lines::{Line, head};
use super::names::{self, Name};
use super::{CreditForm, Finding, HEAD_LINES, Known, Needs};
use crate::attribute::agency::Named;
use crate::time::month;

mod not_press;
mod unbracketed;

use not_press::NOT_PRESS;

/// Longest dateline, in bytes.
const MAX_BYTES: usize = 200;
/// Longest place and date, in bytes, and most words in them.
const MAX_PLACE_BYTES: usize = 80;
const MAX_PLACE_WORDS: usize = 10;
/// Most words of a place in small letters without a comma ("Ho Chi Minh City").
const MAX_TITLE_WORDS: usize = 4;
/// Longest name in the brackets, in bytes.
const MAX_INNER_BYTES: usize = 60;

/// A place in capitals, a known agency, a dash.
const CAPITALS_CONFIDENCE: f64 = 0.98;
/// A known agency and a dash without a place.
const BARE_CONFIDENCE: f64 = 0.95;
/// A place in small letters, or a colon for the dash.
const TITLE_CONFIDENCE: f64 = 0.9;
/// No dash: "(By Associated Press)" above a story, "(PTI)" before its words.
const NO_DASH_CONFIDENCE: f64 = 0.8;
/// A name we do not know that sounds like the press.
const PRESS_NAME_CONFIDENCE: f64 = 0.6;
/// Any other name we do not know.
const NAME_CONFIDENCE: f64 = 0.5;

/// Words with which no place begins.
const NOT_PLACES: [&str; 8] = ["by", "source", "copyright", "note", "from", "this", "these", "credit"];

/// A dateline with which `line` begins.
pub(super) fn parse<'t>(line: &Line<'t>, known: Known<'t>) -> Option<Finding<'t>> {
    if !line.has_opening {
        return unbracketed::parse(line, known);
    }
    let window = head(line.content, MAX_BYTES);
    let is_whole = window.len() == line.content.len();
    [(b'(', b')', 0), (b'(', b')', 1), (b'[', b']', 0)]
        .into_iter()
        .filter_map(|(open, close, nth)| Brackets::find(window, open, close, nth))
        .find_map(|brackets| in_brackets(line, &brackets, is_whole, known))
        .or_else(|| in_slashes(window, known))
        .or_else(|| unbracketed::parse(line, known))
}

/// A pair of brackets and what stands around it.
struct Brackets<'t> {
    place: &'t str,
    inner: &'t str,
    range: Range<usize>,
    after: After,
}

impl<'t> Brackets<'t> {
    /// The pair that the `nth` of these opens: the first may hold a province,
    /// "Brassbridge (Calder) [India], May 11 (ANI):".
    fn find(window: &'t str, open: u8, close: u8, nth: usize) -> Option<Self> {
        let start = memchr_iter(open, window.as_bytes()).nth(nth)?;
        let length = memchr(close, head(&window[start + 1..], MAX_INNER_BYTES).as_bytes())?;
        let end = start + length + 2;
        let place = window[..start].trim_end_matches(|c: char| c.is_whitespace() || is_dash(c) || c == ':');
        let inner = window[start + 1..end - 1].trim();
        Some(Self { place, inner, range: start..end, after: After::read(window, end) })
    }
}

/// What follows the brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// A dash, up to this offset.
    Dash(usize),
    /// A colon, up to this offset.
    Colon(usize),
    /// The beginning of a sentence.
    Sentence,
    /// Nothing, or specks of a scanned page.
    End,
    /// Anything else.
    Other,
}

impl After {
    fn read(window: &str, offset: usize) -> Self {
        let behind = &window[offset..];
        let rest = behind.trim_start_matches(|c: char| matches!(c, '.' | '*' | '।') || c.is_whitespace());
        let undashed = rest.trim_start_matches(is_dash);
        let end = window.len() - undashed.len();
        match rest.chars().next() {
            None => Self::End,
            Some(c) if is_dash(c) => Self::Dash(end),
            Some(':') => Self::Colon(end + 1),
            Some(_) if !rest.contains(char::is_alphanumeric) => Self::End,
            Some(c) if rest.len() < behind.len() && (is_capital(c) || "\"“'‘".contains(c)) => {
                Self::Sentence
            }
            Some(_) => Self::Other,
        }
    }
}

fn in_brackets<'t>(
    line: &Line<'t>,
    brackets: &Brackets<'t>,
    is_whole: bool,
    known: Known<'t>,
) -> Option<Finding<'t>> {
    if brackets.after == After::Other {
        return None;
    }
    let (inner, has_by) = without_by(brackets.inner);
    let agencies: Vec<Named<'_>> = names::agencies(inner, known);
    let may_be_unknown = matches!(brackets.after, After::Dash(_)) && line.nth < HEAD_LINES && !has_by;
    // Most brackets hold neither, and what is before them need not be read.
    if agencies.is_empty() && !may_be_unknown {
        return None;
    }
    let place = Place::read(brackets.place, inner, known)?;
    let (names, confidence) = if agencies.is_empty() {
        (vec![Name::Plain(brackets.inner)], unknown(brackets.inner, place)?)
    } else {
        let clear: Vec<_> =
            agencies.into_iter().filter(|named| is_clear(named, brackets.place, known)).collect();
        let is_end = is_whole && brackets.after == After::End;
        let shape = Shape { place, after: brackets.after, is_own_line: is_end, has_by };
        (clear.into_iter().map(Name::Agency).collect(), agency_confidence(&shape, line, brackets)?)
    };
    let end = match brackets.after {
        After::Dash(end) | After::Colon(end) => end,
        _ => brackets.range.end,
    };
    let form = if has_by { CreditForm::Byline } else { CreditForm::Dateline };
    let range = brackets.range.clone();
    (!names.is_empty()).then_some(Finding {
        form,
        names,
        range,
        context: 0..end,
        needs: Needs::Nothing,
        confidence,
    })
}

/// How a dateline is made.
struct Shape {
    place: Place,
    after: After,
    is_own_line: bool,
    has_by: bool,
}

/// How sure it is that a known agency in brackets is a credit. Without a place
/// it must open a paragraph or stand near the head; without a dash it must
/// stand near the head.
fn agency_confidence(shape: &Shape, line: &Line<'_>, brackets: &Brackets<'_>) -> Option<f64> {
    let is_head = line.nth < HEAD_LINES;
    let has_date = brackets.place.chars().any(|c| c.is_ascii_digit());
    // "VIJAYAWADA (AP):" names a state; three letters and more do not.
    let is_long = brackets.inner.chars().filter(|c| c.is_alphabetic()).count() > 2;
    match (shape.place, shape.after) {
        (Place::Capitals, After::Dash(_)) => Some(CAPITALS_CONFIDENCE),
        (Place::Title, After::Dash(_)) => Some(TITLE_CONFIDENCE),
        (Place::None, After::Dash(_)) => (is_head || line.opens_paragraph()).then_some(BARE_CONFIDENCE),
        (Place::None, After::Colon(_)) => {
            (is_head && is_long && line.opens_paragraph()).then_some(TITLE_CONFIDENCE)
        }
        (_, After::Colon(_)) => (has_date || is_long).then_some(TITLE_CONFIDENCE),
        (Place::Capitals, After::Sentence) => is_head.then_some(NO_DASH_CONFIDENCE),
        (Place::Title, After::Sentence) => (is_head && (has_date || is_long)).then_some(NO_DASH_CONFIDENCE),
        (Place::None, _) => (shape.is_own_line && shape.has_by).then_some(NO_DASH_CONFIDENCE),
        (Place::Capitals, After::End) => (shape.is_own_line && is_head).then_some(NO_DASH_CONFIDENCE),
        (Place::Capitals | Place::Title, _) => None,
    }
}

/// How sure it is that a name we do not know is a credit, if it may be one.
/// An acronym may be the call sign of a station, a ticker or a state, so a
/// small letter is asked for.
fn unknown(name: &str, place: Place) -> Option<f64> {
    let lower = name.to_lowercase();
    let is_press = names::sounds_like_press(name);
    let is_other = lower.split(|c: char| !c.is_alphanumeric()).any(|word| NOT_PRESS.contains(&word));
    if !names::is_name(name) || !name.contains(char::is_lowercase) || is_other || is_day(&lower) {
        return None;
    }
    match place {
        Place::Capitals | Place::None if is_press => Some(PRESS_NAME_CONFIDENCE),
        Place::Capitals => Some(NAME_CONFIDENCE),
        Place::Title | Place::None => None,
    }
}

/// Whether it is "aug. 13" or "11 may".
fn is_day(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| month(word).is_some() || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `MOSCOW, May 11. /TASS/.` and `NEW YORK, May 11, 2026 /PRNewswire/ --`.
fn in_slashes<'t>(window: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    for start in memchr_iter(b'/', window.as_bytes()) {
        let before = &window[..start];
        if !before.ends_with(|c: char| c.is_whitespace() || c == '.' || is_dash(c)) {
            continue;
        }
        let rest = head(&window[start + 1..], MAX_INNER_BYTES);
        let Some(length) = memchr(b'/', rest.as_bytes()) else { continue };
        let (range, inner) = (start..start + length + 2, &rest[..length]);
        // "Jane Roe / AFP / Getty Images" took a picture.
        if inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace) {
            continue;
        }
        let place = before.trim_end_matches(|c: char| c.is_whitespace() || is_dash(c) || c == '.');
        let is_closed = window[range.end..].starts_with(['.', ' ', '-', '–', '—']);
        let clear = names::agencies(inner, known).into_iter().filter(|named| is_clear(named, place, known));
        let names: Vec<_> = clear.map(Name::Agency).collect();
        let is_placed = || matches!(Place::read(place, inner, known), Some(Place::Capitals | Place::Title));
        if is_closed && !names.is_empty() && is_placed() {
            let form = CreditForm::Dateline;
            let (context, needs) = (0..range.end, Needs::Nothing);
            return Some(Finding { form, names, range, context, needs, confidence: BARE_CONFIDENCE });
        }
    }
    None
}

/// Whether an agency is believed behind this place: an ambiguous name needs a
/// date too, or the place or the language of its agency.
fn is_clear(named: &Named<'_>, place: &str, known: Known<'_>) -> bool {
    let has_date = place.chars().any(char::is_numeric);
    named.is_credited_by(CreditForm::Dateline) && (has_date || named.is_believed(place, known.language))
}

/// What stands before the brackets, if it can be a place and a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing.
    None,
    /// A place in capitals.
    Capitals,
    /// A place in small letters.
    Title,
}

impl Place {
    fn read(written: &str, inner: &str, known: Known<'_>) -> Option<Self> {
        // A province in brackets is a part of the place.
        if let Some((city, rest)) = written.split_once(" (")
            && let Some((_, rest)) = rest.split_once(')').filter(|(_, rest)| rest.starts_with([',', ' ']))
        {
            return Self::read(&format!("{city}{rest}"), inner, known);
        }
        // A bullet or a speck on a scanned page is no place.
        if !written.contains(char::is_alphanumeric) {
            return Some(Self::None);
        }
        let starts_well = written.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        if !starts_well || written.len() > MAX_PLACE_BYTES {
            return None;
        }
        let words: Vec<&str> = written.split_whitespace().collect();
        let is_clean = !written.contains(['(', ')', '@', '"', '“', '”', '?', '!', ';', '<', '>', '=', '|']);
        let first =
            words.first().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())?;
        if words.len() > MAX_PLACE_WORDS || !is_clean || NOT_PLACES.contains(&first.as_str()) {
            return None;
        }
        if !are_place_words(&words, written)
            || names::speaks_of_pictures(written)
            || spells_out(written, inner, known)
        {
            return None;
        }
        let city = written.split([',', '/', '[']).next().unwrap_or_default();
        let letters = city.chars().filter(|c| c.is_alphabetic()).count();
        if letters > 1 && !city.contains(char::is_lowercase) {
            return Some(Self::Capitals);
        }
        (written.contains(',') || words.len() <= MAX_TITLE_WORDS).then_some(Self::Title)
    }
}

/// Capitalised words and numbers; beside a number the names of months may be
/// small ("Madrid, 11 may").
fn are_place_words(words: &[&str], written: &str) -> bool {
    let has_number = written.chars().any(|c| c.is_ascii_digit());
    let is_small = |word: &&&str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_some_and(char::is_lowercase) && !names::CONNECTORS.contains(word)
    };
    // "Budapest, 2024. január 12., péntek" has the day of the week too.
    let most = if written.contains(',') { 2 } else { 1 };
    let small = words.iter().filter(is_small).count();
    small == 0 || has_number && small <= most
}

/// Whether `inner` abbreviates what stands before it: "Access Point (AP) -",
/// "The Associated Press (AP) —".
fn spells_out(written: &str, inner: &str, known: Known<'_>) -> bool {
    let segment = written.rsplit(',').next().unwrap_or_default();
    let words = segment.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let initials: String =
        words.filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).collect();
    let is_acronym = inner.len() > 1 && inner.chars().all(char::is_uppercase);
    is_acronym && initials.ends_with(inner) || known.agencies.named(segment).is_some()
}

/// "By the Associated Press." without the first words and the point.
fn without_by(inner: &str) -> (&str, bool) {
    let unpointed = inner.trim_end_matches('.').trim_end();
    match ["By ", "by ", "BY "].iter().find_map(|by| unpointed.strip_prefix(by)) {
        Some(rest) => (rest, true),
        None => (inner, false),
    }
}

/// A capital, or a letter of a script that has none.
fn is_capital(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase()
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '_')
}
