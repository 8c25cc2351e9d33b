//! Answers of an index, as they are written.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::args::AnswerFormat;
use crate::error::Error;
use crate::index::{Answer, Match, MatchVerdict, Status};
use crate::render::visible;
use crate::report::Verdict;

/// When answers are there to be read, and whether the work needs a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// All together; without a reader the work ends.
    WhenWhole,
    /// Batch by batch, since what was added is answered on once; what is left
    /// is added even if the reader has gone.
    AsTheyCome,
}

/// Writes answers as they come, and counts them.
pub(super) struct Answers<'o> {
    format: AnswerFormat,
    kept: Kept,
    has_reader: bool,
    out: &'o mut (dyn Write + Send),
    counts: BTreeMap<Status, usize>,
}

impl<'o> Answers<'o> {
    /// Begins.
    pub(super) fn new(format: AnswerFormat, kept: Kept, out: &'o mut (dyn Write + Send)) -> io::Result<Self> {
        if format == AnswerFormat::Json {
            out.write_all(b"[")?;
        }
        Ok(Self { format, kept, has_reader: true, out, counts: BTreeMap::new() })
    }

    /// Writes some answers, and hands them to whoever reads.
    pub(super) fn write(&mut self, answers: &[Answer]) -> Result<(), Error> {
        let is_begun = !self.counts.is_empty();
        answers.iter().for_each(|answer| *self.counts.entry(answer.status).or_default() += 1);
        if !self.has_reader {
            return Ok(());
        }
        let separators = std::iter::once(if is_begun { ",\n" } else { "\n" }).chain(std::iter::repeat(",\n"));
        let written =
            answers.iter().zip(separators).try_for_each(|(answer, before)| self.write_one(before, answer));
        match written.and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.kept == Kept::AsTheyCome => {
                self.has_reader = false;
                Ok(())
            }
            written => written.map_err(failed),
        }
    }

    /// Ends.
    pub(super) fn finish(self) -> io::Result<()> {
        if !self.has_reader {
            return Ok(());
        }
        if self.format == AnswerFormat::Json {
            self.out.write_all(b"\n]\n")?;
        }
        self.out.flush()
    }

    /// How many there were of which kind.
    pub(super) fn summary(&self) -> String {
        let total: usize = self.counts.values().sum();
        let kinds: Vec<String> =
            self.counts.iter().map(|(status, count)| format!("{count} {}", status.name())).collect();
        let of = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
        format!("{total} document{}{of}", if total == 1 { "" } else { "s" })
    }

    /// Writes an answer, in an array behind `before`.
    fn write_one(&mut self, before: &str, answer: &Answer) -> io::Result<()> {
        match self.format {
            AnswerFormat::Text => self.write_text(answer),
            AnswerFormat::Jsonl => {
                serde_json::to_writer(&mut *self.out, answer)?;
                self.out.write_all(b"\n")
            }
            AnswerFormat::Json => {
                self.out.write_all(before.as_bytes())?;
                serde_json::to_writer(&mut *self.out, answer)?;
                Ok(())
            }
        }
    }

    /// A line: what it is, and of what.
    fn write_text(&mut self, answer: &Answer) -> io::Result<()> {
        write!(self.out, "{:14} {}", answer.status.name(), visible::label(&answer.id))?;
        if let Some(first) = answer.matches.first() {
            write!(self.out, "  {}", of_match(first))?;
            let more = answer.matches.len() - 1;
            if more > 0 {
                write!(self.out, " and {more} more")?;
            }
        }
        if let Some(origin) = &answer.origin {
            let name = [&origin.id, &origin.source, &origin.agency].into_iter().flatten().next();
            if let Some(name) = name.filter(|name| **name != answer.id) {
                write!(self.out, "  · origin {}", visible::label(name))?;
            }
        }
        self.out.write_all(b"\n")
    }
}

/// A match in words.
fn of_match(found: &Match) -> String {
    let id = visible::label(&found.id);
    if let MatchVerdict::Compared(Verdict::Quotation | Verdict::Boilerplate | Verdict::Template) =
        found.verdict
    {
        let tokens: usize = found.passages.iter().map(|passage| passage.tokens).sum();
        let size = if tokens > 0 { format!("{tokens} tokens, ") } else { String::new() };
        return format!("{} shared with {id} ({size}not counted)", found.verdict.name());
    }
    match (found.coverage, found.estimated_jaccard) {
        (Some(coverage), _) => format!("{} {id} ({:.0}%)", found.verdict.name(), 100.0 * coverage),
        (None, Some(estimate)) => format!("likeness to {id} about {:.0}%", 100.0 * estimate),
        (None, None) => format!("{} {id}", found.verdict.name()),
    }
}

fn failed(error: io::Error) -> Error {
    Error::io("write to", "the output".as_ref(), error)
}
