//! The report as one web page that needs nothing but a browser.
//!
//! The page is one file: template, style sheet and script stand beside this
//! file and are compiled in, findings and texts are embedded as JSON in blocks
//! that are not executed; pairs and texts, which are most of it and are needed
//! later, in gzip and base 64. What is shown at first (figures, histograms, table
//! of agencies, matrix of publishers) is written here, so that it is there
//! without a script; lists, clusters and pairs are made by the script when
//! they are looked at, so ten thousand clusters open like ten.
//!
//! Nothing of the input can run or load: the template escapes, the JSON holds
//! no `<`, the script writes text nodes only, and the content security policy
//! allows exactly the one script and the one style sheet, by their SHA-256,
//! and no request at all.
//!
//! Findings are never left out. Texts are embedded once each up to
//! [`HtmlRender::text_budget`], those first that show something of as many
//! clusters as possible (`texts.rs`), and the page says what it lacks. Time
//! and space are linear in the report and sorting; of what is written only
//! tables of documents are held in memory.

mod data;
mod embed;
mod matrix;
mod overview;
mod texts;

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write as _};

use askama::Template;

use self::data::{Core, Findings, Pairs};
use self::embed::{Embedded, Packed, sha256_base64};
use self::overview::Overview;
use self::texts::ChosenTexts;
use super::lookup::Lookup;
use super::{Render, Texts};
use crate::report::Report;

/// Bytes of texts that a page holds by default: some ten thousand news
/// stories of 350 words. Packed, they take about half of that in the file.
pub const DEFAULT_TEXT_BUDGET: usize = 24 << 20;

/// The sections of the script, in the order in which they are put together.
const SCRIPT: &str = concat!(
    include_str!("script/page.js"),
    include_str!("script/words.js"),
    include_str!("script/list.js"),
    include_str!("script/cluster.js"),
    include_str!("script/align.js"),
    include_str!("script/texts.js"),
    include_str!("script/views.js"),
);

const STYLE: &str = include_str!("style.css");

/// One self-contained HTML file: figures, clusters to sort and filter, time
/// lines, derivation, pairs side by side, a matrix of publishers.
#[derive(Clone, Copy, Debug)]
pub struct HtmlRender {
    /// Bytes that embedded texts may take before they are packed. What does
    /// not fit is left out and counted on the page; 0 gives a page without
    /// texts.
    pub text_budget: usize,
}

impl Default for HtmlRender {
    /// With [`DEFAULT_TEXT_BUDGET`].
    fn default() -> Self {
        Self { text_budget: DEFAULT_TEXT_BUDGET }
    }
}

#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct Page<'a> {
    /// Made of fixed words and two hashes, and so written as it is.
    policy: String,
    script: &'static str,
    style: &'static str,
    version: &'static str,
    overview: Overview,
    core: Embedded<Core<'a>>,
    pairs: Packed<Pairs<'a>>,
    texts: Packed<&'a [Cow<'a, str>]>,
}

impl Render for HtmlRender {
    fn render(&self, report: &Report, texts: &dyn Texts, out: &mut dyn io::Write) -> io::Result<()> {
        let findings = Findings::new(Lookup::new(report));
        let chosen = ChosenTexts::choose(&findings, texts, self.text_budget);
        let page = Page {
            policy: policy(),
            script: SCRIPT,
            style: STYLE,
            version: env!("CARGO_PKG_VERSION"),
            overview: Overview::new(&findings, &chosen),
            core: Embedded(Core::new(&findings, &chosen)),
            pairs: Packed(Pairs::new(&findings)),
            texts: Packed(chosen.texts()),
        };
        let mut out = io::BufWriter::new(out);
        page.write_into(&mut out)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// What the browser may run and load: this script, this style sheet, nothing
/// else.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        sha256_base64(SCRIPT),
        sha256_base64(STYLE)
    )
}
