//! Attachments, the same in every service: uploaded once, named by their bytes, found by what they are about.
//! Knows no business meaning: what a photo or a signed file proves is the naming document's rule.
mod bucket;
mod bytes;
mod content;
mod files;
mod http;
mod store;
mod upload;

pub(crate) use bytes::Files;
pub use bytes::try_bucket;
pub use http::disposition;
pub(crate) use http::routes;
pub use store::Attachment;
pub(crate) use store::sweep;
pub use upload::Upload;

/// Largest file, bytes: 20 MiB.
pub const MOST_BYTES: u64 = 20 * 1024 * 1024;
