//! What the input says of where a text comes from.

use serde::{Deserialize, Serialize};

use crate::time::Published;

/// What a page, feed or record says about where its text comes from, in its
/// own words: claims to weigh, not facts. Addresses are as they were written.
/// Written out, fields are named as the reader looks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// Who wrote it; several are joined by "; ".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The organisation named as publisher, where it is not the source.
    #[serde(rename = "publisher_name", skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The address the page gives as its proper one (`rel=canonical`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// The address of the text this is a licensed copy of
    /// (`syndication-source`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syndication_source: Option<String>,
    /// Who had it first (`original-source`, the source of a feed's item).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_source: Option<String>,
    /// The work this is based on (`isBasedOn`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub based_on: Option<String>,
    /// The credit line, as an agency delivers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<Published>,
    /// Until when it must not be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<Published>,
    /// Which version of the text it is, as an agency counts them.
    #[serde(rename = "text_version", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The feed it was an item of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    /// The folder it lay in, where it was read from there and written into a
    /// file of several since.
    #[serde(rename = "from_folder", skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What the time of publication was taken from, where nothing states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<DatedBy>,
}

/// Where a time of publication comes from that the input does not state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatedBy {
    /// The day that the address of the page names.
    Address,
}

impl DatedBy {
    /// As it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
        }
    }

    /// The one that stands as this in files.
    pub fn of_name(name: &str) -> Option<Self> {
        (name == Self::Address.name()).then_some(Self::Address)
    }
}

impl Provenance {
    /// Itself in a box, or nothing where it says nothing.
    pub fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}
