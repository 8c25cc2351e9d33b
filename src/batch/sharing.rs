//! Fingerprints and small grams → pairs that share a passage: see
//! [`crate::candidates::postings`] and [`crate::candidates::aligned`], whose rules
//! these are.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::rows::{Cell, Column, Group, Kind, Rows, maybe, of};
use super::{PAIRS, Settings, Step};
use crate::candidates::aligned::meeting::meetings;
use crate::candidates::aligned::weight::{Hit, LEAST_DOCUMENTS, are_enough, asked, quarter_bits};
use crate::candidates::aligned::{self, Entry, keep_first_places};
use crate::candidates::postings::{self, Joined, Place};
use crate::candidates::{CandidatePair, LETTERS, TRIPLES};
use crate::document::DocId;
use crate::error::Error;
use crate::limits::PairLimits;
use crate::params::Params;

/// Numbers of what a row of `shingles` is.
const STRONG: i64 = 0;
const FEW: i64 = 1;
const MANY: i64 = 2;
const MEMBER: i64 = 3;

/// Groups that one shingle can have, as a power of two: a side, and what stands
/// there.
const GROUP_BITS: u32 = 9;

/// `shingles`: what the places of each shingle propose.
pub(super) struct Shingles {
    group: Group<i64, Place>,
    rows: Rows,
}

impl Shingles {
    pub(super) fn new() -> Self {
        const COLUMNS: &[Column] = &[
            of("kind", Kind::Number),
            of("a", Kind::Number),
            maybe("b", Kind::Number),
            maybe("group", Kind::Number),
            maybe("joined", Kind::Flag),
        ];
        Self { group: Group::default(), rows: Rows::new(COLUMNS) }
    }

    fn join(shingle: i64, places: &mut [Place], rows: &mut Rows) {
        if places.len() < 2 {
            return;
        }
        places.sort_unstable_by_key(|&(key, document)| (document, key));
        let mut joined = Joined::default();
        joined.join(places);
        for (kind, pairs) in [(STRONG, &joined.strong), (FEW, &joined.few), (MANY, &joined.many)] {
            for &(a, b) in pairs {
                let [a, b] = [a, b].map(Cell::document);
                rows.push([Cell::Number(kind), a, b, Cell::Nothing, Cell::Nothing]);
            }
        }
        for (number, group) in (0..).zip(joined.groups()) {
            for &(document, is_joined) in group {
                let group = Cell::Number(shingle << GROUP_BITS | number);
                let document = Cell::document(document);
                rows.push([Cell::Number(MEMBER), document, Cell::Nothing, group, Cell::Flag(is_joined)]);
            }
        }
    }
}

impl Step for Shingles {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        let columns = Columns(batch);
        let places = columns.keys("key")?.iter().map(|&key| key as u64).zip(columns.documents("doc")?);
        for (&shingle, place) in columns.keys("shingle")?.iter().zip(places) {
            group.push(shingle, place, |shingle, places| Self::join(shingle, places, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        group.finish(|shingle, places| Self::join(shingle, places, rows));
        Ok(rows.finish())
    }
}

/// A document of a group, and how many groups and tokens it has.
type Said = (DocId, bool, u64, u64);

/// `stars`: each group around one of its documents.
pub(super) struct Stars {
    group: Group<i64, Said>,
    rows: Rows,
}

impl Stars {
    pub(super) fn new() -> Self {
        Self { group: Group::default(), rows: Rows::new(PAIRS) }
    }

    fn star(members: &mut [Said], rows: &mut Rows) {
        members.sort_unstable();
        let group: Vec<postings::Member> =
            members.iter().map(|&(document, joined, ..)| (document, joined)).collect();
        let mut pairs = Vec::new();
        postings::star(&group, |at| (members[at].2, members[at].3), &mut pairs);
        pairs.into_iter().for_each(|(a, b)| rows.push([Cell::document(a), Cell::document(b)]));
    }
}

impl Step for Stars {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        let columns = Columns(batch);
        let (documents, joined) = (columns.documents("doc")?, columns.flags("joined")?);
        let (groups, tokens) = (columns.keys("groups")?, columns.keys("tokens")?);
        for (row, &number) in columns.keys("group")?.iter().enumerate() {
            let said = (documents[row], joined.value(row), groups[row] as u64, tokens[row] as u64);
            group.push(number, said, |_, members| Self::star(members, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { group, rows } = self;
        group.finish(|_, members| Self::star(members, rows));
        Ok(rows.finish())
    }
}

/// `shared`: the pairs of which enough shingles say so.
pub(super) struct Shared {
    params: Params,
    rows: Rows,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        Self { params: settings.params, rows: Rows::new(PAIRS) }
    }
}

impl Step for Shared {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (a, b) = (columns.documents("a")?, columns.documents("b")?);
        let counts = [columns.keys("strong")?, columns.keys("few")?, columns.keys("many")?];
        let tokens = [columns.keys("tokens_a")?, columns.keys("tokens_b")?];
        for row in 0..columns.len() {
            let [strong, few, many] = counts.map(|count| count[row]);
            let tokens = tokens.map(|tokens| usize::try_from(tokens[row]).unwrap_or(0));
            let shingles = usize::try_from(many).unwrap_or(0);
            if postings::is_shared([strong > 0, few > 0, few > 1], shingles, tokens, &self.params) {
                self.rows.push([Cell::document(a[row]), Cell::document(b[row])]);
            }
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}

/// The kind of grams that a setting names.
fn kind_of(of: &str) -> Result<aligned::Kind, Error> {
    match of {
        "triples" => Ok(TRIPLES),
        "letters" => Ok(LETTERS),
        other => Err(Error::param("of", other.to_owned(), "triples or letters".to_owned())),
    }
}

/// The number of documents that weights are worked out from.
fn documents_of(settings: &Settings) -> u128 {
    LEAST_DOCUMENTS.max(settings.documents as u128)
}

/// `grams`: whom each document meets through a gram.
pub(super) struct Grams {
    documents: u128,
    group: Group<i64, Entry>,
    rows: Rows,
}

impl Grams {
    pub(super) fn try_new(settings: &Settings) -> Result<Self, Error> {
        kind_of(&settings.of)?;
        let columns = [of("a", Kind::Number), of("b", Kind::Number), of("hit", Kind::Number)];
        Ok(Self { documents: documents_of(settings), group: Group::default(), rows: Rows::new(&columns) })
    }

    fn meet(bucket: &mut Vec<Entry>, documents: u128, rows: &mut Rows) {
        if bucket.len() < 2 {
            return;
        }
        bucket.sort_unstable_by_key(|entry| (entry.document, entry.place));
        keep_first_places(bucket);
        let weight = quarter_bits(documents, bucket.len() as u128) as u8;
        meetings(bucket, weight, &PairLimits::default(), |document, hit| {
            let Hit { other, diagonal, place, weight } = hit;
            let packed = i64::from(diagonal) << 24 | i64::from(place) << 8 | i64::from(weight);
            rows.push([Cell::document(document), Cell::document(other), Cell::Number(packed)]);
        });
    }
}

impl Step for Grams {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { documents, group, rows } = self;
        let columns = Columns(batch);
        let places = columns.keys("place")?;
        let of_documents = columns.documents("doc")?;
        for (row, &gram) in columns.keys("gram")?.iter().enumerate() {
            let entry = Entry { gram: gram as u64, document: of_documents[row], place: places[row] as u16 };
            group.push(gram, entry, |_, bucket| Self::meet(bucket, *documents, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { documents, group, rows } = self;
        group.finish(|_, bucket| Self::meet(bucket, *documents, rows));
        Ok(rows.finish())
    }
}

/// `aligned`: the pairs whose grams say enough near one diagonal.
pub(super) struct Aligned {
    kind: aligned::Kind,
    asked: u32,
    group: Group<CandidatePair, Hit>,
    places: Vec<(u16, u8)>,
    rows: Rows,
}

impl Aligned {
    pub(super) fn try_new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            kind: kind_of(&settings.of)?,
            asked: asked(documents_of(settings)),
            group: Group::default(),
            places: Vec::new(),
            rows: Rows::new(PAIRS),
        })
    }
}

impl Step for Aligned {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let Self { kind, asked, group, places, rows } = self;
        let columns = Columns(batch);
        let pairs = columns.documents("a")?.into_iter().zip(columns.documents("b")?);
        for (pair, &hit) in pairs.zip(columns.keys("hit")?) {
            let hit = Hit {
                other: pair.1,
                diagonal: (hit >> 24) as u16,
                place: (hit >> 8) as u16,
                weight: hit as u8,
            };
            group.push(pair, hit, |pair, hits| weigh(pair, hits, (*kind, *asked), places, rows));
        }
        Ok(rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let Self { kind, asked, group, places, rows } = self;
        group.finish(|pair, hits| weigh(pair, hits, (*kind, *asked), places, rows));
        Ok(rows.finish())
    }
}

fn weigh(
    (a, b): CandidatePair,
    hits: &mut [Hit],
    (kind, asked): (aligned::Kind, u32),
    places: &mut Vec<(u16, u8)>,
    rows: &mut Rows,
) {
    hits.sort_unstable();
    if are_enough(hits, asked, kind, places) {
        rows.push([Cell::document(a), Cell::document(b)]);
    }
}
