//! The documents of a run, wherever they lie.
//!
//! Stages ask a [`Collection`] for what they need of a document and do not
//! know whether it is in memory ([`Corpus`]) or was written to a temporary file
//! ([`SpooledCorpus`]). From memory all is borrowed.

use std::borrow::Cow;
use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::document::{Corpus, DocId, Document, Skipped};
use crate::error::Error;
use crate::spill::Spill;
use crate::spill::documents::{ReadTogether, SpooledCorpus};

/// Documents that are read at once: some 50 KiB of short ones, so that asking
/// costs less than reading.
const STRETCH: usize = 32;

/// Documents that follow each other, see [`Collection::stretch`].
#[derive(Debug)]
pub struct Stretch<'c> {
    collection: Collection<'c>,
    read: Option<ReadTogether>,
}

impl Stretch<'_> {
    /// The text of one of them.
    pub fn text(&self, id: DocId) -> Cow<'_, str> {
        match (self.collection, &self.read) {
            (Collection::Spooled(corpus), Some(read)) => Cow::Borrowed(corpus.text_in(id, read)),
            (collection, _) => collection.text(id),
        }
    }

    /// What is known of one of them; whether its text is there too depends on
    /// where documents lie.
    pub fn about(&self, id: DocId) -> Cow<'_, Document> {
        match (self.collection, &self.read) {
            (Collection::Spooled(corpus), Some(read)) => Cow::Owned(corpus.about_in(id, read)),
            (collection, _) => collection.about(id),
        }
    }

    /// One of them with its text.
    pub fn document(&self, id: DocId) -> Cow<'_, Document> {
        match &self.read {
            None => self.collection.document(id),
            Some(_) => {
                Cow::Owned(Document { text: self.text(id).into_owned(), ..self.about(id).into_owned() })
            }
        }
    }
}

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
        self.map_some(0..self.len(), |stretch, id| of(id, &stretch.about(id)))
    }

    /// What `of` says of each of these documents, which it asks a [`Stretch`] for;
    /// worked out in parallel.
    pub fn map_some<T: Send>(
        self,
        documents: Range<usize>,
        of: impl Fn(&Stretch<'c>, DocId) -> T + Sync + Send,
    ) -> Vec<T> {
        let firsts = documents.clone().into_par_iter().step_by(STRETCH);
        let of_stretch = |first: usize| {
            let some = first..documents.end.min(first + STRETCH);
            let stretch = self.stretch(some.clone());
            some.map(|index| of(&stretch, DocId::new(index))).collect::<Vec<T>>()
        };
        firsts.flat_map_iter(of_stretch).collect()
    }

    /// Documents that follow each other, to be asked for one by one. Outside of
    /// memory they are read at once, if they are short.
    pub fn stretch(self, documents: Range<usize>) -> Stretch<'c> {
        let read = match self {
            Self::Held(_) | Self::Described(..) => None,
            Self::Spooled(corpus) => corpus.read_together(documents),
        };
        Stretch { collection: self, read }
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

    /// The number of the document with this id.
    pub fn find(self, id: &str) -> Option<DocId> {
        match self {
            Self::Held(corpus) | Self::Described(corpus, _) => corpus.find(id),
            Self::Spooled(corpus) => corpus.find(id),
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
