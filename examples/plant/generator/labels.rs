//! What is true of a feed, and the files that say it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use wirecopy::document::Span;

use super::{Kind, Labelled};

/// The labels of a feed, in the order of planting.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Labels {
    clusters: Vec<(String, String)>,
    pairs: Vec<(String, String, bool)>,
    pairs_by_kind: BTreeMap<Kind, Vec<(String, String, bool)>>,
    pub(super) spans: Vec<SpanLine>,
    shared_spans: Vec<SpanLine>,
    direction: Vec<(String, String)>,
    credits: Vec<(String, &'static str, String, Span)>,
    planted: Vec<PlantedLine>,
    ignored: Vec<(String, &'static str)>,
    members: Vec<MemberOf>,
}

/// Two spans that hold the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpanLine {
    pub(crate) doc1: String,
    pub(crate) span1: Span,
    pub(crate) doc2: String,
    pub(crate) span2: Span,
    pub(crate) kind: Kind,
}

/// How one document was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlantedLine {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// The documents it was made from; for a hard negative, none.
    pub(crate) origins: Vec<String>,
    /// Seconds from the (latest) origin.
    pub(crate) lag_s: Option<i64>,
    /// What became of the credit.
    pub(crate) credit: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
struct MemberOf {
    id: String,
    cluster: String,
    original: usize,
}

impl Labels {
    pub(super) fn cluster(&mut self, id: &str, cluster: &str) {
        self.clusters.push((id.to_owned(), cluster.to_owned()));
    }

    /// A member of a cluster of several, which negatives are drawn from too.
    pub(super) fn member(&mut self, id: &str, cluster: &str, original: usize) {
        self.cluster(id, cluster);
        self.members.push(MemberOf { id: id.to_owned(), cluster: cluster.to_owned(), original });
    }

    pub(super) fn take_members(&mut self) -> Vec<Labelled> {
        let members = std::mem::take(&mut self.members).into_iter();
        members.map(|m| Labelled { id: m.id, cluster: m.cluster, original: Some(m.original) }).collect()
    }

    pub(super) fn pair(&mut self, id1: &str, id2: &str, positive: bool) {
        self.pairs.push((id1.to_owned(), id2.to_owned(), positive));
    }

    pub(super) fn pair_of_kind(&mut self, kind: Kind, id1: &str, id2: &str, positive: bool) {
        let pairs = self.pairs_by_kind.entry(kind).or_default();
        pairs.push((id1.to_owned(), id2.to_owned(), positive));
    }

    pub(super) fn positives(&self) -> usize {
        self.pairs.iter().filter(|pair| pair.2).count()
    }

    pub(super) fn span(&mut self, line: SpanLine) {
        self.spans.push(line);
    }

    /// Words that two documents share without one being a copy.
    pub(super) fn shared_span(&mut self, line: SpanLine) {
        self.shared_spans.push(line);
    }

    pub(super) fn direction(&mut self, from: &str, to: &str) {
        self.direction.push((from.to_owned(), to.to_owned()));
    }

    pub(super) fn credit(&mut self, id: &str, (form, name, span): (&'static str, String, Span)) {
        self.credits.push((id.to_owned(), form, name, span));
    }

    pub(super) fn planted(&mut self, line: PlantedLine) {
        self.planted.push(line);
    }

    pub(super) fn ignore(&mut self, id: &str, reason: &'static str) {
        self.ignored.push((id.to_owned(), reason));
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.clusters.append(&mut other.clusters);
        self.pairs.append(&mut other.pairs);
        for (kind, mut pairs) in other.pairs_by_kind {
            self.pairs_by_kind.entry(kind).or_default().append(&mut pairs);
        }
        self.spans.append(&mut other.spans);
        self.shared_spans.append(&mut other.shared_spans);
        self.direction.append(&mut other.direction);
        self.credits.append(&mut other.credits);
        self.planted.append(&mut other.planted);
        self.ignored.append(&mut other.ignored);
        self.members.append(&mut other.members);
    }

    /// Documents planted of each kind.
    pub(crate) fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for line in &self.planted {
            *counts.entry(line.kind).or_default() += 1;
        }
        counts
    }

    /// Documents left out of the labels, by reason.
    pub(crate) fn ignored_counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (_, reason) in &self.ignored {
            *counts.entry(*reason).or_default() += 1;
        }
        counts
    }

    #[cfg(test)]
    pub(super) fn span_lines(&self) -> impl Iterator<Item = &SpanLine> {
        self.spans.iter().chain(&self.shared_spans)
    }

    #[cfg(test)]
    pub(super) fn planted_lines(&self) -> &[PlantedLine] {
        &self.planted
    }

    /// Every label file, by name.
    pub(crate) fn files(&self) -> io::Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        files.insert("clusters.tsv".into(), self.clusters_file()?);
        files.insert("pairs.tsv".into(), pairs_file(&self.pairs)?);
        for (kind, pairs) in &self.pairs_by_kind {
            files.insert(format!("pairs_{kind}.tsv"), pairs_file(pairs)?);
        }
        files.insert("kinds.tsv".into(), self.kinds_file()?);
        files.insert("spans.tsv".into(), spans_file(&self.spans)?);
        files.insert("spans_shared.tsv".into(), spans_file(&self.shared_spans)?);
        files.insert("direction.tsv".into(), self.direction_file()?);
        files.insert("credits.tsv".into(), self.credits_file()?);
        files.insert("planted.tsv".into(), self.planted_file()?);
        files.insert("ignore.tsv".into(), self.ignore_file()?);
        Ok(files)
    }

    fn clusters_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#id\tcluster\n".to_vec();
        for (id, cluster) in &self.clusters {
            writeln!(out, "{id}\t{cluster}")?;
        }
        Ok(out)
    }

    fn kinds_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#id1\tid2\tkind\n".to_vec();
        for (kind, pairs) in &self.pairs_by_kind {
            for (id1, id2, _) in pairs {
                writeln!(out, "{id1}\t{id2}\t{kind}")?;
            }
        }
        Ok(out)
    }

    fn direction_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#from\tto\n".to_vec();
        for (from, to) in &self.direction {
            writeln!(out, "{from}\t{to}")?;
        }
        Ok(out)
    }

    fn credits_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#id\tform\tname\ts\te\n".to_vec();
        for (id, form, name, span) in &self.credits {
            writeln!(out, "{id}\t{form}\t{name}\t{}\t{}", span.start, span.end)?;
        }
        Ok(out)
    }

    fn planted_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#id\tkind\torigins\tlag_s\tcredit\n".to_vec();
        for PlantedLine { id, kind, origins, lag_s, credit } in &self.planted {
            let lag_s = lag_s.map_or_else(|| "-".to_owned(), |lag| lag.to_string());
            let origins = if origins.is_empty() { "-".to_owned() } else { origins.join(" ") };
            writeln!(out, "{id}\t{kind}\t{origins}\t{lag_s}\t{}", credit.unwrap_or("-"))?;
        }
        Ok(out)
    }

    fn ignore_file(&self) -> io::Result<Vec<u8>> {
        let mut out = b"#id\treason\n\
            # short: too few tokens to plant into; alike, gray: overlaps other originals by nature;\n\
            # donor: its text was put into others, it is not in docs.jsonl; passage: an embedded passage or its\n\
            # origin, in no cluster and not in pairs.tsv; unfit: of which no passage could\n\
            # be taken that is its own and has one place\n"
            .to_vec();
        for (id, reason) in &self.ignored {
            writeln!(out, "{id}\t{reason}")?;
        }
        Ok(out)
    }
}

fn pairs_file(pairs: &[(String, String, bool)]) -> io::Result<Vec<u8>> {
    let mut out = b"#id1\tid2\tlabel\n".to_vec();
    for (id1, id2, positive) in pairs {
        writeln!(out, "{id1}\t{id2}\t{}", u8::from(*positive))?;
    }
    Ok(out)
}

fn spans_file(lines: &[SpanLine]) -> io::Result<Vec<u8>> {
    let mut out = b"#doc1\ts\te\tdoc2\ts\te\tkind\n".to_vec();
    for SpanLine { doc1, span1, doc2, span2, kind } in lines {
        let (Span { start, end }, Span { start: start2, end: end2 }) = (*span1, *span2);
        writeln!(out, "{doc1}\t{start}\t{end}\t{doc2}\t{start2}\t{end2}\t{kind}")?;
    }
    Ok(out)
}
