//! Plants copies of known kind, place, source, credit and time, and hard
//! negatives, into real documents, and writes the label files.
//!
//! ```text
//! cargo run --release --example plant -- --input docs.jsonl --output DIR --seed 1
//! ```
//!
//! `DIR` then holds `docs.jsonl` and
//!
//! | file | columns |
//! | --- | --- |
//! | `clusters.tsv` | `id cluster`: every copy with its origin; unrelated originals and hard negatives alone |
//! | `pairs.tsv` | `id1 id2 0\|1`: copies of one origin that overlap; hard negatives; drawn unrelated pairs |
//! | `pairs_KIND.tsv` | the same for one kind, without drawn pairs |
//! | `kinds.tsv` | `id1 id2 kind`: of the pairs in the files by kind; for `eval --kinds` |
//! | `spans.tsv` | `doc1 s e doc2 s e kind`: copied passages; for bodies that repeat, the repeats alone |
//! | `spans_shared.tsv` | the same for what hard negatives share |
//! | `direction.tsv` | `from to` |
//! | `credits.tsv` | `id form name s e`: the credits written; copies of kind `case` are left out |
//! | `planted.tsv` | `id kind origins lag_s credit`: how each document was made |
//! | `ignore.tsv` | `id reason`: documents that no label speaks of, and why |
//!
//! With `--stories N` it plants syndication instead: stories that three to
//! forty outlets carry, with lags, clocks, credits, metadata, versions and
//! copies of copies, and writes nothing else. `DIR` then holds `docs.jsonl` and
//!
//! | file | columns |
//! | --- | --- |
//! | `clusters.tsv` | `id cluster` |
//! | `direction.tsv` | `from to`: each document and what was made of it, at whatever remove |
//! | `direction_minutes.tsv`, `direction_days.tsv` | the same where both times have minutes, and where not |
//! | `first.tsv` | `from to`: of two copies, the one that was published first |
//! | `derivation.tsv` | `child parent` |
//! | `revisions.tsv` | `earlier later` |
//! | `origins.tsv` | `cluster origin source`; `-` where the origin was left out |
//!
//! Embedded passages (`embed`, `multi`) are in the files by kind, in spans and
//! directions, but not in `clusters.tsv` and `pairs.tsv`: such documents are
//! related and should not be united, unless the passage happens to be most of
//! its origin. Measure them by the row of `eval` that counts shared passages.

mod generator;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Map, Value};

use crate::generator::syndication::{StoryPlan, Syndicated, syndicate};
use crate::generator::{Family, Kind, Plan, Planted, Record, generate};

/// Plants copies and hard negatives into real documents.
#[derive(Parser)]
struct Args {
    /// JSONL with id, text, and where known title, source, published, url
    #[arg(long)]
    input: PathBuf,
    /// Folder to write docs.jsonl and the label files to
    #[arg(long)]
    output: PathBuf,
    /// Another seed gives other copies of other originals
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Kinds to plant, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// Documents of each kind, at most
    #[arg(long, default_value_t = 100)]
    per_kind: usize,
    /// Copies of each origin, all of different kinds
    #[arg(long, default_value_t = 1)]
    copies: usize,
    /// Read no more than this many documents
    #[arg(long)]
    limit_docs: Option<usize>,
    /// Invented publishers of the copies
    #[arg(long, default_value_t = 40)]
    sources: usize,
    /// Fewest tokens of an original that is planted into
    #[arg(long, default_value_t = 200)]
    min_tokens: usize,
    /// Natural Jaccard similarity from which originals are set aside
    #[arg(long, default_value_t = 0.3)]
    max_jaccard: f64,
    /// Natural containment from which originals are set aside
    #[arg(long, default_value_t = 0.5)]
    max_containment: f64,
    /// Plant this many syndicated stories, and nothing else
    #[arg(long)]
    stories: Option<usize>,
    /// With --stories: give every document a date without a time, not a fifth
    #[arg(long, requires = "stories")]
    dates_only: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is closed.
            let _ = writeln!(io::stderr(), "plant: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let plan = plan(args)?;
    let input = read(&args.input, args.limit_docs)?;
    if let Some(stories) = args.stories {
        let stories = StoryPlan { stories, has_dates_only: args.dates_only };
        let feed = syndicate(&input, &plan, &stories)?;
        return write_stories(&feed, &args.output)
            .map_err(|error| format!("cannot write into {}: {error}", args.output.display()));
    }
    let planted = generate(&input, &plan)?;
    let on_write = |error: io::Error| format!("cannot write into {}: {error}", args.output.display());
    write(&planted, &args.output).map_err(on_write)?;
    summary(&planted, args, input.len()).map_err(|error| format!("cannot write to stderr: {error}"))
}

fn plan(args: &Args) -> Result<Plan, String> {
    let mut kinds = if args.kinds.is_empty() { Kind::ALL.to_vec() } else { args.kinds.clone() };
    let distinct: BTreeSet<Kind> = kinds.iter().copied().collect();
    kinds = Kind::ALL.into_iter().filter(|kind| distinct.contains(kind)).collect();
    let copy_kinds = kinds.iter().filter(|kind| kind.family() == Family::Copy).count();
    let at_least = |name: &str, value: usize, least: usize| {
        if value >= least { Ok(()) } else { Err(format!("{name} is {value}, but must be at least {least}")) }
    };
    at_least("per-kind", args.per_kind, 1)?;
    at_least("copies", args.copies, 1)?;
    // A copy differs from its origin in the publisher, the two sides of a
    // quotation from one another.
    at_least("sources", args.sources, 3)?;
    // Cuts and rearrangements take several blocks of 40 words.
    at_least("min-tokens", args.min_tokens, 160)?;
    if args.copies > copy_kinds.max(1) {
        return Err(format!(
            "copies is {}, but must be at most {copy_kinds}, the kinds of copies",
            args.copies
        ));
    }
    for (name, value) in [("max-jaccard", args.max_jaccard), ("max-containment", args.max_containment)] {
        // Below a quarter, natural overlap is not looked for.
        if !(0.25..=1.0).contains(&value) {
            return Err(format!("{name} is {value}, but must be 0.25 to 1"));
        }
    }
    Ok(Plan {
        seed: args.seed,
        kinds,
        per_kind: args.per_kind,
        copies: args.copies,
        sources: args.sources,
        min_tokens: args.min_tokens,
        max_jaccard: args.max_jaccard,
        max_containment: args.max_containment,
    })
}

fn read(path: &Path, limit: Option<usize>) -> Result<Vec<Record>, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut ids = HashSet::new();
    let mut records = Vec::new();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines.take(limit.unwrap_or(usize::MAX)) {
        let at = |problem: String| format!("{}:{}: {problem}", path.display(), number + 1);
        let fields: Map<String, Value> = serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
        let text = field(&fields, &["text", "body", "content"]).ok_or_else(|| at("no text".to_owned()))?;
        let id = field(&fields, &["id", "uuid", "_id"]).unwrap_or_else(|| format!("{}", number + 1));
        if id.contains(['\t', '\n', '\r']) || id.starts_with('#') {
            return Err(at(format!("id {id:?} cannot stand in a label file: no tab, line end or leading #")));
        }
        if !ids.insert(id.clone()) {
            return Err(at(format!("id {id} stands on an earlier line too, but ids must be distinct")));
        }
        records.push(Record {
            id,
            text,
            title: field(&fields, &["title", "headline"]),
            source: field(&fields, &["source", "site", "publisher"]),
            published: field(&fields, &["published", "date", "date_publish"]),
            url: field(&fields, &["url", "link"]),
        });
    }
    Ok(records)
}

/// The first of these fields that holds text or a number.
fn field(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match fields.get(*name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

fn write(planted: &Planted, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(fs::File::create(folder.join("docs.jsonl"))?);
    for record in &planted.documents {
        serde_json::to_writer(&mut out, record)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    for (name, bytes) in planted.labels.files()? {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

fn write_stories(feed: &Syndicated, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(fs::File::create(folder.join("docs.jsonl"))?);
    for article in &feed.documents {
        serde_json::to_writer(&mut out, article)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    for (name, bytes) in feed.labels.files() {
        fs::write(folder.join(name), bytes)?;
    }
    let (documents, directions) = (feed.documents.len(), feed.labels.directions());
    writeln!(
        io::stderr().lock(),
        "{documents} documents with {directions} directions in {}",
        folder.display()
    )
}

fn summary(planted: &Planted, args: &Args, read: usize) -> io::Result<()> {
    let mut err = io::stderr().lock();
    writeln!(err, "{read} documents read, {} written to {}", planted.documents.len(), args.output.display())?;
    if planted.per_kind < args.per_kind {
        let (made, asked) = (planted.per_kind, args.per_kind);
        writeln!(err, "originals suffice for {made} of each kind, not for {asked}")?;
    }
    let counts: Vec<String> =
        planted.labels.counts().iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    writeln!(err, "planted: {}", counts.join(", "))?;
    let ignored: Vec<String> =
        planted.labels.ignored_counts().iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    writeln!(err, "without labels: {}", ignored.join(", "))
}
