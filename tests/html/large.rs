//! A report of ten thousand clusters, as an agency's month may give: stories
//! with two to eight documents each, every pair listed with its evidence.

use wirecopy::document::{Corpus, Document, Span, SpanBase};
use wirecopy::params::Params;
use wirecopy::report::{
    Cluster, Direction, DocumentEntry, Member, Origin, Pair, Passage, PassageKind, Report, Role, Verdict,
};
use wirecopy::time::Published;

use crate::support::words::Rng;

const CLUSTERS: usize = 10_000;
const SOURCES: usize = 400;

/// Words of a story: what stories of `reuters21578` and of the sample feed
/// have, rounded up.
const WORDS: usize = 300;

/// The report and its texts.
pub(crate) fn report() -> (Report, Corpus) {
    let mut rng = Rng::new(10_000);
    let mut report = Report::empty(Params::default());
    let mut documents = Vec::new();
    for number in 0..CLUSTERS {
        // Two to eight, four in the mean.
        let size = 2 + rng.below(4) * rng.below(3) * 2 / 3 + rng.below(3);
        let first = documents.len();
        for copy in 0..size {
            documents.push(document(number, copy, &mut rng));
        }
        let members: Vec<DocumentEntry> = documents[first..].iter().map(entry).collect();
        report.pairs.extend(pairs(&members));
        report.clusters.push(cluster(&members));
        report.documents.extend(members);
    }
    (report, Corpus::try_new(documents).unwrap())
}

fn document(number: usize, copy: usize, rng: &mut Rng) -> Document {
    let second = 1_790_000_000.0 + (number * 200 + copy * 2_000) as f64;
    Document {
        id: format!("story-{number:05}-outlet-{copy}"),
        path: "month.jsonl".into(),
        text: rng.words(WORDS, 30_000),
        title: Some(rng.words(9, 30_000)),
        url: Some(format!("https://www.outlet-{copy}.example/2026/11/22/story-{number}")),
        source: Some(format!("outlet-{:03}.example", rng.below(SOURCES))),
        published: Published::from_epoch(second),
        language: Some("en".into()),
        ..Document::default()
    }
}

fn entry(document: &Document) -> DocumentEntry {
    DocumentEntry {
        id: document.id.clone(),
        original_id: None,
        path: document.path.to_string(),
        span_base: SpanBase::Decoded,
        source: document.source.clone().unwrap(),
        against: false,
        title: document.title.clone(),
        url: document.url.clone(),
        published: document.published,
        dated_by: None,
        language: document.language.clone(),
        bytes: document.text.len(),
        tokens: WORDS,
        too_short: false,
        repeated_share: 0.0,
        credits: Vec::new(),
    }
}

fn evidence(a: &DocumentEntry, b: &DocumentEntry) -> Vec<String> {
    let time = |entry: &DocumentEntry| entry.published.unwrap().to_string();
    vec![
        format!("{} published 33 min before {} ({} against {})", a.source, b.source, time(a), time(b)),
        format!("{} credits Associated Press: \"(AP)\"", b.source),
    ]
}

fn pairs(members: &[DocumentEntry]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, a) in members.iter().enumerate() {
        for b in &members[at + 1..] {
            let passage = |half: usize| Passage {
                a: Span::new(half * a.bytes / 2, (half + 1) * a.bytes / 2),
                b: Span::new(half * b.bytes / 2, (half + 1) * b.bytes / 2),
                tokens: WORDS / 2,
                identity: 0.973_333,
                kind: PassageKind::Copy,
                reason: "".into(),
            };
            pairs.push(Pair {
                a: a.id.clone(),
                b: b.id.clone(),
                verdict: Verdict::NearDuplicate,
                reason: None,
                jaccard: 0.871_287,
                counted_jaccard: None,
                containment_of_a_in_b: 0.986_014,
                containment_of_b_in_a: 0.881_25,
                coverage_of_a_by_b: 0.986_014,
                coverage_of_b_by_a: 0.891_667,
                passages: vec![passage(0), passage(1)],
                direction: Direction { from: Some(a.id.clone()), confidence: 0.75, evidence: evidence(a, b) },
            });
        }
    }
    pairs
}

fn cluster(members: &[DocumentEntry]) -> Cluster {
    let origin = &members[0];
    let member = |(at, entry): (usize, &DocumentEntry)| Member {
        document: entry.id.clone(),
        source: entry.source.clone(),
        role: if at == 0 { Role::Origin } else { Role::Copy },
        primary: true,
        parent: (at > 0).then(|| origin.id.clone()),
        share_copied: if at == 0 { 0.0 } else { 0.986_014 },
        credited: (at > 0).then_some(at % 2 == 0),
    };
    Cluster {
        id: origin.id.clone(),
        representative: origin.id.clone(),
        cohesion: 0.93,
        pairs_complete: true,
        independent_origins: 1,
        origin: Origin {
            document: Some(origin.id.clone()),
            source: Some(origin.source.clone()),
            agency: Some("Associated Press".into()),
            outside: false,
            confidence: 0.75,
            evidence: evidence(origin, &members[1]),
        },
        members: members.iter().enumerate().map(member).collect(),
    }
}
