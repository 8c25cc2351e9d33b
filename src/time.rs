//! When a document was published, with the precision its input gave.
//!
//! [`Published`] itself writes and reads one form, ISO 8601; [`Published::parse`]
//! understands the many forms of feeds.

mod names;
mod parse;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize, Serializer};

/// A point in time, or the interval that is all the input tells.
///
/// In reports it is ISO 8601 text that shows its precision: an instant ends
/// in `Z`, a time without a zone does not, a date has no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Published {
    /// An instant, to the second.
    Instant(Timestamp),
    /// A time of day without a zone; compared as if it were UTC.
    Local(DateTime),
    /// A day: any instant of it, taken as UTC.
    Date(Date),
}

impl Published {
    /// Reads the forms that feeds use, and nothing else: ISO 8601 and
    /// RFC 3339 (extended or basic, `T` or a space), RFC 2822 also without a
    /// weekday or with a year of two digits, `26-FEB-1987 15:01:01.79`,
    /// `Nov 21, 2026 4:05 pm EST`, `21 November 2026`, `21.11.2026`, digits
    /// that count seconds or milliseconds since 1970.
    ///
    /// What the text does not say is not made up: a date stays a date, a time
    /// without a (known) zone stays local, and what could be two dates
    /// (`03/04/2026`) is none. Nor are the first second of 1970 and years before
    /// 868, of which is the oldest dated print: programs write them where they
    /// know no date or count from 1900. Fractions of a second are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        parse::published(text)
    }

    /// The instant `count` seconds after 1970 in UTC; numbers too large for a
    /// date of this millennium are milli-, micro- or nanoseconds. Zero is how
    /// feeds write "unknown", so it is no instant.
    pub fn from_epoch(count: f64) -> Option<Self> {
        parse::epoch(count)
    }

    /// First and last second it may mean, since 1970 in UTC.
    pub fn interval(&self) -> (i64, i64) {
        match self {
            Self::Instant(instant) => (instant.as_second(), instant.as_second()),
            Self::Local(local) => {
                let second = utc_second(*local);
                (second, second)
            }
            Self::Date(date) => {
                let start = utc_second(date.to_datetime(jiff::civil::Time::midnight()));
                (start, start + 86_399)
            }
        }
    }

    /// Which came first, or nothing where the two intervals overlap.
    pub fn certain_order(&self, other: &Self) -> Option<Ordering> {
        let (start, end) = self.interval();
        let (other_start, other_end) = other.interval();
        if end < other_start {
            Some(Ordering::Less)
        } else if other_end < start {
            Some(Ordering::Greater)
        } else {
            None
        }
    }
}

/// The number of the month that `word` names, in full or by three letters or
/// more, in small letters.
pub(crate) fn month(word: &str) -> Option<i8> {
    names::month(word)
}

fn utc_second(local: DateTime) -> i64 {
    // Every civil time has exactly one UTC instant; only the very ends of
    // year -9999 and 9999 have none, and these order first and last.
    match local.to_zoned(TimeZone::UTC) {
        Ok(zoned) => zoned.timestamp().as_second(),
        Err(_) if local.year() < 0 => i64::MIN / 2,
        Err(_) => i64::MAX / 2,
    }
}

/// Room for `2026-05-11T10:05:00Z`.
type Written = [u8; 20];

impl Published {
    /// Appends what [`Display`](fmt::Display) writes.
    pub(crate) fn append_to(&self, text: &mut String) {
        match self.write(&mut Written::default()) {
            Some(written) => text.push_str(written),
            None => text.push_str(&self.to_string()),
        }
    }

    /// Writes the usual form of a usual time, which reports are full of; nothing
    /// for years before 0 and for fractions of a second.
    fn write<'b>(&self, buffer: &'b mut Written) -> Option<&'b str> {
        let (written, length) = match self {
            Self::Instant(instant) => (Offset::UTC.to_datetime(*instant), 20),
            Self::Local(local) => (*local, 19),
            Self::Date(date) => (date.at(0, 0, 0, 0), 10),
        };
        if written.year() < 0 || written.subsec_nanosecond() != 0 {
            return None;
        }
        *buffer = *b"0000-00-00T00:00:00Z";
        let mut put = |at: usize, number: i8| {
            let number = number.unsigned_abs();
            buffer[at..at + 2].copy_from_slice(&[b'0' + number / 10, b'0' + number % 10]);
        };
        put(0, (written.year() / 100) as i8);
        put(2, (written.year() % 100) as i8);
        put(5, written.month());
        put(8, written.day());
        put(11, written.hour());
        put(14, written.minute());
        put(17, written.second());
        std::str::from_utf8(&buffer[..length]).ok()
    }
}

impl Serialize for Published {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.write(&mut Written::default()) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_str(&self.to_string()),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.write(&mut Written::default()) {
            return f.write_str(text);
        }
        match self {
            Self::Instant(instant) => instant.fmt(f),
            Self::Local(local) => local.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

impl FromStr for Published {
    type Err = jiff::Error;

    /// Reads what [`Display`](fmt::Display) writes: ISO 8601 with a zone,
    /// without one, or a date alone.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Self::Instant(instant));
        }
        if text.len() > 10 {
            return text.parse::<DateTime>().map(Self::Local);
        }
        text.parse::<Date>().map(Self::Date)
    }
}

impl TryFrom<String> for Published {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Published> for String {
    fn from(published: Published) -> Self {
        published.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn published(text: &str) -> Published {
        text.parse().unwrap()
    }

    #[test]
    fn text_shows_the_precision_and_reads_back() {
        let cases = ["2026-05-11T10:05:00Z", "2026-05-11T10:05:00", "2026-05-11"];
        for text in cases {
            assert_eq!(published(text).to_string(), text);
        }
        assert_eq!(published("2026-05-11T12:05:00+02:00").to_string(), "2026-05-11T10:05:00Z");
        assert!("yesterday".parse::<Published>().is_err());
    }

    proptest! {
        #[test]
        fn times_are_written_as_the_library_of_dates_writes_them(
            second in prop_oneof![-377_705_023_201i64..=253_402_207_200, 0i64..4_000_000_000],
            nanosecond in prop_oneof![Just(0), 0..999_999_999i32],
        ) {
            let instant = Timestamp::new(second, if second < 0 { 0 } else { nanosecond }).unwrap();
            let local = Offset::UTC.to_datetime(instant);
            prop_assert_eq!(Published::Instant(instant).to_string(), instant.to_string());
            prop_assert_eq!(Published::Local(local).to_string(), local.to_string());
            prop_assert_eq!(Published::Date(local.date()).to_string(), local.date().to_string());
            let json = serde_json::to_string(&Published::Instant(instant)).unwrap();
            prop_assert_eq!(json, format!("\"{instant}\""));
        }
    }

    #[test]
    fn a_day_is_an_interval_and_not_midnight() {
        let day = published("2026-05-11");
        assert_eq!(day.certain_order(&published("2026-05-11T00:05:00Z")), None);
        assert_eq!(day.certain_order(&published("2026-05-12T00:00:00Z")), Some(Ordering::Less));
        assert_eq!(published("2026-05-12").certain_order(&day), Some(Ordering::Greater));
    }
}
