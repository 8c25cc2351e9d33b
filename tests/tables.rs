//! Tables in Parquet are the whole report: `render` of their folder gives what
//! the scan itself gives.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn run(args: &[&str]) -> Vec<u8> {
    let out = Command::new(env!("CARGO_BIN_EXE_wirecopy")).args(args).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn without_stats(json: &[u8]) -> String {
    let mut report: Value = serde_json::from_slice(json).unwrap();
    report.as_object_mut().unwrap().remove("stats").unwrap();
    report.to_string()
}

#[test]
fn a_report_rendered_from_its_tables_is_that_of_the_scan() {
    let place = tempfile::tempdir().unwrap();
    let (tables, file) = (place.path().join("tables"), place.path().join("report.json"));
    let [tables, file] = [&tables, &file].map(|path| path.to_str().unwrap());
    for options in [&["--count", "quotation"][..], &["--level", "documents", "--across-sources-only"]] {
        let scan = |format: &str, output: &str| {
            let form = ["scan", "data/feed", "-q", "--format", format, "-o", output];
            run(&[&form[..], options].concat());
        };
        scan("parquet", tables);
        scan("json", file);
        let written = fs::read(file).unwrap();
        let rendered = run(&["render", tables, "--format", "json", "-q"]);
        assert_eq!(without_stats(&rendered), without_stats(&written));
        for format in ["html", "graphml"] {
            let of = |report: &str| run(&["render", report, "--format", format, "-q"]);
            assert_eq!(of(tables).is_empty(), of(file).is_empty(), "{format}");
        }
    }
}

#[test]
fn tables_may_be_folders_of_parts_and_must_all_be_there() {
    let place = tempfile::tempdir().unwrap();
    let tables = place.path().join("tables");
    let path = tables.to_str().unwrap();
    run(&["scan", "data/feed", "-q", "--format", "parquet", "-o", path]);
    let whole = run(&["render", path, "--format", "json", "-q"]);
    for name in ["pairs", "skipped"] {
        let (file, part) = (tables.join(format!("{name}.parquet")), place.path().join("part"));
        fs::rename(&file, &part).unwrap();
        fs::create_dir(&file).unwrap();
        fs::rename(&part, file.join("part-00000.zstd.parquet")).unwrap();
        fs::write(file.join("_SUCCESS"), "").unwrap();
    }
    assert_eq!(run(&["render", path, "--format", "json", "-q"]), whole);
    let fails = |because: &str| {
        let out = Command::new(env!("CARGO_BIN_EXE_wirecopy")).args(["render", path]).output().unwrap();
        let error = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(1) && error.contains(because), "{error}");
    };
    damage(&tables.join("members.parquet"));
    fails("members.parquet");
    fs::remove_file(tables.join("members.parquet")).unwrap();
    fails("cannot open");
}

/// Cuts a file in half.
fn damage(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}
