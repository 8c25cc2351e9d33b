//! Short texts: when is a headline, a notice or a stub a copy of another text?
//!
//! In a text of a dozen tokens one word is a fact: "Record April 15" and
//! "Record April 30" are two dividends, and share nine shingles of eleven. The
//! Jaccard similarity then says where in the text the words differ rather than
//! how much: a change in the middle costs five shingles of ten, one at the end
//! costs one. So where the shorter side has fewer than [`SHORT_TEXT`] tokens,
//! the thresholds only say that a pair is listed; it unites if the longer text
//! has every word of the shorter in the same order, so that words were added
//! or left out and none was changed. O(n) in the tokens of the two.
//!
//! Without tokens ([`Level::Documents`](crate::params::Level::Documents)) the
//! longer text must have every shingle of the shorter.

use crate::passage::prepared::Prepared;

/// Tokens from which a text is long enough for shares to say how alike two
/// texts are. Of the 79 pairs of `reuters21578` that have a side below and
/// reach a uniting threshold, most are dividends, prices and prime rates with
/// other facts; with 30 tokens and more, half of the shingles or a passage of
/// 25 tokens is a sentence.
pub const SHORT_TEXT: usize = 30;

/// Whether the shorter of two documents is a short text of which the longer has
/// not every word in the same order; `shared` is the number of distinct shingles
/// that both have.
pub fn changes_words(a: &Prepared, b: &Prepared, shared: usize) -> bool {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if shorter.len() >= SHORT_TEXT {
        return false;
    }
    if shorter.tokens.is_empty() {
        return shared < shorter.distinct();
    }
    let mut rest = longer.tokens.iter();
    !shorter.tokens.iter().all(|token| rest.any(|other| other == token))
}
