//! A budget of memory changes neither what stays nor what is said of the rest.

use std::fs;
use std::path::Path;

use crate::promises::pile;
use crate::support::words::{Rng, range};
use crate::wirecopy;

/// What a run writes: what stays, and the rest.
fn written(folder: &Path, args: &[&str], stdin: &[u8]) -> (Vec<u8>, String) {
    let run = wirecopy(folder, &[&["dedup", "-o", "clean", "-q"], args].concat(), stdin);
    assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
    let audit = fs::read_to_string(folder.join("removed.jsonl")).unwrap();
    (fs::read(folder.join("clean")).unwrap(), audit)
}

/// A pile, what says something twice, ids that collide, bad lines, and a
/// family that is too large for all its pairs.
fn lines() -> String {
    let mut lines: Vec<String> = Vec::new();
    for (number, document) in pile(11, 80).iter().enumerate() {
        let id = format!("d{}", number - usize::from(number % 9 == 8));
        let doubled =
            if number % 7 == 0 { format!("{0}\n\n{0}\n", document.text) } else { document.text.clone() };
        lines.push(serde_json::json!({"id": id, "text": doubled, "source": document.source}).to_string());
    }
    let mut rng = Rng::new(3);
    let story: Vec<String> = range(90_000..90_200).split(' ').map(str::to_owned).collect();
    for number in 0..150 {
        let mut words = story.clone();
        (0..5).for_each(|change| words[rng.below(200)] = format!("v{number}x{change}"));
        lines.push(serde_json::json!({"text": words.join(" ")}).to_string());
    }
    lines.push("{\"broken".into());
    lines.join("\n") + "\n"
}

#[test]
fn the_same_stays_under_a_budget() {
    let folder = tempfile::tempdir().unwrap();
    let input = lines();
    fs::write(folder.path().join("in.jsonl"), &input).unwrap();
    let cases: [&[&str]; 4] = [
        &["--strip", "repeats,boilerplate", "--short", "exact"],
        &["--keep", "first", "--noise", "clean"],
        &["--keep", "latest-revision", "--format", "jsonl", "--strip", "repeats"],
        &["--keep", "longest", "--level", "documents"],
    ];
    for options in cases {
        let plain = written(folder.path(), &[&["in.jsonl"], options].concat(), b"");
        let budget = written(folder.path(), &[&["in.jsonl", "--memory", "64M"], options].concat(), b"");
        assert!(budget == plain, "{options:?}");
        let piped = written(folder.path(), &[&["-", "--memory", "64M"], options].concat(), input.as_bytes());
        assert!(piped.0 == plain.0 || options.contains(&"jsonl"), "{options:?} from standard input");
        assert!(plain.1.contains("\"type\":\"removed\"") && plain.1.contains("\"type\":\"unread\""));
    }
}

/// A limit on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_that_looks_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.jsonl"), lines()).unwrap();
    fs::create_dir(folder.path().join("spill")).unwrap();
    for limit in [1, 40, 160] {
        let script = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec {} dedup in.jsonl -o clean -q --memory 64M --temp-dir spill",
            env!("CARGO_BIN_EXE_wirecopy")
        );
        let run = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(1), "{said}");
        assert!(said.contains("spill") || said.contains("cannot write"), "{said}");
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
    }
}
