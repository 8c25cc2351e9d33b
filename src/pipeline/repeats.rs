//! The repeats of all documents, packed as pairs are ([`super::verified`]).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::document::{DocId, Span};
use crate::report;
use crate::spill::Spill;
use crate::spill::codec::{put_number, take_number};
use crate::spill::packed::Packed;

/// What one document has more than once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentRepeats {
    pub(super) repeats: Vec<Repeat>,
    /// Tokens in second and later occurrences.
    pub(super) tokens: usize,
}

/// A passage that one document has more than once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Repeat {
    pub(super) spans: Vec<Span>,
    pub(super) tokens: usize,
    pub(super) identity: f64,
}

impl Repeat {
    /// The same of a document with this id, as reports have it.
    pub(super) fn of(self, document: &str) -> report::Repeat {
        let Self { spans, tokens, identity } = self;
        report::Repeat { document: document.to_owned(), spans, tokens, identity }
    }
}

/// Where the repeats of a document lie.
#[derive(Clone, Copy, Debug)]
struct Row {
    document: DocId,
    len: u32,
    place: u64,
}

/// The repeats of all documents.
pub(super) struct Repeats {
    rows: Vec<Row>,
    packed: Packed,
}

impl Repeats {
    /// None yet.
    pub(super) fn new(spill: Option<&Spill>) -> Self {
        Self { rows: Vec::new(), packed: Packed::new(spill) }
    }

    /// Takes those of a document.
    pub(super) fn push(&mut self, document: DocId, found: &DocumentRepeats) {
        let mut bytes = Vec::new();
        put(found, &mut bytes);
        let len = u32::try_from(bytes.len()).expect("repeats of a document take less than 4 GiB");
        self.rows.push(Row { document, len, place: self.packed.push(&bytes) });
    }

    /// The same, packed as [`Self::packed_from`] gives it; whether it is one.
    pub(super) fn push_packed(&mut self, document: DocId, packed: &[u8]) -> bool {
        let mut rest = packed;
        match take(&mut rest).filter(|_| rest.is_empty()) {
            Some(found) => self.push(document, &found),
            None => return false,
        }
        true
    }

    /// Those that came behind the first so many, packed.
    pub(super) fn packed_from(&self, known: usize) -> impl Iterator<Item = (DocId, Cow<'_, [u8]>)> {
        self.rows[known..].iter().map(|row| (row.document, self.packed.read(row.place, row.len as usize)))
    }

    /// Of how many documents there are some.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Brings them into the order of the documents.
    pub(super) fn sort(&mut self) {
        // They are made of sorted parts, which a stable sort makes use of.
        self.rows.sort_by_key(|row| row.document);
    }

    /// All of them, with their documents.
    pub(super) fn iter(&self) -> impl Iterator<Item = (DocId, DocumentRepeats)> {
        self.rows.iter().map(|row| {
            let bytes = self.packed.read(row.place, row.len as usize);
            // Behind an error of the file a record says nothing.
            (row.document, take(&mut &bytes[..]).unwrap_or_default())
        })
    }
}

fn put(found: &DocumentRepeats, out: &mut Vec<u8>) {
    let DocumentRepeats { repeats, tokens } = found;
    put_number(out, *tokens as u64);
    put_number(out, repeats.len() as u64);
    for Repeat { spans, tokens, identity } in repeats {
        put_number(out, *tokens as u64);
        // Most are 1, whose lower bytes are 0.
        put_number(out, identity.to_bits().swap_bytes());
        put_number(out, spans.len() as u64);
        for span in spans {
            put_number(out, span.start as u64);
            put_number(out, span.len() as u64);
        }
    }
}

fn take(bytes: &mut &[u8]) -> Option<DocumentRepeats> {
    let tokens = take_number(bytes)? as usize;
    let mut repeats = Vec::new();
    for _ in 0..take_number(bytes)? {
        let tokens = take_number(bytes)? as usize;
        let identity = f64::from_bits(take_number(bytes)?.swap_bytes());
        let mut spans = Vec::new();
        for _ in 0..take_number(bytes)? {
            let start = take_number(bytes)? as usize;
            spans.push(Span { start, end: start + take_number(bytes)? as usize });
        }
        repeats.push(Repeat { spans, tokens, identity });
    }
    Some(DocumentRepeats { repeats, tokens })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn repeats_come_back_in_the_order_of_their_documents(
            of_documents in prop::collection::vec(
                prop::collection::vec((prop::collection::vec((0usize..1 << 40, 0usize..99), 0..4), 0usize..999), 1..3),
                0..9,
            ),
        ) {
            let found = |of_one: &Vec<(Vec<(usize, usize)>, usize)>| DocumentRepeats {
                repeats: of_one
                    .iter()
                    .map(|(spans, tokens)| Repeat {
                        spans: spans.iter().map(|&(start, len)| Span { start, end: start + len }).collect(),
                        tokens: *tokens,
                        identity: report::ratio(*tokens as f64 / 999.0),
                    })
                    .collect(),
                tokens: of_one.len(),
            };
            let mut repeats = Repeats::new(None);
            for (number, of_one) in of_documents.iter().enumerate().rev() {
                repeats.push(DocId::new(number), &found(of_one));
            }
            repeats.sort();
            let expected: Vec<(DocId, DocumentRepeats)> =
                of_documents.iter().enumerate().map(|(number, of_one)| (DocId::new(number), found(of_one))).collect();
            prop_assert_eq!(repeats.iter().collect::<Vec<_>>(), expected);
        }
    }
}
