//! `yewu replay`: facts that the broker may have lost go out again from the outboxes. For a broker whose data are gone, a
//! queue that was deleted, a database restored from a backup. Inboxes drop what they have; nothing has its effect twice.
use crate::ALL;
use anyhow::{Context, ensure};
use platform::{Node, Settings, migrate};
use wire::Moment;

/// Send facts again that the broker may have lost, and declare its queues where they are gone
#[derive(Debug, clap::Args)]
pub(super) struct Replay {
    /// From this moment on, RFC 3339: before the loss, generously; what did arrive is dropped by its receivers.
    #[arg(long, value_name = "TIME")]
    since: String,
    /// Only what this service told.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

impl Replay {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let since: Moment = serde_json::from_value(self.since.clone().into())
            .with_context(|| format!("--since {} is no moment like 2026-03-02T01:00:00Z", self.since))?;
        if let Some(name) = &self.service {
            ensure!(ALL.iter().any(|service| service.name == name), "no service is called {name}");
        }
        let node = Node::build(settings, ALL).await?;
        // Once before the queues are there again: whoever speaks first afterwards must find the old facts waiting before the
        // new. And once when all of them are: meanwhile a fact may have reached those of its hearers that were bound already,
        // which counts as published.
        self.unpublish(&node, since).await?;
        migrate::topology(settings, ALL).await?;
        let facts = self.unpublish(&node, since).await?;
        super::say(&format!("{facts} facts go out again"))
    }

    async fn unpublish(&self, node: &Node, since: Moment) -> anyhow::Result<usize> {
        let mut facts = 0;
        for app in node.apps.iter().filter(|app| self.service.as_deref().is_none_or(|name| name == app.name)) {
            facts += platform::outbox::replay(app, since).await?;
        }
        Ok(facts)
    }
}
