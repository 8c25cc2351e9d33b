//! Clusters: their members, and where a story began.

use serde::{Deserialize, Serialize};

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
