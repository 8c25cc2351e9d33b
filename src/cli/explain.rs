//! `--explain-params`: what the parameters can find.

use std::io::{self, Write};

use crate::candidates::LONE_BUCKET;
use crate::candidates::bands::Bands;
use crate::params::{Level, Noise, Params};
use crate::sketch::{letters, triples, winnow};

/// Similarities whose recall is printed, in per cent.
const SIMILARITIES: [u32; 14] = [30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95];

/// Shares of words changed for which runs were counted, in per cent.
const CHANGED_PERCENT: [u32; 6] = [0, 5, 10, 15, 20, 30];

/// Share of runs of so many tokens that were found, by that share of changed
/// words: `examples/odds` on `reuters21578`, 200 runs each, default parameters.
const FOUND_OF_CHANGED: [(u32, [f64; 6]); 4] = [
    (25, [0.995, 0.55, 0.355, 0.125, 0.05, 0.0]),
    (50, [1.0, 1.0, 0.985, 0.935, 0.815, 0.325]),
    (100, [1.0, 1.0, 1.0, 1.0, 1.0, 0.82]),
    (200, [1.0, 1.0, 1.0, 1.0, 1.0, 0.895]),
];

/// Prints the expected recall of whole-document sketches and the guarantee of
/// fingerprints.
pub(super) fn write(params: &Params, out: &mut dyn Write) -> io::Result<()> {
    let bands = Bands::new(params);
    writeln!(out, "shingles of {} tokens", params.shingle_len)?;
    writeln!(out)?;
    if params.level == Level::Documents {
        writeln!(out, "Passages are not looked for (--level documents).")?;
        writeln!(out)?;
        return write_recall(params, &bands, out);
    }
    writeln!(
        out,
        "Passages: any run of {} tokens that two documents share is seen",
        winnow::guarantee_tokens(params)
    )?;
    writeln!(
        out,
        "(one fingerprint in every {} shingles); shorter runs often are. Where more",
        winnow::window(params)
    )?;
    writeln!(
        out,
        "than {LONE_BUCKET} documents have it, each is as a rule compared with one of the others."
    )?;
    writeln!(out)?;
    write_changed(params, out)?;
    writeln!(out)?;
    write_recall(params, &bands, out)
}

/// What finds runs of which words were changed or misread.
fn write_changed(params: &Params, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Copies with words changed: of triples of tokens one in {} is kept, with its place.",
        triples::KEPT_OF
    )?;
    writeln!(out, "A pair is compared where several stand in the same order that are together rare:")?;
    writeln!(out, "three that nobody else has, or more of commoner ones.")?;
    let misread = match params.noise {
        Noise::Auto => "what looks misread",
        Noise::Clean => "nothing",
        Noise::Ocr => "everything",
    };
    writeln!(
        out,
        "Misread texts: the same of {} letters in a row, one in {}, where --noise says so (now: {misread}).",
        letters::GRAM_LETTERS,
        letters::KEPT_OF
    )?;
    writeln!(out)?;
    writeln!(out, "Measured with the defaults on newswire (examples/odds): share of runs that are")?;
    writeln!(out, "found of which so many words were changed")?;
    writeln!(out)?;
    write!(out, "tokens")?;
    CHANGED_PERCENT.iter().try_for_each(|percent| write!(out, "{percent:>6} %"))?;
    writeln!(out)?;
    for (tokens, found) in FOUND_OF_CHANGED {
        write!(out, "{tokens:>6}")?;
        found.iter().try_for_each(|share| write!(out, "{share:>8.3}"))?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_recall(params: &Params, bands: &Bands, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Whole documents: {} MinHash values in {} bands of {} rows; standard error of an",
        params.num_hashes, bands.bands, bands.rows
    )?;
    let error = (params.min_jaccard * (1.0 - params.min_jaccard) / params.num_hashes as f64).sqrt();
    writeln!(out, "estimate at the threshold of {}: {error:.3}", params.min_jaccard)?;
    writeln!(out)?;
    writeln!(out, "Jaccard   expected recall of the bands alone")?;
    for similarity in SIMILARITIES {
        let jaccard = f64::from(similarity) / 100.0;
        writeln!(out, "   {jaccard:.2}   {:.4}", bands.probability(jaccard))?;
    }
    writeln!(out)?;
    match params.level {
        Level::Passages => {
            writeln!(out, "Every pair that either finds is compared exactly, so these are lower bounds.")
        }
        Level::Documents => writeln!(out, "Every pair that they find is compared exactly."),
    }
}
