//! Shingles → sketches, all from one pass over a document's tokens.
//!
//! Three sketches propose candidate pairs, for three kinds of likeness:
//!
//! - a MinHash signature ([`minhash`]) estimates the Jaccard similarity of
//!   whole documents; its size is fixed. Use it where documents are alike as
//!   a whole.
//! - triples ([`triples`]) are three tokens in a row, sampled, with their
//!   places. Use them where every third word differs: several of them in the
//!   same order say more than one long run, and are there more often.
//! - fingerprints ([`winnow`]) are shingles selected so that any shared run
//!   of a guaranteed length shares one; their number grows with the text. Use
//!   them where a part is shared.
//!
//! None decides anything: [`crate::verify`] compares exactly.
//!
//! Sketches are what memory is spent on, so they lie in columns, packed
//! ([`signature`], [`posting`]): 197 bytes a document and 8 a fingerprint,
//! with nothing allocated for a document alone. Columns are cut into
//! [`Chunk`]s of documents that follow each other; a chunk is made by one
//! thread and then never changed or copied.

mod chunk;
pub mod columns;
mod gather;
pub mod letters;
pub mod minhash;
pub mod posting;
pub mod signature;
mod sketcher;
mod sketches;
pub mod triples;
pub mod winnow;

pub use chunk::Chunk;
pub use gather::{Gatherer, TokenSummary};
pub use sketcher::Sketcher;
pub use sketches::Sketches;

#[cfg(test)]
mod tests;
