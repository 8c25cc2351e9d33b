//! Documents → what the index has of them.

use std::collections::{BTreeMap, HashMap};

use super::propose;
use super::record::own_id;
use super::segment::{Kind, Row};
use super::shelf::{Met, Shelf, Taken};
use super::sketches::Fresh;
use super::snapshot::{Loaded, Snapshot};
use super::told::{Answer, Estimated, First, Match, MatchVerdict, SharedPassage, Status, Whence};
use crate::candidates::alone::Likeness;
use crate::candidates::{CandidatePair, candidate_pairs};
use crate::document::{Corpus, DocId, Document};
use crate::error::Error;
use crate::params::Params;
use crate::pipeline;
use crate::read::ReadOptions;
use crate::report::{Pair, Report, Verdict, ratio};
use crate::sketch::TokenSummary;

/// Whether new documents are compared with each other too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    /// They are: they are added together.
    EachOther,
    /// With those of the index alone.
    Index,
}

/// Documents to be answered on; numbers from `fresh` on are theirs.
pub(super) struct Asked<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) documents: &'a [&'a Document],
    pub(super) fresh: &'a Fresh,
    pub(super) among: Among,
    pub(super) options: &'a ReadOptions,
}

/// Documents with the same tokens that are compared with a new one to tell
/// where the text comes from, at most.
const MOST_TWINS: usize = 8;

/// What is compared.
#[derive(Default)]
struct Plan {
    /// By new document: documents with the same tokens, by number.
    twins: Vec<Vec<(u32, Row)>>,
    /// Pairs of a number of the index or of a new document, and a new document.
    pairs: Vec<(u32, u32)>,
    /// The documents of the index in it, by number.
    rows: BTreeMap<u32, Row>,
}

/// The answers on all documents, in their order.
pub(super) fn answers(asked: &Asked<'_>, shelf: &mut Shelf) -> Result<Vec<Answer>, Error> {
    let params = &asked.snapshot.catalogue.params;
    let plan = plan(asked, params)?;
    let named: Vec<(u32, Row)> = plan.rows.iter().map(|(&number, &row)| (number, row)).collect();
    let taken = shelf.take(asked.snapshot, &named, asked.options)?;
    let known: HashMap<u32, Known> =
        taken.iter().map(|taken| (taken.loaded.number, Known::of(&taken.loaded))).collect();
    let (report, met) = compare(asked, &plan, taken, params)?;
    let mut answers: Vec<Answer> = asked.documents.iter().map(|document| blank(document)).collect();
    let names = Names { asked, known: &known };
    for (new, twins) in plan.twins.iter().enumerate() {
        answers[new].matches.extend(twins.iter().map(|&(number, _)| names.twin(number)));
    }
    names.add_pairs(&report, &mut answers);
    names.add_estimates(&plan, params, &mut answers)?;
    names.add_origins(&report, &mut answers);
    for (answer, row) in answers.iter_mut().zip(asked.fresh.rows()) {
        answer.matches.sort_by_key(|found| (rank(found), found.number));
        answer.status = status(&answer.matches, row, params);
    }
    if asked.snapshot.catalogue.keeps_texts {
        let own_id = |(number, met): (u32, Met)| {
            let document = Document { id: names.id(number), ..met.document };
            (number, Met { document, ..met })
        };
        shelf.put(met.into_iter().map(own_id));
    }
    Ok(answers)
}

fn blank(document: &Document) -> Answer {
    Answer {
        id: own_id(document).to_owned(),
        path: document.path.to_string(),
        line: document.line,
        number: None,
        status: Status::New,
        matches: Vec::new(),
        origin: None,
        versions: Vec::new(),
        replaces: false,
    }
}

/// An answer on a document that the index has.
pub(super) fn known(document: &Document, number: u32) -> Answer {
    Answer { number: Some(number), status: Status::Known, ..blank(document) }
}

/// What is to be compared with what.
fn plan(asked: &Asked<'_>, params: &Params) -> Result<Plan, Error> {
    let (snapshot, fresh) = (asked.snapshot, asked.fresh);
    let rows = fresh.rows();
    let first = fresh.contents.first;
    let mut plan = Plan { twins: vec![Vec::new(); rows.len()], ..Plan::default() };
    let digests: Vec<u128> = rows.iter().map(|row| row.digest).collect();
    let mut same = snapshot.with_digests(Kind::Digests, &digests, |row| row.digest)?;
    let mut seen: HashMap<u128, u32> = HashMap::new();
    let mut is_compared = vec![false; rows.len()];
    for (new, row) in (0..).zip(rows).filter(|(_, row)| row.tokens > 0) {
        let mut twins = std::mem::take(&mut same[new as usize]);
        twins.truncate(MOST_TWINS);
        let of_batch = match asked.among {
            Among::EachOther => Some(*seen.entry(row.digest).or_insert(new)).filter(|&other| other != new),
            Among::Index => None,
        };
        is_compared[new as usize] =
            twins.is_empty() && of_batch.is_none() && row.tokens as usize >= params.shingle_len;
        plan.rows.extend(twins.iter().copied());
        twins.extend(of_batch.map(|other| (first + other, rows[other as usize])));
        plan.twins[new as usize] = twins;
    }
    let proposed = propose::propose(snapshot, fresh, params)?;
    let proposed = proposed.into_iter().filter(|&(new, _)| is_compared[new as usize]);
    let proposed: Vec<(u32, u32, Row)> = proposed
        .map(|(new, number)| Ok((new, number, snapshot.row(number)?)))
        .collect::<Result<_, Error>>()?;
    // Of documents with the same tokens the first stands for all.
    let mut stands_for: HashMap<u128, u32> = HashMap::new();
    let known = plan.rows.iter().map(|(&number, row)| (number, row.digest));
    for (number, digest) in known.chain(proposed.iter().map(|&(_, number, row)| (number, row.digest))) {
        stands_for.entry(digest).and_modify(|least| *least = number.min(*least)).or_insert(number);
    }
    for (new, number, row) in proposed {
        let least = stands_for[&row.digest];
        if least == number {
            plan.rows.insert(number, row);
        }
        plan.pairs.push((least, first + new));
    }
    if asked.among == Among::EachOther {
        let documents: Vec<DocId> = (0..rows.len()).filter(|&new| is_compared[new]).map(DocId::new).collect();
        let pairs = candidate_pairs(&documents, &fresh.sketches, params);
        plan.pairs.extend(pairs.into_iter().map(|(a, b)| (first + a.as_u32(), first + b.as_u32())));
    }
    plan.pairs.sort_unstable();
    plan.pairs.dedup();
    Ok(plan)
}

/// The name of a document in the report on those that are compared: reports go
/// by the order of names, and here the first added comes first.
fn name(number: u32) -> String {
    format!("{number:010}")
}

/// Compares what is to be compared; gives the report, and all documents of it,
/// by number, under the names that they have there.
fn compare(
    asked: &Asked<'_>,
    plan: &Plan,
    taken: Vec<Taken>,
    params: &Params,
) -> Result<(Report, Vec<(u32, Met)>), Error> {
    let first = asked.fresh.contents.first;
    let is_named = named(asked, plan);
    let own = |new: usize| Document {
        id: name(first + new as u32),
        original_id: None,
        is_against: false,
        ..asked.documents[new].clone()
    };
    let (mut documents, mut credits) = (Vec::new(), Vec::new());
    for Taken { loaded, credits: known } in taken.into_iter().filter(|taken| taken.loaded.has_text) {
        documents.push(Document { id: name(loaded.number), ..loaded.document });
        credits.push(known);
    }
    // Numbers of new documents are above all of the index, so that both are in
    // the order of the corpus.
    documents.extend((0..is_named.len()).filter(|&new| is_named[new]).map(own));
    credits.resize_with(documents.len(), || None);
    let corpus = Corpus::try_new(documents)?;
    let find = |number: u32| corpus.find(&name(number));
    let mut pairs: Vec<CandidatePair> = plan
        .pairs
        .iter()
        .filter_map(|&(a, b)| Some((find(a)?, find(b)?)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let numbers: Vec<u32> = corpus.documents().iter().map(number).collect();
    let counted = |number: &u32| {
        let new = number.checked_sub(first).map(|new| &asked.fresh.rows()[new as usize]);
        let row = new.unwrap_or_else(|| &plan.rows[number]);
        TokenSummary { count: row.tokens, digest: row.digest }
    };
    let mut known = pipeline::Known { counted: numbers.iter().map(counted).collect(), credits };
    let report = pipeline::compare_given(&corpus, &mut known, &pairs, params, &())?;
    let met = corpus.into_documents().into_iter().zip(known.credits);
    let met = met.map(|(document, credits)| Met { document, credits });
    Ok((report, numbers.into_iter().zip(met).collect()))
}

/// The number that a document has in the report on those that are compared.
fn number(document: &Document) -> u32 {
    document.id.parse().expect("their names are numbers")
}

/// For each new document whether it is compared, or has another one's tokens.
fn named(asked: &Asked<'_>, plan: &Plan) -> Vec<bool> {
    let first = asked.fresh.contents.first;
    let mut is_named = vec![false; asked.documents.len()];
    for &(a, b) in &plan.pairs {
        for new in [a, b].into_iter().filter_map(|number| number.checked_sub(first)) {
            is_named[new as usize] = true;
        }
    }
    for (new, twins) in plan.twins.iter().enumerate().filter(|(_, twins)| !twins.is_empty()) {
        is_named[new] = true;
        for (number, _) in twins.iter().filter(|(number, _)| *number >= first) {
            is_named[(number - first) as usize] = true;
        }
    }
    is_named
}

/// Names and numbers of the documents of a report.
struct Names<'a> {
    asked: &'a Asked<'a>,
    known: &'a HashMap<u32, Known>,
}

/// What answers say of a document of the index.
struct Known {
    id: String,
    has_text: bool,
}

impl Known {
    fn of(loaded: &Loaded) -> Self {
        Self { id: own_id(&loaded.document).to_owned(), has_text: loaded.has_text }
    }
}

impl Names<'_> {
    /// The place of a new document, if it is one.
    fn new_at(&self, number: u32) -> Option<usize> {
        number.checked_sub(self.asked.fresh.contents.first).map(|new| new as usize)
    }

    fn id(&self, number: u32) -> String {
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

    fn twin(&self, number: u32) -> Match {
        let one = Some(1.0);
        let found = self.matched(number, MatchVerdict::Compared(Verdict::Exact));
        Match { jaccard: one, coverage: one, coverage_of_match: one, ..found }
    }

    fn add_pairs(&self, report: &Report, answers: &mut [Answer]) {
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
    fn add_estimates(&self, plan: &Plan, params: &Params, answers: &mut [Answer]) -> Result<(), Error> {
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

    fn add_origins(&self, report: &Report, answers: &mut [Answer]) {
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
fn rank(found: &Match) -> (bool, Option<Status>) {
    let status = status_of(found);
    (status.is_none(), status)
}

fn status(matches: &[Match], row: &Row, params: &Params) -> Status {
    if row.tokens == 0 {
        return Status::NoTokens;
    }
    match matches.iter().filter_map(status_of).min() {
        Some(status) => status,
        None if (row.tokens as usize) < params.shingle_len => Status::TooShort,
        None => Status::New,
    }
}
