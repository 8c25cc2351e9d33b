//! Documents → what the index has of them.

mod telling;

use std::collections::{BTreeMap, HashMap};

use self::telling::{Known, Names, rank, status};
use super::propose;
use super::record::own_id;
use super::segment::{Kind, Row};
use super::shelf::{Met, Shelf, Taken};
use super::sketches::Fresh;
use super::snapshot::Snapshot;
use super::told::{Answer, Status};
use crate::candidates::{CandidatePair, candidate_pairs};
use crate::document::{Corpus, DocId, Document};
use crate::error::Error;
use crate::params::Params;
use crate::pipeline;
use crate::read::ReadOptions;
use crate::report::Report;
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
