//! After adding in any batches, a report is that of one scan.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wirecopy::document::{Document, Skipped};
use wirecopy::index::{Changed, Index, Settings, Status, Writer, verify};
use wirecopy::params::Params;
use wirecopy::read::{ReadOptions, read_paths};
use wirecopy::time::Published;

use crate::support::words::Rng;
use crate::{NOW, document, feed, reported, scanned, writer};

/// Seconds of the day on which what is older is pruned.
fn day(day: u32) -> i64 {
    Published::parse(&format!("2026-05-{day:02}T00:00:00Z")).unwrap().interval().0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_report_is_the_scan_of_everything_in_any_order_and_batches(
        seed in 0u64..1000,
        sizes in prop::collection::vec(1usize..40, 1..12),
        prune_at in prop::option::of((0usize..6, 1u32..28)),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut documents = feed(seed, 14);
        Rng::new(seed).shuffle(&mut documents);
        // Ids that collide, and documents that come again.
        let other = Document { text: format!("{} and more", documents[0].text), ..documents[0].clone() };
        documents.push(other);
        let more: Vec<Document> = again.iter().map(|at| at.get(&documents).clone()).collect();
        documents.extend(more);

        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path());
        let mut expected: BTreeMap<(String, String), Document> = BTreeMap::new();
        let mut rest = &documents[..];
        for (number, &size) in sizes.iter().cycle().enumerate() {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            rest = later;
            writer.add(batch, NOW).unwrap();
            for document in batch {
                expected.entry((document.id.clone(), document.text.clone())).or_insert_with(|| document.clone());
            }
            if let Some((at, before)) = prune_at.filter(|(at, _)| *at == number) {
                let _ = at;
                let pruned = writer.prune(day(before)).unwrap();
                let count = expected.len();
                expected.retain(|_, document| document.published.unwrap().interval().1 >= day(before));
                prop_assert_eq!((pruned.documents, pruned.kept), (count - expected.len(), expected.len()));
            }
            if rest.is_empty() {
                break;
            }
        }
        let skipped = Skipped { path: "x".into(), line: Some(3), document: None, reason: "broken".into() };
        writer.skip(&[skipped.clone(), skipped.clone()], NOW).unwrap();
        writer.skip(std::slice::from_ref(&skipped), NOW).unwrap();
        prop_assert_eq!(Index::open(folder.path()).unwrap().len(), expected.len());
        prop_assert!(verify(folder.path()).unwrap().is_empty());
        prop_assert_eq!(reported(folder.path()), scanned(expected.into_values().collect(), vec![skipped]));
    }
}

#[test]
fn what_was_read_from_the_feed_is_reported_as_scanned() {
    let outcome = read_paths(&["data/feed".into()], &ReadOptions::default(), &()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    for batch in outcome.documents.chunks(5) {
        writer.add(batch, NOW).unwrap();
    }
    assert_eq!(reported(folder.path()), scanned(outcome.documents, Vec::new()));
}

#[test]
fn the_same_documents_again_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let documents = feed(3, 10);
    let mut writer = writer(folder.path());
    writer.add(&documents, NOW).unwrap();
    let before = crate::files(folder.path());
    let answers = writer.add(&documents, NOW + 5).unwrap();
    assert!(answers.iter().all(|answer| answer.status == Status::Known && answer.number.is_some()));
    assert_eq!(crate::files(folder.path()), before);
}

#[test]
fn an_id_with_another_text_is_a_version_or_a_replacement() {
    let texts = [crate::support::words::range(0..60), crate::support::words::range(5..65)];
    for (changed, left) in [(Changed::Keep, 2), (Changed::Replace, 1)] {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { changed, ..Settings::default() };
        let mut writer = Writer::open(folder.path(), &settings).unwrap();
        let first = writer.add(&[document("a", &texts[0])], NOW).unwrap();
        let answers = writer.add(&[document("a", &texts[1])], NOW).unwrap();
        assert_eq!(answers[0].versions, [first[0].number.unwrap()]);
        assert_eq!(answers[0].status, Status::NearDuplicate);
        assert_eq!(answers[0].replaces, changed == Changed::Replace);
        let index = Index::open(folder.path()).unwrap();
        assert_eq!(index.len(), left);
        let expected = texts[2 - left..].iter().map(|text| document("a", text)).collect();
        assert_eq!(reported(folder.path()), scanned(expected, Vec::new()));
        // One batch may hold both.
        let both = texts.clone().map(|text| document("b", &text));
        writer.add(&both, NOW).unwrap();
        assert_eq!(Index::open(folder.path()).unwrap().len(), 2 * left);
        assert_eq!(verify(folder.path()).unwrap().len(), 0);
    }
}

#[test]
fn pruning_makes_room_and_loses_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let documents = feed(8, 60);
    for batch in documents.chunks(10) {
        writer.add(batch, NOW).unwrap();
    }
    let bytes = || crate::files(folder.path()).values().map(Vec::len).sum::<usize>();
    let before = bytes();
    writer.prune(day(20)).unwrap();
    let kept: Vec<Document> = documents
        .into_iter()
        .filter(|document| document.published.unwrap().interval().1 >= day(20))
        .collect();
    assert!(bytes() * 2 < before, "{} of {before} bytes", bytes());
    assert!(verify(folder.path()).unwrap().is_empty());
    assert_eq!(reported(folder.path()), scanned(kept, Vec::new()));
    let pruned = writer.prune(day(28) + 1_000_000).unwrap();
    assert_eq!((pruned.kept, Index::open(folder.path()).unwrap().len()), (0, 0));
}

#[test]
fn other_parameters_are_refused_with_both_values() {
    let folder = tempfile::tempdir().unwrap();
    drop(writer(folder.path()));
    let settings = |params| Settings { params: Some(params), ..Settings::default() };
    let error = Writer::open(folder.path(), &settings(Params { min_jaccard: 0.6, ..Params::default() }));
    let error = error.unwrap_err();
    assert!(error.is_usage());
    assert!(
        error.to_string().starts_with("min-jaccard is 0.6, but must be 0.5, with which the index"),
        "{error}"
    );
    let other = Settings { keeps_texts: Some(false), ..Settings::default() };
    let error = Writer::open(folder.path(), &other).unwrap_err().to_string();
    assert!(error.starts_with("texts is not kept, but must be kept"), "{error}");
    Writer::open(folder.path(), &settings(Params::default())).unwrap();
}
