//! What is known of a document, as bytes and back.

use super::codec::{put_number, put_optional, put_text, take_byte, take_number, take_optional, take_text};
use crate::document::{DatedBy, Document, Provenance, SpanBase};
use crate::time::Published;

/// Appends what is known of a document, without its text.
pub(super) fn encode(document: &Document, out: &mut Vec<u8>) {
    // All fields are named, so that a new one cannot be forgotten.
    let Document {
        id,
        original_id,
        path,
        line,
        record,
        span_base,
        text: _,
        title,
        url,
        source,
        published,
        is_against,
        language,
        provenance,
    } = document;
    put_text(out, id);
    put_text(out, path);
    // Lines are counted from 1.
    put_number(out, line.unwrap_or(0));
    put_number(out, *record);
    out.push(u8::from(*is_against));
    out.push(match span_base {
        SpanBase::Raw => 0,
        SpanBase::Decoded => 1,
        SpanBase::Extracted => 2,
    });
    [original_id, title, url, source, language]
        .into_iter()
        .for_each(|field| put_optional(out, field.as_deref()));
    put_time(out, *published);
    out.push(u8::from(provenance.is_some()));
    if let Some(provenance) = provenance {
        encode_provenance(provenance, out);
    }
}

fn encode_provenance(provenance: &Provenance, out: &mut Vec<u8>) {
    let Provenance {
        author,
        publisher,
        canonical,
        syndication_source,
        original_source,
        based_on,
        credit,
        modified,
        embargo,
        version,
        feed,
        folder,
        dated_by,
    } = provenance;
    let texts = [
        author,
        publisher,
        canonical,
        syndication_source,
        original_source,
        based_on,
        credit,
        version,
        feed,
        folder,
    ];
    texts.into_iter().for_each(|field| put_optional(out, field.as_deref()));
    put_time(out, *modified);
    put_time(out, *embargo);
    put_optional(out, dated_by.map(DatedBy::name));
}

fn put_time(out: &mut Vec<u8>, time: Option<Published>) {
    put_optional(out, time.map(|time| time.to_string()).as_deref());
}

fn take_time(bytes: &mut &[u8]) -> Option<Option<Published>> {
    match take_optional(bytes)? {
        None => Some(None),
        Some(text) => text.parse().ok().map(Some),
    }
}

/// Takes a document with an empty text.
pub(super) fn decoded(bytes: &mut &[u8]) -> Option<Document> {
    Some(Document {
        id: take_text(bytes)?,
        path: take_text(bytes)?.into(),
        line: Some(take_number(bytes)?).filter(|&line| line > 0),
        record: take_number(bytes)?,
        is_against: take_byte(bytes)? == 1,
        span_base: match take_byte(bytes)? {
            0 => SpanBase::Raw,
            1 => SpanBase::Decoded,
            _ => SpanBase::Extracted,
        },
        original_id: take_optional(bytes)?,
        title: take_optional(bytes)?,
        url: take_optional(bytes)?,
        source: take_optional(bytes)?,
        language: take_optional(bytes)?,
        published: take_time(bytes)?,
        provenance: match take_byte(bytes)? {
            0 => None,
            _ => Some(Box::new(decoded_provenance(bytes)?)),
        },
        text: String::new(),
    })
}

fn decoded_provenance(bytes: &mut &[u8]) -> Option<Provenance> {
    Some(Provenance {
        author: take_optional(bytes)?,
        publisher: take_optional(bytes)?,
        canonical: take_optional(bytes)?,
        syndication_source: take_optional(bytes)?,
        original_source: take_optional(bytes)?,
        based_on: take_optional(bytes)?,
        credit: take_optional(bytes)?,
        version: take_optional(bytes)?,
        feed: take_optional(bytes)?,
        folder: take_optional(bytes)?,
        modified: take_time(bytes)?,
        embargo: take_time(bytes)?,
        dated_by: match take_optional(bytes)? {
            None => None,
            Some(name) => Some(DatedBy::of_name(&name)?),
        },
    })
}
