//! A report whose long lists are outside of memory.

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, Serializer};

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

impl<T: Serialize + DeserializeOwned> Serialize for Listed<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Held(entries) => entries.serialize(serializer),
            Self::Spooled(entries) => serializer.collect_seq(entries.iter()),
        }
    }
}

/// A report as it is written, field by field that of [`Report`].
#[derive(Debug, serde::Serialize)]
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
