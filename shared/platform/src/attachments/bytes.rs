//! Where the bytes of attachments lie, and the one place that knows of two ways: in the folder, or in a bucket. Either way they
//! arrive in the folder, where they are counted, hashed and looked at; and they lie safe before a row names them.
use super::{
    bucket::Bucket,
    files::{Folder, Incoming},
};
use crate::{
    ApiError, Result,
    settings::{Storage, StorageKind},
};
use actix_web::web::{Bytes, Payload};
use anyhow::Context;
use futures_util::{Stream, stream};
use std::{io, time::SystemTime};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;
use wire::attachment::FileType;

/// One service's files.
#[derive(Clone)]
pub(crate) struct Files {
    folder: Folder,
    /// With it, the folder holds what is on its way and no more.
    bucket: Option<Bucket>,
}

impl Files {
    /// Makes the folder where it is missing. Whether the store answers is not asked: a service is ready without it.
    pub fn open(storage: &Storage, service: &'static str) -> anyhow::Result<Self> {
        let path = storage.path.as_deref().context("storage.path is not set: name a folder for uploaded files")?;
        let folder = Folder::open(path, service)
            .with_context(|| format!("storage.path = {}: cannot keep files there", path.display()))?;
        let bucket = match storage.kind {
            StorageKind::File => None,
            StorageKind::S3 => Some(Bucket::open(&storage.s3, service).context("storage.kind = \"s3\"")?),
        };
        Ok(Self { folder, bucket })
    }

    /// Takes an upload in, piece by piece; refuses what is too large, empty, or of another type than `declared`. A store is a
    /// network away, so that it gets the bytes now: no transaction waits for them.
    pub(super) async fn receive(&self, id: Uuid, declared: FileType, payload: Payload) -> Result<Incoming> {
        let incoming = self.folder.receive(id, declared, payload).await?;
        if let Some(bucket) = &self.bucket {
            bucket.put(&incoming).await?;
        }
        Ok(incoming)
    }
    /// At most `most` bytes of any type, which are not kept.
    pub(super) async fn spool(&self, id: Uuid, most: u64, payload: Payload) -> Result<Incoming> {
        self.folder.spool(id, most, payload).await
    }
    /// Makes sure that a file lies in its place; the caller holds its name, so that no sweep takes it away any more.
    pub(super) async fn keep(&self, incoming: Incoming) -> Result<()> {
        match &self.bucket {
            None => self.folder.keep(incoming).await,
            Some(bucket) => bucket.keep(&incoming).await,
        }
    }
    /// The bytes again, piece by piece; `None` where the file is missing. What lay in the folder before the bucket was chosen is
    /// found there still.
    pub(super) async fn content(&self, sha256: &str) -> Result<Option<impl Stream<Item = io::Result<Bytes>> + use<>>> {
        let there = match &self.bucket {
            None => None,
            Some(bucket) => bucket.content(sha256).await?,
        };
        let arriving = if there.is_some() { there } else { self.folder.content(sha256).await? };
        Ok(arriving.map(|arriving| {
            stream::unfold(arriving, async |mut arriving: Receiver<io::Result<Bytes>>| {
                arriving.recv().await.map(|piece| (piece, arriving))
            })
        }))
    }

    /// Removes uploads that were broken off at `then` or before; are there more?
    pub(super) async fn discard(&self, then: SystemTime) -> Result<bool> {
        self.on_disk(move |folder| folder.discard(then)).await?;
        match &self.bucket {
            None => Ok(false),
            Some(bucket) => bucket.discard(then).await,
        }
    }
    /// Names of files that lie in this drawer since `then` or longer.
    pub(super) async fn old(&self, drawer: u8, then: SystemTime) -> Result<Vec<String>> {
        match &self.bucket {
            None => self.on_disk(move |folder| folder.old(drawer, then)).await,
            Some(bucket) => bucket.old(drawer, then).await,
        }
    }
    /// Removes one.
    pub(super) async fn remove(&self, sha256: &str) -> Result<()> {
        match &self.bucket {
            None => self.folder.remove(sha256).map_err(ApiError::internal),
            Some(bucket) => bucket.remove(sha256).await,
        }
    }

    /// Where waiting for the disk holds nobody up.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let folder = self.folder.clone();
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

/// Writes a few bytes into the bucket, reads them back and removes them, as each of these services would; an error says what
/// the store said. True where there is a bucket at all.
pub async fn try_bucket(storage: &Storage, services: &[&'static str]) -> anyhow::Result<bool> {
    if storage.kind == StorageKind::File {
        return Ok(false);
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    for service in services {
        let bucket = Bucket::open(&storage.s3, service).context("storage.kind = \"s3\"")?;
        bucket.try_out().await.with_context(|| format!("the part of {service}"))?;
    }
    Ok(true)
}
