//! The stages over Arrow record batches, for engines that shuffle by
//! themselves.
//!
//! [`crate::pipeline::scan`] has a collection on one machine. Here each stage is
//! a [`Step`] that sees some rows, sorted by a key where one stage needs what
//! belongs together, and gives others; whoever runs them (Spark, by
//! `mapInArrow`) sorts and moves rows between two steps. The rules are the
//! library's own, called and not said again, so that what comes out is what
//! [`crate::pipeline::scan`] gives, row by row: `tests/steps` holds that.
//!
//! | step | from → to | rows are sorted by |
//! | --- | --- | --- |
//! | `extract` | files or lines → documents | |
//! | `rename` | documents with colliding ids → the same with distinct ones | id |
//! | `sketch`, `letters` | texts → sketches | |
//! | `bands`, `likely`, `thin` | band keys → pairs that are alike | key; none; family |
//! | `shingles`, `stars`, `shared` | fingerprints → pairs that share a passage | shingle; group; none |
//! | `grams`, `aligned` | small grams → pairs that share many in order | gram; pair |
//! | `contract` | edges → a star for each connected component of a partition | |
//! | `verify` | pairs with their texts → verified pairs | task |
//! | `describe` | documents → what is known of each | |
//! | `missing`, `unseen`, `settle` | verified pairs of some components → pairs to be compared; tables | part |
//! | `publishers` | copies → the table of publishers | source |
//! | `scan` | files or lines of a whole collection → its tables as files, where one task can have it | |
//!
//! A document's number is the rank of its id, as in a
//! [`Corpus`](crate::document::Corpus): what falls back on numbers then does
//! not depend on how rows were cut and moved. Numbers and hashes are signed, as
//! engines have no others; hashes keep their bits.

mod columns;
mod components;
mod describe;
mod extract;
mod files;
mod parts;
mod rows;
mod scan;
mod settings;
mod sharing;
mod similar;
mod sketch;
mod tables;
mod verify;
mod whole;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::error::Error;
pub use settings::{Settings, params_of};
pub use sketch::{is_scanned, needs_letters, noise_sample, noise_words};
pub use tables::{batches_of, schema_of};
pub use whole::{Named, params_table, scan_paths, scan_rows, schema_by_name};

/// One stage, over the rows of one partition from its beginning to its end.
pub trait Step: Send + Sync {
    /// The columns of what it gives.
    fn schema(&self) -> SchemaRef;

    /// Takes the next rows and gives what is ready.
    ///
    /// # Errors
    ///
    /// A column that is missing or of another type. What is wrong with one row
    /// is told in that row.
    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error>;

    /// Gives what the end of the partition makes ready.
    ///
    /// # Errors
    ///
    /// As [`Self::push`].
    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(Vec::new())
    }

    /// Gives some of what is ready beside: of steps whose rows are many, so that
    /// they are not made before they are taken. To be called behind
    /// [`Self::push`] and [`Self::finish`], until it gives nothing.
    ///
    /// # Errors
    ///
    /// As [`Self::finish`].
    fn more(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(Vec::new())
    }
}

/// The step of this name.
///
/// # Errors
///
/// A name that no step has, and settings that it cannot use.
pub fn step(name: &str, settings: Settings) -> Result<Box<dyn Step>, Error> {
    if name == "scan" {
        return Ok(Box::new(scan::Scan::try_new(settings)?));
    }
    let settings = settings.without_limits()?;
    Ok(match name {
        "extract" => Box::new(extract::Extract::try_new(&settings)?),
        "rename" => Box::new(extract::Rename::new(settings)),
        "sketch" => Box::new(sketch::Sketch::try_new(settings)?),
        "letters" => Box::new(sketch::LettersStep::default()),
        "bands" => Box::new(similar::Bands::new()),
        "likely" => Box::new(similar::Likely::new(settings)),
        "thin" => Box::new(similar::Thin::new()),
        "shingles" => Box::new(sharing::Shingles::new()),
        "stars" => Box::new(sharing::Stars::new()),
        "shared" => Box::new(sharing::Shared::new(settings)),
        "grams" => Box::new(sharing::Grams::try_new(&settings)?),
        "aligned" => Box::new(sharing::Aligned::try_new(&settings)?),
        "verify" => Box::new(verify::Verify::new(settings)),
        "describe" => Box::new(describe::Describe::new(settings)),
        "missing" => Box::new(parts::Parts::new(parts::Wanted::Missing, settings)),
        "unseen" => Box::new(parts::Parts::new(parts::Wanted::Unseen, settings)),
        "settle" => Box::new(parts::Parts::new(parts::Wanted::Tables, settings)),
        "publishers" => Box::new(parts::Publishers::new()),
        "contract" => Box::new(components::Contract::default()),
        _ => return Err(Error::param("step", name.to_owned(), format!("one of {}", NAMES.join(", ")))),
    })
}

/// The names of all steps.
pub const NAMES: &[&str] = &[
    "extract",
    "rename",
    "sketch",
    "letters",
    "bands",
    "likely",
    "thin",
    "shingles",
    "stars",
    "shared",
    "grams",
    "aligned",
    "contract",
    "verify",
    "describe",
    "missing",
    "unseen",
    "settle",
    "publishers",
    "scan",
];

/// The columns of pairs.
const PAIRS: &[rows::Column] = &[rows::of("a", rows::Kind::Number), rows::of("b", rows::Kind::Number)];
