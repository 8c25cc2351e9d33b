//! Small corpora put together from pieces that recur.

use proptest::prelude::*;

use crate::support::words;

/// Words that no other piece has: their number is the place of the piece in
/// its corpus.
const OWN_WORDS: usize = 1000;

/// What a document is made of.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// So many words that stand nowhere else.
    Own(usize),
    /// One of a few passages, cut to so many words.
    Passage(usize, usize),
    /// A passage in which the words at these places are others.
    Edited(usize, Vec<usize>),
    /// A phrase of a few words that many documents have.
    Phrase(usize),
}

/// Words of a passage.
pub(crate) const PASSAGE_WORDS: usize = 60;

/// Passages that recur.
const PASSAGES: usize = 4;

/// What a document will be: its pieces, and whether it is set in capitals.
pub(crate) type Outline = (Vec<Piece>, bool);

/// Documents that share passages of `least` words or more, and phrases that
/// are a small part of each.
pub(crate) fn unedited(least: usize) -> impl Strategy<Value = Vec<Outline>> {
    let own = || (30usize..60).prop_map(Piece::Own);
    let piece = prop_oneof![
        2 => own(),
        3 => (0..PASSAGES, least..=PASSAGE_WORDS).prop_map(|(which, len)| Piece::Passage(which, len)),
        1 => (0usize..2).prop_map(Piece::Phrase),
    ];
    let pieces = (own(), prop::collection::vec(piece, 0..4)).prop_map(|(own, mut pieces)| {
        pieces.insert(0, own);
        pieces
    });
    corpora(pieces)
}

/// Documents with passages of any length, edited and whole.
pub(crate) fn edited() -> impl Strategy<Value = Vec<Outline>> {
    let places = prop::collection::vec(0..PASSAGE_WORDS, 0..12);
    let piece = prop_oneof![
        2 => (1usize..60).prop_map(Piece::Own),
        2 => (0..PASSAGES, 1..=PASSAGE_WORDS).prop_map(|(which, len)| Piece::Passage(which, len)),
        3 => (0..PASSAGES, places).prop_map(|(which, places)| Piece::Edited(which, places)),
        1 => (0usize..2).prop_map(Piece::Phrase),
    ];
    corpora(prop::collection::vec(piece, 0..5))
}

fn corpora(pieces: impl Strategy<Value = Vec<Piece>>) -> impl Strategy<Value = Vec<Outline>> {
    let document = (pieces, any::<bool>());
    // Some documents come twice, perhaps in another case.
    let twice = prop::collection::vec(any::<prop::sample::Index>(), 0..3);
    (prop::collection::vec(document, 2..9), twice, any::<bool>()).prop_map(
        |(mut documents, twice, capitals)| {
            for index in twice {
                let (pieces, _) = index.get(&documents).clone();
                documents.push((pieces, capitals));
            }
            documents
        },
    )
}

/// The texts of the documents. A document that comes twice has the same own
/// words both times.
pub(crate) fn texts(documents: &[Outline]) -> Vec<String> {
    let text = |(pieces, capitals): &Outline| {
        let first = documents.iter().position(|other| format!("{:?}", other.0) == format!("{pieces:?}"));
        let own = (first.unwrap_or_default() + 10) * 10 * OWN_WORDS;
        let parts = pieces.iter().enumerate().map(|(place, piece)| words_of(piece, own + place * OWN_WORDS));
        let text = parts.collect::<Vec<_>>().join("\n");
        if *capitals { text.to_uppercase() } else { text }
    };
    documents.iter().map(text).collect()
}

fn words_of(piece: &Piece, own: usize) -> String {
    let passage = |which: usize| which * OWN_WORDS;
    match piece {
        Piece::Own(len) => words::range(own..own + len),
        Piece::Passage(which, len) => words::range(passage(*which)..passage(*which) + len),
        Piece::Phrase(which) => words::range(passage(PASSAGES + which)..passage(PASSAGES + which) + 7),
        Piece::Edited(which, places) => {
            let whole = words::range(passage(*which)..passage(*which) + PASSAGE_WORDS);
            let word = |(place, word): (usize, &str)| {
                if places.contains(&place) { format!("e{}", own + place) } else { word.to_owned() }
            };
            whole.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
        }
    }
}
