//! Findings on a batch and what it met → answers.

use std::collections::HashMap;

use super::{Among, Asked, Plan};
use crate::candidates::alone::Likeness;
use crate::error::Error;
use crate::index::record::own_id;
use crate::index::segment::Row;
use crate::index::snapshot::Loaded;
use crate::index::told::{Answer, Estimated, First, Match, MatchVerdict, SharedPassage, Status, Whence};
use crate::params::Params;
use crate::report::{Pair, Report, Verdict, ratio};

/// Names and numbers of the documents of a report.
pub(super) struct Names<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) known: &'a HashMap<u32, Known>,
}

/// What answers say of a document of the index.
pub(super) struct Known {
    id: String,
    has_text: bool,
}

impl Known {
    pub(super) fn of(loaded: &Loaded) -> Self {
        Self { id: own_id(&loaded.document).to_owned(), has_text: loaded.has_text }
    }
}

impl Names<'_> {
    /// The place of a new document, if it is one.
    pub(super) fn new_at(&self, number: u32) -> Option<usize> {
        number.checked_sub(self.asked.fresh.contents.first).map(|new| new as usize)
    }

    pub(super) fn id(&self, number: u32) -> String {
        let new = self.new_at(number).and_then(|new| self.asked.documents.get(new));
        let known = || self.known.get(&number).map(|known| known.id.as_str());
        new.map(|document| own_id(document)).or_else(known).unwrap_or_default().to_owned()
    }

    fn matched(&self, number: u32, verdict: MatchVerdict) -> Match {
        Match {
            id: self.id(number),
            number,
            source: None,
            verdict,
            reason: None,
            jaccard: None,
            estimated_jaccard: None,
            coverage: None,
            coverage_of_match: None,
            passages: Vec::new(),
            first: None,
        }
    }

    pub(super) fn twin(&self, number: u32) -> Match {
        let one = Some(1.0);
        let found = self.matched(number, MatchVerdict::Compared(Verdict::Exact));
        Match { jaccard: one, coverage: one, coverage_of_match: one, ..found }
    }

    pub(super) fn add_pairs(&self, report: &Report, answers: &mut [Answer]) {
        let sources: HashMap<&str, &str> =
            report.documents.iter().map(|entry| (entry.id.as_str(), entry.source.as_str())).collect();
        for pair in &report.pairs {
            let (Ok(a), Ok(b)) = (pair.a.parse::<u32>(), pair.b.parse::<u32>()) else { continue };
            // The later one is the new one.
            let Some(new) = self.new_at(b) else { continue };
            let found = self.matched(a, MatchVerdict::Compared(turned(pair.verdict)));
            answers[new].matches.push(Match {
                source: sources.get(pair.a.as_str()).map(|&source| source.to_owned()),
                reason: pair.reason.clone(),
                jaccard: Some(pair.jaccard),
                coverage: Some(pair.coverage_of_b_by_a),
                coverage_of_match: Some(pair.coverage_of_a_by_b),
                passages: passages(pair),
                first: pair
                    .direction
                    .from
                    .as_ref()
                    .map(|from| First { is_new: *from == pair.b, confidence: pair.direction.confidence }),
                ..found
            });
        }
    }

    /// What sketches say of pairs whose texts are not at hand.
    pub(super) fn add_estimates(
        &self,
        plan: &Plan,
        params: &Params,
        answers: &mut [Answer],
    ) -> Result<(), Error> {
        let likeness = Likeness::new(params);
        for &(a, b) in &plan.pairs {
            let Some(new) = self.new_at(b) else { continue };
            if self.known.get(&a).is_none_or(|known| known.has_text) {
                continue;
            }
            let signature = self.asked.snapshot.signature(a)?;
            let estimate = likeness.estimated_jaccard(&signature, &self.asked.fresh.signature(new as u32));
            let found = self.matched(a, MatchVerdict::Estimated(Estimated::Estimated));
            answers[new].matches.push(Match { estimated_jaccard: Some(ratio(estimate)), ..found });
        }
        Ok(())
    }

    pub(super) fn add_origins(&self, report: &Report, answers: &mut [Answer]) {
        for cluster in &report.clusters {
            let origin = &cluster.origin;
            let number = origin.document.as_deref().and_then(|id| id.parse::<u32>().ok());
            if number.is_none() && origin.source.is_none() && origin.agency.is_none() {
                continue;
            }
            let whence = Whence {
                id: number.map(|number| self.id(number)),
                number: number
                    .filter(|&number| self.new_at(number).is_none() || self.asked.among == Among::EachOther),
                source: origin.source.clone(),
                agency: origin.agency.clone(),
                outside: origin.outside,
                confidence: origin.confidence,
            };
            for member in cluster.members.iter().filter(|member| member.primary) {
                let new = member.document.parse().ok().and_then(|number| self.new_at(number));
                if let Some(answer) = new.and_then(|new| answers.get_mut(new)) {
                    answer.origin = Some(whence.clone());
                }
            }
        }
    }
}

/// What the second document of a pair is to the first.
fn turned(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Contains => Verdict::ContainedIn,
        Verdict::ContainedIn => Verdict::Contains,
        other => other,
    }
}

fn passages(pair: &Pair) -> Vec<SharedPassage> {
    let mut passages: Vec<SharedPassage> = pair
        .passages
        .iter()
        .map(|passage| SharedPassage {
            span: passage.b,
            span_of_match: passage.a,
            tokens: passage.tokens,
            identity: passage.identity,
            kind: passage.kind,
        })
        .collect();
    passages.sort_by_key(|passage| (passage.span, passage.span_of_match));
    passages
}

/// The status that a match gives, if it says that a document is a copy.
fn status_of(found: &Match) -> Option<Status> {
    match found.verdict {
        MatchVerdict::Compared(verdict) => match verdict {
            Verdict::Exact => Some(Status::Exact),
            Verdict::NearDuplicate => Some(Status::NearDuplicate),
            Verdict::ContainedIn => Some(Status::ContainedIn),
            Verdict::Contains => Some(Status::Contains),
            Verdict::Derived => Some(Status::Derived),
            Verdict::SharesPassage => Some(Status::SharesPassage),
            Verdict::Quotation | Verdict::Boilerplate | Verdict::Template => None,
        },
        MatchVerdict::Estimated(_) => Some(Status::Estimated),
    }
}

/// The likest first; what is no copy last.
pub(super) fn rank(found: &Match) -> (bool, Option<Status>) {
    let status = status_of(found);
    (status.is_none(), status)
}

pub(super) fn status(matches: &[Match], row: &Row, params: &Params) -> Status {
    if row.tokens == 0 {
        return Status::NoTokens;
    }
    match matches.iter().filter_map(status_of).min() {
        Some(status) => status,
        None if (row.tokens as usize) < params.shingle_len => Status::TooShort,
        None => Status::New,
    }
}
