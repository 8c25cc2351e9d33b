//! Verdicts against what people say: two readers of 300 real pairs
//! (`tests/judgements/pairs.tsv`; `benches/pairs/score.py` has the table of all
//! labels), one reader of pairs that were drawn later (`later.tsv`) and of 100
//! passages between misread pages (`reprints.tsv`), and those who wrote replies.

use std::collections::HashMap;

use wirecopy::document::Span;
use wirecopy::report::{PassageKind, Report, Verdict};

use crate::support::{scan, shared};

/// The pairs: half, corpus, two ids, two labels.
const JUDGEMENTS: &str = include_str!("../judgements/pairs.tsv");

/// The half that no threshold was chosen by.
const CHECKING: &str = "check";

/// Pairs drawn later, most of them because they united then: the same with one
/// label.
const LATER: &str = include_str!("../judgements/later.tsv");

/// Share of the copies and versions whose verdict unites.
const FOUND: f64 = 0.95;

/// Share of all other pairs whose verdict unites, at most.
const UNITED: f64 = 0.04;

/// How many of the 59 others that were drawn later unite, at most; 36 did when
/// they were drawn.
const UNITED_LATER: usize = 24;

/// A pair on which all its readers agree whether it is one story.
struct Judged<'l> {
    ids: [&'l str; 2],
    is_one_story: bool,
}

fn judged(judgements: &'static str, half: &str, corpus: &str) -> Vec<Judged<'static>> {
    let rows = judgements.lines().filter(|line| !line.starts_with('#'));
    let mut found = Vec::new();
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let [of_half, of_corpus, one, two, ref labels @ ..] = columns[..] else { panic!("{row}") };
        let is_one_story = |label: &&str| ["copy", "version"].contains(label);
        let stories = labels.iter().filter(|label| is_one_story(label)).count();
        if of_half == half && of_corpus == corpus && [0, labels.len()].contains(&stories) {
            found.push(Judged { ids: [one, two], is_one_story: stories > 0 });
        }
    }
    found
}

/// How many pairs unite of so many.
#[derive(Debug, Default)]
struct Tally {
    stories: [usize; 2],
    others: [usize; 2],
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, pairs: &[Judged<'_>], verdict: impl Fn([&str; 2]) -> Option<Verdict>) {
        for Judged { ids, is_one_story } in pairs {
            let verdict = verdict(*ids);
            let unites = verdict.is_some_and(Verdict::is_uniting);
            let [united, all] = if *is_one_story { &mut self.stories } else { &mut self.others };
            *united += usize::from(unites);
            *all += 1;
            if unites != *is_one_story {
                self.wrong.push(format!("{ids:?}: {verdict:?}"));
            }
        }
    }
}

/// What a report says of two documents.
fn verdict_of(report: &Report) -> impl Fn([&str; 2]) -> Option<Verdict> {
    let groups = report.exact_groups.iter();
    let first: HashMap<&str, &str> =
        groups.flat_map(|group| group.documents.iter().map(|id| (id.as_str(), group.id.as_str()))).collect();
    let pairs = report.pairs.iter().map(|pair| ((pair.a.as_str(), pair.b.as_str()), pair.verdict));
    let listed: HashMap<(&str, &str), Verdict> = pairs.collect();
    move |ids| {
        let [one, two] = ids.map(|id| first.get(id).copied().unwrap_or(id));
        if one == two { Some(Verdict::Exact) } else { listed.get(&(one.min(two), one.max(two))).copied() }
    }
}

#[test]
fn real_copies_are_found_and_likenesses_are_not() {
    let (mut checked, mut later) = (Tally::default(), Tally::default());
    for corpus in ["20news_19997", "reuters21578", "chronam_week"] {
        let Some(lines) = shared::jsonl(corpus) else { return };
        let report = scan(&shared::corpus(&lines));
        let verdict = verdict_of(&report);
        checked.count(&judged(JUDGEMENTS, CHECKING, corpus), &verdict);
        later.count(&judged(LATER, "later", corpus), &verdict);
    }
    let share = |[united, all]: [usize; 2]| united as f64 / all as f64;
    for tally in [&checked, &later] {
        assert!(tally.stories[1] >= 10 && tally.others[1] >= 50, "{tally:#?}");
        assert!(share(tally.stories) >= FOUND, "{tally:#?}");
    }
    assert!(share(checked.others) <= UNITED, "{checked:#?}");
    assert!(later.others[0] <= UNITED_LATER, "{later:#?}");
}

/// Share of the replies that share text with their parent and are in a cluster
/// with it, at most.
const REPLIES_UNITED: f64 = 0.02;

#[test]
fn replies_do_not_end_with_the_posts_that_they_quote() {
    let Some(lines) = shared::jsonl("20news_19997") else { return };
    let Some(replies) = shared::path("data/20news_19997/reply_to.tsv") else { return };
    let report = scan(&shared::corpus(&lines));
    let verdict = verdict_of(&report);
    let members = report.clusters.iter().flat_map(|cluster| {
        let primary = cluster.members.iter().filter(|member| member.primary);
        primary.map(|member| (member.document.as_str(), cluster.id.as_str()))
    });
    let cluster: HashMap<&str, &str> = members.collect();
    let (mut listed, mut united, mut quoted) = (0, 0, 0);
    let replies = std::fs::read_to_string(replies).unwrap();
    for line in replies.lines().filter(|line| !line.starts_with('#')) {
        let ids: Vec<&str> = line.split_whitespace().take(2).collect();
        let [reply, parent] = ids[..] else { panic!("{line}") };
        let Some(verdict) = verdict([reply, parent]) else { continue };
        listed += 1;
        quoted += usize::from(verdict == Verdict::Quotation);
        united += usize::from(cluster.get(reply).is_some_and(|of| cluster.get(parent) == Some(of)));
    }
    assert!(listed >= 6000, "{listed} replies share text with their parent");
    assert!(united as f64 <= REPLIES_UNITED * listed as f64, "{united} of {listed} are in its cluster");
    assert!(quoted as f64 >= 0.97 * listed as f64, "{quoted} of {listed} say quotation");
}

/// Passages between misread pages, as they were read.
const REPRINTS: &str = include_str!("../judgements/reprints.tsv");

/// Share of the passages that are true reprints, and of these that are found.
const REPRINTED: f64 = 0.95;

#[test]
fn passages_between_misread_pages_are_reprints() {
    let Some(lines) = shared::jsonl("chronam_week") else { return };
    let report = scan(&shared::corpus(&lines));
    let rows: Vec<Vec<&str>> = REPRINTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let reprints: Vec<&Vec<&str>> = rows.iter().filter(|row| row[6] == "reprint").collect();
    assert_eq!(rows.len(), 100);
    assert!(reprints.len() as f64 >= REPRINTED * rows.len() as f64, "{} are reprints", reprints.len());
    let span = |row: &[&str]| Span::new(row[0].parse().unwrap(), row[1].parse().unwrap());
    let overlap = |one: Span, two: Span| one.end.min(two.end).saturating_sub(one.start.max(two.start));
    let is_found = |row: &[&str]| {
        let mut pairs = report.pairs.iter();
        let pair = pairs.find(|pair| pair.a == row[0] && pair.b == row[3]);
        let (a, b) = (span(&row[1..3]), span(&row[4..6]));
        pair.is_some_and(|pair| {
            let copies = pair.passages.iter().filter(|passage| passage.kind == PassageKind::Copy);
            let covered: (usize, usize) = copies
                .fold((0, 0), |sum, passage| (sum.0 + overlap(a, passage.a), sum.1 + overlap(b, passage.b)));
            2 * covered.0 >= a.end - a.start && 2 * covered.1 >= b.end - b.start
        })
    };
    let missed: Vec<&&Vec<&str>> = reprints.iter().filter(|row| !is_found(row)).collect();
    assert!(missed.len() as f64 <= (1.0 - REPRINTED) * reprints.len() as f64, "{missed:#?}");
}
