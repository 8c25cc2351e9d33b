//! What two signatures say of one pair, outside of the join of a collection.

use super::bands::{jaccard_of_contained, least_agreeing};
use crate::params::{Level, Params};
use crate::sketch::signature::Packing;

/// Says whether signatures allow that two documents are what is looked for, as
/// [`super::bands`] does.
pub(crate) struct Likeness<'p> {
    params: &'p Params,
    packing: Packing,
    least_agreeing: usize,
}

impl<'p> Likeness<'p> {
    /// Under these parameters.
    pub(crate) fn new(params: &'p Params) -> Self {
        let packing = Packing::new(params);
        Self { params, packing, least_agreeing: least_agreeing(packing, params, params.min_jaccard) }
    }

    /// Whether two documents with these signatures and so many tokens are worth
    /// comparing.
    pub(crate) fn is_likely(&self, a: &[u64], b: &[u64], tokens: [usize; 2]) -> bool {
        let agreeing = self.packing.agreeing(a, b);
        let of_contained =
            || least_agreeing(self.packing, self.params, jaccard_of_contained(self.params, tokens));
        agreeing >= self.least_agreeing || self.params.level == Level::Documents && agreeing >= of_contained()
    }

    /// In how many places they agree.
    #[cfg(feature = "arrow")]
    pub(crate) fn agreeing(&self, a: &[u64], b: &[u64]) -> usize {
        self.packing.agreeing(a, b)
    }

    /// The Jaccard similarity that two signatures suggest.
    #[cfg(feature = "index")]
    pub(crate) fn estimated_jaccard(&self, a: &[u64], b: &[u64]) -> f64 {
        self.packing.estimated_jaccard(self.packing.agreeing(a, b))
    }
}
