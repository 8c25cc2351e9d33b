//! Report + labels → measures.
