//! A report → the forms people and programs read.
//!
//! One trait, [`Render`], and one file per form:
//!
//! | form | type | for |
//! | --- | --- | --- |
//! | `json` | [`JsonRender`] | one object, indented, streamed |
//! | `jsonl` | [`JsonlRender`] | one object a line, `type` first |
//! | terminal | [`TerminalRender`] | a person: clusters, shared passages, repeats |
//! | comparison | [`CompareRender`] | a person: one pair, side by side |
//! | `html` | `HtmlRender` | a person with a browser: one file, feature `html` |
//! | `graphml`, `dot` | [`GraphmlRender`], [`DotRender`] | who has it from whom, as a graph |
//!
//! What is several tables goes through [`RenderTables`] instead: [`CsvTables`]
//! and `ParquetTables`.
//!
//! [`read_report`] reads the first two back. A new form is a new file beside
//! these with a type that implements [`Render`]; nothing else changes.
//!
//! The forms for people take text from hostile pages. Every string of the
//! input passes one gate on its way out (`line::Line::push`), which makes
//! control and direction characters visible and measures the width; nothing
//! else writes to the terminal.

mod audit;
mod compare;
mod document_json;
mod documents;
mod dot;
mod excerpt;
mod graph;
mod graphml;
#[cfg(feature = "html")]
mod html;
mod json;
mod jsonl;
mod line;
mod lookup;
mod page;
mod reader;
mod streamed;
pub mod tables;
mod terminal;
mod units;
pub(crate) mod visible;

#[cfg(test)]
mod check;
#[cfg(test)]
pub(crate) mod sample;

use std::borrow::Cow;
use std::io;

pub use self::audit::{AUDIT_SCHEMA, Audit, name_in_index};
pub use self::compare::CompareRender;
pub use self::documents::write_document;
pub use self::dot::DotRender;
pub use self::graphml::GraphmlRender;
#[cfg(feature = "html")]
pub use self::html::{DEFAULT_TEXT_BUDGET, HtmlRender};
pub use self::json::JsonRender;
pub use self::jsonl::JsonlRender;
pub use self::reader::read_report;
#[cfg(feature = "parquet")]
pub use self::tables::ParquetTables;
pub use self::tables::{CsvTables, RenderTables};
pub use self::terminal::{Limits, TerminalRender};
use crate::document::Corpus;
use crate::report::Report;
use crate::spill::documents::SpooledCorpus;
use crate::spill::entries::Lists;

/// The texts of the documents of a report, for excerpts.
pub trait Texts: Sync {
    /// The text of the document with this id, where it is at hand.
    fn text(&self, document: &str) -> Option<Cow<'_, str>>;
}

impl Texts for Corpus {
    fn text(&self, document: &str) -> Option<Cow<'_, str>> {
        self.find(document).map(|id| Cow::Borrowed(self.text(id)))
    }
}

impl Texts for SpooledCorpus {
    fn text(&self, document: &str) -> Option<Cow<'_, str>> {
        self.find(document).map(|id| Cow::Owned(self.text(id)))
    }
}

/// No texts at all: a report read back from a file, whose input is gone.
/// Excerpts are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTexts;

impl Texts for NoTexts {
    fn text(&self, _document: &str) -> Option<Cow<'_, str>> {
        None
    }
}

/// One form of output. Some render on the threads of the pool that they are called
/// in.
pub trait Render: Sync {
    /// Writes `report` to `out`, taking excerpts from `texts`.
    ///
    /// # Errors
    ///
    /// What `out` answers to a write, unchanged (a closed pipe is
    /// [`io::ErrorKind::BrokenPipe`]), and [`io::ErrorKind::InvalidInput`]
    /// where the form cannot show such a report.
    fn render(&self, report: &Report, texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()>;

    /// The form for a report whose long lists lie elsewhere, if it goes through
    /// them once.
    fn streaming(&self) -> Option<&dyn RenderStreaming> {
        None
    }
}

/// A form that can take documents and pairs of a report one by one.
pub trait RenderStreaming {
    /// Writes `report` with these `lists` in the place of its own.
    ///
    /// # Errors
    ///
    /// What `out` answers to a write, unchanged.
    fn render_streaming(&self, report: &Report, lists: &Lists, out: &mut dyn io::Write) -> io::Result<()>;
}
