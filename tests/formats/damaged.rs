//! Damaged and hostile files: what can be read is read, the rest is named.

use wirecopy::read::ReadOptions;

use crate::{ids, read, read_with, said, write};

type Pack = fn(&[u8]) -> Vec<u8>;

const PACKS: [(&str, Pack); 4] =
    [("a.gz", write::gzip), ("a.zst", write::zstd), ("a.bz2", write::bzip2), ("a.xz", write::xz)];

#[test]
fn a_cut_off_stream_keeps_the_records_before() {
    let documents = write::documents(4_000);
    let jsonl = write::jsonl(&documents);
    for (name, pack) in PACKS {
        // Two members, so that even a format that decodes large blocks gives
        // something of a file that is cut in the second.
        let packed = write::members(pack, &jsonl);
        for cut in [packed.len() - 1, packed.len() - 1000, packed.len() / 2] {
            let outcome = read(name, &packed[..cut]);
            let count = outcome.documents.len();
            assert!(count > 1000 || cut < packed.len() * 2 / 3, "{name} {count}");
            let said = said(&outcome);
            let reason = &said[0].2;
            assert!(
                reason.contains("cut off or damaged behind") && reason.contains("fetch it again"),
                "{reason}"
            );
            assert!(
                reason.ends_with(&format!("after line {count}")) || count == 4_000,
                "{name}: {reason} {count}"
            );
        }
    }
}

#[test]
fn any_damage_is_named_and_nothing_crashes() {
    let jsonl = write::jsonl(&write::documents(40));
    let mut files: Vec<(&str, Vec<u8>)> = PACKS.iter().map(|(name, pack)| (*name, pack(&jsonl))).collect();
    files.push(("a.tar", write::tar(&[("a.jsonl", &jsonl), ("b.txt", b"words")])));
    files.push(("a.zip", write::zip(&[("a.jsonl", &jsonl), ("b.txt", b"words")])));
    files.push(("a.json", write::json_pretty(&write::documents(10))));
    files.push(("a.csv", write::table(&write::documents(10), b',')));
    #[cfg(feature = "parquet")]
    files.push(("a.parquet", write::parquet(&write::documents(10), parquet::basic::Compression::SNAPPY)));
    for (name, bytes) in files {
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            read(name, &bytes[..at]);
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                let outcome = read(name, &damaged);
                assert!(!outcome.documents.is_empty() || !outcome.skipped.is_empty(), "{name} {at}");
            }
        }
    }
}

#[test]
fn what_expands_without_end_is_stopped() {
    let zeros = vec![b' '; 80 << 20];
    for (name, pack) in [("a.bz2", write::bzip2 as Pack), ("a.xz", write::xz)] {
        let outcome = read(name, &pack(&zeros));
        let said = said(&outcome);
        assert!(said[0].2.contains("expand to more than 500 times as many"), "{name}: {said:?}");
    }
    let mut packed = b"words".to_vec();
    for _ in 0..7 {
        packed = write::gzip(&packed);
    }
    assert_eq!(said(&read("a.gz", &packed))[0].2, "packed more than 5 times over; unpack it first");
}

#[test]
fn what_is_unpacked_obeys_the_limit_for_documents() {
    let options = ReadOptions { max_document_bytes: 1000, ..ReadOptions::default() };
    let long = "word ".repeat(500);
    for (name, pack) in PACKS {
        let outcome = read_with(name, &pack(long.as_bytes()), &options);
        assert!(said(&outcome)[0].2.starts_with("more where a document may have 1000 bytes"), "{name}");
    }
    let outcome =
        read_with("a.tar", &write::tar(&[("long.txt", long.as_bytes()), ("b.txt", b"words")]), &options);
    assert_eq!(ids(&outcome), ["a.tar/b.txt"]);
    assert_eq!(said(&outcome)[0].0, "a.tar/long.txt");
}

#[test]
fn members_of_archives_are_documents_or_are_named() {
    let long_name = format!("{}/story.txt", "folder".repeat(40));
    let files: [(&str, &[u8]); 6] = [
        ("cnn.com/1.txt", b"one"),
        ("empty.txt", b""),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("feed.csv", b"{\"text\":\"a\"}\n{\"text\":\"b\"}\nbad\n"),
        (&long_name, b"two"),
        ("last.txt.gz", &write::gzip(b"three")),
    ];
    for (name, bytes) in [("a.tar", write::tar(&files)), ("a.zip", write::zip(&files))] {
        let outcome = read(name, &bytes);
        let expected = ["cnn.com/1.txt", "empty.txt", "feed.csv#1", "feed.csv#2", &long_name, "last.txt.gz"]
            .map(|member| format!("{name}/{member}"));
        assert_eq!(ids(&outcome), expected);
        let texts: Vec<&str> = outcome.documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["one", "", "a", "b", "two", "three"]);
        let said = said(&outcome);
        assert_eq!(said[0].0, format!("{name}/feed.csv"));
        assert_eq!((said[0].1, said[1].0.as_str()), (Some(3), format!("{name}/image.txt").as_str()));
        assert_eq!(outcome.bad_records, 1);
    }
}

#[test]
fn a_quote_that_nothing_closes_is_named_with_its_line() {
    let cases = [
        ("id,text\n1,one\n2,\"open\n3,three\n", Some("the row on line 3 is not closed")),
        ("id,text\n1,one\n2,\"open\n3,three", Some("the row on line 3 is not closed")),
        ("id,text\n1,\"one\n\"\n", None),
        ("id,text\n1,\"one\ntwo\"", None),
        ("text,id\n\"one\ntwo\",1\n", None),
    ];
    for (table, expected) in cases {
        let outcome = read("a.csv", table.as_bytes());
        let said = said(&outcome);
        assert_eq!(ids(&outcome)[0], "1", "{table}");
        match expected {
            Some(reason) => assert!(said.len() == 1 && said[0].2.contains(reason), "{table}: {said:?}"),
            None => assert_eq!(said, [], "{table}"),
        }
    }
}

#[test]
fn what_had_to_be_guessed_or_replaced_is_remarked() {
    let deep = format!("<html><body>{}some words{}</body></html>", "<div>".repeat(500), "</div>".repeat(500));
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("a.html", deep.into_bytes(), "too deeply nested"),
        ("a.html", b"<html><body><footer>words here</footer></body></html>".to_vec(), "no article was found"),
        ("a.csv", b"id,text\n1,\xc3\xa9t\xc3\xa9 \xc3\xa0 l\xc3\xa0 \xc3\xa9t\xc3\xa9 \xff mot\n2,four\n".to_vec(), "replaced by U+FFFD (records: 1)"),
        (
            "a.warc",
            b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:a>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 20\r\n\r\n\xc3\xa9t\xc3\xa9 l\xc3\xa0 \xc3\xa0 \xc3\xa9t\xc3\xa9 \xff\r\n\r\n".to_vec(),
            "replaced by U+FFFD",
        ),
    ];
    for (name, bytes, expected) in cases {
        let outcome = read(name, &bytes);
        assert!(!outcome.documents.is_empty(), "{name}: {:?}", outcome.skipped);
        let notes: Vec<&str> = outcome.notes.iter().map(|note| note.text.as_str()).collect();
        assert!(notes.iter().any(|note| note.contains(expected)), "{name}, {expected}: {notes:?}");
    }
}

#[test]
fn a_bad_record_among_many_costs_only_itself() {
    let mut documents = write::documents(3_000);
    documents[1_500].text = "a text with a mark in it".into();
    let mark = b"a text with a mark in it";
    let cases: [(&str, Vec<u8>, &[u8], &str); 4] = [
        ("a.jsonl", write::jsonl(&documents), b"a text \"with a mark", "broken JSON at column"),
        ("a.json", write::json_array(&documents), b"a text \"with a mark", "broken JSON at column"),
        ("a.json", write::json_pretty(&documents), b"a text with a mark\n", "broken JSON: control character"),
        (
            "a.csv",
            write::table(&documents, b','),
            b"a, text",
            "the row has 9 fields where the first row has 8",
        ),
    ];
    for (name, bytes, damage, expected) in cases {
        let at = memchr::memmem::find(&bytes, mark).unwrap();
        let damaged = [&bytes[..at], damage, &bytes[at + mark.len()..]].concat();
        let outcome = read(name, &damaged);
        let said = said(&outcome);
        assert_eq!((outcome.documents.len(), said.len()), (2_999, 1), "{name} {said:?}");
        assert!(said[0].2.starts_with(expected), "{name}: {said:?}");
        let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64 + 1;
        assert!(said[0].1.is_some_and(|found| found <= line && found + 12 > line), "{name}: {said:?} {line}");
        assert!(!ids(&outcome).contains(&"d1500"));
    }
}

#[test]
fn a_table_that_cannot_be_read_says_why() {
    let options = ReadOptions { max_document_bytes: 1000, ..ReadOptions::default() };
    let open = format!("id,text\n1,one\n2,\"two\n{}", "x,y\n".repeat(1 << 20));
    let outcome = read_with("a.csv", open.as_bytes(), &options);
    assert_eq!(ids(&outcome), ["1"]);
    assert!(
        said(&outcome)[0]
            .2
            .contains("perhaps because a quote is not closed in the row that begins on line 3")
    );
    let outcome = read("a.csv", b"id;words\n1;one\n");
    assert_eq!(
        said(&outcome)[0].2,
        "a table without a column for the text; its columns are id, words; name the right one with --field \
         text=COLUMN"
    );
    let mut options = ReadOptions::default();
    options.fields.try_set("text", "words").unwrap();
    assert_eq!(read_with("a.csv", b"id;words\n1;one\n", &options).documents[0].text, "one");
}
