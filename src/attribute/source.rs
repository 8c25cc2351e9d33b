//! Who published a document.

use crate::document::Document;
use crate::read::source;
use crate::report::Credit;

/// Top-level names that no registry gives out; RFC 2606 keeps them for
/// documentation and tests, and sample feeds use them.
const RESERVED_SUFFIXES: [&str; 2] = ["example", "test"];

/// The publisher of `document`: what the input calls it, else the registrable
/// domain of its address, else that of the first of its `credits` that is one,
/// else the name of the folder it lies in (`.` for a bare file name, `-` for
/// standard input).
pub fn source_of(document: &Document, credits: &[Credit]) -> String {
    let credited = || credits.iter().find_map(|credit| registrable_domain(credit.outlet.as_deref()?));
    declared(document).or_else(credited).unwrap_or_else(|| folder_of(document))
}

/// The publisher that the input names, or whose address the document has.
pub(crate) fn declared(document: &Document) -> Option<String> {
    let named = || document.source.as_deref().and_then(source::explicit);
    let address = || document.url.as_deref().and_then(registrable_domain);
    named().or_else(address)
}

/// The name of the folder that it lies in.
pub(crate) fn folder_of(document: &Document) -> String {
    let remembered = document.provenance.as_ref().and_then(|provenance| provenance.folder.clone());
    match (remembered, &*document.path) {
        (Some(folder), _) => folder,
        (None, "-") => "-".to_owned(),
        (None, path) => source::folder(path).unwrap_or(".").to_owned(),
    }
}

/// The domain under which `written`, an address or a host name, was
/// registered, in lower case: `https://www.news.example.co.uk/x` →
/// `example.co.uk`. Unlike [`source::registrable_domain`] it asks for a suffix
/// under which names are known to be registered, since what is written in a
/// text need not be a host name.
pub(crate) fn registrable_domain(written: &str) -> Option<String> {
    if source::is_hierarchy(written) {
        return None;
    }
    let domain = source::registrable_domain(written)?;
    let suffix = psl::suffix(domain.as_bytes())?;
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_known = suffix.is_known() || RESERVED_SUFFIXES.contains(&last);
    (is_known && domain.as_bytes() != suffix.as_bytes()).then_some(domain)
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
            ("rec.sport.hockey", None),
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
            (None, None, "feeds/day/one.txt", "", "day"),
            (None, None, "./one.txt", "", "."),
            (None, None, "/one.txt", "", "."),
            (None, None, "one.txt", "", "."),
            (None, None, "-", "", "-"),
        ];
        for (field, url, path, text, source) in cases {
            let document = Document {
                source: field.map(str::to_owned),
                url: url.map(str::to_owned),
                path: path.into(),
                text: text.to_owned(),
                ..Document::default()
            };
            assert_eq!(source_of(&document, &find_credits(text)), source, "{field:?} {url:?} {path}");
        }
    }
}
