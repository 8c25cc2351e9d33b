//! The longer words of documents, compared by samples.

use crate::document::Span;

/// Bytes of a word that says what a text is about; shorter ones are mostly the
/// grammar of a language.
const LONG_WORD: u32 = 6;

/// Words of a document that are compared.
const SAMPLE: usize = 256;

/// A sample of the longer words of a document, each with its first place.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Sorted by hash.
    words: Vec<(u64, u32)>,
    is_complete: bool,
}

impl Vocabulary {
    /// Of words given by their hashes and byte ranges, in order.
    pub fn new(words: impl Iterator<Item = (u64, (u32, u32))>) -> Self {
        let long = words.filter(|(_, (start, end))| end - start >= LONG_WORD);
        let mut words: Vec<(u64, u32)> = long.map(|(hash, (start, _))| (hash, start)).collect();
        words.sort_unstable();
        words.dedup_by_key(|(hash, _)| *hash);
        let is_complete = words.len() <= SAMPLE;
        words.truncate(SAMPLE);
        words.shrink_to_fit();
        Self { words, is_complete }
    }

    /// The share of the smaller of two vocabularies that both have, outside of
    /// the given spans, of which there are few.
    pub(super) fn common((a, of_a): (&Self, &[Span]), (b, of_b): (&Self, &[Span])) -> f64 {
        let bound = |words: &Self| match words.words.last() {
            Some((last, _)) if !words.is_complete => *last,
            _ => u64::MAX,
        };
        let bound = bound(a).min(bound(b));
        let is_outside = |place: u32, spans: &[Span]| {
            !spans.iter().any(|span| (span.start..span.end).contains(&(place as usize)))
        };
        let within = |words: &Self| words.words.partition_point(|(hash, _)| *hash <= bound);
        let (a, b) = (&a.words[..within(a)], &b.words[..within(b)]);
        let count = |words: &[(u64, u32)], spans: &[Span]| {
            words.iter().filter(|(_, place)| is_outside(*place, spans)).count()
        };
        let smaller = count(a, of_a).min(count(b, of_b));
        if smaller == 0 {
            return 0.0;
        }
        let (mut x, mut y, mut common) = (0, 0, 0);
        while x < a.len() && y < b.len() {
            let order = a[x].0.cmp(&b[y].0);
            common += usize::from(order.is_eq() && is_outside(a[x].1, of_a) && is_outside(b[y].1, of_b));
            x += usize::from(order.is_le());
            y += usize::from(order.is_ge());
        }
        common as f64 / smaller as f64
    }
}
