//! The development key: an Ed25519 pair that signs tokens where no issuer is at hand (demo, tests, a laptop).
//! Never for production: its key id begins with [`DEVELOPMENT_PREFIX`], and a production verifier refuses such keys.
use super::jwt::Claims;
use crate::hexadecimal;
use anyhow::{Context, ensure};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// How the id of every development key begins.
pub const DEVELOPMENT_PREFIX: &str = "development-";
/// The private half, PKCS#8 in PEM, readable by its owner only.
pub const PRIVATE_FILE: &str = "development.pem";
/// The public half, a JWK set (RFC 7517).
pub const PUBLIC_FILE: &str = "jwks.json";

/// A development key read from its file, ready to sign.
#[derive(Clone)]
pub struct DevelopmentKey {
    signing: EncodingKey,
    public: Jwk,
    kid: String,
}

/// Writes a new pair into `folder`, which is made where it is missing. A pair that is there is not overwritten.
///
/// # Errors
/// The folder cannot be written, or it holds a private key already.
pub fn generate(folder: &Path) -> anyhow::Result<DevelopmentKey> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let signing = SigningKey::generate(&mut rand_core::OsRng);
    let key = DevelopmentKey::new(&signing)?;
    let path = folder.join(PRIVATE_FILE);
    let pem = signing.to_pkcs8_pem(LineEnding::LF).context("cannot encode the private key")?;
    // Mode at creation: the key is never readable by others, not even for a moment.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(pem.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    let path = folder.join(PUBLIC_FILE);
    let mut public = serde_json::to_string_pretty(&key.jwks()).context("cannot encode the public key")?;
    public.push('\n');
    fs::write(&path, public).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key)
}

#[derive(Serialize)]
struct Minted<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    claims: &'a Claims,
}

impl DevelopmentKey {
    /// Reads the private half.
    ///
    /// # Errors
    /// The file cannot be read, or is no Ed25519 key in PKCS#8 PEM.
    pub fn read(pem_file: &Path) -> anyhow::Result<Self> {
        let pem = fs::read_to_string(pem_file).with_context(|| format!("cannot read {}", pem_file.display()))?;
        let signing = SigningKey::from_pkcs8_pem(&pem)
            .with_context(|| format!("{} is no Ed25519 key in PKCS#8 PEM", pem_file.display()))?;
        Self::new(&signing)
    }

    fn new(signing: &SigningKey) -> anyhow::Result<Self> {
        let public_bytes = signing.verifying_key().to_bytes();
        // The id follows from the key, so that whoever signs and whoever verifies agree without a second file.
        let kid = format!("{DEVELOPMENT_PREFIX}{}", hexadecimal(&Sha256::digest(public_bytes)[..8]));
        let mut public = Jwk::from_decoding_key(&DecodingKey::from_ed_der(&public_bytes), Some(Algorithm::EdDSA))?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let der = signing.to_pkcs8_der().context("cannot encode the private key")?;
        Ok(Self { signing: EncodingKey::from_ed_der(der.as_bytes()), public, kid })
    }

    /// The key's id; begins with [`DEVELOPMENT_PREFIX`].
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, as an issuer publishes it.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.public.clone()] }
    }

    /// Signs an access token (RFC 9068, `typ: at+jwt`) that is valid from `now` for `lifetime`.
    ///
    /// # Errors
    /// The lifetime is not positive, or signing fails.
    pub fn mint(
        &self,
        issuer: &str,
        audience: &str,
        claims: &Claims,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> anyhow::Result<String> {
        ensure!(lifetime.is_positive(), "a token's lifetime must be positive");
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".into());
        header.kid = Some(self.kid.clone());
        let exp = now.as_second().saturating_add(lifetime.as_secs());
        let minted = Minted { iss: issuer, aud: audience, iat: now.as_second(), exp, claims };
        jsonwebtoken::encode(&header, &minted, &self.signing).context("cannot sign")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_pair_is_written_once_and_its_private_half_is_private() {
        let folder = std::env::temp_dir().join(format!("yewu-keys-{}", uuid::Uuid::now_v7()));
        let key = generate(&folder).unwrap();
        assert!(key.kid().starts_with(DEVELOPMENT_PREFIX));
        let mode = fs::metadata(folder.join(PRIVATE_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let read = DevelopmentKey::read(&folder.join(PRIVATE_FILE)).unwrap();
        assert_eq!(read.kid(), key.kid());
        let public = fs::read_to_string(folder.join(PUBLIC_FILE)).unwrap();
        assert!(public.contains(key.kid()) && !public.contains("\"d\""), "{public}");
        assert_eq!(serde_json::from_str::<JwkSet>(&public).unwrap(), read.jwks());

        assert!(generate(&folder).is_err(), "overwrote a key");
        assert_eq!(DevelopmentKey::read(&folder.join(PRIVATE_FILE)).unwrap().kid(), key.kid());
        assert!(DevelopmentKey::read(&folder.join(PUBLIC_FILE)).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
