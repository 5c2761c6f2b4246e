//! What every request under `/api` passes before its handler: route, token, permission; and what every failure becomes
//! on its way out: a problem document in the caller's language, panics included.
//! The permission of an operation is read from the OpenAPI document itself, so the two cannot differ; an operation
//! that is not in the document is nobody's.
use crate::{
    ApiError, Caller, Language, Operation, Operations, Sight,
    app::App,
    auth::{Unauthorized, bearer},
    error::busy,
    telemetry::Trace,
};
use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    middleware::Next,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc};
use tracing::Instrument;

/// What the gate found out, for the handler.
#[derive(Clone)]
pub struct Passed {
    pub caller: Caller,
    pub sight: Sight,
    pub trace: Trace,
    /// The route template.
    pub pattern: String,
    pub operation: Arc<Operation>,
}

/// The middleware of a service's scope.
pub async fn gate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let language = Language::of(header(&request, "accept-language"));
    let app =
        request.app_data::<Arc<App>>().cloned().ok_or_else(|| ApiError::internal("a scope without its service"))?;
    let trace = Trace::of(header(&request, "traceparent"), &app.clock);
    // Before anything that costs, be it a line in the log: the time that goes into refusing is taken from those who are served.
    let Ok(_place) = app.places.try_acquire() else {
        metrics::counter!("yewu_http_turned_away_total", "service" => app.name).increment(1);
        return Ok(request.into_response(tagged(busy().answer(language, &trace.id), &trace.id)));
    };
    let pattern = request.match_pattern().unwrap_or_default();
    let span = tracing::info_span!("request", service = app.name, trace_id = %trace.id, method = %request.method(), route = %pattern);
    let started = std::time::Instant::now();
    let method = request.method().to_string();

    let handled = async {
        match admit(&request, &app, &pattern, language, trace.clone()).await {
            Err(refused) => {
                let answer = tagged(refused.answer(language, &trace.id), &trace.id);
                Ok(request.into_response(answer))
            }
            Ok(passed) => {
                request.extensions_mut().insert(passed);
                let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
                polish(outcome, language, &trace.id)
            }
        }
    };
    let response: Result<ServiceResponse<BoxBody>, Error> = handled.instrument(span.clone()).await;
    if let Ok(response) = &response {
        let status = response.status().as_u16();
        let seconds = started.elapsed().as_secs_f64();
        metrics::histogram!("yewu_http_request_seconds", "service" => app.name, "method" => method, "route" => pattern, "status" => status.to_string()).record(seconds);
        span.in_scope(|| tracing::info!(status, milliseconds = seconds * 1000.0, "answered"));
    }
    response
}

fn header<'a>(request: &'a ServiceRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// A header that stands once; two of them are none, since nobody could say which of them a proxy before us has looked at.
fn only<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    let mut values = request.headers().get_all(name);
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

async fn admit(
    request: &ServiceRequest,
    app: &App,
    pattern: &str,
    language: Language,
    trace: Trace,
) -> Result<Passed, ApiError> {
    let operations = request.app_data::<Arc<Operations>>().ok_or_else(|| ApiError::internal("no operations"))?;
    let method = request.method().as_str().to_lowercase();
    let operation =
        operations.get(&(method, pattern.to_owned())).ok_or_else(|| unknown_route(request, operations, pattern))?;
    let now = app.clock.now().timestamp();
    if operation.public {
        app.guests.admit(link_token(pattern, request.path()), now)?;
        let caller = Caller::guest(app.name, language);
        let sight = Sight::Own(caller.user.clone());
        return Ok(Passed { caller, sight, trace, pattern: pattern.to_owned(), operation: operation.clone() });
    }
    let token = bearer(only(request, "authorization"))?;
    let claims = app.verifier.verify(token, now).await?;
    if app.leavers.include(&claims.sub, &app.readers, now).await {
        return Err(Unauthorized::Deactivated.into());
    }
    let caller = Caller {
        service: app.name,
        user: claims.sub,
        roles: claims.roles,
        department: claims.department,
        team: claims.team,
        language,
    };
    let sight = caller.require(&operation.permission)?;
    Ok(Passed { caller, sight, trace, pattern: pattern.to_owned(), operation: operation.clone() })
}

/// What stands in the path where its pattern says `{token}`.
fn link_token<'a>(pattern: &str, path: &'a str) -> &'a str {
    let mut parts = pattern.split('/').zip(path.split('/'));
    parts.find(|(part, _)| *part == "{token}").map_or("", |(_, token)| token)
}

fn unknown_route(request: &ServiceRequest, operations: &Operations, pattern: &str) -> ApiError {
    let allowed: Vec<String> =
        operations.keys().filter(|(_, route)| route == pattern).map(|(method, _)| method.to_uppercase()).collect();
    if allowed.is_empty() {
        ApiError::Request {
            status: 404,
            code: "route.unknown",
            message: format!("there is nothing at {}", request.path()),
            chinese: format!("路径 {} 不存在", request.path()),
        }
    } else {
        ApiError::Request {
            status: 405,
            code: "method.not_allowed",
            message: format!("allowed here: {}", allowed.join(", ")),
            chinese: format!("此处允许的方法：{}", allowed.join(", ")),
        }
    }
}

type Outcome<B> = Result<Result<ServiceResponse<B>, Error>, Box<dyn std::any::Any + Send>>;

/// Nobody may hold the request while it is routed (actix takes it apart), so a failure travels as a rendered error.
fn polish<B: MessageBody + 'static>(
    outcome: Outcome<B>,
    language: Language,
    trace_id: &str,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let rendered = |answer: HttpResponse| Err(InternalError::from_response("rendered", answer).into());
    match outcome {
        Err(panic) => {
            let what = panic
                .downcast_ref::<&str>()
                .map(ToString::to_string)
                .or_else(|| panic.downcast_ref::<String>().cloned());
            let error = ApiError::internal(format!("panic: {}", what.unwrap_or_default()));
            rendered(tagged(error.answer(language, trace_id), trace_id))
        }
        Ok(Err(error)) => rendered(render(&error, language, trace_id)),
        Ok(Ok(response)) => {
            if let Some(error) = response.response().error() {
                let answer = render(error, language, trace_id);
                return Ok(response.into_response(answer));
            }
            let mut response = response.map_into_boxed_body();
            tag(response.headers_mut(), trace_id);
            Ok(response)
        }
    }
}

/// Our refusals as they are; actix's own (a bad path or query) are the client's; anything else is ours to mend.
fn render(error: &Error, language: Language, trace_id: &str) -> HttpResponse {
    let answer = if let Some(error) = error.as_error::<ApiError>() {
        error.answer(language, trace_id)
    } else {
        let status = error.as_response_error().status_code();
        let message = error.to_string();
        if status.is_client_error() {
            let chinese = format!("请求有误：{message}");
            ApiError::Request { status: status.as_u16(), code: "request.invalid", message, chinese }
        } else {
            ApiError::internal(message)
        }
        .answer(language, trace_id)
    };
    tagged(answer, trace_id)
}

fn tagged(mut answer: HttpResponse, trace_id: &str) -> HttpResponse {
    tag(answer.headers_mut(), trace_id);
    answer
}
fn tag(headers: &mut actix_web::http::header::HeaderMap, trace_id: &str) {
    use actix_web::http::header::{HeaderName, HeaderValue};
    let fixed = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        headers.insert(HeaderName::from_static("x-trace-id"), value);
    }
}
