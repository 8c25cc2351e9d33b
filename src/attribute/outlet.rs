//! Known outlets, to see what a misspelt one means.
//!
//! Known are the widely read ones of `outlets.tsv` beside this file, the
//! domains of agencies, and the publishers of the collection itself. A name
//! that is none of them and one slip away from exactly one probably means it.
//! A slip is a letter missing, added, changed or swapped with its neighbour,
//! or letters that look alike (`rn` for `m`, `0` for `o`, a Cyrillic `а`).
//!
//! One slip leaves the first two or the last two bytes of a name as they are,
//! so a look-up compares with the names that share either, each in time linear
//! in its length. Larger distances are not tried: with two slips "thetimes"
//! is "nytimes".

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use crate::attribute::agency::Agencies;
use crate::attribute::source::registrable_domain;
use crate::collection::Collection;
use crate::document::Document;
use crate::report::Credit;

/// Letters from which a label is long enough for one wrong letter to leave no
/// doubt: "cnn" and "cbn" are two outlets, "aljazera" is none.
const MIN_LABEL_LETTERS: usize = 6;

/// The same for names that are no domains, which are made of common words.
const MIN_NAME_LETTERS: usize = 8;

/// Bytes at either end that one of two names a slip apart shares.
const END_BYTES: usize = 2;

/// Letters that look like others: what is written and what is meant.
const ALIKE: [(&str, &str); 16] = [
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("0", "o"),
    ("1", "l"),
    ("3", "e"),
    ("5", "s"),
    ("а", "a"),
    ("е", "e"),
    ("і", "i"),
    ("о", "o"),
    ("р", "p"),
    ("с", "c"),
    ("у", "y"),
    ("х", "x"),
    ("ı", "i"),
];

/// Names of outlets, by what a slip leaves of them.
#[derive(Debug, Default)]
pub struct Outlets {
    names: Vec<Outlet>,
    known: HashSet<String>,
    by_end: HashMap<(bool, [u8; END_BYTES]), Vec<usize>>,
    by_looks: HashMap<String, Vec<usize>>,
}

/// A name and how it is compared.
#[derive(Debug)]
struct Outlet {
    written: String,
    label: String,
    /// The public suffix with its point; nothing for a name.
    suffix: String,
}

impl Outlet {
    fn new(written: &str) -> Self {
        let lower = plain(written);
        let (label, suffix) = match lower.split_once('.') {
            Some((label, suffix)) if !lower.contains(' ') => (label.to_owned(), suffix.to_owned()),
            _ => (lower.clone(), String::new()),
        };
        Self { written: written.to_owned(), label, suffix }
    }

    fn is_long(&self) -> bool {
        let least = if self.suffix.is_empty() { MIN_NAME_LETTERS } else { MIN_LABEL_LETTERS };
        self.label.len() >= least
    }

    fn ends(&self) -> [(bool, [u8; END_BYTES]); 2] {
        let bytes = self.label.as_bytes();
        let (first, last) = (&bytes[..END_BYTES], &bytes[bytes.len() - END_BYTES..]);
        [(false, [first[0], first[1]]), (true, [last[0], last[1]])]
    }
}

impl Outlets {
    /// Widely read outlets, the domains of `agencies`, and `publishers`:
    /// domains or names.
    pub fn new<'a>(agencies: &'a Agencies, publishers: impl IntoIterator<Item = &'a str>) -> Self {
        let widely_read = include_str!("outlets.tsv").lines().filter(|line| !line.starts_with('#'));
        let all: BTreeSet<&str> = widely_read.chain(agencies.domains()).chain(publishers).collect();
        let mut outlets = Self::default();
        for written in all {
            let outlet = Outlet::new(written);
            if !outlets.known.insert(plain(written)) || !outlet.is_long() {
                continue;
            }
            let index = outlets.names.len();
            for end in outlet.ends() {
                outlets.by_end.entry(end).or_default().push(index);
            }
            outlets.by_looks.entry(looks(&outlet.label)).or_default().push(index);
            outlets.names.push(outlet);
        }
        outlets
    }

    /// Whether this domain or name is known.
    pub fn is_known(&self, written: &str) -> bool {
        self.known.contains(&plain(written))
    }

    /// The known outlet that is one slip away from `written`, a domain or a
    /// name; nothing where `written` is known itself, or where two are as near.
    pub fn likely(&self, written: &str) -> Option<&str> {
        let asked = Outlet::new(written);
        if !asked.is_long() || self.is_known(written) {
            return None;
        }
        let alike = self.by_looks.get(&looks(&asked.label)).into_iter().flatten();
        let near = asked.ends().into_iter().filter_map(|end| self.by_end.get(&end)).flatten();
        let is_near = |outlet: &Outlet| is_one_slip(asked.label.as_bytes(), outlet.label.as_bytes());
        let mut found: Vec<usize> = near.copied().filter(|&index| is_near(&self.names[index])).collect();
        found.extend(alike);
        found.retain(|&index| self.names[index].suffix == asked.suffix);
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [only] => Some(&self.names[only].written),
            _ => None,
        }
    }
}

/// Puts the likely outlet beside each credit to one that is not known. The
/// publishers of the collection are known.
pub fn add_hints(credits: &mut [Vec<Credit>], corpus: Collection<'_>, agencies: &Agencies) {
    let mut named = Publishers::default();
    corpus.ids().for_each(|id| named.add(&corpus.about(id)));
    Hints::new(&named, agencies).add(credits);
}

/// Every publisher that the input names, and every host it has addresses of.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Publishers {
    sources: BTreeSet<String>,
    hosts: BTreeSet<String>,
}

impl Publishers {
    /// Adds what the input says of a document.
    pub(crate) fn add(&mut self, document: &Document) {
        // Publishers are few beside their documents, so most names are there already.
        let add = |names: &mut BTreeSet<String>, name: Option<&str>| {
            if let Some(name) = name.filter(|&name| !names.contains(name)) {
                names.insert(name.to_owned());
            }
        };
        add(&mut self.sources, document.source.as_deref());
        add(&mut self.hosts, document.url.as_deref().map(host));
    }

    /// Adds such names and such beginnings of addresses.
    pub(crate) fn extend(
        &mut self,
        sources: impl Iterator<Item = String>,
        hosts: impl Iterator<Item = String>,
    ) {
        self.sources.extend(sources);
        self.hosts.extend(hosts);
    }

    /// Their names, and the domains of the hosts.
    fn names(&self) -> BTreeSet<String> {
        let of_source = self.sources.iter().cloned().map(of_source);
        of_source.chain(self.hosts.iter().filter_map(|host| registrable_domain(host))).collect()
    }
}

/// Known outlets of a collection, put in order when the first credit asks.
pub(crate) struct Hints<'c> {
    named: &'c Publishers,
    agencies: &'c Agencies,
    outlets: OnceLock<Outlets>,
}

impl<'c> Hints<'c> {
    pub(crate) fn new(named: &'c Publishers, agencies: &'c Agencies) -> Self {
        Self { named, agencies, outlets: OnceLock::new() }
    }

    /// Adds hints to the credits of some documents.
    pub(crate) fn add(&self, credits: &mut [Vec<Credit>]) {
        for credit in credits.iter_mut().flatten().filter(|credit| credit.outlet.is_some()) {
            let outlets = self
                .outlets
                .get_or_init(|| Outlets::new(self.agencies, self.named.names().iter().map(String::as_str)));
            outlets.hint(credit);
        }
    }
}

impl Outlets {
    /// Says of a credit which known outlet a misspelt one probably means.
    pub(crate) fn hint(&self, credit: &mut Credit) {
        let Some(outlet) = credit.outlet.as_deref() else { return };
        let asked = registrable_domain(outlet).unwrap_or_else(|| outlet.to_owned());
        credit.likely_outlet = self.likely(&asked).map(str::to_owned);
    }
}

/// The publisher that the input names for a document, and the domain of its address.
#[cfg(feature = "arrow")]
pub(crate) fn named_by(document: &Document) -> Vec<String> {
    let source = document.source.clone().map(of_source);
    let host = document.url.as_deref().and_then(|url| registrable_domain(host(url)));
    source.into_iter().chain(host).collect()
}

fn of_source(source: String) -> String {
    registrable_domain(&source).unwrap_or(source)
}

/// The beginning of an address up to its path.
pub(crate) fn host(url: &str) -> &str {
    let mut colons = url.match_indices(':');
    let start = colons.find(|(at, _)| url[*at..].starts_with("://")).map_or(0, |(at, _)| at + 3);
    let length = url[start..].find('/').unwrap_or(url.len() - start);
    &url[..start + length]
}

/// A name as it is compared.
fn plain(written: &str) -> String {
    let lower = written.trim().to_lowercase();
    lower.strip_prefix("the ").map(str::to_owned).unwrap_or(lower)
}

/// What a label looks like.
fn looks(label: &str) -> String {
    ALIKE.iter().fold(label.to_owned(), |label, (written, meant)| label.replace(written, meant))
}

/// Whether one insertion, deletion, change or swap of neighbours leads from
/// one to the other; a digit is no slip, it counts something.
fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    let has_digit = a.iter().chain(b).any(u8::is_ascii_digit);
    !has_digit
        && match (a, b) {
            ([], [_]) | ([_], []) | ([_], [_]) => true,
            ([x, y], [v, w]) => x == w && y == v,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Corpus;

    fn outlets() -> Outlets {
        Outlets::new(
            Agencies::known(),
            ["dunmorrow.example", "Saltmarrow Times", "news24.example", "news25.example"],
        )
    }

    #[test]
    fn a_name_one_slip_off_has_a_likely_outlet() {
        let cases = [
            ("aljazera.com", Some("aljazeera.com")),
            ("aljazeeera.com", Some("aljazeera.com")),
            ("aljazeira.com", Some("aljazeera.com")),
            ("aljazeea.com", Some("aljazeera.com")),
            ("aljaezera.com", Some("aljazeera.com")),
            ("aljazeera.com", None),
            ("aljazera.org", None),
            ("aljzera.com", None),
            ("reutesr.com", Some("reuters.com")),
            ("theguardain.com", Some("theguardian.com")),
            ("bloornberg.com", Some("bloomberg.com")),
            ("аljаzееrа.com", Some("aljazeera.com")),
            ("kyodonewz.net", Some("kyodonews.net")),
            ("dunmorow.example", Some("dunmorrow.example")),
            ("dunmorrow.example", None),
            ("Saltmarow Times", Some("Saltmarrow Times")),
            ("The Saltmarrow Times", None),
            ("Saltmarrow Tunes", None),
            ("news26.example", None),
            ("cnm.com", None),
            ("example.com", None),
            ("localhost", None),
            ("", None),
        ];
        let outlets = outlets();
        for (written, likely) in cases {
            assert_eq!(outlets.likely(written), likely, "{written}");
        }
    }

    #[test]
    fn two_outlets_as_near_leave_no_hint() {
        let outlets = Outlets::new(&Agencies::default(), ["meridiam.example", "meridian.example"]);
        assert_eq!(outlets.likely("meridiar.example"), None);
        assert_eq!(outlets.likely("meridianx.example"), Some("meridian.example"));
    }

    #[test]
    fn publishers_of_the_collection_are_known() {
        let document = |source: Option<&str>, url: Option<&str>| Document {
            source: source.map(str::to_owned),
            url: url.map(str::to_owned),
            ..Document::default()
        };
        let documents =
            [document(Some("aljazera.com"), None), document(None, Some("https://www.dunmorrow.example/a"))];
        let texts = ["(Source: www.aljazera.com)", "(Source: dunmorow.example)", "(Source: aljazeira.com)"];
        let mut credits =
            texts.map(|text| crate::attribute::credit::find_credits(&format!("It fell.\n{text}")));
        let corpus = Corpus::try_new(documents.into()).unwrap();
        add_hints(&mut credits, (&corpus).into(), Agencies::known());
        let hints = credits.map(|credits| credits[0].likely_outlet.clone());
        // The third is one slip from two.
        assert_eq!(hints, [None, Some("dunmorrow.example".to_owned()), None]);
    }

    #[test]
    fn the_list_holds_registrable_domains_once_each() {
        let list: Vec<_> =
            include_str!("outlets.tsv").lines().filter(|line| !line.starts_with('#')).collect();
        for outlet in &list {
            assert_eq!(registrable_domain(outlet).as_deref(), Some(*outlet));
        }
        assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len());
    }
}
