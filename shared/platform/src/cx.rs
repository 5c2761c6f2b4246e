//! The one extractor a handler takes: who is asking, and the two doors to the database, `read` and `command`.
//! Authentication and permission were settled before the handler ran (`gate`); rules are the domain's.
use crate::{
    ApiError, Caller, Conn, Result, Sight, Stamp, Tx,
    answer::{Answer, Reply},
    app::App,
    db::Pools,
    gate::Passed,
    measures,
    teeth::planted,
    tx::{Access, Cause, Claimed, Opening, Slot, in_flight},
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::StatusCode};
use std::{
    future::{Ready, ready},
    sync::Arc,
};
use wire::Shown;

/// A request that may be handled.
pub struct Cx {
    request: HttpRequest,
    passed: Passed,
    app: Arc<App>,
    pools: Arc<Pools>,
}

impl FromRequest for Cx {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let passed = request.extensions().get::<Passed>().cloned();
        let app = request.app_data::<Arc<App>>().cloned();
        let pools = request.app_data::<Arc<Pools>>().cloned();
        ready(match (passed, app, pools) {
            (Some(passed), Some(app), Some(pools)) => {
                passed.operation.admit(request).map(|()| Self { request: request.clone(), passed, app, pools })
            }
            _ => Err(ApiError::internal("a route outside the gate")),
        })
    }
}

impl Cx {
    /// Who is asking.
    pub fn caller(&self) -> &Caller {
        &self.passed.caller
    }
    /// The rows this operation's permission opens to the caller.
    pub fn sight(&self) -> &Sight {
        &self.passed.sight
    }
    /// The service that is asked.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }
    /// The process is about to leave: nobody should wait for anything.
    pub(crate) fn is_leaving(&self) -> bool {
        crate::server::is_leaving(self.request.app_data())
    }
    /// 404 for what is absent or out of sight.
    pub fn visible<T: crate::Entity>(&self, id: impl std::fmt::Display, found: Option<T>) -> Result<T> {
        found
            .filter(|entity| self.passed.sight.sees(entity.ownership().as_ref()))
            .ok_or_else(|| ApiError::NotFound { entity: T::KIND, id: id.to_string() })
    }

    /// Read on a connection whose session is read-only: the database itself refuses a write in here.
    pub async fn read<T: Shown>(&self, f: impl AsyncFnOnce(&mut Conn) -> Result<T>) -> Reply<T> {
        let body = self.look(f).await?;
        self.show(&body)
    }

    /// The same for what is not shown as it was read: when this returns, the connection has been given back, however long it takes
    /// to make the answer.
    pub async fn look<T>(&self, f: impl AsyncFnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let since = std::time::Instant::now();
        let conn = self.pools.readers.get().await;
        measures::waited(self.app.name, "read", since);
        let mut conn = conn?;
        f(&mut conn).await
    }

    /// Works out what takes a processor for long: beside the requests, in turn where all cores but one are at it already. Whoever
    /// calls has given its connection back before.
    pub async fn work<T: Send + 'static>(&self, f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = self.app.workers.clone().acquire_owned().await.map_err(ApiError::internal)?;
        // Also where nobody waits for the answer any more, the place is taken until the work is done.
        let kept = move || {
            let done = f();
            drop(turn);
            done
        };
        actix_web::web::block(kept).await.map_err(ApiError::internal)
    }

    /// What was read already, without a connection.
    pub(crate) fn show<T: Shown>(&self, body: &T) -> Reply<T> {
        self.within_bounds()?;
        Answer::shown(&self.request, StatusCode::OK, body)
    }

    /// Write: `f` runs in one transaction; a repeated `Idempotency-Key` gets the first answer again, byte for byte.
    pub async fn command<T: Shown>(&self, status: StatusCode, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Reply<T> {
        self.write(async |tx| Ok((status, f(tx).await?))).await
    }
    /// `command` for `PUT …/by-ref`: `f` also says whether it created the row, and the answer is 201 or 200 by that.
    pub async fn upsert<T: Shown>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<(bool, T)>) -> Reply<T> {
        self.write(async |tx| {
            let (created, body) = f(tx).await?;
            Ok((if created { StatusCode::CREATED } else { StatusCode::OK }, body))
        })
        .await
    }

    /// What someone without an account asks (`public` in `grants.txt`), in one transaction, also where it only reads: who looks is
    /// noted. `prove` says in whose name (`customer:…`), from what the path holds; it is asked before anything is answered, be it
    /// a stored answer.
    pub async fn guest<T: Shown, P>(
        &self,
        prove: impl AsyncFnOnce(&mut Tx) -> Result<(String, P)>,
        f: impl AsyncFnOnce(&mut Tx, P) -> Result<T>,
    ) -> Reply<T> {
        let prove = async |tx: &mut Tx| named(tx, prove).await;
        self.write_proved(prove, async |tx, proved| Ok((StatusCode::OK, f(tx, proved).await?))).await
    }
    /// The same for what is not shown as it was read, as [`Self::look`]: the transaction is over when this returns.
    pub async fn guest_look<T, P>(
        &self,
        prove: impl AsyncFnOnce(&mut Tx) -> Result<(String, P)>,
        f: impl AsyncFnOnce(&mut Tx, P) -> Result<T>,
    ) -> Result<T> {
        let (mut tx, ()) = self.begin(&()).await?;
        let looked = async {
            let proved = named(&mut tx, prove).await?;
            f(&mut tx, proved).await
        };
        let outcome = looked.await;
        tx.finish(&self.app, outcome).await
    }

    async fn write<T: Shown>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<(StatusCode, T)>) -> Reply<T> {
        self.write_proved(async |_| Ok(()), async |tx, ()| f(tx).await).await
    }

    async fn write_proved<T: Shown, P>(
        &self,
        prove: impl AsyncFnOnce(&mut Tx) -> Result<P>,
        f: impl AsyncFnOnce(&mut Tx, P) -> Result<(StatusCode, T)>,
    ) -> Reply<T> {
        let slot = self.slot()?;
        let (mut tx, claimed) = match &slot {
            None => (self.begin(&()).await?.0, None),
            Some(slot) => {
                let (tx, claimed) = self.begin(slot).await?;
                (tx, Some(claimed))
            }
        };
        let outcome = self.once(&mut tx, slot.as_ref(), claimed, prove, f).await;
        tx.finish(&self.app, outcome).await
    }

    /// A transaction of whoever asks.
    async fn begin<O: Opening + ?Sized>(&self, opening: &O) -> Result<(Tx, O::Found)> {
        let stamp = Stamp {
            at: self.app.clock.now(),
            actor: self.passed.caller.actor(),
            ownership: self.passed.caller.ownership(),
        };
        let cause = Cause {
            service: self.app.name,
            stamp,
            trace_id: self.passed.trace.id.clone(),
            traceparent: self.passed.trace.parent(),
            event: None,
            case: None,
        };
        let caller = &self.passed.caller;
        // One's own uploads at least: who may upload may name what they sent.
        let files = caller.sight(&format!("{}.attachment.read", self.app.name));
        let files = files.unwrap_or_else(|| Sight::Own(caller.user.clone()));
        let patches = self.request.method() == actix_web::http::Method::PATCH;
        let access = Access { sight: self.passed.sight.clone(), files, if_match: self.header("if-match"), patches };
        Tx::begin(&self.pools.writers, &self.app.clock, cause, access, opening).await
    }

    async fn once<T: Shown, P>(
        &self,
        tx: &mut Tx,
        slot: Option<&Slot>,
        claimed: Option<Claimed>,
        prove: impl AsyncFnOnce(&mut Tx) -> Result<P>,
        f: impl AsyncFnOnce(&mut Tx, P) -> Result<(StatusCode, T)>,
    ) -> Result<Answer<T>> {
        let proved = prove(tx).await?;
        if let (Some(slot), Some(claimed)) = (slot, claimed)
            && let Some(replay) = replay(slot, claimed)?
        {
            return Ok(replay);
        }
        let (status, body) = f(tx, proved).await?;
        self.within_bounds()?;
        self.passed.operation.heard(tx.told());
        let answer = Answer::shown(&self.request, status, &body)?;
        if let Some(slot) = slot {
            answer.keep(tx, slot);
        }
        Ok(answer)
    }

    /// No rule minded the body; do its documented bounds?
    fn within_bounds(&self) -> Result<()> {
        let beyond = self.request.extensions_mut().remove::<crate::json::Beyond>();
        beyond.map_or(Ok(()), |beyond| Err(beyond.0))
    }
    /// Refuses a command without a key before its body is read.
    pub fn keyed(&self) -> Result<()> {
        self.slot().map(drop)
    }
    /// Scope: caller + method + route template; fingerprint: canonical body, path, query (ruling 19). Those without an account are
    /// told apart by the token in the path.
    fn slot(&self) -> Result<Option<Slot>> {
        if self.request.method() == actix_web::http::Method::GET {
            return Ok(None);
        }
        let Some(key) = self.header("idempotency-key") else {
            return if self.request.method() == actix_web::http::Method::POST { Err(no_key()) } else { Ok(None) };
        };
        if planted("B22") {
            return Ok(None);
        }
        let key = key.trim_matches('"');
        if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
            return Err(bad_key());
        }
        let Passed { caller, pattern, operation, .. } = &self.passed;
        let place = if operation.public { self.request.path() } else { pattern.as_str() };
        let scope = format!("{} {} {place}", caller.user, self.request.method());
        let body = self.request.extensions().get::<crate::json::Canonical>().map(|c| c.0.clone()).unwrap_or_default();
        let request = format!("{}\u{0}{}\u{0}{body}", self.request.path(), self.request.query_string());
        Ok(Some(Slot::new(&scope, key, request.as_bytes())))
    }
    fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    }
}

/// Who proves themselves acts in their own name from here on.
async fn named<P>(tx: &mut Tx, prove: impl AsyncFnOnce(&mut Tx) -> Result<(String, P)>) -> Result<P> {
    let (actor, proved) = prove(tx).await?;
    tx.act_as(actor);
    Ok(proved)
}

fn replay<T>(slot: &Slot, claimed: Claimed) -> Result<Option<Answer<T>>> {
    match claimed {
        (_, Some(fingerprint), Some(status), etag, location, Some(body)) => {
            if fingerprint == slot.fingerprint || planted("B20") {
                Ok(Some(Answer::replay(status, etag, location, body)))
            } else {
                Err(reused())
            }
        }
        (true, ..) => Ok(None),
        (false, ..) => Err(in_flight()),
    }
}

fn no_key() -> ApiError {
    ApiError::Request {
        status: 400,
        code: "idempotency.key_missing",
        message: "send an Idempotency-Key header (1 to 255 visible ASCII characters, a UUID for instance): a repeat with the same key is done once".into(),
        chinese: "请提供 Idempotency-Key 请求头（1 至 255 个可见 ASCII 字符，例如 UUID）；同一键的重复请求只执行一次".into(),
    }
}
fn bad_key() -> ApiError {
    ApiError::Request {
        status: 400,
        code: "idempotency.key_malformed",
        message: "an Idempotency-Key is 1 to 255 visible ASCII characters".into(),
        chinese: "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符".into(),
    }
}
fn reused() -> ApiError {
    ApiError::Request {
        status: 422,
        code: "idempotency.key_reused",
        message: "this Idempotency-Key was used for another request; take a new one".into(),
        chinese: "该 Idempotency-Key 已用于另一请求，请更换".into(),
    }
}
