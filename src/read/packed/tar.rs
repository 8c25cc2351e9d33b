//! Tar archives: each file in one is read as if it lay in a folder.
//!
//! The framing is ours, because an entry of the `tar` crate cannot be sent to
//! another thread; headers are read by the crate. Long names of both kinds
//! (GNU, pax) are understood. Streams; memory is one header and what the
//! member's adapter needs.

use std::io::{self, Read};

use tar::{EntryType, Header, PaxExtensions};

use crate::read::adapter::{Adapter, Batch, Content, Context};
use crate::read::open;

/// Bytes of a block; headers are one, members fill whole ones.
const BLOCK_LEN: usize = 512;

/// Most bytes of a long name or of pax records.
const MAX_EXTENSION_LEN: u64 = 1 << 20;

/// The adapter.
pub(crate) struct Tar;

/// Whether `head` is a tar header: its checksum fits.
pub(crate) fn is_header(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK_LEN) else { return false };
    let header = Header::from_byte_slice(block);
    let told = &block[148..156];
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    let without: u32 = told.iter().map(|&byte| u32::from(byte)).sum();
    block[0] != 0 && header.cksum().is_ok_and(|cksum| cksum == sum - without + 8 * u32::from(b' '))
}

impl Adapter for Tar {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let Content { path, layers, meter, .. } = content;
        let mut archive = Archive { stream: content.into_stream(), offset: 0 };
        let mut long_name = None;
        loop {
            let start = archive.offset;
            let place = |reason: &dyn std::fmt::Display| {
                format!(
                    "the archive is cut off or damaged at byte {start} ({reason}); members before it were read"
                )
            };
            let Some(block) = archive.header().map_err(|error| place(&error))? else { return Ok(()) };
            let header = Header::from_byte_slice(&block);
            if !is_header(&block) {
                return Err(place(&"no header where one must be"));
            }
            let size = header.entry_size().map_err(|error| place(&error))?;
            match header.entry_type() {
                EntryType::GNULongName | EntryType::XHeader => {
                    let bytes = archive.extension(size).map_err(|error| place(&error))?;
                    let name = if header.entry_type() == EntryType::XHeader {
                        pax_name(&bytes)
                    } else {
                        Some(bytes)
                    };
                    long_name = name.or(long_name);
                }
                EntryType::Regular | EntryType::Continuous => {
                    let name = long_name.take().unwrap_or_else(|| header.path_bytes().into_owned());
                    let name = member_name(&name);
                    let member_path = format!("{path}/{name}");
                    let mut left = size;
                    let member = Content {
                        path: &member_path,
                        name: &name,
                        head: Vec::new(),
                        rest: Box::new(Member { stream: &mut archive.stream, left: &mut left }),
                        size: Some(size),
                        file: None,
                        layers: layers + 1,
                        meter,
                    };
                    let result = open::read_content(member, context, batch);
                    if let Err(reason) = result {
                        batch.skip(&member_path, reason);
                    }
                    batch.flush();
                    archive.offset += size - left;
                    archive.pass(left + padding(size)).map_err(|error| place(&error))?;
                }
                _ => {
                    long_name = None;
                    archive.pass(size + padding(size)).map_err(|error| place(&error))?;
                }
            }
        }
    }
}

/// The stream of an archive.
struct Archive<R> {
    stream: R,
    offset: u64,
}

impl<R: Read> Archive<R> {
    /// The next block that is not all zeros; nothing at the end.
    fn header(&mut self) -> io::Result<Option<[u8; BLOCK_LEN]>> {
        loop {
            let mut block = Vec::with_capacity(BLOCK_LEN);
            (&mut self.stream).take(BLOCK_LEN as u64).read_to_end(&mut block)?;
            self.offset += block.len() as u64;
            if block.is_empty() {
                return Ok(None);
            }
            let block: [u8; BLOCK_LEN] =
                block.try_into().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            if block.iter().any(|&byte| byte != 0) {
                return Ok(Some(block));
            }
        }
    }

    /// The content of a member that extends the header behind it.
    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > MAX_EXTENSION_LEN {
            return Err(io::Error::other(format!("a name of {size} bytes")));
        }
        let mut bytes = Vec::new();
        (&mut self.stream).take(size).read_to_end(&mut bytes)?;
        self.offset += bytes.len() as u64;
        self.pass(size - bytes.len() as u64 + padding(size))?;
        Ok(bytes)
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.stream).take(count), &mut io::sink())?;
        self.offset += passed;
        if passed < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// The bytes of one member.
struct Member<'a, R> {
    stream: &'a mut R,
    left: &'a mut u64,
}

impl<R: Read> Read for Member<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(*self.left).unwrap_or(usize::MAX).min(buffer.len());
        if room == 0 {
            return Ok(0);
        }
        let count = self.stream.read(&mut buffer[..room])?;
        *self.left -= count as u64;
        if count == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the archive ends {} bytes before the end of this member", self.left),
            ));
        }
        Ok(count)
    }
}

/// Bytes that fill the last block of a member of `size` bytes.
fn padding(size: u64) -> u64 {
    (BLOCK_LEN as u64 - size % BLOCK_LEN as u64) % BLOCK_LEN as u64
}

/// The path in pax records, if they have one.
fn pax_name(records: &[u8]) -> Option<Vec<u8>> {
    let path = PaxExtensions::new(records).flatten().find(|record| record.key_bytes() == b"path");
    path.map(|record| record.value_bytes().to_vec())
}

/// A member's name as part of a path.
pub(crate) fn member_name(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    let name = String::from_utf8_lossy(&bytes[..end]).replace('\\', "/");
    name.trim_start_matches("./").trim_start_matches('/').to_owned()
}
