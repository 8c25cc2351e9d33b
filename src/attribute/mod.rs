//! Credits, publishers, times → origin and direction.
//!
//! Which to use when:
//!
//! - [`credit`] reads one text and lists every credit in it, with its place;
//!   [`agency`] has the names it knows, and [`outlet`] says which outlet a
//!   misspelt one means.
//! - [`source`] says who published a document.
//! - [`direction`] says which of two documents was there first.
//! - [`origin`] says where the text of a cluster comes from and what each
//!   member is to it.
//! - [`sources`] sums clusters up per publisher.
//!
//! All of it are pure functions of documents and verified pairs. Confidences
//! are constants with their reason beside them; they are *not* calibrated
//! against labelled data yet.

pub mod agency;
pub mod credit;
pub mod direction;
pub mod origin;
pub mod outlet;
pub mod source;
pub mod sources;

mod credited;
#[cfg(test)]
mod tests;
