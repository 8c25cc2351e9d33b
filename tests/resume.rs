//! A run that is ended at any moment goes on where it was, with the findings
//! of an undisturbed one, byte for byte.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and a long one says what it did"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::shared;
use support::words::Rng;
use wirecopy::document::{Corpus, Document};
use wirecopy::params::Params;
use wirecopy::pipeline::scan_streamed;
use wirecopy::report::{Report, Stats};
use wirecopy::spill::Spill;
use wirecopy::state::{KeptDocuments, State};

/// Moments in the ordinary run, and in a long one.
const MOMENTS: usize = 8;
const MANY_MOMENTS: usize = 60;

/// A scan of the input, kept in `state`.
const SCAN: [&str; 8] = ["scan", "in.jsonl", "--format", "json", "-o", "report.json", "--state", "state"];

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
    command.args(args).args(["--threads", "2"]).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

/// Runs what must succeed; what it says.
fn succeed(folder: &Path, args: &[&str]) -> String {
    let run = run(folder, args);
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{args:?}: {said}");
    said
}

/// The report without what only the run tells.
fn findings(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("report.json")).unwrap();
    text.rsplit_once("\"stats\"").unwrap().0.to_owned()
}

/// Stories with copies of all kinds, some of them said twice, ids that
/// collide, and lines that are broken.
fn feed(seed: u64, count: usize) -> String {
    let mut rng = Rng::new(seed);
    let shared = rng.words(60, 5000);
    let mut texts: Vec<String> = Vec::new();
    for n in 0..count {
        let earlier = |rng: &mut Rng, texts: &[String]| texts[rng.below(texts.len())].clone();
        texts.push(match n % 6 {
            _ if n < 6 => rng.words(120, 5000),
            0 => earlier(&mut rng, &texts),
            1 => format!("{} {}", earlier(&mut rng, &texts), rng.words(60, 5000)),
            2 => format!("{} {shared} {}", rng.words(100, 5000), rng.words(50, 5000)),
            3 => {
                let text = earlier(&mut rng, &texts);
                text.split(' ')
                    .map(|word| if rng.below(9) == 0 { "other" } else { word })
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            4 => {
                let text = rng.words(60, 5000);
                format!("{text}\n\n{text}")
            }
            _ => rng.words(100, 5000),
        });
    }
    let line = |(n, text): (usize, &String)| match n % 50 {
        49 => "{\"broken".to_owned(),
        _ => {
            let id = format!("d{}", n - usize::from(n % 20 == 19));
            json!({"id": id, "text": text, "site": format!("s{}.example", n % 4)}).to_string()
        }
    };
    texts.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn folder(feed: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.jsonl"), feed).unwrap();
    folder
}

/// The stages that a run tells of, with how many items each has.
fn stages(folder: &Path, args: &[&str]) -> Vec<String> {
    let said = succeed(folder, &[args, &["--log-format", "json"]].concat());
    let events = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter_map(|event| Some(event["stage"].as_str()?.to_owned())).collect()
}

#[test]
fn a_run_that_is_kept_finds_the_same_and_does_no_stage_again() {
    let folder = folder(&feed(1, 150));
    let path = folder.path();
    for more in [&[][..], &["--memory", "64M"], &["--level", "documents"], &["--across-sources-only"]] {
        succeed(path, &[&SCAN[..6], more].concat());
        let expected = findings(path);
        let kept = [&SCAN, more].concat();
        let first = stages(path, &kept);
        assert!(first.starts_with(&["read".into(), "sketch".into(), "candidates".into()]), "{first:?}");
        assert_eq!(findings(path), expected, "{more:?}");
        let again = stages(path, &kept);
        let is_done = |stage: &&str| !again.iter().any(|other| other == stage);
        assert!(["read", "sketch", "candidates", "noise"].iter().all(is_done), "{again:?}");
        assert_eq!(findings(path), expected, "{more:?} again");
        fs::remove_dir_all(path.join("state")).unwrap();
    }
}

#[test]
fn what_is_broken_is_done_again() {
    let folder = folder(&feed(2, 120));
    let path = folder.path();
    succeed(path, &SCAN);
    let expected = findings(path);
    let state = path.join("state");
    let mut rng = Rng::new(5);
    for name in ["compared", "candidates", "read", "documents", "run"] {
        for kind in 0..3 {
            let file = state.join(name);
            let mut bytes = fs::read(&file).unwrap();
            let at = rng.below(bytes.len());
            match kind {
                0 => bytes.truncate(at),
                1 => bytes[at] ^= 1 << rng.below(8),
                _ => bytes.extend_from_slice(b"behind"),
            }
            fs::write(&file, bytes).unwrap();
            fs::remove_file(path.join("report.json")).unwrap();
            let again = run(path, &SCAN);
            let said = String::from_utf8(again.stderr).unwrap();
            // The version of the files stands in one of them.
            assert!(
                again.status.success() || name == "run" && said.contains("format"),
                "{name} {kind}: {said}"
            );
            if again.status.success() {
                assert_eq!(findings(path), expected, "{name} {kind}");
            } else {
                fs::remove_dir_all(&state).unwrap();
                succeed(path, &SCAN);
            }
        }
    }
}

#[test]
fn another_input_or_parameter_is_refused_with_both_values() {
    let folder = folder(&feed(3, 20));
    let path = folder.path();
    succeed(path, &SCAN);
    let refused: [(&[&str], &str); 4] = [
        (
            &["--min-jaccard", "0.7"],
            "min-jaccard is 0.7, but must be 0.5, with which the run kept in state was begun",
        ),
        (&["--within", "72h"], "within is 259200, but must be not set, with which"),
        (&["--field", "text=body"], "field is [\"text=body\"], but must be [], with which"),
        (&["in.jsonl", "--against", "in.jsonl"], "against is [\"in.jsonl\"], but must be [], with which"),
    ];
    for (more, message) in refused {
        let run = run(path, &[&SCAN, more].concat());
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && said.contains(message), "{more:?}: {said}");
    }
    // The same size and time, and another byte.
    let file = path.join("in.jsonl");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.len() / 2;
    bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
    fs::write(&file, bytes).unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    let run = run(path, &SCAN);
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.code() == Some(2) && said.contains("input is 1 files of"), "{said}");
}

#[test]
fn a_folder_that_is_none_and_what_is_read_once_are_refused() {
    let folder = folder(&feed(3, 10));
    let path = folder.path();
    let refused: [(&[&str], &str); 2] = [
        (&["scan", "in.jsonl", "--state", "."], "is no state of a run, and not empty"),
        (&["scan", "-", "--state", "state"], "-: can be read only once"),
    ];
    for (args, message) in refused {
        let run = run(path, args);
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(1) && said.contains(message), "{args:?}: {said}");
    }
    fs::create_dir_all(path.join("state")).unwrap();
    let lock = fs::File::create(path.join("state/lock")).unwrap();
    lock.lock().unwrap();
    let run = run(path, &SCAN);
    assert!(String::from_utf8(run.stderr).unwrap().contains("another wirecopy keeps its state here"));
}

#[test]
fn a_full_disk_is_a_clear_error_and_the_run_goes_on_when_there_is_room() {
    let folder = folder(&feed(4, 120));
    let path = folder.path();
    succeed(path, &SCAN[..6]);
    let expected = findings(path);
    for limit in [1, 16, 100, 140] {
        fs::remove_file(path.join("report.json")).unwrap();
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let scan = command(path, &SCAN);
        let limited = Command::new("sh")
            .args(["-c", &script])
            .arg(scan.get_program())
            .args(scan.get_args())
            .current_dir(path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&limited.stderr);
        assert_eq!(limited.status.code(), Some(1), "{limit}: {said}");
        assert!(said.contains("the state of the run in state: "), "{limit}: {said}");
        assert!(!path.join("report.json").exists());
        succeed(path, &SCAN);
        assert_eq!(findings(path), expected, "{limit}");
        fs::remove_dir_all(path.join("state")).unwrap();
    }
}

/// The state in `folder`. The processes that other tests begin have our files
/// for a moment, and the lock of a state that was closed with them.
fn opened(folder: &Path, spill: &Spill) -> State {
    let since = Instant::now();
    loop {
        match State::open(folder, &[("input", "made".to_owned())], spill) {
            Err(error) if error.to_string().contains("another wirecopy") => {
                assert!(since.elapsed() < Duration::from_secs(20), "{error}");
                std::thread::sleep(Duration::from_millis(5));
            }
            opened => return opened.unwrap(),
        }
    }
}

/// The report of a scan of documents that are kept in `folder`, under a budget
/// so small that each pair is a block.
fn kept_scan(folder: &Path, documents: Vec<Document>) -> String {
    let spill = Spill::of_any_size(1, folder.parent().unwrap()).unwrap();
    let state = opened(folder, &spill);
    let kept = state.documents().unwrap_or_else(|| {
        let mut spooler = state.spooler().unwrap();
        spooler.extend(documents);
        let corpus = spooler.try_finish(Vec::new()).unwrap();
        let kept = KeptDocuments { corpus, notes: Vec::new(), paths: Vec::new() };
        state.keep_documents(&kept).unwrap();
        kept
    });
    let params = Params::default();
    let (mut report, lists) = scan_streamed(&kept.corpus, &params, Some(&state), &()).unwrap();
    lists.unwrap().load(&mut report).unwrap();
    support::json(&Report { stats: Stats::default(), ..report })
}

#[test]
fn it_goes_on_behind_any_pair() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<Document> = feed(9, 90)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .enumerate()
        .map(|(n, line)| Document {
            id: format!("d{n:03}"),
            text: line["text"].as_str().unwrap().to_owned(),
            ..Document::default()
        })
        .collect();
    let held = Corpus::try_new(documents.clone()).unwrap();
    let expected = support::json(&support::scan(&held));
    let state = folder.path().join("state");
    assert!(kept_scan(&state, documents.clone()) == expected);
    let compared = state.join("compared");
    let whole = fs::read(&compared).unwrap();
    let mut rng = Rng::new(11);
    for _ in 0..40 {
        fs::write(&compared, &whole[..rng.below(whole.len())]).unwrap();
        assert!(kept_scan(&state, documents.clone()) == expected);
    }
}

/// Runs a command and kills it after so long; whether it had ended.
fn kill(folder: &Path, args: &[&str], after: Duration) -> bool {
    let mut child = command(folder, args).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().unwrap().success()
}

/// Kills a run at so many moments; after some of them in a row it is let go on
/// to its end.
fn kill_at(moments: usize, folder: &Path, args: &[&str], written: impl Fn() -> String) {
    let state = folder.join("state");
    let since = Instant::now();
    succeed(folder, args);
    let whole = since.elapsed();
    let expected = written();
    fs::remove_dir_all(&state).unwrap();
    let mut rng = Rng::new(7);
    let (mut killed, mut rounds, mut in_a_row) = (0, 0, 0);
    while killed < moments {
        // Later runs have less to do.
        let after = whole.mul_f64(rng.below(1000) as f64 / 1000.0 / (1 + in_a_row) as f64);
        let is_done = kill(folder, args, after);
        killed += usize::from(!is_done);
        in_a_row += 1;
        if is_done || in_a_row > rng.below(6) {
            succeed(folder, args);
            assert!(written() == expected, "other findings after {in_a_row} kills, round {rounds}");
            fs::remove_dir_all(&state).unwrap();
            (in_a_row, rounds) = (0, rounds + 1);
        }
    }
    succeed(folder, args);
    assert!(written() == expected, "other findings at the end");
    println!("{killed} kills, {rounds} rounds, {whole:.1?} a whole run");
}

#[test]
fn a_killed_scan_goes_on_with_the_same_findings() {
    let folder = folder(&feed(6, 300));
    kill_at(MOMENTS, folder.path(), &[&SCAN[..], &["--memory", "64M"]].concat(), || findings(folder.path()));
}

#[test]
fn a_killed_dedup_writes_the_same() {
    let folder = folder(&feed(8, 200));
    let args = ["dedup", "in.jsonl", "-o", "clean.jsonl", "--state", "state", "--strip", "repeats"];
    let written = || {
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        read("clean.jsonl") + &read("removed.jsonl")
    };
    kill_at(MOMENTS / 2, folder.path(), &args, written);
}

/// `cargo test --release --test resume -- --ignored real`.
#[test]
#[ignore = "minutes: 60 kills on real documents"]
fn a_killed_scan_of_real_documents_goes_on() {
    let Some(lines) = shared::jsonl("20news_19997") else { return };
    let some: Vec<&str> = lines.lines().step_by(3).collect();
    let folder = folder(&some.join("\n"));
    kill_at(MANY_MOMENTS, folder.path(), &[&SCAN[..], &["--memory", "64M"]].concat(), || {
        findings(folder.path())
    });
}
