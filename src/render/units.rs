//! Numbers as people read them. Files for programs never use these.

use crate::document::DatedBy;
use crate::report::DocumentEntry;
use crate::time::Published;

/// `12,345`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 cluster`, `2,000 clusters`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `812 bytes`, `7.7 KiB`, `1.2 GiB`.
pub(crate) fn bytes(number: usize) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if number < 1024 {
        return count(number, "byte", "bytes");
    }
    let mut value = number as f64 / 1024.0;
    let mut unit = 0;
    // 1023.95 would be written as 1024.0.
    while value >= 1023.95 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A ratio in whole per cent that says 0% and 100% only of exactly that:
/// `48%`, `<1%`, `>99%`.
pub(crate) fn percent(ratio: f64) -> String {
    let rounded = (ratio * 100.0).round();
    if ratio > 0.0 && rounded < 1.0 {
        "<1%".into()
    } else if ratio < 1.0 && rounded >= 100.0 {
        ">99%".into()
    } else {
        format!("{rounded:.0}%")
    }
}

/// A ratio in per cent with one decimal place, for numbers held against a
/// threshold; rounded down, so that it never seems to reach what it misses.
pub(crate) fn percent_exact(ratio: f64) -> String {
    // The small addend takes back what binary fractions lose: 0.29 is 28.99….
    format!("{:.1}%", (ratio * 1000.0 + 1e-6).floor() / 10.0)
}

/// How alike two passages are: `identical` or `97% identical`.
pub(crate) fn identity(ratio: f64) -> String {
    if ratio >= 1.0 { "identical".into() } else { format!("{} identical", percent(ratio)) }
}

/// A time to the minute, with as much as is known: `2026-05-11 10:05Z`,
/// `2026-05-11 10:05`, `2026-05-11`.
pub(crate) fn minute(published: &Published) -> String {
    let text = published.to_string();
    match (text.get(..10), text.get(10..11), text.get(11..16)) {
        (Some(day), Some("T"), Some(time)) => {
            let zone = if matches!(published, Published::Instant(_)) { "Z" } else { "" };
            format!("{day} {time}{zone}")
        }
        _ => text,
    }
}

/// When a document was published, to the minute, and whether only its address
/// says so: `2026-05-11 by address`.
pub(crate) fn when(document: &DocumentEntry) -> Option<String> {
    let minute = minute(&document.published?);
    Some(match document.dated_by {
        Some(DatedBy::Address) => format!("{minute} by address"),
        None => minute,
    })
}

/// A lag in its largest fitting unit: `40 s`, `25 min`, `3 h`, `12 days`.
pub(crate) fn lag(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (number, expected) in cases {
            assert_eq!(thousands(number), expected);
        }
        assert_eq!(count(1, "copy", "copies"), "1 copy");
        assert_eq!(count(0, "copy", "copies"), "0 copies");
    }

    #[test]
    fn sizes_take_the_unit_that_fits() {
        let cases = [
            (1, "1 byte"),
            (1023, "1,023 bytes"),
            (1024, "1.0 KiB"),
            (1024 * 1024 - 1, "1.0 MiB"),
            (200 << 20, "200.0 MiB"),
        ];
        for (number, expected) in cases {
            assert_eq!(bytes(number), expected);
        }
    }

    #[test]
    fn shares_never_claim_all_or_nothing_wrongly() {
        let cases =
            [(0.0, "0%"), (0.001, "<1%"), (0.0101, "1%"), (0.48, "48%"), (0.9999, ">99%"), (1.0, "100%")];
        for (ratio, expected) in cases {
            assert_eq!(percent(ratio), expected);
        }
        let cases = [(0.4999, "49.9%"), (0.29, "29.0%"), (0.8, "80.0%"), (1.0, "100.0%"), (0.0, "0.0%")];
        for (ratio, expected) in cases {
            assert_eq!(percent_exact(ratio), expected);
        }
    }

    #[test]
    fn times_show_the_precision_that_is_known() {
        let cases = [
            ("2026-05-11T10:05:59Z", "2026-05-11 10:05Z"),
            ("2026-05-11T10:05:00", "2026-05-11 10:05"),
            ("2026-05-11", "2026-05-11"),
        ];
        for (text, expected) in cases {
            assert_eq!(minute(&text.parse().unwrap()), expected);
        }
        let lags = [lag(40), lag(-40), lag(1_500), lag(10_000), lag(1_000_000)];
        assert_eq!(lags, ["40 s", "-40 s", "25 min", "2 h", "11 days"]);
    }
}
