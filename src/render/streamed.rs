//! A report whose documents are outside of memory.

use serde::ser::{Serialize, Serializer};

use crate::document::Skipped;
use crate::params::Params;
use crate::report::{Cluster, DocumentEntry, ExactGroup, Pair, Repeat, Report, SourceEntry, Stats};
use crate::spill::entries::SpooledEntries;

/// The documents of a report: its own, or those that were written out.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'r> {
    /// [`Report::documents`].
    Held(&'r [DocumentEntry]),
    /// In a temporary file.
    Spooled(&'r SpooledEntries),
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Held(documents) => documents.serialize(serializer),
            Self::Spooled(entries) => serializer.collect_seq(entries.iter()),
        }
    }
}

/// A report as it is written, field by field that of [`Report`].
#[derive(Debug, serde::Serialize)]
pub(super) struct Streamed<'r> {
    schema: &'r str,
    params: &'r Params,
    documents: Listed<'r>,
    repeats: &'r [Repeat],
    exact_groups: &'r [ExactGroup],
    pairs: &'r [Pair],
    clusters: &'r [Cluster],
    sources: &'r [SourceEntry],
    skipped: &'r [Skipped],
    stats: &'r Stats,
}

impl<'r> Streamed<'r> {
    pub(super) fn new(report: &'r Report, documents: Listed<'r>) -> Self {
        // All fields are named, so that a new one cannot be forgotten.
        let Report {
            schema,
            params,
            documents: _,
            repeats,
            exact_groups,
            pairs,
            clusters,
            sources,
            skipped,
            stats,
        } = report;
        Self { schema, params, documents, repeats, exact_groups, pairs, clusters, sources, skipped, stats }
    }
}
