//! Documents → findings: the only place that knows every stage.
//!
//! [`scan`] is a pure function of a corpus and parameters: no files, clock,
//! environment or printing. It runs on the rayon pool it is called in, and
//! gives the same findings on any number of threads.

mod assemble;
mod entries;
mod examine;
mod given;
mod held;
mod lines;
mod noisy;
#[cfg(feature = "arrow")]
pub(crate) mod part;
mod parts;
mod pieces;
mod propose;
mod publishers;
mod repeats;
mod spread;
mod standings;
mod stories;
mod survivors;
mod verified;

use rayon::prelude::*;

use crate::attribute::agency::Agencies;
use crate::attribute::credit;
use crate::attribute::direction::CLUES;
use crate::attribute::outlet::Hints;
use crate::candidates::CandidatePair;
use crate::cluster::Story;
use crate::collection::Collection;
use crate::document::{Corpus, DocId};
use crate::error::Error;
use crate::limits::PairLimits;
use crate::params::{Level, Params};
use crate::passage::kind::Side;
use crate::passage::letters::Letters;
use crate::passage::prepared::Prepared;
use crate::report::{Credit, Report};
use crate::sketch::Sketches;
use crate::spill::entries::Lists;
use crate::state::State;
use crate::verify::{self, Shares};

use entries::{Entries, WrittenEntries};
use examine::Examination;
pub use given::{Known, compare_given};
#[cfg(feature = "arrow")]
pub(crate) use noisy::are_letters_worth_it;
use propose::{find_noisy, propose, sketch_all};
use publishers::Publishers;
pub use survivors::plan_dedup;
#[cfg(feature = "arrow")]
pub(crate) use {
    examine::{compared, repeats_of},
    repeats::DocumentRepeats,
    verified::{found_of, packed_of},
};

/// Hears how a run goes on; for progress bars and timings. All methods have
/// empty defaults.
pub trait Observer: Sync {
    /// A stage begins that will handle so many items.
    fn begin(&self, _stage: &'static str, _items: usize) {}
    /// Some more items of the running stage are done.
    fn advance(&self, _items: usize) {}
    /// The running stage is over.
    fn end(&self) {}
}

/// Hears nothing.
impl Observer for () {}

/// Finds copies, repeats, clusters and their attribution in a corpus.
///
/// # Errors
///
/// If a parameter is out of its range.
pub fn scan<'c>(
    corpus: impl Into<Collection<'c>>,
    params: &'c Params,
    observer: &dyn Observer,
) -> Result<Report, Error> {
    let (mut report, lists) = scan_streamed(corpus, params, None, observer)?;
    if let Some(lists) = lists {
        lists.load(&mut report)?;
    }
    Ok(report)
}

/// [`scan`] with the long lists of the report outside of memory, where the
/// corpus is: they are empty in the report then. What was found so far is kept
/// in `state`, if there is one, and what stands there is not looked for again.
///
/// # Errors
///
/// If a parameter is out of its range, or a temporary file or the state failed.
pub fn scan_streamed<'c>(
    corpus: impl Into<Collection<'c>>,
    params: &'c Params,
    state: Option<&'c State>,
    observer: &dyn Observer,
) -> Result<(Report, Option<Lists>), Error> {
    let corpus = corpus.into();
    let (compared, proposed) = compare_all(corpus, params, state, observer)?;
    let (mut report, lists) = describe(compared, observer);
    report.stats.candidates = proposed;
    corpus.check()?;
    Ok((report, lists))
}

/// The clues on who was first, for every pair that [`scan`] lists: the ids of
/// its documents and the values of [`crate::attribute::direction::CLUES`].
/// This is what their weights are chosen by.
///
/// # Errors
///
/// If a parameter is out of its range.
pub fn clues(
    corpus: &Corpus,
    params: &Params,
    observer: &dyn Observer,
) -> Result<Vec<(String, String, [f64; CLUES.len()])>, Error> {
    let (compared, _) = compare_all(corpus.into(), params, None, observer)?;
    let credits = find_credits(&compared, &mut Vec::new(), observer);
    Ok(assemble::clues(&compared, credits))
}

/// Everything up to the words, and the number of candidates.
fn compare_all<'c>(
    corpus: Collection<'c>,
    params: &'c Params,
    state: Option<&'c State>,
    observer: &dyn Observer,
) -> Result<(Compared<'c>, usize), Error> {
    params.validate()?;
    let kept = state.and_then(|state| state.candidates(corpus.len(), params));
    let ((mut sketches, publishers), kept) = match kept {
        Some(kept) => ((kept.sketches, Publishers::new(corpus)), Some((kept.is_noisy, kept.pairs))),
        None => (sketch_all(corpus, params, observer), None),
    };
    corpus.check()?;
    let limits = PairLimits::new(corpus, params);
    let groups = Groups::new(&sketches, params, &limits);
    let limits = limits.with_groups(&groups.exact);
    let (is_noisy, mut candidates) = match kept {
        Some(kept) => kept,
        None => {
            let found = propose((corpus, params), (&groups, &sketches), &limits, observer);
            corpus.check()?;
            if let Some(state) = state {
                state.keep_candidates(&sketches, &found.0, &found.1)?;
            }
            found
        }
    };
    sketches.forget();
    let others = limits.split(&mut candidates);
    let proposed = candidates.len();
    let mut examination = Examination::new((corpus, params), (&sketches, publishers), is_noisy, &limits);
    examination.keep_in(state);
    examination.compare(&candidates, observer);
    let heard = examination.hear_witnesses(others, observer);
    examination.judge_by_spread(observer);
    let of_corpus = (corpus, params);
    let mut missing = stories::missing_pairs(of_corpus, &groups, &examination, [&candidates, &heard]);
    if !missing.is_empty() {
        examination.compare(&missing, observer);
        examination.judge_by_spread(observer);
    }
    limits.split(&mut missing);
    let mut pairs = merged(candidates, missing);
    let mut stories = stories::stories(of_corpus, &groups, &examination.pairs, &pairs);
    // Stories that were parts of a large component.
    let mut unseen = stories::unseen_pairs(of_corpus, &groups, (&examination.pairs, &stories), &pairs);
    limits.split(&mut unseen);
    if !unseen.is_empty() {
        examination.compare(&unseen, observer);
        examination.judge_by_spread(observer);
        pairs = merged(pairs, unseen);
        stories = stories::stories(of_corpus, &groups, &examination.pairs, &pairs);
    }
    stories.retain(|story| stories::is_allowed(story, &groups, &limits));
    let found = examination.finish(observer);
    corpus.check()?;
    Ok((Compared { corpus, params, sketches, groups, found, pairs, stories, limits }, proposed))
}

/// Compares the first two documents of a corpus, whatever their sketches say.
/// The shares come beside the report, which has no pair where no threshold is
/// reached, or where the tokens are the same.
///
/// # Errors
///
/// If a parameter is out of its range, or there are fewer than two documents.
pub fn compare(corpus: &Corpus, params: &Params, observer: &dyn Observer) -> Result<(Report, Shares), Error> {
    params.validate()?;
    let corpus = Collection::from(corpus);
    if corpus.len() < 2 {
        return Err(Error::param("number of documents", corpus.len().to_string(), "2 to compare".into()));
    }
    let (sketches, publishers) = sketch_all(corpus, params, observer);
    let limits = PairLimits::default();
    let groups = Groups::new(&sketches, params, &limits);
    let pair = (DocId::new(0), DocId::new(1));
    let is_noisy = find_noisy(corpus, params, observer);
    let texts = [corpus.text(pair.0), corpus.text(pair.1)];
    let prepared = |document: DocId, text: &str| {
        let mut prepared = Prepared::new(text, params);
        prepared.is_noisy = is_noisy[document.index()];
        prepared.letters = Some(Box::new(Letters::new(text)));
        prepared
    };
    let (a, b) = (prepared(pair.0, &texts[0]), prepared(pair.1, &texts[1]));
    let [of_a, of_b] = [(&texts[0], &a), (&texts[1], &b)].map(|(text, prepared)| Side { text, prepared });
    let shares = verify::compare(of_a, of_b, params);
    let mut examination = Examination::new((corpus, params), (&sketches, publishers), is_noisy, &limits);
    let pairs = if groups.comparable.len() == 2 { vec![pair] } else { Vec::new() };
    examination.compare(&pairs, observer);
    let stories = stories::stories((corpus, params), &groups, &examination.pairs, &pairs);
    let found = examination.finish(observer);
    let compared = Compared { corpus, params, sketches, groups, found, pairs, stories, limits };
    Ok((describe(compared, observer).0, shares))
}

/// What the stages found, before it is put into words.
struct Compared<'c> {
    corpus: Collection<'c>,
    params: &'c Params,
    sketches: Sketches,
    groups: Groups,
    found: examine::Findings<'c>,
    /// Every pair that was compared, sorted.
    pairs: Vec<CandidatePair>,
    stories: Vec<Story>,
    limits: PairLimits,
}

/// Reads the credits and puts everything into words; under a budget, with the
/// long lists apart.
fn describe(compared: Compared<'_>, observer: &dyn Observer) -> (Report, Option<Lists>) {
    match compared.corpus.spill() {
        None => {
            let credits = find_credits(&compared, &mut Vec::new(), observer);
            (describe_held(&compared, credits, observer), None)
        }
        Some(spill) => {
            let written = WrittenEntries::new(&compared, spill, observer);
            observer.begin("report", compared.corpus.len());
            let (report, lists) = assemble::report_apart(&compared, written, spill);
            observer.end();
            (report, Some(lists))
        }
    }
}

/// The report on documents in memory, which have these credits.
fn describe_held(compared: &Compared<'_>, credits: Vec<Vec<Credit>>, observer: &dyn Observer) -> Report {
    observer.begin("report", compared.corpus.len());
    let report = assemble::report(compared, Entries::of_all(compared, credits));
    observer.end();
    report
}

/// Documents with the same tokens, and those worth comparing.
struct Groups {
    /// For each document the least document with the same tokens.
    first: Vec<DocId>,
    /// Sets of at least two documents with the same tokens, each sorted, in
    /// the order of their first.
    exact: Vec<Vec<DocId>>,
    /// The first of every group that has a shingle, in order.
    comparable: Vec<DocId>,
}

impl Groups {
    fn new(sketches: &Sketches, params: &Params, limits: &PairLimits) -> Self {
        let documents = || (0..sketches.len()).map(DocId::new);
        let mut first: Vec<DocId> = documents().collect();
        let mut exact: Vec<Vec<DocId>> = Vec::new();
        // Most digests differ in their upper half already, which sorts faster
        // and takes half the memory of a whole one beside its document.
        let upper = |document: DocId| (sketches.digest(document) >> (u128::BITS - u32::BITS)) as u64;
        let with_tokens = documents().filter(|&document| sketches.tokens(document) > 0);
        let mut by_upper: Vec<u64> =
            with_tokens.map(|document| upper(document) << 32 | u64::from(document.as_u32())).collect();
        by_upper.par_sort_unstable();
        for alike in by_upper.chunk_by(|a, b| a >> 32 == b >> 32).filter(|alike| alike.len() > 1) {
            let mut group: Vec<DocId> = alike.iter().map(|&entry| DocId::from(entry as u32)).collect();
            group.sort_by_key(|&document| sketches.digest(document));
            for same in group.chunk_by(|&a, &b| sketches.digest(a) == sketches.digest(b)) {
                for part in limits.near_in_time(same).into_iter().filter(|part| part.len() > 1) {
                    part.iter().for_each(|document| first[document.index()] = part[0]);
                    exact.push(part);
                }
            }
        }
        exact.sort_unstable();
        let is_comparable = |&document: &DocId| {
            first[document.index()] == document && sketches.tokens(document) >= params.shingle_len
        };
        let comparable = documents().filter(is_comparable).collect();
        Self { first, exact, comparable }
    }

    /// How many documents stand behind the first of a group; none, where it has
    /// no shingle.
    fn documents(&self, first: DocId) -> usize {
        if self.comparable.binary_search(&first).is_err() {
            return 0;
        }
        self.group(first).map_or(1, |at| self.exact[at].len())
    }

    /// The number of the group of several documents that this is the first of.
    fn group(&self, first: DocId) -> Option<usize> {
        self.exact.binary_search_by_key(&first, |group| group[0]).ok()
    }
}

/// Two sorted lists as one.
fn merged(mut pairs: Vec<CandidatePair>, more: Vec<CandidatePair>) -> Vec<CandidatePair> {
    pairs.extend(more);
    // A stable sort makes use of the sorted parts.
    pairs.sort();
    pairs
}

/// The credits of every document; where whole documents alone are compared,
/// of those whose attribution rests on them: members of clusters, and
/// documents of which the input names neither publisher nor address. Those that
/// are `known` are not looked for again; if any are, all that was found is
/// known behind that.
fn find_credits(
    compared: &Compared<'_>,
    known: &mut [Option<Vec<Credit>>],
    observer: &dyn Observer,
) -> Vec<Vec<Credit>> {
    let corpus = compared.corpus;
    let is_read = is_read_for_credits(compared);
    observer.begin("credits", is_read.iter().filter(|&&is_read| is_read).count());
    let agencies = Agencies::with(&compared.params.agencies);
    let credits_of = |(number, is_read): (usize, bool)| match known.get(number) {
        _ if !is_read => Vec::new(),
        Some(Some(credits)) => credits.clone(),
        _ => credit::credits_of(&corpus.document(DocId::new(number)), &agencies),
    };
    let found = is_read.par_iter().copied().enumerate().map(credits_of);
    let mut credits: Vec<Vec<Credit>> = found.collect();
    for ((known, found), _) in known.iter_mut().zip(&credits).zip(is_read).filter(|(_, is_read)| *is_read) {
        known.get_or_insert_with(|| found.clone());
    }
    Hints::new(&compared.found.publishers.named, &agencies).add(&mut credits);
    observer.end();
    credits
}

/// For each document whether its credits are looked for.
fn is_read_for_credits(compared: &Compared<'_>) -> Vec<bool> {
    let corpus = compared.corpus;
    let mut is_read: Vec<bool> = match compared.params.level {
        Level::Passages => vec![true; corpus.len()],
        Level::Documents => corpus.map(|_, document| document.source.is_none() && document.url.is_none()),
    };
    let united = compared.found.pairs.rows().iter().filter(|row| row.verdict.is_uniting());
    for document in compared.groups.exact.iter().flatten().chain(united.flat_map(|row| [&row.a, &row.b])) {
        is_read[document.index()] = true;
    }
    is_read
}
