//! The folder of one service's files: a file is named by its SHA-256, written aside, synced, then renamed into place, so that
//! what lies there is always whole. Every copy of a service must see the same folder. Knows nothing of rows.
use super::{MOST_BYTES, content::Seen};
use crate::{ApiError, Result, hexadecimal};
use actix_web::{
    HttpRequest,
    http::header,
    web::{Bytes, Payload},
};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use uuid::Uuid;
use wire::attachment::FileType;

/// Pieces in hand between the network and the disk.
pub(super) const IN_HAND: usize = 4;
/// Bytes a piece, when read from the disk.
const PIECE: usize = 64 * 1024;
/// How long an upload may send nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// One service's folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

/// A file that arrived and is not yet in its place; dropped, it is gone.
pub(super) struct Incoming {
    path: PathBuf,
    pub sha256: String,
    pub size_bytes: i64,
}

impl Folder {
    /// Makes it where it is missing.
    pub fn open(storage: &Path, service: &str) -> io::Result<Self> {
        let folder = storage.join(service);
        fs::create_dir_all(folder.join("incoming"))?;
        Ok(Self(folder))
    }

    /// Takes an upload in, piece by piece; refuses what is too large, empty, or of another type than `declared`.
    pub(super) async fn receive(&self, id: Uuid, declared: FileType, payload: Payload) -> Result<Incoming> {
        self.take_in(id, Some(declared), MOST_BYTES, payload).await
    }

    /// The same for at most `most` bytes of any type, which are not kept.
    pub(super) async fn spool(&self, id: Uuid, most: u64, payload: Payload) -> Result<Incoming> {
        self.take_in(id, None, most, payload).await
    }

    async fn take_in(&self, id: Uuid, declared: Option<FileType>, most: u64, payload: Payload) -> Result<Incoming> {
        let (send, arriving) = channel(IN_HAND);
        let path = self.0.join("incoming").join(id.to_string());
        let writing = tokio::task::spawn_blocking(move || write(path, declared, arriving));
        let fed = feed(payload, most, send).await;
        let written = writing.await.map_err(ApiError::internal)?;
        fed.and(written)
    }

    /// Puts a file in its place. Two of the same bytes are one file.
    pub(super) async fn keep(&self, incoming: Incoming) -> Result<()> {
        let place = self.place(&incoming.sha256);
        let kept = tokio::task::spawn_blocking(move || {
            let drawer = place.parent().expect("a place lies in a drawer");
            let new = !drawer.is_dir();
            fs::create_dir_all(drawer)?;
            fs::rename(&incoming.path, &place)?;
            // The name must survive a power cut as surely as the bytes: first the drawer's own, then the file's in it.
            if new && let Some(folder) = drawer.parent() {
                File::open(folder)?.sync_all()?;
            }
            File::open(drawer)?.sync_all()
        });
        kept.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }

    /// The bytes again, piece by piece; `None` where the file is missing.
    pub(super) async fn content(&self, sha256: &str) -> Result<Option<Receiver<io::Result<Bytes>>>> {
        let place = self.place(sha256);
        let opened = tokio::task::spawn_blocking(move || File::open(place)).await.map_err(ApiError::internal)?;
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ApiError::internal(error)),
        };
        let (send, arriving) = channel(IN_HAND);
        tokio::task::spawn_blocking(move || read(file, &send));
        Ok(Some(arriving))
    }

    /// Removes uploads that were broken off at `then` or before.
    pub fn discard(&self, then: SystemTime) -> io::Result<()> {
        for file in fs::read_dir(self.0.join("incoming"))? {
            let file = file?;
            if older(&file, then)? {
                remove(&file.path())?;
            }
        }
        Ok(())
    }

    /// Names of files that lie in this drawer since `then` or longer.
    pub fn old(&self, drawer: u8, then: SystemTime) -> io::Result<Vec<String>> {
        let (start, mut names) = (format!("{drawer:02x}"), Vec::new());
        let place = self.0.join(&start);
        // A drawer comes with its first file; what is none is not ours.
        if !place.is_dir() {
            return Ok(names);
        }
        for file in fs::read_dir(place)? {
            let file = file?;
            if let (Ok(name), true) = (file.file_name().into_string(), older(&file, then)?) {
                names.push(name);
            }
        }
        names.retain(|name| name.starts_with(&start));
        Ok(names)
    }

    /// Removes one.
    pub fn remove(&self, sha256: &str) -> io::Result<()> {
        remove(&self.place(sha256))
    }

    fn place(&self, sha256: &str) -> PathBuf {
        self.0.join(&sha256[..2]).join(sha256)
    }
}

impl Incoming {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
    /// Its own name, as nobody knows yet whether it is kept.
    pub(super) fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What cannot be removed now, the sweep removes.
        let _ = fs::remove_file(&self.path);
    }
}

async fn feed(mut payload: Payload, most: u64, send: Sender<Bytes>) -> Result<()> {
    let mut size = 0;
    loop {
        let piece = match tokio::time::timeout(PATIENCE, payload.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => return Ok(()),
            Ok(Some(Err(_))) | Err(_) => return Err(broken_off()),
        };
        size += piece.len() as u64;
        if size > most {
            return Err(too_large(most));
        }
        // The writer has given up only if the disk refused; it says so itself.
        if send.send(piece).await.is_err() {
            return Ok(());
        }
    }
}

fn write(path: PathBuf, declared: Option<FileType>, mut arriving: Receiver<Bytes>) -> Result<Incoming> {
    let mut file = File::options().create_new(true).read(true).write(true).open(&path).map_err(ApiError::internal)?;
    let mut incoming = Incoming { path, sha256: String::new(), size_bytes: 0 };
    let (mut hash, mut seen) = (Sha256::new(), Seen::default());
    while let Some(piece) = arriving.blocking_recv() {
        file.write_all(&piece).map_err(ApiError::internal)?;
        hash.update(&piece);
        seen.pass(&piece);
        incoming.size_bytes += i64::try_from(piece.len()).unwrap_or(0);
    }
    if incoming.size_bytes == 0 {
        return Err(empty());
    }
    if let Some(declared) = declared
        && !seen.is(declared, &mut file).map_err(ApiError::internal)?
    {
        return Err(not_of_its_type(declared));
    }
    file.sync_all().map_err(ApiError::internal)?;
    incoming.sha256 = hexadecimal(&hash.finalize());
    Ok(incoming)
}

/// Ends when the file does, or when nobody listens any more.
fn read(file: File, send: &Sender<io::Result<Bytes>>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let got = (&file).take(PIECE as u64).read_to_end(&mut piece);
        let last = !matches!(got, Ok(1..));
        let piece = got.map(|_| Bytes::from(piece));
        let empty = piece.as_ref().is_ok_and(Bytes::is_empty);
        if !empty && send.blocking_send(piece).is_err() || last {
            return;
        }
    }
}

fn older(file: &fs::DirEntry, then: SystemTime) -> io::Result<bool> {
    match file.metadata() {
        Ok(metadata) => Ok(metadata.modified()? <= then),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn refused(status: u16, code: &'static str, message: &str, chinese: &str) -> ApiError {
    ApiError::Request { status, code, message: message.to_owned(), chinese: chinese.to_owned() }
}
/// Refuses what says itself that it is too large, before any of it has come.
pub(super) fn announced(request: &HttpRequest, most: u64) -> Result<()> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > most) { Err(too_large(most)) } else { Ok(()) }
}
fn too_large(most: u64) -> ApiError {
    let mebibytes = most / (1024 * 1024);
    let message = format!("a file of at most {mebibytes} MiB is taken");
    refused(413, "attachment.too_large", &message, &format!("文件不得超过 {mebibytes} MiB"))
}
fn broken_off() -> ApiError {
    refused(400, "attachment.broken_off", "the file did not arrive whole", "附件未完整送达")
}
fn empty() -> ApiError {
    refused(422, "attachment.empty", "the file is empty", "附件为空")
}
fn not_of_its_type(declared: FileType) -> ApiError {
    refused(
        415,
        "attachment.not_of_its_type",
        &format!("the bytes are not those of {declared}; send the file's own type as Content-Type"),
        &format!("文件内容与声明的类型 {declared} 不符，请以文件的真实类型作为 Content-Type"),
    )
}
pub(super) fn type_not_kept(sent: &str) -> ApiError {
    let kept: Vec<&str> = FileType::ALL.iter().map(|kind| kind.as_str()).collect();
    let kept = kept.join(", ");
    refused(
        415,
        "attachment.type_not_kept",
        &format!("{sent:?} is not kept; these are: {kept}"),
        &format!("不支持的文件类型 {sent:?}，可用：{kept}"),
    )
}
