//! `yewu broker-users`: the services' users at the broker, for the broker's own tool, as AMQP can make none:
//! `yewu broker-users | rabbitmqctl import_definitions`. Says it, puts nothing in force; what it prints holds the password.
use platform::Settings;

/// Print the broker's users and what each may do, for `rabbitmqctl import_definitions`
#[derive(Debug, clap::Args)]
pub(super) struct BrokerUsers {}

impl BrokerUsers {
    pub(super) fn perform(settings: &Settings) -> anyhow::Result<()> {
        super::say(&platform::migrate::broker_users(settings, crate::ALL)?.to_string())
    }
}
