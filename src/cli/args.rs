//! The command line as typed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::eval::{SweepParam, TruthKind};
use crate::params::{Level, Noise, Params, PassageKind};

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
    Dedup(Box<super::dedup_args::DedupArgs>),
    /// Explain one pair: shares, passages side by side, clues of direction
    #[command(after_help = "\
A and B are files that hold one document each, or, with --in, ids of documents found there:

  wirecopy compare a.txt b.txt
  wirecopy compare --in feed.jsonl item-17 item-42

Two documents alone show neither boilerplate nor forms, which a scan tells by their recurrence in
other documents, so that a pair may have another verdict there.")]
    Compare(CompareArgs),
    /// Write what was understood of the input, a document a line
    #[command(after_help = "\
Each line is a JSON object with what is known of one document, and its text last. The file can be
scanned in place of what it was read from. Documents appear in the order of the input.")]
    Read(ReadArgs),
    /// Measure a report against labels
    Eval(EvalArgs),
    /// Write a report made earlier in another form
    #[command(after_help = "\
REPORT is what scan wrote with --format json or jsonl. It holds no texts: excerpts and texts side by
side need --texts, with what was scanned. Files that the report names are not read on their own.

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
}

#[derive(Debug, ClapArgs)]
pub(super) struct ManArgs {
    /// The command, such as scan; without, wirecopy itself
    #[arg(value_name = "COMMAND")]
    pub(super) command: Option<String>,
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
}

#[derive(Debug, ClapArgs)]
pub(super) struct ReadArgs {
    /// What to read
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<String>,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
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
}

#[derive(Debug, ClapArgs)]
pub(super) struct RenderArgs {
    /// A report in json or jsonl form; - is standard input
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Text,
    /// One object
    Json,
    /// One object a line
    Jsonl,
    /// Several tables of comma-separated values; needs -o DIR
    Csv,
    /// The same tables with typed columns; needs -o DIR
    #[cfg(feature = "parquet")]
    Parquet,
    /// Who has it from whom, as a graph for programs
    Graphml,
    /// The same for Graphviz
    Dot,
    /// A page for a browser, in one file
    #[cfg(feature = "html")]
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal that has colours, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Form of the report
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    /// Write the report to FILE instead of standard output; tables into this
    /// directory
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Bytes of texts that an html report holds; 0 for none
    #[cfg(feature = "html")]
    #[arg(long, value_name = "BYTES", default_value_t = crate::render::DEFAULT_TEXT_BUDGET)]
    pub(super) text_budget: usize,
    /// Whether to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub(super) color: Color,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// Where records have a field: text, id, title, url, source, published or
    /// language, such as text=article.body (repeatable)
    #[arg(long, value_name = "FIELD=PATH")]
    pub(super) field: Vec<String>,
    /// Settings in TOML: options by their names; under [families] publishers
    /// with their hosts and names, such as "example.com" = ["example.co.uk",
    /// "The Example"]; under [agencies] agencies with what credits call them.
    /// wirecopy config prints such a file
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Skip documents of more bytes than this
    #[arg(long, value_name = "BYTES")]
    pub(super) max_document_bytes: Option<u64>,
    /// Fail if a record is bad or a file cannot be read, instead of naming it
    /// in `skipped`
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Detection")]
pub(super) struct DetectionArgs {
    /// Tokens in a shingle
    #[arg(long, value_name = "N", default_value_t = Params::default().shingle_len)]
    shingle_len: usize,
    /// Values in a MinHash signature
    #[arg(long, value_name = "N", default_value_t = Params::default().num_hashes)]
    num_hashes: usize,
    /// Jaccard similarity from which a pair is a near duplicate
    #[arg(long, value_name = "SHARE", default_value_t = Params::default().min_jaccard)]
    min_jaccard: f64,
    /// Coverage from which one document contains another
    #[arg(long, value_name = "SHARE", default_value_t = Params::default().min_containment)]
    min_containment: f64,
    /// Coverage of the shorter document from which a pair are versions of one
    /// text
    #[arg(long, value_name = "SHARE", default_value_t = Params::default().min_derived)]
    min_derived: f64,
    /// Tokens from which a shared passage counts
    #[arg(long, value_name = "N", default_value_t = Params::default().min_passage_tokens)]
    min_passage_tokens: usize,
    /// Tokens from which a passage that recurs inside a document counts
    #[arg(long, value_name = "N", default_value_t = Params::default().min_repeat_tokens)]
    min_repeat_tokens: usize,
    /// Which documents are compared letter by letter, as misread ones need
    #[arg(long, value_name = "NOISE", value_enum, default_value = "auto")]
    noise: NoiseArg,
    /// Kinds of passages that count like copies, separated by commas; by
    /// default they are told apart and left out
    #[arg(long, value_name = "KINDS", value_enum, value_delimiter = ',')]
    count: Vec<CountArg>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum NoiseArg {
    /// Those whose words look misread
    Auto,
    /// None
    Clean,
    /// All: text of optical recognition
    Ocr,
}

impl From<NoiseArg> for Noise {
    fn from(noise: NoiseArg) -> Self {
        match noise {
            NoiseArg::Auto => Self::Auto,
            NoiseArg::Clean => Self::Clean,
            NoiseArg::Ocr => Self::Ocr,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum CountArg {
    /// What one document quotes from the other, or both from a third
    Quotation,
    /// Page furniture: the same in several unrelated documents of a source
    Boilerplate,
    /// Standing wording with other facts in it
    Template,
}

impl From<CountArg> for PassageKind {
    fn from(kind: CountArg) -> Self {
        match kind {
            CountArg::Quotation => Self::Quotation,
            CountArg::Boilerplate => Self::Boilerplate,
            CountArg::Template => Self::Template,
        }
    }
}

impl DetectionArgs {
    /// The parameters as typed, not yet validated.
    pub(super) fn params(&self, level: Level) -> Params {
        let mut count: Vec<PassageKind> = self.count.iter().map(|&kind| kind.into()).collect();
        count.sort_unstable();
        count.dedup();
        Params {
            agencies: BTreeMap::new(),
            count,
            level,
            shingle_len: self.shingle_len,
            num_hashes: self.num_hashes,
            min_jaccard: self.min_jaccard,
            min_containment: self.min_containment,
            min_derived: self.min_derived,
            min_passage_tokens: self.min_passage_tokens,
            min_repeat_tokens: self.min_repeat_tokens,
            noise: self.noise.into(),
            ..Params::default()
        }
    }
}
