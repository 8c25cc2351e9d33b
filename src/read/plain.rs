//! Plain text: one file, one document, nothing taken out of it.

use super::adapter::{Adapter, Batch, Content, Context, too_large};
use super::encoding;
use crate::document::{Document, SpanBase};

/// The adapter. An empty file is a document with an empty text.
pub(crate) struct PlainText;

impl Adapter for PlainText {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let (path, layers) = (content.path, content.layers);
        let bytes = content.into_bytes(context)?;
        let decoded = encoding::decode(bytes)?;
        let size = decoded.text.len() as u64;
        if size > context.max_document_bytes {
            // Another encoding may be shorter than UTF-8.
            return Err(too_large(Some(size), context.max_document_bytes));
        }
        batch.note_replaced(path, &decoded);
        batch.push(Document {
            id: path.to_owned(),
            path: path.into(),
            // Offsets into what was unpacked are none into the file.
            span_base: if layers == 0 { decoded.span_base } else { SpanBase::Decoded },
            text: decoded.text,
            ..Document::default()
        });
        Ok(())
    }
}
