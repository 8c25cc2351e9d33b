//! Passages of texts that were misread, letter by letter.
//!
//! The same way as for tokens (anchors, chains, gaps, ends), over the letters
//! alone: where one character in ten is wrong, words seldom agree and spaces
//! stand anywhere, but four letters in five follow each other as they did.
//! Anchors are runs of [`ANCHOR_LETTERS`](super::letters::ANCHOR_LETTERS) that
//! stand at few places of both documents; gaps are aligned in full with
//! [`MATCH`](super::extend::MATCH) and [`MISMATCH`](super::extend::MISMATCH)
//! for letters, under which unrelated letters lose two or three
//! tokens' worth a word. A passage is then said in tokens: those at least half
//! inside it, and as many of them agreeing as the share of letters that do.
//! **The identity of such a passage is that share of letters.** It must be as
//! long and agree as much as any other passage.
//!
//! Time O(letters) and `MAX_GAP_LETTERS` a letter of the gaps between anchors
//! of one chain; space O(letters). What tokens alone find is kept, so a text
//! taken for noisy loses nothing.

use super::align::{self, is_passage};
use super::anchor::Run;
use super::chain;
use super::extend::{self, MATCH, MISMATCH, Stretch};
use super::letters::Letters;
use super::prepared::{Prepared, Range};

/// Places of a run of letters, in either document, up to which it is an
/// anchor: what stands oftener is a common word, and a page of a newspaper
/// would meet every other one in thousands of places.
const MAX_PLACES: usize = 4;

/// Widest gap between two anchors of a passage: five times the distance at
/// which anchors follow each other when both sides were misread at one
/// character in ten; three lines of a newspaper column.
const MAX_GAP_LETTERS: usize = 160;

/// Loss over one gap that ends a stretch: forty letters without agreement, a
/// line that recognition made nothing of.
const MAX_DROP: i64 = 120;

/// Letters that the anchors of a chain hold, at least: less is a word.
const MIN_ANCHORED_LETTERS: usize = 16;

/// Share of a passage of tokens that a passage of letters must cover, in both
/// documents, to stand for it.
const SAME_PASSAGE: f64 = 0.8;

/// The passages of at least `min_tokens` tokens that two documents share, by
/// their letters; and those of `known`, found by tokens, that lie in none of
/// them. In the order of the first document.
pub fn passages(
    (a, letters_a): (&Prepared, &Letters),
    (b, letters_b): (&Prepared, &Letters),
    known: Vec<Stretch>,
    min_tokens: usize,
) -> Vec<Stretch> {
    let in_tokens = |stretch: Stretch| {
        let (of_a, of_b) = (letters_a.tokens(a, stretch.a), letters_b.tokens(b, stretch.b));
        let tokens = of_a.len().max(of_b.len()) as f64;
        Stretch { a: of_a, b: of_b, matches: (tokens * stretch.identity()).round() as usize }
    };
    let mut found: Vec<Stretch> = stretches(letters_a, letters_b).into_iter().map(in_tokens).collect();
    found.retain(|stretch| is_passage(stretch, min_tokens));
    let is_in = |inner: Range, outer: Range| inner.overlap(outer) as f64 >= SAME_PASSAGE * inner.len() as f64;
    let by_letters = found.len();
    for stretch in known {
        if !found[..by_letters].iter().any(|outer| is_in(stretch.a, outer.a) && is_in(stretch.b, outer.b)) {
            found.push(stretch);
        }
    }
    align::without_contained(found)
}

/// Ranges of letters that agree, extended at both ends.
fn stretches(a: &Letters, b: &Letters) -> Vec<Stretch> {
    let runs = anchors(a, b);
    let mut found = Vec::new();
    let mut parts = Vec::new();
    for chain in chain::chains_within(&runs, MAX_GAP_LETTERS).iter() {
        if chain.iter().map(|run| run.len).sum::<usize>() < MIN_ANCHORED_LETTERS {
            continue;
        }
        parts.clear();
        extend::stretches_by(chain, MAX_DROP, &mut parts, |gap_a, gap_b| {
            aligned_in_full(&a.letters[gap_a.start..gap_a.end], &b.letters[gap_b.start..gap_b.end])
        });
        for (at, &part) in parts.iter().enumerate() {
            if part.matches < MIN_ANCHORED_LETTERS {
                continue;
            }
            let from = at.checked_sub(1).map_or((0, 0), |p| (parts[p].a.end, parts[p].b.end));
            let to = (a.letters.len(), b.letters.len());
            let to = parts.get(at + 1).map_or(to, |next| (next.a.start, next.b.start));
            let limits = (Range::new(from.0, to.0), Range::new(from.1, to.1));
            found.push(extend::extend(&a.letters, &b.letters, part, limits));
        }
    }
    found
}

/// Maximal runs of equal letters around those that stand at few places of both
/// documents, in order, each once.
fn anchors(a: &Letters, b: &Letters) -> Vec<Run> {
    let (here, there) = (&a.grams, &b.grams);
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    let mut places = Vec::new();
    loop {
        x += there.absent(&here.in_order()[x..]);
        let Some(&gram) = here.in_order().get(x) else { break };
        if let Some(first) = there.find(gram) {
            places.clear();
            match there.recurs(first) {
                true => places.extend_from_slice(there.places_of(first)),
                false => places.push(first as u32),
            }
            let recurs_here = here.recurs(x)
                && here.find(gram).is_some_and(|first| here.places_of(first).len() > MAX_PLACES);
            if places.len() <= MAX_PLACES && !recurs_here {
                places.iter().for_each(|&y| runs.push(maximal_run(a, b, x, y as usize)));
            }
        }
        x += 1;
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// The longest run of equal letters through two places.
fn maximal_run(a: &Letters, b: &Letters, x: usize, y: usize) -> Run {
    let (before_a, ahead_a) = a.letters.split_at(x);
    let (before_b, ahead_b) = b.letters.split_at(y);
    let back = before_a.iter().rev().zip(before_b.iter().rev()).take_while(|(one, two)| one == two).count();
    let ahead = ahead_a.iter().zip(ahead_b).take_while(|(one, two)| one == two).count();
    Run { a: x - back, b: y - back, len: back + ahead }
}

/// How many letters agree in the best alignment of two short sequences from
/// end to end.
fn aligned_in_full(a: &[u64], b: &[u64]) -> usize {
    // Score in the upper half, matches in the lower one.
    const DIFFERING: i64 = MISMATCH << 32;
    const AGREEING: i64 = (MATCH << 32) + 1;
    let mut row: Vec<i64> = (0..=b.len() as i64).map(|y| y * DIFFERING).collect();
    for x in a {
        let mut diagonal = row[0];
        row[0] += DIFFERING;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            let along = diagonal + if x == y { AGREEING } else { DIFFERING };
            row[at + 1] = along.max(above.max(row[at]) + DIFFERING);
            diagonal = above;
        }
    }
    row[b.len()] as u32 as usize
}
