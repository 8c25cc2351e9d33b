//! Classes of documents by length. A pair is of the class of its shorter
//! document.

use serde::{Deserialize, Serialize};

use super::index::{DocIndex, Index};

/// Fewest tokens of each class. Below 30 are headlines and stubs, for which
/// other rules hold; news items have mostly 100 to 1,000.
const LOWEST: [usize; 5] = [0, 30, 100, 300, 1000];

/// Documents of so many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LengthClass {
    /// Fewest tokens.
    pub min_tokens: usize,
    /// Fewest that are too many, if there is an end.
    pub below_tokens: Option<usize>,
}

impl LengthClass {
    pub(super) fn of(tokens: usize) -> Self {
        let place = LOWEST.iter().rposition(|lowest| tokens >= *lowest).unwrap_or(0);
        Self { min_tokens: LOWEST[place], below_tokens: LOWEST.get(place + 1).copied() }
    }

    pub(super) fn of_shorter(index: &Index<'_>, a: DocIndex, b: DocIndex) -> Self {
        Self::of(index.entry(a).tokens.min(index.entry(b).tokens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_of_the_class_whose_bounds_hold_it() {
        let cases = [
            (0, 0, Some(30)),
            (29, 0, Some(30)),
            (30, 30, Some(100)),
            (999, 300, Some(1000)),
            (5000, 1000, None),
        ];
        for (tokens, min_tokens, below_tokens) in cases {
            assert_eq!(LengthClass::of(tokens), LengthClass { min_tokens, below_tokens }, "{tokens}");
        }
    }
}
