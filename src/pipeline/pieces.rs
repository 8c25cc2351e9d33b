//! What is said of some stories and some pairs at a time.
//!
//! In memory that are all of them. Under a budget, stories come a few at a
//! time: what a story and the pairs inside of it say of each other needs the
//! entries of its documents alone. A pair between two stories is told by its two
//! documents, so these follow, in the order of the report. What is held are the
//! entries of one piece, or of the largest story.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::entries::{Entries, WrittenEntries};
use super::lines::Lines;
use super::parts::{PairsByStory, Part, parts};
use super::verified::{Row, VerifiedPair};
use super::{Compared, assemble, standings, stories};
use crate::attribute::direction;
use crate::attribute::origin::{self, ClusterInput};
use crate::attribute::sources::Table;
use crate::attribute::witness::{self, Witness};
use crate::cluster::excerpt::Excerpt;
use crate::cluster::{self, Edge};
use crate::document::DocId;
use crate::report::{Cluster, Direction, DocumentEntry, ExactGroup, Pair, ratio};
use crate::spill::Spill;
use crate::spill::entries::{EntryWriter, SpooledEntries};
use crate::spill::packed::Packed;
use crate::verify::{self, Shares};

/// Documents and pairs of stories that are put into words at the same time
/// before they are written out: 2 MiB or so of entries.
const AT_ONCE: usize = 2048;

/// The documents as evidence sees them: of those whose entries are at hand the ones
/// that a story or a pair names.
pub(super) struct Witnesses<'d> {
    entries: &'d Entries,
    /// By the place of a document its place among the witnesses.
    places: Vec<Option<u32>>,
    witnesses: Vec<Witness<'d>>,
}

impl<'d> Witnesses<'d> {
    /// Those of these stories and pairs.
    pub(super) fn new(
        compared: &Compared<'_>,
        entries: &'d Entries,
        (parts, pairs): (&[Part<'_>], &[Said]),
    ) -> Self {
        let mut places = vec![None; entries.held().len()];
        let of_parts = parts.iter().flat_map(|part| {
            let carriers = part.excerpts.iter().map(|&(document, _)| document);
            part.documents.iter().copied().chain(carriers)
        });
        let of_pairs = pairs.iter().flat_map(|said| [said.row.shown.0.index(), said.row.shown.1.index()]);
        of_parts.chain(of_pairs).for_each(|document| places[entries.place(document)] = Some(0));
        let named: Vec<usize> = (0..places.len()).filter(|&place| places[place].is_some()).collect();
        (0..).zip(&named).for_each(|(number, &place)| places[place] = Some(number));
        // Publishers are few beside their documents.
        let mut sources: Vec<&str> =
            named.iter().map(|&place| entries.held()[place].source.as_str()).collect();
        sources.dedup();
        sources.sort_unstable();
        sources.dedup();
        let keys: HashMap<&str, String> =
            sources.into_iter().map(|source| (source, witness::key(source))).collect();
        let of_place = |&place: &usize| {
            let entry = &entries.held()[place];
            let document = compared.corpus.document(entries.document(place));
            Witness::with_key(&document, entry, keys[entry.source.as_str()].clone())
        };
        let witnesses = named.par_iter().map(of_place).collect();
        let mut witnesses = Witnesses { entries, places, witnesses };
        standings::tell(&mut witnesses, parts, pairs);
        witnesses
    }

    /// The entry of a document at hand, by its number.
    pub(super) fn entry(&self, document: usize) -> &'d DocumentEntry {
        self.entries.of(document)
    }

    /// The witness that a document is, by its number.
    pub(super) fn of(&self, document: usize) -> &Witness<'d> {
        &self.witnesses[self.place(document)]
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, document: usize) -> &mut Witness<'d> {
        let place = self.place(document);
        &mut self.witnesses[place]
    }

    fn place(&self, document: usize) -> usize {
        let place = self.places[self.entries.place(document)];
        place.expect("only documents of stories and pairs are asked for") as usize
    }
}

/// A listed pair, and what of it is said elsewhere.
pub(super) struct Said {
    pub(super) row: Row,
    pub(super) shares: Shares,
    /// Who of the two was first depends on their story.
    pub(super) pair: Pair,
}

impl Said {
    /// That of a pair whose documents have entries at hand.
    pub(super) fn new(pair: VerifiedPair, entries: &Entries) -> Self {
        let VerifiedPair { row, shares, found } = pair;
        let (a, b) = (entries.of(row.shown.0.index()), entries.of(row.shown.1.index()));
        let pair = Pair {
            a: a.id.clone(),
            b: b.id.clone(),
            verdict: row.verdict,
            reason: verify::reason(row.verdict, &found.overlap, &found.passages, &found.loose),
            jaccard: ratio(shares.jaccard),
            counted_jaccard: (shares.counted_jaccard < shares.jaccard).then(|| ratio(shares.counted_jaccard)),
            containment_of_a_in_b: ratio(shares.containment_of_a_in_b),
            containment_of_b_in_a: ratio(shares.containment_of_b_in_a),
            coverage_of_a_by_b: ratio(shares.coverage_of_a_by_b),
            coverage_of_b_by_a: ratio(shares.coverage_of_b_by_a),
            passages: found.passages,
            direction: Direction { from: None, confidence: 0.0, evidence: Vec::new() },
        };
        Self { row, shares, pair }
    }

    fn edge(&self) -> Edge {
        let (of_a, of_b) = (self.shares.coverage_of_a_by_b, self.shares.coverage_of_b_by_a);
        Edge {
            a: self.row.a.index(),
            b: self.row.b.index(),
            strength: of_a.max(of_b),
            likeness: f64::midpoint(of_a, of_b),
        }
    }
}

/// The clusters of some stories, by id, and these pairs; `rows` are those at
/// hand, sorted, and `entries` has all documents that are named in either.
pub(super) fn tell(
    compared: &Compared<'_>,
    entries: &Entries,
    parts: &[Part<'_>],
    rows: &[usize],
) -> (Vec<Cluster>, Vec<Pair>) {
    let of_row = |&at: &usize| Said::new(compared.found.pairs.get(at), entries);
    let mut said: Vec<Said> = rows.par_iter().map(of_row).collect();
    let witnesses = Witnesses::new(compared, entries, (parts, &said));
    let build = |part: &Part<'_>| cluster_of(compared, part, &witnesses, &said);
    let (clusters, likeliest): (Vec<Cluster>, Vec<Vec<String>>) = parts.par_iter().map(build).unzip();
    let lines = Lines::new(entries, parts, (&clusters, &likeliest));
    said.par_iter_mut().for_each(|Said { row, pair, .. }| {
        let (a, b) = (row.shown.0.index(), row.shown.1.index());
        let relation = lines.relation(entries.place(a), entries.place(b));
        pair.direction = direction::direction(witnesses.of(a), witnesses.of(b), pair, relation);
    });
    (clusters, said.into_iter().map(|said| said.pair).collect())
}

/// The cluster of one story, and the members that may be its origin.
fn cluster_of(
    compared: &Compared<'_>,
    part: &Part<'_>,
    witnesses: &Witnesses<'_>,
    said: &[Said],
) -> (Cluster, Vec<String>) {
    let verified = || part.pairs.iter().map(|&at| &said[at]);
    let edges: Vec<Edge> = verified().map(Said::edge).collect();
    let groups = &part.story.groups;
    let uniting: Vec<&Pair> =
        verified().filter(|said| said.row.verdict.is_uniting()).map(|said| &said.pair).collect();
    let representative = &witnesses.entry(cluster::representative(groups, &edges)).id;
    let shares = part.excerpt_shares(compared, witnesses);
    let excerpt = |&(document, excerpt): &(usize, &Excerpt)| origin::Excerpt {
        document: witnesses.of(document),
        of: &witnesses.entry(excerpt.of).id,
        share: excerpt.coverage,
        shares: shares.get(&excerpt.group).map_or(&[], Vec::as_slice),
    };
    let exact_group = |&at: &usize| {
        let id = |document: &DocId| witnesses.entry(document.index()).id.clone();
        assemble::exact_group(compared.groups.exact[at].iter().map(id).collect())
    };
    let exact_groups: Vec<ExactGroup> = part.exact_groups.iter().map(exact_group).collect();
    let input = ClusterInput {
        members: &part.documents.iter().map(|&at| witnesses.of(at)).collect::<Vec<_>>(),
        pairs: &uniting,
        exact_groups: &exact_groups.iter().collect::<Vec<_>>(),
        representative,
        excerpts: &part.excerpts.iter().map(excerpt).collect::<Vec<_>>(),
    };
    let attributed = origin::attribute(&input);
    let cluster = Cluster {
        id: input.members[0].entry.id.clone(),
        representative: representative.clone(),
        cohesion: ratio(cluster::cohesion(&edges, part.compared)),
        pairs_complete: part.compared == stories::allowed_inside(groups, &compared.limits),
        independent_origins: attributed.independent_origins,
        origin: attributed.origin,
        members: attributed.members,
    };
    (cluster, attributed.likeliest)
}

/// The clusters and pairs of a report, written out as they come; publishers
/// are added to `table`.
pub(super) fn write(
    compared: &Compared<'_>,
    written: &WrittenEntries,
    table: &mut Table,
    spill: &Spill,
) -> (SpooledEntries<Cluster>, SpooledEntries<Pair>) {
    let by_story = PairsByStory::new(compared);
    let mut clusters = EntryWriter::new(spill);
    let mut made = MadePairs { packed: Packed::new(Some(spill)), rows: Vec::new() };
    for stories in pieces(compared, &by_story) {
        let rows = by_story.inside(stories.clone());
        let parts = parts(compared, &by_story, stories, &rows);
        let carriers = || parts.iter().flat_map(|part| part.excerpts.iter().map(|(document, _)| *document));
        let members = parts.iter().flat_map(|part| part.documents.iter().copied());
        let entries = written.of(sorted(members.chain(carriers()).map(DocId::new).collect()));
        let (of_stories, pairs) = tell(compared, &entries, &parts, &rows);
        for (part, cluster) in parts.iter().zip(&of_stories) {
            table.add(cluster, |id| part.find(id, &entries).map(|document| entries.of(document)));
            clusters.push(cluster);
        }
        made.extend(&rows, &pairs);
    }
    drop(by_story);
    (clusters.finish(), made.finish(compared, written, spill))
}

/// Stories that are put into words together.
fn pieces(compared: &Compared<'_>, by_story: &PairsByStory) -> Vec<Range<usize>> {
    let size = |document: usize| {
        compared.groups.group(DocId::new(document)).map_or(1, |at| compared.groups.exact[at].len())
    };
    let mut pieces = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (number, story) in compared.stories.iter().enumerate() {
        let carriers = story.excerpts.iter().map(|excerpt| excerpt.group);
        held +=
            story.groups.iter().copied().chain(carriers).map(size).sum::<usize>() + by_story.count(number);
        if held >= AT_ONCE {
            pieces.push(start..number + 1);
            (start, held) = (number + 1, 0);
        }
    }
    pieces.push(start..compared.stories.len());
    pieces
}

/// Pairs in words, before they are in order.
struct MadePairs {
    packed: Packed,
    /// Their numbers, and where they lie.
    rows: Vec<(u32, u32, u64)>,
}

impl MadePairs {
    fn extend(&mut self, rows: &[usize], pairs: &[Pair]) {
        let records: Vec<Vec<u8>> = pairs.par_iter().map(EntryWriter::record).collect();
        for (&at, record) in rows.iter().zip(records) {
            let len = u32::try_from(record.len()).expect("a pair takes less than 4 GiB");
            self.rows.push((at as u32, len, self.packed.push(&record)));
        }
    }

    /// All pairs, in order: these, and those between stories.
    fn finish(
        mut self,
        compared: &Compared<'_>,
        written: &WrittenEntries,
        spill: &Spill,
    ) -> SpooledEntries<Pair> {
        self.rows.par_sort_unstable();
        let mut writer = EntryWriter::new(spill);
        let mut made = self.rows.iter().peekable();
        let all = compared.found.pairs.rows();
        for first in (0..all.len()).step_by(AT_ONCE) {
            let here = first..all.len().min(first + AT_ONCE);
            let upto = self.rows.partition_point(|(at, ..)| (*at as usize) < here.end);
            let since = self.rows.partition_point(|(at, ..)| (*at as usize) < here.start);
            let is_made =
                |at: usize| self.rows[since..upto].binary_search_by_key(&at, |row| row.0 as usize).is_ok();
            let others: Vec<usize> = here.clone().filter(|&at| !is_made(at)).collect();
            let named = others.iter().flat_map(|&at| [all[at].shown.0, all[at].shown.1]);
            let entries = written.of(sorted(named.collect()));
            let (_, pairs) = tell(compared, &entries, &[], &others);
            let mut pairs = pairs.iter();
            for at in here {
                if let Some((_, len, place)) = made.next_if(|row| row.0 as usize == at) {
                    writer.push_made(&self.packed.read(*place, *len as usize));
                } else if let Some(pair) = pairs.next() {
                    writer.push(pair);
                }
            }
        }
        writer.finish()
    }
}

fn sorted(mut documents: Vec<DocId>) -> Vec<DocId> {
    documents.sort_unstable();
    documents.dedup();
    documents
}
