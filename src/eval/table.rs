//! Measures as a small table for people.

mod pairs;
mod sweep;

use std::io::{self, Write};

pub(super) use self::sweep::write_sweep;
use super::{
    ClusterMeasures, DerivationMeasures, DirectionMeasures, Evaluation, ExactMeasures, Labels, LengthClass,
    Measures, PairOutcome, PartitionScore, SpanMeasures, SpanScore,
};
use crate::render::visible::label;

/// Mistakes named in the text form; JSON has more.
const NAMED_MISTAKES: usize = 5;

/// Unknown ids named in the text form; JSON has more.
const NAMED_IDS: usize = 5;

pub(super) fn write(evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
    labels(&evaluation.labels, out)?;
    match &evaluation.measures {
        Measures::Clusters(measures) => clusters(measures, out),
        Measures::Pairs(measures) => pairs::write(measures, out),
        Measures::Exact(measures) => exact(measures, out),
        Measures::Spans(measures) => spans(measures, out),
        Measures::Direction(measures) => direction(measures, out),
        Measures::Derivation(measures) => derivation(measures, out),
    }
}

fn labels(labels: &Labels, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} label lines", labels.lines)?;
    if labels.unknown_ids > 0 {
        let named: Vec<&str> = labels.unknown_examples.iter().take(NAMED_IDS).map(String::as_str).collect();
        writeln!(
            out,
            "{} of them left out: {} ids are not in the report ({}{})",
            labels.lines_left_out,
            labels.unknown_ids,
            named.iter().map(|id| label(id)).collect::<Vec<_>>().join(", "),
            if labels.unknown_ids > named.len() { ", …" } else { "" }
        )?;
    }
    writeln!(out)
}

fn clusters(measures: &ClusterMeasures, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:<26}{:>16}{:>18}", "documents outside labels", "left out", "as singletons")?;
    let both = [&measures.labelled_only, &measures.outside_as_singletons];
    let mut row = |name: &str, value: &dyn Fn(&PartitionScore) -> String| {
        writeln!(out, "{name:<26}{:>16}{:>18}", value(both[0]), value(both[1]))
    };
    row("documents", &|s| s.documents.to_string())?;
    row("pair precision", &|s| number(s.pairs.precision))?;
    row("pair recall", &|s| number(s.pairs.recall))?;
    row("pair F1", &|s| number(s.pairs.f1))?;
    row("B-cubed precision", &|s| number(s.bcubed_precision))?;
    row("B-cubed recall", &|s| number(s.bcubed_recall))?;
    row("B-cubed F1", &|s| number(s.bcubed_f1))?;
    row("adjusted Rand index", &|s| number(s.adjusted_rand_index))?;
    row("true clusters", &|s| s.true_clusters.to_string())?;
    row("  whole", &|s| s.whole.to_string())?;
    row("  whole and alone", &|s| s.whole_and_alone.to_string())?;
    row("reported clusters", &|s| s.reported_clusters.to_string())
}

fn exact(measures: &ExactMeasures, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "recall of pairs by shingles of the smaller document and overlap")?;
    writeln!(
        out,
        "{:<10}{:<20}{:>9}{:>10}{:>10}{:>10}",
        "shingles", "overlap", "labelled", "reported", "recall", "implied"
    )?;
    for row in &measures.recall {
        writeln!(
            out,
            "{:<10}{:<20}{:>9}{:>10}{:>10}{:>10}",
            class(row.min_shingles, row.below_shingles),
            format!("{} ≥ {}", row.overlap.name(), row.at_least),
            row.labelled,
            row.reported,
            number(row.recall),
            row.implied_by_cluster
        )?;
    }
    writeln!(out)?;
    writeln!(out, "precision of exact and near_duplicate pairs (in the file at all)")?;
    writeln!(out, "{:<10}{:>10}{:>10}{:>10}", "shingles", "reported", "labelled", "precision")?;
    for row in &measures.precision {
        let class = class(row.min_shingles, row.below_shingles);
        let precision = number(row.precision);
        writeln!(out, "{class:<10}{:>10}{:>10}{precision:>10}", row.reported, row.labelled)?;
    }
    let error = &measures.error;
    writeln!(out)?;
    writeln!(out, "difference from the file over {} listed pairs", error.pairs)?;
    for (name, mean, max) in [
        ("jaccard", error.mean_jaccard, error.max_jaccard),
        ("containment", error.mean_containment, error.max_containment),
    ] {
        writeln!(out, "{name:<14}mean {:>8}  largest {:>8}", number(mean), number(max))?;
    }
    if let Some(row) = measures.recall.first() {
        mistakes("missed of the first row", &row.missed, out)?;
    }
    Ok(())
}

fn spans(measures: &SpanMeasures, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<24}{:>8}{:>12}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "spans, per byte", "labels", "bytes", "precision", "recall", "F1", "pieces", "plagdet"
    )?;
    let groups = [
        ("passages", &measures.passages, &measures.passages_by_kind, &measures.passages_by_length),
        ("repeats", &measures.repeats, &measures.repeats_by_kind, &measures.repeats_by_length),
    ];
    for (name, all, by_kind, by_length) in groups {
        if all.labels == 0 {
            continue;
        }
        span_row(name, all, out)?;
        for score in by_kind {
            span_row(&format!("  {}", label(score.kind.as_deref().unwrap_or_default())), score, out)?;
        }
        for score in by_length {
            let length = score.length.map(|length| format!("  {} tokens", tokens(length)));
            span_row(&length.unwrap_or_default(), score, out)?;
        }
    }
    writeln!(out)?;
    writeln!(
        out,
        "pieces: granularity, detections of a label that is detected; plagdet: F1 / log2(1 + pieces)"
    )?;
    writeln!(
        out,
        "without labels, not in the precision: {} pairs with passages, {} documents with repeats",
        measures.unlabelled_pairs, measures.unlabelled_repeats
    )
}

fn span_row(name: &str, score: &SpanScore, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{name:<24}{:>8}{:>12}{:>10}{:>10}{:>10}{:>10}{:>10}",
        score.labels,
        score.labelled_bytes,
        number(score.precision),
        number(score.recall),
        number(score.f1),
        number(score.granularity),
        number(score.plagdet)
    )
}

fn direction(measures: &DirectionMeasures, out: &mut dyn Write) -> io::Result<()> {
    let DirectionMeasures { pairs, right, wrong, undetermined, missing, implied, .. } = measures;
    writeln!(out, "{:<16}{pairs:>8}", "pairs")?;
    writeln!(out, "{:<16}{right:>8}", "right")?;
    writeln!(out, "{:<16}{wrong:>8}", "wrong")?;
    let share = number(measures.undetermined_share);
    writeln!(out, "{:<16}{undetermined:>8}{share:>10}", "undetermined")?;
    writeln!(out, "{:<16}{missing:>8}{:>10}", "missing", number(measures.missing_share))?;
    writeln!(out, "{:<16}{implied:>8}", "implied")?;
    writeln!(out, "{:<16}{:>18}", "accuracy", number(measures.accuracy))?;
    if !measures.reliability.is_empty() {
        writeln!(out)?;
        writeln!(out, "{:<16}{:>8}{:>12}{:>10}", "confidence", "pairs", "mean", "right")?;
        for bin in &measures.reliability {
            let range = format!("{:.2}–{:.2}", bin.from, bin.below);
            writeln!(out, "{range:<16}{:>8}{:>12.4}{:>10.4}", bin.pairs, bin.confidence, bin.right)?;
        }
        let error = number(measures.expected_calibration_error);
        writeln!(out, "{:<28}{error:>8}", "expected calibration error")?;
    }
    mistakes("told the wrong way round", &measures.wrong_pairs, out)
}

fn derivation(measures: &DerivationMeasures, out: &mut dyn Write) -> io::Result<()> {
    let DerivationMeasures { children, right, wrong, undetermined, missing, .. } = measures;
    writeln!(out, "{:<16}{children:>8}", "children")?;
    writeln!(out, "{:<16}{right:>8}", "right")?;
    writeln!(out, "{:<16}{wrong:>8}", "wrong")?;
    let share = number(measures.undetermined_share);
    writeln!(out, "{:<16}{undetermined:>8}{share:>10}", "undetermined")?;
    writeln!(out, "{:<16}{missing:>8}", "missing")?;
    writeln!(out, "{:<16}{:>18}", "accuracy", number(measures.accuracy))?;
    mistakes("hung on another document", &measures.wrong_parents, out)
}

fn mistakes(name: &str, outcomes: &[PairOutcome], out: &mut dyn Write) -> io::Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{name}, the first:")?;
    for PairOutcome { id1, id2, verdict } in outcomes.iter().take(NAMED_MISTAKES) {
        let verdict = verdict.map_or("none", crate::report::Verdict::name);
        writeln!(out, "  {}\t{}\t{verdict}", label(id1), label(id2))?;
    }
    Ok(())
}

fn class(low: u64, high: Option<u64>) -> String {
    match high {
        None => format!("≥ {low}"),
        Some(high) if low == 0 => format!("< {high}"),
        Some(high) => format!("{low}–{}", high - 1),
    }
}

fn tokens(length: LengthClass) -> String {
    class(length.min_tokens as u64, length.below_tokens.map(|below| below as u64))
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::ReportBuilder;
    use super::super::{Truth, TruthKind, evaluate};
    use crate::report::Verdict;

    fn text(kind: TruthKind, labels: &str) -> String {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .cluster(&["a", "b"])
            .pair("a", "b", Verdict::NearDuplicate)
            .passage([0, 10], [0, 10])
            .build();
        let truth = Truth::parse(labels, kind, "t.tsv".as_ref()).unwrap();
        let mut out = Vec::new();
        evaluate(&report, &truth).write_text(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_kind_shows_its_figures() {
        let cases = [
            (TruthKind::Clusters, "a\t1\nb\t1\nc\t2\n", "B-cubed F1                          1.0000"),
            (TruthKind::Pairs, "a\tb\t1\na\tc\t1\n", "in one cluster            1.0000    0.5000    0.6667"),
            (
                TruthKind::Exact,
                "a\tb\t90\t90\t80\t0.8\t0.9\n",
                "≥ 60      jaccard ≥ 0.8               1         1",
            ),
            (
                TruthKind::Spans,
                "a\t0\t10\tb\t0\t20\tcut60\n",
                "  cut60                        1          30    1.0000    0.6667    0.8000    1.0000    0.8000",
            ),
            (TruthKind::Direction, "a\tb\n", "undetermined           1    1.0000"),
            (TruthKind::Derivation, "b\ta\n", "undetermined           1    1.0000"),
        ];
        for (kind, labels, line) in cases {
            let text = text(kind, labels);
            assert!(text.contains(line), "{text}");
        }
    }

    #[test]
    fn mistakes_and_unknown_ids_are_named_without_control_characters() {
        let text = text(TruthKind::Pairs, "a\tc\t1\na\tx\u{1b}[31m\t1\n");
        assert!(text.contains("1 of them left out: 1 ids are not in the report (x"), "{text}");
        assert!(text.contains("missed, the first:\n  a\tc\tnone"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
