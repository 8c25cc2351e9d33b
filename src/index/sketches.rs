//! New documents → what a segment keeps of them.

use std::borrow::Cow;

use rayon::prelude::*;

use super::segment::{Contents, Kind, Row, Shape, band_bits, digest_key};
use super::table::Entry;
use crate::document::{DocId, Document};
use crate::hash;
use crate::params::Params;
use crate::sketch::posting::{PARTITIONS, Postings, SHINGLE_BITS, shingle};
use crate::sketch::signature::{Bands, Packing, Place};
use crate::sketch::{Chunk, Sketcher, Sketches};

/// How documents are sketched under these parameters.
pub(super) fn shape(params: &Params) -> Shape {
    let json = serde_json::to_vec(params).expect("plain fields can always be written");
    Shape {
        bands: Bands::new(params).bands,
        words: Packing::new(params).words(),
        params: hash::checksum(&json),
    }
}

/// The sketches of documents, in their order.
fn sketch(documents: &[&Document], params: &Params) -> Sketches {
    let sketch = |sketcher: &mut Sketcher, documents: &[&Document]| {
        sketcher.sketch(documents.iter().map(|document| document.text.as_str()))
    };
    let chunks = documents.par_chunks(Sketches::chunk_len(documents.len()));
    let chunks: Vec<Chunk> = chunks.map_init(|| Sketcher::new(params), sketch).collect();
    Sketches::new(params, chunks)
}

/// The signatures of documents, one behind the other.
fn signatures(sketches: &Sketches) -> Vec<u64> {
    (0..sketches.len()).flat_map(|number| sketches.signature(DocId::new(number)).into_owned()).collect()
}

/// What is known of a document, but for where it lies.
fn row(document: &Document, id: u128, (sketches, at): (&Sketches, DocId), added: i64) -> Row {
    Row {
        tokens: sketches.tokens(at) as u32,
        bytes: document.text.len() as u32,
        digest: sketches.digest(at),
        text: hash::text(&document.text),
        id,
        location: super::pack::Location { pack: 0, offset: 0, slot: 0 },
        added,
        published: document.published.map(|published| published.interval().1),
    }
}

/// The tables of documents with these rows.
fn tables(sketches: &Sketches, rows: &[Row], params: &Params) -> [Vec<Entry>; 5] {
    let table = |kind: Kind| {
        let mut entries = match kind {
            Kind::Bands => bands(sketches, rows, params),
            Kind::Fingerprints => postings(sketches, Chunk::postings),
            Kind::Triples => postings(sketches, Chunk::triples),
            Kind::Digests => digests(rows, |row| (row.tokens > 0).then_some(row.digest)),
            Kind::Ids => digests(rows, |row| Some(row.id)),
        };
        entries.sort_unstable();
        if kind == Kind::Triples {
            // The first place of each in a document.
            entries.dedup_by_key(|entry| (entry.key(), entry.document()));
        }
        entries
    };
    let tables: Vec<Vec<Entry>> = Kind::ALL.into_par_iter().map(table).collect();
    tables.try_into().expect("there is one for each kind")
}

fn bands(sketches: &Sketches, rows: &[Row], params: &Params) -> Vec<Entry> {
    let division = Bands::new(params);
    let places: Vec<Place> =
        (0..division.bands * division.rows).map(|number| sketches.packing().place(number)).collect();
    let mut entries = Vec::with_capacity(rows.len() * division.bands);
    for (document, row) in (0..).zip(rows) {
        if (row.tokens as usize) < params.shingle_len {
            continue;
        }
        let words = sketches.signature(DocId::new(document as usize));
        for (band, rows) in (0..).zip(places.chunks_exact(division.rows)) {
            let key = hash::band(rows.iter().map(|place| place.value(&words)));
            entries.push(Entry::new(u64::from(key) << band_bits(division.bands) | band, document, 0));
        }
    }
    entries
}

fn postings(sketches: &Sketches, of: impl Fn(&Chunk) -> &Postings) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (first, chunk) in sketches.chunks() {
        for partition in 0..PARTITIONS {
            for posting in of(chunk).partition(partition) {
                let key = (partition as u64) << SHINGLE_BITS | shingle(posting.key());
                let document = (first + posting.document()) as u32;
                entries.push(Entry::new(key, document, posting.key() as u16));
            }
        }
    }
    entries
}

fn digests(rows: &[Row], of: impl Fn(&Row) -> Option<u128>) -> Vec<Entry> {
    let entry = |(document, row)| Some(Entry::new(digest_key(of(row)?), document, 0));
    (0..).zip(rows).filter_map(entry).collect()
}

/// New documents, ready to be looked up and to be written.
pub(super) struct Fresh {
    /// What the segment will have; places in packs are still to come.
    pub(super) contents: Contents,
    /// Their sketches.
    pub(super) sketches: Sketches,
}

impl Fresh {
    /// Sketches documents, whose ids have these digests; the first gets the number
    /// `first`.
    pub(super) fn new(
        documents: &[&Document],
        ids: &[u128],
        params: &Params,
        (first, added): (u32, i64),
    ) -> Self {
        let sketches = sketch(documents, params);
        let row = |(at, (document, &id)): (usize, (&&Document, &u128))| {
            row(document, id, (&sketches, DocId::new(at)), added)
        };
        let rows: Vec<Row> = documents.iter().zip(ids).enumerate().map(row).collect();
        let tables = tables(&sketches, &rows, params);
        let signatures = signatures(&sketches);
        Self { contents: Contents { first, rows, signatures, tables }, sketches }
    }

    /// What is known of them.
    pub(super) fn rows(&self) -> &[Row] {
        &self.contents.rows
    }

    /// The entries of one table.
    pub(super) fn table(&self, kind: Kind) -> &[Entry] {
        &self.contents.tables[kind as usize]
    }

    /// The signature of one of them.
    pub(super) fn signature(&self, document: u32) -> Cow<'_, [u64]> {
        self.sketches.signature(DocId::from(document))
    }
}
