//! Whatever the order and the number of threads, the same bytes.

use std::fs;
use std::path::Path;

use wirecopy::document::{Corpus, Document};
use wirecopy::read::{ReadOptions, ReadOutcome, read_paths};
use wirecopy::report::Report;

use crate::support::words::Rng;
use crate::support::{feed, json, scan, with_threads};

/// One; as many as most machines have; more than some have, and odd.
const THREADS: [usize; 3] = [1, 2, 5];

/// Orders tried beside that of the input.
const SHUFFLES: u64 = 5;

/// The report on documents read in some order, as its users get it.
fn report_on(documents: Vec<Document>) -> String {
    json(&scan(&Corpus::try_new(documents).unwrap()))
}

/// The report on what `paths` hold.
fn report_of(paths: &[String]) -> (Report, String) {
    let ReadOutcome { documents, skipped, .. } = read_paths(paths, &ReadOptions::default(), &()).unwrap();
    let report = scan(&Corpus::try_new(documents).unwrap().with_skipped(skipped));
    let json = json(&report);
    (report, json)
}

/// A feed with all that the report knows: copies, cuts, edits, identical
/// documents, bodies that stand twice, ids that collide, texts without
/// tokens, and more than 100 documents with one passage.
fn generated(seed: u64) -> Vec<Document> {
    let mut rng = Rng::new(seed);
    let shared = rng.words(60, 5000);
    let originals: Vec<String> = (0..120).map(|_| rng.words(120, 5000)).collect();
    let document = |number: usize, text: String, rng: &mut Rng| Document {
        id: format!("d{number}"),
        text,
        source: Some(format!("outlet{}.example", rng.below(7))),
        published: wirecopy::time::Published::parse(&format!("2026-05-1{}T10:00:00Z", rng.below(9))),
        ..Document::default()
    };
    let mut documents = Vec::new();
    for (number, original) in originals.iter().enumerate() {
        let cut = original.split(' ').take(80).collect::<Vec<_>>().join(" ");
        let texts = [
            original.clone(),
            format!("{} {original}", rng.words(30, 5000)),
            cut,
            original.to_uppercase(),
            format!("{original}\n{original}"),
            format!("{original} {shared}"),
        ];
        for (kind, text) in texts.into_iter().enumerate().filter(|(kind, _)| number % 6 >= *kind) {
            // Every ninth id is one that another document has.
            let id = if number % 9 == 0 { 0 } else { number * 10 + kind };
            documents.push(document(id, text, &mut rng));
        }
    }
    documents.extend(
        (0..130).map(|n| document(5000 + n, format!("{} {shared}", rng.words(40, 90_000)), &mut rng)),
    );
    documents
        .extend(["", "...", "one", "one two", "One, two"].map(|text| document(9000, text.into(), &mut rng)));
    documents
}

#[test]
fn shuffled_documents_and_any_number_of_threads_give_the_same_report() {
    let feeds = [("the sample feed", feed::documents()), ("a generated feed", generated(1))];
    for (name, documents) in feeds {
        let expected = with_threads(1, || report_on(documents.clone()));
        for seed in 0..SHUFFLES {
            for threads in THREADS {
                let mut documents = documents.clone();
                Rng::new(seed).shuffle(&mut documents);
                let found = with_threads(threads, || report_on(documents));
                assert!(found == expected, "{name} differs in order {seed} on {threads} threads");
            }
        }
    }
}

#[test]
fn the_generated_feed_has_all_that_a_report_knows() {
    let report = scan(&Corpus::try_new(generated(1)).unwrap());
    let counts = [
        ("repeats", report.repeats.len()),
        ("exact groups", report.exact_groups.len()),
        ("pairs", report.pairs.len()),
        ("clusters", report.clusters.len()),
        ("skipped", report.skipped.len()),
        ("renamed", report.documents.iter().filter(|document| document.original_id.is_some()).count()),
        ("too short", report.documents.iter().filter(|document| document.too_short).count()),
        ("copying sources", report.sources.iter().filter(|source| !source.copied_from.is_empty()).count()),
    ];
    for (what, count) in counts {
        assert!(count > 0, "the report has no {what}, so their order is not tested");
    }
}

/// Writes `lines` as a file that two threads read in several chunks.
fn write(folder: &Path, name: &str, lines: &[String]) -> String {
    let path = folder.join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn shuffled_lines_and_files_in_another_order_give_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    let line = |document: &Document| {
        let Document { id, text, source, .. } = document;
        serde_json::json!({"id": id, "text": text, "source": source}).to_string()
    };
    // The report says on which line a text without tokens stands.
    let has_tokens = |document: &&Document| document.text.contains(char::is_alphanumeric);
    let mut lines: Vec<String> = generated(2).iter().filter(has_tokens).map(line).collect();
    // More than one chunk of the reader, and nothing that it could share.
    let mut rng = Rng::new(3);
    lines.extend((0..300).map(|n| format!(r#"{{"id":"x{n}","text":"{}"}}"#, rng.words(300, 90_000))));
    let (first, second) = lines.split_at(lines.len() / 3);
    let paths = [write(folder.path(), "a.jsonl", first), write(folder.path(), "b.jsonl", second)];
    let expected = with_threads(1, || report_of(&paths)).1;
    for seed in 0..SHUFFLES {
        let (mut first, mut second) = (first.to_vec(), second.to_vec());
        let mut rng = Rng::new(seed);
        rng.shuffle(&mut first);
        rng.shuffle(&mut second);
        let mut paths = [write(folder.path(), "a.jsonl", &first), write(folder.path(), "b.jsonl", &second)];
        rng.shuffle(&mut paths);
        for threads in THREADS {
            let (report, found) = with_threads(threads, || report_of(&paths));
            assert_eq!(report.skipped, []);
            assert!(found == expected, "order {seed} on {threads} threads");
        }
    }
}

/// Whatever tells two documents of one id apart, the same one keeps it.
#[test]
fn documents_of_one_id_are_told_apart_by_all_that_they_have() {
    let published = |text| wirecopy::time::Published::parse(text);
    let plain = Document { id: "a".into(), text: "one two".into(), ..Document::default() };
    let others = [
        ("text", Document { text: "one three".into(), ..plain.clone() }),
        ("path", Document { path: "feed.jsonl".into(), ..plain.clone() }),
        ("source", Document { source: Some("outlet.example".into()), ..plain.clone() }),
        ("title", Document { title: Some("Title".into()), ..plain.clone() }),
        ("url", Document { url: Some("https://outlet.example/".into()), ..plain.clone() }),
        ("published", Document { published: published("2026-05-11T10:00:00Z"), ..plain.clone() }),
        ("language", Document { language: Some("en".into()), ..plain.clone() }),
    ];
    for (what, other) in others {
        let pair = [plain.clone(), other];
        let [first, second] =
            [[0, 1], [1, 0]].map(|order| report_on(order.map(|n| pair[n].clone()).to_vec()));
        assert!(first == second, "two documents that differ in their {what} alone");
    }
}

#[test]
fn files_of_the_sample_feed_in_any_order_give_the_same_report() {
    let [first, second] = ["2026-05-11", "2026-05-12"].map(|day| format!("{}/{day}.jsonl", feed::FOLDER));
    let expected = report_of(&[feed::FOLDER.to_owned()]).1;
    assert_eq!(report_of(&[first.clone(), second.clone()]).1, expected);
    assert_eq!(report_of(&[second.clone(), first.clone()]).1, expected);
    assert_eq!(report_of(&[second.clone(), first, second]).1, expected, "a file named twice is read once");
}
