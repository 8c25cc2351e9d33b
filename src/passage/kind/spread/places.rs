//! Places of one document, with the number of others that have them.

use super::MIN_WEIGHT;
use crate::document::{DocId, Span};

/// A place of a document that another one has too, and the weight of that.
pub(super) type Carried = (DocId, DocId, Span, usize);

/// A place of a document that is furniture, and how many others have it at the
/// most.
pub(super) type Wide = (Span, usize);

/// Where others of [`MIN_WEIGHT`] have the same as a document, in order, with
/// the number of others at the most. All is of one document, sorted.
pub(super) fn widely_carried(carried: &[Carried]) -> Vec<Wide> {
    let mut edges: Vec<(usize, bool, usize)> = Vec::with_capacity(2 * carried.len());
    for of_one in carried.chunk_by(|one, two| one.1 == two.1) {
        // What one document has twice counts once.
        let mut behind = 0;
        for (_, _, span, weight) in of_one {
            let start = span.start.max(behind);
            if start < span.end {
                edges.extend([(start, true, *weight), (span.end, false, *weight)]);
                behind = span.end;
            }
        }
    }
    // Ends before beginnings at the same place, so that what touches is apart.
    edges.sort_unstable();
    let (mut depth, mut carriers, mut most, mut start) = (0, 0, 0, 0);
    let mut wide: Vec<Wide> = Vec::new();
    for (at, begins, weight) in edges {
        if begins {
            (depth, carriers) = (depth + weight, carriers + 1);
            most = most.max(carriers);
            if depth >= MIN_WEIGHT && depth - weight < MIN_WEIGHT {
                (start, most) = (at, carriers);
            }
        } else {
            (depth, carriers) = (depth - weight, carriers - 1);
            if depth < MIN_WEIGHT && depth + weight >= MIN_WEIGHT && start < at {
                wide.push((Span::new(start, at), most));
            }
        }
    }
    wide
}

/// The furniture of a document that overlaps a passage.
pub(super) fn inside(furniture: &[Wide], passage: Span) -> &[Wide] {
    let first = furniture.partition_point(|(span, _)| span.end <= passage.start);
    let behind = furniture.partition_point(|(span, _)| span.start < passage.end);
    &furniture[first..behind.max(first)]
}

/// Where a place of a passage stands in the other document.
pub(super) fn moved(place: Span, from: Span, to: Span) -> Span {
    let [of_from, of_to] = [from, to].map(|span| (span.end - span.start) as u64);
    let at = |byte: usize| {
        let before = byte.clamp(from.start, from.end) - from.start;
        to.start + (before as u64 * of_to / of_from.max(1)) as usize
    };
    Span::new(at(place.start), at(place.end))
}

/// How many bytes two places have in common.
pub(super) fn common(one: Span, other: Span) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// The places of one document apart from each other, with the most carriers of
/// those that overlap.
pub(super) fn united(places: &[Wide]) -> Vec<Wide> {
    let mut bounds: Vec<usize> = places.iter().flat_map(|(span, _)| [span.start, span.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut most = vec![0; bounds.len()];
    for (span, carriers) in places {
        let first = bounds.partition_point(|bound| *bound < span.start);
        for (carried, _) in
            most[first..].iter_mut().zip(&bounds[first..]).take_while(|(_, at)| **at < span.end)
        {
            *carried = (*carriers).max(*carried);
        }
    }
    let mut united: Vec<Wide> = Vec::new();
    for (two, &carriers) in bounds.windows(2).zip(&most).filter(|(_, carriers)| **carriers > 0) {
        match united.last_mut() {
            Some((last, as_many)) if last.end == two[0] && *as_many == carriers => last.end = two[1],
            _ => united.push((Span::new(two[0], two[1]), carriers)),
        }
    }
    united
}
