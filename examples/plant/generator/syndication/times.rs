//! When outlets publish, and what their clocks say.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::super::rng::Rng;

/// Median time from a text to a copy of it, in seconds: one hour.
const LAG_MEDIAN_S: f64 = 3600.0;

/// Spread of the logarithm of lags. With 1.2 a tenth of the copies appear
/// within 13 minutes, as machines pick a text up, a tenth after more than 4.7
/// hours, as people do, and one in seventy on the next day. Judged, not
/// measured.
const LAG_SIGMA: f64 = 1.2;

/// Median time from one version of an origin to the next, in seconds.
const UPDATE_MEDIAN_S: f64 = 5400.0;

/// Standard deviation of the clocks behind stamps, in seconds.
const SKEW_S: f64 = 600.0;

/// How a publisher writes times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamping {
    /// Hours from UTC.
    pub(super) zone_h: i8,
    /// A day of that zone, without a time.
    pub(super) is_date: bool,
    /// The minute at which an embargo lifted, whatever the clock said.
    pub(super) is_scheduled: bool,
}

/// Seconds from a text to a copy of it.
pub(super) fn lag_s(rng: &mut Rng) -> i64 {
    log_normal(LAG_MEDIAN_S, rng)
}

/// Seconds from a version to the next.
pub(super) fn update_lag_s(rng: &mut Rng) -> i64 {
    log_normal(UPDATE_MEDIAN_S, rng)
}

/// What a document published at `second` says of its time.
pub(super) fn stamp(second: i64, stamping: Stamping, rng: &mut Rng) -> String {
    let skew = if stamping.is_scheduled { 0 } else { (SKEW_S * normal(rng)).round() as i64 };
    let minute = (second + skew).div_euclid(60) * 60;
    let zone = TimeZone::fixed(Offset::constant(stamping.zone_h));
    let zoned = Timestamp::from_second(minute).expect("the time lies between 1900 and 2100").to_zoned(zone);
    if stamping.is_date {
        zoned.date().to_string()
    } else {
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

fn log_normal(median: f64, rng: &mut Rng) -> i64 {
    (median * (LAG_SIGMA * normal(rng)).exp()).round() as i64
}

/// A draw from the standard normal distribution: twelve uniform ones added,
/// which needs no function that machines round differently.
fn normal(rng: &mut Rng) -> f64 {
    const PARTS: usize = 1 << 20;
    let sum: usize = (0..12).map(|_| rng.below(PARTS)).sum();
    sum as f64 / PARTS as f64 - 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_and_skews_have_the_stated_median_and_spread() {
        let rng = &mut Rng::new(1, "times", 0);
        let mut lags: Vec<i64> = (0..4001).map(|_| lag_s(rng)).collect();
        lags.sort_unstable();
        assert!((3300..3900).contains(&lags[2000]), "{}", lags[2000]);
        assert!((700..900).contains(&lags[400]), "{}", lags[400]);
        let squares: f64 = (0..4000).map(|_| normal(rng).powi(2)).sum();
        assert!((squares / 4000.0 - 1.0).abs() < 0.06, "{squares}");
    }

    #[test]
    fn a_date_is_that_of_the_zone_and_a_lifted_embargo_has_no_skew() {
        let rng = &mut Rng::new(1, "times", 1);
        let midnight = 1_777_593_600; // 2026-05-01T00:00:00Z
        let west = Stamping { zone_h: -5, is_date: true, is_scheduled: true };
        assert_eq!(stamp(midnight + 59, west, rng), "2026-04-30");
        let minute = Stamping { is_date: false, ..west };
        assert_eq!(stamp(midnight + 59, minute, rng), "2026-04-30T19:00:00-05:00");
    }
}
