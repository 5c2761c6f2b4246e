//! Attachments in a bucket: the same to whoever uploads and downloads; whole or not at all, whatever becomes of the store.
use super::{
    super::SERVICES,
    ROUTE, kept, pdf,
    store::{Mishap, Store},
};
use jiff::SignedDuration;
use platform::{ApiError, attachments::try_bucket};
use reqwest::Method;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use testkit::{Environment, Yewu, fresh_database};
use uuid::Uuid;
use wire::attachment::Attachment;

const PART: usize = 5 * 1024 * 1024;
const PLAIN: &str = "/api/aftersales/v1/attachments?file_name=a.txt&kind=document";

async fn on_a_store() -> (Store, Yewu) {
    let store = Store::start().await;
    let yewu = Yewu::start(SERVICES, |settings| store.chosen(settings), false).await;
    (store, yewu)
}
/// A text of so many bytes that no other test has.
fn text(length: usize) -> Vec<u8> {
    let mut text = Uuid::now_v7().to_string().into_bytes();
    text.resize(length, b'a');
    text
}
fn key(sha256: &str) -> String {
    format!("aftersales/{}/{sha256}", &sha256[..2])
}
/// An object that nobody put there; its place.
fn lies(store: &Store, key: &str) -> PathBuf {
    let place = store.place(key);
    let drawer = place.parent().expect("in a drawer");
    std::fs::create_dir_all(drawer).and_then(|()| std::fs::write(&place, "x")).expect("room for it");
    place
}
/// What lies in the node's own folder: uploads on their way, and drawers of files.
fn in_folder(yewu: &Yewu) -> (usize, usize) {
    let folder = yewu.settings.storage.path.as_ref().expect("a folder").join("aftersales");
    let count = |folder| std::fs::read_dir(folder).expect("a folder").count();
    (count(folder.join("incoming")), count(folder) - 1)
}
async fn rows(yewu: &Yewu) -> String {
    yewu.sql("aftersales", "SELECT count(*) FROM attachments").await
}
/// Every drawer has its turn within 16 hours.
async fn sweep(yewu: &Yewu) {
    for _ in 0..16 {
        yewu.node.run_jobs().await.expect("they run");
        yewu.node.clock.travel(SignedDuration::from_hours(1));
    }
}

#[test]
fn a_file_comes_back_from_the_bucket_as_it_was() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        let rep = yewu.role("sales_rep");
        // What is larger than a part goes in parts.
        for (size, parts) in [(40, 0), (PART, 0), (PART + 1, 2), (2 * PART, 2), (4 * PART, 4)] {
            let bytes = text(size);
            let made: Attachment = rep.upload(PLAIN, "text/plain", bytes.clone()).await.created();
            assert_eq!(store.seen("partNumber="), parts, "{size}");
            assert_eq!(
                (made.sha256.clone(), made.size_bytes),
                (format!("{:x}", Sha256::digest(&bytes)), size.try_into().unwrap())
            );
            assert!(std::fs::read(store.place(&key(&made.sha256))).unwrap() == bytes);
            assert_eq!((store.half(), in_folder(&yewu)), ((0, 0), (0, 0)), "{size}: nothing is left on the way");
            let path = format!("{ROUTE}/{}/content", made.id);
            let file = rep.get(&path).await;
            assert!((file.status.as_u16(), &file.bytes) == (200, &bytes));
            assert_eq!(file.header("content-length"), size.to_string());
            assert_eq!(file.etag(), format!("\"{}\"", made.sha256));
            store.seen("");
            let again = rep.send(Method::GET, &path, &[("if-none-match", &file.etag())], None).await;
            assert_eq!((again.status.as_u16(), store.seen("")), (304, 0));
        }
        let bytes = pdf();
        let (one, two) = (kept(&rep, &bytes).await, kept(&rep, &bytes).await);
        assert_eq!((one.id == two.id, one.sha256 == two.sha256), (false, true));
        rep.upload(PLAIN, "image/png", pdf()).await.problem(415, "attachment.not_of_its_type");
        assert_eq!((store.seen("PUT"), rows(&yewu).await.as_str()), (2, "7"), "the store never sees what is refused");
    });
}

#[test]
fn a_store_that_refuses_is_said_to_be_away_and_nothing_is_kept() {
    testkit::alone(async || {
        let store = Store::start().await;
        let wrong = |settings: &mut platform::Settings| {
            store.chosen(settings);
            settings.storage.s3.secret_access_key = Some("not the secret".to_owned().into());
        };
        let yewu = Yewu::start(SERVICES, wrong, false).await;
        let rep = yewu.role("sales_rep");
        for size in [40, PART + 1] {
            let refused = rep.upload(PLAIN, "text/plain", text(size)).await;
            assert_eq!(refused.header("retry-after"), "1");
            let problem = refused.problem(503, "attachment.store_unreachable");
            assert!(!problem.detail.contains("secret"), "{problem:?}");
        }
        assert!(store.seen("PUT") > 0, "it was asked");
        assert_eq!((rows(&yewu).await.as_str(), store.half(), in_folder(&yewu)), ("0", (0, 0), (0, 0)));
        assert_eq!(yewu.nobody().get("/readyz").await.status.as_u16(), 200, "the service does all else");
        let said = format!("{:#}", try_bucket(&yewu.settings.storage, &["aftersales"]).await.unwrap_err());
        assert!(said.contains("aftersales: cannot write") && said.contains("SignatureDoesNotMatch"), "{said}");

        let mut settings = yewu.settings.storage.clone();
        settings.s3.secret_access_key = Some("a secret of the store".to_owned().into());
        assert!(try_bucket(&settings, &["aftersales", "crm"]).await.unwrap());
        assert_eq!(store.half(), (0, 0), "it removes what it wrote");
        store.mishap("PUT", "", Mishap::Dies);
        let said = format!("{:#}", try_bucket(&settings, &["aftersales"]).await.unwrap_err());
        assert!(said.contains("aftersales: cannot write"), "{said}");
    });
}

#[test]
fn a_store_that_dies_in_the_middle_leaves_nothing_half_done() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        let (rep, bytes, key_of_request) = (yewu.role("sales_rep"), text(3 * PART), Uuid::now_v7().to_string());
        let place = store.place(&key(&format!("{:x}", Sha256::digest(&bytes))));
        // Among the parts; when all are there; while it is held beside its row.
        for (method, at) in [("PUT", "partNumber=2"), ("POST", "uploadId="), ("HEAD", "")] {
            store.mishap(method, at, Mishap::Dies);
            let answer = rep.upload_as(&key_of_request, PLAIN, "text/plain", bytes.clone()).await;
            answer.problem(503, "attachment.store_unreachable");
            assert_eq!((rows(&yewu).await.as_str(), in_folder(&yewu)), ("0", (0, 0)), "{method}");
            assert_eq!(place.exists(), method == "HEAD", "an object is whole or not there");
            assert_eq!(yewu.nobody().get("/readyz").await.status.as_u16(), 200);
            store.revive();
        }
        assert_eq!(store.half(), (2, 2), "what could not be aborted is noted");
        let answer = rep.upload_as(&key_of_request, PLAIN, "text/plain", bytes.clone()).await;
        let made: Attachment = answer.created();
        let path = format!("{ROUTE}/{}/content", made.id);
        assert!(rep.get(&path).await.bytes == bytes);

        store.mishap("GET", "", Mishap::Dies);
        rep.get(&path).await.problem(503, "attachment.store_unreachable");
        store.revive();
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(store.half(), (2, 2), "younger than a day");
        yewu.node.clock.travel(SignedDuration::from_hours(25));
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(store.half(), (0, 0));
        assert!(yewu.role("sales_rep").get(&path).await.bytes == bytes, "a row names it");
    });
}

#[test]
fn an_object_that_a_sweep_took_while_it_came_is_put_again() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        let (rep, bytes) = (yewu.role("sales_rep"), text(100));
        store.mishap("HEAD", "", Mishap::Loses);
        let made: Attachment = rep.upload(PLAIN, "text/plain", bytes.clone()).await.created();
        assert_eq!(store.seen("PUT"), 2);
        assert_eq!(rep.get(&format!("{ROUTE}/{}/content", made.id)).await.bytes, bytes);
    });
}

#[test]
fn a_store_that_hangs_holds_a_transaction_up_for_less_than_its_session_may_be_idle() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        store.mishap("HEAD", "", Mishap::Hangs);
        let before = std::time::Instant::now();
        let answer = yewu.role("sales_rep").upload(PLAIN, "text/plain", text(100)).await;
        answer.problem(503, "attachment.store_unreachable");
        let took = before.elapsed().as_secs();
        assert!((5..8).contains(&took), "{took} s");
        assert_eq!((rows(&yewu).await.as_str(), in_folder(&yewu)), ("0", (0, 0)));
    });
}

#[test]
fn objects_that_nothing_names_are_swept_after_a_day() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        let made = kept(&yewu.role("sales_rep"), &pdf()).await;
        let lies = |key: String| lies(&store, &key);
        let left = ["01", "6f", "ff"].map(|drawer| lies(key(&drawer.repeat(32))));
        // Another service's, or nobody's.
        let foreign = [lies(format!("crm/01/{}", "01".repeat(32))), lies("aftersales/01/notes.txt".into())];
        yewu.node.clock.travel(SignedDuration::from_hours(7));
        sweep(&yewu).await;
        assert!(left.iter().all(|place| place.exists()), "younger than a day");
        yewu.node.clock.travel(SignedDuration::from_hours(2));
        sweep(&yewu).await;
        assert!(!left.iter().any(|place| place.exists()));
        assert!(store.place(&key(&made.sha256)).exists(), "a row names it");
        assert!(foreign.iter().all(|place| place.exists()), "not ours");
    });
}

#[test]
fn a_sweep_gives_up_a_store_that_hangs_before_it_loses_its_session() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        // One for each turn.
        let left: Vec<PathBuf> =
            (0..16).map(|drawer| lies(&store, &key(&format!("{drawer:02x}").repeat(32)))).collect();
        let there = || left.iter().filter(|place| place.exists()).count();
        yewu.node.clock.travel(SignedDuration::from_hours(25));
        // At its first list; at the list of a drawer; at what it removes.
        for (method, at) in [("GET", "incoming"), ("GET", "%2F0"), ("POST", "delete")] {
            store.mishap(method, at, Mishap::Hangs);
            let before = std::time::Instant::now();
            let said = yewu.node.run_jobs().await;
            let gave_up = matches!(said, Err(ApiError::Busy { code: "attachment.store_unreachable", .. }));
            assert!(gave_up, "{method} {at}: {said:?}");
            let took = before.elapsed().as_secs();
            assert!((5..8).contains(&took), "{method} {at}: {took} s");
            assert_eq!(there(), 16);
            store.revive();
        }
        sweep(&yewu).await;
        assert_eq!(there(), 0);
    });
}

#[test]
fn notes_of_broken_off_uploads_are_dealt_with_a_few_at_a_time() {
    testkit::alone(async || {
        let (store, yewu) = on_a_store().await;
        for number in 0..12 {
            lies(&store, &format!("aftersales/incoming/{number}"));
        }
        yewu.node.clock.travel(SignedDuration::from_hours(25));
        for left in [2, 0] {
            yewu.node.run_jobs().await.unwrap();
            assert_eq!(store.half(), (0, left));
        }
    });
}

#[test]
fn what_lay_in_the_folder_before_is_found_there_still() {
    testkit::alone(async || {
        let environment = Environment::read();
        let database = fresh_database(&environment, SERVICES).await.unwrap();
        let before = Yewu::on(&environment, &database, SERVICES, |_| {}, false).await;
        let bytes = pdf();
        let made = kept(&before.role("sales_rep"), &bytes).await;
        let store = Store::start().await;
        let folder = before.settings.storage.path.clone();
        let choose = |settings: &mut platform::Settings| {
            store.chosen(settings);
            settings.storage.path = folder.clone();
        };
        let now = Yewu::on(&environment, &database, SERVICES, choose, false).await;
        let rep = now.role("sales_rep");
        assert_eq!(rep.get(&format!("{ROUTE}/{}/content", made.id)).await.bytes, bytes);
        // Copied as it is, it is an object.
        let copied = store.place(&key(&made.sha256));
        std::fs::create_dir_all(copied.parent().unwrap()).unwrap();
        std::fs::rename(super::place(&before, &made), copied).unwrap();
        assert_eq!(rep.get(&format!("{ROUTE}/{}/content", made.id)).await.bytes, bytes);
    });
}
