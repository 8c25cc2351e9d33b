//! `--level documents` against the full comparison: it gives up passages, and
//! nothing that sketches of whole documents find.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use support::feed;
use support::words::Rng;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Level, Params};
use wirecopy::pipeline;
use wirecopy::report::{Pair, Report, Verdict};

fn scan(corpus: &Corpus, level: Level) -> Report {
    pipeline::scan(corpus, &Params { level, ..Params::default() }, &()).unwrap()
}

/// Stories and, of each, copies with a share of the words changed, a copy
/// within a longer text, and a doubled one; and the sample feed.
fn corpus() -> Corpus {
    let mut documents = feed::documents();
    let mut rng = Rng::new(7);
    for story in 0..60 {
        let words: Vec<String> = rng.words(150 + story * 5, 50_000).split(' ').map(str::to_owned).collect();
        let mut add = |kind: &str, text: String| {
            let id = format!("story-{story:02}-{kind}");
            documents.push(Document { id, text, ..Document::default() });
        };
        for each in [8, 14, 30, 90] {
            let changed =
                |(n, word): (usize, &String)| if n % each == 3 { format!("new{n}") } else { word.clone() };
            let text: Vec<String> = words.iter().enumerate().map(changed).collect();
            add(&format!("changed-{each}"), text.join(" "));
        }
        add("whole", words.join(" "));
        add("doubled", format!("{0}\n{0}", words.join(" ")));
        let place = if story % 2 == 0 { "a-inside" } else { "z-inside" };
        add(
            place,
            format!("{} {}", words.join(" "), Rng::new(story as u64).words(words.len() * 5 / 4, 90_000)),
        );
    }
    Corpus::try_new(documents).unwrap()
}

fn by_ids(report: &Report) -> BTreeMap<(&str, &str), &Pair> {
    report.pairs.iter().map(|pair| ((pair.a.as_str(), pair.b.as_str()), pair)).collect()
}

#[test]
fn whole_copies_are_those_of_the_full_comparison() {
    let corpus = corpus();
    let (whole, full) = (scan(&corpus, Level::Documents), scan(&corpus, Level::Passages));
    assert_eq!(whole.exact_groups, full.exact_groups);
    let (found, all) = (by_ids(&whole), by_ids(&full));
    let min_jaccard = Params::default().min_jaccard;
    let alike: Vec<_> = all.iter().filter(|(_, pair)| pair.jaccard >= min_jaccard).collect();
    assert!(alike.len() > 300, "{} pairs to find", alike.len());
    let missing: Vec<_> = alike.iter().filter(|(ids, _)| !found.contains_key(*ids)).collect();
    assert!(missing.len() * 100 < alike.len(), "{missing:?} of {}", alike.len());
    for (ids, pair) in &found {
        let other = all[ids];
        let shares = |pair: &Pair| (pair.jaccard, pair.containment_of_a_in_b, pair.containment_of_b_in_a);
        assert_eq!(shares(pair), shares(other), "{ids:?}");
        assert_eq!(pair.coverage_of_a_by_b, pair.containment_of_a_in_b, "{ids:?}");
    }
}

#[test]
fn nothing_but_whole_copies_is_reported() {
    let report = scan(&corpus(), Level::Documents);
    assert!(
        report.repeats.is_empty() && report.documents.iter().all(|document| document.repeated_share == 0.0)
    );
    let mut verdicts = BTreeMap::new();
    for pair in &report.pairs {
        assert!(pair.passages.is_empty());
        *verdicts.entry(format!("{:?}", pair.verdict)).or_insert(0) += 1;
        assert!(
            matches!(pair.verdict, Verdict::NearDuplicate | Verdict::Contains | Verdict::ContainedIn),
            "{pair:?}"
        );
    }
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
}

#[test]
fn members_of_clusters_are_credited_all_the_same() {
    let (whole, full) = (scan(&feed::corpus(), Level::Documents), scan(&feed::corpus(), Level::Passages));
    let credits: BTreeMap<&str, _> =
        full.documents.iter().map(|document| (document.id.as_str(), &document.credits)).collect();
    let members: Vec<&str> =
        whole.clusters.iter().flat_map(|cluster| &cluster.members).map(|m| m.document.as_str()).collect();
    let mut credited = 0;
    for document in whole.documents.iter().filter(|document| members.contains(&document.id.as_str())) {
        assert_eq!(&document.credits, credits[document.id.as_str()]);
        credited += document.credits.len();
    }
    assert!(credited > 0, "no member of a cluster has a credit");
}
