//! Fingerprint postings: documents that share a selected shingle.
//!
//! Postings come in partitions by the upper bits of their hash
//! ([`crate::sketch::posting`]), and partitions are joined in parallel. In
//! one, the shingles that stand alone are put aside (`join.rs`) and the rest
//! is sorted; each run of equal shingles is a bucket. Time O(n) in the
//! postings that stand alone and O(m log m) in the others; space 20 bytes a
//! posting of the partitions at hand, and 8 a proposed pair.
//!
//! One shared shingle alone is often a common phrase, so a pair is proposed
//! when the surroundings agree before or behind the shingle (inside a shared
//! run of [`guarantee_tokens`](crate::sketch::winnow::guarantee_tokens) or
//! more, one side always does) or when two different shingles are shared
//! (noisy copies, where edits separate the shingles).
//!
//! The more documents have a shingle, the less it says, and the more pairs
//! they would make. From more than [`LONE_BUCKET`] places on:
//!
//! - Places with the same surroundings are joined by a star, around the
//!   document that holds most such groups for its length. So documents that
//!   share a paragraph, and with it many shingles, meet the same one each time
//!   and not another for every shingle; and the copies of a story meet one of
//!   them, and no round-up.
//! - A place is joined on the side on which more agree with it: where words are
//!   replaced beside a shingle, what is left there says little.
//! - Surroundings that no more than chance would bring together ([`BY_CHANCE`])
//!   join nothing.
//! - Up to [`ALL_PAIRS_BUCKET`] places, all other pairs whose surroundings agree
//!   are counted, and proposed where the shingles that say so stand for
//!   [`MIN_SHARE`] of the shorter document, or where one of few places says so
//!   too. Beyond, there are no further pairs.
//!
//! So a story in forty outlets has all its pairs; a standing phrase, a paragraph
//! of legal terms or a story in thousands a linear number.

mod spilled;
mod standing;

use rayon::prelude::*;

use super::join::{self, Slots};
use super::{ALL_PAIRS_BUCKET, CandidatePair, LONE_BUCKET, sort_key};
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::sketch::Sketches;
use crate::sketch::columns::Parts;
use crate::sketch::posting::{PARTITIONS, SHINGLE_BITS, before, behind, shingle};
use crate::sketch::winnow::{contexts_agree, tokens_per_fingerprint};
pub use standing::STANDING_SHARE;
use standing::Standing;

/// Share of the shorter document for which the shingles of a pair must stand
/// where each of them has more than [`LONE_BUCKET`] places: less than the least
/// that unites (`min_derived` is 0.33), since of a version with changes fewer
/// shingles are left.
pub const MIN_SHARE: f64 = 0.25;

/// One place in so many agrees with a given one by chance, or more seldom: a
/// fourth of the values that a context has. What so few have around a common
/// phrase joins nothing; those that share more than the phrase share other
/// shingles too.
pub const BY_CHANCE: usize = 64;

/// A posting that may have a partner: shingle and contexts, and its document.
type Place = (u64, DocId);

/// Pairs that share a passage as far as fingerprints tell; in no particular
/// order, possibly repeated.
pub fn sharing_pairs(
    documents: &[DocId],
    sketches: &Sketches,
    params: &Params,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    let mut is_named = vec![false; sketches.len()];
    documents.iter().for_each(|document| is_named[document.index()] = true);
    let parts = sketches.postings();
    if let Parts::Spilled(spilled) = parts {
        let join = |number: usize| join_buckets(&shared_places(number, &is_named, &parts));
        return spilled::sharing_pairs(join, (sketches, params), limits, spilled.spill());
    }
    let join = |number: usize| join_buckets(&shared_places(number, &is_named, &parts));
    let found: Vec<Joined> = (0..PARTITIONS).into_par_iter().map(join).collect();
    let all = |of: fn(&Joined) -> &[CandidatePair]| found.iter().map(of).collect::<Vec<_>>().concat();
    let mut standing = vec![0u32; sketches.len()];
    for document in found.iter().flat_map(|joined| &joined.standing) {
        standing[document.index()] += 1;
    }
    let standing = Standing::new(&standing, (sketches, params));
    let mut strong = all(|joined| &joined.strong);
    add_stars(&found, (sketches, limits), &mut strong);
    let (mut few, mut many) = (all(|joined| &joined.few), all(|joined| &joined.many));
    drop(found);
    strong.par_sort_unstable_by_key(sort_key);
    let (mut pairs, mut doubtful) = (Vec::new(), Vec::new());
    for same in strong.chunk_by(|a, b| a == b) {
        if standing.is_doubtful(same[0], same.len()) { &mut doubtful } else { &mut pairs }.push(same[0]);
    }
    drop(strong);
    pairs.extend(standing::kept(doubtful, sketches, limits));
    few.par_sort_unstable_by_key(sort_key);
    many.par_sort_unstable_by_key(sort_key);
    pairs.extend(few.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]));
    let is_enough = |pair: &CandidatePair, shingles: usize| {
        is_enough(pair, shingles, (sketches, params))
            || few.binary_search_by_key(&sort_key(pair), sort_key).is_ok()
    };
    let same = many.chunk_by(|a, b| a == b).filter(|same| is_enough(&same[0], same.len()));
    pairs.extend(same.map(|same| same[0]));
    pairs
}

/// Whether so many shingles of many places stand for enough of a pair.
fn is_enough(&(a, b): &CandidatePair, shingles: usize, (sketches, params): (&Sketches, &Params)) -> bool {
    let shorter = sketches.tokens(a).min(sketches.tokens(b));
    shingles > 1 && shingles as f64 * tokens_per_fingerprint(params) >= MIN_SHARE * shorter as f64
}

/// Adds a star for each group; those of standing shingles twice, as what these
/// join is in no doubt.
fn add_stars(found: &[Joined], (sketches, limits): (&Sketches, &PairLimits), pairs: &mut Vec<CandidatePair>) {
    let mut groups_of = vec![0u32; sketches.len()];
    for (document, _) in found.iter().flat_map(|joined| &joined.members) {
        groups_of[document.index()] += 1;
    }
    let stars = Stars { groups_of, sketches, limits };
    for (group, is_standing) in found.iter().flat_map(Joined::groups) {
        let start = pairs.len();
        stars.add(group, pairs);
        if is_standing {
            pairs.extend_from_within(start..);
        }
    }
}

/// What stars are made by.
struct Stars<'s> {
    /// By document: how many groups it is in.
    groups_of: Vec<u32>,
    sketches: &'s Sketches,
    limits: &'s PairLimits,
}

impl Stars<'_> {
    /// Adds the star of a group: around the document that has most groups for
    /// its length, of equal ones the longest, of these the first.
    fn add(&self, group: &[Member], pairs: &mut Vec<CandidatePair>) {
        let compare = |a: DocId, b: DocId| {
            let groups = [a, b].map(|document| u64::from(self.groups_of[document.index()]));
            let tokens = [a, b].map(|document| self.sketches.tokens(document) as u64);
            let of_density = (groups[0] * tokens[1]).cmp(&(groups[1] * tokens[0]));
            of_density.then(tokens[0].cmp(&tokens[1])).then(b.cmp(&a))
        };
        let Some(&(hub, is_joined)) = group.iter().max_by(|(a, _), (b, _)| compare(*a, *b)) else {
            return;
        };
        let others = || group.iter().filter(|(other, _)| *other != hub);
        let mut joined: Vec<DocId> =
            others().filter(|(_, is_joined)| *is_joined).map(|(other, _)| *other).collect();
        if joined.is_empty() && is_joined {
            // It needs one of the others, who do not need it.
            joined.extend(others().next().map(|(other, _)| *other));
        }
        pairs.extend(joined.into_iter().map(|other| (hub.min(other), hub.max(other))));
        if self.limits.are_set() {
            pairs.extend(self.limits.links(&group.iter().map(|(member, _)| *member).collect::<Vec<_>>()));
        }
    }
}

/// The postings of one partition without most of those that stand alone, by
/// shingle.
fn shared_places(number: usize, is_named: &[bool], parts: &Parts<'_>) -> Vec<Place> {
    let count = parts.count(number);
    let mut slots = Slots::default();
    slots.reset(count, SHINGLE_BITS);
    let mut places: Vec<Place> = Vec::with_capacity(count);
    parts.each(number, |first, postings| {
        let of_chunk = &is_named[first..];
        for posting in postings.iter().filter(|posting| of_chunk[posting.document()]) {
            slots.add(shingle(posting.key()));
            places.push((posting.key(), DocId::new(first + posting.document())));
        }
    });
    places.retain(|&(key, _)| slots.may_recur(shingle(key)));
    join::sort_by_key(&mut places, |&(key, _)| shingle(key));
    places
}

/// The pairs of one partition.
#[derive(Default)]
struct Joined {
    /// Those to be proposed.
    strong: Vec<CandidatePair>,
    /// Once for each shingle of few places that both have, and of very many with
    /// surroundings that few have: those that need another one.
    few: Vec<CandidatePair>,
    /// Once for each shingle of more places that both have with the same
    /// surroundings: those that must have enough of them.
    many: Vec<CandidatePair>,
    /// The documents of all places of shingles that more than
    /// [`ALL_PAIRS_BUCKET`] places have.
    standing: Vec<DocId>,
    /// Groups to be joined by stars, each in ascending order.
    members: Vec<Member>,
    /// Where each group ends, and whether it is of a standing shingle.
    ends: Vec<(usize, bool)>,
}

/// What stands on one side of a shingle.
type Side = fn(u64) -> u8;

/// A document of a group, and whether it is joined in this one and not in the
/// group of its other side, which is smaller.
type Member = (DocId, bool);

impl Joined {
    /// The groups to be joined by stars, and whether each is of a standing
    /// shingle.
    fn groups(&self) -> impl Iterator<Item = (&[Member], bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        let group =
            |(start, &(end, is_standing)): (usize, &(usize, bool))| (&self.members[start..end], is_standing);
        starts.zip(&self.ends).map(group)
    }

    /// Joins the places of a large bucket, each with those that agree with it on
    /// the side on which more do.
    fn join_by_context(&mut self, bucket: &[Place]) {
        let mut sizes = [[0u32; 1 << u8::BITS]; 2];
        for &(key, _) in bucket {
            sizes[0][usize::from(before(key))] += 1;
            sizes[1][usize::from(behind(key))] += 1;
        }
        let is_first = |key: u64| sizes[0][usize::from(before(key))] >= sizes[1][usize::from(behind(key))];
        for (side, is_of_first) in [(before as Side, true), (behind, false)] {
            let place = |&(key, document): &Place| (side(key), document, is_first(key) != is_of_first);
            let mut places: Vec<(u8, DocId, bool)> = bucket.iter().map(place).collect();
            places.sort_unstable();
            // Of the places of one document the one that is joined here.
            places.dedup_by_key(|&mut (context, document, _)| (context, document));
            for group in places.chunk_by(|a, b| a.0 == b.0) {
                let members = group.iter().map(|&(_, document, is_elsewhere)| (document, !is_elsewhere));
                self.join_group(members, bucket.len());
            }
        }
    }

    /// Joins documents that agree on one side of a shingle with so many places.
    fn join_group(&mut self, group: impl ExactSizeIterator<Item = Member>, places: usize) {
        if group.len() > LONE_BUCKET {
            let start = self.members.len();
            self.members.extend(group);
            let is_joined = self.members[start..].iter().any(|(_, is_joined)| *is_joined);
            if is_joined && (self.members.len() - start) * BY_CHANCE > places {
                self.ends.push((self.members.len(), places > ALL_PAIRS_BUCKET));
            } else {
                self.members.truncate(start);
            }
            return;
        }
        // In a very large bucket, few agree by chance.
        let pairs = if places <= ALL_PAIRS_BUCKET { &mut self.strong } else { &mut self.few };
        let members: Vec<Member> = group.collect();
        for (at, (a, one)) in members.iter().enumerate() {
            let others = members[at + 1..].iter().filter(|(_, other)| *one || *other);
            pairs.extend(others.map(|(b, _)| (*a, *b)));
        }
    }
}

fn join_buckets(places: &[Place]) -> Joined {
    let mut joined = Joined::default();
    for bucket in places.chunk_by(|a, b| shingle(a.0) == shingle(b.0)) {
        if bucket.len() <= LONE_BUCKET {
            for (pair, agree) in bucket_places(bucket) {
                if agree { &mut joined.strong } else { &mut joined.few }.push(pair);
            }
            continue;
        }
        joined.join_by_context(bucket);
        if bucket.len() > ALL_PAIRS_BUCKET {
            joined.standing.extend(bucket.iter().map(|&(_, document)| document));
        } else {
            joined.many.extend(bucket_places(bucket).filter(|&(_, agree)| agree).map(|(pair, _)| pair));
        }
    }
    joined.strong.sort_unstable_by_key(sort_key);
    joined.strong.dedup();
    joined
}

/// All pairs of places in a bucket, and whether their surroundings agree on one
/// side.
fn bucket_places(bucket: &[Place]) -> impl Iterator<Item = (CandidatePair, bool)> {
    let pair = |a: &Place, b: &Place| {
        let agree = contexts_agree(before(a.0), before(b.0)) || contexts_agree(behind(a.0), behind(b.0));
        ((a.1.min(b.1), a.1.max(b.1)), agree)
    };
    bucket
        .iter()
        .enumerate()
        .flat_map(move |(at, a)| bucket[at + 1..].iter().filter(move |b| b.1 != a.1).map(move |b| pair(a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::tests::sketch;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn pairs_of(texts: &[String]) -> Vec<(usize, usize)> {
        let documents: Vec<DocId> = (0..texts.len()).map(DocId::new).collect();
        let mut pairs = sharing_pairs(&documents, &sketch(texts), &Params::default(), &PairLimits::default());
        pairs.sort_unstable();
        pairs.dedup();
        pairs.into_iter().map(|(a, b)| (a.index(), b.index())).collect()
    }

    #[test]
    fn a_passage_inside_different_documents_is_proposed() {
        let shared = words(0, 25);
        let texts = [
            format!("{} {shared} {}", words(100, 300), words(300, 400)),
            words(1000, 1200),
            format!("{} {shared}", words(2000, 2500)),
        ];
        assert_eq!(pairs_of(&texts), [(0, 2)]);
    }

    #[test]
    fn one_common_phrase_is_not_a_passage() {
        let phrase = words(0, 5);
        let texts: Vec<String> = (1..60)
            .map(|n| {
                format!(
                    "{} {phrase} {}",
                    words(n * 1000, n * 1000 + 90),
                    words(n * 1000 + 500, n * 1000 + 590)
                )
            })
            .collect();
        // The context bytes of unrelated places agree once in 128 times.
        let proposed = pairs_of(&texts).len();
        assert!(proposed < 59 * 58 / 2 / 20, "{proposed}");
    }

    #[test]
    fn a_passage_in_very_many_documents_links_all_of_them_in_linear_time() {
        let count = 3000;
        let shared = words(0, 30);
        let texts: Vec<String> =
            (0..count).map(|n| format!("{} {shared}", words(n * 100 + 100, n * 100 + 130))).collect();
        let pairs = pairs_of(&texts);
        assert!(pairs.len() < 4 * count, "{}", pairs.len());
        let stories = crate::cluster::components(count, pairs);
        assert_eq!(stories.iter().map(Vec::len).collect::<Vec<_>>(), [count]);
    }
}
