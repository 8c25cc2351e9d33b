//! Hostile and broken input, adapter by adapter: nothing fails, no good record
//! is lost, and what is bad is named with its place.

use std::io::{Cursor, Read, Write as _, repeat};
use std::ops::ControlFlow;
use std::path::Path;

use wirecopy::read::{ReadOptions, ReadOutcome, read_paths_to, read_stream};

use crate::{ids, read, said, write};

fn stream(name: &str, bytes: &[u8]) -> ReadOutcome {
    read_stream(name, bytes, &ReadOptions::default(), &()).unwrap()
}

fn count(bytes: &[u8], needle: &str) -> usize {
    memchr::memmem::find_iter(bytes, needle).count()
}

fn notes(outcome: &ReadOutcome) -> Vec<&str> {
    outcome.notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn a_file_cut_off_anywhere_keeps_what_was_whole() {
    let documents = write::documents(8);
    let file = |name: &str| std::fs::read(Path::new("tests/formats/data").join(name)).unwrap();
    let text =
        |n: usize| write::http("200 OK\r\nContent-Type: text/plain", format!("text number {n}").as_bytes());
    let crawl: Vec<u8> =
        (0..4).flat_map(|n| write::response(&format!("urn:{n}"), "http://a.example/", &text(n))).collect();
    // The end of a record; how many of them a beginning has is how many
    // documents it must give.
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("a.jsonl", write::jsonl(&documents), "}\n"),
        ("a.json", write::json_pretty(&documents), "\n  }"),
        ("answer.json", write::json_answer(&documents), "\"},{\""),
        ("a.csv", write::table(&documents, b','), ",x\n"),
        ("a.rss", file("feed.rss"), "</item>"),
        ("a.atom", file("feed.atom"), "</entry>"),
        ("a.newsml", file("item.newsml"), "</newsItem>"),
        ("a.sgm", file("reut.sgm"), "</REUTERS>"),
        ("a.sgml", file("docs.sgml"), "</DOC>"),
        ("a.warc", crawl, "\r\n\r\nWARC"),
        ("page.html", file("page.html"), "</html>"),
    ];
    for (name, bytes, end) in cases {
        for cut in 0..bytes.len() {
            if cut > 3000 && cut % 7 != 0 {
                continue;
            }
            let outcome = stream(name, &bytes[..cut]);
            let whole = count(&bytes[..cut], end);
            assert!(
                outcome.documents.len() + outcome.skipped.len() >= whole,
                "{name} cut at {cut}: {whole} {:?}",
                said(&outcome)
            );
        }
    }
}

#[test]
fn a_record_cut_off_is_named_with_its_line() {
    let jsonl = write::jsonl(&write::documents(5));
    let outcome = stream("a.jsonl", &jsonl[..jsonl.len() - 30]);
    assert_eq!((outcome.documents.len(), said(&outcome)[0].1), (4, Some(5)));
    let json = write::json_array(&write::documents(5));
    let outcome = stream("a.json", &json[..json.len() - 30]);
    assert_eq!(outcome.documents.len(), 4);
    assert!(said(&outcome)[0].2.starts_with("the record is not closed before the next one or the end"));
}

#[test]
fn nothing_declared_grows() {
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"ha\">");
    for n in 1..30 {
        bomb.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    bomb.push_str("]><rss version=\"2.0\"><channel><item><guid>x</guid><description>&a29; words</description></item></channel></rss>");
    let outcome = stream("a.rss", bomb.as_bytes());
    assert_eq!(outcome.documents[0].text, "&a29; words");
    let outside = "<!DOCTYPE nitf [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><nitf><body><body.content><p>&f;</p></body.content></body></nitf>";
    assert_eq!(stream("a.xml", outside.as_bytes()).documents[0].text, "&f;");
}

#[test]
fn depth_is_bounded_in_every_format() {
    const DEPTH: usize = 200_000;
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(DEPTH), close.repeat(DEPTH));
    let html = format!("<html><body><p>words</p>{}</body></html>", nested("<div>", "</div>"));
    let good = "{\"text\":\"good\"}";
    // Name, content, documents.
    let cases = [
        ("a.jsonl", format!("{{\"text\":\"a\",\"x\":{}}}\n{good}\n", nested("[", "]")), 2),
        ("a.jsonl", format!("{{\"source\":{}}}\n{good}\n", nested("{\"name\":", "}")), 1),
        ("a.jsonl", format!("{}\n{good}\n", nested("[", "]")), 1),
        ("a.json", format!("[{good},{},{good}]", nested("[", "]")), 2),
        ("a.json", format!("[{good},{{\"text\":\"b\",\"x\":{}}}]", nested("{\"a\":", "")), 1),
        ("a.html", html.clone(), 1),
        (
            "a.rss",
            format!(
                "<rss><channel><item><title>a</title>{}</item><item><description>b</description></item></channel></rss>",
                nested("<a>", "</a>")
            ),
            1,
        ),
        (
            "a.rss",
            format!(
                "<rss><channel><item><description><![CDATA[{html}]]></description></item></channel></rss>"
            ),
            1,
        ),
        ("a.xml", format!("<newsItem>{}</newsItem>", nested("<p>", "</p>")), 0),
    ];
    for (name, content, expected) in cases {
        let outcome = stream(name, content.as_bytes());
        assert_eq!(
            outcome.documents.len(),
            expected,
            "{name} {:.60}: {:.200}",
            content,
            format!("{:?}", said(&outcome))
        );
        assert!(outcome.documents.len() + outcome.skipped.len() > 0);
    }
}

#[test]
fn of_a_name_that_stands_twice_the_last_counts() {
    let cases = [
        ("a.jsonl", "{\"text\":\"a\",\"id\":\"1\",\"text\":\"b\",\"id\":null}\n{\"text\":\"c\"}\n"),
        ("a.json", "[{\"text\":\"a\",\"id\":\"1\",\"text\":\"b\",\"id\":\"\"},{\"text\":\"c\"}]"),
        ("a.csv", "id,text,text,id\n1,a,b,\n,c,,\n"),
    ];
    for (name, content) in cases {
        let outcome = read(name, content.as_bytes());
        let texts: Vec<&str> = outcome.documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["b", "c"], "{name}");
        assert_eq!(ids(&outcome)[0], "1", "{name}");
    }
}

#[test]
fn a_name_that_lies_changes_nothing() {
    let documents = write::documents(6);
    let bodies = [
        write::jsonl(&documents),
        write::json_array(&documents),
        write::table(&documents, b','),
        write::gzip(&write::jsonl(&documents)),
        write::zstd(&write::jsonl(&documents)),
        write::rss(&documents),
    ];
    for bytes in bodies {
        for name in [
            "a.jsonl",
            "a.json",
            "a.csv",
            "a.gz",
            "a.zip",
            "a.tar",
            "a.warc",
            "a.html",
            "a.xml",
            "a.parquet",
            "a",
        ] {
            let outcome = stream(name, &bytes);
            assert_eq!(outcome.documents.len(), 6, "{name} {:.40}", String::from_utf8_lossy(&bytes));
            assert_eq!(outcome.documents[5].text, documents[5].text, "{name}");
        }
    }
}

#[test]
fn lengths_that_lie_cost_no_other_record() {
    let tar = write::tar(&[("a.txt", b"one"), ("b.txt", b"two"), ("c.txt", b"three")]);
    // The size of the second member, in its header behind the first's block.
    for size in ["00000000002", "00000001000", "77777777777", "zzzzzzzzzzz"] {
        let mut lying = tar.clone();
        lying[1024 + 124..1024 + 135].copy_from_slice(size.as_bytes());
        let outcome = read("a.tar", &lying);
        assert_eq!(outcome.documents[0].text, "one", "{size}");
        assert!(outcome.documents.len() == 3 || !outcome.skipped.is_empty(), "{size}");
    }
    let zip = write::zip(&[("a.txt", b"one"), ("b.txt", b"two")]);
    for (at, _) in zip.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x01\x02") {
        for (offset, value) in [(20, [0xff; 4]), (24, [0xff; 4]), (42, [0xff, 0xff, 0, 0]), (24, [0; 4])] {
            let mut lying = zip.clone();
            lying[at + offset..at + offset + 4].copy_from_slice(&value);
            let outcome = read("a.zip", &lying);
            assert!(!outcome.documents.is_empty() || !outcome.skipped.is_empty(), "{at} {offset}");
        }
    }
    let chunked = b"ffffffffffffffff\r\nwords of the answer\r\n0\r\n\r\n";
    let answer = write::http("200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked", chunked);
    let other = write::http("200 OK\r\nContent-Type: text/plain", b"other words");
    let crawl = [
        write::response("urn:a", "http://a.example/", &answer),
        write::response("urn:b", "http://a.example/", &other),
    ];
    assert_eq!(ids(&read("a.warc", &crawl.concat())), ["urn:a", "urn:b"]);
}

#[test]
fn an_answer_without_a_header_is_named_with_its_place() {
    let bad = write::response("urn:a", "http://a.example/", b"<html><p>words");
    let good = write::response(
        "urn:b",
        "http://a.example/",
        &write::http("200 OK\r\nContent-Type: text/plain", b"words"),
    );
    let name = write::warc_record("response", "urn:c", "dns:a.example", "text/dns", b"20260511 a.example");
    let outcome = read("a.warc", &[bad.clone(), good, name].concat());
    assert_eq!(ids(&outcome), ["urn:b"]);
    assert_eq!(
        said(&outcome)[0].2,
        "the record at byte 0: no HTTP header before the answer; fetch the page again"
    );
    assert!(notes(&outcome)[0].ends_with("left out: 1"), "{:?}", notes(&outcome));
}

#[test]
fn bytes_that_are_no_text_cost_characters_and_not_records() {
    let line = b"{\"id\":\"1\",\"text\":\"\xc3\xa9t\xc3\xa9 \xc3\xa0 l\xc3\xa0 \xff fin\"}";
    let surrogate = b"{\"id\":\"2\",\"text\":\"half \\ud83d of one\"}";
    let jsonl = [&line[..], b"\n", surrogate, b"\n{\"id\":\"3\",\"text\":\"sound\"}\n"].concat();
    let array = [b"[", &line[..], b",\n", surrogate, b",\n{\"id\":\"3\",\"text\":\"sound\"}]"].concat();
    for (name, bytes) in [("a.jsonl", jsonl), ("a.json", array)] {
        let outcome = read(name, &bytes);
        assert_eq!(said(&outcome), [], "{name}");
        let texts: Vec<&str> = outcome.documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["été à là \u{fffd} fin", "half \u{fffd} of one", "sound"], "{name}");
        assert_eq!(notes(&outcome), ["malformed sequences replaced by U+FFFD (records: 2)"], "{name}");
    }
}

#[test]
fn a_bad_line_among_a_million_costs_itself() {
    const LINES: usize = 1_000_000;
    const BAD: usize = 654_321;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for line in 1..=LINES {
        match line {
            BAD => out.write_all(b"{\"text\":\"open}\n").unwrap(),
            _ => writeln!(out, "{{\"id\":\"{line}\",\"text\":\"line {line}\"}}").unwrap(),
        }
    }
    out.flush().unwrap();
    let mut found = 0;
    let paths = [path.to_str().unwrap().to_owned()];
    let outcome = read_paths_to(&paths, &ReadOptions::default(), &(), &mut |documents| {
        found += documents.len();
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((found, outcome.skipped.len()), (LINES - 1, 1));
    assert_eq!(outcome.skipped[0].line, Some(BAD as u64));
    assert!(outcome.skipped[0].reason.starts_with("broken JSON at column"));
}

#[test]
fn reading_ends_when_nobody_waits() {
    let folder = tempfile::tempdir().unwrap();
    let jsonl = write::jsonl(&write::documents(2_000)).repeat(20);
    for (name, bytes) in [
        ("a.jsonl", jsonl.clone()),
        ("a.jsonl.gz", write::gzip(&jsonl)),
        ("b.tar", write::tar(&[("a.jsonl", &jsonl), ("b.jsonl", &jsonl)])),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let mut calls = 0;
        let paths = [path.to_str().unwrap().to_owned()];
        let outcome = read_paths_to(&paths, &ReadOptions::default(), &(), &mut |_| {
            calls += 1;
            ControlFlow::Break(())
        })
        .unwrap();
        assert!(
            calls == 1 && outcome.bytes < bytes.len() as u64 / 2,
            "{name}: {calls}, {} bytes",
            outcome.bytes
        );
    }
}

#[test]
fn what_must_be_held_in_memory_has_a_limit() {
    let endless = Cursor::new(b"PK\x03\x04\x14\0".to_vec()).chain(repeat(0).take(300 << 20));
    let outcome = read_stream("a.zip", endless, &ReadOptions::default(), &()).unwrap();
    let reason = &outcome.skipped[0].reason;
    assert!(reason.starts_with("a zip archive of more than 256 MiB in a stream"), "{reason}");
    assert!(reason.ends_with("unpack it to a file of its own and name that"), "{reason}");
}

#[test]
fn messages_within_messages_end_somewhere() {
    let head = "From: ada@a.example\nSubject: Locks\n";
    let cases = [(3, None), (300, Some("without a text")), (100_000, Some("very many within it"))];
    for (depth, reason) in cases {
        let within = "Content-Type: message/rfc822\n\n".repeat(depth);
        let outcome = read("a.eml", format!("{head}{within}{head}\nThe lock is shut.\n").as_bytes());
        assert_eq!(outcome.documents.len(), usize::from(reason.is_none()), "{depth}");
        assert!(outcome.documents.iter().all(|document| document.text.contains("The lock is shut.")));
        let skipped = outcome.skipped.first().map(|skipped| skipped.reason.as_str());
        assert_eq!(skipped.is_some(), reason.is_some(), "{depth}: {skipped:?}");
        assert!(skipped.is_none_or(|skipped| skipped.contains(reason.unwrap())), "{depth}: {skipped:?}");
    }
    let folded = "Content-Type:\n\tmessage/rfc822\n\n".repeat(100_000);
    assert_eq!(read("a.eml", format!("{head}{folded}").as_bytes()).documents.len(), 0);
    let digests: String =
        (0..20_000).map(|n| format!("Content-Type: multipart/digest; boundary=b{n}\n\n--b{n}\n\n")).collect();
    assert_eq!(read("a.eml", format!("{head}{digests}").as_bytes()).documents.len(), 0);
}

#[test]
fn messages_are_read_whatever_they_say_of_themselves() {
    let html = "<p>The harbour master closed the lock on Monday, and barges go round by Marlow.</p>";
    let part = format!("{html}\n--b--\n");
    let cases: [(&str, &[u8], &str); 6] = [
        // A date that must not swallow what follows it.
        ("Date: Mon, 11 May 2026 16:50:54 UT\n\nThe lock\nis shut.\n\nFor good.\n", b"", "The lock\nis shut.\n\nFor good."),
        // Nobody said in which encoding.
        ("Content-Type: text/plain; charset=us-ascii\n\n", b"\xcc\xee\xf1\xea\xe2\xe0, 21 \xed\xee\xff\xe1\xf0\xff. \xcf\xf0\xe0\xe2\xe8\xf2\xe5\xeb\xfc\xf1\xf2\xe2\xee", "Москва, 21 ноября. Правительство"),
        ("Content-Type: text/plain; charset=no-such\n\n", b"caf\xc3\xa9", "café"),
        // A text that says that there is none.
        ("Content-Type: multipart/alternative; boundary=b\n\n--b\n\nNo text.\n--b\nContent-Type: text/html\n\n", part.as_bytes(), "The harbour master closed the lock on Monday, and barges go round by Marlow."),
        ("Content-Type: text/html\nContent-Disposition: attachment\n\n", html.as_bytes(), "The harbour master closed"),
        ("X-It's: odd\n>Received: by a\n\n", b"The lock is shut.", "The lock is shut."),
    ];
    for (head, body, expected) in cases {
        let head = format!("From: ada@a.example\nSubject: Locks\n{head}");
        let outcome = read("a.eml", &[head.as_bytes(), body].concat());
        let document = &outcome.documents[0];
        assert!(document.text.starts_with(expected), "{:?}", document.text);
        assert_eq!(document.title.as_deref(), Some("Locks"));
    }
}
