//! Standing wording, found by its recurrence.
//!
//! A market notice may change one rate in fifty words, which a corrected story
//! does too: of the two alone nobody can tell which it is. But a notice comes
//! again, each time with another rate, and a story has few versions. So a
//! document is a *form* where
//!
//! - its wording stands in others with at least [`MIN_FILLINGS`] other
//!   fillings: what says the same facts is one, however many carry it,
//! - in each of them [`MIN_SHARE`] of the facts or more are replaced, one of
//!   these inside the wording, and hardly any other word: in a long story that
//!   is updated again and again one figure in twenty changes, and a copy may
//!   have another dateline; or [`MIN_LOOSE_SHARE`] are, and up to
//!   [`MAX_LOOSE_WORDING`] of the other words, where the facts of the pair alone
//!   change more often than words do: notices choose among standing sentences,
//! - and over all of them facts are replaced more often than the other words
//!   ([`Changes::is_more_than_chance`]): where texts are misread or rewritten,
//!   all are.
//!
//! Two forms of which one has the wording of the other with other facts
//! are a template; two that say the same are copies. Where fewer fillings are
//! known ([`MIN_FEW_FILLINGS`], of one of the two), as of a table that was
//! collected for a day, or of notices that were each compared with one of them
//! alone, all that differs must be facts ([`MAX_WORDS_OF_FEW`]): whoever edits or
//! misreads a text changes words too. A short story of which so many versions
//! with other figures are in the collection is taken for a form; nothing in their
//! texts tells otherwise. O(p log p) in the pairs.

use std::borrow::Cow;

use super::Kind;
use super::changes::Changes;
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::report::PassageKind;

/// Other fillings of a wording: with the one at hand four. Of the pairs of
/// `reuters21578` that change a fact and would unite, 9 of 14 that were read are
/// versions of a story where one other document with other facts is known, and
/// none of 38 where three or more are.
pub const MIN_FILLINGS: usize = 3;

/// Other fillings that suffice where the wording is whole.
pub const MIN_FEW_FILLINGS: usize = 2;

/// Other words that may be replaced then. By this 51 pairs of `reuters21578` that
/// united are templates: 50 notices and tables, and a report of earnings with its
/// correction (`benches/README.md`, which has the pairs that were read). Of 3,478
/// pairs among the copies of 100 stories planted there, edited or misread in eight
/// ways, none is one, and of 3,311 in `20news_19997` three are; with two words two
/// and three are, with any number 87 and more.
pub const MAX_WORDS_OF_FEW: u32 = 1;

/// Share of the facts that is replaced.
pub const MIN_SHARE: f64 = 0.1;

/// Share of the other words that may be replaced: as the facts of one pair may
/// be few, the wording must be nearly whole, which it is not on scanned pages.
pub const MAX_WORDING: f64 = 0.15;

/// How many times as often as the other words facts are replaced.
pub const MIN_RATIO: f64 = 2.0;

/// Share of the facts that is replaced where more of the wording is, too. By
/// this 77 pairs of `reuters21578` that united are templates, all of them
/// notices by their titles. Of 800 copies of 100 stories planted there, edited or
/// misread in eight ways, no pair is one; in `20news_19997` those of a picture in
/// letters are, and one of a table.
pub const MIN_LOOSE_SHARE: f64 = 0.3;

/// Share of the other words that may be replaced then.
pub const MAX_LOOSE_WORDING: f64 = 0.3;

/// Standard deviations by which facts must change more often than words then,
/// in the pair alone, which may have few.
const MIN_PAIR_DEVIATIONS: f64 = 1.5;

/// Share of one text's shingles that the other must have for both to say the
/// same if no fact is seen to be replaced: in what is rewritten none would be.
const MIN_SAME: f64 = 0.8;

/// Standard deviations by which facts must change more often than words, over
/// all pairs of a form, each of which has passed the bars above.
const MIN_DEVIATIONS: f64 = 2.0;

/// Two documents that are alike.
#[derive(Clone, Copy, Debug)]
pub struct Alike {
    /// The two.
    pub documents: [DocId; 2],
    /// Share of the shingles of one that the other has, the larger.
    pub containment: f64,
    /// What became of the facts.
    pub changes: Changes,
}

impl Alike {
    /// Whether they say the same.
    fn is_same(&self) -> bool {
        self.changes.inside == 0 && self.containment >= MIN_SAME
    }

    /// Whether it tells anything of a form: two that say the same, or one filled in
    /// otherwise. Others may be left out.
    pub fn is_telling(&self) -> bool {
        self.is_same() || self.is_filled_in()
    }

    /// Whether all that differs is facts.
    fn keeps_all_words(&self) -> bool {
        self.changes.wording.replaced <= MAX_WORDS_OF_FEW
    }

    /// Whether the wording stays and the facts are others.
    fn is_filled_in(&self) -> bool {
        let Changes { wording, inside, .. } = self.changes;
        let facts = self.changes.facts();
        let keeps_wording = wording.share() <= MAX_WORDING
            && facts.share() >= MIN_SHARE
            && facts.share() >= MIN_RATIO * wording.share();
        let changes_facts = wording.share() <= MAX_LOOSE_WORDING
            && facts.share() >= MIN_LOOSE_SHARE
            && self.changes.is_more_than_chance(facts, MIN_PAIR_DEVIATIONS);
        inside > 0 && (keeps_wording || changes_facts)
    }
}

/// Which of the pairs are standing wording that is filled in each time: by
/// number, in order, with the number of other fillings. `pairs` gives the pairs
/// with their numbers, in order, as often as it is asked; `documents` is how
/// many the collection has.
pub fn forms<P: Iterator<Item = (usize, Alike)>>(
    pairs: impl Fn() -> P,
    documents: usize,
) -> Vec<(usize, usize)> {
    let mut fillings = DisjointSets::new(documents);
    let mut is_any = false;
    for (_, pair) in pairs() {
        is_any |= pair.is_filled_in();
        if pair.is_same() {
            fillings.unite(pair.documents[0].index(), pair.documents[1].index());
        }
    }
    if !is_any {
        return Vec::new();
    }
    let filled_in = || pairs().filter(|(_, pair)| pair.is_filled_in());
    let mut others: Vec<(DocId, usize)> = Vec::new();
    let mut with_other = |ends: [DocId; 2]| {
        let of = ends.map(|document| fillings.root(document.index()));
        (of[0] != of[1]).then_some([(ends[0], of[1]), (ends[1], of[0])])
    };
    filled_in().for_each(|(_, pair)| others.extend(with_other(pair.documents).into_iter().flatten()));
    others.sort_unstable();
    others.dedup();
    let of_one = others.chunk_by(|one, two| one.0 == two.0);
    let mut filled: Vec<Filled> = of_one
        .map(|others| Filled { document: others[0].0, others: others.len(), changes: Changes::default() })
        .collect();
    drop(others);
    let place = |filled: &[Filled], end: DocId| filled.binary_search_by_key(&end, |form| form.document).ok();
    for (_, Alike { documents: ends, changes, .. }) in filled_in() {
        for (end, _) in with_other(ends).into_iter().flatten() {
            if let Some(at) = place(&filled, end) {
                filled[at].changes = filled[at].changes.and(changes);
            }
        }
    }
    let others =
        |end: DocId| place(&filled, end).filter(|&at| filled[at].is_form()).map(|at| filled[at].others);
    let judged = filled_in().filter_map(|(number, pair)| {
        let [of_a, of_b] = pair.documents.map(others);
        let is_of_many = of_a.min(of_b) >= Some(MIN_FILLINGS);
        let most = of_a.max(of_b)?;
        (is_of_many || pair.keeps_all_words()).then_some((number, most))
    });
    judged.collect()
}

/// A document whose wording is filled in otherwise elsewhere.
struct Filled {
    document: DocId,
    /// Other fillings.
    others: usize,
    /// Over all pairs with them.
    changes: Changes,
}

impl Filled {
    fn is_form(&self) -> bool {
        let Self { others, changes, .. } = self;
        *others >= MIN_FEW_FILLINGS && changes.is_more_than_chance(changes.facts(), MIN_DEVIATIONS)
    }
}

/// What a pair is whose wording stands elsewhere with so many other fillings.
pub fn kind(others: usize) -> Kind {
    let reason = format!("the same wording stands elsewhere with {others} other fillings");
    Kind { kind: PassageKind::Template, reason: Cow::Owned(reason) }
}

#[cfg(test)]
mod tests {
    use super::super::changes::Change;
    use super::*;

    /// Facts replaced of so many, words replaced of 40.
    fn changes(replaced: u32, facts: u32, words: u32) -> Changes {
        Changes {
            numbers: Change { kept: facts - replaced, replaced },
            names: Change::default(),
            wording: Change { kept: 40 - words, replaced: words },
            inside: replaced,
        }
    }

    fn all_pairs(documents: usize, of: impl Fn(usize, usize) -> Changes) -> Vec<Alike> {
        let pairs = (0..documents).flat_map(|a| (a + 1..documents).map(move |b| (a, b)));
        let alike =
            |(a, b)| Alike { documents: [DocId::new(a), DocId::new(b)], containment: 0.9, changes: of(a, b) };
        pairs.map(alike).collect()
    }

    fn forms_of(pairs: &[Alike], documents: usize) -> Vec<(usize, usize)> {
        forms(|| pairs.iter().copied().enumerate(), documents)
    }

    #[test]
    fn a_wording_that_recurs_with_other_facts_is_a_form() {
        let notice = |_: usize, _: usize| changes(1, 6, 0);
        // Five carry each of two versions of a story.
        let story = |a: usize, b: usize| changes(u32::from(a % 2 != b % 2), 6, 0);
        let days = |a: usize, b: usize| changes(u32::from(a % 5 != b % 5), 6, 0);
        let hub = |pairs: Vec<Alike>| -> Vec<Alike> {
            pairs.into_iter().filter(|pair| pair.documents[0] == DocId::new(0)).collect()
        };
        let reworded = |_: usize, _: usize| changes(2, 6, 2);
        let cases: [(&str, Vec<Alike>, usize); 14] = [
            ("a notice of every day", all_pairs(8, notice), 28),
            ("three of them", all_pairs(3, notice), 3),
            ("two", all_pairs(2, notice), 0),
            ("each compared with one of them alone", hub(all_pairs(3, notice)), 2),
            ("four of them with words replaced", all_pairs(4, reworded), 6),
            ("three with words replaced", all_pairs(3, reworded), 0),
            ("each with words replaced and compared with one alone", hub(all_pairs(8, reworded)), 0),
            ("two versions of a story, carried often", all_pairs(10, story), 0),
            ("a notice of which some days are the same", all_pairs(10, days), 40),
            ("one fact of many, as in updates", all_pairs(8, |_, _| changes(1, 20, 0)), 0),
            ("misread throughout", all_pairs(8, |_, _| changes(2, 10, 8)), 0),
            ("a notice that chooses its sentences", all_pairs(8, |_, _| changes(4, 7, 10)), 28),
            ("words replaced at one rate", all_pairs(8, |_, _| changes(2, 6, 10)), 0),
            ("rewritten", all_pairs(8, |_, _| changes(6, 6, 20)), 0),
        ];
        for (name, pairs, expected) in cases {
            assert_eq!(forms_of(&pairs, 10).len(), expected, "{name}");
        }
    }

    #[test]
    fn of_forms_only_those_with_other_facts_are_templates() {
        let twice = |a: usize, b: usize| changes(u32::from((a, b) != (0, 1)), 6, 0);
        let found: Vec<usize> =
            forms_of(&all_pairs(8, twice), 8).into_iter().map(|(number, _)| number).collect();
        assert_eq!(found, (1..28).collect::<Vec<usize>>());
    }
}
