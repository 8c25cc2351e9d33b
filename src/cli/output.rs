//! Where reports go.

mod tables;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::config::Look;
use super::shared_args::{Format, OutputArgs};
use super::unfinished::Unfinished;
use crate::error::Error;
use crate::read::ReadOutcome;
#[cfg(feature = "html")]
use crate::render::HtmlRender;
#[cfg(feature = "parquet")]
use crate::render::ParquetTables;
use crate::render::{
    CsvTables, DotRender, GraphmlRender, JsonRender, JsonlRender, Limits, Render, RenderTables,
    TerminalRender, Texts,
};
use crate::report::Report;
use crate::spill::entries::Lists;

/// What a report is written as.
pub(super) enum Form {
    /// One file or stream.
    Stream(Box<dyn Render>),
    /// A folder of tables.
    Tables(Box<dyn RenderTables>),
}

/// Writes `report` to `output`, or to standard output.
pub(super) fn write_report(
    report: &Report,
    texts: &dyn Texts,
    output: Option<&PathBuf>,
    form: &Form,
) -> Result<(), Error> {
    match (form, output) {
        (Form::Stream(render), _) => write(output, |out| render.render(report, texts, out)),
        (Form::Tables(render), Some(folder)) => tables::write(report, folder, render.as_ref()),
        (Form::Tables(render), None) => Err(needs_folder(render.extension())),
    }
}

/// The same for a report whose long lists were written out. A form that cannot
/// go through them once gets them all.
pub(super) fn write_spooled(
    report: &mut Report,
    lists: &Lists,
    texts: &dyn Texts,
    output: Option<&PathBuf>,
    form: &Form,
) -> Result<(), Error> {
    if let Form::Stream(render) = form
        && let Some(render) = render.streaming()
    {
        return write(output, |out| {
            render.render_streaming(report, lists, out)?;
            // What could not be read must not pass as a whole report.
            lists.check().map_err(io::Error::other)
        });
    }
    lists.load(report)?;
    write_report(report, texts, output, form)
}

/// The form that was asked for; `text` is the one for people.
pub(super) fn form(args: &OutputArgs, text: Box<dyn Render>) -> Form {
    match args.format {
        Format::Text => Form::Stream(text),
        Format::Json => Form::Stream(Box::new(JsonRender)),
        Format::Jsonl => Form::Stream(Box::new(JsonlRender)),
        Format::Graphml => Form::Stream(Box::new(GraphmlRender)),
        Format::Dot => Form::Stream(Box::new(DotRender)),
        Format::Csv => Form::Tables(Box::new(CsvTables)),
        #[cfg(feature = "parquet")]
        Format::Parquet => Form::Tables(Box::new(ParquetTables)),
        #[cfg(feature = "html")]
        Format::Html => Form::Stream(Box::new(HtmlRender { text_budget: args.text_budget })),
    }
}

/// Whether a report of this form can be written to `path` later on.
pub(super) fn check_form(form: &Form, output: Option<&PathBuf>) -> Result<(), Error> {
    match (form, output) {
        (Form::Stream(_), _) => check(output),
        (Form::Tables(_), Some(folder)) => tables::check(folder),
        (Form::Tables(render), None) => Err(needs_folder(render.extension())),
    }
}

fn needs_folder(format: &'static str) -> Error {
    Error::param("format", format.into(), "given a directory for its tables, with -o DIR".into())
}

/// The report for people.
pub(super) fn terminal(look: Look) -> Box<dyn Render> {
    Box::new(TerminalRender { width: look.width, color: look.color, limits: Limits::default() })
}

/// Opens `output`, or standard output, for what `content` writes. A file
/// appears under its name only when it is whole.
pub(super) fn write(
    output: Option<&PathBuf>,
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Error> {
    let Some(path) = output else {
        let stdout = Path::new("standard output");
        let mut out = BufWriter::new(io::stdout());
        let written = content(&mut out).and_then(|()| out.flush());
        return written.map_err(|error| Error::io("write to", stdout, error));
    };
    let written = match std::fs::metadata(path) {
        // A device or a pipe is written to; only a file can be replaced.
        Ok(existing) if !existing.is_file() => write_through(path, content),
        // Behind a link it is the file that is replaced, not the link.
        Ok(_) => path.canonicalize().and_then(|file| write_whole(&file, content)),
        Err(_) if path.is_symlink() => write_through(path, content),
        Err(_) => write_whole(path, content),
    };
    written.map_err(|error| Error::io("write", path, error))
}

/// The same, a file being written under its name from the start: for what must
/// outlast a run that is ended in the middle.
#[cfg(feature = "index")]
pub(super) fn write_as_it_comes(
    output: Option<&PathBuf>,
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Error> {
    match output {
        None => write(None, content),
        Some(path) => write_through(path, content).map_err(|error| Error::io("write", path, error)),
    }
}

fn write_through(
    path: &Path,
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    content(&mut out)?;
    out.flush()
}

/// Writes beside `path` and takes its name when all is written.
fn write_whole(
    path: &Path,
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let unfinished = Unfinished::new(path);
    let mut out = BufWriter::new(File::create(unfinished.path())?);
    content(&mut out)?;
    out.into_inner()?.sync_all()?;
    unfinished.finish(path)
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

/// What was read, if all of it could be or need not be.
pub(super) fn strictly(outcome: ReadOutcome, strict: bool) -> Result<ReadOutcome, Error> {
    match outcome.skipped.first().filter(|_| strict) {
        None => Ok(outcome),
        Some(first) => {
            let problem = format!("{} (the first of {} under --strict)", first.reason, outcome.skipped.len());
            Err(Error::format(first.path.as_ref(), first.line, problem))
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn write_word(path: PathBuf) {
        write(Some(&path), |out| out.write_all(b"word")).unwrap();
    }

    #[test]
    fn a_link_stays_a_link_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        for before in [Some("old"), None] {
            let _ = std::fs::remove_file(&file);
            if let Some(text) = before {
                std::fs::write(&file, text).unwrap();
            }
            let _ = std::fs::remove_file(&link);
            std::os::unix::fs::symlink(&file, &link).unwrap();
            write_word(link.clone());
            assert!(link.is_symlink());
            assert_eq!(std::fs::read_to_string(&file).unwrap(), "word");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_pipe_is_written_to_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        write_word(pipe.clone());
        assert_eq!(reader.join().unwrap(), "word");
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}
