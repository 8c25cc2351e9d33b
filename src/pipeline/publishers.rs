//! Who published each document, as far as the input says, by numbers.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::attribute::outlet;
use crate::attribute::source::{declared, folder_of};
use crate::collection::Collection;
use crate::document::DocId;

/// Names that are held until they are numbered.
const AT_ONCE: usize = 1 << 13;

/// Documents that are read at the same time.
const TOGETHER: usize = 1 << 5;

/// The publishers of the documents of a collection. To bring an address or a host
/// to its registrable domain takes as long as to hash the words of a short text, so
/// it is done once; and to look at the addresses of all documents is to wait for
/// memory, so all that anybody asks of them is.
#[derive(Debug, Default)]
pub(super) struct Publishers {
    names: Vec<String>,
    /// For each document the number of its publisher, and whether that is one that
    /// the input names, not the folder it lies in.
    of_documents: Vec<(u32, bool)>,
    /// By what outlets are known that texts may give credit to.
    pub(super) named: outlet::Publishers,
}

impl Publishers {
    pub(super) fn new(corpus: Collection<'_>) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut found = Self::default();
        let of_some = |first: usize| {
            let some = first..corpus.len().min(first + TOGETHER);
            let stretch = corpus.stretch(some.clone());
            let mut named = outlet::Publishers::default();
            let of_document = |id| {
                let document = stretch.about(DocId::new(id));
                named.add(&document);
                declared(&document).map_or_else(|| (folder_of(&document), false), |name| (name, true))
            };
            (some.map(of_document).collect(), named)
        };
        for first in (0..corpus.len()).step_by(AT_ONCE) {
            let firsts = (first..corpus.len().min(first + AT_ONCE)).into_par_iter().step_by(TOGETHER);
            let (names, named): (Vec<Vec<(String, bool)>>, Vec<outlet::Publishers>) =
                firsts.map(of_some).unzip();
            named.into_iter().for_each(|named| found.named.extend(named));
            for (name, is_declared) in names.into_iter().flatten() {
                let number = numbers.get(&name).copied().unwrap_or_else(|| {
                    let number = found.names.len() as u32;
                    found.names.push(name.clone());
                    numbers.insert(name, number);
                    number
                });
                found.of_documents.push((number, is_declared));
            }
        }
        found
    }

    /// The number of a document's publisher.
    pub(super) fn of(&self, document: DocId) -> u32 {
        self.of_documents[document.index()].0
    }

    /// The publisher that the input names, where it is known here.
    pub(super) fn declared(&self, document: DocId) -> Option<&str> {
        let (number, is_declared) = *self.of_documents.get(document.index())?;
        is_declared.then(|| self.names[number as usize].as_str())
    }
}
