//! Documents in a temporary file: what is known of each, then its text.
//!
//! [`Spooler`] takes them as they are read; [`SpooledCorpus`] has them in the
//! order of their ids, as [`Corpus`](crate::document::Corpus) would, and gives
//! each out again. 16 bytes a document stay in memory. Ids are sorted outside
//! of memory too, and only documents whose ids collide are compared and, with
//! their new ids, written a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Spill;
use super::about::{decoded, encode};
use super::codec::{put_number, put_text, take_number, take_text};
use super::file::SpillFile;
use super::near::NearReads;
use super::packed::Packed;
use super::run::Record;
use super::sorter::{Sorted, Sorter};
use crate::document::{DocId, Document, Skipped, order};
use crate::error::Error;

/// Part of the budget in which ids are sorted.
const PART_FOR_IDS: u64 = 16;

/// Bytes of documents that are read at once, at most: beyond that a stretch has so
/// long ones that to ask for each by itself costs nothing beside reading it.
const MOST_TOGETHER: usize = 8 << 20;

/// Where a document lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    /// Bytes of what is known of it, which comes first.
    about: u32,
    /// Bytes of its text.
    text: u32,
}

impl Place {
    /// Bytes of the whole document.
    fn len(&self) -> usize {
        self.about as usize + self.text as usize
    }
}

/// Documents that follow each other and were read at once.
#[derive(Debug)]
pub(crate) struct ReadTogether {
    /// The number of the first.
    first: usize,
    /// Where each begins in the bytes.
    starts: Vec<usize>,
    bytes: Vec<u8>,
}

impl ReadTogether {
    fn start(&self, id: DocId) -> usize {
        self.starts[id.index() - self.first]
    }
}

/// An id and its document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    id: String,
    place: Place,
}

impl Record for Named {
    fn write(&self, out: &mut Vec<u8>) {
        put_text(out, &self.id);
        let Place { offset, about, text } = self.place;
        [offset, about.into(), text.into()].into_iter().for_each(|number| put_number(out, number));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let id = take_text(bytes)?;
        let offset = take_number(bytes)?;
        let mut size = || u32::try_from(take_number(bytes)?).ok();
        Some(Self { id, place: Place { offset, about: size()?, text: size()? } })
    }

    fn held_bytes(&self) -> usize {
        size_of::<Self>() + self.id.capacity() + 2 * size_of::<usize>()
    }
}

/// Takes documents into a temporary file.
#[derive(Debug)]
pub struct Spooler {
    spill: Spill,
    packed: Packed,
    ids: Sorter<Named>,
    count: usize,
    buffer: Vec<u8>,
}

impl Spooler {
    /// Nothing yet.
    pub fn new(spill: &Spill) -> Self {
        Self::new_in(SpillFile::new(spill), spill)
    }

    /// Nothing yet; documents are written to a file that stays.
    pub(crate) fn new_in(file: SpillFile, spill: &Spill) -> Self {
        let ids = Sorter::new(Some(spill), spill.part(PART_FOR_IDS));
        let packed = Packed::in_file(file);
        Self { spill: spill.clone(), packed, ids, count: 0, buffer: Vec::new() }
    }

    /// The budget and folder.
    pub fn spill(&self) -> &Spill {
        &self.spill
    }

    /// Takes documents.
    pub fn extend(&mut self, documents: impl IntoIterator<Item = Document>) {
        for document in documents {
            self.count += 1;
            let place = write(&document, &mut self.buffer, |record| self.packed.push(record));
            self.ids.push(Named { id: document.id, place });
        }
    }

    /// The documents in order, with distinct ids.
    ///
    /// # Errors
    ///
    /// If there are more than 32 bits can number, or a temporary file failed.
    pub fn try_finish(self, skipped: Vec<Skipped>) -> Result<SpooledCorpus, Error> {
        let Self { spill, packed, ids, count, buffer } = self;
        if u32::try_from(count).is_err() {
            return Err(Error::too_many_documents(count));
        }
        drop(buffer);
        let file = packed.into_file().expect("documents are written out under a budget alone");
        let ids = ids.finish();
        let mut places = Vec::with_capacity(count);
        let renamed = match colliding(&ids) {
            colliding if colliding.is_empty() => {
                places.extend(ids.iter().map(|named| named.place));
                0
            }
            colliding => rename(&ids, &colliding, (&file, &spill), &mut places),
        };
        spill.check()?;
        Ok(SpooledCorpus { spill, file, places, skipped, renamed, near: NearReads::default() })
    }
}

/// The ids that several documents have.
fn colliding(ids: &Sorted<Named>) -> BTreeSet<String> {
    let mut colliding = BTreeSet::new();
    let mut last: Option<Named> = None;
    for named in ids.iter() {
        match last {
            Some(last) if last.id == named.id => {
                colliding.insert(last.id);
            }
            _ => {}
        }
        last = Some(named);
    }
    colliding
}

/// Gives all but the first document of each of these ids another one, and puts
/// the places of all documents in order. How many were renamed.
fn rename(
    ids: &Sorted<Named>,
    colliding: &BTreeSet<String>,
    (file, spill): (&SpillFile, &Spill),
    places: &mut Vec<Place>,
) -> usize {
    let is_taken = |id: &str| id.rsplit_once('#').is_some_and(|(before, _)| colliding.contains(before));
    let taken: BTreeSet<String> = ids.iter().map(|named| named.id).filter(|id| is_taken(id)).collect();
    let mut of_id: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let mut all = Sorter::new(Some(spill), spill.part(PART_FOR_IDS));
    for named in ids.iter() {
        if colliding.contains(&named.id) {
            of_id.entry(named.id).or_default().push(named.place);
        } else {
            all.push(named);
        }
    }
    let mut renamed = 0;
    let mut buffer = Vec::new();
    for (id, mut places) in of_id {
        places.sort_by(|a, b| order(&read(file, *a), &read(file, *b)));
        let mut copies: u64 = 1;
        for (number, place) in places.into_iter().enumerate() {
            if number == 0 {
                all.push(Named { id: id.clone(), place });
                continue;
            }
            let new = loop {
                copies += 1;
                let new = format!("{id}#{copies}");
                if !taken.contains(&new) {
                    break new;
                }
            };
            let document = Document { id: new.clone(), original_id: Some(id.clone()), ..read(file, place) };
            all.push(Named { id: new, place: write(&document, &mut buffer, |record| file.append(record)) });
            renamed += 1;
        }
    }
    places.extend(all.finish().iter().map(|named| named.place));
    renamed
}

/// All documents of one run in the order of their ids, outside of memory.
#[derive(Debug)]
pub struct SpooledCorpus {
    spill: Spill,
    file: SpillFile,
    places: Vec<Place>,
    skipped: Vec<Skipped>,
    renamed: usize,
    near: NearReads,
}

impl SpooledCorpus {
    /// Documents of a file, by their [`Self::places`].
    pub(crate) fn of_parts(
        (file, spill): (SpillFile, &Spill),
        places: impl Iterator<Item = (u64, u32, u32)>,
        skipped: Vec<Skipped>,
        renamed: usize,
    ) -> Self {
        let places = places.map(|(offset, about, text)| Place { offset, about, text }).collect();
        Self { spill: spill.clone(), file, places, skipped, renamed, near: NearReads::default() }
    }

    /// Where each document lies: its offset, the bytes of what is known of it,
    /// and of its text behind that.
    pub(crate) fn places(&self) -> impl ExactSizeIterator<Item = (u64, u32, u32)> {
        self.places.iter().map(|place| (place.offset, place.about, place.text))
    }

    /// The file.
    pub(crate) fn file(&self) -> &SpillFile {
        &self.file
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many had the id of another one.
    pub fn renamed(&self) -> usize {
        self.renamed
    }

    /// What of the input did not become a document.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The budget and folder.
    pub fn spill(&self) -> &Spill {
        &self.spill
    }

    /// Bytes of the text of one document.
    pub fn text_len(&self, id: DocId) -> usize {
        self.places[id.index()].text as usize
    }

    /// The text of one document.
    pub fn text(&self, id: DocId) -> String {
        let Place { offset, about, text } = self.places[id.index()];
        let mut bytes = vec![0; text as usize];
        self.near.read(&self.file, offset + u64::from(about), &mut bytes);
        // Zeros are UTF-8 too, so that only what was never written is none.
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// One document.
    pub fn document(&self, id: DocId) -> Document {
        let place = self.places[id.index()];
        let mut bytes = vec![0; place.len()];
        self.near.read(&self.file, place.offset, &mut bytes);
        document_in(bytes, place)
    }

    /// One document with an empty text.
    pub fn about(&self, id: DocId) -> Document {
        self.about_at(self.places[id.index()])
    }

    fn about_at(&self, place: Place) -> Document {
        let mut bytes = vec![0; place.about as usize];
        self.near.read(&self.file, place.offset, &mut bytes);
        decoded(&mut &bytes[..]).unwrap_or_default()
    }

    /// These documents, read at once where they lie close together, as they do where
    /// ids follow the order of reading, and one after the other where they do not.
    /// Nothing, if they are too long to be held together.
    pub(crate) fn read_together(&self, documents: Range<usize>) -> Option<ReadTogether> {
        let places = &self.places[documents.clone()];
        let end = |place: &Place| place.offset + place.len() as u64;
        let first = places.iter().map(|place| place.offset).min().unwrap_or_default();
        let behind = places.iter().map(end).max().unwrap_or_default();
        let own: usize = places.iter().map(Place::len).sum();
        if own > MOST_TOGETHER {
            return None;
        }
        if behind - first <= (own + own / 4) as u64 {
            let mut bytes = vec![0; (behind - first) as usize];
            self.file.read(first, &mut bytes);
            let starts = places.iter().map(|place| (place.offset - first) as usize).collect();
            return Some(ReadTogether { first: documents.start, starts, bytes });
        }
        let mut bytes = vec![0; own];
        let mut starts = Vec::with_capacity(places.len());
        let mut start = 0;
        for place in places {
            starts.push(start);
            self.file.read(place.offset, &mut bytes[start..start + place.len()]);
            start += place.len();
        }
        Some(ReadTogether { first: documents.start, starts, bytes })
    }

    /// The text of a document out of bytes that were read together.
    pub(crate) fn text_in<'b>(&self, id: DocId, read: &'b ReadTogether) -> &'b str {
        let Place { about, text, .. } = self.places[id.index()];
        let start = read.start(id) + about as usize;
        // Zeros are UTF-8 too, so that only what was never written is none.
        std::str::from_utf8(&read.bytes[start..start + text as usize]).unwrap_or_default()
    }

    /// What is known of a document, out of the same.
    pub(crate) fn about_in(&self, id: DocId, read: &ReadTogether) -> Document {
        let start = read.start(id);
        let about = self.places[id.index()].about as usize;
        decoded(&mut &read.bytes[start..start + about]).unwrap_or_default()
    }

    /// The number of the document with this id.
    pub fn find(&self, id: &str) -> Option<DocId> {
        let found = self.places.binary_search_by(|&place| self.about_at(place).id.as_str().cmp(id));
        found.ok().map(DocId::new)
    }
}

fn read(file: &SpillFile, place: Place) -> Document {
    let mut bytes = vec![0; place.len()];
    file.read(place.offset, &mut bytes);
    document_in(bytes, place)
}

/// The document that was read from its place.
fn document_in(mut bytes: Vec<u8>, place: Place) -> Document {
    let text = bytes.split_off(place.about as usize);
    let document = decoded(&mut &bytes[..]).unwrap_or_default();
    Document { text: String::from_utf8(text).unwrap_or_default(), ..document }
}

fn write(document: &Document, buffer: &mut Vec<u8>, append: impl FnOnce(&[u8]) -> u64) -> Place {
    buffer.clear();
    encode(document, buffer);
    let about = u32::try_from(buffer.len()).expect("what is known of a document is smaller than its record");
    buffer.extend_from_slice(document.text.as_bytes());
    let text = u32::try_from(document.text.len()).expect("a document has less than 4 GiB of text");
    Place { offset: append(buffer), about, text }
}

#[cfg(test)]
mod tests;
