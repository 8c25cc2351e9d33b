//! Documents → what is known of each beside its text: metadata, credits, repeats.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::extract::{FAULT, Row, documents};
use super::rows::{Cell, Kind, Rows, maybe, of};
use super::{Settings, Step};
use crate::attribute::agency::Agencies;
use crate::attribute::credit;
use crate::attribute::outlet::Outlets;
use crate::attribute::versions;
use crate::document::{Document, Provenance, SpanBase};
use crate::error::Error;
use crate::params::Params;
use crate::passage::kind::Side;
use crate::passage::prepared::Preparer;
use crate::pipeline::{DocumentRepeats, repeats_of};
use crate::report::Credit;
use crate::time::Published;

/// A document without its text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Described {
    id: String,
    original_id: Option<String>,
    path: String,
    line: Option<u64>,
    record: u64,
    span_base: SpanBase,
    title: Option<String>,
    url: Option<String>,
    source: Option<String>,
    published: Option<Published>,
    against: bool,
    language: Option<String>,
    provenance: Option<Provenance>,
    /// As much of the text as versions are told by.
    text: String,
    pub(super) bytes: usize,
    pub(super) tokens: u32,
    pub(super) credits: Vec<Credit>,
    pub(super) repeats: Option<DocumentRepeats>,
}

impl Described {
    fn new(document: Document, tokens: u32) -> Self {
        // All fields are named, so that a new one cannot be forgotten.
        let Document {
            id,
            original_id,
            path,
            line,
            record,
            span_base,
            text,
            title,
            url,
            source,
            published,
            is_against,
            language,
            provenance,
        } = document;
        Self {
            id,
            original_id,
            path: path.to_string(),
            line,
            record,
            span_base,
            title,
            url,
            source,
            published,
            against: is_against,
            language,
            provenance: provenance.map(|told| *told),
            bytes: text.len(),
            text: versions::needed_of(&text).to_owned(),
            tokens,
            credits: Vec::new(),
            repeats: None,
        }
    }

    /// The document as far as it is known.
    pub(super) fn take_document(&mut self) -> Document {
        Document {
            id: std::mem::take(&mut self.id),
            original_id: self.original_id.take(),
            path: self.path.as_str().into(),
            line: self.line,
            record: self.record,
            span_base: self.span_base,
            text: std::mem::take(&mut self.text),
            title: self.title.take(),
            url: self.url.take(),
            source: self.source.take(),
            published: self.published,
            is_against: self.against,
            language: self.language.take(),
            provenance: self.provenance.take().and_then(Provenance::boxed),
        }
    }
}

/// `describe`: see [`super`].
pub(super) struct Describe {
    params: Params,
    agencies: Cow<'static, Agencies>,
    outlets: Outlets,
    preparer: Preparer,
    rows: Rows,
}

impl Describe {
    pub(super) fn new(settings: Settings) -> Self {
        let agencies = Agencies::with(&settings.params.agencies);
        let columns = [of("doc", Kind::Number), maybe("data", Kind::Bytes), maybe("error", Kind::Text)];
        Self {
            outlets: Outlets::new(&agencies, settings.outlets.iter().map(String::as_str)),
            agencies,
            preparer: Preparer::new(&settings.params),
            params: settings.params,
            rows: Rows::new(&columns),
        }
    }

    fn described(&mut self, document: Document, tokens: u32, may_repeat: bool) -> Described {
        let mut credits = credit::credits_of(&document, &self.agencies);
        credits.iter_mut().for_each(|credit| self.outlets.hint(credit));
        let repeats = may_repeat.then(|| {
            let prepared = self.preparer.prepare_for_repeats(&document.text);
            repeats_of(&self.params, Side { text: &document.text, prepared: &prepared })
        });
        Described { credits, repeats: repeats.flatten(), ..Described::new(document, tokens) }
    }
}

impl Step for Describe {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (numbers, tokens) = (columns.keys("doc")?, columns.numbers("tokens")?);
        let may_repeat = columns.flags("may_repeat")?;
        for (row, Row { mut document, problem }) in documents(batch)?.into_iter().enumerate() {
            let tokens = u32::try_from(tokens.value(row)).unwrap_or(0);
            let may_repeat = may_repeat.is_valid(row) && may_repeat.value(row);
            let text = std::mem::take(&mut document.text);
            let bare = document.clone();
            document.text = text;
            let described = catch_unwind(AssertUnwindSafe(|| self.described(document, tokens, may_repeat)));
            let error = if described.is_err() { Some(FAULT) } else { problem.as_deref() };
            if described.is_err() {
                self.preparer = Preparer::new(&self.params);
            }
            let described = described.unwrap_or_else(|_| Described::new(bare, tokens));
            let data = serde_json::to_vec(&described).expect("a document is an object of JSON");
            self.rows.push([Cell::Number(numbers[row]), Cell::Bytes(&data), Cell::text(error)]);
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}
