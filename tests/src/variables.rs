//! Settings as the environment variables that give a process the same ones. Knows the settings that tests choose for
//! themselves; everything else stays as the program has it.
use platform::{
    Settings,
    settings::{BusKind, Profile, Secret},
};
use std::path::PathBuf;

/// Name and value of each setting that is set; where to listen is each process's own.
#[must_use]
pub fn of(settings: &Settings) -> Vec<(String, String)> {
    let reveal = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let (db, bus, auth) = (&settings.db, &settings.bus, &settings.auth);
    let all = [
        ("PROFILE", (settings.profile == Profile::Test).then(|| "test".to_owned())),
        ("DB__URL", Some(db.url.clone())),
        ("DB__PASSWORD", reveal(&db.password)),
        ("DB__ADMIN_URL", reveal(&db.admin_url)),
        ("BUS__KIND", (bus.kind == BusKind::Rabbit).then(|| "rabbit".to_owned())),
        ("BUS__URL", reveal(&bus.url)),
        ("BUS__PASSWORD", reveal(&bus.password)),
        ("BUS__ADMIN_URL", reveal(&bus.admin_url)),
        ("AUTH__ISSUER", Some(auth.issuer.clone())),
        ("AUTH__JWKS_FILE", path(&auth.jwks_file)),
        ("AUTH__DEVELOPMENT_KEY_FILE", path(&auth.development_key_file)),
        ("STORAGE__PATH", path(&settings.storage.path)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((format!("YEWU__{name}"), value?))).collect()
}
