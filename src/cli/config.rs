//! The command line, validated: what a run does.

use std::io;

use anstream::{AutoStream, ColorChoice};

use super::args::ScanArgs;
use super::config_file::{self, Settings};
use super::shared_args::{Color, DetectionArgs, InputArgs, OutputArgs};
use crate::error::Error;
use crate::params::{Level, Params};
use crate::read::{Families, FieldMap, ReadOptions};

/// Most threads accepted: more than any machine has is a slip of the finger.
const MAX_THREADS: usize = 4096;

/// The parameters of detection.
pub(super) fn params(args: &DetectionArgs, level: Level) -> Result<Params, Error> {
    let params = args.params(level);
    params.validate()?;
    Ok(params)
}

/// The same with the limits on pairs.
pub(super) fn limited(params: Params, args: &ScanArgs) -> Result<Params, Error> {
    let within_s = args.within.as_deref().map(|text| seconds("within", text)).transpose()?;
    Ok(Params {
        against: !args.against.is_empty(),
        within_s,
        across_sources_only: args.across_sources_only,
        ..params
    })
}

/// A stretch of time as typed: `72h`, `1d12h`, `90m`.
pub(super) fn seconds(name: &'static str, text: &str) -> Result<u64, Error> {
    let wrong = || {
        let range = "a number with s, m, h, d or w behind it, such as 72h or 1d12h, and more than nothing";
        Error::param(name, text.into(), range.into())
    };
    let mut sum = 0u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, behind) = rest.split_at(digits);
        let unit = match behind.chars().next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            Some('w') => 604_800,
            _ => return Err(wrong()),
        };
        let number: u64 = number.parse().map_err(|_| wrong())?;
        sum = number.checked_mul(unit).and_then(|part| sum.checked_add(part)).ok_or_else(wrong)?;
        rest = &behind[1..];
    }
    if sum == 0 { Err(wrong()) } else { Ok(sum) }
}

/// The parameters of detection, with the agencies of the file of settings, and
/// how to read the input.
pub(super) fn params_and_options(
    detection: &DetectionArgs,
    level: Level,
    input: &InputArgs,
) -> Result<(Params, ReadOptions), Error> {
    let Settings { families, agencies } = settings(input)?;
    let params = Params { agencies, ..params(detection, level)? };
    params.validate()?;
    Ok((params, options_of(input, families)?))
}

/// How to read the input.
pub(super) fn read_options(args: &InputArgs) -> Result<ReadOptions, Error> {
    options_of(args, settings(args)?.families)
}

fn settings(args: &InputArgs) -> Result<Settings, Error> {
    args.config.as_deref().map_or_else(|| Ok(Settings::default()), config_file::read)
}

fn options_of(args: &InputArgs, families: Families) -> Result<ReadOptions, Error> {
    let mut fields = FieldMap::default();
    for setting in &args.field {
        let Some((field, path)) = setting.split_once('=') else {
            return Err(Error::param(
                "field",
                setting.clone(),
                "FIELD=PATH, such as text=article.body".into(),
            ));
        };
        fields.try_set(field, path)?;
    }
    let defaults = ReadOptions::default();
    Ok(ReadOptions {
        fields,
        families,
        against: Vec::new(),
        max_document_bytes: args.max_document_bytes.unwrap_or(defaults.max_document_bytes),
    })
}

/// A thread pool of the size that was asked for, or of one thread a core.
pub(super) fn thread_pool(args: &OutputArgs) -> Result<rayon::ThreadPool, Error> {
    pool_of(args.run.threads)
}

/// The same for commands without a report.
pub(super) fn pool_of(threads: Option<usize>) -> Result<rayon::ThreadPool, Error> {
    let threads = match threads {
        None => 0,
        Some(threads @ 1..=MAX_THREADS) => threads,
        Some(threads) => {
            return Err(Error::param("threads", threads.to_string(), format!("1 to {MAX_THREADS}")));
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Error::io("start threads for", "wirecopy".as_ref(), io::Error::other(error)))
}

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) width: usize,
    pub(super) color: bool,
}

/// Columns of text that goes to a file or a pipe.
const PIPE_WIDTH: usize = 100;

/// Widest text: longer lines are hard to read, whatever the terminal has.
const MAX_WIDTH: usize = 160;

/// The look that fits where the report goes.
pub(super) fn look(args: &OutputArgs) -> Look {
    let to_stdout = args.output.is_none();
    let width = terminal_size::terminal_size_of(io::stdout()).filter(|_| to_stdout);
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => to_stdout && AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    };
    Look { width: width.map_or(PIPE_WIDTH, |(width, _)| usize::from(width.0).min(MAX_WIDTH)), color }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_time_are_read() {
        let cases = [
            ("72h", Some(259_200)),
            ("1d12h", Some(129_600)),
            (" 90m ", Some(5_400)),
            ("2w", Some(1_209_600)),
            ("30s", Some(30)),
            ("0h", None),
            ("", None),
            ("72", None),
            ("h", None),
            ("1.5h", None),
            ("-1h", None),
            ("1y", None),
            ("99999999999999999999w", None),
            ("18446744073709551615w", None),
            ("1é", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds("within", text).ok(), expected, "{text}");
        }
    }
}
