//! A report whose long lists are outside of memory.

use std::io;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::document::Skipped;
use crate::params::Params;
use crate::report::{Cluster, DocumentEntry, ExactGroup, Pair, Repeat, Report, SourceEntry, Stats};
use crate::spill::entries::{Lists, SpooledEntries};

/// A list of a report: its own, or one that was written out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Listed<'r, T> {
    Held(&'r [T]),
    Spooled(&'r SpooledEntries<T>),
}

impl<'r, T: Serialize + DeserializeOwned> Listed<'r, T> {
    fn new(held: &'r [T], spooled: Option<&'r SpooledEntries<T>>) -> Self {
        spooled.map_or(Self::Held(held), Self::Spooled)
    }
}

/// Entries that one task renders.
const ENTRIES_AT_ONCE: usize = 256;

/// Tasks a thread whose bytes are held until they are written: threads need not
/// wait for the slowest entry, and a report of any length takes a few megabytes.
const TASKS_A_THREAD: usize = 4;

/// Renders entries on the threads of the pool that this is called in, and writes
/// them in their order, some while the next are rendered. `render` gets the number
/// of an entry too.
pub(super) fn write_in_parallel<'r, T: Sync>(
    entries: &'r [T],
    render: impl Fn(usize, &'r T, &mut Vec<u8>) -> io::Result<()> + Sync,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let at_once = ENTRIES_AT_ONCE * TASKS_A_THREAD * rayon::current_num_threads();
    let render_some = |(from, entries): (usize, &'r [T])| -> Vec<io::Result<Vec<u8>>> {
        let of_task = |(task, entries): (usize, &'r [T])| -> io::Result<Vec<u8>> {
            let mut rendered = Vec::new();
            let numbered = (from + task * ENTRIES_AT_ONCE..).zip(entries);
            numbered.into_iter().try_for_each(|(number, entry)| render(number, entry, &mut rendered))?;
            Ok(rendered)
        };
        entries.par_chunks(ENTRIES_AT_ONCE).enumerate().map(of_task).collect()
    };
    let mut write = |rendered: Vec<io::Result<Vec<u8>>>| {
        rendered.into_iter().try_for_each(|rendered| out.write_all(&rendered?))
    };
    let mut rendered = Vec::new();
    for some in (0..).step_by(at_once).zip(entries.chunks(at_once)) {
        let before = std::mem::take(&mut rendered);
        // What is written need not be allowed to change threads.
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| rendered = render_some(some));
            write(before)
        })?;
    }
    write(rendered)
}

/// A report as it is written, field by field that of [`Report`].
#[derive(Debug)]
pub(super) struct Streamed<'r> {
    pub(super) schema: &'r str,
    pub(super) params: &'r Params,
    pub(super) documents: Listed<'r, DocumentEntry>,
    pub(super) repeats: Listed<'r, Repeat>,
    pub(super) exact_groups: Listed<'r, ExactGroup>,
    pub(super) pairs: Listed<'r, Pair>,
    pub(super) clusters: Listed<'r, Cluster>,
    pub(super) sources: &'r [SourceEntry],
    pub(super) skipped: &'r [Skipped],
    pub(super) stats: &'r Stats,
}

impl<'r> Streamed<'r> {
    /// With the lists of the report, or those that are elsewhere.
    pub(super) fn new(report: &'r Report, lists: Option<&'r Lists>) -> Self {
        // All fields are named, so that a new one cannot be forgotten.
        let Report {
            schema,
            params,
            documents,
            repeats,
            exact_groups,
            pairs,
            clusters,
            sources,
            skipped,
            stats,
        } = report;
        Self {
            schema,
            params,
            documents: Listed::new(documents, lists.map(|lists| &lists.documents)),
            repeats: Listed::new(repeats, lists.map(|lists| &lists.repeats)),
            exact_groups: Listed::new(exact_groups, lists.map(|lists| &lists.exact_groups)),
            pairs: Listed::new(pairs, lists.map(|lists| &lists.pairs)),
            clusters: Listed::new(clusters, lists.map(|lists| &lists.clusters)),
            sources,
            skipped,
            stats,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_their_order_with_their_numbers_however_many_threads_render_them() {
        let entries: Vec<usize> = (0..5 * ENTRIES_AT_ONCE * TASKS_A_THREAD + 3).map(|n| n * 7).collect();
        let expected: String =
            entries.iter().enumerate().map(|(at, entry)| format!("{at}={entry};")).collect();
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut out = Vec::new();
            let render = |at: usize, entry: &usize, out: &mut Vec<u8>| {
                out.extend_from_slice(format!("{at}={entry};").as_bytes());
                Ok(())
            };
            pool.install(|| write_in_parallel(&entries, render, &mut out)).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
