//! Who is planted into what: originals are dealt out, each once.

use std::collections::HashSet;

use super::{Family, Kind, Plan};

/// Pieces that one donor gives on average, at the least.
const PIECES_PER_DONOR: usize = 3;

/// Most paragraphs put into a copy of kind `inserted`.
pub(super) const MAX_INSERTS: usize = 3;

/// The originals that may be planted into, those without natural relatives
/// first.
pub(super) struct Pool {
    originals: Vec<usize>,
    clean: usize,
    next: usize,
    related: HashSet<(usize, usize)>,
}

impl Pool {
    pub(super) fn new(clean: Vec<usize>, gray: Vec<usize>, related: HashSet<(usize, usize)>) -> Self {
        let count = clean.len();
        Self { originals: [clean, gray].concat(), clean: count, next: 0, related }
    }

    pub(super) fn len(&self) -> usize {
        self.originals.len()
    }

    pub(super) fn all(&self) -> &[usize] {
        &self.originals
    }

    /// The next original, and whether it has no natural relatives.
    pub(super) fn take(&mut self) -> Option<(usize, bool)> {
        let original = *self.originals.get(self.next)?;
        self.next += 1;
        Some((original, self.next <= self.clean))
    }

    /// Whether two originals overlap by nature, though not enough to be set
    /// aside.
    pub(super) fn is_related(&self, a: usize, b: usize) -> bool {
        self.related.contains(&(a.min(b), a.max(b)))
    }
}

/// How many documents of each kind the originals suffice for, at most what the
/// plan asks.
pub(super) fn affordable(plan: &Plan, originals: usize) -> Result<usize, String> {
    let affordable = (1..=plan.per_kind).rev().find(|&per_kind| demand(plan, per_kind) <= originals);
    affordable.ok_or_else(|| {
        format!(
            "{originals} originals of {} tokens or more are unlike all others, but one document of every kind takes \
             {}; give more documents or fewer kinds",
            plan.min_tokens,
            demand(plan, 1)
        )
    })
}

/// The kinds of copies in the plan.
pub(super) fn copy_kinds(plan: &Plan) -> Vec<Kind> {
    plan.kinds.iter().copied().filter(|kind| kind.family() == Family::Copy).collect()
}

/// Originals that a plan of so many documents of each kind takes.
fn demand(plan: &Plan, per_kind: usize) -> usize {
    let origins = (copy_kinds(plan).len() * per_kind).div_ceil(plan.copies);
    let mut pieces = 0;
    let others: usize = plan
        .kinds
        .iter()
        .map(|kind| match kind {
            Kind::Embed => 2 * per_kind,
            Kind::Multi => 3 * per_kind,
            Kind::Quotation => {
                pieces += per_kind;
                2 * per_kind
            }
            Kind::Boilerplate => per_kind,
            Kind::Inserted => {
                pieces += MAX_INSERTS * per_kind;
                0
            }
            _ => 0,
        })
        .sum();
    origins + others + pieces.div_ceil(PIECES_PER_DONOR)
}
