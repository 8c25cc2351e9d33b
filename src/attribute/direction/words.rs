//! Clues in words.

use std::cmp::Ordering;

use super::Clues;
use crate::attribute::claims::Claim;
use crate::attribute::clock;
use crate::attribute::credited::Naming;
use crate::attribute::witness::Witness;
use crate::report::DocumentEntry;
use crate::time::Published;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

/// Log-odds below which a clue is not worth its words.
const WORTH_SAYING: f64 = 0.15;

/// Log-odds below which times alone leave a direction undetermined: three to
/// one.
const NEAR: f64 = 1.0986;

/// Bytes of a sentence on times, without names: most have fewer.
const SENTENCE_BYTES: usize = 160;

/// Log-odds from which time and credit contradict each other.
const SURE_OF_ITSELF: f64 = 0.4;

/// What the clues on `a` and `b` are, the strongest kinds first.
pub(super) fn evidence(a: &Witness<'_>, b: &Witness<'_>, clues: &Clues<'_>) -> Vec<String> {
    let (a, b) = (a.entry, b.entry);
    let [time, credit, claim, named, cut, insert, closer] = clues.weighed();
    let mut evidence = vec![times_in_words(a, b, clues.time)];
    let both = [(a, b), (b, a)];
    for ((who, whom), naming) in both.into_iter().zip(clues.credits) {
        evidence.extend(naming.map(|naming| credit_evidence(who, whom, naming)));
    }
    for ((who, whom), claim) in both.into_iter().zip(clues.claims) {
        evidence.extend(claim.map(|claim| claim_evidence(who, whom, claim)));
    }
    let said = credit + claim;
    if time * said < 0.0 && time.abs().min(said.abs()) >= SURE_OF_ITSELF {
        evidence.push("time and credit contradict each other".to_owned());
    }
    let mut add = |weight: f64, words: fn(&str, &str) -> String| {
        if weight.abs() >= WORTH_SAYING {
            let (first, second) = if weight > 0.0 { (a, b) } else { (b, a) };
            evidence.push(words(name(first, second), name(second, first)));
        }
    };
    add(f64::from(clues.version), |first, second| {
        format!("{second} is marked as a later version than {first}")
    });
    add(cut, |first, second| format!("{second} ends where {first} goes on"));
    add(insert, |first, second| format!("{second} has a stretch in its midst that {first} lacks"));
    if named.abs() >= WORTH_SAYING {
        let [by_a, by_b] = clues.named_by;
        evidence.push(format!(
            "of the other documents of the story {by_a} name {}, {by_b} name {}",
            name(a, b),
            name(b, a)
        ));
    }
    if let Some([of_a, of_b]) = clues.closeness.filter(|_| closer.abs() >= WORTH_SAYING) {
        let (first, second) = if of_a > of_b { (a, b) } else { (b, a) };
        evidence.push(format!(
            "{} is more like the rest of the story than {} (a mean Jaccard similarity of {:.2} against {:.2})",
            name(first, second),
            name(second, first),
            of_a.max(of_b),
            of_a.min(of_b)
        ));
    }
    evidence
}

/// What the times of publication say, in words.
pub(crate) fn time_evidence(a: &DocumentEntry, b: &DocumentEntry) -> String {
    let log_odds = a.published.zip(b.published).map_or(0.0, |(a, b)| clock::log_odds(&a, &b));
    times_in_words(a, b, log_odds)
}

/// The same, with the log-odds of the times.
fn times_in_words(a: &DocumentEntry, b: &DocumentEntry, log_odds: f64) -> String {
    let (name_a, name_b) = (name(a, b), name(b, a));
    let (Some(time_a), Some(time_b)) = (&a.published, &b.published) else {
        return match (&a.published, &b.published) {
            (None, None) => format!("no publication time for {name_a} and {name_b}"),
            (None, _) => format!("no publication time for {name_a}"),
            _ => format!("no publication time for {name_b}"),
        };
    };
    let words = match time_a.certain_order(time_b) {
        Some(order) => {
            let is_less = order == Ordering::Less;
            let (first, second) = ((name_a, time_a), (name_b, time_b));
            let words = if is_less { before(first, second) } else { before(second, first) };
            let is_near = log_odds.abs() < NEAR;
            words + if is_near { ", no more than clocks and zones may differ" } else { "" }
        }
        None if time_a == time_b && matches!(time_a, Published::Date(_)) => {
            format!("{name_a} and {name_b} published on the same day ({time_a}), which decides nothing")
        }
        None if time_a == time_b => {
            format!("{name_a} and {name_b} published at the same time ({time_a}), which decides nothing")
        }
        None => {
            let much = if log_odds.abs() < WORTH_SAYING { "nothing" } else { "little" };
            format!(
                "the publication times of {name_a} ({time_a}) and {name_b} ({time_b}) overlap, which decides {much}"
            )
        }
    };
    words + zone_note(time_a, time_b)
}

fn before((first, earlier): (&str, &Published), (second, later): (&str, &Published)) -> String {
    let is_date = |time: &Published| matches!(time, Published::Date(_));
    // Most pairs have this sentence, so it is put together in one piece.
    let mut words = String::with_capacity(first.len() + second.len() + SENTENCE_BYTES);
    words.push_str(first);
    words.push_str(" published ");
    match later.interval().0.saturating_sub(earlier.interval().1) {
        _ if is_date(earlier) && is_date(later) => words.push_str("on an earlier day than "),
        _ if is_date(earlier) || is_date(later) => words.push_str("before "),
        gap => {
            push_duration(&mut words, gap);
            words.push_str(" before ");
        }
    }
    words.push_str(second);
    words.push_str(" (");
    earlier.append_to(&mut words);
    words.push_str(" against ");
    later.append_to(&mut words);
    words.push(')');
    words
}

fn zone_note(a: &Published, b: &Published) -> &'static str {
    let is_local = |time: &Published| matches!(time, Published::Local(_));
    if is_local(a) || is_local(b) { "; a time without a zone is taken as UTC" } else { "" }
}

/// Adds a span of time in its two largest units.
fn push_duration(words: &mut String, seconds: i64) {
    let units = [(DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min"), (1, "s")];
    let largest = units.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(units.len() - 1);
    let (unit, name) = units[largest];
    let rest = seconds % unit;
    let mut push = |gap: &str, count: i64, name: &str| {
        words.push_str(gap);
        words.push_str(&count.to_string());
        words.push(' ');
        words.push_str(name);
    };
    push("", seconds / unit, name);
    if let Some((smaller, smaller_name)) = units.get(largest + 1).filter(|(smaller, _)| rest >= *smaller) {
        push(" ", rest / smaller, smaller_name);
    }
}

fn credit_evidence(who: &DocumentEntry, whom: &DocumentEntry, naming: Naming<'_>) -> String {
    let (name, credit) = (name(who, whom), naming.credit);
    let written = credit.agency.as_deref().or(credit.outlet.as_deref()).unwrap_or_default();
    let meant = if naming.is_misspelt { format!(", probably {}", whom.source) } else { String::new() };
    format!("{name} credits {written}{meant}: \"{}\"", credit.text)
}

fn claim_evidence(who: &DocumentEntry, whom: &DocumentEntry, claim: &Claim) -> String {
    format!("{} gives {} as its {}", name(who, whom), claim.written, claim.field)
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
            let mut told = String::new();
            push_duration(&mut told, seconds);
            assert_eq!(told, words);
        }
    }
}
