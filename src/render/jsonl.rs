//! The report as JSON lines: one finding a line, for streams and `grep`.

use std::io::{self, Write as _};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::streamed::{Listed, Streamed, write_in_parallel};
use super::{Render, RenderStreaming, Texts, document_json};
use crate::document::Skipped;
use crate::params::Params;
use crate::report::{Cluster, DocumentEntry, ExactGroup, Pair, Repeat, Report, SourceEntry, Stats};
use crate::spill::entries::Lists;

/// Bytes that are handed on together.
const WRITTEN_BYTES: usize = 1 << 16;

/// One JSON object a line. `type` comes first and is, in this order,
/// `header` (schema and parameters, once), `document`, `repeat`,
/// `exact_group`, `pair`, `cluster`, `source`, `skipped` and `stats` (once,
/// last: a file without it was cut off).
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonlRender;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Record<'a> {
    Header { schema: &'a str, params: &'a Params },
    Repeat(&'a Repeat),
    ExactGroup(&'a ExactGroup),
    Pair(&'a Pair),
    Cluster(&'a Cluster),
    Source(&'a SourceEntry),
    Skipped(&'a Skipped),
    Stats(&'a Stats),
}

impl Render for JsonlRender {
    fn render(&self, report: &Report, _texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Streamed::new(report, None), out)
    }

    fn streaming(&self) -> Option<&dyn RenderStreaming> {
        Some(self)
    }
}

impl RenderStreaming for JsonlRender {
    fn render_streaming(&self, report: &Report, lists: &Lists, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Streamed::new(report, Some(lists)), out)
    }
}

fn write(report: &Streamed<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = Lines(io::BufWriter::with_capacity(WRITTEN_BYTES, out));
    out.write(&Record::Header { schema: report.schema, params: report.params })?;
    out.list(&report.documents, "document", document)?;
    out.list(&report.repeats, "repeat", |entry, out| append(out, &Record::Repeat(entry)))?;
    out.list(&report.exact_groups, "exact_group", |entry, out| append(out, &Record::ExactGroup(entry)))?;
    out.list(&report.pairs, "pair", |entry, out| append(out, &Record::Pair(entry)))?;
    out.list(&report.clusters, "cluster", |entry, out| append(out, &Record::Cluster(entry)))?;
    report.sources.iter().try_for_each(|source| out.write(&Record::Source(source)))?;
    report.skipped.iter().try_for_each(|skipped| out.write(&Record::Skipped(skipped)))?;
    out.write(&Record::Stats(report.stats))?;
    out.0.flush()
}

fn append(out: &mut Vec<u8>, record: &Record<'_>) -> io::Result<()> {
    Ok(serde_json::to_writer(out, record)?)
}

fn document(entry: &DocumentEntry, out: &mut Vec<u8>) -> io::Result<()> {
    out.extend_from_slice(br#"{"type":"document","#);
    document_json::append_members(entry, out)
}

/// Writes records, one a line.
struct Lines<W: io::Write>(io::BufWriter<W>);

impl<W: io::Write> Lines<W> {
    fn write(&mut self, record: &Record<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, record)?;
        self.0.write_all(b"\n")
    }

    /// The entries of a list, which `append` makes records of this type. What was
    /// written out as JSON is copied as it is.
    fn list<'r, T>(
        &mut self,
        list: &Listed<'r, T>,
        name: &str,
        append: impl Fn(&'r T, &mut Vec<u8>) -> io::Result<()> + Sync,
    ) -> io::Result<()>
    where
        T: Serialize + DeserializeOwned + Sync,
    {
        match list {
            Listed::Held(entries) => {
                let render = |_, entry: &'r T, out: &mut Vec<u8>| {
                    append(entry, out)?;
                    out.push(b'\n');
                    Ok(())
                };
                write_in_parallel(entries, render, &mut self.0)
            }
            Listed::Spooled(entries) => entries.iter_json().try_for_each(|json| {
                // An entry is an object with fields.
                write!(self.0, "{{\"type\":\"{name}\",")?;
                self.0.write_all(json.get(1..).unwrap_or_default())?;
                self.0.write_all(b"\n")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{NoTexts, sample};

    #[test]
    fn each_line_is_one_record_with_its_type_first_and_in_order() {
        let mut out = Vec::new();
        JsonlRender.render(&sample::report(), &NoTexts, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("}\n"));
        assert!(text.starts_with(
            "{\"type\":\"header\",\"schema\":\"wirecopy.report/1\",\"params\":{\"level\":\"passages\","
        ));
        let mut types: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix("{\"type\":\"").unwrap().split('"').next().unwrap())
            .collect();
        types.dedup();
        let expected =
            ["header", "document", "repeat", "exact_group", "pair", "cluster", "source", "skipped", "stats"];
        assert_eq!(types, expected);
    }
}
