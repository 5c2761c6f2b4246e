//! A handler's success on its way out: body, `ETag`, `Location`, `Link`; or the stored answer of a repeated key.
use crate::{Result, Tx, tx::Slot};
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::StatusCode};
use std::marker::PhantomData;
use wire::Shown;

/// What handlers return.
pub type Reply<T> = Result<Answer<T>>;

/// Serialised once: what is stored for a replay is what was sent.
#[derive(Debug)]
pub struct Answer<T> {
    status: StatusCode,
    etag: Option<String>,
    location: Option<String>,
    link: Option<String>,
    body: String,
    replayed: bool,
    of: PhantomData<T>,
}

impl<T> Answer<T> {
    pub(crate) fn shown(request: &HttpRequest, status: StatusCode, body: &T) -> Result<Self>
    where
        T: Shown,
    {
        let etag = body.version().map(|version| format!("\"{version}\""));
        let location = match body.id() {
            Some(id) if [StatusCode::CREATED, StatusCode::ACCEPTED].contains(&status) => Some(match body.place() {
                Some(place) => format!("{}/{place}", root(request)),
                None => format!("{}/{id}", collection(request)),
            }),
            _ => None,
        };
        let link = body.next().map(|next| {
            let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
            let query: Vec<String> = kept.map(str::to_owned).chain([format!("after={next}")]).collect();
            format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"))
        });
        Ok(Self { status, etag, location, link, body: serde_json::to_string(body)?, replayed: false, of: PhantomData })
    }
    pub(crate) fn replay(status: i16, etag: Option<String>, location: Option<String>, body: String) -> Self {
        let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
        Self { status, etag, location, link: None, body, replayed: true, of: PhantomData }
    }
    pub(crate) fn keep(&self, tx: &mut Tx, slot: &Slot) {
        let status = i16::try_from(self.status.as_u16()).unwrap_or(200);
        tx.keep_answer(slot, status, self.etag.clone(), self.location.clone(), self.body.clone());
    }
}

/// Where a created resource lies: an upsert's beside its `by-ref`, an action's beside the row it acts on.
fn collection(request: &HttpRequest) -> String {
    let pattern = request.match_pattern().unwrap_or_default();
    let cut = ["/by-ref/", "/{id}/"].iter().find_map(|mark| pattern.find(mark));
    let segments = cut.map_or(usize::MAX, |at| pattern[..at].matches('/').count() + 1);
    request.path().split('/').take(segments).collect::<Vec<_>>().join("/")
}

/// The service's own path: `/api/orders/v1`.
fn root(request: &HttpRequest) -> String {
    request.path().split('/').take(4).collect::<Vec<_>>().join("/")
}

impl<T> Responder for Answer<T> {
    type Body = BoxBody;
    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let known = request.headers().get("if-none-match").and_then(|value| value.to_str().ok());
        if let (Some(known), Some(etag)) = (known, &self.etag)
            && request.method() == actix_web::http::Method::GET
            && known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
        {
            return HttpResponse::NotModified().insert_header(("etag", etag.as_str())).finish();
        }
        let mut response = HttpResponse::build(self.status);
        let headers = [("etag", self.etag), ("location", self.location), ("link", self.link)];
        for (name, value) in headers {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        if self.replayed {
            response.insert_header(("idempotency-replayed", "true"));
        }
        response.content_type("application/json").body(self.body)
    }
}
