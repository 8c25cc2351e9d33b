use super::*;
use crate::attribute::tests::{pair, published};
use crate::attribute::witness::Standing;
use crate::document::{Document, Provenance};
use crate::report::{DocumentEntry, Verdict};

fn told(a: &DocumentEntry, b: &DocumentEntry) -> Direction {
    let pair = pair("1", "2", Verdict::NearDuplicate, [0.9, 0.9]);
    direction(&Witness::of_entry(a), &Witness::of_entry(b), &pair, Relation::Line)
}

#[test]
fn time_decides_where_it_is_certain() {
    let near = ", no more than clocks and zones may differ";
    // time of a, time of b, from, least confidence, evidence
    let cases: [(&str, &str, Option<&str>, f64, String); 12] = [
        (
            "2026-05-11T10:05:00Z",
            "2026-05-11T10:40:00Z",
            Some("1"),
            0.95,
            "a.example published 35 min before b.example (2026-05-11T10:05:00Z against 2026-05-11T10:40:00Z)"
                .into(),
        ),
        (
            "2026-05-11T12:00:00Z",
            "2026-05-11T10:40:30Z",
            Some("2"),
            0.97,
            "b.example published 1 h 19 min before a.example (2026-05-11T10:40:30Z against 2026-05-11T12:00:00Z)"
                .into(),
        ),
        (
            "2026-05-11T10:00:00Z",
            "2026-05-11T10:00:05Z",
            None,
            0.0,
            format!(
                "a.example published 5 s before b.example (2026-05-11T10:00:00Z against 2026-05-11T10:00:05Z){near}"
            ),
        ),
        (
            "2026-05-11T10:00:00Z",
            "2026-05-11T10:00:00Z",
            None,
            0.0,
            "a.example and b.example published at the same time (2026-05-11T10:00:00Z), which decides nothing"
                .into(),
        ),
        (
            "2026-05-11",
            "2026-05-11",
            None,
            0.0,
            "a.example and b.example published on the same day (2026-05-11), which decides nothing".into(),
        ),
        (
            "2026-05-11",
            "2026-05-12",
            None,
            0.0,
            format!("a.example published on an earlier day than b.example (2026-05-11 against 2026-05-12){near}"),
        ),
        (
            "2026-05-11",
            "2026-05-11T10:00:00Z",
            None,
            0.0,
            "the publication times of a.example (2026-05-11) and b.example (2026-05-11T10:00:00Z) overlap, \
             which decides nothing"
                .into(),
        ),
        (
            "2026-05-11T10:00:00",
            "2026-05-11T12:00:00Z",
            None,
            0.0,
            format!(
                "a.example published 2 h before b.example (2026-05-11T10:00:00 against 2026-05-11T12:00:00Z){near}; \
                 a time without a zone is taken as UTC"
            ),
        ),
        (
            "2026-05-11",
            "2026-05-14T10:00:00Z",
            Some("1"),
            0.97,
            "a.example published before b.example (2026-05-11 against 2026-05-14T10:00:00Z)".into(),
        ),
        ("", "2026-05-11", None, 0.0, "no publication time for a.example".into()),
        ("2026-05-11", "", None, 0.0, "no publication time for b.example".into()),
        ("", "", None, 0.0, "no publication time for a.example and b.example".into()),
    ];
    for (time_a, time_b, from, confidence, evidence) in cases {
        let (a, b) = (published("1", "a.example", time_a, ""), published("2", "b.example", time_b, ""));
        let found = told(&a, &b);
        assert_eq!(found.from.as_deref(), from, "{time_a} {time_b}");
        assert!(found.confidence >= confidence, "{time_a} {time_b}: {}", found.confidence);
        assert_eq!(found.evidence, [evidence], "{time_a} {time_b}");
        assert_eq!(told(&b, &a).from.as_deref(), from, "the order of the two does not matter");
    }
}

#[test]
fn credit_decides_and_agrees_or_contradicts() {
    let credit = "It fell.\n(Source: www.a.example)";
    let (early, late) = ("2026-05-11T10:05:00Z", "2026-05-11T10:40:00Z");
    // time of a, time of b, text of a, text of b, from, least confidence
    let cases = [
        ("", "", "", credit, Some("1"), 0.95),
        (early, late, "", credit, Some("1"), 0.985),
        (late, early, "", credit, None, 0.0),
        (early, late, "It fell.\n(Source: b.example)", credit, Some("1"), 0.75),
        ("", "", "It fell.\n(Source: b.example)", credit, None, 0.0),
        ("", "", "It fell.\n(Source: c.example)", "It fell.\n(Source: c.example)", None, 0.0),
    ];
    for (time_a, time_b, text_a, text_b, from, confidence) in cases {
        let a = published("1", "a.example", time_a, text_a);
        let b = published("2", "b.example", time_b, text_b);
        let found = told(&a, &b);
        assert_eq!(found.from.as_deref(), from, "{found:?}");
        assert!(found.confidence >= confidence, "{found:?}");
    }
    let contradiction =
        told(&published("1", "a.example", late, ""), &published("2", "b.example", early, credit));
    assert_eq!(
        contradiction.evidence,
        [
            "b.example published 35 min before a.example (2026-05-11T10:05:00Z against 2026-05-11T10:40:00Z)",
            "b.example credits www.a.example: \"(Source: www.a.example)\"",
            "time and credit contradict each other",
        ]
    );
}

#[test]
fn a_credit_to_the_agency_that_published_the_other_counts() {
    let a = published("1", "apnews.com", "", "");
    let b = published("2", "b.example", "", "MARSTOW (AP) — It fell.");
    let found = told(&a, &b);
    assert_eq!(found.from.as_deref(), Some("1"));
    assert_eq!(found.evidence[1], "b.example credits Associated Press: \"(AP)\"");
    let misspelt = published("2", "b.example", "", "It fell.\n(Source: www.aljazera.com)");
    let found = told(&published("1", "aljazeera.com", "", ""), &misspelt);
    assert_eq!(found.from.as_deref(), Some("1"));
    assert!(found.evidence[1].contains("credits www.aljazera.com, probably aljazeera.com"), "{found:?}");
}

#[test]
fn documents_of_one_publisher_are_called_by_their_ids() {
    let time = "2026-05-11T10:05:00Z";
    for source in ["a.example", "."] {
        let found = told(&published("one", source, time, ""), &published("two", source, "", ""));
        assert_eq!(found.evidence, ["no publication time for two"]);
    }
}

#[test]
fn metadata_that_names_the_other_is_weighed_and_shown() {
    let a = published("1", "a.example", "", "");
    let b = published("2", "b.example", "", "");
    let document = Document {
        provenance: Provenance {
            syndication_source: Some("https://www.a.example/1".into()),
            ..Provenance::default()
        }
        .boxed(),
        ..Document::default()
    };
    let pair = pair("1", "2", Verdict::NearDuplicate, [0.9, 0.9]);
    let found = direction(&Witness::of_entry(&a), &Witness::new(&document, &b), &pair, Relation::Line);
    assert_eq!(found.from.as_deref(), Some("1"));
    assert_eq!(found.evidence[1], "b.example gives https://www.a.example/1 as its syndication source");
}

#[test]
fn marks_order_the_versions_of_one_publisher_and_of_no_other() {
    let titled = |id: &str, source: &str, title: &str| DocumentEntry {
        title: Some(title.into()),
        ..published(id, source, "", "")
    };
    let plain = titled("1", "a.example", "Ferries cleared");
    let found = told(&plain, &titled("2", "a.example", "UPDATE 1-Ferries cleared"));
    assert_eq!(found.from.as_deref(), Some("1"));
    assert_eq!(found.evidence[1], "2 is marked as a later version than 1");
    assert_eq!(told(&plain, &titled("2", "b.example", "UPDATE 1-Ferries cleared")).from, None);
}

#[test]
fn what_tells_an_original_from_its_copies_tells_nothing_of_two_copies() {
    let (a, b) = (published("1", "a.example", "", ""), published("2", "b.example", "", ""));
    let standing = |named_by| Some(Standing { story: 0, named_by, closeness: None });
    let (mut a, mut b) = (Witness::of_entry(&a), Witness::of_entry(&b));
    (a.standing, b.standing) = (standing(9), standing(0));
    let pair = pair("1", "2", Verdict::NearDuplicate, [0.9, 0.9]);
    assert_eq!(direction(&a, &b, &pair, Relation::Line).from.as_deref(), Some("1"));
    assert_eq!(direction(&a, &b, &pair, Relation::Kin).from, None);
}
