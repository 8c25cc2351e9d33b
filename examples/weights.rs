//! Chooses the weights of the clues on who was first, on planted syndication.
//!
//! ```text
//! plant="cargo run --release --example plant -- --input reuters21578.jsonl --sources 60"
//! $plant --stories 350 --seed 1 --output A
//! $plant --stories 250 --seed 2 --output B --dates-only
//! cargo run --release --example weights -- A B
//! ```
//!
//! For every labelled pair that is listed, with minutes and with dates, the
//! clues are put on the side of the true first document, and a logistic
//! regression without a constant is fitted by Newton's method with a small
//! ridge. The output is the weight of each clue, in the order of the
//! library's list, with the number of pairs that have the clue and the share
//! of them in which it points the right way. With `--rows` before the folders
//! the clues themselves are written, one pair a line.

#![allow(clippy::print_stdout, reason = "a program that prints what it measured")]

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use wirecopy::attribute::direction::CLUES;
use wirecopy::document::Corpus;
use wirecopy::eval::{Truth, TruthKind};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::read::{ReadOptions, read_paths};

/// Number of clues.
const N: usize = CLUES.len();

/// Strength of the ridge, in pairs: keeps a weight finite whose clue is never
/// wrong.
const RIDGE: f64 = 1.0;

/// Rounds of Newton's method; five are plenty for a few thousand pairs.
const ROUNDS: usize = 25;

fn main() -> ExitCode {
    let mut folders: Vec<String> = std::env::args().skip(1).collect();
    let with_rows = folders.first().is_some_and(|first| first == "--rows");
    folders.drain(..usize::from(with_rows));
    match run(&folders, with_rows) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is closed.
            let _ = writeln!(io::stderr(), "weights: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folders: &[String], with_rows: bool) -> Result<(), Box<dyn std::error::Error>> {
    if folders.is_empty() {
        return Err("give folders that the example plant wrote with --stories".into());
    }
    let mut rows = Vec::new();
    for folder in folders {
        rows.extend(labelled(Path::new(folder))?);
    }
    let mut out = io::stdout().lock();
    if with_rows {
        for row in &rows {
            let values: Vec<String> = row.iter().map(f64::to_string).collect();
            writeln!(out, "{}", values.join("\t"))?;
        }
        return Ok(());
    }
    let weights = fit(&rows);
    writeln!(out, "{} pairs", rows.len())?;
    writeln!(out, "{:<10}{:>10}{:>10}{:>10}", "clue", "weight", "pairs", "right")?;
    for (clue, name) in CLUES.iter().enumerate() {
        let seen = rows.iter().filter(|row| row[clue].abs() > 1e-9).count();
        let right = rows.iter().filter(|row| row[clue] > 1e-9).count();
        let share = right as f64 / seen.max(1) as f64;
        writeln!(out, "{name:<10}{:>10.3}{seen:>10}{share:>10.4}", weights[clue])?;
    }
    let array: Vec<String> = weights.iter().map(|weight| format!("{weight:.2}")).collect();
    writeln!(out, "[{}]", array.join(", "))?;
    Ok(())
}

/// The clues on the labelled pairs of a folder, seen from the true first.
fn labelled(folder: &Path) -> Result<Vec<[f64; N]>, Box<dyn std::error::Error>> {
    let docs = folder.join("docs.jsonl").display().to_string();
    let outcome = read_paths(&[docs], &ReadOptions::default(), &())?;
    let corpus = Corpus::try_new(outcome.documents)?;
    let clues = pipeline::clues(&corpus, &Params::default(), &())?;
    let by_pair: HashMap<(&str, &str), &[f64; N]> =
        clues.iter().map(|(a, b, values)| ((a.as_str(), b.as_str()), values)).collect();
    let Truth::Direction(labels) = Truth::read(&folder.join("direction.tsv"), TruthKind::Direction)? else {
        return Err("direction.tsv has no directions".into());
    };
    let of_label = |(from, to): (&str, &str)| match by_pair.get(&(from, to)) {
        Some(values) => Some(**values),
        None => by_pair.get(&(to, from)).map(|values| values.map(|value| -value)),
    };
    Ok(labels.iter().filter_map(|label| of_label((&label.from, &label.to))).collect())
}

/// Weights under which the rows are likeliest.
fn fit(rows: &[[f64; N]]) -> [f64; N] {
    let mut weights = [0.0; N];
    for _ in 0..ROUNDS {
        let mut gradient = weights.map(|weight| -RIDGE * weight);
        let mut curvature = [[0.0; N]; N];
        (0..N).for_each(|i| curvature[i][i] = RIDGE);
        for row in rows {
            let sum: f64 = row.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let wrong = 1.0 / (1.0 + sum.exp());
            for i in 0..N {
                gradient[i] += wrong * row[i];
                for j in 0..N {
                    curvature[i][j] += wrong * (1.0 - wrong) * row[i] * row[j];
                }
            }
        }
        let step = solved(curvature, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    weights
}

/// Gaussian elimination; the matrix is positive definite, so no pivot is 0.
fn solved(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        for row in 0..N {
            if row == column {
                continue;
            }
            let factor = matrix[row][column] / matrix[column][column];
            let pivot = matrix[column];
            matrix[row].iter_mut().zip(pivot).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    std::array::from_fn(|at| right[at] / matrix[at][at])
}
