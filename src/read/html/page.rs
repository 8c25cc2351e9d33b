//! Web pages: the article on one, and what the page says about it.
//!
//! The text is taken out by `dom_smoothie`, the algorithm of Firefox's reader
//! view, with its paragraphs. On the 181 pages of the article extraction
//! benchmark, by that benchmark's measure (4-word shingles), it reaches
//! precision 0.927, recall 0.989, F1 0.957, with one page below 0.5; the
//! `trafilatura` crate 0.6 reaches 0.939, 0.981, 0.960 with two, in about
//! twice the time and with twice the dependencies. Spans refer to the text,
//! which `wirecopy read` writes out.
//!
//! Where that finds nothing, the body that the page gives to search engines
//! counts, else all of its text, and a remark says so.

use dom_query::Document as Dom;
use dom_smoothie::{Config, Readability, TextMode};

use super::claims;
use super::text;
use crate::document::SpanBase;
use crate::read::adapter::{Adapter, Batch, Content, Context};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding::declared;
use crate::read::fields::{Field, Wanted};
use crate::read::format;
use crate::read::record::{Finished, Record};
use crate::read::source::Publishers;

/// Bytes of a page that is taken apart; the largest articles have some
/// hundred kilobytes of text. From larger ones the tags are taken away.
const MAX_PAGE_LEN: usize = 16 << 20;

/// A body for search engines counts as the text where what was extracted is
/// shorter than this share of it: the page shows a beginning only.
const MIN_SHARE_OF_BODY: f64 = 0.25;

/// Elements of an article that are not its text: captions name the maker of a
/// picture, often twice, and every outlet takes another picture.
const BESIDE_THE_TEXT: &str = "figcaption";

/// Said of pages past the limits.
const NOT_TAKEN_APART: &str = "too large or too deeply nested for a page: all text between its tags is taken, \
                               and nothing of what it says about itself";

/// Said of pages without an article.
const NO_ARTICLE: &str = "no article was found on the page: all of its text is taken";

/// The adapter.
pub(crate) struct Page;

impl Adapter for Page {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let bytes = content.into_bytes(context)?;
        let named = declared::in_page(&bytes);
        let decoded = declared::decode(bytes, named)?;
        batch.note_replaced(path, &decoded);
        let result = Ok(document(&decoded.text, None, Record::default(), &mut Publishers::default())?);
        let mut collector = Collector::new(path);
        collector.take(Parsed { line: None, result }, batch);
        collector.finish(batch);
        Ok(())
    }
}

/// The document on the page `html`, which was fetched from `address`; `record`
/// is what is known of it already.
pub(crate) fn document(
    html: &str,
    address: Option<&str>,
    mut record: Record,
    publishers: &mut Publishers,
) -> Result<Finished, String> {
    if let Some(address) = address {
        record.put(Wanted { field: Field::Url, rank: 0 }, address);
    }
    let (text, remark) = if html.len() > MAX_PAGE_LEN || text::is_too_deep(html) {
        (text::without_tags(html), Some(NOT_TAKEN_APART))
    } else {
        let dom = Dom::from(html);
        let claimed_body = claims::collect(&dom, html, &mut record);
        body(dom, html, claimed_body)
    };
    if record.is_missing(Field::Url) {
        // Without an address the name of the publisher is all there is.
        record.copy(Field::Publisher, Field::Source);
    }
    record.put_text(text);
    let mut finished = record.finish(publishers).map_err(|_| "a page without text".to_owned())?;
    finished.document.span_base = SpanBase::Extracted;
    finished.remark = remark.or(finished.remark);
    Ok(finished)
}

/// The text of `html` that a record holds: of the article, if it is a whole
/// page, else all of it.
pub(crate) fn text_of(html: &str) -> String {
    let is_whole = format::is_page(html.as_bytes());
    if !is_whole || html.len() > MAX_PAGE_LEN || text::is_too_deep(html) {
        return text::of_fragment(html).into_owned();
    }
    body(Dom::from(html), html, None).0
}

/// The text of the article, and what to say of it.
fn body(dom: Dom, html: &str, claimed: Option<String>) -> (String, Option<&'static str>) {
    dom.select(BESIDE_THE_TEXT).remove();
    let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
    let article = Readability::with_document(dom, None, Some(config)).and_then(|mut page| page.parse());
    let extracted = article.map(|article| article.text_content.trim().to_owned()).unwrap_or_default();
    match claimed {
        Some(claimed) if (extracted.len() as f64) < claimed.len() as f64 * MIN_SHARE_OF_BODY => {
            (claimed, None)
        }
        _ if extracted.is_empty() => (text::of(html), Some(NO_ARTICLE)),
        _ => (extracted, None),
    }
}
