//! Texts → sketches → pairs worth comparing.

use rayon::prelude::*;

use super::publishers::{Joined, Publishers, Run};
use super::{Groups, Observer, noisy};
use crate::candidates::{self, CandidatePair};
use crate::collection::Collection;
use crate::document::DocId;
use crate::limits::PairLimits;
use crate::noise;
use crate::params::{Level, Params};
use crate::sketch::{Chunk, Gatherer, Sketcher, Sketches};

/// The sketches of all documents, and who published them.
pub(super) fn sketch_all(
    corpus: Collection<'_>,
    params: &Params,
    observer: &dyn Observer,
) -> (Sketches, Publishers) {
    observer.begin("sketch", corpus.len());
    let len = Sketches::chunk_len(corpus.len());
    let sketch = |(mut sketcher, mut chunks, mut run): (Sketcher, Vec<Chunk>, Run), &first: &usize| {
        let documents = first..corpus.len().min(first + len);
        observer.advance(documents.len());
        let stretch = corpus.stretch(documents.clone());
        let mut last = None;
        chunks.push(sketcher.sketch(documents.map(|document| {
            let document = DocId::new(document);
            // Behind its text, what else is known of one is near at hand.
            last.replace(document).into_iter().for_each(|last| run.add(&stretch.about(last)));
            stretch.text(document)
        })));
        last.into_iter().for_each(|last| run.add(&stretch.about(last)));
        (sketcher, chunks, run)
    };
    let firsts: Vec<usize> = (0..corpus.len()).step_by(len).collect();
    let mut gatherer = Gatherer::new(corpus.spill());
    let mut publishers = Joined::default();
    for batch in batches(corpus, &firsts) {
        let begin = || (Sketcher::new(params), Vec::new(), Run::default());
        let sketched = batch.par_iter().fold(begin, sketch).map(|(_, chunks, run)| (chunks, run));
        let (chunks, of_batch): (Vec<Vec<Chunk>>, Vec<Run>) = sketched.unzip();
        gatherer.extend(chunks.into_iter().flatten().collect());
        of_batch.into_iter().for_each(|run| publishers.add(run));
    }
    observer.end();
    (gatherer.finish(params), publishers.finish())
}

/// Part of the budget in text whose sketches are written out together: they
/// are less than half of it, and of letters as much.
const PART_A_BATCH: u64 = 16;

/// Runs of chunks, named by their first documents, that are sketched before
/// anything of them is written out; all at once where nothing need be.
pub(super) fn batches<'f>(corpus: Collection<'_>, firsts: &'f [usize]) -> Vec<&'f [usize]> {
    let Some(spill) = corpus.spill() else { return vec![firsts] };
    let room = spill.part(PART_A_BATCH);
    let text_len = |id: usize| corpus.text_len(DocId::new(id));
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for at in 1..firsts.len() {
        bytes += (firsts[at - 1]..firsts[at]).map(text_len).sum::<usize>();
        if bytes >= room {
            batches.push(&firsts[start..at]);
            (start, bytes) = (at, 0);
        }
    }
    batches.push(&firsts[start..]);
    batches
}

/// Which documents are compared letter by letter; none, where passages are not
/// looked for.
pub(super) fn find_noisy(corpus: Collection<'_>, params: &Params, observer: &dyn Observer) -> Vec<bool> {
    if params.level == Level::Documents {
        return vec![false; corpus.len()];
    }
    observer.begin("noise", corpus.len());
    let is_noisy = noise::noisy_documents(corpus, params);
    observer.end();
    is_noisy
}

/// Which documents were misread, and the pairs worth comparing.
pub(super) fn propose(
    (corpus, params): (Collection<'_>, &Params),
    (groups, sketches): (&Groups, &Sketches),
    limits: &PairLimits,
    observer: &dyn Observer,
) -> (Vec<bool>, Vec<CandidatePair>) {
    observer.begin("candidates", groups.comparable.len());
    let mut candidates = candidates::limited_pairs(&groups.comparable, sketches, params, limits);
    observer.end();
    let is_noisy = find_noisy(corpus, params, observer);
    let noisy = is_noisy.iter().filter(|&&is_noisy| is_noisy).count();
    if noisy::are_letters_worth_it(noisy, corpus.len()) {
        let letters = noisy::letters(corpus, observer);
        candidates::add_noisy_pairs(&mut candidates, &groups.comparable, &letters.parts(), &is_noisy, limits);
    }
    (is_noisy, candidates)
}
