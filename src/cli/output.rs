//! Where reports go.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::args::Format;
use super::config::Look;
use crate::error::Error;
use crate::render::{JsonRender, JsonlRender, Limits, Render, TerminalRender, Texts};
use crate::report::Report;

/// Writes `report` to `output`, or to standard output.
pub(super) fn write_report(
    report: &Report,
    texts: &dyn Texts,
    output: Option<&PathBuf>,
    render: &dyn Render,
) -> Result<(), Error> {
    write(output, |out| render.render(report, texts, out))
}

/// The form that was asked for; `text` is the one for people.
pub(super) fn form(format: Format, text: Box<dyn Render>) -> Box<dyn Render> {
    match format {
        Format::Text => text,
        Format::Json => Box::new(JsonRender),
        Format::Jsonl => Box::new(JsonlRender),
    }
}

/// The report for people.
pub(super) fn terminal(look: Look) -> Box<dyn Render> {
    Box::new(TerminalRender { width: look.width, color: look.color, limits: Limits::default() })
}

/// Opens `output`, or standard output, for what `content` writes. A file
/// appears under its name only when it is whole.
pub(super) fn write(
    output: Option<&PathBuf>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let Some(path) = output else {
        let stdout = Path::new("standard output");
        let mut out = BufWriter::new(io::stdout().lock());
        let written = content(&mut out).and_then(|()| out.flush());
        return written.map_err(|error| Error::io("write to", stdout, error));
    };
    let unfinished = unfinished_name(path);
    let written = File::create(&unfinished).and_then(|file| {
        let mut out = BufWriter::new(file);
        content(&mut out)?;
        out.into_inner()?.sync_all()?;
        std::fs::rename(&unfinished, path)
    });
    written.map_err(|error| {
        // The error that matters is the first one.
        let _ = std::fs::remove_file(&unfinished);
        Error::io("write", path, error)
    })
}

/// Whether a report can be written to `path` later on; better known before
/// the work than after it.
pub(super) fn check(output: Option<&PathBuf>) -> Result<(), Error> {
    let Some(path) = output else { return Ok(()) };
    if path.is_dir() {
        return Err(Error::format(path, None, "is a directory; name a file for the report"));
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() && !parent.is_dir() => Err(Error::format(
            parent,
            None,
            "is no directory; create it or choose another place for the report",
        )),
        _ => Ok(()),
    }
}

/// The name of a file while it is being written, in the same directory.
fn unfinished_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
