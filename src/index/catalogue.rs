//! The catalogue: which files make up an index.
//!
//! It is one small file, of text for people who look: a line with its version,
//! JSON, a line with a checksum. Everything else in the folder is written
//! before and never changed after (packs are appended to behind what the
//! catalogue says counts), and the catalogue is replaced as a whole: written
//! beside, brought to the disk, renamed. So a batch is there with that one
//! rename or not at all, and whoever reads needs no lock: files it has opened
//! stay as they are, even if a later writer removes their names.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::blocks::CURE;
use crate::error::Error;
use crate::hash;
use crate::params::Params;

/// The version of the whole: of the files and of what they mean.
pub(super) const FORMAT: u32 = 1;

/// The name of the catalogue.
pub(super) const NAME: &str = "catalogue";

/// What the first line of a catalogue says before the version.
const MAGIC: &str = "wirecopy index ";

/// What stands before the checksum.
const SUM: &str = "xxh3 ";

/// Which files make up an index, and what it was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    /// What decides results.
    pub(super) params: Params,
    /// Whether texts are kept.
    pub(super) keeps_texts: bool,
    /// The number of the next document.
    pub(super) next_document: u32,
    /// The number of the next file.
    pub(super) next_file: u32,
    /// The segments, in the order of their documents.
    pub(super) segments: Vec<Listed>,
    /// The packs, in the order in which they were begun.
    pub(super) packs: Vec<Listed>,
    /// The list of documents that are gone, if there are any.
    pub(super) gone: Option<Listed>,
    /// What of the input is no document, if there is any.
    pub(super) skipped: Option<Listed>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Its number, which is its name.
    pub(super) file: u32,
    /// Documents in it, those that are gone too.
    pub(super) documents: u32,
    /// How many bytes of it count.
    pub(super) bytes: u64,
    /// The checksum that stands for it, where it does not grow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) xxh3: Option<String>,
}

/// A checksum as the catalogue writes it.
pub(super) fn hexadecimal(sum: u64) -> String {
    format!("{sum:016x}")
}

impl Catalogue {
    /// That of an empty index.
    pub(super) fn new(params: Params, keeps_texts: bool) -> Self {
        Self {
            params,
            keeps_texts,
            next_document: 1,
            next_file: 1,
            segments: Vec::new(),
            packs: Vec::new(),
            gone: None,
            skipped: None,
        }
    }

    /// Reads that of the index in `folder`.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let problem = "is no index; make one with wirecopy index add";
                return Err(Error::format(folder, None, problem));
            }
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        parse(&text).map_err(|problem| Error::format(&path, None, problem))
    }

    /// Puts it in the place of the one that is there, for good.
    pub(super) fn commit(&self, folder: &Path) -> Result<(), Error> {
        let json = serde_json::to_string_pretty(self).expect("plain fields can always be written");
        let content = format!("{MAGIC}{FORMAT}\n{json}\n");
        let sum = hexadecimal(hash::checksum(content.as_bytes()));
        let content = format!("{content}{SUM}{sum}\n");
        write_whole(&folder.join(NAME), content.as_bytes())
    }

    /// The number of a new file.
    pub(super) fn new_file(&mut self) -> u32 {
        self.next_file += 1;
        self.next_file - 1
    }
}

fn parse(text: &str) -> Result<Catalogue, String> {
    let version = text.strip_prefix(MAGIC).and_then(|rest| rest.split('\n').next());
    let version = version.ok_or_else(|| format!("is no catalogue of an index; {CURE}"))?;
    if version.parse() != Ok(FORMAT) {
        return Err(format!(
            "is of format {version}, and this program reads {FORMAT}; use the program that wrote it, or make the \
             index anew with index add"
        ));
    }
    let (content, sum) = text
        .trim_end_matches('\n')
        .rsplit_once('\n')
        .and_then(|(content, sum)| Some((&text[..=content.len()], sum.strip_prefix(SUM)?)))
        .ok_or_else(|| format!("is cut off; {CURE}"))?;
    if hexadecimal(hash::checksum(content.as_bytes())) != sum || !text.ends_with('\n') {
        return Err(format!("is not as it was written; {CURE}"));
    }
    let json = content.split_once('\n').map_or("", |(_, json)| json);
    serde_json::from_str(json).map_err(|error| format!("cannot be understood: {error}; {CURE}"))
}

/// Writes a file beside its place, brings it to the disk, and gives it its
/// name.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> Result<(), Error> {
    let unfinished = path.with_extension("part");
    let written = File::create(&unfinished)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|error| {
        // The error that matters is the first one.
        let _ = fs::remove_file(&unfinished);
        Error::io("write", path, error)
    })?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Brings the names in a folder to the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(windows) {
        // A folder cannot be opened there, and names need no such step.
        return Ok(());
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::io("write", folder, error))
}

/// Where the files of an index are.
pub(super) fn segment_path(folder: &Path, file: u32) -> PathBuf {
    folder.join("segments").join(format!("{file:08}.seg"))
}

/// See [`segment_path`].
pub(super) fn pack_path(folder: &Path, file: u32) -> PathBuf {
    folder.join("texts").join(format!("{file:08}.pack"))
}

/// See [`segment_path`].
pub(super) fn list_path(folder: &Path, file: u32) -> PathBuf {
    folder.join("lists").join(format!("{file:08}.list"))
}

/// The folders of an index.
pub(super) const FOLDERS: [&str; 3] = ["segments", "texts", "lists"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_comes_back_and_a_changed_one_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let mut catalogue = Catalogue::new(Params::default(), true);
        let file = catalogue.new_file();
        catalogue.segments.push(Listed { file, documents: 3, bytes: 70, xxh3: Some(hexadecimal(7)) });
        catalogue.commit(folder.path()).unwrap();
        assert_eq!(Catalogue::read(folder.path()).unwrap(), catalogue);
        let path = folder.path().join(NAME);
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            let error = Catalogue::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains("catalogue: "), "{error}");
            fs::write(&path, &bytes[..at]).unwrap();
            Catalogue::read(folder.path()).unwrap_err();
        }
    }

    #[test]
    fn another_format_is_refused_with_a_cure() {
        for (text, expected) in [
            (
                "wirecopy index 2\n{}\n",
                "is of format 2, and this program reads 1; use the program that wrote it",
            ),
            ("wirecopy index 1\n{}\n", "is cut off"),
            ("{}", "is no catalogue"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
