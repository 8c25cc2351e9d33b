//! Tables and graphs, read back by DuckDB and networkx: `tests/readback/check.py`
//! with the Python of this machine, where it has both. `tests/readback/run`
//! installs them and does the same; the gate runs that.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::process::{Command, Stdio};

#[test]
fn other_programs_read_tables_and_graphs_as_they_were_written() {
    let mut python = Command::new("python3");
    let has_both = python.args(["-c", "import duckdb, networkx"]).stderr(Stdio::null()).status();
    if !has_both.is_ok_and(|status| status.success()) {
        println!("skipped: python3 with duckdb and networkx is not here; tests/readback/run installs them");
        return;
    }
    let check = ["tests/readback/check.py", env!("CARGO_BIN_EXE_wirecopy")];
    assert!(Command::new("python3").args(check).status().unwrap().success());
}
