//! Records in blocks: written in order, read back in order.

use std::marker::PhantomData;

use super::file::SpillFile;

/// Bytes of a block: large enough that writing and reading it costs more than
/// asking for it, small enough for one of each of hundreds of runs in memory.
pub(crate) const BLOCK_BYTES: usize = 32 << 10;

/// Something that can be written and read back.
pub(crate) trait Record: Sized {
    /// Appends it to `out`.
    fn write(&self, out: &mut Vec<u8>);

    /// Takes it from the beginning of `bytes`; nothing where these are no
    /// record, which happens behind an error of the file alone.
    fn read(bytes: &mut &[u8]) -> Option<Self>;

    /// Bytes it takes in memory, about.
    fn held_bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// Where a block lies.
#[derive(Clone, Copy, Debug)]
struct Block {
    offset: u64,
    len: u32,
}

/// Records in a file.
#[derive(Debug)]
pub(crate) struct Run<T> {
    blocks: Vec<Block>,
    records: PhantomData<fn() -> T>,
}

/// Writes a run. Several may be written into one file at the same time.
#[derive(Debug)]
pub(crate) struct RunWriter<T> {
    run: Run<T>,
    buffer: Vec<u8>,
}

impl<T: Record> Default for RunWriter<T> {
    fn default() -> Self {
        Self { run: Run { blocks: Vec::new(), records: PhantomData }, buffer: Vec::new() }
    }
}

impl<T: Record> RunWriter<T> {
    /// Adds a record.
    pub(crate) fn push(&mut self, record: &T, file: &SpillFile) {
        self.push_bytes(|out| record.write(out), file);
    }

    /// Adds what `write` appends, which is a record.
    pub(crate) fn push_bytes(&mut self, write: impl FnOnce(&mut Vec<u8>), file: &SpillFile) {
        write(&mut self.buffer);
        if self.buffer.len() >= BLOCK_BYTES {
            self.flush(file);
        }
    }

    /// Bytes that wait to be written.
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self, file: &SpillFile) -> Run<T> {
        self.flush(file);
        self.run
    }

    fn flush(&mut self, file: &SpillFile) {
        if !self.buffer.is_empty() {
            let len = u32::try_from(self.buffer.len()).expect("a record is smaller than 4 GiB");
            self.run.blocks.push(Block { offset: file.append(&self.buffer), len });
            self.buffer.clear();
        }
    }
}

impl<T: Record> Run<T> {
    /// Its records, in order.
    pub(crate) fn read<'r>(&'r self, file: &'r SpillFile) -> RunReader<'r, T> {
        self.read_as(file, T::read)
    }

    /// The same, each as `read` takes it.
    pub(crate) fn read_as<'r, U>(
        &'r self,
        file: &'r SpillFile,
        read: fn(&mut &[u8]) -> Option<U>,
    ) -> RunReader<'r, U> {
        RunReader { blocks: self.blocks.iter(), file, read, buffer: Vec::new(), at: 0 }
    }
}

/// Reads a run, a block at a time.
#[derive(Debug)]
pub(crate) struct RunReader<'r, U> {
    blocks: std::slice::Iter<'r, Block>,
    file: &'r SpillFile,
    read: fn(&mut &[u8]) -> Option<U>,
    buffer: Vec<u8>,
    at: usize,
}

impl<U> Iterator for RunReader<'_, U> {
    type Item = U;

    fn next(&mut self) -> Option<U> {
        if self.at == self.buffer.len() {
            let block = self.blocks.next()?;
            self.buffer.resize(block.len as usize, 0);
            self.file.read(block.offset, &mut self.buffer);
            self.at = 0;
        }
        let mut rest = &self.buffer[self.at..];
        let record = (self.read)(&mut rest);
        // Behind an error the block says nothing.
        self.at = if record.is_some() { self.buffer.len() - rest.len() } else { self.buffer.len() };
        record
    }
}
