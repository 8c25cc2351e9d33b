//! Who published a document, as far as the input itself says.
//!
//! This file only brings names to one form: a URL, a host name or a path to
//! what stands for the publisher. Which of them counts for a document (an
//! explicit field, else the URL, else a credit line, else the folder) is
//! decided in attribution.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::address;

/// The registrable domain of a URL or host name, in lower case:
/// `https://edition.cnn.com/2026/…` gives `cnn.com`.
///
/// Scheme, user, port, path and a final dot are left away, and an address in a
/// cache of AMP pages is that of the page. An IP address, a
/// host of one label and a bare public suffix stay whole, Punycode is not
/// decoded, and a suffix under which strangers register names is respected:
/// `a.blogspot.com` and `b.blogspot.com` are two. `None` means that there is
/// no host (`mailto:…`, a file path, prose).
pub fn registrable_domain(host_or_url: &str) -> Option<String> {
    let host = host_of(&address::without_cache(host_or_url))?;
    if host.parse::<Ipv4Addr>().is_ok() || host.parse::<Ipv6Addr>().is_ok() {
        return Some(host);
    }
    if !host.split('.').all(is_label) {
        return None;
    }
    match psl::domain_str(&host) {
        Some(domain) => Some(domain.to_owned()),
        None => Some(host),
    }
}

/// An explicitly named publisher, brought to one form: a URL or a host name
/// under a known public suffix becomes its registrable domain, any other name
/// stays as it was written, without white space around it. A mailbox is one of
/// its domain. `None` if nothing is left.
pub fn explicit(name: &str) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let host = mailbox(name).unwrap_or(name);
    let is_host = is_url(host) || is_known_host(host);
    let domain = if is_host { registrable_domain(host) } else { None };
    Some(domain.unwrap_or_else(|| name.to_owned()))
}

/// The address in `Jane Roe <jane@example.com>` or `jane@example.com (Jane
/// Roe)`, as fields hold that are filled from messages.
fn mailbox(name: &str) -> Option<&str> {
    let inside = name.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).map(|(_, address)| address);
    let before = || name.strip_suffix(')').and_then(|rest| rest.split_once(" (")).map(|(address, _)| address);
    inside.or_else(before).map(str::trim).filter(|address| address.contains('@'))
}

/// Whether `name` is one of a hierarchy that is written with points like a
/// host name: a newsgroup (`rec.sport.hockey`) or a reversed domain
/// (`com.example.app`).
///
/// Many of their last words are top-level domains since any word can be one.
/// What tells them is the first word, which is the widest there and the
/// narrowest in a host name. Under the top-level domains of countries and
/// those that are older than 2012 a name is a host all the same.
pub(crate) fn is_hierarchy(name: &str) -> bool {
    let name = name.trim();
    let is_one_of = |words: &[&str], word: &str| words.iter().any(|other| other.eq_ignore_ascii_case(word));
    // Most are addresses, whose first word tells already.
    let Some((first, _)) = name.split_once('.').filter(|(first, _)| is_one_of(&HIERARCHIES, first)) else {
        return false;
    };
    let last = name.rsplit_once('.').map_or(first, |(_, last)| last);
    let is_word = last.len() > 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && !is_one_of(&OLD_DOMAINS, last)
}

/// First words of newsgroups, apart from `news`, with which hosts begin as
/// well, and of reversed domains.
const HIERARCHIES: [&str; 11] =
    ["alt", "com", "comp", "humanities", "misc", "net", "org", "rec", "sci", "soc", "talk"];

/// Top-level domains of more than two letters before any word could be one.
const OLD_DOMAINS: [&str; 22] = [
    "aero", "arpa", "asia", "biz", "cat", "com", "coop", "edu", "gov", "info", "int", "jobs", "mil", "mobi",
    "museum", "name", "net", "org", "post", "pro", "tel", "travel",
];

/// [`explicit`] for many records: it remembers the last name, as most feeds
/// are one publisher's, or give the records of one after the other.
#[derive(Debug, Default)]
pub(crate) struct Publishers {
    name: String,
    known_as: Option<String>,
}

impl Publishers {
    /// What [`explicit`] makes of `name`.
    pub(crate) fn explicit(&mut self, name: &str) -> Option<String> {
        if self.name != name {
            self.known_as = explicit(name);
            name.clone_into(&mut self.name);
        }
        self.known_as.clone()
    }
}

/// The name of the directory that holds the file at `path`: `cnn.com` for
/// `scraped/cnn.com/1.txt`. `None` where the path names no directory
/// (`1.txt`, `./1.txt`, `-`).
pub fn folder(path: &str) -> Option<&str> {
    let (parent, _) = path.rsplit_once('/')?;
    let name = parent.trim_end_matches('/').rsplit('/').next()?;
    (!matches!(name, "" | "." | "..")).then_some(name)
}

/// The host of a URL or of `host[:port][/path]`, in lower case.
pub(super) fn host_of(text: &str) -> Option<String> {
    let text = text.trim();
    let has_scheme = is_url(text);
    let text = if has_scheme { text.split_once("//")?.1 } else { text };
    if text.parse::<Ipv6Addr>().is_ok() {
        return Some(text.to_lowercase());
    }
    let authority = text.split(['/', '?', '#', '\\']).next()?;
    let host = match authority.rsplit_once('@') {
        // `mailto:desk@…` has no host; a user with a password needs a scheme.
        Some((user, _)) if !has_scheme && user.contains(':') => return None,
        Some((_, host)) => host,
        None => authority,
    };
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.0,
        None => without_port(host)?,
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
    (!host.is_empty()).then_some(host)
}

/// `host` without `:port`; nothing if what follows the colon is no port.
fn without_port(host: &str) -> Option<&str> {
    match host.split_once(':') {
        None => Some(host),
        Some((name, port)) => port.bytes().all(|b| b.is_ascii_digit()).then_some(name),
    }
}

fn is_scheme(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

pub(super) fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme)) || text.starts_with("//")
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '-' | '_'))
}

/// Whether `name` is a host name under a suffix of the public list, perhaps
/// with a path behind it.
fn is_known_host(name: &str) -> bool {
    if name.contains(char::is_whitespace) || is_hierarchy(name) {
        return false;
    }
    let Some(host) = host_of(name) else { return false };
    host.contains('.') && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_urls_give_their_registrable_domain() {
        let cases = [
            ("https://edition.cnn.com/2026/11/21/x.html?y=http://z.org#a", Some("cnn.com")),
            ("http://user:secret@WWW.BBC.co.uk:8080/news", Some("bbc.co.uk")),
            ("//news.example.com/x", Some("example.com")),
            ("https://amp.example.com/x", Some("example.com")),
            ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/x", Some("example.com")),
            ("https://www.google.com/amp/s/amp.example.co.uk/x", Some("example.co.uk")),
            ("https://www.google.com/amps/x", Some("google.com")),
            ("https://web.archive.org/web/20260511090000/https://www.example.com/x", Some("example.com")),
            ("https://web.archive.org/", Some("archive.org")),
            ("www.example.com.", Some("example.com")),
            ("one.blogspot.com", Some("one.blogspot.com")),
            ("a.b.ne.jp", Some("b.ne.jp")),
            ("co.uk", Some("co.uk")),
            ("localhost:3000", Some("localhost")),
            ("intranet", Some("intranet")),
            ("news.corp.internal", Some("corp.internal")),
            ("http://192.0.2.7:81/a", Some("192.0.2.7")),
            ("http://[2001:DB8::1]:81/a", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("www.xn--mnchen-3ya.de", Some("xn--mnchen-3ya.de")),
            ("www.Zürich.ch", Some("zürich.ch")),
            ("mailto:desk@example.com", None),
            ("file:///tmp/x", None),
            ("two words.com", None),
            ("a..b.com", None),
            ("", None),
            ("  ", None),
            ("https://", None),
        ];
        for (input, expected) in cases {
            assert_eq!(registrable_domain(input).as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn an_explicit_name_folds_only_if_it_is_a_host() {
        let cases = [
            (" www.example.com ", Some("example.com")),
            ("https://www.reuters.com/world", Some("reuters.com")),
            ("edition.cnn.com/world", Some("cnn.com")),
            ("Reuters", Some("Reuters")),
            ("Jane Roe <desk@news.example.com>", Some("example.com")),
            ("desk@news.example.com (Jane Roe)", Some("example.com")),
            // A list, as messages name it.
            ("<locks.lists.example.com>", Some("<locks.lists.example.com>")),
            ("Locks (example.com)", Some("Locks (example.com)")),
            ("alt.atheism", Some("alt.atheism")),
            // Newsgroups and reversed domains whose last word is a top-level domain.
            ("rec.sport.hockey", Some("rec.sport.hockey")),
            ("rec.autos", Some("rec.autos")),
            ("sci.space", Some("sci.space")),
            ("Com.Example.App", Some("Com.Example.App")),
            ("edition.sport.hockey", Some("sport.hockey")),
            ("https://rec.sport.hockey/x", Some("sport.hockey")),
            ("alt.example.com", Some("example.com")),
            ("sci.example.de", Some("example.de")),
            ("The St. Petersburg Times", Some("The St. Petersburg Times")),
            ("A.P.", Some("A.P.")),
            ("file:///tmp", Some("file:///tmp")),
            ("\t", None),
        ];
        let mut publishers = Publishers::default();
        for (input, expected) in cases {
            assert_eq!(explicit(input).as_deref(), expected, "{input}");
            for _ in 0..2 {
                assert_eq!(publishers.explicit(input).as_deref(), expected, "{input}");
            }
        }
    }

    #[test]
    fn the_folder_is_the_directory_that_holds_the_file() {
        let cases = [
            ("scraped/cnn.com/1.txt", Some("cnn.com")),
            ("/a//1.txt", Some("a")),
            ("1.txt", None),
            ("./1.txt", None),
            ("../1.txt", None),
            ("/1.txt", None),
            ("-", None),
        ];
        for (path, expected) in cases {
            assert_eq!(folder(path), expected, "{path}");
        }
    }
}
