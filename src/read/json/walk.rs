//! One JSON object → one record, the quick way for objects without a fault.
//!
//! The walk of `object.rs` over the bytes themselves: it takes the same
//! objects apart with the same result, in one pass and without a parser's
//! layers between. It gives up (`None`) wherever the JSON is not well-formed,
//! and also on some that is (deep nesting, numbers that no float holds);
//! `object.rs` then reads the line again and says what is wrong. So this
//! file knows no error messages, and may refuse but never accept more.
//!
//! Cost is a pass over the line, [`Specials`] finding the ends of runs of
//! text, and one more copy of each wanted string that has escapes, but for the
//! text itself.

use serde::de::Deserializer;

use super::object::{Value, is_wanted};
use super::scan::Specials;
use crate::read::fields::{Field, FieldTree, Wanted};
use crate::read::record::Record;

/// Wanted objects and lists within each other, past which we give up: feeds
/// nest two deep, and the recursion must end before the stack does.
const MAX_DEPTH: u32 = 32;

/// Objects and lists within each other that are passed over, past which we
/// give up: their kinds are the bits of one number.
const MAX_SKIPPED_DEPTH: u32 = u64::BITS;

/// Reads the object that `line` is, or gives up. Strings are put together in
/// `scratch`, whose content means nothing.
pub(crate) fn read(line: &str, tree: &FieldTree, scratch: &mut String) -> Option<Record> {
    let mut record = Record::default();
    let bytes = line.as_bytes();
    let mut walk = Walk { line, bytes, specials: Specials::new(bytes), at: 0, depth: 0, scratch };
    walk.expect(b'{')?;
    walk.object(tree, &mut record)?;
    walk.skip_space();
    (walk.at == line.len()).then_some(record)
}

/// A place in a line, and what is needed to go on from it.
struct Walk<'l, 's> {
    line: &'l str,
    bytes: &'l [u8],
    specials: Specials<'l>,
    at: usize,
    depth: u32,
    scratch: &'s mut String,
}

impl Walk<'_, '_> {
    /// The members of an object, behind its opening brace.
    fn object(&mut self, tree: &FieldTree, record: &mut Record) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        if self.next()? != b'}' {
            self.at -= 1;
            loop {
                self.expect(b'"')?;
                let place = tree.below(self.string()?);
                self.expect(b':')?;
                match place {
                    Some(place) if is_wanted(place, record) => self.value(place, record)?,
                    _ => self.skip_value()?,
                }
                match self.next()? {
                    b',' => {}
                    b'}' => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// A value at a wanted place.
    fn value(&mut self, place: &FieldTree, record: &mut Record) -> Option<()> {
        match self.next()? {
            b'"' if let [wanted @ Wanted { field: Field::Text, .. }] = *place.wanted() => {
                let text = self.owned_string()?;
                record.put_whole(wanted, text);
                Some(())
            }
            b'"' => {
                let text = self.string()?;
                place.wanted().iter().for_each(|&wanted| record.put(wanted, text));
                Some(())
            }
            b'{' => {
                place.wanted().iter().for_each(|&wanted| record.put_odd(wanted, "an object"));
                self.object(place, record)
            }
            b'[' => self.list(place, record),
            // Their forms are the parser's business.
            first => {
                let start = self.at - 1;
                self.skip_scalar(first)?;
                let mut json = serde_json::Deserializer::from_str(&self.line[start..self.at]);
                json.deserialize_any(Value { place, record }).ok()
            }
        }
    }

    /// The members of a list at a wanted place, behind its opening bracket;
    /// it stands for its first member, except as a text.
    fn list(&mut self, place: &FieldTree, record: &mut Record) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let is_text = place.wanted().iter().any(|wanted| wanted.field == Field::Text);
        place.wanted().iter().for_each(|&wanted| record.put_odd(wanted, "an array"));
        let mut is_first = true;
        if self.next()? != b']' {
            self.at -= 1;
            loop {
                match is_first && !is_text {
                    true => self.value(place, record)?,
                    false => self.skip_value()?,
                }
                is_first = false;
                match self.next()? {
                    b',' => {}
                    b']' => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// A string behind its opening quote.
    #[inline]
    fn string(&mut self) -> Option<&str> {
        let start = self.at;
        let end = self.specials.next(start)?;
        match self.bytes[end] {
            b'"' => {
                self.at = end + 1;
                Some(&self.line[start..end])
            }
            b'\\' => {
                self.scratch.clear();
                self.put_together(end)?;
                Some(self.scratch)
            }
            _ => None,
        }
    }

    /// The same for one that is most of a line and kept: with escapes, it is
    /// put together where it stays.
    fn owned_string(&mut self) -> Option<String> {
        let start = self.at;
        let end = self.specials.next(start)?;
        match self.bytes[end] {
            b'"' => {
                self.at = end + 1;
                Some(self.line[start..end].to_owned())
            }
            b'\\' => {
                // No longer than what is left of the line: an escape is not.
                let room = String::with_capacity(self.line.len() - start);
                let before = std::mem::replace(self.scratch, room);
                self.put_together(end)?;
                let mut text = std::mem::replace(self.scratch, before);
                text.shrink_to_fit();
                Some(text)
            }
            _ => None,
        }
    }

    /// Adds a string to the scratch, where `escape` is the place of its first
    /// backslash.
    fn put_together(&mut self, mut escape: usize) -> Option<()> {
        let mut start = self.at;
        loop {
            self.scratch.push_str(&self.line[start..escape]);
            self.at = escape + 1;
            match self.bytes.get(self.at)? {
                // Most escapes are line breaks.
                b'n' => {
                    self.scratch.push('\n');
                    self.at += 1;
                }
                _ => {
                    let c = self.escaped()?;
                    self.scratch.push(c);
                }
            }
            start = self.at;
            escape = self.specials.next(start)?;
            match self.bytes[escape] {
                b'\\' => {}
                b'"' => break,
                _ => return None,
            }
        }
        self.scratch.push_str(&self.line[start..escape]);
        self.at = escape + 1;
        Some(())
    }

    /// What an escape stands for, behind its backslash.
    #[inline]
    fn escaped(&mut self) -> Option<char> {
        let byte = self.byte()?;
        Some(match byte {
            b'n' => '\n',
            b'"' | b'\\' | b'/' => char::from(byte),
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'u' => return self.escaped_unit(),
            _ => return None,
        })
    }

    /// A character as one or two units of UTF-16, behind `\u`.
    fn escaped_unit(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            // A low surrogate alone is no character.
            return char::from_u32(first);
        }
        if self.bytes.get(self.at..self.at + 2)? != b"\\u" {
            return None;
        }
        self.at += 2;
        let second = self.hex()?.checked_sub(0xdc00).filter(|&offset| offset < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |number, &digit| Some(number << 4 | char::from(digit).to_digit(16)?))
    }

    /// Passes over a value, without recursion.
    fn skip_value(&mut self) -> Option<()> {
        // A bit for each object (1) or list (0) we are in, the innermost last.
        let (mut kinds, mut depth) = (0u64, 0);
        loop {
            let first = self.next()?;
            if matches!(first, b'{' | b'[') {
                let is_object = first == b'{';
                if self.next()? == if is_object { b'}' } else { b']' } {
                    // Empty, so done.
                } else if depth == MAX_SKIPPED_DEPTH {
                    return None;
                } else {
                    self.at -= 1;
                    kinds = kinds << 1 | u64::from(is_object);
                    depth += 1;
                    if is_object {
                        self.skip_key()?;
                    }
                    continue;
                }
            } else {
                self.skip_scalar(first)?;
            }
            loop {
                if depth == 0 {
                    return Some(());
                }
                let is_object = kinds & 1 == 1;
                match self.next()? {
                    b',' if is_object => break self.skip_key()?,
                    b',' => break,
                    b'}' if is_object => {}
                    b']' if !is_object => {}
                    _ => return None,
                }
                kinds >>= 1;
                depth -= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Option<()> {
        self.expect(b'"')?;
        self.skip_string()?;
        self.expect(b':')
    }

    /// Passes over what is no object and no list and begins with `first`,
    /// which is behind us.
    fn skip_scalar(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => self.skip_string(),
            b't' => self.skip_word(b"rue"),
            b'f' => self.skip_word(b"alse"),
            b'n' => self.skip_word(b"ull"),
            b'-' => {
                let digit = self.byte()?;
                self.skip_number(digit)
            }
            _ => self.skip_number(first),
        }
    }

    /// Passes over a string behind its opening quote.
    fn skip_string(&mut self) -> Option<()> {
        loop {
            self.at = self.specials.next(self.at)? + 1;
            match self.bytes[self.at - 1] {
                b'"' => return Some(()),
                b'\\' => self.escaped()?,
                _ => return None,
            };
        }
    }

    fn skip_word(&mut self, rest: &[u8]) -> Option<()> {
        self.at += self.bytes[self.at..].starts_with(rest).then_some(rest.len())?;
        Some(())
    }

    /// Passes over a number whose first digit is `first` and behind us.
    fn skip_number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.expect_digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.expect_digits()?;
        }
        Some(())
    }

    fn expect_digits(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_digits();
        (self.at > start).then_some(())
    }

    fn skip_digits(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// The next byte that is no white space; it is then behind us.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        self.skip_space();
        self.byte()
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }
}

#[cfg(test)]
mod tests;
