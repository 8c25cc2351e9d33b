//! The counted words as bytes and back, to be handed to other processes.

use std::sync::atomic::{AtomicU16, Ordering};

use super::words::{COMMON, COUNTED, RARE, Spellings, Words};

/// What such bytes begin with: what they are, and the version of their form.
const MAGIC: &[u8; 8] = b"wcwords3";

impl Words {
    /// All of it as bytes; equal words give equal bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(self.counts.len() as u64).to_le_bytes());
        // Only whether a word is rare or common is asked for.
        const { assert!(RARE < COMMON && COMMON < COUNTED) };
        let count = |count: &AtomicU16| count.load(Ordering::Relaxed).min(COMMON) as u8;
        bytes.extend(self.counts.iter().map(count));
        bytes.push(u8::from(!self.marked.is_empty()));
        bytes.extend_from_slice(&self.marked);
        bytes.extend_from_slice(&(self.near_common.len() as u64).to_le_bytes());
        for spellings in [&self.near_common, &self.near_known] {
            let mut sorted: Vec<u64> = spellings.iter().copied().collect();
            sorted.sort_unstable();
            sorted.iter().for_each(|spelling| bytes.extend_from_slice(&spelling.to_le_bytes()));
        }
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
        let (marked, bytes) = bytes.split_at_checked(marked)?;
        let (common, spellings) = bytes.split_first_chunk()?;
        let (spellings, []) = spellings.as_chunks() else { return None };
        let common = usize::try_from(u64::from_le_bytes(*common)).ok()?;
        let (common, known) = spellings.split_at_checked(common)?;
        let set = |spellings: &[[u8; 8]]| -> Spellings {
            spellings.iter().map(|spelling| u64::from_le_bytes(*spelling)).collect()
        };
        Some(Self {
            counts: counts.iter().map(|&count| AtomicU16::new(count.into())).collect(),
            marked: marked.to_vec(),
            near_common: set(common),
            near_known: set(known),
        })
    }
}
