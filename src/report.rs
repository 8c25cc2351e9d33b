//! The findings as plain data: schema `wirecopy.report/1`.
//!
//! The types mirror the JSON object field by field. Lists are sorted by id,
//! ratios are rounded by [`ratio`], and everything but [`Stats`] depends on
//! the input and the parameters alone.

mod documents;
mod pairs;
mod stories;

use serde::{Deserialize, Serialize};

pub use self::documents::{Credit, DocumentEntry, ExactGroup, Repeat};
pub use self::pairs::{Direction, Pair, Passage, Verdict};
pub use self::stories::{Cluster, Member, Origin, Role};
use crate::document::Skipped;
use crate::params::Params;
pub use crate::params::{CreditForm, PassageKind};

/// The schema this version writes.
pub const SCHEMA: &str = "wirecopy.report/1";

/// Decimal places that a ratio keeps in a report: enough to tell the overlaps
/// of two documents of half a million shingles apart, few enough to read.
const RATIO_DECIMALS: i32 = 6;

/// Rounds a ratio to what reports carry.
pub fn ratio(value: f64) -> f64 {
    let scale = 10f64.powi(RATIO_DECIMALS);
    (value * scale).round() / scale
}

/// Everything one run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What decides results, and nothing else.
    pub params: Params,
    /// Every document read, sorted by id.
    pub documents: Vec<DocumentEntry>,
    /// Passages that recur inside one document.
    pub repeats: Vec<Repeat>,
    /// Documents with identical tokens.
    pub exact_groups: Vec<ExactGroup>,
    /// Verified pairs.
    pub pairs: Vec<Pair>,
    /// Groups of copies and versions.
    pub clusters: Vec<Cluster>,
    /// What each publisher ran.
    pub sources: Vec<SourceEntry>,
    /// What could not be compared, and why.
    pub skipped: Vec<Skipped>,
    /// How the run went; the only part that may differ between equal runs.
    pub stats: Stats,
}

impl Report {
    /// On nothing.
    pub fn empty(params: Params) -> Self {
        Self {
            schema: SCHEMA.into(),
            params,
            documents: Vec::new(),
            repeats: Vec::new(),
            exact_groups: Vec::new(),
            pairs: Vec::new(),
            clusters: Vec::new(),
            sources: Vec::new(),
            skipped: Vec::new(),
            stats: Stats::default(),
        }
    }
}

/// What one publisher ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// The publisher.
    pub source: String,
    /// Documents in the input.
    pub documents: usize,
    /// Of these, not copied from another source as far as can be told.
    pub original: usize,
    /// Of these, copied from another source.
    pub copied: usize,
    /// Of the copied ones, those that credit the origin.
    pub credited: usize,
    /// Whom it copied from, most first.
    pub copied_from: Vec<CopiedFrom>,
}

/// What one publisher took from another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopiedFrom {
    /// The publisher it was taken from.
    pub source: String,
    /// Documents taken.
    pub documents: usize,
    /// Of these, those that credit the origin.
    #[serde(default)]
    pub credited: usize,
    /// Tokens taken.
    pub tokens: usize,
    /// Median time between the two publications, in seconds.
    pub median_lag_s: Option<i64>,
}

/// How the run went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Documents read.
    pub documents: usize,
    /// Bytes of text.
    pub bytes: usize,
    /// Candidate pairs proposed by the sketches.
    pub candidates: usize,
    /// Pairs compared exactly.
    pub verified: usize,
    /// Threads used.
    pub threads: usize,
    /// Memory budget in bytes, if one was set.
    pub memory_budget: Option<u64>,
    /// Time per stage.
    pub stages: Vec<StageStats>,
    /// Largest resident memory of the process, where the system tells.
    pub peak_rss_bytes: Option<u64>,
}

/// One stage of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageStats {
    /// Its name.
    pub name: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// How many things went through it.
    pub items: usize,
}
