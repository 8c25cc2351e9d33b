//! Of many documents, each with the nearest that it may be paired with.

use super::Limited;
use super::rules::Fact;
use crate::candidates::CandidatePair;
use crate::document::DocId;

/// A document that a member of a bucket stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) fact: Fact,
    pub(super) member: DocId,
}

impl Limited {
    /// Links each entry with the best, by `rank`, of those before it that it may be
    /// paired with.
    pub(super) fn sweep(
        &self,
        entries: impl Iterator<Item = Entry>,
        rank: fn(Fact) -> i64,
        pairs: &mut Vec<CandidatePair>,
    ) {
        let mut best: [Vec<Entry>; 2] = [Vec::new(), Vec::new()];
        for entry in entries {
            let side = usize::from(entry.fact.side);
            let others = &best[if self.rules.against { 1 - side } else { side }];
            let is_partner =
                |other: &&Entry| other.member != entry.member && self.rules.allow(other.fact, entry.fact);
            if let Some(other) = others.iter().find(is_partner) {
                pairs.push((entry.member.min(other.member), entry.member.max(other.member)));
            }
            let of_side = &mut best[side];
            let place = of_side.partition_point(|other| rank(other.fact) >= rank(entry.fact));
            of_side.insert(place, entry);
            keep_needed(of_side);
        }
    }
}

/// Keeps of entries, the best first, those that are the best for somebody: one
/// may be of the member, or of the publisher, for which a partner is looked
/// for. An entry is needed if all kept before it are of some member or of some
/// publisher and it is of neither; that is at most four.
pub(super) fn keep_needed(entries: &mut Vec<Entry>) {
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for &entry in entries.iter() {
        let members = kept.iter().map(|kept| Some(kept.member)).chain([None]);
        let is_needed = members.filter(|member| *member != Some(entry.member)).any(|member| {
            let mut rest =
                kept.iter().filter(|kept| Some(kept.member) != member).map(|kept| kept.fact.source);
            match rest.next() {
                None => true,
                Some(source) => source != entry.fact.source && rest.all(|other| other == source),
            }
        });
        if is_needed {
            kept.push(entry);
        }
    }
    *entries = kept;
}
