//! Which pairs may be reported: the two sides of `--against`, the window of
//! `--within`, other publishers alone.
//!
//! What is asked of a pair is asked of two documents, by their side, publisher
//! and time. Documents with the same tokens stand for one another: two groups
//! of them are compared where any document of one may be paired with any of
//! the other, and the pair is listed under the lowest such ids. A time that is
//! not known is far from none; a date without a time is its whole day, and a
//! time without a zone is taken as UTC.
//!
//! [`PairLimits::links`] finds partners in large buckets in O(n log n): where
//! any document of a bucket has a partner that the limits allow, it is linked
//! with one, so that thousands of copies of one side cannot hide the one of the
//! other side.

mod nearest;
mod rules;

use std::collections::HashMap;

use self::nearest::Entry;
use self::rules::{ANY_TIME, Fact, Rules};
use crate::attribute::agency::Agencies;
use crate::attribute::credit;
use crate::attribute::source::source_of;
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::DocId;
use crate::params::Params;

/// The limits on pairs of a corpus; none by default.
#[derive(Debug, Default)]
pub struct PairLimits {
    limited: Option<Limited>,
}

#[derive(Debug)]
struct Limited {
    rules: Rules,
    /// By document.
    facts: Vec<Fact>,
    /// For the first document of a group with different facts: the lowest
    /// document with each of them, in order of their numbers.
    groups: HashMap<DocId, Vec<DocId>>,
    /// By document: the first of its group, if that has several.
    first: Vec<Option<DocId>>,
}

impl PairLimits {
    /// The limits that `params` set, for documents that stand alone.
    pub fn new(corpus: Collection<'_>, params: &Params) -> Self {
        let rules = Rules {
            against: params.against,
            across: params.across_sources_only,
            within_s: params.within_s.map(|within| i64::try_from(within).unwrap_or(i64::MAX)),
        };
        if rules == Rules::default() {
            return Self::default();
        }
        let sources = if rules.across {
            numbered_sources(corpus, &Agencies::with(&params.agencies))
        } else {
            vec![0; corpus.len()]
        };
        let fact = |(id, source): (DocId, u32)| {
            let document = corpus.about(id);
            let published = document.published.filter(|_| rules.within_s.is_some());
            let (from, until) = published.map_or(ANY_TIME, |published| published.interval());
            let side = u8::from(rules.against && document.is_against);
            let clamp = |second: i64| second.clamp(ANY_TIME.0, ANY_TIME.1);
            Fact { from: clamp(from), until: clamp(until), side, source }
        };
        let facts = corpus.ids().zip(sources).map(fact).collect();
        let first = vec![None; corpus.len()];
        Self { limited: Some(Limited { rules, facts, groups: HashMap::new(), first }) }
    }

    /// Whether there are any.
    pub fn are_set(&self) -> bool {
        self.limited.is_some()
    }

    /// Sorted documents with the same tokens, in parts between which nothing
    /// is near enough in time; each is sorted, in the order of their first.
    pub fn near_in_time(&self, same: &[DocId]) -> Vec<Vec<DocId>> {
        let window = self.limited.as_ref().and_then(|limited| Some((limited, limited.rules.within_s?)));
        let Some((limited, within)) = window else { return vec![same.to_vec()] };
        let fact = |document: DocId| limited.facts[document.index()];
        let mut in_time = same.to_vec();
        in_time.sort_by_key(|&document| (fact(document).from, document));
        let mut parts: Vec<Vec<DocId>> = Vec::new();
        let mut until = i64::MIN;
        for document in in_time {
            if parts.is_empty() || fact(document).from.saturating_sub(until) > within {
                parts.push(Vec::new());
            }
            until = until.max(fact(document).until);
            parts.last_mut().expect("one was begun").push(document);
        }
        parts.iter_mut().for_each(|part| part.sort_unstable());
        parts.sort_unstable();
        parts
    }

    /// The same limits where the documents of each of these sorted groups
    /// stand for one another.
    #[must_use]
    pub fn with_groups(mut self, groups: &[Vec<DocId>]) -> Self {
        let Some(limited) = &mut self.limited else { return self };
        for group in groups {
            group.iter().for_each(|document| limited.first[document.index()] = Some(group[0]));
            let mut distinct: Vec<(Fact, DocId)> =
                group.iter().map(|&document| (limited.facts[document.index()], document)).collect();
            distinct.sort_unstable();
            distinct.dedup_by_key(|(fact, _)| *fact);
            if distinct.len() > 1 {
                let mut documents: Vec<DocId> = distinct.into_iter().map(|(_, document)| document).collect();
                documents.sort_unstable();
                limited.groups.insert(group[0], documents);
            }
        }
        self
    }

    /// Whether a document that `a` stands for may be paired with one that `b`
    /// stands for.
    pub fn allow(&self, (a, b): CandidatePair) -> bool {
        self.limited.as_ref().is_none_or(|limited| {
            let others = limited.of_group(&b);
            limited.of_group(&a).iter().any(|&x| others.iter().any(|&y| limited.allow(x, y)))
        })
    }

    /// The lowest documents under which a pair is listed; itself, where it is
    /// not allowed.
    pub fn shown(&self, (a, b): CandidatePair) -> CandidatePair {
        let Some(limited) = &self.limited else { return (a, b) };
        let others = limited.of_group(&b);
        let all = limited.of_group(&a).iter().flat_map(|&x| others.iter().map(move |&y| (x, y)));
        let allowed = all.filter(|&(x, y)| limited.allow(x, y));
        allowed.map(|(x, y)| (x.min(y), x.max(y))).min().unwrap_or((a, b))
    }

    /// The first of the documents that stand for one another with this one.
    pub fn first_of(&self, document: DocId) -> DocId {
        let first = self.limited.as_ref().and_then(|limited| limited.first[document.index()]);
        first.unwrap_or(document)
    }

    /// Whether two documents of the group of `first` may be a pair.
    pub fn allow_inside(&self, first: DocId) -> bool {
        let Some(limited) = &self.limited else { return true };
        if !limited.rules.against && !limited.rules.across {
            // Parts hold together in time.
            return limited.first[first.index()].is_some();
        }
        let documents = limited.of_group(&first);
        let rest = |at: usize| documents[at + 1..].iter();
        (documents.iter().enumerate()).any(|(at, &a)| rest(at).any(|&b| limited.allow(a, b)))
    }

    /// Takes the pairs that are not allowed out of `pairs`, and gives them.
    pub fn split(&self, pairs: &mut Vec<CandidatePair>) -> Vec<CandidatePair> {
        let mut others = Vec::new();
        if self.are_set() {
            pairs.retain(|&pair| {
                let is_allowed = self.allow(pair);
                if !is_allowed {
                    others.push(pair);
                }
                is_allowed
            });
        }
        others
    }

    /// At most two pairs a document such that each of `members` (distinct,
    /// first of their groups) that may be paired with another one of them is;
    /// none without limits. Of equally near partners the first is taken, so
    /// that where times do not matter the pairs make a star.
    pub fn links(&self, members: &[DocId]) -> Vec<CandidatePair> {
        let Some(limited) = &self.limited else { return Vec::new() };
        let entry =
            |&member: &DocId, &document: &DocId| Entry { fact: limited.facts[document.index()], member };
        let mut entries: Vec<Entry> = (members.iter())
            .flat_map(|member| limited.of_group(member).iter().map(move |document| entry(member, document)))
            .collect();
        entries.sort_unstable_by_key(|entry| (entry.fact.from, entry.member, entry.fact));
        let mut pairs = Vec::new();
        // Of those that begin earlier the one that ends last is the nearest.
        limited.sweep(entries.iter().copied(), |fact| fact.until, &mut pairs);
        // Of those that begin later, the one that begins first.
        limited.sweep(entries.iter().rev().copied(), |fact| -fact.from, &mut pairs);
        pairs
    }
}

impl Limited {
    fn allow(&self, a: DocId, b: DocId) -> bool {
        self.rules.allow(self.facts[a.index()], self.facts[b.index()])
    }

    /// Those that a first document stands for, as far as they differ.
    fn of_group<'g>(&'g self, first: &'g DocId) -> &'g [DocId] {
        self.groups.get(first).map_or(std::slice::from_ref(first), Vec::as_slice)
    }
}

/// The publishers as the report names them, numbered.
fn numbered_sources(corpus: Collection<'_>, agencies: &Agencies) -> Vec<u32> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let named = corpus.ids().map(|id| {
        let document = corpus.about(id);
        // Credits name the publisher only where the input names none.
        let is_named = document.source.is_some() || document.url.is_some();
        let credits = if is_named { Vec::new() } else { credit::credits_of(&corpus.document(id), agencies) };
        source_of(&document, &credits)
    });
    let number = |name: String| {
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    };
    named.map(number).collect()
}

#[cfg(test)]
mod tests;
