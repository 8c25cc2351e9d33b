//! Findings → report: everything by name, sorted, attributed.

use rayon::prelude::*;

use super::examine::VerifiedPair;
use super::{Compared, stories};
use crate::attribute::direction::direction;
use crate::attribute::origin::{self, ClusterInput};
use crate::attribute::source::source_of;
use crate::attribute::sources::sources;
use crate::cluster::excerpt::Excerpt;
use crate::cluster::{self, Edge, Story};
use crate::document::{DocId, Document, Skipped};
use crate::report::{Cluster, Credit, DocumentEntry, ExactGroup, Pair, Report, SCHEMA, Stats, ratio};
use crate::verify::{self, Shares};

/// Puts the findings together.
pub(super) fn report(compared: &Compared<'_>, credits: Vec<Vec<Credit>>) -> Report {
    let documents = document_entries(compared, credits);
    let pairs: Vec<Pair> = compared.found.pairs.par_iter().map(|pair| pair_entry(pair, &documents)).collect();
    let exact_groups: Vec<ExactGroup> =
        compared.groups.exact.iter().map(|group| exact_group(group, &documents)).collect();
    let clusters = clusters(compared, &documents, &pairs, &exact_groups);
    let exact_groups = listed_groups(compared, exact_groups);
    let sources = sources(&documents, &clusters);
    let stats = Stats {
        documents: documents.len(),
        bytes: documents.iter().map(|document| document.bytes).sum(),
        verified: compared.found.compared,
        ..Stats::default()
    };
    Report {
        schema: SCHEMA.into(),
        params: compared.params.clone(),
        repeats: compared.found.repeats.iter().flat_map(|found| found.repeats.iter().cloned()).collect(),
        skipped: skipped(compared, &documents),
        documents,
        exact_groups,
        pairs,
        clusters,
        sources,
        stats,
    }
}

fn document_entries(compared: &Compared<'_>, credits: Vec<Vec<Credit>>) -> Vec<DocumentEntry> {
    let entry = |((index, document), credits): ((usize, &Document), Vec<Credit>)| {
        let tokens = compared.sketches.tokens(DocId::new(index));
        DocumentEntry {
            id: document.id.clone(),
            original_id: document.original_id.clone(),
            path: document.path.to_string(),
            span_base: document.span_base,
            against: document.is_against,
            source: source_of(document, &credits),
            title: document.title.clone(),
            url: document.url.clone(),
            published: document.published,
            language: document.language.clone(),
            bytes: document.text.len(),
            tokens,
            too_short: tokens < compared.params.shingle_len,
            repeated_share: 0.0,
            credits,
        }
    };
    let mut entries: Vec<DocumentEntry> =
        compared.corpus.documents().par_iter().enumerate().zip(credits).map(entry).collect();
    for found in &compared.found.repeats {
        let entry = &mut entries[found.document.index()];
        entry.repeated_share = ratio(found.repeated_tokens as f64 / entry.tokens as f64);
    }
    entries
}

/// What did not become a document, and documents that have nothing to
/// compare; these stay in `documents` too.
fn skipped(compared: &Compared<'_>, documents: &[DocumentEntry]) -> Vec<Skipped> {
    let without_tokens =
        documents.iter().zip(compared.corpus.documents()).filter(|(entry, _)| entry.tokens == 0);
    let nothing_to_compare = without_tokens.map(|(entry, document)| Skipped {
        path: entry.path.clone(),
        line: document.line,
        document: Some(entry.id.clone()),
        reason: match entry.bytes {
            0 => "the text is empty".into(),
            _ => "the text has no letters or digits".into(),
        },
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

fn exact_group(group: &[DocId], documents: &[DocumentEntry]) -> ExactGroup {
    let ids: Vec<String> = group.iter().map(|document| documents[document.index()].id.clone()).collect();
    ExactGroup { id: ids[0].clone(), documents: ids }
}

fn pair_entry(pair: &VerifiedPair, documents: &[DocumentEntry]) -> Pair {
    let (a, b) = (&documents[pair.shown.0.index()], &documents[pair.shown.1.index()]);
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
        reason: verify::reason(pair.verdict, &pair.overlap, &pair.passages, pair.loose.as_ref()),
        jaccard: ratio(jaccard),
        counted_jaccard: (counted_jaccard < jaccard).then(|| ratio(counted_jaccard)),
        containment_of_a_in_b: ratio(containment_of_a_in_b),
        containment_of_b_in_a: ratio(containment_of_b_in_a),
        coverage_of_a_by_b: ratio(coverage_of_a_by_b),
        coverage_of_b_by_a: ratio(coverage_of_b_by_a),
        passages: pair.passages.clone(),
        direction: direction(a, b),
    }
}

/// The clusters, by id.
fn clusters(
    compared: &Compared<'_>,
    documents: &[DocumentEntry],
    pairs: &[Pair],
    exact_groups: &[ExactGroup],
) -> Vec<Cluster> {
    let parts = parts(compared);
    let build = |part: &Part<'_>| {
        let verified = part.pairs.iter().map(|&at| &compared.found.pairs[at]);
        let edges: Vec<Edge> = verified.map(edge).collect();
        let groups = &part.story.groups;
        let uniting: Vec<&Pair> =
            part.pairs.iter().map(|&at| &pairs[at]).filter(|pair| pair.verdict.is_uniting()).collect();
        let representative = &documents[cluster::representative(groups, &edges)].id;
        let excerpt = |&(document, excerpt): &(usize, &Excerpt)| origin::Excerpt {
            document: &documents[document],
            of: &documents[excerpt.of].id,
            share: excerpt.coverage,
        };
        let input = ClusterInput {
            members: &part.documents.iter().map(|&at| &documents[at]).collect::<Vec<_>>(),
            pairs: &uniting,
            exact_groups: &part.exact_groups.iter().map(|&at| &exact_groups[at]).collect::<Vec<_>>(),
            representative,
            excerpts: &part.excerpts.iter().map(excerpt).collect::<Vec<_>>(),
        };
        let attributed = origin::attribute(&input);
        Cluster {
            id: input.members[0].id.clone(),
            representative: representative.clone(),
            cohesion: ratio(cluster::cohesion(&edges, part.compared)),
            pairs_complete: part.compared == stories::allowed_inside(groups, compared.limits),
            independent_origins: attributed.independent_origins,
            origin: attributed.origin,
            members: attributed.members,
        }
    };
    parts.par_iter().map(build).collect()
}

/// What one cluster is made of, as indices into the lists of the report.
struct Part<'s> {
    story: &'s Story,
    /// The documents whose main membership it is, sorted.
    documents: Vec<usize>,
    /// The documents that carry it, sorted.
    excerpts: Vec<(usize, &'s Excerpt)>,
    /// Listed pairs of its groups.
    pairs: Vec<usize>,
    /// How many pairs of its groups were compared.
    compared: usize,
    exact_groups: Vec<usize>,
}

fn parts<'c>(compared: &'c Compared<'_>) -> Vec<Part<'c>> {
    let exact = &compared.groups.exact;
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
        Part { story, documents, excerpts, pairs: Vec::new(), compared, exact_groups }
    };
    let counts = stories::compared_inside(compared);
    let mut parts: Vec<Part<'_>> = compared.stories.iter().zip(counts).map(part).collect();
    let mut part_of = vec![None; compared.corpus.len()];
    for (number, part) in parts.iter().enumerate() {
        part.story.groups.iter().for_each(|&group| part_of[group] = Some(number));
    }
    for (at, pair) in compared.found.pairs.iter().enumerate() {
        match (part_of[pair.a.index()], part_of[pair.b.index()]) {
            (Some(one), Some(other)) if one == other => parts[one].pairs.push(at),
            _ => {}
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
