//! Where `wirecopy dedup` writes, and whether what it reads can go there.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;

use super::args::{DedupFormat, DedupOutputArgs};
use crate::cli::output;
use crate::cli::unfinished::Unfinished;
use crate::error::Error;
use crate::read::again::{Form, Original};
use crate::rewrite::{Joined, Rewriter, Uncut, rows};

/// The name of the list of what went.
const REMOVED: &str = "removed.jsonl";

/// What stays is written there.
#[derive(Debug)]
enum Place {
    Stdout,
    File(PathBuf),
    /// A folder, with a file for each input.
    Folder(PathBuf),
}

/// Where everything goes.
#[derive(Debug)]
pub(super) struct Destination {
    place: Place,
    /// The list of what went.
    pub(super) removed: Option<PathBuf>,
    pub(super) format: DedupFormat,
}

/// What is done when all that stays is written, before it takes its name.
type Finish<'f> = &'f mut dyn FnMut(Uncut) -> io::Result<()>;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Bzip2,
}

impl Destination {
    /// Finds where to write, and refuses what cannot be written there, before
    /// anything is read.
    pub(super) fn new(args: &DedupOutputArgs, originals: &[Original]) -> Result<Self, Error> {
        let format = args.format;
        let are_files = originals.iter().any(|original| matches!(original.form, Form::One { .. }));
        let place = match &args.output {
            None => Place::Stdout,
            Some(path) if path.as_os_str() == "-" => Place::Stdout,
            Some(path) => {
                let is_named_folder = path.to_string_lossy().ends_with('/') || path.is_dir();
                let is_folder = is_named_folder || (are_files && !path.exists());
                match format {
                    DedupFormat::Input if is_folder => Place::Folder(path.clone()),
                    _ => Place::File(path.clone()),
                }
            }
        };
        let beside = match &place {
            Place::Stdout => None,
            // Through components, so that a stroke at the end does not count.
            Place::File(path) | Place::Folder(path) => {
                Some(path.components().as_path().with_file_name(REMOVED))
            }
        };
        let removed = args.removed.clone().or(beside);
        let destination = Self { place, removed, format };
        destination.check()?;
        if format == DedupFormat::Input {
            destination.check_forms(originals)?;
        }
        Ok(destination)
    }

    fn check(&self) -> Result<(), Error> {
        output::check(self.removed.as_ref())?;
        match &self.place {
            Place::Stdout => Ok(()),
            Place::File(path) => {
                packing(path)?;
                output::check(Some(path))?;
                match &self.removed {
                    Some(removed) if removed == path => Err(Error::param(
                        "removed",
                        path.display().to_string(),
                        "another file than the one for what stays".to_owned(),
                    )),
                    _ => Ok(()),
                }
            }
            Place::Folder(path) => {
                let is_empty =
                    fs::read_dir(path).map_or(!path.exists(), |mut entries| entries.next().is_none());
                if is_empty {
                    return output::check(Some(&path.join("file")).filter(|_| path.exists()));
                }
                Err(Error::format(
                    path,
                    None,
                    "is no empty folder; name a new one, so that nothing is mixed up",
                ))
            }
        }
    }

    /// Whether the inputs can be written in their own form, here.
    fn check_forms(&self, originals: &[Original]) -> Result<(), Error> {
        const CURE: &str = "write what was read with --format jsonl";
        for original in originals {
            if let Form::Whole(what) = original.form {
                let problem = format!("{what}, which is not written with documents left out; {CURE}");
                return Err(Error::format(original.path.as_ref(), None, problem));
            }
        }
        if matches!(self.place, Place::Folder(_)) {
            return relative_paths(originals).map(|_| ());
        }
        let mut readable = originals.iter().filter(|original| original.form != Form::Unread);
        let Some(first) = readable.next() else { return Ok(()) };
        if let Form::One { .. } = first.form {
            let problem = format!(
                "a file of one document, which is left out or copied whole; name a folder with -o DIR/, or {CURE}"
            );
            return Err(Error::format(first.path.as_ref(), None, problem));
        }
        for other in readable {
            if !can_be_joined(first, other)? {
                let problem = format!(
                    "{} cannot be written into one file behind {}, {}; name a folder with -o DIR/, or {CURE}",
                    name(&other.form),
                    first.path,
                    name(&first.form)
                );
                return Err(Error::format(other.path.as_ref(), None, problem));
            }
        }
        Ok(())
    }

    /// Writes what stays of all inputs in their own form.
    pub(super) fn write(
        &self,
        originals: &[Original],
        rewriter: &Rewriter<'_>,
        finish: Finish<'_>,
    ) -> Result<(), Error> {
        let mut failed = None;
        let mut rewrite = |original: &Original, out: &mut Joined<'_>| {
            rewriter.write(original, out).inspect_err(|error| {
                let is_ours = error.kind() == io::ErrorKind::Other;
                failed = is_ours.then(|| Error::format(original.path.as_ref(), None, error.to_string()));
            })
        };
        let written = match &self.place {
            Place::Folder(folder) => write_folder(folder, originals, rewriter, &mut rewrite, finish),
            Place::Stdout | Place::File(_) => self.write_one(
                |out| {
                    let mut joined = Joined::new(out);
                    let mut uncut = Uncut::new();
                    for original in originals.iter().filter(|original| original.form != Form::Unread) {
                        uncut.extend(rewrite(original, &mut joined)?);
                    }
                    joined.flush()?;
                    Ok(uncut)
                },
                finish,
            ),
        };
        // What is wrong with an input says which one.
        written.map_err(|error| failed.unwrap_or(error))
    }

    /// Writes one stream of what was read.
    pub(super) fn write_as_read(
        &self,
        finish: Finish<'_>,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        self.write_one(|out| content(out).map(|()| Uncut::new()), finish)
    }

    fn write_one(
        &self,
        content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<Uncut>,
        finish: Finish<'_>,
    ) -> Result<(), Error> {
        let file = match &self.place {
            Place::Stdout => None,
            Place::File(path) | Place::Folder(path) => Some(path),
        };
        let packing = file.map_or(Ok(Packing::None), |path| packing(path))?;
        output::write(file, |out| {
            let uncut = packed(packing, out, content)?;
            // A full disk must show before the list of what went has its name.
            out.flush()?;
            finish(uncut)
        })
    }
}

/// Hands `content` a stream that compresses into `out`.
fn packed(
    packing: Packing,
    out: &mut (dyn Write + Send),
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<Uncut>,
) -> io::Result<Uncut> {
    match packing {
        Packing::None => content(out),
        Packing::Gzip => {
            let mut encoder = GzEncoder::new(out, flate2::Compression::default());
            let uncut = content(&mut encoder)?;
            encoder.finish().map(|_| uncut)
        }
        Packing::Bzip2 => {
            let mut encoder = BzEncoder::new(out, bzip2::Compression::default());
            let uncut = content(&mut encoder)?;
            encoder.finish().map(|_| uncut)
        }
    }
}

/// How the file called `path` is to be compressed.
fn packing(path: &Path) -> Result<Packing, Error> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("gz" | "gzip") => Ok(Packing::Gzip),
        Some("bz2") => Ok(Packing::Bzip2),
        Some(other @ ("zst" | "zstd" | "xz" | "zip")) => Err(Error::format(
            path,
            None,
            format!(
                "{other} is read, but not written; choose a name that ends in .gz or .bz2, or in neither"
            ),
        )),
        _ => Ok(Packing::None),
    }
}

/// Writes a file for each input into a new folder, which takes its name when
/// all are whole.
fn write_folder(
    folder: &Path,
    originals: &[Original],
    rewriter: &Rewriter<'_>,
    rewrite: &mut dyn FnMut(&Original, &mut Joined<'_>) -> io::Result<Uncut>,
    finish: Finish<'_>,
) -> Result<(), Error> {
    let folder: PathBuf = folder.components().collect();
    let unfinished = Unfinished::new(&folder);
    let fill = || -> io::Result<()> {
        let mut uncut = Uncut::new();
        fs::create_dir_all(unfinished.path())?;
        let paths = relative_paths(originals).map_err(io::Error::other)?;
        for (original, relative) in originals.iter().zip(paths) {
            if matches!(original.form, Form::One { .. }) && !rewriter.stays(original) {
                continue;
            }
            let (relative, packing) = target(original, &relative);
            let path = unfinished.path().join(relative);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut out = BufWriter::new(fs::File::create(&path)?);
            let content = |out: &mut (dyn Write + Send)| {
                let mut joined = Joined::new(out);
                let uncut = rewrite(original, &mut joined)?;
                joined.flush().map(|()| uncut)
            };
            uncut.extend(packed(packing, &mut out, content)?);
            out.into_inner()?.sync_all()?;
        }
        finish(uncut)?;
        if folder.is_dir() {
            fs::remove_dir(&folder)?;
        }
        unfinished.finish(&folder)
    };
    fill().map_err(|error| Error::io("write", &folder, error))
}

/// What the output for an input is called, and how it is compressed: as the
/// input is, where that can be written, and without its ending where not.
fn target(original: &Original, relative: &Path) -> (PathBuf, Packing) {
    let is_copied = matches!(original.form, Form::One { .. } | Form::Unread);
    if is_copied || !original.is_packed {
        return (relative.to_owned(), Packing::None);
    }
    match packing(relative) {
        Ok(packing) if packing != Packing::None && original.form != Form::Columns => {
            (relative.to_owned(), packing)
        }
        Ok(Packing::None) => (relative.to_owned(), Packing::None),
        _ => (relative.with_extension(""), Packing::None),
    }
}

/// The paths of the inputs below the folder that holds them all.
fn relative_paths(originals: &[Original]) -> Result<Vec<PathBuf>, Error> {
    let whole: Vec<PathBuf> = originals.iter().map(|original| absolute(&original.path)).collect();
    let mut common: Option<PathBuf> = None;
    for path in &whole {
        let parent = path.parent().unwrap_or(Path::new(""));
        common = Some(match common {
            None => parent.to_owned(),
            Some(common) => {
                let same = common.components().zip(parent.components()).take_while(|(a, b)| a == b);
                same.map(|(component, _)| component).collect()
            }
        });
    }
    let common = common.unwrap_or_default();
    let below = |(path, original): (&PathBuf, &Original)| match path.strip_prefix(&common) {
        Ok(relative) => Ok(relative.to_owned()),
        Err(_) => Err(Error::format(original.path.as_ref(), None, "has no place below the other inputs")),
    };
    whole.iter().zip(originals).map(below).collect()
}

/// The path from the root, without `.` and `..`.
fn absolute(path: &str) -> PathBuf {
    let named = if path == "-" { Path::new("stdin") } else { Path::new(path) };
    let mut whole = PathBuf::new();
    for component in std::path::absolute(named).unwrap_or_else(|_| named.to_owned()).components() {
        match component {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
    }
    whole
}

/// Whether one input can stand behind another in one file.
fn can_be_joined(first: &Original, other: &Original) -> Result<bool, Error> {
    match (&first.form, &other.form) {
        (Form::Lines, Form::Lines) => Ok(true),
        (Form::Rows(one), Form::Rows(two)) if one == two => {
            let names = |original: &Original| {
                rows::names(original, *one).map_err(|error| Error::io("read", original.path.as_ref(), error))
            };
            Ok(names(first)? == names(other)?)
        }
        _ => Ok(false),
    }
}

/// What an input is, for people.
fn name(form: &Form) -> &'static str {
    match form {
        Form::Lines => "JSON Lines",
        Form::Objects(_) => "a JSON document",
        Form::Rows(_) => "a table with its own columns",
        Form::Columns => "a Parquet file",
        Form::One { .. } => "a file of one document",
        Form::Whole(what) => what,
        Form::Unread => "what cannot be read",
    }
}
