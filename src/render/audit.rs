//! What `dedup` did, as JSON Lines: one removed, edited or unread record a
//! line.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::collection::Collection;
use crate::dedup::{Cut, Edited, Keep, Options, Plan, Remove, Removed, StripKind};
use crate::document::{DocId, Document, Skipped, Span};
use crate::report::Verdict;

/// The schema of the lines.
pub const AUDIT_SCHEMA: &str = "wirecopy.removed/1";

/// What is written down of one run.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a> {
    /// The documents of the run.
    pub corpus: Collection<'a>,
    /// How it was chosen.
    pub options: &'a Options,
    /// What was to be cut.
    pub strip: &'a [StripKind],
    /// What went.
    pub plan: &'a Plan,
    /// What was cut.
    pub edited: &'a [Edited],
    /// Documents in which nothing could be cut after all, and why.
    pub uncut: &'a [(DocId, String)],
    /// What could not be compared, and why.
    pub skipped: &'a [Skipped],
    /// The index whose documents are those of the other side, if there is one.
    pub index: Option<&'a str>,
}

/// The name that a document of an index goes by beside those of an input, by
/// its number there; its own id is its [`Document::original_id`]. Reports go by
/// the order of names, and those of an index come first.
pub fn name_in_index(number: u32) -> String {
    format!("{IN_INDEX}{number:010}")
}

/// What such names begin with: no id that is read as text from a file of text.
const IN_INDEX: &str = "\0index ";

/// The number of the document of an index that has this name.
fn number_in_index(name: &str) -> Option<u32> {
    // Where it collides with another, something stands behind it.
    name.strip_prefix(IN_INDEX)?.split('#').next()?.parse().ok()
}

/// One line. `type` comes first and is `header` (once), `removed` for each
/// document that went, `edited` for each in which something was cut,
/// `not_edited` where that could not be done, `unread` for each record that is
/// no document, or one without words, which stays where it was.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Header {
        schema: &'a str,
        keep: &'a Keep,
        remove: Remove,
        min_agreed: f64,
        strip: &'a [StripKind],
        removes_short: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        index: Option<&'a str>,
    },
    Removed {
        document: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        original_id: Option<&'a str>,
        path: &'a str,
        line: Option<u64>,
        record: Option<u64>,
        reason: Verdict,
        survivor: &'a str,
        survivor_path: &'a str,
        survivor_line: Option<u64>,
        /// Its number in the index, where it is there.
        #[serde(skip_serializing_if = "Option::is_none")]
        survivor_in_index: Option<u32>,
        jaccard: f64,
        agreed: f64,
        coverage: f64,
        coverage_of_survivor: f64,
    },
    Edited {
        document: &'a str,
        path: &'a str,
        line: Option<u64>,
        edits: Vec<Edit<'a>>,
    },
    NotEdited {
        document: &'a str,
        path: &'a str,
        line: Option<u64>,
        reason: &'a str,
    },
    Unread {
        path: &'a str,
        line: Option<u64>,
        document: Option<&'a str>,
        reason: &'a str,
    },
}

/// One cut: what was left out, and where the same still stands.
#[derive(Serialize)]
struct Edit<'a> {
    reason: StripKind,
    removed: Span,
    stands_in: &'a str,
    stands_at: Span,
}

impl Audit<'_> {
    /// Writes all lines.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Options { keep, remove, min_agreed, removes_short, .. } = self.options;
        let (remove, min_agreed, removes_short) = (*remove, *min_agreed, *removes_short);
        let (schema, strip, index) = (AUDIT_SCHEMA, self.strip, self.index);
        let header = Line::Header { schema, keep, remove, min_agreed, strip, removes_short, index };
        write_line(&header, out)?;
        for removed in &self.plan.removed {
            let [document, survivor] = [removed.document, removed.survivor].map(|id| self.corpus.about(id));
            write_line(&line_of(removed, &document, &survivor), out)?;
        }
        let uncut: BTreeSet<DocId> = self.uncut.iter().map(|(document, _)| *document).collect();
        for Edited { document, cuts } in self.edited.iter().filter(|edited| !uncut.contains(&edited.document))
        {
            let Document { id, path, line, .. } = &*self.corpus.about(*document);
            let stands_in: Vec<Cow<'_, Document>> =
                cuts.iter().map(|cut| self.corpus.about(cut.stands_in)).collect();
            let edits = cuts.iter().zip(&stands_in).map(|(cut, other)| edit(cut, other)).collect();
            write_line(&Line::Edited { document: id, path, line: *line, edits }, out)?;
        }
        for (document, reason) in self.uncut {
            let Document { id, path, line, .. } = &*self.corpus.about(*document);
            write_line(&Line::NotEdited { document: id, path, line: *line, reason }, out)?;
        }
        for Skipped { path, line, document, reason } in self.skipped {
            let document = document.as_deref();
            write_line(&Line::Unread { path, line: *line, document, reason }, out)?;
        }
        Ok(())
    }
}

fn line_of<'d>(removed: &Removed, document: &'d Document, survivor: &'d Document) -> Line<'d> {
    let survivor_in_index = number_in_index(&survivor.id).filter(|_| survivor.is_against);
    let own_id = survivor.original_id.as_ref().filter(|_| survivor_in_index.is_some());
    Line::Removed {
        document: &document.id,
        original_id: document.original_id.as_deref(),
        path: &document.path,
        line: document.line,
        record: Some(document.record).filter(|&record| record > 0),
        reason: removed.verdict,
        survivor: own_id.unwrap_or(&survivor.id),
        survivor_path: &survivor.path,
        survivor_line: survivor.line,
        survivor_in_index,
        jaccard: removed.jaccard,
        agreed: removed.agreed,
        coverage: removed.coverage,
        coverage_of_survivor: removed.coverage_of_survivor,
    }
}

fn edit<'d>(cut: &Cut, other: &'d Document) -> Edit<'d> {
    Edit { reason: cut.kind, removed: cut.span, stands_in: &other.id, stands_at: cut.stands_at }
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
