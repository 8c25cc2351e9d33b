//! The arguments of `wirecopy dedup` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::LevelArg;
use crate::cli::shared_args::{DetectionArgs, InputArgs, MemoryArgs, RunArgs, StateArgs};
use crate::dedup::{MIN_AGREED, Remove, StripKind};

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct DedupArgs {
    /// What to read
    #[arg(value_name = "PATH", required = true)]
    pub(in crate::cli) paths: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) output: DedupOutputArgs,
    #[command(flatten)]
    pub(in crate::cli) choice: ChoiceArgs,
    #[command(flatten)]
    pub(in crate::cli) detection: DetectionArgs,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// What to look for
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "passages", help_heading = "Detection")]
    pub(in crate::cli) level: LevelArg,
    #[command(flatten)]
    pub(in crate::cli) memory: MemoryArgs,
    #[command(flatten)]
    pub(in crate::cli) long: StateArgs,
    /// The options that were typed or set by a file, by their names.
    #[arg(skip)]
    pub(in crate::cli) given: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct DedupOutputArgs {
    /// Write what stays to OUT instead of standard output: a file, or a folder
    /// (one that is there, or a name that ends in /) for an output for each
    /// input
    #[arg(short, long, value_name = "OUT")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Write what went, and for which document, to FILE [default: removed.jsonl
    /// beside OUT]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) removed: Option<PathBuf>,
    /// Form of what stays
    #[arg(long, value_enum, default_value = "input")]
    pub(in crate::cli) format: DedupFormat,
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DedupFormat {
    /// That of the input, with all its fields
    Input,
    /// What was understood of each document, one a line, as `read` writes it
    Jsonl,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Choice")]
pub(in crate::cli) struct ChoiceArgs {
    /// Which of several copies stays: earliest, origin, longest,
    /// latest-revision, first, or prefer=SOURCE,SOURCE…
    #[arg(long, value_name = "POLICY", default_value = "earliest")]
    pub(in crate::cli) keep: String,
    /// Down to which likeness documents go; each includes those before it
    #[arg(long, value_name = "LIKENESS", value_enum, default_value = "contained")]
    pub(in crate::cli) remove: RemoveArg,
    /// Share of a document's words that must stand in the one it goes for;
    /// where versions of one text go, none is asked for
    #[arg(long, value_name = "SHARE", default_value_t = MIN_AGREED)]
    pub(in crate::cli) min_agreed: f64,
    /// What is cut out of the texts that stay, separated by commas
    #[arg(long, value_name = "KINDS", value_enum, value_delimiter = ',')]
    pub(in crate::cli) strip: Vec<StripArg>,
    /// What becomes of documents too short to judge
    #[arg(long, value_name = "WHAT", value_enum, default_value = "keep")]
    pub(in crate::cli) short: ShortArg,
    /// Remove what these have too: an index, which is not changed, or paths
    /// like those of the input
    #[arg(long, value_name = "INDEX|PATH", num_args = 1..)]
    pub(in crate::cli) against: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum RemoveArg {
    /// Those with the same tokens as another
    Exact,
    /// Near duplicates too
    Near,
    /// Those that another contains too
    Contained,
    /// Versions of one text too
    Derived,
}

impl From<RemoveArg> for Remove {
    fn from(remove: RemoveArg) -> Self {
        match remove {
            RemoveArg::Exact => Self::Exact,
            RemoveArg::Near => Self::Near,
            RemoveArg::Contained => Self::Contained,
            RemoveArg::Derived => Self::Derived,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(in crate::cli) enum StripArg {
    /// What a document says a second time
    Repeats,
    /// Page furniture that another document has too
    Boilerplate,
}

impl From<StripArg> for StripKind {
    fn from(kind: StripArg) -> Self {
        match kind {
            StripArg::Repeats => Self::Repeats,
            StripArg::Boilerplate => Self::Boilerplate,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ShortArg {
    /// They stay
    Keep,
    /// They go where another has the same tokens
    Exact,
}
