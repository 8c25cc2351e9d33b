//! The options that several commands have: output, input, detection.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::params::{Level, Noise, Params, PassageKind};

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
    #[command(flatten)]
    pub(super) run: RunArgs,
}

/// How a run behaves, whatever it does.
#[derive(Debug, ClapArgs)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) log: LogArgs,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

/// What is said on standard error.
#[derive(Debug, ClapArgs)]
pub(super) struct LogArgs {
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Form of what is said on standard error
    #[arg(long, value_name = "FORM", value_enum, default_value = "text")]
    pub(super) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people, and progress bars on a terminal
    Text,
    /// Events for programs, one JSON object a line: stages, remarks, errors,
    /// and how the run ended
    Json,
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
#[command(next_help_heading = "Memory")]
pub(super) struct MemoryArgs {
    /// Keep memory near this many bytes, such as 256M or 2G: texts and what is
    /// found of them go to temporary files, and the findings are the same; or
    /// `unlimited` [default: where texts are many, half of what is free]
    #[arg(long, value_name = "SIZE")]
    pub(super) memory: Option<String>,
    /// Folder for temporary files [default: that of the system]
    #[arg(long, value_name = "DIR")]
    pub(super) temp_dir: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Long runs")]
pub(super) struct StateArgs {
    /// Keep in DIR what was read and found so far: the same command goes on
    /// there if it is ended in between, with the same findings. DIR takes about
    /// as much room as the texts, and can be removed when the run is done
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
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
    /// Those whose words look misread, or have other accents than the rest
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
