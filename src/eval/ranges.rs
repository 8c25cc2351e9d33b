//! Sets of bytes as lists of spans.

use crate::document::Span;

/// The same bytes as spans that neither overlap nor touch, in order.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut union: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match union.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => union.push(span),
        }
    }
    union
}

pub(super) fn total(union: &[Span]) -> u64 {
    union.iter().map(|span| span.len() as u64).sum()
}

/// The bytes that two unions share.
pub(super) fn shared(a: &[Span], b: &[Span]) -> u64 {
    let (mut i, mut j, mut bytes) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        bytes += a[i].overlap(b[j]) as u64;
        if a[i].end <= b[j].end {
            i += 1;
        } else {
            j += 1;
        }
    }
    bytes
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    pub(in super::super) fn spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (0..60usize, 1..20usize).prop_map(|(start, len)| Span::new(start, start + len));
        prop::collection::vec(span, 0..8)
    }

    pub(in super::super) fn byte_set(spans: &[Span]) -> BTreeSet<usize> {
        spans.iter().flat_map(|span| span.start..span.end).collect()
    }

    proptest! {
        #[test]
        fn unions_and_what_they_share_agree_with_sets_of_bytes(a in spans(), b in spans()) {
            let (set_a, set_b) = (byte_set(&a), byte_set(&b));
            let (a, b) = (union(a), union(b));
            prop_assert_eq!(total(&a), set_a.len() as u64);
            prop_assert_eq!(shared(&a, &b), set_a.intersection(&set_b).count() as u64);
        }
    }
}
