//! Who took how many documents from whom, as a matrix of publishers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::render::{units, visible};
use crate::report::SourceEntry;

/// Publishers on either side of the matrix: as many as a screen shows.
const MAX_MATRIX: usize = 24;

/// Shades of the matrix.
const LEVELS: usize = 6;

/// Who took how many documents from whom.
pub(super) struct Matrix {
    pub(super) columns: Vec<Name>,
    pub(super) rows: Vec<MatrixRow>,
    pub(super) left_out: usize,
}

/// A publisher, as it is shown and as the input has it.
pub(super) struct Name {
    pub(super) shown: String,
    pub(super) key: String,
}

impl Name {
    fn new(key: &str) -> Self {
        Self { shown: visible::label(key).into_owned(), key: key.to_owned() }
    }
}

pub(super) struct MatrixRow {
    pub(super) name: Name,
    pub(super) cells: Vec<Cell>,
}

pub(super) struct Cell {
    pub(super) count: usize,
    pub(super) level: usize,
    pub(super) title: String,
}

impl Matrix {
    pub(super) fn new(sources: &[SourceEntry]) -> Self {
        let mut takers: Vec<&SourceEntry> = sources.iter().filter(|source| source.copied > 0).collect();
        takers.sort_by_key(|source| (Reverse(source.copied), &source.source));
        let mut given: BTreeMap<&str, usize> = BTreeMap::new();
        for from in takers.iter().flat_map(|source| &source.copied_from) {
            *given.entry(&from.source).or_default() += from.documents;
        }
        let mut givers: Vec<(&str, usize)> = given.into_iter().collect();
        givers.sort_by_key(|(name, documents)| (Reverse(*documents), *name));
        let left_out = takers.len().saturating_sub(MAX_MATRIX) + givers.len().saturating_sub(MAX_MATRIX);
        takers.truncate(MAX_MATRIX);
        givers.truncate(MAX_MATRIX);
        let taken = |taker: &SourceEntry, giver: &str| {
            taker
                .copied_from
                .iter()
                .find(|from| from.source == giver)
                .map(|from| (from.documents, from.median_lag_s))
        };
        let most = (takers.iter().flat_map(|taker| givers.iter().map(move |giver| (taker, giver))))
            .filter_map(|(taker, (giver, _))| taken(taker, giver))
            .map(|(documents, _)| documents)
            .max()
            .unwrap_or(1);
        let cell = |taker: &SourceEntry, giver: &str| {
            let (count, lag) = taken(taker, giver).unwrap_or((0, None));
            let documents = units::count(count, "document", "documents");
            let after = lag.map_or(String::new(), |lag| format!(", median lag {}", units::lag(lag)));
            Cell {
                count,
                level: level(count, most),
                title: format!(
                    "{} ran {documents} of {}{after}",
                    visible::label(&taker.source),
                    visible::label(giver)
                ),
            }
        };
        let row = |taker: &&SourceEntry| MatrixRow {
            name: Name::new(&taker.source),
            cells: givers.iter().map(|(giver, _)| cell(taker, giver)).collect(),
        };
        Self {
            rows: takers.iter().map(row).collect(),
            columns: givers.iter().map(|(giver, _)| Name::new(giver)).collect(),
            left_out,
        }
    }
}

/// The most of a matrix with small numbers: one document shall not look like
/// a flood because nobody took two.
const MIN_MOST: usize = 9;

/// The shade of a count: as many steps on the way from one to the most, by
/// its logarithm, since publishers differ by orders of magnitude.
fn level(count: usize, most: usize) -> usize {
    if count == 0 {
        return 0;
    }
    let share = ((count + 1) as f64).ln() / ((most.max(MIN_MOST) + 1) as f64).ln();
    ((share * LEVELS as f64).round() as usize).clamp(1, LEVELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_grow_with_the_logarithm() {
        let shades: Vec<usize> = [0, 1, 3, 30, 300].iter().map(|&count| level(count, 300)).collect();
        assert_eq!(shades, [0, 1, 1, 4, 6]);
        assert_eq!(level(1, 1), 2);
    }
}
