//! Addresses of pages: which two lead to the same one.

pub(super) mod dated;

use std::borrow::Cow;

use super::source::host_of;

/// Parameters that tell a site where a reader comes from, and nothing of the
/// page: of campaigns, of advertisements, of letters to subscribers, of
/// buttons for sharing. Names that some sites use for pages (`ref`, `id`,
/// `source`) are not among them.
const TRACKING: [&str; 46] = [
    "__twitter_impression",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_bbc_team",
    "at_campaign",
    "at_format",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "at_ptr_name",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fb_source",
    "fbclid",
    "gaa_at",
    "gaa_n",
    "gaa_sig",
    "gaa_ts",
    "gbraid",
    "gclid",
    "gclsrc",
    "hsctatracking",
    "igsh",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "smid",
    "srsltid",
    "ttclid",
    "twclid",
    "wbraid",
    "xtor",
    "yclid",
];

/// How the names of others of them begin: of Google Analytics, Matomo, Vero,
/// and of the counters of broadcasters.
const TRACKING_FAMILIES: [&str; 5] = ["utm_", "mtm_", "pk_", "vero_", "ns_"];

/// Parts of a host name that stand for the form of a page, not for the page.
const FORMS: [&str; 4] = ["www.", "m.", "mobile.", "amp."];

/// `url` as it is compared with others: host, path and parameters.
///
/// Left away are the scheme, a usual port, `www.`, `m.`, `mobile.` and `amp.`
/// before the host, the stroke or `/amp` at the end, what follows `#`,
/// parameters of tracking, and a cache of AMP pages around the address. The
/// order of the parameters stays. `None` where there is no host.
///
/// ```
/// use wirecopy::read::address::comparable;
///
/// let shared = "https://m.example.com/a/?id=7&utm_source=feed#top";
/// assert_eq!(comparable(shared).as_deref(), Some("example.com/a?id=7"));
/// assert_eq!(comparable("http://www.example.com/a?id=7"), comparable(shared));
/// ```
pub fn comparable(url: &str) -> Option<String> {
    let url = without_cache(url.trim());
    let host = host_of(&url)?;
    let host = FORMS.iter().fold(host.as_str(), |host, form| {
        host.strip_prefix(form).filter(|rest| rest.contains('.')).unwrap_or(host)
    });
    let behind = url.split_once("://").map_or(&*url, |(_, behind)| behind).trim_start_matches('/');
    let behind = behind.find(['/', '?', '#']).map_or("", |start| &behind[start..]);
    // `#!` is a path of pages that are made in the browser.
    let end = behind.find('#').filter(|&mark| !behind[mark..].starts_with("#!")).unwrap_or(behind.len());
    let (path, query) = behind[..end].split_once('?').unwrap_or((&behind[..end], ""));
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/amp").unwrap_or(path);
    let kept: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !is_tracking(part)).collect();
    let mark = if kept.is_empty() { "" } else { "?" };
    Some(format!("{host}{path}{mark}{}", kept.join("&")))
}

/// Whether a parameter, with or without its value, is one of tracking, or
/// asks for the AMP form of the page.
fn is_tracking(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = name.strip_prefix("amp;").unwrap_or(name).to_ascii_lowercase();
    TRACKING.contains(&name.as_str())
        || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
        || name == "amp"
        || (name == "outputtype" && value.eq_ignore_ascii_case("amp"))
}

/// The address of a page where `url` is that of its copy in an archive of the
/// web, or in a cache of AMP pages:
/// `https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a`.
pub(crate) fn without_cache(url: &str) -> Cow<'_, str> {
    if let Some(page) = archived(url) {
        return Cow::Borrowed(page);
    }
    let cached = || {
        let (_, address) = url.split_once("://")?;
        let (host, path) = address.split_once('/')?;
        let host = host.to_ascii_lowercase();
        let path = if host.ends_with(".cdn.ampproject.org") {
            path.split_once('/').filter(|(kind, _)| kind.len() == 1)?.1
        } else if host.strip_prefix("www.").unwrap_or(&host).starts_with("google.") {
            path.strip_prefix("amp/")?
        } else {
            return None;
        };
        let (scheme, page) = match path.strip_prefix("s/") {
            Some(page) => ("https", page),
            None => ("http", path),
        };
        let host = page.split('/').next()?;
        host.contains('.').then(|| format!("{scheme}://{page}"))
    };
    cached().map_or(Cow::Borrowed(url), Cow::Owned)
}

/// Whether [`without_cache`] may find another address in the path of `url`, which
/// begins with its scheme; told without a copy.
pub(crate) fn may_hold_another(url: &str) -> bool {
    let bytes = url.as_bytes();
    let Some(host) = bytes.get("http://".len()..) else { return false };
    // `/http`, or the path of a cache: `/c/`, `/amp/`.
    let mut strokes = memchr::memchr_iter(b'/', host).map(|at| &host[at + 1..]);
    strokes.any(|path| path.starts_with(b"http") || path.starts_with(b"amp/") || path.get(1) == Some(&b'/'))
}

/// The address behind the time of its copy in an archive of the web, all of
/// which write it in one way: `https://web.archive.org/web/20260511090000/`,
/// `https://arquivo.pt/wayback/20260511090000id_/` and then the address.
fn archived(url: &str) -> Option<&str> {
    /// Digits of a time, from the year to the second.
    const TIME_DIGITS: std::ops::RangeInclusive<usize> = 4..=14;
    let (_, archive) = url.split_once("://")?;
    let mut rest = archive;
    let (time, page) = loop {
        let at = rest.find("/http")?;
        let page = &rest[at + 1..];
        let scheme = page.strip_prefix("https").or_else(|| page.strip_prefix("http"))?;
        if scheme.starts_with("://") {
            break (archive[..archive.len() - page.len() - 1].rsplit('/').next()?, page);
        }
        rest = page;
    };
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    // How the copy is to be shown, as in `20260511090000id_`.
    let mode = &time[digits..];
    let is_mode = mode.is_empty() || mode.len() == 3 && mode.ends_with('_');
    (TIME_DIGITS.contains(&digits) && is_mode).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_page_are_equal() {
        let cases = [
            ("https://www.example.com/a/b/", "example.com/a/b"),
            ("HTTP://Example.COM:80/a/b#c", "example.com/a/b"),
            ("//m.example.com/a/b?", "example.com/a/b"),
            ("https://amp.example.com/a/b?fbclid=x&UTM_Source=y", "example.com/a/b"),
            ("https://example.com/a/b/amp/", "example.com/a/b"),
            ("https://example.com/a/b?outputType=amp", "example.com/a/b"),
            ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/b", "example.com/a/b"),
            ("https://www.google.co.uk/amp/s/example.com/a/b", "example.com/a/b"),
            ("https://example.com/a/b?utm_source=rss&amp;utm_medium=x", "example.com/a/b"),
            ("example.com/a/b", "example.com/a/b"),
            ("https://web.archive.org/web/20260511090000/https://www.example.com/a/b", "example.com/a/b"),
            ("http://arquivo.pt/wayback/20260511090000id_/http://example.com:80/a/b", "example.com/a/b"),
            ("https://web.archive.org/web/2026/https://m.example.com/a/b?utm_source=x", "example.com/a/b"),
            // No time, or no address behind it.
            ("https://a.example/go/https://example.com/a/b", "a.example/go/https://example.com/a/b"),
            ("https://a.example/20260511/httpd/a", "a.example/20260511/httpd/a"),
            // What may be another page stays.
            ("https://example.com/A?ref=1&page=2", "example.com/A?ref=1&page=2"),
            ("https://example.com/#!/a", "example.com/#!/a"),
            ("https://news.example.com/", "news.example.com"),
            ("https://m.com/", "m.com"),
            ("https://example.com/camp", "example.com/camp"),
            ("https://www.google.com/amp/about", "google.com/amp/about"),
        ];
        for (url, expected) in cases {
            assert_eq!(comparable(url).as_deref(), Some(expected), "{url}");
        }
        for url in ["", "mailto:a@example.com", "file:///a", "https://"] {
            assert_eq!(comparable(url), None, "{url}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_in_lower_case() {
        assert!(TRACKING.is_sorted());
        assert!(TRACKING.iter().all(|name| *name == name.to_lowercase()));
    }
}
