//! Access tokens: from the text of a bearer token to who is calling (ruling 22, RFC 7519, RFC 9068, RFC 8725).
//! Decides only who it is, never what they may do, and never reads the clock: `now` is passed in.
pub use super::unauthorized::Unauthorized;
use super::{jwks::KeySet, jwks::Keys, roles::Role};
use anyhow::ensure;
use jiff::Timestamp;
use jsonwebtoken::{Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// A longer token is refused unread.
pub const MOST_TOKEN_BYTES: usize = 8 * 1024;
/// Clocks that differ by more than this are to be set right, not forgiven.
const MOST_LEEWAY_SECONDS: u64 = 300;
/// How many verified tokens are remembered: far more than there are people at work in one company.
const MOST_REMEMBERED: usize = 4096;
/// A subject, team, department or name is no longer than this.
const MOST_CLAIM_CHARACTERS: usize = 255;

/// Whose tokens are believed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    /// The `iss` claim, compared character by character (RFC 7519 §4.1.1).
    pub issuer: String,
    /// What must be among the `aud` claim.
    pub audience: String,
    /// Where the issuer publishes its keys; excludes `jwks_file`.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// The issuer's keys in a file; read again when it changes.
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
    /// The private development key, whose tokens are believed as well; refused in production.
    #[serde(default)]
    pub development_key_file: Option<PathBuf>,
    /// How far the issuer's clock may differ from ours, in seconds.
    #[serde(default = "default_leeway_seconds")]
    pub leeway_seconds: u64,
}

const fn default_leeway_seconds() -> u64 {
    60
}

/// Who is calling: what is believed of a verified token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The caller's id at the issuer; 1 to 255 characters.
    pub sub: String,
    /// The roles that we know; a caller without one is authenticated and may do nothing.
    pub roles: Vec<Role>,
    /// The department whose rows the caller's department scope reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The team whose rows the caller's team scope reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What to call the caller on a screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The claims as they stand in the token. Times are whole seconds since 1970; a claim that stands twice is refused.
#[derive(Deserialize)]
struct Stated {
    iss: String,
    aud: Audience,
    exp: i64,
    sub: String,
    nbf: Option<i64>,
    iat: Option<i64>,
    roles: Option<Vec<String>>,
    department: Option<String>,
    team: Option<String>,
    name: Option<String>,
    /// Only ID tokens carry these two (`OpenID` Connect Core §3.1.3.6, §3.3.2.11).
    at_hash: Option<String>,
    c_hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

struct Remembered {
    claims: Claims,
    expires_at_second: i64,
    generation: u64,
}

/// Verifies tokens against the issuer's keys; one per process, shared by all workers.
pub struct Verifier {
    issuer: String,
    audience: String,
    leeway_seconds: i64,
    keys: Keys,
    /// By the SHA-256 of the whole token: a busy client costs one signature check, not one a request.
    remembered: Mutex<HashMap<[u8; 32], Remembered>>,
}

/// The token of an `Authorization` header (RFC 6750 §2.1); the scheme's case does not matter.
///
/// # Errors
/// [`Unauthorized::Missing`] without a header or with another scheme.
pub fn bearer(authorization: Option<&str>) -> Result<&str, Unauthorized> {
    let (scheme, token) = authorization.unwrap_or_default().split_once(' ').ok_or(Unauthorized::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim_ascii()) } else { Err(Unauthorized::Missing) }
}

impl Verifier {
    /// Reads the keys and checks the settings.
    ///
    /// # Errors
    /// Settings that contradict each other, a key file that cannot be read, two keys of one id, or, in production, a
    /// development key. An issuer that cannot be reached is no error: see [`has_keys`](Self::has_keys).
    pub async fn open(settings: &AuthSettings, profile_production: bool, now: Timestamp) -> anyhow::Result<Self> {
        ensure!(!settings.issuer.is_empty() && !settings.audience.is_empty(), "auth: issuer and audience must be set");
        ensure!(
            settings.leeway_seconds <= MOST_LEEWAY_SECONDS,
            "auth: leeway_seconds must be at most {MOST_LEEWAY_SECONDS}"
        );
        Ok(Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            leeway_seconds: i64::try_from(settings.leeway_seconds)?,
            keys: Keys::open(settings, profile_production, now).await?,
            remembered: Mutex::new(HashMap::new()),
        })
    }

    /// Is there a key to verify with? Without one the service is not ready.
    pub async fn has_keys(&self, now: Timestamp) -> bool {
        !self.keys.current(now).await.is_empty()
    }

    /// Who sent this token, as of `now`.
    ///
    /// # Errors
    /// Why the token is not believed; always an answer 401.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Unauthorized> {
        check_shape(token)?;
        let keys = self.keys.current(now).await;
        let fingerprint: [u8; 32] = Sha256::digest(token).into();
        if let Some(claims) = self.recall(&fingerprint, keys.generation, now)? {
            return Ok(claims);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Unauthorized::Malformed)?;
        let kid = check_header(&header)?;
        let keys = if keys.find(kid).is_some() { keys } else { self.keys.for_unknown(now).await };
        let key = keys.find(kid).ok_or(Unauthorized::KeyUnknown)?;
        // The algorithm is the key's: a header that names another is refused by `decode`.
        let mut signature_only = Validation::new(key.algorithm);
        signature_only.required_spec_claims.clear();
        // The claims are checked below, against the clock that is passed in.
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        let stated = jsonwebtoken::decode::<Stated>(token, &key.decoding, &signature_only).map_err(reason)?.claims;
        let expires_at_second = stated.exp;
        let claims = self.check(stated, now)?;
        self.remember(fingerprint, &claims, expires_at_second, &keys);
        Ok(claims)
    }

    fn check(&self, stated: Stated, now: Timestamp) -> Result<Claims, Unauthorized> {
        if stated.at_hash.is_some() || stated.c_hash.is_some() {
            return Err(Unauthorized::Kind);
        }
        if stated.iss != self.issuer {
            return Err(Unauthorized::Issuer);
        }
        let for_us = match stated.aud {
            Audience::One(audience) => audience == self.audience,
            Audience::Many(audiences) => audiences.contains(&self.audience),
        };
        if !for_us {
            return Err(Unauthorized::Audience);
        }
        if self.has_expired(stated.exp, now) {
            return Err(Unauthorized::Expired);
        }
        let latest_second = now.as_second().saturating_add(self.leeway_seconds);
        if [stated.nbf, stated.iat].into_iter().flatten().any(|second| second > latest_second) {
            return Err(Unauthorized::NotYetValid);
        }
        let texts = [Some(&stated.sub), stated.department.as_ref(), stated.team.as_ref(), stated.name.as_ref()];
        if !texts.into_iter().flatten().all(|text| is_plain(text)) {
            return Err(Unauthorized::Claims);
        }
        let mut roles: Vec<Role> =
            stated.roles.unwrap_or_default().iter().filter_map(|word| word.parse().ok()).collect();
        roles.sort_unstable();
        roles.dedup();
        Ok(Claims { sub: stated.sub, roles, department: stated.department, team: stated.team, name: stated.name })
    }

    /// "On or after" `exp` a token is refused (RFC 7519 §4.1.4), the leeway added.
    fn has_expired(&self, expires_at_second: i64, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.leeway_seconds) >= expires_at_second
    }

    fn recall(&self, fingerprint: &[u8; 32], generation: u64, now: Timestamp) -> Result<Option<Claims>, Unauthorized> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        match remembered.get(fingerprint) {
            Some(known) if known.generation != generation => Ok(None),
            Some(known) if self.has_expired(known.expires_at_second, now) => Err(Unauthorized::Expired),
            Some(known) => Ok(Some(known.claims.clone())),
            None => Ok(None),
        }
    }

    fn remember(&self, fingerprint: [u8; 32], claims: &Claims, expires_at_second: i64, keys: &KeySet) {
        let known = Remembered { claims: claims.clone(), expires_at_second, generation: keys.generation };
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MOST_REMEMBERED {
            // To forget everything is rare, cheap and always right.
            remembered.clear();
        }
        remembered.insert(fingerprint, known);
    }
}

/// Three parts, none empty, of bounded length: what can be said without decoding anything.
fn check_shape(token: &str) -> Result<(), Unauthorized> {
    if token.is_empty() {
        return Err(Unauthorized::Missing);
    }
    if token.len() > MOST_TOKEN_BYTES {
        return Err(Unauthorized::TooLarge);
    }
    let mut parts = 0;
    for part in token.split('.') {
        parts += 1;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
            return Err(Unauthorized::Malformed);
        }
    }
    if parts == 3 { Ok(()) } else { Err(Unauthorized::Malformed) }
}

/// The id of the key, from a header that asks for nothing unusual.
///
/// Of `typ`, `at+jwt` is an access token by RFC 9068; `JWT` and none at all are what older issuers write on theirs. Any
/// other says that the token is for something else. An ID token written as `JWT` is told by its audience (the client, not
/// us) and by the claims that only ID tokens have.
fn check_header(header: &Header) -> Result<&str, Unauthorized> {
    let ours = |typ: &str| ["at+jwt", "application/at+jwt", "jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known));
    if !header.typ.as_deref().is_none_or(ours) {
        return Err(Unauthorized::Kind);
    }
    let brings_keys = header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some();
    // `crit` lists extensions that must be understood, and we understand none (RFC 7515 §4.1.11).
    let extended = header.crit.is_some() || header.enc.is_some() || header.zip.is_some();
    if brings_keys || extended {
        return Err(Unauthorized::Malformed);
    }
    header.kid.as_deref().ok_or(Unauthorized::KeyUnknown)
}

fn reason(error: jsonwebtoken::errors::Error) -> Unauthorized {
    match error.kind() {
        ErrorKind::InvalidSignature | ErrorKind::Base64(_) => Unauthorized::Signature,
        ErrorKind::InvalidAlgorithm => Unauthorized::Algorithm,
        _ => Unauthorized::Claims,
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MOST_CLAIM_CHARACTERS && !text.chars().any(char::is_control)
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
