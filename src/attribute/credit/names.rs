//! Reads the names a credit gives: agencies, domains, other outlets.

use super::Known;
use crate::attribute::agency::Named;
use crate::attribute::source::registrable_domain;

/// Longest name of an outlet, in bytes.
const MAX_NAME_BYTES: usize = 60;

/// Most words in the name of an outlet ("The Journal of the American Medical
/// Association" has seven).
const MAX_NAME_WORDS: usize = 7;

/// Longest mark of a desk behind an agency ("dpa/lno"), in bytes.
const MAX_DESK_BYTES: usize = 4;

/// Longest remark behind an address ("(accessed May 11)"), in bytes.
const MAX_REMARK_BYTES: usize = 40;

/// Words that may be lower case inside a name or a place.
pub(super) const CONNECTORS: [&str; 22] = [
    "of", "the", "and", "for", "on", "in", "at", "de", "da", "do", "di", "del", "des", "du", "la", "le",
    "les", "el", "al", "y", "und", "der",
];

/// What the names of agencies and papers are made of.
const PRESS_WORDS: [&str; 27] = [
    "ledger",
    "sentinel",
    "examiner",
    "wire",
    "news",
    "press",
    "agenc",
    "service",
    "media",
    "report",
    "times",
    "post",
    "tribune",
    "journal",
    "herald",
    "gazette",
    "courier",
    "chronicle",
    "daily",
    "network",
    "radio",
    "bureau",
    "syndicate",
    "observer",
    "telegraf",
    "dispatch",
    "telegraph",
];

/// Words that make it a credit for a picture, or for nobody.
const NOT_OUTLETS: [&str; 30] = [
    "photo",
    "photos",
    "photograph",
    "image",
    "images",
    "picture",
    "pictures",
    "pic",
    "graphic",
    "graphics",
    "video",
    "file",
    "getty",
    "shutterstock",
    "istock",
    "unsplash",
    "pixabay",
    "screenshot",
    "supplied",
    "handout",
    "courtesy",
    "author",
    "authors",
    "own",
    "unknown",
    "various",
    "internet",
    "link",
    "here",
    "code",
];

/// The same in Chinese, where a name is one word: the internet, several.
const NOT_OUTLETS_WIDE: [&str; 8] =
    ["网络", "網絡", "網路", "互联网", "网络整理", "网络综合", "综合", "綜合"];

/// What "this" (`本`) stands before where a place names itself: site, net,
/// paper, magazine, station, agency, institute, school.
const OWN_WIDE: [char; 10] = ['站', '网', '網', '报', '報', '刊', '台', '社', '院', '校'];

/// Endings of bare file names that are country codes or top-level domains too.
const FILE_ENDINGS: [&str; 14] =
    ["md", "rs", "py", "sh", "pl", "am", "so", "ps", "cc", "zip", "ai", "ml", "mov", "pm"];

/// What stands between the names of a list.
const SEPARATORS: [char; 5] = [',', ';', '，', '、', '/'];
const SEPARATING_WORDS: [&str; 2] = [" and ", " via "];

/// Whom a credit names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'t> {
    /// A known agency.
    Agency(Named<'t>),
    /// An address or a host name, as written.
    Domain(&'t str),
    /// Another name, as written.
    Plain(&'t str),
}

/// The names in the value of a source line: the agencies and domains among
/// them, or the only name if it is neither. Nothing if any part is no name.
pub(super) fn in_source_line<'t>(value: &'t str, known: Known<'t>) -> Vec<Name<'t>> {
    if let Some(named) = known.agencies.named(value) {
        return vec![Name::Agency(named)];
    }
    // An address may have commas of its own.
    if !value.contains(char::is_whitespace) && is_domain(value) {
        return vec![Name::Domain(value.trim_end_matches('.'))];
    }
    let parts: Option<Vec<Part<'_>>> = split(value).map(|written| part(written, known)).collect();
    let Some(parts) = parts else { return Vec::new() };
    let names = |is_wanted: fn(&Name<'_>) -> bool| {
        parts.iter().filter_map(move |part| match part {
            Part::Name(name) if is_wanted(name) => Some(*name),
            _ => None,
        })
    };
    let sure: Vec<_> = names(|name| !matches!(name, Name::Plain(_))).collect();
    if sure.is_empty() && parts.len() == 1 { names(|_| true).collect() } else { sure }
}

/// The agencies named in the brackets of a dateline or foot line; nothing if
/// a part of it says that this is about a picture, or is no name.
pub(super) fn agencies<'t>(inner: &'t str, known: Known<'t>) -> Vec<Named<'t>> {
    if let Some(named) = known.agencies.named(inner) {
        return vec![named];
    }
    if !inner.contains(SEPARATORS) && !SEPARATING_WORDS.iter().any(|word| inner.contains(word)) {
        return Vec::new();
    }
    let [and, via] = SEPARATING_WORDS;
    let parts = inner.split(SEPARATORS).flat_map(|part| part.split(and)).flat_map(|part| part.split(via));
    let mut named = parts.clone().map(|part| known.agencies.named(part.trim())).peekable();
    let first = named.peek().copied().flatten();
    if named.all(|named| named.is_none()) {
        return Vec::new();
    }
    let parts: Vec<&str> = parts.map(str::trim).collect();
    let is_desk = |part: &str| part.len() <= MAX_DESK_BYTES && part.bytes().all(|b| b.is_ascii_lowercase());
    if parts.len() < 2 || !parts.iter().all(|part| is_name(part) || first.is_some() && is_desk(part)) {
        return Vec::new();
    }
    parts.into_iter().filter_map(|part| known.agencies.named(part)).collect()
}

/// The agencies in a list of names and of people: "Reuters, AFP",
/// "Jane Roe and the Associated Press". Whatever else stands there counts not.
pub(super) fn agencies_among<'t>(list: &'t str, known: Known<'t>) -> Vec<Named<'t>> {
    const WORDS: [&str; 7] = [" and ", " und ", " et ", " y ", " e ", " और ", " with "];
    let mut parts = vec![list];
    for word in WORDS {
        parts = parts.into_iter().flat_map(|part| part.split(word)).collect();
    }
    let parts = parts.into_iter().flat_map(|part| part.split([',', ';', '/', '&', '、', '，']));
    parts
        .filter_map(|part| known.agencies.named(part.trim_matches(|c: char| c.is_whitespace() || c == '.')))
        .collect()
}

/// Whether `written` may be the name of an outlet: few words, capitalised, no
/// sentence, no number of three digits, nothing that speaks of pictures.
pub(super) fn is_name(written: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || " &-'’.!+".contains(c);
    let mut digits = 0;
    let has_number = written.chars().any(|c| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits > 2
    });
    written.len() <= MAX_NAME_BYTES
        && written.chars().all(is_letter)
        && written.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !has_number
        && written.split_whitespace().count() <= MAX_NAME_WORDS
        && written.split_whitespace().enumerate().all(|(i, word)| is_name_word(i, word))
        && !speaks_of_pictures(written)
        && !NOT_OUTLETS_WIDE.contains(&written)
        && !written.strip_prefix('本').is_some_and(|rest| rest.starts_with(OWN_WIDE))
}

/// Whether `name` is made like that of an agency or a paper.
pub(super) fn sounds_like_press(name: &str) -> bool {
    let lower = name.to_lowercase();
    PRESS_WORDS.iter().any(|word| lower.contains(word))
}

/// Whether one of the words makes it a credit for a picture or for nobody.
pub(super) fn speaks_of_pictures(written: &str) -> bool {
    /// A bit for each small letter with which one of them begins.
    const INITIALS: u32 = {
        let (mut initials, mut at) = (0, 0);
        while at < NOT_OUTLETS.len() {
            initials |= 1 << (NOT_OUTLETS[at].as_bytes()[0] - b'a');
            at += 1;
        }
        initials
    };
    let may_be = |word: &str| {
        let first = word.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
        first.is_ascii_lowercase() && INITIALS >> (first - b'a') & 1 == 1
    };
    let mut words = written.split(|c: char| !c.is_alphanumeric()).filter(|word| may_be(word));
    words.any(|word| NOT_OUTLETS.iter().any(|not| not.eq_ignore_ascii_case(word)))
}

fn is_name_word(index: usize, word: &str) -> bool {
    let first = word.chars().find(|c| c.is_alphanumeric());
    let is_capital = |c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_lowercase();
    // "iNews" and "eNCA" are names too.
    let is_camel = || word.chars().nth(1).is_some_and(char::is_uppercase);
    first.is_none_or(is_capital) || is_camel() || (index > 0 && CONNECTORS.contains(&word))
}

enum Part<'t> {
    Name(Name<'t>),
    /// A date or the like: it names nobody, and does no harm.
    Remark,
}

fn part<'t>(written: &'t str, known: Known<'t>) -> Option<Part<'t>> {
    let written = written.trim().trim_end_matches('.');
    if let Some(named) = known.agencies.named(written) {
        return Some(Part::Name(Name::Agency(named)));
    }
    let first = written.split_whitespace().next().unwrap_or_default();
    if is_domain(first.trim_end_matches('.')) {
        let remark = written[first.len()..].trim_start();
        let is_short = remark.len() <= MAX_REMARK_BYTES;
        let is_remark = remark.is_empty() || remark.starts_with(['(', '-', '–', '—']);
        return (is_short && is_remark).then_some(Part::Name(Name::Domain(first.trim_end_matches('.'))));
    }
    if is_name(written) {
        return Some(Part::Name(Name::Plain(written)));
    }
    let is_date = written.len() <= MAX_REMARK_BYTES && written.chars().any(|c| c.is_ascii_digit());
    is_date.then_some(Part::Remark)
}

/// Splits a list of names; the slash of an address does not count.
fn split(value: &str) -> impl Iterator<Item = &str> {
    let [and, via] = SEPARATING_WORDS;
    let by_word = value
        .split(|c| c != '/' && SEPARATORS.contains(&c))
        .flat_map(move |part| part.split(and))
        .flat_map(move |part| part.split(via));
    by_word.flat_map(|part| {
        let is_address = part.split_whitespace().next().is_some_and(is_domain);
        let separators: &[char] = if is_address { &[] } else { &['/'] };
        part.split(separators)
    })
}

/// Whether `word` is an address or a host name, and no file.
pub(super) fn is_domain(word: &str) -> bool {
    let is_marked = word.contains("://") || word.starts_with("www.") || word.starts_with("WWW.");
    let host = word.split('/').next().unwrap_or_default();
    let is_file = host.split('.').count() == 2
        && host.rsplit('.').next().is_some_and(|end| FILE_ENDINGS.contains(&end));
    (is_marked || (!is_file && !word.contains('@'))) && registrable_domain(word).is_some()
}
