//! What all pairs together tell of a pair: standing wording that is filled in
//! each time, and the furniture of pages.

use rayon::prelude::*;

use super::verified::{Found, Row, VerifiedPairs};
use crate::passage::kind::Kind;
use crate::passage::kind::form::{self, Alike};
use crate::passage::kind::spread::furniture::{Evidence, Furniture};
use crate::passage::kind::spread::{self, Testimony};
use crate::report::{PassageKind, Verdict};
use crate::verify::NEAR_COVERAGE;

/// What is told, by the keys of pairs.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// With how many other fillings the wording of a pair stands elsewhere.
    forms: Vec<(u64, u32)>,
    /// The passages that are furniture, and how many others carry them.
    furniture: Vec<(u64, u32, u32)>,
}

impl Told {
    /// Brings it into the order of the keys.
    pub(super) fn sort(&mut self) {
        self.forms.sort_unstable();
        self.furniture.sort_unstable();
    }

    /// Puts into a pair what is told of it.
    pub(super) fn tell(&self, key: u64, found: &mut Found) {
        if let Ok(at) = self.forms.binary_search_by_key(&key, |form| form.0) {
            become_form(found, &form::kind(self.forms[at].1 as usize));
        }
        let first = self.furniture.partition_point(|furniture| furniture.0 < key);
        for &(_, passage, carriers) in self.furniture[first..].iter().take_while(|told| told.0 == key) {
            // Nothing is there behind an error of the file.
            let Some(passage) = found.passages.get_mut(passage as usize) else { continue };
            let Kind { kind, reason } = spread::kind(carriers as usize, passage.identity);
            (passage.kind, passage.reason) = (kind, reason);
        }
    }
}

/// Makes what is still a copy one of those that all pairs together tell.
fn become_form(found: &mut Found, of_form: &Kind) {
    found.overlap.retell_loose(PassageKind::Copy, of_form.kind);
    found.loose.push(of_form.clone());
    for passage in found.passages.iter_mut().filter(|passage| passage.kind == PassageKind::Copy) {
        (passage.kind, passage.reason) = (of_form.kind, of_form.reason.clone());
    }
}

/// Finds forms and furniture among the copies of all pairs of a collection of
/// so many documents.
pub(super) fn judge(pairs: &mut VerifiedPairs<'_>, documents: usize) {
    pairs.forget_told();
    for (at, fillings) in forms(pairs, documents) {
        pairs.tell(at, |told, key| told.forms.push((key, fillings as u32)));
    }
    pairs.sort_told();
    for (at, passage, carriers) in furniture(pairs, documents) {
        pairs.tell(at, |told, key| told.furniture.push((key, passage as u32, carriers as u32)));
    }
    pairs.weigh_told();
}

/// The pairs that are forms, each with the number of other fillings.
fn forms(pairs: &VerifiedPairs<'_>, documents: usize) -> Vec<(usize, usize)> {
    let is_alike = |verdict: Verdict| verdict.is_uniting() || verdict == Verdict::Template;
    let alike = |at: usize| {
        let row = &pairs.rows()[at];
        let (changes, containment) = pairs.changes(at);
        Alike { documents: [row.a, row.b], containment, changes }
    };
    // They are gone through several times, and few of them say anything.
    let telling: Vec<usize> = (0..pairs.rows().len())
        .into_par_iter()
        .filter(|&at| is_alike(pairs.rows()[at].verdict) && alike(at).is_telling())
        .collect();
    form::forms(|| telling.iter().map(|&at| (at, alike(at))), documents)
}

/// The passages that are furniture, by the numbers of pair and passage, each
/// with the number of others that carry it.
fn furniture(pairs: &VerifiedPairs<'_>, documents: usize) -> Vec<(usize, usize, usize)> {
    let rows = || pairs.rows().par_iter().enumerate();
    let of_one_source = rows().filter(|(_, row)| row.testimony != Testimony::None);
    let hear = |mut evidence: Evidence, (at, row): (usize, &Row)| {
        let found = pairs.found(at);
        evidence.add([row.a, row.b], row.testimony, found.overlap.tokens, &found.passages);
        evidence
    };
    let evidence = of_one_source.fold(Evidence::default, hear).reduce(Evidence::default, Evidence::and);
    let furniture = Furniture::new(evidence, documents, pairs.params().min_passage_tokens);
    if furniture.is_empty() {
        return Vec::new();
    }
    // By the first of the group, so that what is known of one is known of all;
    // in the few whose texts differ in their spaces, places are near enough.
    // Documents that have nearly nothing else are one text, whoever carries it.
    let of_pair = |(at, row): (usize, &Row)| {
        let found = pairs.found(at);
        let mut told = furniture.of([row.a, row.b], &found.passages);
        if !told.is_empty() && pairs.least_coverage(&found) >= NEAR_COVERAGE {
            told.clear();
        }
        told.into_iter().map(move |(passage, carriers)| (at, passage, carriers))
    };
    rows().filter(|(_, row)| furniture.has([row.a, row.b])).flat_map_iter(of_pair).collect()
}
