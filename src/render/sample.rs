//! A report made by hand, with the texts it is about, for the tests of every
//! form. The articles are invented.

mod texts;

pub(super) use self::texts::corpus;
use self::texts::{span, text, texts};
use crate::document::{Skipped, Span};
use crate::params::Params;
use crate::report::*;

fn passage(a: Span, b: Span, tokens: usize, identity: f64) -> Passage {
    Passage { a, b, tokens, identity, kind: PassageKind::Copy, reason: "running text".into() }
}

fn document((id, source, text): (&str, &str, String)) -> DocumentEntry {
    let (title, published) = match id {
        "meridian-0231" => (Some("Wreck stops dredging in Halversund harbour"), Some("2026-05-11T10:05:00Z")),
        "courier/77" => (Some("300-year-old wreck found in harbour"), Some("2026-05-11T12:40:00Z")),
        "courier/77-mobile" => (None, Some("2026-05-11T12:41:00")),
        "evening-post/a9" => (Some("Divers find old ship"), Some("2026-05-12")),
        "daily/roundup" => (Some("The week in brief"), Some("2026-05-15T06:00:00Z")),
        _ => (None, None),
    };
    let credit = |found: &str, form, agency: Option<&str>, outlet: Option<&str>| {
        let start = text.find(found)?;
        Some(Credit {
            agency: agency.map(str::to_owned),
            outlet: outlet.map(str::to_owned),
            form,
            text: found.into(),
            span: Span::new(start, start + found.len()),
            confidence: 0.95,
            likely_outlet: None,
        })
    };
    let credits = [
        credit("HALVERSUND (Meridian) —", CreditForm::Dateline, Some("Meridian"), None),
        credit("HALVERSUND (MERIDIAN) —", CreditForm::Dateline, Some("Meridian"), None),
        credit(
            "Source: www.coastal-courier.example",
            CreditForm::SourceLine,
            None,
            Some("www.coastal-courier.example"),
        ),
    ];
    // Roughly: the report is made by hand, and none of these counts is checked.
    let tokens = if text.starts_with('東') { 52 } else { text.split_whitespace().count() };
    DocumentEntry {
        id: id.into(),
        original_id: None,
        path: "feed.jsonl".into(),
        span_base: crate::document::SpanBase::Decoded,
        source: source.into(),
        title: title.map(str::to_owned),
        url: None,
        published: published.map(|time| time.parse().unwrap()),
        dated_by: (id == "evening-post/a9").then_some(crate::document::DatedBy::Address),
        language: None,
        bytes: text.len(),
        tokens,
        against: false,
        too_short: tokens < 5,
        repeated_share: if id == "blog/budget" { 0.478261 } else { 0.0 },
        credits: credits.into_iter().flatten().collect(),
    }
}

/// One report with something of everything.
pub(crate) fn report() -> Report {
    let documents: Vec<DocumentEntry> = texts().into_iter().map(document).collect();
    let blog = "Six things";
    let first = span("blog/budget", blog, "new year.");
    let again = Span::new(first.end + 1, first.end + 1 + first.len());
    Report {
        schema: SCHEMA.into(),
        params: Params::default(),
        repeats: vec![Repeat {
            document: "blog/budget".into(),
            spans: vec![first, again],
            tokens: 44,
            identity: 1.0,
        }],
        exact_groups: vec![
            ExactGroup {
                id: "courier/77".into(),
                documents: vec!["courier/77".into(), "courier/77-mobile".into()],
            },
            ExactGroup {
                id: "daily/404-a".into(),
                documents: vec!["daily/404-a".into(), "daily/404-b".into()],
            },
        ],
        pairs: pairs(),
        clusters: vec![wreck(), tokyo()],
        sources: sources(),
        skipped: vec![
            Skipped {
                path: "feed.jsonl".into(),
                line: Some(6),
                document: Some("daily/empty".into()),
                reason: "the text has no tokens; nothing to compare".into(),
            },
            Skipped {
                path: "feed.jsonl".into(),
                line: Some(12),
                document: None,
                reason: "not valid JSON: expected `,` or `}` at column 118; the record was left out".into(),
            },
        ],
        stats: Stats {
            documents: documents.len(),
            bytes: documents.iter().map(|document| document.bytes).sum(),
            candidates: 9,
            verified: 5,
            threads: 2,
            memory_budget: Some(1 << 30),
            stages: vec![StageStats { name: "verify".into(), seconds: 0.25, items: 9 }],
            peak_rss_bytes: None,
        },
        documents,
    }
}

fn pairs() -> Vec<Pair> {
    let mut pairs = uniting_pairs();
    pairs.extend(other_pairs());
    pairs.sort_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
    pairs
}

const MID: &str = "She said";
const END: &str = "council.";
const POST: &str = "evening-post/a9";
const COURIER: &str = "courier/77";
const MERIDIAN: &str = "meridian-0231";

fn uniting_pairs() -> Vec<Pair> {
    let whole = |id: &str, from: &str| Span::new(text(id).find(from).unwrap(), text(id).len());
    vec![
        pair(
            COURIER,
            MERIDIAN,
            Verdict::NearDuplicate,
            [0.658, 0.758, 0.833, 0.851, 0.962],
            vec![passage(span(COURIER, "HALVERSUND", "notice."), whole(MERIDIAN, "HALVERSUND"), 112, 0.93)],
            from(
                MERIDIAN,
                0.9,
                &[
                    "meridian-0231 was published 2 h 35 min before courier/77",
                    "both credit Meridian, the publisher of meridian-0231, in their dateline",
                ],
            ),
        ),
        pair(
            POST,
            MERIDIAN,
            Verdict::ContainedIn,
            [0.47, 1.0, 0.47, 1.0, 0.51],
            vec![passage(whole(POST, "The port"), span(MERIDIAN, "The port", "of a hull."), 60, 1.0)],
            from(MERIDIAN, 0.7, &["meridian-0231 was published the day before evening-post/a9"]),
        ),
        pair(
            "wan/1",
            "wan/2",
            Verdict::NearDuplicate,
            [0.78, 0.86, 0.9, 0.9, 0.9],
            vec![passage(whole("wan/1", "東京"), whole("wan/2", "東京"), 52, 0.9)],
            unknown("neither has a time of publication"),
        ),
    ]
}

fn other_pairs() -> Vec<Pair> {
    vec![
        pair(
            "blog/budget",
            "evening-post/b2",
            Verdict::SharesPassage,
            [0.3, 0.55, 0.4, 0.59, 0.57],
            vec![passage(
                span("blog/budget", "The library", "new year."),
                span("evening-post/b2", "The library", "new year."),
                29,
                1.0,
            )],
            unknown("neither has a time of publication"),
        ),
        pair(
            COURIER,
            "daily/roundup",
            Verdict::SharesPassage,
            [0.203, 0.298, 0.391, 0.312, 0.744],
            vec![
                passage(span(COURIER, MID, "berth "), span("daily/roundup", MID, "berth, "), 31, 1.0),
                passage(span(COURIER, "will not", END), span("daily/roundup", "will not", END), 31, 1.0),
            ],
            unknown("neither credits the other"),
        ),
        pair(
            "daily/roundup",
            MERIDIAN,
            Verdict::SharesPassage,
            [0.38, 0.77, 0.46, 0.79, 0.47],
            vec![passage(span("daily/roundup", MID, END), span(MERIDIAN, MID, END), 69, 1.0)],
            from(MERIDIAN, 0.8, &["meridian-0231 was published 4 days before daily/roundup"]),
        ),
        pair(
            "daily/roundup",
            "evening-post/b2",
            Verdict::Boilerplate,
            [0.5, 0.6, 0.6, 0.1, 0.1],
            Vec::new(),
            unknown("what they share is page furniture"),
        ),
    ]
}

/// `shares` are the Jaccard similarity, the containments and the coverages.
fn pair(
    a: &str,
    b: &str,
    verdict: Verdict,
    shares: [f64; 5],
    passages: Vec<Passage>,
    direction: Direction,
) -> Pair {
    Pair {
        a: a.into(),
        b: b.into(),
        verdict,
        reason: None,
        jaccard: shares[0],
        counted_jaccard: None,
        containment_of_a_in_b: shares[1],
        containment_of_b_in_a: shares[2],
        coverage_of_a_by_b: shares[3],
        coverage_of_b_by_a: shares[4],
        passages,
        direction,
    }
}

fn from(id: &str, confidence: f64, evidence: &[&str]) -> Direction {
    let evidence = evidence.iter().map(|text| text.to_string()).collect();
    Direction { from: Some(id.into()), confidence, evidence }
}

fn unknown(evidence: &str) -> Direction {
    Direction { from: None, confidence: 0.0, evidence: vec![evidence.into()] }
}

fn member(document: &str, source: &str, role: Role, parent: Option<&str>, share: f64) -> Member {
    Member {
        document: document.into(),
        source: source.into(),
        role,
        primary: role != Role::Excerpt,
        parent: parent.map(str::to_owned),
        share_copied: share,
        credited: match document {
            "courier/77" | "courier/77-mobile" => Some(true),
            "evening-post/a9" | "daily/roundup" => Some(false),
            _ => None,
        },
    }
}

fn wreck() -> Cluster {
    let origin = "meridian-0231";
    Cluster {
        id: "courier/77".into(),
        representative: origin.into(),
        cohesion: 0.934,
        pairs_complete: true,
        independent_origins: 1,
        origin: Origin {
            document: Some(origin.into()),
            source: Some("meridian.example".into()),
            agency: Some("Meridian".into()),
            outside: false,
            confidence: 0.9,
            evidence: vec![
                "first published, 2 h 35 min before the next".into(),
                "2 of 4 other members credit Meridian in their dateline".into(),
            ],
        },
        members: vec![
            member("courier/77", "coastal-courier.example", Role::Version, Some(origin), 0.851),
            member(
                "courier/77-mobile",
                "coastal-courier.example",
                Role::ExactDuplicate,
                Some("courier/77"),
                1.0,
            ),
            member("daily/roundup", "daily.example", Role::Excerpt, Some(origin), 0.79),
            member("evening-post/a9", "evening-post.example", Role::Abridged, Some(origin), 1.0),
            member(origin, "meridian.example", Role::Origin, None, 0.0),
        ],
    }
}

fn tokyo() -> Cluster {
    Cluster {
        id: "wan/1".into(),
        representative: "wan/1".into(),
        cohesion: 0.9,
        pairs_complete: true,
        independent_origins: 2,
        origin: Origin {
            document: None,
            source: None,
            agency: None,
            outside: false,
            confidence: 0.0,
            evidence: vec!["no member has a time of publication or a credit".into()],
        },
        members: vec![
            member("wan/1", "wan-bao.example", Role::Undetermined, None, 0.9),
            member("wan/2", "xin-bao.example", Role::Undetermined, None, 0.9),
        ],
    }
}

fn sources() -> Vec<SourceEntry> {
    let entry = |source: &str, documents, copied, credited, from: &[(&str, i64)]| SourceEntry {
        source: source.into(),
        documents,
        original: documents - copied,
        copied,
        credited,
        copied_from: (from.iter())
            .map(|(source, lag)| CopiedFrom {
                source: source.to_string(),
                documents: 1,
                tokens: 100,
                credited: 1,
                median_lag_s: Some(*lag),
            })
            .collect(),
    };
    vec![
        entry("coastal-courier.example", 2, 2, 2, &[("meridian.example", 9_330)]),
        entry("daily.example", 4, 1, 0, &[("meridian.example", 330_900)]),
        entry("evening-post.example", 1, 1, 0, &[("meridian.example", 50_100), ("daily.example", 60)]),
        entry("harbour-blog.example", 1, 0, 0, &[]),
        entry("meridian.example", 1, 0, 0, &[]),
    ]
}
