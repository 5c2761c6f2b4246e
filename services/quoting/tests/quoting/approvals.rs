//! Approvals of quotes (PLT-01): who sees one, whose tray holds it, who may decide it.
use crate::{
    QUOTES,
    quotes::{approve, costed, drafted},
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
    let quote = costed(yewu, sales, &drafted(yewu, sales).await).await;
    sales.act(&format!("{QUOTES}/{}", quote.id), "submit", json!({})).await.ok()
}
async fn approvals(client: &Client, query: &str) -> wire::Page<Approval> {
    client.get(&format!("{APPROVALS}?{query}")).await.ok()
}
/// Someone in the directory, of the department `sales` and this team.
pub async fn joins(yewu: &Yewu, roles: &str, reference: &str, team: &str) -> Client {
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
        let quote = costed(yewu, &west, &drafted(yewu, &west).await).await;
        let path = format!("{QUOTES}/{}", quote.id);
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
        let quote = costed(yewu, &maker, &drafted(yewu, &maker).await).await;
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

#[test]
fn plt_03_what_was_rejected_is_asked_again_and_knows_what_went_before() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let quote = submitted(yewu, &sales).await;
        let about = format!("subject_id={}", quote.id);
        let first = approvals(&boss, &about).await.items.remove(0);
        assert_eq!((first.round, first.previous_id), (1, None));
        let no = json!({"comment": "毛利太低"});
        boss.act(&format!("{APPROVALS}/{}", first.id), "reject", no).await.ok::<Approval>();
        assert_eq!(
            crate::told(yewu, first.id).await,
            "quoting.approval.requested.v1 quoting.approval.decided.v1 quoting.approval.rejected.v1"
        );
        let reason = format!(
            "SELECT envelope::jsonb #>> '{{data,reason}}' FROM outbox WHERE kind LIKE '%rejected.v1' AND subject = '{}'",
            first.id
        );
        assert_eq!(yewu.sql("quoting", &reason).await, "毛利太低");
        sales.act(&format!("{QUOTES}/{}", quote.id), "submit", json!({})).await.ok::<Quote>();
        let again = approvals(&boss, &format!("{about}&status=pending")).await.items.remove(0);
        assert_eq!((again.round, again.previous_id), (2, Some(first.id)));
        approve(yewu, quote.id.into()).await;
    });
}

#[test]
fn plt_03_a_document_taken_back_asks_nobody_any_more() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let quote = submitted(yewu, &sales).await;
        let asked = approvals(&boss, &format!("subject_id={}&assignee=me", quote.id)).await.items.remove(0);
        let path = format!("{QUOTES}/{}", quote.id);
        let gone: Quote = sales.act(&path, "withdraw", json!({"reason": "客户撤单"})).await.ok();
        assert_eq!(gone.status, QuoteStatus::Withdrawn);
        assert!(approvals(&boss, &format!("subject_id={}&assignee=me", quote.id)).await.items.is_empty());
        let place = format!("{APPROVALS}/{}", asked.id);
        boss.act(&place, "approve", json!({})).await.problem(409, "state.refused");
        assert_eq!(boss.get(&place).await.ok::<Approval>().status.as_str(), "withdrawn");
        assert_eq!(crate::told(yewu, asked.id).await, "quoting.approval.requested.v1 quoting.approval.withdrawn.v1");
    });
}

#[test]
fn plt_01_of_an_any_step_one_yes_is_enough_whichever_role_it_comes_from() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let policy = "INSERT INTO approval_policies (key, version, steps, effective_from, published_by) VALUES ('quoting.quote', 2, \
            '[{\"name\": \"either\", \"mode\": \"any\", \"roles\": [\"sales_manager\", \"legal\"]}]', '2026-01-01T00:00:00Z', 'test')";
        yewu.as_owner("quoting", policy).await;
        yewu.staff(&["sales_manager", "legal"]).await;
        for role in ["legal", "sales_manager"] {
            let quote = submitted(&yewu, &yewu.role("sales_rep")).await;
            let client = yewu.role(role);
            let open = approvals(&client, &format!("subject_id={}&assignee=me", quote.id)).await.items.remove(0);
            let done: Approval = client.act(&format!("{APPROVALS}/{}", open.id), "approve", json!({})).await.ok();
            assert_eq!((done.status.as_str(), done.votes[0].role.as_str()), ("approved", role));
        }
    });
}

#[test]
fn plt_01_a_caller_whose_token_names_no_department_or_team_sees_an_empty_list_and_tray() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        submitted(yewu, &yewu.role("sales_rep")).await;
        for role in ["sales_manager", "department_head"] {
            let drifter = yewu.user(role, &format!("{role}-drifter"), "", "");
            for query in ["limit=5", "assignee=me"] {
                assert!(approvals(&drifter, query).await.items.is_empty(), "{role} {query}");
            }
            let page: wire::Page<Quote> = drifter.get(QUOTES).await.ok();
            assert!(page.items.is_empty(), "{role}");
        }
    });
}

#[test]
fn plt_01_what_the_vote_would_refuse_is_no_available_action() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "legal"]).await;
        let manager = yewu.role("sales_manager");
        let quote = submitted(yewu, &manager).await;
        let shown = async |client: &Client| {
            approvals(client, &format!("subject_id={}", quote.id)).await.items.into_iter().next().expect("one")
        };
        let blocked = async |client: &Client| -> Vec<(bool, String)> {
            let actions = shown(client).await.available_actions.into_iter();
            actions.map(|action| (action.allowed, action.blocked_by[0].gate.clone())).collect()
        };
        assert_eq!(blocked(&manager).await, vec![(false, "approval.own_request".to_owned()); 2]);
        assert_eq!(blocked(&yewu.role("legal")).await, vec![(false, "approval.not_eligible".to_owned()); 2]);
        let colleague = yewu.user("sales_manager", "sales_manager-2", "sales", "sales");
        assert!(shown(&colleague).await.available_actions.iter().all(|action| action.allowed));
    });
}

#[test]
fn plt_01_who_takes_a_document_back_during_a_vote_gives_way_to_it() {
    run(async |yewu| {
        yewu.staff(&["sales_manager"]).await;
        let sales = yewu.role("sales_rep");
        let quote = submitted(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        // As a vote does it: first the approval, then the document.
        let vote = format!(
            "BEGIN; SELECT FROM approvals WHERE subject_id = '{id}' FOR UPDATE; SELECT pg_sleep(0.5); \
             SET LOCAL lock_timeout = '300ms'; SELECT FROM quotes WHERE id = '{id}' FOR UPDATE; COMMIT",
            id = quote.id
        );
        let withdrawing = async {
            yewu.sql("quoting", "SELECT count(*) FROM pg_sleep(0.2)").await;
            sales.act(&path, "withdraw", json!({"reason": "a test"})).await
        };
        let ((), withdrawn) = futures_util::future::join(yewu.as_owner("quoting", &vote), withdrawing).await;
        withdrawn.problem(503, "overloaded");
        let done: Quote = sales.act(&path, "withdraw", json!({"reason": "a test"})).await.ok();
        assert_eq!(done.status, QuoteStatus::Withdrawn);
    });
}
