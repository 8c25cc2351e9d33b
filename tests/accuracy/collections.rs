//! Two collections against exhaustively counted overlaps, and against an
//! oracle of our own.

use wirecopy::document::Corpus;
use wirecopy::eval::{ExactMeasures, Measures, Overlap};
use wirecopy::params::{Noise, Params};
use wirecopy::pipeline;

use crate::oracle::Oracle;
use crate::support::floors::Floors;
use crate::support::{scan, shared};

/// Distinct shingles of the smaller document from which the floors hold.
const MIN_SHINGLES: u64 = 60;

/// Share of the pairs with so much overlap that are in the report.
const RECALL: [(Overlap, f64, f64); 3] =
    [(Overlap::Jaccard, 0.8, 1.0), (Overlap::Jaccard, 0.5, 0.99), (Overlap::Containment, 0.8, 0.99)];

/// Share of the reported exact and near duplicates that the file has.
const PRECISION: f64 = 0.98;

/// Pairs of a collection that the floors are measured on, at least: fewer
/// would say that the label file was not understood.
const MIN_PAIRS: u64 = 400;

fn check(collection: &str) {
    let Some(lines) = shared::jsonl(collection) else { return };
    let corpus = shared::corpus(&lines);
    let report = scan(&corpus);
    assert_floors(collection, &report);
    // The oracle counts tokens; what was misread is aligned by its letters.
    let params = Params { noise: Noise::Clean, ..Params::default() };
    assert_verdicts(&corpus, &pipeline::scan(&corpus, &params, &()).unwrap());
}

fn assert_floors(collection: &str, report: &wirecopy::report::Report) {
    let Some(evaluation) = shared::exact_evaluation(report, collection) else { return };
    let floors = Floors::new(collection, &evaluation);
    let Measures::Exact(ExactMeasures { recall, precision, .. }) = &evaluation.measures else {
        panic!("{evaluation:?}");
    };
    for (overlap, at_least, floor) in RECALL {
        let row = recall.iter().find(|row| {
            (row.min_shingles, row.below_shingles, row.overlap) == (MIN_SHINGLES, None, overlap)
                && (row.at_least - at_least).abs() < 1e-9
        });
        let row = row.unwrap();
        assert!(
            row.labelled >= MIN_PAIRS,
            "{collection} has {} pairs of {overlap:?} ≥ {at_least}",
            row.labelled
        );
        floors.assert_at_least(&format!("recall of {} ≥ {at_least}", overlap.name()), row.recall, floor);
    }
    let row = precision.iter().find(|row| (row.min_shingles, row.below_shingles) == (MIN_SHINGLES, None));
    floors.assert_at_least("precision of exact and near duplicates", row.unwrap().precision, PRECISION);
}

fn assert_verdicts(corpus: &Corpus, report: &wirecopy::report::Report) {
    let oracle = Oracle::new(corpus, report);
    oracle.assert_exact_groups_are_complete();
    let pairs = oracle.assert_every_pair_earns_its_verdict();
    assert!(pairs > 0, "no pair was checked");
}

#[test]
fn newswire_of_1987_is_found_as_counted_and_every_verdict_is_earned() {
    check("reuters21578");
}

#[test]
fn usenet_posts_are_found_as_counted_and_every_verdict_is_earned() {
    check("20news_19997");
}
