//! A report outside of memory → as much of it as removal asks for.

use crate::error::Error;
use crate::report::{Cluster, Direction, DocumentEntry, Origin, Pair, PassageKind, Report};
use crate::spill::entries::Lists;

/// A report whose long lists were written out, with as much of these as
/// removal asks for: who, when and how long, and where words are shared; no
/// titles, credits and reasons.
///
/// # Errors
///
/// If a temporary file failed.
pub fn with_lists(report: Report, lists: &Lists) -> Result<Report, Error> {
    let document = |entry: DocumentEntry| DocumentEntry {
        title: None,
        url: None,
        language: None,
        path: String::new(),
        credits: Vec::new(),
        ..entry
    };
    let pair = |mut pair: Pair| {
        pair.passages.retain(|passage| matches!(passage.kind, PassageKind::Copy | PassageKind::Boilerplate));
        pair.passages.iter_mut().for_each(|passage| passage.reason = "".into());
        pair.passages.shrink_to_fit();
        let direction = Direction { from: None, evidence: Vec::new(), ..pair.direction };
        Pair { reason: None, direction, ..pair }
    };
    let cluster = |cluster: Cluster| {
        let origin = Origin { evidence: Vec::new(), ..cluster.origin };
        Cluster { origin, ..cluster }
    };
    let all = Report {
        documents: lists.documents.iter().map(document).collect(),
        repeats: lists.repeats.iter().collect(),
        exact_groups: lists.exact_groups.iter().collect(),
        pairs: lists.pairs.iter().map(pair).collect(),
        clusters: lists.clusters.iter().map(cluster).collect(),
        ..report
    };
    lists.check()?;
    Ok(all)
}
