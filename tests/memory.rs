//! A budget of memory changes where things are kept, and no finding.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::env::temp_dir;
use std::ops::ControlFlow;

use proptest::prelude::*;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Level, Noise, Params};
use wirecopy::pipeline::{scan, scan_streamed};
use wirecopy::read::{ReadOptions, read_paths_to};
use wirecopy::render::{JsonRender, JsonlRender, NoTexts, Render};
use wirecopy::report::{Report, Stats};
use wirecopy::spill::documents::{SpooledCorpus, Spooler};
use wirecopy::spill::{MIN_BUDGET, Spill};

use support::words::Rng;
use support::{feed, json, with_threads};

fn spooled(documents: Vec<Document>, budget: u64) -> SpooledCorpus {
    let spill = Spill::of_any_size(budget, &temp_dir()).unwrap();
    let mut spooler = Spooler::new(&spill);
    spooler.extend(documents);
    spooler.try_finish(Vec::new()).unwrap()
}

fn without_stats(report: Report) -> String {
    json(&Report { stats: Stats::default(), ..report })
}

/// Holds that under each budget the report is that of a run in memory.
fn assert_same(documents: &[Document], params: &Params, budgets: &[u64]) -> Report {
    let held = Corpus::try_new(documents.to_vec()).unwrap();
    let expected = scan(&held, params, &()).unwrap();
    for &budget in budgets {
        let found = scan(&spooled(documents.to_vec(), budget), params, &()).unwrap();
        let count = |report: &Report| (report.stats.documents, report.stats.bytes, report.stats.verified);
        assert_eq!(count(&found), count(&expected), "budget {budget}");
        assert!(
            without_stats(found) == without_stats(expected.clone()),
            "another report under budget {budget}"
        );
    }
    expected
}

/// Copies, cuts, edits, identical documents, a passage in very many, colliding
/// ids and texts without tokens, of so many words at a time.
fn generated(seed: u64, count: usize, words: usize) -> Vec<Document> {
    let mut rng = Rng::new(seed);
    let shared = rng.words(60, 5000);
    let mut texts: Vec<String> = Vec::new();
    for n in 0..count {
        let earlier = |rng: &mut Rng, texts: &[String]| texts[rng.below(texts.len())].clone();
        texts.push(match n % 7 {
            _ if n < 7 => rng.words(words, 5000),
            0 => earlier(&mut rng, &texts),
            1 => format!("{} {}", earlier(&mut rng, &texts), rng.words(words / 2, 5000)),
            2 => format!("{} {shared} {}", rng.words(words, 5000), rng.words(words / 2, 5000)),
            3 => {
                let text = earlier(&mut rng, &texts);
                text.split(' ')
                    .map(|word| if rng.below(9) == 0 { "other" } else { word })
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            4 if n % 5 == 0 => String::new(),
            _ => rng.words(words, 5000),
        });
    }
    let document = |(n, text): (usize, String)| Document {
        // Some ids collide.
        id: format!("d{}", n - usize::from(n % 50 == 49)),
        text,
        path: format!("folder-{}/f", n % 3).into(),
        source: (n % 4 > 0).then(|| format!("source-{}.example", n % 4)),
        title: (n % 2 == 0).then(|| "Title".to_owned()),
        ..Document::default()
    };
    texts.into_iter().enumerate().map(document).collect()
}

#[test]
fn the_feed_has_the_same_report_under_any_budget() {
    for level in [Level::Passages, Level::Documents] {
        let params = Params { level, ..Params::default() };
        let report = assert_same(&feed::documents(), &params, &[1, 10_000, MIN_BUDGET]);
        assert!(!report.pairs.is_empty() && !report.clusters.is_empty());
    }
}

#[test]
fn large_buckets_and_limits_have_the_same_report_too() {
    let documents = generated(5, 900, 80);
    let report = assert_same(&documents, &Params::default(), &[1, 1 << 20]);
    assert!(report.pairs.len() > 100 && !report.repeats.is_empty() | !report.exact_groups.is_empty());
    for params in [
        Params { across_sources_only: true, ..Params::default() },
        Params { noise: Noise::Ocr, ..Params::default() },
    ] {
        assert_same(&documents[..300], &params, &[1]);
    }
}

/// Forms filled in each time, and pages of one source with one footer.
fn standing(count: usize) -> Vec<Document> {
    let mut rng = Rng::new(17);
    let (wording, footer) = (rng.words(70, 900), rng.words(40, 900));
    let notice = |rng: &mut Rng| {
        let number =
            |rng: &mut Rng, at| if at % 9 == 8 { format!(" {}", rng.below(15)) } else { String::new() };
        wording
            .split(' ')
            .enumerate()
            .map(|(at, word)| format!(" {word}{}", number(rng, at)))
            .collect::<String>()
    };
    let document = |n: usize| Document {
        id: format!("s{n:04}"),
        text: if n % 2 == 0 { notice(&mut rng) } else { format!("{}\n\n{footer}", rng.words(120, 90_000)) },
        source: Some("one.example".to_owned()),
        ..Document::default()
    };
    (0..count).map(document).collect()
}

#[test]
fn what_all_pairs_together_tell_is_the_same_under_any_budget() {
    let documents = [standing(300), generated(4, 60, 70)].concat();
    let report = assert_same(&documents, &Params::default(), &[1, 1 << 16]);
    for told in ["other fillings", "of a source whose text is unrelated"] {
        assert!(
            report.pairs.iter().any(|pair| pair.passages.iter().any(|passage| passage.reason.contains(told)))
        );
    }
}

#[test]
fn thousands_of_stories_have_the_same_report_in_pieces() {
    let mut rng = Rng::new(23);
    let story = |n: usize| {
        let text = rng.words(30, 90_000);
        let version = |id: char, text: String| Document {
            id: format!("p{n:04}{id}"),
            text,
            source: Some(format!("{id}-{}.example", n % 5)),
            ..Document::default()
        };
        let more = format!("{text} {}", rng.words(8, 90_000));
        [version('a', text.clone()), version('b', text), version('c', more)]
    };
    let documents: Vec<Document> = (0..1500).flat_map(story).collect();
    let report = assert_same(&documents, &Params::default(), &[1]);
    assert!(report.clusters.len() > 1400, "{}", report.clusters.len());
}

#[test]
fn threads_and_budgets_do_not_show_together() {
    let documents = generated(8, 200, 60);
    let of = |threads, budget| {
        let report = with_threads(threads, || {
            scan(&spooled(documents.clone(), budget), &Params::default(), &()).unwrap()
        });
        without_stats(report)
    };
    let expected = of(1, 1);
    for (threads, budget) in [(2, 1), (5, 1), (3, 1 << 18), (1, 1 << 30)] {
        assert!(of(threads, budget) == expected, "{threads} threads, budget {budget}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_budget_gives_the_same_report(
        seed in 0u64..1 << 20, count in 1usize..150, words in 6usize..90, shift in 0u32..24,
    ) {
        assert_same(&generated(seed, count, words), &Params::default(), &[1 << shift]);
    }
}

#[test]
fn a_streamed_report_is_written_as_one_in_memory() {
    let corpus = spooled(feed::documents(), 1);
    let params = Params::default();
    let (report, lists) = scan_streamed(&corpus, &params, None, &()).unwrap();
    let lists = lists.unwrap();
    let mut whole = report.clone();
    lists.load(&mut whole).unwrap();
    let lens = |report: &Report| {
        let Report { documents, repeats, exact_groups, pairs, clusters, .. } = report;
        [documents.len(), repeats.len(), exact_groups.len(), pairs.len(), clusters.len()]
    };
    assert_eq!(lens(&report), [0; 5]);
    assert!(lens(&whole).iter().all(|&len| len > 0), "{:?}", lens(&whole));
    assert_eq!((whole.documents.len(), whole.pairs.len()), (lists.documents.len(), lists.pairs.len()));
    for form in [&JsonRender as &dyn Render, &JsonlRender] {
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        form.render(&whole, &NoTexts, &mut expected).unwrap();
        let streaming = form.streaming().unwrap();
        streaming.render_streaming(&report, &lists, &mut found).unwrap();
        assert!(found == expected);
    }
}

#[test]
fn a_budget_below_the_floor_is_refused_with_the_floor() {
    let error = Spill::try_new(MIN_BUDGET - 1, &temp_dir()).unwrap_err();
    assert!(error.is_usage());
    assert_eq!(error.to_string(), "memory is 67108863 bytes, but must be at least 64 MiB (67108864 bytes)");
}

#[test]
fn a_folder_that_takes_no_files_is_an_error_before_anything_is_read() {
    let error = Spill::try_new(MIN_BUDGET, "no/such/folder".as_ref()).unwrap_err().to_string();
    assert!(
        error.starts_with("temporary files in no/such/folder: ") && error.contains("--temp-dir"),
        "{error}"
    );
}

/// A limit on the size of files stands for a full disk: both answer a write
/// with an error.
#[cfg(all(unix, feature = "cli"))]
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    let lines: Vec<String> = generated(3, 400, 90)
        .iter()
        .map(|document| serde_json::json!({"text": document.text}).to_string())
        .collect();
    std::fs::write(&input, lines.join("\n")).unwrap();
    let spill = folder.path().join("spill");
    std::fs::create_dir(&spill).unwrap();
    let report = folder.path().join("report.json");
    for limit in [1, 64, 400] {
        let run = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec {} scan {} -q --memory 64M --temp-dir {} --format json -o {}",
            env!("CARGO_BIN_EXE_wirecopy"),
            input.display(),
            spill.display(),
            report.display()
        );
        let ended = std::process::Command::new("sh").args(["-c", &run]).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{told}");
        assert!(told.contains("temporary files in") && told.contains("--temp-dir"), "{told}");
        assert!(!report.exists());
        assert_eq!(std::fs::read_dir(&spill).unwrap().count(), 0);
    }
}

#[test]
fn what_could_not_be_read_is_told_under_a_budget_too() {
    let mut spooler = Spooler::new(&Spill::of_any_size(1, &temp_dir()).unwrap());
    let paths = ["tests/cmd/odd".to_owned()];
    let outcome = read_paths_to(&paths, &ReadOptions::default(), &(), &mut |documents| {
        spooler.extend(documents);
        ControlFlow::Continue(())
    })
    .unwrap();
    let corpus = spooler.try_finish(outcome.skipped.clone()).unwrap();
    let mut documents = Vec::new();
    read_paths_to(&paths, &ReadOptions::default(), &(), &mut |read| {
        documents.extend(read);
        ControlFlow::Continue(())
    })
    .unwrap();
    let held = Corpus::try_new(documents).unwrap().with_skipped(outcome.skipped);
    let params = Params::default();
    let expected = scan(&held, &params, &()).unwrap();
    assert!(!expected.skipped.is_empty());
    assert_eq!(without_stats(scan(&corpus, &params, &()).unwrap()), without_stats(expected));
}
