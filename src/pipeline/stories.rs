//! Verified pairs → stories, and which pairs that leaves to be compared.

use super::examine::VerifiedPair;
use super::{Compared, Groups};
use crate::candidates::CandidatePair;
use crate::cluster::bonds::Limits;
use crate::cluster::place::Place;
use crate::cluster::ties::{Evidence, Tie};
use crate::cluster::{self, Story};
use crate::collection::Collection;
use crate::document::{DocId, Span};
use crate::limits::PairLimits;
use crate::params::Params;
use crate::report::{PassageKind, Verdict};

/// The stories that verified pairs make. `compared` has every pair that was
/// compared, sorted.
pub(super) fn stories(
    (corpus, params): (Collection<'_>, &Params),
    groups: &Groups,
    pairs: &[VerifiedPair],
    compared: &[CandidatePair],
) -> Vec<Story> {
    let of_verdict = |is_wanted: fn(Verdict) -> bool| {
        let wanted = pairs.iter().filter(|pair| pair.is_listed && is_wanted(pair.verdict));
        let mut ties: Vec<Tie> = wanted.map(|pair| tie(pair, corpus)).collect();
        ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
        ties
    };
    let mut documents = vec![0; corpus.len()];
    let is_comparable = |first: &DocId| groups.comparable.binary_search(first).is_ok();
    for first in groups.first.iter().filter(|first| is_comparable(first)) {
        documents[first.index()] += 1;
    }
    let sizes: Vec<usize> = corpus.ids().map(|id| corpus.text_len(id)).collect();
    let evidence = Evidence {
        documents: &documents,
        sizes: &sizes,
        ties: &of_verdict(Verdict::is_uniting),
        related: &of_verdict(|verdict| verdict == Verdict::SharesPassage),
        compared,
    };
    cluster::stories(&evidence, limits(params))
}

/// Whether a story has a pair that the limits allow; it has one unless it is
/// one group of documents with the same tokens.
pub(super) fn is_allowed(story: &Story, groups: &Groups, limits: &PairLimits) -> bool {
    match story.groups.as_slice() {
        &[group] if story.excerpts.is_empty() => limits.allow_inside(groups.first[group]),
        _ => true,
    }
}

/// How many pairs of a story's groups the limits allow.
pub(super) fn allowed_inside(groups: &[usize], limits: &PairLimits) -> usize {
    if limits.are_set() && groups.len() <= cluster::COMPLETE_COMPONENT {
        return all_pairs(groups).filter(|&pair| limits.allow(pair)).count();
    }
    groups.len() * (groups.len() - 1) / 2
}

/// The pairs inside stories, small enough to be listed whole, that were not
/// compared, in order.
pub(super) fn unseen_pairs(stories: &[Story], compared: &[CandidatePair]) -> Vec<CandidatePair> {
    let small = stories.iter().filter(|story| story.groups.len() <= cluster::COMPLETE_COMPONENT);
    let mut unseen: Vec<CandidatePair> = small
        .flat_map(|story| all_pairs(&story.groups))
        .filter(|pair| compared.binary_search(pair).is_err())
        .collect();
    unseen.sort_unstable();
    unseen
}

/// All pairs of sorted groups.
pub(super) fn all_pairs(groups: &[usize]) -> impl Iterator<Item = CandidatePair> {
    let after = |at: usize| groups[at + 1..].iter();
    groups
        .iter()
        .enumerate()
        .flat_map(move |(at, &a)| after(at).map(move |&b| (DocId::new(a), DocId::new(b))))
}

/// For each story, how many pairs of its groups were compared.
pub(super) fn compared_inside(compared: &Compared<'_>) -> Vec<usize> {
    let mut story_of = vec![usize::MAX; compared.corpus.len()];
    for (number, story) in compared.stories.iter().enumerate() {
        story.groups.iter().for_each(|&group| story_of[group] = number);
    }
    let mut counts = vec![0; compared.stories.len()];
    for (a, b) in &compared.pairs {
        let (one, other) = (story_of[a.index()], story_of[b.index()]);
        if one == other && one != usize::MAX {
            counts[one] += 1;
        }
    }
    counts
}

fn limits(params: &Params) -> Limits {
    Limits { min_containment: params.min_containment, min_derived: params.min_derived }
}

fn tie(pair: &VerifiedPair, corpus: Collection<'_>) -> Tie {
    let counted = || pair.passages.iter().filter(|passage| passage.kind == PassageKind::Copy);
    let place = |spans: Vec<Span>, document: DocId| Place::new(spans, corpus.text_len(document));
    let (shown_a, shown_b) = pair.shown;
    let tie = Tie {
        a: pair.a.index(),
        b: pair.b.index(),
        of_a: pair.shares.coverage_of_a_by_b,
        of_b: pair.shares.coverage_of_b_by_a,
        in_a: place(counted().map(|passage| passage.a).collect(), shown_a),
        in_b: place(counted().map(|passage| passage.b).collect(), shown_b),
    };
    if tie.a <= tie.b { tie } else { tie.turned() }
}
