//! Writes made articles as JSON lines, as many as are asked for: for runs that
//! are larger than any collection at hand.
//!
//! ```text
//! cargo run --release --example articles -- --documents 2000000 --words 155 > two-million.jsonl
//! ```
//!
//! Of each thirty articles two are copies word for word, two have 5 of 100 words
//! replaced, two are cut to half, two hold the last words of another one, and one
//! stands twice, as in the benches; with `--every N` in one of N such blocks only.
//! One seed gives the same bytes everywhere.

#[path = "../benches/generator/mod.rs"]
mod generator;

use std::io::{self, BufWriter, Write};

use clap::Parser;

use generator::{Rng, Writer, cut};

/// Articles in a block.
const BLOCK: usize = 30;

/// Writes made articles as JSON lines.
#[derive(Parser)]
struct Args {
    /// How many articles
    #[arg(long)]
    documents: usize,
    /// Words of an article on average; 155 make a kilobyte
    #[arg(long, default_value_t = 400)]
    words: usize,
    /// Copies in one of so many blocks of thirty
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// What articles are drawn by
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let (mut writer, mut rng) = (Writer::new(args.seed), Rng::new(args.seed ^ 1));
    let mut out = BufWriter::new(io::stdout().lock());
    let mut block: Vec<String> = Vec::with_capacity(BLOCK);
    for n in 0..args.documents {
        let at = n % BLOCK;
        if at == 0 {
            block.clear();
        }
        let has_copies = (n / BLOCK).is_multiple_of(args.every.max(1));
        let text = match has_copies {
            true => article(&block, at, args.words, &mut writer, &mut rng),
            false => original(args.words, &mut writer, &mut rng),
        };
        let outlet = rng.below(40);
        let record = serde_json::json!({
            "id": format!("article-{n:08}"), "url": format!("https://www.outlet-{outlet}.example/{n}"), "text": text,
        });
        writeln!(out, "{record}")?;
        block.push(text);
    }
    out.flush()
}

/// The article at a place of its block.
fn article(block: &[String], at: usize, words: usize, writer: &mut Writer, rng: &mut Rng) -> String {
    let earlier = &block[at - at % 10 + if at % 10 < 6 { 0 } else { rng.below(6) }..];
    match at {
        6 | 16 => earlier[0].clone(),
        7 | 17 => writer.reworded(&earlier[0], 5),
        8 | 26 => cut(&earlier[0], earlier[0].split_whitespace().count() / 2),
        9 | 19 => {
            let pieces: Vec<&str> = earlier[0].split_inclusive([' ', '\n']).collect();
            let passage = pieces[pieces.len().saturating_sub(generator::PASSAGE_WORDS)..].concat();
            writer.prose(words / 2) + &passage + "\n\n" + &writer.prose(words / 2)
        }
        29 => {
            let body = writer.prose(words / 2);
            body.clone() + &body
        }
        _ => original(words, writer, rng),
    }
}

/// An article of half to one and a half times the words.
fn original(words: usize, writer: &mut Writer, rng: &mut Rng) -> String {
    writer.prose(words / 2 + rng.below(words + 1))
}
