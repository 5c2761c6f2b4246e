//! Settings: built-in defaults, then a TOML file, then `YEWU__SECTION__KEY` from the environment. Unknown keys are refused;
//! a secret may stand in a file named by `…_file`, and none is ever printed.
use crate::{
    auth::AuthSettings,
    passwords::{Passwords, is_default, read},
};
use anyhow::Context;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A value that never shows itself.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);
impl Secret {
    /// The value, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// What kind of deployment this is: production refuses development keys and the memory bus's shortcuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    Development,
    Test,
    Production,
}

/// All of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub profile: Profile,
    pub http: Http,
    pub db: Db,
    pub bus: Bus,
    pub auth: AuthSettings,
    pub storage: Storage,
    pub print: Print,
    pub log: Log,
}
/// The listener.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `address:port`; port 0 takes a free one.
    pub bind: String,
    /// Worker threads.
    pub workers: usize,
    /// Requests of one service in hand at once; whoever comes on top is told to come back (503).
    pub at_once: usize,
    /// Seconds that it goes on serving after `/readyz` has begun to say no: balancers need them to notice.
    pub notice_seconds: u64,
    /// Seconds that requests in hand get when the process is told to stop.
    pub drain_seconds: u64,
}
/// Postgres.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Db {
    /// `postgres://{role}@host:port/database`: `{role}` becomes each service's role.
    pub url: String,
    /// Of every role.
    pub password: Option<Secret>,
    /// A file with it; `{role}` in its path becomes each role, which then has its own.
    pub password_file: Option<PathBuf>,
    /// Owner of everything, for `yewu migrate` only.
    pub admin_url: Option<Secret>,
    pub admin_url_file: Option<PathBuf>,
    /// Connections a service opens for commands: so many shared out among its HTTP workers, and so many for its background work; for
    /// reading as many among the workers, and half as many in the background. Opened when first needed: 15 in all with 4.
    pub pool_size: usize,
    /// How long a request waits for a connection before it is told to come back (503).
    pub wait_milliseconds: u64,
}
/// The broker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    pub kind: BusKind,
    /// `amqp://{service}@host:port/vhost`: `{service}` becomes each service, which is its user at the broker.
    pub url: Option<Secret>,
    pub url_file: Option<PathBuf>,
    /// Of every user.
    pub password: Option<Secret>,
    /// A file with it; `{service}` in its path becomes each user, which then has its own.
    pub password_file: Option<PathBuf>,
    /// May declare exchanges and queues, for `yewu migrate` only.
    pub admin_url: Option<Secret>,
    pub admin_url_file: Option<PathBuf>,
}
/// `memory` hands events over inside one process and is refused unless every service is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusKind {
    Rabbit,
    Memory,
}
/// Uploaded files.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Where the bytes of attachments lie.
    pub kind: StorageKind,
    /// The folder that they lie in, a part for each service; has no default. All copies of a service must see the same one,
    /// and it is backed up together with the database: rows name files by their SHA-256. With `kind = "s3"` only what is on its
    /// way lies there, and each copy may have its own.
    pub path: Option<PathBuf>,
    /// The bucket, if `kind = "s3"`.
    pub s3: S3,
    /// Bytes of the largest table that an import takes; every other upload has at most 20 MiB.
    pub largest_import_bytes: u64,
    /// A file with the key under which numbers of identity papers are sealed, 64 hexadecimal digits; `sealing.key` in `path`, made
    /// at the first start, if absent.
    pub sealing_key_file: Option<PathBuf>,
}
/// `file`: in `storage.path`. `s3`: in a bucket of an S3-compatible store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    #[default]
    File,
    S3,
}
/// A bucket that exists and belongs to this installation alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// `https://store.example.com:9000`, without the bucket; Amazon's own in `region` if absent.
    pub endpoint: Option<String>,
    pub bucket: Option<String>,
    /// Stores of one's own mostly do not care; signatures name it.
    pub region: String,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret>,
    pub secret_access_key_file: Option<PathBuf>,
    /// The bucket stands in the path (`endpoint/bucket/key`); if not, in the host's name (`bucket.endpoint/key`).
    pub path_style: bool,
    /// `endpoint` may be `http://`, if it is one of a private network: files travel in the clear.
    pub allow_http: bool,
}
/// Documents for customers: what stands at their head, and how they look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// A folder with a `proposal.md` of the company's own (a copy of the shipped one, changed), its logo and its fonts.
    pub templates: Option<PathBuf>,
    /// The company that offers.
    #[serde(default)]
    pub company_name: String,
    #[serde(default)]
    pub company_address: String,
    #[serde(default)]
    pub company_phone: String,
    /// A PNG or JPEG file in `templates`.
    pub logo: Option<String>,
}
/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// A tracing filter: `info`, `info,platform=debug`.
    pub filter: String,
    /// Readable lines instead of JSON.
    pub human: bool,
}

const DEFAULTS: &str = r#"
profile = "production"
[http]
bind = "127.0.0.1:8080"
workers = 2
at_once = 64
notice_seconds = 3
drain_seconds = 15
[db]
url = "postgres://{role}@127.0.0.1:5432/yewu"
pool_size = 4
wait_milliseconds = 250
[bus]
kind = "rabbit"
[auth]
issuer = "https://yewu.invalid"
audience = "yewu"
leeway_seconds = 60
[storage]
kind = "file"
largest_import_bytes = 268435456
[storage.s3]
region = "us-east-1"
path_style = true
allow_http = false
[print]
[log]
filter = "info,lapin=error"
human = false
"#;

impl Settings {
    /// Reads and checks them; the error names the key and what is wrong with it.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut builder =
            config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = file {
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("YEWU").prefix_separator("__").separator("__");
        let mut settings: Self = builder.add_source(environment).build()?.try_deserialize()?;
        settings.read_secrets()?;
        Ok(settings)
    }
    fn read_secrets(&mut self) -> anyhow::Result<()> {
        let each = |file: &Option<PathBuf>, placeholder: &str| {
            file.as_deref().is_some_and(|file| Passwords::is_each(file, placeholder))
        };
        // Who needs one of these, reads it (`Passwords`): a container holds no more than its own.
        let none = None;
        let db_file = if each(&self.db.password_file, ROLE) { &none } else { &self.db.password_file };
        let bus_file = if each(&self.bus.password_file, SERVICE) { &none } else { &self.bus.password_file };
        let s3 = &mut self.storage.s3;
        let pairs = [
            (&mut s3.secret_access_key, &s3.secret_access_key_file, "storage.s3.secret_access_key_file"),
            (&mut self.db.password, db_file, "db.password_file"),
            (&mut self.db.admin_url, &self.db.admin_url_file, "db.admin_url_file"),
            (&mut self.bus.url, &self.bus.url_file, "bus.url_file"),
            (&mut self.bus.password, bus_file, "bus.password_file"),
            (&mut self.bus.admin_url, &self.bus.admin_url_file, "bus.admin_url_file"),
        ];
        for (secret, file, key) in pairs {
            if let Some(file) = file {
                *secret = Some(read(file).context(key)?);
            }
        }
        let chosen = [
            ("db.password", &self.db.password),
            ("bus.password", &self.bus.password),
            ("storage.s3.secret_access_key", &self.storage.s3.secret_access_key),
        ];
        for (key, secret) in chosen {
            let weak = secret.as_ref().is_some_and(is_default);
            anyhow::ensure!(self.profile != Profile::Production || !weak, "{key} is a default; set a real one");
        }
        Ok(())
    }
    /// The passwords of the database's roles.
    #[must_use]
    pub fn database_passwords(&self) -> Passwords {
        passwords(self.db.password.as_ref(), self.db.password_file.as_deref(), ROLE)
    }
    /// The passwords of the broker's users.
    #[must_use]
    pub fn bus_passwords(&self) -> Passwords {
        passwords(self.bus.password.as_ref(), self.bus.password_file.as_deref(), SERVICE)
    }
    /// The connection string of one role, with extra session options.
    ///
    /// # Errors
    /// The role's password cannot be read.
    pub fn database_url(&self, role: &str, options: &[(&str, &str)]) -> anyhow::Result<String> {
        let password = self.database_passwords().of(role).context("db.password_file")?;
        let url = with_password(&self.db.url.replace(ROLE, role), role, password.as_ref());
        let options: Vec<String> = options.iter().map(|(key, value)| format!("-c%20{key}%3D{value}")).collect();
        let joint = if url.contains('?') { '&' } else { '?' };
        Ok(format!("{url}{joint}application_name={role}&{LIVELINESS}&options={}", options.join("%20")))
    }
    /// Where a service finds its broker, as its own user.
    pub fn bus_url(&self, service: &str) -> anyhow::Result<String> {
        let url = self.bus.url.as_ref().context("bus.url is not set")?;
        let password = self.bus_passwords().of(service).context("bus.password_file")?;
        Ok(with_password(&url.reveal().replace(SERVICE, service), service, password.as_ref()))
    }
}

/// A database whose host is cut off says nothing, and comes back perhaps at another address. Whoever waits for its answer, or has sent
/// what nobody takes, knows it after some ten seconds. (The system's own limits are two hours and a quarter of one: when a
/// database had lost its network for a minute, a relay stood still for another three quarters of one.)
const LIVELINESS: &str = "keepalives_idle=5&keepalives_interval=2&keepalives_retries=3&tcp_user_timeout=10";

/// What a role's, what a service's name takes the place of.
const ROLE: &str = "{role}";
const SERVICE: &str = "{service}";

fn passwords(shared: Option<&Secret>, file: Option<&Path>, placeholder: &'static str) -> Passwords {
    match (file, shared) {
        (Some(path), _) if Passwords::is_each(path, placeholder) => {
            Passwords::Files { path: path.to_owned(), placeholder }
        }
        (_, Some(secret)) => Passwords::Shared(secret.clone()),
        (_, None) => Passwords::None,
    }
}

/// A URL that names this user and no password, with the password.
fn with_password(url: &str, user: &str, password: Option<&Secret>) -> String {
    let Some(password) = password else { return url.to_owned() };
    url.replacen(&format!("//{user}@"), &format!("//{user}:{}@", escape(password.reveal())), 1)
}

/// Percent-encodes what a URL would misread (RFC 3986 §2.3).
fn escape(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let _ = if plain { write!(out, "{}", char::from(byte)) } else { write!(out, "%{byte:02X}") };
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Settings> {
        let file = std::env::temp_dir().join(format!("yewu-settings-{}.toml", uuid::Uuid::now_v7()));
        std::fs::write(&file, text)?;
        let settings = Settings::load(Some(&file));
        std::fs::remove_file(file)?;
        settings
    }

    #[test]
    fn unknown_keys_are_refused_and_secrets_hidden() {
        let error = load("[http]\nbnd = \"x\"").unwrap_err().to_string();
        assert!(error.contains("bnd"), "{error}");
        let settings = load("[db]\npassword = \"tea-42\"").unwrap();
        assert!(!format!("{settings:?}").contains("tea-42"));
        let url = settings.database_url("quoting", &[("statement_timeout", "5000")]).unwrap();
        assert_eq!(
            url,
            format!(
                "postgres://quoting:tea-42@127.0.0.1:5432/yewu?application_name=quoting&{LIVELINESS}&options=-c%20statement_timeout%3D5000"
            )
        );
    }

    #[test]
    fn each_service_is_its_own_user_of_the_broker() {
        let settings = load("[bus]\nurl = \"amqp://{service}@mq:5672/%2f\"\npassword = \"a/b\"").unwrap();
        assert_eq!(settings.bus_url("crm").unwrap(), "amqp://crm:a%2Fb@mq:5672/%2f");
        let settings = load("[bus]\nurl = \"amqp://all:x@mq/%2f\"\npassword = \"unused\"").unwrap();
        assert_eq!(settings.bus_url("crm").unwrap(), "amqp://all:x@mq/%2f");
        assert!(load("").unwrap().bus_url("crm").unwrap_err().to_string().contains("bus.url"));
    }

    #[test]
    fn production_refuses_default_passwords_and_names_missing_secret_files() {
        assert!(load("[db]\npassword = \"changeme\"").unwrap_err().to_string().contains("db.password"));
        assert!(load("[bus]\npassword = \"\"").unwrap_err().to_string().contains("bus.password"));
        let store = load("[storage.s3]\nsecret_access_key = \"changeme\"").unwrap_err().to_string();
        assert!(store.contains("storage.s3.secret_access_key"), "{store}");
        assert!(load("profile = \"development\"\n[db]\npassword = \"changeme\"").is_ok());
        assert!(
            load("[db]\npassword_file = \"/nowhere/at/all\"").unwrap_err().to_string().contains("db.password_file")
        );
        let each = load("[db]\npassword_file = \"/nowhere/{role}\"").unwrap();
        let error = format!("{:#}", each.database_url("crm", &[]).unwrap_err());
        assert!(error.contains("db.password_file") && error.contains("/nowhere/crm"), "{error}");
    }
}
