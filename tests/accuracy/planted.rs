//! Copies of known kind, planted into newswire.

use wirecopy::document::Corpus;
use wirecopy::eval::{Evaluation, Measures, Truth, TruthKind, evaluate};

use crate::support::floors::Floors;
use crate::support::{scan, shared};
pub(super) use generator::Record;
pub(super) use generator::syndication::{StoryPlan, Syndicated, syndicate};
pub(super) use generator::{Kind, Plan, Planted, generate};

#[allow(dead_code, reason = "the labels that the example writes and this test does not read")]
#[path = "../../examples/plant/generator/mod.rs"]
mod generator;

/// Different copies of different originals.
const SEEDS: [u64; 2] = [1, 2];

/// What is planted.
const KINDS: [Kind; 5] = [Kind::Exact, Kind::Case, Kind::Sub(5), Kind::Cut(60), Kind::Doubled];

/// Documents of each kind: a miss costs one hundredth of recall.
const PER_KIND: usize = 100;

/// Of all pairs together, drawn negatives among them.
const PAIR_F1: f64 = 0.99;

/// Of the pairs of each kind, which are all positive.
const PAIR_RECALL: f64 = 0.99;

/// Per byte, of bodies that stand twice.
const DOUBLED_SPAN_F1: f64 = 0.99;

/// Per byte, of copied passages.
const COPIED_SPAN_F1: f64 = 0.99;

pub(super) fn plan(seed: u64) -> Plan {
    Plan {
        seed,
        kinds: KINDS.to_vec(),
        per_kind: PER_KIND,
        copies: 1,
        sources: 40,
        min_tokens: 200,
        max_jaccard: 0.3,
        max_containment: 0.5,
    }
}

pub(super) fn originals(lines: &str) -> Vec<Record> {
    let record = |line: &str| {
        let fields: serde_json::Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| fields[name].as_str().map(str::to_owned);
        Record {
            id: field("id").unwrap(),
            text: field("text").unwrap(),
            title: field("title"),
            source: field("source"),
            published: field("published"),
            url: field("url"),
        }
    };
    lines.lines().map(record).collect()
}

/// The feed as a corpus.
pub(super) fn corpus(planted: &Planted) -> Corpus {
    let lines: Vec<String> =
        planted.documents.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
    shared::corpus(&lines.join("\n"))
}

#[test]
fn planted_copies_are_united_and_doubled_bodies_found_to_the_byte() {
    let Some(lines) = shared::jsonl("reuters21578") else { return };
    let originals = originals(&lines);
    for seed in SEEDS {
        let planted = generate(&originals, &plan(seed)).unwrap();
        assert_eq!(planted.per_kind, PER_KIND);
        let report = scan(&corpus(&planted));
        let files = planted.labels.files().unwrap();
        let evaluation = |name: &str, kind: TruthKind| {
            let text = std::str::from_utf8(&files[name]).unwrap();
            evaluate(&report, &Truth::parse(text, kind, name.as_ref()).unwrap())
        };
        let pairs = evaluation("pairs.tsv", TruthKind::Pairs);
        let what = format!("all pairs of seed {seed}");
        Floors::new(&what, &pairs).assert_at_least("pair F1", united(&pairs).f1, PAIR_F1);
        for kind in KINDS {
            let pairs = evaluation(&format!("pairs_{kind}.tsv"), TruthKind::Pairs);
            let what = format!("{kind} of seed {seed}");
            Floors::new(&what, &pairs).assert_at_least("pair recall", united(&pairs).recall, PAIR_RECALL);
        }
        let spans = evaluation("spans.tsv", TruthKind::Spans);
        let Measures::Spans(measures) = &spans.measures else { panic!("{spans:?}") };
        let what = format!("spans of seed {seed}");
        let floors = Floors::new(&what, &spans);
        floors.assert_at_least("F1 of doubled bodies", measures.repeats.f1, DOUBLED_SPAN_F1);
        floors.assert_at_least("F1 of copied passages", measures.passages.f1, COPIED_SPAN_F1);
    }
}

fn united(evaluation: &Evaluation) -> &wirecopy::eval::Score {
    let Measures::Pairs(measures) = &evaluation.measures else { panic!("{evaluation:?}") };
    &measures.united
}
