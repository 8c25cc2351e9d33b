//! Real documents → a feed with planted copies and the labels that tell.
//!
//! 1. Originals of at least `min_tokens` tokens are eligible. Those that are
//!    alike by nature ([`alike`]) are set aside: nothing is planted into them,
//!    they stay in the feed and out of the labels.
//! 2. The others are dealt out, each to one use: origin of a copy (or of
//!    `copies` of different kinds), host of a passage, one side of a hard
//!    negative, or donor, whose paragraphs and sentences are put into others
//!    and which leaves the feed. What is left over stays as it is, labelled as
//!    a cluster of its own.
//! 3. An origin may get a credit, its copies keep, drop or change it; each copy
//!    gets another publisher and a later time.
//!
//! Every task draws from a stream of its own ([`rng`]), so equal input, plan
//! and seed give equal bytes.

mod alike;
mod compose;
mod copies;
mod deal;
mod hard;
mod kind;
mod labels;
mod negatives;
mod noise;
mod outlets;
mod parts;
mod passages;
mod rng;
pub(crate) mod syndication;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use self::alike::AlikePair;
use self::deal::Pool;
pub(crate) use self::kind::{Family, Kind};
pub(crate) use self::labels::Labels;
use self::outlets::{Outlet, outlets};
use self::rng::Rng;

/// Negative pairs drawn for each positive one.
const NEGATIVES_PER_POSITIVE: usize = 5;

/// One document of the feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

/// What to plant.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Without repetition.
    pub(crate) kinds: Vec<Kind>,
    /// Documents to plant of each kind, at most.
    pub(crate) per_kind: usize,
    /// Copies of one origin.
    pub(crate) copies: usize,
    /// Invented publishers.
    pub(crate) sources: usize,
    /// Fewest tokens of an original that is planted into.
    pub(crate) min_tokens: usize,
    /// Natural Jaccard similarity from which originals are set aside.
    pub(crate) max_jaccard: f64,
    /// Natural containment from which they are.
    pub(crate) max_containment: f64,
}

/// A feed and what is true of it.
#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) documents: Vec<Record>,
    pub(crate) labels: Labels,
    /// Documents planted of each kind: as many as asked, or as there are
    /// originals for.
    pub(crate) per_kind: usize,
}

/// Plants what `plan` says into `input`, whose ids are distinct.
///
/// # Errors
///
/// If the originals do not suffice for one document of every kind.
pub(crate) fn generate(input: &[Record], plan: &Plan) -> Result<Planted, String> {
    let (pool, mut labels) = survey(input, plan);
    let per_kind = deal::affordable(plan, pool.len())?;
    let eligible = pool.all().iter().map(|&index| input[index].text.as_str());
    let mut planter = Planter {
        input,
        plan,
        per_kind,
        outlets: outlets(plan.sources),
        vocabulary: words::vocabulary(eligible),
        ids: input.iter().map(|record| record.id.clone()).collect(),
        pool,
        donated: Vec::new(),
        donors: BTreeSet::new(),
        rewritten: BTreeMap::new(),
        added: Vec::new(),
        singletons: Vec::new(),
        labels: Labels::default(),
    };
    planter.plant_copies();
    planter.plant_passages();
    planter.plant_negatives();
    planter.label_the_rest();
    labels.append(planter.labels);
    let mut documents: Vec<Record> = Vec::with_capacity(input.len() + planter.added.len());
    for (index, record) in input.iter().enumerate() {
        if planter.donors.contains(&index) {
            continue;
        }
        let record = planter.rewritten.remove(&index).unwrap_or_else(|| background(record));
        documents.push(record);
    }
    documents.append(&mut planter.added);
    Rng::new(plan.seed, "order", 0).shuffle(&mut documents);
    Ok(Planted { documents, labels, per_kind })
}

/// A document of the input as it is, its time in one form where it is known.
fn background(record: &Record) -> Record {
    let mut record = record.clone();
    if let Some(published) = record.published.as_deref().and_then(outlets::read_time) {
        record.published = Some(published.to_string());
    }
    record
}

/// Which documents may be planted into, and labels for those that may not.
fn survey(input: &[Record], plan: &Plan) -> (Pool, Labels) {
    let mut labels = Labels::default();
    let mut eligible = Vec::new();
    for (index, record) in input.iter().enumerate() {
        if words::count_tokens(&record.text) >= plan.min_tokens {
            eligible.push(index);
        } else {
            labels.ignore(&record.id, "short");
        }
    }
    let texts: Vec<&str> = eligible.iter().map(|&index| input[index].text.as_str()).collect();
    let alike = alike::find(&texts);
    let mut aside = alike.common.clone();
    let mut somewhat = vec![false; eligible.len()];
    for &AlikePair { a, b, jaccard, containment } in &alike.pairs {
        let is_alike = jaccard >= plan.max_jaccard || containment >= plan.max_containment;
        for place in [a as usize, b as usize] {
            aside[place] |= is_alike;
            somewhat[place] = true;
        }
    }
    let (mut clean, mut gray) = (Vec::new(), Vec::new());
    for (place, &index) in eligible.iter().enumerate() {
        if aside[place] {
            labels.ignore(&input[index].id, "alike");
        } else if somewhat[place] {
            gray.push(index);
        } else {
            clean.push(index);
        }
    }
    Rng::new(plan.seed, "clean", 0).shuffle(&mut clean);
    Rng::new(plan.seed, "gray", 0).shuffle(&mut gray);
    let related = alike.pairs.iter().map(|pair| (eligible[pair.a as usize], eligible[pair.b as usize]));
    (Pool::new(clean, gray, related.collect()), labels)
}

/// The feed in the making.
struct Planter<'i> {
    input: &'i [Record],
    plan: &'i Plan,
    per_kind: usize,
    outlets: Vec<Outlet>,
    vocabulary: Vec<String>,
    /// Ids in use.
    ids: HashSet<String>,
    pool: Pool,
    /// Text of donors not used yet.
    donated: Vec<String>,
    donors: BTreeSet<usize>,
    /// Originals that changed: origins with a credit, hosts.
    rewritten: BTreeMap<usize, Record>,
    added: Vec<Record>,
    /// Hard negatives: labelled as clusters of their own.
    singletons: Vec<Labelled>,
    labels: Labels,
}

/// A document that has a true cluster.
#[derive(Clone, Debug)]
struct Labelled {
    id: String,
    cluster: String,
    /// The original its text comes from.
    original: Option<usize>,
}

impl<'i> Planter<'i> {
    /// Labels clusters of one, and draws negative pairs.
    fn label_the_rest(&mut self) {
        let mut labelled = std::mem::take(&mut self.singletons);
        while let Some((index, is_clean)) = self.pool.take() {
            let id = &self.input[index].id;
            if is_clean {
                labelled.push(Labelled { id: id.clone(), cluster: id.clone(), original: Some(index) });
            } else {
                self.labels.ignore(id, "gray");
            }
        }
        for Labelled { id, cluster, .. } in &labelled {
            self.labels.cluster(id, cluster);
        }
        labelled.append(&mut self.labels.take_members());
        let positives = self.labels.positives();
        let mut rng = Rng::new(self.plan.seed, "negative pairs", 0);
        let mut drawn: BTreeSet<(usize, usize)> = BTreeSet::new();
        // Every draw of a small feed may have been made before.
        for _ in 0..positives * NEGATIVES_PER_POSITIVE * 4 {
            if drawn.len() == positives * NEGATIVES_PER_POSITIVE || labelled.len() < 2 {
                break;
            }
            let (a, b) = (rng.below(labelled.len()), rng.below(labelled.len()));
            let (x, y) = (&labelled[a.min(b)], &labelled[a.max(b)]);
            let is_related = |x: &Labelled, y: &Labelled| match (x.original, y.original) {
                (Some(x), Some(y)) => x == y || self.pool.is_related(x, y),
                _ => false,
            };
            if x.cluster != y.cluster && !is_related(x, y) && drawn.insert((a.min(b), a.max(b))) {
                self.labels.pair(&x.id, &y.id, false);
            }
        }
    }

    /// A new id that no document has.
    fn new_id(&mut self, kind: Kind, index: usize) -> String {
        let mut index = index;
        loop {
            let id = rng::id(self.plan.seed, &kind.to_string(), index);
            if self.ids.insert(id.clone()) {
                return id;
            }
            index += self.per_kind;
        }
    }

    /// A publisher other than those named.
    fn other_outlet(&self, taken: &[Option<&str>], rng: &mut Rng) -> Outlet {
        let free: Vec<&Outlet> =
            self.outlets.iter().filter(|outlet| !taken.contains(&Some(outlet.domain.as_str()))).collect();
        rng.pick(&free).clone()
    }

    /// A piece of real text that stands nowhere else in the feed.
    fn donated(&mut self) -> Option<String> {
        while self.donated.is_empty() {
            let (index, _) = self.pool.take()?;
            let record = &self.input[index];
            self.donors.insert(index);
            self.labels.ignore(&record.id, "donor");
            let blocks = words::blocks(&record.text);
            self.donated = blocks.iter().map(|b| record.text[b.start..b.end].trim().to_owned()).collect();
        }
        self.donated.pop()
    }
}
