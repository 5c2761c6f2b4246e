//! Generated table shapes.
