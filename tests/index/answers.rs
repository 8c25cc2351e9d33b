//! What is said of a document when it comes.

use wirecopy::document::Document;
use wirecopy::index::{Answer, Index, MatchVerdict, Settings, Status, Writer};
use wirecopy::read::{ReadOptions, read_paths};
use wirecopy::report::Verdict;
use wirecopy::time::Published;

use crate::support::words::range;
use crate::{NOW, document, feed, writer};

fn at(hour: u32, source: &str, document: Document) -> Document {
    let published = Published::parse(&format!("2026-05-11T{hour:02}:00:00Z"));
    Document { published, source: Some(source.into()), ..document }
}

#[test]
fn each_kind_of_likeness_is_told_with_spans() {
    let story = range(0..200);
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    writer.add(&[at(9, "a.example", document("story", &story))], NOW).unwrap();
    let index = Index::open(folder.path()).unwrap();
    let cases = [
        ("exact", story.to_uppercase(), Status::Exact),
        ("near", format!("{} {story}", range(900..912)), Status::NearDuplicate),
        ("cut", range(0..80), Status::ContainedIn),
        ("round-up", format!("{} {story} {}", range(1000..1300), range(2000..2200)), Status::Contains),
        ("version", format!("{} {}", range(0..90), range(600..750)), Status::Derived),
        ("passage", format!("{} {}", range(0..40), range(3000..3300)), Status::SharesPassage),
        ("news", range(5000..5200), Status::New),
        ("short", "w1 w2".into(), Status::TooShort),
        ("empty", "…".into(), Status::NoTokens),
        ("story", story.clone(), Status::Known),
    ];
    for (id, text, status) in cases {
        let asked = at(12, "b.example", document(id, &text));
        let answers = index.query(std::slice::from_ref(&asked)).unwrap();
        let [answer] = answers.as_slice() else { panic!("one answer") };
        assert_eq!((answer.id.as_str(), answer.status), (id, status), "{answer:?}");
        let is_like = (Status::Exact..=Status::SharesPassage).contains(&status);
        assert_eq!(answer.matches.len(), usize::from(is_like), "{id}");
        let Some(found) = answer.matches.first() else { continue };
        assert_eq!((found.id.as_str(), found.number), ("story", 1));
        for passage in &found.passages {
            let (own, other) = (passage.span, passage.span_of_match);
            assert_eq!(text[own.start..own.end], story[other.start..other.end], "{id}");
        }
        if status != Status::SharesPassage && status != Status::Derived {
            let origin = answer.origin.as_ref().unwrap();
            assert_eq!((origin.id.as_deref(), origin.number), (Some("story"), Some(1)), "{id}");
        }
    }
    assert_eq!(index.len(), 1);
}

/// What is known after the last document has come is what a scan finds, but for
/// what only all documents together tell.
#[test]
fn copies_are_found_as_a_scan_finds_them_whatever_the_batches() {
    let outcome = read_paths(&["data/feed".into()], &ReadOptions::default(), &()).unwrap();
    for size in [1, 7, 100] {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path());
        let answers: Vec<Answer> =
            outcome.documents.chunks(size).flat_map(|batch| writer.add(batch, NOW).unwrap()).collect();
        let index = Index::open(folder.path()).unwrap();
        let report = wirecopy::pipeline::scan(&index.corpus().unwrap(), index.params(), &()).unwrap();
        for pair in report.pairs.iter().filter(|pair| pair.verdict.is_uniting()) {
            let is_told = |one: &str, other: &str| {
                let answer = answers.iter().find(|answer| answer.id == one).unwrap();
                answer.matches.iter().any(|found| found.id == other)
            };
            // Of documents with the same tokens the first added stands for all.
            let is_exact = |id: &str| report.exact_groups.iter().any(|g| g.documents.iter().any(|d| d == id));
            let is_told = is_told(&pair.a, &pair.b) || is_told(&pair.b, &pair.a);
            assert!(is_told || is_exact(&pair.a) || is_exact(&pair.b), "{} {} at {size}", pair.a, pair.b);
        }
    }
}

#[test]
fn documents_of_one_batch_are_told_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let story = range(0..100);
    let batch = [document("a", &story), document("b", &format!("{story} more")), document("c", &story)];
    let answers = writer.add(&batch, NOW).unwrap();
    let told: Vec<(Status, Vec<&str>)> = answers
        .iter()
        .map(|answer| (answer.status, answer.matches.iter().map(|found| found.id.as_str()).collect()))
        .collect();
    let expected = [(Status::New, vec![]), (Status::NearDuplicate, vec!["a"]), (Status::Exact, vec!["a"])];
    assert_eq!(told, expected);
}

#[test]
fn without_texts_they_are_read_again_or_only_estimated() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("feed.jsonl");
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "text": text}).to_string() + "\n";
    let story = range(0..100);
    std::fs::write(&file, line("x", &range(900..999)) + &line("story", &story)).unwrap();
    let path = file.to_string_lossy().into_owned();
    let documents = read_paths(&[path], &ReadOptions::default(), &()).unwrap().documents;
    let settings = Settings { keeps_texts: Some(false), ..Settings::default() };
    let folder = place.path().join("index");
    Writer::open(&folder, &settings).unwrap().add(&documents, NOW).unwrap();

    let ask = || {
        let answers =
            Index::open(&folder).unwrap().query(&[document("y", &format!("{story} more"))]).unwrap();
        answers.into_iter().next().unwrap()
    };
    let answer = ask();
    assert_eq!((answer.status, answer.matches[0].passages.len()), (Status::NearDuplicate, 1));
    assert_eq!(Index::open(&folder).unwrap().corpus().unwrap().documents(), {
        let mut documents = documents;
        documents.sort_by(|a, b| a.id.cmp(&b.id));
        documents
    });

    std::fs::write(&file, line("x", &range(900..999)) + &line("story", "another text")).unwrap();
    let answer = ask();
    assert_eq!(answer.status, Status::Estimated);
    let found = &answer.matches[0];
    assert!(matches!(found.verdict, MatchVerdict::Estimated(_)) && found.passages.is_empty());
    assert_eq!((found.jaccard, answer.origin), (None, None));
    assert!(found.estimated_jaccard.unwrap() > 0.8);
    let corpus = Index::open(&folder).unwrap().corpus().unwrap();
    assert_eq!((corpus.len(), corpus.skipped()[0].document.as_deref()), (1, Some("story")));
}

#[test]
fn what_thousands_carry_costs_each_newcomer_a_few_comparisons() {
    let furniture = range(0..40);
    let text = |n: usize| {
        format!("{} {furniture} {}", range(n * 200 + 100..n * 200 + 160), range(n * 200 + 160..n * 200 + 220))
    };
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let documents: Vec<Document> = (0..1500).map(|n| document(&format!("d{n}"), &text(n))).collect();
    for batch in documents.chunks(500) {
        writer.add(batch, NOW).unwrap();
    }
    let answers = Index::open(folder.path()).unwrap().query(&[document("q", &text(9000))]).unwrap();
    let matches = &answers[0].matches;
    assert!((1..40).contains(&matches.len()), "{}", matches.len());
    assert!(matches.iter().all(|found| found.verdict == MatchVerdict::Compared(Verdict::SharesPassage)
        || matches!(found.verdict, MatchVerdict::Compared(Verdict::Boilerplate))));
}

#[test]
fn two_writers_are_kept_apart_and_readers_see_whole_batches() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = writer(folder.path());
    let error = Writer::open(folder.path(), &Settings::default()).unwrap_err().to_string();
    assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
    assert!(error.ends_with("another wirecopy writes to this index; try again when it is done"));
    let documents = feed(5, 40);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut most = 0;
            while most < documents.len() {
                let index = Index::open(folder.path()).unwrap();
                assert!(index.len().is_multiple_of(8) || index.len() == documents.len(), "{}", index.len());
                assert!(index.len() >= most);
                most = index.len();
                assert_eq!(index.corpus().unwrap().len(), most);
            }
        });
        for batch in documents.chunks(8) {
            one.add(batch, NOW).unwrap();
        }
        reading.join().unwrap();
    });
    drop(one);
    writer(folder.path());
}
