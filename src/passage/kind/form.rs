//! Standing wording, found by its recurrence.
//!
//! A market notice may change one rate in fifty words, which a corrected story
//! does too: of the two alone nobody can tell which it is. But a notice comes
//! again, each time with another rate, and a story has few versions. So a
//! document is a *form* where
//!
//! - at least [`MIN_CARRIERS`] others have its wording with other facts, and they
//!   are [`MIN_MOSTLY`] of all that have it: a story that many carry has most
//!   carriers in agreement,
//! - in each of them [`MIN_SHARE`] of the facts or more are replaced, one of
//!   these inside the wording: in a long story that is updated again and again
//!   one figure in twenty changes, and a copy may have another dateline,
//! - and over all of them facts are replaced more often than the other words
//!   ([`Changes::is_more_than_chance`]): where texts are misread or rewritten,
//!   both are.
//!
//! Two forms of which one has the wording of the other with other facts
//! are a template; two that say the same are copies. A short story of which
//! four versions with other figures are in the collection is taken for a form;
//! nothing in their texts tells otherwise. O(pairs + documents).

use std::borrow::Cow;

use super::Kind;
use super::changes::Changes;
use crate::document::DocId;
use crate::report::PassageKind;

/// Other documents that have the wording with other facts. Of the pairs of
/// `reuters21578` that change a fact and unite else, most are versions where one
/// other document is known at an end; where three are, 40 of 42 that were read
/// are notices.
pub const MIN_CARRIERS: u32 = 3;

/// Share of the documents with the wording in which a fact is another.
pub const MIN_MOSTLY: f64 = 0.75;

/// Share of the facts that is replaced.
pub const MIN_SHARE: f64 = 0.1;

/// Share of the other words that may be replaced: as the facts of one pair may
/// be few, the wording must be nearly whole, which it is not on scanned pages.
pub const MAX_WORDING: f64 = 0.15;

/// How many times as often as the other words facts are replaced.
pub const MIN_RATIO: f64 = 2.0;

/// Two documents that are alike, and what became of the facts.
pub type Alike = ([DocId; 2], Changes);

/// What is known of the documents that have the wording of one.
#[derive(Clone, Copy, Debug, Default)]
struct Carriers {
    /// Those with other facts.
    changed: u32,
    /// The others.
    same: u32,
    /// What became of the facts in the first.
    changes: Changes,
}

impl Carriers {
    fn is_form(&self) -> bool {
        let all = self.changed + self.same;
        let facts = self.changes.facts();
        self.changed >= MIN_CARRIERS
            && f64::from(self.changed) >= MIN_MOSTLY * f64::from(all)
            && self.changes.is_more_than_chance(facts)
    }
}

/// Which of the pairs are standing wording that is filled in each time: by
/// number, in order, with the kind and its reason. `documents` is how many the
/// collection has.
pub fn forms(pairs: &[Alike], documents: usize) -> Vec<(usize, Kind)> {
    let mut carriers = vec![Carriers::default(); documents];
    for (ends, changes) in pairs {
        for document in ends {
            let of = &mut carriers[document.index()];
            if is_filled_in(changes) {
                of.changed += 1;
                of.changes = of.changes.and(*changes);
            } else {
                of.same += 1;
            }
        }
    }
    let is_form: Vec<bool> = carriers.iter().map(Carriers::is_form).collect();
    let judged = pairs.iter().enumerate().filter_map(|(number, (ends, changes))| {
        let is_so = is_filled_in(changes) && ends.iter().all(|document| is_form[document.index()]);
        is_so.then(|| {
            let others = ends.map(|document| carriers[document.index()].changed);
            (number, kind(others[0].max(others[1])))
        })
    });
    judged.collect()
}

/// Whether the wording stays and the facts are others.
fn is_filled_in(changes: &Changes) -> bool {
    let replaced = changes.facts().share();
    changes.inside > 0
        && changes.wording.share() <= MAX_WORDING
        && replaced >= MIN_SHARE
        && replaced >= MIN_RATIO * changes.wording.share()
}

fn kind(others: u32) -> Kind {
    let reason = format!("the same wording stands with other facts in {others} other documents");
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
        pairs.map(|(a, b)| ([DocId::new(a), DocId::new(b)], of(a, b))).collect()
    }

    #[test]
    fn a_wording_that_recurs_with_other_facts_is_a_form() {
        let notice = |_: usize, _: usize| changes(1, 6, 0);
        // Five carry each of two versions of a story.
        let story = |a: usize, b: usize| changes(u32::from(a % 2 != b % 2), 6, 0);
        let cases: [(&str, Vec<Alike>, usize); 7] = [
            ("a notice of every day", all_pairs(8, notice), 28),
            ("four of them", all_pairs(4, notice), 6),
            ("three", all_pairs(3, notice), 0),
            ("two versions of a story, carried often", all_pairs(10, story), 0),
            ("one fact of many, as in updates", all_pairs(8, |_, _| changes(1, 20, 0)), 0),
            ("misread throughout", all_pairs(8, |_, _| changes(2, 10, 8)), 0),
            ("rewritten", all_pairs(8, |_, _| changes(6, 6, 20)), 0),
        ];
        for (name, pairs, expected) in cases {
            assert_eq!(forms(&pairs, 10).len(), expected, "{name}");
        }
    }

    #[test]
    fn of_forms_only_those_with_other_facts_are_templates() {
        let twice = |a: usize, b: usize| changes(u32::from((a, b) != (0, 1)), 6, 0);
        let found: Vec<usize> =
            forms(&all_pairs(8, twice), 8).into_iter().map(|(number, _)| number).collect();
        assert_eq!(found, (1..28).collect::<Vec<usize>>());
    }
}
