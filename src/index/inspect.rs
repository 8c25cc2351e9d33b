//! What an index holds, and whether all of it is as it was written.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::blocks::broken;
use super::catalogue::{Catalogue, Listed, pack_path};
use super::pack::{Pack, Unpacker};
use super::reader::Index;
use super::record::{decode, own_id};
use super::segment::{Kind, Row, Segment};
use super::sketches;
use super::snapshot::{Snapshot, open_segment, read_list};
use crate::error::Error;
use crate::hash;
use crate::params::Params;

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexStats {
    /// Documents.
    pub documents: usize,
    /// Documents that are gone and not yet tidied up.
    pub gone: usize,
    /// Records of the input that are no documents.
    pub skipped: usize,
    /// Bytes of the texts.
    pub bytes: u64,
    /// Segments.
    pub segments: usize,
    /// Bytes of them on disk.
    pub segment_bytes: u64,
    /// Packs of documents.
    pub packs: usize,
    /// Bytes of them on disk.
    pub pack_bytes: u64,
    /// Bytes on disk for a document, beside packs.
    pub bytes_a_document: f64,
    /// Bytes that are held in memory to look documents up.
    pub resident_bytes: usize,
    /// Whether texts are kept.
    pub keeps_texts: bool,
    /// When the first and the last document was added, in seconds since 1970.
    pub added: Option<(i64, i64)>,
    /// What decides results.
    pub params: Params,
}

impl Index {
    /// What the index holds.
    ///
    /// # Errors
    ///
    /// If something cannot be read.
    pub fn stats(&self) -> Result<IndexStats, Error> {
        let Snapshot { catalogue, .. } = &self.snapshot;
        let rows = self.snapshot.rows()?;
        let sum = |listed: &[Listed]| listed.iter().map(|listed| listed.bytes).sum::<u64>();
        let lists: u64 = [&catalogue.gone, &catalogue.skipped].into_iter().flatten().map(|l| l.bytes).sum();
        let segment_bytes = sum(&catalogue.segments);
        let times = || rows.iter().map(|(_, row)| row.added);
        Ok(IndexStats {
            documents: rows.len(),
            gone: self.snapshot.gone().len(),
            skipped: self.snapshot.skipped()?.len(),
            bytes: rows.iter().map(|(_, row)| u64::from(row.bytes)).sum(),
            segments: catalogue.segments.len(),
            segment_bytes,
            packs: catalogue.packs.len(),
            pack_bytes: sum(&catalogue.packs),
            bytes_a_document: (segment_bytes + lists) as f64 / rows.len().max(1) as f64,
            resident_bytes: self.snapshot.segments().iter().map(Segment::resident_bytes).sum(),
            keeps_texts: catalogue.keeps_texts,
            added: times().min().zip(times().max()),
            params: catalogue.params.clone(),
        })
    }
}

/// Reads all of the index in `folder` and names what is not as it was written:
/// every checksum, every place that is named, and every text against its
/// digest.
///
/// # Errors
///
/// If the catalogue cannot be read, since nothing is known then.
pub fn verify(folder: &Path) -> Result<Vec<Error>, Error> {
    let catalogue = Catalogue::read(folder)?;
    let shape = sketches::shape(&catalogue.params);
    let mut problems = Vec::new();
    let mut rows: Vec<(u32, Row)> = Vec::new();
    let check = |listed: &Listed| -> Result<Vec<(u32, Row)>, Error> {
        check_segment(&open_segment(folder, listed, shape)?, listed)
    };
    let checked: Vec<Result<_, Error>> = catalogue.segments.par_iter().map(check).collect();
    for checked in checked {
        match checked {
            Ok(of_segment) => rows.extend(of_segment),
            Err(error) => problems.push(error),
        }
    }
    if !rows.is_sorted_by(|a, b| a.0 < b.0)
        || rows.last().is_some_and(|last| last.0 >= catalogue.next_document)
    {
        problems.push(broken(folder, "has segments that do not follow each other"));
    }
    let mut gone = Vec::new();
    for listed in [&catalogue.gone, &catalogue.skipped].into_iter().flatten() {
        match read_list(folder, listed) {
            Ok(bytes) if Some(listed) == catalogue.gone.as_ref() => gone = bytes,
            Ok(_) => {}
            Err(error) => problems.push(error),
        }
    }
    let gone: Vec<u32> =
        gone.chunks_exact(4).map(|number| u32::from_le_bytes(super::blocks::le(number))).collect();
    rows.retain(|(number, _)| gone.binary_search(number).is_err());
    let mut by_pack: BTreeMap<u32, Vec<(u32, Row)>> = BTreeMap::new();
    rows.into_iter().for_each(|row| by_pack.entry(row.1.location.pack).or_default().push(row));
    for listed in &catalogue.packs {
        let named = by_pack.remove(&listed.file).unwrap_or_default();
        let path = pack_path(folder, listed.file);
        let checked = Pack::open(&path, listed.bytes)
            .and_then(|pack| check_pack(&pack, &path, named, catalogue.keeps_texts));
        problems.extend(checked.err());
    }
    for (pack, named) in by_pack {
        let problem = format!("is not in the catalogue, and {} documents are said to be in it", named.len());
        problems.push(broken(&pack_path(folder, pack), &problem));
    }
    Ok(problems)
}

/// Reads all of a segment; gives its rows by number.
fn check_segment(segment: &Segment, listed: &Listed) -> Result<Vec<(u32, Row)>, Error> {
    let wrong = |problem: &str| broken(segment.file().path(), problem);
    segment.file().check()?;
    if segment.len() != listed.documents {
        return Err(wrong("has another number of documents than the catalogue says"));
    }
    for kind in Kind::ALL {
        let mut reader = segment.reader(kind);
        let mut entries = Vec::new();
        for part in 0..256 {
            entries.clear();
            reader.part(part, 8, &mut entries)?;
            if !entries.is_sorted() || entries.iter().any(|entry| entry.document() >= segment.len()) {
                return Err(wrong("has a table that is not in order"));
            }
        }
    }
    let rows = segment.rows(0, segment.len())?;
    let numbers = segment.runs().iter().flat_map(|&(first, _, length)| first..first + length);
    Ok(numbers.zip(rows).collect())
}

/// Reads all of a pack, and holds the documents that are in it against their
/// rows.
fn check_pack(pack: &Pack, path: &Path, mut named: Vec<(u32, Row)>, keeps_texts: bool) -> Result<(), Error> {
    pack.check()?;
    named.sort_unstable_by_key(|(_, row)| row.location);
    let blocks: Vec<&[(u32, Row)]> =
        named.chunk_by(|a, b| a.1.location.offset == b.1.location.offset).collect();
    let check = |unpacker: &mut Unpacker, block: &&[(u32, Row)]| -> Result<(), Error> {
        let (raw, _) = pack.block(block[0].1.location.offset, unpacker)?;
        for (number, row) in *block {
            let document = decode(raw, row.location.slot);
            let is_same = document.is_some_and(|document| {
                let is_text = !keeps_texts || hash::text(&document.text) == row.text;
                is_text && hash::id(own_id(&document)) == row.id
            });
            if !is_same {
                return Err(broken(
                    path,
                    &format!("has another document than number {number}, which is said to be there"),
                ));
            }
        }
        Ok(())
    };
    blocks.par_iter().map_init(Unpacker::default, check).collect()
}
