//! Compared pairs as bytes and back, so that a run can be resumed.
//!
//! What is kept of a pair is what only its two texts tell; what all pairs
//! together tell is worked out again.

use std::borrow::Cow;
use std::ops::Range;

use super::{DocumentRepeats, Examination, VerifiedPair};
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::{DocId, Span};
use crate::params::Params;
use crate::passage::kind::Kind;
use crate::passage::kind::changes::{Change, Changes};
use crate::passage::kind::overlap::{Overlap, Part};
use crate::passage::prepared;
use crate::report::{Passage, PassageKind, Repeat, Verdict};
use crate::spill::codec::{put_number, put_text, take_byte, take_number, take_text};
use crate::state::{Block, Compared, State};
use crate::verify::Shares;

/// What is kept of rounds of comparing.
pub(super) struct Rounds<'c> {
    compared: Compared<'c>,
    round: u64,
}

impl<'c> Examination<'c> {
    /// Keeps what is found in `state`, if there is one, and finds it there.
    pub(in crate::pipeline) fn keep_in(&mut self, state: Option<&'c State>) {
        self.kept = state.map(|state| Rounds { compared: state.compared(), round: 0 });
    }

    /// Takes what is kept of a round in which `pairs` are compared: of how many
    /// of them, from the first on.
    pub(super) fn resume(&mut self, pairs: &[CandidatePair]) -> usize {
        let Some(Rounds { compared, round }) = &self.kept else { return 0 };
        let mut done = 0;
        while let Some(block) = compared.next(*round, pairs.len()) {
            let Some((found, repeats)) = take_block(&block.found, (self.corpus, self.params)) else {
                compared.fail();
                break;
            };
            self.pairs.extend(found);
            self.repeats.extend(repeats);
            let to = block.to as usize;
            for document in pairs[done..to].iter().flat_map(|(a, b)| [a, b]) {
                self.suspects[document.index()] = false;
            }
            done = to;
        }
        done
    }

    /// Keeps the pairs and repeats that were found behind so many in pairs of
    /// this round.
    pub(super) fn keep(&self, [pairs, repeats]: [usize; 2], range: Range<usize>) {
        let Some(Rounds { compared, round }) = &self.kept else { return };
        let found = put_block(&self.pairs[pairs..], &self.repeats[repeats..]);
        let block = Block { round: *round, to: range.end as u64, found };
        compared.keep(&block, range.start as u64);
    }

    /// The next pairs are of another round.
    pub(super) fn end_round(&mut self) {
        if let Some(Rounds { round, .. }) = &mut self.kept {
            *round += 1;
        }
    }
}

fn put_block(pairs: &[VerifiedPair], repeats: &[DocumentRepeats]) -> Vec<u8> {
    let mut out = Vec::new();
    put_size(&mut out, pairs.len());
    pairs.iter().for_each(|pair| put_pair(&mut out, pair));
    put_size(&mut out, repeats.len());
    for DocumentRepeats { document, repeats, repeated_tokens } in repeats {
        put_sizes(&mut out, [document.index(), *repeated_tokens, repeats.len()]);
        for Repeat { document: _, spans, tokens, identity } in repeats {
            put_sizes(&mut out, [*tokens, spans.len()]);
            put_share(&mut out, *identity);
            spans.iter().for_each(|span| put_sizes(&mut out, [span.start, span.end]));
        }
    }
    out
}

type Found = (Vec<VerifiedPair>, Vec<DocumentRepeats>);

fn take_block(mut bytes: &[u8], (corpus, params): (Collection<'_>, &Params)) -> Option<Found> {
    let bytes = &mut bytes;
    let pairs = take_all(bytes, |bytes| take_pair(bytes, params))?;
    let repeats = take_all(bytes, |bytes| {
        let document = take_document(bytes)?;
        let repeated_tokens = take_size(bytes)?;
        let id = corpus.about(document).id.clone();
        let repeats = take_all(bytes, |bytes| {
            let (tokens, count) = (take_size(bytes)?, take_size(bytes)?);
            let identity = take_share(bytes)?;
            let spans = (0..count).map(|_| take_span(bytes)).collect::<Option<_>>()?;
            Some(Repeat { document: id.clone(), spans, tokens, identity })
        })?;
        Some(DocumentRepeats { document, repeats, repeated_tokens })
    })?;
    bytes.is_empty().then_some((pairs, repeats))
}

fn put_pair(out: &mut Vec<u8>, pair: &VerifiedPair) {
    // All fields are named, so that a new one cannot be forgotten.
    let VerifiedPair {
        a,
        b,
        shown: _,
        is_listed: _,
        verdict: _,
        shares: _,
        passages,
        overlap,
        loose,
        changes,
        is_witness,
        by_spread: _,
        without_form: _,
    } = pair;
    put_sizes(out, [a.index(), b.index()]);
    out.push(u8::from(*is_witness));
    put_size(out, passages.len());
    for Passage { a, b, tokens, identity, kind, reason } in passages {
        put_sizes(out, [a.start, a.end, b.start, b.end, *tokens]);
        put_share(out, *identity);
        put_kind(out, *kind, reason);
    }
    put_overlap(out, overlap);
    put_size(out, usize::from(loose.is_some()));
    if let Some(Kind { kind, reason }) = loose {
        put_kind(out, *kind, reason);
    }
    let Changes { numbers, names, wording, inside } = changes;
    for Change { kept, replaced } in [numbers, names, wording] {
        put_sizes(out, [*kept as usize, *replaced as usize]);
    }
    put_size(out, *inside as usize);
}

fn take_pair(bytes: &mut &[u8], params: &Params) -> Option<VerifiedPair> {
    let (a, b) = (take_document(bytes)?, take_document(bytes)?);
    let is_witness = take_byte(bytes)? == 1;
    let passages = take_all(bytes, |bytes| {
        let (a, b, tokens) = (take_span(bytes)?, take_span(bytes)?, take_size(bytes)?);
        let identity = take_share(bytes)?;
        let Kind { kind, reason } = take_kind(bytes)?;
        Some(Passage { a, b, tokens, identity, kind, reason })
    })?;
    let overlap = take_overlap(bytes)?;
    let loose = take_all(bytes, take_kind)?.pop();
    let mut change = || Some(Change { kept: take_u32(bytes)?, replaced: take_u32(bytes)? });
    let (numbers, names, wording) = (change()?, change()?, change()?);
    let changes = Changes { numbers, names, wording, inside: take_u32(bytes)? };
    let mut pair = VerifiedPair {
        a,
        b,
        shown: (a, b),
        is_listed: true,
        verdict: Verdict::SharesPassage,
        shares: Shares::default(),
        passages,
        overlap,
        loose,
        changes,
        is_witness,
        by_spread: Vec::new(),
        without_form: None,
    };
    pair.weigh(params);
    Some(pair)
}

fn put_overlap(out: &mut Vec<u8>, overlap: &Overlap) {
    let Overlap { tokens, distinct, shingles, parts, loose, changes_short_text } = overlap;
    put_sizes(out, *tokens);
    put_sizes(out, *distinct);
    put_size(out, *shingles);
    put_size(out, parts.len());
    for Part { ranges: [a, b], shingles } in parts {
        put_sizes(out, [a.start, a.end, b.start, b.end]);
        put_sizes(out, *shingles);
    }
    loose.iter().for_each(|of_kind| put_sizes(out, *of_kind));
    out.push(u8::from(*changes_short_text));
}

fn take_overlap(bytes: &mut &[u8]) -> Option<Overlap> {
    let (tokens, distinct) = (take_two(bytes)?, take_two(bytes)?);
    let shingles = take_size(bytes)?;
    let parts = take_all(bytes, |bytes| {
        let range = |[start, end]: [usize; 2]| prepared::Range { start, end };
        let ranges = [range(take_two(bytes)?), range(take_two(bytes)?)];
        Some(Part { ranges, shingles: take_two(bytes)? })
    })?;
    let loose = [take_two(bytes)?, take_two(bytes)?, take_two(bytes)?, take_two(bytes)?];
    let changes_short_text = take_byte(bytes)? == 1;
    Some(Overlap { tokens, distinct, shingles, parts, loose, changes_short_text })
}

/// The kinds by their numbers.
const KINDS: [PassageKind; 4] =
    [PassageKind::Copy, PassageKind::Quotation, PassageKind::Boilerplate, PassageKind::Template];

fn put_kind(out: &mut Vec<u8>, kind: PassageKind, reason: &str) {
    out.push(kind as u8);
    put_text(out, reason);
}

fn take_kind(bytes: &mut &[u8]) -> Option<Kind> {
    let kind = *KINDS.get(usize::from(take_byte(bytes)?))?;
    let reason = take_text(bytes)?;
    Some(Kind { kind, reason: if reason.is_empty() { Cow::Borrowed("") } else { Cow::Owned(reason) } })
}

fn put_size(out: &mut Vec<u8>, size: usize) {
    put_number(out, size as u64);
}

fn put_sizes<const N: usize>(out: &mut Vec<u8>, sizes: [usize; N]) {
    sizes.into_iter().for_each(|size| put_size(out, size));
}

fn put_share(out: &mut Vec<u8>, share: f64) {
    out.extend_from_slice(&share.to_bits().to_le_bytes());
}

fn take_share(bytes: &mut &[u8]) -> Option<f64> {
    let (share, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(f64::from_bits(u64::from_le_bytes(*share)))
}

fn take_size(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(take_number(bytes)?).ok()
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(take_number(bytes)?).ok()
}

fn take_document(bytes: &mut &[u8]) -> Option<DocId> {
    take_u32(bytes).map(DocId::from)
}

fn take_two(bytes: &mut &[u8]) -> Option<[usize; 2]> {
    Some([take_size(bytes)?, take_size(bytes)?])
}

fn take_span(bytes: &mut &[u8]) -> Option<Span> {
    take_two(bytes).map(Span::from)
}

/// A number of things, and these.
fn take_all<T>(bytes: &mut &[u8], mut take: impl FnMut(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    let count = take_size(bytes)?;
    (0..count).map(|_| take(bytes)).collect()
}
