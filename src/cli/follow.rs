//! A folder whose files are taken as they come.
//!
//! A file is ready when it has not changed since the last look and for a
//! second at least, so that what is written in place is not taken half. What
//! is renamed into the folder is whole at once and taken at the next look. What
//! was taken is known by its identity and not by its name: a file that is
//! renamed later is not taken again, and one that is replaced or grows is.

use std::collections::{HashMap, HashSet};
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use crate::error::Error;

/// How long a file must have been left alone.
const SETTLED: Duration = Duration::from_secs(1);

/// Ends of names of files that are not finished.
const UNFINISHED: [&str; 3] = [".part", ".tmp", ".crdownload"];

/// A file as it is at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Stamp {
    /// Device and number, where there are such; else the path.
    identity: (u64, u64, PathBuf),
    len: u64,
    changed: Option<SystemTime>,
}

/// A folder that is looked at again and again.
pub(super) struct Folder {
    path: PathBuf,
    taken: HashSet<Stamp>,
    seen: HashMap<PathBuf, Stamp>,
}

impl Folder {
    /// The folder at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        if !path.is_dir() {
            return Err(Error::format(path, None, "is no directory that could be followed"));
        }
        Ok(Self { path: path.to_owned(), taken: HashSet::new(), seen: HashMap::new() })
    }

    /// The files that are ready and were not taken, by name; they are taken
    /// then.
    pub(super) fn ready(&mut self, now: SystemTime) -> Result<Vec<String>, Error> {
        let mut ready = Vec::new();
        let mut seen = HashMap::new();
        let mut there = HashSet::new();
        let is_visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_unfinished(entry.path());
        let entries = WalkDir::new(&self.path).sort_by_file_name().into_iter().filter_entry(is_visible);
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => match error.io_error().map(io::Error::kind) {
                    // It went while the folder was read.
                    Some(io::ErrorKind::NotFound) if error.depth() > 0 => continue,
                    _ => {
                        let path = error.path().unwrap_or(&self.path).to_owned();
                        return Err(Error::io("read", &path, error.into()));
                    }
                },
            };
            let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
            if !metadata.is_file() {
                continue;
            }
            let stamp = stamp(entry.path(), &metadata);
            there.insert(stamp.clone());
            if self.taken.contains(&stamp) {
                continue;
            }
            let age = stamp.changed.and_then(|changed| now.duration_since(changed).ok());
            let is_settled = age.is_some_and(|age| age >= SETTLED);
            let is_unchanged = self.seen.get(entry.path()) == Some(&stamp);
            if is_settled && is_unchanged || age.is_some_and(|age| age >= 10 * SETTLED) {
                self.taken.insert(stamp);
                ready.push(entry.path().to_string_lossy().into_owned());
            } else {
                seen.insert(entry.into_path(), stamp);
            }
        }
        self.seen = seen;
        // What is gone is forgotten, so that memory does not grow.
        self.taken.retain(|stamp| there.contains(stamp));
        Ok(ready)
    }
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || UNFINISHED.iter().any(|end| name.ends_with(end))
}

fn stamp(path: &Path, metadata: &Metadata) -> Stamp {
    #[cfg(unix)]
    let identity = {
        use std::os::unix::fs::MetadataExt;
        let _ = path;
        (metadata.dev(), metadata.ino(), PathBuf::new())
    };
    #[cfg(not(unix))]
    let identity = (0, 0, path.to_owned());
    Stamp { identity, len: metadata.len(), changed: metadata.modified().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &mut Folder, now: SystemTime) -> Vec<String> {
        let name = |path: String| Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        folder.ready(now).unwrap().into_iter().map(name).collect()
    }

    #[test]
    fn files_are_taken_once_when_they_are_whole() {
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        let mut folder = Folder::open(place.path()).unwrap();
        let start = SystemTime::now();
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        std::fs::write(path("a"), "one").unwrap();
        std::fs::write(path("b.part"), "half").unwrap();
        assert_eq!(names(&mut folder, after(0)), [""; 0], "just written");
        std::fs::write(path("a"), "one two").unwrap();
        assert_eq!(names(&mut folder, after(3)), [""; 0], "it grows");
        assert_eq!(names(&mut folder, after(4)), ["a"]);
        assert_eq!(names(&mut folder, after(5)), [""; 0], "taken");
        std::fs::rename(path("a"), path("c")).unwrap();
        std::fs::rename(path("b.part"), path("b")).unwrap();
        assert_eq!(names(&mut folder, after(6)), [""; 0], "seen for the first time");
        assert_eq!(names(&mut folder, after(7)), ["b"], "c is what a was");
        std::fs::write(path("c"), "another text").unwrap();
        names(&mut folder, after(8));
        assert_eq!(names(&mut folder, after(9)), ["c"]);
        Folder::open(&path("c")).err().unwrap();
    }
}
