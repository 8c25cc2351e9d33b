//! Two documents → the passages they share; one document → its repeats.
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | prepare | [`prepared`], [`shingle_index`] | tokens with their places, shingles to look up; |
//! | | [`shingle_set`] | shingles that are counted and nothing else |
//! | anchors | [`anchor`] | shared shingles, grown to maximal exact runs |
//! | chains | [`chain`] | runs that follow each other in both documents |
//! | stretches | [`extend`] | gaps aligned, ends extended, weak links cut |
//! | extension | `extension` | how far texts go on agreeing at an end |
//! | passages | [`align`] | long enough, much enough alike, to the byte |
//! | kinds | [`kind`] | copy, quotation, boilerplate or template, and why |
//! | scattered runs | [`scattered`] | short runs in one order, where no passage is left |
//! | noisy texts | [`letters`], [`noisy`] | the same steps over letters instead of tokens |
//! | repeats | [`repeat`] | the same machinery, a document against itself |
//!
//! All of it is exact: every shared shingle of the two documents takes part,
//! not only those that sketches had selected.

pub mod align;
pub mod anchor;
pub mod chain;
pub mod extend;
mod extension;
pub mod kind;
pub mod letters;
pub mod noisy;
pub mod prepared;
pub mod repeat;
pub mod scattered;
pub mod shingle_index;
pub mod shingle_set;
