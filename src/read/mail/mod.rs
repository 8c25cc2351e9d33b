//! Messages of mail and of news.
//!
//! | file | what it knows |
//! | --- | --- |
//! | `adapter.rs` | the adapter, and what is a message |
//! | `mailbox.rs` | a mailbox → its messages |
//! | `message.rs` | a message → a document |

mod adapter;
mod mailbox;
mod message;

pub(super) use self::adapter::{Mail, kind};
