//! The HTTP end of a node: every service under its own prefix behind the gate, health, metrics, documentation.
use crate::{
    ApiError, Node, Operations, Service, app::App, gate::gate, json, openapi, parameters::unread,
    teeth::broker_is_missed, telemetry,
};
use actix_web::{
    App as HttpApp, Error, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::ConnectionType,
    middleware::{Next, from_fn},
    web::{self, Data, PathConfig, QueryConfig, ServiceConfig},
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a connection may lie idle: longer than balancers keep theirs (60 and 90 s are usual), so that it is they who close
/// it. A server that closes first does it, some day, just when the next request is on its way.
const KEEP_ALIVE: Duration = Duration::from_mins(2);

/// Extra routes of the program that hosts the node (documentation pages, for one).
pub type Extra = fn(&mut ServiceConfig);

/// What the health pages look at.
pub(crate) struct Health {
    apps: Vec<Arc<App>>,
    draining: Arc<AtomicBool>,
}

/// A listening server and the switch that makes `/readyz` say no.
pub struct Listening {
    pub server: Server,
    pub address: SocketAddr,
    pub draining: Arc<AtomicBool>,
}

/// Binds and starts to serve; the caller awaits the server.
pub fn listen(node: &Node, extra: Extra) -> anyhow::Result<Listening> {
    let settings = node.settings();
    let services: Vec<Service> = node.apps.iter().map(|app| app.service).collect();
    let operations = Arc::new(openapi::operations(&services));
    let draining = Arc::new(AtomicBool::new(false));
    let health = Data::new(Health { apps: node.apps.clone(), draining: draining.clone() });
    let apps = node.apps.clone();
    let share = settings.db.pool_size.div_ceil(settings.http.workers.max(1));
    let server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(health.clone())
            .service(web::resource("/livez").to(livez))
            .service(web::resource("/readyz").to(readyz))
            .service(web::resource("/metrics").to(metrics))
            .configure(|config| mount(config, &apps, &operations, share))
            .configure(extra)
            .default_service(web::to(nothing_here))
            .wrap(from_fn(part))
    })
    .keep_alive(KEEP_ALIVE)
    .workers(settings.http.workers)
    .shutdown_timeout(settings.http.drain_seconds)
    .client_request_timeout(Duration::from_secs(5))
    .disable_signals()
    .bind(&settings.http.bind)?;
    let address = server.addrs().first().copied().ok_or_else(|| anyhow::anyhow!("nothing bound"))?;
    Ok(Listening { server: server.run(), address, draining })
}

/// Has the process been told to stop?
pub(crate) fn is_leaving(health: Option<&Data<Health>>) -> bool {
    health.is_some_and(|health| health.draining.load(Ordering::Relaxed))
}

/// While the process is leaving, every answer says that its connection ends with it: who would send the next request on it
/// otherwise finds it cut in the end, perhaps with that request on its way.
async fn part<B: MessageBody + 'static>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let health = request.app_data::<Data<Health>>().cloned();
    let outcome = next.call(request).await;
    let leaving = is_leaving(health.as_ref());
    match outcome {
        Ok(mut response) if leaving => {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            Ok(response)
        }
        Err(error) if leaving => {
            let mut answer = error.error_response();
            answer.head_mut().set_connection_type(ConnectionType::Close);
            Err(InternalError::from_response("leaving", answer).into())
        }
        outcome => outcome,
    }
}

/// Called by each HTTP worker on its own thread: the connections it opens here are driven there.
fn mount(config: &mut ServiceConfig, apps: &[Arc<App>], operations: &Arc<Operations>, share: usize) {
    for app in apps {
        let routes = app.service.routes;
        let pools = Arc::new(app.doors.open(share, share).expect("the same pool was built for the background"));
        let scope = web::scope(&app.service.base())
            .app_data(app.clone())
            .app_data(pools)
            .app_data(operations.clone())
            .app_data(web::PayloadConfig::new(json::MOST_BYTES))
            .app_data(PathConfig::default().error_handler(|error, _| unread("path", &error.to_string()).into()))
            .app_data(QueryConfig::default().error_handler(|error, _| unread("query", &error.to_string()).into()))
            .configure(|inner| utoipa_routes(inner, routes))
            .default_service(web::to(nothing_here))
            .wrap(from_fn(gate));
        config.service(scope);
    }
}

/// The same registrations that make the document make the routes.
fn utoipa_routes(config: &mut ServiceConfig, routes: fn(&mut utoipa_actix_web::service_config::ServiceConfig)) {
    let mut collecting = utoipa_actix_web::service_config::ServiceConfig::new(config);
    routes(&mut collecting);
    crate::common::routes(&mut collecting);
}

async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let message = format!("there is nothing at {}", request.path());
    let error = ApiError::Request {
        status: 404,
        code: "route.unknown",
        message,
        chinese: format!("路径 {} 不存在", request.path()),
    };
    Ok(error.answer(crate::Language::English, ""))
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// A database that takes longer to answer "1" is away; one that is only busy (500 ms were seen under a flood of messages on
/// two cores) is not.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);

/// Database and keys of each service, not draining. Not the broker: the outbox bridges its absence.
async fn readyz(health: Data<Health>) -> HttpResponse {
    let mut services = serde_json::Map::new();
    let mut ready = !health.draining.load(Ordering::Relaxed);
    for app in &health.apps {
        let reached = tokio::time::timeout(DATABASE_LIMIT, reaches_database(app)).await.unwrap_or(false);
        let keys = app.verifier.has_keys(app.clock.now().timestamp()).await;
        ready &= reached && keys && !broker_is_missed(app);
        services.insert(app.name.to_owned(), json!({"database": reached, "keys": keys}));
    }
    let body = json!({"status": if ready { "ready" } else { "not_ready" }, "draining": health.draining.load(Ordering::Relaxed), "services": services});
    if ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

/// A question answered; a pool that is merely busy is not a database that is away.
async fn reaches_database(app: &App) -> bool {
    use diesel_async::SimpleAsyncConnection;
    match app.readers.get().await {
        Ok(mut conn) => conn.batch_execute("SELECT 1").await.is_ok(),
        Err(deadpool::managed::PoolError::Timeout(deadpool::managed::TimeoutType::Wait)) => true,
        Err(_) => false,
    }
}

async fn metrics() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry::render())
}
