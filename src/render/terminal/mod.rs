//! The report that a person reads.
//!
//! Written for an editor who asks who ran whose copy: totals first, then the
//! clusters in sections by the publisher the text comes from (the publishers
//! with most copied documents first; credited agencies that are no source of
//! the input come next to them under their own name; "origin undetermined"
//! last), inside a section the largest cluster first. Within a cluster the
//! members stand under their publishers, the origin's first, the others in
//! the order in which they published. Then passages shared outside clusters,
//! repeats inside documents, identical short documents, publishers and who of
//! them took from whom, and what was skipped.
//!
//! With limits to two sides (`--against`), the clusters with most uncredited
//! copies on the other side come first.
//!
//! Large reports are shown in part, within [`Limits`]; each part says how
//! much it leaves out. Time and space are linear in the report and sorting.

mod cluster;
mod heading;
mod matrix;
mod member;
mod passages;
mod repeats;
mod tables;

#[cfg(test)]
mod tests;

use std::io::{self, Write as _};

use super::lookup::Lookup;
use super::page::Page;
use super::{Render, Texts};
use crate::report::Report;

/// The report for a terminal, or for a pipe read by a person.
///
/// The caller asks the terminal; nothing is read from the environment here.
#[derive(Clone, Copy, Debug)]
pub struct TerminalRender {
    /// Columns of a line; at least 24 are used. No line is wider.
    pub width: usize,
    /// Whether to write colours. Without, no escape sequence is written.
    pub color: bool,
    /// How much of a large report is shown.
    pub limits: Limits,
}

impl Default for TerminalRender {
    /// Eighty columns, no colour.
    fn default() -> Self {
        Self { width: 80, color: false, limits: Limits::default() }
    }
}

/// How much of a large report the terminal shows; the other forms have all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Clusters, the largest ones.
    pub clusters: usize,
    /// Members of a cluster: the origin and the representative first.
    pub members: usize,
    /// Passages of a pair, the longest ones.
    pub passages: usize,
    /// Statements of evidence for one origin or direction.
    pub evidence: usize,
    /// Pairs outside clusters, those with the longest passages.
    pub pairs: usize,
    /// Documents that repeat themselves, the most repetitive ones.
    pub repeating_documents: usize,
    /// Repeats of one document, the longest ones, and places of one repeat.
    pub repeats: usize,
    /// Rows of each of the other lists.
    pub rows: usize,
}

impl Default for Limits {
    /// What a person still scrolls through: some two thousand lines for the
    /// largest report.
    fn default() -> Self {
        Self {
            clusters: 50,
            members: 10,
            passages: 3,
            evidence: 5,
            pairs: 20,
            repeating_documents: 50,
            repeats: 6,
            rows: 20,
        }
    }
}

/// What every part of the page draws from.
struct Scan<'a> {
    lookup: Lookup<'a>,
    texts: &'a dyn Texts,
    limits: Limits,
}

impl Render for TerminalRender {
    fn render(&self, report: &Report, texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        let page = &mut Page::new(&mut out, self.width, self.color);
        let scan = &Scan { lookup: Lookup::new(report), texts, limits: self.limits };
        heading::write(page, scan)?;
        cluster::write_all(page, scan)?;
        passages::write_all(page, scan)?;
        repeats::write_all(page, scan)?;
        tables::write_identical(page, scan)?;
        tables::write_sources(page, scan)?;
        matrix::write(page, scan)?;
        tables::write_skipped(page, scan)?;
        out.flush()
    }
}
