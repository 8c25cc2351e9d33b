//! Documents of the index that were met lately, unpacked.
//!
//! Batches of one feed meet the same documents again and again: those that were
//! the first to have a standing passage. To read one is to unpack its whole
//! block, which takes longer than all else that is done with it, so a writer
//! keeps those it met last. Nothing depends on what is kept.

use std::collections::{BTreeMap, HashMap};

use super::segment::Row;
use super::snapshot::{Loaded, Snapshot};
use crate::document::Document;
use crate::error::Error;
use crate::read::ReadOptions;

/// Bytes of documents that a writer keeps. With 170,000 documents, of 2,500 that
/// a batch of a thousand meets, three in five are among them.
const ROOM: usize = 64 << 20;

/// Bytes that a document takes beside its text, about.
const BESIDE: usize = 512;

/// A document, and the batch that met it last.
#[derive(Debug)]
struct Shelved {
    document: Document,
    batch: u64,
}

/// The documents that were met lately, by number.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    shelved: BTreeMap<u32, Shelved>,
    room: usize,
    bytes: usize,
    batch: u64,
}

impl Shelf {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self { room: ROOM, ..Self::default() }
    }

    /// One that keeps nothing.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// Documents with their texts, in the order in which they are named, as
    /// [`Snapshot::load`] gives them. Texts that are not kept in the index are
    /// not kept here either: they may change where they are.
    pub(super) fn load(
        &mut self,
        snapshot: &Snapshot,
        named: &[(u32, Row)],
        options: &ReadOptions,
    ) -> Result<Vec<Loaded>, Error> {
        if self.room == 0 || !snapshot.catalogue.keeps_texts {
            return snapshot.load(named, options);
        }
        self.batch += 1;
        let is_missing = |(number, _): &&(u32, Row)| !self.shelved.contains_key(number);
        let missing: Vec<(u32, Row)> = named.iter().filter(is_missing).copied().collect();
        let mut read: HashMap<u32, Loaded> =
            snapshot.load(&missing, options)?.into_iter().map(|loaded| (loaded.number, loaded)).collect();
        let mut all = Vec::with_capacity(named.len());
        for &(number, _) in named {
            if let Some(loaded) = read.remove(&number) {
                self.put(number, &loaded.document);
                all.push(loaded);
            } else if let Some(shelved) = self.shelved.get_mut(&number) {
                shelved.batch = self.batch;
                all.push(Loaded { number, document: shelved.document.clone(), has_text: true });
            }
        }
        self.make_room();
        Ok(all)
    }

    fn put(&mut self, number: u32, document: &Document) {
        self.bytes += bytes_of(document);
        self.shelved.insert(number, Shelved { document: document.clone(), batch: self.batch });
    }

    /// Drops what was met longest ago, until there is room.
    fn make_room(&mut self) {
        if self.bytes <= self.room {
            return;
        }
        let mut order: Vec<(u64, u32)> =
            self.shelved.iter().map(|(&number, shelved)| (shelved.batch, number)).collect();
        order.sort_unstable();
        for (_, number) in order {
            if self.bytes <= self.room {
                break;
            }
            if let Some(shelved) = self.shelved.remove(&number) {
                self.bytes -= bytes_of(&shelved.document);
            }
        }
    }
}

fn bytes_of(document: &Document) -> usize {
    document.text.len() + BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Settings, Writer};

    #[test]
    fn what_was_met_last_is_kept_and_is_what_the_index_has() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(&folder.path().join("index"), &Settings::default()).unwrap();
        let document =
            |n: usize| Document { id: n.to_string(), text: format!("text {n}"), ..Document::default() };
        let documents: Vec<Document> = (0..10).map(document).collect();
        writer.add(&documents, 0).unwrap();
        let snapshot = writer.snapshot();
        let rows = snapshot.rows().unwrap();
        let mut shelf = Shelf { room: 4 * (BESIDE + 6), ..Shelf::default() };
        let options = ReadOptions::default();
        for (named, kept) in [
            (&[0, 1, 2][..], &[1, 2, 3][..]),
            (&[4, 1], &[1, 2, 3, 5]),
            (&[6, 0, 7], &[1, 5, 7, 8]),
            (&[0, 1, 2, 3, 4, 5, 6, 7], &[5, 6, 7, 8]),
        ] {
            let named: Vec<(u32, Row)> = named.iter().map(|&at| rows[at]).collect();
            let expected = snapshot.load(&named, &options).unwrap();
            let loaded = shelf.load(snapshot, &named, &options).unwrap();
            assert_eq!(loaded, expected);
            assert_eq!(shelf.shelved.keys().copied().collect::<Vec<_>>(), kept);
        }
    }
}
