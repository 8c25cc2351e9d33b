//! More records than fit, in order: sorted runs, merged.
//!
//! Records are gathered up to a number of bytes, sorted and written; at the
//! end the runs are read side by side and the least of their heads is taken
//! from a heap. O(n log n), each record written and read once; what never
//! reached the limit is sorted in memory and written nowhere.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::slice::ParallelSliceMut;

use super::Spill;
use super::file::SpillFile;
use super::run::{Record, Run, RunReader, RunWriter};

/// Takes records in any order.
#[derive(Debug)]
pub(crate) struct Sorter<T> {
    spill: Option<Spill>,
    file: Option<SpillFile>,
    held: Vec<T>,
    held_bytes: usize,
    limit: usize,
    runs: Vec<Run<T>>,
}

impl<T: Record + Ord + Send> Sorter<T> {
    /// Sorts within so many bytes, or in memory where there is no [`Spill`].
    pub(crate) fn new(spill: Option<&Spill>, limit: usize) -> Self {
        Self { spill: spill.cloned(), file: None, held: Vec::new(), held_bytes: 0, limit, runs: Vec::new() }
    }

    /// Takes a record.
    pub(crate) fn push(&mut self, record: T) {
        self.held_bytes += record.held_bytes();
        self.held.push(record);
        if self.held_bytes >= self.limit {
            self.write_run();
        }
    }

    /// Sorts what is left; the records in order are [`Sorted::iter`].
    pub(crate) fn finish(mut self) -> Sorted<T> {
        if !self.runs.is_empty() {
            self.write_run();
        }
        self.held.par_sort_unstable();
        Sorted { file: self.file, held: self.held, runs: self.runs }
    }

    fn write_run(&mut self) {
        let Some(spill) = &self.spill else { return };
        let file = self.file.get_or_insert_with(|| SpillFile::new(spill));
        self.held.par_sort_unstable();
        let mut run = RunWriter::default();
        self.held.drain(..).for_each(|record| run.push(&record, file));
        self.runs.push(run.finish(file));
        self.held_bytes = 0;
    }
}

/// Records that were sorted.
#[derive(Debug)]
pub(crate) struct Sorted<T> {
    file: Option<SpillFile>,
    held: Vec<T>,
    runs: Vec<Run<T>>,
}

impl<T: Record + Ord + Clone> Sorted<T> {
    /// The records in order; may be gone through again.
    pub(crate) fn iter(&self) -> Merge<'_, T> {
        let mut readers: Vec<RunReader<'_, T>> = match &self.file {
            Some(file) => self.runs.iter().map(|run| run.read(file)).collect(),
            None => Vec::new(),
        };
        let first =
            |(number, reader): (usize, &mut RunReader<'_, T>)| Some(Reverse((reader.next()?, number)));
        let heads = readers.iter_mut().enumerate().filter_map(first).collect();
        Merge { held: self.held.iter(), heads, readers }
    }
}

/// The records of sorted runs, in order.
#[derive(Debug)]
pub(crate) struct Merge<'s, T> {
    /// All of them, where there are no runs.
    held: std::slice::Iter<'s, T>,
    heads: BinaryHeap<Reverse<(T, usize)>>,
    readers: Vec<RunReader<'s, T>>,
}

impl<T: Record + Ord + Clone> Iterator for Merge<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.readers.is_empty() {
            return self.held.next().cloned();
        }
        let Reverse((record, number)) = self.heads.pop()?;
        if let Some(next) = self.readers[number].next() {
            self.heads.push(Reverse((next, number)));
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Word(String);

    impl Record for Word {
        fn write(&self, out: &mut Vec<u8>) {
            super::super::codec::put_text(out, &self.0);
        }
        fn read(bytes: &mut &[u8]) -> Option<Self> {
            super::super::codec::take_text(bytes).map(Self)
        }
    }

    proptest! {
        #[test]
        fn any_budget_sorts_as_memory_does(
            words in prop::collection::vec("[a-c]{0,3}|[x-z]{200}", 0..300),
            limit in 1usize..9000,
        ) {
            let spill = Spill::of_any_size(1, &std::env::temp_dir()).unwrap();
            let mut sorter = Sorter::new(Some(&spill), limit);
            words.iter().for_each(|word| sorter.push(Word(word.clone())));
            let sorted = sorter.finish();
            let mut expected = words;
            expected.sort();
            for _ in 0..2 {
                prop_assert_eq!(sorted.iter().map(|word| word.0).collect::<Vec<_>>(), expected.clone());
            }
            spill.check().unwrap();
        }
    }
}
