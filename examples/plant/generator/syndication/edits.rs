//! What outlets do to the texts they carry, and publishers to their own.

use wirecopy::document::Span;

use super::super::noise::{capitalised, substitute};
use super::super::parts::Body;
use super::super::rng::Rng;
use super::super::words::{blocks, passage, separator, words};

/// Copies without any change to the text, in per cent.
const VERBATIM_PERCENT: usize = 25;

/// Of the others: cut from the bottom; a paragraph of one's own; a paragraph
/// left out further up; a few words changed; a slip of one's own. Cuts from
/// the bottom are what wire texts are written for; the other figures are
/// judged.
const CUT_PERCENT: usize = 35;
const INSERT_PERCENT: usize = 25;
const DROP_PERCENT: usize = 10;
const REWORD_PERCENT: usize = 40;
const SLIP_PERCENT: usize = 30;

/// What is left of a text cut from the bottom, in per cent.
const KEPT_PERCENT: (usize, usize) = (40, 90);

/// Words changed in a text, in per cent.
const REWORDED_PERCENT: (usize, usize) = (1, 3);

/// Words of a paragraph put in.
const INSERT_WORDS: (usize, usize) = (30, 80);

/// Letters from which a word is misspelt: shorter slips make other words.
const MIN_SLIP_LETTERS: usize = 6;

/// What says of a title that it is of a later version.
const TITLE_MARKS: [&str; 4] = ["UPDATE", "REFILE-", "CORRECTED-", "WRAPUP"];

/// The text of a copy: `vocabulary` gives other words, `donor` a paragraph.
pub(super) fn edit(text: &str, (vocabulary, donor): (&[String], &str), rng: &mut Rng) -> String {
    let mut text = text.to_owned();
    if rng.chance(VERBATIM_PERCENT) {
        return text;
    }
    if rng.chance(CUT_PERCENT) {
        let body = Body { origin: 0, text: &text, span: Span::new(0, text.len()) };
        let kept = body.cut(rng.between(KEPT_PERCENT.0, KEPT_PERCENT.1));
        text = text[..kept.end].to_owned();
    }
    if rng.chance(DROP_PERCENT) {
        text = without_a_block(&text, rng);
    }
    if rng.chance(REWORD_PERCENT) {
        text = substitute(&text, rng.between(REWORDED_PERCENT.0, REWORDED_PERCENT.1), vocabulary, rng);
    }
    if rng.chance(SLIP_PERCENT) {
        text = with_a_slip(&text, rng);
    }
    if rng.chance(INSERT_PERCENT) {
        text = with_a_block(&text, donor, rng);
    }
    text
}

/// A later version of a text.
pub(super) struct Revised {
    pub(super) title: String,
    /// What stands before the dateline; copies leave it out.
    pub(super) note: &'static str,
    pub(super) body: String,
}

/// Version `version` of the text that appeared under `title` first.
pub(super) fn revise((title, body): (&str, &str), version: usize, donor: &str, rng: &mut Rng) -> Revised {
    let update = version - 1;
    let ordinal = ["1st", "2nd", "3rd"][(update - 1).min(2)];
    let (title, note) = match rng.below(100) {
        0..30 => (format!("UPDATE {update}-{title}"), ""),
        30..45 => (title.to_owned(), "(Adds details, comment)\n\n"),
        45..60 => (format!("{title}, {ordinal} Ld-Writethru"), ""),
        60..70 => (format!("REFILE-{title}"), ""),
        70..78 => (title.to_owned(), "(Updates with background)\n\n"),
        _ => (title.to_owned(), ""),
    };
    let mut body = body.to_owned();
    if rng.chance(40) {
        body = without_a_block(&body, rng);
    }
    for _ in 0..rng.between(1, 2) {
        body = with_a_block(&body, donor, rng);
    }
    Revised { title, note, body }
}

/// A title without what says that it is of a later version.
pub(super) fn plain_title(title: &str) -> &str {
    let unmarked = match title.split_once('-') {
        Some((mark, rest)) if TITLE_MARKS.iter().any(|m| mark.starts_with(m.trim_end_matches('-'))) => rest,
        _ => title,
    };
    unmarked.split(", 1st Ld").next().unwrap_or(unmarked).split(", 2nd Ld").next().unwrap_or(unmarked)
}

fn without_a_block(text: &str, rng: &mut Rng) -> String {
    let blocks = blocks(text);
    if blocks.len() < 3 {
        return text.to_owned();
    }
    let dropped = blocks[rng.between(1, blocks.len() - 1)];
    format!("{}{}", &text[..dropped.start], &text[dropped.end..]).trim_end().to_owned()
}

fn with_a_block(text: &str, donor: &str, rng: &mut Rng) -> String {
    let span = passage(donor, INSERT_WORDS, rng);
    let insert = &donor[span.start..span.end];
    let blocks = blocks(text);
    let place = blocks[rng.below(blocks.len())];
    let between = separator(text);
    let (head, tail) = (text[..place.end].trim_end(), text[place.end..].trim_start());
    let tail = if tail.is_empty() { String::new() } else { format!("{between}{tail}") };
    format!("{head}{between}{insert}{tail}")
}

/// One long word with two letters in the wrong order.
fn with_a_slip(text: &str, rng: &mut Rng) -> String {
    let is_long = |word: &&Span| {
        let word = &text[word.start..word.end];
        word.len() >= MIN_SLIP_LETTERS && word.chars().all(|c| c.is_ascii_alphabetic())
    };
    let long: Vec<Span> = words(text).iter().filter(is_long).copied().collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let word = rng.pick(&long);
    let mut letters: Vec<char> = text[word.start..word.end].chars().collect();
    let place = rng.between(1, letters.len() - 3);
    letters.swap(place, place + 1);
    let changed: String = letters.into_iter().collect();
    let changed = if text[..word.start].ends_with(['\n']) { capitalised(&changed) } else { changed };
    format!("{}{changed}{}", &text[..word.start], &text[word.end..])
}
