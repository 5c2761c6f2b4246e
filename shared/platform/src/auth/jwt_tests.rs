//! Tokens as they should be, and what is remembered of them. How forged ones are refused is seen over HTTP:
//! `tests/kernel/tokens.rs`.
use super::*;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::forge::{ES256_TOKEN, Forge, ISSUER, RS256_TOKEN, START_SECOND, but, claims, header};

fn start() -> Timestamp {
    Timestamp::from_second(START_SECOND).unwrap()
}

/// A forge and who believes its keys.
struct Desk {
    forge: Forge,
    folder: PathBuf,
    verifier: Verifier,
}

impl Desk {
    async fn new() -> Self {
        let forge = Forge::default();
        let folder = std::env::temp_dir().join(format!("yewu-jwt-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("jwks.json");
        std::fs::write(&file, forge.jwks().to_string()).unwrap();
        let settings = json!({ "issuer": ISSUER, "audience": "yewu", "jwks_file": file });
        let settings: AuthSettings = serde_json::from_value(settings).unwrap();
        let verifier = Verifier::open(&settings, true, start()).await.unwrap();
        Self { forge, folder, verifier }
    }
    async fn verify(&self, token: &str) -> Result<Claims, Unauthorized> {
        self.verifier.verify(token, start()).await
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_good_token_of_each_algorithm_is_believed() {
    let desk = Desk::new().await;
    let caller = desk.verify(&desk.forge.with_claims(&claims())).await.unwrap();
    let expected = Claims {
        sub: "u-1".into(),
        roles: vec![Role::SalesRep],
        department: Some("sales".into()),
        team: Some("east".into()),
        name: Some("王芳".into()),
    };
    assert_eq!(caller, expected);
    assert_eq!(desk.verify(ES256_TOKEN).await.unwrap().sub, "u-es");
    assert_eq!(desk.verify(RS256_TOKEN).await.unwrap().sub, "u-rs");
    for typ in [json!(null), json!("JWT"), json!("jwt"), json!("application/at+jwt")] {
        assert!(desk.verify(&desk.forge.with_header(&but(header(), "typ", typ))).await.is_ok());
    }
    assert!(desk.verify(&desk.forge.with_header(&but(header(), "x5t", json!("c2hhMQ")))).await.is_ok());
}

#[tokio::test]
async fn unknown_roles_are_left_out_and_nobody_is_nobody() {
    let desk = Desk::new().await;
    let roles =
        async |value: Value| desk.verify(&desk.forge.with_claims(&but(claims(), "roles", value))).await.unwrap().roles;
    assert_eq!(roles(json!(["root", "legal", "LEGAL", "legal", "buyer"])).await, [Role::Legal, Role::Buyer]);
    assert_eq!(roles(json!(["root"])).await, []);
    assert_eq!(roles(json!([])).await, []);
    assert_eq!(roles(json!(null)).await, []);
}

#[tokio::test]
async fn the_leeway_is_exact_to_the_second_also_for_a_remembered_token() {
    let desk = Desk::new().await;
    let token = desk.forge.with_claims(&claims());
    let at = async |second: i64| {
        let verified = desk.verifier.verify(&token, start() + SignedDuration::from_secs(second)).await;
        verified.map(|claims| claims.sub)
    };
    for _ in 0..2 {
        assert_eq!(at(900 + 60).await, Err(Unauthorized::Expired));
        assert_eq!(at(900 + 60 + 1).await, Err(Unauthorized::Expired));
        assert!(at(900 + 60 - 1).await.is_ok());
    }
    let early = desk.forge.with_claims(&but(claims(), "nbf", json!(START_SECOND + 60)));
    assert!(desk.verify(&early).await.is_ok());
    let later = desk.forge.with_claims(&but(claims(), "nbf", json!(START_SECOND + 61)));
    assert_eq!(desk.verify(&later).await, Err(Unauthorized::NotYetValid));
}

#[tokio::test]
async fn what_is_remembered_is_bounded_and_by_the_whole_token() {
    let desk = Desk::new().await;
    let token = desk.forge.with_claims(&claims());
    assert_eq!(desk.verify(&token).await, desk.verify(&token).await);
    assert_eq!(desk.verifier.remembered.lock().unwrap().len(), 1);
    // A remembered token does not vouch for another with the same beginning.
    let mut forged = token.clone();
    forged.replace_range(
        token.len() - 10..token.len() - 9,
        if token.as_bytes()[token.len() - 10] == b'A' { "B" } else { "A" },
    );
    assert_eq!(desk.verify(&forged).await, Err(Unauthorized::Signature));
    assert_eq!(desk.verifier.remembered.lock().unwrap().len(), 1, "refusals are not remembered");
    let keys = desk.verifier.keys.current(start()).await;
    let claims = desk.verify(&token).await.unwrap();
    for number in 0..=MOST_REMEMBERED {
        desk.verifier.remember(Sha256::digest(number.to_string()).into(), &claims, i64::MAX, &keys);
    }
    assert!(desk.verifier.remembered.lock().unwrap().len() <= MOST_REMEMBERED);
}

#[tokio::test]
async fn what_no_header_would_carry_is_refused_as_well() {
    use Unauthorized::{Malformed, Missing, TooLarge};
    let desk = Desk::new().await;
    let good = desk.forge.with_claims(&claims());
    let cases = [
        (String::new(), Missing),
        (format!(" {good}"), Malformed),
        (format!("{good}\n"), Malformed),
        (format!("{good}\0"), Malformed),
        (format!("{good}é"), Malformed),
        ("a".repeat(1024 * 1024), TooLarge),
    ];
    for (token, why) in cases {
        assert_eq!(desk.verify(&token).await, Err(why), "{token:.60}");
    }
    assert!(desk.verify(&good).await.is_ok());
}

#[test]
fn the_bearer_token_is_found_whatever_the_case_of_its_scheme() {
    assert_eq!(bearer(Some("Bearer a.b.c")), Ok("a.b.c"));
    assert_eq!(bearer(Some("bEARER  a.b.c ")), Ok("a.b.c"));
    for header in [None, Some(""), Some("Bearer"), Some("Basic dTpw"), Some("a.b.c")] {
        assert_eq!(bearer(header), Err(Unauthorized::Missing), "{header:?}");
    }
}
