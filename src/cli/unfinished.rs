//! Outputs that are not whole yet, and what becomes of them when a run is
//! ended from outside.
//!
//! An output is written beside its place and takes its name when it is whole.
//! SIGINT, SIGTERM and SIGHUP remove what has no name yet and end the process
//! with 128 and the number of the signal, as shells do; what had been written
//! before stays as it was. Nothing of the work asks whether it goes on: the
//! thread that hears the signal ends the process, so that it ends as fast in
//! the middle of a long stage as between two.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Error;

/// What is being written: files and folders.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    // A list of paths is as good after a panic as before.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file or folder that is removed unless it takes its name.
pub(super) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// What will be called `name`, under a name of its own beside it.
    pub(super) fn new(name: &Path) -> Self {
        let mut beside = name.file_name().unwrap_or_default().to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let path = name.with_file_name(beside);
        unfinished().push(path.clone());
        Self { path }
    }

    /// Where to write it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name: what is whole. A signal finds it under the one name
    /// or the other.
    pub(super) fn finish(self, name: &Path) -> io::Result<()> {
        let _no_signal = unfinished();
        fs::rename(&self.path, name)
        // Dropped behind the lock, when nothing is left under the old name.
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove(&self.path);
        unfinished().retain(|path| *path != self.path);
    }
}

/// Removes a file or folder, if it is there. The error that matters is the
/// one that left it unfinished.
fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Begins to hear signals.
#[cfg(unix)]
pub(super) fn end_on_signals() -> Result<(), Error> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    /// Status of a process that a signal ended, less the signal's number.
    const BY_SIGNAL: i32 = 128;

    /// Times that something is removed which others fill.
    const MAX_TRIES: usize = 10;

    let signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]);
    let mut signals = signals.map_err(|error| Error::io("hear signals as", "wirecopy".as_ref(), error))?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let paths = unfinished();
            for path in paths.iter() {
                // Others may still write into a folder.
                (0..MAX_TRIES).take_while(|_| path.exists()).for_each(|_| remove(path));
            }
            super::log::complain(&match paths.len() {
                0 => "interrupted",
                _ => "interrupted; what was not whole yet is removed",
            });
            // The lock is held, so that nothing takes a name any more.
            std::process::exit(BY_SIGNAL + signal);
        }
    });
    Ok(())
}

/// Elsewhere the system ends the process by itself.
#[cfg(not(unix))]
pub(super) fn end_on_signals() -> Result<(), Error> {
    Ok(())
}
