//! `wirecopy dedup --against`: what is had already, so that only news comes
//! out.
//!
//! Documents of the input ask the index, while they are read, which of its
//! documents are worth comparing with them. Those are then part of the scan,
//! as documents of the other side: they never go, and what they have goes for
//! them. So one set of rules says what a copy is, within the input and beside
//! the index. Nothing is added to the index.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::corpus::Gathering;
use crate::cli::index::params;
use crate::document::Document;
use crate::error::Error;
use crate::index::{Index, Kin, Known};
use crate::params::Params;
use crate::read::ReadOptions;
use crate::render::name_in_index;

/// Documents that ask the index together, and of it that are loaded together.
const AT_ONCE: usize = 1000;

/// The index whose documents are not news.
pub(super) struct Seen {
    index: Index,
    name: String,
    keeps_texts: bool,
    waiting: Vec<Document>,
    /// Documents of the index that are worth comparing, and for those whose
    /// text is not kept one with the same tokens.
    met: BTreeMap<u32, Option<Box<str>>>,
    failed: Option<Error>,
}

impl Seen {
    /// Opens the index that `--against` names, if it names one.
    pub(super) fn open(against: &[String], options: &ReadOptions) -> Result<Option<Self>, Error> {
        let Some(name) = against.iter().find(|path| Index::exists(Path::new(path))) else { return Ok(None) };
        if against.len() > 1 {
            let range = "alone where it is an index; add what else there is to it, or name paths only";
            return Err(Error::param("against", name.clone(), range.to_owned()));
        }
        let index = Index::open(Path::new(name))?.with_options(options.clone());
        let keeps_texts = index.keeps_texts();
        let (waiting, met, failed) = (Vec::new(), BTreeMap::new(), None);
        Ok(Some(Self { index, name: name.clone(), keeps_texts, waiting, met, failed }))
    }

    /// Where it is, as typed.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What is there now, in words: a run that is kept is held against it.
    pub(super) fn fact(&self) -> String {
        format!("{} as of its catalogue {:016x}", self.name, self.index.version())
    }

    /// The parameters of the index; what was typed must be the same.
    pub(super) fn params(&self, typed: &Params, given: &[String]) -> Result<Params, Error> {
        let params = params::with_given(self.index.params(), typed, given);
        self.index.check_params(&params)?;
        Ok(params)
    }

    /// Takes documents of the input: they ask the index, and are handed on.
    pub(super) fn take(&mut self, documents: Vec<Document>, gathering: &mut Gathering) -> ControlFlow<()> {
        self.waiting.extend(documents);
        while self.waiting.len() >= AT_ONCE {
            let rest = self.waiting.split_off(AT_ONCE);
            let batch = std::mem::replace(&mut self.waiting, rest);
            self.hand_on(batch, gathering)?;
        }
        ControlFlow::Continue(())
    }

    /// Hands on what is left, and the documents of the index that it is to be
    /// compared with.
    pub(super) fn finish(mut self, gathering: &mut Gathering) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.waiting);
        let _ = self.hand_on(rest, gathering);
        if let Some(error) = self.failed {
            return Err(error);
        }
        let numbers: Vec<u32> = self.met.keys().copied().collect();
        for numbers in numbers.chunks(AT_ONCE) {
            let known = self.index.known(numbers)?.into_iter();
            let documents = known.filter_map(|known| beside_input(known, &mut self.met)).collect();
            if gathering.take(documents).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn hand_on(&mut self, batch: Vec<Document>, gathering: &mut Gathering) -> ControlFlow<()> {
        let kin = match self.index.kin(&batch) {
            Ok(kin) => kin,
            Err(error) => {
                self.failed.get_or_insert(error);
                return ControlFlow::Break(());
            }
        };
        for Kin { number, twin } in kin {
            let text = twin.filter(|_| !self.keeps_texts).map(|twin| batch[twin].text.as_str().into());
            let met = self.met.entry(number).or_default();
            if met.is_none() {
                *met = text;
            }
        }
        gathering.take(batch)
    }
}

/// A document of the index as one of the other side. Where its text is not at
/// hand, one with the same tokens stands in for it, and else it is left out:
/// sketches alone remove nothing.
fn beside_input(known: Known, met: &mut BTreeMap<u32, Option<Box<str>>>) -> Option<Document> {
    let Known { number, mut document, has_text } = known;
    if !has_text {
        document.text = met.get_mut(&number)?.take()?.into();
    }
    document.original_id = Some(std::mem::replace(&mut document.id, name_in_index(number)));
    document.is_against = true;
    Some(document)
}
