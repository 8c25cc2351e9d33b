//! Outside of memory: what a run under a budget keeps in temporary files.
//!
//! One mechanism for all stages. A [`Spill`] is a budget and a folder;
//! `file.rs` is an unnamed file there, which any thread appends to
//! and reads by position; `run.rs` writes records in blocks and reads them back
//! in order; `near.rs` serves small reads out of blocks; `sorter.rs` sorts more records than fit, by sorted runs that are
//! merged (Knuth, "The Art of Computer Programming", volume 3, 5.4);
//! [`documents`] keeps the documents themselves, and `gathered.rs` decides whether
//! that is needed.
//!
//! The files have no name from the start, so nothing is left behind whatever
//! ends the process. An error of a file (a full disk for the most part) is
//! kept by the [`Spill`] and ends the run at the next [`Spill::check`], before
//! anything of it is reported: stages in between go on with nothing in the
//! place of what could not be read, and what they find is thrown away.

mod about;
pub(crate) mod codec;
pub mod documents;
pub mod entries;
pub(crate) mod file;
#[cfg(any(feature = "cli", feature = "arrow"))]
pub(crate) mod gathered;
mod near;
pub(crate) mod packed;
pub(crate) mod run;
pub(crate) mod sorter;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;

/// Least budget in bytes: the program itself, its tables of names, and what
/// two threads work on take about 40 MiB, whatever the collection.
pub const MIN_BUDGET: u64 = 64 << 20;

/// A budget of memory, and the folder for what does not fit.
#[derive(Clone, Debug)]
pub struct Spill {
    folder: Arc<Path>,
    budget: u64,
    /// Whether what is written there is kept, to resume the run.
    is_kept: bool,
    /// The first thing that went wrong.
    failed: Arc<Mutex<Option<Failure>>>,
}

/// What went wrong, and where.
#[derive(Debug)]
struct Failure {
    folder: Arc<Path>,
    is_kept: bool,
    error: io::Error,
}

impl Spill {
    /// A budget of so many bytes, and the folder for temporary files.
    ///
    /// # Errors
    ///
    /// If the budget is below [`MIN_BUDGET`], or no file can be made in the
    /// folder.
    pub fn try_new(budget: u64, folder: &Path) -> Result<Self, Error> {
        if budget < MIN_BUDGET {
            let least = format!("at least {} MiB ({MIN_BUDGET} bytes)", MIN_BUDGET >> 20);
            return Err(Error::param("memory", format!("{budget} bytes"), least));
        }
        Self::of_any_size(budget, folder)
    }

    /// The same without a floor, for tests: everything is written out then.
    ///
    /// # Errors
    ///
    /// If no file can be made in the folder.
    #[doc(hidden)]
    pub fn of_any_size(budget: u64, folder: &Path) -> Result<Self, Error> {
        tempfile::tempfile_in(folder).map_err(|error| Error::spill(folder, error))?;
        Ok(Self { folder: folder.into(), budget, is_kept: false, failed: Arc::default() })
    }

    /// The same budget and fate, for files that stay in `folder`.
    pub(crate) fn kept_in(&self, folder: &Path) -> Self {
        Self { folder: folder.into(), is_kept: true, ..self.clone() }
    }

    /// The budget in bytes.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// One of so many parts of the budget, in bytes.
    pub(crate) fn part(&self, parts: u64) -> usize {
        usize::try_from(self.budget / parts).unwrap_or(usize::MAX).max(1)
    }

    /// Whether all went well so far.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn check(&self) -> Result<(), Error> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match &*failed {
            None => Ok(()),
            Some(Failure { folder, is_kept, error }) => {
                let again = error.raw_os_error().map_or_else(
                    || io::Error::new(error.kind(), error.to_string()),
                    io::Error::from_raw_os_error,
                );
                Err(if *is_kept { Error::state(folder, again) } else { Error::spill(folder, again) })
            }
        }
    }

    /// Remembers an error for [`Self::check`].
    pub(crate) fn fail(&self, error: io::Error) {
        let Self { folder, is_kept, failed, .. } = self;
        let failure = Failure { folder: Arc::clone(folder), is_kept: *is_kept, error };
        failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }
}
