//! `yewu token`: a signed token of the development key. Prints the token and nothing else; what it may do, the table of
//! grants says. Not for production: a production profile believes no development key.
use crate::people;
use anyhow::Context;
use jiff::SignedDuration;
use platform::{
    Settings,
    auth::{Role, keys::DevelopmentKey},
};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

/// Sign a token with the development key
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("whose").required(true).args(["role", "all"])))]
pub(super) struct Token {
    /// What its holder does in the company; may be said several times.
    #[arg(long, value_name = "ROLE")]
    role: Vec<Role>,
    /// Write one for each role into this folder instead, each in a file of 0600 named after the role.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["user", "department", "team"])]
    all: Option<PathBuf>,
    /// The token's subject; the first user of the role, `sales_rep-1`, if not said.
    #[arg(long)]
    user: Option<String>,
    /// Whose rows the department scope reaches; the role's own department if not said.
    #[arg(long)]
    department: Option<String>,
    /// Whose rows the team scope reaches; the role's own team if not said.
    #[arg(long)]
    team: Option<String>,
    /// For how long it is believed.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=8784))]
    hours: u16,
}

impl Token {
    pub(super) fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let mint = Mint::open(settings, self.hours)?;
        let Some(folder) = &self.all else {
            let mut claims = people::claims(&self.role, 1);
            claims.sub = self.user.unwrap_or(claims.sub);
            claims.department = self.department.or(claims.department);
            claims.team = self.team.or(claims.team);
            return super::say(&mint.sign(&claims)?);
        };
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for &role in Role::ALL {
            let path = folder.join(role.as_str());
            let token = mint.sign(&people::claims(&[role], 1))?;
            write_private(&path, &token).with_context(|| format!("cannot write {}", path.display()))?;
        }
        super::say(&format!("{} tokens in {}", Role::ALL.len(), folder.display()))
    }
}

/// Private from its first byte: written beside the old one and put in its place.
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let _left_over = fs::remove_file(&fresh);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{text}")?;
    fs::rename(fresh, path)
}

/// Signs with the development key that the settings name.
pub(crate) struct Mint {
    key: DevelopmentKey,
    issuer: String,
    audience: String,
    lifetime: SignedDuration,
}

impl Mint {
    pub(crate) fn open(settings: &Settings, hours: u16) -> anyhow::Result<Self> {
        let file = settings.auth.development_key_file.as_ref().context(
            "auth.development_key_file is not set: without a development key, tokens come from the issuer only",
        )?;
        Ok(Self {
            key: DevelopmentKey::read(file)?,
            issuer: settings.auth.issuer.clone(),
            audience: settings.auth.audience.clone(),
            lifetime: SignedDuration::from_hours(i64::from(hours)),
        })
    }
    pub(crate) fn sign(&self, claims: &platform::auth::Claims) -> anyhow::Result<String> {
        let now = platform::Clock::default().now().timestamp();
        self.key.mint(&self.issuer, &self.audience, claims, self.lifetime, now)
    }
}
