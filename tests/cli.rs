//! What each command answers, as data: every `tests/cmd/*.toml` is a command
//! with its arguments, standard output, standard error and exit code; `.out`
//! folders hold the files it must write.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes what the commands answer
//! now; look at the difference before committing.

use std::fs;
use std::path::Path;

const CASES: &str = "tests/cmd";

#[test]
fn commands_answer_as_their_cases_say() {
    trycmd::TestCases::new()
        .default_bin_name("wirecopy")
        .case(format!("{CASES}/*.toml"))
        // What the tests are run in must not decide about widths and colours.
        .env("COLUMNS", "100")
        .env("CLICOLOR_FORCE", "0")
        .env("NO_COLOR", "1");
}

/// A stream that a case does not mention is not looked at, which would let
/// anything pass.
#[test]
fn every_case_says_what_stands_on_both_streams() {
    let mut cases = 0;
    for entry in fs::read_dir(CASES).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        cases += 1;
        let case = fs::read_to_string(&path).unwrap();
        for stream in ["stdout", "stderr"] {
            let is_inline = case.lines().any(|line| line.starts_with(&format!("{stream} = ")));
            let is_file = Path::new(&path.with_extension(stream)).exists();
            assert!(is_inline || is_file, "{} says nothing of {stream}", path.display());
        }
    }
    assert!(cases > 60, "{cases} cases");
}
