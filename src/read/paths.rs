//! All inputs that some paths name, several small ones at the same time.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::adapter::Batch;
use super::input::{self, Input};
use super::open::read_input;
use super::{Progress, ReadOptions, ReadOutcome};
use crate::document::{Document, Skipped};
use crate::error::Error;

/// Bytes of files read at the same time. Larger files are read alone, and
/// those of several documents in parallel within.
const GROUP_BYTES: u64 = 64 << 20;

/// Files read at the same time.
const GROUP_FILES: usize = 1024;

/// Reads the documents of all `paths`: files, directories (all files below
/// them), globs, or `-` for standard input.
///
/// A document's id is the id its record gives, else its path, with `#n` in a
/// file of several records, where n counts the records of the file from 1
/// (blank lines are none, bad records are some). A file of several whose lines
/// are all bad, or that is empty, is read and holds nothing; another empty
/// file is a document with an empty text.
///
/// # Errors
///
/// A path that does not exist, a glob that matches nothing, a file named by
/// the user that cannot be opened, and paths in which no file could be read.
pub fn read_paths(
    paths: &[String],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<ReadOutcome, Error> {
    let mut documents = Vec::new();
    let outcome = read_paths_to(paths, options, progress, &mut |read| {
        match documents.is_empty() {
            true => documents = read,
            false => documents.extend(read),
        }
        ControlFlow::Continue(())
    })?;
    Ok(ReadOutcome { documents, ..outcome })
}

/// [`read_paths`], handing on the documents while it reads, in the order of
/// the inputs: what is in memory is the file or the block being read. The
/// outcome has no documents then. Once `outlet` breaks off, the reading ends,
/// and the outcome is that of what was read.
///
/// # Errors
///
/// Those of [`read_paths`].
pub fn read_paths_to(
    paths: &[String],
    options: &ReadOptions,
    progress: &dyn Progress,
    outlet: &mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send),
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    read_inputs_to(input::find(paths, &options.against)?, paths, options, (progress, outlet))
}

/// [`read_paths_to`] of standard input, which was kept in `file`.
#[cfg(feature = "cli")]
pub(crate) fn read_kept_stdin_to(
    file: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
    outlet: &mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send),
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    let paths = [input::STDIN.to_owned()];
    let found = input::find(&paths, &[])?;
    read_inputs_to(found.with_stdin_in(file), &paths, options, (progress, outlet))
}

/// Where documents are handed to.
type Outlet<'o> = &'o mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send);

fn read_inputs_to(
    found: input::Inputs,
    paths: &[String],
    options: &ReadOptions,
    (progress, outlet): (&dyn Progress, Outlet<'_>),
) -> Result<ReadOutcome, Error> {
    let (is_stopped, is_against) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut outlet = |mut documents: Vec<Document>| {
        options.families.apply(&mut documents);
        if is_against.load(Ordering::Relaxed) {
            documents.iter_mut().for_each(|document| document.is_against = true);
        }
        if !is_stopped.load(Ordering::Relaxed) && outlet(documents).is_break() {
            is_stopped.store(true, Ordering::Relaxed);
        }
    };
    progress.expect(found.inputs.iter().filter_map(|input| input.size).sum());
    let tree = options.fields.tree();
    let context = options.context(&tree, progress, &is_stopped);
    let mut outcome = ReadOutcome { skipped: found.skipped, notes: found.notes, ..ReadOutcome::default() };
    let mut read_files = 0;
    for group in groups(&found.inputs) {
        if is_stopped.load(Ordering::Relaxed) {
            return Ok(outcome);
        }
        if let [input] = group {
            is_against.store(input.is_against, Ordering::Relaxed);
            let (batch, is_read) = read_input(input, &context, Some(&mut outlet))?;
            read_files += u64::from(is_read);
            outcome.add(batch);
            continue;
        }
        let batches: Vec<Result<(Batch<'_>, bool), Error>> =
            group.par_iter().map(|input| read_input(input, &context, None)).collect();
        for (batch, input) in batches.into_iter().zip(group) {
            let (mut batch, is_read) = batch?;
            read_files += u64::from(is_read);
            is_against.store(input.is_against, Ordering::Relaxed);
            outlet(std::mem::take(&mut batch.documents));
            outcome.add(batch);
        }
    }
    outcome.skipped.sort();
    outcome.notes.sort();
    if read_files == 0 {
        return Err(nothing_read(paths, &outcome.skipped));
    }
    Ok(outcome)
}

/// Runs of inputs to read at the same time, bounded in bytes and number. One
/// without a known size, or too large, is alone.
fn groups(inputs: &[Input]) -> Vec<&[Input]> {
    let mut groups = Vec::new();
    let (mut start, mut bytes) = (0, 0u64);
    for (index, input) in inputs.iter().enumerate() {
        bytes = bytes.saturating_add(input.size.unwrap_or(u64::MAX));
        if index > start && (bytes > GROUP_BYTES || index - start == GROUP_FILES) {
            groups.push(&inputs[start..index]);
            start = index;
            bytes = input.size.unwrap_or(u64::MAX);
        }
    }
    if start < inputs.len() {
        groups.push(&inputs[start..]);
    }
    groups
}

fn nothing_read(paths: &[String], skipped: &[Skipped]) -> Error {
    let named = paths.first().map_or("the input", String::as_str);
    let others = match paths.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let why = match skipped.first() {
        Some(first) => format!("{} skipped, the first is {}: {}", skipped.len(), first.path, first.reason),
        None => "no path was given".to_owned(),
    };
    Error::format(Path::new(named), None, format!("no readable documents here{others}; {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_every_input_once_and_large_ones_alone() {
        let input = |size: Option<u64>| Input {
            path: String::new(),
            file: None,
            size,
            is_typed: false,
            is_against: false,
        };
        let cases: [(&[Option<u64>], &[usize]); 5] = [
            (&[], &[]),
            (&[Some(1), Some(2)], &[2]),
            (&[None, Some(1), None, None], &[1, 1, 1, 1]),
            (&[Some(1), Some(GROUP_BYTES), Some(1), Some(1)], &[1, 1, 2]),
            (&[Some(0); 2 * GROUP_FILES + 1], &[GROUP_FILES, GROUP_FILES, 1]),
        ];
        for (sizes, expected) in cases {
            let inputs: Vec<Input> = sizes.iter().map(|&size| input(size)).collect();
            assert_eq!(groups(&inputs).iter().map(|group| group.len()).collect::<Vec<_>>(), expected);
        }
    }
}
