//! Reading beside a bare loop over a parser: `bare ours|loop|write FILE`.
//!
//! `ours` reads FILE with the library and drops the documents; `loop` does the
//! least that looks at all of the file: JSON Lines are validated line by line,
//! records of a WARC are read one by one, and of a Parquet file the values of
//! the columns that we take, too. Both print what they saw and the seconds.
//! `write` makes FILE.warc of a JSON Lines file.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::time::Instant;

use parquet::column::reader::ColumnReader;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde::de::IgnoredAny;
use wirecopy::read::{ReadOptions, read_paths_to};

/// Rows asked for at a time.
const ROWS: usize = 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, mode, path] = arguments.as_slice() else { return Err("usage: bare ours|loop|write FILE".into()) };
    let start = Instant::now();
    let (records, bytes) = match (mode.as_str(), path.rsplit('.').next()) {
        ("ours", _) => ours(path)?,
        ("loop", Some("jsonl")) => jsonl(path)?,
        ("loop", Some("warc")) => crawl(path)?,
        ("loop", Some("parquet")) => columns(path)?,
        ("write", _) => write(path)?,
        _ => return Err("nothing is known of such files".into()),
    };
    println!("{mode} {path}: {records} records, {bytes} bytes, {:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn ours(path: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let (mut records, mut bytes) = (0, 0);
    // On the pool, as the command does: otherwise each block changes threads.
    rayon::scope(|_| {
        read_paths_to(&[path.to_owned()], &ReadOptions::default(), &(), &mut |documents| {
            records += documents.len();
            bytes += documents.iter().map(|document| document.text.len()).sum::<usize>();
            ControlFlow::Continue(())
        })
    })?;
    Ok((records, bytes))
}

fn jsonl(path: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut records, mut bytes, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line)? == 0 {
            return Ok((records, bytes));
        }
        let text = std::str::from_utf8(&line)?;
        serde_json::from_str::<IgnoredAny>(text)?;
        records += 1;
        bytes += line.len();
    }
}

fn crawl(path: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let (mut records, mut bytes) = (0, 0);
    for record in warc::WarcReader::new(BufReader::with_capacity(1 << 20, File::open(path)?)).iter_records() {
        records += 1;
        bytes += record?.body().len();
    }
    Ok((records, bytes))
}

fn columns(path: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let file = SerializedFileReader::new(File::open(path)?)?;
    let taken = ["id", "text", "title", "url", "source", "published", "language"];
    let (mut records, mut bytes) = (0, 0);
    for group in 0..file.num_row_groups() {
        let (metadata, group) = (file.metadata().row_group(group), file.get_row_group(group)?);
        for index in 0..metadata.num_columns() {
            let name = metadata.column(index).column_path().string();
            let ColumnReader::ByteArrayColumnReader(mut column) = group.get_column_reader(index)? else {
                continue;
            };
            if !taken.contains(&name.as_str()) {
                continue;
            }
            let mut values = Vec::new();
            loop {
                values.clear();
                let (mut levels, mut repeats) = (Vec::new(), Vec::new());
                let (rows, _, _) =
                    column.read_records(ROWS, Some(&mut levels), Some(&mut repeats), &mut values)?;
                if rows == 0 {
                    break;
                }
                records += if name == "text" { rows } else { 0 };
                for value in &values {
                    bytes += std::str::from_utf8(value.data())?.len();
                }
            }
        }
    }
    Ok((records, bytes))
}

/// The texts of a JSON Lines file as a crawl of plain texts.
fn write(path: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(format!("{path}.warc"))?);
    let (mut records, mut bytes) = (0, 0);
    let mut result = Ok(());
    read_paths_to(&[path.to_owned()], &ReadOptions::default(), &(), &mut |documents| {
        for document in documents {
            let body = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
                document.text
            );
            let written = write!(
                out,
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{records}>\r\nWARC-Date: 2026-05-11T10:00:00Z\r\n\
                 WARC-Target-URI: http://a.example/{records}\r\nContent-Type: application/http; msgtype=response\r\n\
                 Content-Length: {}\r\n\r\n{body}\r\n\r\n",
                body.len()
            );
            if let Err(error) = written {
                result = Err(error);
                return ControlFlow::Break(());
            }
            records += 1;
            bytes += body.len();
        }
        ControlFlow::Continue(())
    })?;
    result?;
    out.flush()?;
    Ok((records, bytes))
}
