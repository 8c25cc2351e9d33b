//! XML that holds documents: feeds, what agencies deliver, collections, wikis.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `adapter.rs` | the adapter, and which of the four kinds a file is |
//! | `items.rs`, `tree.rs` | items out of a stream; one of them as a tree |
//! | `feed.rs`, `news.rs`, `wire_archive.rs`, `wiki.rs` | an item of each kind → a record |
//! | `wikitext.rs` | the text of a wiki page without its markup |

mod adapter;
mod feed;
mod items;
mod news;
mod tree;
mod wiki;
mod wikitext;
mod wire_archive;

pub(super) use self::adapter::{Xml, kind};
