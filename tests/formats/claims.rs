//! When a page was published, by the many places that say so.

use super::read;

/// The date of a page with these lines in its head and its body.
fn published(head: &str, body: &str) -> Option<String> {
    let text = "The lock was closed on Tuesday after divers found a crack in the lower gate. ".repeat(9);
    let page = format!(
        "<!DOCTYPE html><html><head><title>Lock</title>{head}</head>\
         <body><article><h1>Lock</h1>{body}<p>{text}</p></article></body></html>"
    );
    let outcome = read("page.html", page.as_bytes());
    assert_eq!(outcome.documents.len(), 1, "{head} {body}");
    outcome.documents[0].published.map(|published| published.to_string())
}

#[test]
fn a_page_is_dated_by_the_names_that_sites_use() {
    let cases = [
        (r#"<meta name="publish_date" content="Thu, 06 Oct 2011 08:10:27 EST">"#, "2011-10-06T13:10:27Z"),
        (r#"<meta name="pub_date" content="20110920"/>"#, "2011-09-20"),
        (r#"<meta name="DC.date.issued" content="2011-09-20">"#, "2011-09-20"),
        (r#"<meta property="article:published" content="2021-01-03T17:40:00EET">"#, "2021-01-03T15:40:00Z"),
        // The first place says that nobody knows.
        (
            r#"<meta property="article:published_time" content="0001-01-01T00:00:00Z">
               <meta name="publish_date" content="2011-10-06">"#,
            "2011-10-06",
        ),
    ];
    for (head, date) in cases {
        assert_eq!(published(head, "").as_deref(), Some(date), "{head}");
    }
    let zero = r#"<meta property="article:published_time" content="0001-01-01T00:00:00Z">"#;
    assert_eq!(published(zero, ""), None);
}

#[test]
fn marks_of_an_entry_date_a_page_if_they_say_one_date() {
    let entry = r#"<abbr class="published updated" title="2010-08-13T16:39:00-04:00">Aug 13</abbr>"#;
    let time = r#"<time class="entry-date published" datetime="2014-06-30T10:00:00Z">June 30</time>"#;
    assert_eq!(published("", entry).as_deref(), Some("2010-08-13T20:39:00Z"));
    assert_eq!(published("", time).as_deref(), Some("2014-06-30T10:00:00Z"));
    assert_eq!(published("", &format!("{time}{time}")).as_deref(), Some("2014-06-30T10:00:00Z"));
    assert_eq!(published("", &format!("{entry}{time}")), None, "a list of entries");
    assert_eq!(published("", r#"<time datetime="2014-06-30T10:00:00Z">June 30</time>"#), None);
}

#[test]
fn the_address_of_a_page_gives_its_day_where_nothing_else_does() {
    let of = |address: &str| published(&format!(r#"<link rel="canonical" href="{address}">"#), "");
    let cases = [
        ("https://a.example/2011/08/24/lock-closes/", Some("2011-08-24")),
        ("https://a.example/news/2014/6/3/5842180/lock", Some("2014-06-03")),
        ("https://a.example/world/2013/may/27/lock", Some("2013-05-27")),
        ("https://a.example/news/2019-11-20/lock", Some("2019-11-20")),
        ("https://a.example/2019-11-20-lock-closes.html", Some("2019-11-20")),
        ("https://a.example/2011/08/lock-closes/", None),
        ("https://a.example/2013/lock/8/3/index.html", None),
        ("https://a.example/2011/13/24/lock/", None),
        ("https://a.example/2011/02/30/lock/", None),
        ("https://a.example/12011/08/24/lock/", None),
        ("https://a.example/lock?d=/2011/08/24/", None),
        ("https://a.example/1811/08/24/lock/", None),
        ("https://a.example/2019-11-205/lock", None),
        ("https://2011/08/24/lock/", None),
    ];
    for (address, date) in cases {
        assert_eq!(of(address).as_deref(), date, "{address}");
    }
    let said = r#"<link rel="canonical" href="https://a.example/2011/08/24/lock-closes/">
                  <meta property="article:published_time" content="2011-08-24T10:00:00Z">"#;
    assert_eq!(published(said, "").as_deref(), Some("2011-08-24T10:00:00Z"));
}

#[test]
fn a_record_is_dated_by_its_address_too() {
    let line = r#"{"id":"1","text":"one two three","url":"https://a.example/2011/08/24/lock/"}"#;
    let documents = read("feed.jsonl", line.as_bytes()).documents;
    assert_eq!(documents[0].published.map(|date| date.to_string()).as_deref(), Some("2011-08-24"));
}

#[test]
fn a_day_of_an_address_is_told_from_one_that_is_stated() {
    use wirecopy::document::{DatedBy, Document};
    let of = |dates: &str| {
        let url = "https://a.example/2011/08/24/lock/";
        read("feed.jsonl", format!(r#"{{"id":"1","text":"one two","url":"{url}"{dates}}}"#).as_bytes())
            .documents
    };
    let filed = of("");
    assert_eq!(filed[0].dated_by(), Some(DatedBy::Address));
    // The same day, stated; and a name that says nothing.
    for stated in [r#","date":"2011-08-24""#, r#","date":"2011-08-24","dated_by":"hand""#] {
        assert_eq!(of(stated)[0].dated_by(), None);
        assert_eq!(of(stated)[0].published, filed[0].published);
    }
    // What was understood is understood again as it was.
    let mut line = Vec::new();
    wirecopy::render::write_document(&filed[0], &mut line).unwrap();
    let again: Vec<Document> = read("again.jsonl", &line).documents;
    assert_eq!((again[0].dated_by(), again[0].published), (Some(DatedBy::Address), filed[0].published));
}

#[test]
fn an_address_without_a_host_says_nothing() {
    for path in ["/news/lock", "8003098", "lock.html", "?id=7"] {
        let page = format!(
            "<!DOCTYPE html><html><head><link rel=\"canonical\" href=\"{path}\"></head>\
             <body><p>{}</p></body></html>",
            "The lock was closed on Tuesday after divers found a crack in the lower gate. ".repeat(9)
        );
        let document = &read("page.html", page.as_bytes()).documents[0];
        assert_eq!(document.url, None, "{path}");
        assert!(document.provenance.as_deref().is_none_or(|said| said.canonical.is_none()), "{path}");
    }
}
