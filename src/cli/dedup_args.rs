//! The arguments of `wirecopy dedup` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::args::LevelArg;
use super::shared_args::{DetectionArgs, InputArgs, MemoryArgs, RunArgs, StateArgs};
use crate::dedup::{MIN_AGREED, Remove, StripKind};

#[derive(Debug, ClapArgs)]
pub(super) struct DedupArgs {
    /// What to read
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<String>,
    #[command(flatten)]
    pub(super) output: DedupOutputArgs,
    #[command(flatten)]
    pub(super) choice: ChoiceArgs,
    #[command(flatten)]
    pub(super) detection: DetectionArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// What to look for
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "passages", help_heading = "Detection")]
    pub(super) level: LevelArg,
    #[command(flatten)]
    pub(super) memory: MemoryArgs,
    #[command(flatten)]
    pub(super) long: StateArgs,
    /// The options that were typed or set by a file, by their names.
    #[arg(skip)]
    pub(super) given: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub(super) struct DedupOutputArgs {
    /// Write what stays to OUT instead of standard output: a file, or a folder
    /// (one that is there, or a name that ends in /) for an output for each
    /// input
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// Write what went, and for which document, to FILE [default: removed.jsonl
    /// beside OUT]
    #[arg(long, value_name = "FILE")]
    pub(super) removed: Option<PathBuf>,
    /// Form of what stays
    #[arg(long, value_enum, default_value = "input")]
    pub(super) format: DedupFormat,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DedupFormat {
    /// That of the input, with all its fields
    Input,
    /// What was understood of each document, one a line, as `read` writes it
    Jsonl,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Choice")]
pub(super) struct ChoiceArgs {
    /// Which of several copies stays: earliest, origin, longest,
    /// latest-revision, first, or prefer=SOURCE,SOURCE…
    #[arg(long, value_name = "POLICY", default_value = "earliest")]
    pub(super) keep: String,
    /// Down to which likeness documents go; each includes those before it
    #[arg(long, value_name = "LIKENESS", value_enum, default_value = "contained")]
    pub(super) remove: RemoveArg,
    /// Share of a document's words that must stand in the one it goes for;
    /// where versions of one text go, none is asked for
    #[arg(long, value_name = "SHARE", default_value_t = MIN_AGREED)]
    pub(super) min_agreed: f64,
    /// What is cut out of the texts that stay, separated by commas
    #[arg(long, value_name = "KINDS", value_enum, value_delimiter = ',')]
    pub(super) strip: Vec<StripArg>,
    /// What becomes of documents too short to judge
    #[arg(long, value_name = "WHAT", value_enum, default_value = "keep")]
    pub(super) short: ShortArg,
    /// Remove what these have too: an index, which is not changed, or paths
    /// like those of the input
    #[arg(long, value_name = "INDEX|PATH", num_args = 1..)]
    pub(super) against: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RemoveArg {
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
pub(super) enum StripArg {
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
pub(super) enum ShortArg {
    /// They stay
    Keep,
    /// They go where another has the same tokens
    Exact,
}
