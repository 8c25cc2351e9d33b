//! JSON: one object a line, or a document that holds objects.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `jsonl.rs`, `blocks.rs` | the adapter of JSON Lines; a stream in blocks of whole lines |
//! | `document.rs` | the adapter of JSON documents |
//! | `shape.rs`, `elements.rs` | how the records of one are arranged; each of them, cut out of the stream |
//! | `object.rs` | one object → a record |
//! | `walk.rs`, `scan.rs` | the quick way through an object |
//! | `repair.rs` | halves of surrogate pairs in one |

mod blocks;
pub(super) mod document;
pub(crate) mod elements;
pub(super) mod jsonl;
mod object;
pub(crate) mod repair;
pub(crate) mod scan;
pub(crate) mod shape;
mod walk;
