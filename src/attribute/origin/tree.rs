//! Who most likely copied from whom.
//!
//! Every member is looked at with those that may be its parent: the earliest
//! with its tokens, the partners that cover it best, and the origin. A parent
//! must have been first, as far as clues tell; the score of a parent is a
//! log-likelihood:
//!
//! - what the child has and the parent lacks must have been written anew, and
//!   costs the more the more it is: a child that shares the slips, the local
//!   paragraph or the new lead of one parent is not cheap from another. Credit
//!   lines cost nothing, as every copier writes the same one;
//! - what the parent has and the child lacks was left out, which is cheap: so a
//!   copy of the second of three versions hangs on the second, whose additions
//!   it has, and not on the third, of which it would have left out some;
//! - the confidence that the parent was first, that the child names it, that
//!   it is the previous version of the same publisher, and that most copies
//!   are made from the origin.
//!
//! The tree is then built greedily from the best links on, leaving out those
//! that would close a circle (Kruskal's way; Edmonds' branching can differ in
//! circles only, which certain directions do not have). Time is
//! `O(n log n + p)`: a member has a bounded number of possible parents.

use super::links::{IDENTITY, Link, Links};
use crate::attribute::direction::{Clues, MIN_CONFIDENCE, logistic};
use crate::attribute::edits::Edits;
use crate::attribute::witness::Witness;
use crate::disjoint::DisjointSets;
use crate::report::Credit;

/// Groups of partners that are looked at. Components of up to a hundred groups
/// list all pairs; in larger ones only the anchor has more, and of its
/// partners those that cover it best are enough.
const MAX_PARTNERS: usize = 64;

/// Documents looked at in a group of identical ones, from the earliest on.
const MAX_IDENTICAL: usize = 4;

/// Log-likelihood of one new shingle: a changed word makes five, and hits the
/// same place in two copies by chance once in some hundred times.
const NEW_SHINGLE: f64 = -1.0;

/// Log-likelihood of leaving out everything.
const LEFT_OUT: f64 = -4.0;

/// Most copies are made from the origin.
const FROM_ORIGIN: f64 = 1.5;

/// A credit names whom it was taken from more often than anybody else.
const NAMED: f64 = 1.5;

/// A publisher's later version comes from its own earlier one.
const OWN_EARLIER: f64 = 6.0;

/// Credit lines of one document that are set aside.
const MAX_CREDITS: usize = 4;

/// One member as the parent of another.
struct Step {
    parent: usize,
    child: usize,
    link: Link,
    score: f64,
}

/// The parent of each member, and how it is linked with it. Where the origin
/// lies outside, a member hangs on another only if it names it, or is a later
/// version of it.
pub(super) fn parents(
    members: &[&Witness<'_>],
    links: &Links,
    origin: Option<usize>,
    is_outside: bool,
) -> Vec<Option<(usize, Link)>> {
    let to_origin = origin.map(|origin| links.towards(origin));
    let mut steps: Vec<Step> = Vec::new();
    for child in (0..members.len()).filter(|&child| origin != Some(child)) {
        let own = links.identical(child).iter().map(|&parent| (parent, IDENTITY));
        let own = own.filter(|&(parent, _)| parent != child).take(MAX_IDENTICAL);
        let others = links.partners(child).take(MAX_PARTNERS);
        let others =
            others.flat_map(|(group, link)| group.iter().take(most_of(group)).map(move |&p| (p, link)));
        let first = origin.and_then(|origin| Some((origin, to_origin.as_ref()?.link(child)?)));
        for (parent, link) in own.chain(others).filter(|&(parent, _)| origin != Some(parent)).chain(first) {
            let step = Step { parent, child, link, score: 0.0 };
            steps.extend(scored(members, step, origin == Some(parent), is_outside));
        }
    }
    steps.sort_by(|x, y| {
        (y.score.total_cmp(&x.score)).then(x.child.cmp(&y.child)).then(x.parent.cmp(&y.parent))
    });
    let mut sets = DisjointSets::new(members.len());
    let mut parents = vec![None; members.len()];
    for Step { parent, child, link, .. } in steps {
        if parents[child].is_none() && sets.root(parent) != sets.root(child) {
            sets.unite(parent, child);
            parents[child] = Some((parent, link));
        }
    }
    parents
}

/// Identical documents are one text: a few of them stand for a large group.
fn most_of(group: &[usize]) -> usize {
    if group.len() > MAX_PARTNERS { 1 } else { MAX_IDENTICAL }
}

/// The step with its score; nothing if the parent was not first.
fn scored(members: &[&Witness<'_>], mut step: Step, is_origin: bool, is_outside: bool) -> Option<Step> {
    let (parent, child) = (members[step.parent], members[step.child]);
    let edits: Edits = step.link.edits;
    let clues = Clues::new(parent, child, edits);
    let confidence = logistic(clues.log_odds());
    let is_own_earlier = parent.entry.source == child.entry.source;
    if confidence < MIN_CONFIDENCE && !(is_origin && confidence > 0.5) {
        return None;
    }
    if is_outside && !(clues.is_named() || is_own_earlier) {
        return None;
    }
    let [of_child, of_parent] = step.link.shared;
    let new = ((1.0 - of_child) * child.entry.tokens as f64 - credit_shingles(child, parent)).max(0.0);
    step.score = confidence.ln()
        + NEW_SHINGLE * new
        + LEFT_OUT * (1.0 - of_parent)
        + f64::from(u8::from(is_origin)) * FROM_ORIGIN
        + f64::from(u8::from(clues.is_named())) * NAMED
        + f64::from(u8::from(is_own_earlier)) * OWN_EARLIER;
    Some(step)
}

/// Shingles that the credit lines of a document take part in, but for those
/// that `parent` has too: their words, and the four that reach into the text
/// beside.
fn credit_shingles(document: &Witness<'_>, parent: &Witness<'_>) -> f64 {
    let is_own =
        |credit: &&Credit| !parent.entry.credits.iter().take(MAX_CREDITS).any(|c| c.text == credit.text);
    let words = |credit: &Credit| credit.text.split(|c: char| !c.is_alphanumeric()).count() + 4;
    document.entry.credits.iter().take(MAX_CREDITS).filter(is_own).map(words).sum::<usize>() as f64
}
