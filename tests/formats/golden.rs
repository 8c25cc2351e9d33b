//! Real-shaped files, written for these tests, and what is understood of
//! them. `WIRECOPY_BLESS=1 cargo test --test formats` writes the answers.

use std::path::Path;

use wirecopy::render::write_document;

use crate::{read, said, write};

const FOLDER: &str = "tests/formats/data";

/// Whether the documents in `bytes` are those of the golden file `name`.
fn check(name: &str, bytes: &[u8]) {
    let outcome = read(name, bytes);
    let mut found = Vec::new();
    for document in &outcome.documents {
        write_document(document, &mut found).unwrap();
    }
    for (path, line, reason) in said(&outcome) {
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        found.extend(format!("skipped {path}{line}: {reason}\n").into_bytes());
    }
    for note in &outcome.notes {
        found.extend(format!("note {}: {}\n", note.path, note.text).into_bytes());
    }
    let golden = Path::new(FOLDER).join(format!("{name}.golden"));
    if std::env::var_os("WIRECOPY_BLESS").is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(String::from_utf8(found).unwrap(), expected, "{name}");
}

#[test]
fn files_are_understood_as_their_golden_answers_say() {
    let names = [
        "page.html",
        "teaser.html",
        "feed.rss",
        "feed.atom",
        "feed.json",
        "item.newsml",
        "story.nitf.xml",
        "reut.sgm",
        "rcv.xml",
        "docs.sgml",
        "wiki.xml",
        "export.xml",
        "letter.eml",
        "list.mbox",
    ];
    for name in names {
        check(name, &std::fs::read(Path::new(FOLDER).join(name)).unwrap());
    }
}

#[test]
fn crawls_give_their_pages_and_texts() {
    let page = std::fs::read_to_string(Path::new(FOLDER).join("page.html")).unwrap();
    let html = |head: &str, body: &[u8]| write::http(&format!("200 OK\r\n{head}"), body);
    let latin = b"<html><body><p>Caf\xe9 text, long enough to be one, in another encoding.</p></body></html>";
    let chunked = format!("{:x}\r\n{page}\r\n0\r\n\r\n", page.len());
    let records = [
        write::warc_record("warcinfo", "urn:x:0", "", "application/warc-fields", b"software: x\r\n"),
        write::warc_record(
            "request",
            "urn:x:1",
            "http://a.example/",
            "application/http",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        write::response(
            "urn:x:2",
            "http://copy.example/lock",
            &html("Content-Type: text/html", page.as_bytes()),
        ),
        write::response(
            "urn:x:3",
            "http://b.example/",
            &html("Content-Type: text/html; charset=iso-8859-1", latin),
        ),
        write::response(
            "urn:x:4",
            "http://c.example/a.txt",
            &html("Content-Type: text/plain", "Zürich\n".as_bytes()),
        ),
        write::response(
            "urn:x:5",
            "http://d.example/a.png",
            &html("Content-Type: image/png", b"\x89PNG\r\n\x1a\n"),
        ),
        write::response(
            "urn:x:6",
            "http://e.example/",
            &write::http("404 Not Found\r\nContent-Type: text/html", b"<p>No"),
        ),
        write::response(
            "urn:x:7",
            "http://f.example/",
            &html("Content-Type: text/html\r\nTransfer-Encoding: chunked", chunked.as_bytes()),
        ),
        write::response(
            "urn:x:8",
            "http://g.example/",
            &html("Content-Type: text/plain\r\nContent-Encoding: gzip", &write::gzip(b"packed words")),
        ),
        write::warc_record(
            "conversion",
            "urn:x:9",
            "http://h.example/",
            "text/plain",
            b"The text of a WET file.",
        ),
    ];
    check("crawl.warc", &records.concat());
    let packed: Vec<u8> = records.iter().flat_map(|record| write::gzip(record)).collect();
    let plain = read("crawl.warc", &records.concat());
    let unpacked = read("crawl.warc", &packed);
    assert_eq!(plain.documents, unpacked.documents);
}

#[test]
fn a_wrong_length_in_a_crawl_costs_one_record() {
    let text = |n: usize| {
        let body = write::http("200 OK\r\nContent-Type: text/plain", format!("text number {n}").as_bytes());
        write::response(&format!("urn:x:{n}"), &format!("http://a.example/{n}"), &body)
    };
    let good: Vec<Vec<u8>> = (0..5).map(text).collect();
    let with_length = |length: &str| {
        let record = String::from_utf8(good[2].clone()).unwrap();
        let start = record.find("Content-Length: ").unwrap() + 16;
        let end = start + record[start..].find('\r').unwrap();
        format!("{}{length}{}", &record[..start], &record[end..]).into_bytes()
    };
    for (length, is_kept) in
        [("5", false), ("99999", true), ("-1", false), ("x", false), ("18446744073709551615", false)]
    {
        let mut records = good.clone();
        records[2] = with_length(length);
        let outcome = read("a.warc", &records.concat());
        let ids: Vec<&str> = outcome.documents.iter().map(|document| document.id.as_str()).collect();
        let others = ids.iter().filter(|id| **id != "urn:x:2").count();
        // A length beyond the end of the file leaves nothing to hold on to.
        let expected = if length.len() > 10 { 2 } else { 4 };
        assert_eq!(others, expected, "{length} {ids:?} {:?}", said(&outcome));
        assert!(is_kept || !outcome.skipped.is_empty(), "{length}");
    }
}
