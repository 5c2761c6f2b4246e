//! A large body that a command reads and does not keep: taken in piece by piece before the transaction begins, never whole
//! in memory, gone when the command is done. Knows nothing of what it says.
use super::{MOST_BYTES, files, files::Incoming};
use crate::{ApiError, Cx, Result, json::Canonical};
use actix_web::{HttpMessage, HttpRequest, web::Payload};
use std::fs::File;

/// Bytes that arrived, for one command.
pub struct Upload(Incoming);

impl Upload {
    /// The bytes from their beginning.
    pub fn open(&self) -> Result<File> {
        File::open(self.0.path()).map_err(ApiError::internal)
    }
    /// How many there are.
    pub fn size_bytes(&self) -> u64 {
        u64::try_from(self.0.size_bytes).unwrap_or(0)
    }
}

impl Cx {
    /// Takes in the body of this request, at most 20 MiB and not empty. Its bytes are the request's fingerprint: a repeated
    /// key must come with the same.
    pub async fn upload(&self, request: &HttpRequest, payload: Payload) -> Result<Upload> {
        self.upload_of(request, payload, MOST_BYTES).await
    }
    /// The same for what may be longer: at most `most` bytes.
    pub async fn upload_of(&self, request: &HttpRequest, payload: Payload, most: u64) -> Result<Upload> {
        self.keyed()?;
        files::announced(request, most)?;
        let app = self.app();
        let incoming = app.files.spool(app.clock.id(), most, payload).await?;
        request.extensions_mut().insert(Canonical(format!("{} {}", request.content_type(), incoming.sha256)));
        Ok(Upload(incoming))
    }
}
