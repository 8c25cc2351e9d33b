//! Numbers and texts as bytes, and back. Temporary files are read by the
//! process that wrote them, so there is neither a version nor a checksum.

/// Appends a number, in seven bits a byte.
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Appends a text with its length before it.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Takes a text.
pub(crate) fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let len = usize::try_from(take_number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// Appends a text that may be missing.
pub(crate) fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    text.into_iter().for_each(|text| put_text(out, text));
}

/// Takes a text that may be missing.
pub(crate) fn take_optional(bytes: &mut &[u8]) -> Option<Option<String>> {
    match take_byte(bytes)? {
        0 => Some(None),
        _ => take_text(bytes).map(Some),
    }
}

/// Takes a byte.
pub(crate) fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(numbers: Vec<u64>, texts: Vec<Option<String>>) {
            let mut out = Vec::new();
            numbers.iter().for_each(|&number| put_number(&mut out, number));
            texts.iter().for_each(|text| put_optional(&mut out, text.as_deref()));
            let mut bytes = &out[..];
            for number in numbers {
                prop_assert_eq!(take_number(&mut bytes), Some(number));
            }
            for text in texts {
                prop_assert_eq!(take_optional(&mut bytes), Some(text));
            }
            prop_assert_eq!((bytes.len(), take_number(&mut bytes)), (0, None));
        }
    }
}
