//! The report as JSON lines: one finding a line, for streams and `grep`.

use std::io::{self, Write as _};

use serde::Serialize;

use super::streamed::Streamed;
use super::{Render, RenderStreaming, Texts};
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
    Document(&'a DocumentEntry),
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
    let mut out = io::BufWriter::with_capacity(WRITTEN_BYTES, out);
    let mut write = |record: Record<'_>| {
        serde_json::to_writer(&mut out, &record)?;
        out.write_all(b"\n")
    };
    write(Record::Header { schema: report.schema, params: report.params })?;
    report.documents.try_for_each(|document| write(Record::Document(document)))?;
    report.repeats.try_for_each(|repeat| write(Record::Repeat(repeat)))?;
    report.exact_groups.try_for_each(|group| write(Record::ExactGroup(group)))?;
    report.pairs.try_for_each(|pair| write(Record::Pair(pair)))?;
    report.clusters.try_for_each(|cluster| write(Record::Cluster(cluster)))?;
    report.sources.iter().map(Record::Source).try_for_each(&mut write)?;
    report.skipped.iter().map(Record::Skipped).try_for_each(&mut write)?;
    write(Record::Stats(report.stats))?;
    out.flush()
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
