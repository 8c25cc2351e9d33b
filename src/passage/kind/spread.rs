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
//! Vocabularies are compared by samples: the `SAMPLE` least hashes of a
//! document's longer words, which are all of them in an article. Whether two
//! documents are a witness is worked out while they are compared, so that
//! vocabularies need not be kept. Time O(n log n) in the tokens of documents
//! that may be witnesses and O(p log p) in the passages, however many documents
//! share one.

use std::borrow::Cow;

use rayon::prelude::*;

use super::Kind;
use crate::document::{DocId, Span};
use crate::passage::prepared::Prepared;
use crate::report::{Passage, PassageKind};

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

/// Share of a passage that must be furniture for all of it to be.
const MIN_INSIDE: f64 = 0.8;

/// Bytes of a word that says what a text is about; shorter ones are mostly the
/// grammar of a language.
const LONG_WORD: u32 = 6;

/// Words of a document that are compared.
const SAMPLE: usize = 256;

/// What a pair says of what its documents share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Testimony {
    /// Nothing: they are related, or not of one source.
    #[default]
    None,
    /// That it is furniture: they have nothing else in common.
    Full,
    /// That it may be: they have no more in common than texts of one trade.
    Weak,
}

impl Testimony {
    const ALL: [Self; 3] = [Self::None, Self::Full, Self::Weak];

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
            Self::None => 0,
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
        return Testimony::None;
    }
    let copies = passages.iter().filter(|passage| is_witnessed(passage.kind));
    let (of_a, of_b): (Vec<Span>, Vec<Span>) = copies.map(|passage| (passage.a, passage.b)).unzip();
    match Vocabulary::common((a.vocabulary(), &of_a), (b.vocabulary(), &of_b)) {
        common if common < MAX_COMMON => Testimony::Full,
        common if common < MAX_COMMON_OF_TRADE => Testimony::Weak,
        _ => Testimony::None,
    }
}

/// Whether passages of a kind are what witnesses speak of: copies, and the
/// signatures that their marks tell, as others may have them without a mark.
pub fn is_witnessed(kind: PassageKind) -> bool {
    matches!(kind, PassageKind::Copy | PassageKind::Boilerplate)
}

/// A place of a document that another one has too, and the weight of that.
type Carried = (DocId, DocId, Span, usize);

/// A place of a document that is furniture, and how many others have it at the
/// most.
type Wide = (DocId, Span, usize);

/// The furniture of a collection.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    /// By document, in the order of its text.
    places: Vec<Wide>,
}

impl Furniture {
    /// What witnesses tell: pairs of documents of one source that are otherwise
    /// unrelated, and what they share.
    pub fn new(witnesses: impl ParallelIterator<Item = ([DocId; 2], Testimony, Vec<Passage>)>) -> Self {
        let carried = witnesses.flat_map_iter(|([a, b], testimony, passages)| {
            let weight = testimony.weight();
            let witnessed = passages.into_iter().filter(|passage| is_witnessed(passage.kind));
            witnessed.flat_map(move |passage| [(a, b, passage.a, weight), (b, a, passage.b, weight)])
        });
        let mut carried: Vec<Carried> = carried.collect();
        carried.par_sort_unstable();
        let places = carried.par_chunk_by(|one, two| one.0 == two.0).flat_map_iter(widely_carried).collect();
        Self { places }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether one of two documents has some.
    pub fn has(&self, documents: [DocId; 2]) -> bool {
        documents.into_iter().any(|document| !self.of_document(document).is_empty())
    }

    /// Which of the passages of two documents are furniture: their numbers, in
    /// order, and how many other documents carry them.
    pub fn of(&self, documents: [DocId; 2], passages: &[Passage]) -> Vec<(usize, usize)> {
        let [of_a, of_b] = documents.map(|document| self.of_document(document));
        let copies = passages.iter().enumerate().filter(|(_, passage)| passage.kind == PassageKind::Copy);
        let carried = copies.filter_map(|(at, passage)| {
            carriers(of_a, passage.a).max(carriers(of_b, passage.b)).map(|carriers| (at, carriers))
        });
        carried.collect()
    }

    fn of_document(&self, document: DocId) -> &[Wide] {
        let first = self.places.partition_point(|place| place.0 < document);
        let rest = &self.places[first..];
        &rest[..rest.iter().take_while(|place| place.0 == document).count()]
    }
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

/// Where others of [`MIN_WEIGHT`] have the same as a document, in order, with
/// the number of others at the most. All is of one document, sorted.
fn widely_carried(carried: &[Carried]) -> Vec<Wide> {
    let own = carried[0].0;
    let mut edges: Vec<(usize, bool, usize)> = Vec::with_capacity(2 * carried.len());
    for of_one in carried.chunk_by(|one, two| one.1 == two.1) {
        // What one document has twice counts once.
        let mut behind = 0;
        for (_, _, span, weight) in of_one {
            let start = span.start.max(behind);
            if start < span.end {
                edges.extend([(start, true, *weight), (span.end, false, *weight)]);
                behind = span.end;
            }
        }
    }
    // Ends before beginnings at the same place, so that what touches is apart.
    edges.sort_unstable();
    let (mut depth, mut carriers, mut most, mut start) = (0, 0, 0, 0);
    let mut wide: Vec<Wide> = Vec::new();
    for (at, begins, weight) in edges {
        if begins {
            (depth, carriers) = (depth + weight, carriers + 1);
            most = most.max(carriers);
            if depth >= MIN_WEIGHT && depth - weight < MIN_WEIGHT {
                (start, most) = (at, carriers);
            }
        } else {
            (depth, carriers) = (depth - weight, carriers - 1);
            if depth < MIN_WEIGHT && depth + weight >= MIN_WEIGHT && start < at {
                wide.push((own, Span::new(start, at), most));
            }
        }
    }
    wide
}

/// How many others carry a passage, if it is furniture.
fn carriers(furniture: &[Wide], passage: Span) -> Option<usize> {
    let first = furniture.partition_point(|(_, span, _)| span.end <= passage.start);
    let (mut inside, mut most) = (0, 0);
    for (_, span, carriers) in furniture[first..].iter().take_while(|(_, span, _)| span.start < passage.end) {
        inside += span.end.min(passage.end) - span.start.max(passage.start);
        most = most.max(*carriers);
    }
    (inside as f64 >= MIN_INSIDE * (passage.end - passage.start) as f64).then_some(most)
}

/// A sample of the longer words of a document, each with its first place.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Sorted by hash.
    words: Vec<(u64, u32)>,
    is_complete: bool,
}

impl Vocabulary {
    /// Of words given by their hashes and byte ranges, in order.
    pub fn new(words: impl Iterator<Item = (u64, (u32, u32))>) -> Self {
        let long = words.filter(|(_, (start, end))| end - start >= LONG_WORD);
        let mut words: Vec<(u64, u32)> = long.map(|(hash, (start, _))| (hash, start)).collect();
        words.sort_unstable();
        words.dedup_by_key(|(hash, _)| *hash);
        let is_complete = words.len() <= SAMPLE;
        words.truncate(SAMPLE);
        words.shrink_to_fit();
        Self { words, is_complete }
    }

    /// The share of the smaller of two vocabularies that both have, outside of
    /// the given spans, of which there are few.
    fn common((a, of_a): (&Self, &[Span]), (b, of_b): (&Self, &[Span])) -> f64 {
        let bound = |words: &Self| match words.words.last() {
            Some((last, _)) if !words.is_complete => *last,
            _ => u64::MAX,
        };
        let bound = bound(a).min(bound(b));
        let is_outside = |place: u32, spans: &[Span]| {
            !spans.iter().any(|span| (span.start..span.end).contains(&(place as usize)))
        };
        let within = |words: &Self| words.words.partition_point(|(hash, _)| *hash <= bound);
        let (a, b) = (&a.words[..within(a)], &b.words[..within(b)]);
        let count = |words: &[(u64, u32)], spans: &[Span]| {
            words.iter().filter(|(_, place)| is_outside(*place, spans)).count()
        };
        let smaller = count(a, of_a).min(count(b, of_b));
        if smaller == 0 {
            return 0.0;
        }
        let (mut x, mut y, mut common) = (0, 0, 0);
        while x < a.len() && y < b.len() {
            let order = a[x].0.cmp(&b[y].0);
            common += usize::from(order.is_eq() && is_outside(a[x].1, of_a) && is_outside(b[y].1, of_b));
            x += usize::from(order.is_le());
            y += usize::from(order.is_ge());
        }
        common as f64 / smaller as f64
    }
}
