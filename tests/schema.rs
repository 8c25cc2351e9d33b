//! What programs read: the report has the fields that the schema names, and no
//! others, in both forms, sorted.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::feed;
use wirecopy::document::{DatedBy, Provenance};
use wirecopy::render::{JsonlRender, NoTexts, Render, read_report};
use wirecopy::report::{Report, Stats};

/// Every object of the schema: where it stands (`[]` is any entry of a list)
/// and its fields. Those with a question mark may be absent.
const FIELDS: [(&str, &str); 19] = [
    ("", "schema params documents repeats exact_groups pairs clusters sources skipped stats"),
    (
        "params",
        "level shingle_len num_hashes min_jaccard min_containment min_derived min_passage_tokens min_repeat_tokens \
         noise count against? within_s? across_sources_only?",
    ),
    (
        "documents[]",
        "id original_id? path span_base against? source title url published dated_by? language bytes tokens too_short \
         repeated_share credits",
    ),
    ("documents[].credits[]", "agency? outlet? form text span confidence likely_outlet"),
    ("repeats[]", "document spans tokens identity"),
    ("exact_groups[]", "id documents"),
    (
        "pairs[]",
        "a b verdict reason? jaccard counted_jaccard? containment_of_a_in_b containment_of_b_in_a coverage_of_a_by_b \
         coverage_of_b_by_a passages direction",
    ),
    ("pairs[].passages[]", "a b tokens identity kind reason"),
    ("pairs[].direction", "from confidence evidence"),
    ("clusters[]", "id representative cohesion pairs_complete independent_origins origin members"),
    ("clusters[].origin", "document source agency outside? confidence evidence"),
    ("clusters[].members[]", "document source role primary parent share_copied credited"),
    ("sources[]", "source documents original copied credited copied_from"),
    ("sources[].copied_from[]", "source documents credited tokens median_lag_s"),
    ("skipped[]", "path line document reason"),
    ("stats", "documents bytes candidates verified threads memory_budget stages peak_rss_bytes"),
    ("stats.stages[]", "name seconds items"),
    // Spans are pairs of numbers.
    ("repeats[].spans[]", ""),
    ("pairs[].passages[].a", ""),
];

/// A report on the feed, on documents that give the optional fields, and with
/// the figures of a run.
fn report() -> Report {
    let mut documents = feed::documents();
    documents.push(documents[0].clone());
    documents[1].provenance =
        Provenance { dated_by: Some(DatedBy::Address), ..Provenance::default() }.boxed();
    documents.push(wirecopy::document::Document { id: "empty".into(), ..Default::default() });
    let corpus = wirecopy::document::Corpus::try_new(documents).unwrap();
    let mut report = support::scan(&corpus);
    let stage = wirecopy::report::StageStats { name: "read".into(), seconds: 0.25, items: 7 };
    // Limits that are not set are not written.
    (report.params.against, report.documents[0].against) = (true, true);
    (report.params.within_s, report.params.across_sources_only) = (Some(3600), true);
    report.stats = Stats { threads: 2, stages: vec![stage], peak_rss_bytes: Some(1), ..Stats::default() };
    report
}

/// Every value that stands at `path`.
fn at<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let name = step.trim_end_matches("[]");
        found = found.iter().map(|value| &value[name]).collect();
        if step.ends_with("[]") {
            found = found.iter().flat_map(|list| list.as_array().unwrap()).collect();
        }
    }
    found
}

#[test]
fn objects_have_the_fields_of_the_schema_and_no_others() {
    let json = serde_json::to_value(report()).unwrap();
    for (path, fields) in FIELDS {
        let found = at(&json, path);
        assert!(!found.is_empty(), "the report has no {path}, so nothing is tested");
        let required: BTreeSet<&str> =
            fields.split(' ').filter(|f| !f.is_empty() && !f.ends_with('?')).collect();
        let known: BTreeSet<&str> =
            fields.split(' ').filter(|f| !f.is_empty()).map(|f| f.trim_end_matches('?')).collect();
        let mut seen = BTreeSet::new();
        for value in found {
            if known.is_empty() {
                let span: Vec<u64> = value.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
                assert!(matches!(span[..], [start, end] if start < end), "{path}: {value}");
                continue;
            }
            let keys: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(
                keys.is_superset(&required) && keys.is_subset(&known),
                "{path} has {keys:?}, not {known:?}"
            );
            seen.extend(keys);
        }
        assert_eq!(seen, known, "optional fields of {path} that no test value has");
    }
}

#[test]
fn a_report_is_read_back_without_a_field_that_its_reader_ignores() {
    let written = report();
    let json = support::json(&written);
    let mut ignored = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(&json);
    let read: Report =
        serde_ignored::deserialize(&mut reader, |path| ignored.push(path.to_string())).unwrap();
    assert_eq!(ignored, Vec::<String>::new());
    assert_eq!(read, written);
}

#[test]
fn json_lines_carry_what_the_object_carries() {
    let report = report();
    let mut lines = Vec::new();
    JsonlRender.render(&report, &NoTexts, &mut lines).unwrap();
    assert_eq!(read_report("r.jsonl".as_ref(), &mut lines.as_slice()).unwrap(), report);

    let object = serde_json::to_value(&report).unwrap();
    let mut of_type: std::collections::BTreeMap<String, Vec<Value>> = Default::default();
    for line in lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let mut record: Value = serde_json::from_slice(line).unwrap();
        let kind = record.as_object_mut().unwrap().remove("type").unwrap();
        of_type.entry(kind.as_str().unwrap().to_owned()).or_default().push(record);
    }
    let mut take = |kind: &str| of_type.remove(kind).unwrap_or_default();
    let header = take("header");
    assert_eq!(header, [serde_json::json!({"schema": object["schema"], "params": object["params"]})]);
    assert_eq!(take("stats"), [object["stats"].clone()]);
    for list in ["document", "repeat", "exact_group", "pair", "cluster", "source"] {
        assert_eq!(Value::Array(take(list)), object[format!("{list}s")], "{list}");
    }
    assert_eq!(Value::Array(take("skipped")), object["skipped"]);
    assert_eq!(of_type.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "types that are not in the object");
}

#[test]
fn every_list_is_sorted_by_id_and_names_known_documents_alone() {
    let report = report();
    let ids: Vec<&str> = report.documents.iter().map(|d| d.id.as_str()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "documents");
    assert!(
        report.pairs.is_sorted_by_key(|p| (&p.a, &p.b)) && report.pairs.iter().all(|p| p.a < p.b),
        "pairs"
    );
    assert!(report.repeats.is_sorted_by_key(|r| (&r.document, r.spans[0])), "repeats");
    assert!(report.exact_groups.is_sorted_by_key(|g| &g.id), "exact groups");
    assert!(report.clusters.is_sorted_by_key(|c| &c.id), "clusters");
    assert!(report.sources.is_sorted_by_key(|s| &s.source), "sources");
    assert!(report.skipped.is_sorted_by_key(|s| (&s.path, s.line, &s.document)), "skipped");
    for pair in &report.pairs {
        assert!(pair.passages.is_sorted_by_key(|p| p.a), "passages of {} and {}", pair.a, pair.b);
    }
    for group in &report.exact_groups {
        assert!(group.documents.is_sorted() && group.documents.len() > 1 && group.id == group.documents[0]);
    }
    for cluster in &report.clusters {
        assert!(cluster.members.is_sorted_by_key(|m| &m.document) && cluster.members.len() > 1);
        let first = cluster.members.iter().find(|member| member.primary).unwrap();
        assert_eq!(cluster.id, first.document);
    }
    let mut named: Vec<&str> = report.pairs.iter().flat_map(|p| [p.a.as_str(), &p.b]).collect();
    named.extend(report.repeats.iter().map(|r| r.document.as_str()));
    named.extend(report.exact_groups.iter().flat_map(|g| g.documents.iter().map(String::as_str)));
    named.extend(report.clusters.iter().flat_map(|c| c.members.iter().map(|m| m.document.as_str())));
    named.extend(report.clusters.iter().map(|c| c.representative.as_str()));
    for id in named {
        assert!(ids.binary_search(&id).is_ok(), "{id} is no document of the report");
    }
}
