//! Invented publishers, credits and times.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::fmt::strtime;
use wirecopy::document::Span;
use wirecopy::time::Published;

use super::rng::Rng;

const PLACES: [&str; 24] = [
    "Northfield",
    "Harbour",
    "Eastvale",
    "Millbrook",
    "Ridgeway",
    "Stonebridge",
    "Lakeside",
    "Westmere",
    "Ashford",
    "Copperhill",
    "Fairhaven",
    "Greywater",
    "Highmoor",
    "Ironbank",
    "Kestrel",
    "Longreach",
    "Marlow",
    "Oakhurst",
    "Pinecrest",
    "Redcliff",
    "Silverton",
    "Thornbury",
    "Upland",
    "Wexcombe",
];
const PAPERS: [&str; 10] =
    ["Courier", "Gazette", "Herald", "Ledger", "Mercury", "Observer", "Post", "Standard", "Tribune", "Echo"];
const CITIES: [&str; 12] = [
    "LONDON",
    "WASHINGTON",
    "PARIS",
    "TOKYO",
    "GENEVA",
    "NEW YORK",
    "BRUSSELS",
    "CANBERRA",
    "NAIROBI",
    "LIMA",
    "MANILA",
    "OSLO",
];
const AGENCIES: [&str; 6] = ["Reuters", "AP", "AFP", "UPI", "Kyodo", "dpa"];
const REPORTERS: [&str; 8] = [
    "Ada Brandt",
    "Tomas Vell",
    "Ines Okafor",
    "Jon Harkin",
    "Mira Solberg",
    "Paul Denny",
    "Lea Marsh",
    "Omar Quist",
];

/// First day of invented times, 2026-05-01, in seconds since 1970.
const FIRST_SECOND: i64 = 1_777_593_600;

/// Invented times lie in this many seconds: thirty days.
const TIME_RANGE_S: usize = 30 * 86_400;

/// The shortest lag of a copy, in seconds; the longest is 2^9 times it.
const SHORTEST_LAG_S: usize = 300;

/// A publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outlet {
    pub(crate) name: String,
    /// Its registrable domain; what the documents say as `source`.
    pub(crate) domain: String,
}

/// The first `count` invented publishers.
pub(crate) fn outlets(count: usize) -> Vec<Outlet> {
    (0..count)
        .map(|number| {
            // Neighbours differ in both parts of the name.
            let (place, paper) = (
                PLACES[number % PLACES.len()],
                PAPERS[(number % PLACES.len() + number / PLACES.len()) % PAPERS.len()],
            );
            let edition = number / (PLACES.len() * PAPERS.len());
            let suffix = if edition == 0 { String::new() } else { format!(" {}", edition + 1) };
            let name = format!("{place} {paper}{suffix}");
            let domain = format!("{}.example", name.to_lowercase().replace(' ', ""));
            Outlet { name, domain }
        })
        .collect()
}

/// Who a text says it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credit {
    /// Nothing.
    None,
    /// `LONDON (AP) - ` before the first words.
    Dateline { city: &'static str, agency: &'static str },
    /// `By Ada Brandt, Northfield Courier` on the first line.
    Byline { reporter: &'static str, outlet: String },
    /// `(Source: northfieldcourier.example)` on the last line.
    SourceLine { source: String },
}

impl Credit {
    /// A credit for an original: often none, as in real feeds.
    pub(crate) fn of_original(source: Option<&str>, rng: &mut Rng) -> Self {
        match (rng.below(100), source) {
            (0..45, _) => Self::dateline(rng),
            (45..70, Some(source)) => Self::SourceLine { source: source.to_owned() },
            _ => Self::None,
        }
    }

    pub(crate) fn dateline(rng: &mut Rng) -> Self {
        Self::Dateline { city: rng.pick(&CITIES), agency: rng.pick(&AGENCIES) }
    }

    pub(crate) fn byline(outlet: &Outlet, rng: &mut Rng) -> Self {
        Self::Byline { reporter: rng.pick(&REPORTERS), outlet: outlet.name.clone() }
    }

    /// What stands before the body.
    pub(crate) fn prefix(&self) -> String {
        match self {
            Self::Dateline { city, agency } => format!("{city} ({agency}) - "),
            Self::Byline { reporter, outlet } => format!("By {reporter}, {outlet}\n"),
            Self::None | Self::SourceLine { .. } => String::new(),
        }
    }

    /// What stands behind it.
    pub(crate) fn suffix(&self) -> String {
        match self {
            Self::SourceLine { source } => format!("\n(Source: {source})"),
            _ => String::new(),
        }
    }

    /// Form, name and place of the credit in a text that ends with the suffix
    /// and has `before` bytes in front of the prefix.
    pub(crate) fn label(&self, text: &str, before: usize) -> Option<(&'static str, String, Span)> {
        let from_prefix =
            |line: String| Span::new(before, before + line.trim_end_matches([' ', '-', '\n']).len());
        match self {
            Self::None => None,
            Self::Dateline { agency, .. } => {
                Some(("dateline", (*agency).to_owned(), from_prefix(self.prefix())))
            }
            Self::Byline { outlet, .. } => Some(("byline", outlet.clone(), from_prefix(self.prefix()))),
            Self::SourceLine { source } => {
                let line = Span::new(text.len() + 1 - self.suffix().len(), text.len());
                Some(("source_line", source.clone(), line))
            }
        }
    }
}

/// What became of the original's credit in a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreditFate {
    /// The same credit, if any.
    Kept,
    /// None any more.
    Removed,
    /// The copier's own byline.
    Own,
    /// A line that names the publisher of the original.
    Named,
    /// Another dateline.
    Redated,
}

impl CreditFate {
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        match rng.below(100) {
            0..40 => Self::Kept,
            40..70 => Self::Removed,
            70..85 => Self::Own,
            _ => Self::Named,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Removed => "removed",
            Self::Own => "own",
            Self::Named => "named",
            Self::Redated => "redated",
        }
    }
}

/// Reads the forms that feeds give times in: ISO 8601, RFC 2822, and
/// `26-FEB-1987 15:01:01.79`.
pub(crate) fn read_time(text: &str) -> Option<Published> {
    if let Ok(published) = text.parse::<Published>() {
        return Some(published);
    }
    if let Ok(zoned) = rfc2822::parse(text) {
        return Some(Published::Instant(zoned.timestamp()));
    }
    let text = text.trim().to_lowercase();
    let without_fraction = text.split('.').next().unwrap_or(&text);
    let civil = strtime::parse("%d-%b-%Y %H:%M:%S", without_fraction).ok()?.to_datetime().ok()?;
    let second = Published::Local(civil).interval().0;
    Timestamp::from_second(second).ok().map(Published::Instant)
}

/// An invented time.
pub(crate) fn draw_time(rng: &mut Rng) -> Published {
    instant(FIRST_SECOND + rng.below(TIME_RANGE_S) as i64)
}

/// Between [`SHORTEST_LAG_S`] and 2^9 times that; every doubling as likely.
pub(crate) fn draw_lag(rng: &mut Rng) -> i64 {
    let octave = SHORTEST_LAG_S << rng.below(9);
    (octave + rng.below(octave)) as i64
}

/// `lag_s` seconds after the last second that `published` may mean, as feeds
/// write it: mostly an instant, at times a day, at times nothing.
pub(crate) fn later(published: Published, lag_s: i64, rng: &mut Rng) -> Option<Published> {
    let instant = instant(published.interval().1 + lag_s);
    match rng.below(100) {
        0..80 => Some(instant),
        80..90 => match instant {
            Published::Instant(timestamp) => {
                Some(Published::Date(timestamp.to_zoned(jiff::tz::TimeZone::UTC).date()))
            }
            other => Some(other),
        },
        _ => None,
    }
}

fn instant(second: i64) -> Published {
    Published::Instant(Timestamp::from_second(second).expect("the time lies between 1900 and 2100"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_three_forms_are_read() {
        let cases = [
            ("26-FEB-1987 15:01:01.79", Some("1987-02-26T15:01:01Z")),
            (" 2-MAR-1987 04:40:56.03", Some("1987-03-02T04:40:56Z")),
            ("Mon, 29 Mar 1993 11:57:19 GMT", Some("1993-03-29T11:57:19Z")),
            ("1916-05-22", Some("1916-05-22")),
            ("some day", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read_time(text).map(|p| p.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn outlets_are_distinct() {
        let mut domains: Vec<String> = outlets(700).into_iter().map(|outlet| outlet.domain).collect();
        domains.sort();
        domains.dedup();
        assert_eq!(domains.len(), 700);
    }

    #[test]
    fn a_credit_is_labelled_where_it_stands() {
        let outlet = &outlets(1)[0];
        let rng = &mut Rng::new(1, "test", 0);
        let credits = [
            Credit::Dateline { city: "OSLO", agency: "AP" },
            Credit::byline(outlet, rng),
            Credit::SourceLine { source: "a.example".into() },
        ];
        for credit in credits {
            let text = format!("Title\n{}body{}", credit.prefix(), credit.suffix());
            let (_, name, span) = credit.label(&text, 6).unwrap();
            let line = &text[span.start..span.end];
            assert!(line.contains(&name) && !line.contains("body") && line.trim() == line, "{line}");
        }
    }
}
