//! Every stage on its own, on generated articles, on one thread.
//!
//! Inputs are built, and answers checked, outside the timed loop. What a stage
//! gets from an earlier one (tokens, sketches, prepared documents) is ready.
//! `text.rs` has the tokenizer on seven kinds of text, `whole.rs` all stages
//! together.

use std::hint::black_box;
use std::io;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use wirecopy::attribute::credit;
use wirecopy::candidates::{bands, postings};
use wirecopy::document::DocId;
use wirecopy::limits::PairLimits;
use wirecopy::params::{Params, PassageKind};
use wirecopy::passage::kind::Side;
use wirecopy::passage::prepared::Prepared;
use wirecopy::passage::repeat;
use wirecopy::pipeline;
use wirecopy::read::{self, ReadOptions};
use wirecopy::render::{JsonRender, JsonlRender, NoTexts, Render, TerminalRender};
use wirecopy::report::Verdict;
use wirecopy::shingle;
use wirecopy::sketch::minhash::MinHasher;
use wirecopy::sketch::winnow::Winnower;
use wirecopy::sketch::{Sketcher, Sketches};
use wirecopy::text::Tokenizer;
use wirecopy::verify;

mod generator;

use generator::{Feed, Writer, cut};

/// Documents that single-document stages go through: 0.9 MB of text.
const SOME: usize = 400;

/// Documents that the joins go through.
const MANY: usize = 20_000;

/// Words of the texts that are compared: a long article.
const ARTICLE_WORDS: usize = 800;

/// Token hashes of one document.
fn tokens_of(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    Tokenizer::new().tokenize(text, |token| tokens.push(token.hash));
    tokens
}

fn shingles_of(tokens: &[u64]) -> Vec<u64> {
    let mut shingles = Vec::new();
    shingle::append_shingles(tokens, Params::default().shingle_len, &mut shingles);
    shingles
}

fn sketches_of(sketcher: &mut Sketcher, texts: &[&str]) -> Sketches {
    let chunks = texts.chunks(Sketches::chunk_len(texts.len()));
    let chunks = chunks.map(|texts| sketcher.sketch(texts.iter().copied()));
    Sketches::new(&Params::default(), chunks.collect())
}

fn read(c: &mut Criterion) {
    let feed = Feed::new(1, SOME);
    let lines = feed.json_lines();
    let read = || {
        let stream = io::Cursor::new(lines.as_bytes());
        let outcome = read::read_stream("feed.jsonl", stream, &ReadOptions::default(), &());
        outcome.expect("a generated feed is valid").documents
    };
    let texts = |documents: &[wirecopy::document::Document]| -> Vec<String> {
        documents.iter().map(|document| document.text.clone()).collect()
    };
    assert_eq!(texts(&read()), texts(&feed.documents));
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("jsonl", |bencher| bencher.iter(|| black_box(read()).len()));
    group.finish();
}

fn sketch(c: &mut Criterion) {
    let feed = Feed::new(2, SOME);
    let params = Params::default();
    let texts: Vec<&str> = feed.documents.iter().map(|document| document.text.as_str()).collect();
    let tokens: Vec<Vec<u64>> = texts.iter().map(|text| tokens_of(text)).collect();
    let shingles: Vec<Vec<u64>> = tokens.iter().map(|tokens| shingles_of(tokens)).collect();
    for (tokens, shingles) in tokens.iter().zip(&shingles) {
        assert_eq!(shingles.len(), tokens.len() - 4);
    }
    let mut group = c.benchmark_group("sketch");
    group.throughput(Throughput::Bytes(feed.bytes()));
    group.bench_function("tokens", |bencher| {
        let mut tokenizer = Tokenizer::new();
        bencher.iter(|| {
            let mut mixed = 0;
            texts.iter().for_each(|text| tokenizer.tokenize(black_box(text), |token| mixed ^= token.hash));
            mixed
        });
    });
    group.bench_function("shingles", |bencher| {
        let mut shingles = Vec::new();
        bencher.iter(|| {
            let mut mixed = 0;
            for tokens in &tokens {
                shingles.clear();
                shingle::append_shingles(black_box(tokens), params.shingle_len, &mut shingles);
                mixed ^= shingles.iter().fold(0, |all, shingle| all ^ shingle);
            }
            mixed
        });
    });
    let hasher = MinHasher::new(params.num_hashes);
    let mut minima = Vec::new();
    let mut sign = |shingles: &Vec<u64>| {
        hasher.sign(shingles, &mut minima);
        minima[0]
    };
    assert_ne!(sign(&shingles[0]), sign(&shingles[1]));
    group.bench_function("minhash", |bencher| bencher.iter(|| shingles.iter().map(&mut sign).max()));
    let winnower = Winnower::new(&params);
    let select = || {
        let mut count = 0;
        let both = tokens.iter().zip(&shingles);
        both.for_each(|(tokens, shingles)| winnower.select(tokens, shingles, |_| count += 1));
        count
    };
    let share = f64::from(select()) / shingles.iter().map(Vec::len).sum::<usize>() as f64;
    assert!((share * 17.0 / 2.0 - 1.0).abs() < 0.1, "two in 17 shingles are selected, not {share}");
    group.bench_function("winnow", |bencher| bencher.iter(select));
    group.bench_function("all", |bencher| {
        let mut sketcher = Sketcher::new(&params);
        bencher.iter(|| sketches_of(&mut sketcher, &texts).len());
    });
    group.finish();
}

fn candidates(c: &mut Criterion) {
    let feed = Feed::new(3, MANY);
    let params = Params::default();
    let texts: Vec<&str> = feed.documents.iter().map(|document| document.text.as_str()).collect();
    let sketches = sketches_of(&mut Sketcher::new(&params), &texts);
    let documents: Vec<DocId> = (0..sketches.len()).map(DocId::new).collect();
    let has =
        |pairs: &[(DocId, DocId)], (a, b): (usize, usize)| pairs.contains(&(DocId::new(a), DocId::new(b)));
    let mut group = c.benchmark_group("candidates");
    group.throughput(Throughput::Elements(documents.len() as u64));
    let alike = bands::similar_pairs(&documents, &sketches, &params, &PairLimits::default());
    let reworded = *feed.copies.iter().find(|(_, copy)| copy % 30 == 7).expect("a feed has reworded copies");
    assert!(has(&alike, reworded), "bands propose a copy with few words replaced");
    group.bench_function("bands", |bencher| {
        bencher.iter(|| {
            bands::similar_pairs(&documents, black_box(&sketches), &params, &PairLimits::default()).len()
        });
    });
    let sharing = postings::sharing_pairs(&documents, &sketches, &params, &PairLimits::default());
    assert!(feed.excerpts.iter().take(100).all(|&pair| has(&sharing, pair)), "postings propose excerpts");
    group.bench_function("postings", |bencher| {
        bencher.iter(|| {
            postings::sharing_pairs(&documents, black_box(&sketches), &params, &PairLimits::default()).len()
        });
    });
    group.finish();
}

/// A name, a text, and the verdict on it beside the article.
type Relative = (&'static str, String, Option<Verdict>);

/// A long article, and another text for every verdict.
fn relatives() -> (String, [Relative; 6]) {
    let mut writer = Writer::new(4);
    let article = writer.prose(ARTICLE_WORDS);
    let half = cut(&article, ARTICLE_WORDS / 2);
    let passage = cut(&article, 100);
    let relatives = [
        ("near_duplicate", writer.reworded(&article, 5), Some(Verdict::NearDuplicate)),
        ("reworded_20_percent", writer.reworded(&article, 20), Some(Verdict::NearDuplicate)),
        ("contains", half.clone(), Some(Verdict::Contains)),
        ("derived", half + &writer.prose(ARTICLE_WORDS / 2), Some(Verdict::Derived)),
        ("shares_passage", writer.prose(350) + &passage + &writer.prose(350), Some(Verdict::SharesPassage)),
        ("unrelated", writer.prose(ARTICLE_WORDS), None),
    ];
    (article, relatives)
}

fn verify_pairs(c: &mut Criterion) {
    let params = Params::default();
    let (article, relatives) = relatives();
    let prepared = Prepared::new(&article, &params);
    let mut group = c.benchmark_group("verify");
    group.throughput(Throughput::Bytes(article.len() as u64));
    group.bench_function("prepare", |bencher| {
        bencher.iter(|| Prepared::new(black_box(&article), &params).len());
    });
    for (name, text, expected) in relatives {
        let other = Prepared::new(&text, &params);
        let a = Side { text: &article, prepared: &prepared };
        let b = Side { text: &text, prepared: &other };
        let verdict = || {
            let found = verify::verify(a, b, &params)?;
            let kinds: Vec<PassageKind> = found.kinds.iter().map(|kind| kind.kind).collect();
            verify::weigh(&found.overlap, &kinds, &params).map(|(_, verdict)| verdict)
        };
        assert_eq!(verdict(), expected, "{name}");
        group.bench_function(name, |bencher| bencher.iter(verdict));
    }
    group.finish();
}

fn repeats(c: &mut Criterion) {
    let params = Params::default();
    let mut writer = Writer::new(5);
    let (body, unit) = (writer.prose(ARTICLE_WORDS), writer.prose(ARTICLE_WORDS / 6));
    let texts = [
        ("none", writer.prose(2 * ARTICLE_WORDS), 0),
        ("doubled", body.clone() + &body, 2),
        ("doubled_with_edits", body.clone() + &writer.reworded(&body, 3), 2),
        ("six_times", unit.repeat(6), 6),
    ];
    let mut group = c.benchmark_group("repeats");
    for (name, text, places) in texts {
        let document = Prepared::new(&text, &params);
        let find = || repeat::repeats(&text, &document, params.min_repeat_tokens);
        assert_eq!(find().first().map_or(0, |repeat| repeat.ranges.len()), places, "{name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| find().len()));
    }
    group.finish();
}

fn credits(c: &mut Criterion) {
    let feed = Feed::new(6, SOME);
    let credited: Vec<String> = (feed.documents.iter())
        .map(|document| {
            format!("SANDLING (AP) — {}\n(Source: www.outlet-1.example)\n", document.text.trim_end())
        })
        .collect();
    let plain: Vec<String> = feed.documents.iter().map(|document| document.text.clone()).collect();
    let count = |texts: &[String]| texts.iter().map(|text| credit::find_credits(text).len()).sum::<usize>();
    let mut group = c.benchmark_group("credits");
    for (name, texts, expected) in [("two_each", credited, 2 * SOME), ("none", plain, 0)] {
        assert_eq!(count(&texts), expected, "{name}");
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        group.bench_function(name, |bencher| bencher.iter(|| count(black_box(&texts))));
    }
    group.finish();
}

fn render(c: &mut Criterion) {
    let corpus = Feed::new(7, 3_000).corpus();
    let report = pipeline::scan(&corpus, &Params::default(), &()).expect("the defaults are valid");
    let terminal = TerminalRender { width: 100, color: false, limits: Default::default() };
    let forms: [(&str, &dyn Render); 3] =
        [("json", &JsonRender), ("jsonl", &JsonlRender), ("terminal", &terminal)];
    let written = |form: &dyn Render| {
        let mut out = Vec::new();
        form.render(&report, &NoTexts, &mut out).expect("a vector takes all bytes");
        out
    };
    let read_back: wirecopy::report::Report =
        serde_json::from_slice(&written(&JsonRender)).expect("what is written can be read");
    assert_eq!(read_back, report);
    let mut group = c.benchmark_group("render");
    for (name, form) in forms {
        group.throughput(Throughput::Bytes(written(form).len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), form, |bencher, form| {
            bencher.iter(|| written(form).len());
        });
    }
    group.finish();
}

fn on_one_thread(c: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    pool.expect("nothing has used the threads before");
    for stage in [read, sketch, candidates, verify_pairs, repeats, credits, render] {
        stage(c);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = on_one_thread
}
criterion_main!(benches);
