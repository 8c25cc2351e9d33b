//! How documents stand among the documents of their stories.

use super::parts::Part;
use super::pieces::{Said, Witnesses};
use crate::attribute::witness::{Standing, Witness, named_by};

/// Tells the members of each part how they stand in it. Linear in members and
/// pairs.
pub(super) fn tell(witnesses: &mut Witnesses<'_>, parts: &[Part<'_>], pairs: &[Said]) {
    for (story, part) in parts.iter().enumerate() {
        let members: Vec<&Witness<'_>> = part.documents.iter().map(|&at| witnesses.of(at)).collect();
        let named_by = named_by(&members);
        let closeness = closeness(part, pairs);
        for (place, &document) in part.documents.iter().enumerate() {
            let closeness = closeness.as_ref().map(|closeness| closeness[place]);
            witnesses.of_mut(document).standing =
                Some(Standing { story, named_by: named_by[place], closeness });
        }
    }
}

/// The mean Jaccard similarity of each member to the others. Nothing for two
/// members, whose likeness is mutual, and for stories of which not all pairs
/// were compared, where it would tell who was.
fn closeness(part: &Part<'_>, pairs: &[Said]) -> Option<Vec<f64>> {
    let (groups, members) = (&part.story.groups, part.documents.len());
    let is_complete = part.compared == groups.len() * (groups.len() - 1) / 2;
    if members < 3 || !is_complete {
        return None;
    }
    let place = |group: usize| groups.binary_search(&group).ok();
    let of_documents: Vec<Option<usize>> = part.groups.iter().map(|&group| place(group)).collect();
    let mut sizes = vec![0_usize; groups.len()];
    of_documents.iter().flatten().for_each(|&group| sizes[group] += 1);
    let mut sums: Vec<f64> = sizes.iter().map(|&size| size.saturating_sub(1) as f64).collect();
    for pair in part.pairs.iter().map(|&at| &pairs[at]) {
        if let (Some(a), Some(b)) = (place(pair.row.a.index()), place(pair.row.b.index())) {
            sums[a] += pair.shares.jaccard * sizes[b] as f64;
            sums[b] += pair.shares.jaccard * sizes[a] as f64;
        }
    }
    let mean = |group: &Option<usize>| group.map_or(0.0, |group| sums[group] / (members - 1) as f64);
    Some(of_documents.iter().map(mean).collect())
}
