//! WARC and WET: what crawlers keep. Web pages and plain texts that were
//! answered with success are documents; other records are counted and left.
//!
//! The framing (`records.rs`) is ours: the `warc` crate 0.4 reads whole
//! records of any size into memory, ends at the first that is damaged, and
//! adds to lengths it was told without a check. Memory is some records of at
//! most the limit for a document.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::http::Answer;
use super::records::{Next, RawRecord, Records};
use crate::document::SpanBase;
use crate::read::Note;
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding::declared;
use crate::read::fields::{Field, Wanted};
use crate::read::html::{self, page};
use crate::read::record::{Finished, Record};
use crate::read::source::Publishers;

/// Records read before they are parsed in parallel, and their bytes.
const TASK_RECORDS: usize = 256;
const TASK_BYTES: usize = 16 << 20;

/// The adapter.
pub(crate) struct Warc;

/// Whether `head` begins like a WARC file.
pub(crate) fn is_warc(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"WARC/") && memchr::memmem::find(head, b"WARC-Type").is_some()
}

impl Adapter for Warc {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let mut records = Records::new(content.into_stream(), context.max_document_bytes);
        let mut file = File { collector: Collector::new(path), left: 0 };
        let mut waiting: Vec<RawRecord> = Vec::new();
        let mut bytes = 0;
        let result = loop {
            match records.next() {
                Ok(Some(Next::Record(record))) => {
                    bytes += record.body.len();
                    waiting.push(record);
                    if waiting.len() < TASK_RECORDS && bytes < TASK_BYTES {
                        continue;
                    }
                    file.take_all(&waiting, context, batch);
                    waiting.clear();
                    bytes = 0;
                }
                Ok(Some(Next::TooLarge { len })) => {
                    file.take_all(&waiting, context, batch);
                    waiting.clear();
                    let result = Err(too_large(Some(len), context.max_document_bytes));
                    file.collector.take(Parsed { line: None, result }, batch);
                }
                Ok(Some(Next::Damage { offset, len })) => {
                    batch.skip_record(
                        path,
                        None,
                        format!(
                            "no record at byte {offset}, where one must begin; {len} bytes were passed over"
                        ),
                    );
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(format!("{} after byte {}", unreadable(&error), records.offset())),
            }
        };
        file.take_all(&waiting, context, batch);
        file.finish(path, batch);
        result
    }
}

/// The state of reading one file.
struct File<'a> {
    collector: Collector<'a>,
    /// Records that are no answers with a text.
    left: u64,
}

impl File<'_> {
    fn take_all(&mut self, records: &[RawRecord], context: &Context<'_>, batch: &mut Batch<'_>) {
        let parsed: Vec<Option<Result<Finished, String>>> =
            records.par_iter().map(|record| document(record, context.max_document_bytes)).collect();
        for (record, result) in records.iter().zip(parsed) {
            let Some(result) = result else {
                self.left += 1;
                continue;
            };
            let result = result.map_err(|reason| format!("the record at byte {}: {reason}", record.offset));
            self.collector.take(Parsed { line: None, result }, batch);
        }
        batch.flush();
    }

    fn finish(self, path: &str, batch: &mut Batch<'_>) {
        self.collector.finish(batch);
        if self.left > 0 {
            batch.notes.push(Note {
                path: path.to_owned(),
                line: None,
                text: format!("records that are no page or text, or no success, left out: {}", self.left),
            });
        }
    }
}

/// The document of one record; nothing if it is none.
fn document(record: &RawRecord, limit: u64) -> Option<Result<Finished, String>> {
    let answer = match record.kind.as_str() {
        "response" => {
            // What other protocols answered is no page.
            let is_http = record.content_type.is_empty() || record.content_type.contains("application/http");
            let Some(answer) = Answer::parse(&record.body) else {
                return is_http
                    .then(|| Err("no HTTP header before the answer; fetch the page again".to_owned()));
            };
            if !(200..300).contains(&answer.status) {
                return None;
            }
            answer
        }
        "resource" | "conversion" => Answer::of_body(&record.content_type, &record.body),
        _ => return None,
    };
    let is_page = matches!(answer.mime.as_str(), "text/html" | "application/xhtml+xml");
    if !is_page && answer.mime != "text/plain" {
        return None;
    }
    Some(text_of(record, &answer, is_page, limit))
}

fn text_of(record: &RawRecord, answer: &Answer<'_>, is_page: bool, limit: u64) -> Result<Finished, String> {
    let body = answer.decoded_body(limit)?;
    let named = answer.charset.or_else(|| declared::in_page(&body).filter(|_| is_page));
    let decoded = declared::decode(body.into_owned(), named)?;
    let mut publishers = Publishers::default();
    let mut text = Record::default();
    text.note((decoded.replaced > 0).then_some(declared::REPLACED));
    let mut finished = if is_page && html::text::has_tags(&decoded.text) {
        page::document(&decoded.text, Some(&record.address), text, &mut publishers)?
    } else {
        text.put(Wanted { field: Field::Url, rank: 0 }, &record.address);
        text.put_text(decoded.text);
        text.finish(&mut publishers).map_err(|_| "no text".to_owned())?
    };
    finished.document.id.clone_from(&record.id);
    finished.document.span_base = SpanBase::Extracted;
    Ok(finished)
}
