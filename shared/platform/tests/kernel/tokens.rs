//! Hostile tokens, over HTTP against a running node: every one is 401 with a challenge and a problem document, none makes
//! the node stumble, and keys come and go without a restart. How the keys' times are kept to the second is tested beside
//! the code (`auth/jwks_tests.rs`).
use super::SERVICES;
use jiff::SignedDuration;
use platform::auth::{
    Claims, Role, Unauthorized,
    keys::{self, DevelopmentKey},
};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};
use testkit::{
    Client, Yewu,
    forge::{ES256_TOKEN, Forge, ISSUER, RS256_TOKEN, RSA_N, START_SECOND, base64url, but, claims, header},
    issuer::{Issuer, troubles},
};

const PATH: &str = "/api/aftersales/v1/enums";

/// What a forger does, the token, and why it is refused.
type Attempt = (String, String, Unauthorized);

async fn node(forge: &Forge) -> Yewu {
    let adjust = |settings: &mut platform::Settings| {
        let file = settings.auth.jwks_file.as_ref().expect("the tests' keys");
        std::fs::write(file, forge.jwks().to_string()).expect("written");
        settings.auth.issuer = ISSUER.into();
    };
    let yewu = Yewu::start(SERVICES, adjust, false).await;
    travel_to_start(&yewu);
    yewu
}
fn travel_to_start(yewu: &Yewu) {
    yewu.node.clock.travel(SignedDuration::from_secs(START_SECOND - yewu.node.clock.now().timestamp().as_second()));
}
fn with(yewu: &Yewu, token: &str) -> Client {
    yewu.nobody().with_token(Some(token.to_owned()))
}

fn headers(forge: &Forge) -> Vec<Attempt> {
    use Unauthorized::{Algorithm, KeyUnknown, Kind, Malformed};
    let own_key = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&forge.public), "kid": "ed" });
    let cases = [
        ("alg", json!("none"), Malformed),
        ("alg", json!("None"), Malformed),
        ("alg", json!("nOnE"), Malformed),
        ("alg", json!(null), Malformed),
        ("alg", json!("HS256"), Algorithm),
        ("alg", json!("ES256"), Algorithm),
        ("alg", json!("RS256"), Algorithm),
        ("alg", json!("PS256"), Algorithm),
        ("alg", json!("ES384"), Algorithm),
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
        ("kid", json!("es"), Algorithm),
        ("kid", json!("rs"), Algorithm),
    ];
    let mut attempts: Vec<Attempt> = cases
        .into_iter()
        .map(|(name, value, why)| {
            (format!("header {name}: {value:.40}"), forge.with_header(&but(header(), name, value)), why)
        })
        .collect();
    for raw in [r#"{"alg":"EdDSA","alg":"none","kid":"ed"}"#, "[]", "{", "null", ""] {
        let token = forge.sign_raw(raw, claims().to_string().as_bytes());
        attempts.push((format!("header {raw}"), token, Malformed));
    }
    // A public key is no shared secret.
    for kid in ["ed", "es", "rs"] {
        for secret in [&forge.public[..], base64url(&forge.public).as_bytes(), RSA_N.as_bytes()] {
            attempts.push((format!("HS256 with the public key, as {kid}"), Forge::with_secret(kid, secret), Algorithm));
        }
    }
    attempts
}

fn payloads(forge: &Forge) -> Vec<Attempt> {
    use Unauthorized::{Audience, Claims as Wrong, Expired, Issuer as OtherIssuer, Kind, NotYetValid};
    let cases = [
        ("iss", json!(null), Wrong),
        ("iss", json!("https://login.example.test/"), OtherIssuer),
        ("iss", json!("https://LOGIN.example.test"), OtherIssuer),
        ("iss", json!("https://attacker.example"), OtherIssuer),
        ("iss", json!([ISSUER]), Wrong),
        ("aud", json!(null), Wrong),
        ("aud", json!("Yewu"), Audience),
        ("aud", json!("other"), Audience),
        ("aud", json!([]), Audience),
        ("aud", json!(["other", "yewu2"]), Audience),
        ("aud", json!([["yewu"]]), Wrong),
        ("aud", json!({ "yewu": true }), Wrong),
        ("exp", json!(null), Wrong),
        ("exp", json!("1999999999"), Wrong),
        ("exp", json!(1e300), Wrong),
        ("exp", json!(true), Wrong),
        ("exp", json!(START_SECOND - 61), Expired),
        ("exp", json!(0), Expired),
        ("exp", json!(i64::MIN), Expired),
        ("nbf", json!(START_SECOND + 600), NotYetValid),
        ("nbf", json!(i64::MAX), NotYetValid),
        ("nbf", json!("now"), Wrong),
        ("iat", json!(START_SECOND + 600), NotYetValid),
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
    let mut attempts: Vec<Attempt> = cases
        .into_iter()
        .map(|(name, value, why)| {
            (format!("claim {name}: {value:.40}"), forge.with_claims(&but(claims(), name, value)), why)
        })
        .collect();
    let doubled = claims().to_string().replacen('{', r#"{"sub":"ceo","#, 1);
    for payload in [doubled.as_bytes(), b"[]", b"null", b"", b"\xff\xfe", b"{", &[b'['; 4000]] {
        let why = if payload.is_empty() { Unauthorized::Malformed } else { Wrong };
        let token = forge.sign_raw(&header().to_string(), payload);
        attempts.push((format!("payload {:.40}", String::from_utf8_lossy(payload)), token, why));
    }
    attempts
}

fn shapes(forge: &Forge) -> Vec<Attempt> {
    use Unauthorized::{Malformed, Missing, Signature, TooLarge};
    let good = forge.with_claims(&claims());
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (header, payload) = message.split_once('.').expect("three parts");
    let swapped = forge.with_claims(&but(claims(), "sub", json!("ceo")));
    let other_payload = swapped.split('.').nth(1).expect("three parts");
    let es_message = ES256_TOKEN.rsplit_once('.').expect("three parts").0;
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
        (format!("{good}="), Malformed),
        (format!("{good} {good}"), Malformed),
        (format!("{good},{good}"), Malformed),
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
        (format!("{message}.{}", "A".repeat(8 * 1024)), TooLarge),
        ("a".repeat(100 * 1024), TooLarge),
    ];
    cases.into_iter().map(|(token, why)| (format!("shape {token:.40}"), token, why)).collect()
}

#[test]
fn every_hostile_token_is_401_with_a_challenge_and_its_reason() {
    testkit::alone(async || {
        let forge = Forge::default();
        let yewu = node(&forge).await;
        for good in [forge.with_claims(&claims()).as_str(), ES256_TOKEN, RS256_TOKEN] {
            with(&yewu, good).get(PATH).await.ok::<Value>();
        }
        let attempts = [headers(&forge), payloads(&forge), shapes(&forge)].concat();
        assert!(attempts.len() >= 100, "{} attempts", attempts.len());
        let mut wrong = Vec::new();
        for (what, token, why) in &attempts {
            let answer = with(&yewu, token).get(PATH).await;
            let code = serde_json::from_str::<wire::Problem>(&answer.text).map(|problem| problem.code);
            let told = answer.header("www-authenticate") == why.challenge()
                && answer.header("content-type") == "application/problem+json";
            if answer.status != 401 || code.as_deref().ok() != Some(why.code()) || !told {
                wrong.push(format!(
                    "{what}: {} {code:?} {:?} instead of {}",
                    answer.status,
                    answer.headers,
                    why.code()
                ));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), attempts.len(), wrong.join("\n"));
        // Nothing of all that was remembered as good, and the node is well.
        with(&yewu, &forge.with_claims(&claims())).get(PATH).await.ok::<Value>();
    });
}

#[test]
fn a_token_is_taken_from_one_authorization_header_and_from_nowhere_else() {
    testkit::alone(async || {
        let forge = Forge::default();
        let yewu = node(&forge).await;
        let good = forge.with_claims(&claims());
        let http = reqwest::Client::new();
        let ask = |path: &str| http.get(format!("{}{path}", yewu.base()));
        let bearer = format!("Bearer {good}");
        let bytes = |bytes: &[u8]| HeaderValue::from_bytes(bytes).expect("what HTTP lets pass");
        let cases = [
            ("two headers", ask(PATH).header("authorization", &bearer).header("authorization", &bearer)),
            (
                "a stranger's header behind a good one",
                ask(PATH).header("authorization", &bearer).header("authorization", "Bearer a.b.c"),
            ),
            ("no UTF-8", ask(PATH).header("authorization", bytes(b"Bearer \xff\xfe.\xff.\xff"))),
            ("another scheme", ask(PATH).header("authorization", format!("Basic {good}"))),
            ("no scheme", ask(PATH).header("authorization", &good)),
            ("in the query", ask(&format!("{PATH}?access_token={good}"))),
            ("in a cookie", ask(PATH).header("cookie", format!("access_token={good}; Authorization={good}"))),
            (
                "in a header of a proxy",
                ask(PATH).header("x-forwarded-authorization", &bearer).header("x-forwarded-user", "ceo"),
            ),
        ];
        for (what, request) in cases {
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 401, "{what}");
            assert!(answer.headers().contains_key("www-authenticate"), "{what}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{what}");
        }
        // More than the server reads of any head: it hangs up or says 431, and goes on serving others.
        let huge = reqwest::Client::new()
            .get(format!("{}{PATH}", yewu.base()))
            .header("authorization", format!("Bearer {}", "a".repeat(1024 * 1024)))
            .send()
            .await;
        assert!(huge.as_ref().map_or(true, |answer| answer.status() == 431), "{huge:?}");
        assert_eq!(ask(PATH).header("authorization", &bearer).send().await.expect("an answer").status(), 200);
    });
}

#[test]
fn whoever_was_deactivated_is_out_within_a_minute_whatever_the_token_says() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let ann = wire::crm::UserSnapshot {
            id: uuid::Uuid::now_v7().into(),
            name: "Ann".into(),
            reference: "ann".into(),
            roles: vec!["sales_rep".into()],
            department: None,
            team: None,
            active: true,
            version: 1,
        };
        let (person, other) = (yewu.user("sales_rep", "ann", "", ""), yewu.user("sales_rep", "ben", "", ""));
        yewu.hear(&wire::crm::UserChanged(ann.clone())).await;
        person.get(PATH).await.ok::<Value>();
        yewu.hear(&wire::crm::UserChanged(wire::crm::UserSnapshot { active: false, version: 2, ..ann.clone() })).await;
        yewu.node.clock.travel(SignedDuration::from_secs(30));
        person.get(PATH).await.problem(401, "token.deactivated");
        other.get(PATH).await.ok::<Value>();
        yewu.hear(&wire::crm::UserChanged(wire::crm::UserSnapshot { active: true, version: 3, ..ann })).await;
        yewu.node.clock.travel(SignedDuration::from_secs(30));
        person.get(PATH).await.ok::<Value>();
    });
}

fn fresh_key() -> DevelopmentKey {
    let folder = std::env::temp_dir().join(format!("yewu-tokens-{}", uuid::Uuid::now_v7()));
    let key = keys::generate(&folder).expect("a key");
    std::fs::remove_dir_all(folder).expect("removed");
    key
}
fn set_of(keys: &[&DevelopmentKey]) -> String {
    json!({ "keys": keys.iter().flat_map(|key| key.jwks().keys).collect::<Vec<_>>() }).to_string()
}

#[test]
fn keys_come_and_go_without_a_restart_and_an_issuer_in_trouble_is_no_error_of_ours() {
    testkit::alone(async || {
        let (old, new, stranger) = (fresh_key(), fresh_key(), fresh_key());
        let issuer = Issuer::start(&set_of(&[&old])).await;
        let adjust = |settings: &mut platform::Settings| {
            settings.auth.jwks_file = None;
            settings.auth.jwks_url = Some(issuer.url.clone());
        };
        let yewu = Yewu::start(SERVICES, adjust, false).await;
        let now = yewu.node.clock.now().timestamp();
        let of = |key: &DevelopmentKey| {
            let claims =
                Claims { sub: "u-1".into(), roles: vec![Role::SalesRep], department: None, team: None, name: None };
            let auth = &yewu.settings.auth;
            let day = SignedDuration::from_hours(24);
            with(&yewu, &key.mint(&auth.issuer, &auth.audience, &claims, day, now).expect("a token"))
        };
        let status = async |key: &DevelopmentKey| {
            let answer = of(key).get(PATH).await;
            assert_eq!(answer.status == 401, !answer.header("www-authenticate").is_empty(), "{answer:?}");
            answer.status.as_u16()
        };
        let later = |seconds: i64| yewu.node.clock.travel(SignedDuration::from_secs(seconds));
        assert_eq!((status(&old).await, status(&new).await), (200, 401));
        // A new key is believed within a minute, beside the old one.
        issuer.answers("200 OK", &set_of(&[&old, &new]));
        later(60);
        assert_eq!((status(&new).await, status(&old).await, status(&stranger).await), (200, 200, 401));
        // A withdrawn one is refused within ten.
        issuer.answers("200 OK", &set_of(&[&new]));
        later(600);
        assert_eq!((status(&old).await, status(&new).await), (401, 200));
        // Whatever the issuer says instead of a key set: the keys that are known stay, a stranger's stays unknown.
        for (say, body) in troubles(set_of(&[&stranger, &stranger])) {
            issuer.answers(say, &body);
            later(60);
            let asked = issuer.asked();
            assert_eq!((status(&stranger).await, status(&new).await), (401, 200), "{say} {body:.20}");
            assert_eq!(issuer.asked(), asked + 1, "{say} {body:.20}: asked once, no redirect followed");
        }
        // One that does not answer at all holds its callers for seconds, not for ever.
        issuer.falls_silent();
        later(60);
        let begun = std::time::Instant::now();
        assert_eq!((status(&stranger).await, status(&new).await), (401, 200));
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        issuer.answers("200 OK", &set_of(&[&new, &stranger]));
        later(60);
        assert_eq!((status(&stranger).await, status(&new).await), (200, 200));
    });
}
