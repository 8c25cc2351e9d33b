//! A report read back from JSON or JSON lines.

use std::io::{self, BufRead, Read as _};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::params::Params;
use crate::report::{Report, SCHEMA};

/// Reads a report in either form, told apart by content: a first line that
/// is a whole object with a `type` begins JSON lines. Fields this version
/// does not know are passed over, as the schema allows them to be added.
/// `path` names the input in errors; `-` will do for a stream.
///
/// # Errors
///
/// Each with path and line: what cannot be read, is no JSON, has another
/// schema, lacks a field, or ends before its last record.
pub fn read_report(path: &Path, input: &mut dyn BufRead) -> Result<Report, Error> {
    let mut lines = Lines { path, input, line: Vec::new(), number: 0 };
    if !lines.advance()? {
        return Err(lines.error("the file is empty, but must hold a report in JSON or JSON lines"));
    }
    match serde_json::from_slice::<Tag>(&lines.line) {
        Ok(Tag { kind: Some(kind) }) => read_records(lines, kind),
        _ => read_object(lines),
    }
}

/// The one field that all records have.
#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    schema: String,
    params: Params,
}

/// The lines of the input that hold anything, counted.
struct Lines<'a> {
    path: &'a Path,
    input: &'a mut dyn BufRead,
    line: Vec<u8>,
    number: u64,
}

impl Lines<'_> {
    /// Goes to the next line that is not blank, if there is one.
    fn advance(&mut self) -> Result<bool, Error> {
        loop {
            self.line.clear();
            let read = self.input.read_until(b'\n', &mut self.line);
            if read.map_err(|source| Error::io("read", self.path, source))? == 0 {
                return Ok(false);
            }
            self.number += 1;
            if self.number == 1 && self.line.starts_with("\u{feff}".as_bytes()) {
                self.line.drain(..'\u{feff}'.len_utf8());
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    fn error(&self, problem: impl Into<String>) -> Error {
        Error::format(self.path, (self.number > 0).then_some(self.number), problem)
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.line).map_err(|problem| self.error(without_place(&problem)))
    }
}

fn read_object(lines: Lines<'_>) -> Result<Report, Error> {
    let lines_before = lines.number - 1;
    let rest = io::BufReader::new((&lines.line[..]).chain(lines.input));
    let report: Report = serde_json::from_reader(rest).map_err(|problem| {
        let line = lines_before + problem.line() as u64;
        match without_place(&problem) {
            _ if problem.is_io() => Error::io("read", lines.path, problem.into()),
            text => Error::format(lines.path, Some(line), text),
        }
    })?;
    check_schema(&report.schema).map_err(|problem| Error::format(lines.path, None, problem))?;
    Ok(report)
}

fn read_records(mut lines: Lines<'_>, first: String) -> Result<Report, Error> {
    if first != "header" {
        return Err(lines.error(format!(
            "the first record is of type {first:?}, but a report begins with its header; \
             read the file from its start"
        )));
    }
    let header: Header = lines.parse()?;
    check_schema(&header.schema).map_err(|problem| lines.error(problem))?;
    let mut report = empty(header);
    let mut stats = None;
    while lines.advance()? {
        let tag: Tag = lines.parse()?;
        match tag.kind.as_deref() {
            Some("document") => report.documents.push(lines.parse()?),
            Some("repeat") => report.repeats.push(lines.parse()?),
            Some("exact_group") => report.exact_groups.push(lines.parse()?),
            Some("pair") => report.pairs.push(lines.parse()?),
            Some("cluster") => report.clusters.push(lines.parse()?),
            Some("source") => report.sources.push(lines.parse()?),
            Some("skipped") => report.skipped.push(lines.parse()?),
            Some("stats") if stats.is_none() => stats = Some(lines.parse()?),
            Some(kind @ ("header" | "stats")) => {
                return Err(lines.error(format!("a second {kind}, but a file holds one report; split it")));
            }
            // Kinds of record may be added to the schema, as fields may.
            Some(_) => {}
            None => return Err(lines.error("a record without a type, but every line of a report has one")),
        }
    }
    report.stats = stats.ok_or_else(|| {
        lines.error("the file ends without its stats record, so it was cut off; make the report again")
    })?;
    Ok(report)
}

fn empty(header: Header) -> Report {
    Report { schema: header.schema, ..Report::empty(header.params) }
}

fn check_schema(schema: &str) -> Result<(), String> {
    if schema == SCHEMA {
        return Ok(());
    }
    Err(format!(
        "the schema is {schema:?}, but this version reads {SCHEMA:?}; use the version that wrote the file"
    ))
}

/// The message of serde_json without its own line and column, which count
/// from where it began to read.
fn without_place(problem: &serde_json::Error) -> String {
    let text = problem.to_string();
    let place = format!(" at line {} column {}", problem.line(), problem.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    format!("{text} (column {}), but must be a report of schema {SCHEMA:?}", problem.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{JsonRender, JsonlRender, NoTexts, Render, sample};
    use crate::report::Stats;

    fn written(form: &dyn Render) -> Vec<u8> {
        let mut out = Vec::new();
        form.render(&sample::report(), &NoTexts, &mut out).unwrap();
        out
    }

    fn read(mut bytes: &[u8]) -> Result<Report, Error> {
        read_report(Path::new("r.json"), &mut bytes)
    }

    #[test]
    fn both_forms_read_back_as_they_were() {
        let compact = serde_json::to_vec(&sample::report()).unwrap();
        let mut padded = "\u{feff}\n\n".as_bytes().to_vec();
        padded.extend(written(&JsonlRender));
        padded.extend(b"\r\n{\"type\":\"a kind yet to come\"}\n");
        for bytes in [written(&JsonRender), written(&JsonlRender), compact, padded] {
            assert_eq!(read(&bytes).unwrap(), sample::report());
        }
    }

    #[test]
    fn no_field_is_written_that_the_schema_types_do_not_have() {
        let mut ignored = Vec::new();
        let bytes = written(&JsonRender);
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let report: Report =
            serde_ignored::deserialize(&mut deserializer, |path| ignored.push(path.to_string())).unwrap();
        assert_eq!(report, sample::report());
        assert_eq!(ignored, Vec::<String>::new());
    }

    #[test]
    fn records_have_no_field_but_their_type_beside_those_of_the_schema() {
        use crate::document::Skipped;
        use crate::report::{Cluster, DocumentEntry, ExactGroup, Pair, Repeat, SourceEntry};
        fn unknown<T: DeserializeOwned>(line: &str) -> Vec<String> {
            let mut ignored = Vec::new();
            let mut deserializer = serde_json::Deserializer::from_str(line);
            let _: T = serde_ignored::deserialize(&mut deserializer, |path| ignored.push(path.to_string()))
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            ignored
        }
        for line in String::from_utf8(written(&JsonlRender)).unwrap().lines() {
            let ignored = match serde_json::from_str::<Tag>(line).unwrap().kind.as_deref().unwrap() {
                "header" => unknown::<Header>(line),
                "document" => unknown::<DocumentEntry>(line),
                "repeat" => unknown::<Repeat>(line),
                "exact_group" => unknown::<ExactGroup>(line),
                "pair" => unknown::<Pair>(line),
                "cluster" => unknown::<Cluster>(line),
                "source" => unknown::<SourceEntry>(line),
                "skipped" => unknown::<Skipped>(line),
                "stats" => unknown::<Stats>(line),
                other => panic!("unexpected record {other}"),
            };
            assert_eq!(ignored, ["type"], "{line}");
        }
    }

    #[test]
    fn errors_name_path_line_and_cure() {
        let jsonl = String::from_utf8(written(&JsonlRender)).unwrap();
        let header = jsonl.lines().next().unwrap();
        let without_stats = &jsonl[..jsonl.trim_end().rfind('\n').unwrap() + 1];
        let count = without_stats.lines().count();
        let json = String::from_utf8(written(&JsonRender)).unwrap();
        let cases: [(String, String); 11] = [
            (String::new(), "r.json: the file is empty".into()),
            ("\n\n".into(), "r.json:2: the file is empty".into()),
            ("hello\n".into(), "r.json:1: expected value (column 1)".into()),
            (
                json[..json.len() / 2].into(),
                format!("r.json:{}: EOF", json[..json.len() / 2].lines().count()),
            ),
            (format!("\n{}", json.replacen("\"spans\"", "\"spams\"", 1)), "r.json:".into()),
            (json.replacen("report/1", "report/9", 1), "r.json: the schema is \"wirecopy.report/9\"".into()),
            (header.replacen("report/1", "report/9", 1), "r.json:1: the schema is".into()),
            (without_stats.into(), format!("r.json:{count}: the file ends without its stats")),
            (format!("{header}\n{header}\n"), "r.json:2: a second header".into()),
            (format!("{header}\n{{\"type\":\"repeat\"}}\n"), "r.json:2: missing field `document`".into()),
            (
                jsonl.lines().nth(1).unwrap().into(),
                "r.json:1: the first record is of type \"document\"".into(),
            ),
        ];
        for (text, message) in cases {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(&message), "{error}\nshould begin with\n{message}");
        }
        let broken = format!("{header}\nnot json\n");
        assert!(read(broken.as_bytes()).unwrap_err().to_string().starts_with("r.json:2: expected"));
    }

    #[test]
    fn a_reader_that_fails_is_no_end_of_input() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk on fire"))
            }
        }
        let starts: [&[u8]; 2] = [b"", b"{\n  \"schema\": "];
        for start in starts {
            let mut input = io::BufReader::new(start.chain(Broken));
            let error = read_report(Path::new("r.json"), &mut input).unwrap_err().to_string();
            assert_eq!(error, "cannot read r.json: disk on fire");
        }
    }
}
