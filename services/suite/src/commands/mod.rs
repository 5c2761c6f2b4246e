//! The command line: one file for each command, this one only hands over. What a command prints on stdout is for other
//! programs too (a token and nothing else); everything said to people on the way goes to stderr.
mod broker_users;
mod demo;
mod docs;
mod health;
mod import;
mod keys;
mod migrate;
mod parked;
mod replay;
mod run;
mod spec;
mod storage;
mod token;
mod verify;

pub(crate) use token::Mint;

use clap::{Parser, Subcommand};
use platform::Settings;
use std::{io::Write, path::PathBuf, process::ExitCode};

/// Yewu: from the first lead to the satisfied customer, in six services.
#[derive(Debug, Parser)]
#[command(name = "yewu", version, about, max_term_width = 110)]
struct Cli {
    /// Settings (TOML); without it built-in defaults. `YEWU__SECTION__KEY` in the environment wins over both.
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Keys(keys::Keys),
    Migrate(migrate::Migrate),
    BrokerUsers(broker_users::BrokerUsers),
    Run(run::Run),
    Docs(docs::Docs),
    Health(health::Health),
    Storage(storage::Storage),
    Token(token::Token),
    Spec(spec::Spec),
    Parked(parked::Parked),
    Replay(replay::Replay),
    Demo(demo::Demo),
    Import(import::Import),
    Verify(verify::Verify),
}

/// Reads the command line and does what it says. Exit code 2: wrong usage; 1: it failed, and stderr says why.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match platform::program::runtime().and_then(|runtime| runtime.block_on(perform(cli))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yewu: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(cli: Cli) -> anyhow::Result<()> {
    let settings = || Settings::load(cli.settings.as_deref());
    match cli.command {
        Command::Keys(command) => command.perform(),
        Command::Migrate(command) => command.perform(&settings()?).await,
        Command::BrokerUsers(command) => command.perform(&settings()?),
        Command::Run(command) => command.perform(&settings()?).await,
        Command::Docs(command) => command.perform(&settings()?).await,
        Command::Health(command) => command.perform(&settings()?).await,
        Command::Storage(command) => command.perform(&settings()?).await,
        Command::Token(command) => command.perform(&settings()?),
        Command::Spec(command) => command.perform(),
        Command::Parked(command) => Box::pin(command.perform(&settings()?)).await,
        Command::Replay(command) => command.perform(&settings()?).await,
        Command::Demo(command) => command.perform(&settings()?).await,
        Command::Import(command) => command.perform(&settings()?).await,
        Command::Verify(command) => command.perform(&settings()?).await,
    }
}

/// Writes a line to stdout. A reader that has gone away (`yewu … | head`) ends the program in peace.
fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => Ok(written?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_takes_settings_anywhere() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
        let cli = Cli::try_parse_from(["yewu", "token", "--role", "ceo", "--settings", "x.toml"]).unwrap();
        assert_eq!(cli.settings.unwrap().to_str(), Some("x.toml"));
        assert!(Cli::try_parse_from(["yewu", "token", "--role", "boss"]).is_err(), "no such role");
        assert!(Cli::try_parse_from(["yewu", "token"]).is_err(), "neither a role nor --all");
    }
}
