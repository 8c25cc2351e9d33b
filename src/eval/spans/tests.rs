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

#[test]
fn granularity_counts_the_pieces_of_what_is_detected() {
    let whole: (&[[usize; 2]], &[[usize; 2]]) = (&[[0, 100]], &[[200, 300]]);
    let halves: (&[[usize; 2]], &[[usize; 2]]) = (&[[0, 50], [50, 100]], &[[200, 250], [250, 300]]);
    let elsewhere: (&[[usize; 2]], &[[usize; 2]]) = (&[[0, 100]], &[[500, 600]]);
    let one = "a\t0\t100\tb\t200\t300\tx\n";
    let and_missed = "a\t0\t100\tb\t200\t300\tx\na\t700\t800\tb\t700\t800\tx\n";
    let two_in_one = "a\t0\t50\tb\t200\t250\tx\na\t50\t100\tb\t250\t300\tx\n";
    // Detected and detections, granularity, F1, plagdet.
    let cases = [
        ("found whole", whole, one, (1, 1), Some(1.0), 1.0, 1.0),
        ("found in two pieces", halves, one, (1, 2), Some(2.0), 1.0, 0.63093),
        ("one of two found", whole, and_missed, (1, 1), Some(1.0), 0.666_667, 0.666_667),
        ("two found as one", whole, two_in_one, (2, 2), Some(1.0), 1.0, 1.0),
        ("found at another place", elsewhere, one, (0, 0), None, 0.0, 0.0),
    ];
    for (name, (a, b), labels, counts, granularity, f1, plagdet) in cases {
        let pair = ReportBuilder::new(&["a", "b"]).pair("a", "b", Verdict::SharesPassage);
        let report = a.iter().zip(b).fold(pair, |report, (a, b)| report.passage(*a, *b)).build();
        let found = measures(&report, labels).passages;
        assert_eq!((found.detected, found.detections), counts, "{name}");
        assert_eq!(
            (found.granularity, found.f1, found.plagdet),
            (granularity, Some(f1), Some(plagdet)),
            "{name}"
        );
    }
}

#[test]
fn a_repeat_is_detected_where_two_of_its_places_are_those_of_the_label() {
    let label = "a\t0\t100\ta\t200\t300\trepeat\n";
    let cases: [(&str, &[&[[usize; 2]]], _); 5] = [
        ("both places", &[&[[10, 90], [210, 290]]], (1, 1)),
        ("in two pieces", &[&[[0, 50], [200, 250]], &[[50, 100], [250, 300]]], (1, 2)),
        ("three places, two of them the label's", &[&[[0, 100], [200, 300], [400, 500]]], (1, 1)),
        ("one place of the label", &[&[[0, 100], [400, 500]]], (0, 0)),
        ("one place over both of the label", &[&[[50, 250], [400, 600]]], (0, 0)),
    ];
    for (name, repeats, counts) in cases {
        let report =
            repeats.iter().fold(ReportBuilder::new(&["a"]), |report, spans| report.repeat("a", spans));
        let found = measures(&report.build(), label).repeats;
        assert_eq!((found.detected, found.detections), counts, "{name}");
    }
}

#[test]
fn lengths_are_those_of_the_shorter_document() {
    let report = ReportBuilder::new(&["a", "b", "c"])
        .tokens("b", 2000)
        .tokens("c", 29)
        .pair("a", "b", Verdict::SharesPassage)
        .passage([0, 10], [0, 10])
        .repeat("b", &[[0, 10], [20, 30]])
        .build();
    let m = measures(&report, "b\t0\t10\ta\t0\t10\tx\na\t0\t10\tc\t0\t10\tx\nb\t0\t10\tb\t20\t30\trepeat\n");
    let rows = |scores: &[SpanScore]| -> Vec<_> {
        scores.iter().map(|score| (score.length.unwrap().min_tokens, score.labels, score.recall)).collect()
    };
    assert_eq!(rows(&m.passages_by_length), [(0, 1, Some(0.0)), (100, 1, Some(1.0))]);
    assert_eq!(rows(&m.repeats_by_length), [(1000, 1, Some(1.0))]);
}

proptest! {
    /// Both documents are tables of bytes here, and every label meets every
    /// passage.
    #[test]
    fn granularity_agrees_with_looking_at_every_byte(
        labels in (spans(), spans()),
        reported in (spans(), spans()),
    ) {
        let lines: String = labels.0.iter().zip(&labels.1)
            .map(|(a, b)| format!("a\t{}\t{}\tb\t{}\t{}\tx\n", a.start, a.end, b.start, b.end))
            .collect();
        let reported: Vec<(Span, Span)> = reported.0.into_iter().zip(reported.1).collect();
        let pair = ReportBuilder::new(&["a", "b"]).pair("a", "b", Verdict::SharesPassage);
        let report = reported.iter().fold(pair, |report, (a, b)| {
            report.passage([a.start, a.end], [b.start, b.end])
        });
        let found = measures(&report.build(), &lines).passages;
        let is_shared = |x: Span, y: Span| (x.start..x.end).any(|byte| (y.start..y.end).contains(&byte));
        let counts: Vec<usize> = labels.0.iter().zip(&labels.1)
            .map(|(a, b)| reported.iter().filter(|(p, q)| is_shared(*a, *p) && is_shared(*b, *q)).count())
            .collect();
        let detected = counts.iter().filter(|count| **count > 0).count();
        let detections: usize = counts.iter().sum();
        prop_assert_eq!((found.detected, found.detections), (detected as u64, detections as u64));
        if detected > 0 {
            let granularity = detections as f64 / detected as f64;
            prop_assert!((found.granularity.unwrap() - granularity).abs() < 1e-6);
            let plagdet = found.f1.unwrap() * std::f64::consts::LN_2 / granularity.ln_1p();
            prop_assert!((found.plagdet.unwrap() - plagdet).abs() < 1e-5);
        } else {
            prop_assert_eq!(found.granularity, None);
        }
    }

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
