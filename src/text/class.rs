//! What a character is to the tokenizer, and what it becomes.
//!
//! The properties come from the Unicode tables of the standard library and
//! three crates, far too slow to ask for every character of a text. They are
//! asked once per page of 256 code points, when a text first has a character of
//! that page, and kept for the life of the process: a pure function of the code
//! point, so neither the order of the texts nor the threads can show. One look
//! up then costs two loads.
//!
//! A character *joins* when it can act on what stands before it: the first
//! character of its decomposition has a combining class or can be the second of
//! a composition. Before a character that does not join, normalising left and
//! right of it apart gives what normalising both together would.

use std::iter;
use std::sync::OnceLock;

use caseless::Caseless;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_script::{Script, UnicodeScript};

/// Code points in one page.
const PAGE: usize = 256;
/// Pages that hold every code point.
const PAGES: usize = (char::MAX as usize + 1) / PAGE;

/// What a character is to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ends a token: normalised, it holds no letter and no digit.
    Separator,
    /// Removed before anything else is looked at.
    Ignorable,
    /// One letter or digit, normalised to `Entry::utf8`.
    Word,
    /// The same of a script written without spaces.
    Bigram,
    /// A combining mark that stays as it is and composes with nothing before
    /// it. It joins when it has a combining class.
    Mark,
    /// Does not join, and gives [`expansion`]. `Entry::utf8` has it if it is
    /// of letters and digits with spaces between words and as long as the
    /// character (`ß`), else nothing.
    Expanding,
    /// Joins, and needs the general normalisation.
    Joining,
}

/// What is known of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is.
    pub(super) kind: Kind,
    /// Its canonical combining class if it is a mark, else 0.
    pub(super) combining_class: u8,
    /// Of the normalised form.
    length: u8,
    /// The bytes of the normalised form, the first in the lowest bits.
    utf8: u32,
}

impl Entry {
    /// Whether it can act on what stands before it.
    pub(super) fn joins(&self) -> bool {
        self.kind == Kind::Joining || self.combining_class != 0
    }

    /// Appends its normalised form, for `Word`, `Bigram` and `Mark`, to `text`.
    #[inline]
    pub(super) fn push_to(&self, text: &mut Vec<u8>) {
        // Four bytes at once and then the right length: no call to copy a
        // variable number of bytes.
        let end = text.len() + usize::from(self.length);
        text.extend_from_slice(&self.utf8.to_le_bytes());
        text.truncate(end);
    }

    fn new(kind: Kind, c: char) -> Self {
        let mut utf8 = [0; 4];
        let length = c.encode_utf8(&mut utf8).len() as u8;
        let combining_class = if kind == Kind::Mark { canonical_combining_class(c) } else { 0 };
        Self { kind, combining_class, length, utf8: u32::from_le_bytes(utf8) }
    }

    /// The normal form, the first byte in the lowest bits, if it is of letters
    /// and digits written with spaces and has as many bytes as the character,
    /// which are `length`.
    #[inline(always)]
    pub(super) fn in_place(&self, length: usize) -> Option<u32> {
        let is_word = matches!(self.kind, Kind::Word | Kind::Expanding);
        (is_word && usize::from(self.length) == length).then_some(self.utf8)
    }

    /// A character that becomes several.
    fn expanding(c: char) -> Self {
        let becomes: String = normal_form(c).collect();
        let is_word = becomes.chars().all(|c| kind_of_normalised(c) == Kind::Word);
        let mut entry = Self::new(Kind::Expanding, c);
        if is_word && becomes.len() == usize::from(entry.length) {
            let mut utf8 = [0; 4];
            utf8[..becomes.len()].copy_from_slice(becomes.as_bytes());
            entry.utf8 = u32::from_le_bytes(utf8);
        } else {
            entry.length = 0;
        }
        entry
    }

    /// The separator that the end of a text is.
    fn end() -> Self {
        Self { kind: Kind::Separator, combining_class: 0, length: 0, utf8: 0 }
    }
}

/// A character in its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// What is known of it.
    pub(super) entry: Entry,
    /// Its code point.
    pub(super) code: u32,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset of the first byte behind it.
    pub(super) end: usize,
}

/// The character at `at`, a character boundary of valid UTF-8; a separator of
/// no length at the end.
#[inline(always)]
pub(super) fn read(bytes: &[u8], at: usize) -> Cell {
    let continued = |from: usize| u32::from(bytes[at + from] & 0x3f);
    let (code, length) = match bytes.get(at).copied() {
        None => return Cell { entry: Entry::end(), code: 0, start: at, end: at },
        Some(first @ 0..0x80) => (u32::from(first), 1),
        Some(first @ 0x80..0xe0) => (u32::from(first & 0x1f) << 6 | continued(1), 2),
        Some(first @ 0xe0..0xf0) => (u32::from(first & 0xf) << 12 | continued(1) << 6 | continued(2), 3),
        Some(first) => {
            let high = u32::from(first & 7) << 18 | continued(1) << 12;
            (high | continued(2) << 6 | continued(3), 4)
        }
    };
    Cell { entry: page(code).entries[code as usize % PAGE], code, start: at, end: at + length }
}

/// What an `Expanding` character becomes: entries as of [`normalised`].
pub(super) fn expansion(code: u32) -> &'static [Entry] {
    let expansions = &page(code).expansions;
    match expansions.binary_search_by_key(&code, |(code, _)| *code) {
        Ok(index) => &expansions[index].1,
        Err(_) => &[],
    }
}

/// What a character of an already normalised text is: `Word`, `Bigram`, `Mark`
/// or `Separator`.
pub(super) fn normalised(c: char) -> Entry {
    let known = page(c.into()).entries[c as usize % PAGE];
    match known.kind {
        Kind::Separator | Kind::Mark => known,
        Kind::Word | Kind::Bigram if known == Entry::new(known.kind, c) => known,
        _ => Entry::new(kind_of_normalised(c), c),
    }
}

struct Page {
    entries: [Entry; PAGE],
    /// By code point.
    expansions: Vec<(u32, Vec<Entry>)>,
}

#[inline]
fn page(code: u32) -> &'static Page {
    static ALL: [OnceLock<Box<Page>>; PAGES] = [const { OnceLock::new() }; PAGES];
    let number = code as usize / PAGE;
    ALL[number].get_or_init(|| Box::new(build_page(number)))
}

#[cold]
fn build_page(number: usize) -> Page {
    let mut page = Page { entries: [Entry::end(); PAGE], expansions: Vec::new() };
    for (offset, entry) in page.entries.iter_mut().enumerate() {
        // Surrogates are no characters and stay separators.
        let Some(c) = char::from_u32((number * PAGE + offset) as u32) else { continue };
        *entry = classify(c);
        if entry.kind == Kind::Expanding {
            let becomes = normal_form(c).map(|c| Entry::new(kind_of_normalised(c), c));
            page.expansions.push((c.into(), becomes.collect()));
        }
    }
    page
}

fn classify(c: char) -> Entry {
    if is_ignorable(c) {
        return Entry::new(Kind::Ignorable, c);
    }
    if is_stable_bigram(c) {
        return Entry::new(Kind::Bigram, c);
    }
    let mut form = normal_form(c);
    let single = form.next().filter(|_| form.next().is_none());
    let steady = quick_check(c) == IsNormalized::Yes && single == Some(c);
    if joins(c) {
        // A steady mark cannot be changed by folding, as U+0345 is.
        let is_plain = steady && is_combining_mark(c);
        return Entry::new(if is_plain { Kind::Mark } else { Kind::Joining }, c);
    }
    let has_word = normal_form(c).any(|c| matches!(kind_of_normalised(c), Kind::Word | Kind::Bigram));
    if !has_word && !is_combining_mark(c) {
        return Entry::new(Kind::Separator, c);
    }
    // Marks that compose with nothing may follow a `Word` or `Bigram` without
    // the general normalisation: both what NFKC and what folding makes of it
    // must be in normal form and one starter.
    let is_starter = |c: &char| quick_check(*c) == IsNormalized::Yes && canonical_combining_class(*c) == 0;
    let mut compatible = iter::once(c).nfkc();
    let first = compatible.next().filter(|_| compatible.next().is_none());
    match (single.filter(is_starter), first.filter(is_starter)) {
        (Some(becomes), Some(_)) => Entry::new(kind_of_normalised(becomes), becomes),
        _ => Entry::expanding(c),
    }
}

/// NFKC, folding, NFKC of one character.
fn normal_form(c: char) -> impl Iterator<Item = char> {
    iter::once(c).nfkc().default_case_fold().nfkc()
}

fn quick_check(c: char) -> IsNormalized {
    is_nfkc_quick(iter::once(c))
}

/// Whether `c` can act on what stands before it.
pub(super) fn joins(c: char) -> bool {
    let mut first = None;
    decompose_compatible(c, |part| {
        first.get_or_insert(part);
    });
    let first = first.unwrap_or(c);
    canonical_combining_class(first) != 0 || quick_check(first) == IsNormalized::Maybe
}

pub(super) fn kind_of_normalised(c: char) -> Kind {
    if is_combining_mark(c) {
        Kind::Mark
    } else if !c.is_alphanumeric() {
        Kind::Separator
    } else if c.is_alphabetic() && is_of_spaceless_script(c) {
        Kind::Bigram
    } else {
        Kind::Word
    }
}

/// Letters that several scripts share (`ー`) count by their extensions.
fn is_of_spaceless_script(c: char) -> bool {
    const SPACELESS: [Script; 8] = [
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Hangul,
        Script::Thai,
        Script::Lao,
        Script::Khmer,
        Script::Myanmar,
    ];
    match c.script() {
        Script::Common | Script::Inherited => {
            let extension = c.script_extension();
            extension != Script::Common.into()
                && extension != Script::Inherited.into()
                && SPACELESS.iter().any(|script| extension.contains_script(*script))
        }
        script => SPACELESS.contains(&script),
    }
}

/// Ideographs and Hangul syllables: known without asking, so that the first
/// Chinese or Korean text does not wait for a hundred pages.
pub(super) fn is_stable_bigram(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{2a6df}')
}

/// Default_Ignorable_Code_Point of Unicode 17.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
