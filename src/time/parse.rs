//! The many ways in which feeds write a date.
//!
//! One pass over the words of the text: each word is a date, a part of one, a
//! time, a zone or noise. A date must be complete (year, month and day, once);
//! words before it must be known, words behind it that are not end the
//! reading. Cost is linear in the text, of which only a prefix is looked at.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::Published;
use super::names::{Half, day, half_day, is_noise, month, month_of, offset, weekday_of, zone};

/// Bytes looked at: the longest form is about 60, and a whole article in a
/// date field is no date.
const MAX_LEN: usize = 128;

/// Seconds since 1970 stay below this until the year 5138; larger counts are
/// of smaller units.
const MAX_SECONDS: f64 = 1e11;

/// Reads a date in any of the known forms.
pub(super) fn published(text: &str) -> Option<Published> {
    read(text).filter(|read| !is_unset(read))
}

/// First year in which something can have been published: of 868 is the oldest
/// print that bears a date. Programs that count years from 1900 write 126 for
/// 2026, and 1 where they know none.
const FIRST_YEAR: i16 = 868;

/// Whether it is what programs write where they know no date, or none that can
/// be meant: the first second of 1970, or a year before all print.
fn is_unset(read: &Published) -> bool {
    match read {
        Published::Instant(instant) => {
            instant.as_second() == 0 || Offset::UTC.to_datetime(*instant).year() < FIRST_YEAR
        }
        Published::Local(local) => {
            local.year() < FIRST_YEAR || *local == DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
        }
        Published::Date(date) => date.year() < FIRST_YEAR,
    }
}

fn read(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LEN {
        return None;
    }
    if let Some(read) = mail(text.as_bytes()) {
        return Some(read);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    if let Ok(count) = text.parse::<f64>() {
        return epoch(count);
    }
    iso(text).or_else(|| words(text)).or_else(|| words(&without_mark(text)?))
}

/// `2026-11-21T16:05:09EET` with a space for the mark between day and time.
fn without_mark(text: &str) -> Option<String> {
    let (day, time) = text.split_once(['T', 't'])?;
    let is_figure = |text: &str, end: bool| {
        let byte = if end { text.bytes().last() } else { text.bytes().next() };
        byte.is_some_and(|byte| byte.is_ascii_digit())
    };
    (is_figure(day, true) && is_figure(time, false)).then(|| format!("{day} {time}"))
}

/// A count of seconds, or of a smaller unit, since 1970.
pub(super) fn epoch(count: f64) -> Option<Published> {
    if !count.is_finite() || count == 0.0 {
        return None;
    }
    let units = [1.0, 1e3, 1e6, 1e9];
    let unit = units.iter().find(|&&unit| count.abs() < MAX_SECONDS * unit)?;
    let instant = Timestamp::from_second((count / unit).floor() as i64).ok().map(Published::Instant);
    instant.filter(|instant| !is_unset(instant))
}

/// `20261121`, `202611211605`, `20261121160500`, or a count since 1970.
fn digits(text: &str) -> Option<Published> {
    let pair = |from: usize| text.get(from..from + 2).and_then(|pair| pair.parse::<i8>().ok());
    let date = || Date::new(text.get(..4)?.parse().ok()?, pair(4)?, pair(6)?).ok();
    let calendar = text.starts_with("19") || text.starts_with("20");
    match text.len() {
        8 => date().map(Published::Date),
        12 | 14 if calendar => {
            let second = if text.len() == 14 { pair(12)? } else { 0 };
            let time = Time::new(pair(8)?, pair(10)?, second, 0).ok()?;
            Some(Published::Local(date()?.to_datetime(time)))
        }
        9.. => epoch(text.parse().ok()?),
        _ => None,
    }
}

/// ISO 8601 and RFC 3339, by the parser of `jiff`.
fn iso(text: &str) -> Option<Published> {
    if !text.as_bytes().get(..4)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Timestamp::from_second(instant.as_second()).ok().map(Published::Instant);
    }
    if text.len() > 10 {
        let local = text.parse::<DateTime>().ok()?;
        return local.with().subsec_nanosecond(0).build().ok().map(Published::Local);
    }
    text.parse::<Date>().ok().map(Published::Date)
}

/// The commonest form, RFC 2822 as mail, news and RSS write it, at a tenth of
/// the cost: `Tue, 6 Apr 1993 14:06:32 GMT`, `6 Apr 93 14:06:32 +0200`. It
/// reads nothing that [`words`] would not read the same.
fn mail(mut text: &[u8]) -> Option<Published> {
    if let [a, b, c, b',', b' ', behind @ ..] = text {
        weekday_of([*a, *b, *c])?;
        text = behind;
    }
    let number = |digits: &[u8]| {
        let is_number = digits.iter().all(u8::is_ascii_digit);
        is_number.then(|| digits.iter().fold(0, |number, digit| 10 * number + i16::from(digit - b'0')))
    };
    let (day, behind) = match text {
        [a, b' ', behind @ ..] => (number(&[*a])?, behind),
        [a, b, b' ', behind @ ..] => (number(&[*a, *b])?, behind),
        _ => return None,
    };
    let [a, b, c, b' ', behind @ ..] = behind else { return None };
    let month = month_of([*a, *b, *c])?;
    let (year, behind) = match behind {
        [a, b, b' ', behind @ ..] => (year_of_two(number(&[*a, *b])?)?, behind),
        [a, b, c, d, b' ', behind @ ..] => (number(&[*a, *b, *c, *d])?, behind),
        _ => return None,
    };
    let [a, b, b':', c, d, b':', e, f, b' ', zone @ ..] = behind else { return None };
    let [hour, minute, second] = [number(&[*a, *b])?, number(&[*c, *d])?, number(&[*e, *f])?];
    let offset_minutes = match zone {
        b"GMT" => 0,
        [sign @ (b'+' | b'-'), a, b, c, d] => {
            let (hours, minutes) = (number(&[*a, *b])?, number(&[*c, *d])?);
            let offset = i32::from(hours * 60 + minutes);
            (hours <= 14 && minutes < 60).then_some(if *sign == b'-' { -offset } else { offset })?
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Parts {
        year: Some(year),
        month: Some(month),
        day: Some(day as i8),
        clock: Some(Clock { hour: hour as i8, minute: minute as i8, second: second as i8 }),
        offset_minutes: Some(offset_minutes),
    }
    .finish()
}

/// What has been understood so far.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    clock: Option<Clock>,
    offset_minutes: Option<i32>,
}

#[derive(Clone, Copy)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
}

impl Parts {
    fn has_date(&self) -> bool {
        self.year.is_some() && self.month.is_some() && self.day.is_some()
    }

    fn finish(self) -> Option<Published> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let Some(clock) = self.clock else { return Some(Published::Date(date)) };
        // A leap second is the second before it.
        let Ok(time) = Time::new(clock.hour, clock.minute, clock.second.min(59), 0) else {
            return Some(Published::Date(date));
        };
        let local = date.to_datetime(time);
        let Some(minutes) = self.offset_minutes else { return Some(Published::Local(local)) };
        let offset = Offset::from_seconds(minutes * 60).ok()?;
        offset.to_timestamp(local).ok().map(Published::Instant)
    }
}

/// Takes the text word by word; `None` if it holds no complete date, two
/// dates, or something unknown before the date.
fn words(text: &str) -> Option<Published> {
    let text = text.to_ascii_lowercase();
    let mut parts = Parts::default();
    for word in text.split(|c: char| c.is_whitespace() || c == ',') {
        // A parenthesis is a comment: `+0100 (CET)`, `EDT(-0400)`.
        let word = word.split('(').next().unwrap_or(word);
        if !word.is_empty() && !understand(word, &mut parts)? {
            if parts.has_date() {
                break;
            }
            return None;
        }
    }
    parts.finish()
}

/// Adds `word` to the parts. `Some(false)` if it is unknown, `None` if it
/// contradicts what is there.
fn understand(word: &str, parts: &mut Parts) -> Option<bool> {
    let word = word.trim_end_matches(['.', ':', ';']);
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return figures(word, parts);
    }
    if let Some(month) = month(word) {
        return set(&mut parts.month, month);
    }
    if is_noise(word) {
        return Some(true);
    }
    if let Some(half) = half_day(word) {
        return Some(set_half(&mut parts.clock, half));
    }
    if let Some(minutes) = zone(word).filter(|_| parts.clock.is_some()) {
        // `EDT -0400` says the same twice; the number is the clearer.
        parts.offset_minutes = Some(minutes);
        return Some(true);
    }
    // `Feb-26-1987`.
    whole_date(word).map_or(Some(false), |date| set_date(parts, date))
}

/// A word that begins with a digit: a time, a date, or a number.
fn figures(word: &str, parts: &mut Parts) -> Option<bool> {
    if word.contains(':') || word.ends_with('m') {
        return Some(clock(word, parts));
    }
    match whole_date(word) {
        Some(date) => set_date(parts, date),
        None => number(word, parts),
    }
}

fn set_date(parts: &mut Parts, (year, month, day): (i16, i8, i8)) -> Option<bool> {
    set(&mut parts.year, year)?;
    set(&mut parts.month, month)?;
    set(&mut parts.day, day)
}

/// Fills an empty place; `None` if it is taken.
fn set<T>(place: &mut Option<T>, value: T) -> Option<bool> {
    place.replace(value).is_none().then_some(true)
}

/// A number on its own: the day, the year, or an hour that `am` or `pm` follows.
fn number(word: &str, parts: &mut Parts) -> Option<bool> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let Ok(value) = bare.parse::<i16>() else { return Some(false) };
    if !bare.bytes().all(|b| b.is_ascii_digit()) {
        return Some(false);
    }
    if bare.len() == 4 && parts.year.is_none() {
        parts.year = Some(value);
    } else if bare.len() <= 2 && parts.day.is_none() {
        parts.day = Some(value as i8);
    } else if bare.len() == 2 && bare == word && parts.year.is_none() && parts.month.is_some() {
        parts.year = year_of_two(value);
    } else if bare.len() <= 2 && parts.has_date() && parts.clock.is_none() {
        // `Nov 21, 2026 4 pm`: becomes a time only if the half day follows.
        parts.clock = Some(Clock { hour: -1 - value as i8, minute: 0, second: 0 });
    } else {
        return Some(false);
    }
    Some(true)
}

/// `26-feb-1987`, `feb-26-1987`, `2026/11/21`, `21.11.2026`, `11/21/2026`.
fn whole_date(word: &str) -> Option<(i16, i8, i8)> {
    let separator = word.chars().find(|c| !c.is_alphanumeric()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut fields = word.split(separator);
    let (a, b, c) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    if let Some(month) = month(b) {
        return Some((year(c)?, month, day(a)?));
    }
    if let Some(month) = month(a) {
        return Some((year(c)?, month, day(b)?));
    }
    if a.len() == 4 {
        return Some((year(a)?, day(b)?, day(c)?));
    }
    let (a, b) = (day(a)?, day(b)?);
    let year = year(c).filter(|_| c.len() == 4)?;
    match separator {
        // A point is how day-first countries write.
        '.' => Some((year, b, a)),
        // With strokes only a number above 12, or equal ones, decide.
        _ if a > 12 || a == b => Some((year, b, a)),
        _ if b > 12 => Some((year, a, b)),
        _ => None,
    }
}

/// A year of four digits or two.
fn year(text: &str) -> Option<i16> {
    // A sign is none of a year, though a number may have one.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        4 => text.parse().ok(),
        2 => year_of_two(text.parse().ok()?),
        _ => None,
    }
}

/// RFC 2822: 00 to 49 are of this century, 50 to 99 of the last.
fn year_of_two(value: i16) -> Option<i16> {
    match value {
        0..50 => Some(2000 + value),
        50..100 => Some(1900 + value),
        _ => None,
    }
}

/// `16:05`, `16:05:09.5`, `4:05pm`, `4pm`, `16:05z`, `16:05:09+01:00`.
/// Whether it was one; an impossible one is not.
fn clock(word: &str, parts: &mut Parts) -> bool {
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(word.len());
    let (time, suffix) = word.split_at(end);
    let mut fields = time.split(':');
    let mut next = |otherwise: i8| match fields.next() {
        Some(field) => day(field.split('.').next().unwrap_or(field)).unwrap_or(-1),
        None => otherwise,
    };
    let read = Clock { hour: next(-1), minute: next(0), second: next(0) };
    let valid =
        (0..24).contains(&read.hour) && (0..60).contains(&read.minute) && (0..=60).contains(&read.second);
    if !valid || fields.next().is_some() || parts.clock.is_some() {
        return false;
    }
    parts.clock = Some(read);
    if let Some(half) = half_day(suffix) {
        return set_half(&mut parts.clock, half);
    }
    match suffix {
        "" => true,
        _ => match zone(suffix).or_else(|| offset(suffix)) {
            Some(minutes) => {
                parts.offset_minutes = Some(minutes);
                true
            }
            None => false,
        },
    }
}

/// Moves the time into its half of the day. A bare hour is kept as
/// `-1 - hour` until this makes it a time.
fn set_half(clock: &mut Option<Clock>, half: Half) -> bool {
    let Some(clock) = clock else { return false };
    if clock.hour < 0 {
        clock.hour = -1 - clock.hour;
    }
    if half == Half::Pm && clock.hour < 12 {
        clock.hour += 12;
    } else if half == Half::Am && clock.hour == 12 {
        clock.hour = 0;
    }
    true
}

#[cfg(test)]
mod tests;
