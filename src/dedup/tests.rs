use super::*;
use crate::document::{Corpus, Document};
use crate::params::Params;
use crate::pipeline;

/// So many different words from number `from` on.
fn words(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")
}

fn document(id: &str, source: &str, published: &str, text: &str) -> Document {
    Document {
        id: id.into(),
        source: Some(source.into()),
        published: published.parse().ok(),
        text: text.into(),
        ..Document::default()
    }
}

fn scanned(documents: Vec<Document>) -> (Corpus, Report) {
    let corpus = Corpus::try_new(documents).unwrap();
    let report = pipeline::scan(&corpus, &Params::default(), &()).unwrap();
    (corpus, report)
}

/// The ids that stay.
fn stay(report: &Report, options: &Options) -> Vec<String> {
    let kept = plan(report, options).kept();
    let ids = report.documents.iter().zip(kept).filter(|(_, is_kept)| *is_kept);
    ids.map(|(document, _)| document.id.clone()).collect()
}

fn keeping(keep: Keep) -> Options {
    Options { keep, ..Options::default() }
}

/// One story: the agency's two versions, an extended copy, an undated one.
fn one_story() -> Vec<Document> {
    let story = words(0, 200);
    vec![
        document("agency-1", "agency.com", "2026-05-11T08:00:00Z", &story),
        document("agency-2", "agency.com", "2026-05-11T10:00:00Z", &story.replace("w77 ", "corrected ")),
        document("longer", "paper.com", "2026-05-11T12:00:00Z", &format!("{story} {}", words(900, 20))),
        document("undated", "other.com", "", &story.replace("w99 ", "x ")),
        document("single", "agency.com", "2026-05-11T07:00:00Z", &words(2000, 100)),
    ]
}

#[test]
fn policies_choose_which_copy_stays() {
    let (_, report) = scanned(one_story());
    let prefer = |names: &[&str]| Keep::Prefer(names.iter().map(|&name| name.into()).collect());
    let cases = [
        (Keep::Earliest, "agency-1"),
        (Keep::Origin, "agency-1"),
        (Keep::Longest, "longer"),
        (Keep::LatestRevision, "agency-2"),
        (prefer(&["nobody.com", "https://www.Other.com/x", "paper.com"]), "undated"),
        (prefer(&["nobody.com"]), "agency-1"),
    ];
    for (keep, expected) in cases {
        let mut expected = [expected, "single"];
        expected.sort_unstable();
        assert_eq!(stay(&report, &keeping(keep.clone())), expected, "{keep:?}");
    }
    // Ids are in order: agency-1, agency-2, longer, single, undated.
    let places = vec![4, 3, 2, 1, 0];
    let options = Options { places, ..keeping(Keep::First) };
    assert_eq!(stay(&report, &options), ["single", "undated"]);
}

#[test]
fn levels_include_those_before_them() {
    let story = words(0, 200);
    let (_, report) = scanned(vec![
        document("a", "a.com", "2026-05-11T08:00:00Z", &story),
        document("b", "b.com", "2026-05-11T09:00:00Z", &story.to_uppercase()),
        document("c", "c.com", "2026-05-11T10:00:00Z", &story.replace("w50 ", "other ")),
        document("d", "d.com", "2026-05-11T07:00:00Z", &words(20, 70)),
        document("e", "e.com", "2026-05-11T11:00:00Z", &format!("{} {}", words(0, 80), words(500, 100))),
    ]);
    let cases: [(Remove, &[&str]); 4] = [
        (Remove::Exact, &["a", "c", "d", "e"]),
        (Remove::Near, &["a", "d", "e"]),
        (Remove::Contained, &["a", "e"]),
        (Remove::Derived, &["a"]),
    ];
    for (remove, expected) in cases {
        assert_eq!(stay(&report, &Options { remove, ..Options::default() }), expected, "{remove:?}");
    }
}

#[test]
fn a_container_stays_even_where_its_part_is_earlier() {
    let part = words(0, 100);
    let (_, report) = scanned(vec![
        document("part", "a.com", "2026-05-11T08:00:00Z", &part),
        // Jaccard 0.58: near duplicates, and one holds the other and more.
        document("whole", "b.com", "2026-05-11T09:00:00Z", &format!("{part} {}", words(500, 65))),
    ]);
    assert_eq!(report.pairs[0].verdict, Verdict::NearDuplicate);
    let plan = plan(&report, &Options::default());
    assert_eq!(plan.kept(), [false, true]);
    assert_eq!((plan.removed[0].coverage, plan.removed[0].verdict), (1.0, Verdict::NearDuplicate));
}

#[test]
fn what_tells_other_facts_stays() {
    // Coverage asks for passages of which three fifths agree: here three
    // quarters of the words do, spread over the text.
    let (story, mut other) = (words(0, 200), Vec::new());
    for (at, word) in story.split(' ').enumerate() {
        other.push(if at % 12 < 3 { format!("x{at}") } else { word.to_owned() });
    }
    let (_, report) = scanned(vec![
        document("a", "a.com", "2026-05-11", &story),
        document("b", "b.com", "2026-05-12", &other.join(" ")),
    ]);
    assert_eq!(report.pairs[0].verdict, Verdict::NearDuplicate);
    let held = |min_agreed| stay(&report, &Options { min_agreed, ..Options::default() }).len();
    assert_eq!([held(0.8), held(0.7)], [2, 1]);
    let derived = Options { remove: Remove::Derived, ..Options::default() };
    assert_eq!(stay(&report, &derived).len(), 1);
}

#[test]
fn what_goes_has_a_direct_verdict_and_no_chain() {
    // Each version replaces a quarter more; the ends have little in common.
    let version = |n: usize| {
        let (old, new) = (words(60 * n, 240 - 60 * n), words(1000, 60 * n));
        format!("{old} {new}")
    };
    let documents =
        (0..4).map(|n| document(&format!("v{n}"), "a.com", &format!("2026-05-1{n}"), &version(n)));
    let (_, report) = scanned(documents.collect());
    let plan = plan(&report, &Options::default());
    for removed in &plan.removed {
        let (a, b) = (removed.document.index(), removed.survivor.index());
        let ids = [&report.documents[a.min(b)].id, &report.documents[a.max(b)].id];
        assert!(report.pairs.iter().any(|pair| [&pair.a, &pair.b] == ids), "{removed:?}");
    }
    assert!(plan.kept().iter().filter(|kept| **kept).count() >= 2, "{plan:?}");
}

#[test]
fn a_digest_is_no_copy_of_its_stories() {
    let stories: Vec<String> = (0..4).map(|n| words(1000 * n, 150)).collect();
    let mut documents: Vec<Document> = stories
        .iter()
        .enumerate()
        .map(|(n, text)| document(&format!("story-{n}"), "a.com", "2026-05-11", text))
        .collect();
    documents.push(document("weekly", "b.com", "2026-05-17", &stories.join("\n\n")));
    let (_, report) = scanned(documents);
    assert_eq!(stay(&report, &Options::default()).len(), 5);
}

#[test]
fn short_texts_stay_unless_asked_for() {
    let (_, report) = scanned(vec![
        document("a", "a.com", "2026-05-11", "More follows."),
        document("b", "b.com", "2026-05-10", "MORE FOLLOWS"),
        document("c", "c.com", "2026-05-09", "..."),
        document("d", "d.com", "2026-05-08", "..."),
    ]);
    assert_eq!(stay(&report, &Options::default()), ["a", "b", "c", "d"]);
    let options = Options { removes_short: true, ..Options::default() };
    assert_eq!(stay(&report, &options), ["b", "c", "d"]);
}

fn stripped(documents: Vec<Document>, kinds: &[StripKind]) -> Vec<String> {
    let (corpus, report) = scanned(documents);
    let plan = plan(&report, &Options::default());
    let edited = strip(&report, &corpus, &plan, kinds);
    let mut texts: Vec<String> = corpus.documents().iter().map(|document| document.text.clone()).collect();
    for Edited { document, cuts } in &edited {
        for cut in cuts {
            // What is cut stands where the cut says, in what is left of it.
            let standing = &corpus.text(cut.stands_in)[cut.stands_at.start..cut.stands_at.end];
            let gone = &corpus.text(*document)[cut.span.start..cut.span.end];
            let once = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(once(gone), once(standing));
            let other = edited.iter().find(|edited| edited.document == cut.stands_in);
            let cuts_there = other.map(|edited| edited.cuts.as_slice()).unwrap_or_default();
            assert!(cuts_there.iter().all(|there| there.span.overlap(cut.stands_at) == 0), "{cuts_there:?}");
        }
        texts[document.index()] = apply(corpus.text(*document), cuts);
    }
    texts
}

#[test]
fn what_a_text_says_twice_stands_once() {
    let (body, other) = (words(0, 60), words(500, 60));
    let cases = [
        ("pasted twice", format!("{other}\n{body}\n{body}\n"), format!("{other}\n{body}\n")),
        ("other line ends", format!("{body}\n\n{}", body.replace(" w30 ", "\nw30 ")), body.clone()),
        ("three times", format!("{body}\n\n{body}\n\n{body}"), body.clone()),
        ("with an edit", format!("{body}\n{}", body.replace("w30 ", "x ")), String::new()),
        (
            "between",
            format!("{body}. {other}. {body}. {}.", words(900, 30)),
            format!("{body}. {other}. {}.", words(900, 30)),
        ),
        ("inside a sentence", format!("{body} {other} {body} {}", words(900, 30)), String::new()),
        (
            "a headline",
            format!("Ferry strike ends after nine days\nFerry strike ends after nine days\n{body}"),
            format!("Ferry strike ends after nine days\n{body}"),
        ),
        (
            "a headline with a label",
            format!("Ferry strike ends after nine days\nHEADLINE: Ferry strike ends after nine days\n{body}"),
            String::new(),
        ),
    ];
    for (name, text, expected) in cases {
        let found = stripped(vec![document("a", "a.com", "", &text)], &[StripKind::Repeats]);
        let expected = if expected.is_empty() { text } else { expected };
        assert_eq!(found, [expected], "{name}");
    }
}

#[test]
fn furniture_stays_in_the_first_document() {
    let furniture = "Subscribers of the Weir Gazette may write to the desk at any hour of the day or night, and \
        letters of more than two hundred words are returned unread to whoever sent them in the first place.";
    let texts: Vec<Document> = (0..5)
        .map(|n| {
            let text = format!("{}\n\n{furniture}\n", words(1000 * (n + 1), 120));
            document(&format!("d{n}"), "weir.com", &format!("2026-05-1{}", 5 - n), &text)
        })
        .collect();
    let whole: Vec<String> = texts.iter().map(|document| document.text.clone()).collect();
    assert_eq!(stripped(texts.clone(), &[StripKind::Repeats]), whole);
    let found = stripped(texts, &[StripKind::Boilerplate]);
    let has: Vec<bool> = found.iter().map(|text| text.contains("Subscribers")).collect();
    assert_eq!(has, [false, false, false, false, true], "{found:#?}");
    assert_eq!(found[0], format!("{}\n", words(1000, 120)));
}
