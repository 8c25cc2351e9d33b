//! Signatures packed: the low bits of every MinHash value, side by side.
//!
//! A signature is compared place by place, and a few bits of a value tell two
//! apart nearly as well as all 32 (b-bit minwise hashing, Li and König 2010):
//! values that differ agree in `b` bits with probability `c = 2^-b`, so places
//! agree with probability `J + (1 - J) c` instead of `J`, which is subtracted
//! from the estimate. Its standard error at J = 0.5 grows by 0.1 per cent at
//! 10 bits. Six values of 10 bits share a 64-bit word, 128 of them 22 words: 176
//! bytes instead of 512. Two words are compared by one xor and an addition
//! that carries into the top bit of every place that differs.
//!
//! How many bits are kept follows from the rows of a band ([`Bands`]), whose
//! values together are its key: at least 30, so bands of one
//! row keep all 32 bits and lose nothing. The truncation adds candidates (and
//! hardly any, since the whole signature is looked at before a pair is
//! proposed) and never takes one away. In documents of very many shingles the
//! minima are small numbers and say little in their few bits; this too adds.

use crate::params::Params;

/// Least probability with which a pair exactly at the threshold shares a band.
pub const RECALL_AT_THRESHOLD: f64 = 0.99;

/// Bits that the kept values of a band have together: unlike documents then
/// share it once in 10^9 times, 2,000 pairs a band among two million.
const LEAST_KEY_BITS: usize = 30;

/// Widths a value can be kept in; they leave at most four bits of a word.
const WIDTHS: [usize; 3] = [10, 16, 32];

/// How a signature is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands.
    pub bands: usize,
    /// Values in a band.
    pub rows: usize,
}

impl Bands {
    /// The division for these parameters: of those that reach
    /// [`RECALL_AT_THRESHOLD`] the one with most rows. Where none does, bands
    /// of one row come closest.
    pub fn new(params: &Params) -> Self {
        let of_rows = |rows: usize| Self { bands: params.num_hashes / rows, rows };
        let mut reaching = (1..=params.num_hashes)
            .map(of_rows)
            .filter(|bands| bands.probability(params.min_jaccard) >= RECALL_AT_THRESHOLD);
        reaching.next_back().unwrap_or_else(|| of_rows(1))
    }

    /// Probability that two documents of this Jaccard similarity share a band.
    pub fn probability(self, jaccard: f64) -> f64 {
        1.0 - (1.0 - jaccard.powf(self.rows as f64)).powf(self.bands as f64)
    }
}

/// How the values of a signature lie in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    num_hashes: usize,
    /// Bits of a value.
    width: usize,
    /// The lowest bit of every place in a word.
    ones: u64,
}

/// Where one value of a signature lies: its word, and how far to the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    word: usize,
    shift: u32,
    mask: u64,
}

impl Place {
    /// The value there, as far as it was kept.
    #[inline]
    pub fn value(self, words: &[u64]) -> u64 {
        words[self.word] >> self.shift & self.mask
    }
}

impl Packing {
    /// The packing for signatures of these parameters.
    pub fn new(params: &Params) -> Self {
        let rows = Bands::new(params).rows;
        let width = WIDTHS.into_iter().find(|width| width * rows >= LEAST_KEY_BITS);
        let width = width.unwrap_or(WIDTHS[WIDTHS.len() - 1]);
        let ones = (0..64 / width).fold(0, |ones, place| ones | 1 << (place * width));
        Self { num_hashes: params.num_hashes, width, ones }
    }

    /// Words of one signature.
    pub fn words(self) -> usize {
        self.num_hashes.div_ceil(self.a_word())
    }

    /// Values in a word.
    fn a_word(self) -> usize {
        64 / self.width
    }

    /// Packs a signature behind `words`.
    pub fn pack(self, values: &[u32], words: &mut Vec<u64>) {
        debug_assert_eq!(values.len(), self.num_hashes, "a packing is for one length");
        let kept = |value: u32| u64::from(value) & (u64::MAX >> (64 - self.width));
        let word =
            |values: &[u32]| values.iter().rev().fold(0, |word, &value| word << self.width | kept(value));
        words.extend(values.chunks(self.a_word()).map(word));
    }

    /// Where value number `number` of a signature lies.
    pub fn place(self, number: usize) -> Place {
        let in_word = number % self.a_word();
        Place { word: number / self.a_word(), shift: (in_word * self.width) as u32, mask: self.mask() }
    }

    /// In how many places two signatures agree.
    pub fn agreeing(self, a: &[u64], b: &[u64]) -> usize {
        let top = self.ones << (self.width - 1);
        let below = top - self.ones;
        // Every place counts for itself: there are fewer words than 2^10.
        let mut differing = 0u64;
        for (a, b) in a.iter().zip(b) {
            let unlike = a ^ b;
            differing += ((((unlike & below) + below) | unlike) & top) >> (self.width - 1);
        }
        let counts = (0..self.a_word()).map(|place| differing >> (place * self.width) & self.mask());
        self.num_hashes - counts.sum::<u64>() as usize
    }

    /// The share of places in which documents of this Jaccard similarity
    /// agree on average.
    pub fn expected_share(self, jaccard: f64) -> f64 {
        jaccard + (1.0 - jaccard) * self.chance()
    }

    /// The Jaccard similarity that agreement in so many places suggests.
    pub fn estimated_jaccard(self, agreeing: usize) -> f64 {
        let share = agreeing as f64 / self.num_hashes as f64;
        ((share - self.chance()) / (1.0 - self.chance())).max(0.0)
    }

    /// The bits of a value that are kept.
    fn mask(self) -> u64 {
        u64::MAX >> (64 - self.width)
    }

    /// Probability that different values agree in the bits kept.
    fn chance(self) -> f64 {
        0.5f64.powf(self.width as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packing(num_hashes: usize, min_jaccard: f64) -> Packing {
        Packing::new(&Params { num_hashes, min_jaccard, ..Params::default() })
    }

    #[test]
    fn the_division_reaches_its_recall_with_most_rows() {
        let cases =
            [(128, 0.5, 42, 3), (128, 0.8, 21, 6), (128, 0.9, 12, 10), (16, 0.5, 16, 1), (4, 0.1, 4, 1)];
        for (num_hashes, min_jaccard, bands, rows) in cases {
            let params = Params { num_hashes, min_jaccard, ..Params::default() };
            assert_eq!(Bands::new(&params), Bands { bands, rows }, "{num_hashes} at {min_jaccard}");
        }
    }

    #[test]
    fn bands_of_few_rows_keep_more_of_each_value() {
        let cases =
            [(128, 0.5, 10, 22), (128, 0.3, 16, 32), (128, 0.1, 32, 64), (1, 0.5, 32, 1), (64, 0.9, 10, 11)];
        for (num_hashes, min_jaccard, width, words) in cases {
            let packing = packing(num_hashes, min_jaccard);
            assert_eq!((packing.width, packing.words()), (width, words), "{num_hashes} at {min_jaccard}");
        }
    }

    proptest! {
        /// Values from few, so that places agree often.
        #[test]
        fn packed_signatures_agree_where_the_low_bits_do(
            values in prop::collection::vec((0u32..4, 0u32..4, any::<u32>(), any::<bool>()), 1..200),
            min_jaccard in prop::sample::select(vec![0.1, 0.3, 0.5, 0.9]),
        ) {
            let packing = packing(values.len(), min_jaccard);
            let kept = |value: u32| u64::from(value) & (u64::MAX >> (64 - packing.width));
            let high = |n: u32| n.wrapping_mul(0x1000_0401);
            let a: Vec<u32> = values.iter().map(|v| high(v.0) ^ v.2).collect();
            let b: Vec<u32> = values.iter().map(|v| if v.3 { !a[0] } else { high(v.1) ^ v.2 }).collect();
            let (mut one, mut two) = (Vec::new(), Vec::new());
            packing.pack(&a, &mut one);
            packing.pack(&b, &mut two);
            prop_assert_eq!(one.len(), packing.words());
            for (place, value) in a.iter().enumerate() {
                prop_assert_eq!(packing.place(place).value(&one), kept(*value));
            }
            let expected = a.iter().zip(&b).filter(|(a, b)| kept(**a) == kept(**b)).count();
            prop_assert_eq!(packing.agreeing(&one, &two), expected);
        }
    }

    #[test]
    fn chance_agreement_is_taken_off_the_estimate() {
        let packing = packing(128, 0.5);
        assert_eq!(packing.estimated_jaccard(128), 1.0);
        assert_eq!(packing.estimated_jaccard(0), 0.0);
        for jaccard in [0.1, 0.5, 0.9] {
            let agreeing = packing.expected_share(jaccard) * 128.0;
            assert!((packing.estimated_jaccard(agreeing as usize) - jaccard).abs() < 1.0 / 128.0);
        }
    }
}
