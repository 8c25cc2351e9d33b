//! Words and abbreviations in dates: months, weekdays, zones, halves of a day,
//! and what says nothing.

/// Zone abbreviations with one meaning in practice, in minutes east of UTC.
/// `CST` is the American one, as in RFC 2822, and `IST` that of India, whose
/// papers write it.
#[rustfmt::skip]
const ZONES: &[(&str, i32)] = &[
    ("z", 0), ("utc", 0), ("gmt", 0), ("ut", 0), ("wet", 0), ("bst", 60), ("west", 60),
    ("cet", 60), ("met", 60), ("cest", 120), ("mest", 120), ("eet", 120), ("sast", 120),
    ("eest", 180), ("msk", 180), ("eat", 180), ("gst", 240), ("pkt", 300), ("ist", 330),
    ("wib", 420), ("ict", 420), ("hkt", 480), ("sgt", 480), ("pht", 480), ("awst", 480),
    ("jst", 540), ("kst", 540), ("acst", 570), ("aest", 600), ("acdt", 630), ("aedt", 660),
    ("nzst", 720), ("nzdt", 780), ("est", -300), ("edt", -240), ("cst", -360), ("cdt", -300),
    ("mst", -420), ("mdt", -360), ("pst", -480), ("pdt", -420), ("akst", -540), ("akdt", -480),
    ("hst", -600),
];

/// Words that say nothing and may stand anywhere.
const NOISE: &[&str] = &[
    "at",
    "on",
    "of",
    "the",
    "date",
    "published",
    "posted",
    "updated",
    "last",
    "created",
    "modified",
    "first",
    "-",
    "–",
    "—",
    "|",
    "·",
    "•",
    "@",
    "/",
];

/// Which half of the day a time is in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Half {
    Am,
    Pm,
}

pub(super) fn half_day(word: &str) -> Option<Half> {
    match word {
        "am" | "a.m" => Some(Half::Am),
        "pm" | "p.m" => Some(Half::Pm),
        _ => None,
    }
}

/// Minutes east of UTC of an abbreviation, `+0100`, or `gmt+1`.
pub(super) fn zone(word: &str) -> Option<i32> {
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(*minutes);
    }
    offset(["gmt", "utc"].iter().find_map(|name| word.strip_prefix(name)).unwrap_or(word))
}

/// `+0100`, `-05:00`, `+1`.
pub(super) fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(pair) => pair,
        None if digits.len() >= 3 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "00"),
    };
    let (hours, minutes) = (i32::from(day(hours)?), i32::from(day(minutes)?));
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) fn month(word: &str) -> Option<i8> {
    abbreviated(word, &MONTHS).map(|index| index as i8 + 1)
}

/// [`month`] of three letters, whatever their case.
pub(super) fn month_of(letters: [u8; 3]) -> Option<i8> {
    beginning(letters, &MONTHS).map(|index| index as i8 + 1)
}

fn is_weekday(word: &str) -> bool {
    abbreviated(word, &WEEKDAYS).is_some()
}

/// The weekday of three letters, whatever their case.
pub(super) fn weekday_of(letters: [u8; 3]) -> Option<usize> {
    beginning(letters, &WEEKDAYS)
}

/// The name that begins with these letters, whatever their case.
fn beginning(letters: [u8; 3], names: &[&str]) -> Option<usize> {
    let lower = letters.map(|letter| letter.to_ascii_lowercase());
    names.iter().position(|name| name.as_bytes().first_chunk() == Some(&lower))
}

/// The name that `word` begins with at least three letters of.
fn abbreviated(word: &str, names: &[&str]) -> Option<usize> {
    let start = word.as_bytes().get(..3)?;
    // No two names share their first three letters.
    let index = names.iter().position(|name| name.as_bytes().starts_with(start))?;
    names[index].starts_with(word).then_some(index)
}

/// Whether `word` tells nothing of a date.
pub(super) fn is_noise(word: &str) -> bool {
    is_weekday(word) || NOISE.contains(&word)
}

/// One or two digits.
pub(super) fn day(text: &str) -> Option<i8> {
    (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
