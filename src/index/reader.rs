//! An index that is read.

use std::path::Path;

use super::answer::{self, Among, Asked};
use super::catalogue::{self, Catalogue};
use super::record::own_id;
use super::segment::Kind;
use super::shelf::Shelf;
use super::sketches::Fresh;
use super::snapshot::Snapshot;
use super::told::Answer;
use crate::document::{Corpus, Document, Skipped};
use crate::error::Error;
use crate::hash;
use crate::params::Params;
use crate::read::ReadOptions;
use crate::spill::Spill;
use crate::spill::documents::{SpooledCorpus, Spooler};
#[cfg(feature = "cli")]
use crate::spill::gathered::{Documents, Gathered};

/// What is said of a document whose text is not kept and not where it was.
const NO_TEXT: &str = "its text is not kept in the index, and is no longer where it was read; leave out --no-texts to keep texts";

/// An index as it was when it was opened. Writers do not wait for it, nor it
/// for them.
#[derive(Debug)]
pub struct Index {
    pub(super) snapshot: Snapshot,
    pub(super) read: ReadOptions,
}

/// A document of an index, with its number.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its number, in the order of adding.
    pub number: u32,
    /// The document.
    pub document: Document,
}

impl Index {
    /// Opens the index in `folder` as it is now.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be read.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { snapshot: Snapshot::open(folder)?, read: ReadOptions::default() })
    }

    /// The same, reading texts that are not kept again with these options.
    #[must_use]
    pub fn with_options(mut self, options: ReadOptions) -> Self {
        self.read = options;
        self
    }

    /// Whether `folder` holds an index.
    pub fn exists(folder: &Path) -> bool {
        folder.join(catalogue::NAME).exists()
    }

    /// The parameters that the index in `folder` was made with.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be read.
    pub fn params_of(folder: &Path) -> Result<Params, Error> {
        Ok(Catalogue::read(folder)?.params)
    }

    /// The parameters that it was made with.
    pub fn params(&self) -> &Params {
        &self.snapshot.catalogue.params
    }

    /// How many documents it has.
    pub fn len(&self) -> usize {
        self.snapshot.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the index has of each of some documents, without adding them. They
    /// are compared with documents of the index alone, not with each other.
    ///
    /// # Errors
    ///
    /// If something cannot be read.
    pub fn query(&self, documents: &[Document]) -> Result<Vec<Answer>, Error> {
        let mut answers: Vec<Option<Answer>> = documents.iter().map(|_| None).collect();
        let (mut new, mut ids) = (Vec::new(), Vec::new());
        let digests: Vec<u128> = documents.iter().map(|document| hash::id(own_id(document))).collect();
        let same = self.snapshot.with_digests(Kind::Ids, &digests, |row| row.id)?;
        for (at, (document, rows)) in documents.iter().zip(same).enumerate() {
            let (id, text) = (digests[at], hash::text(&document.text));
            match rows.iter().find(|(_, row)| row.text == text) {
                Some(&(number, _)) => answers[at] = Some(answer::known(document, number)),
                None => {
                    let versions: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
                    new.push((at, versions));
                    ids.push(id);
                }
            }
        }
        let asked: Vec<&Document> = new.iter().map(|(at, _)| &documents[*at]).collect();
        let first = self.snapshot.catalogue.next_document;
        let fresh = Fresh::new(&asked, &ids, self.params(), (first, 0));
        let asked = Asked {
            snapshot: &self.snapshot,
            documents: &asked,
            fresh: &fresh,
            among: Among::Index,
            options: &self.read,
        };
        for ((at, versions), answer) in new.into_iter().zip(answer::answers(&asked, &mut Shelf::none())?) {
            answers[at] = Some(Answer { versions, ..answer });
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// All documents, as a scan of what they were read from would have them, and
    /// what of the input is none. A document whose text is not kept and is not
    /// where it was read any more is among these.
    ///
    /// # Errors
    ///
    /// If something cannot be read, or there are too many documents.
    pub fn corpus(&self) -> Result<Corpus, Error> {
        let mut documents = Vec::with_capacity(self.len());
        let skipped = self.each(&mut |some| {
            documents.extend(some);
            Ok(())
        })?;
        Ok(Corpus::try_new(documents)?.with_skipped(skipped))
    }

    /// [`corpus`](Self::corpus) in a temporary file: some documents at a time are
    /// in memory.
    ///
    /// # Errors
    ///
    /// If something cannot be read or written, or there are too many documents.
    pub fn spool(&self, spill: &Spill) -> Result<SpooledCorpus, Error> {
        let mut spooler = Spooler::new(spill);
        let skipped = self.each(&mut |some| {
            spooler.extend(some);
            spill.check()
        })?;
        spooler.try_finish(skipped)
    }

    /// [`corpus`](Self::corpus), in a temporary file where there are too many: some
    /// documents at a time are in memory.
    ///
    /// # Errors
    ///
    /// If something cannot be read or written, or there are too many documents.
    #[cfg(feature = "cli")]
    pub(crate) fn gather(&self, mut gathered: Gathered) -> Result<Documents, Error> {
        let skipped = self.each(&mut |some| {
            gathered.extend(some);
            gathered.check()
        })?;
        gathered.finish(skipped)
    }

    /// Hands on all documents, some at a time; gives what of the input is none.
    fn each(
        &self,
        take: &mut (dyn FnMut(Vec<Document>) -> Result<(), Error> + Send),
    ) -> Result<Vec<Skipped>, Error> {
        let mut skipped: Vec<Skipped> =
            self.snapshot.skipped()?.into_iter().map(|(_, skipped)| skipped).collect();
        self.snapshot.each(&self.read, &mut |loaded| {
            let mut documents = Vec::with_capacity(loaded.len());
            for loaded in loaded {
                if loaded.has_text {
                    documents.push(loaded.document);
                    continue;
                }
                let Document { id, path, line, .. } = loaded.document;
                let reason = NO_TEXT.to_owned();
                skipped.push(Skipped { path: path.to_string(), line, document: Some(id), reason });
            }
            take(documents)
        })?;
        skipped.sort();
        Ok(skipped)
    }

    /// The documents with these numbers, as far as the index has them and their
    /// texts, in ascending order.
    ///
    /// # Errors
    ///
    /// If something cannot be read.
    pub fn documents(&self, numbers: &[u32]) -> Result<Vec<Stored>, Error> {
        let mut named = Vec::new();
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        let is_there = |number: &u32| {
            let in_segment = self.snapshot.segments().iter().any(|segment| segment.place(*number).is_some());
            in_segment && !self.snapshot.is_gone(*number)
        };
        for number in numbers.into_iter().filter(is_there) {
            named.push((number, self.snapshot.row(number)?));
        }
        let loaded = self.snapshot.load(&named, &self.read)?;
        let with_text = loaded.into_iter().filter(|loaded| loaded.has_text);
        Ok(with_text.map(|loaded| Stored { number: loaded.number, document: loaded.document }).collect())
    }
}
