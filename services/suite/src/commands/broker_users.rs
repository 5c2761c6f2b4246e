//! `yewu broker-users`: the services' users at the broker, for the broker's own tool, as AMQP can make none:
//! `yewu broker-users | rabbitmqctl import_definitions`. Says it, puts nothing in force; what it prints holds the passwords.
use anyhow::Context;
use platform::{Settings, migrate};

/// Print the broker's users and what each may do, for `rabbitmqctl import_definitions`
#[derive(Debug, clap::Args)]
pub(super) struct BrokerUsers {
    /// Also the one of `bus.admin_url`, for a broker that starts with these definitions and has no user yet.
    #[arg(long)]
    administrator: bool,
}

impl BrokerUsers {
    pub(super) fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let mut users = migrate::broker_users(settings, crate::ALL)?;
        if self.administrator {
            let url = settings.bus.admin_url.as_ref().context("bus.admin_url (or bus.admin_url_file) is needed")?;
            platform::bus::rabbit::add_administrator(&mut users, url.reveal())?;
        }
        super::say(&users.to_string())
    }
}
