//! What exact examination of one pair, or of one document, finds.

use serde::{Deserialize, Serialize};

use crate::params::Params;
use crate::passage::align::{self, Place};
use crate::passage::extend::Stretch;
use crate::passage::kind::changes::Changes;
use crate::passage::kind::overlap::Overlap;
use crate::passage::kind::{Kind, Side, spread};
use crate::passage::repeat::{self, Repeated};
#[cfg(feature = "arrow")]
use crate::report::Verdict;
use crate::report::{Passage, PassageKind, Repeat, ratio};
use crate::verify::{self, Verified};

/// What one comparison found by its two texts, before all pairs together tell
/// more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(super) passages: Vec<Passage>,
    pub(super) overlap: Overlap,
    pub(super) loose: Option<Kind>,
    pub(super) changes: Changes,
    pub(super) is_witness: bool,
}

impl Found {
    /// Compares two documents; nothing if no threshold is reached.
    pub(crate) fn of(sides: [Side<'_>; 2], is_of_one_source: bool, params: &Params) -> Option<Self> {
        let [a, b] = sides;
        let found = verify::verify(a, b, params)?;
        let passages = passage_entries(sides, &found.passages, found.kinds);
        let Verified { overlap, loose, changes, .. } = found;
        let is_witness = is_of_one_source && {
            let kinds = passages.iter().map(|passage| passage.kind);
            let aligned = overlap.counted(kinds, |kind| kind == PassageKind::Copy).aligned;
            let share = |side: usize| aligned[side] as f64 / overlap.tokens[side].max(1) as f64;
            spread::is_witness([a.prepared, b.prepared], &passages, [share(0), share(1)])
        };
        Some(Self { passages, overlap, loose, changes, is_witness })
    }

    /// The verdict by these two texts.
    #[cfg(feature = "arrow")]
    pub(crate) fn verdict(&self, params: &Params) -> Verdict {
        let kinds: Vec<PassageKind> = self.passages.iter().map(|passage| passage.kind).collect();
        let weighed = verify::weigh(&self.overlap, &kinds, params);
        weighed.expect("a pair that reached a threshold reaches it if everything counts").1
    }
}

/// The repeats in one text, and the tokens in second and later occurrences.
pub(crate) fn repeats_in(
    Side { text, prepared }: Side<'_>,
    id: impl Fn() -> String,
    params: &Params,
) -> (Vec<Repeat>, usize) {
    let found = repeat::repeats(text, prepared, params.min_repeat_tokens);
    let entry = |repeated: &Repeated| Repeat {
        document: id(),
        spans: repeated.spans(text, prepared),
        tokens: repeated.tokens(),
        identity: ratio(repeated.identity),
    };
    (found.iter().map(entry).collect(), repeat::repeated_tokens(&found))
}

fn passage_entries(sides: [Side<'_>; 2], stretches: &[Stretch], kinds: Vec<Kind>) -> Vec<Passage> {
    let entry = |(stretch, Kind { kind, reason }): (&Stretch, Kind)| {
        let [a, b] = sides;
        let [a, b] = align::spans_of_two([
            Place { text: a.text, document: a.prepared, range: stretch.a },
            Place { text: b.text, document: b.prepared, range: stretch.b },
        ]);
        Passage { a, b, tokens: stretch.tokens(), identity: ratio(stretch.identity()), kind, reason }
    };
    stretches.iter().zip(kinds).map(entry).collect()
}
