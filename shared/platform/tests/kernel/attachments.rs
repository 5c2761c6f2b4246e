//! Files, end to end: kept once, whole, of their type, seen by those who may, and swept when nothing names them.
#[path = "bucket.rs"]
mod bucket;
#[path = "store.rs"]
mod store;

use super::run;
use jiff::SignedDuration;
use reqwest::Method;
use std::path::PathBuf;
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{Page, attachment::Attachment};

const ROUTE: &str = "/api/aftersales/v1/attachments";
const LIMIT: usize = 20 * 1024 * 1024;

/// A PDF that no other test has.
fn pdf() -> Vec<u8> {
    format!("%PDF-1.7 {}", Uuid::now_v7()).into_bytes()
}
fn place(yewu: &Yewu, attachment: &Attachment) -> PathBuf {
    let folder = yewu.settings.storage.path.as_ref().expect("a folder").join("aftersales");
    folder.join(&attachment.sha256[..2]).join(&attachment.sha256)
}
async fn kept(client: &Client, bytes: &[u8]) -> Attachment {
    client.upload(&format!("{ROUTE}?file_name=a.pdf&kind=document"), "application/pdf", bytes).await.created()
}

#[test]
fn a_file_comes_back_as_it_was_under_its_own_name() {
    run(async |yewu| {
        let rep = yewu.role("sales_rep");
        let (bytes, order, case) = (pdf(), Uuid::now_v7(), Uuid::now_v7());
        let about = format!(
            "file_name=%E9%80%81%E8%B4%A7%E5%8D%95.pdf&kind=delivery_note&entity=order&entity_id={order}&case_id={case}"
        );
        let answer = rep.upload(&format!("{ROUTE}?{about}"), "application/pdf", bytes.clone()).await;
        let location = answer.header("location").to_owned();
        let made: Attachment = answer.created();
        assert_eq!(location, format!("{ROUTE}/{}", made.id));
        assert_eq!((made.file_name.as_str(), made.size_bytes), ("送货单.pdf", i64::try_from(bytes.len()).unwrap()));
        assert_eq!(std::fs::read(place(yewu, &made)).unwrap(), bytes);

        let shown: Attachment = rep.get(&location).await.ok();
        assert_eq!(shown.sha256, made.sha256);
        assert!(!shown.confirmed, "what it is about is only what the uploader said");
        let file = rep.get(&format!("{location}/content")).await;
        assert_eq!((file.status.as_u16(), &file.bytes), (200, &bytes));
        assert_eq!(file.header("content-type"), "application/pdf");
        assert_eq!(file.header("content-length"), bytes.len().to_string());
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"___.pdf\"; filename*=UTF-8''%E9%80%81%E8%B4%A7%E5%8D%95.pdf"
        );
        let tag = file.etag();
        assert_eq!(tag, format!("\"{}\"", made.sha256));
        let again = rep.send(Method::GET, &format!("{location}/content"), &[("if-none-match", &tag)], None).await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));

        for filter in [format!("entity_id={order}"), format!("case_id={case}&kind=delivery_note")] {
            let page: Page<Attachment> = rep.get(&format!("{ROUTE}?{filter}")).await.ok();
            assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), [made.id]);
        }
        let none: Page<Attachment> = rep.get(&format!("{ROUTE}?entity_id={order}&kind=photo")).await.ok();
        assert!(none.items.is_empty());
    });
}

#[test]
fn the_same_bytes_are_one_file_and_a_repeated_key_one_row() {
    run(async |yewu| {
        let rep = yewu.role("sales_rep");
        let bytes = pdf();
        let (first, second) = (kept(&rep, &bytes).await, kept(&rep, &bytes).await);
        assert_ne!(first.id, second.id);
        assert_eq!(place(yewu, &first), place(yewu, &second));
        let rows = format!("SELECT count(*) FROM attachments WHERE sha256 = '{}'", first.sha256);
        assert_eq!(yewu.sql("aftersales", &rows).await, "2");

        let http = reqwest::Client::new();
        let (base, token) = (yewu.base(), yewu.token("sales_rep", "sales_rep-1", "sales", "sales"));
        let key = Uuid::now_v7().to_string();
        let send = async |bytes: Vec<u8>| {
            let request = http.post(format!("{base}{ROUTE}?file_name=b.pdf&kind=document")).bearer_auth(&token);
            let request = request.header("content-type", "application/pdf").header("idempotency-key", &key);
            request.body(bytes).send().await.unwrap()
        };
        let other = pdf();
        let (one, two) = (send(other.clone()).await, send(other).await);
        assert_eq!(two.headers()["idempotency-replayed"], "true");
        assert_eq!(one.text().await.unwrap(), two.text().await.unwrap());
        let third = send(pdf()).await;
        assert_eq!(third.status(), 422);
        assert!(third.text().await.unwrap().contains("idempotency.key_reused"));
    });
}

#[test]
fn what_is_too_large_empty_or_not_what_it_says_is_refused_and_leaves_nothing() {
    run(async |yewu| {
        let rep = yewu.role("sales_rep");
        let to = |query: &str| format!("{ROUTE}?{query}");
        let plain = to("file_name=a.txt&kind=document");
        let mut most = vec![b'a'; LIMIT];
        most[..36].copy_from_slice(Uuid::now_v7().to_string().as_bytes());
        let whole: Attachment = rep.upload(&plain, "text/plain; charset=utf-8", most.clone()).await.created();
        assert_eq!(usize::try_from(whole.size_bytes).unwrap(), LIMIT);
        most.push(b'a');
        rep.upload(&plain, "text/plain", most).await.problem(413, "attachment.too_large");
        rep.upload(&plain, "text/plain", "").await.problem(422, "attachment.empty");
        rep.upload(&plain, "application/x-msdownload", "MZ").await.problem(415, "attachment.type_not_kept");
        rep.upload(&plain, "image/png", pdf()).await.problem(415, "attachment.not_of_its_type");
        rep.upload(&to("file_name=../a.pdf&kind=document"), "application/pdf", pdf())
            .await
            .problem(422, "body.invalid");
        rep.upload(&to("file_name=a.pdf&kind=poem"), "application/pdf", pdf()).await.problem(400, "query.invalid");
        let half = to(&format!("file_name=a.pdf&kind=document&entity_id={}", Uuid::now_v7()));
        rep.upload(&half, "application/pdf", pdf()).await.problem(422, "body.invalid");
        let folder = yewu.settings.storage.path.as_ref().unwrap().join("aftersales/incoming");
        // Other tests upload meanwhile; what is refused goes when its writer has ended.
        testkit::eventually(std::time::Duration::from_secs(10), async || {
            let left = std::fs::read_dir(&folder).unwrap().count();
            if left == 0 { Ok(()) } else { Err(format!("{left} left behind")) }
        })
        .await;
    });
}

#[test]
fn a_file_is_seen_by_its_own_circle() {
    run(async |yewu| {
        let made = kept(&yewu.role("sales_rep"), &pdf()).await;
        let path = format!("{ROUTE}/{}", made.id);
        let other = yewu.user("sales_rep", "someone-else", "sales", "sales");
        for path in [path.clone(), format!("{path}/content")] {
            other.get(&path).await.problem(404, "not_found");
            assert_eq!(yewu.role("sales_manager").get(&path).await.status.as_u16(), 200);
            assert_eq!(yewu.role("warehouse").get(&path).await.status.as_u16(), 200);
            yewu.nobody().get(&path).await.problem(401, "token.missing");
        }
        let page: Page<Attachment> = other.get(ROUTE).await.ok();
        assert!(page.items.iter().all(|one| one.id != made.id));
        let upload = format!("{ROUTE}?file_name=a.pdf&kind=document");
        yewu.role("auditor").upload(&upload, "application/pdf", pdf()).await.problem(403, "permission.missing");
    });
}

#[test]
fn files_that_nothing_names_are_swept_after_a_day() {
    testkit::alone(async || {
        let yewu = Yewu::start(super::SERVICES, |_| {}, false).await;
        let kept = kept(&yewu.role("sales_rep"), &pdf()).await;
        let folder = yewu.settings.storage.path.as_ref().unwrap().join("aftersales");
        let lies = |drawer: &str| {
            std::fs::create_dir_all(folder.join(drawer)).unwrap();
            folder.join(drawer).join(drawer.repeat(32))
        };
        // In drawers of three turns; and what is no drawer stands in nobody's way.
        let left = [lies("01"), lies("6f"), lies("ff"), folder.join("incoming").join("broken-off")];
        let foreign = [folder.join("a0"), folder.join("notes.txt")];
        for path in left.iter().chain(&foreign) {
            std::fs::write(path, "x").unwrap();
        }
        let there = || left.each_ref().map(|path| path.exists());
        // Every drawer has its turn within 16 hours.
        let round = async || {
            for _ in 0..16 {
                yewu.node.run_jobs().await.unwrap();
                yewu.node.clock.travel(SignedDuration::from_hours(1));
            }
        };
        yewu.node.clock.travel(SignedDuration::from_hours(7));
        round().await;
        assert_eq!(there(), [true; 4], "younger than a day");
        yewu.node.clock.travel(SignedDuration::from_hours(2));
        round().await;
        assert_eq!(there(), [false; 4]);
        assert!(place(&yewu, &kept).exists(), "a row names it");
        assert!(foreign.iter().all(|path| path.exists()), "not ours");
    });
}
