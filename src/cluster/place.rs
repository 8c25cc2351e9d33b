//! Where in a document something stands, to a 64th of its length.

use crate::document::Span;

/// Cells that a document is cut into: a word of the machine. Two parts that
/// are each less than a 64th of a document may seem to stand at one place.
const CELLS: usize = 64;

/// Share of the longest span from which another one counts. A part that
/// stands in a document as a whole often shares a phrase or a heading with
/// other places of it (the table of contents of a book), and these would be
/// where all parts meet.
const MIN_SPAN: f64 = 0.25;

/// A set of cells of one document; empty where the place is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u64);

impl Place {
    /// Not known.
    pub const UNKNOWN: Self = Self(0);

    /// What `spans` cover of a text of `bytes` bytes, but for those that are
    /// short beside the longest. Ends are rounded to the next cell, so that
    /// parts that do not overlap stay apart; a span too short for that takes
    /// the cell of its middle.
    pub fn new(spans: impl Iterator<Item = Span> + Clone, bytes: usize) -> Self {
        let cell = |byte: usize| (byte * CELLS + bytes / 2) / bytes.max(1);
        let least = spans.clone().map(Span::len).max().unwrap_or(0) as f64 * MIN_SPAN;
        let mut cells = 0;
        for span in spans.filter(|span| !span.is_empty() && span.len() as f64 >= least) {
            let (start, end) = (cell(span.start), cell(span.end).min(CELLS));
            let middle = ((span.start + span.end) / 2 * CELLS / bytes.max(1)).min(CELLS - 1);
            let (start, end) = if start < end { (start, end) } else { (middle, middle + 1) };
            cells |= (u64::MAX >> (CELLS - (end - start))) << start;
        }
        Self(cells)
    }

    /// Whether nothing is known.
    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// How many cells it has.
    pub fn cells(self) -> u32 {
        self.0.count_ones()
    }

    /// Share of the document.
    pub fn share(self) -> f64 {
        f64::from(self.cells()) / CELLS as f64
    }

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have at least half of the smaller one in common.
    pub fn overlaps(self, other: Self) -> bool {
        let common = (self.0 & other.0).count_ones();
        common > 0 && 2 * common >= self.cells().min(other.cells())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stay_apart_and_short_spans_are_not_lost() {
        let place = |start, end| Place::new([Span::new(start, end)].into_iter(), 1000);
        assert_eq!(place(0, 1000).cells(), 64);
        assert!(!place(0, 501).overlaps(place(501, 1000)));
        assert!(place(0, 501).overlaps(place(240, 700)));
        assert!(!place(0, 501).overlaps(place(400, 1000)));
        assert_eq!((place(999, 1000).cells(), place(3, 5).cells()), (1, 1));
        assert!(place(7, 7).is_unknown() && !place(7, 7).overlaps(place(0, 1000)));
        assert!((place(0, 250).with(place(500, 750)).share() - 0.5).abs() < 1e-12);
        assert_eq!(Place::new([Span::new(0, 3)].into_iter(), 3).cells(), 64);
    }

    #[test]
    fn a_phrase_elsewhere_is_not_where_a_part_stands() {
        let place = |spans: &[(usize, usize)]| {
            Place::new(spans.iter().map(|&(start, end)| Span::new(start, end)), 6400)
        };
        let chapter = |start| place(&[(0, 40), (start, start + 800)]);
        assert_eq!(chapter(1600), place(&[(1600, 2400)]));
        assert!(!chapter(1600).overlaps(chapter(3200)));
        assert_eq!(place(&[(0, 300), (1600, 2400)]).cells(), 11);
    }
}
