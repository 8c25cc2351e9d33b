//! Documents, and what one holds: credits, repeats, the tokens of another.

use serde::{Deserialize, Serialize};

use crate::document::{DatedBy, Span, SpanBase};
use crate::params::CreditForm;
use crate::time::Published;

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
