//! The command line as typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::shared_args::{DetectionArgs, InputArgs, LogArgs, MemoryArgs, OutputArgs, RunArgs, StateArgs};
use crate::eval::{SweepParam, TruthKind};
use crate::params::Level;

/// Finds near-duplicate and syndicated documents: which are copies of which,
/// what passages repeat, and who had them first.
#[derive(Debug, Parser)]
#[command(name = "wirecopy", version, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Report copies, repeats and clusters of a pile of documents
    #[command(after_help = "\
PATH is a file, a directory (read with all below it), a quoted glob, or - for standard input.
Formats are told apart by their content, whatever the files are called; compressed files and
archives are read as what they hold.

Exit codes: 0 done, 1 could not, 2 wrong usage, 3 duplicates found (with --fail-on-duplicates)")]
    Scan(ScanArgs),
    /// Write the input without its copies, and what went for which document
    #[command(after_help = "\
PATH is a file, a directory (read with all below it), a quoted glob, or - for standard input, alone.
What stays is copied byte by byte, with all its fields: lines of JSON Lines, records of a JSON
document, rows of CSV and Parquet, whole files. Names that end in .gz and .bz2 are compressed.
removed.jsonl names each document that went, why, and which one stays in its place.

Exit codes: 0 done, 1 could not, 2 wrong usage")]
    Dedup(Box<super::dedup::args::DedupArgs>),
    /// Explain one pair: shares, passages side by side, clues of direction
    #[command(after_help = "\
A and B are files that hold one document each, or, with --in, ids of documents found there:

  wirecopy compare a.txt b.txt
  wirecopy compare --in feed.jsonl item-17 item-42

Two documents alone show neither boilerplate nor forms, which a scan tells by their recurrence in
other documents, so that a pair may have another verdict there.")]
    Compare(CompareArgs),
    /// Keep what was seen on disk, and ask it what is new
    #[cfg(feature = "index")]
    #[command(subcommand)]
    Index(super::index::args::IndexCommand),
    /// Write what was understood of the input, a document a line
    #[command(after_help = "\
Each line is a JSON object with what is known of one document, and its text last. The file can be
scanned in place of what it was read from. Documents appear in the order of the input.")]
    Read(ReadArgs),
    /// Measure a report against labels
    Eval(EvalArgs),
    /// Write a report made earlier in another form
    #[command(after_help = "\
REPORT is what scan wrote with --format json, jsonl or parquet. It holds no texts: excerpts and
texts side by side need --texts, with what was scanned. Files that the report names are not read on
their own.

  wirecopy scan data/feed --format json -o report.json
  wirecopy render report.json --format html --texts data/feed -o report.html")]
    Render(RenderArgs),
    /// Print every option of scan with its present value, as a file for --config
    #[command(after_help = "\
OPTION is an option of scan. To keep settings for many runs:

  wirecopy config --min-jaccard 0.6 > wirecopy.toml
  wirecopy scan PATH --config wirecopy.toml")]
    Config(ConfigArgs),
    /// Print what a shell needs to complete command lines
    Completions(CompletionsArgs),
    /// Print the manual page, for man -l -
    Man(ManArgs),
}

impl Command {
    /// What is to be said on standard error; settings say it themselves, among
    /// the options that they print.
    pub(super) fn log(&self) -> Option<&LogArgs> {
        Some(match self {
            Self::Scan(args) => &args.output.run.log,
            Self::Dedup(args) => &args.output.run.log,
            Self::Compare(args) => &args.output.run.log,
            Self::Read(args) => &args.run.log,
            Self::Render(args) => &args.output.run.log,
            #[cfg(feature = "index")]
            Self::Index(command) => command.log(),
            Self::Eval(args) => &args.log,
            Self::Completions(args) => &args.log,
            Self::Man(args) => &args.log,
            Self::Config(_) => return None,
        })
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct ConfigArgs {
    /// Options of scan, --config among them
    #[arg(value_name = "OPTION", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) options: Vec<OsString>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
    #[command(flatten)]
    pub(super) log: LogArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ManArgs {
    /// The command, such as scan or index add; without, wirecopy itself
    #[arg(value_name = "COMMAND")]
    pub(super) command: Vec<String>,
    #[command(flatten)]
    pub(super) log: LogArgs,
}

#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("work").args(["paths", "explain_params"]).required(true).multiple(true))]
pub(super) struct ScanArgs {
    /// What to read
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) detection: DetectionArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// What to look for
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "passages", help_heading = "Detection")]
    pub(super) level: LevelArg,
    /// Only what matches between PATH and these: who republished mine?
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Limits on pairs")]
    pub(super) against: Vec<String>,
    /// Only pairs published at most so far apart, such as 72h or 1d12h; where
    /// a time is not known, a pair stays
    #[arg(long, value_name = "TIME", help_heading = "Limits on pairs")]
    pub(super) within: Option<String>,
    /// Only pairs of different publishers
    #[arg(long, help_heading = "Limits on pairs")]
    pub(super) across_sources_only: bool,
    /// Exit with 3 if any two documents are exact or near duplicates of each
    /// other or one contains the other
    #[arg(long)]
    pub(super) fail_on_duplicates: bool,
    /// Print what the parameters can find, and stop
    #[arg(long)]
    pub(super) explain_params: bool,
    #[command(flatten)]
    pub(super) memory: MemoryArgs,
    #[command(flatten)]
    pub(super) long: StateArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LevelArg {
    /// Copies in part or as a whole, shared passages, and what a document says twice
    Passages,
    /// Copies of whole documents alone, by their shingles; in about half of the time
    Documents,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Passages => Self::Passages,
            LevelArg::Documents => Self::Documents,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct CompareArgs {
    /// The first document
    #[arg(value_name = "A")]
    pub(super) a: String,
    /// The second document
    #[arg(value_name = "B")]
    pub(super) b: String,
    /// Find A and B, as ids, among the documents of these paths (repeatable)
    #[arg(long = "in", value_name = "PATH")]
    pub(super) among: Vec<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) detection: DetectionArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) memory: MemoryArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ReadArgs {
    /// What to read
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<String>,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct EvalArgs {
    /// A report in json or jsonl form; - is standard input
    #[arg(value_name = "REPORT")]
    pub(super) report: PathBuf,
    /// The label file
    #[arg(long, value_name = "FILE")]
    pub(super) truth: PathBuf,
    /// What its lines say
    #[arg(long, value_name = "KIND", value_enum)]
    pub(super) truth_kind: TruthKindArg,
    /// Names the kinds of label pairs, one pair a line: id1, id2, kind; they
    /// are then also measured by kind
    #[arg(long, value_name = "FILE")]
    pub(super) kinds: Option<PathBuf>,
    /// Print precision and recall of the label pairs over values of a
    /// parameter, from the scores of the listed pairs
    #[arg(long, value_name = "PARAM", value_enum, conflicts_with = "kinds")]
    pub(super) sweep: Option<SweepArg>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) log: LogArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct RenderArgs {
    /// A report in json or jsonl form, or the folder of its tables in parquet; - is standard input
    #[arg(value_name = "REPORT")]
    pub(super) report: PathBuf,
    /// Read the texts of its documents again from these paths (repeatable)
    #[arg(long, value_name = "PATH")]
    pub(super) texts: Vec<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SweepArg {
    /// What is exact or a near duplicate
    #[value(name = "min-jaccard")]
    Jaccard,
    /// That, and what contains the other
    #[value(name = "min-containment")]
    Containment,
    /// That, and versions of one text
    #[value(name = "min-derived")]
    Derived,
}

impl From<SweepArg> for SweepParam {
    fn from(param: SweepArg) -> Self {
        match param {
            SweepArg::Jaccard => Self::MinJaccard,
            SweepArg::Containment => Self::MinContainment,
            SweepArg::Derived => Self::MinDerived,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TruthKindArg {
    /// id, cluster
    Clusters,
    /// id1, id2, 0 or 1
    Pairs,
    /// id1, id2, n1, n2, shared, jaccard, containment
    Exact,
    /// doc1, start, end, doc2, start, end, kind
    Spans,
    /// from, to
    Direction,
    /// child, parent
    Derivation,
}

impl From<TruthKindArg> for TruthKind {
    fn from(kind: TruthKindArg) -> Self {
        match kind {
            TruthKindArg::Clusters => Self::Clusters,
            TruthKindArg::Pairs => Self::Pairs,
            TruthKindArg::Exact => Self::Exact,
            TruthKindArg::Spans => Self::Spans,
            TruthKindArg::Direction => Self::Direction,
            TruthKindArg::Derivation => Self::Derivation,
        }
    }
}
