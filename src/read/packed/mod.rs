//! What is packed: the adapters hand what is inside back to `open.rs`.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `compressed.rs` | gzip, zstd, bzip2 and xz |
//! | `zstd_frames.rs` | a zstd file as a stream |
//! | `tar.rs`, `zip.rs` | archives |

pub(super) mod compressed;
pub(super) mod tar;
pub(super) mod zip;
mod zstd_frames;
