//! Running a node as a program: settings, logs, listening, draining on SIGTERM. The same for one service and for six.
use crate::{Node, Service, Settings, server, telemetry};
use std::{path::Path, process::ExitCode, sync::atomic::Ordering, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// A service's own binary: `quoting [--settings FILE]`.
#[must_use]
pub fn main(services: &[Service]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = match arguments.as_slice() {
        [] => None,
        [flag, file] if flag == "--settings" => Some(Path::new(file)),
        _ => {
            eprintln!("usage: {} [--settings FILE]", services[0].name);
            return ExitCode::from(2);
        }
    };
    let outcome =
        runtime().and_then(|runtime| runtime.block_on(async { run(&Settings::load(file)?, services, |_| {}).await }));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error:#}", services[0].name);
            ExitCode::FAILURE
        }
    }
}

/// The one multi-thread runtime of a process (ruling 21).
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Hosts the services until SIGTERM or SIGINT, then drains; a second signal ends at once.
pub async fn run(settings: &Settings, services: &[Service], extra: server::Extra) -> anyhow::Result<()> {
    telemetry::start(&settings.log.filter, settings.log.human)?;
    let mut node = Node::build(settings, services).await?;
    node.start(true)?;
    // Heard from before the first request on: what comes at once drains too.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let listening = server::listen(&node, extra)?;
    let handle = listening.server.handle();
    let serving = tokio::spawn(listening.server);
    tracing::info!(address = %listening.address, services = services.len(), "ready");

    if crate::teeth::planted("B30") {
        std::future::pending::<()>().await;
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("draining");
    listening.draining.store(true, Ordering::Relaxed);
    let orderly = async {
        tokio::time::sleep(Duration::from_secs(settings.http.notice_seconds)).await;
        handle.stop(true).await;
        let _ = serving.await;
        node.stop().await;
    };
    tokio::select! {
        () = orderly => tracing::info!("drained"),
        _ = terminate.recv() => tracing::warn!("stopped at once"),
        _ = interrupt.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}
