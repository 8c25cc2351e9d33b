//! Sentences that say where a text is from: `This story was originally
//! published by ProPublica.`, `With inputs from PTI`, `© 2026 The Associated
//! Press.`, `(Reporting by …; Editing by …)`.
//!
//! They are looked for in the first [`HEAD_BYTES`] and the last [`TAIL_BYTES`]
//! of a text, since that is where they stand: of the 9 in 181 scraped news
//! pages all begin within the last 130 bytes. Between, the same words are a
//! story's own ("the book was first published by …"), and searching there
//! would cost more than all other forms together. In both zones a few stems
//! are searched for; a sentence that has one is read by the rules below. What
//! a table is introduced by is looked for on all of a page (`table.rs`).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

use super::lines::{head, tail};
use super::names::{self, Name};
use super::{CreditForm, Known};
use crate::attribute::agency::Named;
use crate::document::Span;
use crate::time::month;

mod cues;
mod table;

use cues::{
    CONTRIBUTED, COPYRIGHT, FIRST, MADE_BY, ORGANISATIONS, PARTIAL, PREPOSITIONS, STEMS, SUBJECTS, TEXTS,
};

/// Bytes at the head and at the tail of a text in which notices are read.
const HEAD_BYTES: usize = 500;
const TAIL_BYTES: usize = 800;

/// Longest sentence read before and behind a stem, in bytes.
const BEFORE_BYTES: usize = 240;
const BEHIND_BYTES: usize = 240;

/// A known agency in a sentence of a form that leaves little doubt.
const KNOWN_CONFIDENCE: f64 = 0.95;
/// A part of the text is from there.
const PARTIAL_CONFIDENCE: f64 = 0.9;
/// A name we do not know in such a sentence.
const NAME_CONFIDENCE: f64 = 0.7;
/// The manner of an agency without its name.
const MANNER_CONFIDENCE: f64 = 0.85;

/// The agency whose manner it is to end with "Reporting by …; Editing by …".
const REPORTING_AGENCY: &str = "Reuters";

/// All stems in one vectorised pass, where the machine has the instructions.
static PACKED: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(STEMS));

/// The same for other machines. No two stems overlap so that it would matter
/// which of them is found first.
static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(STEMS).expect("a few dozen short stems are within every limit of the automaton")
});

/// A notice in the text.
pub(super) struct Notice<'t> {
    pub(super) form: CreditForm,
    pub(super) names: Vec<Name<'t>>,
    pub(super) span: Span,
    pub(super) confidence: f64,
}

/// The notices at the head and at the end of `text`.
pub(super) fn find<'t>(text: &'t str, known: Known<'t>) -> Vec<Notice<'t>> {
    let mut found = Vec::new();
    let (first, last) = (head(text, HEAD_BYTES), tail(text, TAIL_BYTES));
    if first.len() + last.len() >= text.len() {
        in_zone(text, 0, text.len(), known, &mut found);
    } else {
        in_zone(text, 0, first.len(), known, &mut found);
        in_zone(text, text.len() - last.len(), text.len(), known, &mut found);
    }
    found
}

/// The credits above tables on a page of several stories.
pub(super) fn above_tables<'t>(text: &'t str, known: Known<'t>) -> Vec<Notice<'t>> {
    let mut found = Vec::new();
    table::find(text, known, &mut found);
    found
}

fn in_zone<'t>(text: &'t str, from: usize, to: usize, known: Known<'t>, found: &mut Vec<Notice<'t>>) {
    let mut read: Vec<usize> = Vec::new();
    let zone = &text[from..to];
    let places: Vec<usize> = match &*PACKED {
        Some(packed) => packed.find_iter(zone).map(|stem| stem.start()).collect(),
        None => FINDER.find_iter(zone).map(|stem| stem.start()).collect(),
    };
    for at in places {
        let sentence = Sentence::around(text, from + at);
        if read.contains(&sentence.start) {
            continue;
        }
        read.push(sentence.start);
        found.extend(sentence.read(known));
    }
}

/// The notice that a line is as a whole, wherever it stands: `(Copyright,
/// 1916, by the United Press.)`
pub(super) fn on_line<'t>(content: &'t str, known: Known<'t>) -> Option<(Name<'t>, f64)> {
    let inner = content.strip_prefix(['(', '['])?;
    if !inner.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("copyright")) {
        return None;
    }
    let (named, _) = rights(inner, known)?;
    Some((Name::Agency(named), KNOWN_CONFIDENCE))
}

/// A sentence, as far as it is read.
struct Sentence<'t> {
    text: &'t str,
    /// The same in ASCII small letters, byte for byte.
    lower: String,
    start: usize,
    is_quoted: bool,
}

impl<'t> Sentence<'t> {
    /// The sentence around the byte at `at`.
    fn around(text: &'t str, at: usize) -> Self {
        let at = text.floor_char_boundary(at);
        let from = text.floor_char_boundary(at.saturating_sub(BEFORE_BYTES));
        let to = text.floor_char_boundary((at + BEHIND_BYTES).min(text.len()));
        let start = from + sentence_start(&text[from..at]);
        let end = at + sentence_end(&text[at..to]);
        let skipped = text[start..end]
            .find(|c: char| c.is_alphanumeric() || matches!(c, '©' | '(' | '[') || !c.is_ascii())
            .unwrap_or(0);
        let start = start + skipped;
        let is_bracket = text[start..end].starts_with(['(', '[']) && !text[start..].starts_with("(c)");
        let start = start + usize::from(is_bracket);
        let before = text[..start].trim_end_matches(['(', '[', ' ']);
        let is_quoted = before.ends_with(['"', '“', '„', '«', '‘']);
        let text = &text[start..end];
        Self { text, lower: text.to_ascii_lowercase(), start, is_quoted }
    }

    fn read(&self, known: Known<'t>) -> Option<Notice<'t>> {
        if self.is_quoted || self.text.len() < 4 {
            return None;
        }
        let form_of = |names: Vec<Named<'t>>, form, end, confidence| {
            let names: Vec<_> =
                names.into_iter().filter(|named| named.is_credited_by(form)).map(Name::Agency).collect();
            self.notice(names, form, end, confidence)
        };
        let whole = self.text.len();
        self.reporting(known)
            .and_then(|named| form_of(vec![named], CreditForm::ReportingLine, whole, MANNER_CONFIDENCE))
            .or_else(|| form_of(self.partial(known)?, CreditForm::Partial, whole, PARTIAL_CONFIDENCE))
            .or_else(|| self.republished(known))
            .or_else(|| form_of(vec![self.made_by(known)?], CreditForm::Republished, whole, KNOWN_CONFIDENCE))
            .or_else(|| {
                form_of(vec![self.introduces(known)?], CreditForm::Republished, whole, KNOWN_CONFIDENCE)
            })
            .or_else(|| {
                let at = COPYRIGHT.iter().filter_map(|cue| self.lower.find(cue)).min()?;
                // "Image copyright Reuters".
                let before = self.text[..at].split_whitespace().next_back();
                if before.is_some_and(names::speaks_of_pictures) {
                    return None;
                }
                let (named, end) = rights(&self.text[at..], known)?;
                form_of(vec![named], CreditForm::Copyright, at + end, KNOWN_CONFIDENCE)
            })
    }

    fn notice(
        &self,
        names: Vec<Name<'t>>,
        form: CreditForm,
        end: usize,
        confidence: f64,
    ) -> Option<Notice<'t>> {
        let words = self.text[..end].trim_end_matches([' ', ',', ';', '.']).len();
        let span = Span::new(self.start, self.start + words);
        (!names.is_empty()).then_some(Notice { form, names, span, confidence })
    }

    /// `Reporting by …; Editing by …`, unless another agency is named in it.
    fn reporting(&self, known: Known<'t>) -> Option<Named<'t>> {
        let is_it = ["reporting by ", "writing by ", "additional reporting by ", "compiled by "]
            .iter()
            .any(|begin| self.lower.starts_with(begin));
        let behind = self.lower.find("editing by ").filter(|_| is_it)?;
        let named = names::agencies_among(self.text, known);
        // People have names; "by phone" and "by hand" are none.
        let is_person = |end: usize| self.text[end..].starts_with(|c: char| !c.is_lowercase());
        let by = self.lower.find(" by ").map_or(0, |at| at + 4);
        let is_separate = is_person(by)
            && is_person(behind + 11)
            && self.lower[..behind].trim_end().ends_with([';', ',', '.', '/']);
        (named.is_empty() && is_separate).then(|| known.agencies.named(REPORTING_AGENCY)).flatten()
    }

    /// `With inputs from …`, `… contributed to this report`.
    fn partial(&self, known: Known<'t>) -> Option<Vec<Named<'t>>> {
        if let Some(cue) = PARTIAL.iter().find(|cue| self.lower.starts_with(**cue)) {
            let list = self.text[cue.len()..].trim_start_matches([' ', ':', '-']);
            // The article that Portuguese joins to "de".
            let joined = ["a ", "o ", "e ", "as ", "os "].iter().find_map(|end| list.strip_prefix(end));
            let list = joined.filter(|_| cue.ends_with(" d")).unwrap_or(list);
            return Some(names::agencies_among(list.trim_end_matches([')', ']', '.', ' ']), known));
        }
        let at = CONTRIBUTED.iter().find_map(|cue| self.lower.find(cue))?;
        let pieces = self.text[..at].split(", ").flat_map(|piece| piece.split(" and "));
        let named = |piece: &'t str| {
            let leading = known.agencies.leading(piece).map(|(named, _)| named);
            let of = || {
                [" of ", " for ", "from "]
                    .iter()
                    .find_map(|word| known.agencies.named(piece.split_once(word)?.1))
            };
            leading.or_else(of).filter(|named| !named.is_ambiguous)
        };
        Some(pieces.filter_map(|piece| named(piece.trim())).collect())
    }

    /// `This story was originally published by …`.
    fn republished(&self, known: Known<'t>) -> Option<Notice<'t>> {
        let (at, cue) = FIRST.iter().filter_map(|cue| Some((self.lower.find(cue)?, *cue))).min()?;
        if !self.speaks_of_text(at) {
            return None;
        }
        let form = CreditForm::Republished;
        // "This report by … was first published May 11".
        if let Some(by) = self.lower[..at].find(" by ") {
            let (named, length) = known.agencies.leading(&self.text[by + 4..])?;
            let end = (by + 4 + length).max(at + cue.len());
            return self.notice(vec![Name::Agency(named)], form, end, KNOWN_CONFIDENCE);
        }
        let behind = at + cue.len();
        let (preposition, skip) = preposition(&self.lower[behind..])?;
        // "Reprinted in the Example" says who took it.
        let is_taker =
            preposition != "by" || self.lower[behind..].trim_start().starts_with("by ") && skip <= 4;
        if cue.starts_with("re") && is_taker {
            return None;
        }
        let rest = &self.text[behind + skip..];
        if let Some((named, length)) = known.agencies.leading(rest) {
            let is_credited = named.is_credited_by(form) && !named.is_ambiguous;
            return is_credited.then(|| {
                self.notice(vec![Name::Agency(named)], form, behind + skip + length, KNOWN_CONFIDENCE)
            })?;
        }
        let (name, length) = outlet(rest)?;
        let is_titled = is_article(rest) && rest[..length].split(' ').count() > 2;
        let is_clear = matches!(name, Name::Domain(_)) || preposition != "in" || is_press(name) || is_titled;
        is_clear.then(|| self.notice(vec![name], form, behind + skip + length, NAME_CONFIDENCE))?
    }

    /// `This article was provided by …`, `… and distributed by …`.
    fn made_by(&self, known: Known<'t>) -> Option<Named<'t>> {
        let named = |cue: &'static str| {
            let at = self.lower.find(cue)?;
            let (named, _) = known.agencies.leading(&self.text[at + cue.len()..])?;
            let is_clear = cue.starts_with("distributed") || self.speaks_of_text(at);
            (is_clear && !named.is_ambiguous).then_some(named)
        };
        MADE_BY.iter().find_map(|cue| named(cue))
    }

    /// `KFF Health News is a national newsroom …`, `… is part of States
    /// Newsroom`.
    fn introduces(&self, known: Known<'t>) -> Option<Named<'t>> {
        if let Some(at) = self.lower.find(" is part of ") {
            return known.agencies.leading(&self.text[at + 12..]).map(|(named, _)| named);
        }
        let (named, length) = known.agencies.leading(self.text)?;
        let behind = &self.lower[length..];
        let is_it = behind.starts_with(" is a ") || behind.starts_with(" is an ");
        (is_it && ORGANISATIONS.iter().any(|word| behind.contains(word))).then_some(named)
    }

    /// Whether what stands before `at` is about the text itself, or nothing.
    fn speaks_of_text(&self, at: usize) -> bool {
        let before = self.lower[..at].trim_start();
        if before.is_empty() {
            return true;
        }
        let Some(subject) = SUBJECTS.iter().find(|subject| before.starts_with(**subject)) else {
            return false;
        };
        // The post, whose title follows.
        let is_post = *subject == "the post " && self.lower[at..].starts_with("appeared first");
        let mut words = before[subject.len()..].split(|c: char| !c.is_alphanumeric() && c != '-');
        is_post || words.by_ref().take(6).any(|word| TEXTS.contains(&word))
    }
}

/// The agency whose rights a text reserves, and where its name ends.
fn rights<'t>(text: &'t str, known: Known<'t>) -> Option<(Named<'t>, usize)> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let skip = rest.find(|c: char| c.is_alphabetic())?;
        at += skip;
        let word_end = text[at..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - at);
        let word = text[at..at + word_end].to_ascii_lowercase();
        if !["copyright", "copyrighted", "c", "by", "the", "r"].contains(&word.as_str()) {
            break;
        }
        at += word_end;
    }
    let (named, length) = known.agencies.leading(&text[at..])?;
    let is_clear = !named.is_ambiguous && named.is_credited_by(CreditForm::Copyright);
    let behind = head(&text[at + length..], 40);
    // "© dpa/Jana Roth" took a picture.
    let is_picture = behind.trim_start().starts_with('/') || names::speaks_of_pictures(behind);
    (is_clear && !is_picture).then_some((named, at + length))
}

/// The preposition with which `lower` begins, and where the name behind it
/// begins.
fn preposition(lower: &str) -> Option<(&'static str, usize)> {
    let gap = lower.len() - lower.trim_start().len();
    let rest = &lower[gap..];
    let found = PREPOSITIONS.iter().find(|(written, _)| rest.starts_with(written))?;
    Some((found.1, gap + found.0.len()))
}

/// The outlet with which `rest` begins: an address, or words with capitals.
fn outlet(rest: &str) -> Option<(Name<'_>, usize)> {
    let first = rest.split([' ', ')']).next()?.trim_end_matches(['.', ',', ';']);
    if names::is_domain(first) {
        return Some((Name::Domain(first), first.len()));
    }
    let start = if is_article(rest) { 4 } else { 0 };
    let mut end = start;
    for word in rest[start..].split(' ') {
        let bare = word.trim_end_matches(['.', ',', ';', ')']);
        let is_name = bare.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        let joins = matches!(bare, "of" | "the" | "and" | "&" | "de" | "la" | "für" | "der") && end > start;
        if !is_name && !joins {
            break;
        }
        let at = word.as_ptr() as usize - rest.as_ptr() as usize;
        end = if is_name { at + bare.len() } else { end };
        if bare.len() < word.len() {
            break;
        }
    }
    let name = &rest[start..end];
    // "Originally published on January 12".
    let is_day = month(&name.to_lowercase()).is_some();
    (!name.is_empty() && !is_day && names::is_name(name)).then_some((Name::Plain(name), end))
}

fn is_article(rest: &str) -> bool {
    ["the ", "The ", "der ", "dem ", "den "].iter().any(|article| rest.starts_with(article))
}

fn is_press(name: Name<'_>) -> bool {
    matches!(name, Name::Plain(name) if names::sounds_like_press(name))
}

/// Where the last sentence of `text` begins.
fn sentence_start(text: &str) -> usize {
    let mut end = text.len();
    while let Some(at) = text[..end].rfind(['\n', '\r', '.', '!', '?', '(', '[', '|', '。']) {
        let c = text[at..].chars().next().map_or(1, char::len_utf8);
        if !is_abbreviated(text, at) {
            return at + if text[at..].starts_with(['(', '[']) { 0 } else { c };
        }
        end = at;
    }
    0
}

/// Where the first sentence of `text` ends.
fn sentence_end(text: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text[from..].find(['\n', '\r', '.', '!', '?', ')', ']', '|', '。']) {
        let at = from + found;
        let is_mark = text[at..].starts_with("(c)") || text[..at].ends_with("(c");
        if !is_mark && !is_abbreviated(text, at) {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

/// Whether the point at `at` stands in a word or behind an initial.
fn is_abbreviated(text: &str, at: usize) -> bool {
    if !text[at..].starts_with('.') {
        return text[at..].starts_with('(') && text[at..].starts_with("(c)");
    }
    let inside = text[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == ',');
    let word = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    inside || word.chars().count() == 1 && word.chars().all(char::is_uppercase)
}
