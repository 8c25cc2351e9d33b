//! Which documents to keep: a report and a policy → what goes, and for whom.
//!
//! [`plan`] is a pure function of a report. Documents are put into the order
//! of the policy (`order.rs`), and the best are kept such that every document
//! that goes has one that stays *for which the verdict was found directly*,
//! never through a chain of others (`choose.rs`). [`strip`] then finds what the
//! texts that stay say twice.
//!
//! What may go for what:
//!
//! - the same tokens: either for the other;
//! - near duplicates: either for the other, but a document that holds the
//!   other and more (less than [`NEAR_COVERAGE`] of it is covered) stays;
//! - a document for one that contains it, never the other way round;
//! - versions of one text ([`Remove::Derived`], only where asked for): either.
//!
//! - and only where [`Options::min_agreed`] of its words stand in the other.
//!   The verdicts allow for edits, and texts that share a wording and tell
//!   other facts reach them: of 575 documents of `reuters21578` that would go
//!   for another than an identical one, less than 0.8 of the words of 62 stand
//!   there, and most of these are other news (the rates of another hour, the
//!   prices of another month). Who asks for versions is not held to this.
//!
//! Apart from identical documents, both must have their primary place in one
//! cluster: a digest that holds five stories whole is a copy of none of them,
//! and the stories do not go for it. Documents too short to judge stay unless
//! [`Options::removes_short`] says so, and then go for an identical one.
//!
//! Documents of the other side ([`against`](crate::report::DocumentEntry::against): those of an index,
//! say) never go and are preferred over all: what they have goes for them.
//!
//! Cost: O(n log n + p log p) for n documents and p listed pairs. A component
//! of which not every pair was compared (`pairs_complete`) is treated by the
//! pairs that are there, and what was not compared stays;
//! [`crate::pipeline::plan_dedup`] compares more of these. The report is one
//! without limits on pairs: what `--within` and the like leave out would stay.

mod choose;
mod order;
mod spooled;
mod strip;

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use self::choose::Edge;
pub use self::spooled::with_lists;
pub use self::strip::{Cut, Edited, StripKind, apply, strip};
use crate::document::{DocId, Span};
use crate::params::Level;
use crate::report::{Pair, Passage, PassageKind, Report, Verdict, ratio};
use crate::verify::NEAR_COVERAGE;

/// Which of several copies stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The one published first. A day without a time counts as its last
    /// second, so a time on the same day is surely no later; undated ones
    /// come behind all others.
    Earliest,
    /// The origin of its cluster, else the earliest.
    Origin,
    /// The one with most tokens, those said twice counted once; else the
    /// earliest.
    Longest,
    /// Of the publisher that had the story first, its latest version.
    LatestRevision,
    /// The one that comes first in the input.
    First,
    /// One of the first of these sources that has it, else the earliest.
    Prefer(Vec<String>),
}

/// Down to which likeness documents go; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remove {
    /// Documents with the same tokens as another.
    Exact,
    /// Near duplicates too.
    Near,
    /// And documents that another one contains.
    Contained,
    /// And versions of one text.
    Derived,
}

/// Share of a document's words that the one it goes for should have: what is
/// a near duplicate by coverage, of the words themselves.
pub const MIN_AGREED: f64 = NEAR_COVERAGE;

/// How to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Which of several copies stays.
    pub keep: Keep,
    /// Down to which likeness documents go.
    pub remove: Remove,
    /// Share of a document's words that must stand in the one it goes for,
    /// where passages were looked for and [`Remove::Derived`] is not asked for.
    pub min_agreed: f64,
    /// Whether documents too short to judge go where another has the same
    /// tokens.
    pub removes_short: bool,
    /// The place of each document of the report in the input, for
    /// [`Keep::First`]; where it is empty, the order of their ids counts.
    pub places: Vec<usize>,
}

impl Default for Options {
    /// The earliest of all that are the same, nearly the same, or contained.
    fn default() -> Self {
        Self {
            keep: Keep::Earliest,
            remove: Remove::Contained,
            min_agreed: MIN_AGREED,
            removes_short: false,
            places: Vec::new(),
        }
    }
}

/// What becomes of the documents of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The documents that go, in the order of their ids.
    pub removed: Vec<Removed>,
    /// For each document of the report its place in the order of the policy.
    pub ranks: Vec<usize>,
}

/// A document that goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    /// The document.
    pub document: DocId,
    /// One that stays, of which `verdict` was found.
    pub survivor: DocId,
    /// What the document is to the survivor: `exact`, `near_duplicate`,
    /// `contained_in` or `derived`.
    pub verdict: Verdict,
    /// Exact Jaccard similarity of the two.
    pub jaccard: f64,
    /// Share of the document's words that stand in the survivor, at least.
    pub agreed: f64,
    /// Share of the document that the survivor has.
    pub coverage: f64,
    /// Share of the survivor that the document has.
    pub coverage_of_survivor: f64,
}

impl Plan {
    /// For each document of the report whether it stays.
    pub fn kept(&self) -> Vec<bool> {
        let mut kept = vec![true; self.ranks.len()];
        self.removed.iter().for_each(|removed| kept[removed.document.index()] = false);
        kept
    }
}

/// Chooses the documents of `report` that go.
pub fn plan(report: &Report, options: &Options) -> Plan {
    plan_with(report, &[], options)
}

/// The same, with verified pairs that the report does not list.
pub fn plan_with(report: &Report, more: &[Pair], options: &Options) -> Plan {
    let pairs: Vec<&Pair> = report.pairs.iter().chain(more).collect();
    let ranks = order::ranks(report, options);
    let units = Units::new(report, options, &ranks);
    let edges = edges((report, &pairs), options, &units);
    let unit_ranks: Vec<usize> = units.best.iter().map(|&best| ranks[best]).collect();
    let kept = choose::choose(&unit_ranks, &edges);
    let mut removed = Vec::new();
    for document in 0..report.documents.len() {
        let unit = units.of[document];
        let best = units.best[unit];
        if report.documents[document].against {
            continue;
        }
        if kept[unit] {
            if best != document {
                removed.push(identical(document, best));
            }
            continue;
        }
        let start = edges.partition_point(|edge| edge.goes < unit);
        let own = edges[start..].iter().take_while(|edge| edge.goes == unit);
        let nearest = own
            .filter(|edge| kept[edge.stays])
            .min_by_key(|edge| (strength(edge.verdict), unit_ranks[edge.stays]));
        let edge = nearest.expect("a unit goes only for one that stays");
        removed.push(of_pair(document, units.best[edge.stays], edge, pairs[edge.pair]));
    }
    Plan { removed, ranks }
}

/// Documents with the same tokens as one, which is in the place of its best.
struct Units {
    /// For each document its unit, named by its first document.
    of: Vec<usize>,
    /// For each unit the best of its documents; for others themselves.
    best: Vec<usize>,
    /// For each document the cluster it is a primary member of.
    story: Vec<Option<usize>>,
}

impl Units {
    fn new(report: &Report, options: &Options, ranks: &[usize]) -> Self {
        let mut of: Vec<usize> = (0..report.documents.len()).collect();
        let mut best = of.clone();
        for group in &report.exact_groups {
            let members = places(report, group.documents.iter());
            let goes = |&member: &usize| !report.documents[member].too_short || options.removes_short;
            let members: Vec<usize> = members.into_iter().filter(goes).collect();
            let Some(&first) = members.iter().min() else { continue };
            for &member in &members {
                of[member] = first;
                best[first] = if ranks[member] < ranks[best[first]] { member } else { best[first] };
            }
        }
        let mut story = vec![None; report.documents.len()];
        for (number, cluster) in report.clusters.iter().enumerate() {
            let primary = cluster.members.iter().filter(|member| member.primary);
            for member in places(report, primary.map(|member| &member.document)) {
                story[member] = Some(number);
            }
        }
        Self { of, best, story }
    }
}

/// Where documents stand in a report, by their ids; unknown ids are passed
/// over.
fn places<'r>(report: &Report, ids: impl Iterator<Item = &'r String>) -> Vec<usize> {
    ids.filter_map(|id| place(report, id)).collect()
}

/// Where the document with this id stands in a report.
fn place(report: &Report, id: &str) -> Option<usize> {
    report.documents.binary_search_by(|document| document.id.as_str().cmp(id)).ok()
}

/// Which units may go for which.
fn edges((report, pairs): (&Report, &[&Pair]), options: &Options, units: &Units) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (number, &pair) in pairs.iter().enumerate() {
        let (Some(a), Some(b)) = (place(report, &pair.a), place(report, &pair.b)) else { continue };
        let is_one_story = units.story[a].is_some() && units.story[a] == units.story[b];
        let Some(may_go) = may_go(pair, options.remove, report.params.min_containment)
            .filter(|_| is_one_story && units.of[a] != units.of[b])
        else {
            continue;
        };
        let agreed = agreed(pair, [report.documents[a].tokens, report.documents[b].tokens]);
        let is_held = report.params.level == Level::Passages && options.remove < Remove::Derived;
        let is_against = |document: usize| report.documents[units.best[units.of[document]]].against;
        let [a_may_go, b_may_go] = [0, 1].map(|side| {
            may_go[side] && !is_against([a, b][side]) && !(is_held && agreed[side] < options.min_agreed)
        });
        let is_mutual = a_may_go && b_may_go;
        let verdict = match pair.verdict {
            Verdict::Contains => Verdict::ContainedIn,
            other => other,
        };
        let mut add = |goes: usize, stays: usize| {
            edges.push(Edge {
                goes: units.of[goes],
                stays: units.of[stays],
                is_first: goes == a,
                agreed: agreed[usize::from(goes != a)],
                is_mutual,
                verdict,
                pair: number,
            });
        };
        if a_may_go {
            add(a, b);
        }
        if b_may_go {
            add(b, a);
        }
    }
    edges.sort_by_key(|edge| (edge.goes, edge.stays));
    edges
}

/// Whether the first and the second document of `pair` may go for the other.
fn may_go(pair: &Pair, remove: Remove, min_containment: f64) -> Option<[bool; 2]> {
    let (of_a, of_b) = (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a);
    let holds_more = |own: f64, other: f64| own < NEAR_COVERAGE && other >= min_containment;
    match pair.verdict {
        Verdict::Exact => Some([true, true]),
        Verdict::NearDuplicate if remove >= Remove::Near => {
            Some([!holds_more(of_a, of_b), !holds_more(of_b, of_a)])
        }
        Verdict::Contains if remove >= Remove::Contained => Some([false, true]),
        Verdict::ContainedIn if remove >= Remove::Contained => Some([true, false]),
        Verdict::Derived if remove >= Remove::Derived => Some([true, true]),
        _ => None,
    }
}

/// Bytes of a word and what parts it from the next, at least.
const LEAST_WORD_BYTES: usize = 2;

/// For each side the share of its words that stand on the other, at least: of
/// its shingles, or of its tokens by the words that agree in passages,
/// whichever is more. Where passages overlap, as many words are taken off as
/// can stand there: what the other document says twice counts once.
fn agreed(pair: &Pair, tokens: [usize; 2]) -> [f64; 2] {
    [0, 1].map(|side: usize| {
        let counted = pair.passages.iter().filter(|passage| passage.kind == PassageKind::Copy);
        let mut passages: Vec<(Span, &Passage)> =
            counted.map(|passage| (if side == 0 { passage.a } else { passage.b }, passage)).collect();
        passages.sort_by_key(|(span, _)| *span);
        let (mut agreeing, mut end) = (0.0, 0usize);
        for (span, passage) in passages {
            let overlap = end.min(span.end).saturating_sub(span.start);
            let again = overlap.div_ceil(LEAST_WORD_BYTES) as f64;
            agreeing += (passage.tokens as f64 * passage.identity - again).max(0.0);
            end = end.max(span.end);
        }
        let contained = if side == 0 { pair.containment_of_a_in_b } else { pair.containment_of_b_in_a };
        ratio(contained.max(agreeing / tokens[side].max(1) as f64).min(1.0))
    })
}

/// The likest first.
fn strength(verdict: Verdict) -> Reverse<u8> {
    Reverse(match verdict {
        Verdict::Exact => 4,
        Verdict::NearDuplicate => 3,
        Verdict::Contains | Verdict::ContainedIn => 2,
        _ => 1,
    })
}

fn identical(document: usize, survivor: usize) -> Removed {
    Removed {
        document: DocId::new(document),
        survivor: DocId::new(survivor),
        verdict: Verdict::Exact,
        jaccard: 1.0,
        agreed: 1.0,
        coverage: 1.0,
        coverage_of_survivor: 1.0,
    }
}

fn of_pair(document: usize, survivor: usize, edge: &Edge, pair: &Pair) -> Removed {
    let (of_a, of_b) = (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a);
    let (coverage, coverage_of_survivor) = if edge.is_first { (of_a, of_b) } else { (of_b, of_a) };
    Removed {
        document: DocId::new(document),
        survivor: DocId::new(survivor),
        verdict: edge.verdict,
        jaccard: pair.jaccard,
        agreed: edge.agreed,
        coverage,
        coverage_of_survivor,
    }
}

#[cfg(test)]
mod tests;
