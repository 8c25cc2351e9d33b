//! Copies that are hard to see, and likenesses that are no copies: a part of
//! what `benches/hard/run` measures, held to floors kind by kind.

use wirecopy::eval::{
    ClusterMeasures, Kinds, Measures, PairMeasures, SpanMeasures, Truth, TruthKind, evaluate,
};
use wirecopy::report::Report;

use super::planted::{self, Kind, Plan, Planted};
use crate::support::{scan, shared};

/// Documents of each kind: a miss costs a fortieth of recall.
const PER_KIND: usize = 40;

const SEED: u64 = 1;

/// Least F1 of the pairs of a kind and of its spans, per byte.
type Floor = (Kind, f64, f64);

/// What must hold on one feed.
struct Feed {
    name: &'static str,
    floors: [Floor; 20],
    /// Largest share of all hard negatives that is in one cluster.
    joined: f64,
    /// Least adjusted Rand index over the labelled documents.
    rand: f64,
}

const REUTERS: Feed = Feed {
    name: "reuters21578",
    floors: [
        (Kind::Exact, 0.99, 0.99),
        (Kind::Case, 0.99, 0.99),
        (Kind::Headline, 0.99, 0.99),
        (Kind::Inserted, 0.99, 0.99),
        (Kind::Dropped, 0.99, 0.99),
        (Kind::Reordered, 0.99, 0.98),
        (Kind::Doubled, 0.99, 0.99),
        (Kind::Interleaved, 0.99, 0.99),
        (Kind::Alternated, 0.99, 0.99),
        (Kind::Cut(60), 0.99, 0.99),
        (Kind::Cut(30), 0.97, 0.99),
        (Kind::Cut(15), 0.97, 0.99),
        (Kind::Sub(5), 0.99, 0.99),
        (Kind::Sub(15), 0.99, 0.98),
        (Kind::Sub(30), 0.95, 0.92),
        (Kind::Ocr(2), 0.99, 0.98),
        (Kind::Ocr(5), 0.95, 0.97),
        (Kind::Ocr(10), 0.85, 0.90),
        (Kind::Embed, 0.97, 0.99),
        (Kind::Multi, 0.97, 0.99),
    ],
    joined: 0.01,
    rand: 0.97,
};

/// What is left of a reply that is cut down to the words it quotes is a quotation,
/// and so is an embedded passage of such words: that costs cuts and passages
/// recall here.
const NEWS: Feed = Feed {
    name: "20news_19997",
    floors: [
        (Kind::Exact, 0.97, 0.99),
        (Kind::Case, 0.97, 0.99),
        (Kind::Headline, 0.97, 0.99),
        (Kind::Inserted, 0.96, 0.98),
        (Kind::Dropped, 0.97, 0.98),
        (Kind::Reordered, 0.97, 0.98),
        (Kind::Doubled, 0.97, 0.99),
        (Kind::Interleaved, 0.97, 0.99),
        (Kind::Alternated, 0.97, 0.99),
        (Kind::Cut(60), 0.96, 0.99),
        (Kind::Cut(30), 0.93, 0.97),
        (Kind::Cut(15), 0.90, 0.99),
        (Kind::Sub(5), 0.97, 0.99),
        (Kind::Sub(15), 0.97, 0.99),
        (Kind::Sub(30), 0.95, 0.93),
        (Kind::Ocr(2), 0.97, 0.98),
        (Kind::Ocr(5), 0.97, 0.97),
        (Kind::Ocr(10), 0.80, 0.85),
        (Kind::Embed, 0.95, 0.96),
        (Kind::Multi, 0.95, 0.99),
    ],
    joined: 0.01,
    rand: 0.95,
};

#[test]
fn hard_copies_in_newswire_are_found_and_likenesses_kept_apart() {
    assert_floors(&REUTERS);
}

#[test]
fn hard_copies_in_posts_are_found_and_likenesses_kept_apart() {
    assert_floors(&NEWS);
}

fn assert_floors(feed: &Feed) {
    let Some(lines) = shared::jsonl(feed.name) else { return };
    let plan = Plan { kinds: Kind::ALL.to_vec(), per_kind: PER_KIND, ..planted::plan(SEED) };
    let planted = planted::generate(&planted::originals(&lines), &plan).unwrap();
    assert_eq!(planted.per_kind, PER_KIND);
    let report = scan(&planted::corpus(&planted));
    let found = Found::new(&planted, &report);
    let mut short = Vec::new();
    for (kind, pair_f1, span_f1) in feed.floors {
        for (what, value, floor) in
            [("pair F1", found.pair_f1(kind), pair_f1), ("span F1", found.span_f1(kind), span_f1)]
        {
            if value.is_none_or(|value| value < floor) {
                short.push(format!("{what} of {kind} is {value:?}, but must be at least {floor}"));
            }
        }
    }
    let joined = found.hard_negatives_joined();
    if joined > feed.joined {
        short.push(format!("{joined} of the hard negatives are joined, but at most {} may be", feed.joined));
    }
    let rand = found.clusters.labelled_only.adjusted_rand_index;
    if rand.is_none_or(|rand| rand < feed.rand) {
        short.push(format!("the adjusted Rand index is {rand:?}, but must be at least {}", feed.rand));
    }
    assert!(short.is_empty(), "{}:\n{}", feed.name, short.join("\n"));
}

/// A report on a planted feed, held against its labels.
struct Found {
    pairs: PairMeasures,
    spans: SpanMeasures,
    clusters: ClusterMeasures,
}

impl Found {
    fn new(planted: &Planted, report: &Report) -> Self {
        let files = planted.labels.files().unwrap();
        let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
        let truth = |text: &str, kind: TruthKind| Truth::parse(text, kind, "labels".as_ref()).unwrap();
        let kinds = Kinds::parse(&text("kinds.tsv"), "kinds.tsv".as_ref()).unwrap();
        let pairs = ["pairs.tsv", "pairs_embed.tsv", "pairs_multi.tsv"].map(text).concat();
        let pairs = truth(&pairs, TruthKind::Pairs).with_kinds(&kinds).unwrap();
        let spans = truth(&text("spans.tsv"), TruthKind::Spans);
        let clusters = truth(&text("clusters.tsv"), TruthKind::Clusters);
        let measures = [pairs, spans, clusters].map(|truth| evaluate(report, &truth).measures);
        let [Measures::Pairs(pairs), Measures::Spans(spans), Measures::Clusters(clusters)] = measures else {
            panic!("measures of other kinds than asked for")
        };
        Self { pairs, spans, clusters }
    }

    /// Of all pairs of the kind and all drawn among unrelated documents: in one
    /// cluster, or for passages in other documents, related at all.
    fn pair_f1(&self, kind: Kind) -> Option<f64> {
        let name = kind.to_string();
        let row = self.pairs.by_kind.iter().find(|row| row.kind.as_deref() == Some(&name)).unwrap();
        let is_passage = matches!(kind, Kind::Embed | Kind::Multi);
        if is_passage { row.scores.related.f1 } else { row.scores.united.f1 }
    }

    fn span_f1(&self, kind: Kind) -> Option<f64> {
        let name = kind.to_string();
        let mut rows = self.spans.passages_by_kind.iter().chain(&self.spans.repeats_by_kind);
        rows.find(|row| row.kind.as_deref() == Some(&name)).unwrap().f1
    }

    fn hard_negatives_joined(&self) -> f64 {
        let rows = self.pairs.by_kind.iter().filter(|row| row.kind.is_some());
        let (joined, all) =
            rows.fold((0, 0), |(joined, all), row| (joined + row.negatives_united, all + row.negatives));
        joined as f64 / all as f64
    }
}
