//! The pairs that reached a threshold: a row of 32 bytes each, and what was
//! found beside it, packed.
//!
//! A row is what every stage asks for: the documents, the verdict, and where
//! the rest lies. The rest (passages, overlap, reasons, what became of the
//! facts) takes some 30 bytes and 20 for each passage, in memory or, under a
//! budget, in a temporary file, and is unpacked for as long as somebody looks
//! at it. What is packed is never changed: what all pairs together tell of a
//! pair ([`super::spread`]) stands in lists of its own, which are thrown away
//! when more pairs have come, and is put in when the pair is unpacked. Shares
//! are worked out again from the overlap.

use std::borrow::Cow;

use rayon::prelude::*;

use super::spread::Told;
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::DocId;
use crate::params::Params;
use crate::passage::kind::Kind;
use crate::passage::kind::changes::Changes;
use crate::passage::kind::overlap::Overlap;
use crate::passage::kind::spread::Testimony;
use crate::report::{Passage, PassageKind, Verdict};
use crate::spill::packed::Packed;
use crate::verify::{self, Shares};

mod code;

/// Bytes that most pairs take: the head, and one passage with its reason.
const USUAL_BYTES: usize = 128;

/// A pair that reached a threshold, unpacked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VerifiedPair {
    pub(super) row: Row,
    pub(super) shares: Shares,
    pub(super) found: Found,
}

/// What of a pair is packed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    pub(super) passages: Vec<Passage>,
    /// What the shares are worked out from.
    pub(super) overlap: Overlap,
    /// The kinds of what is shared outside passages and left out.
    pub(super) loose: Vec<Kind>,
    /// What became of the facts in it.
    pub(super) changes: Changes,
}

/// What of a pair is always at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    /// The first of the documents with the tokens of the one shown as `a`; not
    /// always less than `b`.
    pub(super) a: DocId,
    /// The same of `b`.
    pub(super) b: DocId,
    /// The documents under which it is listed, and whose texts were compared.
    pub(super) shown: CandidatePair,
    pub(super) verdict: Verdict,
    /// Whether the limits allow it; others only tell what passages are.
    pub(super) is_listed: bool,
    /// Whether it is a witness for furniture.
    pub(super) testimony: Testimony,
    /// Whether all pairs together tell something of it.
    is_told: bool,
    /// Where the rest lies.
    len: u32,
    place: u64,
}

/// All pairs so far.
pub(super) struct VerifiedPairs<'c> {
    params: &'c Params,
    rows: Vec<Row>,
    packed: Packed,
    told: Told,
}

/// A pair as it is taken: whoever compares packs it too, so that threads need not
/// wait for each other, and what was found takes no room until it is taken.
pub(super) struct PackedPair {
    bytes: Vec<u8>,
    verdict: Verdict,
    testimony: Testimony,
}

impl PackedPair {
    /// Packs what was found.
    pub(super) fn new(found: &Found, testimony: Testimony, params: &Params) -> Self {
        let mut bytes = Vec::with_capacity(USUAL_BYTES);
        code::put(found, &mut bytes);
        Self { bytes, verdict: weighed(found, params).1, testimony }
    }
}

impl<'c> VerifiedPairs<'c> {
    /// None yet.
    pub(super) fn new((corpus, params): (Collection<'c>, &'c Params)) -> Self {
        let packed = Packed::new(corpus.spill());
        Self { params, rows: Vec::new(), packed, told: Told::default() }
    }

    /// Takes a pair of these documents.
    pub(super) fn push(&mut self, (a, b): CandidatePair, found: &PackedPair) {
        let PackedPair { bytes, verdict, testimony } = found;
        let len = u32::try_from(bytes.len()).expect("passages of a pair take less than 4 GiB");
        let place = self.packed.push(bytes);
        let (shown, verdict, testimony) = ((a, b), *verdict, *testimony);
        self.rows.push(Row { a, b, shown, verdict, is_listed: true, testimony, is_told: false, len, place });
    }

    /// The same, packed as [`Self::packed_from`] gives it; whether it is a pair.
    pub(super) fn push_packed(&mut self, pair: CandidatePair, packed: &[u8], testimony: Testimony) -> bool {
        let mut rest = packed;
        match code::take(&mut rest).filter(|_| rest.is_empty()) {
            Some(found) => self.push(pair, &PackedPair::new(&found, testimony, self.params)),
            None => return false,
        }
        true
    }

    /// The pairs from this one on, packed, as long as nothing was told of them.
    pub(super) fn packed_from(&self, known: usize) -> impl Iterator<Item = (&Row, Cow<'_, [u8]>)> {
        self.rows[known..].iter().map(|row| (row, self.packed.read(row.place, row.len as usize)))
    }

    /// What they are judged by.
    pub(super) fn params(&self) -> &'c Params {
        self.params
    }

    /// The rows of all of them.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows from this one on, to be listed under other documents.
    pub(super) fn rows_from(&mut self, known: usize) -> &mut [Row] {
        &mut self.rows[known..]
    }

    /// Leaves out those that are not listed, and orders the others by their
    /// documents.
    pub(super) fn keep_listed(&mut self) {
        self.rows.retain(|row| row.is_listed);
        self.rows.shrink_to_fit();
        // They are made of sorted parts, which a stable sort makes use of.
        self.rows.sort_by_key(|row| row.shown);
    }

    /// One of them.
    pub(super) fn get(&self, at: usize) -> VerifiedPair {
        let mut row = self.rows[at];
        let found = self.found(at);
        let (shares, verdict) = weighed(&found, self.params);
        row.verdict = verdict;
        VerifiedPair { row, shares, found }
    }

    /// What was found in one of them, with what all pairs together tell of it.
    pub(super) fn found(&self, at: usize) -> Found {
        let row = &self.rows[at];
        let bytes = self.packed.read(row.place, row.len as usize);
        // Behind an error of the file a record says nothing.
        let mut found = code::take(&mut &bytes[..]).unwrap_or_default();
        if row.is_told {
            self.told.tell(row.place, &mut found);
        }
        found
    }

    /// The share that aligned passages cover of the document of which they cover
    /// less.
    pub(super) fn least_coverage(&self, found: &Found) -> f64 {
        let (shares, _) = weighed(found, self.params);
        shares.coverage_of_a_by_b.min(shares.coverage_of_b_by_a)
    }

    /// What became of the facts in one of them, and the larger share of
    /// shingles that the one document has of the other.
    pub(super) fn changes(&self, at: usize) -> (Changes, f64) {
        let row = &self.rows[at];
        let bytes = self.packed.read(row.place, row.len as usize);
        let (changes, overlap) = code::take_head(&mut &bytes[..]).unwrap_or_default();
        let [of_a, of_b] = overlap.containments();
        (changes, of_a.max(of_b))
    }

    /// Whether one of them shares short runs that stand apart, and nothing else.
    pub(super) fn is_scattered(&self, row: &Row) -> bool {
        if row.verdict != Verdict::SharesPassage {
            return false;
        }
        let bytes = self.packed.read(row.place, row.len as usize);
        let mut rest = &bytes[..];
        let told = code::take_head(&mut rest).and_then(|(_, mut overlap)| {
            code::take_flags(&mut rest, &mut overlap)?;
            Some(overlap.is_scattered)
        });
        told.unwrap_or_default()
    }

    /// Forgets what all pairs together told: of fewer pairs than there are now.
    pub(super) fn forget_told(&mut self) {
        self.told = Told::default();
        let told = self.told_rows();
        for &at in &told {
            self.rows[at].is_told = false;
        }
        self.weigh_again(&told);
    }

    /// Adds what all pairs together tell of one: `add` gets the key of the pair.
    pub(super) fn tell(&mut self, at: usize, add: impl FnOnce(&mut Told, u64)) {
        add(&mut self.told, self.rows[at].place);
        self.rows[at].is_told = true;
    }

    /// Makes what was told so far part of what is found.
    pub(super) fn sort_told(&mut self) {
        self.told.sort();
    }

    /// Works out what counts in the pairs that something was told of.
    pub(super) fn weigh_told(&mut self) {
        self.sort_told();
        self.weigh_again(&self.told_rows());
    }

    fn told_rows(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|&at| self.rows[at].is_told).collect()
    }

    fn weigh_again(&mut self, rows: &[usize]) {
        let verdicts: Vec<Verdict> = rows.par_iter().map(|&at| self.get(at).row.verdict).collect();
        for (&at, verdict) in rows.iter().zip(verdicts) {
            self.rows[at].verdict = verdict;
        }
    }
}

/// What was found, packed; the first byte is the testimony of the pair.
#[cfg(feature = "arrow")]
pub(crate) fn packed_of(found: &Found, testimony: Testimony) -> Vec<u8> {
    let mut bytes = vec![testimony.code()];
    code::put(found, &mut bytes);
    bytes
}

/// What [`packed_of`] gave; nothing if it is anything else.
#[cfg(feature = "arrow")]
pub(crate) fn found_of(bytes: &[u8]) -> Option<(Found, Testimony)> {
    let (testimony, mut rest) = bytes.split_first()?;
    let found = code::take(&mut rest).filter(|_| rest.is_empty())?;
    Some((found, Testimony::of_code(*testimony)?))
}

#[cfg(feature = "arrow")]
impl Found {
    /// The verdict by these two texts.
    pub(crate) fn verdict(&self, params: &Params) -> Verdict {
        weighed(self, params).1
    }
}

/// What counts, by the kinds of the passages.
fn weighed(found: &Found, params: &Params) -> (Shares, Verdict) {
    let kinds: Vec<PassageKind> = found.passages.iter().map(|passage| passage.kind).collect();
    // A pair that reached a threshold reaches it if everything counts; what
    // could not be read reaches none, and is in no report.
    verify::weigh(&found.overlap, &kinds, params).unwrap_or((Shares::default(), Verdict::SharesPassage))
}
