//! How much a document may be. They bound time and memory: a template is edited by people, and a loop is easily written.

/// Pages of a document.
pub const PAGES: usize = 200;
/// Steps of the template's program; a proposal of 200 lines takes some twenty thousand.
pub const FUEL: u64 = 2_000_000;
/// Bytes of the filled-in text: 200 pages are about 1 MB.
pub const TEXT_BYTES: usize = 4 << 20;
/// Lists within lists, tables within lists.
pub const DEPTH: usize = 8;
/// Bytes of a picture.
pub const PICTURE_BYTES: usize = 4 << 20;
/// Width by height of a picture, in its own dots: unpacked, each takes four bytes.
pub const PICTURE_DOTS: u64 = 25_000_000;
/// Bytes of a font that a template names; complete Chinese fonts have 10 to 30 MB.
pub const FONT_BYTES: usize = 64 << 20;
