//! The file of `--config`: what is set for many runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::params::AgencyNames;
use crate::read::Families;

/// The file as written. What it must not say is an error, so that a slip in a
/// name does not pass as a setting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    families: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    agencies: BTreeMap<String, AgencyNames>,
}

/// What it sets.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) families: Families,
    pub(super) agencies: BTreeMap<String, AgencyNames>,
}

/// Reads the file at `path`.
pub(super) fn read(path: &Path) -> Result<Settings, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    parse(&text).map_err(|problem| Error::format(path, None, problem))
}

fn parse(text: &str) -> Result<Settings, String> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map_or(String::new(), |line| format!(" on line {line}"));
        format!("not a file of settings{place}: {}", error.message())
    })?;
    let mut families = Families::default();
    for (name, members) in &written.families {
        families.try_add(name, members.iter().map(String::as_str)).map_err(|error| error.to_string())?;
    }
    // What an agency publishes is known by its name: a domain of its own gives
    // documents that name as their source, so that credits to it meet them.
    for (name, names) in &written.agencies {
        let domains = names.domains.iter().map(String::as_str);
        families.try_add(name, domains).map_err(|error| error.to_string())?;
    }
    Ok(Settings { families, agencies: written.agencies })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_read() {
        let settings = parse("[families]\n\"a.example\" = [\"b.example\", \"The B\"]\n").unwrap();
        assert_eq!(settings.families.of("www.b.example"), Some("a.example"));
        assert_eq!(parse("").unwrap().families, Families::default());
    }

    #[test]
    fn agencies_are_read_and_their_domains_are_theirs() {
        let text = "[agencies.\"Northwire\"]\naliases = [\"NW\"]\ndomains = [\"northwire.example\"]\n";
        let settings = parse(text).unwrap();
        assert_eq!(settings.agencies["Northwire"].aliases, ["NW"]);
        assert_eq!(settings.families.of("www.northwire.example"), Some("Northwire"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("[family]\na = []\n", "not a file of settings on line 1: unknown field `family`"),
            ("\n[families]\na = \"b\"\n", "not a file of settings on line 3: invalid type"),
            ("[families]\na = [\"x\"]\nb = [\"x\"]\n", "x is a member of a too"),
            ("[agencies.X]\nalias = []\n", "not a file of settings on line 2: unknown field `alias`"),
            ("[agencies.X]\nforms = [\"by\"]\n", "not a file of settings on line 2: unknown variant `by`"),
            ("=", "not a file of settings on line 1"),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
