//! The steps one after the other, as an engine that shuffles runs them.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Engine, Row, Value, batch_of, given, number, row, table_of};
use wirecopy::batch::{Settings, is_scanned, needs_letters, noise_sample, noise_words};
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Level, Noise, Params};

/// Documents in a component up to which all its pairs are candidates.
const FAMILY: usize = 100;

/// Pairs of one task.
const TASK: usize = 5;

pub(crate) struct Chain {
    pub(crate) engine: Engine,
    pub(crate) params: Params,
}

type Pairs = BTreeSet<(i64, i64)>;

fn pairs_of(rows: &[Row]) -> Pairs {
    rows.iter().map(|row| (number(row, "a"), number(row, "b"))).collect()
}

/// Rows that a document gives, one for each of a list.
fn exploded(rows: &BTreeMap<i64, Row>, firsts: &[i64], name: &str, of: impl Fn(i64, i64) -> Row) -> Vec<Row> {
    let each = |doc: &i64| rows[doc][name].numbers().iter().map(|&value| of(value, *doc)).collect::<Vec<_>>();
    firsts.iter().flat_map(each).collect()
}

impl Chain {
    fn settings(&self) -> Settings {
        Settings { params: self.params.clone(), ..Settings::default() }
    }

    fn step(&self, name: &str, rows: Vec<Row>, by: (&[&str], &[&str])) -> Vec<Row> {
        self.engine.run(name, &|| self.settings(), rows, by)
    }

    /// The tables of the report.
    pub(crate) fn run(&self, documents: &[Document]) -> BTreeMap<&'static str, Vec<Row>> {
        let texts = self.numbered(documents);
        let sketches = self.sketched(&texts);
        let first = first_of(&sketches);
        let comparable: Vec<i64> = sketches
            .keys()
            .copied()
            .filter(|doc| {
                first[doc] == *doc && number(&sketches[doc], "tokens") >= self.params.shingle_len as i64
            })
            .collect();
        let similar = self.similar(&sketches, &comparable);
        let has_passages = self.params.level == Level::Passages;
        let sharing = if has_passages { self.sharing(&sketches, &comparable) } else { Pairs::new() };
        let mut compared = self.thinned(&sketches, similar, sharing);
        if has_passages {
            compared.extend(self.aligned((&sketches, &comparable), "triples", "triples"));
            let noisy = |doc: &i64| sketches[doc]["noisy"] == Value::Flag(true);
            if needs_letters(sketches.keys().filter(|doc| noisy(doc)).count(), sketches.len()) {
                let letters: BTreeMap<i64, Row> =
                    by_doc(self.step("letters", texts.values().cloned().collect(), (&[], &[])));
                let found = self.aligned((&letters, &comparable), "letters", "letters");
                compared.extend(found.into_iter().filter(|(a, b)| noisy(a) || noisy(b)));
            }
        }
        let mut verified = self.verified(&texts, &sketches, &compared);
        let described = self.described(&texts, &sketches);
        let component = self.components(&verified.iter().map(|(pair, _)| *pair).collect());
        let part = |doc: i64| *component.get(&first[&doc]).unwrap_or(&first[&doc]) % 3;
        let rows = |compared: &Pairs, verified: &[((i64, i64), Value)]| {
            let row = |part: i64, kind: i64, a: i64, b: i64, data: Value| {
                let [part, kind, a, b] = [part, kind, a, b].map(Value::Number);
                row([("part", part), ("kind", kind), ("a", a), ("b", b), ("data", data)])
            };
            let mut rows: Vec<Row> = described
                .iter()
                .map(|(doc, data)| row(part(*doc), 0, *doc, first[doc], data.clone()))
                .collect();
            let inside = compared.iter().filter(|(a, b)| part(*a) == part(*b));
            rows.extend(inside.map(|&(a, b)| row(part(a), 1, a, b, Value::Null)));
            rows.extend(verified.iter().map(|((a, b), data)| row(part(*a), 2, *a, *b, data.clone())));
            rows
        };
        for name in ["missing", "unseen"] {
            let by: (&[&str], &[&str]) = (&["part"], &["kind", "a", "b"]);
            let more = pairs_of(&self.step(name, rows(&compared, &verified), by));
            assert!(more.is_disjoint(&compared), "{name}");
            verified.extend(self.verified(&texts, &sketches, &more));
            compared.extend(more);
        }
        self.settled(rows(&compared, &verified))
    }

    fn numbered(&self, documents: &[Document]) -> BTreeMap<i64, Row> {
        let corpus = Corpus::try_new(documents.to_vec()).unwrap();
        let text = |text: Option<&str>| text.map_or(Value::Null, |text| Value::Text(text.to_owned()));
        let rows = corpus.documents().iter().enumerate().map(|(doc, document)| {
            let base = serde_json::to_value(document.span_base).unwrap();
            let provenance = document.provenance.as_ref().map(|told| serde_json::to_string(told).unwrap());
            let published = document.published.map(|time| time.to_string());
            let line = document.line.map_or(Value::Null, |line| Value::Number(line as i64));
            let row = row([
                ("doc", Value::Number(doc as i64)),
                ("id", text(Some(&document.id))),
                ("original_id", text(document.original_id.as_deref())),
                ("path", text(Some(&document.path))),
                ("line", line),
                ("record", Value::Number(document.record as i64)),
                ("span_base", text(base.as_str())),
                ("text", text(Some(&document.text))),
                ("title", text(document.title.as_deref())),
                ("url", text(document.url.as_deref())),
                ("source", text(document.source.as_deref())),
                ("published", text(published.as_deref())),
                ("language", text(document.language.as_deref())),
                ("provenance", text(provenance.as_deref())),
            ]);
            (doc as i64, row)
        });
        rows.collect()
    }

    fn sketched(&self, texts: &BTreeMap<i64, Row>) -> BTreeMap<i64, Row> {
        let len = |row: &Row| match &row["text"] {
            Value::Text(text) => text.len(),
            _ => 0,
        };
        let bytes: usize = texts.values().map(len).sum();
        let [counted, read] = noise_sample(texts.len(), bytes);
        let is_of_sample = |doc: i64| [counted, read].iter().any(|step| (doc as usize).is_multiple_of(*step));
        let sample: Vec<Row> =
            texts.iter().filter(|(doc, _)| is_of_sample(**doc)).map(|(_, row)| row.clone()).collect();
        let words = noise_words(&[batch_of(&sample)], texts.len(), bytes).unwrap();
        let settings = || Settings { words: Some(words.clone()), ..self.settings() };
        let rows = texts.values().cloned().collect();
        let mut sketches = by_doc(self.engine.run("sketch", &settings, rows, (&[], &[])));
        let sum = |name: &str| sketches.values().map(|row| number(row, name) as u64).sum();
        if is_scanned((sum("noise_words"), sum("noise_misread")), bytes, &self.params)
            || self.params.noise == Noise::Ocr
        {
            sketches.values_mut().for_each(|row| _ = row.insert("noisy".into(), Value::Flag(true)));
        }
        sketches
    }

    /// The pairs that bands propose, with how far their signatures agree.
    fn similar(&self, sketches: &BTreeMap<i64, Row>, comparable: &[i64]) -> BTreeMap<(i64, i64), i64> {
        let keys = exploded(sketches, comparable, "bands", |key, doc| {
            row([("key", Value::Number(key)), ("doc", Value::Number(doc))])
        });
        let proposed = self.step("bands", keys, (&["key"], &["doc"]));
        let distinct: BTreeMap<String, Row> =
            proposed.into_iter().map(|row| (format!("{row:?}"), row)).collect();
        self.likely(sketches, distinct.into_values())
    }

    /// Those of the proposed pairs whose signatures do not speak against them.
    fn likely(
        &self,
        sketches: &BTreeMap<i64, Row>,
        proposed: impl Iterator<Item = Row>,
    ) -> BTreeMap<(i64, i64), i64> {
        let joined = proposed.map(|mut row| {
            for (side, names) in [
                ("a", ["signature_a", "tokens_a"]),
                ("b", ["signature_b", "tokens_b"]),
                ("other", ["signature_other", "tokens_other"]),
            ] {
                let own = (!row[side].is_null()).then(|| &sketches[&number(&row, side)]);
                let value = |name: &str| own.map_or(Value::Null, |own| own[name].clone());
                let [signature, tokens] = [value("signature"), value("tokens")];
                row.extend([(names[0].to_owned(), signature), (names[1].to_owned(), tokens)]);
            }
            row
        });
        let likely = self.step("likely", joined.collect(), (&[], &[]));
        let of = |row: &Row| ((number(row, "a"), number(row, "b")), number(row, "agreeing"));
        likely.iter().map(of).collect()
    }

    /// Both, without most of the pairs of large families.
    fn thinned(
        &self,
        sketches: &BTreeMap<i64, Row>,
        similar: BTreeMap<(i64, i64), i64>,
        sharing: Pairs,
    ) -> Pairs {
        let component = self.components(&similar.keys().copied().collect());
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        component.values().for_each(|root| *sizes.entry(*root).or_default() += 1);
        let family = |doc: &i64| component.get(doc).filter(|root| sizes[*root] > FAMILY);
        let is_of_one = |&(a, b): &(i64, i64)| family(&a).is_some() && family(&a) == family(&b);
        let (inside, mut kept): (Pairs, Pairs) = sharing.into_iter().partition(is_of_one);
        let proposed = inside
            .iter()
            .map(|&(a, b)| row([("a", Value::Number(a)), ("b", Value::Number(b)), ("other", Value::Null)]));
        let rated = self.likely(sketches, proposed);
        kept.extend(inside.into_iter().filter(|pair| !rated.contains_key(pair)));
        let (families, small): (Vec<_>, Vec<_>) =
            similar.into_iter().chain(rated).partition(|(pair, _)| is_of_one(pair));
        kept.extend(small.into_iter().map(|(pair, _)| pair));
        let families: BTreeMap<(i64, i64), i64> = families.into_iter().collect();
        let rows = families.into_iter().map(|((a, b), agreeing)| {
            row([
                ("family", Value::Number(component[&a])),
                ("unlike", Value::Number(-agreeing)),
                ("a", Value::Number(a)),
                ("b", Value::Number(b)),
            ])
        });
        kept.extend(pairs_of(&self.step("thin", rows.collect(), (&["family"], &["unlike", "a", "b"]))));
        kept
    }

    fn sharing(&self, sketches: &BTreeMap<i64, Row>, comparable: &[i64]) -> Pairs {
        let places = exploded(sketches, comparable, "shingles", |key, doc| {
            let shingle = Value::Number((key as u64 >> 16) as i64);
            row([("shingle", shingle), ("key", Value::Number(key)), ("doc", Value::Number(doc))])
        });
        let found = self.step("shingles", places, (&["shingle"], &["doc"]));
        let (members, pairs): (Vec<Row>, Vec<Row>) =
            found.into_iter().partition(|row| number(row, "kind") == 3);
        let tokens = |doc: i64| sketches[&doc]["tokens"].clone();
        let mut groups: BTreeMap<i64, i64> = BTreeMap::new();
        members.iter().for_each(|row| *groups.entry(number(row, "a")).or_default() += 1);
        let members = members.iter().map(|member| {
            let doc = number(member, "a");
            row([
                ("group", member["group"].clone()),
                ("doc", Value::Number(doc)),
                ("joined", member["joined"].clone()),
                ("groups", Value::Number(groups[&doc])),
                ("tokens", tokens(doc)),
            ])
        });
        let mut found = pairs_of(&self.step("stars", members.collect(), (&["group"], &["doc"])));
        let mut counts: BTreeMap<(i64, i64), [i64; 3]> = BTreeMap::new();
        for pair in &pairs {
            let of_pair = counts.entry((number(pair, "a"), number(pair, "b"))).or_default();
            of_pair[number(pair, "kind") as usize] += 1;
        }
        let counted = counts.into_iter().map(|((a, b), [strong, few, many])| {
            row([
                ("a", Value::Number(a)),
                ("b", Value::Number(b)),
                ("strong", Value::Number(strong)),
                ("few", Value::Number(few)),
                ("many", Value::Number(many)),
                ("tokens_a", tokens(a)),
                ("tokens_b", tokens(b)),
            ])
        });
        found.extend(pairs_of(&self.step("shared", counted.collect(), (&[], &[]))));
        found
    }

    fn aligned(
        &self,
        (sketches, comparable): (&BTreeMap<i64, Row>, &[i64]),
        column: &str,
        of: &str,
    ) -> Pairs {
        let settings = || Settings { documents: comparable.len(), of: of.to_owned(), ..self.settings() };
        let places = exploded(sketches, comparable, column, |key, doc| {
            row([
                ("gram", Value::Number((key as u64 >> 16) as i64)),
                ("place", Value::Number(key & 0xffff)),
                ("doc", Value::Number(doc)),
            ])
        });
        let met = self.engine.run("grams", &settings, places, (&["gram"], &["doc", "place"]));
        pairs_of(&self.engine.run("aligned", &settings, met, (&["a", "b"], &[])))
    }

    /// The least document of each component.
    fn components(&self, pairs: &Pairs) -> BTreeMap<i64, i64> {
        let edge = |&(a, b): &(i64, i64)| row([("a", Value::Number(a)), ("b", Value::Number(b))]);
        let stars = pairs_of(&self.step("contract", pairs.iter().map(edge).collect(), (&[], &[])));
        // What each partition says is joined in one.
        let one = Engine { partitions: 1, ..self.engine };
        let stars = stars.iter().map(edge).collect();
        let edges = pairs_of(&one.run("contract", &|| self.settings(), stars, (&[], &[])));
        let roots = edges.iter().map(|&(root, _)| (root, root));
        roots.chain(edges.iter().map(|&(root, member)| (member, root))).collect()
    }

    fn verified(
        &self,
        texts: &BTreeMap<i64, Row>,
        sketches: &BTreeMap<i64, Row>,
        pairs: &Pairs,
    ) -> Vec<((i64, i64), Value)> {
        let mut of_hub: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for &(a, b) in pairs {
            // Either end may be the hub.
            let (hub, other) = if (a + b) % 3 == 0 { (b, a) } else { (a, b) };
            of_hub.entry(hub).or_default().push(other);
        }
        let mut rows = Vec::new();
        for (hub, others) in &of_hub {
            for (number, others) in others.chunks(TASK).enumerate() {
                let task = hub * 1000 + number as i64;
                for doc in std::iter::once(hub).chain(others) {
                    rows.push(row([
                        ("task", Value::Number(task)),
                        ("hub", Value::Number(*hub)),
                        ("is_other", Value::Flag(doc != hub)),
                        ("doc", Value::Number(*doc)),
                        ("text", texts[doc]["text"].clone()),
                        ("publisher", sketches[doc]["publisher"].clone()),
                        ("noisy", sketches[doc]["noisy"].clone()),
                    ]));
                }
            }
        }
        let found = self.step("verify", rows, (&["task"], &["is_other", "doc"]));
        assert!(found.iter().all(|row| row["error"].is_null()));
        found.iter().map(|row| ((number(row, "a"), number(row, "b")), row["found"].clone())).collect()
    }

    fn described(&self, texts: &BTreeMap<i64, Row>, sketches: &BTreeMap<i64, Row>) -> BTreeMap<i64, Value> {
        let outlets: BTreeSet<String> = sketches
            .values()
            .flat_map(|row| match &row["outlets"] {
                Value::Texts(outlets) => outlets.clone(),
                _ => Vec::new(),
            })
            .collect();
        let settings = || Settings { outlets: outlets.iter().cloned().collect(), ..self.settings() };
        let rows = texts.iter().map(|(doc, text)| {
            let mut row = text.clone();
            for name in ["tokens", "may_repeat"] {
                row.insert(name.to_owned(), sketches[doc][name].clone());
            }
            row
        });
        let found = self.engine.run("describe", &settings, rows.collect(), (&[], &[]));
        found.into_iter().map(|row| (number(&row, "doc"), row["data"].clone())).collect()
    }

    fn settled(&self, rows: Vec<Row>) -> BTreeMap<&'static str, Vec<Row>> {
        let mut parts: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
        rows.into_iter().for_each(|row| parts.entry(number(&row, "part")).or_default().push(row));
        let rows = parts.values().flat_map(|rows| rows.chunks(self.engine.batch_rows));
        let batches = given("settle", self.settings(), rows.map(batch_of));
        let of_parts =
            ["documents", "pairs", "passages", "clusters", "members", "repeats", "exact_groups", "skipped"];
        let mut tables: BTreeMap<&'static str, Vec<Row>> =
            of_parts.into_iter().map(|name| (name, table_of(&batches, name))).collect();
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for row in &tables["documents"] {
            let Value::Text(source) = &row["source"] else { panic!("a document has a source") };
            *counts.entry(source.clone()).or_default() += 1;
        }
        let mut entries: Vec<Row> = table_of(&batches, "copies");
        entries.iter_mut().for_each(|row| _ = row.insert("documents".to_owned(), Value::Null));
        entries.extend(counts.into_iter().map(|(source, count)| {
            row([
                ("source", Value::Text(source)),
                ("documents", Value::Number(count)),
                ("taken_from", Value::Text(String::new())),
                ("credited", Value::Flag(false)),
                ("tokens", Value::Number(0)),
                ("lag_s", Value::Null),
            ])
        }));
        entries.sort_by(|a, b| a["source"].partial_cmp(&b["source"]).unwrap());
        let batches = given("publishers", self.settings(), std::iter::once(batch_of(&entries)));
        for name in ["publishers", "sources"] {
            tables.insert(name, table_of(&batches, name));
        }
        tables
    }
}

fn by_doc(rows: Vec<Row>) -> BTreeMap<i64, Row> {
    rows.into_iter().map(|row| (number(&row, "doc"), row)).collect()
}

/// For each document the first with the same tokens.
fn first_of(sketches: &BTreeMap<i64, Row>) -> BTreeMap<i64, i64> {
    let mut of_digest: BTreeMap<String, i64> = BTreeMap::new();
    let first = sketches.iter().map(|(&doc, row)| {
        if number(row, "tokens") == 0 {
            return (doc, doc);
        }
        (doc, *of_digest.entry(format!("{:?}", row["digest"])).or_insert(doc))
    });
    first.collect()
}
