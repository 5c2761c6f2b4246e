//! The scripts of `deploy/` where a machine is unlike ours. Starts no server and installs nothing.
use crate::spec::root;
use std::{fs, os::unix::fs::PermissionsExt, process::Command};
use uuid::Uuid;

#[test]
fn unpacked_servers_are_found_in_a_folder_whose_name_has_a_space() {
    let packages = std::env::temp_dir().join(format!("yewu packages {}", Uuid::now_v7()));
    let programs =
        ["postgresql/15/bin/initdb", "rabbitmq/lib/rabbitmq_server-3.10.8/sbin/rabbitmq-server", "erlang/bin/erl"];
    for program in programs {
        let path = packages.join("usr/lib").join(program);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, "").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let found = Command::new("bash")
        .args(["-euo", "pipefail", "-c"])
        .arg("source deploy/lib/common.sh; source deploy/lib/packages.sh; locate_postgres 15; locate_broker; echo \"$postgres_bin|$broker_bin|$erlang_bin\"")
        .current_dir(root())
        .env("YEWU_IGNORE_SYSTEM", "1")
        .env("YEWU_PACKAGES", &packages)
        .output()
        .expect("bash runs");
    let all = programs
        .map(|program| packages.join("usr/lib").join(program).parent().expect("a folder").display().to_string());
    assert_eq!(
        String::from_utf8_lossy(&found.stdout).trim(),
        all.join("|"),
        "{}",
        String::from_utf8_lossy(&found.stderr)
    );
    fs::remove_dir_all(packages).expect("removed");
}
