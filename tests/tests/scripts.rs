//! The scripts of `deploy/` where a machine is unlike ours, and what the edge logs. Starts no server and installs nothing.
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

#[test]
fn the_edge_logs_no_token_of_a_link() {
    let configuration = fs::read_to_string(root().join("deploy/edge/nginx.conf")).expect("the edge's configuration");
    let line =
        configuration.split_once("log_format line").and_then(|(_, rest)| rest.split_once(';')).expect("a format").0;
    let whole = ["$uri", "$request\"", "$request_uri", "$document_uri", "$http_referer", "$args"];
    assert!(line.contains("$logged_path") && !whole.iter().any(|name| line.contains(name)), "{line}");
    let rule =
        configuration.split_once("$logged_path {\n").and_then(|(_, rest)| rest.split_once(';')).expect("a map").0;
    let (pattern, value) = rule.trim().trim_start_matches('~').split_once(' ').expect("a pattern and what it becomes");
    // Perl's expressions are those of nginx.
    let program = format!(
        "while (<STDIN>) {{ chomp; print m{{{pattern}}} ? \"{}\" : $_, \"\\n\" }}",
        value.trim_matches('"').replace("$leads", "$+{leads}").replace("$to", "@{[$+{to} // '']}")
    );
    let logged = |path: &str| {
        let run = format!("printf '%s\\n' '{path}' | perl -e '{}'", program.replace('\'', "'\\''"));
        let out = Command::new("bash").args(["-euo", "pipefail", "-c", &run]).output().expect("bash runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    };
    let token = "0123456789abcdef".repeat(4);
    let shared = format!("/api/quoting/v1/public/proposals/{token}");
    assert_eq!(logged(&shared), "/api/quoting/v1/public/proposals/***");
    for verb in ["/ask", "/pdf", "/", "/a/b"] {
        assert_eq!(logged(&format!("{shared}{verb}")), format!("/api/quoting/v1/public/proposals/***{verb}"));
    }
    for other in ["/api/quoting/v1/proposals/01932c5e", "/docs/", "/api/crm/v1/publications/1"] {
        assert_eq!(logged(other), other);
    }
}
