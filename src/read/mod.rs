//! Bytes of files → documents.

pub mod source;
