//! New documents → the documents of the index worth comparing with them.
//!
//! The rules are those of [`crate::candidates`], as far as they look at a new
//! document and what shares a key with it. A scan joins all documents at once
//! and sees more: which document of a large bucket is the best to meet, and
//! which families are large. Here a new document meets those that were added
//! first, and as few of them as have all that it shares.
//!
//! | table | a new document meets |
//! | --- | --- |
//! | bands | all in a bucket of up to 100, of more the first, or else the last; unless the signatures speak against it |
//! | fingerprints | of up to eight places those whose context agrees, or which share two; of up to 100 those whose context agrees, if they share a quarter of the shorter document; of any number those with the same context if they are few, else one that has most such contexts |
//! | triples | the last 16 that have one, or four where more have it, if what they share near one diagonal says enough |
//!
//! Cost: a look into each table of each segment for every key, O(1) reads, and
//! a bounded number of entries of each. Keys are looked up in their order, so
//! that many documents together read each block once.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::segment::{Kind, Segment};
use super::sketches::Fresh;
use super::snapshot::Snapshot;
use super::table::{Entry, Found, TableReader};
use crate::candidates::alone::{Likeness, Triples};
use crate::candidates::postings::{BY_CHANCE, MIN_SHARE};
use crate::candidates::{ALL_PAIRS_BUCKET, LONE_BUCKET};
use crate::error::Error;
use crate::params::{Level, Params};
use crate::sketch::posting::{before, behind};
use crate::sketch::winnow::{contexts_agree, tokens_per_fingerprint};

/// Documents of a large group that a new one may meet for all of them: the
/// first so many.
const HUBS: usize = 16;

/// A new document, by its place, and one of the index, by its number.
pub(super) type Proposed = (u32, u32);

/// The pairs worth comparing, sorted, each once.
pub(super) fn propose(snapshot: &Snapshot, fresh: &Fresh, params: &Params) -> Result<Vec<Proposed>, Error> {
    let bands = || by_bands(snapshot, fresh, params);
    let mut pairs = if params.level == Level::Passages {
        // A part of each goes on one thread, so they are done at the same time.
        let fingerprints = || by_fingerprints(snapshot, fresh, params);
        let triples = || by_triples(snapshot, fresh);
        let (bands, (fingerprints, triples)) = rayon::join(bands, || rayon::join(fingerprints, triples));
        [bands?, fingerprints?, triples?].concat()
    } else {
        bands()?
    };
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// What the index has of the keys of a table.
struct Known {
    /// Where the entries of each distinct key end, among the new ones.
    ends: Vec<u32>,
    /// For each distinct key how many entries the index has.
    totals: Vec<u64>,
    /// Number of the key, of the document, and what stands beside.
    entries: Vec<(u32, u32, u16)>,
    /// Where the entries of each distinct key end.
    known_ends: Vec<u32>,
}

/// A key with the entries of new documents and those of the index.
struct Bucket<'k> {
    new: &'k [Entry],
    known: &'k [(u32, u32, u16)],
    /// How many the index has, if not all are in `known`.
    total: u64,
}

impl Known {
    /// Looks up all keys of a table.
    fn of(snapshot: &Snapshot, fresh: &Fresh, kind: Kind) -> Result<Self, Error> {
        let table = fresh.table(kind);
        let mut keys = Vec::new();
        let mut ends = Vec::new();
        for same in table.chunk_by(|a, b| a.key() == b.key()) {
            keys.push(same[0].key());
            ends.push(ends.last().copied().unwrap_or(0) + same.len() as u32);
        }
        // Not every segment is worth a task, nor every few keys.
        let tasks: Vec<(&Segment, usize)> = snapshot
            .segments()
            .iter()
            .flat_map(|segment| (0..keys.len()).step_by(KEYS_AT_ONCE).map(move |from| (segment, from)))
            .collect();
        let look = |&(segment, from): &(&Segment, usize)| {
            let to = keys.len().min(from + KEYS_AT_ONCE);
            let reader = segment.reader(kind).for_keys(keys.len());
            look_up((snapshot, segment), reader, from as u32, &keys[from..to])
        };
        let found: Vec<Result<Looked, Error>> = tasks.par_iter().map(look).collect();
        let found: Vec<Looked> = found.into_iter().collect::<Result<_, Error>>()?;
        let mut totals = vec![0; keys.len()];
        let mut known_ends = vec![0u32; keys.len()];
        for (of_keys, entries) in &found {
            of_keys.iter().for_each(|&(key, total)| totals[key as usize] += total);
            entries.iter().for_each(|(key, _, _)| known_ends[*key as usize] += 1);
        }
        // Segments come in the order of their documents and give them in order, so
        // that each entry goes behind those of its key that came before.
        let mut place = 0;
        for end in &mut known_ends {
            place += std::mem::replace(end, place);
        }
        let mut entries = vec![(0, 0, 0); place as usize];
        for entry in found.iter().flat_map(|(_, entries)| entries) {
            let end = &mut known_ends[entry.0 as usize];
            entries[*end as usize] = *entry;
            *end += 1;
        }
        Ok(Self { ends, totals, entries, known_ends })
    }

    /// The keys that the index has, one by one.
    fn buckets<'k>(&'k self, table: &'k [Entry]) -> impl Iterator<Item = Bucket<'k>> {
        let start = |ends: &[u32], at: usize| if at == 0 { 0 } else { ends[at - 1] as usize };
        (0..self.ends.len()).filter(|&at| self.totals[at] > 0).map(move |at| Bucket {
            new: &table[start(&self.ends, at)..self.ends[at] as usize],
            known: &self.entries[start(&self.known_ends, at)..self.known_ends[at] as usize],
            total: self.totals[at],
        })
    }
}

/// Keys that one task looks up.
const KEYS_AT_ONCE: usize = 8192;

/// Totals by key, and entries.
type Looked = (Vec<(u32, u64)>, Vec<(u32, u32, u16)>);

/// What one segment has of some keys, whose numbers begin with `from`.
fn look_up(
    (snapshot, segment): (&Snapshot, &Segment),
    mut reader: TableReader<'_>,
    from: u32,
    keys: &[u64],
) -> Result<Looked, Error> {
    let mut found = Found::default();
    let (mut totals, mut entries) = (Vec::new(), Vec::new());
    for (number, &key) in (from..).zip(keys) {
        reader.find(key, &mut found)?;
        if found.total == 0 {
            continue;
        }
        let mut total = found.total;
        for &(place, beside) in &found.entries {
            match segment.number(place).filter(|&document| !snapshot.is_gone(document)) {
                Some(document) => entries.push((number, document, beside)),
                None => total -= 1,
            }
        }
        totals.push((number, total));
    }
    Ok((totals, entries))
}

fn by_bands(snapshot: &Snapshot, fresh: &Fresh, params: &Params) -> Result<Vec<Proposed>, Error> {
    let known = Known::of(snapshot, fresh, Kind::Bands)?;
    // Of a large bucket the first, and the last where the first is not likely.
    let (mut pairs, mut either) = (Vec::new(), Vec::new());
    for bucket in known.buckets(fresh.table(Kind::Bands)) {
        for new in bucket.new {
            let pair = |at: usize| (new.document(), bucket.known[at].1);
            if bucket.total <= ALL_PAIRS_BUCKET as u64 {
                pairs.extend((0..bucket.known.len()).map(pair));
            } else if let Some(last) = bucket.known.len().checked_sub(1) {
                either.push((pair(0), pair(last)));
            }
        }
    }
    either.sort_unstable();
    either.dedup();
    let mut asked: Vec<Proposed> = pairs.clone();
    asked.extend(either.iter().flat_map(|&(first, last)| [first, last]));
    asked.sort_unstable();
    asked.dedup();
    let likeness = Likeness::new(params);
    let is_likely = |&(new, number): &Proposed| -> Result<bool, Error> {
        let (row, signature) = (snapshot.row(number)?, snapshot.signature(number)?);
        let tokens = [fresh.rows()[new as usize].tokens as usize, row.tokens as usize];
        Ok(likeness.is_likely(&fresh.signature(new), &signature, tokens))
    };
    let likely: Vec<Result<bool, Error>> = asked.par_iter().map(is_likely).collect();
    let likely: Vec<bool> = likely.into_iter().collect::<Result<_, Error>>()?;
    let is_likely = |pair: &Proposed| asked.binary_search(pair).is_ok_and(|at| likely[at]);
    let of_large = either.iter().filter_map(|&(first, last)| [first, last].into_iter().find(is_likely));
    pairs.extend(of_large.collect::<Vec<_>>());
    pairs.retain(is_likely);
    Ok(pairs)
}

/// What fingerprints say.
#[derive(Default)]
struct Sharing {
    strong: Vec<Proposed>,
    /// Once for each shingle of few places: two are needed.
    few: Vec<Proposed>,
    /// Once for each shingle of more places with the same surroundings.
    many: Vec<Proposed>,
    /// For each new document groups of which it is to meet one.
    groups: Vec<(u32, Vec<u32>)>,
}

impl Sharing {
    fn add(&mut self, bucket: &Bucket<'_>) {
        let places = bucket.total + bucket.new.len() as u64;
        for new in bucket.new {
            if places <= LONE_BUCKET as u64 {
                for &(_, number, context) in bucket.known {
                    let agree = agree(new.beside(), context);
                    if agree { &mut self.strong } else { &mut self.few }.push((new.document(), number));
                }
            } else {
                self.add_common(*new, bucket, places);
            }
        }
    }

    /// A fingerprint that more than a few have.
    fn add_common(&mut self, new: Entry, bucket: &Bucket<'_>, places: u64) {
        let key = u64::from(new.beside());
        let with = |side: fn(u64) -> u8| -> Vec<u32> {
            let has = |context: u16| side(u64::from(context)) == side(key);
            let mut same: Vec<u32> =
                bucket.known.iter().filter(|known| has(known.2)).map(|known| known.1).collect();
            same.dedup();
            same
        };
        let (one, other) = (with(before), with(behind));
        let mut group = if one.len() >= other.len() { one } else { other };
        // Of a very large bucket a part was read.
        let size = group.len() as u64 * bucket.total / (bucket.known.len() as u64).max(1);
        let is_large = places > ALL_PAIRS_BUCKET as u64;
        if size < LONE_BUCKET as u64 {
            let pairs = if is_large { &mut self.few } else { &mut self.strong };
            pairs.extend(group.iter().map(|&number| (new.document(), number)));
        } else if size * BY_CHANCE as u64 > places {
            group.truncate(HUBS);
            self.groups.push((new.document(), group));
        }
        if !is_large {
            let agreeing = bucket.known.iter().filter(|known| agree(new.beside(), known.2));
            self.many.extend(agreeing.map(|known| (new.document(), known.1)));
        }
    }

    /// One of each group for each new document, as few as have all of them: the
    /// one that is in most groups, of equal ones the one added first, then again
    /// among the groups that it is not in.
    fn meet_groups(&mut self) {
        self.strong.sort_unstable();
        self.strong.dedup();
        self.groups.sort_unstable();
        let mut met = Vec::new();
        for of_document in self.groups.chunk_by(|a, b| a.0 == b.0) {
            let new = of_document[0].0;
            let is_met = |number: &u32| self.strong.binary_search(&(new, *number)).is_ok();
            let mut open: Vec<&Vec<u32>> = of_document
                .iter()
                .map(|(_, group)| group)
                .filter(|group| !group.iter().any(is_met))
                .collect();
            while !open.is_empty() {
                let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
                open.iter().copied().flatten().for_each(|&number| *counts.entry(number).or_default() += 1);
                // Of equal ones the last is taken, so they come in reverse.
                let Some((&hub, _)) = counts.iter().rev().max_by_key(|(_, count)| **count) else { break };
                met.push((new, hub));
                open.retain(|group| !group.contains(&hub));
            }
        }
        self.strong.append(&mut met);
    }
}

/// Whether the contexts of two places agree on one side.
fn agree(one: u16, other: u16) -> bool {
    let (one, other) = (u64::from(one), u64::from(other));
    contexts_agree(before(one), before(other)) || contexts_agree(behind(one), behind(other))
}

fn by_fingerprints(snapshot: &Snapshot, fresh: &Fresh, params: &Params) -> Result<Vec<Proposed>, Error> {
    let known = Known::of(snapshot, fresh, Kind::Fingerprints)?;
    let mut sharing = Sharing::default();
    known.buckets(fresh.table(Kind::Fingerprints)).for_each(|bucket| sharing.add(&bucket));
    sharing.meet_groups();
    let Sharing { strong: mut pairs, mut few, mut many, .. } = sharing;
    few.par_sort_unstable();
    many.par_sort_unstable();
    pairs.extend(few.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]));
    let stands_for = tokens_per_fingerprint(params);
    for same in many.chunk_by(|a, b| a == b) {
        let (new, number) = same[0];
        let is_enough = few.binary_search(&same[0]).is_ok()
            || same.len() > 1 && {
                let shorter = fresh.rows()[new as usize].tokens.min(snapshot.row(number)?.tokens);
                same.len() as f64 * stands_for >= MIN_SHARE * f64::from(shorter)
            };
        if is_enough {
            pairs.push(same[0]);
        }
    }
    Ok(pairs)
}

fn by_triples(snapshot: &Snapshot, fresh: &Fresh) -> Result<Vec<Proposed>, Error> {
    let known = Known::of(snapshot, fresh, Kind::Triples)?;
    let documents = snapshot.len() + fresh.rows().len();
    let weigher = Triples::new(documents);
    // By new document: what it meets, with places and weights.
    let mut met: Vec<Vec<Shared>> = vec![Vec::new(); fresh.rows().len()];
    for bucket in known.buckets(fresh.table(Kind::Triples)) {
        let having = bucket.total as usize + bucket.new.len();
        let weight = weigher.weight(having);
        let nearest = bucket.known.len().saturating_sub(Triples::reach(having));
        for new in bucket.new {
            let shared = bucket.known[nearest..].iter().map(|&(_, number, there)| Shared {
                number,
                here: new.beside(),
                there,
                weight,
            });
            met[new.document() as usize].extend(shared);
        }
    }
    let partners = |triples: &mut Triples, (new, mut shared): (usize, Vec<Shared>)| {
        let mut sums: HashMap<u32, u32> = HashMap::new();
        shared.iter().for_each(|shared| *sums.entry(shared.number).or_default() += u32::from(shared.weight));
        shared.retain(|shared| sums[&shared.number] >= triples.asked());
        shared.sort_unstable_by_key(|shared| shared.number);
        let of_pair = |shared: &Shared| (shared.here, shared.there, shared.weight);
        let enough = shared
            .chunk_by(|a, b| a.number == b.number)
            .filter(|of_one| triples.are_enough(of_one.iter().map(of_pair)));
        enough.map(|of_one| (new as u32, of_one[0].number)).collect::<Vec<_>>()
    };
    let found: Vec<Vec<Proposed>> =
        met.into_par_iter().enumerate().map_init(|| Triples::new(documents), partners).collect();
    Ok(found.concat())
}

/// A triple that a new document shares with one of the index.
#[derive(Clone, Copy)]
struct Shared {
    number: u32,
    here: u16,
    there: u16,
    weight: u8,
}
