//! The columns of each table.

use super::{Column, Kind};

pub(super) const fn of(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, is_optional: false }
}

const fn maybe(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, is_optional: true }
}

pub(super) const DOCUMENTS: &[Column] = &[
    of("id", Kind::Text),
    maybe("original_id", Kind::Text),
    of("path", Kind::Text),
    of("span_base", Kind::Text),
    of("source", Kind::Text),
    maybe("title", Kind::Text),
    maybe("url", Kind::Text),
    maybe("published", Kind::Text),
    maybe("published_from", Kind::Time),
    maybe("published_until", Kind::Time),
    maybe("language", Kind::Text),
    of("bytes", Kind::Integer),
    of("tokens", Kind::Integer),
    of("too_short", Kind::Flag),
    of("repeated_share", Kind::Double),
    of("credits", Kind::Text),
    of("against", Kind::Flag),
    maybe("dated_by", Kind::Text),
];

pub(super) const PAIRS: &[Column] = &[
    of("a", Kind::Text),
    of("b", Kind::Text),
    of("a_source", Kind::Text),
    of("b_source", Kind::Text),
    of("verdict", Kind::Text),
    maybe("reason", Kind::Text),
    of("jaccard", Kind::Double),
    maybe("counted_jaccard", Kind::Double),
    of("containment_of_a_in_b", Kind::Double),
    of("containment_of_b_in_a", Kind::Double),
    of("coverage_of_a_by_b", Kind::Double),
    of("coverage_of_b_by_a", Kind::Double),
    of("passages", Kind::Integer),
    maybe("direction_from", Kind::Text),
    of("direction_confidence", Kind::Double),
    of("direction_evidence", Kind::Text),
];

pub(super) const PASSAGES: &[Column] = &[
    of("a", Kind::Text),
    of("b", Kind::Text),
    of("passage", Kind::Integer),
    of("a_start", Kind::Integer),
    of("a_end", Kind::Integer),
    of("b_start", Kind::Integer),
    of("b_end", Kind::Integer),
    of("tokens", Kind::Integer),
    of("identity", Kind::Double),
    of("kind", Kind::Text),
    of("reason", Kind::Text),
];

pub(super) const CLUSTERS: &[Column] = &[
    of("id", Kind::Text),
    of("representative", Kind::Text),
    of("members", Kind::Integer),
    of("sources", Kind::Integer),
    of("independent_origins", Kind::Integer),
    of("cohesion", Kind::Double),
    of("pairs_complete", Kind::Flag),
    maybe("origin_document", Kind::Text),
    maybe("origin_source", Kind::Text),
    maybe("origin_agency", Kind::Text),
    of("origin_confidence", Kind::Double),
    of("origin_evidence", Kind::Text),
    of("origin_outside", Kind::Flag),
];

pub(super) const MEMBERS: &[Column] = &[
    of("cluster", Kind::Text),
    of("document", Kind::Text),
    of("source", Kind::Text),
    maybe("title", Kind::Text),
    maybe("url", Kind::Text),
    maybe("published", Kind::Text),
    of("role", Kind::Text),
    of("primary", Kind::Flag),
    maybe("parent", Kind::Text),
    of("share_copied", Kind::Double),
    maybe("credited", Kind::Flag),
];

pub(super) const PUBLISHERS: &[Column] = &[
    of("source", Kind::Text),
    of("documents", Kind::Integer),
    of("original", Kind::Integer),
    of("copied", Kind::Integer),
    of("credited", Kind::Integer),
];

pub(super) const SOURCES: &[Column] = &[
    of("source", Kind::Text),
    of("copied_from", Kind::Text),
    of("documents", Kind::Integer),
    of("credited", Kind::Integer),
    of("tokens", Kind::Integer),
    maybe("median_lag_s", Kind::Integer),
];

pub(super) const REPEATS: &[Column] = &[
    of("document", Kind::Text),
    of("repeat", Kind::Integer),
    of("place", Kind::Integer),
    of("start", Kind::Integer),
    of("end", Kind::Integer),
    of("tokens", Kind::Integer),
    of("identity", Kind::Double),
];

pub(super) const SKIPPED: &[Column] = &[
    of("path", Kind::Text),
    maybe("line", Kind::Integer),
    maybe("document", Kind::Text),
    of("reason", Kind::Text),
];
