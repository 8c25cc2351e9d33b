//! Candidate pairs and suspects → verified pairs and repeats.
//!
//! Texts are read again only for documents that a candidate names or that may
//! repeat themselves. Pairs are taken in blocks, see [`super::held`]; a block's
//! new documents are prepared, looked through for repeats, and its pairs
//! compared, all in parallel.

mod kept;

use std::borrow::Cow;

use rayon::prelude::*;

use super::Observer;
use super::held::Held;
use super::noisy;
use super::publishers::Publishers;
use super::repeats::{DocumentRepeats, Repeat, Repeats};
use super::spread;
use super::verified::{Found, PackedPair, Row, VerifiedPairs};
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::passage::align::{self, Place};
use crate::passage::extend::Stretch;
use crate::passage::kind::spread::{Testimony, is_witnessed, testimony};
use crate::passage::kind::{Kind, Side};
use crate::passage::letters::Letters;
use crate::passage::prepared::{Prepared, Preparer};
use crate::passage::repeat::{self, Repeated};
use crate::report::{Passage, ratio};
use crate::sketch::Sketches;
use crate::verify::{self, Verified};

/// Documents that are looked through for repeats before what was found is
/// packed.
const SUSPECTS_AT_ONCE: usize = 1 << 13;

/// Documents and pairs of a block that one task takes, at most: as long as one that
/// was begun goes on, no other thread can help.
const TOGETHER: usize = 16;

/// What exact examination has found so far.
pub(super) struct Examination<'c, 'l> {
    corpus: Collection<'c>,
    params: &'c Params,
    pub(super) limits: &'l PairLimits,
    /// By document: whether it is still to be looked through for repeats.
    suspects: Vec<bool>,
    /// By document: whether it was misread.
    is_noisy: Vec<bool>,
    /// By document: whether its letters are needed.
    needs_letters: Vec<bool>,
    /// Who published each.
    publishers: Publishers,
    /// Pairs that reached a threshold.
    pub(super) pairs: VerifiedPairs<'c>,
    /// Documents that repeat themselves.
    repeats: Repeats,
    /// How many pairs were compared.
    compared: usize,
    /// Where that is kept, if it is.
    kept: Option<kept::Rounds<'c>>,
}

impl<'c, 'l> Examination<'c, 'l> {
    pub(super) fn new(
        (corpus, params): (Collection<'c>, &'c Params),
        (sketches, publishers): (&Sketches, Publishers),
        is_noisy: Vec<bool>,
        limits: &'l PairLimits,
    ) -> Self {
        Self {
            corpus,
            params,
            limits,
            suspects: (0..sketches.len()).map(|id| sketches.may_repeat(DocId::new(id))).collect(),
            needs_letters: vec![false; is_noisy.len()],
            is_noisy,
            publishers,
            pairs: VerifiedPairs::new((corpus, params)),
            repeats: Repeats::new(corpus.spill()),
            compared: 0,
            kept: None,
        }
    }

    /// What was found elsewhere, of documents that are not looked at again.
    #[cfg(feature = "arrow")]
    pub(super) fn of_found(
        (corpus, params): (Collection<'c>, &'c Params),
        limits: &'l PairLimits,
        pairs: VerifiedPairs<'c>,
        repeats: Repeats,
    ) -> Self {
        Self {
            corpus,
            params,
            limits,
            suspects: Vec::new(),
            is_noisy: Vec::new(),
            needs_letters: Vec::new(),
            publishers: Publishers::default(),
            pairs,
            repeats,
            compared: 0,
            kept: None,
        }
    }

    /// Looks for no repeats from now on.
    pub(super) fn pass_over_repeats(&mut self) {
        self.suspects.fill(false);
    }

    /// Compares more pairs, given in order, under the documents that the limits
    /// allow.
    pub(super) fn compare(&mut self, pairs: &[CandidatePair], observer: &dyn Observer) {
        if !self.limits.are_set() {
            return self.compare_shown(pairs, observer);
        }
        let mut shown: Vec<(CandidatePair, CandidatePair)> =
            pairs.iter().map(|&pair| (self.limits.shown(pair), pair)).collect();
        shown.sort_unstable();
        let known = self.pairs.rows().len();
        self.compare_shown(&shown.iter().map(|(shown, _)| *shown).collect::<Vec<_>>(), observer);
        for found in self.pairs.rows_from(known) {
            let at = shown.binary_search_by_key(&found.shown, |(shown, _)| *shown);
            let (_, (a, b)) = shown[at.expect("what is found was asked for")];
            found.is_listed = self.limits.allow((a, b));
            // As they are shown: the first of a group is its least.
            let is_turned = self.limits.first_of(found.shown.0) != a;
            (found.a, found.b) = if is_turned { (b, a) } else { (a, b) };
        }
    }

    /// Compares those of the pairs that are not allowed which tell what is shared
    /// in found ones: furniture and forms are known by their recurrence, on one
    /// side and in one source too. First those that touch a document of a pair
    /// found, then those between the documents of all of these. Gives them, sorted.
    pub(super) fn hear_witnesses(
        &mut self,
        mut others: Vec<CandidatePair>,
        observer: &dyn Observer,
    ) -> Vec<CandidatePair> {
        let mut heard = Vec::new();
        for both in [false, true] {
            let mut is_found = vec![false; self.corpus.len()];
            for pair in self.pairs.rows() {
                (is_found[pair.a.index()], is_found[pair.b.index()]) = (true, true);
            }
            let is_wanted = |(a, b): &CandidatePair| match (is_found[a.index()], is_found[b.index()]) {
                (true, true) => true,
                (one, other) => !both && (one || other),
            };
            let (wanted, rest) = others.into_iter().partition::<Vec<_>, _>(is_wanted);
            others = rest;
            if !wanted.is_empty() {
                self.compare(&wanted, observer);
            }
            heard.extend(wanted);
        }
        heard.sort_unstable();
        heard
    }

    fn compare_shown(&mut self, pairs: &[CandidatePair], observer: &dyn Observer) {
        observer.begin("verify", pairs.len());
        let known = self.pairs.rows().len();
        let near;
        let pairs = match self.corpus.spill() {
            None => pairs,
            Some(_) => {
                near = by_component(pairs, self.corpus.len());
                &near
            }
        };
        self.needs_letters = noisy::compared_by_letters(pairs, &self.is_noisy);
        let mut done = self.resume(pairs);
        observer.advance(done);
        let mut held = Held::new(self.corpus, &pairs[done..]);
        while let Some((block, new)) = held.next_block() {
            let found = [self.pairs.rows().len(), self.repeats.len()];
            self.prepare(&new, &mut held);
            self.compare_block(block, &held);
            self.keep(found, done..done + block.len());
            done += block.len();
            observer.advance(block.len());
        }
        self.end_round();
        if self.corpus.spill().is_some() {
            self.pairs.rows_from(known).sort_by_key(|pair| pair.shown);
        }
        self.compared += pairs.len();
        observer.end();
    }

    /// Looks for repeats where no comparison has come by yet, and puts what
    /// was found in order.
    pub(super) fn finish(mut self, observer: &dyn Observer) -> Findings<'c> {
        let rest: Vec<DocId> =
            (0..self.suspects.len()).filter(|&id| self.suspects[id]).map(DocId::new).collect();
        observer.begin("repeats", rest.len());
        let look = |preparer: &mut Preparer, &document: &DocId| {
            observer.advance(1);
            let text = self.corpus.text(document);
            let prepared = preparer.prepare_for_repeats(&text);
            repeats_of(self.params, Side { text: &text, prepared: &prepared }).map(|found| (document, found))
        };
        for rest in rest.chunks(SUSPECTS_AT_ONCE) {
            let found = rest.par_iter().map_init(|| Preparer::new(self.params), look);
            let found: Vec<(DocId, DocumentRepeats)> = found.flatten_iter().collect();
            found.iter().for_each(|(document, found)| self.repeats.push(*document, found));
        }
        observer.end();
        self.repeats.sort();
        self.pairs.keep_listed();
        let Self { pairs, repeats, compared, publishers, .. } = self;
        Findings { pairs, repeats, compared, publishers }
    }

    /// Finds forms and furniture among the copies of all pairs so far.
    pub(super) fn judge_by_spread(&mut self, observer: &dyn Observer) {
        observer.begin("kinds", self.pairs.rows().len());
        spread::judge(&mut self.pairs, self.corpus.len());
        observer.end();
    }

    /// The pairs whose verdict unites, those that the limits leave out too: what
    /// they hold together may have pairs that are allowed.
    pub(super) fn uniting(&self) -> impl Iterator<Item = &Row> {
        self.pairs.rows().iter().filter(|pair| pair.verdict.is_uniting())
    }

    /// The pairs that share short runs and nothing else, if the limits allow them.
    pub(super) fn scattered(&self) -> impl Iterator<Item = &Row> {
        self.pairs.rows().iter().filter(|pair| pair.is_listed && self.pairs.is_scattered(pair))
    }

    /// Prepares the documents `new`, and looks for repeats in those of them that
    /// may have some.
    fn prepare(&mut self, new: &[DocId], held: &mut Held<'c, '_>) {
        let Self { corpus, params, suspects, is_noisy, needs_letters, .. } = self;
        let prepare = |preparer: &mut Preparer, &document: &DocId| {
            let text = corpus.text(document);
            let mut prepared = preparer.prepare(&text);
            prepared.is_noisy = is_noisy[document.index()];
            prepared.letters = needs_letters[document.index()].then(|| Box::new(Letters::new(&text)));
            let side = Side { text: &text, prepared: &prepared };
            let is_suspect = suspects[document.index()];
            let found = is_suspect.then(|| repeats_of(params, side)).flatten();
            (text, prepared, found)
        };
        let prepared: Vec<(Cow<'c, str>, Prepared, Option<DocumentRepeats>)> =
            new.par_iter().with_max_len(TOGETHER).map_init(|| Preparer::new(params), prepare).collect();
        for (&document, (text, prepared, found)) in new.iter().zip(prepared) {
            self.suspects[document.index()] = false;
            found.iter().for_each(|found| self.repeats.push(document, found));
            held.hold(document, text, prepared);
        }
    }

    fn compare_block(&mut self, pairs: &[CandidatePair], held: &Held<'_, '_>) {
        let side = |document: DocId| held.side(document);
        let source = |document: DocId| self.publishers.of(self.limits.first_of(document));
        let verified = pairs.par_iter().with_max_len(TOGETHER).filter_map(|&(a, b)| {
            let (found, testimony) = compared([side(a), side(b)], source(a) == source(b), self.params)?;
            Some(((a, b), PackedPair::new(&found, testimony, self.params)))
        });
        let verified: Vec<(CandidatePair, PackedPair)> = verified.collect();
        verified.iter().for_each(|(pair, found)| self.pairs.push(*pair, found));
    }
}

/// What a comparison of two documents finds, and whether they are a witness for
/// furniture; nothing if no threshold is reached.
pub(crate) fn compared(
    sides: [Side<'_>; 2],
    is_of_one_source: bool,
    params: &Params,
) -> Option<(Found, Testimony)> {
    let [a, b] = sides;
    let found = verify::verify(a, b, params)?;
    let passages = passage_entries(sides, &found.passages, found.kinds);
    let Verified { overlap, loose, changes, .. } = found;
    let testify = || {
        let kinds = passages.iter().map(|passage| passage.kind);
        let aligned = overlap.counted(kinds, is_witnessed).aligned;
        let share = |side: usize| aligned[side] as f64 / overlap.tokens[side].max(1) as f64;
        testimony([a.prepared, b.prepared], &passages, [share(0), share(1)])
    };
    let testimony = if is_of_one_source { testify() } else { Testimony::None };
    Some((Found { passages, overlap, loose, changes }, testimony))
}

/// The pairs such that those of documents that hang together follow each
/// other: where little can be held, each is prepared once for all of them.
fn by_component(pairs: &[CandidatePair], documents: usize) -> Vec<CandidatePair> {
    let mut sets = DisjointSets::new(documents);
    pairs.iter().for_each(|(a, b)| {
        sets.unite(a.index(), b.index());
    });
    let mut near = pairs.to_vec();
    near.sort_by_cached_key(|&(a, b)| (sets.root(a.index()), a, b));
    near
}

/// What examination found, in order.
pub(super) struct Findings<'c> {
    /// Pairs that reached a threshold, by their documents.
    pub(super) pairs: VerifiedPairs<'c>,
    /// Documents that repeat themselves.
    pub(super) repeats: Repeats,
    /// How many pairs were compared.
    pub(super) compared: usize,
    /// Who published each document, unless that was found elsewhere.
    pub(super) publishers: Publishers,
}

/// The repeats of one document, if it has any.
pub(crate) fn repeats_of(params: &Params, Side { text, prepared }: Side<'_>) -> Option<DocumentRepeats> {
    let found = repeat::repeats(text, prepared, params.min_repeat_tokens);
    let entry = |repeated: &Repeated| Repeat {
        spans: repeated.spans(text, prepared),
        tokens: repeated.tokens(),
        identity: ratio(repeated.identity),
    };
    let repeats: Vec<Repeat> = found.iter().map(entry).collect();
    let tokens = repeat::repeated_tokens(&found);
    (!repeats.is_empty()).then_some(DocumentRepeats { repeats, tokens })
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
