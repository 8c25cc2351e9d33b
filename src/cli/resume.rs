//! `--state`: a run that can be resumed.
//!
//! What was found belongs to the bytes that were read, so a run is known by
//! the digests of its inputs. Times and sizes would do without reading them,
//! but not be safe: a file that is written anew within the same tick, or copied
//! with its time, has the same ones. Digesting costs what the disk gives; the
//! input is then not parsed again.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::corpus::Input;
use super::shared_args::{InputArgs, StateArgs};
use crate::error::Error;
use crate::hash;
use crate::params::Params;
use crate::read::again::named_files;
use crate::spill::Spill;
use crate::state::State;

/// Bytes read at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// A budget for a run without one: nothing but texts and sketches is written
/// out.
const NO_BUDGET: u64 = 1 << 46;

/// A run that is kept.
pub(super) struct Run {
    pub(super) state: State,
    stamps: Vec<(PathBuf, Stamp)>,
}

/// What is seen of a file without reading it.
type Stamp = (u64, Option<SystemTime>);

/// One input.
struct Digested {
    path: String,
    file: PathBuf,
    stamp: Stamp,
    digest: u128,
}

/// What a run is known by, beside its inputs.
pub(super) struct Known<'a> {
    pub(super) params: &'a Params,
    pub(super) args: &'a InputArgs,
    /// What the input is held against: an index, as it is now.
    pub(super) index: Option<String>,
}

impl Run {
    /// Begins a run in the folder of `--state`, or finds there what it has done
    /// so far; nothing where none is named.
    pub(super) fn of(
        args: &StateArgs,
        input: &Input<'_>,
        known: &Known<'_>,
        spill: Option<&Spill>,
    ) -> Result<Option<Self>, Error> {
        let Some(folder) = &args.state else { return Ok(None) };
        let files = named_files(input.paths, &input.options.against)?;
        let digested: Vec<Result<Digested, Error>> =
            files.into_par_iter().map(|(path, file)| digested(path, file)).collect();
        let inputs: Vec<Digested> = digested.into_iter().collect::<Result<_, Error>>()?;
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        let spill = match spill {
            Some(spill) => spill.clone(),
            None => Spill::try_new(NO_BUDGET, folder)?.kept_in(folder),
        };
        let state = State::open(folder, &facts(&inputs, input, known), &spill)?;
        let stamps = inputs.into_iter().map(|input| (input.file, input.stamp)).collect();
        Ok(Some(Self { state, stamps }))
    }

    /// Fails if an input is another one than when the run was begun.
    pub(super) fn check_unchanged(&self) -> Result<(), Error> {
        for (file, stamp) in &self.stamps {
            if self::stamp(file)? != *stamp {
                return Err(Error::format(file, None, "was changed while it was read; run again"));
            }
        }
        Ok(())
    }
}

/// What decides the findings, each in words.
fn facts(inputs: &[Digested], input: &Input<'_>, known: &Known<'_>) -> Vec<(&'static str, String)> {
    let mut all = hash::input();
    for Digested { path, digest, .. } in inputs {
        all.update(path.as_bytes());
        all.update(&[0]);
        all.update(&digest.to_le_bytes());
    }
    let bytes: u64 = inputs.iter().map(|input| input.stamp.0).sum();
    let described = format!("{} files of {bytes} bytes (xxh3 {:032x})", inputs.len(), all.digest128());
    let params = serde_json::to_value(known.params).expect("plain fields can always be written");
    let mut facts = vec![
        ("version of wirecopy", env!("CARGO_PKG_VERSION").to_owned()),
        ("input", described),
        ("against", format!("{:?}", input.options.against)),
        ("index", known.index.clone().unwrap_or_else(|| "none".to_owned())),
        ("field", format!("{:?}", known.args.field)),
        ("max-document-bytes", input.options.max_document_bytes.to_string()),
        ("families", format!("{:?}", input.options.families.sorted())),
    ];
    for (name, field) in PARAMS {
        facts.push((name, params.get(field).map_or_else(|| "not set".to_owned(), ToString::to_string)));
    }
    facts
}

/// The parameters, by the names of their options and as they are written.
const PARAMS: [(&str, &str); 13] = [
    ("level", "level"),
    ("shingle-len", "shingle_len"),
    ("num-hashes", "num_hashes"),
    ("min-jaccard", "min_jaccard"),
    ("min-containment", "min_containment"),
    ("min-derived", "min_derived"),
    ("min-passage-tokens", "min_passage_tokens"),
    ("min-repeat-tokens", "min_repeat_tokens"),
    ("noise", "noise"),
    ("count", "count"),
    ("within", "within_s"),
    ("across-sources-only", "across_sources_only"),
    ("agencies", "agencies"),
];

fn stamp(file: &Path) -> Result<Stamp, Error> {
    let metadata = fs::metadata(file).map_err(|error| Error::io("read", file, error))?;
    Ok((metadata.len(), metadata.modified().ok()))
}

fn digested(path: String, file: Option<PathBuf>) -> Result<Digested, Error> {
    let once = |path: &str| {
        let problem = "can be read only once, and a run that is resumed reads it again; save it to a file";
        Error::format(path.as_ref(), None, problem)
    };
    let Some(file) = file.filter(|file| file.is_file()) else { return Err(once(&path)) };
    let stamp = stamp(&file)?;
    let digest = digest(&file).map_err(|error| Error::io("read", &file, error))?;
    Ok(Digested { path, file, stamp, digest })
}

fn digest(file: &Path) -> std::io::Result<u128> {
    let mut file = File::open(file)?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut digest = hash::input();
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(digest.digest128());
        }
        digest.update(&buffer[..count]);
    }
}
