//! Whether a document credits a given publisher.

use crate::attribute::agency;
use crate::attribute::source::registrable_domain;
use crate::report::{Credit, DocumentEntry};

/// Credits of one document that are looked at: a text that gives more names
/// than these is a list of names, and comparing documents stays bounded.
const MAX_CREDITS: usize = 64;

/// A credit that names a given publisher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Naming<'d> {
    /// The credit.
    pub(crate) credit: &'d Credit,
    /// Whether it names the publisher only if its spelling is corrected.
    pub(crate) is_misspelt: bool,
}

/// The surest credit of `document` to the publisher called `source`. A
/// document at an address of that publisher does not credit it.
pub(crate) fn credit_to<'d>(document: &'d DocumentEntry, source: &str) -> Option<Naming<'d>> {
    if document.credits.is_empty() {
        return None;
    }
    let wanted = source.to_lowercase();
    let is_own = || document.url.as_deref().and_then(registrable_domain).is_some_and(|own| own == wanted);
    let candidates =
        document.credits.iter().take(MAX_CREDITS).filter_map(|credit| naming(credit, &wanted, source));
    // The first of the surest.
    let best = candidates.reduce(|best, next| if sureness(next) > sureness(best) { next } else { best })?;
    (!is_own()).then_some(best)
}

fn sureness(naming: Naming<'_>) -> (bool, f64) {
    (!naming.is_misspelt, naming.credit.confidence)
}

fn naming<'d>(credit: &'d Credit, wanted: &str, source: &str) -> Option<Naming<'d>> {
    let named = |is_misspelt| Some(Naming { credit, is_misspelt });
    if let Some(name) = &credit.agency {
        let publisher = agency::of_domain(wanted).or_else(|| agency::of_source(source));
        let is_named =
            publisher.is_some_and(|publisher| publisher.name == *name) || name.to_lowercase() == wanted;
        return if is_named { named(false) } else { None };
    }
    let outlet = credit.outlet.as_deref()?;
    if outlet.to_lowercase() == wanted || registrable_domain(outlet).is_some_and(|domain| domain == wanted) {
        return named(false);
    }
    if registrable_domain(outlet).is_none() && squeezed(outlet) == squeezed(source) {
        return named(false);
    }
    let is_likely = credit.likely_outlet.as_ref().is_some_and(|likely| likely.to_lowercase() == wanted);
    if is_likely { named(true) } else { None }
}

/// What names end with that their domains leave out, and the other way round.
const ENDINGS: [&str; 4] = ["news", "online", "press", "media"];

/// Letters that must be left of a name without its ending.
const MIN_STEM: usize = 5;

/// One form for the name of a publisher and the label of its domain: letters
/// and digits in lower case, without a leading "the" and an ending as in
/// `northwire-news.com`.
pub(crate) fn squeezed(publisher: &str) -> String {
    let domain = registrable_domain(publisher);
    let label = domain.as_deref().and_then(|domain| domain.split('.').next()).unwrap_or(publisher);
    let label = label.strip_prefix("The ").or_else(|| label.strip_prefix("the ")).unwrap_or(label);
    let letters: String =
        label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let stem = ENDINGS.iter().find_map(|ending| letters.strip_suffix(ending));
    match stem.filter(|stem| stem.chars().count() >= MIN_STEM) {
        Some(stem) => stem.to_owned(),
        None => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::tests::entry;

    #[test]
    fn a_credit_names_a_publisher_by_name_by_domain_or_by_a_slip() {
        // text, source asked for, whether misspelt
        let cases = [
            ("MARSTOW (AP) — It fell.", "apnews.com", Some(false)),
            ("MARSTOW (AP) — It fell.", "Associated Press", Some(false)),
            ("MARSTOW (AP) — It fell.", "AP", Some(false)),
            ("MARSTOW (AP) — It fell.", "reuters.com", None),
            ("It fell.\n(Source: www.a.example)", "a.example", Some(false)),
            ("It fell.\n(Source: Example News)", "example news", Some(false)),
            ("It fell.\n(Source: www.aljazera.com)", "aljazeera.com", Some(true)),
            ("It fell.\n(Source: www.aljazera.com)", "aljazera.com", Some(false)),
            ("It fell.\n(Source: Northwire)", "northwire-news.com", Some(false)),
            ("It fell.\n(Source: www.northwire.com)", "northwire-news.com", None),
            ("It fell.\n(Source: dunmorrowledger.com)", "Dunmorrow Ledger", None),
            ("It fell.", "a.example", None),
        ];
        for (text, source, misspelt) in cases {
            let document = entry("x", text);
            assert_eq!(
                credit_to(&document, source).map(|found| found.is_misspelt),
                misspelt,
                "{text} {source}"
            );
        }
    }

    #[test]
    fn a_likely_outlet_may_be_a_name() {
        let mut document = entry("x", "It fell.\n(Source: Saltmarow Times)");
        document.credits[0].likely_outlet = Some("Saltmarrow Times".to_owned());
        assert!(credit_to(&document, "Saltmarrow Times").unwrap().is_misspelt);
    }

    #[test]
    fn a_document_at_its_own_address_does_not_credit_itself() {
        let mut document = entry("x", "It fell.\n(Source: www.a.example)");
        document.url = Some("https://news.a.example/1".to_owned());
        assert_eq!(credit_to(&document, "a.example"), None);
    }
}
