//! Adding to an index, batch by batch.
//!
//! A batch is written as new files (documents behind the last of a pack, a
//! segment of its own), brought to the disk, and made visible by the one
//! rename of the catalogue. What a batch that was interrupted leaves behind is
//! listed nowhere; it is removed when the next writer comes.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::answer::{self, Among, Asked};
use super::catalogue::{self, Catalogue, FOLDERS, Listed, hexadecimal, pack_path, segment_path, sync_folder};
use super::changes::{Living, append, list_gone, merge_segments, set_gone, set_skipped};
use super::folder::{begin, check, check_empty, files, lock, remove_leftovers};
use super::merge;
use super::pack;
use super::record::own_id;
use super::segment::{self, Kind};
use super::shelf::Shelf;
use super::sketches::Fresh;
use super::snapshot::Snapshot;
use super::told::Answer;
use crate::document::{Document, Skipped};
use crate::error::Error;
use crate::hash;
use crate::params::Params;
use crate::read::ReadOptions;

/// What becomes of the documents that an index has under an id that comes with
/// another text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Changed {
    /// They stay, as versions: ids that collide are told apart in reports as
    /// those of one scan are.
    #[default]
    Keep,
    /// They go.
    Replace,
}

/// How an index is made, and written to.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What decides results, if it is given: an index that is there must have
    /// been made with the same.
    pub params: Option<Params>,
    /// Whether texts are kept, if that is given.
    pub keeps_texts: Option<bool>,
    /// What becomes of documents whose id comes with another text.
    pub changed: Changed,
    /// How texts that are not kept are read again.
    pub read: ReadOptions,
}

/// The one writer of an index.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
    /// Missing where a batch was committed and its files could not be opened;
    /// the next use opens them.
    snapshot: Option<Snapshot>,
    shelf: Shelf,
    changed: Changed,
    read: ReadOptions,
}

impl Writer {
    /// Opens the index in `folder`, or makes one there, and locks out other
    /// writers.
    ///
    /// # Errors
    ///
    /// If another writer has it, it was made with other parameters, the folder
    /// has other files, or something cannot be read or written.
    pub fn open(folder: &Path, settings: &Settings) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        if !folder.join(catalogue::NAME).exists() {
            check_empty(folder)?;
        }
        let lock = lock(folder)?;
        let catalogue = if folder.join(catalogue::NAME).exists() {
            Catalogue::read(folder)?
        } else {
            begin(folder, settings)?
        };
        check(folder, &catalogue, settings)?;
        remove_leftovers(folder, &catalogue)?;
        let snapshot = Some(Snapshot::of(folder, catalogue)?);
        let Settings { changed, read, .. } = settings.clone();
        let shelf = Shelf::new();
        Ok(Self { folder: folder.to_owned(), _lock: lock, snapshot, shelf, changed, read })
    }

    /// Adds documents as one batch: all of them or, on an error, none. `now` are
    /// seconds since 1970. A document that the index has with this id and text
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// If a parameter is out of its range, or something cannot be read or
    /// written; the index is then as before. Where the last thing failed, to
    /// open again what was written, the batch is there: adding it again says so.
    pub fn add(&mut self, documents: &[Document], now: i64) -> Result<Vec<Answer>, Error> {
        self.open_again()?;
        let sorted = self.sort_out(documents)?;
        let new: Vec<&Document> = sorted.new.iter().map(|&at| &documents[at]).collect();
        let mut answers: Vec<Option<Answer>> = documents.iter().map(|_| None).collect();
        let mut gone: HashSet<u32> = HashSet::new();
        let first = self.snapshot().catalogue.next_document;
        if !new.is_empty() {
            let ids: Vec<u128> = sorted.new.iter().map(|&at| sorted.ids[at]).collect();
            let mut shelf = std::mem::take(&mut self.shelf);
            let snapshot = self.snapshot();
            let mut fresh = Fresh::new(&new, &ids, &snapshot.catalogue.params, (first, now));
            let asked = Asked {
                snapshot,
                documents: &new,
                fresh: &fresh,
                among: Among::EachOther,
                options: &self.read,
            };
            let found = answer::answers(&asked, &mut shelf);
            self.shelf = shelf;
            let found = found?;
            for ((number, answer), (&at, versions)) in
                (first..).zip(found).zip(sorted.new.iter().zip(&sorted.versions))
            {
                let replaces = self.changed == Changed::Replace && !versions.is_empty();
                if replaces {
                    gone.extend(versions);
                }
                let (number, versions) = (Some(number), versions.clone());
                answers[at] = Some(Answer { number, versions, replaces, ..answer });
            }
            let written = self.write(&new, &mut fresh, &gone);
            if written.is_err() {
                self.shelf.forget_from(first);
                self.give_back();
            }
            written?;
        }
        for (at, number) in sorted.known {
            answers[at] = Some(answer::known(&documents[at], number));
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// Keeps what of the input is no document, for reports.
    ///
    /// # Errors
    ///
    /// If something cannot be read or written.
    pub fn skip(&mut self, skipped: &[Skipped], now: i64) -> Result<(), Error> {
        self.open_again()?;
        let mut all = self.snapshot().skipped()?;
        let before = all.len();
        let mut known: BTreeSet<Skipped> = all.iter().map(|(_, skipped)| skipped.clone()).collect();
        let new = skipped.iter().filter(|skipped| known.insert((*skipped).clone()));
        all.extend(new.map(|skipped| (now, skipped.clone())));
        if all.len() == before {
            return Ok(());
        }
        let mut catalogue = self.snapshot().catalogue.clone();
        set_skipped(&self.folder, &mut catalogue, &all)?;
        self.commit(catalogue)
    }

    /// Opens the files of the index, where that failed behind a commit.
    pub(super) fn open_again(&mut self) -> Result<(), Error> {
        if self.snapshot.is_none() {
            self.snapshot = Some(Snapshot::of(&self.folder, Catalogue::read(&self.folder)?)?);
        }
        Ok(())
    }

    /// The index as it is now.
    pub(super) fn snapshot(&self) -> &Snapshot {
        self.snapshot
            .as_ref()
            .expect("it is opened first, and what fails to do so behind a commit ends the use")
    }

    /// Where the index is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which documents are new.
    fn sort_out(&self, documents: &[Document]) -> Result<Sorted, Error> {
        let first = self.snapshot().catalogue.next_document;
        let ids: Vec<u128> = documents.iter().map(|document| hash::id(own_id(document))).collect();
        let mut sorted = Sorted { new: Vec::new(), versions: Vec::new(), known: Vec::new(), ids };
        // By id: texts of this batch, with their numbers.
        let mut of_batch: HashMap<u128, Vec<(u128, u32)>> = HashMap::new();
        let same = self.snapshot().with_digests(Kind::Ids, &sorted.ids, |row| row.id)?;
        for (at, (document, rows)) in documents.iter().zip(same).enumerate() {
            let (id, text) = (sorted.ids[at], hash::text(&document.text));
            let mut versions: Vec<(u128, u32)> =
                rows.iter().map(|(number, row)| (row.text, *number)).collect();
            let added = of_batch.entry(id).or_default();
            versions.extend(added.iter().copied());
            match versions.iter().find(|(other, _)| *other == text) {
                Some(&(_, number)) => sorted.known.push((at, number)),
                None => {
                    added.push((text, first + sorted.new.len() as u32));
                    sorted.new.push(at);
                    sorted.versions.push(versions.into_iter().map(|(_, number)| number).collect());
                }
            }
        }
        Ok(sorted)
    }

    /// Writes new documents and commits them; before that, merges what is due,
    /// so that an error leaves the batch out.
    fn write(&mut self, new: &[&Document], fresh: &mut Fresh, gone: &HashSet<u32>) -> Result<(), Error> {
        self.merge_due()?;
        let snapshot = self.snapshot();
        let mut catalogue = snapshot.catalogue.clone();
        let places = append(&self.folder, &mut catalogue, new)?;
        for (row, location) in fresh.contents.rows.iter_mut().zip(places) {
            row.location = location;
        }
        let file = catalogue.new_file();
        let path = segment_path(&self.folder, file);
        let (bytes, sum) = segment::write(&path, &fresh.contents, snapshot.shape)?;
        sync_folder(&self.folder.join(FOLDERS[0]))?;
        let documents = new.len() as u32;
        catalogue.segments.push(Listed { file, documents, bytes, xxh3: Some(hexadecimal(sum)) });
        catalogue.next_document = catalogue.next_document.checked_add(documents).ok_or_else(|| {
            Error::format(&self.folder, None, "has numbered 2^32 documents; begin another index")
        })?;
        if !gone.is_empty() {
            let mut all: Vec<u32> = snapshot.gone().iter().chain(gone).copied().collect();
            all.sort_unstable();
            all.dedup();
            set_gone(&self.folder, &mut catalogue, &all)?;
        }
        self.commit(catalogue)
    }

    /// Gives back the room that a batch took which could not be written, if the
    /// catalogue is still the one of before. What fails here is left to the next
    /// writer.
    fn give_back(&self) {
        let Some(Snapshot { catalogue, .. }) = &self.snapshot else { return };
        if Catalogue::read(&self.folder).is_ok_and(|there| there == *catalogue) {
            let _ = remove_leftovers(&self.folder, catalogue);
            if let Some(pack) = catalogue.packs.last() {
                let _ = pack::cut_off(&pack_path(&self.folder, pack.file), pack.bytes);
            }
        }
    }

    /// Merges segments as long as there are some of one size.
    fn merge_due(&mut self) -> Result<(), Error> {
        loop {
            let snapshot = self.snapshot();
            let sizes: Vec<u32> = snapshot.catalogue.segments.iter().map(|listed| listed.documents).collect();
            let Some(from) = merge::due(&sizes) else { return Ok(()) };
            let mut catalogue = snapshot.catalogue.clone();
            let places: Vec<usize> = (from..sizes.len()).collect();
            merge_segments(snapshot, &mut catalogue, &places, &Living::of(snapshot))?;
            list_gone(snapshot, &mut catalogue, snapshot.gone())?;
            self.commit(catalogue)?;
        }
    }

    /// Makes a catalogue the one that counts, and removes what it no longer
    /// lists.
    pub(super) fn commit(&mut self, catalogue: Catalogue) -> Result<(), Error> {
        catalogue.commit(&self.folder)?;
        let snapshot = self.snapshot.take().expect("what is committed was made of it");
        let before = files(&self.folder, &snapshot.catalogue);
        let after = files(&self.folder, &catalogue);
        self.snapshot = Some(snapshot.advance(catalogue)?);
        for path in before.difference(&after) {
            // A file that stays is removed by the next writer.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

/// Which documents of a batch are new.
struct Sorted {
    /// Places of new documents.
    new: Vec<usize>,
    /// For each of them the numbers of others with its id.
    versions: Vec<Vec<u32>>,
    /// Places of known documents, with their numbers.
    known: Vec<(usize, u32)>,
    /// Digests of all ids.
    ids: Vec<u128>,
}
