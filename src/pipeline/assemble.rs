//! Findings → report: everything by name, sorted, attributed.

use rayon::prelude::*;

use super::Compared;
use super::entries::{Entries, WrittenEntries};
use super::parts::{PairsByStory, parts};
use super::pieces::{self, Said, Witnesses};
use super::repeats::Repeat;
use crate::attribute::direction::{self, Clues};
use crate::attribute::sources::Table;
use crate::document::{DocId, Skipped};
use crate::report::{self, Credit, ExactGroup, Report, Stats};
use crate::spill::Spill;
use crate::spill::entries::{EntryWriter, Lists};

/// Puts the findings together.
pub(super) fn report(compared: &Compared<'_>, entries: Entries) -> Report {
    let rows: Vec<usize> = (0..compared.found.pairs.rows().len()).collect();
    let parts = parts(compared, &PairsByStory::new(compared), 0..compared.stories.len(), &rows);
    let (clusters, pairs) = pieces::tell(compared, &entries, &parts, &rows);
    let mut sources = Table::of(entries.held());
    for (part, cluster) in parts.iter().zip(&clusters) {
        sources.add(cluster, |id| part.find(id, &entries).map(|document| entries.of(document)));
    }
    drop(parts);
    let id = |document: &DocId| entries.of(document.index()).id.clone();
    let groups = listed_groups(compared).map(|group| exact_group(group.iter().map(id).collect()));
    let of_document = |(document, found): (DocId, super::repeats::DocumentRepeats)| {
        let id = &entries.of(document.index()).id;
        found.repeats.into_iter().map(|repeat| repeat.of(id)).collect::<Vec<report::Repeat>>()
    };
    Report {
        exact_groups: groups.collect(),
        repeats: compared.found.repeats.iter().flat_map(of_document).collect(),
        sources: sources.finish(),
        documents: entries.into_held(),
        pairs,
        clusters,
        ..without_lists(compared)
    }
}

/// The same, with the long lists apart.
pub(super) fn report_apart(
    compared: &Compared<'_>,
    written: WrittenEntries,
    spill: &Spill,
) -> (Report, Lists) {
    let mut table = Table::default();
    written.sources.iter().for_each(|(source, &documents)| table.count(source, documents));
    let (clusters, pairs) = pieces::write(compared, &written, &mut table, spill);
    let id = |document: &DocId| compared.corpus.about(*document).id.clone();
    let mut exact_groups = EntryWriter::new(spill);
    for group in listed_groups(compared) {
        exact_groups.push(&exact_group(group.iter().map(id).collect()));
    }
    let mut repeats = EntryWriter::new(spill);
    for (document, found) in compared.found.repeats.iter() {
        let id = id(&document);
        found.repeats.into_iter().map(|repeat: Repeat| repeat.of(&id)).for_each(|repeat| {
            repeats.push(&repeat);
        });
    }
    let report = Report { sources: table.finish(), ..without_lists(compared) };
    let (repeats, exact_groups) = (repeats.finish(), exact_groups.finish());
    (report, Lists { documents: written.into_written(), repeats, exact_groups, pairs, clusters })
}

fn without_lists(compared: &Compared<'_>) -> Report {
    let corpus = compared.corpus;
    let stats = Stats {
        documents: corpus.len(),
        bytes: corpus.ids().map(|id| corpus.text_len(id)).sum(),
        verified: compared.found.compared,
        ..Stats::default()
    };
    Report { skipped: skipped(compared), stats, ..Report::empty(compared.params.clone()) }
}

/// The clues on every listed pair, by the ids of its documents; for choosing
/// the weights of clues.
pub(super) fn clues(
    compared: &Compared<'_>,
    credits: Vec<Vec<Credit>>,
) -> Vec<(String, String, [f64; direction::CLUES.len()])> {
    let entries = Entries::of_all(compared, credits);
    let rows: Vec<usize> = (0..compared.found.pairs.rows().len()).collect();
    let parts = parts(compared, &PairsByStory::new(compared), 0..compared.stories.len(), &rows);
    let of_row = |&at: &usize| Said::new(compared.found.pairs.get(at), &entries);
    let said: Vec<Said> = rows.par_iter().map(of_row).collect();
    let witnesses = Witnesses::new(compared, &entries, (&parts, &said));
    let of_pair = |Said { row, pair, .. }: &Said| {
        let (a, b) = (witnesses.of(row.shown.0.index()), witnesses.of(row.shown.1.index()));
        (a.entry.id.clone(), b.entry.id.clone(), Clues::of_pair(a, b, pair).values())
    };
    said.par_iter().map(of_pair).collect()
}

/// What did not become a document, and documents that have nothing to
/// compare; these stay in `documents` too.
fn skipped(compared: &Compared<'_>) -> Vec<Skipped> {
    let corpus = compared.corpus;
    let without_tokens = corpus.ids().filter(|&id| compared.sketches.tokens(id) == 0);
    let nothing_to_compare = without_tokens.map(|id| {
        let document = corpus.about(id);
        Skipped {
            path: document.path.to_string(),
            line: document.line,
            document: Some(document.id.clone()),
            reason: match corpus.text_len(id) {
                0 => "the text is empty".into(),
                _ => "the text has no letters or digits".into(),
            },
        }
    });
    let mut all: Vec<Skipped> = compared.corpus.skipped().iter().cloned().chain(nothing_to_compare).collect();
    all.sort();
    all
}

/// The groups of documents with the same tokens in which the limits allow a
/// pair, and those that a listed pair stands for.
fn listed_groups<'c>(compared: &'c Compared<'_>) -> impl Iterator<Item = &'c [DocId]> {
    let are_set = compared.limits.are_set();
    let mut is_paired = vec![!are_set; compared.corpus.len()];
    for row in compared.found.pairs.rows().iter().filter(|_| are_set) {
        (is_paired[row.a.index()], is_paired[row.b.index()]) = (true, true);
    }
    let is_listed = move |first: DocId| is_paired[first.index()] || compared.limits.allow_inside(first);
    compared.groups.exact.iter().map(Vec::as_slice).filter(move |group| is_listed(group[0]))
}

/// The group of documents with these ids.
pub(super) fn exact_group(ids: Vec<String>) -> ExactGroup {
    ExactGroup { id: ids[0].clone(), documents: ids }
}
