//! Token-by-token difference of two passages, cut into rows to stand side by
//! side.
//!
//! Tokens, not characters or words, are compared: what `identity` counts is
//! what is marked, and a change of case or punctuation alone is none. Myers'
//! algorithm (O(n·d); Myers 1986, as `similar` has it, without a clock) runs
//! over windows of [`WINDOW_TOKENS`], each of which begins behind the last run
//! on which the window before agreed. So time is linear in the passage:
//! large passages that differ everywhere cost no more per token than small
//! ones. In return, what stands behind an insertion longer than a window is
//! shown as changed until both sides agree again within one.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::{Token, Tokenizer};

/// Tokens of each side that one run of the algorithm sees.
const WINDOW_TOKENS: usize = 2_000;

/// Tokens that must agree in a row for a window to end there.
const ANCHOR_TOKENS: usize = 8;

/// Tokens of one passage that are compared; a person reads no more.
pub(super) const MAX_TOKENS: usize = 100_000;

/// Agreeing tokens shown on either side of a difference before the rest is
/// folded, and the fewest that are worth folding.
const CONTEXT_TOKENS: usize = 15;
const MIN_FOLDED_TOKENS: usize = 15;

/// Tokens after which a row may end with its sentence, and must end where
/// both sides agree.
const MIN_ROW_TOKENS: usize = 5;
const MAX_ROW_TOKENS: usize = 60;

/// One of the two passages.
pub(super) struct Side<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Tokens beyond [`MAX_TOKENS`].
    pub(super) left_out: usize,
}

/// A stretch of a row's text, and whether the other side lacks it.
pub(super) struct Stretch<'a> {
    pub(super) text: &'a str,
    pub(super) is_changed: bool,
}

/// What stands side by side.
pub(super) enum Row<'a> {
    /// Text of A and of B.
    Text { a: Vec<Stretch<'a>>, b: Vec<Stretch<'a>>, has_change: bool },
    /// So many tokens that agree, not shown.
    Folded(usize),
}

impl<'a> Side<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut left_out = 0;
        Tokenizer::new().tokenize(text, |token| {
            if tokens.len() < MAX_TOKENS {
                tokens.push(token);
            } else {
                left_out += 1;
            }
        });
        Self { text, tokens, left_out }
    }

    fn start(&self, token: usize) -> usize {
        self.tokens[token].start as usize
    }

    fn end(&self, token: usize) -> usize {
        self.tokens[token].end as usize
    }

    /// Where the text of a row that begins with `token` begins: after the
    /// last white space before it, so that an opening quotation mark goes
    /// with its word and a full stop with the sentence it ends.
    fn boundary(&self, token: usize) -> usize {
        if token == 0 {
            return 0;
        }
        let end = self.end(token - 1);
        if token == self.tokens.len() {
            return if self.left_out == 0 { self.text.len() } else { end };
        }
        let start = self.start(token);
        if start <= end {
            return end;
        }
        let gap = &self.text[end..start];
        let space = gap.char_indices().rev().find(|(_, c)| c.is_whitespace());
        space.map_or(start, |(at, c)| end + at + c.len_utf8())
    }

    /// Whether a sentence or a paragraph ends before `token`.
    fn ends_sentence(&self, token: usize) -> bool {
        if token == 0 || token >= self.tokens.len() {
            return true;
        }
        let Some(gap) = self.text.get(self.end(token - 1)..self.start(token)) else {
            return false;
        };
        let stops = |c: char| matches!(c, '.' | '!' | '?' | ':' | '؟' | '।');
        gap.contains(['\n', '。', '！', '？']) || (gap.contains(stops) && gap.contains(char::is_whitespace))
    }

    /// The text of the tokens in `row`, those in `changed` marked.
    fn stretches(&self, row: &Range<usize>, changed: &[Range<usize>]) -> Vec<Stretch<'a>> {
        let mut at = self.boundary(row.start);
        let end = self.boundary(row.end).max(at);
        let mut stretches = Vec::new();
        let mut push = |range: Range<usize>, is_changed| {
            if let Some(text) = self.text.get(range).filter(|text| !text.is_empty()) {
                stretches.push(Stretch { text, is_changed });
            }
        };
        for tokens in changed.iter().filter(|tokens| !tokens.is_empty()) {
            // Bigrams overlap: what an agreeing neighbour covers agrees.
            let before = tokens.start.checked_sub(1).map_or(0, |token| self.end(token));
            let after = if tokens.end < self.tokens.len() { self.start(tokens.end) } else { self.text.len() };
            let from = self.start(tokens.start).max(before).max(at);
            let to = self.end(tokens.end - 1).min(after).min(end);
            if from < to {
                push(at..from, false);
                push(from..to, true);
                at = to;
            }
        }
        push(at..end, false);
        stretches
    }
}

/// Tokens of both sides that agree, or that do not.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    is_equal: bool,
    a: Range<usize>,
    b: Range<usize>,
}

/// The rows of two passages, in order.
pub(super) fn rows<'a>(a: &Side<'a>, b: &Side<'a>) -> Vec<Row<'a>> {
    let mut rows = Rows { a, b, rows: Vec::new(), runs: Vec::new(), tokens: 0 };
    for run in runs(a, b) {
        if !run.is_equal {
            rows.add(run);
            continue;
        }
        let len = run.a.len();
        if len < 2 * CONTEXT_TOKENS + MIN_FOLDED_TOKENS {
            rows.equal(run);
            continue;
        }
        let (first, last) = (CONTEXT_TOKENS, len - CONTEXT_TOKENS);
        rows.equal(part(&run, 0..first));
        rows.end_row();
        rows.rows.push(Row::Folded(last - first));
        rows.equal(part(&run, last..len));
    }
    rows.end_row();
    rows.rows
}

fn part(run: &Run, tokens: Range<usize>) -> Run {
    let within = |side: &Range<usize>| side.start + tokens.start..side.start + tokens.end;
    Run { is_equal: true, a: within(&run.a), b: within(&run.b) }
}

struct Rows<'s, 'a> {
    a: &'s Side<'a>,
    b: &'s Side<'a>,
    rows: Vec<Row<'a>>,
    /// The runs of the row being filled, and the tokens in them.
    runs: Vec<Run>,
    tokens: usize,
}

impl Rows<'_, '_> {
    fn add(&mut self, run: Run) {
        self.tokens += run.a.len().max(run.b.len());
        self.runs.push(run);
    }

    /// Adds agreeing tokens, ending rows where sentences end.
    fn equal(&mut self, run: Run) {
        let mut from = 0;
        for token in 1..=run.a.len() {
            let tokens = self.tokens + token - from;
            let ends = tokens >= MIN_ROW_TOKENS
                && self.a.ends_sentence(run.a.start + token)
                && self.b.ends_sentence(run.b.start + token);
            if ends || tokens >= MAX_ROW_TOKENS {
                self.add(part(&run, from..token));
                self.end_row();
                from = token;
            }
        }
        if from < run.a.len() {
            self.add(part(&run, from..run.a.len()));
        }
    }

    fn end_row(&mut self) {
        let (Some(first), Some(last)) = (self.runs.first(), self.runs.last()) else {
            return;
        };
        let row_a = first.a.start..last.a.end;
        let row_b = first.b.start..last.b.end;
        let changed = || self.runs.iter().filter(|run| !run.is_equal);
        let in_a: Vec<_> = changed().map(|run| run.a.clone()).collect();
        let in_b: Vec<_> = changed().map(|run| run.b.clone()).collect();
        let has_change = changed().next().is_some();
        let (a, b) = (self.a.stretches(&row_a, &in_a), self.b.stretches(&row_b, &in_b));
        self.rows.push(Row::Text { a, b, has_change });
        self.runs.clear();
        self.tokens = 0;
    }
}

/// The runs of agreement and of difference, alternating.
fn runs(a: &Side<'_>, b: &Side<'_>) -> Vec<Run> {
    let hashes = |side: &Side<'_>| side.tokens.iter().map(|token| token.hash).collect::<Vec<u64>>();
    let (a, b) = (hashes(a), hashes(b));
    let mut runs = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    while at_a < a.len() || at_b < b.len() {
        let window_a = &a[at_a..a.len().min(at_a + WINDOW_TOKENS)];
        let window_b = &b[at_b..b.len().min(at_b + WINDOW_TOKENS)];
        let is_last = at_a + window_a.len() == a.len() && at_b + window_b.len() == b.len();
        let found: Vec<Run> = (capture_diff_slices(Algorithm::Myers, window_a, window_b).iter())
            .map(|op| Run {
                is_equal: matches!(op, DiffOp::Equal { .. }),
                a: op.old_range().start + at_a..op.old_range().end + at_a,
                b: op.new_range().start + at_b..op.new_range().end + at_b,
            })
            .collect();
        let anchor = found.iter().rposition(|run| run.is_equal && run.a.len() >= ANCHOR_TOKENS);
        let kept = if is_last { found.len() } else { anchor.map_or(found.len(), |anchor| anchor + 1) };
        for run in found.into_iter().take(kept) {
            (at_a, at_b) = (run.a.end, run.b.end);
            append(&mut runs, run);
        }
    }
    runs
}

/// Appends a run, joined to the last one if that is of the same kind.
fn append(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.is_equal == run.is_equal => {
            last.a.end = run.a.end;
            last.b.end = run.b.end;
        }
        _ => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as text: changed stretches in angle brackets, sides split by `|`.
    fn shown(a: &str, b: &str) -> Vec<String> {
        let side = |stretches: &[Stretch<'_>]| -> String {
            let stretch =
                |s: &Stretch<'_>| if s.is_changed { format!("<{}>", s.text) } else { s.text.into() };
            stretches.iter().map(stretch).collect()
        };
        (rows(&Side::new(a), &Side::new(b)).iter())
            .map(|row| match row {
                Row::Text { a, b, .. } => format!("{}|{}", side(a), side(b)),
                Row::Folded(tokens) => format!("… {tokens}"),
            })
            .collect()
    }

    #[test]
    fn tokens_that_differ_are_marked_and_nothing_else() {
        let cases: [(&str, &str, &[&str]); 6] = [
            ("one two three", "one too three", &["one <two> three|one <too> three"]),
            ("One, two!", "one two", &["One, two!|one two"]),
            ("one three", "one “two more” three", &["one three|one “<two more>” three"]),
            ("same", "", &["<same>|"]),
            ("", "", &[]),
            (
                "The first sentence stands here. The second is cut.",
                "The first sentence stands here. The second was kept.",
                &[
                    "The first sentence stands here. |The first sentence stands here. ",
                    "The second <is cut>.|The second <was kept>.",
                ],
            ),
        ];
        for (a, b, expected) in cases {
            assert_eq!(shown(a, b), expected);
        }
    }

    #[test]
    fn long_agreement_is_folded() {
        let words: Vec<String> = (0..500).map(|n| format!("w{n}")).collect();
        let a = words.join(" ");
        let b = a.replace("w250 ", "changed ");
        let rows = shown(&a, &b);
        let folds: Vec<&str> = rows.iter().filter(|row| row.starts_with('…')).map(String::as_str).collect();
        assert_eq!(folds, ["… 220", "… 219"]);
        assert!(rows.iter().any(|row| row.contains("<w250>") && row.contains("<changed>")), "{rows:?}");
    }

    #[test]
    fn windows_give_the_alignment_of_the_whole() {
        let words: Vec<String> = (0..3 * WINDOW_TOKENS).map(|n| format!("w{n}")).collect();
        let a = words.join(" ");
        let mut changed = words.clone();
        for place in (100..changed.len()).step_by(700) {
            changed[place] = "other".into();
        }
        changed.insert(10, "new1 new2 new3".into());
        let b = changed.join(" ");
        let (a, b) = (Side::new(&a), Side::new(&b));
        let differing: Vec<(usize, usize)> =
            (runs(&a, &b).iter()).filter(|run| !run.is_equal).map(|run| (run.a.len(), run.b.len())).collect();
        let mut expected = vec![(0, 3)];
        expected.extend(vec![(1, 1); (3 * WINDOW_TOKENS - 100).div_ceil(700)]);
        assert_eq!(differing, expected);
    }

    #[test]
    fn no_text_is_lost_or_doubled_in_rows_without_folds() {
        let a = "“A start.” Then — more; and: odd (things) here! 東京都 x.";
        let b = "“A begin.” Then more, and odd [other things] here? 東都 y";
        for (one, other) in [(a, b), (b, a), (a, a), (a, "")] {
            let (one_side, other_side) = (Side::new(one), Side::new(other));
            let mut text = String::new();
            for row in rows(&one_side, &other_side) {
                let Row::Text { a, .. } = row else { panic!("nothing to fold") };
                a.iter().for_each(|stretch| text.push_str(stretch.text));
            }
            assert_eq!(text, one);
        }
    }

    #[test]
    fn overlapping_bigrams_mark_only_what_no_agreeing_one_covers() {
        let side = |text: &'static str| {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let token = |three: &[usize]| {
                let hash = crate::hash::token(&text.as_bytes()[three[0]..three[2]]);
                Token { hash, start: three[0] as u32, end: three[2] as u32 }
            };
            Side { text, tokens: starts.windows(3).map(token).collect(), left_out: 0 }
        };
        let [Row::Text { a, b, has_change: true }] = &rows(&side("東京都庁舎前"), &side("東京府庁舎前"))[..]
        else {
            panic!("one row");
        };
        let changed = |stretches: &[Stretch<'_>]| -> Vec<String> {
            stretches.iter().filter(|s| s.is_changed).map(|s| s.text.into()).collect()
        };
        assert_eq!((changed(a), changed(b)), (vec!["都".to_owned()], vec!["府".to_owned()]));
    }

    #[test]
    fn very_long_passages_are_compared_in_part() {
        let text = "word ".repeat(MAX_TOKENS + 7);
        let side = Side::new(&text);
        assert_eq!((side.tokens.len(), side.left_out), (MAX_TOKENS, 7));
        assert!(matches!(rows(&side, &side)[..], [Row::Text { .. }, Row::Folded(_), Row::Text { .. }]));
    }
}
