//! Whom the metadata of a document names as where its text comes from.
//!
//! A canonical address on another host, the source of a syndicated copy, the
//! work it is based on, the source of a feed's item, the credit of an agency's
//! record and an author that is an agency are claims: a copied page carries the claims of the page it
//! was copied from, and templates point at sister papers. They are weighed
//! ([`super::direction`]), never believed. Time is linear in the claims, of
//! which there are six at most.

use crate::attribute::agency::{self, Agencies};
use crate::attribute::source::registrable_domain;
use crate::document::{Document, Provenance};
use crate::read::address::comparable;
use crate::report::DocumentEntry;

/// The claim that is an address or nothing.
const CANONICAL: &str = "canonical address";

/// The claim that is an agency or nothing.
const AUTHOR: &str = "author";

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// What makes it, as evidence calls it.
    pub(crate) field: &'static str,
    /// As it was written.
    pub(crate) written: String,
    /// The domain it names, or its words in lower case.
    pub(crate) names: String,
    /// The agency that these words are known to mean.
    pub(crate) agency: Option<&'static str>,
}

/// The claims of `document` that name somebody else than its own publisher.
pub(crate) fn claims_of(document: &Document, entry: &DocumentEntry) -> Vec<Claim> {
    let Some(provenance) = document.provenance.as_deref() else { return Vec::new() };
    let claims = written(provenance).into_iter().filter_map(|(field, written)| claim(field, written?));
    // Who wrote it is a person, but for what agencies sign.
    let author = provenance.author.as_deref().and_then(|author| claim(AUTHOR, author));
    let claims = claims.chain(author.filter(|author| author.agency.is_some()));
    claims.filter(|claim| !claim.is_of(entry) && !is_own_address(claim, entry)).collect()
}

impl Claim {
    /// Whether it names the publisher of `entry`.
    pub(crate) fn is_of(&self, entry: &DocumentEntry) -> bool {
        let source = entry.source.to_lowercase();
        let publisher = || agency::of_source(&entry.source).map(|agency| agency.name.as_str());
        self.names == source
            || entry.url.as_deref().and_then(registrable_domain).is_some_and(|domain| domain == self.names)
            || self.agency.is_some() && self.agency == publisher()
    }

    /// Whether it gives the very address of `entry`.
    pub(crate) fn is_address_of(&self, entry: &DocumentEntry) -> bool {
        let written = comparable(&self.written);
        written.is_some() && entry.url.as_deref().and_then(comparable) == written
    }
}

fn is_own_address(claim: &Claim, entry: &DocumentEntry) -> bool {
    claim.is_address_of(entry)
}

fn written(provenance: &Provenance) -> [(&'static str, Option<&str>); 5] {
    [
        ("syndication source", provenance.syndication_source.as_deref()),
        ("original source", provenance.original_source.as_deref()),
        ("work it is based on", provenance.based_on.as_deref()),
        (CANONICAL, provenance.canonical.as_deref()),
        ("credit", provenance.credit.as_deref()),
    ]
}

fn claim(field: &'static str, written: &str) -> Option<Claim> {
    let written = written.trim();
    if written.is_empty() {
        return None;
    }
    let domain = registrable_domain(written);
    // A path is one of the page's own site, and a number names nobody.
    let is_name = written.contains(char::is_alphabetic) && !written.starts_with(['/', '?', '#']);
    if domain.is_none() && (field == CANONICAL || !is_name) {
        return None;
    }
    let of_domain = domain.as_deref().and_then(agency::of_domain);
    let agency = of_domain.or_else(|| Agencies::known().named(written).map(|named| named.agency));
    let names = domain.unwrap_or_else(|| written.to_lowercase());
    Some(Claim {
        field,
        written: written.to_owned(),
        names,
        agency: agency.map(|agency| agency.name.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::entry;

    fn document(provenance: Provenance) -> Document {
        Document { provenance: provenance.boxed(), ..Document::default() }
    }

    #[test]
    fn claims_name_others_by_address_domain_or_name() {
        let mut other = entry("apnews.com", "");
        other.url = Some("https://apnews.com/article/1".into());
        // canonical, credit, what the claims name, whether it is the very address
        let cases = [
            (Some("http://www.apnews.com/article/1/?utm_source=x#top"), None, true, true),
            (Some("https://m.apnews.com/article/1/amp?fbclid=x"), None, true, true),
            (Some("https://apnews.com/article/1?id=7"), None, true, false),
            (Some("https://apnews.com/"), None, true, false),
            (None, Some("The Associated Press"), true, false),
            (Some("https://c.example/1"), None, false, false),
            (None, Some("Somebody"), false, false),
        ];
        for (canonical, credit, is_of, is_address) in cases {
            let provenance = Provenance {
                canonical: canonical.map(str::to_owned),
                credit: credit.map(str::to_owned),
                ..Provenance::default()
            };
            let claims = claims_of(&document(provenance), &entry("b.example", ""));
            assert_eq!(claims.len(), 1, "{canonical:?} {credit:?}");
            assert_eq!(claims[0].is_of(&other), is_of, "{claims:?}");
            assert_eq!(claims[0].is_address_of(&other), is_address, "{claims:?}");
        }
    }

    #[test]
    fn an_author_counts_if_it_is_an_agency() {
        let cases = [
            ("The Associated Press", Some("Associated Press")),
            ("AFP", Some("Agence France-Presse")),
            ("Ada Brink", None),
            ("https://a.example/ada", None),
            ("", None),
        ];
        for (author, agency) in cases {
            let provenance = Provenance { author: Some(author.into()), ..Provenance::default() };
            let claims = claims_of(&document(provenance), &entry("b.example", ""));
            assert_eq!(claims.first().and_then(|claim| claim.agency), agency, "{author}");
            assert_eq!(claims.len(), usize::from(agency.is_some()), "{author}");
        }
        let own = Provenance { author: Some("Reuters".into()), ..Provenance::default() };
        assert_eq!(claims_of(&document(own), &entry("reuters.com", "")), []);
    }

    #[test]
    fn a_document_makes_no_claims_about_itself() {
        let mut own = entry("b.example", "");
        own.url = Some("https://news.b.example/1".into());
        let paths = ["/news/1", "1.html", "8003098", "news", "#top"];
        for canonical in
            ["https://b.example/1", "https://NEWS.b.example/1", "", "  "].into_iter().chain(paths)
        {
            let provenance = Provenance { canonical: Some(canonical.into()), ..Provenance::default() };
            assert_eq!(claims_of(&document(provenance), &own), [], "{canonical}");
        }
        for source in ["/news/1", "8003098", "?id=7", "-"] {
            let provenance = Provenance { original_source: Some(source.into()), ..Provenance::default() };
            assert_eq!(claims_of(&document(provenance), &own), [], "{source}");
        }
        assert_eq!(claims_of(&Document::default(), &own), []);
    }
}
