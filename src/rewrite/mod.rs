//! An input again in its own form, without the documents that go.
//!
//! What stays is copied byte by byte out of the input, which is read a second
//! time; nothing of it is parsed and put together again. Of a record whose
//! text is cut only the bytes of that text change. Memory is a block, or a
//! record that is cut, and some bytes for each document.
//!
//! | file | form |
//! | --- | --- |
//! | `lines.rs` | JSON Lines |
//! | `objects.rs` | JSON documents |
//! | `rows.rs` | CSV, TSV |
//! | `columns.rs` | Parquet |
//! | `json_text.rs` | the text inside one JSON object |
//!
//! Records that are no documents stay where they are: to remove copies is no
//! reason to lose anything else. The bytes of an input that was in another
//! encoding than UTF-8 come out as UTF-8.

#[cfg(feature = "parquet")]
mod columns;
mod json_text;
mod lines;
mod objects;
pub(crate) mod rows;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use crate::collection::Collection;
use crate::dedup::{self, Cut, Edited};
use crate::document::{DocId, SpanBase};
use crate::read::FieldMap;
use crate::read::again::{Form, Original};
use crate::read::fields::FieldTree;

/// What becomes of the records of all inputs.
pub(crate) struct Rewriter<'a> {
    corpus: Collection<'a>,
    kept: &'a [bool],
    cuts: HashMap<DocId, &'a [Cut]>,
    /// Documents by the numbers of their records.
    by_path: HashMap<Arc<str>, Vec<(u64, DocId)>>,
    tree: FieldTree,
}

/// Cuts that could not be made, and why.
pub(crate) type Uncut = Vec<(DocId, String)>;

/// What becomes of one record.
#[derive(Clone, Copy)]
enum Fate<'a> {
    Stays,
    Goes,
    IsCut { document: DocId, cuts: &'a [Cut] },
}

/// What becomes of the records of one input.
struct Fates<'r, 'a> {
    rewriter: &'r Rewriter<'a>,
    documents: Option<&'r Vec<(u64, DocId)>>,
}

/// Where inputs are written one after the other.
pub(crate) struct Joined<'o> {
    out: &'o mut (dyn Write + Send),
    last: Option<u8>,
}

impl<'a> Rewriter<'a> {
    /// Leaves out what is not `kept`, and cuts what is to be; documents of the
    /// other side are in no input.
    pub(crate) fn new(
        corpus: Collection<'a>,
        kept: &'a [bool],
        edited: &'a [Edited],
        fields: &FieldMap,
    ) -> Self {
        let mut by_path: HashMap<Arc<str>, Vec<(u64, DocId)>> = HashMap::new();
        for id in corpus.ids() {
            let document = corpus.about(id);
            if !document.is_against {
                let documents = match by_path.get_mut(&document.path) {
                    Some(documents) => documents,
                    None => by_path.entry(Arc::clone(&document.path)).or_default(),
                };
                documents.push((document.record, id));
            }
        }
        by_path.values_mut().for_each(|documents| documents.sort_unstable());
        let cuts = edited.iter().map(|edited| (edited.document, edited.cuts.as_slice())).collect();
        Self { corpus, kept, cuts, by_path, tree: fields.tree() }
    }

    /// Writes what stays of `original`. The error is one of reading or
    /// writing, or says why it cannot be written with something left out.
    pub(crate) fn write(&self, original: &Original, out: &mut Joined<'_>) -> io::Result<Uncut> {
        let fates = Fates { rewriter: self, documents: self.by_path.get(original.path.as_str()) };
        match &original.form {
            Form::Lines => lines::write(original, &fates, out),
            Form::Objects(shape) => objects::write(original, shape, &fates, out),
            Form::Rows(delimiter) => rows::write(original, *delimiter, &fates, out),
            #[cfg(feature = "parquet")]
            Form::Columns => columns::write(original, &fates, out),
            Form::One { is_text } => self.write_one(original, *is_text, &fates, out),
            #[cfg(not(feature = "parquet"))]
            Form::Columns => copy(original, out).map(|()| Vec::new()),
            Form::Whole(_) | Form::Unread => copy(original, out).map(|()| Vec::new()),
        }
    }

    /// Whether anything of an input of one document is written.
    pub(crate) fn stays(&self, original: &Original) -> bool {
        let documents = self.by_path.get(original.path.as_str());
        documents.is_none_or(|documents| documents.iter().any(|(_, document)| self.kept[document.index()]))
    }

    fn write_one(
        &self,
        original: &Original,
        is_text: bool,
        fates: &Fates<'_, '_>,
        out: &mut Joined<'_>,
    ) -> io::Result<Uncut> {
        let only = fates.documents.and_then(|documents| documents.first());
        match only.map(|&(_, document)| self.fate(document)) {
            Some(Fate::IsCut { document, cuts }) if is_text && !original.is_packed => {
                let text = self.corpus.text(document);
                let is_raw = self.corpus.about(document).span_base == SpanBase::Raw;
                let mark = if is_raw { original.open()?.mark } else { Vec::new() };
                // The text of a file with a mark may begin behind it or with it.
                let is_in_text = text.as_bytes().starts_with(&mark);
                out.write_all(if is_in_text { &[] } else { &mark })?;
                out.write_all(dedup::apply(&text, cuts).as_bytes())?;
                Ok(Vec::new())
            }
            Some(Fate::IsCut { document, .. }) => {
                copy(original, out)?;
                Ok(vec![(document, "the text is not in the file as it stands".to_owned())])
            }
            Some(Fate::Goes) => Ok(Vec::new()),
            Some(Fate::Stays) | None => copy(original, out).map(|()| Vec::new()),
        }
    }

    fn fate(&self, document: DocId) -> Fate<'_> {
        if !self.kept[document.index()] {
            return Fate::Goes;
        }
        match self.cuts.get(&document) {
            Some(cuts) => Fate::IsCut { document, cuts },
            None => Fate::Stays,
        }
    }
}

impl Fates<'_, '_> {
    /// What becomes of the record with this number.
    fn of(&self, record: u64) -> Fate<'_> {
        let found = self.documents.and_then(|documents| {
            let at = documents.binary_search_by_key(&record, |&(record, _)| record).ok()?;
            Some(documents[at].1)
        });
        found.map_or(Fate::Stays, |document| self.rewriter.fate(document))
    }

    /// The text of a document that is cut.
    fn text(&self, document: DocId) -> Cow<'_, str> {
        self.rewriter.corpus.text(document)
    }

    fn tree(&self) -> &FieldTree {
        &self.rewriter.tree
    }
}

impl<'o> Joined<'o> {
    /// Nothing yet.
    pub(crate) fn new(out: &'o mut (dyn Write + Send)) -> Self {
        Self { out, last: None }
    }

    /// Whether nothing stands here yet.
    fn is_empty(&self) -> bool {
        self.last.is_none()
    }

    /// Begins a line, if anything stands before it.
    fn begin_line(&mut self) -> io::Result<()> {
        match self.last {
            None | Some(b'\n') => Ok(()),
            Some(_) => self.write_all(b"\n"),
        }
    }
}

impl Write for Joined<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.last = bytes[..count].last().copied().or(self.last);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The bytes of an input as they are, compression too.
fn copy(original: &Original, out: &mut Joined<'_>) -> io::Result<()> {
    io::copy(&mut original.bytes()?, out).map(|_| ())
}

/// Why a text is not cut that is not where it was found.
const TEXT_NOT_FOUND: &str = "the text stands in the record in another form than UTF-8";
