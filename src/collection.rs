//! The documents of a run, wherever they lie.
//!
//! Stages ask a [`Collection`] for what they need of a document and do not
//! know whether it is in memory ([`Corpus`]) or was written to a temporary file
//! ([`SpooledCorpus`]). From memory all is borrowed.

use std::borrow::Cow;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::document::{Corpus, DocId, Document, Skipped};
use crate::error::Error;
use crate::spill::Spill;
use crate::spill::documents::SpooledCorpus;

/// The documents, in the order of their ids.
#[derive(Clone, Copy, Debug)]
pub enum Collection<'c> {
    /// In memory.
    Held(&'c Corpus),
    /// In a temporary file.
    Spooled(&'c SpooledCorpus),
    /// Elsewhere: documents without their texts, whose lengths come beside.
    Described(&'c Corpus, &'c [usize]),
}

impl<'c> From<&'c Corpus> for Collection<'c> {
    fn from(corpus: &'c Corpus) -> Self {
        Self::Held(corpus)
    }
}

impl<'c> From<&'c SpooledCorpus> for Collection<'c> {
    fn from(corpus: &'c SpooledCorpus) -> Self {
        Self::Spooled(corpus)
    }
}

impl<'c> Collection<'c> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => corpus.len(),
            Self::Spooled(corpus) => corpus.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The numbers of all documents.
    pub fn ids(self) -> impl ExactSizeIterator<Item = DocId> + Clone {
        (0..self.len()).map(DocId::new)
    }

    /// What `of` says of each document, which it gets as [`Self::about`] gives it;
    /// worked out in parallel.
    pub fn map<T: Send>(self, of: impl Fn(DocId, &Document) -> T + Sync + Send) -> Vec<T> {
        let one = |index: usize| of(DocId::new(index), &self.about(DocId::new(index)));
        (0..self.len()).into_par_iter().map(one).collect()
    }

    /// The text of one document, which is what is left of it where it is
    /// elsewhere.
    pub fn text(self, id: DocId) -> Cow<'c, str> {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => Cow::Borrowed(corpus.text(id)),
            Self::Spooled(corpus) => Cow::Owned(corpus.text(id)),
        }
    }

    /// Its length in bytes.
    pub fn text_len(self, id: DocId) -> usize {
        match self {
            Self::Held(corpus) => corpus.text(id).len(),
            Self::Described(_, lengths) => lengths[id.index()],
            Self::Spooled(corpus) => corpus.text_len(id),
        }
    }

    /// One document with its text.
    pub fn document(self, id: DocId) -> Cow<'c, Document> {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => Cow::Borrowed(&corpus[id]),
            Self::Spooled(corpus) => Cow::Owned(corpus.document(id)),
        }
    }

    /// What is known of a document; whether its text is there too depends on
    /// where documents lie.
    pub fn about(self, id: DocId) -> Cow<'c, Document> {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => Cow::Borrowed(&corpus[id]),
            Self::Spooled(corpus) => Cow::Owned(corpus.about(id)),
        }
    }

    /// What of the input did not become a document.
    pub fn skipped(self) -> &'c [Skipped] {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => corpus.skipped(),
            Self::Spooled(corpus) => corpus.skipped(),
        }
    }

    /// Whether all that was asked for so far could be read.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn check(self) -> Result<(), Error> {
        self.spill().map_or(Ok(()), Spill::check)
    }

    /// The budget, where there is one.
    pub fn spill(self) -> Option<&'c Spill> {
        match self {
            Self::Held(_) | Self::Described(..) => None,
            Self::Spooled(corpus) => Some(corpus.spill()),
        }
    }
}
