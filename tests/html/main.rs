//! The HTML report in a browser: what a reader does with it, by mouse and by
//! keyboard, and what hostile input cannot do to it.
//!
//! Without Chromium the tests say that they were skipped; `WIRECOPY_BROWSER`
//! set makes that a failure, as the gate does.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod browser;
mod large;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use serde_json::json;
use wirecopy::document::{Corpus, Document};
use wirecopy::render::{HtmlRender, NoTexts, Render, Texts};
use wirecopy::report::Report;

use browser::{Browser, key};
use support::{feed, scan, words};

/// A report written to a file that goes with the value.
struct PageFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl PageFile {
    fn new(report: &Report, texts: &dyn Texts) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.html");
        HtmlRender::default().render(report, texts, &mut std::fs::File::create(&path).unwrap()).unwrap();
        Self { _folder: folder, path }
    }

    fn of_feed() -> Self {
        let corpus = feed::corpus();
        Self::new(&scan(&corpus), &corpus)
    }
}

/// Holds that the page asked for nothing but itself and complained of nothing.
#[track_caller]
fn assert_quiet(browser: &Browser, page: &PageFile) {
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let own = format!("file://{}", page.path.canonicalize().unwrap().display());
    for address in browser.requests() {
        let is_own = address.split('#').next() == Some(own.as_str()) || address == "about:blank";
        assert!(is_own, "the page asked for {address}");
    }
    let loaded = browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name);");
    assert_eq!(loaded, json!([]));
}

/// The texts of a column of the list that is shown.
fn column(browser: &Browser, number: usize) -> Vec<String> {
    let script = format!(
        "return [...document.querySelectorAll('.list tbody tr')].map((row) => row.cells[{number}].textContent);"
    );
    serde_json::from_value(browser.run(&script)).unwrap()
}

/// Sets a field of the filters as a reader does.
fn choose(browser: &Browser, name: &str, value: &str) {
    browser.run(&format!(
        "const field = document.querySelector('.filters [name={name}]'); field.value = {};
         field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', {{ bubbles: true }}));",
        json!(value)
    ));
}

#[test]
fn clusters_are_sorted_and_filtered_and_the_address_remembers_it() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::of_feed();
    browser.open(&page.path, "#clusters");
    browser.wait_until("document.querySelectorAll('.list tbody tr').length === 6");
    let sizes = column(&browser, 1);
    let mut sorted = sizes.clone();
    sorted.sort_by_key(|size| std::cmp::Reverse(size.parse::<usize>().unwrap()));
    assert_eq!(sizes, sorted, "the largest clusters come first");

    browser.run("document.querySelectorAll('.list .sort')[1].click();");
    sorted.reverse();
    assert_eq!(column(&browser, 1), sorted);
    let sort = "return document.querySelectorAll('.list th')[1].getAttribute('aria-sort');";
    assert_eq!(browser.run(sort), json!("ascending"));

    choose(&browser, "q", "Meteorite BOWLS");
    assert_eq!(column(&browser, 0).len(), 1);
    assert!(column(&browser, 0)[0].starts_with("Meteorite bowls a strike"));
    choose(&browser, "q", "");
    choose(&browser, "agency", "Associated Press");
    let of_agency = column(&browser, 0).len();
    assert!((1..6).contains(&of_agency), "{of_agency} clusters of the agency");
    choose(&browser, "show", "uncredited");
    let said = browser.run("return document.querySelector('.result').textContent;");
    assert!(said.as_str().unwrap().ends_with("of Associated Press"), "{said}");
    choose(&browser, "agency", "");
    choose(&browser, "show", "");
    choose(&browser, "source", "dunmorrow-ledger.example");
    choose(&browser, "source", "");
    choose(&browser, "role", "origin");
    let with_origin = column(&browser, 0);
    browser.run("window.kept = location.href; location.hash = '#overview';");
    browser.wait_until("!document.getElementById('view-overview').hidden");
    browser.run("history.back();");
    browser.wait_until("document.querySelector('.filters') !== null");
    assert_eq!(column(&browser, 0), with_origin, "going back keeps the filter");
    assert_quiet(&browser, &page);
}

#[test]
fn a_pair_opens_with_its_passages_side_by_side_linked_and_marked() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::of_feed();
    browser.open(&page.path, "#clusters?q=grain+elevator");
    browser.wait_until("document.querySelector('.list tbody a') !== null");
    browser.run("document.querySelector('.list tbody a').click();");
    browser.wait_until("document.querySelector('.timeline') !== null");
    let tree = "return [...document.querySelectorAll('.tree > li > .node .badge, .tree .tree .badge')].map((badge) => badge.textContent);";
    let badges = browser.run(tree);
    assert_eq!(badges[0], json!("origin"));
    assert_eq!(badges[1], json!("copy"));
    assert_eq!(browser.run("return document.querySelectorAll('.timeline .stamp').length;"), json!(3));

    browser.run("document.querySelector('.tree .tree a[href^=\"#pair\"]').click();");
    browser.wait_until("document.querySelectorAll('.pane .passage').length >= 2");
    let shared = browser.run(
        "return [...document.querySelectorAll('.pane .text')].map((pane) => pane.textContent.slice(0, 60));",
    );
    for side in [0, 1] {
        assert!(shared[side].as_str().unwrap().contains("grain elevator at Sorrel Gap"), "{shared}");
    }
    assert_ne!(browser.run("return document.querySelectorAll('.pane del, .pane ins').length;"), json!(0));
    browser.run("document.querySelector('.pane .handle').click();");
    browser.wait_until("document.querySelectorAll('.passage.active').length >= 2");
    let focused = "return document.querySelectorAll('.pane')[1].contains(document.activeElement);";
    assert_eq!(browser.run(focused), json!(true), "the other side's passage has the focus");
    assert_quiet(&browser, &page);
}

#[test]
fn everything_is_reached_with_the_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::of_feed();
    browser.open(&page.path, "");
    // A key that is pressed before the page is drawn is lost.
    for _ in 0..10 {
        if browser.run("return document.activeElement === document.body;") == json!(true) {
            browser.press(&[key::TAB]);
        }
    }
    assert_eq!(browser.run("return document.activeElement.className;"), json!("skip"));
    browser.press(&[key::ENTER]);
    browser.wait_until("document.activeElement.id === 'view'");
    browser.press(&[key::SHIFT, key::TAB]);
    browser.wait_until("document.activeElement.id === 'theme'");
    for theme in ["light", "dark", "system"] {
        browser.press(&[key::ENTER]);
        browser.wait_until(&format!("document.documentElement.dataset.theme === '{theme}'"));
    }
    browser.tab_to(".figures a[href='#clusters']");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.activeElement.matches('h1')");
    browser.tab_to(".filters input");
    browser.press(&['g', 'r', 'a', 'i', 'n']);
    browser.wait_until("document.querySelectorAll('.list tbody tr').length < 6");
    browser.tab_to(".sort");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.activeElement.closest('th')?.getAttribute('aria-sort') === 'ascending'");
    browser.tab_to(".list tbody a");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.querySelector('.tree') !== null && document.activeElement.matches('h1')");
    browser.tab_to(".tree .tree a[href^='#pair']");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.querySelector('.panes') !== null && document.activeElement.matches('h1')");
    browser.tab_to(".passages .go");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.activeElement.matches('.pane:first-child .handle')");
    browser.press(&[key::ENTER]);
    browser.wait_until("document.activeElement.matches('.pane:last-child .handle')");
    let outline = "return getComputedStyle(document.activeElement).outlineStyle;";
    assert_eq!(browser.run(outline), json!("solid"), "the focus is seen");
    assert_quiet(&browser, &page);
}

#[test]
fn every_view_opens_without_a_complaint() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::of_feed();
    for fragment in [
        "",
        "#overview",
        "#clusters",
        "#cluster/0",
        "#cluster/5",
        "#cluster/99",
        "#pairs",
        "#pair/0/1",
        "#pair/0/99",
        "#document/0",
        "#document/x",
        "#repeats",
        "#sources",
        "#skipped",
        "#nothing",
        "#clusters?sort=-nothing&page=9&agency=None",
    ] {
        browser.open(&page.path, fragment);
        browser.wait_until("document.title !== 'wirecopy report'");
        let headings = "return [...document.querySelectorAll('h1')].filter((heading) => heading.offsetParent !== null).length;";
        assert_eq!(browser.run(headings), json!(1), "{fragment}");
        let unnamed = "return [...document.querySelectorAll('a, button, input, select')].filter((control) => control.offsetParent !== null
            && !(control.textContent.trim() || control.getAttribute('aria-label') || control.labels?.length)).length;";
        assert_eq!(browser.run(unnamed), json!(0), "a control without a name in {fragment}");
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth;";
        assert_eq!(browser.run(wide), json!(true), "{fragment} scrolls sideways");
    }
    assert_quiet(&browser, &page);
}

const ATTACK: &str = "</script></style></title></noscript><script>window.broken = 1</script>\
    <img src=\"http://attack.invalid/\" onerror=\"window.broken = 1\">\u{202e}gnp.exe\u{2066}\0\u{1b}[2J\u{2028}--><!--&lt;\"'";

/// Documents that try to leave their place in the page by every string that
/// the input can set.
fn hostile_corpus() -> Corpus {
    let story = words::range(0..200);
    let giant = "x".repeat(1 << 20);
    let document = |id: &str, text: String| Document {
        id: format!("{id}{ATTACK}"),
        path: format!("{ATTACK}.txt").into(),
        text,
        title: Some(format!("{id} {ATTACK}")),
        url: Some("javascript:window.broken=1//".into()),
        source: Some(format!("{id}.{ATTACK}")),
        language: Some(ATTACK.into()),
        ..Document::default()
    };
    Corpus::try_new(vec![
        document("a", format!("{ATTACK} {story} {giant} (Source: {ATTACK})")),
        document("b", format!("{ATTACK} {story} {giant} end")),
        document("c", format!("{story} {story} {ATTACK}")),
    ])
    .unwrap()
}

#[test]
fn hostile_titles_and_texts_are_shown_as_text() {
    let Some(browser) = Browser::start() else { return };
    let corpus = hostile_corpus();
    let report = scan(&corpus);
    assert_eq!(
        (report.clusters.len(), report.repeats.len()),
        (1, 1),
        "the attack is looked at in every view"
    );
    let page = PageFile::new(&report, &corpus);
    for fragment in [
        "",
        "#clusters",
        "#cluster/0",
        "#pair/0/1",
        "#pair/0/2",
        "#document/0",
        "#document/2",
        "#repeats",
        "#sources",
        "#pairs",
    ] {
        browser.open(&page.path, fragment);
        browser.wait_until("document.title !== 'wirecopy report'");
        assert_eq!(browser.run("return window.broken ?? null;"), json!(null), "{fragment}");
        let foreign = "return document.querySelectorAll('img, iframe, object, body script:not([id]):not([type=module])').length;";
        assert_eq!(browser.run(foreign), json!(0), "{fragment}");
        let raw = "return /[\\0\\u001b\\u202a-\\u202e\\u2066-\\u2069]/.test(document.querySelector('main').innerText);";
        assert_eq!(browser.run(raw), json!(false), "a control character in {fragment}");
        assert_eq!(
            browser.run("return document.querySelectorAll('a[href^=\"javascript\"]').length;"),
            json!(0)
        );
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth;";
        assert_eq!(browser.run(wide), json!(true), "{fragment} scrolls sideways");
    }
    browser.open(&page.path, "#cluster/0");
    browser.wait_until("document.querySelector('.tree') !== null");
    let title = browser.run("return document.querySelector('#made h1').textContent;");
    let title = title.as_str().unwrap();
    assert!(title.contains("<script>window.broken = 1</script>") && title.contains("gnp.exe"), "{title}");
    browser.open(&page.path, "#pair/0/1");
    browser.wait_until("document.querySelector('.panes') !== null");
    let text = browser.run("return document.querySelector('.pane .text').textContent.slice(0, 400);");
    assert!(text.as_str().unwrap().contains("\\u{202e}gnp.exe"), "direction marks are written out: {text}");
    assert_quiet(&browser, &page);
}

#[test]
fn the_policy_stops_what_would_get_in_all_the_same() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::of_feed();
    browser.open(&page.path, "");
    browser.wait_until("document.title !== 'wirecopy report'");
    browser.run(
        "window.stopped = [];
         addEventListener('securitypolicyviolation', (event) => window.stopped.push(event.effectiveDirective));
         const script = document.createElement('script'); script.textContent = 'window.broken = 1';
         const style = document.createElement('style'); style.textContent = 'main { display: none }';
         const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png';
         document.body.append(script, style, image);",
    );
    browser.wait_until("window.stopped.length >= 3");
    assert_eq!(
        browser.run("return [window.broken ?? null, window.stopped.sort()];"),
        json!([null, ["img-src", "script-src-elem", "style-src-elem"]])
    );
    assert_ne!(browser.complaints(), Vec::<String>::new(), "the tests see what the console says");
}

#[test]
fn a_report_without_texts_says_so_and_shows_its_findings() {
    let Some(browser) = Browser::start() else { return };
    let page = PageFile::new(&scan(&feed::corpus()), &NoTexts);
    browser.open(&page.path, "");
    browser.wait_until("document.title !== 'wirecopy report'");
    assert_eq!(
        browser.run(
            "return document.querySelector('#view-overview > .notice').textContent.includes('--texts');"
        ),
        json!(true)
    );
    browser.open(&page.path, "#cluster/0");
    browser.wait_until("document.querySelector('.tree a[href^=\"#pair\"]') !== null");
    browser.run("document.querySelector('.tree a[href^=\"#pair\"]').click();");
    browser.wait_until("document.querySelectorAll('.pane .notice').length === 2");
    assert_quiet(&browser, &page);
}

#[test]
fn ten_thousand_clusters_stay_below_sixty_megabytes() {
    let (report, corpus) = large::report();
    assert_eq!(report.clusters.len(), 10_000);
    let page = PageFile::new(&report, &corpus);
    let bytes = std::fs::metadata(&page.path).unwrap().len();
    println!("{} documents, {} pairs, {bytes} bytes", report.documents.len(), report.pairs.len());
    assert!(bytes < 60_000_000, "{bytes} bytes");
}

/// Not a test but a measurement, for `benches/README.md`: how long it takes by
/// the clock until the list of ten thousand clusters is there, and what a
/// cluster and a pair then cost in seconds of CPU of the page's thread.
#[test]
#[ignore = "a measurement: cargo test --all-features --test html -- --ignored --nocapture"]
fn time_to_open_ten_thousand_clusters() {
    let Some(browser) = Browser::start() else { return };
    let (report, corpus) = large::report();
    let page = PageFile::new(&report, &corpus);
    let mut before = browser.cpu_seconds();
    let mut spent = || {
        let now = browser.cpu_seconds();
        now - std::mem::replace(&mut before, now)
    };
    for _ in 0..5 {
        browser.open(&page.path, "#clusters");
        browser.wait_until("document.querySelectorAll('.list tbody tr').length === 100");
        // The count begins anew with the page.
        spent();
        let loaded =
            "return Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd);";
        let clock = browser.run(loaded);
        browser.run("location.hash = '#cluster/7';");
        browser.wait_until("document.querySelector('.tree') !== null");
        let cluster = spent();
        browser.run("location.hash = '#pair/0/1';");
        browser.wait_until("document.querySelector('.panes') !== null");
        println!("list after {clock} ms, cluster {cluster:.2} s, pair {:.2} s", spent());
    }
}
