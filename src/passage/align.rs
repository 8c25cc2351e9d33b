//! The passages that two documents share, to the byte.
//!
//! A stretch counts as a passage when its shorter side has
//! `min_passage_tokens` tokens and its score reaches that number too: with
//! [`MATCH`](super::extend::MATCH) and [`MISMATCH`](super::extend::MISMATCH)
//! as they are, a passage of 25 tokens must agree in 80 per cent of them, one
//! of 100 in 65, and a very long one in 60. Short passages need more
//! agreement because common phrases reach little by chance.

use super::anchor::Run;
use super::chain;
use super::extend::{self, Stretch};
use super::prepared::{Prepared, Range};
use crate::document::Span;

/// A stretch is extended if its runs hold one in this many of the tokens that
/// a passage needs. Less is a phrase; noisy copies chain several runs.
const MIN_ANCHORED: usize = 4;

/// Share of a stretch's tokens in one document that no better one has.
const MIN_NEW: f64 = 0.2;

/// Stretches kept in sight to find those that lie inside another one.
const NEIGHBOURS: usize = 64;

/// The passages of at least `min_tokens` tokens, in the order of the first
/// document. `anchors` are the runs that [`super::anchor::shared`] found.
pub fn passages(a: &Prepared, b: &Prepared, anchors: &[Run], min_tokens: usize) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut parts = Vec::new();
    for chain in chain::chains(anchors).iter() {
        parts.clear();
        extend::stretches(&a.tokens, &b.tokens, chain, &mut parts);
        for (at, &part) in parts.iter().enumerate() {
            if !is_anchored(&part, min_tokens) {
                continue;
            }
            let from = at.checked_sub(1).map_or((0, 0), |p| (parts[p].a.end, parts[p].b.end));
            let to = parts.get(at + 1).map_or((a.len(), b.len()), |next| (next.a.start, next.b.start));
            let limits = (Range::new(from.0, to.0), Range::new(from.1, to.1));
            found.push(extend::extend(&a.tokens, &b.tokens, part, limits));
        }
    }
    found.retain(|stretch| is_passage(stretch, min_tokens));
    without_shifted(without_contained(found), [a.len(), b.len()])
}

/// Drops, of the stretches in order, those that say nothing new of either
/// document: a table whose lines are alike, or a picture made of letters, agrees
/// with itself at every shift of a line. The best stretch is taken first, and of
/// the others those that bring [`MIN_NEW`] of their tokens on one side. What one
/// document has twice is new there. O(tokens of all stretches).
pub(super) fn without_shifted(mut stretches: Vec<Stretch>, lens: [usize; 2]) -> Vec<Stretch> {
    if stretches.len() < 2 {
        return stretches;
    }
    let mut best_first: Vec<usize> = (0..stretches.len()).collect();
    best_first.sort_by_key(|&at| std::cmp::Reverse(stretches[at].score()));
    let mut taken = lens.map(|len| vec![false; len]);
    let mut is_new = vec![false; stretches.len()];
    for at in best_first {
        let ranges = [stretches[at].a, stretches[at].b];
        for (taken, range) in taken.iter_mut().zip(ranges) {
            let taken = &mut taken[range.start..range.end];
            let new = taken.iter().filter(|is_taken| !**is_taken).count();
            is_new[at] |= new as f64 >= MIN_NEW * range.len() as f64;
        }
        if is_new[at] {
            taken.iter_mut().zip(ranges).for_each(|(taken, range)| taken[range.start..range.end].fill(true));
        }
    }
    let mut is_kept = is_new.into_iter();
    stretches.retain(|_| is_kept.next().unwrap_or(true));
    stretches
}

/// Whether the runs of a stretch hold enough for a passage around them.
pub(super) fn is_anchored(stretch: &Stretch, min_tokens: usize) -> bool {
    stretch.matches * MIN_ANCHORED >= min_tokens
}

/// Whether a stretch is long enough and enough alike.
pub fn is_passage(stretch: &Stretch, min_tokens: usize) -> bool {
    stretch.a.len().min(stretch.b.len()) >= min_tokens && stretch.score() >= min_tokens as i64
}

/// Sorts the stretches and drops those that lie inside another one in both
/// documents.
pub(super) fn without_contained(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_by_key(|s| (s.a.start, std::cmp::Reverse(s.a.end), s.b));
    let mut kept: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let inside = |other: &Stretch| {
            other.a.overlap(stretch.a) == stretch.a.len() && other.b.overlap(stretch.b) == stretch.b.len()
        };
        if !kept.iter().rev().take(NEIGHBOURS).any(inside) {
            kept.push(stretch);
        }
    }
    kept
}

/// One occurrence of a passage: a range of a document's tokens.
#[derive(Clone, Copy, Debug)]
pub struct Place<'d> {
    /// The raw text.
    pub text: &'d str,
    /// Its tokens.
    pub document: &'d Prepared,
    /// The passage; not empty.
    pub range: Range,
}

/// The byte ranges of one passage at all its places: from the first token to
/// the last, and the punctuation that touches them and is the same everywhere.
pub fn spans(places: &[Place<'_>]) -> Vec<Span> {
    let touching = touching(places);
    places.iter().map(|place| place.widened(touching)).collect()
}

/// [`spans`] of two places.
pub fn spans_of_two(places: [Place<'_>; 2]) -> [Span; 2] {
    let touching = touching(&places);
    places.map(|place| place.widened(touching))
}

/// How many bytes of punctuation touch a passage before and behind at all its
/// places.
fn touching(places: &[Place<'_>]) -> (usize, usize) {
    let Some((first, others)) = places.split_first() else { return (0, 0) };
    let text = first.before();
    let mut before = 0;
    for c in text.chars().rev().take_while(|c| !c.is_whitespace()) {
        let touching = &text.as_bytes()[text.len() - before - c.len_utf8()..];
        if !others.iter().all(|other| other.before().as_bytes().ends_with(touching)) {
            break;
        }
        before = touching.len();
    }
    let text = first.behind();
    let mut behind = 0;
    for c in text.chars().take_while(|c| !c.is_whitespace()) {
        let touching = &text.as_bytes()[..behind + c.len_utf8()];
        if !others.iter().all(|other| other.behind().as_bytes().starts_with(touching)) {
            break;
        }
        behind = touching.len();
    }
    (before, behind)
}

impl<'d> Place<'d> {
    /// The bytes of the passage, and so many before and behind it.
    fn widened(&self, (before, behind): (usize, usize)) -> Span {
        let span = self.document.span(self.range);
        Span::new(span.start - before, span.end + behind)
    }

    /// What stands between the passage and the token before it.
    fn before(&self) -> &'d str {
        let from = self.range.start.checked_sub(1).map_or(0, |token| self.document.token_end(token));
        let to = self.document.token_start(self.range.start);
        &self.text[from.min(to)..to]
    }

    /// What stands between the passage and the token behind it.
    fn behind(&self) -> &'d str {
        let from = self.document.token_end(self.range.end - 1);
        let is_last = self.range.end == self.document.len();
        let to = if is_last { self.text.len() } else { self.document.token_start(self.range.end) };
        &self.text[from..to.max(from)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use crate::passage::anchor;
    use proptest::prelude::*;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn found(one: &str, two: &str) -> Vec<(String, String, f64)> {
        let params = Params::default();
        let (a, b) = (Prepared::new(one, &params), Prepared::new(two, &params));
        let passages = passages(&a, &b, &anchor::shared(&a, &b).runs, params.min_passage_tokens);
        let slices = |stretch: &Stretch| {
            let spans = spans(&[
                Place { text: one, document: &a, range: stretch.a },
                Place { text: two, document: &b, range: stretch.b },
            ]);
            let slice = |text: &str, span: Span| text[span.start..span.end].to_owned();
            (slice(one, spans[0]), slice(two, spans[1]), stretch.identity())
        };
        passages.iter().map(slices).collect()
    }

    #[test]
    fn a_passage_is_found_to_the_byte_with_the_punctuation_it_touches() {
        let shared = "“".to_owned() + words(0, 30).trim() + ".”";
        let one = format!("{} — {shared} {}", words(100, 140), words(200, 220));
        let two = format!("{shared}\n{}", words(300, 340));
        assert_eq!(found(&one, &two), [(shared.clone(), shared, 1.0)]);
    }

    #[test]
    fn a_reordered_text_gives_one_passage_for_each_part() {
        let (first, second) = (words(0, 40), words(40, 90));
        let slices: Vec<usize> = found(&format!("{first}{second}"), &format!("{second}{first}"))
            .iter()
            .map(|(a, _, _)| a.split(' ').count())
            .collect();
        assert_eq!(slices, [40, 50]);
    }

    #[test]
    fn a_table_of_like_lines_is_one_passage_and_not_one_for_each_shift() {
        let line =
            |n: usize| format!("player{n} of team{} played 1 scored 1 missed 0 passed 1 fouled 0\n", n % 3);
        let table = |range: std::ops::Range<usize>| range.map(line).collect::<String>();
        let found = found(&format!("{}\n{}", words(0, 60), table(0..40)), &table(0..37));
        let lens: Vec<usize> = found.iter().map(|(a, _, _)| a.lines().count()).collect();
        assert_eq!(lens, [37], "{found:?}");
    }

    #[test]
    fn a_doubled_body_meets_a_single_one_twice() {
        let body = words(0, 60);
        let passages = found(&body, &format!("{body}\n{body}"));
        assert_eq!(passages.len(), 2);
        assert!(passages.iter().all(|(a, b, identity)| a == b && *identity == 1.0));
    }

    #[test]
    fn twenty_four_tokens_are_no_passage() {
        let around = |n: usize| words(n * 1000, n * 1000 + 30);
        let of = |len| {
            found(&(around(1) + &words(0, len) + &around(2)), &(around(3) + &words(0, len) + &around(4)))
                .len()
        };
        assert_eq!((of(24), of(25)), (0, 1));
    }

    proptest! {
        /// Brute force: every common run of at least 25 tokens lies inside a
        /// passage that is found.
        #[test]
        fn every_long_common_run_lies_in_a_passage(
            shared in prop::collection::vec(0u16..400, 25..60),
            around in prop::array::uniform4(prop::collection::vec(0u16..400, 0..40)),
        ) {
            let [p, q, r, s] = around;
            let (a, b) = ([&p[..], &shared, &q].concat(), [&r[..], &shared, &s].concat());
            let text = |tokens: &[u16]| -> String { tokens.iter().map(|t| format!("w{t} ")).collect() };
            let params = Params::default();
            let (one, two) = (Prepared::new(&text(&a), &params), Prepared::new(&text(&b), &params));
            let passages = passages(&one, &two, &anchor::shared(&one, &two).runs, 25);
            let covers = |stretch: &Stretch, x: usize, y: usize, len: usize| {
                stretch.a.start <= x && stretch.a.end >= x + len && stretch.b.start <= y && stretch.b.end >= y + len
            };
            for x in 0..a.len() {
                for y in 0..b.len() {
                    let len = a[x..].iter().zip(&b[y..]).take_while(|(m, n)| m == n).count();
                    if len >= 25 {
                        prop_assert!(passages.iter().any(|stretch| covers(stretch, x, y, len)));
                    }
                }
            }
            // What is found is what it says: the spans agree as far as stated.
            for stretch in &passages {
                let (x, y) = (&a[stretch.a.start..stretch.a.end], &b[stretch.b.start..stretch.b.end]);
                prop_assert!(longest_common(x, y) >= stretch.matches);
            }
        }
    }

    fn longest_common(a: &[u16], b: &[u16]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for x in 0..a.len() {
            for y in 0..b.len() {
                table[x + 1][y + 1] =
                    if a[x] == b[y] { table[x][y] + 1 } else { table[x][y + 1].max(table[x + 1][y]) };
            }
        }
        table[a.len()][b.len()]
    }
}
