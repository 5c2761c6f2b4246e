//! One who asks the suite and keeps three answers apart: done, refused, and no answer at all.
use super::ground::Ground;
use jiff::SignedDuration;
use platform::auth::{Role, keys::DevelopmentKey};
use reqwest::Method;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How long one request may stay without an answer.
const LIMIT: Duration = Duration::from_secs(10);
/// How long the same thing is asked again for a definite answer.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Clone)]
pub(crate) struct Caller {
    http: reqwest::Client,
    fronts: HashMap<String, String>,
    token: String,
    /// Requests without an answer, or with one that the server is to blame for: when they began and what was said.
    failed: Arc<Mutex<Vec<(Instant, String)>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub tag: Option<String>,
    pub text: String,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
    /// The request was not looked at: the same may be asked again.
    fn is_later(&self) -> bool {
        matches!(self.status, 408 | 429 | 500..) || self.status == 409 && self.text.contains("idempotency.in_flight")
    }
}

/// One request.
pub(crate) struct Ask<'a> {
    pub method: Method,
    /// `/api/<service>/…`.
    pub path: &'a str,
    pub key: Option<&'a str>,
    pub tag: Option<&'a str>,
    pub body: Option<&'a Value>,
}

impl Caller {
    /// The first person of a role.
    pub(crate) fn new(ground: &Ground, role: Role) -> anyhow::Result<Self> {
        let auth = &ground.settings.auth;
        let file = auth.development_key_file.as_ref().ok_or_else(|| anyhow::anyhow!("a development key"))?;
        let (claims, day) = (suite::people::claims(&[role], 1), SignedDuration::from_hours(24));
        let key = DevelopmentKey::read(file)?;
        let token = key.mint(&auth.issuer, &auth.audience, &claims, day, jiff::Timestamp::now())?;
        Ok(Self { http: ground.http.clone(), fronts: ground.fronts(), token, failed: Arc::default() })
    }
    /// The token that it shows.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
    /// What was said to requests of this caller and its clones that began in that time and were not answered as they should.
    pub(crate) fn failed(&self, from: Instant, to: Instant) -> Vec<String> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.iter().filter(|(began, _)| (from..to).contains(began)).map(|(_, said)| said.clone()).collect()
    }
    /// Asks once; nothing if there was no answer.
    pub(crate) async fn ask(&self, ask: &Ask<'_>) -> Option<Answer> {
        let began = Instant::now();
        let answer = self.exchange(ask).await;
        // Back-pressure of a busy machine is an answer, and no fault's doing.
        let told_to_wait = answer.as_ref().is_some_and(|answer| answer.text.contains("urn:yewu:problem:overloaded"));
        if !told_to_wait && answer.as_ref().is_none_or(|answer| answer.status >= 500) {
            let said =
                answer.as_ref().map_or("nothing".to_owned(), |answer| format!("{} {}", answer.status, answer.text));
            let said = format!("{} {}: {said} after {:.1} s", ask.method, ask.path, began.elapsed().as_secs_f64());
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).push((began, said));
        }
        answer
    }
    async fn exchange(&self, ask: &Ask<'_>) -> Option<Answer> {
        let service = ask.path.strip_prefix("/api/")?.split('/').next()?;
        let url = format!("{}{}", self.fronts.get(service)?, ask.path);
        let mut request = self.http.request(ask.method.clone(), url).bearer_auth(&self.token).timeout(LIMIT);
        for (name, value) in [("idempotency-key", ask.key), ("if-match", ask.tag)] {
            request = value.into_iter().fold(request, |request, value| request.header(name, value));
        }
        request = ask.body.into_iter().fold(request, reqwest::RequestBuilder::json);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Some(Answer { status, tag, text: response.text().await.ok()? })
    }
    /// Asks the same until the answer is definite; nothing if it never was. Only for what may be repeated.
    pub(crate) async fn insist(&self, ask: &Ask<'_>) -> Option<Answer> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.ask(ask).await {
                Some(answer) if !answer.is_later() => return Some(answer),
                _ => sleep(Duration::from_millis(200)).await,
            }
        }
        None
    }
}
