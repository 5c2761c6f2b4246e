//! The issuer's public keys (RFC 7517), from a file or a URL, and when they are read again.
//! Trusts no key that a token brings along, and never signs.
use super::{jwt::AuthSettings, keys::DEVELOPMENT_PREFIX, keys::DevelopmentKey};
use anyhow::{Context, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use std::{
    collections::{HashMap, HashSet},
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

/// A set larger than this is refused.
const MOST_SET_BYTES: usize = 256 * 1024;
/// More keys than any issuer publishes.
const MOST_KEYS: usize = 100;
/// The issuer must have answered by then.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// A file is looked at no more often than this.
const FILE_INTERVAL: SignedDuration = SignedDuration::from_secs(1);
/// The issuer is asked no more often than this, however many unknown keys come along.
const URL_INTERVAL: SignedDuration = SignedDuration::from_secs(10);
/// From this age on keys from a URL are fetched again, early enough that a slow answer still meets [`STALE_AGE`].
const REFRESH_AGE: SignedDuration = SignedDuration::from_mins(9);
/// A key that the issuer withdrew is gone after this, as long as the issuer can be asked.
const STALE_AGE: SignedDuration = SignedDuration::from_mins(10);
/// Without an answer of the issuer the old keys are believed this long.
const DEAD_AGE: SignedDuration = SignedDuration::from_hours(1);

/// One public key and the only algorithm that it verifies.
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

/// The keys of one reading, by their id.
#[derive(Default)]
pub(super) struct KeySet {
    /// Differs from reading to reading: what was verified with an earlier one is verified again.
    pub(super) generation: u64,
    by_kid: HashMap<String, Arc<Key>>,
}

impl KeySet {
    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        self.by_kid.get(kid).map(Arc::as_ref)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_kid.is_empty()
    }
}

enum Source {
    File(PathBuf),
    Url(reqwest::Client, reqwest::Url),
}

/// The last reading and how the attempts went.
struct Held {
    set: Arc<KeySet>,
    loaded_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
    failing: bool,
    /// Modification time and length of the file that was read.
    file_version: Option<(SystemTime, u64)>,
}

/// The keys that tokens are verified with.
pub(super) struct Keys {
    source: Option<Source>,
    production: bool,
    /// What is believed without any reading: the development key, or nothing.
    bare: Arc<KeySet>,
    held: RwLock<Held>,
    /// Held while reading: one reader at a time, the others wait or go on with what there is.
    reading: tokio::sync::Mutex<()>,
}

/// Makes ring the TLS provider of the process; where one is installed already, that one stays.
fn install_tls_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn source(settings: &AuthSettings, production: bool) -> anyhow::Result<Option<Source>> {
    let address = match (&settings.jwks_file, &settings.jwks_url) {
        (Some(_), Some(_)) => bail!("auth: jwks_file and jwks_url exclude each other"),
        (Some(file), None) => return Ok(Some(Source::File(file.clone()))),
        (None, None) => return Ok(None),
        (None, Some(address)) => address,
    };
    let url = reqwest::Url::parse(address).context("auth: jwks_url is no URL")?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let secure = url.scheme() == "https" || (url.scheme() == "http" && (local || !production));
    ensure!(secure, "auth: jwks_url must be https");
    install_tls_provider();
    // No idle connections: a fetch every nine minutes does not need them, and they would belong to one worker's runtime.
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(FETCH_TIMEOUT)
        .pool_max_idle_per_host(0)
        .build()
        .context("auth: cannot make an HTTP client")?;
    Ok(Some(Source::Url(client, url)))
}

impl Keys {
    /// Reads the keys a first time. An issuer that does not answer yet is no error (it may start later than we do); a
    /// file that cannot be read is one, and so is a development key in production.
    pub(super) async fn open(settings: &AuthSettings, production: bool, now: Timestamp) -> anyhow::Result<Self> {
        let mut bare = KeySet::default();
        if let Some(file) = &settings.development_key_file {
            ensure!(!production, "auth: development_key_file is set in production");
            let document = serde_json::to_vec(&DevelopmentKey::read(file)?.jwks())?;
            bare.by_kid = parse(&document)?.by_kid;
        }
        let source = source(settings, production)?;
        ensure!(source.is_some() || !bare.is_empty(), "auth: set jwks_url, jwks_file or development_key_file");
        let bare = Arc::new(bare);
        let held = Held { set: bare.clone(), loaded_at: None, tried_at: None, failing: false, file_version: None };
        let keys = Self { source, production, bare, held: RwLock::new(held), reading: tokio::sync::Mutex::new(()) };
        let first = match &keys.source {
            None => return Ok(keys),
            Some(Source::File(file)) => {
                Ok(read_file(file, None)?.context("auth: the key file changed while it was read")?)
            }
            Some(Source::Url(client, url)) => fetch(client, url).await.map(|document| (document, None)),
        };
        match first {
            Ok((document, file_version)) => {
                let parsed = parse(&document)?;
                if production && let Some(kid) = parsed.development.first() {
                    bail!("auth: {kid} is a development key, which production refuses");
                }
                ensure!(!parsed.by_kid.is_empty(), "auth: the key set holds no key of ES256, RS256 or EdDSA");
                keys.keep(parsed, file_version, now);
            }
            Err(error) => {
                measure_read(None);
                keys.note_failure(now, &error);
            }
        }
        Ok(keys)
    }

    /// The keys to verify with now; read again where that is due.
    pub(super) async fn current(&self, now: Timestamp) -> Arc<KeySet> {
        self.refreshed(now, false).await
    }

    /// The keys after a token named one that is not among them: it may be new.
    pub(super) async fn for_unknown(&self, now: Timestamp) -> Arc<KeySet> {
        self.refreshed(now, true).await
    }

    async fn refreshed(&self, now: Timestamp, unknown_kid: bool) -> Arc<KeySet> {
        let Some(source) = &self.source else { return self.bare.clone() };
        // Too old to go on with, unless the issuer is known to be away; or of no use to this token: wait for the reader.
        let wait = unknown_kid || {
            let held = self.held();
            !held.failing && held.age(now).is_none_or(|age| age >= STALE_AGE)
        };
        let turn = if wait {
            Some(self.reading.lock().await)
        } else if self.due(source, now, unknown_kid) {
            self.reading.try_lock().ok()
        } else {
            None
        };
        if turn.is_some() && self.due(source, now, unknown_kid) {
            self.read(source, now).await;
        }
        let held = self.held();
        if held.age(now).is_some_and(|age| age <= DEAD_AGE) { held.set.clone() } else { self.bare.clone() }
    }

    fn due(&self, source: &Source, now: Timestamp, unknown_kid: bool) -> bool {
        let held = self.held();
        // The absolute value: a clock that was set back must not stop the reading.
        let since_try = held.tried_at.map_or(SignedDuration::MAX, |tried| now.duration_since(tried).abs());
        match source {
            Source::File(_) => since_try >= FILE_INTERVAL,
            Source::Url(..) => {
                since_try >= URL_INTERVAL && (unknown_kid || held.age(now).is_none_or(|age| age >= REFRESH_AGE))
            }
        }
    }

    async fn read(&self, source: &Source, now: Timestamp) {
        // Before the attempt: one that is dropped half-way (its client left) counts as well.
        self.held.write().unwrap_or_else(PoisonError::into_inner).tried_at = Some(now);
        let document = match source {
            Source::File(file) => read_file(file, self.held().file_version),
            Source::Url(client, url) => fetch(client, url).await.map(|document| Some((document, None))),
        };
        match document.and_then(|read| read.map(|(bytes, version)| Ok((parse(&bytes)?, version))).transpose()) {
            Ok(Some((parsed, file_version))) => self.keep(parsed, file_version, now),
            Ok(None) => {
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                held.loaded_at = Some(now);
                held.failing = false;
                measure_read(Some(now));
            }
            Err(error) => self.note_failure(now, &error),
        }
    }

    fn keep(&self, parsed: Parsed, file_version: Option<(SystemTime, u64)>, now: Timestamp) {
        let mut by_kid = parsed.by_kid;
        if self.production {
            by_kid.retain(|kid, _| {
                let refused = kid.starts_with(DEVELOPMENT_PREFIX);
                if refused {
                    tracing::error!(kid, "a development key came from the issuer; production refuses it");
                }
                !refused
            });
        }
        by_kid.extend(self.bare.by_kid.iter().map(|(kid, key)| (kid.clone(), key.clone())));
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let generation = held.set.generation + 1;
        let set = Arc::new(KeySet { generation, by_kid });
        *held = Held { set, loaded_at: Some(now), tried_at: Some(now), failing: false, file_version };
        measure_read(Some(now));
    }

    fn note_failure(&self, now: Timestamp, error: &anyhow::Error) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.tried_at = Some(now);
        held.failing = true;
        tracing::warn!(error = format!("{error:#}"), loaded_at = ?held.loaded_at, "cannot read the issuer's keys");
    }

    fn held(&self) -> std::sync::RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn age(&self, now: Timestamp) -> Option<SignedDuration> {
        self.loaded_at.map(|loaded| now.duration_since(loaded).abs())
    }
}

/// For the monitoring: when the issuer's keys were last known to be the current ones.
fn measure_read(at: Option<Timestamp>) {
    let at = at.map_or(0.0, crate::measures::seconds);
    metrics::gauge!("yewu_identity_keys_read_timestamp_seconds").set(at);
}

type Document = (Vec<u8>, Option<(SystemTime, u64)>);

/// The file's bytes and version; nothing when it is still the version that is known. The file is small and local: reading
/// it blocks for less time than handing it to another thread would take.
fn read_file(path: &Path, known: Option<(SystemTime, u64)>) -> anyhow::Result<Option<Document>> {
    let read = || -> std::io::Result<Option<Document>> {
        let file = fs::File::open(path)?;
        let about = file.metadata()?;
        let version = (about.modified()?, about.len());
        if known == Some(version) {
            return Ok(None);
        }
        let mut document = Vec::new();
        file.take(MOST_SET_BYTES as u64 + 1).read_to_end(&mut document)?;
        Ok(Some((document, Some(version))))
    };
    read().with_context(|| format!("auth: cannot read {}", path.display()))
}

async fn fetch(client: &reqwest::Client, url: &reqwest::Url) -> anyhow::Result<Vec<u8>> {
    let mut response = client.get(url.clone()).send().await.context("auth: the issuer does not answer")?;
    ensure!(response.status() == reqwest::StatusCode::OK, "auth: the issuer answered {}", response.status());
    let mut document = Vec::new();
    while let Some(chunk) = response.chunk().await.context("auth: the issuer's answer broke off")? {
        ensure!(document.len() + chunk.len() <= MOST_SET_BYTES, "auth: the key set is too large");
        document.extend_from_slice(&chunk);
    }
    Ok(document)
}

struct Parsed {
    by_kid: HashMap<String, Arc<Key>>,
    /// Ids of development keys, usable or not.
    development: Vec<String>,
}

/// Reads a JWK set. A key that is not for verifying with one of our algorithms is passed over, as RFC 7517 §5 asks;
/// two keys of one id make the whole set ambiguous, and it is refused.
fn parse(document: &[u8]) -> anyhow::Result<Parsed> {
    #[derive(Deserialize)]
    struct Published {
        keys: Vec<serde_json::Value>,
    }
    ensure!(document.len() <= MOST_SET_BYTES, "auth: the key set is too large");
    let published: Published = serde_json::from_slice(document).context("auth: this is no JWK set")?;
    ensure!(published.keys.len() <= MOST_KEYS, "auth: the key set holds more than {MOST_KEYS} keys");
    let mut parsed = Parsed { by_kid: HashMap::new(), development: Vec::new() };
    let mut kids = HashSet::new();
    for value in published.keys {
        let Some(kid) = value.get("kid").and_then(serde_json::Value::as_str).map(str::to_owned) else { continue };
        ensure!(kids.insert(kid.clone()), "auth: two keys have the id {kid:?}");
        if kid.starts_with(DEVELOPMENT_PREFIX) {
            parsed.development.push(kid.clone());
        }
        if let Some(key) = usable(value) {
            parsed.by_kid.insert(kid, Arc::new(key));
        } else {
            tracing::debug!(kid, "passed over a key that is not for verifying with ES256, RS256 or EdDSA");
        }
    }
    Ok(parsed)
}

/// The key, with the algorithm that follows from its own type and curve; `alg`, where it is given, must agree.
fn usable(value: serde_json::Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let common = &jwk.common;
    let for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let for_verifying = common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        _ => return None,
    };
    let agrees = common.key_algorithm.is_none_or(|stated| stated == name);
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    // Lengths first: the verifier slices an Ed25519 key without looking.
    let strong = match decoding.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            let bits = without_leading_zeros(n).len() * 8;
            // Shorter is weak; longer the verifier would refuse token by token.
            (2048..=4096).contains(&bits) && !matches!(without_leading_zeros(e), [] | [1])
        }
        DecodingKeyKind::SecretOrDer(bytes) => bytes.len() == if algorithm == Algorithm::EdDSA { 32 } else { 65 },
    };
    // An empty signature never fits; an error instead of `false` means that the key itself is not one (off the curve).
    let sound = strong && jsonwebtoken::crypto::verify("", b"", &decoding, algorithm).is_ok();
    (for_signatures && for_verifying && agrees && sound).then_some(Key { algorithm, decoding })
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

#[cfg(test)]
#[path = "jwks_tests.rs"]
mod tests;
