//! Changes samples at random.

/// A stream of numbers (`SplitMix64`): equal seeds give equal streams.
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

/// Inputs to change, with some that were made of them.
pub struct Pool {
    inputs: Vec<Vec<u8>>,
    random: Random,
    given: u64,
}

impl Pool {
    /// Begins with `samples`.
    pub fn new(samples: &[&[u8]]) -> Self {
        Self {
            inputs: samples.iter().map(|sample| sample.to_vec()).collect(),
            random: Random(0x5eed),
            given: 0,
        }
    }

    /// Another input.
    pub fn next(&mut self) -> Vec<u8> {
        let mut data = self.inputs[self.random.below(self.inputs.len())].clone();
        for _ in 0..=self.random.below(8) {
            let other = &self.inputs[self.random.below(self.inputs.len())];
            change(&mut data, other, &mut self.random);
        }
        self.given += 1;
        if self.given.is_multiple_of(50) && data.len() < 20_000 {
            if self.inputs.len() < 200 {
                self.inputs.push(data.clone());
            } else {
                let index = self.random.below(self.inputs.len());
                self.inputs[index].clone_from(&data);
            }
        }
        data
    }
}

/// One change of `data`, perhaps with a piece of `other`.
fn change(data: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    const PIECES: [&[u8]; 12] = [
        b"<",
        b">",
        b"\"",
        b"{",
        b"}",
        b"[",
        b"\n",
        b"\0",
        b"<![CDATA[",
        b"\xff\xff\xff\xff",
        b"\r\n\r\n",
        b"&#x;",
    ];
    let at = random.below(data.len() + 1);
    let end = (at + random.below(64)).min(data.len());
    match random.below(7) {
        0 if at < data.len() => data[at] ^= 1 << random.below(8),
        1 if at < data.len() => data[at] = random.below(256) as u8,
        2 => drop(data.drain(at..end)),
        3 => data.truncate(at),
        4 => {
            let piece = data[at..end].repeat(1 + random.below(100));
            data.splice(at..at, piece);
        }
        5 => drop(data.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
        _ => {
            let start = random.below(other.len() + 1);
            let piece = &other[start..(start + random.below(256)).min(other.len())];
            data.splice(at..at, piece.iter().copied());
        }
    }
}
