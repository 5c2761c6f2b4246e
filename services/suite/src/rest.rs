//! A patient client of the suite's own REST API, for the demo and the imports: speaks as any role, repeats what may be
//! repeated, waits for effects by asking again, never by a fixed pause, and sits out a restart of the suite. Knows headers
//! and problems, no business.
mod journal;

pub use journal::Journal;

use crate::{commands::Mint, people};
use anyhow::{Context, bail};
use platform::{Clock, Settings, auth::Role};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How long an effect may take to show, or a refusal to heal, before it counts as a failure.
const PATIENCE: Duration = Duration::from_mins(5);
/// Pauses between questions grow from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LAST_PAUSE: Duration = Duration::from_millis(500);

/// Anyone of the company.
pub(crate) struct Rest {
    http: reqwest::Client,
    base: String,
    /// Services that listen elsewhere, by name.
    elsewhere: HashMap<String, String>,
    /// Everything that was acknowledged, if somebody wants to know.
    journal: Option<Arc<Journal>>,
    tokens: HashMap<(Role, usize), String>,
    clock: Clock,
    /// It has answered before: silence is a restart, not a wrong address.
    met: AtomicBool,
}

/// One of its people.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    rest: &'a Rest,
    role: Role,
    number: usize,
}

/// What a request carries.
#[derive(Clone, Copy)]
enum Content<'a> {
    Json(&'a Value),
    File { content_type: &'static str, bytes: &'static [u8] },
}

/// An answer that is no failure.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: Value,
    tag: Option<String>,
}

/// A refusal, as its problem document tells it.
#[derive(Debug, thiserror::Error)]
#[error("{request} as {role}: {status} {code}: {detail}")]
pub(crate) struct Refused {
    request: String,
    role: Role,
    pub status: StatusCode,
    pub code: String,
    pub detail: String,
}

impl Rest {
    /// `base`: where the suite listens; what the settings say if absent.
    pub(crate) fn open(settings: &Settings, base: Option<&str>) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mint = Mint::open(settings, 12)?;
        let mut tokens = HashMap::new();
        for &role in Role::ALL {
            for number in 1..=people::PEOPLE_A_ROLE {
                tokens.insert((role, number), mint.sign(&people::claims(&[role], number))?);
            }
        }
        let base = base.map_or_else(|| format!("http://{}", settings.http.bind), str::to_owned);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            elsewhere: HashMap::new(),
            journal: None,
            tokens,
            clock: Clock::default(),
            met: AtomicBool::new(false),
        })
    }
    /// Services of these names listen at these URLs, where no edge brings them together.
    pub(crate) fn with_elsewhere(self, elsewhere: HashMap<String, String>) -> Self {
        Self { elsewhere, ..self }
    }
    /// Keeps what is acknowledged in a journal.
    pub(crate) fn with_journal(self, journal: Option<Arc<Journal>>) -> Self {
        Self { journal, ..self }
    }
    /// Where a path is answered.
    fn url(&self, path: &str) -> String {
        let service = path.strip_prefix("/api/").and_then(|rest| rest.split('/').next());
        let base = service.and_then(|service| self.elsewhere.get(service)).unwrap_or(&self.base);
        format!("{base}{path}")
    }
    /// The first person of a role.
    pub(crate) fn person(&self, role: Role) -> Caller<'_> {
        Caller { rest: self, role, number: 1 }
    }
    /// Now, for evidence and dates.
    pub(crate) fn now(&self) -> wire::Moment {
        self.clock.now()
    }
}

/// Asks until there is an answer; the last reason stands in the failure.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let (end, mut pause) = (Instant::now() + PATIENCE, FIRST_PAUSE);
    loop {
        if let Some(found) = ask().await? {
            return Ok(found);
        }
        if Instant::now() > end {
            bail!("{what}: not within {} s", PATIENCE.as_secs());
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LAST_PAUSE);
    }
}

impl Caller<'_> {
    /// Their reference in the directory.
    pub(crate) fn reference(&self) -> String {
        people::reference(self.role, self.number)
    }
    /// All people of this one's role.
    pub(crate) fn with_colleagues(self) -> impl Iterator<Item = Self> {
        (1..=people::PEOPLE_A_ROLE).map(move |number| Self { number, ..self })
    }
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(self.send(Method::GET, path, None, None).await?.body)
    }
    /// The first row of a list, once there is one.
    pub(crate) async fn first(&self, list: &str) -> anyhow::Result<Value> {
        until(list, async || Ok(self.get(list).await?["items"].get(0).cloned())).await
    }
    /// Puts what another system knows; 201 says that it is new here.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.patiently(Method::PUT, path, Content::Json(body), None, Refused::is_busy).await
    }
    /// Creates, if it can be done now.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Ok(self.patiently(Method::POST, path, Content::Json(body), None, Refused::is_busy).await?.body)
    }
    /// Creates. What the body names may still be on its way to that service: such refusals are waited out.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Ok(self.patiently(Method::POST, path, Content::Json(body), None, Refused::may_heal).await?.body)
    }
    /// Acts on a resource as soon as its `available_actions` say that this person may.
    pub(crate) async fn act(&self, path: &str, verb: &str, body: &Value) -> anyhow::Result<Value> {
        let action = verb.replace('-', "_");
        let (end, mut blocked) = (Instant::now() + PATIENCE, String::new());
        let found = until("", async || {
            let found = self.send(Method::GET, path, None, None).await?;
            let actions = found.body["available_actions"].as_array().into_iter().flatten();
            let button = actions.into_iter().find(|button| button["action"] == *action);
            blocked = button.map_or_else(|| format!("is {}", found.body["status"]), |b| b["blocked_by"].to_string());
            Ok((button.is_some_and(|button| button["allowed"] == true)).then_some(found))
        });
        let found = found.await.map_err(|error| match error.downcast_ref::<Refused>() {
            Some(_) => error,
            None => anyhow::anyhow!("{action} of {path} as {}: {blocked}", self.role),
        })?;
        let tag = found.tag.with_context(|| format!("{path} has no ETag"))?;
        let target = format!("{path}/{verb}");
        match self.patiently(Method::POST, &target, Content::Json(body), Some(&tag), Refused::may_heal).await {
            // Something else has changed it between the two requests: look again.
            Err(error) if is_stale(&error) && Instant::now() < end => Box::pin(self.act(path, verb, body)).await,
            done => Ok(done?.body),
        }
    }
    /// A resource, if this person sees it.
    pub(crate) async fn find(&self, path: &str) -> anyhow::Result<Option<Value>> {
        match self.get(path).await {
            Err(error) if is(&error, StatusCode::NOT_FOUND) => Ok(None),
            found => found.map(Some),
        }
    }
    /// Acts if this person may now; nothing where it is too late for that.
    pub(crate) async fn act_if(&self, path: &str, verb: &str, body: &Value) -> anyhow::Result<Option<Value>> {
        let found = self.get(path).await?;
        let actions = found["available_actions"].as_array().into_iter().flatten();
        let allowed = actions.into_iter().any(|button| button["action"] == *verb && button["allowed"] == true);
        if allowed { self.act(path, verb, body).await.map(Some) } else { Ok(None) }
    }
    /// Changes fields of a resource (RFC 7396).
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        loop {
            let tag = self.send(Method::GET, path, None, None).await?.tag;
            let tag = tag.with_context(|| format!("{path} has no ETag"))?;
            match self.patiently(Method::PATCH, path, Content::Json(body), Some(&tag), Refused::is_busy).await {
                Err(error) if is_stale(&error) => {}
                done => return Ok(done?.body),
            }
        }
    }
    /// Uploads a file; its id.
    pub(crate) async fn upload(
        &self,
        service: &str,
        (kind, file_name): (&str, &str),
        content_type: &'static str,
        bytes: &'static [u8],
    ) -> anyhow::Result<String> {
        let path = format!("/api/{service}/v1/attachments?kind={kind}&file_name={file_name}");
        let file = Content::File { content_type, bytes };
        let kept = self.patiently(Method::POST, &path, file, None, Refused::is_busy).await?;
        Ok(text(&kept.body, "id")?.to_owned())
    }

    async fn patiently(
        &self,
        method: Method,
        path: &str,
        content: Content<'_>,
        tag: Option<&str>,
        heals: fn(&Refused) -> bool,
    ) -> anyhow::Result<Answer> {
        let (end, mut pause, key) = (Instant::now() + PATIENCE, FIRST_PAUSE, self.rest.clock.id().to_string());
        loop {
            let error = match self.send(method.clone(), path, Some((content, &key)), tag).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !error.downcast_ref::<Refused>().is_some_and(heals) || Instant::now() > end {
                return Err(error);
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(LAST_PAUSE);
        }
    }

    /// `body` comes with its idempotency key: a repeat is done once, so that silence may be asked again.
    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<(Content<'_>, &str)>,
        tag: Option<&str>,
    ) -> anyhow::Result<Answer> {
        let end = Instant::now() + PATIENCE;
        let tag_sent = tag;
        let (status, tag, text) = loop {
            match self.exchange(&method, path, body, tag).await {
                // A question may always be asked again; whether a command may, its caller decides.
                Ok((status, ..)) if body.is_none() && is_busy(status) && Instant::now() < end => {
                    sleep(LAST_PAUSE).await;
                }
                Ok(heard) => break heard,
                Err(error) if Instant::now() > end || !self.rest.met.load(Ordering::Relaxed) && is_refused(&error) => {
                    let why =
                        format!("{} does not answer; is the suite running? (deploy/up starts it)", self.rest.base);
                    return Err(error.context(why));
                }
                Err(_) => sleep(LAST_PAUSE).await,
            }
        };
        self.rest.met.store(true, Ordering::Relaxed);
        if let (Some(journal), Some((content, key)), true) = (&self.rest.journal, body, status.is_success())
            && method == Method::POST
        {
            journal.keep(self, path, content, key, tag_sent, (status, &text));
        }
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(Answer { status, body, tag });
        }
        let say = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        let (code, detail) = (say("code"), say("detail"));
        Err(Refused { request: format!("{method} {path}"), role: self.role, status, code, detail }.into())
    }

    /// One request and its answer, or the silence.
    async fn exchange(
        &self,
        method: &Method,
        path: &str,
        body: Option<(Content<'_>, &str)>,
        tag: Option<&str>,
    ) -> anyhow::Result<(StatusCode, Option<String>, String)> {
        let token = self.rest.tokens.get(&(self.role, self.number)).context("a token of every person was made")?;
        let url = self.rest.url(path);
        let mut request = self.rest.http.request(method.clone(), &url).bearer_auth(token);
        if let Some((body, key)) = body {
            request = request.header("idempotency-key", key);
            request = match body {
                Content::Json(body) => request.json(body),
                Content::File { content_type, bytes } => request.header("content-type", content_type).body(bytes),
            };
        }
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let response = request.send().await?;
        let status = response.status();
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok((status, tag, response.text().await?))
    }
}

/// Nobody listens there, it is no address, or nothing was asked at all. (A connection that breaks is another thing: whoever closed it was there.)
fn is_refused(error: &anyhow::Error) -> bool {
    error.downcast_ref::<reqwest::Error>().is_none_or(|error| error.is_connect() || error.is_builder())
}

impl Refused {
    /// Too much is going on, or the same is being done already.
    fn is_busy(&self) -> bool {
        is_busy(self.status) || self.code == "idempotency.in_flight"
    }
    /// Time may heal it: something that the request names or needs is on its way.
    fn may_heal(&self) -> bool {
        let refused = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY].contains(&self.status);
        self.is_busy() || refused && self.code != "external_ref.taken"
    }
}

fn is_busy(status: StatusCode) -> bool {
    [StatusCode::REQUEST_TIMEOUT, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}

fn is_stale(error: &anyhow::Error) -> bool {
    is(error, StatusCode::PRECONDITION_FAILED)
}

fn is(error: &anyhow::Error, status: StatusCode) -> bool {
    error.downcast_ref::<Refused>().is_some_and(|refused| refused.status == status)
}

/// A text that must be there.
pub(crate) fn text<'a>(body: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    body[key].as_str().with_context(|| format!("no {key} in {body}"))
}
