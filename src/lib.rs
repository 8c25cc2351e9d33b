//! Finds near-duplicate and syndicated documents.

pub mod attribute;
pub mod candidates;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cluster;
mod disjoint;
pub mod document;
mod error;
pub mod eval;
mod hash;
pub mod params;
pub mod passage;
pub mod pipeline;
pub mod read;
pub mod render;
pub mod report;
pub mod shingle;
pub mod sketch;
pub mod text;
pub mod time;
pub mod verify;

pub use crate::error::Error;
