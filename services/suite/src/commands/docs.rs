//! `yewu docs`: the pages and documents of the whole API and nothing else, for an edge that serves them beside services of
//! their own processes. It reaches no database and no broker.
use actix_web::{App, HttpResponse, HttpServer, web};
use platform::Settings;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

/// Serve the documentation of the whole API, without any data
#[derive(Debug, clap::Args)]
pub(super) struct Docs {}

impl Docs {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        crate::docs::prepare(crate::ALL);
        let server = HttpServer::new(|| {
            App::new()
                .service(web::resource(["/livez", "/readyz"]).to(ready))
                .configure(crate::docs::routes)
                .default_service(web::to(HttpResponse::NotFound))
        })
        .workers(1)
        .disable_signals()
        .bind(&settings.http.bind)?
        .run();
        let (handle, serving) = (server.handle(), tokio::spawn(server));
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
        handle.stop(true).await;
        Ok(serving.await??)
    }
}

async fn ready() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ready"}))
}
