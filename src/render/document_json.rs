//! The entry of a document as JSON.
//!
//! The bytes are those that the entry serializes to. Most lines of a report on many
//! documents are these, more than half of each is the same in all, and few strings
//! have anything to escape; so what is the same is copied whole, and a string is
//! looked through 64 bytes at a time. A third of the time of a serializer that is
//! told of each name and each character.

use std::io;

use serde::Serialize;

use crate::read::json::scan::Specials;
use crate::report::DocumentEntry;

/// Adds the members of the object, behind its opening brace, and its closing one.
pub(super) fn append_members(entry: &DocumentEntry, out: &mut Vec<u8>) -> io::Result<()> {
    // All fields are named, so that a new one cannot be forgotten.
    let DocumentEntry {
        id,
        original_id,
        path,
        span_base,
        source,
        against,
        title,
        url,
        published,
        dated_by,
        language,
        bytes,
        tokens,
        too_short,
        repeated_share,
        credits,
    } = entry;
    append(out, br#""id":"#, |out| string(out, id))?;
    if let Some(original_id) = original_id {
        append(out, br#","original_id":"#, |out| string(out, original_id))?;
    }
    append(out, br#","path":"#, |out| string(out, path))?;
    append(out, br#","span_base":"#, |out| value(out, span_base))?;
    append(out, br#","source":"#, |out| string(out, source))?;
    if *against {
        out.extend_from_slice(br#","against":true"#);
    }
    append(out, br#","title":"#, |out| optional(out, title.as_deref()))?;
    append(out, br#","url":"#, |out| optional(out, url.as_deref()))?;
    append(out, br#","published":"#, |out| value(out, published))?;
    if let Some(dated_by) = dated_by {
        append(out, br#","dated_by":"#, |out| value(out, dated_by))?;
    }
    append(out, br#","language":"#, |out| optional(out, language.as_deref()))?;
    append(out, br#","bytes":"#, |out| value(out, bytes))?;
    append(out, br#","tokens":"#, |out| value(out, tokens))?;
    append(out, br#","too_short":"#, |out| value(out, too_short))?;
    append(out, br#","repeated_share":"#, |out| value(out, repeated_share))?;
    append(out, br#","credits":"#, |out| value(out, credits))?;
    out.push(b'}');
    Ok(())
}

fn append(
    out: &mut Vec<u8>,
    name: &[u8],
    value: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    out.extend_from_slice(name);
    value(out)
}

fn optional(out: &mut Vec<u8>, text: Option<&str>) -> io::Result<()> {
    match text {
        Some(text) => string(out, text),
        None => value(out, &()),
    }
}

fn string(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    if Specials::new(text.as_bytes()).next(0).is_some() {
        return value(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

fn value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    Ok(serde_json::to_writer(out, value)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{DatedBy, SpanBase};
    use crate::render::sample;

    fn check(entry: &DocumentEntry) {
        let mut found = b"{".to_vec();
        append_members(entry, &mut found).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), serde_json::to_string(entry).unwrap());
    }

    #[test]
    fn entries_of_a_report_are_written_as_they_serialize() {
        let entries = sample::report().documents;
        entries.iter().for_each(check);
        assert!(entries.iter().any(|entry| !entry.credits.is_empty()));
    }

    proptest! {
        #[test]
        fn any_entry_is_written_as_it_serializes(
            text in "[a-c\"\\\\\\x00-\\x1f\\x7fé\u{2028}]{0,4}",
            long in "[a-z/:.]{0,140}[\"é]?[a-z]{0,70}",
            is in [any::<bool>(), any::<bool>(), any::<bool>()],
            (bytes, share) in (any::<usize>(), 0.0..1.0),
        ) {
            let some = |at: usize, text: &str| is[at].then(|| text.to_owned());
            let entry = sample::report().documents.swap_remove(0);
            check(&DocumentEntry {
                id: text.clone(),
                original_id: some(0, &long),
                path: long.clone(),
                span_base: if is[1] { SpanBase::Raw } else { SpanBase::Extracted },
                against: is[2],
                title: some(1, &text),
                url: some(2, &long),
                dated_by: is[0].then_some(DatedBy::Address),
                language: some(0, &text),
                bytes,
                too_short: is[1],
                repeated_share: share,
                ..entry
            });
        }
    }
}
