//! Credits, publishers, times → origin and direction.
//!
//! Which to use when:
//!
//! - [`credit`] reads one text and lists every credit in it, with its place;
//!   [`agency`] has the names it knows, and [`outlet`] says which outlet a
//!   misspelt one means.
//! - [`source`] says who published a document.
//! - [`witness`] is a document as evidence sees it: what its text, metadata
//!   and title say, and how it stands in its story.
//! - [`direction`] says which of two documents was there first; the clocks,
//!   claims, edits and versions it weighs are files of their own.
//! - [`origin`] says where the text of a cluster comes from and what each
//!   member is to it.
//! - [`sources`] sums clusters up per publisher.
//!
//! All of it are pure functions of documents and verified pairs. How weights
//! were chosen stands beside them.

pub mod agency;
pub mod credit;
pub mod direction;
pub mod origin;
pub mod outlet;
pub mod source;
pub mod sources;
pub mod witness;

mod claims;
mod clock;
mod credited;
mod edits;
#[cfg(test)]
mod tests;
pub(crate) mod versions;
