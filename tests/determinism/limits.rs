//! Limits on pairs: what is left of the pairs that a comparison of every two
//! documents finds, no less and no more.
//!
//! The rules are told here once more, document by document and without the
//! groups, stars and windows of the library: two documents may be a pair if
//! one is of either side, their publishers differ, and their times are near
//! enough, as far as each is asked for. Identical documents stand for one
//! another where a chain of times holds them together, and a pair is listed
//! under the lowest ids that may be one.
//!
//! What a passage is (furniture, a form) is seen over a collection; the pairs
//! of the sample feed are held against those of a scan without limits with
//! their kinds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Params, PassageKind};
use wirecopy::pipeline;
use wirecopy::report::{Direction, Pair, Report, Stats};
use wirecopy::sketch::winnow;

use super::pieces;
use crate::support::{self, feed, words};

/// What is known of a document beside its text.
type Facts = (bool, usize, Option<(u32, bool)>);

fn document(number: usize, text: String, (is_against, source, time): Facts) -> Document {
    // Days of a month; with an hour, or the day alone.
    let written = time.map(|(hours, has_hour)| {
        let (day, hour) = (1 + hours / 24, hours % 24);
        if has_hour { format!("2026-05-{day:02}T{hour:02}:00:00Z") } else { format!("2026-05-{day:02}") }
    });
    Document {
        id: format!("d{number:02}"),
        text,
        is_against,
        source: Some(format!("s{source}.example")),
        published: written.map(|written| written.parse().unwrap()),
        ..Document::default()
    }
}

fn limits() -> impl Strategy<Value = Params> {
    let within = prop::option::of(prop_oneof![Just(1u64), Just(10), Just(30), Just(100)]);
    (any::<bool>(), any::<bool>(), within).prop_map(|(against, across_sources_only, hours)| Params {
        against,
        across_sources_only,
        within_s: hours.map(|hours| hours * 3600),
        count: vec![PassageKind::Quotation, PassageKind::Boilerplate, PassageKind::Template],
        ..Params::default()
    })
}

fn without_limits(params: &Params) -> Params {
    Params { against: false, across_sources_only: false, within_s: None, ..params.clone() }
}

fn are_near(a: &Document, b: &Document, params: &Params) -> bool {
    let (Some(within), Some(a), Some(b)) = (params.within_s, a.published, b.published) else { return true };
    let ((a_from, a_until), (b_from, b_until)) = (a.interval(), b.interval());
    let within = i64::try_from(within).unwrap();
    a_from - b_until <= within && b_from - a_until <= within
}

fn is_allowed(a: &Document, b: &Document, params: &Params) -> bool {
    (!params.against || a.is_against != b.is_against)
        && (!params.across_sources_only || a.source != b.source)
        && are_near(a, b, params)
}

/// Sets of identical documents that a chain of near times holds together, and
/// all other documents alone.
fn parts<'c>(corpus: &'c Corpus, params: &Params) -> Vec<Vec<&'c Document>> {
    let key = |document: &Document| document.text.to_lowercase();
    let mut parts: Vec<Vec<&Document>> = Vec::new();
    for document in corpus.documents() {
        let is_of = |part: &Vec<&Document>| {
            part.iter().any(|other| key(other) == key(document) && are_near(other, document, params))
        };
        let (of, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_of);
        parts = rest;
        let mut joined: Vec<&Document> = of.into_iter().flatten().chain([document]).collect();
        joined.sort_by(|a, b| a.id.cmp(&b.id));
        parts.push(joined);
    }
    parts
}

/// Without what only the whole collection tells: who was first is learnt from
/// all pairs and credits.
fn forget_direction(pair: &mut Pair) {
    pair.direction = Direction { from: None, confidence: 0.0, evidence: Vec::new() };
}

fn forget_kinds(pair: &mut Pair) {
    forget_direction(pair);
    for passage in &mut pair.passages {
        (passage.kind, passage.reason) = (PassageKind::Copy, "".into());
    }
}

/// The pairs that comparing everything gives, and the groups that are listed.
fn by_brute_force(corpus: &Corpus, params: &Params) -> (Vec<Pair>, BTreeSet<Vec<String>>) {
    let parts = parts(corpus, params);
    let mut pairs = Vec::new();
    let mut groups = BTreeSet::new();
    let lowest = |one: &[&Document], other: &[&Document]| {
        let all = one.iter().flat_map(|a| other.iter().map(move |b| [*a, *b]));
        let allowed = all.filter(|[a, b]| a.id != b.id && is_allowed(a, b, params));
        allowed
            .map(|[a, b]| if a.id < b.id { [a, b] } else { [b, a] })
            .min_by_key(|[a, b]| (&a.id, &b.id))
            .map(|two| two.map(Clone::clone))
    };
    let ids = |part: &[&Document]| part.iter().map(|document| document.id.clone()).collect::<Vec<_>>();
    for (at, one) in parts.iter().enumerate() {
        if one.len() > 1 && lowest(one, one).is_some() {
            groups.insert(ids(one));
        }
        for other in &parts[at + 1..] {
            let Some(two) = lowest(one, other) else { continue };
            assert_ne!(two[0].text.to_lowercase(), two[1].text.to_lowercase());
            let two = Corpus::try_new(two.into()).unwrap();
            let (compared, _) = pipeline::compare(&two, &without_limits(params), &()).unwrap();
            let Some(mut pair) = compared.pairs.into_iter().next() else { continue };
            forget_kinds(&mut pair);
            pairs.push(pair);
            groups.extend([one, other].into_iter().filter(|part| part.len() > 1).map(|part| ids(part)));
        }
    }
    pairs.sort_by(|a, b| (&a.a, &a.b).cmp(&(&b.a, &b.b)));
    (pairs, groups)
}

/// Each cluster has a pair that is allowed and unites, or identical documents
/// that may be a pair, and nothing but these holds it together.
fn assert_clusters_are_allowed(corpus: &Corpus, report: &Report, params: &Params) {
    let parts = parts(corpus, params);
    let part_of = |id: &str| parts.iter().position(|part| part.iter().any(|d| d.id == id)).unwrap();
    let mut label: Vec<usize> = (0..parts.len()).collect();
    for pair in report.pairs.iter().filter(|pair| pair.verdict.is_uniting()) {
        let (kept, gone) = (label[part_of(&pair.a)], label[part_of(&pair.b)]);
        label.iter_mut().filter(|label| **label == gone).for_each(|label| *label = kept);
    }
    for cluster in &report.clusters {
        let primary = cluster.members.iter().filter(|member| member.primary);
        let members: Vec<&Document> =
            primary.map(|member| &corpus[corpus.find(&member.document).unwrap()]).collect();
        let labels: BTreeSet<usize> = members.iter().map(|member| label[part_of(&member.id)]).collect();
        assert_eq!(labels.len(), 1, "{cluster:?}");
        // Those that carry it beside a text of their own may be the other half.
        let all: Vec<&Document> =
            cluster.members.iter().map(|member| &corpus[corpus.find(&member.document).unwrap()]).collect();
        let is_pair = |a: &Document| all.iter().any(|b| a.id != b.id && is_allowed(a, b, params));
        assert!(all.iter().any(|member| is_pair(member)), "nobody in {cluster:?} may be a pair");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn of_all_pairs_those_are_found_that_the_limits_allow(
        outlines in pieces::unedited(winnow::guarantee_tokens(&Params::default())),
        facts in prop::collection::vec(
            (any::<bool>(), 0usize..3, prop::option::weighted(0.8, (0u32..200, any::<bool>()))), 12),
        params in limits(),
    ) {
        let texts = pieces::texts(&outlines).into_iter().zip(facts).enumerate();
        let documents = texts.map(|(number, (text, facts))| document(number, text, facts)).collect();
        let corpus = Corpus::try_new(documents).unwrap();
        let mut report = pipeline::scan(&corpus, &params, &()).unwrap();
        report.pairs.iter_mut().for_each(forget_kinds);
        let (pairs, groups) = by_brute_force(&corpus, &params);
        prop_assert_eq!(&report.pairs, &pairs);
        let listed: BTreeSet<Vec<String>> =
            report.exact_groups.iter().map(|group| group.documents.clone()).collect();
        prop_assert_eq!(listed, groups);
        assert_clusters_are_allowed(&corpus, &report, &params);
        // They limit pairs, and not repeats.
        let whole = pipeline::scan(&corpus, &without_limits(&params), &()).unwrap();
        prop_assert_eq!(report.repeats, whole.repeats);
    }
}

/// Every pair of the feed with its kinds and verdict, for each publisher as
/// the other side, for other publishers alone, and for several windows.
#[test]
fn in_the_feed_limits_leave_each_allowed_pair_as_it_is() {
    let plain = support::scan(&feed::corpus());
    let sources: BTreeSet<String> = plain.documents.iter().map(|document| document.source.clone()).collect();
    let limit = |against, across_sources_only, hours: Option<u64>| Params {
        against,
        across_sources_only,
        within_s: hours.map(|hours| hours * 3600),
        ..Params::default()
    };
    let mut cases = vec![(String::new(), limit(false, true, None))];
    cases.extend([1, 6, 24].map(|hours| (String::new(), limit(false, false, Some(hours)))));
    cases.extend(sources.into_iter().map(|source| (source, limit(true, false, None))));
    let mut listed = 0;
    for (other, params) in cases {
        let mut documents = feed::documents();
        let source_of = |id: &str| plain.documents.iter().find(|d| d.id == id).unwrap().source.clone();
        documents.iter_mut().for_each(|document| document.is_against = source_of(&document.id) == other);
        let corpus = Corpus::try_new(documents).unwrap();
        let named = |id: &str| {
            let mut document = corpus[corpus.find(id).unwrap()].clone();
            document.source = Some(source_of(id));
            document
        };
        let mut report = pipeline::scan(&corpus, &params, &()).unwrap();
        let allowed = plain.pairs.iter().filter(|pair| is_allowed(&named(&pair.a), &named(&pair.b), &params));
        let mut expected: Vec<Pair> = allowed.cloned().collect();
        expected.iter_mut().chain(&mut report.pairs).for_each(forget_direction);
        assert_eq!(report.pairs, expected, "{other} {params:?}");
        assert_eq!(report.repeats, plain.repeats);
        listed += expected.len();
    }
    assert!(listed > 100, "{listed} pairs");
}

/// A story of which one side has hundreds of versions and the other side one.
#[test]
fn a_crowd_on_one_side_does_not_hide_the_one_of_the_other() {
    const COUNT: usize = 400;
    for (name, differ) in [("against", 0), ("across", 1), ("within", 2)] {
        let params = Params {
            against: name == "against",
            across_sources_only: name == "across",
            within_s: (name == "within").then_some(3600),
            ..Params::default()
        };
        for lone in [0, COUNT / 2, COUNT - 1] {
            let documents = (0..COUNT).map(|number| {
                // The same story with a few own words at its end; two of one month
                // are as near in time as the window allows, all others are not.
                let text = words::range(0..120) + " " + &words::range(1000 + 10 * number..1005 + 10 * number);
                let is_lone = number == lone;
                let month = if is_lone { (lone + 1) % COUNT } else { number };
                let published = format!("{}-{:02}-03T10:00:00Z", 1900 + month / 12, 1 + month % 12);
                Document {
                    id: format!("d{number:03}"),
                    text,
                    is_against: differ == 0 && is_lone,
                    source: Some(if differ == 1 && is_lone { "b.example" } else { "a.example" }.into()),
                    published: (differ == 2).then(|| published.parse().unwrap()),
                    ..Document::default()
                }
            });
            let corpus = Corpus::try_new(documents.collect()).unwrap();
            let report = pipeline::scan(&corpus, &params, &()).unwrap();
            let has_lone = |pair: &&Pair| [&pair.a, &pair.b].iter().any(|id| **id == format!("d{lone:03}"));
            assert!(report.pairs.iter().all(|pair| has_lone(&pair)), "{name} {lone}");
            // In time each has one partner; else all others are the lone one's.
            let least = if differ == 2 { 1 } else { COUNT - 1 };
            assert_eq!(report.pairs.len(), least, "{name} {lone}");
            // No more than without limits, and the links.
            let whole = pipeline::scan(&corpus, &Params::default(), &()).unwrap().stats.verified;
            let Stats { verified, .. } = report.stats;
            assert!(verified <= whole + 2 * COUNT, "{verified} comparisons, {name} {lone}");
        }
    }
}
