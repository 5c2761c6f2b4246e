//! `yewu health`: asks the process that these settings describe whether it is ready, for container engines that know no HTTP.
//! Prints what `/readyz` says; judges nothing by itself.
use anyhow::{Context, ensure};
use platform::Settings;
use std::{net::SocketAddr, time::Duration};

/// Longer than `/readyz` itself may take to find the database away.
const PATIENCE: Duration = Duration::from_secs(4);

/// Ask a running process of these settings whether it is ready
#[derive(Debug, clap::Args)]
pub(super) struct Health {}

impl Health {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let url = format!("http://{}/readyz", reachable(&settings.http.bind)?);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
        let answer = http.get(&url).send().await.with_context(|| format!("nobody answers at {url}"))?;
        let (status, body) = (answer.status(), answer.text().await?);
        super::say(&body)?;
        ensure!(status.is_success(), "not ready ({status})");
        Ok(())
    }
}

/// Where a process that is bound to `bind` is reached from its own machine: "every address" is none to ask.
fn reachable(bind: &str) -> anyhow::Result<SocketAddr> {
    let mut address: SocketAddr =
        bind.parse().with_context(|| format!("http.bind = {bind} is no address with a port"))?;
    if address.ip().is_unspecified() {
        let loopback = if address.is_ipv4() { "127.0.0.1" } else { "::1" };
        address.set_ip(loopback.parse()?);
    }
    ensure!(address.port() != 0, "http.bind = {bind}: the port was chosen by the system, nobody else knows it");
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_asked_at_the_own_one() {
        for (bind, asked) in [
            ("0.0.0.0:8080", Some("127.0.0.1:8080")),
            ("[::]:8080", Some("[::1]:8080")),
            ("127.0.0.1:81", Some("127.0.0.1:81")),
            ("127.0.0.1:0", None),
            ("localhost", None),
        ] {
            assert_eq!(reachable(bind).ok().map(|address| address.to_string()).as_deref(), asked, "{bind}");
        }
    }
}
