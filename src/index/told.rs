//! What an index answers, as plain data.

use serde::Serialize;

use crate::document::Span;
use crate::params::PassageKind;
use crate::report::Verdict;

/// What a document is to those that the index has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is a copy of nothing.
    New,
    /// The index has a document of this id with this text.
    Known,
    /// It has the same tokens as another.
    Exact,
    /// It is nearly the same text as another.
    NearDuplicate,
    /// Another one contains it.
    ContainedIn,
    /// It contains another.
    Contains,
    /// It is another version of a text.
    Derived,
    /// It shares a passage with another.
    SharesPassage,
    /// It may be a copy, as sketches say; the texts could not be compared.
    Estimated,
    /// It has too few tokens to be compared, and nothing has the same.
    TooShort,
    /// It has no letters or digits.
    NoTokens,
}

impl Status {
    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Exact => "exact",
            Self::NearDuplicate => "near_duplicate",
            Self::ContainedIn => "contained_in",
            Self::Contains => "contains",
            Self::Derived => "derived",
            Self::SharesPassage => "shares_passage",
            Self::Estimated => "estimated",
            Self::TooShort => "too_short",
            Self::NoTokens => "no_tokens",
        }
    }
}

/// What the index answers on one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Its id, as the input gives it.
    pub id: String,
    /// The file it came from.
    pub path: String,
    /// Its line there, where the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Its number in the index, in the order of adding; none where it was only
    /// asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// What it is to the documents of the index: the first of its matches that
    /// says it is a copy.
    pub status: Status,
    /// The documents it is like, the likest first.
    pub matches: Vec<Match>,
    /// Where its text comes from, as far as these documents tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Whence>,
    /// Numbers of other documents that the index has under its id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<u32>,
    /// Whether those are gone for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
}

/// A document of the index that another one is like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// Its id.
    pub id: String,
    /// Its number in the index.
    pub number: u32,
    /// Its publisher, where it was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What the new document is to it.
    pub verdict: MatchVerdict,
    /// Why, where what they share is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Exact Jaccard similarity; nothing if the texts could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jaccard: Option<f64>,
    /// The Jaccard similarity that sketches suggest, where the texts could not
    /// be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_jaccard: Option<f64>,
    /// Share of the new document that this one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,
    /// Share of this one that the new document has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage_of_match: Option<f64>,
    /// The passages that both have.
    pub passages: Vec<SharedPassage>,
    /// Who had it first, if anything tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
}

/// What a new document is to one of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", untagged)]
pub enum MatchVerdict {
    /// As compared.
    Compared(Verdict),
    /// As sketches suggest; it unites nothing.
    Estimated(Estimated),
}

/// The one word for what was not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimated {
    /// The texts could not be compared.
    Estimated,
}

impl MatchVerdict {
    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compared(verdict) => verdict.name(),
            Self::Estimated(_) => Status::Estimated.name(),
        }
    }
}

/// A passage of a new document and one of the index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SharedPassage {
    /// Where it stands in the new document.
    pub span: Span,
    /// Where it stands in the other.
    pub span_of_match: Span,
    /// Tokens of the longer side.
    pub tokens: usize,
    /// Tokens that agree, as a share of the longer side.
    pub identity: f64,
    /// What kind of sharing it is.
    pub kind: PassageKind,
}

/// Which of two documents was there first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct First {
    /// Whether it is the new one.
    pub is_new: bool,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Whence {
    /// The id of the earliest document, where one can be told.
    pub id: Option<String>,
    /// Its number, if the index has it.
    pub number: Option<u32>,
    /// Its publisher.
    pub source: Option<String>,
    /// The agency that is credited.
    pub agency: Option<String>,
    /// Whether it lies outside of these documents.
    pub outside: bool,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
}
