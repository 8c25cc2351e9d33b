//! Escapes of JSON that stand for no character: halves of a surrogate pair.
//!
//! Programs that cut texts by UTF-16 units leave them. JSON allows to write
//! them, Unicode has no character for them, and parsers refuse the record.

/// `line` with U+FFFD in place of each escape that is half a surrogate pair
/// without its other half; nothing if it has none. Linear.
pub(crate) fn without_half_surrogates(line: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', line.as_bytes().get(at..)?) {
        at += found;
        let Some(unit) = unit(line, at) else {
            at += 2;
            continue;
        };
        let is_high = (0xd800..0xdc00).contains(&unit);
        let is_pair =
            is_high && self::unit(line, at + UNIT_LEN).is_some_and(|next| (0xdc00..0xe000).contains(&next));
        if is_pair {
            at += 2 * UNIT_LEN;
            continue;
        }
        if (0xd800..0xe000).contains(&unit) {
            out.push_str(&line[copied..at]);
            out.push_str("\\ufffd");
            copied = at + UNIT_LEN;
        }
        at += UNIT_LEN;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&line[copied..]);
    Some(out)
}

/// Bytes of an escape such as `\ud83d`.
const UNIT_LEN: usize = 6;

/// The unit of UTF-16 that the escape at `at` stands for, if there is one.
fn unit(line: &str, at: usize) -> Option<u32> {
    let digits = line.get(at..at + UNIT_LEN)?.strip_prefix("\\u")?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_become_replacement_characters_and_pairs_stay() {
        let cases = [
            (r"a\ud83d", Some(r"a\ufffd")),
            (r"\uDC00\ud83d\ude00\ud83d\n", Some(r"\ufffd\ud83d\ude00\ufffd\n")),
            (r"\ud83d\ud83d\ude00", Some(r"\ufffd\ud83d\ude00")),
            (r"\\ud83d", None),
            (r"\ud83d\ude00", None),
            (r"\ud83", None),
            (r"\u00e9\", None),
            (r"\ud83é", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(without_half_surrogates(line).as_deref(), expected, "{line}");
        }
    }
}
