//! An index of what was seen, on disk: for feeds that arrive day by day.
//!
//! [`Writer::add`] takes a batch of documents and says of each whether it is
//! new or a copy, and of what; [`Index::query`] asks without adding;
//! [`Index::corpus`] gives back all documents, so that
//! [`pipeline::scan`](crate::pipeline::scan) of it is the scan of everything
//! that was added, whatever the batches were; [`verify`] reads everything and
//! names what is broken.
//!
//! ```
//! use wirecopy::document::Document;
//! use wirecopy::index::{Index, Settings, Status, Writer};
//!
//! let folder = tempfile::tempdir()?;
//! let folder = folder.path().join("seen");
//! let story = "The harbour master closed the northern lock on Tuesday after divers found a crack in the \
//!     lower gate. Barges bound for the mills will wait below the weir until a crane from the coast arrives.";
//! let document = |id: &str, text: &str| Document { id: id.into(), text: text.into(), ..Document::default() };
//!
//! let mut writer = Writer::open(&folder, &Settings::default())?;
//! let answers = writer.add(&[document("a", story)], 1_794_000_000)?;
//! assert_eq!(answers[0].status, Status::New);
//!
//! let index = Index::open(&folder)?;
//! let answers = index.query(&[document("b", &format!("Lock shut. {story}"))])?;
//! assert_eq!(answers[0].status, Status::NearDuplicate);
//! assert_eq!(answers[0].matches[0].id, "a");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Files
//!
//! | file | holds | module |
//! | --- | --- | --- |
//! | `catalogue` | which files make up the index; replaced as a whole by a rename, which is the commit | `catalogue.rs` |
//! | `segments/*.seg` | rows, signatures and sorted tables of keys; written once | `segment.rs`, `table.rs`, `blocks.rs` |
//! | `texts/*.pack` | documents, compressed; appended to | `pack.rs`, `record.rs` |
//! | `lists/*.list` | what is gone, and what of the input is no document; written once | `snapshot.rs` |
//! | `lock` | locked by the writer; readers need no lock | `writer.rs` |
//!
//! The way of a batch: `sketches.rs` → `propose.rs` (which documents of the
//! index may be alike) → `answer.rs` (compares them exactly) → `writer.rs`;
//! `merge.rs` keeps the number of segments small, `upkeep.rs` prunes.
//! Everything is little-endian and checksummed; [`FORMAT`] is the version of
//! all of it together.

mod answer;
mod blocks;
mod catalogue;
mod changes;
mod folder;
mod inspect;
mod kin;
mod merge;
mod pack;
mod propose;
mod reader;
mod record;
mod segment;
mod shelf;
mod sketches;
mod snapshot;
mod table;
mod told;
mod upkeep;
mod writer;

pub use self::inspect::{IndexStats, verify};
pub use self::kin::{Kin, Known};
pub use self::reader::{Index, Stored};
pub use self::told::{Answer, Estimated, First, Match, MatchVerdict, SharedPassage, Status, Whence};
pub use self::upkeep::Pruned;
pub use self::writer::{Changed, Settings, Writer};

/// The version of the files of an index, and of what they mean.
pub const FORMAT: u32 = catalogue::FORMAT;
