//! The index on disk: adding a batch to it, and asking it for one document.
//!
//! Not timed: making the feed, reading files, filling the index. Texts are in
//! the page cache, as they are for whoever asks all day.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use wirecopy::document::Document;
use wirecopy::index::{Index, Settings, Status, Writer};

mod generator;

use generator::Feed;

/// Documents in the index that is asked: enough for segments of three sizes.
const DOCUMENTS: usize = 20_000;

/// Documents of a batch, as the command adds them.
const BATCH: usize = 1000;

/// Seconds since 1970; any would do.
const NOW: i64 = 1_794_000_000;

fn index(c: &mut Criterion) {
    let feed = Feed::new(7, DOCUMENTS + 2 * BATCH);
    let (kept, others) = feed.documents.split_at(DOCUMENTS);
    let folder = tempfile::tempdir().expect("there is room for an index");
    let mut writer = Writer::open(folder.path(), &Settings::default()).expect("the folder is empty");
    for batch in kept.chunks(BATCH) {
        writer.add(batch, NOW).expect("there is room for a batch");
    }
    drop(writer);
    let index = Index::open(folder.path()).expect("it was just written");
    let asked = |document: &Document| Document { id: format!("asked-{}", document.id), ..document.clone() };
    let copies: Vec<Document> = kept
        .iter()
        .step_by(97)
        .map(|document| Document { text: format!("A word before. {}", document.text), ..asked(document) })
        .collect();
    let news: Vec<Document> = others.iter().step_by(13).map(asked).collect();
    for copy in copies.iter().take(20) {
        let answers = index.query(std::slice::from_ref(copy)).expect("the index is whole");
        assert_ne!(answers[0].status, Status::New, "{}", copy.id);
    }

    let mut group = c.benchmark_group("index");
    group.sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_secs(1));
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    for (name, documents) in [("query_copy", &copies), ("query_news", &news)] {
        let mut at = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                at = (at + 1) % documents.len();
                index.query(black_box(&documents[at..=at])).expect("the index is whole")
            });
        });
    }
    let batch = &others[..BATCH];
    group.throughput(Throughput::Elements(BATCH as u64)).sample_size(10);
    group.bench_function("add_batch", |bencher| {
        let empty = || {
            let folder = tempfile::tempdir().expect("there is room for an index");
            let mut writer = Writer::open(folder.path(), &Settings::default()).expect("the folder is empty");
            writer.add(&others[BATCH..], NOW).expect("there is room for a batch");
            (folder, writer)
        };
        bencher.iter_batched_ref(
            empty,
            |(_, writer)| writer.add(black_box(batch), NOW).expect("there is room for a batch"),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, index);
criterion_main!(benches);
