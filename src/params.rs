//! The parameters that decide results, validated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Longest shingle accepted, in tokens: a window beyond this finds nothing
/// that an exact duplicate check would not.
const MAX_SHINGLE_LEN: usize = 64;

/// Most MinHash values accepted: beyond this the error, `1 / sqrt(n)`, falls
/// below 1.6 per cent while the cost goes on rising linearly.
const MAX_NUM_HASHES: usize = 4096;

/// Tokens that a line must have to count as said twice. Shorter lines
/// ("Read more", a date) recur without meaning.
pub const MIN_LINE_TOKENS: usize = 6;

/// What decides the findings. Equal parameters and equal input give equal
/// findings; everything else (threads, progress, paths of output) is kept out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// What is looked for.
    #[serde(default)]
    pub level: Level,
    /// Tokens in a shingle.
    pub shingle_len: usize,
    /// Values in a MinHash signature.
    pub num_hashes: usize,
    /// Jaccard similarity from which a pair is `near_duplicate`.
    pub min_jaccard: f64,
    /// Coverage from which one document `contains` another.
    pub min_containment: f64,
    /// Coverage of the shorter from which a pair is `derived`.
    pub min_derived: f64,
    /// Tokens from which a passage shared by two documents counts.
    pub min_passage_tokens: usize,
    /// Tokens from which a passage that recurs in one document counts.
    pub min_repeat_tokens: usize,
    /// Which documents are compared letter by letter.
    #[serde(default)]
    pub noise: Noise,
    /// Kinds of passages that count beside copies, in order, each once.
    #[serde(default)]
    pub count: Vec<PassageKind>,
    /// Whether a pair must have one document of either side, see
    /// [`crate::limits`].
    #[serde(default, skip_serializing_if = "is_off")]
    pub against: bool,
    /// Seconds that may lie between the publications of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_s: Option<u64>,
    /// Whether a pair must be of two publishers.
    #[serde(default, skip_serializing_if = "is_off")]
    pub across_sources_only: bool,
    /// Agencies beside those of the list, by the name that reports give them;
    /// one that the list has too is extended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agencies: BTreeMap<String, AgencyNames>,
}

/// What credits call an agency, and where and how it is credited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgencyNames {
    /// What credits call it. One of five letters or more is known in any
    /// case, a shorter one as it is written here.
    pub aliases: Vec<String>,
    /// Aliases that mean too much else to be believed by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ambiguous: Vec<String>,
    /// Places of its datelines, for ambiguous aliases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub home: Vec<String>,
    /// Its registrable domains; the first is its main one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// Languages in which it writes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The only forms in which its name is a credit; all if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<CreditForm>,
}

impl AgencyNames {
    /// Adds what `more` says to it.
    pub(crate) fn extend(&mut self, more: &Self) {
        self.aliases.extend_from_slice(&more.aliases);
        self.ambiguous.extend_from_slice(&more.ambiguous);
        self.home.extend_from_slice(&more.home);
        self.domains.extend_from_slice(&more.domains);
        self.languages.extend_from_slice(&more.languages);
        self.forms.extend_from_slice(&more.forms);
    }
}

/// The forms in which credits are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditForm {
    /// `WASHINGTON (AP) —` or `(Reuters) -` before the first words.
    Dateline,
    /// `(Source: www.example.com)` or `Source: Example` on a line of its own.
    SourceLine,
    /// `(AP)` or `— Reuters` behind the last words.
    FootLine,
    /// `By Jane Doe, Associated Press` or `(By United Press.)` above a story.
    Byline,
    /// `© 2026 The Associated Press. All rights reserved.`
    Copyright,
    /// `This story was originally published by …`, `distributed by …`.
    Republished,
    /// `With inputs from PTI`: a part of the text is from there.
    Partial,
    /// `(Reporting by …; Editing by …)`, which names no agency and is the
    /// manner of one.
    ReportingLine,
}

/// Limits that are not set are not written.
fn is_off(limit: &bool) -> bool {
    !limit
}

/// Which documents are taken for misread, and compared letter by letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Those whose words look so, or are written with other marks than in the
    /// rest of the collection ([`crate::noise`]).
    #[default]
    Auto,
    /// None.
    Clean,
    /// All.
    Ocr,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Passages too: all that documents share, in part or as a whole, and what
    /// they say twice.
    #[default]
    Passages,
    /// Documents that are copies as a whole: by exact Jaccard similarity and
    /// containment of those that sketches of whole documents propose, without
    /// alignment, passages and repeats.
    Documents,
}

/// What kind of sharing a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    /// Copied running text.
    Copy,
    /// Both quote a third.
    Quotation,
    /// Page furniture.
    Boilerplate,
    /// Standing wording with other facts.
    Template,
}

impl PassageKind {
    /// The kinds that are left out unless they are asked for.
    pub const LEFT_OUT: [Self; 3] = [Self::Quotation, Self::Boilerplate, Self::Template];
}

impl Default for Params {
    fn default() -> Self {
        Self {
            level: Level::Passages,
            shingle_len: 5,
            num_hashes: 128,
            min_jaccard: 0.5,
            min_containment: 0.8,
            min_derived: 0.33,
            min_passage_tokens: 25,
            min_repeat_tokens: 25,
            noise: Noise::Auto,
            count: Vec::new(),
            against: false,
            within_s: None,
            across_sources_only: false,
            agencies: BTreeMap::new(),
        }
    }
}

impl Params {
    /// Whether passages of a kind count.
    pub fn counts(&self, kind: PassageKind) -> bool {
        kind == PassageKind::Copy || self.count.contains(&kind)
    }

    /// Checks every value against its limits.
    ///
    /// # Errors
    ///
    /// The first value out of its range, with the range.
    pub fn validate(&self) -> Result<(), Error> {
        in_range("shingle-len", self.shingle_len, 1, MAX_SHINGLE_LEN)?;
        in_range("num-hashes", self.num_hashes, 1, MAX_NUM_HASHES)?;
        is_share("min-jaccard", self.min_jaccard)?;
        is_share("min-containment", self.min_containment)?;
        is_share("min-derived", self.min_derived)?;
        in_range("min-passage-tokens", self.min_passage_tokens, self.shingle_len, usize::MAX)?;
        in_range("min-repeat-tokens", self.min_repeat_tokens, self.shingle_len, usize::MAX)?;
        self.validate_agencies()
    }

    fn validate_agencies(&self) -> Result<(), Error> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, names) in &self.agencies {
            let wrong = |problem: String| {
                Error::param("agencies", name.clone(), format!("a name with aliases and domains: {problem}"))
            };
            let aliases = || names.aliases.iter().chain(&names.ambiguous);
            if name.trim().is_empty() || aliases().chain(&names.domains).any(|alias| alias.trim().is_empty())
            {
                return Err(wrong("one of them is empty".to_owned()));
            }
            for alias in aliases() {
                if let Some(other) = owners.insert(alias, name).filter(|other| other != name) {
                    return Err(wrong(format!(
                        "{alias} is an alias of {other} too; leave it in one of them"
                    )));
                }
            }
        }
        Ok(())
    }
}

fn in_range(name: &'static str, value: usize, low: usize, high: usize) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let range = if high == usize::MAX { format!("at least {low}") } else { format!("{low} to {high}") };
    Err(Error::param(name, value.to_string(), range))
}

fn is_share(name: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value <= 1.0 {
        return Ok(());
    }
    Err(Error::param(name, value.to_string(), "above 0 and at most 1".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        Params::default().validate().unwrap();
    }

    #[test]
    fn rejects_agencies_that_share_an_alias_or_have_none() {
        let names = |alias: &str| AgencyNames { aliases: vec![alias.to_owned()], ..AgencyNames::default() };
        let cases = [
            ([("A", "NW"), ("B", "NW")], "NW is an alias of A too"),
            ([("A", "NW"), ("B", " ")], "one of them is empty"),
            ([("A", "NW"), (" ", "SW")], "one of them is empty"),
        ];
        for (agencies, message) in cases {
            let agencies = agencies.map(|(name, alias)| (name.to_owned(), names(alias))).into();
            let error = Params { agencies, ..Params::default() }.validate().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn rejects_values_out_of_range_with_the_range() {
        let cases: [(Params, &str); 5] = [
            (Params { shingle_len: 0, ..Params::default() }, "shingle-len is 0, but must be 1 to 64"),
            (Params { num_hashes: 5000, ..Params::default() }, "num-hashes is 5000, but must be 1 to 4096"),
            (
                Params { min_jaccard: 0.0, ..Params::default() },
                "min-jaccard is 0, but must be above 0 and at most 1",
            ),
            (Params { min_derived: f64::NAN, ..Params::default() }, "min-derived is NaN"),
            (
                Params { min_passage_tokens: 4, ..Params::default() },
                "min-passage-tokens is 4, but must be at least 5",
            ),
        ];
        for (params, message) in cases {
            let error = params.validate().unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
