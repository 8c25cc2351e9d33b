//! The news agencies we know, by what credits call them and by their domains.
//!
//! The list is `agencies.toml` beside this file; its head says what the keys
//! mean. Users add to it ([`Params::agencies`](crate::params::Params)). It is
//! read once, when the first text is searched, in under a millisecond; a
//! look-up costs one or two hash probes.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::params::{AgencyNames, CreditForm};

mod misread;

pub(crate) use misread::edits;
use misread::is_long;

/// Letters from which an alias is known in any case: shorter ones are
/// acronyms, whose lower case is a word of its own ("ap", "Ani").
const FOLDED_LETTERS: usize = 5;

/// Most words of an alias ("Los Angeles Times-Washington Post News Service").
const MAX_WORDS: usize = 6;

static KNOWN: LazyLock<Agencies> = LazyLock::new(|| {
    let names: BTreeMap<String, AgencyNames> = toml::from_str(include_str!("agencies.toml"))
        .expect("the list of agencies is well-formed, as a test checks");
    Agencies::of(&[&names])
});

/// A wire service, news agency or press-release wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its usual name in English.
    pub name: String,
    /// What credits call it, and where and how it is credited.
    pub names: AgencyNames,
}

/// An agency as a credit named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Which it is.
    pub agency: &'a Agency,
    /// Whether this alias means too much else to be believed by itself.
    pub is_ambiguous: bool,
}

impl Named<'_> {
    /// Whether its name is a credit in this form.
    pub fn is_credited_by(&self, form: CreditForm) -> bool {
        let forms = &self.agency.names.forms;
        forms.is_empty() || forms.contains(&form)
    }

    /// Whether it is believed behind `place` in a document of this language,
    /// if that is known: "ANKARA (AA)" and, in a Dutch text, "(ANP)".
    pub fn is_believed(&self, place: &str, language: Option<&str>) -> bool {
        let names = &self.agency.names;
        let is_own = |language: &str| language != "en" && names.languages.iter().any(|own| own == language);
        let place = place.to_lowercase();
        let is_home = || names.home.iter().any(|home| place.starts_with(&home.to_lowercase()));
        !self.is_ambiguous || language.is_some_and(is_own) || is_home()
    }
}

/// Agencies with their aliases and domains.
#[derive(Clone, Debug, Default)]
pub struct Agencies {
    agencies: Vec<Agency>,
    /// Aliases as they are looked up: their agency, and whether they are
    /// ambiguous.
    aliases: HashMap<String, (usize, bool)>,
    domains: HashMap<String, usize>,
    /// A bit for each [`last_bytes`] of an alias.
    ends: Vec<u64>,
    /// A bit for each [`shape`] of an alias: most words asked for are none, and
    /// most of these have the shape of none.
    shapes: Vec<u64>,
    /// Aliases that are long enough to be known when they are misread, each
    /// once, in the order of the list.
    long: Vec<(String, usize)>,
    /// The letters and digits alone of these, and which there are.
    squeezed: Vec<(Vec<u8>, u64, usize)>,
}

impl Agencies {
    /// Those of the list.
    pub fn known() -> &'static Self {
        &KNOWN
    }

    /// Those of the list and `added`, which extends and outdoes it.
    pub fn with(added: &BTreeMap<String, AgencyNames>) -> Cow<'static, Self> {
        if added.is_empty() {
            return Cow::Borrowed(Self::known());
        }
        let known = KNOWN.agencies.iter().map(|agency| (agency.name.clone(), agency.names.clone())).collect();
        Cow::Owned(Self::of(&[&known, added]))
    }

    fn of(lists: &[&BTreeMap<String, AgencyNames>]) -> Self {
        let mut all = Self::default();
        for (name, names) in lists.iter().copied().flatten() {
            let found = all.agencies.iter().position(|agency| agency.name == *name);
            let index = found.unwrap_or(all.agencies.len());
            match found {
                Some(index) => all.agencies[index].names.extend(names),
                None => all.agencies.push(Agency { name: name.clone(), names: names.clone() }),
            }
            all.add(key(without_article(name)), (index, false));
            for (aliases, is_ambiguous) in [(&names.aliases, false), (&names.ambiguous, true)] {
                for alias in aliases {
                    let alias = without_article(alias);
                    if let Some(at) = last_bytes(alias) {
                        all.ends.resize((1 << 16) / 64, 0);
                        all.ends[at / 64] |= 1 << (at % 64);
                    }
                    all.add(key(alias), (index, is_ambiguous));
                    if is_long(alias) {
                        let letters = misread::squeezed(alias);
                        let kinds = misread::kinds(&letters);
                        all.squeezed.push((letters, kinds, index));
                        all.long.push((alias.to_lowercase(), index));
                    }
                }
            }
            all.domains.extend(names.domains.iter().map(|domain| (domain.to_lowercase(), index)));
        }
        all
    }

    fn add(&mut self, key: String, meant: (usize, bool)) {
        if let Some(at) = shape(&key) {
            self.shapes.resize(SHAPES / 64, 0);
            self.shapes[at / 64] |= 1 << (at % 64);
        }
        self.aliases.insert(key, meant);
    }

    /// The agency that credits call `written`, leading "The" set aside.
    pub fn named(&self, written: &str) -> Option<Named<'_>> {
        let written = without_article(written.trim());
        // What is ASCII can only be an alias that is.
        if let Some(at) = shape(written)
            && self.shapes.get(at / 64).is_none_or(|bits| bits >> (at % 64) & 1 == 0)
        {
            return None;
        }
        let exact = self.aliases.get(written);
        let &(index, is_ambiguous) = match exact {
            Some(found) => found,
            None => self.aliases.get(folded(written)?.as_str())?,
        };
        Some(Named { agency: &self.agencies[index], is_ambiguous })
    }

    /// The agency with whose name `text` begins, the longest if several do,
    /// and the bytes that it takes.
    pub fn leading(&self, text: &str) -> Option<(Named<'_>, usize)> {
        let article = text.len() - without_article(text).len();
        let mut found = None;
        let mut words = 0;
        for (at, c) in text[article..].char_indices() {
            if words >= MAX_WORDS {
                break;
            }
            if !c.is_alphanumeric() && !matches!(c, '\'' | '’') || is_wide(c) {
                let end = article + at + if is_wide(c) { c.len_utf8() } else { 0 };
                found = self.named(&text[..end]).map(|named| (named, end)).or(found);
                words += usize::from(c.is_whitespace());
            }
        }
        let whole = (words < MAX_WORDS).then(|| self.named(text)).flatten();
        whole.map(|named| (named, text.len())).or(found)
    }

    /// Whether `text` may end with an alias, by its last bytes.
    pub(crate) fn may_end(&self, text: &str) -> bool {
        last_bytes(text)
            .is_some_and(|at| self.ends.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1))
    }

    /// The agency whose registrable domain is `domain`.
    pub fn of_domain(&self, domain: &str) -> Option<&Agency> {
        self.domains.get(domain).map(|&index| &self.agencies[index])
    }

    /// The agency with this usual name.
    pub fn of_name(&self, name: &str) -> Option<&Agency> {
        self.agencies.iter().find(|agency| agency.name == name)
    }

    /// The agency that is the publisher called `source`, a domain or a name.
    pub fn of_source(&self, source: &str) -> Option<&Agency> {
        self.of_domain(source).or_else(|| self.named(source).map(|found| found.agency))
    }

    /// The registrable domains of all of them.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.agencies.iter().flat_map(|agency| agency.names.domains.iter().map(String::as_str))
    }
}

/// The agency of the list whose registrable domain is `domain`.
pub fn of_domain(domain: &str) -> Option<&'static Agency> {
    Agencies::known().of_domain(domain)
}

/// The agency of the list that is the publisher called `source`, a domain or
/// a name.
pub fn of_source(source: &str) -> Option<&'static Agency> {
    Agencies::known().of_source(source)
}

/// How many shapes are told apart.
const SHAPES: usize = 1 << 16;

/// What a name in ASCII has in common with itself in small letters: length,
/// first and last byte, as far as they fit; nothing for other names.
fn shape(name: &str) -> Option<usize> {
    let (first, last) = (name.as_bytes().first()?, name.as_bytes().last()?);
    let folded = |byte: &u8| usize::from(byte.to_ascii_lowercase() & 0x1f);
    name.is_ascii().then(|| (name.len() & 0x3f) << 10 | folded(first) << 5 | folded(last))
}

/// What the end of an alias is kept under: its last two bytes in small letters
/// and the one before them, if that is of the same word, as 16 bits.
fn last_bytes(text: &str) -> Option<usize> {
    /// 2^32 divided by the golden ratio, which spreads what differs in few bits.
    const SPREAD: u32 = 0x9e37_79b1;
    let [before @ .., first, last] = text.as_bytes() else { return None };
    let before = before.last().copied().filter(u8::is_ascii_alphanumeric).unwrap_or(0);
    let key = u32::from_be_bytes([0, before, *first, *last].map(|byte| byte.to_ascii_lowercase()));
    Some((key.wrapping_mul(SPREAD) >> 16) as usize)
}

/// Under which an alias is kept.
fn key(alias: &str) -> String {
    folded(alias).unwrap_or_else(|| alias.to_owned())
}

/// The key of a long name; nothing for an acronym.
fn folded(name: &str) -> Option<String> {
    let letters = name.chars().filter(|c| c.is_alphabetic()).take(FOLDED_LETTERS).count();
    (letters >= FOLDED_LETTERS).then(|| name.to_lowercase())
}

/// Of scripts that put no spaces between words.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

fn without_article(name: &str) -> &str {
    if !name.starts_with(['T', 't']) {
        return name;
    }
    let stripped = ["The ", "the ", "THE "].iter().find_map(|article| name.strip_prefix(article));
    stripped.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::attribute::source::registrable_domain;

    fn name(named: Option<Named<'_>>) -> Option<&str> {
        named.map(|found| found.agency.name.as_str())
    }

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
        for (written, expected) in cases {
            assert_eq!(name(Agencies::known().named(written)), expected, "{written}");
        }
    }

    #[test]
    fn the_longest_leading_name_counts() {
        let cases = [
            ("Associated Press of Pakistan said", Some(("APP", 28))),
            ("The Associated Press. All rights", Some(("Associated Press", 20))),
            ("AP", Some(("Associated Press", 2))),
            ("AP Photo/x", Some(("Associated Press", 2))),
            ("Apples", None),
            ("Reuters' own", None),
            ("新华社盐泽", Some(("Xinhua", 9))),
        ];
        for (text, expected) in cases {
            let found = Agencies::known().leading(text);
            assert_eq!(found.map(|(named, end)| (named.agency.name.as_str(), end)), expected, "{text}");
        }
    }

    #[test]
    fn ambiguous_aliases_are_believed_at_home_and_in_their_own_language() {
        // alias, place, language, believed
        let cases = [
            ("AP", "HARRISVILLE", None, true),
            ("PA", "HARRISVILLE", None, false),
            ("PA", "LONDON", None, true),
            ("AA", "Ankara", None, true),
            ("ANP", "Elders", Some("nl"), true),
            ("ANP", "Elders", Some("en"), false),
            ("PA", "HARRISVILLE", Some("en"), false),
        ];
        for (alias, place, language, expected) in cases {
            let named = Agencies::known().named(alias).unwrap();
            assert_eq!(named.is_believed(place, language), expected, "{alias} {place} {language:?}");
        }
    }

    #[test]
    fn every_entry_of_the_list_is_whole() {
        let list: BTreeMap<String, AgencyNames> = toml::from_str(include_str!("agencies.toml")).unwrap();
        let known = Agencies::known();
        assert_eq!(known.agencies.len(), list.len());
        let mut seen = HashSet::new();
        for (name, names) in &list {
            assert!(!names.languages.is_empty(), "{name} has no language");
            for alias in names.aliases.iter().chain(&names.ambiguous) {
                assert!(seen.insert(key(without_article(alias))), "{alias} stands twice");
                assert_eq!(known.named(alias).unwrap().agency.name, *name, "{alias}");
            }
            for domain in &names.domains {
                assert_eq!(registrable_domain(domain).as_deref(), Some(domain.as_str()));
                assert_eq!(of_domain(domain).unwrap().name, *name);
            }
            assert_eq!(known.of_name(name).unwrap().name, *name);
            assert_eq!(known.named(name).unwrap().agency.name, *name);
        }
    }

    #[test]
    fn agencies_are_added_and_extended() {
        let entry = |alias: &str, domain: &str| AgencyNames {
            aliases: vec![alias.to_owned()],
            domains: vec![domain.to_owned()],
            ..AgencyNames::default()
        };
        let added = BTreeMap::from([
            ("Northwire".to_owned(), entry("NW", "northwire.example")),
            ("Reuters".to_owned(), entry("RTR", "rtr.example")),
        ]);
        let agencies = Agencies::with(&added);
        let cases =
            [("NW", "Northwire"), ("northwire", "Northwire"), ("RTR", "Reuters"), ("Reuters", "Reuters")];
        for (written, expected) in cases {
            assert_eq!(name(agencies.named(written)), Some(expected));
        }
        assert_eq!(agencies.of_domain("rtr.example").unwrap().name, "Reuters");
        assert_eq!(agencies.of_source("reuters.com").unwrap().name, "Reuters");
        assert_eq!(Agencies::with(&BTreeMap::new()).of_domain("rtr.example"), None);
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
