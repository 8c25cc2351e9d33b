//! Changes of what a catalogue lists: segments merged, packs appended to, lists
//! written anew. Each writes its files first; nothing of it counts before the
//! catalogue is written.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::catalogue::{Catalogue, FOLDERS, Listed, hexadecimal, pack_path, segment_path, sync_folder};
use super::merge::{self, Choice};
use super::pack::{self, Location, PACK_BYTES};
use super::segment;
use super::snapshot::{Snapshot, write_list};
use crate::document::{Document, Skipped};
use crate::error::Error;

/// Chooses what is not gone.
pub(super) struct Living<'s> {
    pub(super) gone: &'s [u32],
    /// Where documents lie that were moved.
    pub(super) moved: HashMap<u32, Location>,
}

impl<'s> Living<'s> {
    /// What is not gone in a snapshot.
    pub(super) fn of(snapshot: &'s Snapshot) -> Self {
        Self { gone: snapshot.gone(), moved: HashMap::new() }
    }
}

impl Choice for Living<'_> {
    fn is_kept(&self, number: u32) -> bool {
        self.gone.binary_search(&number).is_err()
    }

    fn moved(&self, number: u32) -> Option<Location> {
        self.moved.get(&number).copied()
    }
}

/// Puts the segments at these places, which follow each other, together in the
/// catalogue, without what is gone.
pub(super) fn merge_segments(
    snapshot: &Snapshot,
    catalogue: &mut Catalogue,
    places: &[usize],
    living: &Living<'_>,
) -> Result<(), Error> {
    let folder = snapshot.folder();
    let segments: Vec<&segment::Segment> = places.iter().map(|&at| &snapshot.segments()[at]).collect();
    let file = catalogue.new_file();
    let path = segment_path(folder, file);
    let (bytes, sum, documents) = merge::merge(&path, &segments, snapshot.shape, living)?;
    sync_folder(&folder.join(FOLDERS[0]))?;
    let merged: HashSet<u32> = places.iter().map(|&at| snapshot.catalogue.segments[at].file).collect();
    let at = catalogue.segments.iter().position(|listed| merged.contains(&listed.file));
    catalogue.segments.retain(|listed| !merged.contains(&listed.file));
    if documents > 0 {
        let listed = Listed { file, documents, bytes, xxh3: Some(hexadecimal(sum)) };
        catalogue.segments.insert(at.unwrap_or(catalogue.segments.len()), listed);
    }
    Ok(())
}

/// Lists as gone what is so and still in a segment that a catalogue lists and
/// that was not written anew.
pub(super) fn list_gone(snapshot: &Snapshot, catalogue: &mut Catalogue, gone: &[u32]) -> Result<(), Error> {
    let listed: HashSet<u32> = catalogue.segments.iter().map(|listed| listed.file).collect();
    let files = snapshot.catalogue.segments.iter().map(|listed| listed.file);
    let unchanged: Vec<_> =
        files.zip(snapshot.segments()).filter(|(file, _)| listed.contains(file)).collect();
    let is_in = |number: &u32| unchanged.iter().any(|(_, segment)| segment.place(*number).is_some());
    let rest: Vec<u32> = gone.iter().copied().filter(is_in).collect();
    if rest != snapshot.gone() {
        set_gone(snapshot.folder(), catalogue, &rest)?;
    }
    Ok(())
}

/// Appends documents to the last pack, or a new one; gives where they lie.
pub(super) fn append(
    folder: &Path,
    catalogue: &mut Catalogue,
    documents: &[&Document],
) -> Result<Vec<Location>, Error> {
    if catalogue.packs.last().is_none_or(|pack| pack.bytes >= PACK_BYTES) {
        let file = catalogue.new_file();
        catalogue.packs.push(Listed { file, documents: 0, bytes: 0, xxh3: None });
    }
    let keeps_texts = catalogue.keeps_texts;
    let pack = catalogue.packs.last_mut().expect("one was begun");
    let path = pack_path(folder, pack.file);
    let is_new = pack.bytes == 0;
    let (places, bytes) = pack::append(&path, pack.bytes, documents, keeps_texts)?;
    if is_new {
        sync_folder(&folder.join(FOLDERS[1]))?;
    }
    pack.bytes = bytes;
    pack.documents += documents.len() as u32;
    let number = pack.file;
    Ok(places.into_iter().map(|(offset, slot)| Location { pack: number, offset, slot }).collect())
}

/// Lists the documents that are gone, sorted, in place of those before.
pub(super) fn set_gone(folder: &Path, catalogue: &mut Catalogue, gone: &[u32]) -> Result<(), Error> {
    catalogue.gone = None;
    if !gone.is_empty() {
        let bytes: Vec<u8> = gone.iter().flat_map(|number| number.to_le_bytes()).collect();
        let file = catalogue.new_file();
        catalogue.gone = Some(write_list(folder, file, (&bytes, gone.len()))?);
    }
    Ok(())
}

/// Lists what of the input is no document, in place of what was listed.
pub(super) fn set_skipped(
    folder: &Path,
    catalogue: &mut Catalogue,
    skipped: &[(i64, Skipped)],
) -> Result<(), Error> {
    catalogue.skipped = None;
    if !skipped.is_empty() {
        let bytes = serde_json::to_vec(skipped).expect("plain fields can always be written");
        let file = catalogue.new_file();
        catalogue.skipped = Some(write_list(folder, file, (&bytes, skipped.len()))?);
    }
    Ok(())
}
