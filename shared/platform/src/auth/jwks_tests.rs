//! Keys that come, go, break and mislead: by file and by a small HTTP server. Time is passed in.
use super::super::{
    jwt::{AuthSettings, Claims, Unauthorized, Verifier},
    keys::{self, DevelopmentKey},
    roles::Role,
};
use super::*;
use testkit::{
    forge::ISSUER,
    issuer::{Issuer, troubles},
};

fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("yewu-jwks-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn key(&self, name: &str) -> DevelopmentKey {
        keys::generate(&self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn settings() -> AuthSettings {
    AuthSettings {
        issuer: ISSUER.into(),
        audience: "yewu".into(),
        jwks_url: None,
        jwks_file: None,
        development_key_file: None,
        leeway_seconds: 60,
    }
}

fn asking(issuer: &Issuer) -> AuthSettings {
    AuthSettings { jwks_url: Some(issuer.url.clone()), ..settings() }
}

fn token(key: &DevelopmentKey) -> String {
    let claims = Claims { sub: "u-1".into(), roles: vec![Role::SalesRep], department: None, team: None, name: None };
    key.mint(ISSUER, "yewu", &claims, SignedDuration::from_hours(48), start()).unwrap()
}

fn set_of(keys: &[&DevelopmentKey]) -> String {
    let keys: Vec<_> = keys.iter().flat_map(|key| key.jwks().keys).collect();
    serde_json::json!({ "keys": keys }).to_string()
}

#[tokio::test]
async fn a_file_is_read_again_without_a_restart() {
    let folder = Folder::new();
    let (old, new) = (folder.key("old"), folder.key("new"));
    let file = folder.0.join("jwks.json");
    fs::write(&file, set_of(&[&old])).unwrap();
    let verifier =
        Verifier::open(&AuthSettings { jwks_file: Some(file.clone()), ..settings() }, false, start()).await.unwrap();
    assert!(verifier.verify(&token(&old), start()).await.is_ok());
    assert_eq!(verifier.verify(&token(&new), start()).await, Err(Unauthorized::KeyUnknown));

    fs::write(&file, set_of(&[&old, &new])).unwrap();
    // Within the second the file is not looked at again; after it, it is.
    assert_eq!(verifier.verify(&token(&new), start()).await, Err(Unauthorized::KeyUnknown));
    assert!(verifier.verify(&token(&new), after(1)).await.is_ok());

    // A withdrawn key is refused although its token was verified and remembered before.
    fs::write(&file, set_of(&[&new])).unwrap();
    assert_eq!(verifier.verify(&token(&old), after(2)).await, Err(Unauthorized::KeyUnknown));
    assert!(verifier.verify(&token(&new), after(2)).await.is_ok());

    // A file that is broken or gone leaves the last good keys for an hour.
    fs::write(&file, "<html>").unwrap();
    assert!(verifier.verify(&token(&new), after(4)).await.is_ok());
    fs::remove_file(&file).unwrap();
    assert!(verifier.verify(&token(&new), after(3600)).await.is_ok());
    assert_eq!(verifier.verify(&token(&new), after(3700)).await, Err(Unauthorized::KeyUnknown));
    assert!(!verifier.has_keys(after(3700)).await);
    fs::write(&file, set_of(&[&new])).unwrap();
    assert!(verifier.verify(&token(&new), after(3702)).await.is_ok());
}

#[tokio::test]
async fn a_url_is_asked_for_an_unknown_key_once_in_ten_seconds() {
    let folder = Folder::new();
    let (old, new, foreign) = (folder.key("old"), folder.key("new"), folder.key("foreign"));
    let issuer = Issuer::start(&set_of(&[&old])).await;
    let verifier = Arc::new(Verifier::open(&asking(&issuer), false, start()).await.unwrap());
    assert!(verifier.verify(&token(&old), start()).await.is_ok());
    issuer.answers("200 OK", &set_of(&[&old, &new]));
    for second in 0..10 {
        assert_eq!(verifier.verify(&token(&foreign), after(second)).await, Err(Unauthorized::KeyUnknown));
    }
    assert_eq!(issuer.asked(), 1);

    // Twenty at once: one asks, all get the new key.
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let (verifier, token) = (verifier.clone(), token(&new));
            tokio::spawn(async move { verifier.verify(&token, after(10)).await })
        })
        .collect();
    for answer in asking {
        assert!(answer.await.unwrap().is_ok());
    }
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_gone_within_ten_minutes() {
    let folder = Folder::new();
    let (old, new) = (folder.key("old"), folder.key("new"));
    let issuer = Issuer::start(&set_of(&[&old])).await;
    let verifier = Verifier::open(&asking(&issuer), false, start()).await.unwrap();
    issuer.answers("200 OK", &set_of(&[&new]));
    assert!(verifier.verify(&token(&old), after(539)).await.is_ok());
    assert_eq!(issuer.asked(), 1);
    assert_eq!(verifier.verify(&token(&old), after(540)).await, Err(Unauthorized::KeyUnknown));
    assert!(verifier.verify(&token(&new), after(540)).await.is_ok());

    // After hours without a caller everybody waits for the fresh keys, not only the one who fetches them.
    let verifier = Arc::new(verifier);
    issuer.answers("200 OK", &set_of(&[&old]));
    let asking: Vec<_> = (0..10)
        .map(|_| {
            let (verifier, token) = (verifier.clone(), token(&new));
            tokio::spawn(async move { verifier.verify(&token, after(4000)).await })
        })
        .collect();
    for answer in asking {
        assert_eq!(answer.await.unwrap(), Err(Unauthorized::KeyUnknown));
    }
}

#[tokio::test]
async fn an_issuer_in_trouble_leaves_the_old_keys_for_an_hour() {
    let folder = Folder::new();
    let key = folder.key("key");
    let issuer = Issuer::start(&set_of(&[&key])).await;
    let verifier = Verifier::open(&asking(&issuer), false, start()).await.unwrap();
    for (minutes, (status, body)) in (10..).zip(troubles(set_of(&[&key, &key]))) {
        issuer.answers(status, &body);
        let asked = issuer.asked();
        assert!(verifier.verify(&token(&key), after(minutes * 60)).await.is_ok(), "{status} {body:.20}");
        assert_eq!(issuer.asked(), asked + 1, "{status}: asked once, no redirect followed");
    }
    assert!(verifier.verify(&token(&key), after(3600)).await.is_ok());
    assert_eq!(verifier.verify(&token(&key), after(3601)).await, Err(Unauthorized::KeyUnknown));
    issuer.answers("200 OK", &set_of(&[&key]));
    assert!(verifier.verify(&token(&key), after(3620)).await.is_ok());
}

#[tokio::test]
async fn a_silent_issuer_holds_nobody_longer_than_the_timeout() {
    let folder = Folder::new();
    let key = folder.key("key");
    let issuer = Issuer::start(&set_of(&[&key])).await;
    let verifier = Arc::new(Verifier::open(&asking(&issuer), false, start()).await.unwrap());
    issuer.falls_silent();
    let begun = std::time::Instant::now();
    assert!(verifier.verify(&token(&key), after(900)).await.is_ok());
    assert!((4..8).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    // Known to be away: while one makes the next attempt, the others go on with the old keys.
    let (one, first) = (verifier.clone(), token(&key));
    let attempt = tokio::spawn(async move { one.verify(&first, after(910)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = std::time::Instant::now();
    assert!(verifier.verify(&token(&key), after(910)).await.is_ok());
    assert!(begun.elapsed().as_secs() < 1);
    assert!(!attempt.is_finished());
    assert!(attempt.await.unwrap().is_ok());
}

#[tokio::test]
async fn an_issuer_may_start_after_us() {
    let folder = Folder::new();
    let key = folder.key("key");
    let issuer = Issuer::start("").await;
    issuer.answers("503 Service Unavailable", "");
    let verifier = Verifier::open(&asking(&issuer), false, start()).await.unwrap();
    assert!(!verifier.has_keys(start()).await);
    assert_eq!(verifier.verify(&token(&key), after(5)).await, Err(Unauthorized::KeyUnknown));
    issuer.answers("200 OK", &set_of(&[&key]));
    assert!(verifier.verify(&token(&key), after(10)).await.is_ok());
    assert!(verifier.has_keys(after(10)).await);
}

#[tokio::test]
async fn production_refuses_development_keys_wherever_they_come_from() {
    let folder = Folder::new();
    let key = folder.key("key");
    let pem = folder.0.join("key").join(keys::PRIVATE_FILE);
    let public = folder.0.join("key").join(keys::PUBLIC_FILE);
    let development = AuthSettings { development_key_file: Some(pem), ..settings() };
    assert!(Verifier::open(&development, true, start()).await.is_err());
    let verifier = Verifier::open(&development, false, start()).await.unwrap();
    assert!(verifier.verify(&token(&key), start()).await.is_ok());

    let by_file = AuthSettings { jwks_file: Some(public), ..settings() };
    assert!(Verifier::open(&by_file, true, start()).await.is_err());
    assert!(Verifier::open(&by_file, false, start()).await.is_ok());

    let issuer = Issuer::start(&set_of(&[&key])).await;
    assert!(Verifier::open(&asking(&issuer), true, start()).await.is_err());
    // One that arrives later is dropped.
    issuer.answers("503 Service Unavailable", "");
    let verifier = Verifier::open(&asking(&issuer), true, start()).await.unwrap();
    issuer.answers("200 OK", &set_of(&[&key]));
    assert_eq!(verifier.verify(&token(&key), after(60)).await, Err(Unauthorized::KeyUnknown));
    assert_eq!(issuer.asked(), 3);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_start() {
    let folder = Folder::new();
    folder.key("key");
    let file = Some(folder.0.join("key").join(keys::PUBLIC_FILE));
    let url = Some("https://login.example.test/jwks".to_owned());
    let refused = [
        settings(),
        AuthSettings { jwks_file: file.clone(), jwks_url: url, ..settings() },
        AuthSettings { jwks_file: Some(folder.0.join("missing.json")), ..settings() },
        AuthSettings { jwks_url: Some("ftp://login.example.test/jwks".into()), ..settings() },
        AuthSettings { jwks_url: Some("not a url".into()), ..settings() },
        AuthSettings { jwks_file: file.clone(), issuer: String::new(), ..settings() },
        AuthSettings { jwks_file: file.clone(), leeway_seconds: 301, ..settings() },
        AuthSettings { development_key_file: file, ..settings() },
    ];
    for (number, settings) in refused.iter().enumerate() {
        assert!(Verifier::open(settings, false, start()).await.is_err(), "settings {number}");
    }
    let plain = AuthSettings { jwks_url: Some("http://login.example.test/jwks".into()), ..settings() };
    assert!(Verifier::open(&plain, true, start()).await.is_err(), "plain http in production");
}

#[test]
fn only_sound_keys_of_our_algorithms_are_taken() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let sound = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k" });
    let taken = |key: serde_json::Value| {
        parse(serde_json::json!({ "keys": [key] }).to_string().as_bytes()).unwrap().by_kid.len()
    };
    let with = |name: &str, value: serde_json::Value| {
        let mut key = sound.clone();
        key[name] = value;
        key
    };
    assert_eq!(taken(sound.clone()), 1);
    assert_eq!(taken(with("alg", "EdDSA".into())), 1);
    assert_eq!(taken(with("key_ops", serde_json::json!(["verify"]))), 1);
    assert_eq!(taken(with("alg", "HS256".into())), 0);
    assert_eq!(taken(with("use", "enc".into())), 0);
    assert_eq!(taken(with("key_ops", serde_json::json!(["sign"]))), 0);
    assert_eq!(taken(with("x", "AAAA".into())), 0, "a short key must not reach the verifier");
    assert_eq!(taken(with("x", serde_json::Value::Null)), 0);
    assert_eq!(taken(with("crv", "X25519".into())), 0);
    assert_eq!(taken(with("kid", serde_json::Value::Null)), 0);
    assert_eq!(taken(serde_json::json!({ "kty": "oct", "k": x, "kid": "k" })), 0);
    assert_eq!(
        taken(serde_json::json!({ "kty": "EC", "crv": "P-256", "x": x, "y": x, "kid": "k" })),
        0,
        "off the curve"
    );
    assert_eq!(taken(serde_json::json!({ "kty": "RSA", "n": x, "e": "AQAB", "kid": "k" })), 0, "256 bits");
    // Three bytes a piece, the first not zero: 255, 258, 510 and 513 bytes.
    let rsa = |pieces: usize, e: &str| {
        taken(serde_json::json!({ "kty": "RSA", "n": "gQAB".repeat(pieces), "e": e, "kid": "k" }))
    };
    assert_eq!([85, 86, 170, 171].map(|pieces| rsa(pieces, "AQAB")), [0, 1, 1, 0]);
    assert_eq!((rsa(86, "AQ"), rsa(86, "AAAB"), rsa(86, "")), (0, 0, 0));
    assert_eq!(taken(serde_json::json!("k")), 0);

    let many: Vec<_> = (0..=MOST_KEYS).map(|number| with("kid", number.to_string().into())).collect();
    assert!(parse(serde_json::json!({ "keys": many }).to_string().as_bytes()).is_err());
    assert!(parse(serde_json::json!({ "keys": [sound, sound] }).to_string().as_bytes()).is_err());
    assert!(parse(b"[]").is_err() && parse(b"{}").is_err() && parse(b"\xff").is_err());
}
