//! With what probability a shared run is found when some of its words differ.
//!
//! ```text
//! cargo run --release --example odds -- --input docs.jsonl
//! ```
//!
//! For every length and share of changed words, runs of the collection are
//! put into two other documents each, in one of them with that share of its
//! words replaced by words of the collection; all these documents are scanned
//! at once. A run is found where a passage of the pair covers half of it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints what it measured")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use serde_json::Value;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::Params;
use wirecopy::pipeline;

/// Measures how many changed runs are found.
#[derive(Parser)]
struct Args {
    /// JSONL with text
    #[arg(long)]
    input: PathBuf,
    /// Runs of each length and share
    #[arg(long, default_value_t = 200)]
    runs: usize,
    /// Other numbers give other runs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const LENGTHS: [usize; 4] = [25, 50, 100, 200];
const CHANGED_PERCENT: [usize; 6] = [0, 5, 10, 15, 20, 30];

/// Words before and behind a run in either document.
const AROUND: usize = 60;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("odds: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let text = std::fs::read_to_string(&args.input).map_err(|error| error.to_string())?;
    let mut texts: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let words: Vec<String> = record["text"]
            .as_str()
            .unwrap_or("")
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        if words.len() >= 2 * AROUND {
            texts.push(words);
        }
    }
    let mut random = Random(args.seed);
    let mut documents = Vec::new();
    for length in LENGTHS {
        for percent in CHANGED_PERCENT {
            for number in 0..args.runs {
                let run = piece(&texts, length, &mut random);
                let changed = change(&run, percent, &texts, &mut random);
                for (side, run) in [run, changed].into_iter().enumerate() {
                    let before = piece(&texts, AROUND, &mut random);
                    let behind = piece(&texts, AROUND, &mut random);
                    let text = [before.join(" "), run.join(" "), behind.join(" ")].join("\n\n");
                    let id = format!("{length:03}-{percent:02}-{number:04}-{side}");
                    documents.push(Document { id, text, ..Document::default() });
                }
            }
        }
    }
    let corpus = Corpus::try_new(documents).map_err(|error| error.to_string())?;
    let report = pipeline::scan(&corpus, &Params::default(), &()).map_err(|error| error.to_string())?;
    let mut found: HashMap<&str, usize> = HashMap::new();
    for pair in report.pairs.iter().filter(|pair| pair.a[..12] == pair.b[..12]) {
        let longest = pair.passages.iter().map(|passage| passage.tokens).max().unwrap_or(0);
        let length: usize = pair.a[..3].parse().map_err(|_| "an id begins with a length".to_owned())?;
        if 2 * longest >= length {
            *found.entry(&pair.a[..6]).or_default() += 1;
        }
    }
    println!("words  {}", CHANGED_PERCENT.map(|percent| format!("{percent:>5}%")).join(" "));
    for length in LENGTHS {
        let share = |percent: usize| {
            let count = found.get(format!("{length:03}-{percent:02}").as_str()).copied().unwrap_or(0);
            format!("{:>6.3}", count as f64 / args.runs as f64)
        };
        println!("{length:>5}  {}", CHANGED_PERCENT.map(share).join(" "));
    }
    Ok(())
}

/// So many words in a row of a text, or of several where it is shorter.
fn piece(texts: &[Vec<String>], length: usize, random: &mut Random) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    while words.len() < length {
        let text = &texts[random.below(texts.len())];
        let needed = length - words.len();
        let from = random.below(text.len().saturating_sub(needed) + 1);
        words.extend(text[from..].iter().take(needed).cloned());
    }
    words
}

/// The words with this share of them replaced.
fn change(words: &[String], percent: usize, texts: &[Vec<String>], random: &mut Random) -> Vec<String> {
    let mut places: Vec<usize> = (0..words.len()).collect();
    let mut changed = words.to_vec();
    for _ in 0..(words.len() * percent).div_ceil(100) {
        let place = places.swap_remove(random.below(places.len()));
        let text = &texts[random.below(texts.len())];
        changed[place] = text[random.below(text.len())].clone();
    }
    changed
}

/// A small generator (splitmix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}
