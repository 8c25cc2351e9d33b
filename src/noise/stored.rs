//! The counted words as bytes and back, to be handed to other processes.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU16, Ordering};

use super::{COMMON, COUNTED, RARE, Words};

/// What such bytes begin with: what they are, and the version of their form.
const MAGIC: &[u8; 8] = b"wcwords2";

impl Words {
    /// All of it as bytes; equal words give equal bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut spellings: Vec<u64> = self.near_common.iter().copied().collect();
        spellings.sort_unstable();
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(self.counts.len() as u64).to_le_bytes());
        // Only whether a word is rare or common is asked for.
        const { assert!(RARE < COMMON && COMMON < COUNTED) };
        let count = |count: &AtomicU16| count.load(Ordering::Relaxed).min(COMMON) as u8;
        bytes.extend(self.counts.iter().map(count));
        bytes.push(u8::from(!self.marked.is_empty()));
        bytes.extend_from_slice(&self.marked);
        spellings.iter().for_each(|spelling| bytes.extend_from_slice(&spelling.to_le_bytes()));
        bytes
    }

    /// What [`Self::to_bytes`] gave; nothing if it is anything else.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(MAGIC)?;
        let (slots, bytes) = bytes.split_first_chunk()?;
        let slots =
            usize::try_from(u64::from_le_bytes(*slots)).ok().filter(|slots| slots.is_power_of_two())?;
        let (counts, bytes) = bytes.split_at_checked(slots)?;
        let (has_marks, bytes) = bytes.split_first()?;
        let marked = match has_marks {
            0 => 0,
            1 => slots,
            _ => return None,
        };
        let (marked, spellings) = bytes.split_at_checked(marked)?;
        let (spellings, []) = spellings.as_chunks() else { return None };
        Some(Self {
            counts: counts.iter().map(|&count| AtomicU16::new(count.into())).collect(),
            marked: marked.to_vec(),
            near_common: spellings
                .iter()
                .map(|spelling| u64::from_le_bytes(*spelling))
                .collect::<HashSet<_, _>>(),
        })
    }
}
