//! What `dedup` did, as JSON Lines: one removed, edited or unread record a
//! line.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::dedup::{Cut, Edited, Keep, Options, Plan, Remove, Removed, StripKind};
use crate::document::{Corpus, DocId, Document, Skipped, Span};
use crate::report::Verdict;

/// The schema of the lines.
pub const AUDIT_SCHEMA: &str = "wirecopy.removed/1";

/// What is written down of one run.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a> {
    /// The documents of the run.
    pub corpus: &'a Corpus,
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
        let header =
            Line::Header { schema: AUDIT_SCHEMA, keep, remove, min_agreed, strip: self.strip, removes_short };
        write_line(&header, out)?;
        for removed in &self.plan.removed {
            write_line(&self.removed(removed), out)?;
        }
        let uncut: BTreeSet<DocId> = self.uncut.iter().map(|(document, _)| *document).collect();
        for Edited { document, cuts } in self.edited.iter().filter(|edited| !uncut.contains(&edited.document))
        {
            let Document { id, path, line, .. } = &self.corpus[*document];
            let edits = cuts.iter().map(|cut| self.edit(cut)).collect();
            write_line(&Line::Edited { document: id, path, line: *line, edits }, out)?;
        }
        for (document, reason) in self.uncut {
            let Document { id, path, line, .. } = &self.corpus[*document];
            write_line(&Line::NotEdited { document: id, path, line: *line, reason }, out)?;
        }
        for Skipped { path, line, document, reason } in self.skipped {
            let document = document.as_deref();
            write_line(&Line::Unread { path, line: *line, document, reason }, out)?;
        }
        Ok(())
    }

    fn removed(&self, removed: &Removed) -> Line<'_> {
        let (document, survivor) = (&self.corpus[removed.document], &self.corpus[removed.survivor]);
        Line::Removed {
            document: &document.id,
            original_id: document.original_id.as_deref(),
            path: &document.path,
            line: document.line,
            record: Some(document.record).filter(|&record| record > 0),
            reason: removed.verdict,
            survivor: &survivor.id,
            survivor_path: &survivor.path,
            survivor_line: survivor.line,
            jaccard: removed.jaccard,
            agreed: removed.agreed,
            coverage: removed.coverage,
            coverage_of_survivor: removed.coverage_of_survivor,
        }
    }

    fn edit(&self, cut: &Cut) -> Edit<'_> {
        Edit {
            reason: cut.kind,
            removed: cut.span,
            stands_in: &self.corpus[cut.stands_in].id,
            stands_at: cut.stands_at,
        }
    }
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
