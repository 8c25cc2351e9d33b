//! What a long run has done so far, on disk, so that it can be resumed.
//!
//! A [`State`] is a folder. The stages that cost most leave there what they
//! found: the documents that were read, the candidates, and block by block the
//! pairs that were compared. A run that finds this goes on behind it, and its
//! findings are those of an undisturbed run, byte for byte. Sketches are made
//! again where candidates were not finished, and kinds, credits and the report
//! always: all of that together is less than a fourth of a run.
//!
//! | file | holds | module |
//! | --- | --- | --- |
//! | `run` | what decides the findings: inputs, parameters, version | here |
//! | `documents`, `read` | the documents; where each lies, and what was said of the input | `documents.rs` |
//! | `candidates` | the pairs worth comparing, and what else is kept of sketches | `candidates.rs` |
//! | `compared` | blocks of compared pairs, each with a checksum | `compared.rs` |
//! | `lock` | locked while a run goes on | here |
//!
//! A stage is written beside its name, brought to the disk and renamed
//! (`stage.rs`), so it is there whole or not at all; `compared` is appended to,
//! and what is no whole block at its end is cut off. A file that does not agree
//! with its checksum counts as not there: the stage is done again. An error of
//! writing is kept by the [`Spill`] and ends the run at the next check, as for
//! temporary files.

mod candidates;
mod compared;
mod documents;
mod stage;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::compared::{Block, Compared};
pub use self::documents::KeptDocuments;
use self::stage::{StageReader, StageWriter};
use crate::error::Error;
use crate::spill::Spill;

/// The version of the files, of what they mean, and of the rules by which what
/// they keep was found. `tests/golden_state.rs` holds a state against a run of
/// today, and fails where the rules have changed and this has not.
///
/// - 2: a reason for each kind of what is shared outside passages; what all
///   candidates and comparisons found up to then changed under format 1.
/// - 3: whether two documents are of one source, though they witness nothing.
const FORMAT: u32 = 3;

/// The file that says of which run the folder is.
const RUN: &str = "run";

/// The file that is locked.
const LOCK: &str = "lock";

/// What one file of a state may be called.
const NAMES: [&str; 6] = [RUN, LOCK, documents::DOCUMENTS, documents::READ, candidates::NAME, compared::NAME];

/// A folder with what a run has done so far.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    /// The budget of the run.
    run: Spill,
    /// The same for what stays in the folder.
    spill: Spill,
    /// Locked for as long as it is open.
    _lock: File,
}

impl State {
    /// Opens the state of a run in `folder`, or begins one there. `run` names
    /// what decides the findings, and `spill` is the budget of the run.
    ///
    /// # Errors
    ///
    /// If the folder is of another run or no state at all, another run has it,
    /// or it cannot be read or written.
    pub fn open(folder: &Path, run: &[(&'static str, String)], spill: &Spill) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        check_names(folder)?;
        let lock = lock(folder)?;
        let (run_spill, kept) = (spill.clone(), spill.kept_in(folder));
        let state = Self { folder: folder.to_owned(), run: run_spill, spill: kept, _lock: lock };
        match state.begun()? {
            Some(begun) => state.check_same(run, &begun)?,
            None => state.begin(run)?,
        }
        Ok(state)
    }

    /// The budget, of which what goes wrong with the state is told.
    pub(crate) fn spill(&self) -> &Spill {
        &self.spill
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What was written of the run that the folder is of.
    fn begun(&self) -> Result<Option<Vec<(String, String)>>, Error> {
        let Some(mut reader) = StageReader::open(&self.path(RUN)) else { return Ok(None) };
        let version = reader.number();
        if version.is_some_and(|version| version != u64::from(FORMAT)) {
            let problem = format!(
                "holds a state of format {}, but this version knows {FORMAT}; remove it and run from the start",
                version.unwrap_or_default()
            );
            return Err(Error::format(&self.folder, None, problem));
        }
        let text = reader.text();
        let whole = text.filter(|_| reader.is_whole()).and_then(|text| serde_json::from_str(&text).ok());
        Ok(whole)
    }

    fn begin(&self, run: &[(&'static str, String)]) -> Result<(), Error> {
        for name in NAMES.iter().filter(|name| **name != LOCK) {
            remove(&self.path(name))?;
        }
        let mut writer = StageWriter::create(&self.path(RUN), &self.spill);
        writer.number(FORMAT.into());
        writer.text(&serde_json::to_string(run).expect("plain texts can always be written"));
        writer.finish();
        self.spill.check()
    }

    fn check_same(&self, run: &[(&'static str, String)], begun: &[(String, String)]) -> Result<(), Error> {
        for (name, value) in run {
            let own = begun.iter().find(|(own, _)| own == name).map_or("not set", |(_, own)| own);
            if own != value {
                let range = format!(
                    "{own}, with which the run kept in {} was begun; remove that folder or name another",
                    self.folder.display()
                );
                return Err(Error::param(name, value.clone(), range));
            }
        }
        Ok(())
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path, error)),
        _ => Ok(()),
    }
}

/// Refuses a folder that has other files than those of a state: nothing is
/// written among them.
fn check_names(folder: &Path) -> Result<(), Error> {
    let failed = |error| Error::io("read", folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let is_ours = |name: &str| NAMES.contains(&name.strip_suffix(".part").unwrap_or(name));
        if !name.to_str().is_some_and(is_ours) {
            let problem = "is no state of a run, and not empty; name a new folder";
            return Err(Error::format(folder, None, problem));
        }
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|error| Error::io("lock", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::format(folder, None, "another wirecopy keeps its state here; name another folder"))
        }
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, error)),
    }
}
