//! Four pages as a scraper left them, on the same events by different outlets.

use wirecopy::document::{Corpus, Span};
use wirecopy::read::{ReadOptions, read_paths};
use wirecopy::report::{DocumentEntry, Report};

use crate::support::{scan, shared};

/// The pages, and how the file names of each begin.
const PAGES: [&str; 4] = ["000_", "001_", "002_", "003_"];

/// The body that is pasted twice.
const TWICE: [Span; 2] = [Span { start: 649, end: 8553 }, Span { start: 8554, end: 16458 }];

/// The credit behind each of the two.
const CREDIT: &str = "www.aljazera.com";

struct Pages {
    corpus: Corpus,
    report: Report,
}

impl Pages {
    fn read() -> Option<Self> {
        let folder = shared::path("seeds")?;
        let paths = [folder.to_str().unwrap().to_owned()];
        let outcome = read_paths(&paths, &ReadOptions::default(), &()).unwrap();
        let corpus = Corpus::try_new(outcome.documents).unwrap();
        let report = scan(&corpus);
        Some(Self { corpus, report })
    }

    fn entry(&self, page: &str) -> (&DocumentEntry, &str) {
        let is_page = |entry: &&DocumentEntry| entry.path.rsplit('/').next().unwrap().starts_with(page);
        let entry = self.report.documents.iter().find(is_page).unwrap();
        (entry, self.corpus.text(self.corpus.find(&entry.id).unwrap()))
    }

    /// The spans of the repeats of a page.
    fn repeats(&self, page: &str) -> Vec<&[Span]> {
        let (entry, _) = self.entry(page);
        self.report.repeats.iter().filter(|r| r.document == entry.id).map(|r| r.spans.as_slice()).collect()
    }
}

#[test]
fn the_body_pasted_twice_is_one_repeat_to_the_byte() {
    let Some(pages) = Pages::read() else { return };
    assert_eq!(pages.repeats("002_"), [TWICE]);
    let (entry, text) = pages.entry("002_");
    let repeat = pages.report.repeats.iter().find(|repeat| repeat.document == entry.id).unwrap();
    assert!((repeat.identity - 1.0).abs() < f64::EPSILON, "{repeat:?}");
    assert_eq!(text[TWICE[0].start..TWICE[0].end], text[TWICE[1].start..TWICE[1].end]);
    assert!((0.47..=0.49).contains(&entry.repeated_share), "{}", entry.repeated_share);
}

#[test]
fn the_credit_behind_both_bodies_is_listed_at_both_places() {
    let Some(pages) = Pages::read() else { return };
    let (entry, text) = pages.entry("002_");
    let places: Vec<usize> = text.match_indices(CREDIT).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    assert_eq!(entry.credits.len(), 2, "{:?}", entry.credits);
    for (credit, place) in entry.credits.iter().zip(places) {
        assert_eq!(credit.outlet.as_deref(), Some(CREDIT));
        assert!(credit.span.start <= place && place + CREDIT.len() <= credit.span.end, "{credit:?}");
        assert_eq!(text[credit.span.start..credit.span.end], credit.text);
    }
    for page in ["000_", "001_", "003_"] {
        assert_eq!(pages.entry(page).0.credits, [], "{page} has no credit line");
    }
}

#[test]
fn headlines_printed_twice_are_repeats_and_nothing_else_is() {
    let Some(pages) = Pages::read() else { return };
    for page in ["000_", "001_"] {
        let repeats = pages.repeats(page);
        assert_eq!(repeats.len(), 1, "{page}");
        let (_, text) = pages.entry(page);
        let lines = repeats[0].iter().map(|span| &text[span.start..span.end]).collect::<Vec<_>>();
        let headline = text.lines().next().unwrap().trim();
        assert!(lines.len() == 2 && lines.iter().all(|line| *line == headline), "{page}: {lines:?}");
    }
    assert_eq!(pages.repeats("003_"), Vec::<&[Span]>::new());
}

#[test]
fn reports_of_one_event_are_no_copies_of_one_another() {
    let Some(pages) = Pages::read() else { return };
    assert_eq!(pages.report.documents.len(), PAGES.len());
    assert_eq!(pages.report.clusters, []);
    assert_eq!(pages.report.pairs, []);
    assert_eq!(pages.report.exact_groups, []);
}
