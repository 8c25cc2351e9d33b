//! The findings as the script of the page reads them: the report with ids
//! replaced by numbers, and what its lists are sorted and filtered by.
//!
//! Two blocks: [`Core`] is parsed when the page opens, [`Pairs`] when the
//! first cluster or pair is looked at. Strings are those of the input, unchanged; the
//! script makes them visible where it writes them.

use std::collections::{BTreeSet, HashMap};

use serde::ser::{SerializeSeq as _, SerializeStruct as _};
use serde::{Serialize, Serializer};

use super::texts::ChosenTexts;
use crate::document::{DatedBy, Skipped, SpanBase};
use crate::params::Params;
use crate::render::lookup::Lookup;
use crate::render::visible;
use crate::report::{
    Cluster, Credit, DocumentEntry, Member, Pair, Passage, PassageKind, Report, Role, SourceEntry, Verdict,
};

/// Columns of a title that is taken from the beginning of a text.
const TITLE_WIDTH: usize = 80;

/// A report with the numbers of the documents that stand in findings; the
/// others are only counted.
pub(super) struct Findings<'a> {
    pub(super) lookup: Lookup<'a>,
    /// In the order of their ids.
    pub(super) documents: Vec<&'a DocumentEntry>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(lookup: Lookup<'a>) -> Self {
        let report = lookup.report;
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        ids.extend(report.pairs.iter().flat_map(|pair| [pair.a.as_str(), pair.b.as_str()]));
        ids.extend(report.repeats.iter().map(|repeat| repeat.document.as_str()));
        ids.extend(report.exact_groups.iter().flat_map(|group| &group.documents).map(String::as_str));
        ids.extend(report.clusters.iter().flat_map(|c| &c.members).map(|member| member.document.as_str()));
        // Of a comparison both are shown, whatever was found.
        if let [a, b] = report.documents.as_slice() {
            ids.extend([a.id.as_str(), b.id.as_str()]);
        }
        let documents: Vec<_> = ids.into_iter().filter_map(|id| lookup.document(id)).collect();
        let numbers = documents.iter().enumerate().map(|(number, d)| (d.id.as_str(), number)).collect();
        Self { lookup, documents, numbers }
    }

    pub(super) fn report(&self) -> &'a Report {
        self.lookup.report
    }

    /// The number of a document that stands in a finding.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// What a cluster is called: the title of its representative, else how
    /// its text begins where the page holds it, else its id.
    pub(super) fn title(&self, cluster: &Cluster, chosen: &ChosenTexts<'_>) -> String {
        let id = &cluster.representative;
        let title = self.lookup.document(id).and_then(|document| document.title.as_deref());
        let title = title.map(visible::prose).filter(|title| !title.is_empty());
        title
            .or_else(|| opening(chosen.text(self.number(id)?)?))
            .unwrap_or_else(|| visible::label(id).into_owned())
    }
}

/// How a text begins, if it says anything.
fn opening(text: &str) -> Option<String> {
    let (opening, is_whole) = visible::prose_prefix(text, TITLE_WIDTH);
    let end = if is_whole { "" } else { visible::ELLIPSIS };
    (!opening.is_empty()).then(|| format!("{opening}{end}"))
}

/// Whether a member ran the text of another publisher without saying so. Of
/// members of clusters without a known origin nobody can say it.
pub(super) fn is_uncredited(cluster: &Cluster, member: &Member) -> bool {
    member.credited == Some(false)
        && !matches!(member.role, Role::Origin | Role::Revision)
        && cluster.origin.source.as_ref() != Some(&member.source)
}

/// Everything but pairs and texts.
#[derive(Serialize)]
pub(super) struct Core<'a> {
    params: &'a Params,
    is_comparison: bool,
    text_note: String,
    /// Publishers, which documents name by number.
    sources: Vec<&'a str>,
    documents: Vec<DocumentRow<'a>>,
    clusters: Vec<ClusterRow<'a>>,
    repeats: Vec<RepeatRow<'a>>,
    /// Groups of identical documents that no cluster holds.
    groups: Vec<Vec<usize>>,
    publishers: &'a [SourceEntry],
    skipped: &'a [Skipped],
}

#[derive(Serialize)]
struct DocumentRow<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_id: Option<&'a str>,
    path: &'a str,
    base: SpanBase,
    source: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    against: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    /// How its text begins, where it has no title.
    #[serde(skip_serializing_if = "Option::is_none")]
    opening: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    /// What that was taken from, where nothing states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    dated_by: Option<DatedBy>,
    /// First and last second it may have been published.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    bytes: usize,
    tokens: usize,
    #[serde(skip_serializing_if = "is_zero")]
    repeated_share: f64,
    #[serde(skip_serializing_if = "<[Credit]>::is_empty")]
    credits: &'a [Credit],
    /// The identical document that stands for it in pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    twin: Option<usize>,
    /// Its place among the embedded texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<usize>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

#[derive(Serialize)]
struct ClusterRow<'a> {
    id: &'a str,
    title: String,
    representative: Option<usize>,
    cohesion: f64,
    pairs_complete: bool,
    independent_origins: usize,
    origin: OriginRow<'a>,
    members: Vec<MemberRow>,
    /// Publishers among its members.
    sources: usize,
    uncredited: usize,
    /// The earliest second at which a member may have been published.
    first: Option<i64>,
}

#[derive(Serialize)]
struct OriginRow<'a> {
    document: Option<usize>,
    source: Option<&'a str>,
    agency: Option<&'a str>,
    outside: bool,
    confidence: f64,
    evidence: &'a [String],
}

#[derive(Serialize)]
struct MemberRow {
    document: usize,
    role: Role,
    primary: bool,
    parent: Option<usize>,
    share: f64,
    credited: Option<bool>,
    uncredited: bool,
}

#[derive(Serialize)]
struct RepeatRow<'a> {
    document: usize,
    spans: &'a [crate::document::Span],
    tokens: usize,
    identity: f64,
}

impl<'a> Core<'a> {
    pub(super) fn new(findings: &Findings<'a>, chosen: &ChosenTexts<'_>) -> Self {
        let report = findings.report();
        let names: BTreeSet<&str> = findings.documents.iter().map(|d| d.source.as_str()).collect();
        let sources: Vec<&str> = names.into_iter().collect();
        let is_outside =
            |group: &&crate::report::ExactGroup| !findings.lookup.is_clustered(group.id.as_str());
        Self {
            params: &report.params,
            is_comparison: report.documents.len() == 2,
            text_note: chosen.note(),
            documents: (findings.documents.iter().enumerate())
                .map(|(number, document)| {
                    let row = DocumentRow::new(findings, &sources, document);
                    let opening = || opening(chosen.text(number)?);
                    let opening = if row.title.is_none() { opening() } else { None };
                    DocumentRow { text: chosen.place(number), opening, ..row }
                })
                .collect(),
            sources,
            clusters: report.clusters.iter().map(|c| ClusterRow::new(findings, c, chosen)).collect(),
            repeats: (report.repeats.iter())
                .filter_map(|repeat| {
                    Some(RepeatRow {
                        document: findings.number(&repeat.document)?,
                        spans: &repeat.spans,
                        tokens: repeat.tokens,
                        identity: repeat.identity,
                    })
                })
                .collect(),
            groups: (report.exact_groups.iter().filter(is_outside))
                .map(|group| group.documents.iter().filter_map(|id| findings.number(id)).collect())
                .collect(),
            publishers: &report.sources,
            skipped: &report.skipped,
        }
    }
}

impl<'a> DocumentRow<'a> {
    /// Without its text.
    fn new(findings: &Findings<'a>, sources: &[&str], document: &'a DocumentEntry) -> Self {
        let twin = findings.lookup.twin(&document.id);
        Self {
            id: &document.id,
            original_id: document.original_id.as_deref(),
            path: &document.path,
            base: document.span_base,
            source: sources.binary_search(&document.source.as_str()).unwrap_or_default(),
            against: document.against,
            title: document.title.as_deref().filter(|title| !title.trim().is_empty()),
            opening: None,
            url: document.url.as_deref(),
            published: document.published.map(|published| published.to_string()),
            dated_by: document.dated_by,
            time: document.published.map(|published| published.interval()),
            language: document.language.as_deref(),
            bytes: document.bytes,
            tokens: document.tokens,
            repeated_share: document.repeated_share,
            credits: &document.credits,
            twin: findings.number(twin).filter(|_| twin != document.id),
            text: None,
        }
    }
}

impl<'a> ClusterRow<'a> {
    fn new(findings: &Findings<'a>, cluster: &'a Cluster, chosen: &ChosenTexts<'_>) -> Self {
        let sources: BTreeSet<&str> = cluster.members.iter().map(|member| member.source.as_str()).collect();
        let time = |member: &Member| {
            let document = findings.lookup.document(&member.document)?;
            document.published.map(|published| published.interval().0)
        };
        let members: Vec<MemberRow> =
            cluster.members.iter().filter_map(|member| MemberRow::new(findings, cluster, member)).collect();
        let origin = &cluster.origin;
        Self {
            id: &cluster.id,
            title: findings.title(cluster, chosen),
            representative: findings.number(&cluster.representative),
            cohesion: cluster.cohesion,
            pairs_complete: cluster.pairs_complete,
            independent_origins: cluster.independent_origins,
            origin: OriginRow {
                document: origin.document.as_ref().and_then(|id| findings.number(id)),
                source: origin.source.as_deref(),
                agency: origin.agency.as_deref(),
                outside: origin.outside,
                confidence: origin.confidence,
                evidence: &origin.evidence,
            },
            sources: sources.len(),
            uncredited: members.iter().filter(|member| member.uncredited).count(),
            members,
            first: cluster.members.iter().filter_map(time).min(),
        }
    }
}

impl MemberRow {
    fn new(findings: &Findings<'_>, cluster: &Cluster, member: &Member) -> Option<Self> {
        Some(Self {
            document: findings.number(&member.document)?,
            role: member.role,
            primary: member.primary,
            parent: member.parent.as_ref().and_then(|id| findings.number(id)),
            share: member.share_copied,
            credited: member.credited,
            uncredited: is_uncredited(cluster, member),
        })
    }
}

/// All pairs, written one after the other as they are serialised.
pub(super) struct Pairs<'a> {
    pairs: Vec<(usize, usize, &'a Pair)>,
    numbers: HashMap<&'a str, usize>,
    /// Reasons of passages, which passages name by number.
    reasons: Vec<&'a str>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(findings: &Findings<'a>) -> Self {
        let pairs: Vec<_> = (findings.report().pairs.iter())
            .filter_map(|pair| Some((findings.number(&pair.a)?, findings.number(&pair.b)?, pair)))
            .collect();
        let reasons: BTreeSet<&str> =
            pairs.iter().flat_map(|(_, _, pair)| &pair.passages).map(|p| p.reason.as_ref()).collect();
        Self { pairs, numbers: findings.numbers.clone(), reasons: reasons.into_iter().collect() }
    }
}

#[derive(Serialize)]
struct PairRow<'a> {
    a: usize,
    b: usize,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    jaccard: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    counted_jaccard: Option<f64>,
    /// Of a in b, of b in a.
    containment: (f64, f64),
    /// Of a by b, of b by a.
    coverage: (f64, f64),
    passages: Vec<PassageRow>,
    from: Option<usize>,
    confidence: f64,
    evidence: &'a [String],
}

/// Start and end in a, start and end in b, tokens, identity, kind, reason.
type PassageRow = (usize, usize, usize, usize, usize, f64, PassageKind, usize);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Pairs", 2)?;
        fields.serialize_field("reasons", &self.reasons)?;
        fields.serialize_field("pairs", &Rows(self))?;
        fields.end()
    }
}

struct Rows<'p, 'a>(&'p Pairs<'a>);

impl Serialize for Rows<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.pairs.len()))?;
        for &(a, b, pair) in &self.0.pairs {
            rows.serialize_element(&self.0.row(a, b, pair))?;
        }
        rows.end()
    }
}

impl<'a> Pairs<'a> {
    fn row(&self, a: usize, b: usize, pair: &'a Pair) -> PairRow<'a> {
        let from = pair.direction.from.as_deref().and_then(|id| self.numbers.get(id).copied());
        PairRow {
            a,
            b,
            verdict: pair.verdict,
            reason: pair.reason.as_deref(),
            jaccard: pair.jaccard,
            counted_jaccard: pair.counted_jaccard,
            containment: (pair.containment_of_a_in_b, pair.containment_of_b_in_a),
            coverage: (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a),
            passages: pair.passages.iter().map(|passage| self.passage(passage)).collect(),
            from,
            confidence: pair.direction.confidence,
            evidence: &pair.direction.evidence,
        }
    }

    fn passage(&self, passage: &Passage) -> PassageRow {
        let reason = self.reasons.binary_search(&passage.reason.as_ref()).unwrap_or_default();
        let (a, b) = (passage.a, passage.b);
        (a.start, a.end, b.start, b.end, passage.tokens, passage.identity, passage.kind, reason)
    }
}
