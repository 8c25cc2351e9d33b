//! Blocks of compared pairs, kept so that a run can be resumed.
//!
//! What is kept of a pair is what its two texts tell; what all pairs together
//! tell is worked out again.

use std::ops::Range;

use super::Examination;
use crate::candidates::CandidatePair;
use crate::document::DocId;
use crate::passage::kind::spread::Testimony;
use crate::spill::codec::{put_number, take_byte, take_number};
use crate::state::{Block, Compared, State};

/// Where rounds of comparing are kept.
pub(super) struct Rounds<'c> {
    compared: Compared<'c>,
    round: u64,
}

impl<'c> Examination<'c, '_> {
    /// Keeps what is found in `state`, if there is one, and finds it there.
    pub(in crate::pipeline) fn keep_in(&mut self, state: Option<&'c State>) {
        self.kept = state.map(|state| Rounds { compared: state.compared(), round: 0 });
    }

    /// Takes what is kept of a round in which `pairs` are compared: of how many
    /// of them, from the first on.
    pub(super) fn resume(&mut self, pairs: &[CandidatePair]) -> usize {
        let Some(Rounds { compared, round }) = self.kept.take() else { return 0 };
        let mut done = 0;
        while let Some(block) = compared.next(round, pairs.len()) {
            if self.take_block(&block.found).is_none() {
                compared.fail();
                break;
            }
            let to = block.to as usize;
            for document in pairs[done..to].iter().flat_map(|(a, b)| [a, b]) {
                self.suspects[document.index()] = false;
            }
            done = to;
        }
        self.kept = Some(Rounds { compared, round });
        done
    }

    /// Keeps what was found behind so many pairs and repeats: in a range of the
    /// pairs of this round.
    pub(super) fn keep(&self, known: [usize; 2], range: Range<usize>) {
        let Some(Rounds { compared, round }) = &self.kept else { return };
        let block = Block { round: *round, to: range.end as u64, found: self.block(known) };
        compared.keep(&block, range.start as u64);
    }

    /// The next pairs are of another round.
    pub(super) fn end_round(&mut self) {
        if let Some(Rounds { round, .. }) = &mut self.kept {
            *round += 1;
        }
    }

    fn block(&self, [pairs, repeats]: [usize; 2]) -> Vec<u8> {
        let mut out = Vec::new();
        put_number(&mut out, (self.pairs.rows().len() - pairs) as u64);
        for (row, packed) in self.pairs.packed_from(pairs) {
            let (a, b) = row.shown;
            [a, b].iter().for_each(|document| put_number(&mut out, document.as_u32().into()));
            out.push(row.testimony.code());
            put_bytes(&mut out, &packed);
        }
        put_number(&mut out, (self.repeats.len() - repeats) as u64);
        for (document, packed) in self.repeats.packed_from(repeats) {
            put_number(&mut out, document.as_u32().into());
            put_bytes(&mut out, &packed);
        }
        out
    }

    /// Nothing where the bytes are no block.
    fn take_block(&mut self, mut bytes: &[u8]) -> Option<()> {
        let bytes = &mut bytes;
        for _ in 0..take_number(bytes)? {
            let pair = (self.take_document(bytes)?, self.take_document(bytes)?);
            let testimony = Testimony::of_code(take_byte(bytes)?)?;
            let packed = take_bytes(bytes)?;
            self.pairs.push_packed(pair, packed, testimony).then_some(())?;
        }
        for _ in 0..take_number(bytes)? {
            let document = self.take_document(bytes)?;
            let packed = take_bytes(bytes)?;
            // It may have been prepared for a pair of the next block.
            self.suspects[document.index()] = false;
            self.repeats.push_packed(document, packed).then_some(())?;
        }
        bytes.is_empty().then_some(())
    }

    fn take_document(&self, bytes: &mut &[u8]) -> Option<DocId> {
        let number = u32::try_from(take_number(bytes)?).ok()?;
        ((number as usize) < self.corpus.len()).then(|| DocId::from(number))
    }
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn take_bytes<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let len = usize::try_from(take_number(bytes)?).ok()?;
    let (taken, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(taken)
}
