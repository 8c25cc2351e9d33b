//! Tables: a document a row.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `delimited.rs` | the adapter of tables as text, separated by commas, semicolons or tabs |
//! | `parquet.rs`, `parquet/columns.rs` | the adapter of Parquet, and its wanted columns |

pub(crate) mod delimited;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
