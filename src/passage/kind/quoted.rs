//! What a text quotes: block quotes and quotation marks.
//!
//! - *Block quotes* and indented paragraphs are told by their lines
//!   (`blocks.rs`),
//! - quotations between marks by the characters (`marks.rs`).
//!
//! No word is looked at, so the rules serve any language. One pass over the
//! bytes and one over the lines; O(n) in time, and space for the spans found.

mod blocks;
mod marks;

use std::ops::Range;

use blocks::blocks;
pub use blocks::{MIN_INDENTED, mean_columns};
use marks::Marks;

/// How something is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Line by line, with so many marks before each: a quotation in a quotation
    /// has one more.
    Block(u8),
    /// By indentation.
    Indented,
    /// Between quotation marks.
    Marks,
}

/// A stretch of a text that is quoted, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Where it stands.
    pub bytes: Range<usize>,
    /// How it is quoted.
    pub form: Form,
}

/// The quoted stretches of a text, in order, apart from each other. Where both
/// forms meet, the block has it.
pub fn quoted(text: &str) -> Vec<Quoted> {
    let blocks = blocks(text);
    let marks = Marks::new(text).find();
    if blocks.is_empty() {
        return marks.into_iter().map(|bytes| Quoted { bytes, form: Form::Marks }).collect();
    }
    let mut found: Vec<Quoted> = Vec::with_capacity(blocks.len() + marks.len());
    let mut blocks = blocks.into_iter().peekable();
    for mark in marks {
        // A block that an earlier quotation met may reach into this one.
        let mut start = mark.start.max(found.last().map_or(0, |last| last.bytes.end));
        while let Some(block) = blocks.next_if(|block| block.bytes.start < mark.end) {
            if start < block.bytes.start {
                found.push(Quoted { bytes: start..block.bytes.start, form: Form::Marks });
            }
            start = start.max(block.bytes.end);
            found.push(block);
        }
        if start < mark.end {
            found.push(Quoted { bytes: start..mark.end, form: Form::Marks });
        }
    }
    found.extend(blocks);
    found
}

#[cfg(test)]
mod tests;
