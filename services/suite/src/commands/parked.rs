//! `yewu parked`: messages that only a person can help, straight from the database, so that it works while nothing runs.
//! What is decided here stands in the audit log as `program:yewu`; over REST it stands there under the caller's name.
use anyhow::{Context, ensure};
use platform::{
    Node, Settings,
    app::App,
    parked::{self, Decision},
};
use std::sync::Arc;
use uuid::Uuid;
use wire::common::ParkedMessage;

const ACTOR: &str = "program:yewu";

/// Messages that were refused: list, show, retry, discard
#[derive(Debug, clap::Args)]
pub(super) struct Parked {
    #[command(subcommand)]
    action: Action,
    /// Only of this service.
    #[arg(long, global = true, value_name = "NAME")]
    service: Option<String>,
    /// Only of this handler: an event may be parked by several.
    #[arg(long, global = true, value_name = "NAME")]
    handler: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// One line each: service, handler, event, type, arrival, tries, reason; separated by tabs
    List,
    /// Everything about a message, as JSON
    Show { event: Uuid },
    /// Try it again; those that wait behind it follow in order
    Retry { event: Uuid },
    /// Give it up for good
    Discard {
        event: Uuid,
        /// Why; kept in the audit log.
        #[arg(long)]
        reason: String,
    },
}

impl Parked {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        if let Some(name) = &self.service {
            ensure!(crate::ALL.iter().any(|service| service.name == name), "no service is called {name}");
        }
        let node = Node::build(settings, crate::ALL).await?;
        match &self.action {
            Action::List => {
                for (app, message) in self.find(&node, None).await? {
                    super::say(&line(&app, &message))?;
                }
                Ok(())
            }
            Action::Show { event } => {
                for (app, message) in self.found(&node, *event).await? {
                    let mut shown = serde_json::to_value(&message)?;
                    shown["service"] = app.name.into();
                    super::say(&serde_json::to_string_pretty(&shown)?)?;
                }
                Ok(())
            }
            Action::Retry { event } => Box::pin(self.decide(&node, *event, Decision::Retry)).await,
            Action::Discard { event, reason } => {
                let reason: wire::Label = reason.parse().map_err(|why| anyhow::anyhow!("--reason {why}"))?;
                Box::pin(self.decide(&node, *event, Decision::Discard(reason.as_str()))).await
            }
        }
    }

    async fn decide(&self, node: &Node, event: Uuid, decision: Decision<'_>) -> anyhow::Result<()> {
        for (app, message) in self.found(node, event).await? {
            let decided = parked::decide(&app, ACTOR, &message.handler, event, decision).await?;
            super::say(&format!("{} {} {}: {}", app.name, decided.handler, decided.event_id, decided.status))?;
        }
        Ok(())
    }

    async fn found(&self, node: &Node, event: Uuid) -> anyhow::Result<Vec<(Arc<App>, ParkedMessage)>> {
        let found = self.find(node, Some(event)).await?;
        ensure!(!found.is_empty(), "no message {event} is parked; see `yewu parked list`");
        Ok(found)
    }

    async fn find(&self, node: &Node, event: Option<Uuid>) -> anyhow::Result<Vec<(Arc<App>, ParkedMessage)>> {
        let mut found = Vec::new();
        for app in node.apps.iter().filter(|app| self.service.as_ref().is_none_or(|name| app.name == name)) {
            let mut conn = app.readers.get().await.with_context(|| format!("service {}", app.name))?;
            let messages = parked::list(&mut conn).await?.into_iter().filter(|message| {
                event.is_none_or(|event| message.event_id == event)
                    && self.handler.as_ref().is_none_or(|name| message.handler == *name)
            });
            found.extend(messages.map(|message| (app.clone(), message)));
        }
        Ok(found)
    }
}

fn line(app: &App, message: &ParkedMessage) -> String {
    let reason = message.error.as_deref().unwrap_or("").replace(['\t', '\n'], " ");
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}\t{reason}",
        app.name, message.handler, message.event_id, message.kind, message.arrived_at, message.attempts
    )
}
