//! Which stories a document carries beside its own.
//!
//! A document is an *excerpt* member of a cluster
//!
//! - that has a member which it carries (see [`super::bonds`]) wholly; or
//! - with whose members it shares a passage without being united, if these are
//!   `MIN_SHARING` documents at least and half of those it was compared with
//!   (so that the passage is the story's and not one version's), and if it
//!   carries one of them to `min_derived`, or covers one by
//!   `MIN_SHORT_FORM`. A document that is in a cluster of its own must then
//!   also cover more of the member than the member covers of it: two stories
//!   that share a paragraph of background do not carry each other.
//!
//! O(p log p) in the pairs and one pass over what was compared.

use super::bonds::{Bond, Limits};
use super::ties::{Evidence, Tie};

/// Documents of a story that must share the passage.
const MIN_SHARING: usize = 2;

/// Share of a member from which a passage is a short form of the story: a
/// tenth, the lead of a report of some ten paragraphs.
const MIN_SHORT_FORM: f64 = 0.1;

/// A membership beside the main one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excerpt {
    /// The group that carries.
    pub group: usize,
    /// The member of the cluster that covers it best.
    pub of: usize,
    /// Coverage of the group by that member.
    pub coverage: f64,
}

/// A pair seen from the document that may carry the other one.
#[derive(Clone, Copy, Debug)]
struct Carried {
    carrier: usize,
    /// Of the cluster: its least group.
    cluster: usize,
    piece: usize,
    /// Coverage of the carrier by the piece.
    of_carrier: f64,
    /// Coverage of the piece.
    of_piece: f64,
    /// Whether it is carried, rather than sharing a passage only.
    is_tied: bool,
}

impl Carried {
    fn new(tie: &Tie, carrier: usize, roots: &[usize]) -> Self {
        let (piece, of_carrier, of_piece) =
            if carrier == tie.a { (tie.b, tie.of_a, tie.of_b) } else { (tie.a, tie.of_b, tie.of_a) };
        Self { carrier, cluster: roots[piece], piece, of_carrier, of_piece, is_tied: false }
    }

    fn key(&self) -> (usize, usize) {
        (self.cluster, self.carrier)
    }
}

/// The excerpts of all clusters with the least group of each, sorted. `roots`
/// has the least group of each group's cluster.
pub(super) fn excerpts(
    evidence: &Evidence<'_>,
    bonds: &[Bond],
    roots: &[usize],
    limits: Limits,
) -> Vec<(usize, Excerpt)> {
    let mut found: Vec<Carried> = Vec::new();
    let mut related: Vec<Carried> = Vec::new();
    for (tie, bond) in evidence.ties.iter().zip(bonds) {
        match *bond {
            Bond::CarriedBy(carrier) => {
                let carried = Carried { is_tied: true, ..Carried::new(tie, carrier, roots) };
                let is_whole = carried.of_piece >= limits.min_containment;
                if is_whole { &mut found } else { &mut related }.push(carried);
            }
            Bond::Weak => related.extend([tie.a, tie.b].map(|carrier| Carried::new(tie, carrier, roots))),
            Bond::Unites => {}
        }
    }
    for tie in evidence.related {
        related.extend([tie.a, tie.b].map(|carrier| Carried::new(tie, carrier, roots)));
    }
    related.retain(|carried| roots[carried.carrier] != carried.cluster);
    related.sort_by_key(Carried::key);
    found.extend(shared_by_stories(evidence, roots, &related, limits));
    found.retain(|carried| roots[carried.carrier] != carried.cluster);
    found.sort_by(|x, y| {
        x.key().cmp(&y.key()).then(y.of_carrier.total_cmp(&x.of_carrier)).then(x.piece.cmp(&y.piece))
    });
    found.dedup_by_key(|carried| carried.key());
    let entry = |carried: &Carried| {
        let excerpt = Excerpt { group: carried.carrier, of: carried.piece, coverage: carried.of_carrier };
        (carried.cluster, excerpt)
    };
    found.iter().map(entry).collect()
}

/// Of `related`, sorted by key, those of stories that the rule allows.
fn shared_by_stories(
    evidence: &Evidence<'_>,
    roots: &[usize],
    related: &[Carried],
    limits: Limits,
) -> Vec<Carried> {
    let mut keys: Vec<(usize, usize)> = related.iter().map(Carried::key).collect();
    keys.dedup();
    let mut compared = vec![0; keys.len()];
    for &(a, b) in evidence.compared {
        for (carrier, piece) in [(a.index(), b.index()), (b.index(), a.index())] {
            if let Ok(at) = keys.binary_search(&(roots[piece], carrier)) {
                compared[at] += evidence.documents[piece];
            }
        }
    }
    let mut groups = vec![0; roots.len()];
    roots.iter().for_each(|&root| groups[root] += 1);
    let stories = related.chunk_by(|x, y| x.key() == y.key()).zip(compared);
    let allowed = stories.filter(|(story, compared)| {
        let sharing: usize = story.iter().map(|carried| evidence.documents[carried.piece]).sum();
        let is_part = |carried: &Carried| {
            let is_alone = groups[roots[carried.carrier]] == 1;
            carried.is_tied && carried.of_piece >= limits.min_derived
                || carried.of_piece >= MIN_SHORT_FORM && (is_alone || carried.of_piece > carried.of_carrier)
        };
        sharing >= MIN_SHARING && 2 * sharing >= *compared && story.iter().any(is_part)
    });
    allowed.flat_map(|(story, _)| story.iter().copied()).collect()
}
