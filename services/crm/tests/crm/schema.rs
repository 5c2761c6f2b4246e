//! The schema that this program brings goes down again with what it holds by then, and comes up anew: a rollout can be gone back from.
use crate::{account, path};
use serde_json::json;
use std::{fs, path::PathBuf};
use testkit::Yewu;
use wire::crm::{Account, DataQualityTask};

/// The first of the migrations of crm that no released program knows.
const NEW: &str = "20261130000000";

#[test]
fn the_new_schema_goes_down_with_what_it_holds_and_comes_up_again() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (double, kept, purged) = (account(&sales).await, account(&sales).await, account(&sales).await);
        boss.act(&path("accounts", double.id), "merge", json!({"into_id": kept.id})).await.ok::<Account>();
        let task = json!({"account_id": purged.id});
        let task: DataQualityTask = sales.post(&format!("{}/data-quality-tasks", crate::BASE), task).await.created();
        let at = path("data-quality-tasks", task.id);
        boss.act(&at, "purge", json!({"reason": "已注销"})).await.ok::<DataQualityTask>();
        yewu.as_owner("crm", "INSERT INTO imports (id, status, kind, format, on_duplicate, dry_run, header, total, created, merged, attached, duplicates, failed, created_by, roles, created_at, version) \
            VALUES (gen_random_uuid(), 'done', 'leads', 'xlsx', 'refuse', FALSE, '[]', 0, 0, 0, 0, 0, 0, 'x', '[]', now(), 1)").await;
        // Of a file that was just handed in, one row waits, and one is none.
        yewu.as_owner("crm", "INSERT INTO imports (id, status, kind, format, on_duplicate, dry_run, header, total, created, merged, attached, duplicates, failed, created_by, roles, created_at, version) \
            VALUES ('01932c5e-7b1a-7c3d-9e4f-0123456789ab', 'cancelled', 'leads', 'csv', 'refuse', FALSE, '[]', 2, 0, 0, 0, 0, 0, 'x', '[]', now(), 1)").await;
        let rows = json!([{"line": 2, "data": {"name": "A"}, "wrong": null},
            {"line": 3, "data": null, "wrong": {"code": "import.row_characters", "chinese": "空字符", "english": "a NUL"}}]);
        let piece = format!("INSERT INTO import_pieces VALUES ('01932c5e-7b1a-7c3d-9e4f-0123456789ab', 0, '{rows}')");
        yewu.as_owner("crm", &piece).await;
        // Somebody works in the department that came with it.
        yewu.as_owner(
            "crm",
            "INSERT INTO users (id, reference, name, roles, department, status, created_at, version) \
            VALUES (gen_random_uuid(), 'hr-1', 'x', '[]', 'hr', 'active', now(), 1)",
        )
        .await;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut new: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        new.retain(|one| one.file_name().is_some_and(|name| &*name.to_string_lossy() >= NEW));
        new.sort();
        assert!(new.len() > 30, "{new:?}");
        for one in new.iter().rev() {
            yewu.as_owner("crm", &fs::read_to_string(one.join("down.sql")).unwrap()).await;
        }
        let states = "SELECT string_agg(status, ' ' ORDER BY status) FROM accounts";
        assert_eq!(yewu.sql("crm", states).await, "invalid invalid prospect", "the program of before knows these");
        assert_eq!(yewu.sql("crm", "SELECT string_agg(format, ' ') FROM imports").await, "csv csv");
        let waiting = "SELECT string_agg(concat_ws(' ', r.line, r.status, r.data ->> 'name', r.message_en, i.failed), ', ' ORDER BY line) \
            FROM import_rows r JOIN imports i ON i.id = r.import_id";
        assert_eq!(yewu.sql("crm", waiting).await, "2 pending A 1, 3 failed a NUL 1");
        for one in &new {
            yewu.as_owner("crm", &fs::read_to_string(one.join("up.sql")).unwrap()).await;
        }
        assert_eq!(yewu.role("sales_rep").get(&path("accounts", kept.id)).await.ok::<Account>().name, kept.name);
    });
}
