//! Documents → those of the index that they are to be compared with.
//!
//! [`Index::query`](super::Index::query) compares a batch with the index and
//! answers. Where new documents are to be compared with each other too, and by
//! rules that look at all of them, whoever asks compares by itself: it needs
//! the documents that are worth it. Of documents with the same tokens the
//! first added stands for all.

use std::collections::{BTreeMap, HashMap};

use super::propose;
use super::reader::Index;
use super::record::own_id;
use super::segment::{Kind, Row};
use super::sketches::Fresh;
use crate::document::Document;
use crate::error::Error;
use crate::hash;

/// A document of the index that is worth comparing with new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kin {
    /// Its number in the index.
    pub number: u32,
    /// The place of a new document with the same tokens.
    pub twin: Option<usize>,
}

/// A document of the index, whose text may be missing.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its number in the index.
    pub number: u32,
    /// The document, under its own id.
    pub document: Document,
    /// Whether its text is kept, or still where it was read.
    pub has_text: bool,
}

impl Index {
    /// The documents of the index that are worth comparing with any of
    /// `documents`, by number. One with the same tokens as a new document is
    /// all that is named for that one.
    ///
    /// # Errors
    ///
    /// If something cannot be read.
    pub fn kin(&self, documents: &[Document]) -> Result<Vec<Kin>, Error> {
        let params = self.params();
        let ids: Vec<u128> = documents.iter().map(|document| hash::id(own_id(document))).collect();
        let asked: Vec<&Document> = documents.iter().collect();
        let first = self.snapshot.catalogue.next_document;
        let fresh = Fresh::new(&asked, &ids, params, (first, 0));
        let mut kin: BTreeMap<u32, Option<usize>> = BTreeMap::new();
        let mut is_compared = vec![false; documents.len()];
        let digests: Vec<u128> = fresh.rows().iter().map(|row| row.digest).collect();
        let twins = self.snapshot.with_digests(Kind::Digests, &digests, |row| row.digest)?;
        for (new, (row, twins)) in fresh.rows().iter().zip(twins).enumerate() {
            if row.tokens == 0 {
                continue;
            }
            match twins.iter().map(|(number, _)| *number).min() {
                Some(number) => {
                    kin.entry(number).or_insert(Some(new));
                }
                None => is_compared[new] = row.tokens as usize >= params.shingle_len,
            }
        }
        let proposed = propose::propose(&self.snapshot, &fresh, params)?;
        let mut stands_for: HashMap<u128, u32> = HashMap::new();
        for number in proposed.iter().filter(|(new, _)| is_compared[*new as usize]).map(|(_, number)| *number)
        {
            let Row { digest, .. } = self.snapshot.row(number)?;
            stands_for.entry(digest).and_modify(|least| *least = number.min(*least)).or_insert(number);
        }
        // In no order, into one that has one.
        #[allow(clippy::iter_over_hash_type, reason = "each goes to its place in an ordered map")]
        for number in stands_for.into_values() {
            kin.entry(number).or_insert(None);
        }
        Ok(kin.into_iter().map(|(number, twin)| Kin { number, twin }).collect())
    }

    /// The documents with these numbers, which the index has, in their order.
    ///
    /// # Errors
    ///
    /// If something cannot be read.
    pub fn known(&self, numbers: &[u32]) -> Result<Vec<Known>, Error> {
        let row = |&number: &u32| Ok((number, self.snapshot.row(number)?));
        let named: Vec<(u32, Row)> = numbers.iter().map(row).collect::<Result<_, Error>>()?;
        let loaded = self.snapshot.load(&named, &self.read)?;
        let known = |loaded: super::snapshot::Loaded| Known {
            number: loaded.number,
            document: loaded.document,
            has_text: loaded.has_text,
        };
        Ok(loaded.into_iter().map(known).collect())
    }

    /// Whether it keeps texts, or reads them again where they were.
    pub fn keeps_texts(&self) -> bool {
        self.snapshot.catalogue.keeps_texts
    }

    /// A checksum of what the index is made up of: another one after each change.
    pub fn version(&self) -> u64 {
        let json = serde_json::to_vec(&self.snapshot.catalogue).expect("plain fields can always be written");
        hash::checksum(&json)
    }

    /// Fails, with both values, unless the index was made with these
    /// parameters.
    ///
    /// # Errors
    ///
    /// If one differs.
    pub fn check_params(&self, params: &crate::params::Params) -> Result<(), Error> {
        let settings = super::Settings { params: Some(params.clone()), ..super::Settings::default() };
        super::folder::check(self.snapshot.folder(), &self.snapshot.catalogue, &settings)
    }
}
