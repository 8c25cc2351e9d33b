//! Who published a document.

use std::path::Path;

use crate::document::Document;
use crate::report::Credit;

/// Top-level names that no registry gives out; RFC 2606 keeps them for
/// documentation and tests, and sample feeds use them.
const RESERVED_SUFFIXES: [&str; 2] = ["example", "test"];

/// The publisher of `document`: what the input calls it, else the registrable
/// domain of its address, else that of the first of its `credits` that is one,
/// else the folder it lies in (`.` for a bare file name, `-` for standard
/// input).
///
/// A field that holds an address is read as one.
pub fn source_of(document: &Document, credits: &[Credit]) -> String {
    let field = document.source.as_deref().map(str::trim).filter(|source| !source.is_empty());
    if let Some(source) = field {
        let domain = is_address(source).then(|| registrable_domain(source)).flatten();
        return domain.unwrap_or_else(|| source.to_owned());
    }
    let address = document.url.as_deref().and_then(registrable_domain);
    let credited = || credits.iter().find_map(|credit| registrable_domain(credit.outlet.as_deref()?));
    address.or_else(credited).unwrap_or_else(|| folder(&document.path))
}

/// The domain under which `written`, an address or a host name, was
/// registered, in lower case: `https://www.news.example.co.uk/x` →
/// `example.co.uk`. Nothing if it is neither, or its last part is no suffix
/// under which names are registered.
pub(crate) fn registrable_domain(written: &str) -> Option<String> {
    let host = host(written.trim())?.to_ascii_lowercase();
    let suffix = psl::suffix(host.as_bytes())?;
    let last = host.rsplit('.').next().unwrap_or_default();
    if !suffix.is_known() && !RESERVED_SUFFIXES.contains(&last) {
        return None;
    }
    psl::domain_str(&host).map(str::to_owned)
}

/// The host of an address, if it has the shape of one.
fn host(written: &str) -> Option<&str> {
    let rest = written.split_once("://").map_or(written, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
    };
    let is_host = host.len() <= 253 && host.contains('.') && host.split('.').all(is_label);
    is_host.then_some(host)
}

fn is_address(source: &str) -> bool {
    source.contains("://") || source.starts_with("www.")
}

fn folder(path: &str) -> String {
    if path == "-" {
        return path.to_owned();
    }
    let parent = Path::new(path).parent().map(|folder| folder.to_string_lossy().into_owned());
    match parent {
        Some(folder) if !folder.is_empty() => folder,
        _ => ".".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::credit::find_credits;

    #[test]
    fn registrable_domains_are_found_in_addresses_and_hosts() {
        let cases = [
            ("https://www.news.example.co.uk/a/b?c#d", Some("example.co.uk")),
            ("http://user:pass@Example.COM:8080", Some("example.com")),
            ("www.aljazera.com", Some("aljazera.com")),
            ("a.b.example", Some("b.example")),
            ("b.example.", Some("b.example")),
            ("co.uk", None),
            ("Reuters", None),
            ("Example News", None),
            ("news.notasuffix", None),
            ("127.0.0.1", None),
            ("..", None),
            ("", None),
        ];
        for (written, domain) in cases {
            assert_eq!(registrable_domain(written).as_deref(), domain, "{written}");
        }
    }

    #[test]
    fn the_source_is_the_field_then_the_address_then_the_credit_then_the_folder() {
        let text = "A story about nothing.\n(Source: Example News)\n(Source:www.aljazera.com)\n";
        // field, url, path, text, source
        let cases = [
            (Some("Example"), Some("https://b.example/1"), "x/y", text, "Example"),
            (Some("https://www.example.com/feed"), None, "x/y", "", "example.com"),
            (Some("www.example.com"), None, "x/y", "", "example.com"),
            (Some("  "), Some("https://b.example/1"), "x/y", text, "b.example"),
            (None, Some("not an address"), "x/y", text, "aljazera.com"),
            (None, None, "x/y", text, "aljazera.com"),
            (None, None, "feeds/day/one.txt", "", "feeds/day"),
            (None, None, "./one.txt", "", "."),
            (None, None, "/one.txt", "", "/"),
            (None, None, "one.txt", "", "."),
            (None, None, "-", "", "-"),
        ];
        for (field, url, path, text, source) in cases {
            let document = Document {
                source: field.map(str::to_owned),
                url: url.map(str::to_owned),
                path: path.to_owned(),
                text: text.to_owned(),
                ..Document::default()
            };
            assert_eq!(source_of(&document, &find_credits(text)), source, "{field:?} {url:?} {path}");
        }
    }
}
