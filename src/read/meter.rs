//! What one input costs: bytes read from it, and bytes it was expanded to.
//!
//! A few kilobytes can expand to a terabyte, in one stream or by archives in
//! archives. Every layer that expands adds to one count for the whole input,
//! which may not grow past [`MAX_RATIO`] times what was read of the input.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::Progress;
use super::adapter::Context;

/// Bytes of expansion for each byte of input. Text shrinks to a third or a
/// tenth, a log of one repeated line to a hundredth; gzip ends at 1032.
pub(crate) const MAX_RATIO: u64 = 500;

/// Bytes that any input may expand to: small files of one repeated word
/// expand a lot and cost nothing.
pub(crate) const FREE_BYTES: u64 = 64 << 20;

/// Layers within each other that are opened: a compressed record file in a
/// compressed archive in another has four.
pub(crate) const MAX_LAYERS: u32 = 5;

/// The counts of one input.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    read: AtomicU64,
    expanded: AtomicU64,
}

impl Meter {
    /// Bytes read of the input itself.
    pub(crate) fn read_bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Counts what was read of the input past a [`Counted`].
    #[cfg(feature = "parquet")]
    pub(crate) fn add_read(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts what the input was expanded to, and says where that is too much.
    pub(crate) fn expand(&self, bytes: u64) -> io::Result<()> {
        let expanded = self.expanded.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let read = self.read_bytes();
        if expanded > FREE_BYTES.max(read.saturating_mul(MAX_RATIO)) {
            return Err(io::Error::other(format!(
                "{read} bytes expand to more than {MAX_RATIO} times as many, which no text does; if they \
                 are meant to, decompress them first"
            )));
        }
        Ok(())
    }
}

/// Reads an input itself, counts, and ends where nobody waits for more.
pub(crate) struct Counted<'a, R> {
    inner: R,
    meter: &'a Meter,
    progress: &'a dyn Progress,
    is_stopped: &'a AtomicBool,
}

impl<'a, R> Counted<'a, R> {
    /// Reads from `inner`, and counts for `meter`.
    pub(crate) fn new(inner: R, meter: &'a Meter, context: &Context<'a>) -> Self {
        Self { inner, meter, progress: context.progress, is_stopped: context.is_stopped }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, "nobody waits for more"));
        }
        let count = self.inner.read(buffer)?;
        self.meter.read.fetch_add(count as u64, Ordering::Relaxed);
        self.progress.advance(count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Reads what a decoder gives, and stops it from giving too much.
pub(crate) struct Expanding<'a, R> {
    inner: R,
    /// What is decoded, for errors.
    kind: &'static str,
    meter: &'a Meter,
    given: u64,
}

impl<'a, R: Read> Expanding<'a, R> {
    /// Reads from `inner`, which decodes `kind`.
    pub(crate) fn new(inner: R, kind: &'static str, meter: &'a Meter) -> Self {
        Self { inner, kind, meter, given: 0 }
    }
}

impl<R: Read> Read for Expanding<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(
                kind,
                format!(
                    "the {} data is cut off or damaged behind {} unpacked bytes ({error}); fetch it again",
                    self.kind, self.given
                ),
            ),
        })?;
        self.given += count as u64;
        self.meter.expand(count as u64)?;
        Ok(count)
    }
}
