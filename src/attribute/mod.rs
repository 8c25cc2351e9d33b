//! Credits, publishers, times → origin and direction.
