use super::*;
use crate::attribute::tests::{pair, published};
use crate::attribute::witness::{Standing, named_by};
use crate::report::{DocumentEntry, Role, Verdict};

const BODY: &str = "It fell.";
const EARLY: &str = "2026-05-11T10:00:00Z";
const NOON: &str = "2026-05-11T12:00:00Z";
const LATE: &str = "2026-05-11T18:00:00Z";

fn run(members: &[DocumentEntry], pairs: &[Pair], groups: &[&[&str]]) -> Attribution {
    let groups: Vec<ExactGroup> = groups
        .iter()
        .map(|ids| ExactGroup { id: ids[0].into(), documents: ids.iter().map(|&id| id.into()).collect() })
        .collect();
    let witnesses = standing(members);
    let input = ClusterInput {
        members: &witnesses.iter().collect::<Vec<_>>(),
        pairs: &pairs.iter().collect::<Vec<_>>(),
        exact_groups: &groups.iter().collect::<Vec<_>>(),
        representative: &members[0].id,
        excerpts: &[],
    };
    let found = attribute(&input);
    let mut reversed = ClusterInput { members: &witnesses.iter().rev().collect::<Vec<_>>(), ..input };
    let pairs_reversed: Vec<_> = pairs.iter().rev().collect();
    reversed.pairs = &pairs_reversed;
    assert_eq!(attribute(&reversed), found, "the order of the input does not matter");
    found
}

/// The documents as witnesses of one story.
fn standing(members: &[DocumentEntry]) -> Vec<Witness<'_>> {
    let mut witnesses: Vec<Witness<'_>> = members.iter().map(Witness::of_entry).collect();
    let named_by = named_by(&witnesses.iter().collect::<Vec<_>>());
    for (witness, named_by) in witnesses.iter_mut().zip(named_by) {
        witness.standing = Some(Standing { story: 0, named_by, closeness: None });
    }
    witnesses
}

/// Id, role, parent, share and credited of each member.
type Row<'a> = (&'a str, Role, Option<&'a str>, f64, Option<bool>);

fn rows(found: &Attribution) -> Vec<Row<'_>> {
    found
        .members
        .iter()
        .map(|m| (m.document.as_str(), m.role, m.parent.as_deref(), m.share_copied, m.credited))
        .collect()
}

#[test]
fn the_member_certainly_before_all_others_is_the_origin_and_roles_follow_the_verdicts() {
    let credit = "It fell.\n(Source: www.a.example)";
    let members = [
        published("a", "a.example", EARLY, BODY),
        published("b", "b.example", NOON, credit),
        published("c", "c.example", NOON, BODY),
        published("d", "d.example", NOON, BODY),
        published("e", "e.example", NOON, BODY),
        published("f", "a.example", LATE, BODY),
        published("g", "a.example", LATE, BODY),
        published("h", "h.example", LATE, BODY),
    ];
    let pairs = [
        pair("a", "b", Verdict::NearDuplicate, [0.9, 0.95]),
        pair("a", "c", Verdict::Contains, [0.4, 0.99]),
        pair("a", "d", Verdict::ContainedIn, [0.97, 0.3]),
        pair("a", "e", Verdict::Derived, [0.5, 0.6]),
        pair("a", "f", Verdict::Derived, [0.5, 0.7]),
        pair("a", "g", Verdict::NearDuplicate, [0.9, 0.8]),
    ];
    let found = run(&members, &pairs, &[&["a", "h"]]);
    assert_eq!(found.origin.document.as_deref(), Some("a"));
    assert_eq!(found.origin.source.as_deref(), Some("a.example"));
    assert_eq!(found.origin.agency, None);
    assert_eq!(found.origin.confidence, MAX_CONFIDENCE);
    assert_eq!(
        found.origin.evidence,
        [
            "first of all: a.example published 2 h before b.example \
             (2026-05-11T10:00:00Z against 2026-05-11T12:00:00Z)",
            "credited by 1 of 7 other members",
        ]
    );
    let no = Some(false);
    assert_eq!(
        rows(&found),
        [
            ("a", Role::Origin, None, 0.0, None),
            ("b", Role::Copy, Some("a"), 0.95, Some(true)),
            ("c", Role::Abridged, Some("a"), 0.99, no),
            ("d", Role::Extended, Some("a"), 0.3, no),
            ("e", Role::Version, Some("a"), 0.6, no),
            ("f", Role::Revision, Some("a"), 0.7, None),
            ("g", Role::Revision, Some("a"), 0.8, None),
            ("h", Role::ExactDuplicate, Some("a"), 1.0, no),
        ]
    );
    assert_eq!(found.independent_origins, 1);
}

#[test]
fn a_member_without_a_pair_to_the_origin_hangs_on_the_earlier_partner_that_covers_it_best() {
    let members = [
        published("a", "a.example", EARLY, BODY),
        published("b", "b.example", NOON, BODY),
        published("c", "c.example", NOON, BODY),
        published("d", "d.example", LATE, BODY),
        published("e", "e.example", LATE, BODY),
    ];
    let pairs = [
        pair("a", "b", Verdict::Contains, [0.5, 1.0]),
        pair("a", "c", Verdict::Contains, [0.5, 1.0]),
        pair("b", "d", Verdict::Derived, [0.5, 0.4]),
        pair("c", "d", Verdict::Derived, [0.5, 0.6]),
        // The best cover of d is not certainly earlier.
        pair("d", "e", Verdict::NearDuplicate, [0.9, 0.9]),
    ];
    let found = run(&members, &pairs, &[]);
    let parents: Vec<_> = found.members.iter().map(|m| (m.parent.as_deref(), m.role)).collect();
    assert_eq!(
        parents,
        [
            (None, Role::Origin),
            (Some("a"), Role::Abridged),
            (Some("a"), Role::Abridged),
            (Some("c"), Role::Version),
            (None, Role::Undetermined),
        ]
    );
    assert_eq!(found.independent_origins, 2);
}

#[test]
fn the_origin_is_undetermined_where_nothing_decides() {
    // times of three members, evidence
    let cases = [
        (["", "", ""], vec!["no publication time for any member"]),
        (
            [EARLY, EARLY, LATE],
            vec![
                "a.example and b.example published at the same time (2026-05-11T10:00:00Z), which decides nothing",
            ],
        ),
        (
            ["2026-05-11", LATE, LATE],
            vec![
                "the publication times of a.example (2026-05-11) and b.example (2026-05-11T18:00:00Z) overlap, \
                 which decides little",
            ],
        ),
        (
            [EARLY, "", LATE],
            vec!["no publication time for b.example", "no publication time for 1 of 3 members"],
        ),
    ];
    for (times, evidence) in cases {
        let members = [
            published("a", "a.example", times[0], BODY),
            published("b", "b.example", times[1], BODY),
            published("c", "c.example", times[2], BODY),
        ];
        let pairs = [
            pair("a", "b", Verdict::NearDuplicate, [0.9, 0.95]),
            pair("b", "c", Verdict::NearDuplicate, [0.9, 0.7]),
        ];
        let found = run(&members, &pairs, &[]);
        let origin = &found.origin;
        assert_eq!((&origin.document, &origin.source, origin.confidence), (&None, &None, 0.0), "{times:?}");
        assert_eq!(origin.evidence, evidence);
        assert_eq!(found.members[0].role, Role::Undetermined, "{times:?}");
        assert_eq!(found.members[0].credited, None);
    }
}

#[test]
fn without_parents_shares_are_told_against_the_representative() {
    let members = [
        published("a", "a.example", "", BODY),
        published("b", "b.example", "", BODY),
        published("c", "c.example", "", BODY),
        published("d", "d.example", "", BODY),
    ];
    let pairs = [
        pair("a", "b", Verdict::NearDuplicate, [0.9, 0.95]),
        pair("b", "c", Verdict::NearDuplicate, [0.9, 0.7]),
    ];
    let found = run(&members, &pairs, &[&["a", "d"]]);
    let none = (Role::Undetermined, None, None);
    let expected = [("a", 0.0), ("b", 0.95), ("c", 0.0), ("d", 1.0)];
    let expected: Vec<Row<'_>> =
        expected.iter().map(|(id, share)| (*id, none.0, none.1, *share, none.2)).collect();
    assert_eq!(rows(&found), expected);
    assert_eq!(found.independent_origins, 3, "identical documents count once");
}

#[test]
fn a_member_that_all_others_credit_is_the_origin() {
    let credit = "It fell.\n(Source: www.b.example)";
    let members = [
        published("a", "a.example", "", credit),
        published("b", "b.example", "", BODY),
        published("c", "c.example", "2026-05-11", credit),
    ];
    let pairs = [
        pair("a", "b", Verdict::NearDuplicate, [0.9, 0.95]),
        pair("b", "c", Verdict::NearDuplicate, [0.9, 0.7]),
    ];
    let found = run(&members, &pairs, &[]);
    assert_eq!(found.origin.document.as_deref(), Some("b"));
    assert_eq!(found.origin.evidence, ["credited by 2 of 2 other members"]);
    assert_eq!(found.members[0].credited, Some(true));
    assert_eq!(found.members[0].parent.as_deref(), Some("b"));
    // Crediting the earliest of all does not help one that another precedes.
    let members = [
        published("a", "a.example", EARLY, credit),
        published("b", "b.example", NOON, BODY),
        published("c", "c.example", LATE, BODY),
    ];
    let found = run(&members, &pairs, &[]);
    assert_eq!(found.origin.document, None);
    assert!(found.origin.evidence.contains(&"time and credit contradict each other".to_owned()));
}

#[test]
fn a_circle_of_credits_loses_a_link() {
    let text = |source: &str| format!("It fell.\n(Source: www.{source}.example)");
    let members = [
        published("a", "a.example", "", &text("b")),
        published("b", "b.example", "", &text("c")),
        published("c", "c.example", "", &text("a")),
        published("d", "d.example", "", &text("a")),
    ];
    let pairs = [
        pair("a", "b", Verdict::NearDuplicate, [0.9, 0.9]),
        pair("a", "c", Verdict::NearDuplicate, [0.8, 0.8]),
        pair("a", "d", Verdict::NearDuplicate, [0.7, 0.7]),
        pair("b", "c", Verdict::NearDuplicate, [0.9, 0.9]),
    ];
    let found = run(&members, &pairs, &[]);
    let parents: Vec<_> = found.members.iter().map(|m| m.parent.as_deref()).collect();
    // None of the three can have come first; which of equal links is left out
    // follows from their ids alone.
    assert_eq!(parents, [Some("b"), Some("c"), None, Some("a")]);
}

#[test]
fn the_agency_is_the_one_most_members_credit() {
    let text = |agency: &str| {
        if agency.is_empty() { BODY.into() } else { format!("MARSTOW ({agency}) — It fell.") }
    };
    // agencies credited, agency of the cluster, credited
    let cases = [
        (["AP", "AP", ""], Some("Associated Press"), [Some(true), Some(true), Some(false)]),
        (["AP", "Reuters", "AP"], Some("Associated Press"), [Some(true), Some(false), Some(true)]),
        (["AP", "Reuters", ""], None, [None; 3]),
        // One of three is too few to call the others uncredited copies.
        (["AP", "", ""], Some("Associated Press"), [None; 3]),
        (["", "", ""], None, [None; 3]),
    ];
    for (agencies, agency, credited) in cases {
        let members = [
            published("a", "a.example", "", &text(agencies[0])),
            published("b", "b.example", "", &text(agencies[1])),
            published("c", "c.example", "", &text(agencies[2])),
        ];
        let found = run(&members, &[], &[&["a", "b", "c"]]);
        assert_eq!(found.origin.agency.as_deref(), agency, "{agencies:?}");
        assert_eq!(found.origin.document, None);
        let marks: Vec<_> = found.members.iter().map(|m| m.credited).collect();
        assert_eq!(marks, credited, "{agencies:?}");
        let is_told =
            |line: &String| line.starts_with("credited to Associated Press, not in this collection");
        assert_eq!(
            found.origin.evidence.iter().any(is_told),
            agency.is_some(),
            "{:?}",
            found.origin.evidence
        );
    }
}

#[test]
fn an_agency_in_the_collection_is_the_origin_its_members_credit() {
    let members = [
        published("a", "apnews.com", EARLY, BODY),
        published("b", "b.example", NOON, "MARSTOW (AP) — It fell."),
    ];
    let found = run(&members, &[pair("a", "b", Verdict::NearDuplicate, [0.9, 0.95])], &[]);
    assert_eq!(found.origin.document.as_deref(), Some("a"));
    assert_eq!(found.origin.agency.as_deref(), Some("Associated Press"));
    assert_eq!(found.members[1].credited, Some(true));
    assert!(found.origin.confidence > 0.9, "time and credit agree");
    assert!(!found.origin.evidence.iter().any(|line| line.contains("not in this collection")));
}

#[test]
fn a_copy_of_the_second_of_three_versions_hangs_on_the_second() {
    let titled = |id: &str, source: &str, time: &str, title: &str| DocumentEntry {
        title: Some(title.into()),
        ..published(id, source, time, BODY)
    };
    let members = [
        titled("a1", "a.example", EARLY, "Ferries"),
        titled("a2", "a.example", NOON, "UPDATE 1-Ferries"),
        titled("a3", "a.example", "2026-05-11T14:00:00Z", "UPDATE 2-Ferries"),
        titled("b", "b.example", LATE, "Ferries"),
        titled("c", "c.example", LATE, "Ferries"),
    ];
    // The third version keeps the second, the second most of the first.
    let mut pairs = [
        pair("a1", "a2", Verdict::NearDuplicate, [0.9, 0.7]),
        pair("a1", "a3", Verdict::Derived, [0.9, 0.5]),
        pair("a1", "b", Verdict::NearDuplicate, [0.9, 0.7]),
        pair("a1", "c", Verdict::NearDuplicate, [1.0, 1.0]),
        pair("a2", "a3", Verdict::ContainedIn, [1.0, 0.8]),
        pair("a2", "b", Verdict::NearDuplicate, [1.0, 0.99]),
        pair("a2", "c", Verdict::NearDuplicate, [0.7, 0.9]),
        pair("a3", "b", Verdict::Contains, [0.8, 0.99]),
        pair("b", "c", Verdict::NearDuplicate, [0.7, 0.9]),
    ];
    for pair in &mut pairs {
        pair.containment_of_a_in_b = pair.coverage_of_a_by_b;
        pair.containment_of_b_in_a = pair.coverage_of_b_by_a;
    }
    let found = run(&members, &pairs, &[]);
    let told: Vec<_> = found.members.iter().map(|m| (m.parent.as_deref(), m.role)).collect();
    assert_eq!(
        told,
        [
            (None, Role::Origin),
            (Some("a1"), Role::Revision),
            (Some("a2"), Role::Revision),
            (Some("a2"), Role::Copy),
            (Some("a1"), Role::Copy),
        ]
    );
}

#[test]
fn what_several_name_and_no_member_published_lies_outside() {
    let credit = "It fell.\n(Source: www.z.example)";
    let members = [
        published("a", "a.example", EARLY, credit),
        published("b", "b.example", NOON, credit),
        published("c", "c.example", LATE, BODY),
    ];
    let pairs = [
        pair("a", "b", Verdict::NearDuplicate, [0.95, 0.95]),
        pair("a", "c", Verdict::NearDuplicate, [0.95, 0.95]),
        pair("b", "c", Verdict::NearDuplicate, [0.95, 0.95]),
    ];
    let found = run(&members, &pairs, &[]);
    assert_eq!((found.origin.document, found.origin.source.as_deref()), (None, Some("www.z.example")));
    assert!(found.origin.evidence.iter().any(|line| line.contains("www.z.example, not in this collection")));
    let told: Vec<_> = found.members.iter().map(|m| (m.parent.as_deref(), m.role, m.credited)).collect();
    let copy = (None, Role::Copy, Some(true));
    assert_eq!(told, [copy, copy, (None, Role::Undetermined, Some(false))]);
    assert_eq!(found.independent_origins, 2, "two are from outside, of one nobody knows");
}

#[test]
fn large_clusters_take_no_more_than_n_log_n() {
    let n = 100_000;
    // Half of them identical and undated with the anchor, half of them
    // partners of the anchor: the shape that has most pairs for one group.
    let members: Vec<_> =
        (0..n).map(|i| published(&format!("{i:06}"), &format!("s{}", i % 97), "", BODY)).collect();
    let ids: Vec<String> = members.iter().take(n / 2).map(|m| m.id.clone()).collect();
    let groups = [ExactGroup { id: ids[0].clone(), documents: ids }];
    let pairs: Vec<_> =
        members[n / 2..].iter().map(|m| pair("000000", &m.id, Verdict::NearDuplicate, [0.9, 0.9])).collect();
    let witnesses = standing(&members);
    let input = ClusterInput {
        members: &witnesses.iter().collect::<Vec<_>>(),
        pairs: &pairs.iter().collect::<Vec<_>>(),
        exact_groups: &groups.iter().collect::<Vec<_>>(),
        representative: "000000",
        excerpts: &[],
    };
    let start = std::time::Instant::now();
    let found = attribute(&input);
    let elapsed = start.elapsed();
    assert_eq!(found.members.len(), n);
    assert_eq!(found.independent_origins, 1 + n / 2);
    assert!(elapsed.as_secs() < 60, "{elapsed:?}");
    println!("{elapsed:?}");
}
