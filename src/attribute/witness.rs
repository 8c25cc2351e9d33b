//! A document as evidence sees it: what it says, and how it stands among the
//! documents of its story.

use std::collections::{BTreeMap, HashMap};

use crate::attribute::agency;
use crate::attribute::claims::{Claim, claims_of};
use crate::attribute::credited::squeezed;
use crate::attribute::versions::{Version, version_of};
use crate::document::Document;
use crate::report::{Credit, DocumentEntry};

/// Credits of one document that are looked at for names: a text that gives
/// more is a list of names.
const MAX_CREDITS: usize = 64;

/// One document, as far as it can tell who was first.
#[derive(Clone, Debug)]
pub struct Witness<'d> {
    /// The document.
    pub entry: &'d DocumentEntry,
    pub(crate) claims: Vec<Claim>,
    /// Whom it names: each publisher by one key, with what it is called.
    names: BTreeMap<String, Named>,
    /// The key of its publisher.
    own: String,
    pub(crate) version: Version,
    pub(crate) standing: Option<Standing>,
}

/// A publisher as a document names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// What it is called.
    pub(crate) name: String,
    /// Whether it is known to be an agency.
    pub(crate) is_agency: bool,
}

/// How a document stands among the documents of its story.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// The story it is a member of.
    pub(crate) story: usize,
    /// Members of the story that name its publisher.
    pub(crate) named_by: usize,
    /// Mean Jaccard similarity to the other members, where all were compared.
    pub(crate) closeness: Option<f64>,
}

impl<'d> Witness<'d> {
    /// What `document`, described by `entry`, says.
    pub fn new(document: &Document, entry: &'d DocumentEntry) -> Self {
        Self::with_key(document, entry, key(&entry.source))
    }

    /// The same, where the [`key`] of its publisher is known.
    pub(crate) fn with_key(document: &Document, entry: &'d DocumentEntry, own: String) -> Self {
        let claims = claims_of(document, entry);
        let mut names = BTreeMap::new();
        let credited = entry.credits.iter().take(MAX_CREDITS).filter_map(named_in);
        let claimed =
            claims.iter().map(|claim| (claim.agency.unwrap_or(&claim.names), claim.agency.is_some()));
        for (name, is_agency) in credited.chain(claimed) {
            // The agencies of a list are known by their credits, too.
            let key = if is_agency { name.to_lowercase() } else { key(name) };
            names.entry(key).or_insert_with(|| Named { name: name.to_owned(), is_agency });
        }
        Self { entry, claims, names, own, version: version_of(document), standing: None }
    }

    /// The document without what only its metadata and text would tell.
    pub fn of_entry(entry: &'d DocumentEntry) -> Self {
        let document = Document { title: entry.title.clone(), ..Document::default() };
        Self::new(&document, entry)
    }

    /// Whether it names the publisher that has this key.
    pub(crate) fn names(&self, key: &str) -> bool {
        self.names.contains_key(key)
    }

    /// Whom it names, its own publisher too: keys, and what it calls them.
    pub(crate) fn all_names(&self) -> impl Iterator<Item = (&str, &Named)> {
        self.names.iter().map(|(key, named)| (key.as_str(), named))
    }

    /// Whom it names besides its own publisher: keys, and what it calls them.
    pub(crate) fn names_others(&self) -> impl Iterator<Item = (&str, &Named)> {
        let others = self.names.iter().filter(|(name, _)| **name != self.own);
        others.map(|(key, named)| (key.as_str(), named))
    }

    /// The key of its publisher.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }
}

/// One key for all names of a publisher: that of its agency, else its name or
/// domain in the form that both have.
pub(crate) fn key(publisher: &str) -> String {
    match agency::of_source(publisher) {
        Some(agency) => agency.name.to_lowercase(),
        None => squeezed(publisher),
    }
}

/// Whom a credit names, and whether that is an agency.
fn named_in(credit: &Credit) -> Option<(&str, bool)> {
    let outlet = || credit.likely_outlet.as_deref().or(credit.outlet.as_deref()).map(|name| (name, false));
    credit.agency.as_deref().map(|name| (name, true)).or_else(outlet)
}

/// For each of `members` the number of others that name its publisher, without
/// those of that publisher. Linear in the names.
pub(crate) fn named_by(members: &[&Witness<'_>]) -> Vec<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (name, _) in members.iter().flat_map(|member| member.names_others()) {
        *counts.entry(name).or_default() += 1;
    }
    members.iter().map(|member| counts.get(member.own()).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::entry;

    #[test]
    fn members_are_counted_by_those_who_name_them_and_not_by_themselves() {
        let entries = [
            entry("apnews.com", "OSLO (AP) - It fell."),
            entry("b.example", "OSLO (AP) - It fell."),
            entry("c.example", "It fell.\n(Source: www.b.example)\n(Source: Northwire)"),
            entry("d.example", "OSLO (AP) - It fell.\n(Source: apnews.com)"),
            entry("northwire-news.com", ""),
        ];
        let witnesses: Vec<Witness<'_>> = entries.iter().map(Witness::of_entry).collect();
        let members: Vec<&Witness<'_>> = witnesses.iter().collect();
        assert_eq!(named_by(&members), [2, 1, 0, 0, 1]);
    }
}
