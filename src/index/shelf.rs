//! Documents of the index that were met lately, unpacked.
//!
//! Batches of one feed meet the same documents again and again: those that were
//! the first to have a standing passage, and those that came shortly before. To
//! read one is to unpack its whole block, and to look for its credits takes as
//! long as to compare it once, so a writer keeps both of those it met or added
//! last. They are taken off the shelf while they are compared and put back
//! behind that, so that no text is copied. Credits are few, so that they stay
//! longer than texts. Documents that are prepared for comparison take seven
//! times their text; to keep those met often took no time off. Nothing
//! depends on what is kept.

use std::collections::{BTreeMap, HashMap};

use super::segment::Row;
use super::snapshot::{Loaded, Snapshot};
use crate::document::Document;
use crate::error::Error;
use crate::read::ReadOptions;
use crate::report::Credit;

/// Bytes of documents that a writer keeps: two thirds of the texts of 170,000.
/// Half of that took 4 per cent more time for these, and 120 MB less.
const ROOM: usize = 256 << 20;

/// Bytes of credits that are kept of documents whose texts are not: those of a
/// hundred thousand that have none, or of ten thousand with ten.
const ROOM_FOR_CREDITS: usize = 16 << 20;

/// Bytes that the credits of a document take if it has none, about.
const NO_CREDITS: usize = 64;

/// Bytes that a document takes beside its text, about.
const BESIDE: usize = 512;

/// The same of a credit.
const BESIDE_A_CREDIT: usize = 256;

/// A document under its own id, with the credits that its text has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Met {
    pub(super) document: Document,
    /// Nothing where nobody asked for them yet.
    pub(super) credits: Option<Vec<Credit>>,
}

/// What is known of a document that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Taken {
    pub(super) loaded: Loaded,
    /// Its credits, if they were looked for already.
    pub(super) credits: Option<Vec<Credit>>,
}

/// The documents that were met lately, by number, each with the batch that met
/// it last.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    shelved: BTreeMap<u32, (Met, u64)>,
    room: usize,
    bytes: usize,
    batch: u64,
    left: Left,
}

/// The credits of documents whose texts are no longer kept, by number.
#[derive(Debug, Default)]
struct Left {
    credits: BTreeMap<u32, Vec<Credit>>,
    bytes: usize,
}

impl Left {
    /// Takes those of a document out, if they are there.
    fn take(&mut self, number: u32) -> Option<Vec<Credit>> {
        let credits = self.credits.remove(&number)?;
        self.bytes -= bytes_of_credits(&credits);
        Some(credits)
    }

    /// Keeps those of a document that is not there; where there is no room, those
    /// that were added first go.
    fn put(&mut self, number: u32, credits: Vec<Credit>) {
        self.bytes += bytes_of_credits(&credits);
        self.credits.insert(number, credits);
        while self.bytes > ROOM_FOR_CREDITS
            && let Some((_, credits)) = self.credits.pop_first()
        {
            self.bytes -= bytes_of_credits(&credits);
        }
    }

    /// Drops those of documents with this number and above.
    fn forget_from(&mut self, number: u32) {
        let gone = self.credits.split_off(&number);
        self.bytes -= gone.values().map(|credits| bytes_of_credits(credits)).sum::<usize>();
    }
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
    /// [`Snapshot::load`] gives them; they are no longer on the shelf then.
    pub(super) fn take(
        &mut self,
        snapshot: &Snapshot,
        named: &[(u32, Row)],
        options: &ReadOptions,
    ) -> Result<Vec<Taken>, Error> {
        let is_missing = |(number, _): &&(u32, Row)| !self.shelved.contains_key(number);
        let missing: Vec<(u32, Row)> = named.iter().filter(is_missing).copied().collect();
        let mut read: HashMap<u32, Loaded> =
            snapshot.load(&missing, options)?.into_iter().map(|loaded| (loaded.number, loaded)).collect();
        let mut all = Vec::with_capacity(named.len());
        for &(number, _) in named {
            if let Some(loaded) = read.remove(&number) {
                all.push(Taken { loaded, credits: self.left.take(number) });
            } else if let Some((met, _)) = self.shelved.remove(&number) {
                self.bytes -= bytes_of(&met);
                let loaded = Loaded { number, document: met.document, has_text: true };
                all.push(Taken { loaded, credits: met.credits });
            }
        }
        Ok(all)
    }

    /// Puts back what a batch met, and what it was, by number; drops what was met
    /// longest ago, until there is room. Where texts are not kept, nothing is put
    /// here: they may change where they are.
    pub(super) fn put(&mut self, met: impl IntoIterator<Item = (u32, Met)>) {
        if self.room == 0 {
            return;
        }
        self.batch += 1;
        for (number, met) in met {
            self.bytes += bytes_of(&met);
            if let Some((before, _)) = self.shelved.insert(number, (met, self.batch)) {
                self.bytes -= bytes_of(&before);
            }
        }
        self.make_room();
    }

    /// Drops documents with this number and above: a batch that was not written.
    pub(super) fn forget_from(&mut self, number: u32) {
        let gone = self.shelved.split_off(&number);
        self.bytes -= gone.values().map(|(met, _)| bytes_of(met)).sum::<usize>();
        self.left.forget_from(number);
    }

    fn make_room(&mut self) {
        if self.bytes <= self.room {
            return;
        }
        let mut order: Vec<(u64, u32)> =
            self.shelved.iter().map(|(&number, (_, batch))| (*batch, number)).collect();
        order.sort_unstable();
        for (_, number) in order {
            if self.bytes <= self.room {
                break;
            }
            if let Some((met, _)) = self.shelved.remove(&number) {
                self.bytes -= bytes_of(&met);
                if let Some(credits) = met.credits {
                    self.left.put(number, credits);
                }
            }
        }
    }
}

fn bytes_of_credits(credits: &[Credit]) -> usize {
    NO_CREDITS + BESIDE_A_CREDIT * credits.len()
}

fn bytes_of(met: &Met) -> usize {
    met.document.text.len() + BESIDE + BESIDE_A_CREDIT * met.credits.as_ref().map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
        let mut met = BTreeSet::new();
        for (named, kept) in [
            (&[0, 1, 2][..], &[1, 2, 3][..]),
            (&[4, 1], &[1, 2, 3, 5]),
            (&[6, 0, 7], &[1, 5, 7, 8]),
            (&[0, 1, 2, 3, 4, 5, 6, 7], &[5, 6, 7, 8]),
        ] {
            let named: Vec<(u32, Row)> = named.iter().map(|&at| rows[at]).collect();
            let expected = snapshot.load(&named, &options).unwrap();
            let on_shelf = |(number, _): &(u32, Row)| shelf.shelved.contains_key(number);
            let were_kept: Vec<bool> = named.iter().map(on_shelf).collect();
            let taken = shelf.take(snapshot, &named, &options).unwrap();
            // Credits are known of all that was there before.
            let has_credits: Vec<bool> = taken.iter().map(|taken| taken.credits.is_some()).collect();
            let were_met: Vec<bool> = named.iter().map(|(number, _)| !met.insert(*number)).collect();
            assert_eq!(has_credits, were_met);
            assert!(were_kept.iter().zip(&were_met).all(|(kept, met)| !kept || *met));
            let loaded: Vec<Loaded> = taken.into_iter().map(|taken| taken.loaded).collect();
            assert_eq!(loaded, expected);
            let met = |Loaded { number, document, .. }| (number, Met { document, credits: Some(Vec::new()) });
            shelf.put(loaded.into_iter().map(met));
            assert_eq!(shelf.shelved.keys().copied().collect::<Vec<_>>(), kept);
        }
        shelf.forget_from(7);
        assert_eq!(shelf.shelved.keys().copied().collect::<Vec<_>>(), [5, 6]);
        assert_eq!(shelf.bytes, 2 * (BESIDE + 6));
        assert_eq!(shelf.left.credits.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(shelf.left.bytes, 4 * NO_CREDITS);
    }
}
