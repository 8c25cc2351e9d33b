//! What is run on hostile bytes, and what must hold of the outcome.
//!
//! With cargo-fuzz: `cargo +nightly fuzz run --features targets feed`.
//! Without it, `cargo run --release --features mutate -- 600` changes the samples
//! of every target for 600 seconds each.

pub mod mutation;

use wirecopy::read::{ReadOptions, read_stream};
use wirecopy::time::Published;

/// A target: its name, the name of the file it reads, and samples of what it
/// is fed with.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    file: &'static str,
    samples: &'static [&'static [u8]],
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "archive", file: "a.tar", samples: &[include_bytes!("../samples/a.tar"), include_bytes!("../samples/a.zip")] },
    Target { name: "columns", file: "a.parquet", samples: &[include_bytes!("../samples/a.parquet"), include_bytes!("../samples/b.parquet"), include_bytes!("../samples/dictionary.parquet")] },
    Target { name: "crawl", file: "a.warc", samples: &[include_bytes!("../samples/a.warc")] },
    Target { name: "encoding", file: "a.txt", samples: &["Zürich läßt grüßen, 東京".as_bytes(), b"\xff\xfea\0b\0", b"caf\xe9 \x1b$B"] },
    Target { name: "feed", file: "a.rss", samples: &[include_bytes!("../../tests/formats/data/feed.rss"), include_bytes!("../../tests/formats/data/feed.atom")] },
    Target { name: "json", file: "a.json", samples: &[include_bytes!("../../tests/formats/data/feed.json"), b"[{\"text\":\"a\"},\n{\"id\":1,\"text\":\"b\\u00e9\",\"x\":[{}]}]", b"{\n \"articles\": [\n  {\n   \"body\": \"c\"\n  }\n ]\n}"] },
    Target { name: "lines", file: "a.jsonl", samples: &[b"{\"text\":\"a\",\"date\":1795277109}\n{\"text\":\"b\\ud83d\\ude00\",\"source\":{\"name\":\"x\"}}\n"] },
    Target { name: "mail", file: "a.mbox", samples: &[include_bytes!("../../tests/formats/data/letter.eml"), include_bytes!("../../tests/formats/data/list.mbox")] },
    Target { name: "news", file: "a.xml", samples: &[include_bytes!("../../tests/formats/data/item.newsml"), include_bytes!("../../tests/formats/data/story.nitf.xml"), include_bytes!("../../tests/formats/data/reut.sgm"), include_bytes!("../../tests/formats/data/rcv.xml"), include_bytes!("../../tests/formats/data/docs.sgml"), include_bytes!("../../tests/formats/data/export.xml")] },
    Target { name: "packed", file: "a.gz", samples: &[include_bytes!("../samples/a.gz"), include_bytes!("../samples/a.zst"), include_bytes!("../samples/a.bz2"), include_bytes!("../samples/a.xz")] },
    Target { name: "page", file: "a.html", samples: &[include_bytes!("../../tests/formats/data/page.html"), include_bytes!("../../tests/formats/data/teaser.html")] },
    Target { name: "table", file: "a.csv", samples: &[b"id,text,date\n1,\"a, \"\"b\"\"\nc\",2026-05-11\n2,d,\n", b"url\tcontent\nx\ty\n"] },
    Target { name: "time", file: "", samples: &[b"Mon, 11 May 2026 10:05:00 +0200", b"Nov 21, 2026 4:05 pm EST", b"20261121T160509Z"] },
];

impl Target {
    /// What it is fed with at first.
    pub fn samples(&self) -> &'static [&'static [u8]] {
        self.samples
    }
}

/// Runs one target on `data`.
///
/// # Panics
///
/// If something does not hold that must, or there is no such target.
pub fn run(target: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|known| known.name == target).expect("a known target");
    if target.name == "time" {
        if let Some(date) = std::str::from_utf8(data).ok().and_then(Published::parse) {
            let written = date.to_string();
            assert_eq!(written.parse::<Published>().expect("what is written can be read"), date, "{written}");
            assert!(date.interval().0 <= date.interval().1);
        }
        return;
    }
    let options = ReadOptions { max_document_bytes: 1 << 20, ..ReadOptions::default() };
    let outcome = read_stream(target.file, data, &options, &()).expect("the options are in range");
    for document in &outcome.documents {
        assert!(!document.id.is_empty() && document.path.starts_with(target.file));
        assert!(document.text.len() < 16 << 20);
    }
    assert!(outcome.skipped.iter().all(|skipped| !skipped.reason.is_empty()));
    assert!(outcome.bad_records as usize <= outcome.skipped.len());
    assert!(outcome.bytes <= 2 * data.len() as u64, "{} of {}", outcome.bytes, data.len());
}
