//! Pruning, and what pruning leaves to be tidied up.

use std::collections::{BTreeMap, HashMap};

use super::catalogue::{Catalogue, Listed};
use super::changes::{Living, append, list_gone, merge_segments, set_skipped};
use super::segment::Row;
use super::snapshot::Snapshot;
use super::writer::Writer;
use crate::document::Document;
use crate::error::Error;

/// A segment is written again when one document of so many is gone.
const GONE_OF: u32 = 5;

/// Documents of a pack that are moved at once.
const MOVED_AT_ONCE: usize = 1000;

/// What a pruning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Documents that went.
    pub documents: usize,
    /// Documents that stay.
    pub kept: usize,
    /// Records that were no documents, which went too.
    pub skipped: usize,
}

impl Writer {
    /// Takes out what was published before `before`, in seconds since 1970; of
    /// what it is not known when it was published, what was added before. A
    /// day, where that is all that is known, counts as its last second.
    ///
    /// # Errors
    ///
    /// If something cannot be read or written; the index is then as before.
    pub fn prune(&mut self, before: i64) -> Result<Pruned, Error> {
        self.open_again()?;
        let snapshot = self.snapshot();
        let rows = snapshot.rows()?;
        let is_old = |row: &Row| row.published.unwrap_or(row.added) < before;
        let (old, kept): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| is_old(row));
        let skipped = snapshot.skipped()?;
        let staying: Vec<_> = skipped.iter().filter(|(added, _)| *added >= before).cloned().collect();
        let pruned =
            Pruned { documents: old.len(), kept: kept.len(), skipped: skipped.len() - staying.len() };
        let mut catalogue = snapshot.catalogue.clone();
        if pruned.skipped > 0 {
            set_skipped(self.folder(), &mut catalogue, &staying)?;
        }
        if pruned.documents > 0 {
            let mut gone: Vec<u32> = snapshot.gone().iter().copied().chain(old.iter().map(|o| o.0)).collect();
            gone.sort_unstable();
            tidy(snapshot, &mut catalogue, (&gone, &kept))?;
        }
        if pruned.documents + pruned.skipped > 0 {
            self.commit(catalogue)?;
        }
        Ok(pruned)
    }
}

/// Writes segments again of which much is gone, drops packs of which nothing is
/// left, and moves what is left of those of which little is.
fn tidy(
    snapshot: &Snapshot,
    catalogue: &mut Catalogue,
    (gone, kept): (&[u32], &[(u32, Row)]),
) -> Result<(), Error> {
    let mut of_pack: BTreeMap<u32, Vec<(u32, Row)>> = BTreeMap::new();
    for &(number, row) in kept {
        of_pack.entry(row.location.pack).or_default().push((number, row));
    }
    let left = |listed: &Listed| of_pack.get(&listed.file).map_or(0, Vec::len) as u32;
    let sparse: Vec<u32> = (catalogue.packs.iter())
        .filter(|listed| left(listed) > 0 && left(listed) * 2 < listed.documents)
        .map(|listed| listed.file)
        .collect();
    catalogue.packs.retain(|listed| left(listed) > 0 && !sparse.contains(&listed.file));
    let mut living = Living { gone, moved: HashMap::new() };
    for pack in sparse {
        for documents in of_pack[&pack].chunks(MOVED_AT_ONCE) {
            // As they lie there: what is not kept is not read again.
            let loaded = snapshot.unpack(documents)?;
            let texts: Vec<&Document> = loaded.iter().map(|loaded| &loaded.document).collect();
            let places = append(snapshot.folder(), catalogue, &texts)?;
            living.moved.extend(documents.iter().map(|(number, _)| *number).zip(places));
        }
    }
    for (at, segment) in snapshot.segments().iter().enumerate() {
        let numbers = || segment.runs().iter().flat_map(|&(first, _, length)| first..first + length);
        let dead = numbers().filter(|number| gone.binary_search(number).is_ok()).count() as u32;
        let is_moved = numbers().any(|number| living.moved.contains_key(&number));
        if dead > 0 && dead * GONE_OF >= segment.len() || is_moved {
            merge_segments(snapshot, catalogue, &[at], &living)?;
        }
    }
    list_gone(snapshot, catalogue, gone)
}
