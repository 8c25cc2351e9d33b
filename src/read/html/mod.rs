//! HTML: web pages, and the markup that other forms hold.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `page.rs` | the adapter of web pages: the article on one |
//! | `claims.rs`, `title.rs`, `json_ld.rs` | what a page says about its article |
//! | `text.rs` | all text of HTML, without a judgement |

mod claims;
mod json_ld;
pub(super) mod page;
pub(crate) mod text;
mod title;
