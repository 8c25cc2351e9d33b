//! What the README shows is what the commands print: each `sh` block is run
//! as it stands, and where a `text` block follows, its lines must be found in
//! the output, in order and without gaps but for `[…]`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

/// Stands for lines that are left out.
const GAP: &str = "[…]";

/// A block of the README: its language and its lines.
struct Block<'r> {
    language: &'r str,
    lines: Vec<&'r str>,
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            blocks
                .push(Block { language, lines: lines.by_ref().take_while(|line| *line != "```").collect() });
        }
    }
    blocks
}

/// The arguments, where the line calls the command.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let rest = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("wirecopy "))?;
    Some(rest.split_whitespace().map(|word| word.trim_matches('\'')).collect())
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Runs the commands of a block in `folder`, and gives what they printed.
fn output(block: &Block<'_>, folder: &Path) -> String {
    let mut printed = String::new();
    for line in &block.lines {
        let Some(arguments) = arguments(line) else { continue };
        let done = Command::new(env!("CARGO_BIN_EXE_wirecopy"))
            .args(&arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "`{line}` ended with {:?}: {errors}", done.status.code());
        printed += &String::from_utf8(done.stdout).unwrap();
    }
    printed
}

/// The first shown piece that is not in what was printed, in order.
fn first_missing<'s>(shown: &'s [&'s str], printed: &str) -> Option<&'s [&'s str]> {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let mut from = 0;
    for piece in shown.split(|line| *line == GAP) {
        let start = piece.iter().take_while(|line| line.is_empty()).count();
        let end = piece.len() - piece.iter().rev().take_while(|line| line.is_empty()).count();
        let Some(piece) = piece.get(start..end).filter(|piece| !piece.is_empty()) else { continue };
        match printed[from..].windows(piece.len()).position(|window| window == piece) {
            Some(at) => from += at + piece.len(),
            None => return Some(piece),
        }
    }
    None
}

#[test]
fn the_readme_shows_what_the_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&root.join("data"), &folder.path().join("data"));

    let mut shown = 0;
    let blocks = blocks(&readme);
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.language == "sh") {
        let printed = output(block, folder.path());
        let Some(next) = blocks.get(at + 1).filter(|next| next.language == "text") else { continue };
        shown += 1;
        if let Some(piece) = first_missing(&next.lines, &printed) {
            panic!("`{}` does not print:\n{}\n\nbut:\n{printed}", block.lines.join("; "), piece.join("\n"));
        }
    }
    assert!(shown >= 4, "only {shown} blocks of output were compared");
}

#[test]
fn a_line_that_is_not_printed_is_noticed() {
    let printed = "one\ntwo  \nthree\nfour\n";
    assert_eq!(first_missing(&["one", "two", GAP, "four"], printed), None);
    assert_eq!(first_missing(&["one", "three"], printed), Some(&["one", "three"][..]));
    assert_eq!(first_missing(&["four", GAP, "one"], printed), Some(&["one"][..]));
}
