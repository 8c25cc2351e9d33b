//! Answers that students copied, revised or wrote themselves, against the
//! article that they had (Clough and Stevenson 2011).

use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::report::Verdict;

use crate::support::shared;

/// Least F1 of near copies and light revisions against answers that copy
/// nothing, by `--min-passage-tokens`. Answers that have at most seven shingles of
/// the article are missed; two of the near copies have none.
const FLOORS: [(usize, f64); 2] = [(12, 0.95), (25, 0.95)];

/// Labels of what must be told from `non`.
const COPIED: [&str; 2] = ["cut", "light"];

#[test]
fn copied_and_lightly_revised_answers_are_told_from_own_ones() {
    let Some(lines) = shared::jsonl("clough_stevenson") else { return };
    let Some(labels) = shared::path("data/clough_stevenson/pairs.tsv") else { return };
    let labels = std::fs::read_to_string(labels).unwrap();
    for (min_passage_tokens, floor) in FLOORS {
        let params = Params { min_passage_tokens, ..Params::default() };
        let report = pipeline::scan(&shared::corpus(&lines), &params, &()).unwrap();
        let shares = |one: &str, two: &str| {
            let mut pairs = report.pairs.iter();
            let pair =
                pairs.find(|pair| (pair.a == one && pair.b == two) || (pair.a == two && pair.b == one));
            pair.is_some_and(|pair| pair.verdict.is_uniting() || pair.verdict == Verdict::SharesPassage)
        };
        let (mut found, mut missed, mut wrong) = (0, 0, 0);
        for line in labels.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [article, answer, level] = columns[..] else { panic!("{line}") };
            match (COPIED.contains(&level), level == "non", shares(article, answer)) {
                (true, _, true) => found += 1,
                (true, _, false) => missed += 1,
                (_, true, true) => wrong += 1,
                _ => {}
            }
        }
        assert_eq!(found + missed, 38, "near copies and light revisions");
        let f1 = f64::from(2 * found) / f64::from(2 * found + missed + wrong);
        assert!(f1 >= floor, "{min_passage_tokens} tokens: F1 {f1:.4} < {floor}");
    }
}
