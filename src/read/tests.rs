//! Whole inputs: what becomes of them, and what is said of them.

use std::fs;
use std::io::{self, Read};
use std::sync::atomic::AtomicBool;

use super::input::Input;
use super::open::read_input;
use super::*;
use crate::document::{Document, SpanBase};

/// Reads `bytes` as the file `name`, from a stream and from disk; both must
/// give the same.
fn read_as(name: &str, bytes: &[u8], options: &ReadOptions) -> ReadOutcome {
    let streamed = read_stream(name, bytes, options, &()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    let input = Input {
        path: name.to_owned(),
        file: Some(file),
        size: Some(bytes.len() as u64),
        is_typed: true,
        is_against: false,
    };
    let tree = options.fields.tree();
    let mut batch =
        read_input(&input, &options.context(&tree, &(), &AtomicBool::new(false)), None).unwrap().0;
    let mut outcome =
        ReadOutcome { documents: std::mem::take(&mut batch.documents), ..ReadOutcome::default() };
    outcome.add(batch);
    outcome.skipped.sort();
    let said = |outcome: &ReadOutcome| outcome.skipped.len();
    assert_eq!((&outcome.documents, said(&outcome)), (&streamed.documents, said(&streamed)), "{name}");
    outcome
}

fn read(name: &str, bytes: &[u8]) -> ReadOutcome {
    read_as(name, bytes, &ReadOptions::default())
}

fn lines_and_reasons(outcome: &ReadOutcome) -> Vec<(u64, &str)> {
    outcome.skipped.iter().map(|s| (s.line.unwrap_or(0), s.reason.as_str())).collect()
}

#[test]
fn a_plain_file_is_one_document_called_by_its_path() {
    for text in ["", "word", "?!…", "Zürich\r\n", "{\"not\": \"closed\""] {
        let outcome = read("a b.txt", text.as_bytes());
        let expected = Document {
            id: "a b.txt".into(),
            path: "a b.txt".into(),
            span_base: SpanBase::Raw,
            text: text.into(),
            ..Document::default()
        };
        assert_eq!(outcome.documents, [expected]);
        assert_eq!(outcome.bytes, text.len() as u64);
        assert!(outcome.skipped.is_empty() && outcome.notes.is_empty());
    }
}

#[test]
fn a_broken_line_among_good_ones_is_named_and_costs_only_itself() {
    let feed = b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"one\"}\r\n\r\n{\"text\":\"two\"\n{\"text\":\"\xff\"}\n\
                 {\"title\":\"no text\"}\n{\"text\":[1]}\n{\"text\":\"\\ud800\"}\n{\"text\":\"three\"}";
    let outcome = read("feed.txt", feed);
    let found: Vec<_> =
        outcome.documents.iter().map(|d| (d.id.as_str(), d.line, d.text.as_str(), d.span_base)).collect();
    let base = SpanBase::Decoded;
    let expected = [
        ("a", Some(1), "one", base),
        ("feed.txt#3", Some(4), "ÿ", base),
        ("feed.txt#6", Some(7), "\u{fffd}", base),
        ("feed.txt#7", Some(8), "three", base),
    ];
    assert_eq!(found, expected);
    let expected = [
        (3, "broken JSON at column 13: EOF"),
        (5, "no text: the record has none of the fields text, body, content"),
        (6, "the text is an array"),
    ];
    let said = lines_and_reasons(&outcome);
    assert_eq!(said.len(), expected.len());
    for ((line, reason), (expected_line, start)) in said.iter().zip(expected) {
        assert!(*line == expected_line && reason.starts_with(start), "{line}: {reason}");
    }
    let mut notes: Vec<_> = outcome.notes.iter().map(|note| (note.line, note.text.as_str())).collect();
    notes.sort();
    let expected = [
        (Some(4), "not UTF-8, and read in the encoding that it looks like (records: 1)"),
        (Some(7), "malformed sequences replaced by U+FFFD (records: 1)"),
    ];
    assert_eq!(notes, expected);
    assert_eq!((outcome.bad_records, outcome.bytes), (3, feed.len() as u64));
}

#[test]
fn ids_count_records_and_a_single_one_is_the_path() {
    let ids = |text: &str| -> Vec<String> {
        read("f.jsonl", text.as_bytes()).documents.into_iter().map(|d| d.id).collect()
    };
    assert_eq!(ids("\n{\"text\":\"a\"}\n\n"), ["f.jsonl"]);
    assert_eq!(
        ids("{\"text\":\"a\"}\n\n{\"text\":\"b\",\"id\":5}\n{\"text\":\"c\"}"),
        ["f.jsonl#1", "5", "f.jsonl#3"]
    );
    assert_eq!(ids("broken\n{\"text\":\"a\"}"), ["f.jsonl#2"]);
    assert!(ids("").is_empty());
}

#[test]
fn records_are_in_order_over_many_blocks_and_chunks() {
    let count = 60_000;
    let mut feed = String::new();
    for n in 0..count {
        let text = "word ".repeat(n % 90);
        if n % 1000 == 7 {
            feed.push_str("{broken\n");
        } else {
            feed.push_str(&format!("{{\"n\":{n},\"text\":\"{n} {text}\",\"date\":\"soon\"}}\n"));
        }
    }
    assert!(feed.len() > 12 << 20, "{}", feed.len());
    let outcome = read("feed.jsonl", feed.as_bytes());
    assert_eq!(outcome.documents.len() + outcome.skipped.len(), count);
    for document in &outcome.documents {
        let line = document.line.unwrap();
        assert!(document.text.starts_with(&format!("{} ", line - 1)), "{line}");
        assert_eq!(document.id, format!("feed.jsonl#{line}"));
    }
    let bad: Vec<u64> = lines_and_reasons(&outcome).iter().map(|(line, _)| *line).collect();
    assert_eq!(bad, (0..60).map(|n| n * 1000 + 8).collect::<Vec<_>>());
    assert_eq!(outcome.unread_dates, 59_940);
    let note = "publication dates not understood: 59940, the first is \"soon\"; RFC 3339 always is";
    assert_eq!((outcome.notes[0].line, outcome.notes[0].text.as_str()), (Some(1), note));

    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(outcome == one_thread.install(|| read("feed.jsonl", feed.as_bytes())));
}

#[test]
fn encodings_reach_the_document() {
    let utf16 = |text: &str, mark: &[u8]| {
        [mark.to_vec(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat()
    };
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("a.txt", b"\xef\xbb\xbfZ\xc3\xbcrich".to_vec(), "Zürich"),
        ("a.txt", utf16("Zürich 東京", b"\xfe\xff"), "Zürich 東京"),
        ("a.txt", b"Le caf\xe9 est ferm\xe9, d\xe9j\xe0.".to_vec(), "Le café est fermé, déjà."),
        ("a.txt", encoding_rs::SHIFT_JIS.encode("東京で発表された。").0.into_owned(), "東京で発表された。"),
        ("a.jsonl", utf16("{\"text\":\"Zürich\"}\n", b"\xfe\xff"), "Zürich"),
        ("a", utf16("{\"text\":\"Zurich\"}\n", b""), "Zurich"),
    ];
    for (name, bytes, expected) in cases {
        let outcome = read(name, &bytes);
        let found: Vec<_> = outcome.documents.iter().map(|d| (d.text.as_str(), d.span_base)).collect();
        assert_eq!(found, [(expected, SpanBase::Decoded)], "{:?}", outcome.skipped);
        assert_eq!(outcome.bytes, bytes.len() as u64);
    }
}

#[test]
fn replaced_characters_are_counted_and_said() {
    let outcome =
        read("a.txt", b"Z\xc3\xbcrich, K\xc3\xb6ln, M\xc3\xbcnchen, L\xc3\xbcbeck \xff gr\xc3\xbc\xc3");
    assert_eq!(outcome.documents[0].text, "Zürich, Köln, München, Lübeck \u{fffd} grü\u{fffd}");
    assert_eq!(outcome.notes[0].text, "malformed UTF-8 sequences replaced by U+FFFD: 2");
}

#[test]
fn what_is_too_large_is_skipped_with_the_limit() {
    let options = ReadOptions { max_document_bytes: 40, ..ReadOptions::default() };
    let long = "x".repeat(50);
    let outcome = read_as("a.txt", long.as_bytes(), &options);
    assert!(outcome.documents.is_empty());
    assert_eq!(
        outcome.skipped[0].reason,
        "50 bytes where a document may have 40 bytes; raise the limit or split it"
    );
    let feed = format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"b\"}}");
    let outcome = read_as("a.jsonl", feed.as_bytes(), &options);
    assert_eq!(
        outcome.documents.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(),
        ["a.jsonl#1", "a.jsonl#3"]
    );
    assert!(matches!(lines_and_reasons(&outcome)[..], [(2, reason)] if reason.starts_with("61 bytes where")));
    // Another encoding can be shorter than the text it becomes.
    let wide: Vec<u8> =
        [b"\xff\xfe".to_vec(), "東".repeat(15).encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    assert!(read_as("a.txt", &wide, &options).documents.is_empty());

    for limit in [0, MAX_DOCUMENT_BYTES + 1] {
        let options = ReadOptions { max_document_bytes: limit, ..ReadOptions::default() };
        let error = read_stream("a", &b""[..], &options, &()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("max-document-bytes is {limit}, but must be 1 to")), "{error}");
    }
}

#[test]
fn a_line_over_the_limit_is_not_kept_in_memory() {
    let long = std::io::repeat(b'x').take(64 << 20);
    let feed = (&b"{\"text\":\"a\"}\n"[..]).chain(long).chain(&b"\n{\"text\":\"b\"}\n"[..]);
    let options = ReadOptions { max_document_bytes: 1 << 20, ..ReadOptions::default() };
    let outcome = read_stream("-", feed, &options, &()).unwrap();
    assert_eq!(outcome.documents.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["-#1", "-#3"]);
    assert_eq!(outcome.documents[1].line, Some(3));
    assert!(
        matches!(lines_and_reasons(&outcome)[..], [(2, reason)] if reason.starts_with("67108864 bytes where"))
    );
}

#[test]
fn a_failing_stream_is_not_the_end_of_the_input() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let good = "{\"text\":\"a\"}\n".repeat(1_000_000);
    let outcome = read_stream("f", good.as_bytes().chain(Failing), &ReadOptions::default(), &()).unwrap();
    let said = lines_and_reasons(&outcome);
    assert_eq!(outcome.documents.len(), 1_000_000);
    let expected = format!("cannot be read: the disk is on fire after line {}", outcome.documents.len());
    assert_eq!(said, [(0, expected.as_str())]);
    let outcome = read_stream("f", (&b"text"[..]).chain(Failing), &ReadOptions::default(), &()).unwrap();
    assert!(outcome.documents.is_empty());
    assert_eq!(lines_and_reasons(&outcome), [(0, "cannot be read: the disk is on fire")]);
}

#[test]
fn a_directory_gives_its_texts_and_names_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_str().unwrap().to_owned();
    let paths = std::slice::from_ref(&root);
    let options = ReadOptions::default();

    let error = read_paths(paths, &options, &()).unwrap_err().to_string();
    assert!(
        error.ends_with(&format!("1 skipped, the first is {root}: the directory holds no files")),
        "{error}"
    );
    fs::write(folder.path().join("b.bin"), [0, 1, 2]).unwrap();
    let error = read_paths(paths, &options, &()).unwrap_err().to_string();
    let start =
        format!("{root}: no readable documents here; 1 skipped, the first is {root}/b.bin: binary, not text");
    assert!(error.starts_with(&start), "{error}");

    fs::write(folder.path().join("a.txt"), "").unwrap();
    fs::write(folder.path().join("c.jsonl"), "{\"text\":\"c\"}\n{\"text\":\"d\"}\n").unwrap();
    let outcome = read_paths(paths, &options, &()).unwrap();
    let ids: Vec<_> = outcome.documents.iter().map(|d| d.id.strip_prefix(&root).unwrap()).collect();
    assert_eq!(ids, ["/a.txt", "/c.jsonl#1", "/c.jsonl#2"]);
    assert_eq!(outcome.skipped.len(), 1);
    assert_eq!(outcome.bad_records, 0);
}

#[test]
fn progress_hears_of_every_byte() {
    use std::sync::atomic::{AtomicU64, Ordering};
    #[derive(Default)]
    struct Counter {
        expected: AtomicU64,
        advanced: AtomicU64,
    }
    impl Progress for Counter {
        fn expect(&self, bytes: u64) {
            self.expected.fetch_add(bytes, Ordering::Relaxed);
        }
        fn advance(&self, bytes: u64) {
            self.advanced.fetch_add(bytes, Ordering::Relaxed);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "abc").unwrap();
    fs::write(folder.path().join("c.jsonl"), "{\"text\":\"c\"}\n".repeat(30_000)).unwrap();
    let counter = Counter::default();
    let paths = [folder.path().to_str().unwrap().to_owned()];
    let outcome = read_paths(&paths, &ReadOptions::default(), &counter).unwrap();
    assert_eq!(outcome.bytes, 390_003);
    assert_eq!(counter.expected.into_inner(), 390_003);
    assert_eq!(counter.advanced.into_inner(), 390_003);
}

#[test]
fn real_texts_are_their_files() {
    let Ok(shared) = std::env::var("WIRECOPY_SHARED") else {
        println!("skipped: WIRECOPY_SHARED is not set");
        return;
    };
    let paths = [format!("{shared}/seeds")];
    let outcome = read_paths(&paths, &ReadOptions::default(), &()).unwrap();
    assert_eq!(outcome.documents.len(), 4);
    for document in outcome.documents {
        assert_eq!(document.text, fs::read_to_string(&*document.path).unwrap());
        assert_eq!(document.span_base, SpanBase::Raw);
    }
}
