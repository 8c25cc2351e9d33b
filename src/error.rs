//! The one error type of the library.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What went wrong, where, and what to do about it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    TooManyDocuments { count: usize },
    Param { name: &'static str, value: String, range: String },
    Io { action: &'static str, path: PathBuf, source: io::Error },
    Format { path: PathBuf, line: Option<u64>, problem: String },
    Spill { folder: PathBuf, source: io::Error },
    State { folder: PathBuf, source: io::Error },
}

impl Error {
    pub(crate) fn too_many_documents(count: usize) -> Self {
        Self { kind: Kind::TooManyDocuments { count } }
    }

    pub(crate) fn param(name: &'static str, value: String, range: String) -> Self {
        Self { kind: Kind::Param { name, value, range } }
    }

    /// A file that could not be opened, read or written.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { kind: Kind::Io { action, path: path.to_owned(), source } }
    }

    /// A temporary file that could not be made, written or read.
    pub(crate) fn spill(folder: &Path, source: io::Error) -> Self {
        Self { kind: Kind::Spill { folder: folder.to_owned(), source } }
    }

    /// What a run keeps to be resumed could not be written or read.
    pub(crate) fn state(folder: &Path, source: io::Error) -> Self {
        Self { kind: Kind::State { folder: folder.to_owned(), source } }
    }

    /// A file that does not hold what it should.
    pub fn format(path: &Path, line: Option<u64>, problem: impl Into<String>) -> Self {
        Self { kind: Kind::Format { path: path.to_owned(), line, problem: problem.into() } }
    }

    /// Whether a parameter is out of its range: the command was used wrongly.
    pub fn is_usage(&self) -> bool {
        matches!(self.kind, Kind::Param { .. })
    }

    /// Whether the reader of our output went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.kind, Kind::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::TooManyDocuments { count } => {
                write!(
                    f,
                    "{count} documents in one run, but at most {} can be numbered; split the input",
                    u32::MAX
                )
            }
            Kind::Param { name, value, range } => {
                write!(f, "{name} is {value}, but must be {range}")
            }
            Kind::Io { action, path, source } => {
                write!(f, "cannot {action} {}: {source}", path.display())?;
                cure(source).map_or(Ok(()), |cure| write!(f, "; {cure}"))
            }
            Kind::Spill { folder, source } => {
                write!(
                    f,
                    "temporary files in {}: {source}; make room there, name another folder with --temp-dir, or hold \
                     everything with --memory unlimited",
                    folder.display()
                )
            }
            Kind::State { folder, source } => {
                write!(
                    f,
                    "the state of the run in {}: {source}; make room there and run again, or name another folder \
                     with --state",
                    folder.display()
                )
            }
            Kind::Format { path, line: Some(line), problem } => {
                write!(f, "{}:{line}: {problem}", path.display())
            }
            Kind::Format { path, line: None, problem } => {
                write!(f, "{}: {problem}", path.display())
            }
        }
    }
}

/// What to do where there is no room for a file.
fn cure(source: &io::Error) -> Option<&'static str> {
    match source.kind() {
        io::ErrorKind::StorageFull => Some("make room there, and run the same again"),
        io::ErrorKind::QuotaExceeded => Some("make room in that quota, and run the same again"),
        io::ErrorKind::FileTooLarge => Some("raise the limit on the size of files, and run the same again"),
        _ => None,
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io { source, .. } | Kind::Spill { source, .. } | Kind::State { source, .. } => Some(source),
            _ => None,
        }
    }
}
