//! Finds near-duplicate and syndicated documents.
//!
//! Scraped news comes in copies: one agency story under six headlines, cut
//! from the bottom, with a paragraph added, pasted twice into one page,
//! credited or not. Given any pile of documents, this crate says
//!
//! 1. which are copies of one another, wholly or in part;
//! 2. which passages are repeated, across documents and inside one, and at
//!    which bytes;
//! 3. who published a text first, whom it credits, and who republished whom.
//!
//! Every answer carries its evidence, and "undetermined" is an answer.
//!
//! ```
//! use wirecopy::document::{Corpus, Document};
//! use wirecopy::params::Params;
//! use wirecopy::pipeline;
//! use wirecopy::report::Verdict;
//!
//! let story = "The harbour master closed the northern lock on Tuesday after divers found a crack \
//!     in the lower gate. Barges bound for the mills will wait below the weir until a crane from \
//!     the coast arrives, which he expects by the end of the week if the wind allows.";
//! let carried = format!("Lock shut\n\n{} Readers may write to the desk.", story.to_uppercase());
//!
//! let document = |id: &str, source: &str, text: &str| Document {
//!     id: id.into(),
//!     source: Some(source.into()),
//!     text: text.into(),
//!     ..Document::default()
//! };
//! let corpus = Corpus::try_new(vec![
//!     document("a", "Weir Gazette", story),
//!     document("b", "Mill Town News", &carried),
//!     document("c", "Coast Daily", "A crane left the coast this morning; nobody would say where to."),
//! ])?;
//! let report = pipeline::scan(&corpus, &Params::default(), &())?;
//!
//! let [pair] = report.pairs.as_slice() else { panic!("one pair is alike") };
//! assert_eq!((pair.a.as_str(), pair.b.as_str()), ("a", "b"));
//! assert_eq!(pair.verdict, Verdict::NearDuplicate);
//! let passage = &pair.passages[0];
//! assert_eq!(story[passage.a.start..passage.a.end], *story);
//! assert!(carried[passage.b.start..passage.b.end].starts_with("THE HARBOUR MASTER"));
//! // Nothing tells who was first.
//! assert_eq!(pair.direction.from, None);
//! # Ok::<(), wirecopy::Error>(())
//! ```
//!
//! # The way of the data
//!
//! The modules follow it; a stage names types of earlier stages only.
//!
//! | stage | module | from → to |
//! | --- | --- | --- |
//! | read | [`mod@read`] | files and streams → [`document::Document`]s, whose text is never altered |
//! | tokens | [`text`] | raw text → hashes of normalised words, with their byte ranges |
//! | shingles | [`shingle`] | tokens → a hash for every window of a few tokens |
//! | sketches | [`sketch`] | shingles → MinHash signature, and fingerprints with places |
//! | candidates | [`candidates`] | sketches → pairs worth comparing |
//! | verification | [`verify`] | a pair → exact Jaccard, containments, verdict |
//! | passages | [`passage`] | a pair → aligned spans; one document → its repeats |
//! | clusters | [`cluster`] | verified pairs → clusters |
//! | attribution | [`attribute`] | credits, publishers, times → direction, origin, roles |
//! | report | [`report`], [`render`] | plain result types → JSON, JSON lines, text for people |
//! | keeping | [`dedup`] | a report and a policy → which documents go, and for whom |
//! | store | `index` | documents day by day → what is new, and copies of which |
//! | batches | `batch` | each stage over Arrow record batches, for engines that shuffle |
//! | measuring | [`eval`] | a report and labels → precision, recall and the like |
//!
//! [`pipeline::scan`] joins them. It is a pure function of a [`document::Corpus`]
//! and [`params::Params`], without files, clock or environment; it uses the
//! rayon pool it is called in and gives the same findings on any number of
//! threads. Estimates only propose pairs: what a report states was computed
//! exactly.
//!
//! # Features
//!
//! - `cli` (default): the `wirecopy` command. Without it the library compiles
//!   without the dependencies of a command line.
//! - `html` (default): the report for the browser.
//! - `index` (default): the index on disk (`index`); needs a C compiler.
//! - `parquet` (default): reading and writing Parquet; needs a C compiler.
//! - `arrow`: the stages over Arrow record batches (`batch`).
//! - `python`: the module of the Python wheel, over `batch`.
//!
//! # Stability
//!
//! [`pipeline::scan`], [`pipeline::compare`], [`document`], [`params`],
//! [`report`], [`read::read_paths`] and [`render`] change only with a line in
//! the changelog. The modules of the stages are public to be read and
//! measured; before version 1.0 they change as the method does.

pub mod attribute;
#[cfg(feature = "arrow")]
pub mod batch;
pub mod candidates;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cluster;
pub mod collection;
pub mod dedup;
mod disjoint;
pub mod document;
mod error;
pub mod eval;
mod hash;
#[cfg(feature = "index")]
pub mod index;
pub mod limits;
pub mod noise;
pub mod params;
pub mod passage;
pub mod pipeline;
#[cfg(feature = "python")]
mod python;
pub mod read;
pub mod render;
pub mod report;
#[cfg(feature = "cli")]
mod rewrite;
pub mod shingle;
pub mod short;
pub mod sketch;
pub mod spill;
pub mod text;
pub mod time;
pub mod verify;

pub use crate::error::Error;

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
