//! The whole pipeline against a comparison of every pair.
//!
//! [`pipeline::compare`] compares two documents exactly and without sketches;
//! brute force does so for every two documents that are not identical, and
//! unites what unites. Of a pair that it finds,
//!
//! - the scan must find it too if the documents share a run of
//!   `guarantee_tokens` tokens, or have a Jaccard similarity of 0.8, where the
//!   expected recall of the bands is above 0.999999999: such a pair is
//!   *certain*;
//! - the scan need not find it otherwise (a common phrase in two documents of
//!   a dozen words), but may.
//!
//! And whatever the scan finds, brute force finds, with the same figures.
//!
//! Every kind of passage counts here: which ones are page furniture is seen
//! over a collection and not from two documents. So is who was first, in part.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Params, PassageKind};
use wirecopy::pipeline;
use wirecopy::report::{Direction, Pair, Passage, Report, Stats};
use wirecopy::sketch::winnow;

use super::pieces;
use crate::support::corpus;

/// Jaccard similarity from which the bands see a pair for certain.
const CERTAIN_JACCARD: f64 = 0.8;

/// Defaults under which everything counts.
fn params() -> Params {
    let count = vec![PassageKind::Quotation, PassageKind::Boilerplate, PassageKind::Template];
    Params { count, ..Params::default() }
}

/// The report of a scan, pairs without what other documents tell of them.
fn scan(corpus: &Corpus) -> Report {
    let mut report = pipeline::scan(corpus, &params(), &()).unwrap();
    report.pairs.iter_mut().for_each(forget_context);
    Report { stats: Stats::default(), ..report }
}

/// Forgets the kinds of passages, and the direction.
fn forget_context(pair: &mut Pair) {
    pair.direction = Direction { from: None, confidence: 0.0, evidence: Vec::new() };
    for Passage { kind, reason, .. } in &mut pair.passages {
        (*kind, *reason) = (PassageKind::Copy, "".into());
    }
}

/// What a comparison of every pair finds.
struct BruteForce {
    /// By the ids of both documents.
    pairs: BTreeMap<(String, String), Pair>,
    certain: BTreeSet<(String, String)>,
    /// Sets of documents, each sorted.
    clusters: BTreeSet<Vec<String>>,
}

impl BruteForce {
    /// `report` tells which documents are identical, which the sketches have
    /// no part in.
    fn new(corpus: &Corpus, report: &Report) -> Self {
        let mut found = Self { pairs: BTreeMap::new(), certain: BTreeSet::new(), clusters: BTreeSet::new() };
        let is_later = |document: &&Document| {
            let in_group =
                |group: &&wirecopy::report::ExactGroup| group.documents[1..].contains(&document.id);
            !report.exact_groups.iter().any(|group| in_group(&group))
        };
        let documents: Vec<&Document> = corpus.documents().iter().filter(is_later).collect();
        for (place, a) in documents.iter().enumerate() {
            for b in &documents[place + 1..] {
                let two = Corpus::try_new(vec![(*a).clone(), (*b).clone()]).unwrap();
                let (compared, _) = pipeline::compare(&two, &params(), &()).unwrap();
                assert_eq!(compared.exact_groups, [], "{} and {} are in no exact group", a.id, b.id);
                let Some(mut pair) = compared.pairs.into_iter().next() else { continue };
                forget_context(&mut pair);
                let key = (pair.a.clone(), pair.b.clone());
                if is_certain(a, b, &pair) {
                    found.certain.insert(key.clone());
                }
                found.pairs.insert(key, pair);
            }
        }
        found.clusters = components(corpus, report, found.pairs.values());
        found
    }
}

fn is_certain(a: &Document, b: &Document, pair: &Pair) -> bool {
    pair.jaccard >= CERTAIN_JACCARD
        || longest_common_run(&a.text, &b.text) >= winnow::guarantee_tokens(&Params::default())
}

/// Words of the longest run that two texts of plain words share.
fn longest_common_run(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let a: Vec<&str> = a.split_whitespace().collect();
    let b: Vec<&str> = b.split_whitespace().collect();
    let mut row = vec![0; b.len() + 1];
    let mut longest = 0;
    for x in &a {
        for place in (0..b.len()).rev() {
            row[place + 1] = if *x == b[place] { row[place] + 1 } else { 0 };
            longest = longest.max(row[place + 1]);
        }
    }
    longest
}

/// The sets that `pairs` with a uniting verdict and identical documents make.
fn components<'p>(
    corpus: &Corpus,
    report: &Report,
    pairs: impl Iterator<Item = &'p Pair>,
) -> BTreeSet<Vec<String>> {
    let mut label: BTreeMap<&str, &str> =
        corpus.documents().iter().map(|document| (document.id.as_str(), document.id.as_str())).collect();
    let identical = (report.exact_groups.iter())
        .filter(|group| report.documents.iter().any(|d| d.id == group.id && !d.too_short))
        .flat_map(|group| group.documents.iter().map(move |id| (group.id.as_str(), id.as_str())));
    let united =
        pairs.filter(|pair| pair.verdict.is_uniting()).map(|pair| (pair.a.as_str(), pair.b.as_str()));
    for (a, b) in identical.chain(united) {
        let (kept, gone) = (label[a], label[b]);
        label.values_mut().filter(|label| **label == gone).for_each(|label| *label = kept);
    }
    let mut sets: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, label) in label {
        sets.entry(label).or_default().push(id.to_owned());
    }
    sets.into_values().filter(|set| set.len() > 1).collect()
}

/// Clusters lie within the sets that uniting pairs make, and a set of two texts
/// is a cluster: rules that split sets ask for a third. No document has two
/// main memberships.
fn assert_clusters_lie_within(sets: &BTreeSet<Vec<String>>, report: &Report) {
    let members = |cluster: &wirecopy::report::Cluster| -> Vec<String> {
        let primary = cluster.members.iter().filter(|member| member.primary);
        primary.map(|member| member.document.clone()).collect()
    };
    let clusters: Vec<Vec<String>> = report.clusters.iter().map(members).collect();
    let mut seen = BTreeSet::new();
    for cluster in &clusters {
        assert!(
            cluster.len() == 1 || sets.iter().any(|set| cluster.iter().all(|id| set.contains(id))),
            "{cluster:?} is not united by pairs"
        );
        cluster.iter().for_each(|id| assert!(seen.insert(id), "{id} is in two clusters"));
    }
    let is_later = |id: &&String| report.exact_groups.iter().any(|group| group.documents[1..].contains(id));
    for set in sets.iter().filter(|set| set.len() - set.iter().filter(is_later).count() <= 2) {
        assert!(clusters.contains(set), "{set:?} is not a cluster");
    }
}

/// Sets of ids of documents with the same words, each sorted.
fn identical(corpus: &Corpus) -> BTreeSet<Vec<String>> {
    let mut by_words: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for document in corpus.documents() {
        let words: Vec<String> = document.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        by_words.entry(words).or_default().push(document.id.clone());
    }
    by_words
        .into_iter()
        .filter(|(words, ids)| !words.is_empty() && ids.len() > 1)
        .map(|(_, ids)| ids)
        .collect()
}

fn exact_groups(report: &Report) -> BTreeSet<Vec<String>> {
    report.exact_groups.iter().map(|group| group.documents.clone()).collect()
}

fn texts_to_corpus(texts: Vec<String>) -> Corpus {
    corpus(texts.into_iter().enumerate().map(|(number, text)| (format!("d{number:02}"), text)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Where all that is shared is long, nothing can be missed: the same
    /// pairs with the same figures, the same clusters.
    #[test]
    fn of_long_passages_a_scan_finds_what_brute_force_finds(
        documents in pieces::unedited(winnow::guarantee_tokens(&Params::default())),
    ) {
        let corpus = texts_to_corpus(pieces::texts(&documents));
        let report = scan(&corpus);
        let brute = BruteForce::new(&corpus, &report);
        prop_assert_eq!(brute.pairs.keys().collect::<Vec<_>>(), brute.certain.iter().collect::<Vec<_>>());
        prop_assert_eq!(&report.pairs, &brute.pairs.values().cloned().collect::<Vec<_>>());
        assert_clusters_lie_within(&brute.clusters, &report);
        prop_assert_eq!(exact_groups(&report), identical(&corpus));
    }

    /// Whatever is shared, edited or not: what is certain is found, and what
    /// is found is so.
    #[test]
    fn of_any_passages_a_scan_finds_what_is_certain_and_nothing_that_is_not_so(
        documents in pieces::edited(),
    ) {
        let corpus = texts_to_corpus(pieces::texts(&documents));
        let report = scan(&corpus);
        let brute = BruteForce::new(&corpus, &report);
        let mut found = BTreeSet::new();
        for pair in &report.pairs {
            let key = (pair.a.clone(), pair.b.clone());
            prop_assert_eq!(Some(pair), brute.pairs.get(&key), "by brute force");
            found.insert(key);
        }
        let missed: Vec<_> = brute.certain.difference(&found).collect();
        prop_assert!(missed.is_empty(), "{missed:?}");
        assert_clusters_lie_within(&components(&corpus, &report, report.pairs.iter()), &report);
        prop_assert_eq!(exact_groups(&report), identical(&corpus));
    }
}
