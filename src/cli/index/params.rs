//! The parameters of an index that is there, and what is typed beside it.

use crate::params::Params;

/// The parameters that an index was made with, and in their place those of
/// `typed` whose options were given; agencies are given in settings alone. The
/// index is then asked whether it was made with these.
pub(in crate::cli) fn with_given(own: &Params, typed: &Params, given: &[String]) -> Params {
    let Params { level, noise, count, agencies, .. } = typed;
    let is_given = |name: &str| given.iter().any(|given| given == name);
    let number = |name: &str, of: fn(&Params) -> usize| of(if is_given(name) { typed } else { own });
    let share = |name: &str, of: fn(&Params) -> f64| of(if is_given(name) { typed } else { own });
    Params {
        level: if is_given("level") { *level } else { own.level },
        shingle_len: number("shingle-len", |params| params.shingle_len),
        num_hashes: number("num-hashes", |params| params.num_hashes),
        min_jaccard: share("min-jaccard", |params| params.min_jaccard),
        min_containment: share("min-containment", |params| params.min_containment),
        min_derived: share("min-derived", |params| params.min_derived),
        min_passage_tokens: number("min-passage-tokens", |params| params.min_passage_tokens),
        min_repeat_tokens: number("min-repeat-tokens", |params| params.min_repeat_tokens),
        noise: if is_given("noise") { *noise } else { own.noise },
        count: if is_given("count") { count } else { &own.count }.clone(),
        agencies: if agencies.is_empty() { &own.agencies } else { agencies }.clone(),
        ..own.clone()
    }
}
