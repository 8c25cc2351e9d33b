//! What one document of a pair has that the other lacks, and where.
//!
//! Wire texts are written to be cut from the bottom, and outlets put a
//! paragraph of their own between the others. So a text that ends where the
//! other goes on is more often the later one, and so is one with a stretch in
//! its midst that the other lacks. Both happen the other way round too: an
//! origin is extended, a copier leaves a paragraph out. Hence small weights.
//! Linear in the passages.

use crate::report::{Pair, Passage, PassageKind};

/// Bytes from which something is a paragraph that one side lacks: some 25
/// words.
const PIECE_BYTES: usize = 150;

/// Bytes up to which nothing is missing: credit lines and datelines.
const SLACK_BYTES: usize = 120;

/// What sets two documents apart, seen from the first: 1 where the second
/// seems to be made from the first, -1 the other way round, 0 where neither
/// or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edits {
    /// The second ends where the first goes on.
    pub(crate) cut: i8,
    /// The second has a stretch before or between the shared ones that the
    /// first lacks.
    pub(crate) insert: i8,
}

impl Edits {
    /// What the passages of `pair` tell; `bytes` are the lengths of the two
    /// texts. Nothing where no passage was copied.
    pub(crate) fn new(pair: &Pair, bytes: [usize; 2]) -> Self {
        // Short runs do not say where a text was cut: what lies between and around
        // them was rewritten.
        let is_copied = |passage: &&Passage| passage.kind == PassageKind::Copy && !passage.is_of_runs();
        let copied = || pair.passages.iter().filter(is_copied);
        if copied().next().is_none() {
            return Self::default();
        }
        let first = Rest::new(copied().map(|passage: &Passage| (passage.a.start, passage.a.end)), bytes[0]);
        let second = Rest::new(copied().map(|passage| (passage.b.start, passage.b.end)), bytes[1]);
        Self {
            cut: only(first.behind, second.behind) - only(second.behind, first.behind),
            insert: only(second.midst, first.midst) - only(first.midst, second.midst),
        }
    }

    /// The same, seen from the second document.
    pub(crate) fn reversed(self) -> Self {
        Self { cut: -self.cut, insert: -self.insert }
    }
}

/// Whether the one side has a piece that the other side lacks.
fn only(one: usize, other: usize) -> i8 {
    i8::from(one >= PIECE_BYTES && other <= SLACK_BYTES)
}

/// Bytes of one text outside the shared passages.
struct Rest {
    /// The longest stretch before or between them.
    midst: usize,
    /// Behind the last of them.
    behind: usize,
}

impl Rest {
    fn new(passages: impl Iterator<Item = (usize, usize)>, bytes: usize) -> Self {
        let mut passages: Vec<(usize, usize)> = passages.collect();
        passages.sort_unstable();
        let (mut midst, mut end) = (0, 0);
        for (start, passage_end) in passages {
            midst = midst.max(start.saturating_sub(end));
            end = end.max(passage_end);
        }
        Self { midst, behind: bytes.saturating_sub(end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::pair;
    use crate::document::Span;
    use crate::report::Verdict;

    /// Passages in a and in b, bytes of both, cut, insert.
    type Case<'c> = (&'c [[usize; 4]], [usize; 2], i8, i8);

    #[test]
    fn cuts_and_inserts_are_told_where_one_side_alone_has_more() {
        let cases: [Case<'_>; 8] = [
            (&[], [900, 300], 0, 0),
            (&[[0, 500, 0, 500]], [900, 510], 1, 0),
            (&[[0, 500, 0, 500]], [510, 900], -1, 0),
            (&[[0, 500, 0, 500]], [900, 900], 0, 0),
            (&[[0, 500, 0, 500]], [640, 500], 0, 0),
            (&[[0, 300, 0, 300], [302, 600, 500, 800]], [600, 800], 0, 1),
            (&[[0, 300, 200, 500]], [300, 500], 0, 1),
            (&[[200, 500, 0, 300], [0, 100, 300, 400]], [500, 400], 0, 0),
        ];
        for (passages, bytes, cut, insert) in cases {
            let mut pair = pair("a", "b", Verdict::Derived, [0.5, 0.5]);
            pair.passages = passages
                .iter()
                .map(|&[a_start, a_end, b_start, b_end]| Passage {
                    a: Span::new(a_start, a_end),
                    b: Span::new(b_start, b_end),
                    tokens: 50,
                    identity: 1.0,
                    kind: PassageKind::Copy,
                    reason: "".into(),
                })
                .collect();
            let edits = Edits::new(&pair, bytes);
            assert_eq!((edits.cut, edits.insert), (cut, insert), "{passages:?} {bytes:?}");
            pair.passages.iter_mut().for_each(|passage| passage.identity = 0.4);
            assert_eq!(Edits::new(&pair, bytes), Edits::default(), "short runs tell nothing");
            pair.passages.iter_mut().for_each(|passage| passage.identity = 1.0);
            pair.passages.iter_mut().for_each(|passage| passage.kind = PassageKind::Quotation);
            assert_eq!(Edits::new(&pair, bytes), Edits::default(), "a quotation tells nothing");
        }
    }
}
