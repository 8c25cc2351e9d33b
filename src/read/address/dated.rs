//! The day that the address of a page names: `/2026/05/11/`, `/2026/may/11/`,
//! `/2026-05-11-title`. Newspapers file stories by the day on which they bring
//! them out, so it counts where nothing else says when a text was published.

use jiff::civil::Date;

use crate::time::{Published, month};

/// Years in which pages were published.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// The first day that the path of `url` names.
pub(crate) fn day(url: &str) -> Option<Published> {
    let (_, behind) = url.split_once("://")?;
    let path = &behind[..behind.find(['?', '#']).unwrap_or(behind.len())];
    // What stands before the first stroke is the host.
    let (_, path) = path.split_once('/')?;
    let parts: Vec<&str> = path.split('/').collect();
    let three = |window: &[&str]| date(window[0], window[1], window[2]);
    let filed = parts.windows(3).find_map(three);
    filed.or_else(|| parts.iter().find_map(|part| begun(part))).map(Published::Date)
}

/// The date with which a part of a path begins.
fn begun(part: &str) -> Option<Date> {
    let (day, behind) = part.split_at_checked(10)?;
    let mut fields = day.split('-');
    let found = date(fields.next()?, fields.next()?, fields.next()?)?;
    (!behind.starts_with(|c: char| c.is_alphanumeric())).then_some(found)
}

fn date(year: &str, month_of_year: &str, day: &str) -> Option<Date> {
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i8>().ok())?
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse::<i16>().ok().filter(|year| is_year && YEARS.contains(year))?;
    let month = number(month_of_year).or_else(|| month(&month_of_year.to_ascii_lowercase()))?;
    Date::new(year, month, number(day)?).ok()
}
