//! An S3 store that others have made (s3s), on a port of this process and a folder: it checks every signature. It can be told to
//! die, or to lose an object, at a certain request.
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use platform::{
    Settings,
    settings::{S3, StorageKind},
};
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::net::TcpListener;
use uuid::Uuid;

const BUCKET: &str = "files";

/// What happens at a request, before the store sees it.
#[derive(Clone, Copy)]
pub enum Mishap {
    /// Answers nothing from here on.
    Dies,
    /// Takes the request, and never answers.
    Hangs,
    /// Has lost the object, once.
    Loses,
}

#[derive(Default)]
struct State {
    dead: bool,
    /// Every request since the last look: method, path and query.
    seen: Vec<String>,
    /// At a request of this method with this in it.
    mishap: Option<(&'static str, &'static str, Mishap)>,
}

#[derive(Clone)]
pub struct Store {
    folder: PathBuf,
    endpoint: String,
    state: Arc<Mutex<State>>,
}

impl Store {
    pub async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("yewu-test-p{}-store-{}", std::process::id(), Uuid::now_v7()));
        std::fs::create_dir_all(folder.join(BUCKET)).expect("a folder");
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&folder).expect("a store"));
        builder.set_auth(SimpleAuth::from_single("yewu", "a secret of the store"));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let store = Self { folder, endpoint, state: Arc::default() };
        let serving = store.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (store, service) = (serving.clone(), service.clone());
                let answer = service_fn(move |request| store.clone().answer(service.clone(), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), answer));
            }
        });
        store
    }

    /// An error closes the connection.
    async fn answer(self, service: S3Service, request: Request<Incoming>) -> io::Result<s3s::HttpResponse> {
        let line = format!("{} {}", request.method(), request.uri());
        let mut hangs = false;
        let place = self.folder.join(request.uri().path().trim_start_matches('/'));
        {
            let mut state = self.state();
            state.seen.push(line.clone());
            match state.mishap {
                Some((method, at, Mishap::Dies)) if line.starts_with(method) && line.contains(at) => state.dead = true,
                Some((method, at, Mishap::Hangs)) => hangs = line.starts_with(method) && line.contains(at),
                Some((method, at, Mishap::Loses)) if line.starts_with(method) && line.contains(at) => {
                    state.mishap = None;
                    std::fs::remove_file(place)?;
                }
                _ => {}
            }
            if state.dead {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
        }
        if hangs {
            std::future::pending::<()>().await;
        }
        service.call(request.map(s3s::Body::from)).await.map_err(|error| io::Error::other(format!("{error:?}")))
    }
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn mishap(&self, method: &'static str, at: &'static str, mishap: Mishap) {
        self.state().mishap = Some((method, at, mishap));
    }
    pub fn revive(&self) {
        *self.state() = State::default();
    }
    /// How many requests had this in them; looks at each once.
    pub fn seen(&self, what: &str) -> usize {
        std::mem::take(&mut self.state().seen).iter().filter(|line| line.contains(what)).count()
    }
    /// Where the object of a key lies.
    pub fn place(&self, key: &str) -> PathBuf {
        self.folder.join(BUCKET).join(key)
    }
    /// How many uploads in parts have begun and not ended, and how many notes of some there are.
    pub fn half(&self) -> (usize, usize) {
        let names = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let uploads = names(self.folder.clone())
            .filter(|file| file.file_name().into_string().is_ok_and(|name| name.starts_with(".upload-")));
        (uploads.count(), names(self.place("aftersales/incoming")).count())
    }
    /// For the settings of a node that keeps its files here.
    pub fn chosen(&self, settings: &mut Settings) {
        settings.storage.kind = StorageKind::S3;
        settings.storage.s3 = S3 {
            endpoint: Some(self.endpoint.clone()),
            bucket: Some(BUCKET.into()),
            access_key_id: Some("yewu".into()),
            secret_access_key: Some("a secret of the store".to_owned().into()),
            allow_http: true,
            ..settings.storage.s3.clone()
        };
    }
}
