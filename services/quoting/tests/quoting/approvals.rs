//! Approvals of quotes (PLT-01): who sees one, whose tray holds it, who may decide it.
use crate::{
    QUOTES,
    quotes::{approve, drafted},
    run,
};
use serde_json::json;
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    approval::Approval,
    quoting::{Quote, QuoteStatus},
};

const APPROVALS: &str = "/api/quoting/v1/approvals";

async fn submitted(yewu: &Yewu, sales: &Client) -> Quote {
    let path = format!("{QUOTES}/{}", drafted(yewu, sales).await.id);
    sales.act(&path, "submit", json!({})).await.ok()
}
async fn approvals(client: &Client, query: &str) -> wire::Page<Approval> {
    client.get(&format!("{APPROVALS}?{query}")).await.ok()
}
/// Someone in the directory, of the department `sales` and this team.
async fn joins(yewu: &Yewu, roles: &str, reference: &str, team: &str) -> Client {
    let person = wire::crm::UserSnapshot {
        id: Uuid::now_v7().into(),
        reference: reference.into(),
        name: reference.into(),
        roles: roles.split_whitespace().map(str::to_owned).collect(),
        department: Some("sales".into()),
        team: Some(team.into()),
        active: true,
        version: 1,
    };
    yewu.hear(&wire::crm::UserChanged(person)).await;
    yewu.user(roles, reference, "sales", team)
}

#[test]
fn plt_01_an_approval_is_seen_and_decided_by_those_whom_its_document_is_open_to() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let quote = submitted(yewu, &yewu.role("sales_rep")).await;
        let about = format!("subject_id={}", quote.id);
        let path = format!("{APPROVALS}/{}", approvals(&yewu.role("auditor"), &about).await.items[0].id);
        let strangers = [
            yewu.user("sales_manager", "sales_manager-north", "sales", "north"),
            yewu.user("department_head", "department_head-elsewhere", "elsewhere", "sales"),
        ];
        for stranger in strangers {
            assert_eq!(approvals(&stranger, &about).await.items.len(), 0);
            stranger.get(&path).await.problem(404, "not_found");
            let etag = [("if-match", "\"1\""), ("idempotency-key", &Uuid::now_v7().to_string())];
            let vote = json!({"comment": "fine"});
            stranger
                .send(reqwest::Method::POST, &format!("{path}/approve"), &etag, Some(&vote))
                .await
                .problem(404, "not_found");
        }
        let colleague = yewu.user("sales_rep", "sales_rep-2", "sales", "sales");
        colleague.get(&path).await.problem(404, "not_found");
        for (role, seat) in
            [("sales_rep", None), ("department_head", None), ("legal", None), ("sales_manager", Some("sales_manager"))]
        {
            let client = yewu.role(role);
            assert_eq!(client.get(&path).await.ok::<Approval>().my_seat.as_deref(), seat, "{role}");
            assert_eq!(approvals(&client, &about).await.items.len(), 1, "{role}");
            let tray = approvals(&client, &format!("{about}&assignee=me")).await;
            assert_eq!(tray.items.len(), usize::from(seat.is_some()), "{role}");
        }
        approve(yewu, quote.id.into()).await;
    });
}

#[test]
fn plt_01_a_document_that_nobody_eligible_can_see_is_not_submitted() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let west = yewu.user("sales_rep", "sales_rep-west", "sales", "west");
        let path = format!("{QUOTES}/{}", drafted(yewu, &west).await.id);
        west.act(&path, "submit", json!({})).await.problem(409, "approval.nobody_eligible");
        joins(yewu, "sales_manager", "sales_manager-west", "west").await;
        west.act(&path, "submit", json!({})).await.ok::<Quote>();
    });
}

#[test]
fn plt_01_a_tray_is_complete_whatever_stands_before_it() {
    run(async |yewu| {
        joins(yewu, "sales_manager", "sales_manager-tray-2", "tray").await;
        let boss = joins(yewu, "sales_manager", "sales_manager-tray-1", "tray").await;
        let sales = yewu.user("sales_rep", "sales_rep-tray", "sales", "tray");
        let (first, second) = (submitted(yewu, &sales).await, submitted(yewu, &sales).await);
        for _ in 0..3 {
            submitted(yewu, &boss).await;
        }
        let page = approvals(&boss, "assignee=me&limit=1").await;
        assert_eq!(page.items[0].subject_id, Uuid::from(second.id), "newest first, without the caller's own");
        let page = approvals(&boss, &format!("assignee=me&limit=1&after={}", page.next.unwrap())).await;
        assert_eq!((page.items[0].subject_id, page.next), (first.id.into(), None));
        assert_eq!(approvals(&boss, "limit=200").await.items.len(), 5);
        let path = format!("{APPROVALS}/{}", page.items[0].id);
        boss.act(&path, "approve", json!({})).await.ok::<Approval>();
        let left: Vec<Uuid> = approvals(&boss, "assignee=me").await.items.iter().map(|item| item.subject_id).collect();
        assert_eq!(left, [Uuid::from(second.id)]);
    });
}

#[test]
fn plt_01_who_holds_two_roles_never_takes_the_seat_that_only_another_can_fill() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let policy = "INSERT INTO approval_policies (key, version, steps, effective_from, published_by) VALUES ('quoting.quote', 2, \
            '[{\"name\": \"both\", \"mode\": \"all\", \"roles\": [\"sales_manager\", \"department_head\"]}]', '2026-01-01T00:00:00Z', 'test')";
        yewu.as_owner("quoting", policy).await;
        let two = joins(&yewu, "sales_manager department_head", "two-1", "sales").await;
        let one = joins(&yewu, "sales_manager", "one-1", "sales").await;
        submitted(&yewu, &yewu.role("sales_rep")).await;
        let path = format!("{APPROVALS}/{}", approvals(&two, "assignee=me").await.items[0].id);
        let half: Approval = two.act(&path, "approve", json!({})).await.ok();
        assert_eq!(
            (half.status.as_str(), half.votes[0].role.as_str(), half.my_seat),
            ("pending", "sales_manager", None)
        );
        assert_eq!(approvals(&two, "assignee=me").await.items.len(), 0, "who has spoken is not asked again");
        let tray = approvals(&one, "assignee=me").await;
        assert_eq!(tray.items[0].my_seat.as_deref(), Some("sales_manager"));
        let done: Approval = one.act(&path, "approve", json!({})).await.ok();
        let votes: Vec<_> = done.votes.iter().map(|vote| (vote.approver.as_str(), vote.role.as_str())).collect();
        assert_eq!(votes, [("two-1", "department_head"), ("one-1", "sales_manager")]);
        assert_eq!((done.status.as_str(), done.my_seat), ("approved", None));
    });
}

#[test]
fn plt_01_the_maker_cannot_approve_and_a_rejection_returns_the_draft_with_its_reason() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let maker = yewu.user("sales_manager", "sales_manager-1", "sales", "sales");
        let quote = drafted(yewu, &maker).await;
        let path = format!("{QUOTES}/{}", quote.id);
        maker.act(&path, "submit", json!({})).await.ok::<Quote>();
        let approvals = format!("/api/quoting/v1/approvals?subject_id={}", quote.id);
        let page: wire::Page<Approval> = maker.get(&approvals).await.ok();
        let approval = format!("/api/quoting/v1/approvals/{}", page.items[0].id);
        maker.act(&approval, "approve", json!({})).await.problem(403, "approval.own_request");
        let other = yewu.user("sales_manager", "sales_manager-2", "sales", "sales");
        other.act(&approval, "reject", json!({})).await.problem(422, "approval.comment_required");
        other.act(&approval, "reject", json!({"comment": "毛利太低"})).await.ok::<Approval>();
        let back: Quote = maker.get(&path).await.ok();
        assert_eq!((back.status, back.reason.as_deref()), (QuoteStatus::Draft, Some("毛利太低")));
        maker.act(&path, "submit", json!({})).await.ok::<Quote>();
    });
}
