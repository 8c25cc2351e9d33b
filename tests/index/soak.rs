//! A day of small batches: what grows with the number of batches, and what they
//! come to.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wirecopy::document::{Corpus, Document};
use wirecopy::index::{Index, verify};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::read::{ReadOptions, read_paths};

use crate::support::shared;
use crate::{NOW, feed, findings, reported, writer};

/// Batches of a day: one every five minutes.
const BATCHES: usize = 288;

/// What a process holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    files: usize,
    kilobytes: usize,
}

/// What the process with this number holds now; nothing where the system does
/// not tell, or it has ended.
fn held(process: &str) -> Option<Held> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(Held { files, kilobytes: line.split_whitespace().next()?.parse().ok()? })
}

/// The most of each in a part of a run.
fn most(held: &[Held]) -> Held {
    Held {
        files: held.iter().map(|held| held.files).max().unwrap_or(0),
        kilobytes: held.iter().map(|held| held.kilobytes).max().unwrap_or(0),
    }
}

fn scanned(documents: Vec<Document>) -> String {
    findings(pipeline::scan(&Corpus::try_new(documents).unwrap(), &Params::default(), &()).unwrap())
}

/// Writes lines as so many files, of which the names are in order.
fn pieces(lines: &[String], count: usize, folder: &Path) -> Vec<String> {
    fs::create_dir_all(folder).unwrap();
    let of_piece = |(number, lines): (usize, &[String])| {
        let name = format!("{number:04}.jsonl");
        let mut file = fs::File::create(folder.join(&name)).unwrap();
        lines.iter().for_each(|line| writeln!(file, "{line}").unwrap());
        name
    };
    lines.chunks(lines.len().div_ceil(count)).enumerate().map(of_piece).collect()
}

fn read(folder: &Path, under: &str) -> Vec<Document> {
    let path = folder.join(under).to_string_lossy().into_owned();
    let mut documents = read_paths(&[path], &ReadOptions::default(), &()).unwrap().documents;
    for document in &mut documents {
        let name = Path::new(&*document.path).file_name().unwrap().to_string_lossy().into_owned();
        document.path = format!("{under}/{name}").into();
    }
    documents
}

/// Runs the command in `folder`, and looks at what it holds until it ends.
fn watched(folder: &Path, args: &[&str], mut between: impl FnMut(&mut Child, &[Held]) -> bool) -> Vec<Held> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
    let mut child = command.args(args).current_dir(folder).stdout(Stdio::null()).spawn().unwrap();
    let process = child.id().to_string();
    let mut all = Vec::new();
    loop {
        all.extend(held(&process));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{args:?}");
            return all;
        }
        if between(&mut child, &all) {
            std::thread::sleep(Duration::from_millis(4));
        }
    }
}

/// One process that adds all; what it holds after each batch.
fn added_by_one(documents: &[Document], batches: usize, folder: &Path) -> Vec<Held> {
    let mut writer = writer(folder);
    let batches = documents.chunks(documents.len().div_ceil(batches));
    let hold = |batch: &[Document]| {
        assert_eq!(writer.add(batch, NOW).unwrap().len(), batch.len());
        held("self").unwrap_or_default()
    };
    batches.map(hold).collect()
}

#[test]
fn many_small_batches_hold_no_more_files_and_come_to_one_scan() {
    let documents = feed(21, 60);
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let held = added_by_one(&documents, 96, &index);
    // Other tests of this process open files too, but not hundreds.
    let (before, after) = (most(&held[..held.len() / 2]), most(&held[held.len() / 2..]));
    assert!(after.files < before.files + 40, "{before:?} {after:?}");
    let stats = Index::open(&index).unwrap().stats().unwrap();
    assert!(stats.segments <= 24, "{} segments", stats.segments);
    assert_eq!(reported(&index), scanned(documents));
}

fn lines_of(documents: &[Document]) -> Vec<String> {
    let line = |document: &Document| {
        let Document { id, text, source, .. } = document;
        serde_json::json!({ "id": id, "text": text, "source": source }).to_string()
    };
    documents.iter().map(line).collect()
}

#[test]
fn a_process_for_each_batch_comes_to_one_scan() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines_of(&feed(22, 40));
    for name in pieces(&lines, 12, &folder.path().join("feed")) {
        watched(folder.path(), &["index", "add", "index", &format!("feed/{name}"), "-q"], |_, _| true);
    }
    let index = folder.path().join("index");
    assert!(verify(&index).unwrap().is_empty());
    assert_eq!(reported(&index), scanned(read(folder.path(), "feed")));
}

/// `WIRECOPY_SHARED=… cargo test --test index -- --ignored --nocapture soak`.
#[test]
#[ignore = "minutes: a day of 288 batches, three times"]
fn a_day_of_batches_takes_no_more_memory_or_files_as_it_goes_on() {
    let Some(lines) = shared::jsonl("20news_19997") else { return };
    let lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let names = pieces(&lines, BATCHES, &place.join("feed"));
    assert!(names.len() > BATCHES - 8, "{}", names.len());
    let documents = read(place, "feed");
    let expected = scanned(documents.clone());

    // In one process, through the library.
    let start = Instant::now();
    let index = place.join("library");
    tell("library, one process", &added_by_one(&documents, names.len(), &index), start);
    assert_eq!(reported(&index), expected);

    // A process for each batch.
    let start = Instant::now();
    let mut peaks = Vec::new();
    for name in &names {
        let args = ["index", "add", "each", &format!("feed/{name}"), "-q", "--threads", "2"];
        peaks.push(most(&watched(place, &args, |_, _| true)));
    }
    tell("a process for each batch, peaks", &peaks, start);
    assert_eq!(reported(&place.join("each")), expected);

    // A process that follows a folder into which files are moved.
    let start = Instant::now();
    fs::rename(place.join("feed"), place.join("outside")).unwrap();
    fs::create_dir(place.join("feed")).unwrap();
    let mut waiting = names.iter();
    let mut last = Instant::now();
    let args = ["index", "add", "followed", "--follow", "feed", "--idle", "10s", "-q", "--threads", "2"];
    let all = watched(place, &args, |_, _| {
        if last.elapsed() > Duration::from_millis(1500) {
            for name in waiting.by_ref().take(12) {
                fs::rename(place.join("outside").join(name), place.join("feed").join(name)).unwrap();
            }
            last = Instant::now();
        }
        true
    });
    tell("following", &all, start);
    assert_eq!(reported(&place.join("followed")), expected);
}

/// Prints what was held in each quarter, and that the last is no more than the
/// one before by more than noise.
fn tell(what: &str, held: &[Held], start: Instant) {
    let quarter = held.len() / 4;
    let quarters: BTreeMap<usize, Held> =
        (0..4).map(|n| (n, most(&held[n * quarter..][..quarter]))).collect();
    println!("{what}: {:.0?}", start.elapsed());
    for (number, most) in &quarters {
        println!("  quarter {}: {} MB, {} files", number + 1, most.kilobytes / 1024, most.files);
    }
    let (before, last) = (quarters[&2], quarters[&3]);
    assert!(last.files <= before.files + 16, "{what}: {quarters:?}");
    assert!(last.kilobytes <= before.kilobytes * 13 / 10, "{what}: {quarters:?}");
}
