//! Files that are not as they were written are named, and never believed.

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use wirecopy::document::{Document, Skipped};
use wirecopy::index::{Answer, Index, verify};

use crate::support::words::range;
use crate::{NOW, document, feed, files, lay_out, reported, writer};

/// The files of an index, its documents, what it answers and what it reports.
type Whole = (BTreeMap<String, Vec<u8>>, Vec<Document>, Vec<Answer>, String);

/// An index with all kinds of files, and what it answers.
static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let documents = feed(2, 30);
    for batch in documents.chunks(20) {
        writer.add(batch, NOW).unwrap();
    }
    writer
        .prune(documents[3].published.unwrap().interval().0.min(documents[9].published.unwrap().interval().0))
        .unwrap();
    let skipped = Skipped { path: "x".into(), line: None, document: None, reason: "broken".into() };
    writer.skip(&[skipped], NOW).unwrap();
    let mut asked: Vec<Document> = documents
        .iter()
        .map(|d| document(&format!("q{}", d.id), &format!("{} {}", d.text, range(0..9))))
        .collect();
    asked.push(document("new", &range(100..200)));
    let answers = Index::open(folder.path()).unwrap().query(&asked).unwrap();
    let report = reported(folder.path());
    let mut files = files(folder.path());
    files.remove("lock");
    (files, asked, answers, report)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_flipped_bit_or_a_cut_is_named_and_no_answer_is_wrong(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        bit in 0u32..8,
        is_cut: bool,
    ) {
        let (files, asked, answers, report) = &*WHOLE;
        let folder = tempfile::tempdir().unwrap();
        lay_out(files, folder.path());
        let (name, bytes) = file.get(&files.iter().collect::<Vec<_>>()).to_owned();
        let mut bytes = bytes.clone();
        let at = at.index(bytes.len());
        if is_cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << bit;
        }
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let told: Vec<String> = match verify(folder.path()) {
            Ok(problems) => problems.iter().map(ToString::to_string).collect(),
            Err(error) => vec![error.to_string()],
        };
        let file_name = name.rsplit('/').next().unwrap();
        prop_assert!(told.iter().any(|problem| problem.contains(file_name)), "{} in {:?}", name, told);
        if let Ok(index) = Index::open(folder.path()) {
            if let Ok(found) = index.query(asked) {
                prop_assert_eq!(&found, answers);
            }
            if index.corpus().is_ok() {
                prop_assert_eq!(&reported(folder.path()), report);
            }
        }
    }
}

#[test]
fn a_missing_file_is_named() {
    let (files, ..) = &*WHOLE;
    for name in files.keys().filter(|name| *name != "catalogue") {
        let folder = tempfile::tempdir().unwrap();
        lay_out(files, folder.path());
        std::fs::remove_file(folder.path().join(name)).unwrap();
        let problems = verify(folder.path()).unwrap();
        let file_name = name.rsplit('/').next().unwrap();
        assert!(
            problems.iter().any(|problem| problem.to_string().contains(file_name)),
            "{name}: {problems:?}"
        );
        let opened = Index::open(folder.path()).and_then(|index| index.corpus());
        assert!(opened.is_err(), "{name}");
    }
}

#[test]
fn a_writer_whose_files_could_not_be_opened_says_so_until_they_can() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let documents = feed(3, 4);
    writer.add(&documents, NOW).unwrap();
    let name = files(folder.path()).into_keys().find(|name| name.ends_with(".pack")).unwrap();
    let (there, away) = (folder.path().join(&name), folder.path().join("away"));
    std::fs::rename(&there, &away).unwrap();
    // This is committed, and then the texts are looked for.
    let skipped = Skipped { path: "x".into(), line: None, document: None, reason: "broken".into() };
    let new = [document("new", &range(100..200))];
    let errors = [
        writer.skip(std::slice::from_ref(&skipped), NOW).unwrap_err(),
        writer.add(&new, NOW).unwrap_err(),
        writer.skip(&[], NOW).unwrap_err(),
        writer.prune(NOW).unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains(&name), "{error}");
    }
    std::fs::rename(&away, &there).unwrap();
    writer.add(&new, NOW).unwrap();
    let all = documents.into_iter().chain(new).collect();
    assert_eq!(reported(folder.path()), crate::scanned(all, vec![skipped]));
}
