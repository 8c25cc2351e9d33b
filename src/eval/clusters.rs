//! How like the reported clusters are to the true ones.
//!
//! Both are partitions of the same documents, and every measure here follows
//! from their contingency table, the number `n_ij` of documents in true
//! cluster `i` and reported cluster `j`: time `O(n log n)` for sorting `n`
//! documents, never a walk over pairs of documents.
//!
//! - *Pairs*: a pair of documents is predicted if both are in one reported
//!   cluster, true if both are in one true cluster.
//! - *B-cubed* (Bagga and Baldwin 1998): for each document the share of its
//!   reported cluster that is of its true cluster (precision) and the share of
//!   its true cluster that its reported cluster holds (recall); the mean over
//!   all documents. Singletons count.
//! - *Adjusted Rand index* (Hubert and Arabie 1985): agreement on pairs beyond
//!   what two random partitions of these sizes reach; 1 for equal partitions,
//!   also where both are trivial and the formula is 0 / 0.
//!
//! A document is in the reported cluster of its primary membership; one
//! without is a cluster of its own. Documents that the label file does not
//! name can be read in two ways, and both are measured: as *unknown*, left out
//! of both partitions (`labelled_only`, for files that list some clusters of a
//! collection), or as *known to be alone* (`outside_as_singletons`, for files
//! that list every cluster).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};
use super::{ClusterLabel, Score};
use crate::report::ratio;

/// Measures against a file of clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterMeasures {
    /// Over the documents in the label file alone.
    pub labelled_only: PartitionScore,
    /// Over all documents of the report; those outside the label file are
    /// taken for true singletons.
    pub outside_as_singletons: PartitionScore,
}

/// How like two partitions of one set of documents are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionScore {
    /// Documents compared.
    pub documents: usize,
    /// Over pairs of documents in one cluster.
    pub pairs: Score,
    /// B-cubed precision; absent where there is no document.
    pub bcubed_precision: Option<f64>,
    /// B-cubed recall.
    pub bcubed_recall: Option<f64>,
    /// Harmonic mean of the two.
    pub bcubed_f1: Option<f64>,
    /// Adjusted Rand index; absent where there is no document.
    pub adjusted_rand_index: Option<f64>,
    /// True clusters of two or more documents.
    pub true_clusters: usize,
    /// Of these, those whose documents are all in one reported cluster.
    pub whole: usize,
    /// Of these, those whose reported cluster holds nothing else.
    pub whole_and_alone: usize,
    /// Reported clusters of two or more of the documents compared.
    pub reported_clusters: usize,
}

/// One document: its true and its reported cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    truth: u64,
    reported: u64,
}

pub(super) fn measure(index: &Index<'_>, labels: &[ClusterLabel]) -> ClusterMeasures {
    let mut numbers: HashMap<&str, u64> = HashMap::new();
    let mut truth: Vec<Option<u64>> = vec![None; index.report.documents.len()];
    for label in labels {
        let next = numbers.len() as u64;
        let number = *numbers.entry(label.cluster.as_str()).or_insert(next);
        if let Some(document) = index.find(&label.id) {
            truth[document as usize] = Some(number);
        }
    }
    let reported = |document: DocIndex| match index.cluster(document) {
        Some(cluster) => u64::from(cluster),
        None => alone(document),
    };
    let labelled = truth
        .iter()
        .zip(0..)
        .filter_map(|(truth, document)| truth.map(|truth| Placed { truth, reported: reported(document) }));
    let all = truth.iter().zip(0..).map(|(truth, document)| Placed {
        truth: truth.unwrap_or(alone(document)),
        reported: reported(document),
    });
    ClusterMeasures {
        labelled_only: PartitionScore::new(labelled.collect()),
        outside_as_singletons: PartitionScore::new(all.collect()),
    }
}

/// The number of a cluster that holds this document alone; beyond the numbers
/// of all others.
fn alone(document: DocIndex) -> u64 {
    (1 << 32) | u64::from(document)
}

impl PartitionScore {
    fn new(mut documents: Vec<Placed>) -> Self {
        documents.sort_unstable();
        let cells = runs(&documents, |placed| *placed);
        let truth = sizes(&documents, |placed| placed.truth);
        let reported = sizes(&documents, |placed| placed.reported);
        let mut score = Self {
            documents: documents.len(),
            pairs: Score::default(),
            bcubed_precision: None,
            bcubed_recall: None,
            bcubed_f1: None,
            adjusted_rand_index: None,
            true_clusters: truth.iter().filter(|(_, size)| *size > 1).count(),
            whole: 0,
            whole_and_alone: 0,
            reported_clusters: reported.iter().filter(|(_, size)| *size > 1).count(),
        };
        let (mut both, mut precision, mut recall) = (0, 0.0, 0.0);
        for (placed, count) in cells {
            let in_truth = size_of(&truth, placed.truth);
            let in_reported = size_of(&reported, placed.reported);
            both += pairs_of(count);
            let square = (count * count) as f64;
            precision += square / in_reported as f64;
            recall += square / in_truth as f64;
            if in_truth > 1 && count == in_truth {
                score.whole += 1;
                score.whole_and_alone += usize::from(count == in_reported);
            }
        }
        let in_truth = truth.iter().map(|(_, size)| pairs_of(*size)).sum::<u64>();
        let in_reported = reported.iter().map(|(_, size)| pairs_of(*size)).sum::<u64>();
        score.pairs = Score::new(both, in_reported - both, in_truth - both);
        if !documents.is_empty() {
            let count = documents.len() as f64;
            let (precision, recall) = (precision / count, recall / count);
            score.bcubed_precision = Some(ratio(precision));
            score.bcubed_recall = Some(ratio(recall));
            score.bcubed_f1 = Some(ratio(2.0 * precision * recall / (precision + recall)));
            let all = pairs_of(documents.len() as u64);
            score.adjusted_rand_index = Some(ratio(adjusted_rand_index(both, in_truth, in_reported, all)));
        }
        score
    }
}

/// From the pairs united in both partitions, in the true one, in the reported
/// one, and all pairs there are.
fn adjusted_rand_index(both: u64, in_truth: u64, in_reported: u64, all: u64) -> f64 {
    if both == in_truth && both == in_reported {
        return 1.0;
    }
    let (truth, reported) = (in_truth as f64, in_reported as f64);
    let expected = truth * reported / all as f64;
    (both as f64 - expected) / ((truth + reported) / 2.0 - expected)
}

fn pairs_of(count: u64) -> u64 {
    count * count.saturating_sub(1) / 2
}

/// Each key with the number of documents that have it, sorted by key.
fn sizes(documents: &[Placed], key: impl Fn(&Placed) -> u64) -> Vec<(u64, u64)> {
    let mut keys: Vec<u64> = documents.iter().map(key).collect();
    keys.sort_unstable();
    runs(&keys, |key| *key)
}

fn runs<T, K: PartialEq>(sorted: &[T], key: impl Fn(&T) -> K) -> Vec<(K, u64)> {
    let mut runs: Vec<(K, u64)> = Vec::new();
    for item in sorted {
        let key = key(item);
        match runs.last_mut() {
            Some((last, count)) if *last == key => *count += 1,
            _ => runs.push((key, 1)),
        }
    }
    runs
}

fn size_of(sizes: &[(u64, u64)], key: u64) -> u64 {
    let place = sizes.binary_search_by_key(&key, |(key, _)| *key);
    sizes[place.expect("every document was counted in its cluster")].1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::ReportBuilder;
    use super::super::{Measures, Truth, TruthKind, evaluate};
    use super::*;

    fn score(truth: &[u64], reported: &[u64]) -> PartitionScore {
        let placed = truth.iter().zip(reported);
        PartitionScore::new(placed.map(|(&truth, &reported)| Placed { truth, reported }).collect())
    }

    #[test]
    fn hand_computed_partitions_get_their_known_scores() {
        // True {0 1 2} {3 4} {5}; reported {0 1} {2 3 4} {5}.
        let s = score(&[0, 0, 0, 1, 1, 2], &[7, 7, 8, 8, 8, 9]);
        assert_eq!(s.pairs, Score::new(2, 2, 2));
        // Precision: 1 1 1/3 2/3 2/3 1; recall: 2/3 2/3 1/3 1 1 1.
        assert_eq!(s.bcubed_precision, Some(ratio(14.0 / 18.0)));
        assert_eq!(s.bcubed_recall, Some(ratio(14.0 / 18.0)));
        // both 2, true 4, reported 4, all 15: (2 - 16/15) / (4 - 16/15).
        assert_eq!(s.adjusted_rand_index, Some(ratio(14.0 / 44.0)));
        assert_eq!((s.true_clusters, s.whole, s.whole_and_alone, s.reported_clusters), (2, 1, 0, 2));
    }

    #[test]
    fn equal_partitions_score_one_and_no_documents_score_nothing() {
        for labels in [&[0, 0, 1, 2][..], &[0, 1, 2], &[0, 0, 0], &[0]] {
            let s = score(labels, labels);
            assert_eq!((s.bcubed_f1, s.adjusted_rand_index), (Some(1.0), Some(1.0)), "{labels:?}");
            assert_eq!(s.whole_and_alone, s.true_clusters);
        }
        let s = score(&[], &[]);
        assert_eq!((s.bcubed_f1, s.adjusted_rand_index, s.pairs.f1), (None, None, None));
    }

    #[test]
    fn documents_outside_the_file_are_unknown_or_singletons() {
        let report = ReportBuilder::new(&["a", "b", "c", "d", "e"]).cluster(&["a", "b", "c"]).build();
        let truth = Truth::parse("a\t1\nb\t1\nd\t2\n", TruthKind::Clusters, "c.tsv".as_ref()).unwrap();
        let Measures::Clusters(m) = evaluate(&report, &truth).measures else { panic!("clusters") };
        assert_eq!((m.labelled_only.documents, m.labelled_only.pairs), (3, Score::new(1, 0, 0)));
        assert_eq!(m.outside_as_singletons.documents, 5);
        assert_eq!(m.outside_as_singletons.pairs, Score::new(1, 2, 0));
    }

    #[test]
    fn only_the_primary_membership_places_a_document() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .cluster(&["a", "b"])
            .cluster(&["b", "c"])
            .with_cluster(|cluster| cluster.members[0].primary = false)
            .build();
        let truth = Truth::parse("a\t1\nb\t1\nc\t2\n", TruthKind::Clusters, "c.tsv".as_ref()).unwrap();
        let Measures::Clusters(m) = evaluate(&report, &truth).measures else { panic!("clusters") };
        assert_eq!(m.labelled_only.pairs, Score::new(1, 0, 0));
    }

    /// Everything over all pairs of documents, straight from the definitions.
    fn brute_force(truth: &[u64], reported: &[u64]) -> (Score, f64, f64, f64) {
        let n = truth.len();
        let (mut both, mut only_reported, mut only_truth, mut neither) = (0, 0, 0, 0);
        let (mut precision, mut recall) = (0.0, 0.0);
        for i in 0..n {
            let (mut same_truth, mut same_reported, mut same_both) = (0.0, 0.0, 0.0);
            for j in 0..n {
                let (t, r) = (truth[i] == truth[j], reported[i] == reported[j]);
                same_truth += f64::from(t);
                same_reported += f64::from(r);
                same_both += f64::from(t && r);
                if i < j {
                    match (t, r) {
                        (true, true) => both += 1,
                        (false, true) => only_reported += 1,
                        (true, false) => only_truth += 1,
                        (false, false) => neither += 1,
                    }
                }
            }
            precision += same_both / same_reported / n as f64;
            recall += same_both / same_truth / n as f64;
        }
        // The pair-confusion form of the index, which shares no step with ours.
        let (tp, fp, fne, tn) = (both as f64, only_reported as f64, only_truth as f64, neither as f64);
        let rand = if fp == 0.0 && fne == 0.0 {
            1.0
        } else {
            2.0 * (tp * tn - fne * fp) / ((tp + fne) * (fne + tn) + (tp + fp) * (fp + tn))
        };
        (Score::new(both, only_reported, only_truth), precision, recall, rand)
    }

    proptest! {
        #[test]
        fn agrees_with_brute_force_over_all_pairs(
            placed in prop::collection::vec((0..6u64, 0..6u64), 1..40)
        ) {
            let (truth, reported): (Vec<u64>, Vec<u64>) = placed.into_iter().unzip();
            let s = score(&truth, &reported);
            let (pairs, precision, recall, rand) = brute_force(&truth, &reported);
            prop_assert_eq!(s.pairs, pairs);
            prop_assert!((s.bcubed_precision.unwrap() - precision).abs() < 1e-6);
            prop_assert!((s.bcubed_recall.unwrap() - recall).abs() < 1e-6);
            prop_assert!((s.adjusted_rand_index.unwrap() - rand).abs() < 1e-6);
        }
    }
}
