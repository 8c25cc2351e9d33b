//! What two times of publication say about who was first, as log-odds.
//!
//! The model: a copy appears a *lag* after its original, log-normal with a
//! median of an hour. What a page says of its time is off by its publisher's
//! clock, normal with a deviation of ten minutes. A time without a zone may be
//! off by that zone, and a date is any second of its day. So the difference of
//! two stamps is lag plus noise if the first was copied, minus lag plus noise
//! if the second was; `f(x) = E[K(x - lag)]`, where `K` is the density of the
//! noise (a normal density, spread over one or two days where there are
//! dates), and the odds are `f(x) : f(-x)`. Equal stamps of one precision give
//! even odds by symmetry: they decide nothing.
//!
//! One pair in [`UNRELATED_SHARE`] has a stamp that tells something else: when
//! a page was crawled or touched last, or a clock that was never set. Such a
//! pair is as likely either way, which bounds the odds.
//!
//! Lag and clocks are those stated for planted data; the spread of lags, the
//! deviation of zones and the share of unrelated stamps are judged. Time:
//! constant, some sixty lags per pair whose order is in doubt.

use std::cell::RefCell;
use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::sync::LazyLock;

use crate::hash;
use crate::time::Published;

/// Median lag of a copy, in seconds.
const LAG_MEDIAN_S: f64 = 3600.0;

/// Deviation of the logarithm of the lag: a tenth of copies appear within 13
/// minutes, a tenth after more than 4.7 hours.
const LAG_SIGMA: f64 = 1.2;

/// Deviation of one publisher's clock, in seconds.
const CLOCK_S: f64 = 600.0;

/// Deviation of what a time says from UTC where its zone is unknown, in
/// seconds: most publishers of one collection keep zones a few hours apart.
const ZONE_S: f64 = 5.0 * 3600.0;

/// Share of pairs of which a stamp tells something else than the time of
/// publication.
const UNRELATED_SHARE: f64 = 0.04;

/// Deviations from which the tail of the noise is not worked out any more.
const FAR: f64 = 4.0;

/// Lags and their weights: the normal density at steps of a tenth.
static LAGS: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let steps = (-30..=30).map(|step| f64::from(step) / 10.0);
    steps.map(|z| (LAG_MEDIAN_S * (LAG_SIGMA * z).exp(), (-z * z / 2.0).exp())).collect()
});

/// Seconds from a date to the next.
const DAY_S: f64 = 86_400.0;

/// Days between two dates up to which their order is in doubt.
const DAYS_IN_DOUBT: i32 = 2;

/// The log-odds of two dates so many days apart, from the most negative on. A feed
/// that gives dates alone asks for these few over and over, and each takes as long
/// as to read a page.
static OF_DATES: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let days = (-DAYS_IN_DOUBT..=DAYS_IN_DOUBT).map(f64::from);
    days.map(|days| odds_of(&Stamp::of_date(0.0), &Stamp::of_date(days * DAY_S))).collect()
});

/// Slots for what was worked out before, for each thread: the pairs of a story are
/// asked for several times, and each takes some sixty lags twice.
const REMEMBERED: usize = 1 << 14;

thread_local! {
    /// By kinds of stamps and seconds between them, the densities of both orders.
    static DENSITIES: RefCell<Vec<(u64, [f64; 2])>> = const { RefCell::new(Vec::new()) };
}

/// Log-odds that the document published at `a` was first and the one at `b`
/// copied, rather than the other way round; positive for `a`.
pub(crate) fn log_odds(a: &Published, b: &Published) -> f64 {
    let stamps = [Stamp::new(a), Stamp::new(b)];
    let days = (stamps[1].middle - stamps[0].middle) / DAY_S;
    let are_dates = [a, b].iter().all(|stamp| matches!(stamp, Published::Date(_)));
    if are_dates && days.fract() == 0.0 && days.abs() <= f64::from(DAYS_IN_DOUBT) {
        return OF_DATES[(days as i32 + DAYS_IN_DOUBT) as usize];
    }
    odds_of(&stamps[0], &stamps[1])
}

/// The same of any two stamps.
fn odds_of(a: &Stamp, b: &Stamp) -> f64 {
    let first = probability(a, b);
    let mixed = |share: f64| (1.0 - UNRELATED_SHARE) * share + UNRELATED_SHARE / 2.0;
    (mixed(first) / mixed(1.0 - first)).ln()
}

/// Probability that `a` was first, if both stamps tell what they should.
fn probability(a: &Stamp, b: &Stamp) -> f64 {
    let difference = b.middle - a.middle;
    let noise = Noise::of(a, b);
    if difference == 0.0 {
        return 0.5;
    }
    if difference.abs() > a.half_width + b.half_width + FAR * noise.deviation {
        return if difference > 0.0 { 1.0 } else { 0.0 };
    }
    let [mut forwards, mut backwards] = remembered(a, b, difference.abs());
    if difference < 0.0 {
        (forwards, backwards) = (backwards, forwards);
    }
    forwards / (forwards + backwards)
}

/// The densities of a difference in doubt, which is a whole number of seconds, and
/// of its negative; worked out, or remembered.
fn remembered(a: &Stamp, b: &Stamp, difference: f64) -> [f64; 2] {
    let kinds = a.kind as u64 | (b.kind as u64) << 2;
    // No question has the key of an empty slot.
    let key = ((difference as u64) << 4) | (kinds + 1);
    DENSITIES.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize(REMEMBERED, (0, [0.0; 2]));
        }
        let slot = &mut slots[hash::shingle(key) as usize % REMEMBERED];
        if slot.0 != key {
            let noise = Noise::of(a, b);
            *slot = (key, [difference, -difference].map(|difference| noise.with_lag(difference)));
        }
        slot.1
    })
}

/// A stamp as an interval with a blurred place, in seconds.
struct Stamp {
    kind: Kind,
    middle: f64,
    half_width: f64,
    deviation: f64,
}

/// What is known of a time beside its place, which is all that widths and deviations
/// depend on.
#[derive(Clone, Copy)]
enum Kind {
    Instant,
    Local,
    Date,
}

impl Stamp {
    fn new(published: &Published) -> Self {
        let (start, end) = published.interval();
        let kind = match published {
            Published::Instant(_) => Kind::Instant,
            Published::Local(_) => Kind::Local,
            Published::Date(_) => Kind::Date,
        };
        let has_zone = matches!(kind, Kind::Instant);
        Self {
            kind,
            middle: start.midpoint(end) as f64,
            half_width: (end - start) as f64 / 2.0,
            deviation: if has_zone { CLOCK_S } else { CLOCK_S.hypot(ZONE_S) },
        }
    }

    /// That of a date whose middle is this second.
    fn of_date(middle: f64) -> Self {
        let half_width = (DAY_S - 1.0) / 2.0;
        Self { kind: Kind::Date, middle, half_width, deviation: CLOCK_S.hypot(ZONE_S) }
    }
}

/// The difference of two stamps of one instant.
struct Noise {
    deviation: f64,
    halves: [f64; 2],
}

impl Noise {
    fn of(a: &Stamp, b: &Stamp) -> Self {
        Self { deviation: a.deviation.hypot(b.deviation), halves: [a.half_width, b.half_width] }
    }

    /// Density of `difference` where a lag is added, but for a factor.
    fn with_lag(&self, difference: f64) -> f64 {
        LAGS.iter()
            .map(|(lag, weight)| weight * self.density(difference - lag))
            .sum::<f64>()
            .max(f64::MIN_POSITIVE)
    }

    /// The normal density, averaged over the intervals that are wider than a
    /// point.
    fn density(&self, x: f64) -> f64 {
        let s = self.deviation;
        match self.halves.map(|half| half > 0.0) {
            [false, false] => normal_density(x / s) / s,
            [true, false] => self.over_one(x, self.halves[0]),
            [false, true] => self.over_one(x, self.halves[1]),
            [true, true] => {
                let [h, k] = self.halves;
                let g = |x: f64| x * normal_share(x / s) + s * normal_density(x / s);
                let sum = g(x + h + k) - g(x + h - k) - g(x - h + k) + g(x - h - k);
                (sum / (4.0 * h * k)).max(0.0)
            }
        }
    }

    fn over_one(&self, x: f64, half: f64) -> f64 {
        let share = |x: f64| normal_share(x / self.deviation);
        ((share(x + half) - share(x - half)) / (2.0 * half)).max(0.0)
    }
}

fn normal_density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * PI).sqrt()
}

/// Share of a normal distribution below `z`, to 1.5e-7 (Abramowitz and Stegun,
/// Handbook of Mathematical Functions, 7.1.26).
fn normal_share(z: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] =
        [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let x = z.abs() * FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial = COEFFICIENTS.iter().fold(0.0, |sum, coefficient| (sum + coefficient) * t);
    let error_function = 1.0 - polynomial * (-x * x).exp();
    (1.0 + error_function.copysign(z)) / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn odds(a: &str, b: &str) -> f64 {
        log_odds(&a.parse().unwrap(), &b.parse().unwrap())
    }

    fn confidence(a: &str, b: &str) -> f64 {
        1.0 / (1.0 + (-odds(a, b)).exp())
    }

    #[test]
    fn stamps_say_as_much_as_their_precision_allows() {
        // a, b, least and largest probability that a was first
        let cases = [
            ("2026-05-11T10:00:00Z", "2026-05-11T10:00:00Z", 0.5, 0.5),
            ("2026-05-11T10:00:00Z", "2026-05-11T10:05:00Z", 0.6, 0.8),
            ("2026-05-11T10:00:00Z", "2026-05-11T10:15:00Z", 0.85, 0.95),
            ("2026-05-11T10:00:00Z", "2026-05-11T11:00:00Z", 0.97, 0.99),
            ("2026-05-11T10:00:00Z", "2026-06-11T11:00:00Z", 0.97, 0.99),
            ("2026-05-11", "2026-05-11", 0.5, 0.5),
            ("2026-05-11", "2026-05-12", 0.6, 0.95),
            ("2026-05-11", "2026-05-14", 0.95, 0.99),
            ("2026-05-11", "2026-05-11T12:00:00Z", 0.49, 0.51),
            ("2026-05-11", "2026-05-11T23:00:00Z", 0.52, 0.8),
            ("2026-05-11T10:00:00", "2026-05-11T11:00:00Z", 0.5, 0.6),
            ("0001-01-01", "9999-12-31", 0.97, 0.99),
        ];
        for (a, b, least, most) in cases {
            let found = confidence(a, b);
            assert!((least..=most).contains(&found), "{a} {b}: {found}");
        }
    }

    #[test]
    fn dates_that_are_asked_for_again_have_the_odds_that_are_worked_out() {
        let date = |day: i8| Published::Date(jiff::civil::date(2026, 5, day));
        for (a, b) in (1..9).flat_map(|a| (1..9).map(move |b| (date(a), date(b)))) {
            assert_eq!(log_odds(&a, &b), odds_of(&Stamp::new(&a), &Stamp::new(&b)), "{a:?} {b:?}");
        }
        assert!(OF_DATES.iter().all(|odds| odds.abs() < log_odds(&date(1), &date(9))));
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_what_is_worked_out(
            differences in prop::collection::vec(1_i64..3_000, 1..40), kinds in [0_usize..3, 0..3],
        ) {
            let stamp = |second: i64, kind: usize| match kind {
                0 => Stamp::new(&Published::Instant(jiff::Timestamp::from_second(second).unwrap())),
                1 => Stamp { deviation: CLOCK_S.hypot(ZONE_S), kind: Kind::Local, ..stamp_of(second) },
                _ => Stamp::of_date(second as f64),
            };
            // Each is asked for twice, and from both sides.
            for difference in differences.iter().chain(&differences) {
                let (a, b) = (stamp(1_000_000, kinds[0]), stamp(1_000_000 + difference, kinds[1]));
                let noise = Noise::of(&a, &b);
                let [there, back] = [1.0, -1.0].map(|sign| noise.with_lag(sign * *difference as f64));
                prop_assert_eq!(probability(&a, &b), there / (there + back));
                let noise = Noise::of(&b, &a);
                let [there, back] = [1.0, -1.0].map(|sign| noise.with_lag(sign * *difference as f64));
                prop_assert_eq!(probability(&b, &a), back / (there + back));
            }
        }
    }

    fn stamp_of(second: i64) -> Stamp {
        Stamp::new(&Published::Instant(jiff::Timestamp::from_second(second).unwrap()))
    }

    /// The same odds by drawing lags, clocks, zones and seconds of days.
    fn drawn(width_a: f64, width_b: f64, deviation: f64, difference: f64) -> f64 {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut counts = [0.0_f64; 2];
        for _ in 0..400_000 {
            let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let lag = LAG_MEDIAN_S * (LAG_SIGMA * normal()).exp();
            let noise = deviation * normal() + width_a * (uniform() - 0.5) + width_b * (uniform() - 0.5);
            // A window around the difference stands for the point.
            for (count, sign) in counts.iter_mut().zip([1.0, -1.0]) {
                *count += f64::from((sign * lag + noise - difference).abs() < 300.0);
            }
        }
        counts[0] / (counts[0] + counts[1])
    }

    #[test]
    fn the_odds_are_those_of_the_model() {
        let zone = CLOCK_S.hypot(ZONE_S);
        let cases = [
            ("2026-05-11T10:00:00Z", "2026-05-11T10:10:00Z", [0.0, 0.0, CLOCK_S.hypot(CLOCK_S)]),
            ("2026-05-11", "2026-05-11T22:00:00Z", [86_400.0, 0.0, zone.hypot(CLOCK_S)]),
            ("2026-05-11", "2026-05-12", [86_400.0, 86_400.0, zone.hypot(zone)]),
        ];
        for (a, b, [width_a, width_b, deviation]) in cases {
            let (a, b): (Published, Published) = (a.parse().unwrap(), b.parse().unwrap());
            let (a_stamp, b_stamp) = (Stamp::new(&a), Stamp::new(&b));
            let difference = b_stamp.middle - a_stamp.middle;
            let expected = drawn(width_a, width_b, deviation, difference);
            let found = probability(&a_stamp, &b_stamp);
            assert!((found - expected).abs() < 0.03, "{a} {b}: {found} against {expected}");
        }
    }

    proptest! {
        #[test]
        fn the_two_sides_change_sign_when_they_change_places(
            a in 0_i64..400_000, b in 0_i64..400_000, forms in [0_usize..3, 0..3],
        ) {
            let stamp = |second: i64, form: usize| {
                let instant = jiff::Timestamp::from_second(1_700_000_000 + second).unwrap();
                let local = instant.to_zoned(jiff::tz::TimeZone::UTC).datetime();
                match form {
                    0 => Published::Instant(instant),
                    1 => Published::Local(local),
                    _ => Published::Date(local.date()),
                }
            };
            let (a, b) = (stamp(a, forms[0]), stamp(b, forms[1]));
            let (there, back) = (log_odds(&a, &b), log_odds(&b, &a));
            prop_assert!((there + back).abs() < 1e-6, "{there} {back}");
            prop_assert!(there.is_finite());
            if forms[0] == forms[1] {
                prop_assert!(there.signum() == (b.interval().0 - a.interval().0).signum() as f64 || there.abs() < 1e-6);
            }
        }
    }
}
