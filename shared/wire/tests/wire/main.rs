//! What the wire promises beyond its shapes: arithmetic at its edges, words, bounds. It looks at nothing private: the
//! tests stand outside of the crate so that its thousand derived types are compiled once and not twice.
mod decimal;
mod facts;
mod moment;
mod money;
mod patched;
mod price;
mod reach;
mod terms;
mod text;
mod words;
