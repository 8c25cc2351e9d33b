//! `dedup`: what goes has a survivor that the verdict holds for, and of what
//! stays nothing changes, in every form of input.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "index")]
mod against;
mod budget;
#[cfg(feature = "parquet")]
mod columns;
mod promises;
mod records;
mod used;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a run wrote.
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    /// The lines of `removed.jsonl`.
    pub(crate) audit: Vec<Value>,
}

impl Cleaned {
    /// The lines of one type.
    pub(crate) fn of(&self, kind: &str) -> Vec<&Value> {
        self.audit.iter().filter(|line| line["type"] == kind).collect()
    }
}

/// Runs the command in a folder.
pub(crate) fn wirecopy(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wirecopy"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    child.wait_with_output().unwrap()
}

/// What becomes of `bytes` in a file called `name`.
pub(crate) fn dedup(name: &str, bytes: &[u8], args: &[&str]) -> Cleaned {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let output = format!("clean-{name}");
    let all = [&["dedup", name, "-o", &output], args].concat();
    let run = wirecopy(folder.path(), &all, b"");
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    let audit = std::fs::read_to_string(folder.path().join("removed.jsonl")).unwrap();
    let audit = audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Cleaned { bytes: std::fs::read(folder.path().join(output)).unwrap(), audit }
}

/// The texts of the records in tests: the number of a story each, of which
/// later copies go.
pub(crate) const STORIES: [usize; 9] = [0, 1, 0, 2, 1, 3, 0, 4, 3];

/// Whether a record has an earlier copy.
pub(crate) fn goes(record: usize) -> bool {
    STORIES[..record].contains(&STORIES[record])
}

/// The text of a record: copies differ in marks and spaces alone, and all hold
/// what formats have to escape.
pub(crate) fn text(record: usize) -> String {
    let story = STORIES[record];
    let words = support::words::range(1000 * story..1000 * story + 60);
    format!("Story \"{story}\"; 東京,\té \u{1f600}\n\n{words}{}", ".".repeat(record))
}
