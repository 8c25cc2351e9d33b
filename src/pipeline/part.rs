//! Parts of a collection that verified pairs do not lead out of.
//!
//! What comes after the comparison of pairs rests on verified pairs and on
//! documents with the same tokens alone: kinds by recurrence, which pairs
//! components lack, stories, who was first. So the documents of some connected
//! components over these, taken together, are told as if they were the whole
//! collection. The code is that of a scan, over numbers of the part's own, which
//! follow the numbers of the collection.

use super::assemble;
use super::entries::Entries;
use super::examine::Examination;
use super::repeats::{DocumentRepeats, Repeats};
use super::stories;
use super::verified::{Found, PackedPair, VerifiedPairs};
use super::{Compared, Groups, is_read_for_credits};
use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::{Corpus, DocId};
use crate::limits::PairLimits;
use crate::params::Params;
use crate::passage::kind::spread::Testimony;
use crate::report::{Credit, Report};
use crate::sketch::Sketches;

/// What is known of the documents of a part, in their order.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// The documents, without their texts.
    pub(crate) corpus: Corpus,
    /// Bytes of each text.
    pub(crate) bytes: Vec<usize>,
    /// Tokens of each.
    pub(crate) tokens: Vec<u32>,
    /// The first with the same tokens of each, by its number in the part.
    pub(crate) firsts: Vec<DocId>,
    /// The credits of each.
    pub(crate) credits: Vec<Vec<Credit>>,
    /// The repeats of each that has some.
    pub(crate) repeats: Vec<(DocId, DocumentRepeats)>,
    /// Every pair that was compared, sorted.
    pub(crate) compared: Vec<CandidatePair>,
    /// Those that reached a threshold, and whether they are witnesses for
    /// furniture.
    pub(crate) verified: Vec<(CandidatePair, (Found, Testimony))>,
}

impl Part {
    /// The pairs inside of small components that were not compared yet.
    pub(crate) fn missing_pairs(&self, params: &Params) -> Vec<CandidatePair> {
        let limits = PairLimits::default();
        let examination = self.examination(params, &limits);
        let of_corpus = (self.collection(), params);
        stories::missing_pairs(of_corpus, &self.groups(params), &examination, [&self.compared, &[]])
    }

    /// The pairs inside of small stories that were not compared yet.
    pub(crate) fn unseen_pairs(&self, params: &Params) -> Vec<CandidatePair> {
        let limits = PairLimits::default();
        let examination = self.examination(params, &limits);
        let of_corpus = (self.collection(), params);
        let (groups, pairs) = (self.groups(params), &examination.pairs);
        let stories = stories::stories(of_corpus, &groups, pairs, &self.compared);
        stories::unseen_pairs(of_corpus, &groups, (pairs, &stories), &self.compared)
    }

    /// The report on the documents of the part.
    pub(crate) fn report(&self, params: &Params) -> Report {
        let limits = PairLimits::default();
        let examination = self.examination(params, &limits);
        let (groups, corpus) = (self.groups(params), self.collection());
        let mut stories = stories::stories((corpus, params), &groups, &examination.pairs, &self.compared);
        stories.retain(|story| stories::is_allowed(story, &groups, &limits));
        let found = examination.finish(&());
        let sketches = Sketches::of_tokens(params, &self.tokens);
        let pairs = self.compared.clone();
        let compared = Compared { corpus, params, sketches, groups, found, pairs, stories, limits };
        let is_read = is_read_for_credits(&compared);
        let credits = self.credits.iter().zip(is_read);
        let credits = credits.map(|(credits, is_read)| if is_read { credits.clone() } else { Vec::new() });
        let entries = Entries::of_all(&compared, credits.collect());
        assemble::report(&compared, entries)
    }

    fn collection(&self) -> Collection<'_> {
        Collection::Described(&self.corpus, &self.bytes)
    }

    /// The verified pairs, as all of them together tell their kinds.
    fn examination<'c, 'l>(&'c self, params: &'c Params, limits: &'l PairLimits) -> Examination<'c, 'l> {
        let of_corpus = (self.collection(), params);
        let mut pairs = VerifiedPairs::new(of_corpus);
        for (pair, (found, testimony)) in &self.verified {
            pairs.push(*pair, &PackedPair::new(found, *testimony, params));
        }
        let mut repeats = Repeats::new(None);
        self.repeats.iter().for_each(|(document, found)| repeats.push(*document, found));
        let mut examination = Examination::of_found(of_corpus, limits, pairs, repeats);
        examination.judge_by_spread(&());
        examination
    }

    fn groups(&self, params: &Params) -> Groups {
        let documents = || (0..self.firsts.len()).map(DocId::new);
        let is_first = |document: DocId| self.firsts[document.index()] == document;
        let mut by_first: Vec<(DocId, DocId)> =
            documents().map(|document| (self.firsts[document.index()], document)).collect();
        by_first.sort_unstable();
        let exact = by_first.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1);
        let exact = exact.map(|group| group.iter().map(|(_, document)| *document).collect());
        let has_shingle = |document: DocId| self.tokens[document.index()] as usize >= params.shingle_len;
        Groups {
            first: self.firsts.clone(),
            exact: exact.collect(),
            comparable: documents().filter(|&document| is_first(document) && has_shingle(document)).collect(),
        }
    }
}
