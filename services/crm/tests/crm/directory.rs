//! PLT-23: people and departments.
use crate::{BASE, facts, path, put, run};
use serde_json::json;
use uuid::Uuid;
use wire::crm::{Department, DirectoryStatus, User};

#[test]
fn plt_23_people_join_move_leave_and_come_back_and_everyone_hears() {
    run(async |yewu| {
        let hr = yewu.role("integration");
        let reference = format!("wang-{}", Uuid::now_v7());
        let at = format!("users/by-ref/directory/{reference}");
        let rep = json!({"name": "王芳", "roles": ["sales_rep"], "department": "sales", "team": "east"});
        let joined: User = put(&hr, &at, rep.clone()).await.created();
        assert_eq!((joined.reference.as_str(), joined.version), (reference.as_str(), 1));
        let same: User = put(&hr, &at, rep.clone()).await.ok();
        assert_eq!(same.version, 1, "the same again is no change");
        let boss = json!({"name": "王芳", "roles": ["sales_manager"], "department": "sales", "team": "west"});
        assert_eq!(put(&hr, &at, boss).await.ok::<User>().roles, ["sales_manager"]);
        let left: User = hr.act(&path("users", joined.id), "deactivate", json!({})).await.ok();
        assert_eq!(left.status, DirectoryStatus::Inactive);
        hr.act(&path("users", joined.id), "deactivate", json!({})).await.problem(409, "state.refused");
        assert_eq!(put(&hr, &at, rep).await.ok::<User>().status, DirectoryStatus::Active);
        assert_eq!(facts(yewu, joined.id).await, ["crm.user.changed.v1"; 4].join(" "));
        yewu.settle().await;
        let kept = yewu
            .sql("crm", &format!("SELECT data->>'team' FROM replicas WHERE kind = 'user' AND key = '{reference}'"))
            .await;
        assert_eq!(kept, "east");
    });
}

#[test]
fn plt_23_unknown_roles_and_departments_are_named() {
    run(async |yewu| {
        let ops = yewu.role("ops");
        let at = format!("users/by-ref/directory/u-{}", Uuid::now_v7());
        let wrong =
            put(&ops, &at, json!({"name": "A", "roles": ["sales_rep", "king"]})).await.problem(422, "user.role");
        assert_eq!(wrong.errors[0].pointer, "/roles/1");
        let wrong = put(&ops, &at, json!({"name": "A", "roles": ["ops"], "department": "moon"}))
            .await
            .problem(422, "body.invalid");
        assert_eq!(wrong.errors[0].pointer, "/department");
        put(&yewu.role("sales_rep"), &at, json!({"name": "A", "roles": ["ceo"]}))
            .await
            .problem(403, "permission.missing");
    });
}

#[test]
fn plt_23_departments_are_there_from_the_start_and_others_are_added() {
    run(async |yewu| {
        let ops = yewu.role("ops");
        let all: Vec<Department> = ops.get(&format!("{BASE}/departments")).await.ok();
        for code in ["sales", "technical", "production", "purchasing", "quality", "warehouse", "finance", "legal", "it"]
        {
            assert!(all.iter().any(|department| department.code == code), "{code}");
        }
        let code = format!("d{}", Uuid::now_v7().simple());
        let at = format!("departments/by-ref/directory/{code}");
        let body = json!({"name_zh": "海外部", "name_en": "Overseas"});
        put(&ops, &at, body.clone()).await.created::<Department>();
        assert_eq!(put(&ops, &at, body).await.ok::<Department>().version, 1);
        let renamed: Department = put(&ops, &at, json!({"name_zh": "国际部", "name_en": "International"})).await.ok();
        assert_eq!((renamed.version, renamed.name_zh.as_str()), (2, "国际部"));
    });
}

#[test]
fn plt_23_ten_synchronisations_at_once_make_one_person() {
    run(async |yewu| {
        let hr = yewu.role("integration");
        let reference = format!("twin-{}", Uuid::now_v7());
        let at = format!("users/by-ref/directory/{reference}");
        let body = json!({"name": "王芳", "roles": ["sales_rep"]});
        let answers = futures_util::future::join_all((0..10).map(|_| put(&hr, &at, body.clone()))).await;
        assert!(answers.iter().all(|answer| [200, 201].contains(&answer.status.as_u16())), "{answers:?}");
        let kept = yewu.sql("crm", &format!("SELECT count(*) FROM users WHERE reference = '{reference}'")).await;
        assert_eq!(kept, "1");
    });
}

#[test]
fn plt_12_every_operation_is_somebodys() {
    let operations = platform::openapi::operations(&[crm::SERVICE]);
    assert!(operations.len() > 60, "{}", operations.len());
    for ((method, route), operation) in operations {
        let permission = &operation.permission;
        assert!(!platform::auth::grants::who(permission).is_empty(), "{method} {route}: nobody holds {permission}");
    }
}
