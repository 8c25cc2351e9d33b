//! Pairs of documents: how they are alike, where, and which was first.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::document::Span;
use crate::params::PassageKind;

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
