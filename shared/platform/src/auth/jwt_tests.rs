//! Tokens as they should be, and every way to forge one that RFC 8725 and the security plan name: all refused, none panics.
use super::*;
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

const ISSUER: &str = "https://login.example.test";
/// 2026-03-02T09:00:00Z.
const START_SECOND: i64 = 1_772_442_000;
const EC_X: &str = "FMDm7SQVk5sLVq3azYouH5kM8QqunCnTk9XYVHvwaoA";
const EC_Y: &str = "obXrHUWoIv1gRvZBO9ajORTYtq8ZQBi7edWlQHhpLmE";
/// The modulus of a 2048-bit key; its private half is kept nowhere.
const RSA_N: &str = concat!(
    "zXozQA8RXCu3AlShe_1L8F1WMz88LE8g7f8DiMaVWZaHqTZ9zkV-nLhkpFzEkWhSQAnLo2Hs3PK6wvkpyohnPJMx2SLg-XOej8NmILXA",
    "X2lE4nS816lv9h832PEdeQM4GjxiZk93XGrx1LrtEHZMgES6FFIcK_Jm9mw-TPbHnunEU07DVz4KO987txrUtcyhdUMKCzQUH8xpokJ7",
    "A3QOk4-admn6WELyVhbR2np5B_tSFoBy_Hjwf5lGzxsQnwJ3GLYEaACkU6eIt9szhfcnIUDCyWnpStU-ovm8Va6AMFCdARiyL4giVM01",
    "kh7U7hFrg8k-ZXgPqIuTxthHJRCAyQ",
);
/// Signed with OpenSSL by the P-256 key above; valid for 15 minutes from `start()`.
const ES256_TOKEN: &str = concat!(
    "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImVzIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUudGVzdCIs",
    "ImF1ZCI6WyJ5ZXd1Iiwib3RoZXIiXSwic3ViIjoidS1lcyIsImlhdCI6MTc3MjQ0MjAwMCwiZXhwIjoxNzcyNDQyOTAwLCJyb2xlcyI6",
    "WyJsZWdhbCJdfQ.mF_ArM9kLAmNe4JVZ3o8qeI9xKY2HAH1iaFpCv4DOJNlf29mvCNSjnUAqiXeuqkpYMZ5-zXWfrlvfURlb11ayg",
);
/// The same by the RSA key.
const RS256_TOKEN: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6InJzIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUudGVzdCIs",
    "ImF1ZCI6WyJ5ZXd1Iiwib3RoZXIiXSwic3ViIjoidS1ycyIsImlhdCI6MTc3MjQ0MjAwMCwiZXhwIjoxNzcyNDQyOTAwLCJyb2xlcyI6",
    "WyJsZWdhbCJdfQ.Biq-koxnGCTuFA5B5YHaRm0Y_Xe8e5k_eYf96qs7biToP7R7EKCoh-fuwv77duuFG2H_dSZhWmmNYWFpEmYLDaVkU",
    "ZwzN6w8qvEg2PuQs7iUziNG4dGlKrV0mD8A5OCbmnqbs-e4m4b7EWtkmaKMXAU4hkN0iLdKQBOk_V3iupIj_XZ-fYCHSB7yYUGK4G0KM",
    "x9xzxF-0iOQmsBXGdTce4PG2ageUBGxwaUHQnFU8CDJwuCv42a-AS4Hec32HQIZevgytSsEU-GcBxfJByXz7PCYCqXLKo0HHfs0asQvn",
    "DF_dHetW-Clnnw5V-rk6WrL6YHjo5jF8zgV9g85CJbTbg",
);

fn start() -> Timestamp {
    Timestamp::from_second(START_SECOND).unwrap()
}

/// RFC 4648 §5, without padding.
fn base64url(bytes: &[u8]) -> String {
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
struct Forge {
    signing: EncodingKey,
    public: [u8; 32],
    folder: PathBuf,
    verifier: Verifier,
}

impl Forge {
    async fn new() -> Self {
        let key = SigningKey::generate(&mut rand_core::OsRng);
        let public = key.verifying_key().to_bytes();
        let signing = EncodingKey::from_ed_der(key.to_pkcs8_der().unwrap().as_bytes());
        let set = json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "x": base64url(&public), "kid": "ed" },
            { "kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y, "kid": "es", "alg": "ES256", "use": "sig" },
            { "kty": "RSA", "n": RSA_N, "e": "AQAB", "kid": "rs" },
        ] });
        let folder = std::env::temp_dir().join(format!("yewu-jwt-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("jwks.json");
        std::fs::write(&file, set.to_string()).unwrap();
        let settings = json!({ "issuer": ISSUER, "audience": "yewu", "jwks_file": file });
        let settings: AuthSettings = serde_json::from_value(settings).unwrap();
        let verifier = Verifier::open(&settings, true, start()).await.unwrap();
        Self { signing, public, folder, verifier }
    }

    /// Signs whatever stands there, JSON or not.
    fn sign_raw(&self, header: &str, payload: &[u8]) -> String {
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(payload));
        let signature = crypto::sign(message.as_bytes(), &self.signing, Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    }

    fn with_header(&self, header: Value) -> String {
        self.sign_raw(&header.to_string(), claims().to_string().as_bytes())
    }

    fn with_claims(&self, claims: Value) -> String {
        self.sign_raw(&header().to_string(), claims.to_string().as_bytes())
    }

    async fn verify(&self, token: &str) -> Result<Claims, Unauthorized> {
        self.verifier.verify(token, start()).await
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "ed" })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "yewu", "sub": "u-1", "iat": START_SECOND, "exp": START_SECOND + 900,
        "roles": ["sales_rep"], "department": "sales", "team": "east", "name": "王芳",
    })
}

/// The base value with one member set; `null` takes it away.
fn but(mut base: Value, name: &str, value: Value) -> Value {
    let members = base.as_object_mut().unwrap();
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    base
}

#[tokio::test]
async fn a_good_token_of_each_algorithm_is_believed() {
    let forge = Forge::new().await;
    let caller = forge.verify(&forge.with_claims(claims())).await.unwrap();
    let expected = Claims {
        sub: "u-1".into(),
        roles: vec![Role::SalesRep],
        department: Some("sales".into()),
        team: Some("east".into()),
        name: Some("王芳".into()),
    };
    assert_eq!(caller, expected);
    assert_eq!(forge.verify(ES256_TOKEN).await.unwrap().sub, "u-es");
    assert_eq!(forge.verify(RS256_TOKEN).await.unwrap().sub, "u-rs");
    for typ in [json!(null), json!("JWT"), json!("jwt"), json!("application/at+jwt")] {
        assert!(forge.verify(&forge.with_header(but(header(), "typ", typ))).await.is_ok());
    }
    assert!(forge.verify(&forge.with_header(but(header(), "x5t", json!("c2hhMQ")))).await.is_ok());
}

#[tokio::test]
async fn unknown_roles_are_left_out_and_nobody_is_nobody() {
    let forge = Forge::new().await;
    let roles =
        async |value: Value| forge.verify(&forge.with_claims(but(claims(), "roles", value))).await.unwrap().roles;
    assert_eq!(roles(json!(["root", "legal", "LEGAL", "legal", "buyer"])).await, [Role::Legal, Role::Buyer]);
    assert_eq!(roles(json!(["root"])).await, []);
    assert_eq!(roles(json!([])).await, []);
    assert_eq!(roles(json!(null)).await, []);
}

#[tokio::test]
async fn hostile_headers_are_refused() {
    use Unauthorized::{Algorithm as WrongAlgorithm, KeyUnknown, Kind, Malformed};
    let forge = Forge::new().await;
    let own_key = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&forge.public), "kid": "ed" });
    let cases = [
        ("alg", json!("none"), Malformed),
        ("alg", json!("None"), Malformed),
        ("alg", json!("nOnE"), Malformed),
        ("alg", json!(null), Malformed),
        ("alg", json!("HS256"), WrongAlgorithm),
        ("alg", json!("ES256"), WrongAlgorithm),
        ("alg", json!("RS256"), WrongAlgorithm),
        ("alg", json!("PS256"), WrongAlgorithm),
        ("alg", json!("ES384"), WrongAlgorithm),
        ("typ", json!("id+jwt"), Kind),
        ("typ", json!("logout+jwt"), Kind),
        ("typ", json!("dpop+jwt"), Kind),
        ("typ", json!(""), Kind),
        ("crit", json!(["exp"]), Malformed),
        ("crit", json!([]), Malformed),
        ("jwk", own_key, Malformed),
        ("jku", json!("https://attacker.example/jwks"), Malformed),
        ("x5u", json!("https://attacker.example/cert"), Malformed),
        ("x5c", json!(["AAAA"]), Malformed),
        ("enc", json!("A128GCM"), Malformed),
        ("zip", json!("DEF"), Malformed),
        ("kid", json!(null), KeyUnknown),
        ("kid", json!(""), KeyUnknown),
        ("kid", json!("../../dev/null"), KeyUnknown),
        ("kid", json!("ed' OR '1'='1"), KeyUnknown),
        ("kid", json!("ED"), KeyUnknown),
        ("kid", json!("k".repeat(5000)), KeyUnknown),
        ("kid", json!("k".repeat(10_000)), Unauthorized::TooLarge),
        ("kid", json!(7), Malformed),
        ("kid", json!("es"), WrongAlgorithm),
        ("kid", json!("rs"), WrongAlgorithm),
    ];
    for (name, value, why) in cases {
        let token = forge.with_header(but(header(), name, value.clone()));
        assert_eq!(forge.verify(&token).await, Err(why), "{name}: {value}");
    }
    for raw in [r#"{"alg":"EdDSA","alg":"none","kid":"ed"}"#, "[]", "{", "null", ""] {
        assert_eq!(forge.verify(&forge.sign_raw(raw, claims().to_string().as_bytes())).await, Err(Malformed), "{raw}");
    }
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let forge = Forge::new().await;
    let secrets: [&[u8]; 3] = [&forge.public, base64url(&forge.public).as_bytes(), RSA_N.as_bytes()].map(|secret| {
        let kept: &[u8] = Box::leak(secret.to_vec().into_boxed_slice());
        kept
    });
    for kid in ["ed", "es", "rs"] {
        for secret in secrets {
            let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": kid });
            let message =
                format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims().to_string().as_bytes()));
            let signature =
                crypto::sign(message.as_bytes(), &EncodingKey::from_secret(secret), Algorithm::HS256).unwrap();
            assert_eq!(forge.verify(&format!("{message}.{signature}")).await, Err(Unauthorized::Algorithm), "{kid}");
        }
    }
}

#[tokio::test]
async fn hostile_claims_are_refused() {
    use Unauthorized::{Audience as WrongAudience, Claims as Wrong, Expired, Issuer, Kind, NotYetValid};
    let forge = Forge::new().await;
    let cases = [
        ("iss", json!(null), Wrong),
        ("iss", json!("https://login.example.test/"), Issuer),
        ("iss", json!("https://LOGIN.example.test"), Issuer),
        ("iss", json!("https://attacker.example"), Issuer),
        ("iss", json!([ISSUER]), Wrong),
        ("aud", json!(null), Wrong),
        ("aud", json!("Yewu"), WrongAudience),
        ("aud", json!("other"), WrongAudience),
        ("aud", json!([]), WrongAudience),
        ("aud", json!(["other", "yewu2"]), WrongAudience),
        ("aud", json!([["yewu"]]), Wrong),
        ("aud", json!({ "yewu": true }), Wrong),
        ("exp", json!(null), Wrong),
        ("exp", json!("1999999999"), Wrong),
        ("exp", json!(1e300), Wrong),
        ("exp", json!(true), Wrong),
        ("exp", json!(START_SECOND - 61), Expired),
        ("exp", json!(0), Expired),
        ("exp", json!(i64::MIN), Expired),
        ("nbf", json!(START_SECOND + 61), NotYetValid),
        ("nbf", json!(i64::MAX), NotYetValid),
        ("nbf", json!("now"), Wrong),
        ("iat", json!(START_SECOND + 61), NotYetValid),
        ("sub", json!(null), Wrong),
        ("sub", json!(""), Wrong),
        ("sub", json!("u\u{0}1"), Wrong),
        ("sub", json!("u-1\r\nadmin: yes"), Wrong),
        ("sub", json!("u".repeat(256)), Wrong),
        ("sub", json!(1), Wrong),
        ("roles", json!("ceo"), Wrong),
        ("roles", json!({ "ceo": true }), Wrong),
        ("roles", json!([["ceo"]]), Wrong),
        ("department", json!(["sales"]), Wrong),
        ("department", json!(""), Wrong),
        ("team", json!(1), Wrong),
        ("name", json!("a\u{1b}[2J"), Wrong),
        ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"), Kind),
        ("c_hash", json!("LDktKdoQak3Pk0cnXxCltA"), Kind),
    ];
    for (name, value, why) in cases {
        let token = forge.with_claims(but(claims(), name, value.clone()));
        assert_eq!(forge.verify(&token).await, Err(why), "{name}: {value}");
    }
    let doubled = claims().to_string().replacen('{', r#"{"sub":"ceo","#, 1);
    for payload in [doubled.as_bytes(), b"[]", b"null", b"", b"\xff\xfe", b"{", &[b'['; 4000]] {
        let token = forge.sign_raw(&header().to_string(), payload);
        let why = if payload.is_empty() { Unauthorized::Malformed } else { Wrong };
        assert_eq!(forge.verify(&token).await, Err(why), "{}", String::from_utf8_lossy(payload));
    }
}

#[tokio::test]
async fn broken_shapes_and_signatures_are_refused() {
    use Unauthorized::{Malformed, Missing, Signature, TooLarge};
    let forge = Forge::new().await;
    let good = forge.with_claims(claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let swapped = forge.with_claims(but(claims(), "sub", json!("ceo")));
    let other_payload = swapped.split('.').nth(1).unwrap();
    let es_message = ES256_TOKEN.rsplit_once('.').unwrap().0;
    let cases = [
        (String::new(), Missing),
        (".".into(), Malformed),
        ("..".into(), Malformed),
        (message.into(), Malformed),
        (format!("{message}."), Malformed),
        (format!("{message}..{signature}"), Malformed),
        (format!("{good}.{signature}"), Malformed),
        (format!("{good}.{header}.{payload}.{signature}"), Malformed),
        (format!(".{payload}.{signature}"), Malformed),
        (format!(" {good}"), Malformed),
        (format!("{good}="), Malformed),
        (format!("{good}\n"), Malformed),
        (format!("{good}é"), Malformed),
        ("a.b.c".into(), Malformed),
        (format!("{header}.{other_payload}.{signature}"), Signature),
        (good[..good.len() - 4].to_owned(), Signature),
        (format!("{message}.AAAA"), Signature),
        (format!("{message}.A"), Signature),
        (format!("{message}.{}", base64url(&[0; 64])), Signature),
        (format!("{message}.{}", base64url(&[0xff; 64])), Signature),
        (format!("{message}.{}", base64url(&[1; 4096])), Signature),
        (format!("{es_message}.{}", base64url(&[0; 64])), Signature),
        (format!("{es_message}.{signature}"), Signature),
        (format!("{message}.{}", "A".repeat(MOST_TOKEN_BYTES)), TooLarge),
        ("a".repeat(1024 * 1024), TooLarge),
    ];
    for (token, why) in cases {
        assert_eq!(forge.verify(&token).await, Err(why), "{token:.60}");
    }
    assert!(forge.verify(&good).await.is_ok());
}

#[tokio::test]
async fn the_leeway_is_exact_to_the_second_also_for_a_remembered_token() {
    let forge = Forge::new().await;
    let token = forge.with_claims(claims());
    let at = async |second: i64| {
        let verified = forge.verifier.verify(&token, start() + SignedDuration::from_secs(second)).await;
        verified.map(|claims| claims.sub)
    };
    for _ in 0..2 {
        assert_eq!(at(900 + 60).await, Err(Unauthorized::Expired));
        assert_eq!(at(900 + 60 + 1).await, Err(Unauthorized::Expired));
        assert!(at(900 + 60 - 1).await.is_ok());
    }
    let early = forge.with_claims(but(claims(), "nbf", json!(START_SECOND + 60)));
    assert!(forge.verify(&early).await.is_ok());
    let later = forge.with_claims(but(claims(), "nbf", json!(START_SECOND + 61)));
    assert_eq!(forge.verify(&later).await, Err(Unauthorized::NotYetValid));
}

#[tokio::test]
async fn what_is_remembered_is_bounded_and_by_the_whole_token() {
    let forge = Forge::new().await;
    let token = forge.with_claims(claims());
    assert_eq!(forge.verify(&token).await, forge.verify(&token).await);
    assert_eq!(forge.verifier.remembered.lock().unwrap().len(), 1);
    // A remembered token does not vouch for another with the same beginning.
    let mut forged = token.clone();
    forged.replace_range(
        token.len() - 10..token.len() - 9,
        if token.as_bytes()[token.len() - 10] == b'A' { "B" } else { "A" },
    );
    assert_eq!(forge.verify(&forged).await, Err(Unauthorized::Signature));
    assert_eq!(forge.verifier.remembered.lock().unwrap().len(), 1, "refusals are not remembered");
    let keys = forge.verifier.keys.current(start()).await;
    let claims = forge.verify(&token).await.unwrap();
    for number in 0..=MOST_REMEMBERED {
        forge.verifier.remember(Sha256::digest(number.to_string()).into(), &claims, i64::MAX, &keys);
    }
    assert!(forge.verifier.remembered.lock().unwrap().len() <= MOST_REMEMBERED);
}

#[test]
fn the_bearer_token_is_found_whatever_the_case_of_its_scheme() {
    assert_eq!(bearer(Some("Bearer a.b.c")), Ok("a.b.c"));
    assert_eq!(bearer(Some("bEARER  a.b.c ")), Ok("a.b.c"));
    for header in [None, Some(""), Some("Bearer"), Some("Basic dTpw"), Some("a.b.c")] {
        assert_eq!(bearer(header), Err(Unauthorized::Missing), "{header:?}");
    }
}
