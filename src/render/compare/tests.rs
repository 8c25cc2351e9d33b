use super::*;
use crate::render::NoTexts;
use crate::render::check::{self, Hostile};
use crate::render::sample;
use std::borrow::Cow;

/// The report of two documents of `report`.
fn two(mut report: Report, a: &str, b: &str) -> Report {
    report.documents.retain(|document| document.id.starts_with(a) || document.id.starts_with(b));
    report.documents.truncate(2);
    report.pairs.retain(|pair| pair.a.starts_with(a) && pair.b.starts_with(b));
    report.clusters.retain(|cluster| cluster.members.iter().any(|member| member.document.starts_with(a)));
    report
}

fn rendered(report: &Report, texts: &dyn Texts, width: usize, color: bool) -> String {
    let mut out = Vec::new();
    CompareRender { width, color, shares: None }.render(report, texts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn sample_pair(a: &str, b: &str, width: usize) -> String {
    let mut report = sample::report();
    report.documents.retain(|document| document.id == a || document.id == b);
    report.pairs.retain(|pair| pair.a == a && pair.b == b);
    report.clusters.retain(|cluster| cluster.members.iter().any(|member| member.document == a));
    rendered(&report, &sample::corpus(), width, false)
}

#[test]
fn the_sample_pair_looks_as_it_did() {
    for width in [40, 80, 200] {
        let name = format!("compare-{width}.txt");
        check::assert_golden(&name, &sample_pair("courier/77", "meridian-0231", width));
    }
    let mut report = sample::report();
    report.documents.retain(|document| ["courier/77", "meridian-0231"].contains(&document.id.as_str()));
    check::assert_golden("compare-80-colour.txt", &rendered(&report, &sample::corpus(), 80, true));
}

#[test]
fn the_rule_that_gave_the_verdict_decides() {
    let cases = [
        ("courier/77", "meridian-0231", "near duplicate", "Jaccard"),
        ("evening-post/a9", "meridian-0231", "contained in", "coverage of A by B"),
        ("blog/budget", "evening-post/b2", "shares passage", "longest copied passage, tokens"),
        ("daily/roundup", "evening-post/b2", "boilerplate", ""),
    ];
    for (a, b, verdict, rule) in cases {
        let text = sample_pair(a, b, 80);
        assert!(text.contains(&format!("── Verdict: {verdict} ─")), "{text}");
        let deciding: Vec<&str> = text.lines().filter(|line| line.ends_with("reached: decides")).collect();
        assert_eq!(deciding.len(), usize::from(!rule.is_empty()), "{text}");
        assert!(deciding.iter().all(|line| line.trim_start().starts_with(rule)), "{deciding:?}");
    }
}

#[test]
fn short_runs_are_called_so() {
    let mut report = two(sample::report(), "blog/budget", "evening-post/b2");
    report.pairs[0].passages.truncate(1);
    assert!(rendered(&report, &NoTexts, 200, false).contains("A and B share a copied passage;"));
    (report.pairs[0].passages[0].tokens, report.pairs[0].passages[0].identity) = (100, 0.4);
    let text = rendered(&report, &NoTexts, 200, false);
    assert!(text.contains("A and B have phrases in the same order"), "{text}");
    let deciding = text.lines().find(|line| line.ends_with("reached: decides")).unwrap_or_default();
    assert!(deciding.trim_start().starts_with("short runs in one order, tokens"), "{text}");
}

#[test]
fn verdict_by_coverage_names_coverage() {
    let mut report = two(sample::report(), "wan/1", "wan/2");
    report.pairs[0].jaccard = 0.41;
    let text = rendered(&report, &sample::corpus(), 80, false);
    let expected = "   coverage both ways                   90.0%     80.0% needed  reached: decides\n";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("41.0%     50.0% needed  not reached"), "{text}");
}

#[test]
fn identical_tokens_need_no_pair_in_the_report() {
    let text = sample_pair("courier/77", "courier/77-mobile", 80);
    assert!(text.contains("── Verdict: exact ─"));
    assert!(text.contains("── Direction: both from meridian-0231 ─"));
    assert!(text.contains("A bytes 0–706                          │ B bytes 0–706\n"), "{text}");
    assert!(!text.contains("[-") && !text.contains("{+"), "case alone is no difference: {text}");
}

#[test]
fn nothing_shared_is_said_with_the_thresholds() {
    let (report, texts) = (two(sample::report(), "blog/budget", "wan/1"), sample::corpus());
    let said = |shares: Shares| {
        let mut out = Vec::new();
        let render = CompareRender { width: 140, color: false, shares: Some(shares) };
        render.render(&report, &texts, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let few = said(Shares {
        jaccard: 0.04,
        coverage_of_a_by_b: 0.1,
        coverage_of_b_by_a: 0.05,
        ..Shares::default()
    });
    let expected = [
        "   Nothing that A and B share reaches a threshold.",
        "   - not the same tokens",
        "   - Jaccard 4.0%, below 50.0%",
        "   - coverage of A 10.0%, of B 5.0%; of the shorter below 33.0%",
        "   - no copied passage of 25 tokens or more",
    ];
    assert!(few.ends_with(&(expected.join("\n") + "\n")), "{few}");
    let stub = Shares { shingles: 9, coverage_of_a_by_b: 1.0, coverage_of_b_by_a: 1.0, ..Shares::default() };
    let stub = said(stub);
    assert!(stub.contains("by 9 shared shingles; without a copied passage it takes 21\n"), "{stub}");
    let short = sample_pair("daily/404-a", "wan/1", 80);
    assert!(short.contains("A has 3 tokens, fewer than the 5 of a shingle"), "{short}");
}

#[test]
fn both_sides_of_a_difference_are_shown_at_every_width() {
    for width in 24..140 {
        for (a, b) in [("courier/77", "meridian-0231"), ("wan/1", "wan/2")] {
            let text = sample_pair(a, b, width);
            check::assert_harmless(&text, width);
            assert!(text.contains("[-") && text.contains("{+"), "{text}");
        }
    }
}

#[test]
fn colours_replace_the_marks() {
    let mut report = sample::report();
    report.documents.retain(|document| ["courier/77", "meridian-0231"].contains(&document.id.as_str()));
    let text = rendered(&report, &sample::corpus(), 80, true);
    assert!(text.contains("\u{1b}[4m\u{1b}[31mstopped\u{1b}[0m"), "{text:?}");
    assert!(text.contains("\u{1b}[4m\u{1b}[32mhalted\u{1b}[0m"));
    assert!(!text.contains("[-") && !text.contains("{+"));
}

#[test]
fn hostile_strings_cannot_reach_the_terminal() {
    let hostile = check::hostile_report();
    for (a, b) in [("evening-post/a9", "meridian-0231"), ("wan/1", "wan/2"), ("blog/budget", "wan/1")] {
        let report = two(hostile.clone(), a, b);
        for width in [24, 40, 80, 200] {
            check::assert_harmless(&rendered(&report, &Hostile, width, false), width);
            let coloured = rendered(&report, &Hostile, width, true);
            check::assert_harmless(&check::without_colours(&coloured), width);
        }
    }
}

#[test]
fn without_texts_the_ranges_stand_alone() {
    let report = two(sample::report(), "evening-post/a9", "meridian-0231");
    let text = rendered(&report, &NoTexts, 80, false);
    assert!(text.contains("A bytes 0–347"), "{text}");
    assert!(text.ends_with("The texts are not at hand, so the passage is not shown.\n"), "{text}");
}

#[test]
fn a_huge_passage_is_cut_and_says_so() {
    struct Huge(String, String);
    impl Texts for Huge {
        fn text(&self, document: &str) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(if document.starts_with("wan/1") { &self.0 } else { &self.1 }))
        }
    }
    let mut report = two(sample::report(), "wan/1", "wan/2");
    let texts = Huge("left ".repeat(50_000), "x".repeat(1 << 20));
    report.pairs[0].passages[0].a = Span::new(0, texts.0.len());
    report.pairs[0].passages[0].b = Span::new(0, texts.1.len());
    let text = rendered(&report, &texts, 80, false);
    assert!(text.lines().count() < 500);
    assert!(text.ends_with("… the passage goes on; its byte ranges above hold all of it\n"));
}

#[test]
fn other_than_two_documents_are_refused() {
    let error = CompareRender::default().render(&sample::report(), &NoTexts, &mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with("the report has 12 documents, but a comparison needs exactly 2"));
}
