//! How many reprints between misread pages a report has, against an exhaustive
//! search: slow, and without anything that the detector uses.
//!
//! ```text
//! wirecopy scan pages.jsonl --format json -o report.json
//! cargo run --release --example reprints -- --input pages.jsonl --report report.json --prefix 19160522
//! ```
//!
//! Each two pages are aligned locally in full, letter by letter (Smith and
//! Waterman 1981, +2 a letter that agrees, -3 one that does not, is missing or
//! too much), along anti-diagonals. The best alignment of a pair is taken, its
//! letters are taken out of one page, and the search goes on until what is left
//! scores below `--min-score`. Those with `--min-words` words on both sides are
//! the reprints; one is found if passages of the report cover half of it in
//! both pages. A page of 25,000 letters against another takes half a second to
//! two.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints what it measured")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use rayon::prelude::*;
use serde_json::Value;
use wirecopy::text::Tokenizer;
use wirecopy::text::letters::letters;

/// Measures a report against an exhaustive search for reprints.
#[derive(Parser)]
struct Args {
    /// JSONL with id and text
    #[arg(long)]
    input: PathBuf,
    /// The report, as json
    #[arg(long)]
    report: PathBuf,
    /// Only documents whose id begins so
    #[arg(long, default_value = "")]
    prefix: String,
    /// Look at one pair in so many
    #[arg(long, default_value_t = 1)]
    one_in: usize,
    /// Which of them
    #[arg(long, default_value_t = 0)]
    first: usize,
    /// Fewest words of a reprint
    #[arg(long, default_value_t = 60)]
    min_words: usize,
    /// Least score of its alignment
    #[arg(long, default_value_t = 240)]
    min_score: i16,
}

/// Alignments taken from one pair, at most.
const MOST_OF_A_PAIR: usize = 20;

const AGREES: i16 = 2;
const DIFFERS: i16 = -3;

struct Page {
    id: String,
    letters: Vec<u16>,
    places: Vec<(usize, usize)>,
    words: Vec<usize>,
}

/// Byte ranges in two pages.
type Reprint = [(usize, usize); 2];

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reprints: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let pages = read(args)?;
    let known = passages(args)?;
    let pairs: Vec<(usize, usize)> =
        (0..pages.len()).flat_map(|a| (a + 1..pages.len()).map(move |b| (a, b))).collect();
    let chosen: Vec<(usize, usize)> = pairs.into_iter().skip(args.first).step_by(args.one_in).collect();
    let found: Vec<(usize, usize)> = chosen
        .par_iter()
        .map(|&(a, b)| {
            let (one, two) = (&pages[a], &pages[b]);
            let reprints = search(one, two, args);
            let none = Vec::new();
            let known = known.get(&(one.id.clone(), two.id.clone())).unwrap_or(&none);
            let hits = reprints.iter().filter(|reprint| is_known(reprint, known));
            let count = hits.clone().count();
            for reprint in reprints.iter().filter(|reprint| !is_known(reprint, known)) {
                eprintln!("missed: {} {:?} {} {:?}", one.id, reprint[0], two.id, reprint[1]);
            }
            (reprints.len(), count)
        })
        .collect();
    let (all, hits) = found.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!(
        "{} pages, {} pairs searched, {all} reprints, {hits} of them reported",
        pages.len(),
        chosen.len()
    );
    Ok(())
}

fn read(args: &Args) -> Result<Vec<Page>, String> {
    let text = std::fs::read_to_string(&args.input).map_err(|error| error.to_string())?;
    let mut pages = Vec::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let (Some(id), Some(text)) = (record["id"].as_str(), record["text"].as_str()) else { continue };
        if !id.starts_with(&args.prefix) {
            continue;
        }
        let mut page = Page { id: id.to_owned(), letters: Vec::new(), places: Vec::new(), words: Vec::new() };
        letters(text, |letter, start, end| {
            page.letters.push(letter as u16);
            page.places.push((start, end));
        });
        Tokenizer::new().tokenize(text, |token| page.words.push(token.start as usize));
        pages.push(page);
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(pages)
}

/// The passages of a report by their documents, the lesser id first.
fn passages(args: &Args) -> Result<HashMap<(String, String), Vec<Reprint>>, String> {
    let text = std::fs::read_to_string(&args.report).map_err(|error| error.to_string())?;
    let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut known: HashMap<(String, String), Vec<Reprint>> = HashMap::new();
    let span = |value: &Value| {
        let end = |at: usize| value[at].as_u64().unwrap_or(0) as usize;
        (end(0), end(1))
    };
    for pair in report["pairs"].as_array().into_iter().flatten() {
        let (Some(a), Some(b)) = (pair["a"].as_str(), pair["b"].as_str()) else { continue };
        for passage in pair["passages"].as_array().into_iter().flatten() {
            let spans = [span(&passage["a"]), span(&passage["b"])];
            if a <= b {
                known.entry((a.to_owned(), b.to_owned())).or_default().push(spans);
            } else {
                known.entry((b.to_owned(), a.to_owned())).or_default().push([spans[1], spans[0]]);
            }
        }
    }
    Ok(known)
}

/// Whether passages cover half of a reprint in both pages.
fn is_known(reprint: &Reprint, known: &[Reprint]) -> bool {
    let overlap = |a: (usize, usize), b: (usize, usize)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let covered = |side: usize| -> usize {
        let both = known.iter().filter(|other| (0..2).all(|side| overlap(reprint[side], other[side]) > 0));
        both.map(|other| overlap(reprint[side], other[side])).sum()
    };
    (0..2).all(|side| 2 * covered(side) >= reprint[side].1 - reprint[side].0)
}

fn search(one: &Page, two: &Page, args: &Args) -> Vec<Reprint> {
    let mut a = one.letters.clone();
    let mut found = Vec::new();
    for _ in 0..MOST_OF_A_PAIR {
        let (score, end_a, end_b) = best_end(&a, &two.letters);
        if score < args.min_score {
            break;
        }
        // Where it ends backwards is where it begins.
        let backwards =
            |letters: &[u16], end: usize| letters[..end].iter().rev().copied().collect::<Vec<_>>();
        let (back_a, back_b) = (backwards(&a, end_a), backwards(&two.letters, end_b));
        let (from_a, from_b) = start(&back_a, &back_b, score);
        let (range_a, range_b) = ((end_a - from_a, end_a), (end_b - from_b, end_b));
        a[range_a.0..range_a.1].fill(u16::MAX);
        let bytes = |page: &Page, range: (usize, usize)| (page.places[range.0].0, page.places[range.1 - 1].1);
        let spans = [bytes(one, range_a), bytes(two, range_b)];
        let words = |page: &Page, span: (usize, usize)| {
            page.words.iter().filter(|word| (span.0..span.1).contains(word)).count()
        };
        if words(one, spans[0]).min(words(two, spans[1])) >= args.min_words {
            found.push(spans);
        }
    }
    found
}

/// The best score of a local alignment, and the letters up to its end.
fn best_end(a: &[u16], b: &[u16]) -> (i16, usize, usize) {
    let reversed: Vec<u16> = b.iter().rev().copied().collect();
    // Cells of the anti-diagonals x + y = d - 2, d - 1 and d, by x.
    let width = a.len() + 1;
    let (mut older, mut old, mut new) = (vec![0i16; width], vec![0i16; width], vec![0i16; width]);
    let mut best = (0, 0, 0);
    for d in 2..=a.len() + b.len() {
        let (from, to) = (d.saturating_sub(b.len()).max(1), (d - 1).min(a.len()));
        let skip = b.len() + from - d;
        let (letters, others) = (&a[from - 1..to], &reversed[skip..skip + to + 1 - from]);
        let (along, left) = (&older[from - 1..to], &old[from - 1..to]);
        let above = &old[from..=to];
        let cells = &mut new[from..=to];
        let mut most = 0i16;
        for at in 0..cells.len() {
            let step = if letters[at] == others[at] { AGREES } else { DIFFERS };
            let gap = left[at].max(above[at]).saturating_add(DIFFERS);
            let cell = along[at].saturating_add(step).max(gap).max(0);
            cells[at] = cell;
            most = most.max(cell);
        }
        if most > best.0 {
            let at = cells.iter().position(|&cell| cell == most).unwrap_or(0) + from;
            best = (most, at, d - at);
        }
        // What lies outside is the table's edge.
        new[from - 1] = 0;
        if to + 1 < width {
            new[to + 1] = 0;
        }
        std::mem::swap(&mut older, &mut old);
        std::mem::swap(&mut old, &mut new);
    }
    best
}

/// How far back an alignment of this score reaches in both pages, both given
/// backwards from its end.
fn start(a: &[u16], b: &[u16], score: i16) -> (usize, usize) {
    let reach = (a.len().min(b.len())).min(4 * usize::from(score.unsigned_abs()));
    let (_, x, y) = best_end(&a[..a.len().min(reach)], &b[..b.len().min(reach)]);
    (x, y)
}
