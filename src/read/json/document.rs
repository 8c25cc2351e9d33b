//! JSON documents: an array of objects, one object, or one that keeps its
//! records in a list.
//!
//! Records are cut out of the stream (`elements.rs`) and parsed in
//! parallel, in order, with the walk of JSON Lines.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use serde::de::IgnoredAny;

use super::elements::{Element, Elements};
use super::object;
use super::shape::{self, Shape};
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding::declared;
use crate::read::record::Finished;
use crate::read::source::Publishers;

/// Records parsed as one task.
const TASK_RECORDS: usize = 16;

/// Places at which a broken record is searched for others: enough for a block
/// of short ones.
const MAX_STARTS: usize = 10_000;

/// The adapter.
pub(crate) struct Json;

impl Adapter for Json {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let limit = context.max_document_bytes;
        let (head, rest) = content.into_utf8()?;
        let shape = shape::shape(&head, true, true).unwrap_or(Shape::Array);
        let mut elements = Elements::new(head, rest, shape, limit);
        let mut collector = Collector::new(path);
        let result = loop {
            match elements.next() {
                Ok(Some((bytes, found))) => {
                    for parsed in parse_all(&bytes, &found, context) {
                        collector.take(parsed, batch);
                    }
                    batch.flush();
                }
                Ok(None) => break Ok(()),
                Err(error) => {
                    break Err(format!("{} after record {}", unreadable(&error), collector.records()));
                }
            }
        };
        collector.finish(batch);
        result
    }
}

fn parse_all(bytes: &[u8], elements: &[Element], context: &Context<'_>) -> Vec<Parsed> {
    let tasks: Vec<Vec<Parsed>> = elements
        .par_chunks(TASK_RECORDS)
        .map(|elements| {
            let mut tools = Tools { context, scratch: String::new(), publishers: Publishers::default() };
            elements.iter().flat_map(|element| tools.parse(bytes, element)).collect()
        })
        .collect();
    tasks.into_iter().flatten().collect()
}

/// What serves one record after the other.
struct Tools<'a> {
    context: &'a Context<'a>,
    scratch: String,
    publishers: Publishers,
}

impl Tools<'_> {
    /// The record of `element`; if it is broken, also those it swallowed.
    fn parse(&mut self, bytes: &[u8], element: &Element) -> Vec<Parsed> {
        let Some(place) = element.place.clone() else {
            let reason = too_large(Some(element.len), self.context.max_document_bytes);
            return vec![Parsed { line: Some(element.line), result: Err(reason) }];
        };
        let bytes = &bytes[place];
        let mut result = self.record(bytes);
        if let (Err(Broken(reason)), false) = (&mut result, element.is_whole) {
            *reason = format!("the record is not closed before the next one or the end ({reason})");
        }
        let is_broken = matches!(result, Err(Broken(_)));
        let result = result.map_err(Broken::into_reason).and_then(|result| result);
        let mut all = vec![Parsed { line: Some(element.line), result }];
        if is_broken {
            all.extend(self.swallowed(bytes, element.line));
        }
        all
    }

    /// One object. The outer error is one of the JSON.
    fn record(&mut self, bytes: &[u8]) -> Result<Result<Finished, String>, Broken> {
        let (text, remark) = declared::decode_part(bytes).map_err(Broken)?;
        let mut record = object::read(&text, self.context.tree, &mut self.scratch).map_err(Broken)?;
        record.note(remark);
        Ok(record.finish(&mut self.publishers).map_err(|trouble| trouble.reason(self.context.fields)))
    }

    /// The documents in `bytes`, a broken record on `line`, that begin where
    /// another ends: a quote too many makes one of several.
    fn swallowed(&mut self, bytes: &[u8], line: u64) -> Vec<Parsed> {
        let mut found = Vec::new();
        let mut behind = 0;
        for start in memchr::memmem::find_iter(bytes, b"{\"").take(MAX_STARTS) {
            let before = bytes[..start].trim_ascii_end();
            let is_next =
                before.strip_suffix(b",").is_some_and(|before| before.trim_ascii_end().ends_with(b"}"));
            if start < behind || !is_next {
                continue;
            }
            let mut values = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
            if let Some(Ok(_)) = values.next() {
                let end = start + values.byte_offset();
                if let Ok(Ok(finished)) = self.record(&bytes[start..end]) {
                    let line = line + memchr::memchr_iter(b'\n', &bytes[..start]).count() as u64;
                    found.push(Parsed { line: Some(line), result: Ok(finished) });
                    behind = end;
                }
            }
        }
        found
    }
}

/// Why a record is no JSON.
struct Broken(String);

impl Broken {
    fn into_reason(self) -> String {
        self.0
    }
}
