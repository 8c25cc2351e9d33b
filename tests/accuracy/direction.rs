//! Who was first, on planted syndication: weights were chosen on newswire, and
//! are held to floors on posts of newsgroups here.

use wirecopy::eval::{Evaluation, Measures, Truth, TruthKind, evaluate};
use wirecopy::report::Report;

use super::planted::{Plan, Record, StoryPlan, Syndicated, originals, plan, syndicate};
use crate::support::floors::Floors;
use crate::support::{scan, shared};

/// Originals that are looked at: enough for the stories, few enough for a
/// test.
const ORIGINALS: usize = 1500;

/// Stories: some five hundred directions.
const STORIES: usize = 60;

/// Of the decided directions, where four of five outlets give minutes.
const ACCURACY: f64 = 0.97;

/// Of all directions there.
const MAX_UNDETERMINED_SHARE: f64 = 0.15;

/// Of the decided directions, where all outlets give dates alone.
const ACCURACY_OF_DATES: f64 = 0.9;

/// How far confidences may be off on average.
const MAX_CALIBRATION_ERROR: f64 = 0.05;

/// Of the parents told.
const PARENT_ACCURACY: f64 = 0.7;

fn planted(has_dates_only: bool) -> Option<(Report, Syndicated)> {
    let lines = shared::jsonl("20news_19997")?;
    let lines: Vec<&str> = lines.lines().step_by(7).take(ORIGINALS).collect();
    let input: Vec<Record> = originals(&lines.join("\n"));
    let plan = Plan { sources: 60, ..plan(7) };
    let feed = syndicate(&input, &plan, &StoryPlan { stories: STORIES, has_dates_only }).unwrap();
    let lines: Vec<String> =
        feed.documents.iter().map(|article| serde_json::to_string(article).unwrap()).collect();
    Some((scan(&shared::corpus(&lines.join("\n"))), feed))
}

fn evaluation(report: &Report, feed: &Syndicated, name: &str, kind: TruthKind) -> Evaluation {
    let files = feed.labels.files();
    let text = std::str::from_utf8(&files[name]).unwrap();
    evaluate(report, &Truth::parse(text, kind, name.as_ref()).unwrap())
}

#[test]
fn directions_and_parents_of_planted_stories_are_told_and_confidence_is_calibrated() {
    let Some((report, feed)) = planted(false) else { return };
    let directions = evaluation(&report, &feed, "direction.tsv", TruthKind::Direction);
    let Measures::Direction(measures) = &directions.measures else { panic!("{directions:?}") };
    let floors = Floors::new("planted directions", &directions);
    floors.assert_at_least("accuracy", measures.accuracy, ACCURACY);
    floors.assert_at_least(
        "share decided",
        measures.undetermined_share.map(|x| 1.0 - x),
        1.0 - MAX_UNDETERMINED_SHARE,
    );
    floors.assert_at_least(
        "calibration",
        measures.expected_calibration_error.map(|x| 1.0 - x),
        1.0 - MAX_CALIBRATION_ERROR,
    );
    let parents = evaluation(&report, &feed, "derivation.tsv", TruthKind::Derivation);
    let Measures::Derivation(measures) = &parents.measures else { panic!("{parents:?}") };
    Floors::new("planted parents", &parents).assert_at_least("accuracy", measures.accuracy, PARENT_ACCURACY);
}

#[test]
fn directions_are_told_where_all_times_are_dates() {
    let Some((report, feed)) = planted(true) else { return };
    let directions = evaluation(&report, &feed, "direction.tsv", TruthKind::Direction);
    let Measures::Direction(measures) = &directions.measures else { panic!("{directions:?}") };
    let floors = Floors::new("planted directions with dates", &directions);
    floors.assert_at_least("accuracy", measures.accuracy, ACCURACY_OF_DATES);
    floors.assert_at_least(
        "calibration",
        measures.expected_calibration_error.map(|x| 1.0 - x),
        1.0 - MAX_CALIBRATION_ERROR,
    );
}
