//! Bytes of files → documents.
