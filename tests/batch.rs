//! The command in unattended jobs: signals, events for programs.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::feed;

/// Longer than any of this takes, on a machine with other work.
const PATIENCE: Duration = Duration::from_secs(60);

fn wirecopy(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
    command.args(args).stdin(Stdio::null());
    command
}

/// Waits until something holds.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A run that has begun to write `out` and waits for more input.
fn unfinished_run(folder: &Path, out: &Path) -> Child {
    let mut child = wirecopy(&["read", "-", "-o", out.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("the output is begun", || names(folder).iter().any(|name| name.ends_with(".part")));
    assert!(child.try_wait().unwrap().is_none());
    child
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn a_signal_ends_a_run_and_leaves_what_was_there_before() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out.jsonl");
        std::fs::write(&out, "of an earlier run").unwrap();
        let mut child = unfinished_run(folder.path(), &out);
        send(signal, &child);
        // Its input stays open meanwhile: nothing but the signal ends it.
        let input = child.stdin.take();
        let ended = child.wait_with_output().unwrap();
        drop(input);
        assert_eq!(ended.status.code(), Some(status), "{signal}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(said, "wirecopy: error: interrupted; what was not whole yet is removed\n");
        assert_eq!(names(folder.path()), ["out.jsonl"], "{signal}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "of an earlier run");
    }
}

#[test]
fn a_killed_run_leaves_what_was_there_before() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.jsonl");
    std::fs::write(&out, "of an earlier run").unwrap();
    let mut child = unfinished_run(folder.path(), &out);
    send("-KILL", &child);
    let input = child.stdin.take();
    assert_eq!(child.wait_with_output().unwrap().status.signal(), Some(9));
    drop(input);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "of an earlier run");
}

/// The events of a run.
fn events(args: &[&str]) -> (Vec<Value>, Option<i32>) {
    let run = wirecopy(args).args(["--log-format", "json"]).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    (said.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), run.status.code())
}

#[test]
fn events_tell_programs_of_stages_findings_and_the_end() {
    let (events, status) = events(&["scan", feed::FOLDER, "--format", "json"]);
    assert_eq!(status, Some(0));
    let of = |message: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["message"] == message).collect()
    };
    let stages: Vec<&str> = of("stage").iter().map(|event| event["stage"].as_str().unwrap()).collect();
    assert!(stages.starts_with(&["read", "sketch", "candidates"]), "{stages:?}");
    let [found] = of("found")[..] else { panic!("{events:?}") };
    let report: Value = serde_json::from_slice(
        &wirecopy(&["scan", feed::FOLDER, "--format", "json"]).output().unwrap().stdout,
    )
    .unwrap();
    for list in ["documents", "skipped", "repeats", "exact_groups", "pairs", "clusters"] {
        assert_eq!(found[list], report[list].as_array().unwrap().len(), "{list}");
    }
    let end = events.last().unwrap();
    assert_eq!((&end["message"], &end["status"]), (&"end".into(), &0.into()));
    assert!(end["seconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn events_tell_programs_what_went_wrong() {
    let (events, status) = events(&["scan", "no-such-file"]);
    assert_eq!(status, Some(1));
    let messages: Vec<(&str, &str)> = events
        .iter()
        .map(|event| (event["level"].as_str().unwrap(), event["message"].as_str().unwrap()))
        .collect();
    let [.., ("ERROR", error), ("INFO", "end")] = messages[..] else { panic!("{messages:?}") };
    assert!(error.contains("no-such-file"), "{error}");
    assert_eq!(events.last().unwrap()["status"], 1);
}

#[test]
fn quiet_leaves_errors_alone() {
    let (silent, _) = events(&["scan", feed::FOLDER, "--quiet"]);
    assert_eq!(silent, [] as [Value; 0]);
    let (failed, _) = events(&["scan", "no-such-file", "--quiet"]);
    assert_eq!(failed.len(), 1, "{failed:?}");
}

/// `eval`, `compare` and `render` are handed the report of the first.
#[cfg(feature = "index")]
#[test]
fn every_command_tells_programs_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (report, kept, index, truth) = (path("report"), path("kept"), path("index"), path("truth"));
    std::fs::write(&truth, "brassbridge-0511-ferries northwire-0511-ferries 1\n".replace(' ', "\t")).unwrap();
    let ids = ["brassbridge-0511-ferries", "northwire-0511-ferries"];
    for args in [
        &["scan", feed::FOLDER, "--format", "json", "-o", &report][..],
        &["dedup", feed::FOLDER, "-o", &kept],
        &["compare", "--in", feed::FOLDER, ids[0], ids[1]],
        &["read", feed::FOLDER],
        &["eval", &report, "--truth", &truth, "--truth-kind", "pairs"],
        &["render", &report],
        &["index", "add", &index, feed::FOLDER],
        &["index", "query", &index, feed::FOLDER],
        &["index", "report", &index],
        &["index", "prune", &index, "--older-than", "1000w"],
        &["index", "stats", &index],
        &["index", "verify", &index],
        &["config"],
        &["completions", "bash"],
        &["man"],
    ] {
        let (events, status) = events(args);
        assert_eq!(status, Some(0), "{args:?}: {events:?}");
        assert_eq!(events.last().unwrap()["message"], "end", "{args:?}: {events:?}");
    }
}
