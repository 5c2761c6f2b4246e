//! One service's part of a bucket of an S3-compatible store, named as in the folder: `{service}/{two digits}/{sha256}`, so that one
//! can be copied to the other as it is. An object is there whole or not at all. Knows nothing of rows.
use super::files::{IN_HAND, Incoming};
use crate::{
    ApiError, Result,
    error::busy,
    settings::{S3, Secret},
};
use actix_web::web::Bytes;
use anyhow::{Context, ensure};
use futures_util::{StreamExt, TryStreamExt};
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    multipart::{MultipartStore, PartId},
    path::Path,
};
use std::{
    fs::File,
    io::{self, Read},
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore,
        mpsc::{Receiver, channel},
    },
    time::timeout,
};
use uuid::Uuid;

/// Bytes sent at once: the least that S3 takes for a part that is not the last. What is not larger goes in one request.
const PART: usize = 5 * 1024 * 1024;
/// Files on their way at once, each with a part in memory.
const AT_ONCE: usize = 4;
/// Where notes of uploads in parts lie.
const INCOMING: &str = "incoming";
/// How long a file waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// How long a store may take to take a connection, and to say something on it.
const CONNECT: Duration = Duration::from_secs(2);
const SILENCE: Duration = Duration::from_secs(15);
/// How long failures are repeated by themselves: the caller waits for it.
const RETRIES: Duration = Duration::from_secs(5);
/// How long a transaction waits for it: less than its session may be idle.
const IN_TRANSACTION: Duration = Duration::from_secs(5);
/// Notes of broken-off uploads dealt with at once, three requests each: within that time.
const NOTES: usize = 10;

/// See the module.
#[derive(Clone)]
pub(super) struct Bucket {
    store: AmazonS3,
    service: &'static str,
    /// Drives connections, whichever HTTP worker asks; and ends what it has begun when whoever asked has gone away.
    runtime: Handle,
    turns: Arc<Semaphore>,
}

impl Bucket {
    /// Connects to nothing yet. Belongs to the runtime it is opened in.
    pub fn open(settings: &S3, service: &'static str) -> anyhow::Result<Self> {
        let needed = |value: &Option<String>, key: &str| {
            let value = value.as_ref().filter(|value| !value.is_empty()).cloned();
            value.with_context(|| format!("storage.s3.{key} is not set"))
        };
        let secret = settings.secret_access_key.as_ref().filter(|secret| !secret.reveal().is_empty());
        let secret = secret.map(Secret::reveal).context("storage.s3.secret_access_key_file is not set")?;
        let bucket = needed(&settings.bucket, "bucket")?;
        let retries = RetryConfig {
            backoff: BackoffConfig { init_backoff: Duration::from_millis(100), ..BackoffConfig::default() },
            max_retries: 3,
            retry_timeout: RETRIES,
        };
        // No limit for a whole answer: whoever downloads slowly may.
        let client = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(CONNECT)
            .with_read_timeout(SILENCE)
            .with_allow_http(settings.allow_http);
        let mut builder = AmazonS3Builder::new()
            .with_region(&settings.region)
            .with_access_key_id(needed(&settings.access_key_id, "access_key_id")?)
            .with_secret_access_key(secret)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_retry(retries)
            .with_client_options(client);
        if let Some(place) = settings.endpoint.as_deref().filter(|place| !place.is_empty()) {
            builder = builder.with_endpoint(endpoint(place, settings, &bucket)?);
        }
        let store = builder.with_bucket_name(bucket).build()?;
        Ok(Self { store, service, runtime: Handle::current(), turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// Puts an upload in its place. Two of the same bytes are one object; once this has ended well, it is there.
    pub async fn put(&self, incoming: &Incoming) -> Result<()> {
        // Who stands in line behind a store that hangs is told so rather than held.
        let turn = timeout(TURN, self.turns.clone().acquire_owned()).await.map_err(|_| busy())?;
        let (store, key, note) = (self.store.clone(), self.key(&incoming.sha256), self.note(incoming.name()));
        let (path, size) = (incoming.path().to_owned(), incoming.size_bytes);
        let large = usize::try_from(size).is_ok_and(|size| size > PART);
        self.there(async move {
            let _turn = turn;
            let file = blocking(move || File::open(path)).await?;
            if large {
                return put_in_parts(&store, &key, &note, file).await;
            }
            let (_, whole) = piece(file).await?;
            store.put(&key, whole.into()).await.map(drop).map_err(trouble)
        })
        .await
    }

    /// Is it there still? Else puts it there again: a sweep may have taken it for an orphan's while nobody held its name.
    pub async fn keep(&self, incoming: &Incoming) -> Result<()> {
        let look = async {
            let (store, key) = (self.store.clone(), self.key(&incoming.sha256));
            match self.there(async move { found(store.head(&key).await) }).await? {
                Some(there) if i64::try_from(there.size).ok() == Some(incoming.size_bytes) => Ok(()),
                _ => self.put(incoming).await,
            }
        };
        soon(look).await
    }

    /// The bytes again, piece by piece; `None` where the object is missing.
    pub async fn content(&self, sha256: &str) -> Result<Option<Receiver<io::Result<Bytes>>>> {
        let (store, key) = (self.store.clone(), self.key(sha256));
        let Some(object) = self.there(async move { found(store.get(&key).await) }).await? else { return Ok(None) };
        let (send, arriving) = channel(IN_HAND);
        // Ends with the object, or when nobody listens any more.
        self.runtime.spawn(async move {
            let mut pieces = object.into_stream().map_err(io::Error::other);
            while let Some(piece) = pieces.next().await {
                let last = piece.is_err();
                if send.send(piece).await.is_err() || last {
                    return;
                }
            }
        });
        Ok(Some(arriving))
    }

    /// Aborts some uploads in parts that were broken off at `then` or before: the store keeps parts for ever, and shows them to
    /// nobody. Are there more?
    pub async fn discard(&self, then: SystemTime) -> Result<bool> {
        let (store, place) = (self.store.clone(), self.drawer(INCOMING));
        self.there(soon(async move {
            let notes = since(&store, &place, then).await?;
            for note in notes.iter().take(NOTES) {
                abort(&store, note).await?;
            }
            Ok(notes.len() > NOTES)
        }))
        .await
    }

    /// Names of objects that lie in this drawer since `then` or longer.
    pub async fn old(&self, drawer: u8, then: SystemTime) -> Result<Vec<String>> {
        let start = format!("{drawer:02x}");
        let (store, place) = (self.store.clone(), self.drawer(&start));
        let old = self.there(soon(async move { since(&store, &place, then).await })).await?;
        let names = old.iter().filter_map(|place| place.filename().map(str::to_owned));
        Ok(names.filter(|name| name.starts_with(&start)).collect())
    }

    /// Removes one. What has not happened in time is given up: later it would meet an upload that came since.
    pub async fn remove(&self, sha256: &str) -> Result<()> {
        let (store, key) = (self.store.clone(), self.key(sha256));
        self.there(soon(async move { found(store.delete(&key).await).map(drop) })).await
    }

    /// Writes, reads and removes an object that is nobody's; an error is the store's own.
    pub async fn try_out(&self) -> anyhow::Result<()> {
        let key = self.note(&Uuid::now_v7().to_string());
        let text = Bytes::from_static(b"yewu");
        self.store.put(&key, text.clone().into()).await.context("cannot write")?;
        let read = self.store.get(&key).await.context("cannot read")?.bytes().await.context("cannot read")?;
        ensure!(read == text, "something else came back than was written");
        let listed: Vec<ObjectMeta> =
            self.store.list(Some(&self.drawer(INCOMING))).try_collect().await.context("cannot list")?;
        ensure!(listed.iter().any(|there| there.location == key), "what was written is not listed");
        self.store.delete(&key).await.context("cannot remove")
    }

    async fn there<T: Send + 'static>(&self, work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        self.runtime.spawn(work).await.map_err(ApiError::internal)?
    }

    fn key(&self, sha256: &str) -> Path {
        Path::from(format!("{}/{}/{sha256}", self.service, &sha256[..2]))
    }
    fn note(&self, name: &str) -> Path {
        Path::from(format!("{}/{INCOMING}/{name}", self.service))
    }
    fn drawer(&self, name: &str) -> Path {
        Path::from(format!("{}/{name}", self.service))
    }
}

/// For whoever waits in a transaction.
async fn soon<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(IN_TRANSACTION, work).await.map_err(|_| unreachable())?
}

/// Objects under this prefix whose last change was at `then` or before.
async fn since(store: &AmazonS3, prefix: &Path, then: SystemTime) -> Result<Vec<Path>> {
    let all: Vec<ObjectMeta> = store.list(Some(prefix)).try_collect().await.map_err(trouble)?;
    let old = all.into_iter().filter(|there| SystemTime::from(there.last_modified) <= then);
    Ok(old.map(|there| there.location).collect())
}

/// Aborts the upload in parts that this note is of.
async fn abort(store: &AmazonS3, note: &Path) -> Result<()> {
    let Some(said) = found(store.get(note).await)? else { return Ok(()) };
    let said = said.bytes().await.map_err(trouble)?;
    if let Some((key, upload)) = std::str::from_utf8(&said).ok().and_then(|said| said.split_once('\n')) {
        found(store.abort_multipart(&Path::from(key), &upload.to_owned()).await)?;
        tracing::info!(key, "aborted an upload in parts that was broken off");
    }
    found(store.delete(note).await).map(drop)
}

/// Nothing is there before the last request has said so. A note of the upload lies aside, so that whatever becomes of this process,
/// the sweep of any other finds the parts.
async fn put_in_parts(store: &AmazonS3, key: &Path, note: &Path, mut file: File) -> Result<()> {
    let upload = store.create_multipart(key).await.map_err(trouble)?;
    let sent = async {
        store.put(note, Bytes::from(format!("{key}\n{upload}")).into()).await.map_err(trouble)?;
        let mut parts: Vec<PartId> = Vec::new();
        loop {
            let (rest, part) = piece(file).await?;
            if part.is_empty() {
                break;
            }
            parts.push(store.put_part(key, &upload, parts.len(), part.into()).await.map_err(trouble)?);
            file = rest;
        }
        store.complete_multipart(key, &upload, parts).await.map_err(trouble)
    };
    if let Err(error) = sent.await {
        // What cannot be aborted now, the sweep aborts: the note stays.
        if store.abort_multipart(key, &upload).await.is_ok() {
            let _ = store.delete(note).await;
        }
        return Err(error);
    }
    let _ = store.delete(note).await;
    Ok(())
}

/// The next bytes of a file, a part of them.
async fn piece(file: File) -> Result<(File, Bytes)> {
    blocking(move || {
        let mut bytes = Vec::new();
        (&file).take(PART as u64).read_to_end(&mut bytes)?;
        Ok((file, bytes.into()))
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?.map_err(ApiError::internal)
}

/// `None` where there is no such object; a bucket that is missing is another matter.
fn found<T>(said: object_store::Result<T>) -> Result<Option<T>> {
    match said {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound { source, .. }) if !format!("{source:?}").contains("NoSuchBucket") => Ok(None),
        Err(error) => Err(trouble(error)),
    }
}

/// Whatever the store says, whoever uploads or downloads can only come back later; the operator finds in the log what it was.
fn trouble(error: Error) -> ApiError {
    let error = format!("{:#}", anyhow::Error::from(error));
    tracing::error!(error, "the store of attachments did not do what it was asked");
    unreachable()
}

fn unreachable() -> ApiError {
    ApiError::Busy {
        status: 503,
        code: "attachment.store_unreachable",
        message: "the store of files cannot be used right now; repeat the request in a while, with the same Idempotency-Key if it had one",
        chinese: "文件存储暂时无法使用；请稍后重试，如带有 Idempotency-Key 请使用同一键",
    }
}

/// Where requests go: to the store, or to the bucket's own host at the store.
fn endpoint(place: &str, settings: &S3, bucket: &str) -> anyhow::Result<String> {
    let key = || format!("storage.s3.endpoint = {place}");
    let mut url = reqwest::Url::parse(place).with_context(key)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    ensure!(bare && !host.is_empty(), "{}: say scheme, host and port only; the bucket is storage.s3.bucket", key());
    match url.scheme() {
        "https" => {}
        "http" => {
            ensure!(
                settings.allow_http,
                "{}: files would travel in the clear; use https, or set storage.s3.allow_http",
                key()
            );
            ensure!(is_private(&host), "{}: http is for a private network only; use https", key());
        }
        scheme => anyhow::bail!("{}: {scheme} is no way to a store; use https", key()),
    }
    if !settings.path_style {
        url.set_host(Some(&format!("{bucket}.{host}"))).with_context(key)?;
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Of this machine, of a private network by its address, or by a name that no public server has.
fn is_private(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let private = [".internal", ".local", ".localhost", ".svc", ".lan", ".home.arpa"];
            !host.contains('.') || private.iter().any(|end| host.ends_with(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(endpoint: &str) -> S3 {
        S3 {
            endpoint: Some(endpoint.to_owned()),
            bucket: Some("files".into()),
            region: "us-east-1".into(),
            access_key_id: Some("yewu".into()),
            secret_access_key: Some("a secret".to_owned().into()),
            path_style: true,
            allow_http: true,
            ..S3::default()
        }
    }

    #[test]
    fn files_travel_in_the_clear_in_private_networks_only() {
        let place = |place: &str| endpoint(place, &settings(place), "files").map_err(|error| error.to_string());
        for private in ["http://127.0.0.1:9000", "http://[::1]:9000", "http://10.1.2.3", "http://minio:9000"] {
            assert_eq!(place(private).as_deref(), Ok(private));
        }
        assert_eq!(place("http://store.yewu.svc").as_deref(), Ok("http://store.yewu.svc"));
        assert_eq!(place("https://store.example.com/").as_deref(), Ok("https://store.example.com"));
        for public in ["http://store.example.com", "http://8.8.8.8:9000", "http://172.32.0.1", "http://[2001:db8::1]"] {
            assert!(place(public).is_err_and(|error| error.contains("private network only")), "{public}");
        }
        assert!(place("https://store.example.com/files").is_err_and(|error| error.contains("storage.s3.bucket")));
        assert!(place("ftp://store").is_err_and(|error| error.contains("use https")));
        let careful = S3 { allow_http: false, ..settings("http://minio:9000") };
        let refused = endpoint("http://minio:9000", &careful, "files").unwrap_err().to_string();
        assert!(refused.contains("storage.s3.allow_http"), "{refused}");
        let named = S3 { path_style: false, ..settings("") };
        assert_eq!(endpoint("https://store.cn:444", &named, "files").unwrap(), "https://files.store.cn:444");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let said = |settings: S3| Bucket::open(&settings, "crm").map(drop).map_err(|error| error.to_string());
        let whole = || settings("https://store.example.com");
        assert_eq!(said(whole()), Ok(()));
        for (key, without) in [
            ("storage.s3.bucket", S3 { bucket: None, ..whole() }),
            ("storage.s3.access_key_id", S3 { access_key_id: Some(String::new()), ..whole() }),
            ("storage.s3.secret_access_key_file", S3 { secret_access_key: None, ..whole() }),
        ] {
            assert!(said(without).is_err_and(|error| error.contains(key)), "{key}");
        }
    }
}
