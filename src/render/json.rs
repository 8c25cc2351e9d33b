//! The report as one JSON object, indented for people, streamed to the
//! writer; entries of its long lists are rendered by all threads.

use std::io::{self, Write as _};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::streamed::{Listed, Streamed, write_in_parallel};
use super::{Render, RenderStreaming, Texts};
use crate::report::Report;
use crate::spill::entries::Lists;

/// One JSON object (schema `wirecopy.report/1`), indented by two spaces, with
/// spans such as `[649, 8553]` on one line, and a line end behind it.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonRender;

impl Render for JsonRender {
    fn render(&self, report: &Report, _texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Streamed::new(report, None), out)
    }

    fn streaming(&self) -> Option<&dyn RenderStreaming> {
        Some(self)
    }
}

impl RenderStreaming for JsonRender {
    fn render_streaming(&self, report: &Report, lists: &Lists, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Streamed::new(report, Some(lists)), out)
    }
}

fn write(report: &Streamed<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    // All fields are named, so that a new one cannot be forgotten.
    let Streamed {
        schema,
        params,
        documents,
        repeats,
        exact_groups,
        pairs,
        clusters,
        sources,
        skipped,
        stats,
    } = report;
    let mut out = Fields { out: io::BufWriter::new(out), between: "{" };
    out.field("schema", schema)?;
    out.field("params", params)?;
    out.list("documents", documents)?;
    out.list("repeats", repeats)?;
    out.list("exact_groups", exact_groups)?;
    out.list("pairs", pairs)?;
    out.list("clusters", clusters)?;
    out.field("sources", sources)?;
    out.field("skipped", skipped)?;
    out.field("stats", stats)?;
    out.out.write_all(b"\n}\n")?;
    out.out.flush()
}

/// Writes the fields of the one object, whose long lists are rendered in
/// parallel: what each value writes depends on its depth alone.
struct Fields<W: io::Write> {
    out: io::BufWriter<W>,
    /// What stands before the next field.
    between: &'static str,
}

impl<W: io::Write> Fields<W> {
    fn name(&mut self, name: &str) -> io::Result<()> {
        write!(self.out, "{}\n  \"{name}\": ", std::mem::replace(&mut self.between, ","))
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.name(name)?;
        let own_line = SpansOnOneLine { depth: 1, ..SpansOnOneLine::default() };
        Ok(value.serialize(&mut Serializer::with_formatter(&mut self.out, own_line))?)
    }

    fn list<T>(&mut self, name: &str, list: &Listed<'_, T>) -> io::Result<()>
    where
        T: Serialize + DeserializeOwned + Sync,
    {
        self.name(name)?;
        self.out.write_all(b"[")?;
        let is_empty = match list {
            Listed::Held(entries) => {
                write_in_parallel(entries, entry, &mut self.out)?;
                entries.is_empty()
            }
            Listed::Spooled(entries) => {
                let mut rendered = Vec::new();
                let mut numbered = entries.iter().enumerate();
                numbered.try_for_each(|(number, of_list)| {
                    rendered.clear();
                    entry(number, &of_list, &mut rendered)?;
                    self.out.write_all(&rendered)
                })?;
                rendered.is_empty()
            }
        };
        self.out.write_all(if is_empty { b"]" } else { b"\n  ]" })
    }
}

/// An entry of a list, on lines of its own.
fn entry(number: usize, entry: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    if number > 0 {
        out.push(b',');
    }
    let below = SpansOnOneLine { depth: 2, waiting: Some(Place::First), ..SpansOnOneLine::default() };
    Ok(entry.serialize(&mut Serializer::with_formatter(out, below))?)
}

/// The usual indented form, except that whole numbers in an array follow one
/// another on one line.
///
/// Whether an array holds numbers is known only at its first value, so the
/// line break before a value of an array waits until that value begins. Only
/// white space waits: whatever is inside, the commas are where they belong.
#[derive(Default)]
struct SpansOnOneLine {
    pretty: PrettyFormatter<'static>,
    depth: usize,
    /// The white space before the value that comes next in an array.
    waiting: Option<Place>,
    /// Whether the value just written stands on the line of its `[`.
    is_inline: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Later,
}

impl SpansOnOneLine {
    fn break_line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }

    /// Before a value that takes a line of its own in an array.
    fn on_own_line<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.waiting.take() {
            Some(_) => self.break_line(writer),
            None => Ok(()),
        }
    }
}

impl Formatter for SpansOnOneLine {
    fn write_u64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        let place = self.waiting.take();
        self.is_inline = place.is_some();
        if place == Some(Place::Later) {
            writer.write_all(b" ")?;
        }
        self.pretty.write_u64(writer, value)
    }

    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.on_own_line(writer)?;
        self.pretty.begin_string(writer)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.on_own_line(writer)?;
        self.depth += 1;
        self.is_inline = true;
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.waiting = Some(if first { Place::First } else { Place::Later });
        self.is_inline = false;
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.waiting = None;
        Ok(())
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if !self.is_inline {
            self.break_line(writer)?;
        }
        self.is_inline = false;
        writer.write_all(b"]")
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.on_own_line(writer)?;
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.break_line(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        self.is_inline = false;
        self.break_line(writer)?;
        writer.write_all(b"}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::{NoTexts, sample};

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut out, SpansOnOneLine::default())).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn spans_stand_on_one_line_and_all_else_on_its_own() {
        let value = json!({"spans": [[1, 2], [3, 4]], "words": ["a", "b"], "none": [], "n": 7,
                           "mixed": [1, "x", 2.5, null, [], {"k": [5]}]});
        let expected = r#"{
  "mixed": [1,
    "x",2.5,null,
    [],
    {
      "k": [5]
    }
  ],
  "n": 7,
  "none": [],
  "spans": [
    [1, 2],
    [3, 4]
  ],
  "words": [
    "a",
    "b"
  ]
}"#;
        assert_eq!(written(&value), expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(expected).unwrap(), value);
    }

    #[test]
    fn fields_one_by_one_are_the_report_as_a_whole() {
        let mut report = sample::report();
        for of_lists in [true, false] {
            if !of_lists {
                (report.documents, report.pairs) = (Vec::new(), Vec::new());
            }
            let mut out = Vec::new();
            JsonRender.render(&report, &NoTexts, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), written(&report) + "\n");
        }
    }

    #[test]
    fn the_report_is_one_indented_object_and_a_line_end() {
        let mut out = Vec::new();
        JsonRender.render(&sample::report(), &NoTexts, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(
            "{\n  \"schema\": \"wirecopy.report/1\",\n  \"params\": {\n    \"level\": \"passages\","
        ));
        assert!(text.contains("\n      \"spans\": [\n        [0, "), "{text}");
        assert!(text.ends_with("\n}\n"));
    }

    #[test]
    fn a_writer_that_fails_is_reported_with_its_own_error() {
        struct Closed;
        impl io::Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = JsonRender.render(&sample::report(), &NoTexts, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
