//! The arguments of `wirecopy index` as typed.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Subcommand, ValueEnum};

use crate::cli::args::LevelArg;
use crate::cli::shared_args::{DetectionArgs, InputArgs, LogArgs, MemoryArgs, OutputArgs, RunArgs};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum IndexCommand {
    /// Add documents, and say of each whether it is new, or a copy of which
    #[command(after_help = "\
INDEX is a folder, which is made if it is not there. PATH is what scan reads. Documents are added in
batches, each wholly or not at all; what is printed was added. A document that the index has, with the
same id and text, is known and changes nothing, so that an interrupted run can simply be run again.
Options of detection are those of a new index. One that is there keeps its own: what is given must be
the same.

  wirecopy index add seen/ today.jsonl --format jsonl
  wirecopy index add seen/ --follow incoming/")]
    Add(Box<AddArgs>),
    /// Say the same of documents without adding them
    Query(QueryArgs),
    /// Report on all documents of an index, as scan does
    Report(ReportArgs),
    /// Take out what is older than so long
    #[command(after_help = "\
A document is as old as its time of publication; where that is not known, as the time since it was added.")]
    Prune(PruneArgs),
    /// Print what an index holds
    Stats(StatsArgs),
    /// Read all of an index and name what is broken
    Verify(VerifyArgs),
}

impl IndexCommand {
    /// What is to be said on standard error.
    pub(in crate::cli) fn log(&self) -> &LogArgs {
        match self {
            Self::Add(args) => &args.output.run.log,
            Self::Query(args) => &args.output.run.log,
            Self::Report(args) => &args.output.run.log,
            Self::Prune(args) => &args.log,
            Self::Stats(args) => &args.log,
            Self::Verify(args) => &args.log,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("what").args(["paths", "follow"]).required(true).multiple(true))]
pub(in crate::cli) struct AddArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    /// What to read
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<String>,
    /// Then take the files of DIR as they come; those still being written wait,
    /// as do names that begin with a point or end in .part or .tmp
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) follow: Option<PathBuf>,
    /// End when no file came for so long, such as 10m
    #[arg(long, value_name = "TIME", requires = "follow")]
    pub(in crate::cli) idle: Option<String>,
    /// Documents of a batch
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(in crate::cli) batch: usize,
    /// Keep no texts: read them again where they came from
    #[arg(long)]
    pub(in crate::cli) no_texts: bool,
    /// What becomes of documents whose id comes with another text
    #[arg(long, value_name = "WHAT", value_enum, default_value = "keep")]
    pub(in crate::cli) changed: ChangedArg,
    #[command(flatten)]
    pub(in crate::cli) output: AnswerArgs,
    /// What to look for
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "passages", help_heading = "Detection")]
    pub(in crate::cli) level: LevelArg,
    #[command(flatten)]
    pub(in crate::cli) detection: DetectionArgs,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// The options that were typed or set: of an index that is there, all else
    /// is as it was made.
    #[arg(skip)]
    pub(in crate::cli) given: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ChangedArg {
    /// They stay, as earlier versions
    Keep,
    /// They go
    Replace,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct QueryArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    /// What to read
    #[arg(value_name = "PATH", required = true)]
    pub(in crate::cli) paths: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) output: AnswerArgs,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct ReportArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    #[command(flatten)]
    pub(in crate::cli) memory: MemoryArgs,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct PruneArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    /// How long documents stay, such as 30d
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) older_than: String,
    #[command(flatten)]
    pub(in crate::cli) log: LogArgs,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct StatsArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) log: LogArgs,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct VerifyArgs {
    /// The folder of the index
    #[arg(value_name = "INDEX")]
    pub(in crate::cli) index: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) log: LogArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AnswerFormat {
    /// A line a document, for reading
    Text,
    /// One array
    Json,
    /// One object a line
    Jsonl,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct AnswerArgs {
    /// Form of the answers
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: AnswerFormat,
    /// Write the answers to FILE, which is begun anew, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,
}
