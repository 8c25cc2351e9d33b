use serde_json::Value;

use super::*;
use crate::document::Corpus;
use crate::render::check::{self, Hostile};
use crate::render::{NoTexts, sample};

fn page(report: &Report, texts: &dyn Texts, text_budget: usize) -> String {
    let mut out = Vec::new();
    HtmlRender { text_budget }.render(report, texts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The content of a block of data, unpacked where it is.
fn block(page: &str, name: &str) -> Value {
    let (before, rest) = page.split_once(&format!(" id=\"data-{name}\">")).unwrap();
    let content = rest.split_once("</script>").unwrap().0;
    if before.ends_with("\"application/json\"") {
        return serde_json::from_str(content).unwrap();
    }
    let digits = content.trim_end_matches('=');
    let value = |digit: u8| match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: Vec<u8> =
        digits.bytes().flat_map(|d| (0..6).rev().map(move |bit| value(d) >> bit & 1)).collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    serde_json::from_reader(flate2::read::GzDecoder::new(bytes.as_slice())).unwrap()
}

fn sample_page() -> String {
    page(&sample::report(), &sample::corpus(), DEFAULT_TEXT_BUDGET)
}

#[test]
fn the_policy_names_exactly_the_script_and_the_style_of_the_page() {
    let page = sample_page();
    for (open, close) in [("<style>", "</style>"), ("<script type=\"module\">", "</script>")] {
        let content = page.split(open).nth(1).unwrap().split(close).next().unwrap();
        assert!(page.contains(&format!("'sha256-{}'", sha256_base64(content))), "{open}");
        // A browser hashes what it reads, and reads every line end as one byte.
        assert!(!content.contains('\r'));
    }
    assert!(page.contains("default-src 'none';") && !page.contains("unsafe"));
    // No more elements that run or style, no handlers, nothing to load.
    assert_eq!(page.matches("<script").count(), 4);
    for forbidden in
        ["<style ", " style=", " onclick", " src=", "<link", "@import", "url(", "innerHTML", "eval("]
    {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn findings_are_complete_whatever_the_budget() {
    let report = sample::report();
    for budget in [0, 1_000, DEFAULT_TEXT_BUDGET] {
        let page = page(&report, &sample::corpus(), budget);
        let (core, pairs) = (block(&page, "core"), block(&page, "pairs"));
        assert_eq!(core["clusters"].as_array().unwrap().len(), report.clusters.len());
        assert_eq!(core["repeats"].as_array().unwrap().len(), report.repeats.len());
        assert_eq!(core["skipped"].as_array().unwrap().len(), report.skipped.len());
        let found: Vec<usize> = (pairs["pairs"].as_array().unwrap().iter())
            .map(|pair| pair["passages"].as_array().unwrap().len())
            .collect();
        let expected: Vec<usize> = report.pairs.iter().map(|pair| pair.passages.len()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn numbers_stand_for_the_documents_that_the_report_names() {
    let (report, page) = (sample::report(), sample_page());
    let (core, pairs) = (block(&page, "core"), block(&page, "pairs"));
    let id = |number: &Value| core["documents"][number.as_u64().unwrap() as usize]["id"].clone();
    for (row, pair) in pairs["pairs"].as_array().unwrap().iter().zip(&report.pairs) {
        assert_eq!((id(&row["a"]), id(&row["b"])), (pair.a.as_str().into(), pair.b.as_str().into()));
        for (passage, expected) in row["passages"].as_array().unwrap().iter().zip(&pair.passages) {
            assert_eq!(passage[0], expected.a.start);
            assert_eq!(passage[3], expected.b.end);
            assert_eq!(pairs["reasons"][passage[7].as_u64().unwrap() as usize], expected.reason.as_ref());
        }
    }
    for (row, cluster) in core["clusters"].as_array().unwrap().iter().zip(&report.clusters) {
        for (member, expected) in row["members"].as_array().unwrap().iter().zip(&cluster.members) {
            assert_eq!(id(&member["document"]), expected.document);
        }
    }
    let texts = block(&page, "texts");
    for document in core["documents"].as_array().unwrap() {
        let place = document["text"].as_u64().unwrap() as usize;
        let text = Texts::text(&sample::corpus(), document["id"].as_str().unwrap()).unwrap().into_owned();
        assert_eq!(texts[place], text);
    }
}

#[test]
fn the_budget_bounds_the_texts_and_the_page_says_what_it_lacks() {
    let report = sample::report();
    let all = page(&report, &sample::corpus(), DEFAULT_TEXT_BUDGET);
    assert!(!all.contains("--text-budget to see"));
    for budget in [0, 700, 2_000] {
        let page = page(&report, &sample::corpus(), budget);
        let texts = block(&page, "texts");
        let bytes: usize = texts.as_array().unwrap().iter().map(|text| text.to_string().len() + 1).sum();
        assert!(bytes <= budget, "{bytes} bytes of texts in a budget of {budget}");
        assert!(page.contains("Raise the limit with --text-budget to see all texts."));
    }
    let none = page(&report, &sample::corpus(), 0);
    assert!(!none.contains("port authority"), "a report without texts holds no beginnings of them");
    let absent = page(&report, &NoTexts, DEFAULT_TEXT_BUDGET);
    assert!(absent.contains("made without the texts"));
}

#[test]
fn equal_texts_are_embedded_once() {
    let (report, corpus) = (sample::report(), sample::corpus());
    let mut twins = corpus.documents().to_vec();
    let upper = twins.iter().position(|document| document.id == "courier/77-mobile").unwrap();
    twins[upper].text = Texts::text(&corpus, "courier/77").unwrap().into_owned();
    let count = |corpus: &Corpus| {
        block(&page(&report, corpus, DEFAULT_TEXT_BUDGET), "texts").as_array().unwrap().len()
    };
    assert_eq!(count(&Corpus::try_new(twins).unwrap()) + 1, count(&corpus));
}

#[test]
fn hostile_strings_stay_inside_their_place() {
    let page = page(&check::hostile_report(), &Hostile, DEFAULT_TEXT_BUDGET);
    assert_eq!(page.matches("<script").count(), 4);
    let (before, _) = page.split_once("<script type=\"application/json\"").unwrap();
    let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{200b}\u{2028}".contains(c);
    assert!(!before.contains(bad));
    for name in ["core", "pairs", "texts"] {
        block(&page, name);
    }
}

#[test]
fn an_empty_report_is_a_page_that_says_so() {
    let page = page(&check::empty_report(), &NoTexts, DEFAULT_TEXT_BUDGET);
    assert!(page.contains("0 documents") && page.ends_with("</html>\n"));
    assert_eq!(block(&page, "core")["clusters"].as_array().unwrap().len(), 0);
}

#[test]
fn the_same_report_gives_the_same_page() {
    assert_eq!(sample_page(), sample_page());
}

#[test]
fn a_writer_that_fails_is_reported_with_its_own_error() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = HtmlRender::default().render(&sample::report(), &NoTexts, &mut Closed).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}
