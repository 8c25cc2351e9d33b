//! Tables in Parquet → the report that they are of.
//!
//! A table is one file or several, whose rows are in any order, as engines that
//! work side by side write them. What is sorted in a report is sorted here, so
//! the report is the one that was written; of its figures of the run, which no
//! table has, it counts documents and bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::document::{Skipped, Span};
use crate::error::Error;
use crate::report::{
    Cluster, CopiedFrom, Direction, DocumentEntry, ExactGroup, Member, Origin, Pair, Passage, Repeat, Report,
    SCHEMA, SourceEntry, Stats,
};

/// The files of one table, with their names.
pub type Files<'f> = Vec<(Cow<'f, Path>, File)>;

/// The report whose tables `files` gives, by their names.
///
/// # Errors
///
/// What `files` gives, a file that is no Parquet or damaged, and rows that are
/// not of a report.
pub fn read_tables<'f>(
    mut files: impl FnMut(&'static str) -> Result<Files<'f>, Error>,
) -> Result<Report, Error> {
    let mut table = |name: &'static str, of_row: &mut dyn FnMut(&Cells<'_>) -> Option<()>| {
        files(name)?.into_iter().try_for_each(|(path, file)| read(&path, file, of_row))
    };
    let mut report = Report::empty(params(&mut table)?);
    report.documents = all(&mut table, "documents", document)?;
    report.pairs = pairs(&mut table)?;
    report.clusters = clusters(&mut table)?;
    report.sources = sources(&mut table)?;
    report.repeats = repeats(&mut table)?;
    report.exact_groups = exact_groups(&mut table)?;
    report.skipped = all(&mut table, "skipped", |row| {
        let line = row.maybe_number("line")?.and_then(|line| u64::try_from(line).ok());
        let (path, reason) = (row.text("path")?, row.text("reason")?);
        Some(Skipped { path, line, document: row.maybe_text("document")?, reason })
    })?;
    report.documents.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    report.skipped.sort_unstable();
    let bytes = report.documents.iter().map(|document| document.bytes).sum();
    report.stats = Stats { documents: report.documents.len(), bytes, ..Stats::default() };
    Ok(report)
}

/// Gives the rows of a table to a function, which says nothing of a row that is
/// not of the table.
type ReadTable<'t> =
    &'t mut dyn FnMut(&'static str, &mut dyn FnMut(&Cells<'_>) -> Option<()>) -> Result<(), Error>;

/// What each row of a table is.
fn all<T>(
    table: ReadTable<'_>,
    name: &'static str,
    of_row: impl Fn(&Cells<'_>) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    table(name, &mut |row| {
        all.push(of_row(row)?);
        Some(())
    })?;
    Ok(all)
}

/// Reads one file.
fn read(path: &Path, file: File, of_row: &mut dyn FnMut(&Cells<'_>) -> Option<()>) -> Result<(), Error> {
    let wrong = |problem: String| Error::format(path, None, problem);
    // The crate panics at some of what a damaged file claims.
    let read = || -> Result<(), Error> {
        let no_table = |error: &dyn std::fmt::Display| wrong(format!("cannot be read as Parquet: {error}"));
        let reader = SerializedFileReader::new(file).map_err(|error| no_table(&error))?;
        let rows = reader.get_row_iter(None).map_err(|error| no_table(&error))?;
        for (number, row) in (1u64..).zip(rows) {
            let row = row.map_err(|error| no_table(&error))?;
            let of_other =
                || wrong(format!("row {number} is not of a table of reports; write the tables again"));
            of_row(&Cells(&row)).ok_or_else(of_other)?;
        }
        Ok(())
    };
    let damaged = |_| Err(wrong("is damaged; write the tables again".to_owned()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged)
}

/// A row, whose cells are asked for by name.
struct Cells<'r>(&'r Row);

impl Cells<'_> {
    fn of(&self, name: &str) -> Option<&Field> {
        self.0.get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field)
    }

    fn maybe_text(&self, name: &str) -> Option<Option<String>> {
        match self.of(name)? {
            Field::Str(text) => Some(Some(text.clone())),
            Field::Null => Some(None),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.maybe_text(name)?
    }

    fn maybe_number(&self, name: &str) -> Option<Option<i64>> {
        match self.of(name)? {
            Field::Long(number) => Some(Some(*number)),
            Field::Int(number) => Some(Some((*number).into())),
            Field::Null => Some(None),
            _ => None,
        }
    }

    fn count(&self, name: &str) -> Option<usize> {
        usize::try_from(self.maybe_number(name)??).ok()
    }

    fn maybe_ratio(&self, name: &str) -> Option<Option<f64>> {
        match self.of(name)? {
            Field::Double(ratio) => Some(Some(*ratio)),
            Field::Null => Some(None),
            _ => None,
        }
    }

    fn ratio(&self, name: &str) -> Option<f64> {
        self.maybe_ratio(name)?
    }

    fn maybe_flag(&self, name: &str) -> Option<Option<bool>> {
        match self.of(name)? {
            Field::Bool(flag) => Some(Some(*flag)),
            Field::Null => Some(None),
            _ => None,
        }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.maybe_flag(name)?
    }

    /// A value that is written as JSON.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(&self.text(name)?).ok()
    }

    /// A value that is written as its name.
    fn named<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(Value::String(self.text(name)?)).ok()
    }

    fn maybe_named<T: DeserializeOwned>(&self, name: &str) -> Option<Option<T>> {
        match self.maybe_text(name)? {
            None => Some(None),
            Some(named) => serde_json::from_value(Value::String(named)).ok().map(Some),
        }
    }

    fn span(&self, start: &str, end: &str) -> Option<Span> {
        Some(Span::new(self.count(start)?, self.count(end)?))
    }
}

fn params(table: ReadTable<'_>) -> Result<crate::params::Params, Error> {
    let rows = all(table, "params", |row| Some((row.text("name")?, row.json("value")?)))?;
    let mut all: Map<String, Value> = rows.into_iter().collect();
    let wrong = |problem: String| Error::format(Path::new("params"), None, problem);
    match all.remove("schema") {
        Some(Value::String(schema)) if schema == SCHEMA => {}
        other => {
            let found = other.map_or_else(|| "no schema".to_owned(), |schema| schema.to_string());
            return Err(wrong(format!("has {found} where \"{SCHEMA}\" should be; it is of another version")));
        }
    }
    serde_json::from_value(Value::Object(all))
        .map_err(|error| wrong(format!("are not those of a report: {error}")))
}

fn document(row: &Cells<'_>) -> Option<DocumentEntry> {
    let published = match row.maybe_text("published")? {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    Some(DocumentEntry {
        id: row.text("id")?,
        original_id: row.maybe_text("original_id")?,
        path: row.text("path")?,
        span_base: row.named("span_base")?,
        source: row.text("source")?,
        against: row.flag("against")?,
        title: row.maybe_text("title")?,
        url: row.maybe_text("url")?,
        published,
        dated_by: row.maybe_named("dated_by")?,
        language: row.maybe_text("language")?,
        bytes: row.count("bytes")?,
        tokens: row.count("tokens")?,
        too_short: row.flag("too_short")?,
        repeated_share: row.ratio("repeated_share")?,
        credits: row.json("credits")?,
    })
}

fn pairs(table: ReadTable<'_>) -> Result<Vec<Pair>, Error> {
    let mut passages: HashMap<(String, String), Vec<(usize, Passage)>> = HashMap::new();
    let rows = all(table, "passages", |row| {
        let passage = Passage {
            a: row.span("a_start", "a_end")?,
            b: row.span("b_start", "b_end")?,
            tokens: row.count("tokens")?,
            identity: row.ratio("identity")?,
            kind: row.named("kind")?,
            reason: row.text("reason")?.into(),
        };
        Some(((row.text("a")?, row.text("b")?), (row.count("passage")?, passage)))
    })?;
    rows.into_iter().for_each(|(of_pair, passage)| passages.entry(of_pair).or_default().push(passage));
    let mut pairs = all(table, "pairs", |row| {
        Some(Pair {
            a: row.text("a")?,
            b: row.text("b")?,
            verdict: row.named("verdict")?,
            reason: row.maybe_text("reason")?,
            jaccard: row.ratio("jaccard")?,
            counted_jaccard: row.maybe_ratio("counted_jaccard")?,
            containment_of_a_in_b: row.ratio("containment_of_a_in_b")?,
            containment_of_b_in_a: row.ratio("containment_of_b_in_a")?,
            coverage_of_a_by_b: row.ratio("coverage_of_a_by_b")?,
            coverage_of_b_by_a: row.ratio("coverage_of_b_by_a")?,
            passages: Vec::new(),
            direction: Direction {
                from: row.maybe_text("direction_from")?,
                confidence: row.ratio("direction_confidence")?,
                evidence: row.json("direction_evidence")?,
            },
        })
    })?;
    for pair in &mut pairs {
        let mut own = passages.remove(&(pair.a.clone(), pair.b.clone())).unwrap_or_default();
        own.sort_by_key(|(number, _)| *number);
        pair.passages = own.into_iter().map(|(_, passage)| passage).collect();
    }
    pairs.sort_unstable_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
    Ok(pairs)
}

fn clusters(table: ReadTable<'_>) -> Result<Vec<Cluster>, Error> {
    let mut members: HashMap<String, Vec<Member>> = HashMap::new();
    let rows = all(table, "members", |row| {
        let member = Member {
            document: row.text("document")?,
            source: row.text("source")?,
            role: row.named("role")?,
            primary: row.flag("primary")?,
            parent: row.maybe_text("parent")?,
            share_copied: row.ratio("share_copied")?,
            credited: row.maybe_flag("credited")?,
        };
        Some((row.text("cluster")?, member))
    })?;
    rows.into_iter().for_each(|(cluster, member)| members.entry(cluster).or_default().push(member));
    let mut clusters = all(table, "clusters", |row| {
        Some(Cluster {
            id: row.text("id")?,
            representative: row.text("representative")?,
            cohesion: row.ratio("cohesion")?,
            pairs_complete: row.flag("pairs_complete")?,
            independent_origins: row.count("independent_origins")?,
            origin: Origin {
                document: row.maybe_text("origin_document")?,
                source: row.maybe_text("origin_source")?,
                agency: row.maybe_text("origin_agency")?,
                outside: row.flag("origin_outside")?,
                confidence: row.ratio("origin_confidence")?,
                evidence: row.json("origin_evidence")?,
            },
            members: Vec::new(),
        })
    })?;
    for cluster in &mut clusters {
        cluster.members = members.remove(&cluster.id).unwrap_or_default();
        cluster.members.sort_unstable_by(|a, b| a.document.cmp(&b.document));
    }
    clusters.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(clusters)
}

fn sources(table: ReadTable<'_>) -> Result<Vec<SourceEntry>, Error> {
    let mut taken: HashMap<String, Vec<CopiedFrom>> = HashMap::new();
    let rows = all(table, "sources", |row| {
        let from = CopiedFrom {
            source: row.text("copied_from")?,
            documents: row.count("documents")?,
            credited: row.count("credited")?,
            tokens: row.count("tokens")?,
            median_lag_s: row.maybe_number("median_lag_s")?,
        };
        Some((row.text("source")?, from))
    })?;
    rows.into_iter().for_each(|(source, from)| taken.entry(source).or_default().push(from));
    let mut sources = all(table, "publishers", |row| {
        Some(SourceEntry {
            source: row.text("source")?,
            documents: row.count("documents")?,
            original: row.count("original")?,
            copied: row.count("copied")?,
            credited: row.count("credited")?,
            copied_from: Vec::new(),
        })
    })?;
    for entry in &mut sources {
        entry.copied_from = taken.remove(&entry.source).unwrap_or_default();
        entry.copied_from.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.source.cmp(&b.source)));
    }
    sources.sort_unstable_by(|a, b| a.source.cmp(&b.source));
    Ok(sources)
}

fn repeats(table: ReadTable<'_>) -> Result<Vec<Repeat>, Error> {
    type Place = (String, usize, usize, Span, usize, f64);
    let mut places: Vec<Place> = all(table, "repeats", |row| {
        let (document, repeat, place) = (row.text("document")?, row.count("repeat")?, row.count("place")?);
        Some((
            document,
            repeat,
            place,
            row.span("start", "end")?,
            row.count("tokens")?,
            row.ratio("identity")?,
        ))
    })?;
    places.sort_by(|a, b| (&a.0, a.1, a.2).cmp(&(&b.0, b.1, b.2)));
    let of_one = places.chunk_by(|a, b| (&a.0, a.1) == (&b.0, b.1));
    let repeat = |places: &[Place]| Repeat {
        document: places[0].0.clone(),
        spans: places.iter().map(|place| place.3).collect(),
        tokens: places[0].4,
        identity: places[0].5,
    };
    Ok(of_one.map(repeat).collect())
}

fn exact_groups(table: ReadTable<'_>) -> Result<Vec<ExactGroup>, Error> {
    let mut members: Vec<(String, String)> =
        all(table, "exact_groups", |row| Some((row.text("id")?, row.text("document")?)))?;
    members.sort_unstable();
    let group = |same: &[(String, String)]| ExactGroup {
        id: same[0].0.clone(),
        documents: same.iter().map(|(_, document)| document.clone()).collect(),
    };
    Ok(members.chunk_by(|a, b| a.0 == b.0).map(group).collect())
}
