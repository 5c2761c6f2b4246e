//! CRM-54 to 57: from an opportunity to a numbered project.
use crate::{BASE, deal::employee, facts, opportunity, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    crm::{ProjectInitiation, ProjectInitiationStatus as Status, ProjectScorecard, ProjectScoringPolicy, ReviewSide},
};

const APPROVERS: &[&str] = &["vice_president", "general_manager", "ceo"];

fn all(collection: &str) -> String {
    format!("{BASE}/{collection}")
}
fn at(initiation: &ProjectInitiation) -> String {
    path("project-initiations", initiation.id)
}
fn application(budget: &str, person: &str) -> Value {
    json!({"name": "二期泵站", "applicant_title": "业务员", "background": "客户扩建", "goals": [{"goal": "销售额", "target": "480000", "unit": "元"}],
        "scope": "12 台卧式泵的供货与安装", "expected_benefit": "毛利 20%", "staffing": [{"role": "安装工程师", "count": 2}],
        "budget": {"amount": budget, "currency": "CNY"}, "milestones": [{"name": "交货", "due_on": "2026-12-31"}], "total_days": 120,
        "risks": [{"risk": "交货延迟", "level": "medium", "response": "备选供应商"}], "core_team": [{"person": person, "role": "技术负责人"}]})
}
pub async fn drafted(yewu: &Yewu, sales: &Client, budget: &str) -> ProjectInitiation {
    let person = employee(yewu, "technical").await;
    let body = json!({"opportunity_id": opportunity(sales).await.id, "application": application(budget, &person)});
    sales.post(&all("project-initiations"), body).await.created()
}
/// Whoever speaks for human resources, finance and the business.
pub fn reviewers(yewu: &Yewu) -> [Client; 3] {
    let hr = yewu.user("department_head", "head-of-hr", "hr", "hr");
    [hr, yewu.role("finance_manager"), yewu.role("sales_manager")]
}
pub fn card(initiation: &ProjectInitiation, points: &str) -> Value {
    let criteria = ["strategic_fit", "resource_feasibility", "expected_value", "risk_control"];
    let ratings = criteria.map(|criterion| json!({"criterion": criterion, "points": points, "reason": "依据"}));
    json!({"project_initiation_id": initiation.id, "ratings": ratings})
}
/// Submitted, and scored by every side with these points throughout.
async fn scored(yewu: &Yewu, sales: &Client, initiation: &ProjectInitiation, points: &str) -> ProjectInitiation {
    sales.act(&at(initiation), "submit", json!({})).await.ok::<ProjectInitiation>();
    for reviewer in reviewers(yewu) {
        reviewer.post(&all("project-scorecards"), card(initiation, points)).await.created::<ProjectScorecard>();
    }
    sales.get(&at(initiation)).await.ok()
}
async fn approval(yewu: &Yewu, initiation: &ProjectInitiation) -> Approval {
    let about = all(&format!("approvals?subject_id={}&status=pending", initiation.id));
    yewu.role("auditor").get(&about).await.ok::<Page<Approval>>().items.remove(0)
}
async fn vote(yewu: &Yewu, initiation: &ProjectInitiation, role: &str, verb: &str) -> testkit::Response {
    let at = path("approvals", approval(yewu, initiation).await.id);
    yewu.role(role).act(&at, verb, json!({"comment": "已阅"})).await
}

#[test]
fn crm_54_an_application_is_scored_approved_and_numbered() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sales = yewu.role("sales_rep");
        let draft = drafted(yewu, &sales, "480000.00").await;
        assert_eq!((draft.status, draft.number.as_deref(), draft.round), (Status::Draft, None, 1));
        let again = json!({"opportunity_id": draft.opportunity_id});
        sales.post(&all("project-initiations"), again).await.problem(409, "project_initiation.known");
        sales.act(&at(&draft), "request-approval", json!({})).await.problem(409, "state.refused");
        let scored = scored(yewu, &sales, &draft, "72.25").await;
        assert_eq!(
            (scored.status, scored.score.map(|score| score.to_string()).as_deref()),
            (Status::Scored, Some("72.25"))
        );
        sales.act(&at(&draft), "request-approval", json!({})).await.ok::<ProjectInitiation>();
        vote(yewu, &draft, "vice_president", "approve").await.ok::<Approval>();
        let done: ProjectInitiation = sales.get(&at(&draft)).await.ok();
        let number = done.number.as_deref().unwrap_or_default();
        assert!(done.status == Status::Numbered && number.starts_with("PJ-20"), "{} {number}", done.status);
        let told = "crm.project_initiation.scored.v1 crm.project_initiation.approved.v1 crm.project.numbered.v1";
        assert_eq!(facts(yewu, draft.id).await, told);
        let team = format!(
            "SELECT envelope::jsonb->'data'->'core_team'->0->>'role' FROM outbox WHERE subject = '{}' AND kind = 'crm.project.numbered.v1'",
            draft.id
        );
        assert_eq!(yewu.sql("crm", &team).await, "技术负责人");
        sales.patch(&at(&draft), json!({"application": {}})).await.problem(409, "state.refused");
    });
}

#[test]
fn crm_55_submitting_names_every_field_that_is_missing() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let nobody =
            json!({"opportunity_id": deal.id, "application": {"core_team": [{"person": "nobody", "role": "x"}]}});
        let problem = sales.post(&all("project-initiations"), nobody).await.problem(422, "project_initiation.person");
        assert_eq!(problem.errors[0].pointer, "/application/core_team/0/person");
        let bare: ProjectInitiation =
            sales.post(&all("project-initiations"), json!({"opportunity_id": deal.id})).await.created();
        let problem = sales.act(&at(&bare), "submit", json!({})).await.problem(422, "project_initiation.incomplete");
        let missing: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        let fields = [
            "name",
            "applicant_title",
            "background",
            "goals",
            "scope",
            "expected_benefit",
            "staffing",
            "budget",
            "milestones",
            "total_days",
            "risks",
            "core_team",
        ];
        assert_eq!(missing, fields.map(|field| format!("/application/{field}")));
        let person = employee(yewu, "technical").await;
        for field in fields {
            let mut most = application("480000.00", &person);
            most.as_object_mut().expect("an object").remove(field);
            sales.patch(&at(&bare), json!({"application": most})).await.ok::<ProjectInitiation>();
            let problem =
                sales.act(&at(&bare), "submit", json!({})).await.problem(422, "project_initiation.incomplete");
            let missing: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(missing, [format!("/application/{field}")]);
        }
        for (budget, allowed) in [("0.00", false), ("0.01", true)] {
            let answer = sales.patch(&at(&bare), json!({"application": application(budget, &person)})).await;
            assert_eq!(answer.status == 200, allowed, "{budget}: {}", answer.text);
        }
        sales.act(&at(&bare), "submit", json!({})).await.ok::<ProjectInitiation>();
    });
}

#[test]
fn crm_56_each_side_scores_once_and_the_mark_decides() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sales = yewu.role("sales_rep");
        for (points, passes) in [("59.99", false), ("60", true), ("60.01", true)] {
            let draft = drafted(yewu, &sales, "480000.00").await;
            let [hr, ..] = reviewers(yewu);
            let early = hr.post(&all("project-scorecards"), card(&draft, points)).await;
            early.problem(409, "project_scorecard.state");
            let scored = scored(yewu, &sales, &draft, points).await;
            let asked = sales.act(&at(&scored), "request-approval", json!({})).await;
            if passes {
                assert_eq!(asked.ok::<ProjectInitiation>().status, Status::InApproval);
            } else {
                assert_eq!(asked.problem(409, "gate.closed").blocked_by[0].gate, "pass_mark");
            }
        }
    });
}

#[test]
fn crm_56_scores_are_weighted_and_written_once() {
    run(async |yewu| {
        let boss = yewu.user("sales_manager", "boss-applicant", "sales", "sales");
        let draft = drafted(yewu, &boss, "480000.00").await;
        boss.act(&at(&draft), "submit", json!({})).await.ok::<ProjectInitiation>();
        let cards = all("project-scorecards");
        boss.post(&cards, card(&draft, "100")).await.problem(403, "project_scorecard.own");
        yewu.role("sales_rep").post(&cards, card(&draft, "100")).await.problem(403, "permission.missing");
        let [hr, finance, _] = reviewers(yewu);
        let mut body = card(&draft, "80");
        for (index, points) in ["80", "70", "75", "60"].iter().enumerate() {
            body["ratings"][index]["points"] = json!(points);
        }
        let given: ProjectScorecard = hr.post(&cards, &body).await.created();
        assert_eq!((given.side, given.total.to_string()), (ReviewSide::Hr, "72.25".to_owned()));
        let weights: Vec<i16> = given.lines.iter().map(|line| line.weight).collect();
        assert_eq!(weights, [30, 25, 25, 20]);
        hr.post(&cards, &body).await.problem(409, "project_scorecard.given");
        body["ratings"][3]["points"] = json!("60.001");
        let fine = finance.post(&cards, &body).await.problem(422, "project_scorecard.points");
        assert_eq!(fine.errors[0].pointer, "/ratings/3/points");
        let frozen = "DO $$ BEGIN UPDATE project_scorecards SET total = 100; RAISE 'changed'; EXCEPTION WHEN raise_exception THEN \
            IF SQLERRM NOT LIKE 'scores and%' THEN RAISE; END IF; END $$";
        yewu.as_owner("crm", frozen).await;
        let kept: ProjectScorecard = boss.get(&path("project-scorecards", given.id)).await.ok();
        assert_eq!((kept.total, kept.lines), (given.total, given.lines));
    });
}

#[test]
fn crm_56_weights_are_versions_and_a_revision_is_scored_by_the_one_that_holds() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (sales, director) = (yewu.role("sales_rep"), yewu.role("finance_director"));
        let policies = all("project-scoring-policies");
        let weights = |risk: i16, mark: &str| json!({"strategic_fit": 40, "resource_feasibility": 20, "expected_value": 20, "risk_control": risk, "pass_mark": mark, "reason": "年度调整"});
        director.post(&policies, weights(19, "60")).await.problem(422, "project_scoring_policy.sum");
        director.post(&policies, weights(21, "60")).await.problem(422, "project_scoring_policy.sum");
        sales.post(&policies, weights(20, "60")).await.problem(403, "permission.missing");
        let draft = drafted(&yewu, &sales, "480000.00").await;
        let first = scored(&yewu, &sales, &draft, "65").await;
        let second: ProjectScoringPolicy = director.post(&policies, weights(20, "65.01")).await.created();
        assert_eq!(second.revision, 2);
        let all_of_them: Vec<ProjectScoringPolicy> = sales.get(&policies).await.ok();
        assert_eq!(all_of_them.iter().map(|policy| policy.revision).collect::<Vec<_>>(), [2, 1]);
        let revised: ProjectInitiation = sales.act(&at(&first), "revise", json!({"reason": "补充依据"})).await.ok();
        assert_eq!((revised.status, revised.round, revised.score), (Status::Draft, 2, None));
        let again = scored(&yewu, &sales, &revised, "65").await;
        assert_eq!(again.scoring_policy_id, Some(second.id));
        sales.act(&at(&again), "request-approval", json!({})).await.problem(409, "gate.closed");
        let about = format!("{}?project_initiation_id={}", all("project-scorecards"), draft.id);
        assert_eq!(sales.get(&about).await.ok::<Page<ProjectScorecard>>().items.len(), 6, "the first round's stay");
        yewu.stop().await;
    });
}

#[test]
fn crm_57_who_approves_follows_from_the_budget() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sales = yewu.role("sales_rep");
        let tiers = [
            ("499999.99", "vice_president"),
            ("500000.00", "vice_president"),
            ("500000.01", "general_manager"),
            ("4999999.99", "general_manager"),
            ("5000000.00", "ceo"),
            ("5000000.01", "ceo"),
        ];
        for (budget, role) in tiers {
            let draft = drafted(yewu, &sales, budget).await;
            let scored = scored(yewu, &sales, &draft, "80").await;
            sales.act(&at(&scored), "request-approval", json!({})).await.ok::<ProjectInitiation>();
            let steps = approval(yewu, &draft).await.steps;
            let roles: Vec<Vec<&str>> =
                steps.iter().map(|step| step.roles.iter().map(String::as_str).collect()).collect();
            assert_eq!(roles, [[role]], "{budget}");
            let done: ProjectInitiation = {
                vote(yewu, &draft, role, "approve").await.ok::<Approval>();
                sales.get(&at(&draft)).await.ok()
            };
            assert_eq!((done.status, done.number.is_some()), (Status::Numbered, true), "{budget}");
        }
    });
}

#[test]
fn crm_57_a_no_gives_no_number_and_the_reason_stays() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sales = yewu.role("sales_rep");
        let draft = drafted(yewu, &sales, "500000.01").await;
        let scored = scored(yewu, &sales, &draft, "80").await;
        sales.act(&at(&scored), "request-approval", json!({})).await.ok::<ProjectInitiation>();
        vote(yewu, &draft, "general_manager", "reject").await.ok::<Approval>();
        let no: ProjectInitiation = sales.get(&at(&draft)).await.ok();
        assert_eq!((no.status, no.number, no.reason.as_deref()), (Status::Rejected, None, Some("已阅")));
        let again: ProjectInitiation = sales.act(&at(&draft), "revise", json!({"reason": "压缩预算"})).await.ok();
        assert_eq!((again.status, again.round, again.score), (Status::Draft, 2, None));
        let stranger = yewu.user("sales_rep", &format!("s-{}", Uuid::now_v7().simple()), "sales", "west");
        stranger.get(&at(&draft)).await.problem(404, "not_found");
    });
}
