//! The news agencies we know, by what credits call them and by their domains.
//!
//! The list is `agencies.tsv` beside this file; its head says how to extend
//! it. A look-up costs one or two hash probes.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Letters from which an alias is known in any case: shorter ones are
/// acronyms, whose lower case is a word of its own ("ap", "Ani").
const FOLDED_LETTERS: usize = 5;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("agencies.tsv")));

/// A wire service, news agency or press-release wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its usual name in English.
    pub name: &'static str,
    /// Its registrable domains; the first is its main one.
    pub domains: Vec<&'static str>,
}

/// An agency as a credit named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which it is.
    pub agency: &'static Agency,
    /// Whether this alias is clear enough to be believed in a dateline, where
    /// "PA" is Pennsylvania.
    pub clear_in_dateline: bool,
}

/// The agency that credits call `written`, leading "The" set aside.
pub fn named(written: &str) -> Option<Named> {
    let written = without_article(written.trim());
    let table = &*TABLE;
    let exact = table.aliases.get(written).copied();
    exact.or_else(|| table.aliases.get(fold(written)?.as_str()).copied())
}

/// The agency whose registrable domain is `domain`.
pub fn of_domain(domain: &str) -> Option<&'static Agency> {
    TABLE.domains.get(domain).copied()
}

/// The agency with this usual name.
pub fn of_name(name: &str) -> Option<&'static Agency> {
    TABLE.agencies.iter().find(|agency| agency.name == name)
}

/// The agency that is the publisher called `source`, a domain or a name.
pub fn of_source(source: &str) -> Option<&'static Agency> {
    of_domain(source).or_else(|| named(source).map(|found| found.agency))
}

struct Table {
    agencies: &'static [Agency],
    aliases: HashMap<String, Named>,
    domains: HashMap<&'static str, &'static Agency>,
}

impl Table {
    fn read(data: &'static str) -> Self {
        let rows = || data.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        // The table lives as long as the process, as its text does.
        let agencies: &'static [Agency] = Vec::leak(rows().map(agency).collect());
        let mut aliases = HashMap::new();
        for (row, agency) in rows().zip(agencies) {
            let column = row.split('\t').nth(1).unwrap_or_default();
            for entry in entries(column) {
                let alias = entry.trim_start_matches('~');
                let named = Named { agency, clear_in_dateline: alias == entry };
                let key = without_article(alias);
                aliases.insert(fold(key).unwrap_or_else(|| key.to_owned()), named);
            }
        }
        let of_domains = agencies.iter().flat_map(|a| a.domains.iter().map(move |domain| (*domain, a)));
        Self { agencies, aliases, domains: of_domains.collect() }
    }
}

fn agency(row: &'static str) -> Agency {
    let mut columns = row.split('\t');
    let name = columns.next().unwrap_or_default();
    Agency { name, domains: entries(columns.nth(1).unwrap_or_default()).collect() }
}

fn entries(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(';').map(str::trim).filter(|entry| !entry.is_empty())
}

/// The key of a long name; nothing for an acronym.
fn fold(name: &str) -> Option<String> {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= FOLDED_LETTERS).then(|| name.to_lowercase())
}

fn without_article(name: &str) -> &str {
    let stripped = ["The ", "the ", "THE "].iter().find_map(|article| name.strip_prefix(article));
    stripped.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::attribute::source::registrable_domain;

    #[test]
    fn agencies_are_known_by_what_credits_call_them() {
        let cases = [
            ("AP", Some("Associated Press")),
            ("The Associated Press", Some("Associated Press")),
            ("the ASSOCIATED PRESS", Some("Associated Press")),
            ("REUTERS", Some("Reuters")),
            ("dpa", Some("Deutsche Presse-Agentur")),
            ("Conversation", Some("The Conversation")),
            ("ТАСС", Some("ITAR-TASS")),
            ("ap", None),
            ("Ani", None),
            ("KMIZ", None),
            ("AP Photo", None),
            ("", None),
        ];
        for (written, name) in cases {
            assert_eq!(named(written).map(|found| found.agency.name), name, "{written}");
        }
    }

    #[test]
    fn acronyms_that_mean_much_else_are_not_clear_in_a_dateline() {
        assert!(!named("PA").unwrap().clear_in_dateline);
        assert!(named("AP").unwrap().clear_in_dateline);
    }

    #[test]
    fn every_row_of_the_data_file_is_whole() {
        let mut aliases = HashSet::new();
        for line in include_str!("agencies.tsv").lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            for alias in columns[1].split("; ") {
                assert!(aliases.insert(alias.trim_start_matches('~')), "{alias} stands twice");
                let found = named(alias.trim_start_matches('~')).unwrap();
                assert_eq!(found.agency.name, columns[0], "{alias}");
            }
            for domain in columns[2].split("; ").filter(|domain| !domain.is_empty()) {
                assert_eq!(registrable_domain(domain).as_deref(), Some(domain));
                assert_eq!(of_domain(domain).unwrap().name, columns[0]);
            }
            assert_eq!(of_name(columns[0]).unwrap().name, columns[0]);
        }
    }

    #[test]
    fn a_publisher_is_an_agency_by_domain_or_by_name() {
        for source in ["apnews.com", "associated press", "AP"] {
            assert_eq!(of_source(source).unwrap().name, "Associated Press");
        }
        for source in ["ap", "example.com", "."] {
            assert_eq!(of_source(source), None, "{source}");
        }
    }
}
