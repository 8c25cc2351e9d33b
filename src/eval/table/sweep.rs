//! A precision-recall curve as a table.

use std::io::{self, Write};

use super::super::{Sweep, SweepPoint};
use super::{labels, number};

/// Writes the curve, one value a line; that of the report is marked.
pub(in super::super) fn write_sweep(sweep: &Sweep, out: &mut dyn Write) -> io::Result<()> {
    labels(&sweep.labels, out)?;
    writeln!(out, "{} positive pairs, {} negative", sweep.positives, sweep.negatives)?;
    writeln!(out)?;
    writeln!(
        out,
        "{:<16}{:>12}{:>10}{:>10}{:>8}{:>8}",
        sweep.parameter.name(),
        "precision",
        "recall",
        "F1",
        "missed",
        "wrong"
    )?;
    for SweepPoint { value, score } in &sweep.points {
        let mark = if *value == sweep.reported_value { "  the report" } else { "" };
        writeln!(
            out,
            "{value:<16.2}{:>12}{:>10}{:>10}{:>8}{:>8}{mark}",
            number(score.precision),
            number(score.recall),
            number(score.f1),
            score.false_negatives,
            score.false_positives
        )?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "Over the verdicts of listed pairs, not over clusters. A pair that the report does not list"
    )?;
    writeln!(out, "is missed at every value: below {:.2}, recall is a lower bound.", sweep.reported_value)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::ReportBuilder;
    use super::super::super::{SweepParam, Truth, TruthKind, sweep};
    use crate::report::Verdict;

    #[test]
    fn a_curve_has_a_line_a_value_and_marks_that_of_the_report() {
        let report = ReportBuilder::new(&["a", "b", "c"])
            .pair("a", "b", Verdict::Derived)
            .with_pair(|pair| pair.coverage_of_a_by_b = 0.4)
            .build();
        let truth = Truth::parse("a\tb\t1\na\tc\t1\n", TruthKind::Pairs, "p.tsv".as_ref()).unwrap();
        let mut out = Vec::new();
        sweep(&report, &truth, SweepParam::MinDerived).unwrap().write_text(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in [
            "min-derived        precision    recall        F1  missed   wrong\n",
            "0.33                  1.0000    0.5000    0.6667       1       0  the report\n",
            "0.40                  1.0000    0.5000    0.6667       1       0\n",
            "0.45                       –    0.0000    0.0000       2       0\n",
            "below 0.33, recall is a lower bound",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
        assert_eq!(text.lines().filter(|line| line.contains("the report")).count(), 2, "{text}");
    }
}
