//! Floors under what is found, on labelled data: the sample feed in `data/`,
//! and, where `WIRECOPY_SHARED` names a folder with them, four scraped pages,
//! two collections with exhaustively counted overlaps, and copies planted into
//! one of them.
//!
//! A floor is a promise, not the value of today: the values are recorded in
//! `benches/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and may say what it skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod collections;
mod credits;
mod direction;
mod feed;
mod hard;
mod judged;
mod oracle;
mod planted;
mod rewrites;
mod scraped;
