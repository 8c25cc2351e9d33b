//! The command between others: readers that go away, output that is no
//! terminal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::feed;
use support::words::Rng;

/// Starts a control sequence.
const ESCAPE: u8 = 0x1b;

/// More than any pipe holds: a writer whose reader is gone is sure to notice.
const MORE_THAN_A_PIPE: usize = 4 << 20;

fn wirecopy(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirecopy"));
    command.args(args).stdin(Stdio::null());
    // What the tests are run in must not decide about colours.
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Writes a feed whose report is larger than a pipe, and returns its path.
fn large_feed(folder: &Path) -> String {
    let mut rng = Rng::new(1);
    let lines: Vec<String> = (0..6000)
        .map(|n| {
            let title = rng.words(100, 5000);
            format!(r#"{{"id":"document-{n}","title":"{title}","text":"{}"}}"#, rng.words(5, 5000))
        })
        .collect();
    let path = folder.join("large.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_reader_that_goes_away_ends_the_run_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let large = large_feed(folder.path());
    let report = folder.path().join("report.json");
    let report = report.to_str().unwrap();
    let whole = output(&mut wirecopy(&["scan", &large, "--format", "jsonl"]));
    assert!(whole.status.success() && whole.stdout.len() > MORE_THAN_A_PIPE, "{}", whole.stdout.len());
    assert!(
        output(&mut wirecopy(&["scan", feed::FOLDER, "--format", "json", "-o", report])).status.success()
    );
    let labels = "data/labels/pairs.tsv";
    let cases: [&[&str]; 7] = [
        &["scan", &large, "--format", "jsonl"],
        &["scan", &large, "--format", "json"],
        &["scan", feed::FOLDER],
        &["scan", "--explain-params"],
        &["eval", "--truth", labels, "--truth-kind", "pairs", report],
        &["eval", "--truth", labels, "--truth-kind", "pairs", "--json", report],
        &["--help"],
    ];
    for args in cases {
        for lines_read in [0, 1] {
            let mut child = wirecopy(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut reader = BufReader::with_capacity(64, child.stdout.take().unwrap());
            let mut line = String::new();
            (0..lines_read).for_each(|_| assert!(reader.read_line(&mut line).unwrap() > 0, "{args:?}"));
            drop(reader);
            let mut errors = String::new();
            child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            let status = child.wait().unwrap();
            assert!(status.success(), "{args:?} ends with {status} after {lines_read} lines: {errors}");
            assert_eq!(errors, "", "{args:?} after {lines_read} lines");
        }
    }
}

#[test]
fn duplicates_are_told_by_the_exit_code_though_the_reader_went_away() {
    let mut command = wirecopy(&["scan", feed::FOLDER, "--fail-on-duplicates", "--format", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(3), &b""[..]));
}

#[test]
fn messages_that_nobody_reads_do_not_stop_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.jsonl");
    std::fs::write(&bad, "{\"id\":\"a\",\"text\":\"one two three\"}\n{broken\n").unwrap();
    let bad = bad.to_str().unwrap();
    for (args, code) in [
        (["scan", bad, "--format", "jsonl"].as_slice(), 0),
        (&["scan", bad, "--strict"], 1),
        (&["scan", "no-such-file"], 1),
    ] {
        let mut child = wirecopy(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(code), "{args:?}");
    }
}

#[test]
fn messages_hold_nothing_that_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let attack = "\u{1b}[31m\u{9b}2J\u{202e}\u{200b}";
    let bad = folder.path().join(format!("bad{attack}.jsonl"));
    std::fs::write(&bad, "{\"id\":\"a\",\"text\":\"one two three\",\"published\":\"\u{202e}\"}\n{broken\n")
        .unwrap();
    let bad = bad.to_str().unwrap();
    let labels = folder.path().join("labels.tsv");
    std::fs::write(&labels, format!("a{attack}\tb\n")).unwrap();
    let (labels, report) = (labels.to_str().unwrap(), folder.path().join("report.json"));
    let report = report.to_str().unwrap();
    assert!(
        output(&mut wirecopy(&["scan", feed::FOLDER, "--format", "json", "-o", report])).status.success()
    );
    let missing = format!("no-such-file{attack}");
    let cases: [&[&str]; 5] = [
        &["scan", bad],
        &["scan", bad, "--format", "json", "-o", report],
        &["scan", bad, "--strict"],
        &["scan", &missing],
        &["eval", "--truth", labels, "--truth-kind", "direction", report],
    ];
    for args in cases {
        let output = output(&mut wirecopy(args));
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains("\\u{202e}") || text.contains("\\u{9b}"), "{args:?} names it: {text}");
        let is_harmless = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{200b}".contains(c));
        assert!(text.chars().all(is_harmless), "{args:?}: {text:?}");
    }
}

#[test]
fn reports_go_to_standard_output_and_all_else_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.jsonl");
    std::fs::write(&bad, "{\"id\":\"a\",\"text\":\"one two three\"}\n{broken\n").unwrap();
    let output = output(&mut wirecopy(&["scan", bad.to_str().unwrap(), "--format", "jsonl"]));
    let lines = String::from_utf8(output.stdout).unwrap();
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(record["type"].is_string(), "{line}");
    }
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.lines().count() == 1 && errors.contains("bad.jsonl:2: "), "{errors}");
}

#[test]
fn colours_are_for_those_who_can_have_them_or_ask_for_them() {
    let is_coloured = |args: &[&str], environment: &[(&str, &str)]| {
        let output = output(wirecopy(args).envs(environment.iter().copied()));
        assert!(output.status.success() && !output.stdout.is_empty());
        assert!(!output.stderr.contains(&ESCAPE));
        output.stdout.contains(&ESCAPE)
    };
    let scan = ["scan", feed::FOLDER];
    let always = ["scan", feed::FOLDER, "--color", "always"];
    let never = ["scan", feed::FOLDER, "--color", "never"];
    let json = ["scan", feed::FOLDER, "--color", "always", "--format", "json"];
    let jsonl = ["scan", feed::FOLDER, "--color", "always", "--format", "jsonl"];
    let (force, no_color) = (("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1"));
    type Case<'c> = (&'c str, &'c [&'c str], &'c [(&'c str, &'c str)], bool);
    let cases: [Case<'_>; 8] = [
        ("a pipe", &scan, &[], false),
        ("a pipe that is forced", &scan, &[force], true),
        ("forced, but colours are not wanted", &scan, &[force, no_color], false),
        ("asked for", &always, &[], true),
        ("asked for on the command line, which is nearer", &always, &[no_color], true),
        ("refused", &never, &[force], false),
        ("for programs", &json, &[force], false),
        ("for programs, in lines", &jsonl, &[force], false),
    ];
    for (name, args, environment, expected) in cases {
        assert_eq!(is_coloured(args, environment), expected, "{name}");
    }
}

#[test]
fn without_its_colours_the_report_is_the_plain_one() {
    let text = |color| {
        String::from_utf8(output(&mut wirecopy(&["scan", feed::FOLDER, "--color", color])).stdout).unwrap()
    };
    let mut plain = String::new();
    for (number, part) in text("always").split("\u{1b}[").enumerate() {
        let rest = if number == 0 { part } else { part.split_once('m').unwrap().1 };
        plain.push_str(rest);
    }
    assert_eq!(plain, text("never"));
}
