//! Documents as they come: in memory while their texts are few, in a temporary
//! file beyond.
//!
//! Nobody knows how much an input holds before it was read: it is packed, or a
//! stream. So documents are held up to a part of a budget, and written out once
//! there are more; findings are the same.

use std::path::PathBuf;

use super::Spill;
use super::documents::{SpooledCorpus, Spooler};
use crate::collection::Collection;
use crate::document::{Corpus, Document, Skipped};
use crate::error::Error;
#[cfg(feature = "cli")]
use crate::render::Texts;

/// The part of a budget that texts may take before they go to a file: a scan in
/// memory takes about three times the texts beside them.
const PART_FOR_TEXTS: u64 = 4;

/// The documents, in memory or in a file.
#[derive(Debug)]
pub(crate) enum Documents {
    Held(Corpus),
    Spooled(SpooledCorpus),
}

impl Documents {
    #[cfg(feature = "cli")]
    pub(crate) fn texts(&self) -> &dyn Texts {
        match self {
            Self::Held(corpus) => corpus,
            Self::Spooled(corpus) => corpus,
        }
    }

    pub(crate) fn collection(&self) -> Collection<'_> {
        match self {
            Self::Held(corpus) => corpus.into(),
            Self::Spooled(corpus) => corpus.into(),
        }
    }
}

/// How much memory a run may take.
#[derive(Clone, Debug)]
pub(crate) enum Allowance {
    /// As much as it needs.
    Unlimited,
    /// About this many bytes where documents are many; files go to the folder,
    /// which is not touched before.
    UpTo(u64, PathBuf),
}

/// Takes documents.
#[derive(Debug)]
pub(crate) struct Gathered {
    place: Place,
    allowance: Allowance,
    /// Why they could not be written out.
    failed: Option<Error>,
}

#[derive(Debug)]
enum Place {
    /// Documents, and bytes of their texts.
    Held(Vec<Document>, u64),
    Spooled(Box<Spooler>),
}

impl Gathered {
    /// None yet; in memory as long as that is allowed.
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self { place: Place::Held(Vec::new(), 0), allowance, failed: None }
    }

    /// None yet; in a file from the first.
    pub(crate) fn spooled(spooler: Spooler) -> Self {
        let place = Place::Spooled(Box::new(spooler));
        Self { place, allowance: Allowance::Unlimited, failed: None }
    }

    /// Takes documents.
    pub(crate) fn extend(&mut self, documents: Vec<Document>) {
        match &mut self.place {
            Place::Spooled(spooler) => spooler.extend(documents),
            Place::Held(held, bytes) => {
                *bytes += documents.iter().map(|document| document.text.len() as u64).sum::<u64>();
                if held.is_empty() {
                    *held = documents;
                } else {
                    held.extend(documents);
                }
                match &self.allowance {
                    Allowance::UpTo(budget, folder) if *bytes > budget / PART_FOR_TEXTS => {
                        match Spill::of_any_size(*budget, folder) {
                            Err(error) => self.failed = Some(error),
                            Ok(spill) => {
                                let mut spooler = Spooler::new(&spill);
                                spooler.extend(held.drain(..));
                                self.place = Place::Spooled(Box::new(spooler));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether all went well so far.
    #[cfg(feature = "cli")]
    pub(crate) fn is_well(&self) -> bool {
        let is_written = |spooler: &Spooler| spooler.spill().check().is_ok();
        self.failed.is_none() && !matches!(&self.place, Place::Spooled(spooler) if !is_written(spooler))
    }

    /// The same, with what was wrong with a temporary file.
    ///
    /// # Errors
    ///
    /// What was wrong.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        match (&self.place, self.failed.take()) {
            (_, Some(error)) => Err(error),
            (Place::Spooled(spooler), None) => spooler.spill().check(),
            (Place::Held(..), None) => Ok(()),
        }
    }

    /// All of them in their order, and what of the input is none.
    ///
    /// # Errors
    ///
    /// If there are more than 32 bits can number, or a temporary file failed.
    pub(crate) fn finish(mut self, skipped: Vec<Skipped>) -> Result<Documents, Error> {
        self.check()?;
        match self.place {
            Place::Held(documents, _) => {
                Corpus::try_new(documents).map(|corpus| Documents::Held(corpus.with_skipped(skipped)))
            }
            Place::Spooled(spooler) => spooler.try_finish(skipped).map(Documents::Spooled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(allowance: Allowance, texts: &[&str]) -> Gathered {
        let mut gathered = Gathered::new(allowance);
        for (number, text) in texts.iter().enumerate().rev() {
            let document =
                Document { id: number.to_string(), text: (*text).to_owned(), ..Document::default() };
            gathered.extend(vec![document]);
        }
        gathered
    }

    #[test]
    fn documents_go_to_a_file_where_a_quarter_of_the_budget_is_passed() {
        let texts = ["one text", "another text", "a third"];
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let folder = tempfile::tempdir().expect("a folder");
        for (budget, is_spooled) in [(bytes * 4, false), (bytes * 4 - 4, true), (0, true)] {
            let allowance = Allowance::UpTo(budget as u64, folder.path().to_owned());
            let documents = gathered(allowance, &texts).finish(Vec::new()).expect("a folder that is there");
            assert_eq!(matches!(documents, Documents::Spooled(_)), is_spooled, "{budget}");
            let corpus = documents.collection();
            assert_eq!(corpus.spill().map(Spill::budget), is_spooled.then_some(budget as u64));
            let read: Vec<String> = corpus.ids().map(|id| corpus.text(id).into_owned()).collect();
            assert_eq!(read, texts);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_matters_where_it_is_needed() {
        let nowhere = PathBuf::from("no/such/folder");
        let allowance = |budget| Allowance::UpTo(budget, nowhere.clone());
        assert!(gathered(allowance(1 << 20), &["a text"]).finish(Vec::new()).is_ok());
        assert!(gathered(allowance(8), &["a text"]).check().is_err());
        assert!(gathered(allowance(8), &["a text"]).finish(Vec::new()).is_err());
        assert!(gathered(Allowance::Unlimited, &["a text"]).finish(Vec::new()).is_ok());
    }
}
