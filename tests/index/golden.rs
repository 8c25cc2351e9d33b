//! An index of format 1, kept as it was written.

use std::path::Path;

use wirecopy::index::{Index, Status, verify};
use wirecopy::read::{ReadOptions, read_paths};

use crate::{NOW, document, files, lay_out, reported, scanned, writer};

const GOLDEN: &str = "tests/index/golden-1";

/// `WIRECOPY_BLESS=1` writes it anew: only together with another format.
#[test]
fn an_index_of_format_1_can_be_read() {
    let golden = Path::new(GOLDEN);
    let outcome = read_paths(&["data/feed".into()], &ReadOptions::default(), &()).unwrap();
    if std::env::var_os("WIRECOPY_BLESS").is_some() && !golden.exists() {
        let mut writer = writer(golden);
        outcome.documents.chunks(20).for_each(|batch| drop(writer.add(batch, NOW).unwrap()));
        drop(writer);
        std::fs::remove_file(golden.join("lock")).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    lay_out(&files(golden), folder.path());
    assert!(verify(folder.path()).unwrap().is_empty());
    assert_eq!(reported(folder.path()), scanned(outcome.documents.clone(), Vec::new()));
    let index = Index::open(folder.path()).unwrap();
    let known = index.query(&outcome.documents).unwrap();
    assert!(known.iter().all(|answer| answer.status == Status::Known));
    let copy = format!("A word before. {}", outcome.documents[0].text);
    assert_eq!(index.query(&[document("x", &copy)]).unwrap()[0].status, Status::NearDuplicate);
    // It can be added to.
    let mut writer = writer(folder.path());
    assert_eq!(writer.add(&[document("x", &copy)], NOW).unwrap()[0].number, Some(44));
}
