use proptest::prelude::*;

use super::super::fixture::ReportBuilder;
use super::super::ranges::tests::{byte_set, spans};
use super::super::{Measures, Truth, TruthKind, evaluate};
use super::*;
use crate::report::Verdict;

fn measures(report: &crate::report::Report, labels: &str) -> SpanMeasures {
    let truth = Truth::parse(labels, TruthKind::Spans, "s.tsv".as_ref()).unwrap();
    match evaluate(report, &truth).measures {
        Measures::Spans(measures) => measures,
        other => panic!("{other:?}"),
    }
}

fn bytes(score: &SpanScore) -> [u64; 4] {
    [score.labelled_bytes, score.found_bytes, score.reported_bytes, score.right_bytes]
}

#[test]
fn a_passage_covers_a_label_only_where_it_ties_the_same_places() {
    let report = ReportBuilder::new(&["a", "b"])
        .pair("a", "b", Verdict::SharesPassage)
        .passage([10, 60], [110, 160])
        .passage([100, 150], [500, 550])
        .build();
    // The second passage covers [100, 120) of a, but ties it elsewhere.
    let m = measures(&report, "a\t0\t50\tb\t100\t150\tembed\na\t100\t120\tb\t200\t220\tembed\n");
    assert_eq!(bytes(&m.passages), [140, 80, 200, 80]);
    assert_eq!((m.passages.precision, m.passages.recall), (Some(0.4), Some(0.571_429)));
    assert_eq!(m.passages_by_kind.len(), 1);
}

#[test]
fn the_order_of_the_two_documents_does_not_matter() {
    let report = ReportBuilder::new(&["a", "b"])
        .pair("a", "b", Verdict::SharesPassage)
        .passage([0, 10], [20, 30])
        .build();
    for labels in ["a\t0\t10\tb\t20\t30\tx\n", "b\t20\t30\ta\t0\t10\tx\n"] {
        assert_eq!(bytes(&measures(&report, labels).passages), [20, 20, 20, 20]);
    }
}

#[test]
fn exact_groups_stand_for_a_passage_from_end_to_end() {
    let report = ReportBuilder::new(&["a", "b", "c"])
        .exact(&["a", "b"])
        .pair("a", "c", Verdict::Contains)
        .passage([0, 100], [0, 100])
        .build();
    let m = measures(&report, "a\t0\t990\tb\t0\t990\texact\nb\t0\t100\tc\t0\t100\tcut\n");
    let rows: Vec<_> = m.passages_by_kind.iter().map(|s| (s.kind.as_deref(), bytes(s))).collect();
    assert_eq!(rows, [(Some("cut"), [200, 200, 200, 200]), (Some("exact"), [1980, 1980, 2000, 1980])]);
}

#[test]
fn repeats_compare_the_unions_with_first_occurrences() {
    let report = ReportBuilder::new(&["a", "b"])
        .repeat("a", &[[0, 100], [100, 200]])
        .repeat("a", &[[50, 90], [150, 190]])
        .repeat("b", &[[0, 10], [20, 30]])
        .build();
    let m = measures(&report, "a\t0\t100\ta\t101\t201\trepeat\n");
    assert_eq!(bytes(&m.repeats), [200, 199, 200, 199]);
    assert_eq!((m.unlabelled_repeats, m.passages.recall), (1, None));
}

#[test]
fn pairs_without_labels_stay_out_of_precision_and_are_counted() {
    let report = ReportBuilder::new(&["a", "b", "c"])
        .pair("a", "b", Verdict::SharesPassage)
        .passage([0, 10], [0, 10])
        .pair("a", "c", Verdict::SharesPassage)
        .passage([0, 10], [0, 10])
        .build();
    let m = measures(&report, "b\t0\t10\ta\t0\t10\tx\n");
    assert_eq!((m.passages.precision, m.unlabelled_pairs), (Some(1.0), 1));
}

#[test]
fn what_is_labelled_and_not_reported_at_all_scores_zero() {
    let report = ReportBuilder::new(&["a", "b"]).build();
    let m = measures(&report, "a\t0\t10\tb\t0\t10\tx\na\t0\t10\ta\t20\t30\trepeat\n");
    for score in [&m.passages, &m.repeats] {
        assert_eq!((score.precision, score.recall, score.f1), (None, Some(0.0), Some(0.0)));
    }
}

proptest! {
    #[test]
    fn covered_agrees_with_byte_by_byte_counting(
        label in (spans(), spans()),
        reported in (spans(), spans()),
    ) {
        let ties = |(first, second): &(Vec<Span>, Vec<Span>)| -> Vec<Tie> {
            first.iter().zip(second).map(|(&first, &second)| Tie { first, second }).collect()
        };
        let reported = ties(&reported);
        for label in ties(&label) {
            let mut expected = 0;
            for (label, flip) in [(label, false), (label.exchanged(), true)] {
                let others = reported.iter().map(|tie| if flip { tie.exchanged() } else { *tie });
                let same: Vec<Span> = others
                    .filter(|o| (o.second.start..o.second.end).any(|byte| {
                        (label.second.start..label.second.end).contains(&byte)
                    }))
                    .map(|o| o.first)
                    .collect();
                let set = byte_set(&same);
                expected += (label.first.start..label.first.end).filter(|byte| set.contains(byte)).count();
            }
            prop_assert_eq!(covered(label, &reported), expected as u64);
        }
    }
}
