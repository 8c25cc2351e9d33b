//! The findings as plain data: schema `wirecopy.report/1`.
//!
//! The types mirror the JSON object field by field. Lists are sorted by id,
//! ratios are rounded by [`ratio`], and everything but [`Stats`] depends on
//! the input and the parameters alone.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::document::{DatedBy, Skipped, Span, SpanBase};
use crate::params::Params;
pub use crate::params::{CreditForm, PassageKind};
use crate::time::Published;

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

/// One document of the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentEntry {
    /// Its id, unique in the report.
    pub id: String,
    /// The id the input gave, where it collided with another document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_id: Option<String>,
    /// The file it came from.
    pub path: String,
    /// What its spans refer to.
    pub span_base: SpanBase,
    /// Its publisher.
    pub source: String,
    /// Whether it is of the other side: of what `--against` named.
    #[serde(default, skip_serializing_if = "is_off")]
    pub against: bool,
    /// Its title.
    pub title: Option<String>,
    /// Its address on the web.
    pub url: Option<String>,
    /// When it was published, with the precision the input gave.
    pub published: Option<Published>,
    /// What that was taken from, where the input does not state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<DatedBy>,
    /// Its language, where the input says it.
    pub language: Option<String>,
    /// Length of the text in bytes.
    pub bytes: usize,
    /// Number of tokens.
    pub tokens: usize,
    /// Fewer tokens than `shingle_len`: compared for identity alone.
    pub too_short: bool,
    /// Share of its tokens that lie in second and later occurrences.
    pub repeated_share: f64,
    /// Credits found in its text, in order of their place.
    pub credits: Vec<Credit>,
}

/// What is not so is not written.
fn is_off(flag: &bool) -> bool {
    !flag
}

/// A credit line: who the text says it is from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// The agency credited, by its usual name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The outlet credited, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// How the credit is given.
    pub form: CreditForm,
    /// The words of the credit, as written.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// How sure it is that this is a credit, 0 to 1.
    pub confidence: f64,
    /// The known outlet that a misspelt name probably means.
    pub likely_outlet: Option<String>,
}

/// A passage that one document has more than once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// The document.
    pub document: String,
    /// Every occurrence, in order.
    pub spans: Vec<Span>,
    /// Tokens of the longest occurrence.
    pub tokens: usize,
    /// Share of tokens that agree between occurrences, the lowest found.
    pub identity: f64,
}

/// Documents whose token sequences are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExactGroup {
    /// Id of the group: the lowest id of its documents.
    pub id: String,
    /// Ids of the documents, sorted.
    pub documents: Vec<String>,
}

/// How two documents relate; see [`crate::verify`] for the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The same tokens.
    Exact,
    /// Nearly the same text.
    NearDuplicate,
    /// `a` contains `b`: `b` is abridged from it or embedded in it.
    Contains,
    /// `a` is contained in `b`.
    ContainedIn,
    /// Versions of one text.
    Derived,
    /// A copied passage, or short runs in one order, in otherwise different
    /// documents.
    SharesPassage,
    /// What they share is quotation.
    Quotation,
    /// What they share is page furniture.
    Boilerplate,
    /// Standing wording with other facts.
    Template,
}

impl Verdict {
    /// Whether a pair with this verdict belongs into one cluster.
    pub fn is_uniting(self) -> bool {
        matches!(self, Self::Exact | Self::NearDuplicate | Self::Contains | Self::ContainedIn | Self::Derived)
    }

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::NearDuplicate => "near_duplicate",
            Self::Contains => "contains",
            Self::ContainedIn => "contained_in",
            Self::Derived => "derived",
            Self::SharesPassage => "shares_passage",
            Self::Quotation => "quotation",
            Self::Boilerplate => "boilerplate",
            Self::Template => "template",
        }
    }
}

impl PassageKind {
    /// The verdict of a pair that shares nothing else.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Copy => Verdict::SharesPassage,
            Self::Quotation => Verdict::Quotation,
            Self::Boilerplate => Verdict::Boilerplate,
            Self::Template => Verdict::Template,
        }
    }
}

/// A verified pair; `a` is the lower id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The document with the lower id.
    pub a: String,
    /// The other one.
    pub b: String,
    /// How they relate.
    pub verdict: Verdict,
    /// Why, where what they share is left out and the verdict says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Exact Jaccard similarity of the two shingle sets.
    pub jaccard: f64,
    /// The same of the shingles that count, where not all of them do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_jaccard: Option<f64>,
    /// Share of a's shingles that b has, exact.
    pub containment_of_a_in_b: f64,
    /// Share of b's shingles that a has, exact.
    pub containment_of_b_in_a: f64,
    /// What decides: the larger of containment and aligned share of a.
    pub coverage_of_a_by_b: f64,
    /// The same for b.
    pub coverage_of_b_by_a: f64,
    /// The aligned passages, in the order of a's text.
    pub passages: Vec<Passage>,
    /// Who had it first, if anything tells.
    pub direction: Direction,
}

/// Two spans that hold the same passage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it stands in the first document.
    pub a: Span,
    /// Where it stands in the second.
    pub b: Span,
    /// Tokens of the longer side.
    pub tokens: usize,
    /// Tokens that agree, as a share of the longer side. Of short runs in one order,
    /// which are a passage together ([`Passage::is_of_runs`]), the share that these
    /// make up.
    pub identity: f64,
    /// What kind of sharing it is.
    pub kind: PassageKind,
    /// Why it is of that kind.
    pub reason: Cow<'static, str>,
}

impl Passage {
    /// Agreement from which a passage is one stretch that was copied.
    pub(crate) const MIN_IDENTITY: f64 = 0.6;

    /// Whether it is made of short runs that stand apart, between which the texts
    /// differ: it begins with the first and ends with the last.
    #[must_use]
    pub fn is_of_runs(&self) -> bool {
        self.identity < Self::MIN_IDENTITY
    }
}

/// Which of two documents was there first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Direction {
    /// Id of the earlier document, or nothing where it is undetermined.
    pub from: Option<String>,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// What it rests on, in words.
    pub evidence: Vec<String>,
}

/// Copies and versions of one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Id of the cluster: the lowest id of its primary members.
    pub id: String,
    /// The member that is most like all others.
    pub representative: String,
    /// Mean of the larger coverage over all pairs of it that were compared,
    /// those that share nothing among them, 0 to 1.
    pub cohesion: f64,
    /// Whether every pair of the cluster was compared, so that each that
    /// qualifies is listed.
    pub pairs_complete: bool,
    /// How many members seem to have come by the text on their own.
    pub independent_origins: usize,
    /// Where the text comes from.
    pub origin: Origin,
    /// The members, sorted by id.
    pub members: Vec<Member>,
}

/// Where the text of a cluster comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The earliest document, where one can be told and is in the collection.
    pub document: Option<String>,
    /// Its publisher; without a document, the outlet outside of the collection
    /// that members name.
    pub source: Option<String>,
    /// The agency that members credit.
    pub agency: Option<String>,
    /// Whether it lies outside of the collection: with the agency, or else
    /// with the publisher.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// What it rests on, in words.
    pub evidence: Vec<String>,
}

/// What a member is to its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It was there first.
    Origin,
    /// It carries the text as a whole.
    Copy,
    /// It has the same tokens as its parent.
    ExactDuplicate,
    /// It carries a part of its parent.
    Abridged,
    /// It carries its parent and more.
    Extended,
    /// It is another version of its parent's text.
    Version,
    /// It carries a passage only.
    Excerpt,
    /// It is a later version by the same publisher.
    Revision,
    /// Nothing tells what it is.
    Undetermined,
}

impl Role {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Copy => "copy",
            Self::ExactDuplicate => "exact_duplicate",
            Self::Abridged => "abridged",
            Self::Extended => "extended",
            Self::Version => "version",
            Self::Excerpt => "excerpt",
            Self::Revision => "revision",
            Self::Undetermined => "undetermined",
        }
    }
}

/// One document's part in a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its id.
    pub document: String,
    /// Its publisher.
    pub source: String,
    /// What it is to the cluster.
    pub role: Role,
    /// Whether this is the document's main membership.
    pub primary: bool,
    /// The document it most likely derives from.
    pub parent: Option<String>,
    /// Coverage of this document by its parent, or by the representative
    /// where no parent is known.
    pub share_copied: f64,
    /// Whether it credits the origin; nothing where the origin is unknown.
    pub credited: Option<bool>,
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
