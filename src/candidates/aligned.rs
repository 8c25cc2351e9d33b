//! Small grams with places: documents that share several in the same order.
//!
//! A triple of words, or a few letters in a row, is often shared by chance; a
//! few of them at the same distance from each other in both documents are not.
//! So each document is taken in turn and meets, through its grams, those
//! behind it; a pair is proposed where the grams that lie near one diagonal
//! (place in one document less place in the other) say enough together. A gram
//! that `d` of `n` documents have says log2(n / d) bits; what is asked for is
//! 2 log2(n), which a chance agreement of one pair among all would need. That
//! is three grams that nobody else has, or more of commoner ones. Counting
//! hits on diagonals before anything is aligned is what BLAST (two hits,
//! Altschul et al. 1997) and minimap2 (Li 2018) do.
//!
//! Each gram of a document meets the next `REACH` documents that have it, and
//! the next `FAR_REACH` where more have it, so the cost is linear: O(`REACH`) a
//! gram at worst. No gram is ignored for being
//! frequent: what very many documents carry, each shares with those
//! next to it in full. Space: 32 bytes a gram that several documents have,
//! and 8 bytes a document for each thread.

mod spilled;

use rayon::prelude::*;

use super::CandidatePair;
use super::join::{self, Slots};
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::sketch::columns::Parts;
use crate::sketch::posting::{PARTITIONS, SHINGLE_BITS, place, shingle};

/// Documents behind it that a gram of a document meets. Those of a story with
/// more copies than this are linked through their neighbours.
pub(super) const REACH: usize = 16;

/// The same where more documents have the gram: a form or a standing phrase
/// for the most part, whose neighbours say the same. The floors of
/// `tests/accuracy/hard.rs` hold with it; other numbers were not tried.
pub(super) const FAR_REACH: usize = 4;

/// The same where limits leave out pairs: how far a document looks for others
/// that it may be paired with. It keeps the cost linear.
const LIMITED_REACH: usize = 64;

/// Documents that a collection is taken to have, at least: in a small one,
/// that a gram is rare there says little about how rare it is.
pub(crate) const LEAST_DOCUMENTS: u128 = 1 << 14;

/// What is asked for, in units of log2 of the number of documents.
pub(super) const BITS_PER_MAGNITUDE: u32 = 2;

/// A gram of a document that others may have too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) gram: u64,
    pub(crate) document: DocId,
    pub(crate) place: u16,
}

/// Grams of some kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// How far the diagonals of grams that count together may differ.
    pub band: u16,
    /// How far they may lie apart in a document.
    pub span: u16,
}

/// The pairs among the named documents that share enough grams near one
/// diagonal, sorted. `chunks` are the grams of all documents.
pub fn aligned_pairs(
    chunks: &Parts<'_>,
    is_named: &[bool],
    kind: Kind,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    if let Parts::Spilled(spilled) = chunks {
        let entries = |number: usize| shared_entries(number, chunks, is_named);
        return spilled::aligned_pairs(entries, (is_named, kind), limits, spilled.spill());
    }
    let parts: Vec<Vec<Entry>> =
        (0..PARTITIONS).into_par_iter().map(|number| shared_entries(number, chunks, is_named)).collect();
    let index = Index::new(parts, is_named, limits);
    let documents: Vec<u32> =
        (0..is_named.len() as u32).filter(|&id| index.of(id as usize).len() > 1).collect();
    let meet = |meeting: &mut Meeting, &document: &u32| {
        let mut found = Vec::new();
        index.partners(document as usize, kind, meeting, &mut found);
        found
    };
    documents.par_iter().map_init(|| Meeting::new(is_named.len()), meet).flatten_iter().collect()
}

/// The entries of one partition without most of those that stand alone,
/// sorted, each gram once a document.
fn shared_entries(number: usize, chunks: &Parts<'_>, is_named: &[bool]) -> Vec<Entry> {
    let mut slots = Slots::default();
    slots.reset(chunks.count(number), SHINGLE_BITS);
    let mut entries = Vec::new();
    chunks.each(number, |first, postings| {
        for posting in postings {
            let document = first + posting.document();
            if is_named[document] {
                let key = posting.key();
                slots.add(shingle(key));
                entries.push(Entry { gram: shingle(key), document: DocId::new(document), place: place(key) });
            }
        }
    });
    entries.retain(|entry| slots.may_recur(entry.gram));
    join::sort_by_key(&mut entries, |entry| entry.gram);
    keep_first_places(&mut entries);
    entries
}

/// Keeps the least place of each gram of a document; entries are sorted by both.
/// Places are counted anew in a very long document.
pub(crate) fn keep_first_places(entries: &mut Vec<Entry>) {
    entries.dedup_by(|next, last| {
        let is_same = (next.gram, next.document) == (last.gram, last.document);
        if is_same {
            last.place = last.place.min(next.place);
        }
        is_same
    });
}

/// How many of the entries behind it an entry meets, of a bucket of so many.
fn reach(bucket: usize, behind: usize) -> usize {
    behind.min(if bucket <= REACH + 1 { REACH } else { FAR_REACH })
}

/// How many of the entries behind a document it meets under limits: so many that
/// `reach` of them may be its partners, as far as it looks.
fn reached(document: DocId, behind: &[Entry], reach: usize, limits: &PairLimits) -> usize {
    let near = &behind[..behind.len().min(LIMITED_REACH)];
    let is_partner = |entry: &Entry| limits.allow((document, entry.document));
    let mut partners = near.iter().enumerate().filter(|(_, entry)| is_partner(entry));
    let last = reach.checked_sub(1).and_then(|last| partners.nth(last));
    last.map_or(near.len(), |(at, _)| at + 1).max(reach)
}

/// Whom each document of a bucket meets, and by what.
pub(crate) fn meetings(bucket: &[Entry], weight: u8, limits: &PairLimits, mut meet: impl FnMut(DocId, Hit)) {
    for (at, entry) in bucket.iter().enumerate() {
        let behind = &bucket[at + 1..];
        let near = reach(bucket.len(), behind.len());
        let far = if limits.are_set() { reached(entry.document, behind, near, limits) } else { near };
        for (number, other) in behind[..far].iter().enumerate() {
            if number < near || limits.allow((entry.document, other.document)) {
                let diagonal = diagonal(entry.place, other.place);
                meet(entry.document, Hit { other: other.document, diagonal, place: entry.place, weight });
            }
        }
    }
}

/// What a pair must share of a collection of so many documents, in quarters of a
/// bit.
pub(crate) fn asked(documents: u128) -> u32 {
    BITS_PER_MAGNITUDE * quarter_bits(documents, 1)
}

/// Whether the hits of a pair, sorted, say enough near one diagonal.
pub(crate) fn are_enough(hits: &[Hit], asked: u32, kind: Kind, places: &mut Vec<(u16, u8)>) -> bool {
    let bits: u32 = hits.iter().map(|hit| u32::from(hit.weight)).sum();
    bits >= asked && most_bits(hits, kind, places) >= asked
}

/// All entries by gram, and those of each document.
struct Index<'l> {
    /// Document and place, by gram, then document.
    entries: Vec<(DocId, u16)>,
    /// By entry, where there are limits: how many it meets if those behind the
    /// first ones are met only where the limits allow the pair.
    beyond: Vec<u8>,
    limits: &'l PairLimits,
    /// The grams of each document.
    by_document: Vec<Own>,
    /// By document: where its grams begin in `by_document`, and the end.
    starts: Vec<u32>,
    /// What a pair must share, in quarters of a bit.
    asked: u32,
}

/// A gram of a document, with what is asked of it most.
#[derive(Clone, Copy, Debug, Default)]
struct Own {
    /// The number of its entry.
    entry: u32,
    /// Where it stands.
    place: u16,
    /// How many entries behind it have the same gram, at most [`REACH`].
    behind: u8,
    /// What it says, in quarters of a bit.
    weight: u8,
}

impl<'l> Index<'l> {
    fn new(parts: Vec<Vec<Entry>>, is_named: &[bool], limits: &'l PairLimits) -> Self {
        let named = is_named.iter().filter(|&&is_named| is_named).count();
        let documents = LEAST_DOCUMENTS.max(named as u128);
        let count = parts.iter().map(Vec::len).sum();
        let mut index = Self {
            entries: Vec::with_capacity(count),
            beyond: Vec::new(),
            limits,
            by_document: vec![Own::default(); count],
            starts: vec![0; is_named.len() + 2],
            asked: asked(documents),
        };
        for entry in parts.iter().flatten() {
            index.starts[entry.document.index() + 2] += 1;
        }
        for document in 2..index.starts.len() {
            index.starts[document] += index.starts[document - 1];
        }
        for bucket in parts.iter().flat_map(|part| part.chunk_by(|a, b| a.gram == b.gram)) {
            let weight = quarter_bits(documents, bucket.len() as u128) as u8;
            for (at, &Entry { document, place, .. }) in bucket.iter().enumerate() {
                let reach = reach(bucket.len(), bucket.len() - 1 - at);
                if limits.are_set() {
                    index.beyond.push(reached(document, &bucket[at + 1..], reach, limits) as u8);
                }
                let next = &mut index.starts[document.index() + 1];
                let entry = index.entries.len() as u32;
                index.by_document[*next as usize] = Own { entry, place, behind: reach as u8, weight };
                *next += 1;
                index.entries.push((document, place));
            }
        }
        index
    }

    /// The grams of a document.
    fn of(&self, document: usize) -> &[Own] {
        &self.by_document[self.starts[document] as usize..self.starts[document + 1] as usize]
    }

    /// The documents that a document meets through a gram of its own, with places.
    fn met(&self, own: &Own) -> impl Iterator<Item = &(DocId, u16)> {
        let (entry, reach) = (own.entry as usize, usize::from(own.behind));
        let last = self.beyond.get(entry).map_or(reach, |&beyond| usize::from(beyond));
        let (near, far) = self.entries[entry + 1..=entry + last].split_at(reach);
        let is_allowed = move |other: &&(DocId, u16)| self.limits.allow((self.entries[entry].0, other.0));
        near.iter().chain(far.iter().filter(is_allowed))
    }

    /// Finds the partners of a document among those behind it.
    fn partners(&self, document: usize, kind: Kind, meeting: &mut Meeting, found: &mut Vec<CandidatePair>) {
        let Meeting { bits, met, hits, places } = meeting;
        for own in self.of(document) {
            self.met(own).for_each(|&(other, _)| {
                let bits = &mut bits[other.index()];
                if *bits == 0 {
                    met.push(other);
                }
                *bits += u32::from(own.weight);
            });
        }
        met.retain(|other| {
            bits[other.index()] >= self.asked || std::mem::take(&mut bits[other.index()]) == 0
        });
        if !met.is_empty() {
            for own in self.of(document) {
                let &Own { place, weight, .. } = own;
                self.met(own).for_each(|&(other, there)| {
                    if bits[other.index()] > 0 {
                        hits.push(Hit { other, diagonal: diagonal(place, there), place, weight });
                    }
                });
            }
            hits.sort_unstable();
            for of_pair in hits.chunk_by(|a, b| a.other == b.other) {
                if most_bits(of_pair, kind, places) >= self.asked {
                    found.push((DocId::new(document), of_pair[0].other));
                }
            }
        }
        met.drain(..).for_each(|other| bits[other.index()] = 0);
        hits.clear();
    }
}

/// What one document shares with others; kept from document to document.
struct Meeting {
    /// By document: what the grams shared so far say, in quarters of a bit.
    bits: Vec<u32>,
    met: Vec<DocId>,
    hits: Vec<Hit>,
    /// Places and weights of the hits of a bin.
    places: Vec<(u16, u8)>,
}

/// A gram of the document whose turn it is that another one has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) other: DocId,
    pub(crate) diagonal: u16,
    pub(crate) place: u16,
    pub(crate) weight: u8,
}

impl Meeting {
    fn new(documents: usize) -> Self {
        Self { bits: vec![0; documents], met: Vec::new(), hits: Vec::new(), places: Vec::new() }
    }
}

/// The diagonal of two places, such that those near zero are next to each
/// other.
pub(super) fn diagonal(here: u16, there: u16) -> u16 {
    there.wrapping_sub(here).wrapping_add(1 << 15)
}

/// The most that hits near each other say; `hits` are sorted by diagonal.
/// They lie in one bin of twice the band, and bins overlap by half.
pub(super) fn most_bits(hits: &[Hit], kind: Kind, places: &mut Vec<(u16, u8)>) -> u32 {
    let band = u32::from(kind.band);
    let mut most = 0;
    for offset in [0, band] {
        let bin = |hit: &Hit| (u32::from(hit.diagonal) + offset) / (2 * band);
        for near in hits.chunk_by(|a, b| bin(a) == bin(b)) {
            places.clear();
            places.extend(near.iter().map(|hit| (hit.place, hit.weight)));
            places.sort_unstable();
            let (mut sum, mut first) = (0, 0);
            for &(place, weight) in &*places {
                sum += u32::from(weight);
                while place - places[first].0 > kind.span {
                    sum -= u32::from(places[first].1);
                    first += 1;
                }
                most = most.max(sum);
            }
        }
    }
    most
}

/// log2(`all` / `some`) in quarters, in whole numbers so that no machine
/// rounds otherwise than another; both are below 2^32.
pub(crate) fn quarter_bits(all: u128, some: u128) -> u32 {
    // (all / some)^4 without its remainder; 2^128 is never reached.
    let fourth = |n: u128| n.saturating_mul(n).saturating_mul(n).saturating_mul(n);
    (fourth(all) / fourth(some)).max(1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::TRIPLES;
    use crate::candidates::tests::sketch;
    use crate::shingle;
    use crate::text::Tokenizer;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn pairs_of(texts: &[String]) -> Vec<(usize, usize)> {
        let sketches = sketch(texts);
        let pairs =
            aligned_pairs(&sketches.triples(), &vec![true; texts.len()], TRIPLES, &PairLimits::default());
        pairs.into_iter().map(|(a, b)| (a.index(), b.index())).collect()
    }

    /// The first place of each sampled triple, by a map.
    fn grams(text: &str) -> BTreeMap<u64, usize> {
        let (mut tokens, mut triples) = (Vec::new(), Vec::new());
        Tokenizer::new().tokenize(text, |token| tokens.push(token.hash));
        shingle::append_shingles(&tokens, 3, &mut triples);
        let sampled = triples.into_iter().enumerate().filter(|(_, triple)| triple.is_multiple_of(8));
        sampled.rev().map(|(place, triple)| (triple, place)).collect()
    }

    /// All pairs, one by one, with every diagonal tried.
    fn slow_pairs(texts: &[String]) -> Vec<(usize, usize)> {
        let all: Vec<BTreeMap<u64, usize>> = texts.iter().map(|text| grams(text)).collect();
        let spread = |gram: &u64| all.iter().filter(|grams| grams.contains_key(gram)).count();
        let weight = |gram: &u64| ((16384.0 / spread(gram) as f64).log2() * 4.0 + 1e-9).floor();
        let mut found = BTreeSet::new();
        for (a, one) in all.iter().enumerate() {
            for (b, two) in all.iter().enumerate().skip(a + 1) {
                // Bins of 32 diagonals, each beginning at a multiple of 16.
                let hits: Vec<(i64, f64)> = one
                    .iter()
                    .filter_map(|(gram, &x)| Some((*two.get(gram)? as i64 - x as i64, weight(gram))))
                    .collect();
                let near =
                    |bin: i64| hits.iter().filter(move |hit| [bin, bin + 1].contains(&hit.0.div_euclid(16)));
                let most = (-100..100).map(|bin| near(bin).map(|hit| hit.1).sum::<f64>());
                if most.fold(0.0, f64::max) >= 112.0 {
                    found.insert((a, b));
                }
            }
        }
        found.into_iter().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn pairs_are_those_that_trying_every_diagonal_gives(
            pieces in prop::collection::vec(prop::collection::vec((0u32..9, 0u32..40), 1..12), 2..=REACH),
        ) {
            let piece = |&(story, from): &(u32, u32)| -> String {
                (from..from + 25).map(|word| format!("s{story}w{word} ")).collect()
            };
            let texts: Vec<String> = pieces.iter().map(|text| text.iter().map(piece).collect()).collect();
            prop_assert_eq!(pairs_of(&texts), slow_pairs(&texts));
        }
    }

    #[test]
    fn a_copy_with_every_third_word_changed_is_proposed() {
        // No five words in a row are left.
        let text = |changed: &str| -> String {
            (0..300).map(|n| if n % 4 == 3 { format!("{changed}{n} ") } else { format!("w{n} ") }).collect()
        };
        assert_eq!(pairs_of(&[text("x"), text("y"), text("z")]), [(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn the_same_triples_in_another_order_are_no_passage() {
        let block = |side: char, n: usize| -> String {
            let own: String = (0..20).map(|word| format!("{side}{n}w{word} ")).collect();
            (0..4).map(|word| format!("b{n}w{word} ")).collect::<String>() + &own
        };
        let forth: String = (0..60).map(|n| block('x', n)).collect();
        let back: String = (0..60).rev().map(|n| block('y', n)).collect();
        assert_eq!(pairs_of(&[forth, back]), []);
    }

    #[test]
    fn what_thousands_carry_links_neighbours_and_costs_linear_time() {
        let story: String = (0..200).map(|n| format!("w{n} ")).collect();
        let texts: Vec<String> = (0..2000).map(|n| format!("{story} by{n}")).collect();
        let pairs = pairs_of(&texts);
        assert!(pairs.len() <= 2000 * FAR_REACH, "{}", pairs.len());
        assert!((1..2000).all(|n| pairs.binary_search(&(n - 1, n)).is_ok()));
    }

    #[test]
    fn bits_are_those_of_the_logarithm() {
        for (all, some, bits) in
            [(1 << 14, 1, 56), (1 << 14, 2, 52), (1 << 20, 3, 73), (u128::from(u32::MAX), 1, 127)]
        {
            assert_eq!(quarter_bits(all, some), bits, "{all} {some}");
        }
    }
}
