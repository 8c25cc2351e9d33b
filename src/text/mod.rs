//! Raw text → tokens.

/// One token: the hash of its normalised form and where it stands in the raw
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// xxh3 of the normalised UTF-8 bytes.
    pub hash: u64,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset of the first byte behind it.
    pub end: u32,
}

/// Splits texts into tokens; keeps its buffers from text to text.
#[derive(Debug, Default)]
pub struct Tokenizer {}

impl Tokenizer {
    /// A tokenizer with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hands every token of `text` to `emit`, in order. Texts are shorter
    /// than 4 GiB; the reader refuses longer ones.
    pub fn tokenize(&mut self, text: &str, mut emit: impl FnMut(Token)) {
        let mut start = None;
        for (offset, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(offset),
                (false, Some(from)) => {
                    let hash = crate::hash::token(text[from..offset].to_lowercase().as_bytes());
                    emit(Token { hash, start: from as u32, end: offset as u32 });
                    start = None;
                }
                _ => {}
            }
        }
    }
}
