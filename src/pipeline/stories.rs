//! Verified pairs → stories, and which pairs that leaves to be compared.
//!
//! What is no tie away says nothing about a story, so each connected component
//! of the pairs that unite or share a passage is looked at by itself: what is
//! in memory are the ties of the largest ones, and not of all.

use rayon::prelude::*;

use super::examine::Examination;
use super::verified::{Row, VerifiedPair, VerifiedPairs};
use super::{Compared, Groups};
use crate::candidates::CandidatePair;
use crate::cluster::bonds::{self, Limits};
use crate::cluster::excerpt::Excerpt;
use crate::cluster::place::Place;
use crate::cluster::ties::{Evidence, Tie};
use crate::cluster::{self, Story};
use crate::collection::Collection;
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::report::{PassageKind, Verdict};

/// The stories that verified pairs make, in the order of their least group.
/// `compared` has every pair that was compared, sorted.
pub(super) fn stories(
    (corpus, params): (Collection<'_>, &Params),
    groups: &Groups,
    pairs: &VerifiedPairs<'_>,
    compared: &[CandidatePair],
) -> Vec<Story> {
    let by_component = by_component(pairs.rows(), corpus.len());
    let components: Vec<&[(u32, u32)]> = by_component.chunk_by(|one, two| one.0 == two.0).collect();
    let of_component = |part: &&[(u32, u32)]| {
        Component::new((corpus, groups), (pairs, part), compared).stories(limits(params))
    };
    let mut stories: Vec<Story> = components.par_iter().flat_map_iter(of_component).collect();
    let mut is_tied = vec![false; corpus.len()];
    for &(_, at) in &by_component {
        let row = &pairs.rows()[at as usize];
        (is_tied[row.a.index()], is_tied[row.b.index()]) = (true, true);
    }
    let firsts = groups.exact.iter().map(|group| group[0]);
    let alone = firsts.filter(|first| !is_tied[first.index()] && groups.documents(*first) > 1);
    stories.extend(alone.map(|first| Story { groups: vec![first.index()], excerpts: Vec::new() }));
    stories.par_sort_unstable_by_key(|story| story.groups[0]);
    stories
}

/// The numbers of the pairs that say something about stories, each behind its
/// connected component, sorted.
fn by_component(rows: &[Row], groups: usize) -> Vec<(u32, u32)> {
    let is_tie = |verdict: Verdict| verdict.is_uniting() || verdict == Verdict::SharesPassage;
    let ties = || rows.iter().enumerate().filter(|(_, row)| row.is_listed && is_tie(row.verdict));
    let mut sets = DisjointSets::new(groups);
    for (_, row) in ties() {
        sets.unite(row.a.index(), row.b.index());
    }
    let mut by_component: Vec<(u32, u32)> =
        ties().map(|(at, row)| (sets.root(row.a.index()) as u32, at as u32)).collect();
    by_component.par_sort_unstable();
    by_component
}

/// Groups that hang together, numbered in their order.
struct Component {
    groups: Vec<usize>,
    documents: Vec<usize>,
    sizes: Vec<usize>,
    ties: Vec<Tie>,
    related: Vec<Tie>,
    compared: Vec<CandidatePair>,
}

impl Component {
    /// That of the pairs with these numbers, as [`by_component`] gives them.
    fn new(
        (corpus, groups): (Collection<'_>, &Groups),
        (pairs, part): (&VerifiedPairs<'_>, &[(u32, u32)]),
        compared: &[CandidatePair],
    ) -> Self {
        let numbers: Vec<usize> = part.iter().map(|&(_, at)| at as usize).collect();
        let rows = || numbers.iter().map(|&at| pairs.rows()[at]);
        let mut members: Vec<usize> = rows().flat_map(|row| [row.a.index(), row.b.index()]).collect();
        members.sort_unstable();
        members.dedup();
        let place = |group: usize| members.binary_search(&group);
        let of_verdict = |is_wanted: fn(Verdict) -> bool| {
            let wanted: Vec<usize> =
                numbers.iter().copied().filter(|&at| is_wanted(pairs.rows()[at].verdict)).collect();
            let mut ties: Vec<Tie> = wanted.par_iter().map(|&at| tie(&pairs.get(at), corpus)).collect();
            for end in ties.iter_mut().flat_map(|tie| [&mut tie.a, &mut tie.b]) {
                *end = place(*end).expect("both ends of a tie are members");
            }
            ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
            ties
        };
        let of_group = |(at, &group): (usize, &usize)| {
            let first = compared.partition_point(|(a, _)| a.index() < group);
            let of_group = compared[first..].iter().take_while(move |(a, _)| a.index() == group);
            let inside = of_group.filter_map(|(_, b)| place(b.index()).ok());
            inside.map(|other| (DocId::new(at), DocId::new(other))).collect::<Vec<_>>()
        };
        Self {
            documents: members.iter().map(|&group| groups.documents(DocId::new(group))).collect(),
            sizes: members.iter().map(|&group| corpus.text_len(DocId::new(group))).collect(),
            ties: of_verdict(Verdict::is_uniting),
            related: of_verdict(|verdict| verdict == Verdict::SharesPassage),
            compared: members.iter().enumerate().flat_map(of_group).collect(),
            groups: members,
        }
    }

    fn evidence(&self) -> Evidence<'_> {
        let Self { documents, sizes, ties, related, compared, .. } = self;
        Evidence { documents, sizes, ties, related, compared }
    }

    /// The pairs that the rules ask about and that were not compared, by the
    /// numbers of the collection.
    fn questions(&self, limits: Limits) -> Vec<CandidatePair> {
        let asked = bonds::questions(&self.evidence(), limits);
        let rename = |group: usize| DocId::new(self.groups[group]);
        asked.into_iter().map(|(one, other)| (rename(one), rename(other))).collect()
    }

    /// The stories in it, by the numbers of the collection.
    fn stories(&self, limits: Limits) -> Vec<Story> {
        let mut stories = cluster::stories(&self.evidence(), limits);
        let rename = |group: &mut usize| *group = self.groups[*group];
        for Story { groups, excerpts } in &mut stories {
            groups.iter_mut().for_each(rename);
            excerpts.iter_mut().flat_map(|Excerpt { group, of, .. }| [group, of]).for_each(rename);
        }
        stories
    }
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
/// compared, and those that the rules ask about in components that are large
/// still: answers raise questions. In order.
pub(super) fn unseen_pairs(
    of_corpus: (Collection<'_>, &Params),
    groups: &Groups,
    (pairs, stories): (&VerifiedPairs<'_>, &[Story]),
    compared: &[CandidatePair],
) -> Vec<CandidatePair> {
    let small = stories.iter().filter(|story| story.groups.len() <= cluster::COMPLETE_COMPONENT);
    let mut unseen: Vec<CandidatePair> = small
        .flat_map(|story| all_pairs(&story.groups))
        .filter(|pair| compared.binary_search(pair).is_err())
        .chain(open_questions(of_corpus, groups, pairs, compared))
        .collect();
    unseen.sort_unstable();
    unseen.dedup();
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

/// For each story, how many pairs of its groups were compared; `story_of` has
/// the story of each group, if it has one.
pub(super) fn compared_inside(compared: &Compared<'_>, story_of: &[u32]) -> Vec<usize> {
    let mut counts = vec![0; compared.stories.len()];
    for (a, b) in &compared.pairs {
        let (one, other) = (story_of[a.index()], story_of[b.index()]);
        if one == other && one != u32::MAX {
            counts[one as usize] += 1;
        }
    }
    counts
}

fn limits(params: &Params) -> Limits {
    Limits { min_containment: params.min_containment, min_derived: params.min_derived }
}

fn tie(VerifiedPair { row, shares, found }: &VerifiedPair, corpus: Collection<'_>) -> Tie {
    let counted = found.passages.iter().filter(|passage| passage.kind == PassageKind::Copy);
    let tie = Tie {
        a: row.a.index(),
        b: row.b.index(),
        of_a: shares.coverage_of_a_by_b,
        of_b: shares.coverage_of_b_by_a,
        in_a: Place::new(counted.clone().map(|passage| passage.a), corpus.text_len(row.shown.0)),
        in_b: Place::new(counted.map(|passage| passage.b), corpus.text_len(row.shown.1)),
    };
    if tie.a <= tie.b { tie } else { tie.turned() }
}

/// The pairs inside large components that were not compared and that the rules
/// on stories ask about.
fn open_questions(
    (corpus, params): (Collection<'_>, &Params),
    groups: &Groups,
    pairs: &VerifiedPairs<'_>,
    compared: &[CandidatePair],
) -> Vec<CandidatePair> {
    let by_component = by_component(pairs.rows(), corpus.len());
    let components: Vec<&[(u32, u32)]> = by_component
        .chunk_by(|one, two| one.0 == two.0)
        .filter(|part| part.len() >= cluster::COMPLETE_COMPONENT)
        .collect();
    let of_component = |part: &&[(u32, u32)]| {
        let component = Component::new((corpus, groups), (pairs, part), compared);
        match component.groups.len() {
            ..=cluster::COMPLETE_COMPONENT => Vec::new(),
            _ => component.questions(limits(params)),
        }
    };
    let mut asked: Vec<CandidatePair> = components.par_iter().flat_map_iter(of_component).collect();
    asked.par_sort_unstable();
    asked
}

/// The pairs inside components, small enough to be listed whole, that were not
/// compared; of components in which the limits leave a pair that unites. And those
/// between such a component and a document that shares short runs with one of it:
/// what is rewritten has little in common with any version, and as much with the
/// one it was made from as with the one that sketches proposed. Of larger
/// components those that the rules on stories ask about.
pub(super) fn missing_pairs(
    (corpus, params): (Collection<'_>, &Params),
    groups: &Groups,
    examination: &Examination<'_, '_>,
    compared: [&[CandidatePair]; 2],
) -> Vec<CandidatePair> {
    let edges = examination.uniting().map(|pair| (pair.a.index(), pair.b.index()));
    let mut has_listed = vec![false; corpus.len()];
    for pair in examination.uniting().filter(|pair| pair.is_listed) {
        has_listed[pair.a.index()] = true;
    }
    let mut components = cluster::components(corpus.len(), edges);
    components.retain(|component| {
        component.len() <= cluster::COMPLETE_COMPONENT && component.iter().any(|&at| has_listed[at])
    });
    let is_new = |pair: &CandidatePair| compared.iter().all(|list| list.binary_search(pair).is_err());
    let mut missing = Vec::new();
    let mut of_document = vec![usize::MAX; corpus.len()];
    for (number, component) in components.iter().enumerate() {
        missing.extend(all_pairs(component).filter(is_new));
        component.iter().for_each(|&at| of_document[at] = number);
    }
    for pair in examination.scattered() {
        for (one, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            let versions = components.get(of_document[other.index()]).into_iter().flatten();
            let versions = versions.map(|&at| DocId::new(at)).filter(|&version| version != one);
            missing.extend(versions.map(|version| (one.min(version), one.max(version))).filter(is_new));
        }
    }
    let asked = open_questions((corpus, params), groups, &examination.pairs, compared[0]);
    missing.extend(asked.into_iter().filter(is_new));
    missing.sort_unstable();
    missing.dedup();
    missing
}
