//! The kinds of pairs: which edit lies between two documents, or what two
//! unrelated ones have in common. An optional file beside the labels, so that
//! these keep their form: `id1 id2 kind`, tab-separated like them. What a kind
//! is called means nothing beyond being the same; but `none`, the label of two
//! documents without shared text, is no kind.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::lines::{Lines, two_documents};
use crate::error::Error;

/// How a file of kinds says that two documents have nothing in common.
const NO_KIND: &str = "none";

/// Pairs of documents, each with the name of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// By the two ids, the lower first.
    by_pair: HashMap<(String, String), String>,
}

impl Kinds {
    /// Reads a file of kinds.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or as [`parse`](Self::parse) says.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
        Self::parse(&text, path)
    }

    /// Reads kinds from `text`; `path` is named in errors alone.
    ///
    /// # Errors
    ///
    /// The first line with a wrong number of columns, and a pair that is given
    /// two kinds.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let lines = Lines { text, name: "kinds", columns: "id1 id2 kind", path };
        let labels = lines.parse(|[id1, id2, kind]: [&str; 3]| {
            two_documents(id1, id2)?;
            Ok((key(id1, id2), kind.to_owned()))
        })?;
        let mut by_pair: HashMap<(String, String), String> = HashMap::with_capacity(labels.len());
        for (line, (pair, kind)) in labels {
            if let Some(first) = by_pair.get(&pair).filter(|first| **first != kind) {
                let problem =
                    format!("{} and {} are of kind {kind}, but an earlier line says {first}", pair.0, pair.1);
                return Err(Error::format(path, Some(line), problem));
            }
            by_pair.insert(pair, kind);
        }
        Ok(Self { by_pair })
    }

    /// The kind of two documents, whichever is named first.
    pub fn of(&self, id1: &str, id2: &str) -> Option<&str> {
        self.by_pair.get(&key(id1, id2)).map(String::as_str).filter(|kind| *kind != NO_KIND)
    }
}

fn key(id1: &str, id2: &str) -> (String, String) {
    (id1.min(id2).to_owned(), id1.max(id2).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Kinds, String> {
        Kinds::parse(text, "k.tsv".as_ref()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_pair_has_its_kind_whichever_document_is_named_first() {
        let kinds = parse("#id1\tid2\tkind\nb\ta\tcut30\nb\ta\tcut30\nb\tc\tocr5\na\td\tnone\n").unwrap();
        let cases = [
            ("a", "b", Some("cut30")),
            ("b", "a", Some("cut30")),
            ("c", "b", Some("ocr5")),
            ("a", "c", None),
            ("a", "d", None),
        ];
        for (id1, id2, kind) in cases {
            assert_eq!(kinds.of(id1, id2), kind, "{id1} {id2}");
        }
    }

    #[test]
    fn a_wrong_line_of_kinds_is_named_with_its_number() {
        let cases = [
            ("a\tb\n", "k.tsv:1: 2 columns, but a line of kinds has 3, separated by tabs: id1 id2 kind"),
            ("#\na\ta\tx\n", "k.tsv:2: a is paired with itself"),
            ("a\tb\tx\nb\ta\ty\n", "k.tsv:2: a and b are of kind y, but an earlier line says x"),
        ];
        for (text, message) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
