//! What several test files share.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

pub(crate) mod feed;
pub(crate) mod floors;
pub(crate) mod shared;
pub(crate) mod words;

use wirecopy::document::{Corpus, Document};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::render::{JsonRender, NoTexts, Render};
use wirecopy::report::{Report, Stats};

/// A corpus of texts, by id.
pub(crate) fn corpus<I, T>(texts: impl IntoIterator<Item = (I, T)>) -> Corpus
where
    I: Into<String>,
    T: Into<String>,
{
    let document = |(id, text): (I, T)| Document { id: id.into(), text: text.into(), ..Document::default() };
    Corpus::try_new(texts.into_iter().map(document).collect()).unwrap()
}

/// The report on a corpus under the default parameters, without figures of
/// the run.
pub(crate) fn scan(corpus: &Corpus) -> Report {
    let report = pipeline::scan(corpus, &Params::default(), &()).unwrap();
    Report { stats: Stats::default(), ..report }
}

/// The report as its users get it.
pub(crate) fn json(report: &Report) -> String {
    let mut out = Vec::new();
    JsonRender.render(report, &NoTexts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// `work`, done by so many threads.
pub(crate) fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
