//! A document as bytes: what is known of it as JSON, then its text.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Provenance, SpanBase};
use crate::time::Published;

/// What is known of a document beside its text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known<'d> {
    id: Cow<'d, str>,
    path: Cow<'d, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    record: u64,
    #[serde(default, skip_serializing_if = "is_raw")]
    span_base: SpanBase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Cow<'d, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'d, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'d, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<Published>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'d, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provenance: Option<Cow<'d, Provenance>>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_raw(base: &SpanBase) -> bool {
    *base == SpanBase::Raw
}

/// Appends a document; without its text, if that is not kept.
pub(super) fn encode(document: &Document, keeps_text: bool, out: &mut Vec<u8>) {
    let known = Known {
        id: own_id(document).into(),
        path: (&*document.path).into(),
        line: document.line,
        record: document.record,
        span_base: document.span_base,
        title: document.title.as_deref().map(Into::into),
        url: document.url.as_deref().map(Into::into),
        source: document.source.as_deref().map(Into::into),
        published: document.published,
        language: document.language.as_deref().map(Into::into),
        provenance: document.provenance.as_deref().map(Cow::Borrowed),
    };
    let known = serde_json::to_vec(&known).expect("plain fields can always be written");
    let text = if keeps_text { document.text.as_bytes() } else { &[] };
    for length in [known.len(), text.len()] {
        let length = u32::try_from(length).expect("a document has less than 4 GiB");
        out.extend_from_slice(&length.to_le_bytes());
    }
    out.extend_from_slice(&known);
    out.extend_from_slice(text);
}

/// The id that the input gave.
pub(super) fn own_id(document: &Document) -> &str {
    document.original_id.as_deref().unwrap_or(&document.id)
}

/// The document of this number among those that follow each other in `bytes`.
pub(super) fn decode(mut bytes: &[u8], number: u16) -> Option<Document> {
    for _ in 0..number {
        bytes = split(bytes)?.2;
    }
    let (known, text, _) = split(bytes)?;
    let known: Known<'_> = serde_json::from_slice(known).ok()?;
    let own = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    Some(Document {
        id: known.id.into_owned(),
        original_id: None,
        path: Arc::from(&*known.path),
        line: known.line,
        record: known.record,
        span_base: known.span_base,
        text: std::str::from_utf8(text).ok()?.to_owned(),
        title: own(known.title),
        url: own(known.url),
        source: own(known.source),
        published: known.published,
        is_against: false,
        language: own(known.language),
        provenance: known.provenance.map(|provenance| Box::new(provenance.into_owned())),
    })
}

/// What is known, the text, and what follows.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (known, rest) = bytes.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_first_chunk::<4>()?;
    let (known, rest) = rest.split_at_checked(u32::from_le_bytes(*known) as usize)?;
    let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*text) as usize)?;
    Some((known, text, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_back_with_all_that_is_known_of_it() {
        let full = Document {
            id: "a\"1".into(),
            path: "feed/ä.jsonl".into(),
            line: Some(3),
            record: 2,
            span_base: SpanBase::Extracted,
            text: "Text\u{0}\n—".into(),
            title: Some("Title".into()),
            url: Some("https://a.example/1".into()),
            source: Some("A".into()),
            published: Published::parse("2026-05-11T10:00:00+02:00"),
            language: Some("en".into()),
            provenance: Provenance {
                author: Some("X".into()),
                modified: Published::parse("2026-05-12"),
                version: Some("2".into()),
                folder: Some("f".into()),
                ..Provenance::default()
            }
            .boxed(),
            ..Document::default()
        };
        let plain = Document { id: "b".into(), path: "-".into(), ..Document::default() };
        let mut bytes = Vec::new();
        for document in [&full, &plain, &full] {
            encode(document, true, &mut bytes);
        }
        encode(&full, false, &mut bytes);
        assert_eq!(decode(&bytes, 0).as_ref(), Some(&full));
        assert_eq!(decode(&bytes, 1), Some(plain));
        assert_eq!(decode(&bytes, 2).as_ref(), Some(&full));
        assert_eq!(decode(&bytes, 3), Some(Document { text: String::new(), ..full }));
        assert_eq!(decode(&bytes, 4), None);
        assert_eq!(decode(&bytes[..bytes.len() - 1], 3), None);
    }
}
