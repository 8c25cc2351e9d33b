//! `--explain-params`: what the parameters can find.

use std::io::{self, Write};

use crate::candidates::LONE_BUCKET;
use crate::candidates::bands::Bands;
use crate::params::{Level, Params};
use crate::sketch::winnow;

/// Similarities whose recall is printed, in per cent.
const SIMILARITIES: [u32; 14] = [30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95];

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
    writeln!(out, "than {LONE_BUCKET} documents have it, each is compared with one of the others at least.")?;
    writeln!(out)?;
    write_recall(params, &bands, out)
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
