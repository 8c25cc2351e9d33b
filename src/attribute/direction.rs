//! Which of two documents was there first.
//!
//! Two clues are weighed: the times of publication, where their intervals do
//! not overlap, and credits, where one document names the other's publisher.
//! Clues that agree make the answer surer; clues that contradict each other
//! leave it undetermined. Equal or overlapping times decide nothing.
//!
//! The confidences below are judged, *not* calibrated on labelled pairs yet:
//! they order answers, they are no probabilities.

use std::cmp::Ordering;

use crate::attribute::credited::{Naming, credit_to};
use crate::report::{Direction, DocumentEntry, ratio};
use crate::time::Published;

/// Both times are sure and an hour or more apart.
const HOURS_APART_CONFIDENCE: f64 = 0.85;
/// Ten minutes to an hour: more than most clocks of publishers disagree.
const MINUTES_APART_CONFIDENCE: f64 = 0.75;
/// Less than ten minutes: clocks and delays of publishing reach that far.
const MOMENTS_APART_CONFIDENCE: f64 = 0.6;
/// A date alone, or a time without a zone, and less than [`ZONE_SPREAD_S`].
const NO_ZONE_CONFIDENCE: f64 = 0.65;
/// A credit that is surely one names the other's publisher; multiplied with
/// the confidence that it is a credit.
const CREDIT_CONFIDENCE: f64 = 0.9;
/// The same where the name must be corrected first.
const MISSPELT_CREDIT_CONFIDENCE: f64 = 0.75;
/// No two clues make it surer than this: both can be copied or wrong.
const MAX_CONFIDENCE: f64 = 0.97;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;
/// How far two times of unknown zones can be apart from what they seem.
const ZONE_SPREAD_S: i64 = 26 * HOUR_S;

/// Which of `a` and `b` was there first, how sure that is, and what it rests
/// on.
pub fn direction(a: &DocumentEntry, b: &DocumentEntry) -> Direction {
    let weighed = Weighed::new(a, b);
    let mut evidence = vec![time_evidence(a, b)];
    evidence.extend(weighed.a_credits_b.map(|naming| credit_evidence(a, b, naming)));
    evidence.extend(weighed.b_credits_a.map(|naming| credit_evidence(b, a, naming)));
    if let (Some(time), Some(credit)) = (weighed.time, weighed.credit())
        && time.first != credit.first
    {
        evidence.push("time and credit contradict each other".to_owned());
    }
    let clue = weighed.verdict();
    let id = |first| if first == First::A { a.id.clone() } else { b.id.clone() };
    Direction {
        from: clue.map(|clue| id(clue.first)),
        confidence: clue.map_or(0.0, |clue| ratio(clue.confidence)),
        evidence,
    }
}

/// One of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    A,
    B,
}

/// Who was first, as one clue has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clue {
    pub(crate) first: First,
    pub(crate) confidence: f64,
}

/// The clues on two documents, without words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weighed<'d> {
    time: Option<Clue>,
    a_credits_b: Option<Naming<'d>>,
    b_credits_a: Option<Naming<'d>>,
}

impl<'d> Weighed<'d> {
    pub(crate) fn new(a: &'d DocumentEntry, b: &'d DocumentEntry) -> Self {
        let time = match (&a.published, &b.published) {
            (Some(a), Some(b)) => time_clue(a, b),
            _ => None,
        };
        Self { time, a_credits_b: credit_to(a, &b.source), b_credits_a: credit_to(b, &a.source) }
    }

    /// All clues together; nothing where there is none or they contradict.
    pub(crate) fn verdict(&self) -> Option<Clue> {
        match (self.time, self.credit()) {
            (Some(time), Some(credit)) if time.first == credit.first => {
                let both = 1.0 - (1.0 - time.confidence) * (1.0 - credit.confidence);
                Some(Clue { first: time.first, confidence: both.min(MAX_CONFIDENCE) })
            }
            (Some(_), Some(_)) => None,
            (time, credit) => time.or(credit),
        }
    }

    /// What credits say; nothing if each names the other, as documents whose
    /// publisher was read from the same credit line do.
    fn credit(&self) -> Option<Clue> {
        let clue = |first, naming: Naming<'_>| {
            let most = if naming.is_misspelt { MISSPELT_CREDIT_CONFIDENCE } else { CREDIT_CONFIDENCE };
            Some(Clue { first, confidence: most * naming.credit.confidence })
        };
        match (self.a_credits_b, self.b_credits_a) {
            (None, Some(naming)) => clue(First::A, naming),
            (Some(naming), None) => clue(First::B, naming),
            _ => None,
        }
    }
}

fn time_clue(a: &Published, b: &Published) -> Option<Clue> {
    let (first, earlier, later) = match a.certain_order(b)? {
        Ordering::Less => (First::A, a, b),
        Ordering::Greater => (First::B, b, a),
        Ordering::Equal => return None,
    };
    let gap = later.interval().0.saturating_sub(earlier.interval().1);
    let is_zoned = |time: &Published| matches!(time, Published::Instant(_));
    let confidence = if gap < ZONE_SPREAD_S && !(is_zoned(a) && is_zoned(b)) {
        NO_ZONE_CONFIDENCE
    } else if gap >= HOUR_S {
        HOURS_APART_CONFIDENCE
    } else if gap >= 10 * MINUTE_S {
        MINUTES_APART_CONFIDENCE
    } else {
        MOMENTS_APART_CONFIDENCE
    };
    Some(Clue { first, confidence })
}

/// What the times of publication say, in words.
pub(crate) fn time_evidence(a: &DocumentEntry, b: &DocumentEntry) -> String {
    let (name_a, name_b) = (name(a, b), name(b, a));
    let (Some(time_a), Some(time_b)) = (&a.published, &b.published) else {
        return match (&a.published, &b.published) {
            (None, None) => format!("no publication time for {name_a} and {name_b}"),
            (None, _) => format!("no publication time for {name_a}"),
            _ => format!("no publication time for {name_b}"),
        };
    };
    let words = match time_a.certain_order(time_b) {
        Some(Ordering::Less) => before((name_a, time_a), (name_b, time_b)),
        Some(_) => before((name_b, time_b), (name_a, time_a)),
        None if time_a == time_b && matches!(time_a, Published::Date(_)) => {
            format!("{name_a} and {name_b} published on the same day ({time_a}), which decides nothing")
        }
        None if time_a == time_b => {
            format!("{name_a} and {name_b} published at the same time ({time_a}), which decides nothing")
        }
        None => format!(
            "the publication times of {name_a} ({time_a}) and {name_b} ({time_b}) overlap, which decides nothing"
        ),
    };
    words + zone_note(time_a, time_b)
}

fn before((first, earlier): (&str, &Published), (second, later): (&str, &Published)) -> String {
    let is_date = |time: &Published| matches!(time, Published::Date(_));
    let lag = match later.interval().0.saturating_sub(earlier.interval().1) {
        _ if is_date(earlier) && is_date(later) => "on an earlier day than".to_owned(),
        _ if is_date(earlier) || is_date(later) => "before".to_owned(),
        gap => format!("{} before", duration(gap)),
    };
    format!("{first} published {lag} {second} ({earlier} against {later})")
}

fn zone_note(a: &Published, b: &Published) -> &'static str {
    let is_local = |time: &Published| matches!(time, Published::Local(_));
    if is_local(a) || is_local(b) { "; a time without a zone is taken as UTC" } else { "" }
}

/// A span of time in its two largest units.
fn duration(seconds: i64) -> String {
    let units = [(DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min"), (1, "s")];
    let largest = units.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(units.len() - 1);
    let (unit, name) = units[largest];
    let rest = seconds % unit;
    match units.get(largest + 1) {
        Some((smaller, smaller_name)) if rest >= *smaller => {
            format!("{} {name} {} {smaller_name}", seconds / unit, rest / smaller)
        }
        _ => format!("{} {name}", seconds / unit),
    }
}

fn credit_evidence(who: &DocumentEntry, whom: &DocumentEntry, naming: Naming<'_>) -> String {
    let (name, credit) = (name(who, whom), naming.credit);
    let written = credit.agency.as_deref().or(credit.outlet.as_deref()).unwrap_or_default();
    let meant = if naming.is_misspelt { format!(", probably {}", whom.source) } else { String::new() };
    format!("{name} credits {written}{meant}: \"{}\"", credit.text)
}

/// How evidence calls `document` beside `other`: by its publisher, or by its
/// id where that tells nothing.
fn name<'d>(document: &'d DocumentEntry, other: &DocumentEntry) -> &'d str {
    let tells = document.source != other.source && !matches!(document.source.as_str(), "" | "." | "-");
    if tells { &document.source } else { &document.id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::published;

    #[test]
    fn time_decides_where_it_is_certain() {
        // time of a, time of b, from, confidence, evidence
        let cases = [
            (
                "2026-05-11T10:05:00Z",
                "2026-05-11T10:40:00Z",
                Some("1"),
                0.75,
                "a.example published 35 min before b.example (2026-05-11T10:05:00Z against 2026-05-11T10:40:00Z)",
            ),
            (
                "2026-05-11T12:00:00Z",
                "2026-05-11T10:40:30Z",
                Some("2"),
                0.85,
                "b.example published 1 h 19 min before a.example (2026-05-11T10:40:30Z against 2026-05-11T12:00:00Z)",
            ),
            (
                "2026-05-11T10:00:00Z",
                "2026-05-11T10:00:05Z",
                Some("1"),
                0.6,
                "a.example published 5 s before b.example (2026-05-11T10:00:00Z against 2026-05-11T10:00:05Z)",
            ),
            (
                "2026-05-11T10:00:00Z",
                "2026-05-11T10:00:00Z",
                None,
                0.0,
                "a.example and b.example published at the same time (2026-05-11T10:00:00Z), which decides nothing",
            ),
            (
                "2026-05-11",
                "2026-05-11",
                None,
                0.0,
                "a.example and b.example published on the same day (2026-05-11), which decides nothing",
            ),
            (
                "2026-05-11",
                "2026-05-12",
                Some("1"),
                0.65,
                "a.example published on an earlier day than b.example (2026-05-11 against 2026-05-12)",
            ),
            (
                "2026-05-11",
                "2026-05-11T10:00:00Z",
                None,
                0.0,
                "the publication times of a.example (2026-05-11) and b.example (2026-05-11T10:00:00Z) overlap, \
                 which decides nothing",
            ),
            (
                "2026-05-11T10:00:00",
                "2026-05-11T12:00:00Z",
                Some("1"),
                0.65,
                "a.example published 2 h before b.example (2026-05-11T10:00:00 against 2026-05-11T12:00:00Z); \
                 a time without a zone is taken as UTC",
            ),
            (
                "2026-05-11",
                "2026-05-14T10:00:00Z",
                Some("1"),
                0.85,
                "a.example published before b.example (2026-05-11 against 2026-05-14T10:00:00Z)",
            ),
            ("", "2026-05-11", None, 0.0, "no publication time for a.example"),
            ("2026-05-11", "", None, 0.0, "no publication time for b.example"),
            ("", "", None, 0.0, "no publication time for a.example and b.example"),
        ];
        for (time_a, time_b, from, confidence, evidence) in cases {
            let (a, b) = (published("1", "a.example", time_a, ""), published("2", "b.example", time_b, ""));
            let found = direction(&a, &b);
            assert_eq!(found.from.as_deref(), from, "{time_a} {time_b}");
            assert_eq!(found.confidence, confidence, "{time_a} {time_b}");
            assert_eq!(found.evidence, [evidence], "{time_a} {time_b}");
            assert_eq!(direction(&b, &a).from.as_deref(), from, "the order of the two does not matter");
        }
    }

    #[test]
    fn credit_decides_and_agrees_or_contradicts() {
        let credit = "It fell.\n(Source: www.a.example)";
        let (early, late) = ("2026-05-11T10:05:00Z", "2026-05-11T10:40:00Z");
        // time of a, time of b, text of a, text of b, from, confidence
        let cases = [
            ("", "", "", credit, Some("1"), 0.855),
            (early, late, "", credit, Some("1"), 0.963_75),
            (late, early, "", credit, None, 0.0),
            (early, late, "It fell.\n(Source: b.example)", credit, Some("1"), 0.75),
            ("", "", "It fell.\n(Source: b.example)", credit, None, 0.0),
            ("", "", "It fell.\n(Source: c.example)", "It fell.\n(Source: c.example)", None, 0.0),
        ];
        for (time_a, time_b, text_a, text_b, from, confidence) in cases {
            let a = published("1", "a.example", time_a, text_a);
            let b = published("2", "b.example", time_b, text_b);
            let found = direction(&a, &b);
            assert_eq!(found.from.as_deref(), from, "{found:?}");
            assert!((found.confidence - confidence).abs() < 1e-6, "{found:?}");
        }
        let contradiction =
            direction(&published("1", "a.example", late, ""), &published("2", "b.example", early, credit));
        assert_eq!(
            contradiction.evidence,
            [
                "b.example published 35 min before a.example (2026-05-11T10:05:00Z against 2026-05-11T10:40:00Z)",
                "b.example credits www.a.example: \"(Source: www.a.example)\"",
                "time and credit contradict each other",
            ]
        );
    }

    #[test]
    fn a_credit_to_the_agency_that_published_the_other_counts() {
        let a = published("1", "apnews.com", "", "");
        let b = published("2", "b.example", "", "MARSTOW (AP) — It fell.");
        let found = direction(&a, &b);
        assert_eq!(found.from.as_deref(), Some("1"));
        assert_eq!(found.evidence[1], "b.example credits Associated Press: \"(AP)\"");
        let misspelt = published("2", "b.example", "", "It fell.\n(Source: www.aljazera.com)");
        let found = direction(&published("1", "aljazeera.com", "", ""), &misspelt);
        assert_eq!(found.from.as_deref(), Some("1"));
        assert!(found.evidence[1].contains("credits www.aljazera.com, probably aljazeera.com"), "{found:?}");
    }

    #[test]
    fn documents_of_one_publisher_are_called_by_their_ids() {
        let time = "2026-05-11T10:05:00Z";
        for source in ["a.example", "."] {
            let found = direction(&published("one", source, time, ""), &published("two", source, "", ""));
            assert_eq!(found.evidence, ["no publication time for two"]);
        }
    }

    #[test]
    fn durations_are_told_in_their_two_largest_units() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (2100, "35 min"),
            (3600, "1 h"),
            (90_061, "1 d 1 h"),
            (86_459, "1 d"),
        ];
        for (seconds, words) in cases {
            assert_eq!(duration(seconds), words);
        }
    }
}
