//! What can be planted.

use std::fmt;
use std::str::FromStr;

/// A kind of copy or of hard negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// The same text.
    Exact,
    /// Another case, punctuation and spacing.
    Case,
    /// This per cent of the words replaced.
    Sub(usize),
    /// This per cent of the characters misread.
    Ocr(usize),
    /// Cut from the bottom to this per cent of its words.
    Cut(usize),
    /// Another headline and dateline before the same body.
    Headline,
    /// Other paragraphs in between.
    Inserted,
    /// Paragraphs left out.
    Dropped,
    /// Paragraphs in another order.
    Reordered,
    /// The body twice.
    Doubled,
    /// p1 p1 p2 p2.
    Interleaved,
    /// p1 p2 p1 p2.
    Alternated,
    /// 60 to 200 words inside an unrelated document.
    Embed,
    /// Such passages of two originals inside an unrelated document.
    Multi,
    /// One quotation in two unrelated documents: no copy.
    Quotation,
    /// One footer under unrelated documents of a source: no copy.
    Boilerplate,
    /// One form with other facts: no copy.
    Template,
}

impl Kind {
    /// Every kind, in the order in which they are planted.
    pub(crate) const ALL: [Self; 23] = [
        Self::Exact,
        Self::Case,
        Self::Sub(5),
        Self::Sub(15),
        Self::Sub(30),
        Self::Ocr(2),
        Self::Ocr(5),
        Self::Ocr(10),
        Self::Cut(60),
        Self::Cut(30),
        Self::Cut(15),
        Self::Headline,
        Self::Inserted,
        Self::Dropped,
        Self::Reordered,
        Self::Doubled,
        Self::Interleaved,
        Self::Alternated,
        Self::Embed,
        Self::Multi,
        Self::Quotation,
        Self::Boilerplate,
        Self::Template,
    ];

    /// How a planted document of this kind is made.
    pub(crate) fn family(self) -> Family {
        match self {
            Self::Embed => Family::Passage { origins: 1 },
            Self::Multi => Family::Passage { origins: 2 },
            Self::Quotation | Self::Boilerplate | Self::Template => Family::Negative,
            _ => Family::Copy,
        }
    }
}

/// What the labels of a kind say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// A copy of one original: the two belong into one cluster.
    Copy,
    /// Passages of originals in an unrelated document: related, not united.
    Passage {
        /// How many originals.
        origins: usize,
    },
    /// Shares words that make no copy.
    Negative,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sub(percent) => write!(f, "sub{percent}"),
            Self::Ocr(percent) => write!(f, "ocr{percent}"),
            Self::Cut(percent) => write!(f, "cut{percent}"),
            kind => f.write_str(&format!("{kind:?}").to_lowercase()),
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == name).ok_or_else(|| {
            let all: Vec<String> = Self::ALL.iter().map(Self::to_string).collect();
            format!("kind is {name}, but must be one of {}", all.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("sub7".parse::<Kind>().unwrap_err().starts_with("kind is sub7, but must be one of exact, "));
    }
}
