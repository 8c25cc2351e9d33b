//! What clusters are made of.

use std::collections::BTreeMap;
use std::ops::Range;

use super::entries::Entries;
use super::pieces::Witnesses;
use super::{Compared, stories};
use crate::cluster::Story;
use crate::cluster::excerpt::Excerpt;
use crate::document::DocId;

/// What one cluster is made of, as indices into the lists of what was found.
pub(super) struct Part<'s> {
    pub(super) story: &'s Story,
    /// The documents whose main membership it is, sorted.
    pub(super) documents: Vec<usize>,
    /// For each of them the first document with the same tokens.
    pub(super) groups: Vec<usize>,
    /// The documents that carry it, sorted.
    pub(super) excerpts: Vec<(usize, &'s Excerpt)>,
    /// Listed pairs of its groups, by their places among those at hand.
    pub(super) pairs: Vec<usize>,
    /// How many pairs of its groups were compared.
    pub(super) compared: usize,
    /// Groups of documents with the same tokens.
    pub(super) exact_groups: Vec<usize>,
    /// Pairs of one of its groups and a group that is an excerpt of it.
    excerpt_pairs: Vec<usize>,
}

impl Part<'_> {
    /// The member with this id: one of a few, where among all documents each step
    /// of the search would wait for memory.
    pub(super) fn find(&self, id: &str, entries: &Entries) -> Option<usize> {
        let id_of = |document: &usize| entries.of(*document).id.as_str();
        self.documents.binary_search_by(|document| id_of(document).cmp(id)).ok().map(|at| self.documents[at])
    }

    /// For each group of excerpts the groups that it shares a passage with, by
    /// the id of their first document, and how much of it they cover.
    pub(super) fn excerpt_shares<'w>(
        &self,
        compared: &Compared<'_>,
        witnesses: &'w Witnesses<'_>,
    ) -> BTreeMap<usize, Vec<(&'w str, f64)>> {
        let mut shares: BTreeMap<usize, Vec<(&str, f64)>> = BTreeMap::new();
        for pair in self.excerpt_pairs.iter().map(|&at| compared.found.pairs.get(at)) {
            let (a, b) = (pair.row.a.index(), pair.row.b.index());
            let (member, excerpt, share) = if self.story.groups.binary_search(&a).is_ok() {
                (a, b, pair.shares.coverage_of_b_by_a)
            } else {
                (b, a, pair.shares.coverage_of_a_by_b)
            };
            shares.entry(excerpt).or_default().push((&witnesses.entry(member).id, share));
        }
        shares
    }
}

/// A story, by its number, and a pair.
type OfStory = (u32, u32);

/// Which pairs belong to which story.
pub(super) struct PairsByStory {
    /// How many pairs of its groups were compared.
    compared: Vec<usize>,
    /// Listed pairs of its groups.
    inside: Vec<OfStory>,
    /// Listed pairs of one of its groups and one that carries it.
    carried: Vec<OfStory>,
}

impl PairsByStory {
    /// Those of all stories.
    pub(super) fn new(compared: &Compared<'_>) -> Self {
        let mut story_of = vec![u32::MAX; compared.corpus.len()];
        for (number, story) in (0..).zip(&compared.stories) {
            story.groups.iter().for_each(|&group| story_of[group] = number);
        }
        let (mut inside, mut carried) = (Vec::new(), Vec::new());
        for (at, row) in (0..).zip(compared.found.pairs.rows()) {
            let (a, b) = (row.a.index(), row.b.index());
            let (of_a, of_b) = (story_of[a], story_of[b]);
            if of_a == of_b {
                inside.extend((of_a != u32::MAX).then_some((of_a, at)));
                continue;
            }
            // A document is an excerpt of a bounded number of stories.
            for (number, other) in [(of_a, b), (of_b, a)] {
                let story = compared.stories.get(number as usize);
                carried.extend(story.filter(|story| story.carries(other)).map(|_| (number, at)));
            }
        }
        inside.sort_unstable();
        carried.sort_unstable();
        Self { compared: stories::compared_inside(compared, &story_of), inside, carried }
    }

    /// The pairs inside of these stories, sorted.
    pub(super) fn inside(&self, stories: Range<usize>) -> Vec<usize> {
        let mut pairs: Vec<usize> = of_stories(&self.inside, stories).collect();
        pairs.sort_unstable();
        pairs
    }

    /// How many pairs are inside of a story.
    pub(super) fn count(&self, story: usize) -> usize {
        of_stories(&self.inside, story..story + 1).len()
    }
}

fn of_stories(pairs: &[OfStory], stories: Range<usize>) -> impl ExactSizeIterator<Item = usize> + '_ {
    let place = |number: usize| pairs.partition_point(|(story, _)| (*story as usize) < number);
    pairs[place(stories.start)..place(stories.end)].iter().map(|&(_, at)| at as usize)
}

/// What the clusters of these stories are made of; `rows` are the pairs at
/// hand, sorted, those inside of the stories among them.
pub(super) fn parts<'c>(
    compared: &'c Compared<'_>,
    by_story: &PairsByStory,
    stories: Range<usize>,
    rows: &[usize],
) -> Vec<Part<'c>> {
    let groups = &compared.groups;
    let with_same_tokens = |first: usize| match groups.group(DocId::new(first)) {
        Some(at) => groups.exact[at].iter().map(|document| document.index()).collect(),
        None => vec![first],
    };
    let part = |number: usize| {
        let story = &compared.stories[number];
        let mut documents: Vec<usize> =
            story.groups.iter().flat_map(|&group| with_same_tokens(group)).collect();
        documents.sort_unstable();
        let mut excerpts: Vec<(usize, &Excerpt)> = story
            .excerpts
            .iter()
            .flat_map(|excerpt| with_same_tokens(excerpt.group).into_iter().map(move |at| (at, excerpt)))
            .collect();
        excerpts.sort_unstable_by_key(|(document, _)| *document);
        let mut exact_groups: Vec<usize> =
            story.groups.iter().filter_map(|&group| groups.group(DocId::new(group))).collect();
        exact_groups.sort_unstable();
        let inside = of_stories(&by_story.inside, number..number + 1);
        let place = |at: usize| rows.binary_search(&at).expect("pairs inside of the stories are at hand");
        Part {
            story,
            groups: documents.iter().map(|&document| groups.first[document].index()).collect(),
            documents,
            excerpts,
            pairs: inside.map(place).collect(),
            compared: by_story.compared[number],
            exact_groups,
            excerpt_pairs: of_stories(&by_story.carried, number..number + 1).collect(),
        }
    };
    stories.map(part).collect()
}
