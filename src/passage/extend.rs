//! Chains → aligned stretches: gaps filled, ends extended, weak links cut.
//!
//! An alignment scores [`MATCH`] for a token that agrees and [`MISMATCH`] for
//! one that does not (changed, inserted or dropped), so a stretch scores
//! above zero exactly where more than three tokens in five agree. Gaps
//! between the runs of a chain are aligned in full (they are at most
//! [`MAX_GAP_TOKENS`](super::chain::MAX_GAP_TOKENS) wide); a gap that costs
//! more than `MAX_DROP` ends the stretch. Both ends are extended as far as the
//! texts go on agreeing (`extension.rs`). Time O(tokens + gaps²),
//! bounded by `MAX_GAP_TOKENS` per token; space O(`MAX_GAP_TOKENS`).

use super::anchor::Run;
use super::extension::extension;
use super::prepared::Range;

/// Score of a token that agrees.
pub const MATCH: i64 = 2;

/// Score of a token that does not: with [`MATCH`] this puts zero at an
/// identity of 0.6, the least that counts as copied.
pub const MISMATCH: i64 = -3;

/// Loss over one gap that ends a stretch: ten tokens without agreement.
const MAX_DROP: i64 = 30;

/// Aligned token ranges of two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Tokens of the first document.
    pub a: Range,
    /// Tokens of the second document.
    pub b: Range,
    /// How many of them agree.
    pub matches: usize,
}

impl Stretch {
    /// Tokens of the longer side.
    pub fn tokens(&self) -> usize {
        self.a.len().max(self.b.len())
    }

    /// Tokens that agree, as a share of the longer side.
    pub fn identity(&self) -> f64 {
        self.matches as f64 / self.tokens().max(1) as f64
    }

    /// Alignment score.
    pub fn score(&self) -> i64 {
        self.matches as i64 * MATCH + (self.tokens() - self.matches) as i64 * MISMATCH
    }
}

/// Appends the stretches of one chain, in order: it is cut at gaps that cost
/// too much, and what is left of it into the parts that score best, so that a
/// long run is never given up for fragments around it.
pub fn stretches(a: &[u64], b: &[u64], chain: &[Run], found: &mut Vec<Stretch>) {
    stretches_by(chain, MAX_DROP, found, |gap_a, gap_b| {
        common_in_order(&a[gap_a.start..gap_a.end], &b[gap_b.start..gap_b.end])
    });
}

/// [`stretches`], with the loss over a gap that ends one, and how many agree in
/// a gap.
pub fn stretches_by(
    chain: &[Run],
    max_drop: i64,
    found: &mut Vec<Stretch>,
    agreeing: impl Fn(Range, Range) -> usize,
) {
    if let [run] = chain {
        return found.push(exact(*run));
    }
    let mut parts = vec![exact(chain[0])];
    let mut last = parts[0];
    for next in &chain[1..] {
        let next = exact(behind(&last, *next));
        let gap_a = Range::new(last.a.end, next.a.start);
        let gap_b = Range::new(last.b.end, next.b.start);
        let gap = Stretch { a: gap_a, b: gap_b, matches: agreeing(gap_a, gap_b) };
        if gap.score() < -max_drop {
            best_stretches(&parts, found);
            parts.clear();
        } else {
            parts.push(gap);
        }
        parts.push(next);
        last = next;
    }
    best_stretches(&parts, found);
}

/// A range of parts and the sums of all scores before it and through it.
struct Segment {
    parts: std::ops::Range<usize>,
    before: i64,
    through: i64,
    /// The nearest earlier segment with a lower sum before it.
    lower: Option<usize>,
}

/// Joins neighbouring parts (a run, a gap, a run, …) to the stretch of the
/// best score, and what is left before and behind it in the same way: all
/// maximal scoring segments, in linear time (Ruzzo and Tompa 1999).
fn best_stretches(parts: &[Stretch], found: &mut Vec<Stretch>) {
    let mut segments: Vec<Segment> = Vec::new();
    let mut sum = 0;
    for (at, part) in parts.iter().enumerate() {
        let before = sum;
        sum += part.score();
        if sum <= before {
            continue;
        }
        let mut segment = Segment { parts: at..at + 1, before, through: sum, lower: None };
        loop {
            let mut lower = segments.len().checked_sub(1);
            while let Some(place) = lower.filter(|&place| segments[place].before >= segment.before) {
                lower = segments[place].lower;
            }
            segment.lower = lower;
            match lower {
                Some(place) if segments[place].through < segment.through => {
                    segment.parts.start = segments[place].parts.start;
                    segment.before = segments[place].before;
                    segments.truncate(place);
                }
                _ => break,
            }
        }
        segments.push(segment);
    }
    found.extend(segments.into_iter().map(|segment| {
        let joined = &parts[segment.parts];
        let (first, last) = (joined[0], joined[joined.len() - 1]);
        Stretch {
            a: Range::new(first.a.start, last.a.end),
            b: Range::new(first.b.start, last.b.end),
            matches: joined.iter().map(|part| part.matches).sum(),
        }
    }));
}

/// Extends a stretch at both ends, not beyond `limits` in either document.
pub fn extend(a: &[u64], b: &[u64], stretch: Stretch, limits: (Range, Range)) -> Stretch {
    let (of_a, of_b) = (stretch.a, stretch.b);
    let ahead_a = &a[of_a.end..limits.0.end.max(of_a.end)];
    let ahead_b = &b[of_b.end..limits.1.end.max(of_b.end)];
    let ahead = extension::<false>(ahead_a, ahead_b);
    let back_a = &a[limits.0.start.min(of_a.start)..of_a.start];
    let back_b = &b[limits.1.start.min(of_b.start)..of_b.start];
    let back = extension::<true>(back_a, back_b);
    Stretch {
        a: Range::new(of_a.start - back.a, of_a.end + ahead.a),
        b: Range::new(of_b.start - back.b, of_b.end + ahead.b),
        matches: stretch.matches + back.matches + ahead.matches,
    }
}

fn exact(run: Run) -> Stretch {
    Stretch { a: run.range_a(), b: run.range_b(), matches: run.len }
}

/// The part of a run that begins behind a stretch in both documents.
fn behind(stretch: &Stretch, run: Run) -> Run {
    let claimed = stretch.a.end.saturating_sub(run.a).max(stretch.b.end.saturating_sub(run.b));
    let claimed = claimed.min(run.len - 1);
    Run { a: run.a + claimed, b: run.b + claimed, len: run.len - claimed }
}

/// How many tokens two short sequences have in common in the same order.
fn common_in_order(a: &[u64], b: &[u64]) -> usize {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let mut row = vec![0usize; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<u64> {
        text.bytes().map(u64::from).collect()
    }

    #[test]
    fn a_gap_joins_or_ends_a_stretch() {
        let a = tokens("abcdefghij....klmnopqrst");
        let b = tokens("abcdefghijklmnopqrst");
        let stretches = |a: &[u64], b: &[u64], chain: &[Run]| {
            let mut found = Vec::new();
            stretches(a, b, chain, &mut found);
            found
        };
        let near = [Run { a: 0, b: 0, len: 10 }, Run { a: 14, b: 10, len: 10 }].to_vec();
        let joined = stretches(&a, &b, &near);
        assert_eq!(joined, [Stretch { a: Range::new(0, 24), b: Range::new(0, 20), matches: 20 }]);
        let mut far = tokens("abcdefghij");
        far.extend([b'.'; 11].map(u64::from));
        far.extend(tokens("klmnopqrst"));
        let apart = [Run { a: 0, b: 0, len: 10 }, Run { a: 21, b: 10, len: 10 }].to_vec();
        assert_eq!(stretches(&far, &b, &apart).len(), 2);
    }

    #[test]
    fn a_run_is_not_given_up_for_fragments_around_it() {
        let mut a = vec![1; 25];
        let mut b = vec![1; 25];
        let mut chain = vec![Run { a: 0, b: 0, len: 25 }];
        for fragment in 0..4u64 {
            a.extend((0..9).map(|n| 100 + fragment * 20 + n));
            b.extend((0..9).map(|n| 500 + fragment * 20 + n));
            chain.push(Run { a: a.len(), b: b.len(), len: 5 });
            a.extend([1000 + fragment; 5]);
            b.extend([1000 + fragment; 5]);
        }
        let mut found = Vec::new();
        stretches(&a, &b, &chain, &mut found);
        assert_eq!(found[0], Stretch { a: Range::new(0, 25), b: Range::new(0, 25), matches: 25 });
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn a_hundred_thousand_fragments_cost_linear_time() {
        let fragment =
            |at: usize, matches| Stretch { a: Range::new(at, at + 9), b: Range::new(at, at + 9), matches };
        let parts: Vec<Stretch> =
            (0..200_001).map(|n| fragment(n * 9, if n % 2 == 0 { 9 } else { 0 })).collect();
        let mut found = Vec::new();
        best_stretches(&parts, &mut found);
        assert_eq!(found.len(), 100_001);
    }

    proptest! {
        #[test]
        fn a_score_is_positive_above_three_fifths_identity(len in 1usize..200, share in 0.0f64..=1.0) {
            let matches = (len as f64 * share) as usize;
            let stretch = Stretch { a: Range::new(0, len), b: Range::new(0, len), matches };
            prop_assert_eq!(stretch.score() > 0, stretch.matches * 5 > len * 3);
        }

        #[test]
        fn common_in_order_is_symmetric_and_bounded(
            a in prop::collection::vec(0u64..4, 0..30),
            b in prop::collection::vec(0u64..4, 0..30),
        ) {
            let count = common_in_order(&a, &b);
            prop_assert_eq!(count, common_in_order(&b, &a));
            prop_assert!(count <= a.len().min(b.len()));
            prop_assert_eq!(common_in_order(&a, &a), a.len());
        }
    }
}
