//! The folder of an index, as its writer finds it.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::catalogue::{self, Catalogue, FOLDERS, list_path, pack_path, segment_path};
use super::writer::Settings;
use crate::error::Error;
use crate::params::Params;

/// The name of the file that a writer locks.
const LOCK: &str = "lock";

/// Locks out other writers for as long as the file is open.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|error| Error::io("lock", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let problem = "another wirecopy writes to this index; try again when it is done";
            Err(Error::format(folder, None, problem))
        }
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, error)),
    }
}

/// Refuses a folder that has files which are no index: nothing is written
/// among them.
pub(super) fn check_empty(folder: &Path) -> Result<(), Error> {
    let failed = |error| Error::io("read", folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let is_ours = |name: &str| name == LOCK || FOLDERS.contains(&name) || name.ends_with(".part");
        if !name.to_str().is_some_and(is_ours) {
            return Err(Error::format(folder, None, "is no index, and not empty; name a new folder"));
        }
    }
    Ok(())
}

/// Makes an empty index.
pub(super) fn begin(folder: &Path, settings: &Settings) -> Result<Catalogue, Error> {
    for name in FOLDERS {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(|error| Error::io("create", &path, error))?;
    }
    let params = settings.params.clone().unwrap_or_default();
    params.validate()?;
    let catalogue = Catalogue::new(params, settings.keeps_texts.unwrap_or(true));
    catalogue.commit(folder)?;
    Ok(catalogue)
}

/// Refuses other settings than those the index was made with.
pub(super) fn check(folder: &Path, catalogue: &Catalogue, settings: &Settings) -> Result<(), Error> {
    let differ = |name: &'static str, given: String, own: String| {
        let own = format!("{own}, with which the index {} was made", folder.display());
        Err(Error::param(name, given, own))
    };
    if let Some(given) = settings.keeps_texts.filter(|&given| given != catalogue.keeps_texts) {
        let form = |keeps: bool| if keeps { "kept" } else { "not kept" }.to_owned();
        return differ("texts", form(given), form(catalogue.keeps_texts));
    }
    let Some(params) = &settings.params else { return Ok(()) };
    params.validate()?;
    let fields = |params: &Params| serde_json::to_value(params).expect("plain fields can always be written");
    let (given, own) = (fields(params), fields(&catalogue.params));
    for name in NAMES {
        let field = name.replace('-', "_");
        let [given, own] = [&given, &own].map(|all| all.get(&field).cloned().unwrap_or_default());
        if given != own {
            return differ(name, given.to_string(), own.to_string());
        }
    }
    Ok(())
}

/// The parameters that an index is made with.
const NAMES: [&str; 14] = [
    "level",
    "shingle-len",
    "num-hashes",
    "min-jaccard",
    "min-containment",
    "min-derived",
    "min-passage-tokens",
    "min-repeat-tokens",
    "noise",
    "count",
    "against",
    "within-s",
    "across-sources-only",
    "agencies",
];

/// The files that a catalogue lists.
pub(super) fn files(folder: &Path, catalogue: &Catalogue) -> BTreeSet<PathBuf> {
    let segments = catalogue.segments.iter().map(|listed| segment_path(folder, listed.file));
    let packs = catalogue.packs.iter().map(|listed| pack_path(folder, listed.file));
    let lists = [&catalogue.gone, &catalogue.skipped].into_iter().flatten();
    segments.chain(packs).chain(lists.map(|listed| list_path(folder, listed.file))).collect()
}

/// Removes what an interrupted writer left.
pub(super) fn remove_leftovers(folder: &Path, catalogue: &Catalogue) -> Result<(), Error> {
    let listed = files(folder, catalogue);
    for name in FOLDERS {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(|error| Error::io("create", &path, error))?;
        let entries = fs::read_dir(&path).map_err(|error| Error::io("read", &path, error))?;
        for entry in entries {
            let path = entry.map_err(|error| Error::io("read", &path, error))?.path();
            if !listed.contains(&path) {
                fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
            }
        }
    }
    let _ = fs::remove_file(folder.join(catalogue::NAME).with_extension("part"));
    Ok(())
}
