//! Which field of a record is the text, the title, the source …: the names
//! that feeds already use, in order of precedence.

mod names;

use crate::error::Error;

/// What a record can say about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The record's own id.
    Id,
    /// The text.
    Text,
    /// The title.
    Title,
    /// Where it was published on the web.
    Url,
    /// Who published it.
    Source,
    /// When it was published.
    Published,
    /// The language it is in.
    Language,
    /// Who wrote it.
    Author,
    /// The organisation that publishes it, beside the source.
    Publisher,
    /// The address that it gives as its proper one.
    Canonical,
    /// The address of the text it is a licensed copy of.
    SyndicationSource,
    /// Who had it first.
    OriginalSource,
    /// The work it is based on.
    BasedOn,
    /// The credit line.
    Credit,
    /// When it was last changed.
    Modified,
    /// Until when it must not be published.
    Embargo,
    /// Which version of it this is.
    Version,
    /// The feed it was an item of.
    Feed,
    /// The folder it lay in before.
    Folder,
    /// What its time was taken from, where nothing stated one.
    DatedBy,
    /// The text with its markup, a page or a part of one, where there is no
    /// other.
    Html,
}

impl Field {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 21] = [
        Self::Id,
        Self::Text,
        Self::Title,
        Self::Url,
        Self::Source,
        Self::Published,
        Self::Language,
        Self::Author,
        Self::Publisher,
        Self::Canonical,
        Self::SyndicationSource,
        Self::OriginalSource,
        Self::BasedOn,
        Self::Credit,
        Self::Modified,
        Self::Embargo,
        Self::Version,
        Self::Feed,
        Self::Folder,
        Self::DatedBy,
        Self::Html,
    ];

    /// The name a user gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Title => "title",
            Self::Url => "url",
            Self::Source => "source",
            Self::Published => "published",
            Self::Language => "language",
            Self::Author => "author",
            Self::Publisher => "publisher_name",
            Self::Canonical => "canonical",
            Self::SyndicationSource => "syndication_source",
            Self::OriginalSource => "original_source",
            Self::BasedOn => "based_on",
            Self::Credit => "credit",
            Self::Modified => "modified",
            Self::Embargo => "embargo",
            Self::Version => "text_version",
            Self::Feed => "feed",
            Self::Folder => "from_folder",
            Self::DatedBy => "dated_by",
            Self::Html => "html",
        }
    }

    /// Where it is looked for, the first that holds something wins. A point
    /// leads into an object. What `wirecopy read` writes is found under the
    /// field's own name.
    pub(crate) fn default_paths(self) -> &'static [&'static str] {
        names::of(self)
    }
}

/// Where each [`Field`] is found in a record.
///
/// ```
/// use wirecopy::read::{Field, FieldMap};
///
/// let mut fields = FieldMap::default();
/// assert_eq!(fields.paths(Field::Title)[..2], ["title", "headline"]);
/// fields.try_set("text", "article.plain")?;
/// assert_eq!(fields.paths(Field::Text), ["article.plain"]);
/// assert!(fields.try_set("txt", "body").is_err());
/// # Ok::<(), wirecopy::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMap {
    paths: [Vec<String>; Field::ALL.len()],
}

impl Default for FieldMap {
    fn default() -> Self {
        Self { paths: Field::ALL.map(|field| field.default_paths().iter().map(|&p| p.to_owned()).collect()) }
    }
}

impl FieldMap {
    /// Looks for `field` at `path` and nowhere else. A point in `path` leads
    /// into an object; a key that is spelled with the points is found too.
    ///
    /// # Errors
    ///
    /// If no field has that name, or `path` is empty or has an empty step.
    pub fn try_set(&mut self, field: &str, path: &str) -> Result<(), Error> {
        let given = || format!("{field}={path}");
        let Some(known) = Field::ALL.into_iter().find(|known| known.name() == field) else {
            let names = Field::ALL.map(Field::name).join(", ");
            return Err(Error::param("field", given(), format!("NAME=PATH with one of the names {names}")));
        };
        if path.split('.').any(str::is_empty) {
            let range =
                format!("{field}=PATH with names separated by points, such as {field}=article.{field}");
            return Err(Error::param("field", given(), range));
        }
        self.paths[known as usize] = vec![path.to_owned()];
        Ok(())
    }

    /// Where `field` is looked for, in order of precedence.
    pub fn paths(&self, field: Field) -> &[String] {
        &self.paths[field as usize]
    }

    /// All paths as one tree to walk along a record.
    pub(crate) fn tree(&self) -> FieldTree {
        let mut tree = FieldTree::default();
        for field in Field::ALL {
            for (rank, path) in self.paths(field).iter().enumerate() {
                let wanted = Wanted { field, rank };
                tree.insert(&mut path.split('.'), wanted);
                if path.contains('.') {
                    tree.insert(&mut std::iter::once(path.as_str()), wanted);
                }
            }
        }
        tree.sort();
        tree
    }
}

/// A field that a place of a record may give, and how soon it is asked: the
/// lowest rank wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) field: Field,
    pub(crate) rank: usize,
}

/// What is wanted at one place of a record and below it.
#[derive(Debug, Default)]
pub(crate) struct FieldTree {
    wanted: Vec<Wanted>,
    /// By length, then bytes, of the name.
    below: Vec<(Box<str>, FieldTree)>,
    /// Where the names of each length begin in `below`, and one more.
    starts: Vec<usize>,
}

impl FieldTree {
    /// The fields this very place gives.
    pub(crate) fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }

    /// Whether nothing is wanted below.
    pub(crate) fn is_leaf(&self) -> bool {
        self.below.is_empty()
    }

    /// The place called `name` in the object at this place.
    pub(crate) fn below(&self, name: &str) -> Option<&Self> {
        // Few names have one length, and fewer begin alike: comparing first
        // bytes leaves about one name to compare in full.
        let (start, end) = (*self.starts.get(name.len())?, *self.starts.get(name.len() + 1)?);
        let first = name.as_bytes().first();
        let is_it = |(key, _): &&(Box<str>, Self)| key.as_bytes().first() == first && **key == *name;
        self.below[start..end].iter().find(is_it).map(|(_, place)| place)
    }

    fn insert<'p>(&mut self, path: &mut impl Iterator<Item = &'p str>, wanted: Wanted) {
        let Some(name) = path.next() else {
            self.wanted.push(wanted);
            return;
        };
        let index = self.below.iter().position(|(key, _)| **key == *name).unwrap_or_else(|| {
            self.below.push((name.into(), Self::default()));
            self.below.len() - 1
        });
        self.below[index].1.insert(path, wanted);
    }

    fn sort(&mut self) {
        self.below.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        let longest = self.below.last().map_or(0, |(name, _)| name.len());
        let start = |length| self.below.partition_point(|(name, _)| name.len() < length);
        self.starts = (0..=longest + 1).map(start).collect();
        self.below.iter_mut().for_each(|(_, tree)| tree.sort());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_leads_to_every_path() {
        let fields = FieldMap::default();
        let tree = fields.tree();
        for field in Field::ALL {
            for (rank, path) in fields.paths(field).iter().enumerate() {
                let wanted = Wanted { field, rank };
                let place = path.split('.').try_fold(&tree, |place, name| place.below(name));
                assert!(place.is_some_and(|place| place.wanted().contains(&wanted)), "{path}");
                assert!(tree.below(path).is_some_and(|place| place.wanted().contains(&wanted)), "{path}");
            }
        }
        assert!(tree.below("comments").is_none());
        assert!(tree.below("").is_none());
    }

    #[test]
    fn a_wrong_mapping_says_what_is_right() {
        let cases = [
            (
                ("txt", "body"),
                "field is txt=body, but must be NAME=PATH with one of the names id, text, title, url, source, \
                 published, language, author, publisher_name, canonical, ",
            ),
            (("text", ""), "field is text=, but must be text=PATH with names separated by points, such as"),
            (("text", "a..b"), "field is text=a..b, but must be text=PATH"),
        ];
        for ((field, path), message) in cases {
            let error = FieldMap::default().try_set(field, path).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
