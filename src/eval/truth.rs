//! Label files of six kinds. Any other number of columns than the kind's is
//! an error.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::kinds::Kinds;
use super::lines::{Lines, Numbered, two_documents};
use crate::document::Span;
use crate::error::Error;

/// The six kinds of label file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TruthKind {
    /// `id cluster`
    Clusters,
    /// `id1 id2 0|1`
    Pairs,
    /// `id1 id2 n1 n2 shared jaccard containment`
    Exact,
    /// `doc1 s e doc2 s e kind`
    Spans,
    /// `from to`
    Direction,
    /// `child parent`
    Derivation,
}

impl TruthKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Clusters, Self::Pairs, Self::Exact, Self::Spans, Self::Direction, Self::Derivation];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clusters => "clusters",
            Self::Pairs => "pairs",
            Self::Exact => "exact",
            Self::Spans => "spans",
            Self::Direction => "direction",
            Self::Derivation => "derivation",
        }
    }

    /// The columns of a label line, tab-separated in the file.
    pub fn columns(self) -> &'static str {
        match self {
            Self::Clusters => "id cluster",
            Self::Pairs => "id1 id2 0|1",
            Self::Exact => "id1 id2 n1 n2 shared jaccard containment",
            Self::Spans => "doc1 s e doc2 s e kind",
            Self::Direction => "from to",
            Self::Derivation => "child parent",
        }
    }
}

/// One document's true cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterLabel {
    /// The document.
    pub id: String,
    /// Its cluster; the name means nothing beyond being the same.
    pub cluster: String,
}

/// Whether two documents belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairLabel {
    /// One document.
    pub id1: String,
    /// The other.
    pub id2: String,
    /// Whether they are copies or versions of one text.
    pub positive: bool,
    /// A name under which pairs are measured together, from a file of
    /// [`Kinds`].
    pub kind: Option<String>,
}

/// The overlap of two documents, counted exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactLabel {
    /// One document.
    pub id1: String,
    /// The other.
    pub id2: String,
    /// Distinct shingles of the first.
    pub n1: u64,
    /// Distinct shingles of the second.
    pub n2: u64,
    /// Distinct shingles of both.
    pub shared: u64,
    /// Their Jaccard similarity.
    pub jaccard: f64,
    /// Containment of the smaller set in the larger.
    pub containment: f64,
}

/// Two spans that hold the same passage; within one document, a repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanLabel {
    /// One document.
    pub doc1: String,
    /// The passage in it.
    pub span1: Span,
    /// The other document, or the same one.
    pub doc2: String,
    /// The passage in that.
    pub span2: Span,
    /// A name under which lines are measured together.
    pub kind: String,
}

/// Who copied from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectionLabel {
    /// The document that was there first.
    pub from: String,
    /// The one that derives from it.
    pub to: String,
}

/// What a document was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivationLabel {
    /// The document.
    pub child: String,
    /// The one it was made from.
    pub parent: String,
}

/// The labels of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// From a file of [`TruthKind::Clusters`].
    Clusters(Vec<ClusterLabel>),
    /// From a file of [`TruthKind::Pairs`].
    Pairs(Vec<PairLabel>),
    /// From a file of [`TruthKind::Exact`].
    Exact(Vec<ExactLabel>),
    /// From a file of [`TruthKind::Spans`].
    Spans(Vec<SpanLabel>),
    /// From a file of [`TruthKind::Direction`].
    Direction(Vec<DirectionLabel>),
    /// From a file of [`TruthKind::Derivation`].
    Derivation(Vec<DerivationLabel>),
}

impl Truth {
    /// Reads a label file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or as [`parse`](Self::parse) says.
    pub fn read(path: &Path, kind: TruthKind) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
        Self::parse(&text, kind, path)
    }

    /// Reads labels from `text`; `path` is named in errors alone.
    ///
    /// # Errors
    ///
    /// The first line with a wrong number of columns or a value out of its
    /// range, and a document that is given two clusters.
    pub fn parse(text: &str, kind: TruthKind, path: &Path) -> Result<Self, Error> {
        let lines = Lines { text, name: kind.name(), columns: kind.columns(), path };
        match kind {
            TruthKind::Clusters => {
                let labels = lines.parse(|[id, cluster]: [&str; 2]| {
                    Ok(ClusterLabel { id: id.to_owned(), cluster: cluster.to_owned() })
                })?;
                one_cluster_each(labels, path).map(Self::Clusters)
            }
            TruthKind::Pairs => lines.parse(pair).map(unnumbered).map(Self::Pairs),
            TruthKind::Exact => lines.parse(exact).map(unnumbered).map(Self::Exact),
            TruthKind::Spans => lines.parse(spans).map(unnumbered).map(Self::Spans),
            TruthKind::Direction => lines.parse(direction).map(unnumbered).map(Self::Direction),
            TruthKind::Derivation => lines.parse(derivation).map(unnumbered).map(Self::Derivation),
        }
    }

    /// The same pairs, each with its kind where `kinds` names one.
    ///
    /// # Errors
    ///
    /// If these are no [`Pairs`](Self::Pairs): spans name their kinds
    /// themselves, and nothing else is of a kind.
    pub fn with_kinds(self, kinds: &Kinds) -> Result<Self, Error> {
        let other = self.kind();
        let Self::Pairs(labels) = self else {
            return Err(Error::param(
                "truth-kind",
                other.name().to_owned(),
                "pairs, where kinds are given".into(),
            ));
        };
        let with_kind = |label: PairLabel| {
            let kind = kinds.of(&label.id1, &label.id2).map(str::to_owned);
            PairLabel { kind, ..label }
        };
        Ok(Self::Pairs(labels.into_iter().map(with_kind).collect()))
    }

    /// What kind of labels these are.
    pub fn kind(&self) -> TruthKind {
        match self {
            Self::Clusters(_) => TruthKind::Clusters,
            Self::Pairs(_) => TruthKind::Pairs,
            Self::Exact(_) => TruthKind::Exact,
            Self::Spans(_) => TruthKind::Spans,
            Self::Direction(_) => TruthKind::Direction,
            Self::Derivation(_) => TruthKind::Derivation,
        }
    }
}

fn unnumbered<T>(labels: Vec<Numbered<T>>) -> Vec<T> {
    labels.into_iter().map(|(_, label)| label).collect()
}

fn pair([id1, id2, label]: [&str; 3]) -> Result<PairLabel, String> {
    let positive = match label {
        "0" => false,
        "1" => true,
        other => return Err(format!("the label is {other}, but must be 0 or 1")),
    };
    two_documents(id1, id2)?;
    Ok(PairLabel { id1: id1.to_owned(), id2: id2.to_owned(), positive, kind: None })
}

fn exact([id1, id2, n1, n2, shared, jaccard, containment]: [&str; 7]) -> Result<ExactLabel, String> {
    two_documents(id1, id2)?;
    Ok(ExactLabel {
        id1: id1.to_owned(),
        id2: id2.to_owned(),
        n1: number("n1", n1)?,
        n2: number("n2", n2)?,
        shared: number("shared", shared)?,
        jaccard: unit_share("jaccard", jaccard)?,
        containment: unit_share("containment", containment)?,
    })
}

fn spans([doc1, start1, end1, doc2, start2, end2, kind]: [&str; 7]) -> Result<SpanLabel, String> {
    if kind == "repeat" && doc1 != doc2 {
        return Err(format!("a repeat lies in one document, but {doc1} and {doc2} are two"));
    }
    let label = SpanLabel {
        doc1: doc1.to_owned(),
        span1: span(start1, end1)?,
        doc2: doc2.to_owned(),
        span2: span(start2, end2)?,
        kind: kind.to_owned(),
    };
    Ok(label)
}

fn direction([from, to]: [&str; 2]) -> Result<DirectionLabel, String> {
    two_documents(from, to)?;
    Ok(DirectionLabel { from: from.to_owned(), to: to.to_owned() })
}

fn derivation([child, parent]: [&str; 2]) -> Result<DerivationLabel, String> {
    two_documents(child, parent)?;
    Ok(DerivationLabel { child: child.to_owned(), parent: parent.to_owned() })
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} is {text}, but must be a whole number of 0 or more"))
}

fn unit_share(name: &str, text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    value.ok_or_else(|| format!("{name} is {text}, but must be a number from 0 to 1"))
}

fn span(start: &str, end: &str) -> Result<Span, String> {
    let span = Span::new(number("the start", start)?, number("the end", end)?);
    if span.is_empty() {
        return Err(format!("the span {start} to {end} is empty, but must hold at least one byte"));
    }
    Ok(span)
}

/// Keeps one line a document; refuses a document in two clusters.
fn one_cluster_each(labels: Vec<Numbered<ClusterLabel>>, path: &Path) -> Result<Vec<ClusterLabel>, Error> {
    let mut seen: HashMap<String, String> = HashMap::with_capacity(labels.len());
    let mut kept = Vec::with_capacity(labels.len());
    for (line, label) in labels {
        match seen.get(&label.id) {
            None => {
                seen.insert(label.id.clone(), label.cluster.clone());
                kept.push(label);
            }
            Some(cluster) if *cluster == label.cluster => {}
            Some(cluster) => {
                let ClusterLabel { id, cluster: second } = label;
                let problem = format!("{id} is in cluster {second}, but an earlier line says {cluster}");
                return Err(Error::format(path, Some(line), problem));
            }
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, kind: TruthKind) -> Result<Truth, String> {
        Truth::parse(text, kind, Path::new("t.tsv")).map_err(|error| error.to_string())
    }

    #[test]
    fn comments_and_blank_lines_are_passed_over() {
        let truth = parse("\u{feff}#from\tto\n\na\tb\r\n  \n# c\n", TruthKind::Direction).unwrap();
        assert_eq!(truth, Truth::Direction(vec![DirectionLabel { from: "a".into(), to: "b".into() }]));
    }

    #[test]
    fn every_kind_reads_its_own_columns() {
        let span = parse("a\t1\t5\tb\t0\t4\tcut60", TruthKind::Spans).unwrap();
        let Truth::Spans(labels) = span else { panic!("spans") };
        assert_eq!((labels[0].span1, labels[0].span2), (Span::new(1, 5), Span::new(0, 4)));
        let exact = parse("a\tb\t10\t20\t5\t0.2\t0.5", TruthKind::Exact).unwrap();
        let Truth::Exact(labels) = exact else { panic!("exact") };
        assert_eq!((labels[0].n1, labels[0].n2, labels[0].shared), (10, 20, 5));
        assert_eq!((labels[0].jaccard, labels[0].containment), (0.2, 0.5));
        for kind in TruthKind::ALL {
            assert_eq!(parse("", kind).unwrap().kind(), kind);
        }
    }

    #[test]
    fn the_shared_label_files_are_read_in_full() {
        let Some(shared) = std::env::var_os("WIRECOPY_SHARED") else {
            println!("skipped: WIRECOPY_SHARED does not name a folder");
            return;
        };
        let data = Path::new(&shared).join("data");
        let Truth::Exact(labels) =
            Truth::read(&data.join("reuters21578/pairs_exact_k5.tsv"), TruthKind::Exact).unwrap()
        else {
            panic!("exact")
        };
        assert_eq!(labels.len(), 19_640);
        let Truth::Clusters(labels) =
            Truth::read(&data.join("20news_19997/clusters.tsv"), TruthKind::Clusters).unwrap()
        else {
            panic!("clusters")
        };
        assert_eq!(labels.len(), 1056);
    }

    #[test]
    fn a_wrong_line_is_named_with_its_number() {
        let cases = [
            (TruthKind::Pairs, "#c\na\tb\n", "t.tsv:2: 2 columns, but a line of pairs has 3"),
            (TruthKind::Pairs, "a b 1\n", "t.tsv:1: 1 columns"),
            (TruthKind::Pairs, "a\tb\t2\n", "t.tsv:1: the label is 2, but must be 0 or 1"),
            (TruthKind::Pairs, "a\ta\t1\n", "t.tsv:1: a is paired with itself"),
            (TruthKind::Exact, "a\tb\t1\t1\t1\t1.5\t1\n", "t.tsv:1: jaccard is 1.5, but must be"),
            (TruthKind::Exact, "a\tb\t-1\t1\t1\t1\t1\n", "t.tsv:1: n1 is -1, but must be"),
            (TruthKind::Spans, "a\t5\t5\tb\t0\t4\tx\n", "t.tsv:1: the span 5 to 5 is empty"),
            (TruthKind::Spans, "a\t0\t5\tb\t0\t4\trepeat\n", "t.tsv:1: a repeat lies in one document"),
            (TruthKind::Clusters, "a\t1\na\t1\na\t2\n", "t.tsv:3: a is in cluster 2, but an earlier"),
        ];
        for (kind, text, message) in cases {
            let error = parse(text, kind).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
