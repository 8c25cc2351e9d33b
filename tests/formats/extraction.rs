//! The article extraction benchmark, by its own measure: precision and recall
//! of the 4-word shingles of each page, averaged over the pages.

use std::collections::HashMap;

use wirecopy::read::{ReadOptions, read_paths};

/// Words in a shingle of the benchmark.
const SHINGLE_LEN: usize = 4;

fn shingles(text: &str) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut counts = HashMap::new();
    for start in 0..words.len().saturating_sub(SHINGLE_LEN - 1).max(1) {
        let shingle = &words[start..words.len().min(start + SHINGLE_LEN)];
        if !shingle.is_empty() {
            *counts.entry(shingle.to_vec()).or_insert(0) += 1;
        }
    }
    counts
}

/// Precision and recall of one page.
fn measure(truth: &str, found: &str) -> (f64, f64) {
    let (truth, found) = (shingles(truth), shingles(found));
    let count = |counts: &HashMap<Vec<&str>, usize>| counts.values().sum::<usize>();
    let shared: usize =
        truth.iter().map(|(shingle, &count)| count.min(found.get(shingle).copied().unwrap_or(0))).sum();
    let share = |all: usize| if all == 0 { 1.0 } else { shared as f64 / all as f64 };
    if count(&truth) == count(&found) && count(&truth) == shared {
        return (1.0, 1.0);
    }
    let precision = if count(&found) == 0 { 0.0 } else { share(count(&found)) };
    (precision, if count(&truth) == 0 { 0.0 } else { share(count(&truth)) })
}

#[test]
fn articles_are_found_on_real_pages() {
    let Ok(shared) = std::env::var("WIRECOPY_SHARED") else {
        println!("skipped: WIRECOPY_SHARED is not set");
        return;
    };
    let folder = format!("{shared}/data/html_zyte_aeb");
    let read = |name: &str| read_paths(&[format!("{folder}/{name}")], &ReadOptions::default(), &()).unwrap();
    let truth = read("docs.jsonl.zst").documents;
    let pages = read("html.tar.zst");
    assert!(pages.skipped.is_empty(), "{:?}", pages.skipped.first());
    let by_id: HashMap<&str, &wirecopy::document::Document> = pages
        .documents
        .iter()
        .map(|page| (page.path.rsplit('/').next().unwrap().split('.').next().unwrap(), page))
        .collect();
    assert_eq!((truth.len(), by_id.len()), (181, 181));
    let (mut precision, mut recall, mut bad) = (0.0, 0.0, 0);
    for document in &truth {
        let (p, r) = measure(&document.text, &by_id[document.id.as_str()].text);
        precision += p / 181.0;
        recall += r / 181.0;
        bad += usize::from(2.0 * p * r < 0.5 * (p + r));
    }
    let f1 = 2.0 * precision * recall / (precision + recall);
    let having =
        |what: fn(&wirecopy::document::Document) -> bool| by_id.values().filter(|page| what(page)).count();
    let has = |page: &wirecopy::document::Document, what: fn(&wirecopy::document::Provenance) -> bool| {
        page.provenance.as_ref().is_some_and(|provenance| what(provenance))
    };
    println!(
        "precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}, below 0.5: {bad}; with a title {}, date {}, \
         address {}, canonical address {}, author {}",
        having(|page| page.title.is_some()),
        having(|page| page.published.is_some()),
        having(|page| page.url.is_some()),
        by_id.values().filter(|page| has(page, |claims| claims.canonical.is_some())).count(),
        by_id.values().filter(|page| has(page, |claims| claims.author.is_some())).count(),
    );
    assert!(f1 >= 0.95 && bad <= 1, "precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}, bad {bad}");
}
