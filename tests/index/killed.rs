//! `kill -9`, and a disk that is full, at any moment of adding.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wirecopy::document::{Corpus, Document};
use wirecopy::index::{Index, verify};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::read::{ReadOptions, read_paths};

use crate::support::shared;
use crate::support::words::Rng;
use crate::{feed, findings, reported};

/// Moments in the ordinary run; as many in a long one.
const MOMENTS: usize = 20;
const MANY_MOMENTS: usize = 200;

/// Writes documents as JSON lines.
fn write_feed(documents: &[Document], path: &Path) {
    let mut file = std::fs::File::create(path).unwrap();
    for document in documents {
        let published = document.published.map(|published| published.to_string());
        let line = serde_json::json!({
            "id": document.id, "text": document.text, "source": document.source, "published": published,
        });
        writeln!(file, "{line}").unwrap();
    }
}

fn command(folder: &Path, batch: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
    command.args(["index", "add", "index", "feed.jsonl", "--format", "jsonl", "-q"]);
    command.args(["--batch", &batch.to_string(), "--threads", "2"]).current_dir(folder);
    command
}

/// Runs `index add` for so long and kills it; gives the numbers of the documents
/// that it confirmed, by id, and whether it came to its end.
fn run(folder: &Path, batch: usize, after: Option<Duration>) -> (HashMap<String, u64>, bool) {
    let mut child = command(folder, batch).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reading = std::thread::spawn(move || {
        let lines = lines.map_while(Result::ok);
        let parsed = lines.map_while(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
        parsed
            .map(|line| (line["id"].as_str().unwrap().to_owned(), line["number"].as_u64().unwrap()))
            .collect()
    });
    if let Some(after) = after {
        std::thread::sleep(after);
        // It may have ended by itself.
        let _ = child.kill();
    }
    let is_done = child.wait().unwrap().success();
    (reading.join().unwrap(), is_done)
}

/// What must hold after anything that happened to a writer.
fn check(
    index: &Path,
    documents: &BTreeMap<String, Document>,
    confirmed: &HashMap<String, u64>,
    batch: usize,
) {
    if !Index::exists(index) {
        assert!(confirmed.is_empty(), "documents are lost with their index");
        return;
    }
    let problems = verify(index).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    let index = Index::open(index).unwrap();
    let corpus = index.corpus().unwrap();
    assert!(
        corpus.len().is_multiple_of(batch) || corpus.len() == documents.len(),
        "{} documents",
        corpus.len()
    );
    for document in corpus.documents() {
        assert_eq!(document, &documents[&document.id], "{} is not whole", document.id);
    }
    let mut confirmed: Vec<_> = confirmed.iter().collect();
    confirmed.sort_unstable();
    for (id, number) in confirmed {
        let found = index.documents(&[*number as u32]).unwrap();
        assert!(
            found.iter().any(|stored| stored.document.id == *id),
            "{id}, which was confirmed, is missing"
        );
    }
}

fn kill_at(moments: usize, documents: &[Document], batch: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (feed, index) = (folder.path().join("feed.jsonl"), folder.path().join("index"));
    write_feed(documents, &feed);
    let read = || {
        // As the command reads it, by the same path.
        let mut outcome =
            read_paths(&[feed.to_string_lossy().into_owned()], &ReadOptions::default(), &()).unwrap();
        outcome.documents.iter_mut().for_each(|document| document.path = "feed.jsonl".into());
        outcome.documents
    };
    let corpus = Corpus::try_new(read()).unwrap();
    let expected = findings(pipeline::scan(&corpus, &Params::default(), &()).unwrap());
    let by_id: BTreeMap<String, Document> =
        corpus.documents().iter().map(|d| (d.id.clone(), d.clone())).collect();
    let start = Instant::now();
    assert!(run(folder.path(), batch, None).1);
    let whole = start.elapsed();
    check(&index, &by_id, &HashMap::new(), batch);
    assert_eq!(reported(&index), expected);
    std::fs::remove_dir_all(&index).unwrap();

    let mut rng = Rng::new(1);
    let (mut confirmed, mut killed, mut rounds) = (HashMap::new(), 0, 0);
    while killed < moments {
        let after = whole.mul_f64(rng.below(1000) as f64 / 1000.0);
        let (more, is_done) = run(folder.path(), batch, Some(after));
        confirmed.extend(more);
        check(&index, &by_id, &confirmed, batch);
        killed += usize::from(!is_done);
        if is_done || Index::exists(&index) && Index::open(&index).unwrap().len() == by_id.len() {
            assert!(run(folder.path(), batch, None).1);
            assert_eq!(reported(&index), expected, "round {rounds}");
            std::fs::remove_dir_all(&index).unwrap();
            confirmed.clear();
            rounds += 1;
        }
    }
    assert!(run(folder.path(), batch, None).1);
    check(&index, &by_id, &confirmed, batch);
    assert_eq!(reported(&index), expected);
    println!("{killed} kills, {rounds} rounds, {whole:.1?} a whole run");
}

#[test]
fn a_killed_writer_leaves_whole_batches_and_can_go_on() {
    kill_at(MOMENTS, &feed(11, 150), 10);
}

/// `cargo test --release --test index -- --ignored killed`.
#[test]
#[ignore = "minutes: 200 kills on real documents"]
fn a_killed_writer_leaves_whole_batches_of_real_documents() {
    let Some(lines) = shared::jsonl("20news_19997") else { return };
    let corpus = shared::corpus(&lines);
    let documents: Vec<Document> = corpus.documents().iter().step_by(8).cloned().collect();
    kill_at(MANY_MOMENTS, &documents, 100);
}

/// A limit on the size of files, which a full disk is like: each write beyond it
/// fails.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_that_leaves_the_index_usable() {
    let documents = feed(12, 150);
    let folder = tempfile::tempdir().unwrap();
    write_feed(&documents, &folder.path().join("feed.jsonl"));
    let by_id = |index: &Path| -> BTreeMap<String, Document> {
        let corpus = Index::open(index).unwrap().corpus().unwrap();
        corpus.documents().iter().map(|document| (document.id.clone(), document.clone())).collect()
    };
    let whole = folder.path().join("whole");
    let index = folder.path().join("index");
    assert!(run(folder.path(), 10, None).1);
    std::fs::rename(&index, &whole).unwrap();
    let all = by_id(&whole);
    for blocks in [1, 8, 24, 40, 64] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let add = command(folder.path(), 10);
        let limited = Command::new("sh")
            .args(["-c", &script])
            .arg(add.get_program())
            .args(add.get_args())
            .current_dir(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&limited.stderr);
        assert_eq!(limited.status.code(), Some(1), "{told}");
        assert!(told.contains("cannot write") && told.contains("index/"), "{told}");
        assert!(told.contains("raise the limit on the size of files, and run the same again"), "{told}");
        check(&index, &all, &HashMap::new(), 10);
        // Nothing of the batch is left behind, so that there is room again.
        let segments = Index::open(&index).map_or(0, |index| index.stats().unwrap().segments);
        assert_eq!(std::fs::read_dir(index.join("segments")).unwrap().count(), segments, "{blocks}");
    }
    assert!(!Index::open(&index).unwrap().is_empty());
    assert!(run(folder.path(), 10, None).1);
    assert_eq!(reported(&index), reported(&whole));
}

/// On a small file system, in the folder that `WIRECOPY_SMALL` names:
///
/// ```text
/// mount -t tmpfs -o size=8m tmpfs small
/// WIRECOPY_SMALL=small cargo test --test index -- --ignored small
/// ```
#[cfg(unix)]
#[test]
#[ignore = "needs a small file system"]
fn a_small_file_system_that_is_full_leaves_the_index_usable() {
    let Some(small) = std::env::var_os("WIRECOPY_SMALL") else {
        println!("skipped: WIRECOPY_SMALL names no folder");
        return;
    };
    let small = Path::new(&small).canonicalize().unwrap();
    let documents = feed(13, 400);
    let folder = tempfile::tempdir().unwrap();
    write_feed(&documents, &folder.path().join("feed.jsonl"));
    assert!(run(folder.path(), 10, None).1);
    let whole = folder.path().join("index");
    let corpus = Index::open(&whole).unwrap().corpus().unwrap();
    let all: BTreeMap<String, Document> =
        corpus.documents().iter().map(|document| (document.id.clone(), document.clone())).collect();
    let index = small.join("index");
    let filler = small.join("filler");
    let into_small = || {
        let mut add = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
        add.args(["index", "add"]).arg(&index).args([
            "feed.jsonl",
            "-q",
            "--batch",
            "10",
            "--format",
            "jsonl",
        ]);
        add.current_dir(folder.path()).output().unwrap()
    };
    let mut had = 0;
    // So much is left on it, time and again, beside what the index has by then.
    for left in [16 << 10, 64 << 10, 128 << 10, 256 << 10, 384 << 10] {
        let _ = std::fs::remove_file(&filler);
        fill(&filler, left);
        let run = into_small();
        let told = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "with {left} bytes left: {told}");
        assert!(told.contains("make room there, and run the same again"), "{told}");
        let answers = String::from_utf8(run.stdout).unwrap();
        let confirmed = answers.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let confirmed = confirmed
            .map(|line| (line["id"].as_str().unwrap().to_owned(), line["number"].as_u64().unwrap()))
            .collect();
        check(&index, &all, &confirmed, 10);
        let has = if Index::exists(&index) { Index::open(&index).unwrap().len() } else { 0 };
        println!("{} bytes left: {has} documents, {}", left, told.trim());
        assert!(has >= had);
        had = has;
    }
    assert!(had > 0 && had < all.len(), "{had}");
    let _ = std::fs::remove_file(&filler);
    assert!(into_small().status.success());
    check(&index, &all, &HashMap::new(), 10);
    assert_eq!(reported(&index), reported(&whole));
    std::fs::remove_dir_all(&index).unwrap();
}

/// Writes a file until there is no room, then gives back so much.
#[cfg(unix)]
fn fill(path: &Path, left: u64) {
    let mut file = std::fs::File::create(path).unwrap();
    let mut bytes = 0;
    for size in [1 << 16, 1 << 12] {
        while let Ok(written) = file.write(&vec![0; size]) {
            bytes += written as u64;
            assert!(bytes < 1 << 28, "this file system is not small");
            if written == 0 {
                break;
            }
        }
    }
    file.set_len(bytes.saturating_sub(left)).unwrap();
}
