//! A person or system that speaks REST, as frontends and integrators do.
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// One caller.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// The body as it came, for files.
    pub bytes: Vec<u8>,
    request: String,
}

impl Client {
    /// A caller of the node at `base`, e.g. `http://127.0.0.1:8080`.
    pub fn at(base: &str, token: Option<String>) -> Self {
        Self { http: reqwest::Client::new(), base: base.to_owned(), token }
    }
    /// Another caller over the same connections. Each new client reads the machine's certificates anew, some 30 ms in a
    /// build without optimisation, so a test with many callers makes one and takes the others from it.
    #[must_use]
    pub fn with_token(&self, token: Option<String>) -> Self {
        Self { token, ..self.clone() }
    }
    /// Any request; `headers` are added to the token.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Response {
        self.try_send(method, path, headers, body).await.expect("the node answers")
    }
    /// The same where the node may be dead.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response, reqwest::Error> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        finish(request, format!("{method} {path}")).await
    }
    /// Sends a file as it is, under a fresh key.
    pub async fn upload(&self, path: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Response {
        self.upload_as(&Uuid::now_v7().to_string(), path, content_type, bytes).await
    }
    /// The same under a key of the caller's.
    pub async fn upload_as(&self, key: &str, path: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Response {
        let request = self.http.post(format!("{}{path}", self.base));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = request.header("content-type", content_type).header("idempotency-key", key).body(bytes.into());
        finish(request, format!("POST {path}")).await.expect("the node answers")
    }
    /// Reads.
    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &[], None).await
    }
    /// Creates, under a fresh key.
    pub async fn post(&self, path: &str, body: impl Serialize) -> Response {
        let body = serde_json::to_value(body).expect("plain data");
        let key = Uuid::now_v7().to_string();
        let answer = self.send(Method::POST, path, &[("idempotency-key", &key)], Some(&body)).await;
        self.found(answer).await
    }
    /// What was created lies where its `Location` says, whatever this caller may see of it.
    async fn found(&self, answer: Response) -> Response {
        let place = answer.header("location");
        if answer.status == StatusCode::CREATED && !place.is_empty() {
            let there = self.get(place).await;
            assert_ne!(there.status, StatusCode::NOT_FOUND, "{}: Location {place} is a dead link", answer.request);
        }
        answer
    }
    /// Acts on `{path}` (a resource): reads its `ETag`, then posts to `{path}/{verb}` under a fresh key.
    pub async fn act(&self, path: &str, verb: &str, body: impl Serialize) -> Response {
        let tag = self.get(path).await.etag();
        let body = serde_json::to_value(body).expect("plain data");
        let key = Uuid::now_v7().to_string();
        let headers = [("idempotency-key", key.as_str()), ("if-match", &tag)];
        let answer = self.send(Method::POST, &format!("{path}/{verb}"), &headers, Some(&body)).await;
        self.found(answer).await
    }
    /// Changes `{path}` with its current `ETag`.
    pub async fn patch(&self, path: &str, body: impl Serialize) -> Response {
        let tag = self.get(path).await.etag();
        let body = serde_json::to_value(body).expect("plain data");
        self.send(Method::PATCH, path, &[("if-match", &tag)], Some(&body)).await
    }
}

async fn finish(request: reqwest::RequestBuilder, what: String) -> Result<Response, reqwest::Error> {
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await?.to_vec();
    Ok(Response { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes, request: what })
}

impl Response {
    /// A header, empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
    /// The `ETag`.
    pub fn etag(&self) -> String {
        self.header("etag").to_owned()
    }
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}: no JSON: {}", self.request, self.text))
    }
    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn status<T: DeserializeOwned>(self, status: u16) -> T {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.request, self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error}: {}", self.request, self.text))
    }
    /// 200 with a body.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(self) -> T {
        self.status(200)
    }
    /// 201 with a body.
    #[track_caller]
    pub fn created<T: DeserializeOwned>(self) -> T {
        self.status(201)
    }
    /// A problem document with this status and code; returns it.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> wire::Problem {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}: {}", self.request, self.text);
        let request = self.request.clone();
        let problem: wire::Problem = self.status(status);
        assert_eq!(problem.code, code, "{request}: {problem:?}");
        problem
    }
}
