//! WARC and WET: what crawlers keep.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `adapter.rs` | the adapter: which records are documents |
//! | `records.rs` | the records of a file, one after the other |
//! | `http.rs` | what a server answered |

mod adapter;
mod http;
mod records;

pub(super) use self::adapter::{Warc, is_warc};
