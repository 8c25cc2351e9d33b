//! Same input, same findings: whatever the order of documents, lines and
//! files and the number of threads, and as many as a comparison of every pair
//! finds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod brute_force;
mod limits;
mod order;
mod pieces;
