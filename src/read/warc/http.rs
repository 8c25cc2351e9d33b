//! What a server answered, as crawlers keep it.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::Encoding;
use flate2::bufread::MultiGzDecoder;

use crate::read::adapter::too_large;
use crate::read::encoding::declared;

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// The kind of its body, in lower case, without parameters.
    pub(crate) mime: String,
    /// The encoding its header names.
    pub(crate) charset: Option<&'static Encoding>,
    is_chunked: bool,
    compression: String,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// The answer in `bytes`; nothing if it is none.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|end| (end, end + 4));
        let lf = memchr::memmem::find(bytes, b"\n\n").map(|end| (end, end + 2));
        let (end, start) = [crlf, lf].into_iter().flatten().min()?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.lines();
        let first = lines.next().filter(|line| line.starts_with("HTTP/"))?;
        let status = first.split_whitespace().nth(1)?.parse().ok()?;
        let mut answer = Self::of_body("", &bytes[start..]);
        answer.status = status;
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "content-type" => answer.set_kind(value),
                "transfer-encoding" => answer.is_chunked = value.to_ascii_lowercase().contains("chunked"),
                "content-encoding" => answer.compression = value.trim().to_ascii_lowercase(),
                _ => {}
            }
        }
        Some(answer)
    }

    /// A body without the headers of an answer.
    pub(crate) fn of_body(content_type: &str, body: &'a [u8]) -> Self {
        let compression = String::new();
        let mut answer =
            Self { status: 200, mime: String::new(), charset: None, is_chunked: false, compression, body };
        answer.set_kind(content_type);
        answer
    }

    fn set_kind(&mut self, value: &str) {
        let mut parts = value.split(';');
        self.mime = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        self.charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let is_charset = name.trim().eq_ignore_ascii_case("charset");
            declared::known(value.trim().trim_matches(['"', '\'']).as_bytes()).filter(|_| is_charset)
        });
    }

    /// The body as it was before it was sent. Crawlers often undo the sending
    /// and leave the headers, so a body that does not fit them stays as it is.
    pub(crate) fn decoded_body(&self, limit: u64) -> Result<Cow<'a, [u8]>, String> {
        let whole = if self.is_chunked { unchunked(self.body) } else { None };
        let body = whole.map_or(Cow::Borrowed(self.body), Cow::Owned);
        let is_gzip = body.starts_with(b"\x1f\x8b");
        match self.compression.as_str() {
            "gzip" | "x-gzip" if is_gzip => {
                let mut bytes = Vec::new();
                // What comes before an end that is missing is the page's beginning.
                let result = MultiGzDecoder::new(&*body).take(limit + 1).read_to_end(&mut bytes);
                match result {
                    _ if bytes.len() as u64 > limit => Err(too_large(None, limit)),
                    Err(error) if bytes.is_empty() => Err(format!("a damaged gzip body ({error})")),
                    _ => Ok(bytes.into()),
                }
            }
            "br" | "zstd" | "deflate" if std::str::from_utf8(&body).is_err() && is_binary(&body) => {
                Err(format!("a body compressed with {}, which is not read", self.compression))
            }
            _ => Ok(body),
        }
    }
}

fn is_binary(body: &[u8]) -> bool {
    body.iter().take(1000).filter(|&&byte| byte < b'\t').count() > 3
}

/// The bytes of all chunks; nothing if they are not in chunks.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(&rest[..size.min(rest.len())]);
        if size >= rest.len() {
            // Cut off in a chunk.
            return Some(out);
        }
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_out_as_they_were() {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; Charset=\"windows-1251\"\r\n";
        let cases: [(&str, &[u8], &[u8]); 5] = [
            ("\r\n", b"abc", b"abc"),
            ("Transfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n", b"abcde"),
            // Undone by the crawler, and cut off.
            ("Transfer-Encoding: chunked\r\n\r\n", b"abc", b"abc"),
            ("Transfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\nff\r\nde", b"abcde"),
            ("Content-Encoding: gzip\r\n\r\n", b"abc", b"abc"),
        ];
        for (headers, body, expected) in cases {
            let bytes = [head.as_bytes(), headers.as_bytes(), body].concat();
            let answer = Answer::parse(&bytes).unwrap();
            assert_eq!((answer.status, answer.mime.as_str()), (200, "text/html"));
            assert_eq!(answer.charset.map(Encoding::name), Some("windows-1251"));
            assert_eq!(&*answer.decoded_body(100).unwrap(), expected, "{headers}");
        }
        for bytes in [&b"HTTP/1.1 x\r\n\r\n"[..], b"GET / HTTP/1.1\r\n\r\n", b"", b"HTTP/1.1 200"] {
            assert!(Answer::parse(bytes).is_none());
        }
    }
}
