//! Pairs that the caller names, judged by the documents at hand.

use super::publishers::Publishers;
use super::{
    Compared, Examination, Groups, Observer, describe, describe_held, find_credits, find_noisy, sketch_all,
    stories,
};
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::Corpus;
use crate::error::Error;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::report::{Credit, Report};
use crate::sketch::{Sketches, TokenSummary};
use crate::spill::entries::Lists;

/// What is looked at to tell what kind of sharing passages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// The two texts alone.
    Alone,
    /// All pairs together, as in a scan.
    Together,
}

/// What is known of the documents of a corpus, by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What tokens each has.
    pub counted: Vec<TokenSummary>,
    /// The credits in the text of each, as far as they were looked for; after a
    /// comparison those of all. What the collection says of them is not in it.
    pub credits: Vec<Option<Vec<Credit>>>,
}

/// The report on a corpus in which only `pairs` are compared, as far as they
/// are of documents that are the first with their tokens; documents with the
/// same tokens are told without being named. Pairs are sorted, each once.
/// Limits on pairs do not count, and repeats are not looked for.
///
/// # Errors
///
/// If a parameter is out of its range.
pub fn compare_given(
    corpus: &Corpus,
    known: &mut Known,
    pairs: &[CandidatePair],
    params: &Params,
    observer: &dyn Observer,
) -> Result<Report, Error> {
    params.validate()?;
    let sketches = Sketches::of_counted(params, &known.counted);
    let corpus = Collection::from(corpus);
    let sketched = (sketches, Publishers::new(corpus));
    let compared = compare_sketched((corpus, sketched), pairs, (params, Judged::Together), observer);
    let credits = find_credits(&compared, &mut known.credits, observer);
    Ok(describe_held(&compared, credits, observer))
}

/// The same of documents of which nothing is known and that may lie outside of
/// memory, kinds being judged as `judged` says.
pub(super) fn compare(
    corpus: Collection<'_>,
    pairs: &[CandidatePair],
    (params, judged): (&Params, Judged),
    observer: &dyn Observer,
) -> (Report, Option<Lists>) {
    let sketched = sketch_all(corpus, params, observer);
    describe(compare_sketched((corpus, sketched), pairs, (params, judged), observer), observer)
}

fn compare_sketched<'c>(
    (corpus, (sketches, publishers)): (Collection<'c>, (Sketches, Publishers)),
    pairs: &[CandidatePair],
    (params, judged): (&'c Params, Judged),
    observer: &dyn Observer,
) -> Compared<'c> {
    let limits = PairLimits::default();
    let groups = Groups::new(&sketches, params, &limits);
    let is_comparable = |id: &crate::document::DocId| groups.comparable.binary_search(id).is_ok();
    let pairs: Vec<CandidatePair> =
        pairs.iter().copied().filter(|(a, b)| is_comparable(a) && is_comparable(b)).collect();
    let is_noisy = find_noisy(corpus, params, observer);
    let mut examination = Examination::new((corpus, params), (&sketches, publishers), is_noisy, &limits);
    examination.pass_over_repeats();
    examination.compare(&pairs, observer);
    if judged == Judged::Together {
        examination.judge_by_spread(observer);
    }
    let stories = stories::stories((corpus, params), &groups, &examination.pairs, &pairs);
    let found = examination.finish(observer);
    Compared { corpus, params, sketches, groups, found, pairs, stories, limits }
}
