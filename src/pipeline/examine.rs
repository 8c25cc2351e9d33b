//! Candidate pairs and suspects → verified pairs and repeats.
//!
//! Texts are read again only for documents that a candidate names or that may
//! repeat themselves. Pairs are taken in blocks, see [`super::held`]; a block's
//! new documents are prepared, looked through for repeats, and its pairs
//! compared, all in parallel.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::Observer;
use super::found::{Found, repeats_in};
use super::held::Held;
use super::noisy;
use crate::attribute::source::source_of;
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::disjoint::DisjointSets;
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::Params;
use crate::passage::kind::changes::Changes;
use crate::passage::kind::form::{self, Alike};
use crate::passage::kind::overlap::Overlap;
use crate::passage::kind::spread::{self, Sharing};
use crate::passage::kind::{Kind, Side};
use crate::passage::letters::Letters;
use crate::passage::prepared::{Prepared, Preparer};
use crate::report::{Passage, PassageKind, Repeat, Verdict};
use crate::sketch::Sketches;
use crate::verify::{self, Shares};

/// Names of publishers that are held until they are numbered.
const NAMES_AT_ONCE: usize = 1 << 13;

/// A pair that reached a threshold.
pub(super) struct VerifiedPair {
    /// The first of the documents with the tokens of the one shown as `a`; not
    /// always less than `b`.
    pub(super) a: DocId,
    /// The same of `b`.
    pub(super) b: DocId,
    /// The documents under which it is listed, and whose texts were compared.
    pub(super) shown: CandidatePair,
    /// Whether the limits allow it; others only tell what passages are.
    pub(super) is_listed: bool,
    pub(super) verdict: Verdict,
    pub(super) shares: Shares,
    pub(super) passages: Vec<Passage>,
    /// What the shares are worked out from.
    pub(super) overlap: Overlap,
    /// The kind of what is shared outside passages, if it is left out.
    pub(super) loose: Option<Kind>,
    /// What became of the facts in it.
    changes: Changes,
    /// Whether it is a witness for furniture, see [`spread`].
    is_witness: bool,
    /// The passages whose kind all pairs together tell.
    by_spread: Vec<usize>,
    /// Overlap and what is loose in it without that, if it is a form.
    without_form: Option<Box<(Overlap, Option<Kind>)>>,
}

impl VerifiedPair {
    /// A pair that is listed as it was compared.
    pub(super) fn new((a, b): CandidatePair, found: Found, params: &Params) -> Self {
        let Found { passages, overlap, loose, changes, is_witness } = found;
        let mut pair = Self {
            a,
            b,
            shown: (a, b),
            is_listed: true,
            verdict: Verdict::SharesPassage,
            shares: Shares::default(),
            passages,
            overlap,
            loose,
            changes,
            is_witness,
            by_spread: Vec::new(),
            without_form: None,
        };
        pair.weigh(params);
        pair
    }

    fn sharing(&self) -> Sharing<'_> {
        // By the first of the group, so that what is known of one is known of all;
        // in the few whose texts differ in their spaces, places are near enough.
        let Self { a, b, passages, is_witness, .. } = self;
        Sharing { documents: [*a, *b], passages, is_witness: *is_witness }
    }

    /// Forgets what all pairs together told: of fewer pairs than there are now.
    fn forget_others(&mut self, params: &Params) {
        let before = self.without_form.take();
        if before.is_none() && self.by_spread.is_empty() {
            return;
        }
        for passage in std::mem::take(&mut self.by_spread) {
            self.tell(passage, Kind::default());
        }
        if let Some(before) = before {
            (self.overlap, self.loose) = *before;
        }
        self.weigh(params);
    }

    /// Makes what is still a copy one of those that all pairs together tell.
    fn become_form(&mut self, kind: &Kind, params: &Params) {
        self.without_form = Some(Box::new((self.overlap.clone(), self.loose.clone())));
        self.overlap.retell_loose(PassageKind::Copy, kind.kind);
        self.loose.get_or_insert_with(|| kind.clone());
        for passage in 0..self.passages.len() {
            if self.passages[passage].kind == PassageKind::Copy {
                self.tell(passage, kind.clone());
                self.by_spread.push(passage);
            }
        }
        self.weigh(params);
    }

    fn tell(&mut self, passage: usize, Kind { kind, reason }: Kind) {
        (self.passages[passage].kind, self.passages[passage].reason) = (kind, reason);
    }

    /// Works out what counts, by the kinds of the passages.
    pub(super) fn weigh(&mut self, params: &Params) {
        let kinds: Vec<PassageKind> = self.passages.iter().map(|passage| passage.kind).collect();
        (self.shares, self.verdict) = verify::weigh(&self.overlap, &kinds, params)
            .expect("a pair that reached a threshold reaches it if everything counts");
    }
}

/// The repeats of one document.
pub(super) struct DocumentRepeats {
    pub(super) document: DocId,
    pub(super) repeats: Vec<Repeat>,
    /// Tokens in second and later occurrences.
    pub(super) repeated_tokens: usize,
}

/// What exact examination has found so far.
pub(super) struct Examination<'c> {
    corpus: Collection<'c>,
    params: &'c Params,
    pub(super) limits: &'c PairLimits,
    /// By document: whether it is still to be looked through for repeats.
    suspects: Vec<bool>,
    /// By document: whether it was misread.
    is_noisy: Vec<bool>,
    /// By document: whether its letters are needed.
    needs_letters: Vec<bool>,
    /// By document: the number of its publisher.
    sources: Vec<u32>,
    /// Pairs that reached a threshold.
    pub(super) pairs: Vec<VerifiedPair>,
    /// Documents that repeat themselves.
    pub(super) repeats: Vec<DocumentRepeats>,
    /// How many pairs were compared.
    pub(super) compared: usize,
}

impl<'c> Examination<'c> {
    pub(super) fn new(
        (corpus, params): (Collection<'c>, &'c Params),
        sketches: &Sketches,
        is_noisy: Vec<bool>,
        limits: &'c PairLimits,
    ) -> Self {
        Self {
            corpus,
            params,
            limits,
            suspects: (0..sketches.len()).map(|id| sketches.may_repeat(DocId::new(id))).collect(),
            needs_letters: vec![false; is_noisy.len()],
            is_noisy,
            sources: numbered_sources(corpus),
            pairs: Vec::new(),
            repeats: Vec::new(),
            compared: 0,
        }
    }

    /// What was found elsewhere, of documents that are not looked at again.
    #[cfg(feature = "arrow")]
    pub(super) fn of_found(
        (corpus, params): (Collection<'c>, &'c Params),
        limits: &'c PairLimits,
        pairs: Vec<VerifiedPair>,
        repeats: Vec<DocumentRepeats>,
    ) -> Self {
        Self {
            corpus,
            params,
            limits,
            suspects: Vec::new(),
            is_noisy: Vec::new(),
            needs_letters: Vec::new(),
            sources: Vec::new(),
            pairs,
            repeats,
            compared: 0,
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
        let known = self.pairs.len();
        self.compare_shown(&shown.iter().map(|(shown, _)| *shown).collect::<Vec<_>>(), observer);
        for found in &mut self.pairs[known..] {
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
            for pair in &self.pairs {
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
        let known = self.pairs.len();
        let near;
        let pairs = match self.corpus.spill() {
            None => pairs,
            Some(_) => {
                near = by_component(pairs, self.corpus.len());
                &near
            }
        };
        self.needs_letters = noisy::compared_by_letters(pairs, &self.is_noisy);
        let mut held = Held::new(self.corpus, pairs);
        while let Some((block, new)) = held.next_block() {
            self.prepare(&new, &mut held);
            self.compare_block(block, &held);
            observer.advance(block.len());
        }
        if self.corpus.spill().is_some() {
            self.pairs[known..].sort_by_key(|pair| pair.shown);
        }
        self.compared += pairs.len();
        observer.end();
    }

    /// Looks for repeats where no comparison has come by yet, and puts what
    /// was found in order.
    pub(super) fn finish(mut self, observer: &dyn Observer) -> Findings {
        let rest: Vec<DocId> =
            (0..self.suspects.len()).filter(|&id| self.suspects[id]).map(DocId::new).collect();
        observer.begin("repeats", rest.len());
        let look = |preparer: &mut Preparer, &document: &DocId| {
            observer.advance(1);
            let text = self.corpus.text(document);
            let prepared = preparer.prepare(&text);
            repeats_of((self.corpus, self.params), document, Side { text: &text, prepared: &prepared })
        };
        let found = rest.par_iter().map_init(|| Preparer::new(self.params), look).flatten_iter();
        self.repeats.par_extend(found);
        observer.end();
        // Both are made of sorted parts, which a stable sort makes use of.
        self.repeats.sort_by_key(|found| found.document);
        self.pairs.retain(|pair| pair.is_listed);
        self.pairs.sort_by_key(|pair| pair.shown);
        Findings { pairs: self.pairs, repeats: self.repeats, compared: self.compared }
    }

    /// Finds forms and furniture among the copies of all pairs so far.
    pub(super) fn judge_by_spread(&mut self, observer: &dyn Observer) {
        observer.begin("kinds", self.pairs.len());
        let params = self.params;
        self.pairs.par_iter_mut().for_each(|pair| pair.forget_others(params));
        let is_alike = |pair: &VerifiedPair| pair.verdict.is_uniting() || pair.verdict == Verdict::Template;
        let numbers: Vec<usize> = (0..self.pairs.len()).filter(|&at| is_alike(&self.pairs[at])).collect();
        let alike = |&at: &usize| {
            let VerifiedPair { a, b, changes, shares, .. } = &self.pairs[at];
            let containment = shares.containment_of_a_in_b.max(shares.containment_of_b_in_a);
            Alike { documents: [*a, *b], containment, changes: *changes }
        };
        let alike: Vec<Alike> = numbers.iter().map(alike).collect();
        for (at, kind) in form::forms(&alike, self.corpus.len()) {
            self.pairs[numbers[at]].become_form(&kind, params);
        }
        let sharing: Vec<Sharing<'_>> = self.pairs.iter().map(VerifiedPair::sharing).collect();
        let found = spread::furniture(&sharing, self.corpus.len());
        for of_pair in found.chunk_by(|one, two| one.0 == two.0) {
            let pair = &mut self.pairs[of_pair[0].0];
            for (_, passage, kind) in of_pair {
                pair.tell(*passage, kind.clone());
                pair.by_spread.push(*passage);
            }
            pair.weigh(self.params);
        }
        observer.end();
    }

    /// The pairs whose verdict unites, those that the limits leave out too: what
    /// they hold together may have pairs that are allowed.
    pub(super) fn uniting(&self) -> impl Iterator<Item = &VerifiedPair> {
        self.pairs.iter().filter(|pair| pair.verdict.is_uniting())
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
            let found = is_suspect.then(|| repeats_of((*corpus, params), document, side)).flatten();
            (text, prepared, found)
        };
        let prepared: Vec<(Cow<'c, str>, Prepared, Option<DocumentRepeats>)> =
            new.par_iter().map_init(|| Preparer::new(params), prepare).collect();
        for (&document, (text, prepared, found)) in new.iter().zip(prepared) {
            self.suspects[document.index()] = false;
            self.repeats.extend(found);
            held.hold(document, text, prepared);
        }
    }

    fn compare_block(&mut self, pairs: &[CandidatePair], held: &Held<'_, '_>) {
        let side = |document: DocId| held.side(document);
        let source = |document: DocId| self.sources[self.limits.first_of(document).index()];
        let verified = pairs.par_iter().filter_map(|&(a, b)| {
            let found = Found::of([side(a), side(b)], source(a) == source(b), self.params)?;
            Some(VerifiedPair::new((a, b), found, self.params))
        });
        self.pairs.par_extend(verified);
    }
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
pub(super) struct Findings {
    /// Pairs that reached a threshold, by their documents.
    pub(super) pairs: Vec<VerifiedPair>,
    /// Documents that repeat themselves.
    pub(super) repeats: Vec<DocumentRepeats>,
    /// How many pairs were compared.
    pub(super) compared: usize,
}

/// The publishers of the documents as far as the input names them, numbered.
fn numbered_sources(corpus: Collection<'_>) -> Vec<u32> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut number = |name: String| {
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    };
    let named = |at: usize| source_of(&corpus.about(DocId::new(at)), &[]);
    let mut sources = Vec::with_capacity(corpus.len());
    for first in (0..corpus.len()).step_by(NAMES_AT_ONCE) {
        let numbers = first..corpus.len().min(first + NAMES_AT_ONCE);
        let names: Vec<String> = numbers.into_par_iter().map(named).collect();
        sources.extend(names.into_iter().map(&mut number));
    }
    sources
}

/// The repeats of one document, if it has any.
fn repeats_of(
    (corpus, params): (Collection<'_>, &Params),
    document: DocId,
    side: Side<'_>,
) -> Option<DocumentRepeats> {
    let (repeats, repeated_tokens) = repeats_in(side, || corpus.about(document).id.clone(), params);
    (!repeats.is_empty()).then_some(DocumentRepeats { document, repeats, repeated_tokens })
}
