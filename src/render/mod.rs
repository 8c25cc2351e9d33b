//! A report → terminal, JSON, JSONL.
