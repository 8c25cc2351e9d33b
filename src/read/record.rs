//! One record of a file of several: what was found for each field, and the
//! document it becomes.

use super::address::dated;
use super::fields::{Field, FieldMap, Wanted};
use super::html::page;
use super::source::Publishers;
use crate::document::{DatedBy, Document, Provenance, SpanBase};
use crate::time::Published;

/// The fields that are dates.
const DATES: [Field; 3] = [Field::Published, Field::Modified, Field::Embargo];

/// What was found so far. Of several places that hold something, the one of
/// the lowest rank wins; of one place that occurs twice, the last.
#[derive(Debug, Default)]
pub(crate) struct Record {
    values: [Option<Found<String>>; Field::ALL.len()],
    dates: [Option<Found<Published>>; DATES.len()],
    /// The first date that was not understood.
    odd_date: Option<String>,
    has_empty_text: bool,
    /// What stood where the text should, if it was no text.
    odd_text: Option<&'static str>,
    /// What had to be done to it.
    remark: Option<&'static str>,
}

#[derive(Debug)]
struct Found<T> {
    rank: usize,
    value: T,
}

/// A record that became a document.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The document, with an empty id if the record had none.
    pub(crate) document: Document,
    /// Its date, if none of its dates was understood.
    pub(crate) odd_date: Option<String>,
    /// What had to be done to it that a user should know.
    pub(crate) remark: Option<&'static str>,
}

impl Record {
    /// Whether a value for this field could still count.
    pub(crate) fn is_open(&self, wanted: Wanted) -> bool {
        self.rank(wanted.field).is_none_or(|rank| wanted.rank <= rank)
    }

    /// Whether it holds a value from a place of that very rank.
    pub(crate) fn holds(&self, wanted: Wanted) -> bool {
        self.rank(wanted.field) == Some(wanted.rank)
    }

    fn rank(&self, field: Field) -> Option<usize> {
        match date_index(field) {
            Some(index) => self.dates[index].as_ref().map(|found| found.rank),
            None => self.values[field as usize].as_ref().map(|found| found.rank),
        }
    }

    /// Takes a string.
    pub(crate) fn put(&mut self, wanted: Wanted, value: &str) {
        if !self.is_open(wanted) {
            return;
        }
        let rank = wanted.rank;
        let trimmed = value.trim();
        match wanted.field {
            _ if trimmed.is_empty() => self.has_empty_text |= wanted.field == Field::Text,
            Field::Text | Field::Id => self.set(wanted, value.to_owned()),
            field => match date_index(field) {
                None => self.set(wanted, trimmed.to_owned()),
                Some(index) => match Published::parse(trimmed) {
                    Some(value) => self.dates[index] = Some(Found { rank, value }),
                    None if field == Field::Published => self.put_odd_date(trimmed),
                    None => {}
                },
            },
        }
    }

    /// Takes a string for a field that keeps it as it is.
    pub(crate) fn put_whole(&mut self, wanted: Wanted, value: String) {
        match value.trim().is_empty() {
            _ if !self.is_open(wanted) => {}
            true => self.has_empty_text |= wanted.field == Field::Text,
            false => self.set(wanted, value),
        }
    }

    /// Takes note of what had to be done to it, if something had.
    pub(crate) fn note(&mut self, remark: Option<&'static str>) {
        self.remark = self.remark.or(remark);
    }

    /// Takes the text as it is, in place of any other.
    pub(crate) fn put_text(&mut self, text: String) {
        self.values[Field::Text as usize] = Some(Found { rank: 0, value: text });
    }

    /// Whether nothing was found for `field`, which is no date.
    pub(crate) fn is_missing(&self, field: Field) -> bool {
        self.values[field as usize].is_none()
    }

    /// What was found for `field`, which is no date.
    pub(crate) fn text_of(&self, field: Field) -> Option<&str> {
        self.values[field as usize].as_ref().map(|found| found.value.as_str())
    }

    /// Puts `value` where another was found.
    pub(crate) fn replace(&mut self, field: Field, value: String) {
        if let Some(found) = &mut self.values[field as usize] {
            found.value = value;
        }
    }

    /// Puts the value of `from` in the place of `to`, if that has none;
    /// neither is a date.
    pub(crate) fn copy(&mut self, from: Field, to: Field) {
        if let (Some(found), None) = (&self.values[from as usize], &self.values[to as usize]) {
            let copied = Found { rank: found.rank, value: found.value.clone() };
            self.values[to as usize] = Some(copied);
        }
    }

    /// Takes a number, given as its digits: a date or an id; no text.
    pub(crate) fn put_number(&mut self, wanted: Wanted, digits: &str) {
        match wanted.field {
            Field::Text => self.put_odd(wanted, "a number"),
            _ => self.put(wanted, digits),
        }
    }

    /// Takes note of a value that no field can be; `kind` says what it is.
    pub(crate) fn put_odd(&mut self, wanted: Wanted, kind: &'static str) {
        if wanted.field == Field::Text {
            self.odd_text.get_or_insert(kind);
        }
    }

    /// The document. The error is the reason why the record is none.
    pub(crate) fn finish(mut self, publishers: &mut Publishers) -> Result<Finished, Trouble> {
        let mut take = |field: Field| self.values[field as usize].take().map(|found| found.value);
        let (text, span_base) = match (take(Field::Text), take(Field::Html)) {
            (Some(text), _) => (text, SpanBase::Decoded),
            (None, Some(html)) => (page::text_of(&html), SpanBase::Extracted),
            (None, None) => match self.odd_text {
                Some(kind) => return Err(Trouble::OddText(kind)),
                None if self.has_empty_text => (String::new(), SpanBase::Decoded),
                None => return Err(Trouble::NoText),
            },
        };
        let [published, modified, embargo] = self.dates.map(|date| date.map(|found| found.value));
        let url = take(Field::Url);
        let of_address = || dated::day(url.as_deref()?);
        let (published, dated_by) = match (published, take(Field::DatedBy)) {
            (None, _) => of_address().map_or((None, None), |day| (Some(day), Some(DatedBy::Address))),
            // As it was written of a page that was read before.
            (Some(_), named) => (published, named.and_then(|name| DatedBy::of_name(&name))),
        };
        let provenance = Provenance {
            author: take(Field::Author),
            publisher: take(Field::Publisher),
            canonical: take(Field::Canonical),
            syndication_source: take(Field::SyndicationSource),
            original_source: take(Field::OriginalSource),
            based_on: take(Field::BasedOn),
            credit: take(Field::Credit),
            modified,
            embargo,
            version: take(Field::Version),
            feed: take(Field::Feed),
            folder: take(Field::Folder),
            dated_by,
        };
        let document = Document {
            id: take(Field::Id).unwrap_or_default(),
            span_base,
            text,
            title: take(Field::Title),
            url,
            source: take(Field::Source).and_then(|name| publishers.explicit(&name)),
            language: take(Field::Language),
            published,
            provenance: provenance.boxed(),
            ..Document::default()
        };
        let odd_date = self.odd_date.filter(|_| published.is_none());
        Ok(Finished { document, odd_date, remark: self.remark })
    }

    fn set(&mut self, wanted: Wanted, value: String) {
        self.values[wanted.field as usize] = Some(Found { rank: wanted.rank, value });
    }

    fn put_odd_date(&mut self, text: &str) {
        /// Characters of a date that are quoted.
        const QUOTED: usize = 60;
        self.odd_date.get_or_insert_with(|| text.chars().take(QUOTED).collect());
    }
}

fn date_index(field: Field) -> Option<usize> {
    match field {
        Field::Published => Some(0),
        Field::Modified => Some(1),
        Field::Embargo => Some(2),
        _ => None,
    }
}

/// Why a record is no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    NoText,
    OddText(&'static str),
}

impl Trouble {
    /// The reason, with where the text was looked for.
    pub(crate) fn reason(self, fields: &FieldMap) -> String {
        match self {
            Self::NoText => {
                /// Names that are listed.
                const LISTED: usize = 6;
                let names = fields.paths(Field::Text);
                let others = match names.len().saturating_sub(LISTED) {
                    0 => String::new(),
                    others => format!(" or {others} others"),
                };
                let names = names[..names.len().min(LISTED)].join(", ");
                format!(
                    "no text: the record has none of the fields {names}{others}; name the right one with --field \
                     text=PATH"
                )
            }
            Self::OddText(kind) => {
                format!("the text is {kind}, not a string; name another field with --field text=PATH")
            }
        }
    }
}
