//! Judged pairs as tables.

use std::borrow::Cow;
use std::io::{self, Write};

use super::super::{KindScore, LengthScore, PairMeasures, Score};
use super::{label, mistakes, number, tokens};

pub(super) fn write(measures: &PairMeasures, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} positive pairs, {} negative", measures.positives, measures.negatives)?;
    writeln!(out)?;
    writeln!(
        out,
        "{:<22}{:>10}{:>10}{:>10}{:>8}{:>8}",
        "predicted", "precision", "recall", "F1", "missed", "wrong"
    )?;
    let rows: [(&str, &Score); 3] = [
        ("in one cluster", &measures.united),
        ("verdict unites", &measures.verdict_unites),
        ("or shares a passage", &measures.related),
    ];
    for (name, score) in rows {
        writeln!(
            out,
            "{name:<22}{:>10}{:>10}{:>10}{:>8}{:>8}",
            number(score.precision),
            number(score.recall),
            number(score.f1),
            score.false_negatives,
            score.false_positives
        )?;
    }
    writeln!(out)?;
    writeln!(out, "{:<22}{:>10}{:>10}", "verdict", "positive", "negative")?;
    for count in &measures.verdicts {
        let name = count.verdict.map_or("none", crate::report::Verdict::name);
        writeln!(out, "{name:<22}{:>10}{:>10}", count.positives, count.negatives)?;
    }
    kinds(&measures.by_kind, out)?;
    lengths(&measures.by_length, out)?;
    mistakes("missed", &measures.missed, out)?;
    mistakes("wrongly united", &measures.wrong, out)
}

/// Positives of each kind against negatives without one; then negatives that
/// have one.
fn kinds(rows: &[KindScore], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(
        out,
        "{:<22}{:>10}{:>10}{:>10}{:>10}{:>12}",
        "kind", "positive", "precision", "recall", "F1", "F1 related"
    )?;
    for row in rows.iter().filter(|row| row.positives > 0) {
        writeln!(
            out,
            "{:<22}{:>10}{:>10}{:>10}{:>10}{:>12}",
            kind_name(row),
            row.positives,
            number(row.scores.united.precision),
            number(row.scores.united.recall),
            number(row.scores.united.f1),
            number(row.scores.related.f1)
        )?;
    }
    writeln!(out)?;
    writeln!(out, "{:<22}{:>10}{:>16}{:>22}", "kind", "negative", "in one cluster", "or shares a passage")?;
    for row in rows.iter().filter(|row| row.negatives > 0) {
        writeln!(
            out,
            "{:<22}{:>10}{:>16}{:>22}",
            kind_name(row),
            row.negatives,
            row.negatives_united,
            row.negatives_related
        )?;
    }
    Ok(())
}

fn kind_name(row: &KindScore) -> Cow<'_, str> {
    label(row.kind.as_deref().unwrap_or("(no kind)"))
}

fn lengths(rows: &[LengthScore], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    writeln!(
        out,
        "{:<22}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "tokens of the shorter", "positive", "negative", "precision", "recall", "F1"
    )?;
    for row in rows {
        let Score { precision, recall, f1, .. } = row.scores.united;
        writeln!(
            out,
            "{:<22}{:>10}{:>10}{:>10}{:>10}{:>10}",
            tokens(row.length),
            row.positives,
            row.negatives,
            number(precision),
            number(recall),
            number(f1)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::ReportBuilder;
    use super::super::super::{Kinds, Truth, TruthKind, evaluate};
    use crate::report::Verdict;

    #[test]
    fn kinds_and_lengths_show_their_figures() {
        let report = ReportBuilder::new(&["a", "b", "c", "d"])
            .tokens("d", 10)
            .cluster(&["a", "b"])
            .pair("a", "b", Verdict::NearDuplicate)
            .pair("a", "c", Verdict::SharesPassage)
            .build();
        let kinds = Kinds::parse("a\tb\tcut\na\tc\tquote\n", "k.tsv".as_ref()).unwrap();
        let labels = "a\tb\t1\na\tc\t0\nb\tc\t0\nb\td\t0\n";
        let truth = Truth::parse(labels, TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let mut out = Vec::new();
        evaluate(&report, &truth.with_kinds(&kinds).unwrap()).write_text(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in [
            "cut                            1    1.0000    1.0000    1.0000      1.0000\n",
            "quote                          1               0                     1\n",
            "(no kind)                      2               0                     0\n",
            "< 30                           0         1         –         –         –\n",
            "100–299                        1         2    1.0000    1.0000    1.0000\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }
}
