//! Publishers that have several hosts or names.

use std::collections::HashMap;

use super::source;
use crate::document::Document;
use crate::error::Error;

/// Which hosts and names belong to one publisher.
///
/// A document whose source, or whose address where it names no source, is
/// one of a family gets the family's name as its source.
///
/// ```
/// use wirecopy::read::Families;
///
/// let mut families = Families::default();
/// families.try_add("example.com", ["example.co.uk", "The Example"])?;
/// assert_eq!(families.of("www.example.co.uk"), Some("example.com"));
/// assert_eq!(families.of("the example"), Some("example.com"));
/// assert_eq!(families.of("example.org"), None);
/// # Ok::<(), wirecopy::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Families {
    /// The family of each member, whose name is in lower case.
    families: HashMap<String, String>,
}

impl Families {
    /// The family of each member, in order.
    #[cfg(feature = "cli")]
    pub(crate) fn sorted(&self) -> std::collections::BTreeMap<&str, &str> {
        self.families.iter().map(|(member, family)| (member.as_str(), family.as_str())).collect()
    }

    /// Adds a family. A member is an address, a host, of which the domain
    /// that was registered counts, or a name as feeds write it.
    ///
    /// # Errors
    ///
    /// If a name is empty, or a member is in another family.
    pub fn try_add<'m>(
        &mut self,
        name: &'m str,
        members: impl IntoIterator<Item = &'m str>,
    ) -> Result<(), Error> {
        let family = source::explicit(name).ok_or_else(|| wrong(name, "a publisher must have a name"))?;
        for member in std::iter::once(name).chain(members) {
            let key = key(member).ok_or_else(|| wrong(name, "an empty member"))?;
            let other = self.families.insert(key, family.clone());
            if let Some(other) = other.filter(|other| *other != family) {
                return Err(wrong(
                    name,
                    &format!("{member} is a member of {other} too; leave it in one of them"),
                ));
            }
        }
        Ok(())
    }

    /// The family that a publisher's host, address or name is of.
    pub fn of(&self, publisher: &str) -> Option<&str> {
        self.families.get(&key(publisher)?).map(String::as_str)
    }

    /// Puts the family in the place of each document's source.
    pub(crate) fn apply(&self, documents: &mut [Document]) {
        if self.families.is_empty() {
            return;
        }
        for document in documents {
            let named = document.source.as_deref().or(document.url.as_deref());
            if let Some(family) = named.and_then(|named| self.of(named)) {
                document.source = Some(family.to_owned());
            }
        }
    }
}

/// A publisher as it is compared: the domain of a host under any suffix, else
/// the name.
fn key(publisher: &str) -> Option<String> {
    let name = source::explicit(publisher)?;
    let is_host = name.contains('.') && !name.contains(char::is_whitespace) && !source::is_hierarchy(&name);
    let domain = if is_host { source::registrable_domain(&name) } else { None };
    Some(domain.unwrap_or_else(|| name.to_lowercase()))
}

fn wrong(name: &str, problem: &str) -> Error {
    Error::param("families", name.to_owned(), format!("a publisher with its hosts and names: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_a_family_have_one_source() {
        let mut families = Families::default();
        families.try_add("example.com", ["www.example.co.uk", "The Example"]).unwrap();
        // source, url, source then
        let cases = [
            (Some("example.co.uk"), None, Some("example.com")),
            (Some("THE EXAMPLE"), Some("https://other.example/"), Some("example.com")),
            (None, Some("https://m.example.co.uk/1"), Some("example.com")),
            (None, Some("https://edition.example.com/1"), Some("example.com")),
            (Some("other.example"), Some("https://example.co.uk/1"), Some("other.example")),
            (None, Some("https://other.example/"), None),
            (None, None, None),
        ];
        for (source, url, expected) in cases {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let mut document = [Document { source: owned(source), url: owned(url), ..Document::default() }];
            families.apply(&mut document);
            assert_eq!(document[0].source.as_deref(), expected, "{source:?} {url:?}");
        }
    }

    #[test]
    fn a_member_of_two_families_is_refused() {
        let mut families = Families::default();
        families.try_add("a.example", ["c.example"]).unwrap();
        families.try_add("a.example", ["d.example"]).unwrap();
        let error = families.try_add("b.example", ["www.c.example"]).unwrap_err().to_string();
        assert!(error.contains("www.c.example is a member of a.example too"), "{error}");
        assert!(families.try_add(" ", ["a"]).is_err());
        assert!(families.try_add("e.example", [""]).is_err());
    }
}
