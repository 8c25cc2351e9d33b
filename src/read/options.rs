//! What a reader may be told, and whom it tells how far it is.

use std::sync::atomic::AtomicBool;

use super::adapter::Context;
use super::families::Families;
use super::fields::{FieldMap, FieldTree};
use crate::error::Error;

/// Largest document that can be read, in bytes: offsets of tokens have 32 bits.
pub const MAX_DOCUMENT_BYTES: u64 = u32::MAX as u64 - 1;

/// What a reader may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Where the fields of records are found.
    pub fields: FieldMap,
    /// Bytes that one document, or the record it comes from, may have.
    pub max_document_bytes: u64,
    /// Which publishers have several hosts or names.
    pub families: Families,
    /// Further paths, whose documents are the other side of a comparison
    /// ([`Document::is_against`](crate::document::Document::is_against)); what both name is not of that side.
    pub against: Vec<String>,
}

impl Default for ReadOptions {
    /// The names that feeds use, and documents of up to 1 GiB.
    fn default() -> Self {
        Self {
            fields: FieldMap::default(),
            max_document_bytes: 1 << 30,
            families: Families::default(),
            against: Vec::new(),
        }
    }
}

/// Is told how far the reading is. `()` does not listen.
pub trait Progress: Sync {
    /// So many bytes are to be read, as far as the sizes are known.
    fn expect(&self, bytes: u64);

    /// So many more were read.
    fn advance(&self, bytes: u64);
}

impl Progress for () {
    fn expect(&self, _: u64) {}

    fn advance(&self, _: u64) {}
}

impl ReadOptions {
    pub(super) fn validate(&self) -> Result<(), Error> {
        if (1..=MAX_DOCUMENT_BYTES).contains(&self.max_document_bytes) {
            return Ok(());
        }
        let range = format!("1 to {MAX_DOCUMENT_BYTES} bytes");
        Err(Error::param("max-document-bytes", self.max_document_bytes.to_string(), range))
    }

    pub(super) fn context<'a>(
        &'a self,
        tree: &'a FieldTree,
        progress: &'a dyn Progress,
        is_stopped: &'a AtomicBool,
    ) -> Context<'a> {
        let max_document_bytes = self.max_document_bytes;
        Context { fields: &self.fields, tree, max_document_bytes, progress, is_stopped }
    }
}
