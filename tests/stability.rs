//! Findings that must not change unawares: the whole report on the sample
//! feed, but for the figures of the run.
//!
//! A change that is meant is blessed with `WIRECOPY_BLESS=1 cargo test --test
//! stability`; look at the difference, and say in CHANGELOG.md that results
//! change.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use support::feed;

const GOLDEN: &str = "tests/golden/feed.json";

#[test]
fn the_findings_on_the_sample_feed_are_those_on_record() {
    let found = support::json(&support::scan(&feed::corpus()));
    if std::env::var_os("WIRECOPY_BLESS").is_some() {
        std::fs::write(GOLDEN, &found).unwrap();
    }
    let golden = std::fs::read_to_string(Path::new(GOLDEN)).unwrap();
    let differing = found.lines().zip(golden.lines()).enumerate().find(|(_, (now, then))| now != then);
    if let Some((line, (now, then))) = differing {
        panic!("{GOLDEN}:{}: was\n{then}\nand now is\n{now}\nWIRECOPY_BLESS=1 takes what is", line + 1);
    }
    assert!(
        found == golden,
        "one of the reports ends early: {} bytes, {} on record",
        found.len(),
        golden.len()
    );
}
