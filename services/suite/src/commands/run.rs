//! `yewu run`: hosts any set of services in one process (ruling 29), with the documentation beside them.
use anyhow::Context;
use platform::{Service, Settings};

/// Run the services until SIGTERM, then drain
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// Only these, separated by commas; all six otherwise.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    services: Vec<String>,
}

impl Run {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let services = chosen(&self.services)?;
        crate::docs::prepare(&services);
        platform::program::run(settings, &services, crate::docs::routes).await
    }
}

/// In the order of a deal, each once; nothing named = all.
fn chosen(names: &[String]) -> anyhow::Result<Vec<Service>> {
    let known = || crate::ALL.iter().map(|service| service.name).collect::<Vec<_>>().join(", ");
    for name in names {
        crate::ALL
            .iter()
            .find(|service| service.name == name)
            .with_context(|| format!("no service is called {name}; there are {}", known()))?;
    }
    let wanted = |service: &&Service| names.is_empty() || names.iter().any(|name| name == service.name);
    Ok(crate::ALL.iter().filter(wanted).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_chosen_by_name_and_strangers_refused() {
        let names = |list: &[&str]| {
            chosen(&list.iter().map(ToString::to_string).collect::<Vec<_>>())
                .map(|services| services.iter().map(|s| s.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["orders", "crm", "orders"]).unwrap(), ["crm", "orders"]);
        assert_eq!(names(&[]).unwrap().len(), 6);
        assert!(names(&["billing"]).unwrap_err().to_string().contains("there are crm, quoting"));
    }
}
