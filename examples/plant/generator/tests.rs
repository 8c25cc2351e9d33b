//! The generator as a whole, on a small corpus written here.

use std::collections::HashMap;
use std::path::Path;

use wirecopy::eval::{Kinds, Truth, TruthKind};

use super::*;

/// Originals of 12 paragraphs, unlike one another but for function words.
fn corpus(count: usize) -> Vec<Record> {
    let originals = (0..count).map(|number| {
        let mut rng = Rng::new(9, "corpus", number);
        let sentence = |rng: &mut Rng| {
            let words: Vec<String> =
                (0..12).map(|n| if n % 4 == 1 { "of the".into() } else { word(rng.below(3000)) }).collect();
            noise::capitalised(&words.join(" ")) + ". "
        };
        let paragraphs: Vec<String> = (0..12)
            .map(|_| (0..3).map(|_| sentence(&mut rng)).collect::<String>().trim().to_owned())
            .collect();
        Record {
            id: format!("{number}"),
            text: paragraphs.join("\n\n"),
            title: Some(format!("Title {number}")),
            source: Some("paper.example".into()),
            published: Some("26-FEB-1987 15:01:01.79".into()),
            url: None,
        }
    });
    let short = Record { id: "short".into(), text: "Too short.".into(), ..Record::default() };
    let mut corpus: Vec<Record> = originals.collect();
    let twin = Record { id: "twin".into(), ..corpus[0].clone() };
    corpus.extend([short, twin]);
    corpus
}

fn word(number: usize) -> String {
    let syllables = ["ka", "lo", "mi", "ner", "ta", "su", "bel", "dro", "fi", "gan"];
    let digits = [number % 10, number / 10 % 10, number / 100 % 10, number / 1000];
    digits.iter().map(|digit| syllables[*digit]).collect()
}

fn plan(seed: u64, copies: usize) -> Plan {
    Plan {
        seed,
        kinds: Kind::ALL.to_vec(),
        per_kind: 3,
        copies,
        sources: 6,
        min_tokens: 200,
        max_jaccard: 0.3,
        max_containment: 0.5,
    }
}

#[test]
fn what_a_text_quotes_is_not_embedded_as_its_own() {
    let mut corpus = corpus(120);
    for record in &mut corpus {
        let paragraphs: Vec<&str> = record.text.split("\n\n").collect();
        let written = paragraphs.iter().enumerate().map(|(n, paragraph)| {
            let words: Vec<&str> = paragraph.split(' ').collect();
            let mark = if n / 6 == 0 { "> " } else { "" };
            words.chunks(8).map(|line| format!("{mark}{}\n", line.join(" "))).collect::<String>()
        });
        record.text = written.collect::<Vec<_>>().join("\n");
    }
    let planted = generate(&corpus, &Plan { kinds: vec![Kind::Embed], per_kind: 20, ..plan(1, 1) }).unwrap();
    let originals: HashMap<&str, &str> = corpus.iter().map(|r| (r.id.as_str(), r.text.as_str())).collect();
    let spans = planted.labels.spans.iter().filter(|span| span.kind == Kind::Embed);
    let passages: Vec<&str> =
        spans.map(|span| &originals[span.doc1.as_str()][span.span1.start..span.span1.end]).collect();
    assert!(passages.len() >= 10, "{}", passages.len());
    for passage in passages {
        let quoted = passage.lines().filter(|line| line.starts_with('>')).count();
        assert!(2 * quoted <= passage.lines().count(), "{passage}");
    }
}

#[test]
fn no_passage_is_taken_of_what_is_mostly_quoted_or_said_twice() {
    let mut corpus = corpus(120);
    for (number, record) in corpus.iter_mut().enumerate() {
        record.text = match number % 3 {
            0 => record.text.replace("\n\n", "\n").lines().map(|line| format!("> {line}\n")).collect(),
            1 => format!("{0}\n\n{0}", record.text),
            _ => continue,
        };
    }
    let planted = generate(&corpus, &Plan { kinds: vec![Kind::Multi], per_kind: 8, ..plan(1, 1) }).unwrap();
    let spans: Vec<_> = planted.labels.spans.iter().filter(|span| span.kind == Kind::Multi).collect();
    assert!(spans.len() >= 10, "{}", spans.len());
    assert!(spans.iter().all(|span| span.doc1.parse::<usize>().unwrap() % 3 == 2));
}

#[test]
fn one_seed_gives_one_feed_and_another_seed_another() {
    let corpus = corpus(120);
    let bytes = |seed| {
        let planted = generate(&corpus, &plan(seed, 1)).unwrap();
        (serde_json::to_string(&planted.documents).unwrap(), planted.labels.files().unwrap())
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1).0, bytes(2).0);
}

#[test]
fn every_kind_is_planted_as_often_as_asked() {
    for copies in [1, 4] {
        let planted = generate(&corpus(120), &plan(1, copies)).unwrap();
        let counts = planted.labels.counts();
        assert_eq!(planted.per_kind, 3);
        for kind in Kind::ALL {
            let expected = if kind == Kind::Quotation { 6 } else { 3 };
            assert_eq!(counts[&kind], expected, "{kind}");
        }
    }
}

#[test]
fn labelled_spans_hold_the_same_words_at_both_ends() {
    let planted = generate(&corpus(120), &plan(5, 3)).unwrap();
    let texts: HashMap<&str, &str> =
        planted.documents.iter().map(|record| (record.id.as_str(), record.text.as_str())).collect();
    let mut seen = BTreeSet::new();
    for line in planted.labels.span_lines() {
        let one = &texts[line.doc1.as_str()][line.span1.start..line.span1.end];
        let two = &texts[line.doc2.as_str()][line.span2.start..line.span2.end];
        assert_eq!(one.trim(), one);
        assert_eq!(two.trim(), two);
        seen.insert(line.kind);
        match line.kind {
            Kind::Sub(_) | Kind::Ocr(_) => {
                let (one, two) = (words::words(one).len(), words::words(two).len());
                assert!(one.abs_diff(two) * 4 < one, "{one} {two}");
            }
            Kind::Case => assert_eq!(words::words(one).len(), words::words(two).len()),
            _ => assert_eq!(one, two, "{}", line.kind),
        }
    }
    let without_spans = BTreeSet::from([Kind::Template]);
    assert!(Kind::ALL.iter().all(|kind| seen.contains(kind) != without_spans.contains(kind)), "{seen:?}");
}

#[test]
fn label_files_are_read_by_the_library_and_name_documents_of_the_feed() {
    let planted = generate(&corpus(120), &plan(1, 2)).unwrap();
    let ids: HashSet<&str> = planted.documents.iter().map(|record| record.id.as_str()).collect();
    for (name, bytes) in planted.labels.files().unwrap() {
        let kind = match name.split(['.', '_']).next().unwrap() {
            "clusters" => TruthKind::Clusters,
            "pairs" => TruthKind::Pairs,
            "spans" => TruthKind::Spans,
            "direction" => TruthKind::Direction,
            _ => continue,
        };
        let text = String::from_utf8(bytes).unwrap();
        Truth::parse(&text, kind, Path::new(&name)).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert!(ids.contains(columns[0]), "{name}: {line}");
            let second = if kind == TruthKind::Spans { 3 } else { 1 };
            assert!(ids.contains(columns[second]), "{name}: {line}");
        }
    }
}

#[test]
fn every_pair_in_the_files_by_kind_has_its_kind() {
    let planted = generate(&corpus(120), &plan(1, 1)).unwrap();
    let files = planted.labels.files().unwrap();
    let text = |name: &str| std::str::from_utf8(&files[name]).unwrap();
    let kinds = Kinds::parse(text("kinds.tsv"), Path::new("kinds.tsv")).unwrap();
    let mut pairs = 0;
    for kind in Kind::ALL {
        for line in text(&format!("pairs_{kind}.tsv")).lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(kinds.of(columns[1], columns[0]), Some(kind.to_string().as_str()), "{line}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, text("kinds.tsv").lines().count() - 1);
}

#[test]
fn no_document_is_both_labelled_and_ignored() {
    let planted = generate(&corpus(120), &plan(1, 1)).unwrap();
    let files = planted.labels.files().unwrap();
    let ids = |name: &str| -> BTreeSet<String> {
        let text = String::from_utf8(files[name].clone()).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    let (clusters, ignored) = (ids("clusters.tsv"), ids("ignore.tsv"));
    assert!(clusters.is_disjoint(&ignored));
    let accounted = planted
        .documents
        .iter()
        .filter(|record| clusters.contains(&record.id) || ignored.contains(&record.id));
    assert_eq!(accounted.count(), planted.documents.len());
}

#[test]
fn copies_come_later_and_from_another_publisher() {
    let planted = generate(&corpus(120), &plan(1, 1)).unwrap();
    let by_id: HashMap<&str, &Record> =
        planted.documents.iter().map(|record| (record.id.as_str(), record)).collect();
    let time = |record: &Record| record.published.as_deref().map(|text| outlets::read_time(text).unwrap());
    for line in planted.labels.planted_lines() {
        let copy = by_id[line.id.as_str()];
        for origin in &line.origins {
            let origin = by_id[origin.as_str()];
            assert_ne!(copy.source, origin.source);
            if let (Some(copy), Some(origin)) = (time(copy), time(origin)) {
                assert!(copy.interval().1 > origin.interval().1);
            }
        }
    }
}

#[test]
fn alike_and_short_originals_and_donors_stay_out_of_the_labels() {
    let planted = generate(&corpus(120), &plan(1, 1)).unwrap();
    let files = planted.labels.files().unwrap();
    let clusters = String::from_utf8(files["clusters.tsv"].clone()).unwrap();
    for id in ["short", "twin", "0"] {
        assert!(!clusters.lines().any(|line| line.split('\t').next() == Some(id)), "{id}");
        assert!(planted.documents.iter().any(|record| record.id == id), "{id}");
    }
    let counts = planted.labels.ignored_counts();
    assert_eq!((counts["short"], counts["alike"]), (1, 2));
    let ignored = String::from_utf8(files["ignore.tsv"].clone()).unwrap();
    let donor = ignored.lines().find(|line| line.ends_with("\tdonor")).unwrap().split('\t').next().unwrap();
    assert!(!planted.documents.iter().any(|record| record.id == donor));
}

#[test]
fn fewer_originals_give_fewer_documents_and_too_few_an_error() {
    let planted = generate(&corpus(60), &plan(1, 1)).unwrap();
    assert!(planted.per_kind < 3 && planted.per_kind > 0);
    let error = generate(&corpus(5), &plan(1, 1)).unwrap_err();
    assert!(error.starts_with("4 originals of 200 tokens or more are unlike all others, but one"), "{error}");
}
