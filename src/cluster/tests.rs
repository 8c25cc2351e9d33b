//! The situations that clustering is for, and its growth.

use super::bonds::{Limits, questions};
use super::place::Place;
use super::ties::{Evidence, Tie};
use super::*;
use crate::candidates::CandidatePair;
use crate::document::{DocId, Span};

const LIMITS: Limits = Limits { min_containment: 0.8, min_derived: 0.33 };

/// Length of a passage in words from which a pair is seen to share it.
const PASSAGE: usize = 25;

/// Documents as runs of words, each word a number: what two documents share
/// is what a verifier would find in such texts.
struct Texts(Vec<Vec<usize>>);

impl Texts {
    /// The words that two texts have in common, as places in the first.
    fn shared(&self, a: usize, b: usize) -> Vec<usize> {
        (0..self.0[a].len()).filter(|&at| self.0[b].contains(&self.0[a][at])).collect()
    }

    fn tie(&self, a: usize, b: usize) -> Tie {
        let (x, y) = (self.shared(a, b), self.shared(b, a));
        let place = |places: &[usize], of: usize| {
            Place::new(places.iter().map(|&at| Span::new(at, at + 1)), self.0[of].len())
        };
        Tie {
            a,
            b,
            of_a: x.len() as f64 / self.0[a].len() as f64,
            of_b: y.len() as f64 / self.0[b].len() as f64,
            in_a: place(&x, a),
            in_b: place(&y, b),
        }
    }

    /// Clusters as lists of documents, with the documents that carry each.
    fn stories(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let (mut ties, mut related, mut compared) = (Vec::new(), Vec::new(), Vec::new());
        for a in 0..self.0.len() {
            for b in a + 1..self.0.len() {
                compared.push((DocId::new(a), DocId::new(b)));
                let tie = self.tie(a, b);
                let of_shorter = if self.0[a].len() <= self.0[b].len() { tie.of_a } else { tie.of_b };
                if self.shared(a, b).len() < PASSAGE {
                } else if of_shorter >= LIMITS.min_derived {
                    ties.push(tie);
                } else {
                    related.push(tie);
                }
            }
        }
        let sizes: Vec<usize> = self.0.iter().map(Vec::len).collect();
        let evidence = Evidence {
            documents: &vec![1; self.0.len()],
            sizes: &sizes,
            ties: &ties,
            related: &related,
            compared: &compared,
        };
        stories(&evidence, LIMITS)
            .into_iter()
            .map(|story| (story.groups, story.excerpts.iter().map(|excerpt| excerpt.group).collect()))
            .collect()
    }
}

/// Words that nothing else has.
fn own(document: usize, len: usize) -> Vec<usize> {
    (0..len).map(|word| 1_000_000 * (document + 1) + word).collect()
}

fn join(parts: &[&[usize]]) -> Vec<usize> {
    parts.concat()
}

/// A near copy: the words but for every `each`-th.
fn reworded(words: &[usize], each: usize, document: usize) -> Vec<usize> {
    let word = |(at, &word): (usize, &usize)| {
        if at % each == 0 { 1_000_000_000 + document * 10_000 + at } else { word }
    };
    words.iter().enumerate().map(word).collect()
}

/// Name, texts, and clusters with the documents that carry each.
type Case = (&'static str, Vec<Vec<usize>>, Vec<(Vec<usize>, Vec<usize>)>);

#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn cases() -> Vec<Case> {
    let (one, two, three) = (own(0, 300), own(1, 300), own(2, 300));
    let (one2, two2) = (reworded(&one, 20, 1), reworded(&two, 20, 2));
    let window = |n: usize| own(7, 2000)[n * 100..n * 100 + 200].to_vec();
    let update = |n: usize, copy: usize| reworded(&window(n), 25, 10 * n + copy);
    let local = |n: usize| join(&[&one, &own(20 + n, 150)]);
    let piece = own(9, 60);
    let around = |n: usize| join(&[&own(30 + n, 200), &piece, &own(50 + n, 200)]);
    let all = |count: usize| vec![((0..count).collect(), vec![])];
    vec![
        (
            "an original and two halves of it that do not overlap",
            vec![one.clone(), one[..150].to_vec(), one[150..].to_vec()],
            all(3),
        ),
        ("cuts from the bottom, each shorter", (1..6).map(|n| one[..60 * n].to_vec()).collect(), all(5)),
        ("a story with local paragraphs", (0..4).map(local).collect(), all(4)),
        ("versions of which each shares half of the one before", (0..8).map(window).collect(), all(8)),
        (
            "such versions, each in three copies",
            (0..5).flat_map(|n| (0..3).map(move |copy| (n, copy))).map(|(n, copy)| update(n, copy)).collect(),
            all(15),
        ),
        (
            "a round-up of two stories, each in two papers",
            vec![one.clone(), one2.clone(), join(&[&one, &two]), two.clone(), two2.clone()],
            vec![(vec![0, 1], vec![2]), (vec![3, 4], vec![2])],
        ),
        (
            "the round-up is itself carried by two papers",
            vec![
                one.clone(),
                one2.clone(),
                join(&[&one, &two]),
                two.clone(),
                two2.clone(),
                reworded(&join(&[&one, &two]), 30, 3),
            ],
            vec![(vec![0, 1], vec![2, 5]), (vec![2, 5], vec![]), (vec![3, 4], vec![2, 5])],
        ),
        (
            "a story with a brief of another one behind it",
            vec![
                one.clone(),
                one2.clone(),
                join(&[&one, &two[..120]]),
                two[..120].to_vec(),
                reworded(&two[..120], 20, 4),
            ],
            vec![(vec![0, 1, 2], vec![]), (vec![3, 4], vec![2])],
        ),
        (
            "a digest of unrelated posts",
            (0..40)
                .map(|n| own(n, 50))
                .chain([join(
                    &(0..40)
                        .map(|n| own(n, 50))
                        .collect::<Vec<_>>()
                        .iter()
                        .map(Vec::as_slice)
                        .collect::<Vec<_>>(),
                )])
                .collect(),
            (0..40).map(|n| (vec![n], vec![40])).collect(),
        ),
        (
            "a piece that stands in unrelated documents",
            vec![piece.clone(), around(0), around(1), around(2), around(3)],
            vec![(vec![0], vec![1, 2, 3, 4])],
        ),
        ("a piece that stands in one document", vec![piece.clone(), around(0)], all(2)),
        (
            "two stories and one pair that shares a paragraph",
            vec![
                one.clone(),
                one2.clone(),
                join(&[&one[..200], &three[..110]]),
                join(&[&two[..200], &three[..110]]),
                two.clone(),
                two2.clone(),
            ],
            vec![(vec![0, 1, 2], vec![]), (vec![3, 4, 5], vec![])],
        ),
        (
            "one document that is half of either story",
            vec![one.clone(), one2.clone(), join(&[&one[..140], &two[..140]]), two.clone(), two2.clone()],
            vec![(vec![0, 1], vec![2]), (vec![3, 4], vec![2])],
        ),
        (
            "two stories with one paragraph of background",
            vec![
                join(&[&one, &piece]),
                join(&[&one2, &piece]),
                join(&[&two, &piece]),
                join(&[&two2, &piece]),
            ],
            vec![(vec![0, 1], vec![]), (vec![2, 3], vec![])],
        ),
        (
            "short briefs, one of them the lead of a story",
            vec![
                one.clone(),
                one2.clone(),
                reworded(&one, 15, 5),
                join(&[&own(60, 50), &one[..60], &own(61, 80)]),
            ],
            vec![(vec![0, 1, 2], vec![3])],
        ),
        (
            "briefs that carry the lead of a story",
            vec![
                one.clone(),
                one2.clone(),
                reworded(&one, 15, 5),
                join(&[&own(60, 300), &one[..60], &own(61, 300)]),
            ],
            vec![(vec![0, 1, 2], vec![3])],
        ),
    ]
}

#[test]
fn documents_are_one_story_where_their_texts_bear_it_out() {
    let wrong: Vec<_> = cases()
        .into_iter()
        .map(|(name, texts, expected)| (name, Texts(texts).stories(), expected))
        .filter(|(_, found, expected)| found != expected)
        .collect();
    assert_eq!(wrong, [], "name, found, expected");
}

#[test]
fn the_order_of_documents_does_not_matter() {
    for (name, texts, _) in cases() {
        let count = texts.len();
        let back = |found: Vec<(Vec<usize>, Vec<usize>)>| {
            let turn = |mut groups: Vec<usize>| {
                groups.iter_mut().for_each(|group| *group = count - 1 - *group);
                groups.sort_unstable();
                groups
            };
            let mut found: Vec<_> = found.into_iter().map(|(groups, by)| (turn(groups), turn(by))).collect();
            found.sort();
            found
        };
        let mut forth = Texts(texts.clone()).stories();
        forth.sort();
        assert_eq!(back(Texts(texts.into_iter().rev().collect()).stories()), forth, "{name}");
    }
}

#[test]
fn what_was_not_compared_is_no_difference() {
    // A chain of near copies as a large bucket leaves it, and in the middle
    // a tie that is weak only if the others are known to be none.
    let count = 400;
    let place = Place::new([Span::new(0, 64)].into_iter(), 64);
    let tie = |a: usize, cover: f64| Tie { a, b: a + 1, of_a: cover, of_b: cover, in_a: place, in_b: place };
    let ties: Vec<Tie> = (0..count - 1).map(|a| tie(a, if a == 200 { 0.4 } else { 0.95 })).collect();
    let listed: Vec<CandidatePair> = ties.iter().map(|tie| (DocId::new(tie.a), DocId::new(tie.b))).collect();
    let beside = [(199, 201), (200, 202)].map(|(a, b)| (DocId::new(a), DocId::new(b)));
    let sizes = |compared: &[CandidatePair]| {
        let (documents, sizes) = (vec![1; count], vec![1000; count]);
        let evidence = Evidence { documents: &documents, sizes: &sizes, ties: &ties, related: &[], compared };
        stories(&evidence, LIMITS).iter().map(|story| story.groups.len()).collect::<Vec<_>>()
    };
    assert_eq!(sizes(&listed), [400]);
    let mut known: Vec<CandidatePair> = listed.into_iter().chain(beside).collect();
    known.sort_unstable();
    assert_eq!(sizes(&known), [201, 199]);
}

#[test]
fn what_the_rules_cannot_answer_is_asked_and_no_more() {
    fn of<'a>(ties: &'a [Tie], compared: &'a [CandidatePair]) -> Evidence<'a> {
        Evidence { documents: &[1; 200], sizes: &[1000; 200], ties, related: &[], compared }
    }

    // A note wholly in many articles, of which nobody compared any two. The
    // first ten are versions of one, so they cannot answer for the rest.
    let count = 200;
    let place = Place::new([Span::new(0, 8)].into_iter(), 64);
    let tie = |a: usize, b: usize, of_a: f64, of_b: f64| Tie { a, b, of_a, of_b, in_a: place, in_b: place };
    let is_version = |article: usize| (1..=10).contains(&article);
    let mut ties: Vec<Tie> = (1..count).map(|article| tie(0, article, 1.0, 0.1)).collect();
    let pairs = |ties: &[Tie]| -> Vec<CandidatePair> {
        ties.iter().map(|tie| (DocId::new(tie.a), DocId::new(tie.b))).collect()
    };
    let largest = |evidence: &Evidence<'_>| {
        let found = stories(evidence, LIMITS);
        found.iter().map(|story| story.groups.len()).max().unwrap_or_default()
    };
    let mut compared = pairs(&ties);
    assert_eq!(largest(&of(&ties, &compared)), count);
    let asked = questions(&of(&ties, &compared), LIMITS);
    assert!(!asked.is_empty() && asked.len() <= 8, "{asked:?}");
    ties.extend(
        asked.iter().filter(|(a, b)| is_version(*a) && is_version(*b)).map(|&(a, b)| tie(a, b, 0.7, 0.7)),
    );
    ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
    compared.extend(asked.iter().map(|&(a, b)| (DocId::new(a), DocId::new(b))));
    compared.sort_unstable();
    assert!(largest(&of(&ties, &compared)) <= 10);
    // Nothing is asked twice.
    let asked_again = questions(&of(&ties, &compared), LIMITS);
    assert!(asked_again.iter().all(|pair| !asked.contains(pair)), "{asked_again:?}");
}

#[test]
fn a_part_of_unknown_place_makes_no_one_story_of_the_others() {
    // Three articles and a stub, all wholly in a digest; nobody compared the
    // stub with the articles.
    let place = |start: usize| Place::new([Span::new(start, start + 16)].into_iter(), 64);
    let tie = |b: usize, of_a: f64, in_a: Place| Tie { a: 0, b, of_a, of_b: 1.0, in_a, in_b: Place::UNKNOWN };
    let articles = (1..4).map(|b| tie(b, 0.25, place(16 * (b - 1))));
    let ties: Vec<Tie> = articles.chain([tie(4, 0.01, Place::UNKNOWN)]).collect();
    let compared: Vec<CandidatePair> =
        ties.iter().map(|tie| (DocId::new(tie.a), DocId::new(tie.b))).collect();
    let (documents, sizes) = (vec![1; 5], vec![1000, 250, 250, 250, 10]);
    let evidence =
        Evidence { documents: &documents, sizes: &sizes, ties: &ties, related: &[], compared: &compared };
    let found = stories(&evidence, LIMITS);
    let groups: Vec<&[usize]> = found.iter().map(|story| story.groups.as_slice()).collect();
    assert_eq!(groups, [[1], [2], [3], [4]]);
    assert!(found.iter().all(|story| story.carries(0)));
}

#[test]
fn a_star_and_a_chain_of_very_many_copies_take_no_more_than_n_log_n() {
    let count = 100_000;
    let place = |n: usize| Place::new([Span::new(n % 32, n % 32 + 24)].into_iter(), 64);
    let star = (1..count).map(|b| Tie { a: 0, b, of_a: 0.6, of_b: 0.9, in_a: place(b), in_b: place(b / 3) });
    let chain =
        (1..count - 1).map(|a| Tie { a, b: a + 1, of_a: 0.4, of_b: 0.4, in_a: place(a / 7), in_b: place(a) });
    let ties: Vec<Tie> = star.chain(chain).collect();
    let compared: Vec<CandidatePair> =
        ties.iter().map(|tie| (DocId::new(tie.a), DocId::new(tie.b))).collect();
    let evidence = Evidence {
        documents: &vec![1; count],
        sizes: &(0..count).map(|n| 1000 + n % 50).collect::<Vec<_>>(),
        ties: &ties,
        related: &[],
        compared: &compared,
    };
    let start = std::time::Instant::now();
    let found = stories(&evidence, LIMITS);
    let elapsed = start.elapsed();
    assert_eq!(found.len(), 1);
    assert!(elapsed.as_secs() < 30, "{elapsed:?}");
}

#[test]
fn components_hold_what_edges_connect() {
    assert_eq!(components(7, [(4, 2), (5, 6), (2, 0)]), [vec![0, 2, 4], vec![5, 6]]);
    assert!(components(3, []).is_empty());
}

#[test]
fn the_representative_is_the_hub_and_ties_go_to_the_least() {
    let edge = |a, b, likeness| Edge { a, b, strength: likeness, likeness };
    assert_eq!(representative(&[1, 4, 9], &[edge(1, 9, 0.9), edge(4, 9, 0.8)]), 9);
    assert_eq!(representative(&[1, 4], &[edge(1, 4, 0.7)]), 1);
}

#[test]
fn cohesion_counts_compared_pairs_that_share_nothing() {
    let edge = |strength| Edge { a: 1, b: 4, strength, likeness: strength };
    assert!((cohesion(&[edge(0.5), edge(1.0)], 3) - 0.5).abs() < 1e-12);
    assert!((cohesion(&[], 0) - 1.0).abs() < 1e-12);
}
