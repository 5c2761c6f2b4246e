//! Tokens as an issuer writes them and as a forger would: keys of each kind, and whatever header, claims or bytes under them.
//! It believes nothing and verifies nothing; that is the platform's work and the tests' question.
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// The `iss` of every good token.
pub const ISSUER: &str = "https://login.example.test";
/// 2026-03-02T09:00:00Z: when good tokens begin; they last 15 minutes.
pub const START_SECOND: i64 = 1_772_442_000;
const EC_X: &str = "FMDm7SQVk5sLVq3azYouH5kM8QqunCnTk9XYVHvwaoA";
const EC_Y: &str = "obXrHUWoIv1gRvZBO9ajORTYtq8ZQBi7edWlQHhpLmE";
/// The modulus of a 2048-bit key; its private half is kept nowhere.
pub const RSA_N: &str = concat!(
    "zXozQA8RXCu3AlShe_1L8F1WMz88LE8g7f8DiMaVWZaHqTZ9zkV-nLhkpFzEkWhSQAnLo2Hs3PK6wvkpyohnPJMx2SLg-XOej8NmILXA",
    "X2lE4nS816lv9h832PEdeQM4GjxiZk93XGrx1LrtEHZMgES6FFIcK_Jm9mw-TPbHnunEU07DVz4KO987txrUtcyhdUMKCzQUH8xpokJ7",
    "A3QOk4-admn6WELyVhbR2np5B_tSFoBy_Hjwf5lGzxsQnwJ3GLYEaACkU6eIt9szhfcnIUDCyWnpStU-ovm8Va6AMFCdARiyL4giVM01",
    "kh7U7hFrg8k-ZXgPqIuTxthHJRCAyQ",
);
/// Signed with OpenSSL by the P-256 key above; valid for 15 minutes from then.
pub const ES256_TOKEN: &str = concat!(
    "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImVzIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUudGVzdCIs",
    "ImF1ZCI6WyJ5ZXd1Iiwib3RoZXIiXSwic3ViIjoidS1lcyIsImlhdCI6MTc3MjQ0MjAwMCwiZXhwIjoxNzcyNDQyOTAwLCJyb2xlcyI6",
    "WyJsZWdhbCJdfQ.mF_ArM9kLAmNe4JVZ3o8qeI9xKY2HAH1iaFpCv4DOJNlf29mvCNSjnUAqiXeuqkpYMZ5-zXWfrlvfURlb11ayg",
);
/// The same by the RSA key.
pub const RS256_TOKEN: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6InJzIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUudGVzdCIs",
    "ImF1ZCI6WyJ5ZXd1Iiwib3RoZXIiXSwic3ViIjoidS1ycyIsImlhdCI6MTc3MjQ0MjAwMCwiZXhwIjoxNzcyNDQyOTAwLCJyb2xlcyI6",
    "WyJsZWdhbCJdfQ.Biq-koxnGCTuFA5B5YHaRm0Y_Xe8e5k_eYf96qs7biToP7R7EKCoh-fuwv77duuFG2H_dSZhWmmNYWFpEmYLDaVkU",
    "ZwzN6w8qvEg2PuQs7iUziNG4dGlKrV0mD8A5OCbmnqbs-e4m4b7EWtkmaKMXAU4hkN0iLdKQBOk_V3iupIj_XZ-fYCHSB7yYUGK4G0KM",
    "x9xzxF-0iOQmsBXGdTce4PG2ageUBGxwaUHQnFU8CDJwuCv42a-AS4Hec32HQIZevgytSsEU-GcBxfJByXz7PCYCqXLKo0HHfs0asQvn",
    "DF_dHetW-Clnnw5V-rk6WrL6YHjo5jF8zgV9g85CJbTbg",
);

/// RFC 4648 §5, without padding.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([0, 0].iter()).take(3).fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..=chunk.len() {
            text.push(char::from(LETTERS[bits >> (18 - 6 * place) & 63]));
        }
    }
    text
}

/// An issuer with one key of each kind; the Ed25519 key is `ed`, and only its private half is at hand.
pub struct Forge {
    signing: EncodingKey,
    /// The public half of `ed`.
    pub public: [u8; 32],
}

impl Default for Forge {
    fn default() -> Self {
        let key = SigningKey::generate(&mut rand_core::OsRng);
        let der = key.to_pkcs8_der().expect("a private key");
        Self { signing: EncodingKey::from_ed_der(der.as_bytes()), public: key.verifying_key().to_bytes() }
    }
}

impl Forge {
    /// What the issuer publishes.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "x": base64url(&self.public), "kid": "ed" },
            { "kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y, "kid": "es", "alg": "ES256", "use": "sig" },
            { "kty": "RSA", "n": RSA_N, "e": "AQAB", "kid": "rs" },
        ] })
    }
    /// Signs whatever stands there with `ed`, JSON or not.
    #[must_use]
    pub fn sign_raw(&self, header: &str, payload: &[u8]) -> String {
        signed(header, payload, &self.signing, Algorithm::EdDSA)
    }
    /// Good claims under this header.
    #[must_use]
    pub fn with_header(&self, header: &Value) -> String {
        self.sign_raw(&header.to_string(), claims().to_string().as_bytes())
    }
    /// These claims under a good header.
    #[must_use]
    pub fn with_claims(&self, claims: &Value) -> String {
        self.sign_raw(&header().to_string(), claims.to_string().as_bytes())
    }
    /// A good token whose header asks for HS256 with this secret, for the key `kid`.
    #[must_use]
    pub fn with_secret(kid: &str, secret: &[u8]) -> String {
        let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": kid }).to_string();
        signed(&header, claims().to_string().as_bytes(), &EncodingKey::from_secret(secret), Algorithm::HS256)
    }
}

fn signed(header: &str, payload: &[u8], key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", base64url(header.as_bytes()), base64url(payload));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).expect("a signature");
    format!("{message}.{signature}")
}

/// The header of a good token.
#[must_use]
pub fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "ed" })
}

/// The claims of a good token.
#[must_use]
pub fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "yewu", "sub": "u-1", "iat": START_SECOND, "exp": START_SECOND + 900,
        "roles": ["sales_rep"], "department": "sales", "team": "east", "name": "王芳",
    })
}

/// The base value with one member set; `null` takes it away.
#[must_use]
pub fn but(mut base: Value, name: &str, value: Value) -> Value {
    let members = base.as_object_mut().expect("an object");
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    base
}
