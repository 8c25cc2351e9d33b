//! The command over the index.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::findings;

fn wirecopy(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wirecopy")).args(args).current_dir(folder).output().unwrap()
}

fn stdout(folder: &Path, args: &[&str]) -> String {
    let run = wirecopy(folder, args);
    assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn feed_in(folder: &Path) {
    for day in ["2026-05-11.jsonl", "2026-05-12.jsonl"] {
        std::fs::create_dir_all(folder.join("data/feed")).unwrap();
        std::fs::copy(format!("data/feed/{day}"), folder.join("data/feed").join(day)).unwrap();
    }
}

#[test]
fn a_feed_is_added_day_by_day_and_reported_as_scanned() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    feed_in(place);
    let mut bad = std::fs::read_to_string(place.join("data/feed/2026-05-12.jsonl")).unwrap();
    bad.push_str("{broken\n");
    std::fs::write(place.join("data/feed/2026-05-12.jsonl"), bad).unwrap();
    let first = stdout(place, &["index", "add", "seen", "data/feed/2026-05-11.jsonl", "--format", "jsonl"]);
    assert_eq!(lines(&first).len(), 24);
    let asked = stdout(place, &["index", "query", "seen", "data/feed/2026-05-12.jsonl", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Vec<Value>>(&asked).unwrap().len(), 19);
    let second = stdout(place, &["index", "add", "seen", "data/feed/2026-05-12.jsonl", "--format", "text"]);
    assert!(second.lines().count() == 19 && second.contains("near_duplicate"), "{second}");
    let again = wirecopy(place, &["index", "add", "seen", "data/feed/2026-05-12.jsonl", "--format", "jsonl"]);
    assert!(lines(&String::from_utf8(again.stdout).unwrap()).iter().all(|line| line["status"] == "known"));
    let told = String::from_utf8(again.stderr).unwrap();
    assert!(told.contains("19 documents: 19 known"), "{told}");
    let read = |args: &[&str]| {
        let text = stdout(place, args);
        findings(wirecopy::render::read_report("report".as_ref(), &mut text.as_bytes()).unwrap())
    };
    assert_eq!(
        read(&["index", "report", "seen", "--format", "json"]),
        read(&["scan", "data/feed", "--format", "json"])
    );
    assert!(stdout(place, &["index", "stats", "seen"]).contains("documents            43"));
    stdout(place, &["index", "verify", "seen"]);
    stdout(place, &["index", "prune", "seen", "--older-than", "1s"]);
    assert!(stdout(place, &["index", "stats", "seen", "--json"]).contains("\"documents\": 0"));
}

#[test]
fn what_cannot_be_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    feed_in(place);
    stdout(place, &["index", "add", "seen", "data/feed", "--min-jaccard", "0.6"]);
    let cases: [(&[&str], i32, &str); 6] = [
        (&["index", "query", "nowhere", "data/feed"], 1, "is no index; make one with wirecopy index add"),
        (&["index", "add", "data/feed", "data/feed"], 1, "is no index, and not empty"),
        (
            &["index", "add", "seen", "data/feed", "--min-jaccard", "0.5"],
            2,
            "min-jaccard is 0.5, but must be 0.6",
        ),
        (&["index", "add", "seen", "data/feed", "--no-texts"], 2, "texts is not kept, but must be kept"),
        (&["index", "prune", "seen", "--older-than", "30"], 2, "older-than is 30"),
        (&["index", "add", "seen"], 2, "required"),
    ];
    for (args, code, message) in cases {
        let run = wirecopy(place, args);
        let told = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(code), "{args:?}: {told}");
        assert!(told.contains(message), "{args:?}: {told}");
    }
    assert_eq!(std::fs::read_dir(place.join("data/feed")).unwrap().count(), 2, "nothing is left behind");
    // Without being told, an index keeps the parameters that it was made with.
    stdout(place, &["index", "add", "seen", "data/feed"]);
    std::fs::write(place.join("settings.toml"), "batch = 5\nmin-jaccard = 0.7\n").unwrap();
    let run = wirecopy(place, &["index", "add", "seen", "data/feed", "--config", "settings.toml"]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("min-jaccard is 0.7, but must be 0.6"));
    let page = stdout(place, &["man", "index", "add"]);
    assert!(page.contains("follow"));
}

#[test]
fn files_that_land_in_a_folder_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    feed_in(place);
    std::fs::create_dir(place.join("incoming")).unwrap();
    let following = std::thread::spawn({
        let place = place.to_owned();
        move || {
            stdout(
                &place,
                &["index", "add", "seen", "--follow", "incoming", "--idle", "4s", "--format", "jsonl"],
            )
        }
    });
    let moved = |from: &str, to: &str| std::fs::rename(place.join(from), place.join(to)).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    moved("data/feed/2026-05-11.jsonl", "incoming/one.jsonl.part");
    std::thread::sleep(Duration::from_millis(700));
    moved("incoming/one.jsonl.part", "incoming/one.jsonl");
    std::thread::sleep(Duration::from_millis(700));
    moved("data/feed/2026-05-12.jsonl", "incoming/two.jsonl");
    let told = lines(&following.join().unwrap());
    assert_eq!(told.len(), 43);
    assert!(told.iter().all(|line| line["status"] != "known"));
    assert!(stdout(place, &["index", "stats", "seen"]).contains("documents            43"));
}

#[test]
fn all_is_added_even_if_the_reader_of_answers_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    feed_in(folder.path());
    let mut add = Command::new(env!("CARGO_BIN_EXE_wirecopy"))
        .args(["index", "add", "seen", "data/feed", "--batch", "5", "--format", "json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(add.stdout.take());
    assert!(add.wait().unwrap().success());
    assert!(stdout(folder.path(), &["index", "stats", "seen"]).contains("documents            43"));
}

#[cfg(unix)]
#[test]
fn answers_outlast_a_run_that_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    feed_in(place);
    let mut add = Command::new(env!("CARGO_BIN_EXE_wirecopy"))
        .args(["index", "add", "seen", "data/feed", "--follow", "data", "-q"])
        .args(["--format", "jsonl", "-o", "answers.jsonl"])
        .current_dir(place)
        .spawn()
        .unwrap();
    let answers = || std::fs::read_to_string(place.join("answers.jsonl")).unwrap_or_default();
    for _ in 0..3000 {
        if answers().lines().count() >= 43 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let sent = Command::new("kill").args(["-TERM", &add.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(add.wait().unwrap().code(), Some(143));
    assert!(lines(&answers()).len() >= 43, "{}", answers());
}

/// A reader that waits for the writer holds a thread: where there is one, all
/// would wait for it.
#[test]
fn one_thread_reads_and_adds() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    std::fs::create_dir(place.join("feed")).unwrap();
    for file in 0..6 {
        let line =
            |n: usize| format!("{{\"id\":\"{file}-{n}\",\"text\":\"one two three {file} {n} four\"}}\n");
        std::fs::write(place.join(format!("feed/{file}.jsonl")), (0..9).map(line).collect::<String>())
            .unwrap();
    }
    for command in ["add", "query"] {
        let mut args = vec!["index", command, "seen", "feed", "--threads", "1", "--format", "jsonl"];
        if command == "add" {
            args.extend(["--batch", "5"]);
        }
        let mut run = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
        let mut child = run.args(args).current_dir(place).stdout(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{command} waits for itself");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let answers = child.wait_with_output().unwrap().stdout;
        assert_eq!(lines(&String::from_utf8(answers).unwrap()).len(), 54);
    }
}

#[test]
fn a_report_under_a_budget_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    feed_in(place);
    for texts in
        [&["index", "add", "seen", "data/feed"][..], &["index", "add", "without", "data/feed", "--no-texts"]]
    {
        stdout(place, texts);
        let index = texts[2];
        let read = |more: &[&str]| {
            let args = [&["index", "report", index, "--format", "json"], more].concat();
            let text = stdout(place, &args);
            findings(wirecopy::render::read_report("report".as_ref(), &mut text.as_bytes()).unwrap())
        };
        assert_eq!(read(&["--memory", "64M"]), read(&[]));
    }
}

/// What quotes another document is no copy of it: the line says what is shared,
/// and that it does not count.
#[test]
fn what_does_not_count_is_not_said_in_per_cent() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let post = "The lock in the northern harbour was closed on Tuesday because divers found a crack in the lower gate \
        and the barges that were bound for the mills now wait below the weir until the crane from the coast arrives";
    let words: Vec<&str> = post.split(' ').collect();
    let quoted: String = words.chunks(12).map(|line| format!("> {}\n", line.join(" "))).collect();
    let reply = format!(
        "Somebody wrote:\n{quoted}\nI was there and saw nothing of the kind, and nobody whom I asked that day had heard of \
         any divers at all, so please say where this comes from before others repeat it once more in here."
    );
    let line = |id: &str, text: &str| serde_json::json!({ "id": id, "text": text }).to_string() + "\n";
    std::fs::write(place.join("a.jsonl"), line("a", post)).unwrap();
    std::fs::write(place.join("b.jsonl"), line("b", &reply)).unwrap();
    stdout(place, &["index", "add", "seen", "a.jsonl"]);
    let told = stdout(place, &["index", "query", "seen", "b.jsonl"]);
    assert!(told.starts_with("new            b  quotation shared with a ("), "{told}");
    assert!(told.trim_end().ends_with(" tokens, not counted)"), "{told}");
}
