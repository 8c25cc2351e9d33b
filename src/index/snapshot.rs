//! An index as it was at one moment, for reading.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::blocks::{broken, le};
use super::catalogue::{Catalogue, Listed, hexadecimal, list_path, pack_path, segment_path};
use super::pack::{Location, Pack, Unpacker};
use super::record::own_id;
use super::segment::{Kind, Row, Segment, Shape, digest_key};
use super::sketches;
use super::table::Found;
use crate::document::{Document, Skipped};
use crate::error::Error;
use crate::hash;
use crate::read::{self, ReadOptions};

/// How often a folder is looked at again whose files went while they were
/// opened: each time a writer has committed in between.
const MAX_TRIES: usize = 20;

/// The files of an index, opened.
#[derive(Debug)]
pub(super) struct Snapshot {
    folder: PathBuf,
    pub(super) catalogue: Catalogue,
    pub(super) shape: Shape,
    segments: Vec<Segment>,
    packs: BTreeMap<u32, Pack>,
    /// Numbers of the documents that are gone, sorted.
    gone: Vec<u32>,
}

/// Documents that are handed on together where all are asked for.
const AT_ONCE: u32 = 4096;

/// A document of the index with its number; the text is missing where it is
/// not kept and could not be read again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Loaded {
    pub(super) number: u32,
    pub(super) document: Document,
    pub(super) has_text: bool,
}

impl Snapshot {
    /// Opens the index in `folder` as it is now.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        for _ in 1..MAX_TRIES {
            let catalogue = Catalogue::read(folder)?;
            match Self::of(folder, catalogue) {
                Err(error) if error.is_not_found() => {}
                opened => return opened,
            }
        }
        Self::of(folder, Catalogue::read(folder)?)
    }

    /// Opens the files that a catalogue lists.
    pub(super) fn of(folder: &Path, catalogue: Catalogue) -> Result<Self, Error> {
        Self::with(folder, catalogue, HashMap::new())
    }

    /// The same after a commit, without opening again what is open.
    pub(super) fn advance(self, catalogue: Catalogue) -> Result<Self, Error> {
        let files = self.catalogue.segments.iter().map(|listed| listed.file);
        let open = files.zip(self.segments).collect();
        Self::with(&self.folder, catalogue, open)
    }

    fn with(folder: &Path, catalogue: Catalogue, mut open: HashMap<u32, Segment>) -> Result<Self, Error> {
        let shape = sketches::shape(&catalogue.params);
        let segment = |listed: &Listed| {
            if let Some(segment) = open.remove(&listed.file) {
                return Ok(segment);
            }
            open_segment(folder, listed, shape)
        };
        let segments = catalogue.segments.iter().map(segment).collect::<Result<_, Error>>()?;
        let pack =
            |listed: &Listed| Ok((listed.file, Pack::open(&pack_path(folder, listed.file), listed.bytes)?));
        let packs = catalogue.packs.iter().map(pack).collect::<Result<_, Error>>()?;
        let gone = match &catalogue.gone {
            None => Vec::new(),
            Some(listed) => {
                let bytes = read_list(folder, listed)?;
                bytes.chunks_exact(4).map(|number| u32::from_le_bytes(le(number))).collect()
            }
        };
        Ok(Self { folder: folder.to_owned(), catalogue, shape, segments, packs, gone })
    }

    /// Where the index is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its segments, in the order of their documents.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// How many documents it has.
    pub(super) fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.len() as usize).sum::<usize>() - self.gone.len()
    }

    /// The numbers of documents that are gone but still in segments, sorted.
    pub(super) fn gone(&self) -> &[u32] {
        &self.gone
    }

    /// Whether a document is gone.
    pub(super) fn is_gone(&self, number: u32) -> bool {
        self.gone.binary_search(&number).is_ok()
    }

    /// What of the input is no document.
    pub(super) fn skipped(&self) -> Result<Vec<(i64, Skipped)>, Error> {
        let Some(listed) = &self.catalogue.skipped else { return Ok(Vec::new()) };
        let bytes = read_list(&self.folder, listed)?;
        serde_json::from_slice(&bytes)
            .map_err(|_| broken(&list_path(&self.folder, listed.file), "cannot be understood"))
    }

    /// The row of a document.
    pub(super) fn row(&self, number: u32) -> Result<Row, Error> {
        let (segment, place) = self.find(number)?;
        segment.row(place)
    }

    /// The packed signature of a document.
    pub(super) fn signature(&self, number: u32) -> Result<Vec<u64>, Error> {
        let (segment, place) = self.find(number)?;
        segment.signatures(place, place + 1)
    }

    fn find(&self, number: u32) -> Result<(&Segment, u32), Error> {
        let begins = |segment: &Segment| segment.runs().first().is_some_and(|run| run.0 <= number);
        let at = self.segments.partition_point(begins).checked_sub(1);
        let found = at.and_then(|at| Some((&self.segments[at], self.segments[at].place(number)?)));
        found.ok_or_else(|| broken(&self.folder, &format!("lacks document {number} that its tables name")))
    }

    /// For each of some digests the documents that have it, of the first so many
    /// that share the key it is looked up by, with their rows, by number. Keys
    /// are looked up in their order, so that a block with several is read once.
    pub(super) fn with_digests(
        &self,
        kind: Kind,
        digests: &[u128],
        of: impl Fn(&Row) -> u128,
    ) -> Result<Vec<Vec<(u32, Row)>>, Error> {
        let mut order: Vec<usize> = (0..digests.len()).collect();
        order.sort_unstable_by_key(|&at| digests[at]);
        let mut found = Found::default();
        let mut documents = vec![Vec::new(); digests.len()];
        for segment in &self.segments {
            let mut reader = segment.reader(kind);
            for &at in &order {
                reader.find(digest_key(digests[at]), &mut found)?;
                for &(place, _) in &found.entries {
                    let row = segment.row(place)?;
                    let number = segment.number(place).filter(|&number| !self.is_gone(number));
                    let same = number.filter(|_| of(&row) == digests[at]);
                    documents[at].extend(same.map(|number| (number, row)));
                }
            }
        }
        Ok(documents)
    }

    /// All documents with their rows, by number.
    pub(super) fn rows(&self) -> Result<Vec<(u32, Row)>, Error> {
        let mut all = Vec::with_capacity(self.len());
        for segment in &self.segments {
            for (place, row) in (0..).zip(segment.rows(0, segment.len())?) {
                let number = segment.number(place).filter(|&number| !self.is_gone(number));
                all.extend(number.map(|number| (number, row)));
            }
        }
        Ok(all)
    }

    /// Hands on all documents with their texts, some at a time. Where texts are not
    /// kept, what else is known of all documents is in memory meanwhile.
    pub(super) fn each(
        &self,
        options: &ReadOptions,
        take: &mut (dyn FnMut(Vec<Loaded>) -> Result<(), Error> + Send),
    ) -> Result<(), Error> {
        let mut without_text = Vec::new();
        for segment in &self.segments {
            for from in (0..segment.len()).step_by(AT_ONCE as usize) {
                let rows = segment.rows(from, segment.len().min(from + AT_ONCE))?;
                let number = |place| segment.number(place).filter(|&number| !self.is_gone(number));
                let named: Vec<(u32, Row)> =
                    (from..).zip(rows).filter_map(|(place, row)| Some((number(place)?, row))).collect();
                let loaded = self.unpack(&named)?;
                if self.catalogue.keeps_texts {
                    take(loaded)?;
                } else {
                    without_text.extend(loaded.into_iter().zip(named));
                }
            }
        }
        if without_text.is_empty() {
            return Ok(());
        }
        let (loaded, named): (Vec<Loaded>, Vec<(u32, Row)>) = without_text.into_iter().unzip();
        let mut is_found = vec![false; loaded.len()];
        let mut taken = Ok(());
        reread(&loaded, &named, options, &mut |found| {
            let with_text = |(at, text): (usize, String)| {
                is_found[at] = true;
                loaded[at].clone().with_text(text)
            };
            taken = take(found.into_iter().map(with_text).collect());
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        taken?;
        take(loaded.into_iter().zip(is_found).filter(|(_, is_found)| !is_found).map(|(one, _)| one).collect())
    }

    /// Documents with their texts, in the order in which they are named: texts
    /// that are not kept are read again where they came from.
    pub(super) fn load(&self, named: &[(u32, Row)], options: &ReadOptions) -> Result<Vec<Loaded>, Error> {
        let mut loaded = self.unpack(named)?;
        if !self.catalogue.keeps_texts {
            let mut texts = Vec::new();
            reread(&loaded, named, options, &mut |found| {
                texts.extend(found);
                ControlFlow::Continue(())
            });
            for (at, text) in texts {
                let without = std::mem::take(&mut loaded[at]);
                loaded[at] = without.with_text(text);
            }
        }
        Ok(loaded)
    }

    /// Documents as the packs have them, in the order in which they are named.
    /// Each block of a pack is unpacked once.
    pub(super) fn unpack(&self, named: &[(u32, Row)]) -> Result<Vec<Loaded>, Error> {
        let mut order: Vec<usize> = (0..named.len()).collect();
        order.sort_unstable_by_key(|&at| named[at].1.location);
        let blocks: Vec<&[usize]> = order
            .chunk_by(|&a, &b| {
                let (a, b): (Location, Location) = (named[a].1.location, named[b].1.location);
                (a.pack, a.offset) == (b.pack, b.offset)
            })
            .collect();
        let unpack = |unpacker: &mut Unpacker, block: &&[usize]| -> Result<Vec<(usize, Document)>, Error> {
            let Location { pack, offset, .. } = named[block[0]].1.location;
            let slots: Vec<u16> = block.iter().map(|&at| named[at].1.location.slot).collect();
            let found = self.packs.get(&pack);
            let pack =
                found.ok_or_else(|| broken(&pack_path(&self.folder, pack), "is not in the catalogue"))?;
            Ok(block.iter().copied().zip(pack.documents(offset, &slots, unpacker)?).collect())
        };
        let unpacked: Vec<Result<_, Error>> = blocks.par_iter().map_init(Unpacker::default, unpack).collect();
        let mut loaded: Vec<Option<Loaded>> = named.iter().map(|_| None).collect();
        for block in unpacked {
            for (at, document) in block? {
                let number = named[at].0;
                loaded[at] = Some(Loaded { number, document, has_text: self.catalogue.keeps_texts });
            }
        }
        Ok(loaded.into_iter().flatten().collect())
    }
}

impl Loaded {
    fn with_text(self, text: String) -> Self {
        Self { document: Document { text, ..self.document }, has_text: true, ..self }
    }
}

/// What hears of texts that were found, by the places of their documents.
type Finder<'f> = dyn FnMut(Vec<(usize, String)>) -> ControlFlow<()> + Send + 'f;

/// Reads the texts of documents again where they were read from.
fn reread(loaded: &[Loaded], named: &[(u32, Row)], options: &ReadOptions, find: &mut Finder<'_>) {
    let mut by_path: BTreeMap<&str, HashMap<(u128, u128), usize>> = BTreeMap::new();
    for (at, (document, (_, row))) in loaded.iter().zip(named).enumerate() {
        if &*document.document.path != "-" {
            by_path.entry(&document.document.path).or_default().insert((row.id, row.text), at);
        }
    }
    let mut is_over = false;
    for (path, mut wanted) in by_path {
        let mut take = |documents: Vec<Document>| {
            let found = documents.into_iter().filter_map(|document| {
                let key = (hash::id(own_id(&document)), hash::text(&document.text));
                Some((wanted.remove(&key)?, document.text))
            });
            is_over = find(found.collect()).is_break();
            if is_over || wanted.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        // What cannot be read any more has no text.
        let options = ReadOptions { against: Vec::new(), ..options.clone() };
        let _ = read::read_paths_to(&[path.to_owned()], &options, &(), &mut take);
        if is_over {
            break;
        }
    }
}

/// Opens a segment that the catalogue lists.
pub(super) fn open_segment(folder: &Path, listed: &Listed, shape: Shape) -> Result<Segment, Error> {
    let path = segment_path(folder, listed.file);
    let segment = Segment::open(&path, shape)?;
    let file = segment.file();
    let is_listed = Some(hexadecimal(file.sum)) == listed.xxh3 && file.length == listed.bytes;
    if is_listed { Ok(segment) } else { Err(broken(&path, "is another file than the catalogue lists")) }
}

/// Reads a list file and checks it.
pub(super) fn read_list(folder: &Path, listed: &Listed) -> Result<Vec<u8>, Error> {
    let path = list_path(folder, listed.file);
    let bytes = std::fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
    let is_listed =
        Some(hexadecimal(hash::checksum(&bytes))) == listed.xxh3 && bytes.len() as u64 == listed.bytes;
    if is_listed { Ok(bytes) } else { Err(broken(&path, "is not as it was written")) }
}

/// Writes a list file; gives how it is listed.
pub(super) fn write_list(
    folder: &Path,
    file: u32,
    (bytes, entries): (&[u8], usize),
) -> Result<Listed, Error> {
    super::catalogue::write_whole(&list_path(folder, file), bytes)?;
    Ok(Listed {
        file,
        documents: entries as u32,
        bytes: bytes.len() as u64,
        xxh3: Some(hexadecimal(hash::checksum(bytes))),
    })
}

impl Error {
    /// Whether a file is not there.
    fn is_not_found(&self) -> bool {
        let source = std::error::Error::source(self).and_then(|source| source.downcast_ref::<io::Error>());
        source.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    }
}
