//! Page furniture, found by its spread.
//!
//! A footer, a comment form or a column's heading stands in many documents of
//! one source that have nothing else in common; a story that was carried many
//! times makes up most of its carriers, and versions of a story are about the
//! same matter. So two documents of a source are a *witness* for what they
//! share where
//!
//! - all passages of the pair together cover less than [`MAX_COVERED`] of
//!   either document, and
//! - outside of them the two have less than [`MAX_COMMON`] of their longer
//!   words in common,
//!
//! and the places of a document for which two other documents are witnesses are
//! furniture. Pages of one trade, such as manuals, or texts in a language with
//! few words, have more words in common than that. So below
//! [`MAX_COMMON_OF_TRADE`] a pair is a *weak* witness, of which it takes four
//! for one; a story that eight documents carry makes up most of most of them.
//! A passage of any pair that lies there, in either document, is `boilerplate`,
//! or `template` where it is not the same word for word: the two may well be
//! related otherwise. No word has a meaning here, and no document of another
//! source is needed; where the input names no sources, all documents of a
//! folder are of one.
//!
//! Vocabularies are compared by samples: the least hashes of a
//! document's longer words, which are all of them in an article. Whether two
//! documents are a witness is worked out while they are compared, so that
//! vocabularies need not be kept. Time O(n log n) in the tokens of documents
//! that may be witnesses and O(p log p) in the passages, however many documents
//! share one.

pub mod furniture;
mod places;
pub mod vocabulary;

use std::borrow::Cow;

use super::Kind;
use crate::document::Span;
use crate::passage::prepared::Prepared;
use crate::report::{Passage, PassageKind};
use vocabulary::Vocabulary;

/// Share of a document from which what it has in common with another is more
/// than furniture.
pub const MAX_COVERED: f64 = 0.5;

/// Share of the smaller vocabulary that unrelated texts have in common at
/// most. Of pairs drawn at random from one newsgroup or one newswire 98 in 100
/// have less.
pub const MAX_COMMON: f64 = 0.25;

/// The same of texts that may be of one trade. Of pairs of manual pages
/// (German, French, Russian, Japanese, Chinese) that share a footer or another
/// passage, 78 to 84 in 100 lie between the two. So do three in five of such
/// pairs of newswire, but of one passage seldom eight.
pub const MAX_COMMON_OF_TRADE: f64 = 0.6;

/// Weight of the witnesses from which a place is furniture: two other documents
/// of the source, each unrelated to the one at hand, or eight that may be.
pub const MIN_WEIGHT: usize = 8;

/// Agreement from which furniture is verbatim; below, it is standing wording
/// that is filled in each time.
const MIN_VERBATIM: f64 = 0.95;

/// What a pair says of what its documents share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Testimony {
    /// Nothing: they are not of one source.
    #[default]
    None,
    /// That it is furniture: they have nothing else in common.
    Full,
    /// That it may be: they have no more in common than texts of one trade.
    Weak,
    /// Nothing: they are of one source, and related.
    Related,
}

impl Testimony {
    const ALL: [Self; 4] = [Self::None, Self::Full, Self::Weak, Self::Related];

    /// Its number in what is packed.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// That of a number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    fn weight(self) -> usize {
        match self {
            Self::None | Self::Related => 0,
            Self::Full => MIN_WEIGHT / 2,
            Self::Weak => 1,
        }
    }
}

/// Whether two documents of one source have nothing in common but the copies and
/// signatures among `passages`, which cover these shares of them.
pub fn testimony([a, b]: [&Prepared; 2], passages: &[Passage], covered: [f64; 2]) -> Testimony {
    let most = covered[0].max(covered[1]);
    if most == 0.0 || most >= MAX_COVERED {
        return Testimony::Related;
    }
    let copies = passages.iter().filter(|passage| is_witnessed(passage.kind));
    let (of_a, of_b): (Vec<Span>, Vec<Span>) = copies.map(|passage| (passage.a, passage.b)).unzip();
    match Vocabulary::common((a.vocabulary(), &of_a), (b.vocabulary(), &of_b)) {
        common if common < MAX_COMMON => Testimony::Full,
        common if common < MAX_COMMON_OF_TRADE => Testimony::Weak,
        _ => Testimony::Related,
    }
}

/// Whether passages of a kind are what witnesses speak of: copies, and the
/// signatures that their marks tell, as others may have them without a mark.
pub fn is_witnessed(kind: PassageKind) -> bool {
    matches!(kind, PassageKind::Copy | PassageKind::Boilerplate)
}

/// What a passage is that is furniture of so many other documents.
pub fn kind(carriers: usize, identity: f64) -> Kind {
    let (kind, words) = if identity >= MIN_VERBATIM {
        (PassageKind::Boilerplate, "the same words stand")
    } else {
        (PassageKind::Template, "the same wording with changes stands")
    };
    let reason = format!("{words} in {carriers} other documents of a source whose text is unrelated");
    Kind { kind, reason: Cow::Owned(reason) }
}
