//! What is asked of two documents, by what is known of each.

/// What is asked of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    /// One document of either side.
    pub(super) against: bool,
    /// Other publishers.
    pub(super) across: bool,
    /// Seconds between the two intervals of publication.
    pub(super) within_s: Option<i64>,
}

/// What the rules look at, of one document; what no rule asks for is the same
/// everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    /// Where it may have been published, from this second to that.
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) side: u8,
    pub(super) source: u32,
}

/// Seconds that lie before and behind every time, and whose difference is a
/// number.
pub(super) const ANY_TIME: (i64, i64) = (i64::MIN / 4, i64::MAX / 4);

impl Rules {
    pub(super) fn allow(self, a: Fact, b: Fact) -> bool {
        (!self.against || a.side != b.side)
            && (!self.across || a.source != b.source)
            && self.within_s.is_none_or(|within| gap(a, b) <= within)
    }
}

/// Seconds between two intervals, 0 where they overlap.
fn gap(a: Fact, b: Fact) -> i64 {
    (a.from - b.until).max(b.from - a.until).max(0)
}
