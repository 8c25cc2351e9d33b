//! Findings → report: everything by name, sorted, attributed.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::entries::Entries;
use super::examine::VerifiedPair;
use super::lines::Lines;
use super::{Compared, standings, stories};
use crate::attribute::direction::{self, Clues};
use crate::attribute::origin::{self, ClusterInput};
use crate::attribute::witness::{self, Witness};
use crate::cluster::excerpt::Excerpt;
use crate::cluster::{self, Edge, Story};
use crate::document::{DocId, Skipped};
use crate::passage::kind::overlap::Overlap;
use crate::report::{
    Cluster, Credit, Direction, DocumentEntry, ExactGroup, Pair, Passage, Report, SCHEMA, Stats, ratio,
};
use crate::spill::entries::{EntryWriter, SpooledEntries};
use crate::verify::{self, Shares};

/// Verified pairs that are put into words at the same time before they are
/// written out.
const PAIRS_AT_ONCE: usize = 4096;

/// Puts the findings together; under a budget, with the pairs apart.
pub(super) fn report(mut compared: Compared<'_>, entries: Entries) -> (Report, Option<SpooledEntries<Pair>>) {
    let spill = compared.corpus.spill();
    // Where they are written out, those of a cluster are made when it is its turn.
    let mut pairs = match spill {
        None => pair_entries(&mut compared.found.pairs, &entries),
        Some(_) => Vec::new(),
    };
    let parts = parts(&compared);
    let witnesses = witnesses(&compared, &entries, &parts);
    let exact_groups: Vec<ExactGroup> =
        compared.groups.exact.iter().map(|group| exact_group(group, &entries)).collect();
    let (clusters, likeliest): (Vec<Cluster>, Vec<Vec<String>>) =
        clusters(&compared, &parts, &witnesses, &pairs, &exact_groups).into_iter().unzip();
    drop(parts);
    let lines = Lines::new(entries.held(), &clusters, &likeliest);
    let tell_direction = |(entry, pair): (&mut Pair, &VerifiedPair)| {
        let (a, b) = (pair.shown.0.index(), pair.shown.1.index());
        let relation = lines.relation(entries.place(a), entries.place(b));
        entry.direction = direction::direction(witnesses.of(a), witnesses.of(b), entry, relation);
    };
    pairs.par_iter_mut().zip(&compared.found.pairs).for_each(tell_direction);
    let exact_groups = listed_groups(&compared, exact_groups);
    let spooled = spill.map(|spill| {
        let mut writer = EntryWriter::new(spill);
        for found in compared.found.pairs.chunks_mut(PAIRS_AT_ONCE) {
            let mut entries = pair_entries(found, &entries);
            entries.par_iter_mut().zip(&*found).for_each(tell_direction);
            entries.iter().for_each(|entry| writer.push(entry));
        }
        writer.finish()
    });
    drop(witnesses);
    let sources = entries.sources(&clusters);
    let corpus = compared.corpus;
    let stats = Stats {
        documents: corpus.len(),
        bytes: corpus.ids().map(|id| corpus.text_len(id)).sum(),
        verified: compared.found.compared,
        ..Stats::default()
    };
    let report = Report {
        schema: SCHEMA.into(),
        params: compared.params.clone(),
        skipped: skipped(&compared),
        repeats: compared.found.repeats.into_iter().flat_map(|found| found.repeats).collect(),
        documents: entries.into_listed(),
        exact_groups,
        pairs,
        clusters,
        sources,
        stats,
    };
    (report, spooled)
}

/// The clues on every listed pair, by the ids of its documents; for choosing
/// the weights of clues.
pub(super) fn clues(
    compared: &Compared<'_>,
    credits: Vec<Vec<Credit>>,
) -> Vec<(String, String, [f64; direction::CLUES.len()])> {
    let entries = Entries::of_all(compared, credits);
    let witnesses = witnesses(compared, &entries, &parts(compared));
    let of_pair = |pair: &VerifiedPair| {
        let (a, b) = (witnesses.of(pair.shown.0.index()), witnesses.of(pair.shown.1.index()));
        let entry = pair_of(pair, &entries);
        (a.entry.id.clone(), b.entry.id.clone(), Clues::of_pair(a, b, &entry).values())
    };
    compared.found.pairs.par_iter().map(of_pair).collect()
}

/// The documents as evidence sees them; of those whose entries are held.
pub(super) struct Witnesses<'d> {
    entries: &'d Entries,
    witnesses: Vec<Witness<'d>>,
}

impl<'d> Witnesses<'d> {
    /// The witness that a document is, by its number.
    pub(super) fn of(&self, document: usize) -> &Witness<'d> {
        &self.witnesses[self.entries.place(document)]
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, document: usize) -> &mut Witness<'d> {
        &mut self.witnesses[self.entries.place(document)]
    }
}

fn witnesses<'d>(compared: &Compared<'_>, entries: &'d Entries, parts: &[Part<'_>]) -> Witnesses<'d> {
    // Publishers are few beside their documents.
    let mut sources: Vec<&str> = entries.held().iter().map(|entry| entry.source.as_str()).collect();
    sources.dedup();
    sources.sort_unstable();
    sources.dedup();
    let keys: HashMap<&str, String> =
        sources.into_iter().map(|source| (source, witness::key(source))).collect();
    let of_entry = |(place, entry): (usize, &'d DocumentEntry)| {
        let document = compared.corpus.document(entries.document(place));
        Witness::with_key(&document, entry, keys[entry.source.as_str()].clone())
    };
    let witnesses = entries.held().par_iter().enumerate().map(of_entry).collect();
    let mut witnesses = Witnesses { entries, witnesses };
    standings::tell(&mut witnesses, parts, &compared.found.pairs);
    witnesses
}

/// The listed pairs; takes the passages out of what was found.
fn pair_entries(found: &mut [VerifiedPair], entries: &Entries) -> Vec<Pair> {
    let entry = |pair: &mut VerifiedPair| {
        let passages = std::mem::take(&mut pair.passages);
        let entry = pair_entry(pair, passages, entries);
        pair.overlap = Overlap::default();
        entry
    };
    found.par_iter_mut().map(entry).collect()
}

/// What did not become a document, and documents that have nothing to
/// compare; these stay in `documents` too.
fn skipped(compared: &Compared<'_>) -> Vec<Skipped> {
    let corpus = compared.corpus;
    let without_tokens = corpus.ids().filter(|&id| compared.sketches.tokens(id) == 0);
    let nothing_to_compare = without_tokens.map(|id| {
        let document = corpus.about(id);
        Skipped {
            path: document.path.to_string(),
            line: document.line,
            document: Some(document.id.clone()),
            reason: match corpus.text_len(id) {
                0 => "the text is empty".into(),
                _ => "the text has no letters or digits".into(),
            },
        }
    });
    let mut all: Vec<Skipped> = compared.corpus.skipped().iter().cloned().chain(nothing_to_compare).collect();
    all.sort();
    all
}

/// The groups in which the limits allow a pair, and those that a listed pair
/// stands for.
fn listed_groups(compared: &Compared<'_>, groups: Vec<ExactGroup>) -> Vec<ExactGroup> {
    if !compared.limits.are_set() {
        return groups;
    }
    let mut is_paired = vec![false; compared.corpus.len()];
    for pair in &compared.found.pairs {
        (is_paired[pair.a.index()], is_paired[pair.b.index()]) = (true, true);
    }
    let is_listed = |first: DocId| is_paired[first.index()] || compared.limits.allow_inside(first);
    let all = groups.into_iter().zip(&compared.groups.exact);
    all.filter(|(_, group)| is_listed(group[0])).map(|(group, _)| group).collect()
}

fn exact_group(group: &[DocId], entries: &Entries) -> ExactGroup {
    let ids: Vec<String> = group.iter().map(|document| entries.of(document.index()).id.clone()).collect();
    ExactGroup { id: ids[0].clone(), documents: ids }
}

/// The pair, which stays as it is.
fn pair_of(pair: &VerifiedPair, entries: &Entries) -> Pair {
    pair_entry(pair, pair.passages.clone(), entries)
}

/// The pair with these passages; who of the two was first depends on their
/// story.
fn pair_entry(pair: &VerifiedPair, passages: Vec<Passage>, entries: &Entries) -> Pair {
    let (a, b) = (entries.of(pair.shown.0.index()), entries.of(pair.shown.1.index()));
    let Shares {
        jaccard,
        counted_jaccard,
        containment_of_a_in_b,
        containment_of_b_in_a,
        coverage_of_a_by_b,
        coverage_of_b_by_a,
        ..
    } = pair.shares;
    Pair {
        a: a.id.clone(),
        b: b.id.clone(),
        verdict: pair.verdict,
        reason: verify::reason(pair.verdict, &pair.overlap, &passages, pair.loose.as_ref()),
        jaccard: ratio(jaccard),
        counted_jaccard: (counted_jaccard < jaccard).then(|| ratio(counted_jaccard)),
        containment_of_a_in_b: ratio(containment_of_a_in_b),
        containment_of_b_in_a: ratio(containment_of_b_in_a),
        coverage_of_a_by_b: ratio(coverage_of_a_by_b),
        coverage_of_b_by_a: ratio(coverage_of_b_by_a),
        passages,
        direction: Direction { from: None, confidence: 0.0, evidence: Vec::new() },
    }
}

/// The clusters, by id.
fn clusters(
    compared: &Compared<'_>,
    parts: &[Part<'_>],
    witnesses: &Witnesses<'_>,
    pairs: &[Pair],
    exact_groups: &[ExactGroup],
) -> Vec<(Cluster, Vec<String>)> {
    let build = |part: &Part<'_>| {
        let verified = part.pairs.iter().map(|&at| &compared.found.pairs[at]);
        let edges: Vec<Edge> = verified.map(edge).collect();
        let groups = &part.story.groups;
        let uniting = || {
            let numbers = part.pairs.iter().copied();
            numbers.filter(|&at| compared.found.pairs[at].verdict.is_uniting())
        };
        let made: Vec<Pair> = match pairs {
            [] => uniting().map(|at| pair_of(&compared.found.pairs[at], witnesses.entries)).collect(),
            _ => Vec::new(),
        };
        let uniting: Vec<&Pair> = match pairs {
            [] => made.iter().collect(),
            pairs => uniting().map(|at| &pairs[at]).collect(),
        };
        let representative = &witnesses.of(cluster::representative(groups, &edges)).entry.id;
        let shares = part.excerpt_shares(compared, witnesses);
        let excerpt = |&(document, excerpt): &(usize, &Excerpt)| origin::Excerpt {
            document: witnesses.of(document),
            of: &witnesses.of(excerpt.of).entry.id,
            share: excerpt.coverage,
            shares: shares.get(&excerpt.group).map_or(&[], Vec::as_slice),
        };
        let input = ClusterInput {
            members: &part.documents.iter().map(|&at| witnesses.of(at)).collect::<Vec<_>>(),
            pairs: &uniting,
            exact_groups: &part.exact_groups.iter().map(|&at| &exact_groups[at]).collect::<Vec<_>>(),
            representative,
            excerpts: &part.excerpts.iter().map(excerpt).collect::<Vec<_>>(),
        };
        let attributed = origin::attribute(&input);
        let cluster = Cluster {
            id: input.members[0].entry.id.clone(),
            representative: representative.clone(),
            cohesion: ratio(cluster::cohesion(&edges, part.compared)),
            pairs_complete: part.compared == stories::allowed_inside(groups, &compared.limits),
            independent_origins: attributed.independent_origins,
            origin: attributed.origin,
            members: attributed.members,
        };
        (cluster, attributed.likeliest)
    };
    parts.par_iter().map(build).collect()
}

/// What one cluster is made of, as indices into the lists of the report.
pub(super) struct Part<'s> {
    pub(super) story: &'s Story,
    /// The documents whose main membership it is, sorted.
    pub(super) documents: Vec<usize>,
    /// For each of them the first document with the same tokens.
    pub(super) groups: Vec<usize>,
    /// The documents that carry it, sorted.
    excerpts: Vec<(usize, &'s Excerpt)>,
    /// Listed pairs of its groups.
    pub(super) pairs: Vec<usize>,
    /// How many pairs of its groups were compared.
    pub(super) compared: usize,
    exact_groups: Vec<usize>,
    /// Pairs of one of its groups and a group that is an excerpt of it.
    excerpt_pairs: Vec<usize>,
}

impl Part<'_> {
    /// For each group of excerpts the groups that it shares a passage with, by
    /// the id of their first document, and how much of it they cover.
    fn excerpt_shares<'w>(
        &self,
        compared: &Compared<'_>,
        witnesses: &'w Witnesses<'_>,
    ) -> BTreeMap<usize, Vec<(&'w str, f64)>> {
        let mut shares: BTreeMap<usize, Vec<(&str, f64)>> = BTreeMap::new();
        for pair in self.excerpt_pairs.iter().map(|&at| &compared.found.pairs[at]) {
            let (a, b) = (pair.a.index(), pair.b.index());
            let (member, excerpt, share) = if self.story.groups.binary_search(&a).is_ok() {
                (a, b, pair.shares.coverage_of_b_by_a)
            } else {
                (b, a, pair.shares.coverage_of_a_by_b)
            };
            shares.entry(excerpt).or_default().push((&witnesses.of(member).entry.id, share));
        }
        shares
    }
}

fn parts<'c>(compared: &'c Compared<'_>) -> Vec<Part<'c>> {
    let compared_groups = &compared.groups;
    let exact = &compared_groups.exact;
    let mut group_of = vec![None; compared.corpus.len()];
    exact.iter().enumerate().for_each(|(at, group)| group_of[group[0].index()] = Some(at));
    let with_same_tokens = |first: usize| match group_of[first] {
        Some(at) => exact[at].iter().map(|document| document.index()).collect(),
        None => vec![first],
    };
    let part = |(story, compared): (&'c Story, usize)| {
        let mut documents: Vec<usize> =
            story.groups.iter().flat_map(|&group| with_same_tokens(group)).collect();
        documents.sort_unstable();
        let mut excerpts: Vec<(usize, &Excerpt)> = story
            .excerpts
            .iter()
            .flat_map(|excerpt| with_same_tokens(excerpt.group).into_iter().map(move |at| (at, excerpt)))
            .collect();
        excerpts.sort_unstable_by_key(|(document, _)| *document);
        let mut exact_groups: Vec<usize> = story.groups.iter().filter_map(|&group| group_of[group]).collect();
        exact_groups.sort_unstable();
        let first = |document: &usize| compared_groups.first[*document].index();
        let groups = documents.iter().map(first).collect();
        Part {
            story,
            documents,
            groups,
            excerpts,
            pairs: Vec::new(),
            compared,
            exact_groups,
            excerpt_pairs: Vec::new(),
        }
    };
    let counts = stories::compared_inside(compared);
    let mut parts: Vec<Part<'_>> = compared.stories.iter().zip(counts).map(part).collect();
    let mut part_of = vec![None; compared.corpus.len()];
    for (number, part) in parts.iter().enumerate() {
        part.story.groups.iter().for_each(|&group| part_of[group] = Some(number));
    }
    for (at, pair) in compared.found.pairs.iter().enumerate() {
        let (a, b) = (pair.a.index(), pair.b.index());
        match (part_of[a], part_of[b]) {
            (Some(one), Some(other)) if one == other => parts[one].pairs.push(at),
            // A document is an excerpt of a bounded number of stories.
            (of_a, of_b) => {
                for (part, other) in [(of_a, b), (of_b, a)] {
                    let part = part.map(|part| &mut parts[part]);
                    if let Some(part) = part.filter(|part| part.story.carries(other)) {
                        part.excerpt_pairs.push(at);
                    }
                }
            }
        }
    }
    parts
}

fn edge(pair: &VerifiedPair) -> Edge {
    let (of_a, of_b) = (pair.shares.coverage_of_a_by_b, pair.shares.coverage_of_b_by_a);
    Edge {
        a: pair.a.index(),
        b: pair.b.index(),
        strength: of_a.max(of_b),
        likeness: f64::midpoint(of_a, of_b),
    }
}
