//! How far two token sequences go on agreeing: a banded alignment from their
//! beginnings that gives up once it has lost `END_DROP` since its best score
//! (X-drop, as in BLAST; Zhang et al. 2000).
//!
//! Time O(`BAND`) a token, for `MAX_EXTENSION` tokens at most; space
//! O(`BAND`). Where two texts go apart for good, as at the end of most
//! passages, that is seen before any row is computed.

use super::extend::{MATCH, MISMATCH};

/// Loss since the best score that ends an extension: five tokens.
const END_DROP: i64 = 15;

/// Tokens by which an extension may shift against the last run: a larger
/// shift alone costs more than [`END_DROP`].
const BAND: usize = 5;

/// Tokens that an extension looks at, at most, before it stops; it restarts
/// nowhere, since what lies beyond has no five tokens in a row in common.
const MAX_EXTENSION: usize = 256;

/// A cell of the extension's table: its score in the upper half, the matches
/// on the way in the lower one. Adding a step adds to both, and the larger
/// cell is the one with the better score, or, among equals, more matches.
type Cell = i64;

const AGREEING: Cell = (MATCH << 32) + 1;
const DIFFERING: Cell = MISMATCH << 32;
const UNREACHED: Cell = i64::MIN / 2;

fn score(cell: Cell) -> i64 {
    cell >> 32
}

/// Diagonals of the band.
const WIDTH: usize = 2 * BAND + 1;

/// Cells of one row of the band, with an unreachable one at each side.
const ROW: usize = WIDTH + 2;

/// How far an alignment reaches from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) matches: usize,
}

/// How far two sequences go on agreeing, at the best score: from their
/// beginnings, or, if `BACK`, from their ends backwards.
pub(super) fn extension<const BACK: bool>(a: &[u64], b: &[u64]) -> Reach {
    if may_gain::<BACK>(a, b) { aligned::<BACK>(a, b) } else { Reach::default() }
}

/// [`extension`], row by row.
fn aligned<const BACK: bool>(a: &[u64], b: &[u64]) -> Reach {
    let token = |tokens: &[u64], at: usize| tokens[if BACK { tokens.len() - 1 - at } else { at }];
    let (mut best, mut best_cell) = (Reach::default(), 0);
    // Cell `d` of a row stands for the diagonal `y - x = d - 1 - BAND`.
    let mut row = [UNREACHED; ROW];
    for (y, cell) in row[1 + BAND..ROW - 1].iter_mut().enumerate().take(b.len() + 1) {
        *cell = y as Cell * DIFFERING;
    }
    for x in 1..=a.len().min(MAX_EXTENSION) {
        let next = match window::<BACK>(b, x) {
            Some(window) => whole_row::<BACK>(&row, token(a, x - 1), window),
            None => row_at_an_edge(&row, x, b.len(), |y| token(a, x - 1) == token(b, y - 1)),
        };
        let row_best = next.iter().copied().fold(UNREACHED, Cell::max);
        if score(row_best) > score(best_cell) {
            let first = next.iter().position(|&cell| score(cell) == score(row_best)).unwrap_or(0);
            best_cell = next[first];
            best = Reach { a: x, b: x + first - 1 - BAND, matches: best_cell as u32 as usize };
        }
        if score(row_best) < score(best_cell) - END_DROP {
            break;
        }
        row = next;
    }
    best
}

/// Whether an alignment may have a score above zero before it has lost too much.
/// A row gains at most a match, and only where its token is in the band; so
/// most texts that go apart for good are told without computing a cell.
fn may_gain<const BACK: bool>(a: &[u64], b: &[u64]) -> bool {
    let token = |tokens: &[u64], at: usize| tokens[if BACK { tokens.len() - 1 - at } else { at }];
    let mut most = 0;
    for x in 0..a.len().min(MAX_EXTENSION) {
        let is_met = (x.saturating_sub(BAND)..b.len().min(x + BAND + 1)).any(|y| token(a, x) == token(b, y));
        most += if is_met { MATCH } else { MISMATCH };
        if most > 0 {
            return true;
        }
        if most < -END_DROP {
            return false;
        }
    }
    false
}

/// The tokens of `b` that row `x` meets, if the band lies inside `b` there.
fn window<const BACK: bool>(b: &[u64], x: usize) -> Option<&[u64; WIDTH]> {
    let from = x.checked_sub(BAND + 1)?;
    let inside = b.len().checked_sub(from + WIDTH)?;
    b[if BACK { inside } else { from }..].first_chunk()
}

/// The row behind `row` where all cells can be reached.
#[inline(always)]
fn whole_row<const BACK: bool>(row: &[Cell; ROW], token: u64, window: &[u64; WIDTH]) -> [Cell; ROW] {
    let mut next = [UNREACHED; ROW];
    for d in 1..=WIDTH {
        let other = window[if BACK { WIDTH - d } else { d - 1 }];
        let along = row[d] + if other == token { AGREEING } else { DIFFERING };
        next[d] = along.max(row[d + 1].max(next[d - 1]) + DIFFERING);
    }
    next
}

/// The row `x`, behind `row`, where some cells lie outside the other sequence.
fn row_at_an_edge(row: &[Cell; ROW], x: usize, len_b: usize, agrees: impl Fn(usize) -> bool) -> [Cell; ROW] {
    let mut next = [UNREACHED; ROW];
    let first = (1 + BAND).saturating_sub(x).max(1);
    let behind = (len_b + 2 + BAND).saturating_sub(x).min(ROW - 1);
    for d in first..behind {
        let y = x + d - 1 - BAND;
        let skipped = row[d + 1].max(next[d - 1]) + DIFFERING;
        next[d] = match y {
            0 => skipped,
            _ => skipped.max(row[d] + if agrees(y) { AGREEING } else { DIFFERING }),
        };
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<u64> {
        text.bytes().map(u64::from).collect()
    }

    #[test]
    fn an_extension_goes_over_edits_and_stops_at_other_text() {
        let cases = [
            ("abcdefgh", "abcdefgh", (8, 8, 8)),
            ("abcXefghij", "abcdefghij", (10, 10, 9)),
            ("abcefghijk", "abcdefghijk", (10, 11, 10)),
            ("abcXXXXXX", "abcyyyyyyy", (3, 3, 3)),
            ("XYZ", "abc", (0, 0, 0)),
            ("", "abc", (0, 0, 0)),
            ("abc", "abcdefghijklmnop", (3, 3, 3)),
            ("Xabcdefghij", "abcdefghij", (11, 10, 10)),
        ];
        for (a, b, expected) in cases {
            let (one, two) = (tokens(a), tokens(b));
            let reach = extension::<false>(&one, &two);
            assert_eq!((reach.a, reach.b, reach.matches), expected, "{a} {b}");
            let (one, two): (Vec<u64>, Vec<u64>) =
                (one.into_iter().rev().collect(), two.into_iter().rev().collect());
            assert_eq!(extension::<true>(&one, &two), reach, "{a} {b}, backwards");
        }
    }

    proptest! {
        /// Both ways, with whole rows and rows at an edge.
        #[test]
        fn an_extension_backwards_is_one_of_the_reversed(
            a in prop::collection::vec(0u64..3, 0..60),
            b in prop::collection::vec(0u64..3, 0..60),
        ) {
            let reversed = |tokens: &[u64]| -> Vec<u64> { tokens.iter().rev().copied().collect() };
            prop_assert_eq!(extension::<false>(&a, &b), extension::<true>(&reversed(&a), &reversed(&b)));
            let longer = [&b[..], &[9; WIDTH]].concat();
            prop_assert_eq!(extension::<false>(&a, &b), extension::<false>(&a, &longer));
        }

        #[test]
        fn what_cannot_gain_is_told_without_rows(
            a in prop::collection::vec(0u64..12, 0..40),
            b in prop::collection::vec(0u64..12, 0..40),
        ) {
            prop_assert_eq!(extension::<false>(&a, &b), aligned::<false>(&a, &b));
            prop_assert_eq!(extension::<true>(&a, &b), aligned::<true>(&a, &b));
        }

        /// Short sequences fit into the band, and lose less than the drop.
        #[test]
        fn an_extension_scores_like_the_full_table(
            a in prop::collection::vec(0u64..3, 0..5),
            b in prop::collection::vec(0u64..3, 0..5),
        ) {
            let mut table = vec![vec![0i64; b.len() + 1]; a.len() + 1];
            let mut best = 0;
            for x in 0..=a.len() {
                for y in 0..=b.len() {
                    let mut score = if x == 0 && y == 0 { 0 } else { i64::MIN };
                    if x > 0 { score = score.max(table[x - 1][y] + MISMATCH); }
                    if y > 0 { score = score.max(table[x][y - 1] + MISMATCH); }
                    if x > 0 && y > 0 {
                        let agrees = a[x - 1] == b[y - 1];
                        score = score.max(table[x - 1][y - 1] + if agrees { MATCH } else { MISMATCH });
                    }
                    table[x][y] = score;
                    best = best.max(score);
                }
            }
            let reach = extension::<false>(&a, &b);
            prop_assert_eq!(table[reach.a][reach.b], best);
        }
    }
}
