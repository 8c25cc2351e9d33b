//! Texts → sketches, and what a sample of a collection says of its words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::columns::Columns;
use super::extract::{FAULT, Row, documents};
use super::rows::{Cell, Column, Kind, Rows, maybe, of};
use super::{Settings, Step};
use crate::attribute::outlet;
use crate::attribute::source::source_of;
use crate::candidates::bands;
use crate::document::{DocId, Document};
use crate::error::Error;
use crate::noise::{Judge, Sample, Words};
use crate::params::{Level, Noise, Params};
use crate::pipeline;
use crate::sketch::posting::{MAX_CHUNK, PARTITIONS, Postings, whole_key};
use crate::sketch::{Chunk, Sketcher, letters};

const SKETCHES: &[Column] = &[
    of("doc", Kind::Number),
    of("tokens", Kind::Number),
    of("bytes", Kind::Number),
    of("digest", Kind::Bytes),
    of("may_repeat", Kind::Flag),
    of("publisher", Kind::Text),
    of("outlets", Kind::Texts),
    of("signature", Kind::Bytes),
    of("bands", Kind::Numbers),
    of("shingles", Kind::Numbers),
    of("triples", Kind::Numbers),
    of("noise_words", Kind::Number),
    of("noise_misread", Kind::Number),
    of("noisy", Kind::Flag),
    maybe("error", Kind::Text),
];

/// Which documents of a collection its words are counted in: those whose number
/// one of the two divides.
pub fn noise_sample(documents: usize, bytes: usize) -> [usize; 2] {
    let sample = Sample::new(documents, bytes);
    [sample.counted, sample.read]
}

/// The words of the documents that [`noise_sample`] names, counted: `doc` and
/// `text` of each, in any order, of a collection of so many documents and bytes.
///
/// # Errors
///
/// A column that is missing or of another type.
pub fn noise_words(sample: &[RecordBatch], documents: usize, bytes: usize) -> Result<Vec<u8>, Error> {
    let mut texts: HashMap<DocId, &str> = HashMap::new();
    for batch in sample {
        let columns = Columns(batch);
        let column = columns.texts("text")?;
        let numbers = columns.documents("doc")?;
        texts.extend(
            numbers.into_iter().enumerate().map(|(row, id)| (id, column.at(row).unwrap_or_default())),
        );
    }
    let text_of = |id: DocId| Cow::Borrowed(texts.get(&id).copied().unwrap_or_default());
    Ok(Words::new(&Sample::new(documents, bytes), &text_of).to_bytes())
}

/// Whether a collection of so many bytes of text was scanned, by the sums of
/// `noise_words` and `noise_misread` over all documents: then all of them are noisy.
pub fn is_scanned((words, misread): (u64, u64), bytes: usize, params: &Params) -> bool {
    params.level == Level::Passages
        && params.noise == Noise::Auto
        && crate::noise::is_scanned(words, misread, bytes)
}

/// Whether letters of all documents are sampled where so many of them are
/// noisy.
pub fn needs_letters(noisy: usize, documents: usize) -> bool {
    pipeline::are_letters_worth_it(noisy, documents)
}

/// `sketch`: see [`super`].
pub(super) struct Sketch {
    params: Params,
    words: Option<Words>,
    sketcher: Sketcher,
    keys: bands::Keys,
    judge: Judge,
    rows: Rows,
}

impl Sketch {
    pub(super) fn try_new(settings: Settings) -> Result<Self, Error> {
        let params = settings.params;
        let is_asked = params.level == Level::Passages && params.noise == Noise::Auto;
        let words = match settings.words {
            Some(bytes) if is_asked => {
                let wrong = || {
                    Error::param("words", format!("{} bytes", bytes.len()), "what noise_words gave".into())
                };
                Some(Words::of_bytes(&bytes).ok_or_else(wrong)?)
            }
            None if is_asked => {
                let cure =
                    "what noise_words gave, by which misread documents are told, unless noise is clean";
                return Err(Error::param("words", "not given".to_owned(), cure.to_owned()));
            }
            _ => None,
        };
        Ok(Self {
            words,
            sketcher: Sketcher::new(&params),
            keys: bands::Keys::new(&params),
            judge: Judge::default(),
            rows: Rows::new(SKETCHES),
            params,
        })
    }

    /// Sketches documents that one chunk can hold.
    fn add(&mut self, numbers: &[i64], documents: &[Document]) {
        let texts = documents.iter().map(|document| &document.text);
        let chunk = catch_unwind(AssertUnwindSafe(|| self.sketcher.sketch(texts)));
        match chunk {
            Ok(chunk) => {
                let columns =
                    [lists(chunk.postings(), documents.len()), lists(chunk.triples(), documents.len())];
                let [shingles, triples] = &columns;
                for (at, document) in documents.iter().enumerate() {
                    self.push(numbers[at], document, (&chunk, at), [&shingles[at], &triples[at]]);
                }
            }
            Err(_) if documents.len() == 1 => {
                self.sketcher = Sketcher::new(&self.params);
                self.push_fault(numbers[0], FAULT);
            }
            // One of them is at fault.
            Err(_) => {
                self.sketcher = Sketcher::new(&self.params);
                for (number, document) in numbers.iter().zip(documents) {
                    self.add(std::slice::from_ref(number), std::slice::from_ref(document));
                }
            }
        }
    }

    fn push(&mut self, number: i64, document: &Document, (chunk, at): (&Chunk, usize), lists: [&[i64]; 2]) {
        let Self { params, words, keys, judge, rows, .. } = self;
        let judged = words.as_ref().map(|words| judge.judge(&document.text, words)).unwrap_or_default();
        let whole = |number: u64| Cell::Number(i64::try_from(number).unwrap_or(i64::MAX));
        let signature = chunk.signature(at);
        let words: Vec<u8> = signature.iter().flat_map(|word| word.to_le_bytes()).collect();
        let bands: Vec<i64> = keys.of(signature).map(|key| key as i64).collect();
        let is_noisy = match params.noise {
            _ if params.level == Level::Documents => false,
            Noise::Ocr => true,
            Noise::Clean => false,
            Noise::Auto => judged.is_noisy,
        };
        let [shingles, triples] = lists;
        rows.push([
            Cell::Number(number),
            Cell::count(chunk.tokens(at)),
            Cell::count(document.text.len()),
            Cell::Bytes(&chunk.digest(at).to_le_bytes()),
            Cell::Flag(chunk.may_repeat(at)),
            Cell::Text(&source_of(document, &[])),
            Cell::Texts(&outlet::named_by(document)),
            Cell::Bytes(&words),
            Cell::Numbers(&bands),
            Cell::Numbers(shingles),
            Cell::Numbers(triples),
            whole(judged.words),
            whole(judged.misread),
            Cell::Flag(is_noisy),
            Cell::Nothing,
        ]);
    }

    /// A document that is like one without a word.
    fn push_fault(&mut self, number: i64, problem: &str) {
        self.rows.push([
            Cell::Number(number),
            Cell::Number(0),
            Cell::Number(0),
            Cell::Bytes(&0u128.to_le_bytes()),
            Cell::Flag(false),
            Cell::Text(""),
            Cell::Texts(&[]),
            Cell::Bytes(&[]),
            Cell::Numbers(&[]),
            Cell::Numbers(&[]),
            Cell::Numbers(&[]),
            Cell::Number(0),
            Cell::Number(0),
            Cell::Flag(false),
            Cell::Text(problem),
        ]);
    }
}

impl Step for Sketch {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let numbers = Columns(batch).keys("doc")?;
        let mut known: (Vec<i64>, Vec<Document>) = (Vec::new(), Vec::new());
        for (&number, Row { document, problem }) in numbers.iter().zip(documents(batch)?) {
            match problem {
                Some(problem) => self.push_fault(number, &problem),
                None => known.extend([(number, document)]),
            }
        }
        for (numbers, documents) in known.0.chunks(MAX_CHUNK).zip(known.1.chunks(MAX_CHUNK)) {
            self.add(numbers, documents);
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}

/// `letters`: see [`super`].
pub(super) struct LettersStep {
    rows: Rows,
}

impl Default for LettersStep {
    fn default() -> Self {
        Self { rows: Rows::new(&[of("doc", Kind::Number), of("letters", Kind::Numbers)]) }
    }
}

impl Step for LettersStep {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let columns = Columns(batch);
        let (numbers, texts) = (columns.keys("doc")?, columns.texts("text")?);
        for first in (0..columns.len()).step_by(MAX_CHUNK) {
            let rows = first..columns.len().min(first + MAX_CHUNK);
            let found = letters::sketch(rows.clone().map(|row| texts.at(row).unwrap_or_default()));
            for (row, letters) in rows.clone().zip(lists(&found, rows.len())) {
                self.rows.push([Cell::Number(numbers[row]), Cell::Numbers(&letters)]);
            }
        }
        Ok(self.rows.take())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.rows.finish())
    }
}

/// The postings of each document of a chunk, with their whole keys.
fn lists(postings: &Postings, documents: usize) -> Vec<Vec<i64>> {
    let mut lists = vec![Vec::new(); documents];
    for partition in 0..PARTITIONS {
        for posting in postings.partition(partition) {
            lists[posting.document()].push(whole_key(partition, posting.key()) as i64);
        }
    }
    lists
}
