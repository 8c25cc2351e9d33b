use super::*;
use crate::document::Corpus;
use crate::render::check::{self, Hostile};
use crate::render::sample;
use crate::render::{NoTexts, visible};
use crate::report::{Cluster, Verdict};

fn rendered(width: usize, color: bool, report: &Report, texts: &dyn Texts) -> String {
    let mut out = Vec::new();
    let render = TerminalRender { width, color, ..TerminalRender::default() };
    render.render(report, texts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_sample_looks_as_it_did() {
    let cases = [(80, false, "terminal-80.txt"), (40, false, "terminal-40.txt")];
    for (width, color, name) in cases.into_iter().chain([(200, false, "terminal-200.txt")]) {
        check::assert_golden(name, &rendered(width, color, &sample::report(), &sample::corpus()));
    }
    let coloured = rendered(80, true, &sample::report(), &sample::corpus());
    check::assert_golden("terminal-80-colour.txt", &coloured);
}

#[test]
fn colours_change_nothing_but_colours() {
    for width in [24, 40, 80, 200] {
        let plain = rendered(width, false, &sample::report(), &sample::corpus());
        let coloured = rendered(width, true, &sample::report(), &sample::corpus());
        assert_eq!(check::without_colours(&coloured), plain);
        assert!(!plain.contains('\u{1b}'));
    }
}

#[test]
fn no_line_is_wider_than_the_page_or_ends_in_spaces() {
    for width in 24..140 {
        for line in rendered(width, false, &sample::report(), &sample::corpus()).lines() {
            assert!(visible::width(line) <= width, "{line:?} at {width}");
            assert_eq!(line.trim_end(), line);
        }
    }
}

#[test]
fn hostile_strings_cannot_reach_the_terminal() {
    let report = check::hostile_report();
    for width in [24, 40, 80, 200] {
        check::assert_harmless(&rendered(width, false, &report, &Hostile), width);
        let coloured = rendered(width, true, &report, &Hostile);
        check::assert_harmless(&check::without_colours(&coloured), width);
    }
}

#[test]
fn an_empty_report_says_that_nothing_was_found() {
    let text = rendered(80, false, &check::empty_report(), &Corpus::default());
    let expected = "wirecopy report\n0 documents · 0 bytes · 0 sources\n0 clusters · 0 groups of identical \
                    documents · 0 repeats · 0 shared passages\n0 skipped\n\nNo copies, no shared passages \
                    and no repeats found.\n";
    assert_eq!(text, expected);
}

#[test]
fn without_texts_the_findings_stand_without_excerpts() {
    let text = rendered(80, false, &sample::report(), &NoTexts);
    assert!(text.contains("bytes 0–626 here · 0–670 in meridian-0231 · 112 tokens"), "{text}");
    assert!(!text.contains("port authority"));
}

#[test]
fn a_report_with_very_many_findings_stays_readable_and_says_what_it_leaves_out() {
    let sample = sample::report();
    let mut report = sample.clone();
    report.clusters =
        (0..10_000).map(|n| Cluster { id: format!("c{n:05}"), ..sample.clusters[1].clone() }).collect();
    report.clusters.push(sample.clusters[0].clone());
    let many = |times: usize, cluster: &mut Cluster| {
        let member = cluster.members[1].clone();
        cluster.members.extend(
            (0..times).map(|n| crate::report::Member { document: format!("copy-{n:06}"), ..member.clone() }),
        );
    };
    many(100_000, report.clusters.last_mut().unwrap());
    report.repeats = (0..10_000)
        .map(|n| crate::report::Repeat { document: format!("d{n}"), ..sample.repeats[0].clone() })
        .collect();
    report.skipped = vec![sample.skipped[0].clone(); 10_000];
    // Neither time nor name brings the origin to the front.
    for document in report.documents.iter_mut().filter(|document| document.id == "meridian-0231") {
        document.published = None;
    }
    report.sources = vec![sample.sources[0].clone(); 10_000];
    let text = rendered(80, false, &report, &sample::corpus());
    assert!(text.lines().count() < 2_000, "{} lines", text.lines().count());
    for left_out in [
        "… 9,951 smaller clusters not shown; --format json has everything",
        "… 99,995 more documents not shown",
        "… 9,950 less repetitive documents not shown",
        "… 9,980 more records not shown",
        "… 9,980 more sources not shown",
    ] {
        assert!(text.contains(left_out), "{left_out}");
    }
    let (first, second) = (text.find(" 1  Wreck"), text.find(" 2  東京"));
    assert!(first.is_some() && first < second, "the largest cluster comes first");
    assert!(
        text.contains("      meridian-0231      origin "),
        "the origin is shown however many copies there are"
    );
}

#[test]
fn clusters_are_filed_by_source_then_agency_and_undetermined_last() {
    let mut report = sample::report();
    let mut credited = report.clusters[1].clone();
    credited.id = "credited".into();
    credited.origin.agency = Some("Reuters".into());
    report.clusters.push(credited);
    let text = rendered(80, false, &report, &sample::corpus());
    let headings: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("── ")?.split(" ─").next()).take(3).collect();
    assert_eq!(
        headings,
        ["Origin: meridian.example", "Agency Reuters, origin undetermined", "Origin undetermined"]
    );
}

#[test]
fn uniting_pairs_across_clusters_are_shown_with_the_passages_outside_clusters() {
    let mut report = sample::report();
    report.clusters.clear();
    let text = rendered(80, false, &report, &sample::corpus());
    let united = report.pairs.iter().filter(|pair| pair.verdict != Verdict::Boilerplate).count();
    assert!(text.contains(&format!("{united} pairs")), "{text}");
    assert!(text.contains("near duplicate · 85% of A, 96% of B · B → A, confidence 90%"), "{text}");
    assert!(text.contains("courier/77  coastal-courier.example  and 1 the same"), "{text}");
    assert!(text.contains("1 pair shares page furniture only"), "{text}");
}

#[test]
fn ranges_of_a_document_that_another_stands_for_are_said_to_be_those_of_the_other() {
    let mut report = sample::report();
    report.clusters[0].members[1].parent = Some("meridian-0231".into());
    let text = rendered(80, false, &report, &sample::corpus());
    let expected = "        as in courier/77, which has the same words:\n        bytes 0–626 here · 0–670 in \
                    meridian-0231 · 112 tokens · 93% identical\n";
    assert!(text.contains(expected), "{text}");
}
