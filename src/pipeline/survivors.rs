//! Which documents go, where a cluster is too large for all its pairs.
//!
//! In a cluster of more than a hundred documents each meets its nearest, and
//! a document whose nearest go is left with nobody to go for: of a thousand
//! versions of one story a hundred would stay. So all of such a cluster is
//! compared with the best of it, then what does not go for that with the next
//! best, for [`MAX_ROUNDS`] rounds at most: linear, and most goes in the first
//! round. These pairs are judged by their two texts, as `compare` does; they
//! are in no report.

use std::collections::HashSet;

use super::Observer;
use super::given::{self, Judged};
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::dedup::{self, Options, Plan};
use crate::document::{Corpus, DocId};
use crate::error::Error;
use crate::params::Params;
use crate::report::{Pair, Report};
use crate::spill::documents::Spooler;

/// Documents of one cluster that the others are compared with: more than one
/// wire story has versions that are no near duplicates of each other.
const MAX_ROUNDS: usize = 16;

/// Chooses the documents that go ([`dedup::plan`]), and compares what stays of
/// large clusters once more. `report` is the whole report on `corpus`.
///
/// # Errors
///
/// If a temporary file failed.
pub fn plan_dedup<'c>(
    corpus: impl Into<Collection<'c>>,
    report: &Report,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Plan, Error> {
    let corpus = corpus.into();
    let mut more: Vec<Pair> = Vec::new();
    let mut plan = dedup::plan(report, options);
    let large: Vec<Vec<DocId>> = report
        .clusters
        .iter()
        .filter(|cluster| !cluster.pairs_complete)
        .map(|cluster| {
            let primary = cluster.members.iter().filter(|member| member.primary);
            primary.filter_map(|member| corpus.find(&member.document)).collect()
        })
        .collect();
    let is_against = |id: &DocId| report.documents[id.index()].against;
    let mut anchors: HashSet<DocId> = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        // A document that goes for an anchor has met one.
        let mut survivor: Vec<Option<DocId>> = vec![None; corpus.len()];
        plan.removed.iter().for_each(|gone| survivor[gone.document.index()] = Some(gone.survivor));
        let has_met = |id: &DocId, anchors: &HashSet<DocId>| {
            anchors.contains(id) || survivor[id.index()].is_some_and(|other| anchors.contains(&other))
        };
        let mut pairs: Vec<CandidatePair> = Vec::new();
        for members in &large {
            // The best of either side: many of the other side leave room for one
            // of the own.
            for side in [true, false] {
                let stays = members.iter().copied().filter(|id| survivor[id.index()].is_none());
                let of_side = stays.filter(|id| is_against(id) == side && !anchors.contains(id));
                let Some(anchor) = of_side.min_by_key(|id| plan.ranks[id.index()]) else { continue };
                let others = members
                    .iter()
                    .copied()
                    .filter(|id| *id != anchor && !is_against(id) && !has_met(id, &anchors));
                pairs.extend(others.map(|other| (anchor.min(other), anchor.max(other))));
                anchors.insert(anchor);
            }
        }
        if pairs.is_empty() {
            break;
        }
        pairs.sort_unstable();
        pairs.dedup();
        more.extend(compare_pairs(corpus, &pairs, &report.params, observer)?);
        plan = dedup::plan_with(report, &more, options);
    }
    Ok(plan)
}

/// The given pairs, as far as they reach a threshold.
fn compare_pairs(
    corpus: Collection<'_>,
    pairs: &[CandidatePair],
    params: &Params,
    observer: &dyn Observer,
) -> Result<Vec<Pair>, Error> {
    let mut named: Vec<DocId> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    named.sort_unstable();
    named.dedup();
    // Ids are distinct, so their order and numbers are those in `named`.
    let number = |id: DocId| DocId::new(named.partition_point(|&named| named < id));
    let inside: Vec<CandidatePair> = pairs.iter().map(|&(a, b)| (number(a), number(b))).collect();
    let documents = named.iter().map(|&id| corpus.document(id).into_owned());
    let compare = |part: Collection<'_>| given::compare(part, &inside, (params, Judged::Alone), observer);
    let (report, lists) = match corpus.spill() {
        None => compare((&Corpus::try_new(documents.collect())?).into()),
        Some(spill) => {
            let mut spooler = Spooler::new(spill);
            spooler.extend(documents);
            compare((&spooler.try_finish(Vec::new())?).into())
        }
    };
    let Some(lists) = lists else { return Ok(report.pairs) };
    let pairs = lists.pairs.iter().collect();
    lists.check()?;
    Ok(pairs)
}
