//! Input that a scraper may meet and nobody wants: huge, endless, identical a
//! hundred thousand times, hostile.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use support::words::{self, Rng};
use support::{corpus, scan};
use wirecopy::document::{Corpus, Document, Span};
use wirecopy::read::{ReadOptions, ReadOutcome, read_paths, read_stream};
use wirecopy::render::{Limits, Render, TerminalRender};
use wirecopy::report::{Report, Verdict};

/// Far above what the tests take on a slow machine, far below what anything
/// quadratic would.
const PATIENCE: Duration = Duration::from_secs(300);

fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let taken = start.elapsed();
    println!("{what}: {taken:.1?}");
    assert!(taken < PATIENCE, "{what} took {taken:?}");
    done
}

fn terminal(report: &Report, corpus: &Corpus) -> String {
    let mut out = Vec::new();
    let render = TerminalRender { width: 100, color: false, limits: Limits::default() };
    render.render(report, corpus, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_document_of_200_megabytes_is_read_and_its_one_repeat_found() {
    const BYTES: usize = 200 << 20;
    let mut rng = Rng::new(7);
    let passage = words::range(0..100);
    let mut text = String::with_capacity(BYTES + (1 << 20));
    text.push_str(&rng.words(1000, 60_000));
    let first = text.len() + 1;
    write!(text, "\n{passage}\n").unwrap();
    let mut tokens = 1000 + 100;
    while text.len() < BYTES {
        text.push_str(&rng.words(10_000, 60_000));
        text.push('\n');
        tokens += 10_000;
    }
    let second = text.len();
    text.push_str(&passage);
    tokens += 100;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.txt");
    std::fs::write(&path, &text).unwrap();
    drop(text);

    let small = Document {
        id: "small".into(),
        text: format!("{} {passage} {}", words::range(5000..5040), words::range(6000..6040)),
        ..Document::default()
    };
    let (corpus, report) = in_time("200 MB in one document", || {
        let paths = [path.to_str().unwrap().to_owned()];
        let ReadOutcome { mut documents, skipped, .. } =
            read_paths(&paths, &ReadOptions::default(), &()).unwrap();
        assert_eq!((documents.len(), skipped.len()), (1, 0));
        documents[0].id = "huge".into();
        documents.push(small);
        let corpus = Corpus::try_new(documents).unwrap();
        let report = scan(&corpus);
        (corpus, report)
    });
    let huge = &report.documents[0];
    assert_eq!((huge.id.as_str(), huge.bytes >= BYTES, huge.tokens), ("huge", true, tokens));
    let spans = [first, second].map(|start| Span::new(start, start + passage.len()));
    assert_eq!(report.repeats.len(), 1, "{:?}", report.repeats);
    assert_eq!(report.repeats[0].spans, spans);
    assert_eq!(report.pairs.len(), 1);
    let pair = &report.pairs[0];
    assert_eq!((pair.verdict, pair.passages.len()), (Verdict::Derived, 2), "it is in the huge one twice");
    for (found, span) in pair.passages.iter().zip(spans) {
        assert_eq!(found.a, span);
        assert_eq!(corpus.text(corpus.find("small").unwrap())[found.b.start..found.b.end], passage);
    }
}

#[test]
fn a_hundred_thousand_identical_documents_are_one_group_and_one_cluster() {
    const COPIES: usize = 100_000;
    let text = Rng::new(1).words(150, 5000);
    let documents = (0..COPIES).map(|n| Document {
        id: format!("d{n:06}"),
        text: text.clone(),
        source: Some(format!("outlet{}.example", n % 500)),
        ..Document::default()
    });
    let corpus = Corpus::try_new(documents.collect()).unwrap();
    let report = in_time("100,000 identical documents", || scan(&corpus));
    assert_eq!(report.pairs, []);
    assert_eq!((report.exact_groups.len(), report.clusters.len()), (1, 1));
    assert_eq!(report.exact_groups[0].documents.len(), COPIES);
    assert_eq!(report.clusters[0].members.len(), COPIES);
    let text = in_time("as text", || terminal(&report, &corpus));
    assert!(text.len() < 1 << 20, "{} bytes of text for people", text.len());
}

#[test]
fn ten_thousand_near_copies_are_one_cluster_in_linear_time() {
    const COPIES: usize = 10_000;
    let text = Rng::new(2).words(150, 5000);
    let corpus = corpus((0..COPIES).map(|n| (format!("d{n:06}"), format!("{text} number{n}"))));
    let report = in_time("10,000 near copies", || scan(&corpus));
    assert_eq!(report.clusters.len(), 1);
    let cluster = &report.clusters[0];
    assert_eq!((cluster.members.len(), cluster.pairs_complete), (COPIES, false));
    assert!(report.pairs.len() < 10 * COPIES, "{} pairs", report.pairs.len());
    let mut paired = vec![false; COPIES];
    for id in report.pairs.iter().flat_map(|pair| [&pair.a, &pair.b]) {
        paired[id[1..].parse::<usize>().unwrap()] = true;
    }
    assert!(paired.iter().all(|paired| *paired), "each member has a verified pair");
}

#[test]
fn one_phrase_a_million_times_is_a_repeat_and_no_trap() {
    let line = "the quick brown fox jumps over the lazy dog\n";
    let text = line.repeat(1_000_000);
    let short = line.repeat(100);
    let corpus = corpus([("endless", text.as_str()), ("short", &short)]);
    let report = in_time("a million lines of one phrase", || scan(&corpus));
    let endless = &report.documents[0];
    assert_eq!((endless.tokens, endless.bytes), (9_000_000, text.len()));
    assert!(endless.repeated_share > 0.9, "{}", endless.repeated_share);
    assert!(report.repeats.iter().any(|repeat| repeat.document == "endless"));
    // Every shingle of one is in the other.
    assert_eq!(report.pairs.len(), 1);
    assert!((report.pairs[0].jaccard - 1.0).abs() < f64::EPSILON);
    assert_eq!(report.pairs[0].verdict, Verdict::NearDuplicate);
    for repeat in &report.repeats {
        let text = corpus.text(corpus.find(&repeat.document).unwrap());
        assert!(repeat.spans.iter().all(|span| text.get(span.start..span.end).is_some()));
    }
    let text = terminal(&report, &corpus);
    assert!(text.len() < 1 << 20, "{} bytes of text for people", text.len());
}

#[test]
fn a_word_of_a_megabyte_is_one_token() {
    let word = "x".repeat(1 << 20);
    let umlauts = "ü".repeat(1 << 19);
    let marks = format!("e{}", "\u{301}".repeat(1 << 19));
    let around = words::range(0..40);
    let ids = ["marks", "umlauts", "word"];
    let texts = [&marks, &umlauts, &word].map(|long| format!("{around} {long} {around}"));
    let corpus = corpus(ids.into_iter().zip(texts));
    let report = in_time("words of a megabyte", || scan(&corpus));
    let tokens: Vec<usize> = report.documents.iter().map(|document| document.tokens).collect();
    assert_eq!(tokens, [81; 3]);
    assert_eq!(report.repeats.len(), 3, "the words around stand twice in each");
    assert_eq!(report.clusters.len(), 1);
    let text = terminal(&report, &corpus);
    assert!(text.len() < 1 << 16, "{} bytes of text for people", text.len());
}

/// What takes over a terminal: escape sequences of both forms, bell, line
/// ends, direction marks, and what cannot be seen.
const ATTACK: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\r\n\u{9b}31m\u{202e}\u{2066}\u{200b}\u{85}\u{2028}\0\u{7f}";

fn is_harmless(c: char) -> bool {
    c == '\n' || !(c.is_control() || "\u{202e}\u{2066}\u{200b}\u{2028}".contains(c))
}

#[test]
fn hostile_ids_titles_and_texts_do_not_reach_the_terminal() {
    let body = Rng::new(4).words(60, 500).replace(' ', &format!(" {ATTACK} "));
    let record = |id: &str, extra: &str| {
        serde_json::json!({
            "id": format!("{id}{ATTACK}"), "title": format!("title{ATTACK}"), "source": format!("source{ATTACK}"),
            "url": format!("https://{ATTACK}.example/"), "published": format!("2026{ATTACK}"),
            "language": ATTACK, "text": format!("(Source: www.{ATTACK}.com)\n{body}\n{body} {extra}"),
        })
    };
    let lines = format!("{}\n{}\n{{broken{ATTACK}\n", record("a", ""), record("b", "more"));
    let outcome = read_stream("feed.jsonl", lines.as_bytes(), &ReadOptions::default(), &()).unwrap();
    let corpus = Corpus::try_new(outcome.documents).unwrap().with_skipped(outcome.skipped);
    let report = scan(&corpus);
    assert_eq!((report.documents.len(), report.pairs.len(), report.clusters.len()), (2, 1, 1));
    assert!(report.documents[0].id.contains(ATTACK), "data is data: the report keeps what came");
    let text = terminal(&report, &corpus);
    let bad: Vec<char> = text.chars().filter(|c| !is_harmless(*c)).collect();
    assert!(bad.is_empty(), "{bad:?}");
}

#[test]
fn zero_bytes_are_text_in_records_and_no_text_in_files() {
    let words = words::range(0..30);
    let lines =
        format!("{{\"id\":\"a\",\"text\":\"{words}\\u0000\"}}\n{{\"id\":\"b\",\"text\":\"{words}\"}}\n");
    let outcome = read_stream("feed.jsonl", lines.as_bytes(), &ReadOptions::default(), &()).unwrap();
    assert!(outcome.documents[0].text.ends_with('\0'));
    let report = scan(&Corpus::try_new(outcome.documents).unwrap());
    assert_eq!(report.exact_groups.len(), 1, "a zero separates, like all that is no letter or digit");

    let file = format!("{words}\0\0\0{words}");
    let outcome = read_stream("dump.bin", file.as_bytes(), &ReadOptions::default(), &()).unwrap();
    assert_eq!(outcome.documents, []);
    assert!(outcome.skipped[0].reason.starts_with("binary"), "{:?}", outcome.skipped);
}

#[test]
fn half_a_surrogate_is_replaced_and_costs_no_record() {
    let lines = "{\"id\":\"a\",\"text\":\"one \\ud83d\\ude00 two\"}\n\
                 {\"id\":\"b\",\"text\":\"one \\ud83d two\"}\n\
                 {\"id\":\"c\",\"text\":\"one two\"}\n";
    let outcome = read_stream("feed.jsonl", lines.as_bytes(), &ReadOptions::default(), &()).unwrap();
    let ids: Vec<&str> = outcome.documents.iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let texts = outcome.documents[..2].iter().map(|document| document.text.as_str());
    assert_eq!(texts.collect::<Vec<_>>(), ["one 😀 two", "one \u{fffd} two"]);
    assert_eq!(outcome.skipped, []);
}

#[test]
fn depth_costs_no_stack() {
    const DEPTH: usize = 200_000;
    let (arrays, objects) = ("[".repeat(DEPTH), "{\"a\":".repeat(DEPTH));
    let (ends, braces) = ("]".repeat(DEPTH), "}".repeat(DEPTH));
    let lines = format!(
        "{{\"id\":\"a\",\"x\":{arrays}{ends},\"text\":\"one\"}}\n\
         {{\"id\":\"b\",\"x\":{objects}1{braces},\"text\":\"two\"}}\n\
         {{\"id\":\"c\",\"text\":{arrays}{ends}}}\n\
         {arrays}\n\
         {{\"id\":\"e\",\"text\":\"five\"}}\n"
    );
    let outcome = read_stream("feed.jsonl", lines.as_bytes(), &ReadOptions::default(), &()).unwrap();
    let ids: Vec<&str> = outcome.documents.iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "e"]);
    let lines: Vec<Option<u64>> = outcome.skipped.iter().map(|skipped| skipped.line).collect();
    assert_eq!(lines, [Some(3), Some(4)]);
}
