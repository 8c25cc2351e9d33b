//! Bytes of files → documents.
//!
//! [`read_paths`] finds the files that the paths of a command name, tells the
//! format of each by its content, then by its name, and has the adapter of
//! the format turn it into [`Document`](crate::document::Document)s. Nothing is altered and nothing is
//! left out in silence: what is no document is in [`ReadOutcome::skipped`]
//! with the reason.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `paths.rs`, `stream.rs` | the ways in: all inputs of some paths; one stream, or one line |
//! | `options.rs`, `outcome.rs` | what a reader may be told, and what it says |
//! | `input.rs` | what PATHs mean |
//! | `again.rs` | the inputs once more, as they are, for what is written in their form |
//! | `open.rs`, `meter.rs` | one input to its documents; what it may expand to |
//! | `format.rs` | which formats there are and how each is recognised |
//! | `adapter.rs` | what an adapter is |
//! | `plain.rs`, `subtitles.rs` | the adapters of plain text, and of SRT and WebVTT |
//! | `json/` | JSON Lines and JSON documents |
//! | `html/` | web pages, and all text of HTML |
//! | `xml/` | feeds, news deliveries, collections of newswire, exports of wikis |
//! | `mail/` | messages and mailboxes |
//! | `table/` | tables as text, and Parquet |
//! | `warc/` | crawls |
//! | `packed/` | compressed files and archives |
//! | `collector.rs` | records of a file to documents with ids |
//! | `fields.rs`, `fields/names.rs`, `record.rs` | names of fields; a record of them → a document |
//! | `encoding.rs`, `encoding/` | bytes → text: told, declared, guessed |
//! | `source.rs`, `address.rs` | the publisher's name, and the address of a page, in one form |
//! | `address/dated.rs` | the day that the address of a page names |
//! | `families.rs` | publishers with several hosts |
//!
//! A new format is one file with an adapter in the folder of its family, and its
//! recognition in `format.rs`. One that wraps another (compression, archives)
//! calls the adapter of what is inside.

mod adapter;
pub mod address;
#[cfg(feature = "cli")]
pub(crate) mod again;
mod collector;
pub(crate) mod encoding;
mod families;
pub(crate) mod fields;
mod format;
pub(crate) mod html;
mod input;
pub(crate) mod json;
mod mail;
mod meter;
mod open;
mod options;
mod outcome;
mod packed;
mod paths;
mod plain;
mod record;
pub mod source;
mod stream;
mod subtitles;
pub(crate) mod table;
mod warc;
mod xml;

pub use self::families::Families;
pub use self::fields::{Field, FieldMap};
pub use self::format::Format;
pub use self::options::{MAX_DOCUMENT_BYTES, Progress, ReadOptions};
pub use self::outcome::{Note, ReadOutcome};
#[cfg(feature = "cli")]
pub(crate) use self::paths::read_kept_stdin_to;
pub use self::paths::{read_paths, read_paths_to};
pub use self::stream::read_stream;
#[cfg(feature = "arrow")]
pub(crate) use self::stream::{RecordAt, Records};

#[cfg(test)]
mod tests;
