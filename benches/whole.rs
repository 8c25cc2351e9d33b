//! Documents → findings, the whole of `pipeline::scan`, on a generated feed
//! with planted copies.
//!
//! Not timed: making the feed, reading files, writing the report; `stages.rs`
//! has the last two.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use wirecopy::document::Corpus;
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::report::{Report, Verdict};

mod generator;

use generator::{Feed, PASSAGE_WORDS};

/// Documents in the feed: enough that candidates and clusters are more than
/// their fixed costs, few enough for ten runs in seconds.
const DOCUMENTS: usize = 6_000;

fn scan(corpus: &Corpus) -> Report {
    pipeline::scan(corpus, &Params::default(), &()).expect("the defaults are valid")
}

/// Every planted copy is in one cluster with its original, every planted
/// passage shared, every doubled body a repeat, and nothing else is united.
fn check(feed: &Feed, report: &Report) {
    let id = |n: usize| feed.documents[n].id.as_str();
    let mut clusters: Vec<HashSet<&str>> = Vec::new();
    for cluster in &report.clusters {
        clusters.push(cluster.members.iter().map(|member| member.document.as_str()).collect());
    }
    for &(original, copy) in &feed.copies {
        let together = clusters.iter().any(|c| c.contains(id(original)) && c.contains(id(copy)));
        assert!(together, "{} is a copy of {}", id(copy), id(original));
    }
    let planted: HashSet<usize> = feed.copies.iter().flat_map(|&(a, b)| [a, b]).collect();
    let members: usize = clusters.iter().map(HashSet::len).sum();
    assert_eq!(members, planted.len(), "documents in clusters");
    for &(original, other) in &feed.excerpts {
        let is_found = |pair: &wirecopy::report::Pair| {
            (pair.a.as_str(), pair.b.as_str()) == (id(original), id(other))
                && pair.verdict == Verdict::SharesPassage
                && pair.passages.iter().any(|passage| passage.tokens >= PASSAGE_WORDS)
        };
        // The lowest id of an exact group stands for the others.
        let is_group = report.exact_groups.iter().any(|g| g.documents[1..].iter().any(|d| d == id(original)));
        assert!(is_group || report.pairs.iter().any(is_found), "{} in {}", id(original), id(other));
    }
    let repeated: HashSet<&str> = report.repeats.iter().map(|repeat| repeat.document.as_str()).collect();
    for &doubled in &feed.doubled {
        assert!(repeated.contains(id(doubled)), "{} is doubled", id(doubled));
    }
}

fn whole(c: &mut Criterion) {
    let feed = Feed::new(7, DOCUMENTS);
    let corpus = feed.corpus();
    check(&feed, &scan(&corpus));
    let mut group = c.benchmark_group("scan");
    group.throughput(Throughput::Bytes(feed.bytes())).sampling_mode(SamplingMode::Flat);
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let mut pools = vec![1, all];
    pools.dedup();
    for threads in pools {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("the machine has room for the threads of its cores");
        group.bench_function(format!("{threads}_threads"), |bencher| {
            bencher.iter(|| pool.install(|| scan(black_box(&corpus))));
        });
    }
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);
