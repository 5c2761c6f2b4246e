//! What `tests/run` says about the servers it started.
use platform::{Service, Settings, bus::rabbit, migrate};
use serde_json::json;
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};
use uuid::Uuid;

/// Where the private servers are.
pub struct Environment {
    pub admin_url: String,
    pub host_port: String,
    pub amqp_url: String,
}

#[expect(clippy::disallowed_methods, reason = "the environment is how tests/run speaks to the tests")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
fn needed(name: &str) -> String {
    variable(name)
        .unwrap_or_else(|| panic!("{name} is not set: run the tests with tests/run, which starts their servers"))
}

/// The folder of published data sets, if there is one (`YEWU_DATA`); a test without it says that it was skipped.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
pub fn data_folder(set: &str) -> Option<PathBuf> {
    let folder = variable("YEWU_DATA").map(|root| Path::new(&root).join(set)).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("SKIPPED: data set {set} is not here (YEWU_DATA names its folder)");
    }
    folder
}

/// Speaks to the script that owns the servers: `servers(&["broker-kill"])`.
pub fn servers(arguments: &[&str]) {
    let status = servers_command(arguments[0]).args(&arguments[1..]).status();
    assert!(status.is_ok_and(|status| status.success()), "servers {arguments:?}");
}

/// One of that script's commands for these servers, to be given its arguments and run.
pub fn servers_command(name: &str) -> std::process::Command {
    let mut command = std::process::Command::new(needed("YEWU_SERVERS"));
    command.arg(name).arg(needed("YEWU_STATE"));
    command
}

/// The tests' broker to oneself until dropped, whichever program the others are in: some tests kill it.
pub fn broker_turn() -> File {
    let file = File::create(Path::new(&needed("YEWU_STATE")).join("broker.turn")).expect("a file");
    file.lock().expect("a lock");
    file
}

/// Hands users, virtual hosts and permissions to the broker.
pub fn import_definitions(definitions: &serde_json::Value) {
    let mut tool = servers_command("broker-ctl");
    let mut child = tool
        .arg("import_definitions")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the broker's tool starts");
    let written = child.stdin.take().expect("a pipe").write_all(definitions.to_string().as_bytes());
    assert!(written.is_ok() && child.wait().is_ok_and(|status| status.success()), "import_definitions");
}

/// A folder for a node's keys and files, not yet made. Nodes live as long as their test binary, so what is left of binaries
/// that have ended is removed by the next one.
pub(crate) fn own_folder() -> PathBuf {
    let temporary = std::env::temp_dir();
    for entry in std::fs::read_dir(&temporary).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().into_string().unwrap_or_default();
        let process = name.strip_prefix("yewu-test-p").and_then(|rest| rest.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            // Another binary may be removing it too.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    temporary.join(format!("yewu-test-p{}-{}", std::process::id(), Uuid::now_v7()))
}

/// A virtual host on the tests' broker, with its queues, and a user for each service behind the walls of real life.
pub struct VirtualHost {
    /// As the broker's administrator.
    pub admin_url: String,
    /// For settings: `{service}` stands for the user.
    pub url: String,
}

impl Environment {
    /// Makes one of that name for these services.
    pub async fn virtual_host(&self, name: &str, services: &[Service]) -> VirtualHost {
        let admin_url = self.amqp_url.replace("/%2f", &format!("/{name}"));
        let (scheme, place) = admin_url.split_once("://").expect("a URL");
        let (administrator, place) = place.split_once('@').expect("a user");
        let url = format!("{scheme}://{{service}}@{place}");
        let manifest = migrate::manifest(services);
        let mut definitions =
            rabbit::users(&admin_url, |_| Ok(super::database::PASSWORD.to_owned().into()), &manifest).expect("a URL");
        let administrator = administrator.split(':').next().unwrap_or_default();
        let all = json!({ "user": administrator, "vhost": name, "configure": ".*", "write": ".*", "read": ".*" });
        definitions["permissions"].as_array_mut().expect("a list").push(all);
        import_definitions(&definitions);
        rabbit::declare(&admin_url, &manifest).await.expect("queues");
        VirtualHost { admin_url, url }
    }
    /// Fails with advice where the variables are missing.
    pub fn read() -> Self {
        let host_port = format!("{}:{}", needed("YEWU_PG_HOST"), needed("YEWU_PG_PORT"));
        Self { admin_url: needed("YEWU_PG_ADMIN_URL"), host_port, amqp_url: needed("YEWU_AMQP_URL") }
    }
    /// Settings of a test node.
    pub fn settings(&self, database: &str, keys: &Path) -> Settings {
        let mut settings = Settings::load(None).expect("defaults");
        settings.profile = platform::settings::Profile::Test;
        settings.http.bind = "127.0.0.1:0".into();
        settings.http.workers = 1;
        settings.db.url = format!("postgres://{{role}}@{}/{database}", self.host_port);
        settings.db.password = Some(super::database::PASSWORD.to_owned().into());
        settings.db.admin_url = Some(self.admin_url.clone().into());
        settings.db.wait_milliseconds = 5_000;
        settings.bus.kind = platform::settings::BusKind::Memory;
        settings.bus.password = Some(super::database::PASSWORD.to_owned().into());
        settings.bus.url = Some(self.amqp_url.clone().into());
        settings.bus.admin_url = Some(self.amqp_url.clone().into());
        settings.storage.path = Some(keys.join("attachments"));
        settings.auth.issuer = "https://tests.yewu.invalid".into();
        settings.auth.jwks_file = Some(keys.join("jwks.json"));
        settings
    }
}
