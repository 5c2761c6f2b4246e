//! Technical solutions: from a confirmed specification to an approved answer to it.
use crate::{account, blocked, confirm_spec, heard_opportunity, heard_spec, run, told};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    crm::RequirementSpecSnapshot,
    numbering::RegisterEntry,
    quoting::{Solution, SolutionCoverage, SolutionReview, SolutionStatus},
};

pub const SOLUTIONS: &str = "/api/quoting/v1/solutions";

/// A specification that its customer has confirmed: two items that must be, one that should.
pub async fn confirmed(yewu: &Yewu) -> RequirementSpecSnapshot {
    let spec = heard_spec(yewu, &heard_opportunity(yewu, account(yewu).await).await).await;
    confirm_spec(yewu, &spec).await;
    spec
}
fn section(kind: &str, elements: &[&str]) -> Value {
    let elements: Vec<Value> = elements.iter().map(|key| json!({"key": key, "title": "要素"})).collect();
    json!({"kind": kind, "text": format!("## {kind}\n\n内容"), "elements": elements})
}
fn all_four() -> Value {
    json!([
        section("product_selection", &["PUMP-40"]),
        section("technical_approach", &["PLC"]),
        section("service_scope", &[]),
        section("implementation_plan", &["GO-LIVE"])
    ])
}
fn new_solution(spec: &RequirementSpecSnapshot) -> Value {
    json!({"requirement_spec_id": spec.id, "title": "泵站改造方案", "account_segment": "市政水务", "sections": all_four()})
}
async fn drafted(yewu: &Yewu, spec: &RequirementSpecSnapshot) -> Solution {
    yewu.role("technical").post(SOLUTIONS, new_solution(spec)).await.created()
}
pub fn path(solution: &Solution) -> String {
    format!("{SOLUTIONS}/{}", solution.id)
}
fn ids(spec: &RequirementSpecSnapshot) -> Vec<Uuid> {
    spec.items.iter().filter_map(|item| item.id).collect()
}
/// Both items that must be are dealt with: one is covered, one waived.
async fn dealt_with(yewu: &Yewu, spec: &RequirementSpecSnapshot, solution: &Solution) {
    let at = path(solution);
    let cover = json!({"items": [{"item_id": ids(spec)[0], "elements": ["PUMP-40", "PLC"]}]});
    yewu.role("technical").act(&at, "cover", cover).await.ok::<Solution>();
    let waive = json!({"item_id": ids(spec)[1], "reason": "客户自行安排"});
    yewu.role("sales_manager").act(&at, "waive", waive).await.ok::<Solution>();
}
fn reviewer(yewu: &Yewu, user: &str) -> Client {
    yewu.user(user.trim_end_matches("-1").trim_end_matches("-2"), user, "sales", "sales")
}
fn scores(feasibility: i16, advancement: i16) -> Value {
    json!({"feasibility": feasibility, "advancement": advancement, "comment": "已评审"})
}
/// A solution that is ready to be offered.
pub async fn approved(yewu: &Yewu, spec: &RequirementSpecSnapshot) -> Solution {
    yewu.staff(&["technical", "quality"]).await;
    let solution = drafted(yewu, spec).await;
    dealt_with(yewu, spec, &solution).await;
    let at = path(&solution);
    yewu.role("technical").act(&at, "submit", json!({"reviewers": ["quality-1"]})).await.ok::<Solution>();
    reviewer(yewu, "quality-1").act(&at, "review", scores(4, 4)).await.ok()
}

#[test]
fn quo_01_a_solution_answers_a_confirmed_specification_and_goes_to_review_whole() {
    run(async |yewu| {
        yewu.staff(&["technical", "quality"]).await;
        let spec = heard_spec(yewu, &heard_opportunity(yewu, account(yewu).await).await).await;
        let technical = yewu.role("technical");
        technical.post(SOLUTIONS, new_solution(&spec)).await.problem(409, "solution.spec_unconfirmed");
        confirm_spec(yewu, &spec).await;
        let unknown = json!({"requirement_spec_id": Uuid::now_v7(), "title": "x"});
        technical.post(SOLUTIONS, unknown).await.problem(422, "body.invalid");
        let body = json!({"requirement_spec_id": spec.id, "title": "x", "sections": [section("service_scope", &[])]});
        let draft: Solution = technical.post(SOLUTIONS, body).await.created();
        assert_eq!(
            (draft.case_id, draft.account_id, draft.opportunity_id),
            (spec.case_id, spec.account_id, spec.opportunity_id)
        );
        let at = path(&draft);
        let submit = json!({"reviewers": ["technical-2", "quality-1"]});
        let gates: Vec<String> = technical
            .act(&at, "submit", &submit)
            .await
            .problem(409, "gate.closed")
            .blocked_by
            .into_iter()
            .map(|gate| format!("{} {}", gate.gate, gate.reference.unwrap_or_default()))
            .collect();
        let wanted = [
            "section_missing product_selection".to_owned(),
            "section_missing technical_approach".to_owned(),
            "section_missing implementation_plan".to_owned(),
            format!("item_uncovered {}", ids(&spec)[0]),
            format!("item_uncovered {}", ids(&spec)[1]),
        ];
        assert_eq!(gates, wanted);
        technical.patch(&at, json!({"sections": all_four()})).await.ok::<Solution>();
        dealt_with(yewu, &spec, &draft).await;
        assert!(blocked(&technical, &at, "submit").await.is_empty());
        let sent: Solution = technical.act(&at, "submit", &submit).await.ok();
        assert_eq!((sent.status, sent.round, sent.pass_mark), (SolutionStatus::InReview, 1, Some(3)));
        technical.patch(&at, json!({"title": "y"})).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_01_a_revision_keeps_the_number_and_takes_the_place_of_the_one_before() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let first = approved(yewu, &spec).await;
        let technical = yewu.role("technical");
        let second: Solution = technical.act(&path(&first), "revise", json!({})).await.created();
        assert_eq!((&second.number, second.revision, second.status), (&first.number, 2, SolutionStatus::Draft));
        assert_eq!((second.supersedes_id, second.coverage.len(), second.reviews.len()), (Some(first.id), 3, 0));
        let before: Solution = technical.get(&path(&first)).await.ok();
        assert_eq!(before.status, SolutionStatus::Superseded);
        technical.act(&path(&first), "revise", json!({})).await.problem(409, "state.refused");
        let wall = format!("UPDATE solutions SET status = 'approved' WHERE id = '{}'", first.id);
        let both = format!("DO $$ BEGIN {wall}; EXCEPTION WHEN unique_violation THEN RETURN; END $$");
        yewu.as_owner("quoting", &both).await;
        assert_eq!(technical.get(&path(&first)).await.ok::<Solution>().status, SolutionStatus::Superseded, "the wall");
    });
}

#[test]
fn quo_02_all_who_were_asked_review_it_and_no_author_does() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        yewu.staff(&["technical", "quality", "warehouse"]).await;
        let solution = drafted(yewu, &spec).await;
        dealt_with(yewu, &spec, &solution).await;
        let (at, author) = (path(&solution), yewu.role("technical"));
        let ask = async |names: Value| author.act(&at, "submit", json!({"reviewers": names})).await;
        ask(json!(["technical-1"])).await.problem(422, "solution.reviewer_is_author");
        ask(json!(["sales_manager-1"])).await.problem(422, "solution.reviewer_is_author");
        for nobody in ["warehouse-1", "ghost"] {
            let problem = ask(json!(["quality-1", nobody])).await.problem(422, "solution.reviewer");
            assert_eq!(problem.errors[0].pointer, "/reviewers/1", "{nobody}");
        }
        ask(json!([])).await.problem(422, "solution.reviewers");
        ask(json!(["technical-2", "quality-1"])).await.ok::<Solution>();
        let (second, quality) = (reviewer(yewu, "technical-2"), reviewer(yewu, "quality-1"));
        author.act(&at, "review", scores(5, 5)).await.problem(403, "solution.author");
        reviewer(yewu, "quality-2").act(&at, "review", scores(5, 5)).await.problem(403, "solution.not_asked");
        assert_eq!(blocked(&author, &at, "review").await, ["solution.author"]);
        assert_eq!(blocked(&reviewer(yewu, "quality-2"), &at, "review").await, ["solution.not_asked"]);
        assert!(blocked(&quality, &at, "review").await.is_empty());
        quality.act(&at, "review", scores(6, 5)).await.problem(422, "solution.score");
        let one: Solution = quality.act(&at, "review", scores(3, 3)).await.ok();
        assert_eq!(one.status, SolutionStatus::InReview, "the mark itself passes, and one more was asked");
        quality.act(&at, "review", scores(3, 3)).await.problem(409, "solution.reviewed");
        assert_eq!(blocked(&quality, &at, "review").await, ["solution.reviewed"]);
        let back: Solution = second.act(&at, "review", scores(5, 2)).await.ok();
        assert_eq!((back.status, back.reason.as_deref()), (SolutionStatus::Draft, Some("已评审")));
        ask(json!(["technical-2", "quality-1"])).await.ok::<Solution>();
        second.act(&at, "review", scores(5, 3)).await.ok::<Solution>();
        let done: Solution = quality.act(&at, "review", scores(3, 4)).await.ok();
        assert_eq!((done.status, done.round, done.approved_at.is_some()), (SolutionStatus::Approved, 2, true));
        let reviews: Vec<SolutionReview> = author.get(&format!("{at}/reviews")).await.ok();
        let shown: Vec<_> = reviews.iter().map(|one| (one.round, one.reviewer.as_str(), one.passed)).collect();
        assert_eq!(
            shown,
            [(1, "quality-1", true), (1, "technical-2", false), (2, "technical-2", true), (2, "quality-1", true)]
        );
        let facts = told(yewu, solution.id).await;
        let reviewed = "quoting.solution.reviewed.v1";
        let wanted = format!("{reviewed} {reviewed} {reviewed} {reviewed} quoting.solution.approved.v1");
        assert!(facts.ends_with(&wanted), "{facts}");
    });
}

#[test]
fn quo_02_the_pass_mark_is_data_and_holds_as_it_was_when_asked() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let spec = confirmed(&yewu).await;
        yewu.staff(&["technical", "quality"]).await;
        let solution = drafted(&yewu, &spec).await;
        dealt_with(&yewu, &spec, &solution).await;
        let (at, author, quality) = (path(&solution), yewu.role("technical"), reviewer(&yewu, "quality-1"));
        let reviewers = json!({"reviewers": ["quality-1"]});
        author.act(&at, "submit", &reviewers).await.ok::<Solution>();
        let stricter =
            "INSERT INTO solution_review_policies VALUES (2, 4, '2026-01-01T00:00:00Z', 'board', 'stricter')";
        yewu.as_owner("quoting", stricter).await;
        author.act(&at, "recall", json!({"reason": "一处有误"})).await.ok::<Solution>();
        let asked: Solution = author.act(&at, "submit", &reviewers).await.ok();
        assert_eq!((asked.pass_mark, asked.round), (Some(4), 2));
        assert_eq!(quality.act(&at, "review", scores(3, 4)).await.ok::<Solution>().status, SolutionStatus::Draft);
        author.act(&at, "submit", &reviewers).await.ok::<Solution>();
        assert_eq!(quality.act(&at, "review", scores(4, 4)).await.ok::<Solution>().status, SolutionStatus::Approved);
    });
}

#[test]
fn quo_03_coverage_is_a_matrix_and_each_change_of_it_is_told() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let solution = drafted(yewu, &spec).await;
        let (at, technical) = (path(&solution), yewu.role("technical"));
        let matrix = async || technical.get(&format!("{at}/coverage")).await.ok::<SolutionCoverage>();
        assert_eq!((matrix().await.must, matrix().await.must_open, matrix().await.rows.len()), (2, 2, 3));
        let cover = |item: Uuid, element: &str| json!({"items": [{"item_id": item, "elements": [element]}]});
        let problem = technical.act(&at, "cover", cover(Uuid::now_v7(), "PLC")).await.problem(422, "solution.item");
        assert_eq!(problem.errors[0].pointer, "/items/0/item_id");
        let problem =
            technical.act(&at, "cover", cover(ids(&spec)[0], "BOILER")).await.problem(422, "solution.element");
        assert_eq!(problem.errors[0].pointer, "/items/0/elements/0");
        let waive = json!({"item_id": ids(&spec)[1], "reason": "x"});
        technical.act(&at, "waive", &waive).await.problem(403, "permission.missing");
        dealt_with(yewu, &spec, &solution).await;
        assert_eq!(matrix().await.must_open, 0);
        let changed = "quoting.solution.coverage_changed.v1";
        assert_eq!(told(yewu, solution.id).await, format!("{changed} {changed}"));
        let data = "SELECT envelope::jsonb -> 'data' FROM outbox WHERE kind = 'quoting.solution.coverage_changed.v1' AND subject";
        let last = format!("{data} = '{}' ORDER BY seq DESC LIMIT 1", solution.id);
        let data: Value = serde_json::from_str(&yewu.sql("quoting", &format!("SELECT ({last})::text")).await).unwrap();
        assert_eq!((&data["covered"], &data["waived"]), (&json!([ids(&spec)[0]]), &json!([ids(&spec)[1]])));
        assert_eq!((&data["requirement_spec_id"], &data["solution_id"]), (&json!(spec.id), &json!(solution.id)));
        let fewer = json!([section("product_selection", &[]), section("technical_approach", &[])]);
        technical.patch(&at, json!({"sections": fewer})).await.ok::<Solution>();
        assert_eq!(matrix().await.must_open, 1, "what no section names covers nothing");
    });
}

#[test]
fn quo_12_it_is_made_for_this_need_and_this_kind_of_customer_and_is_its_owners() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let solution = drafted(yewu, &spec).await;
        assert_eq!((solution.requirement_spec_id, solution.account_segment.as_deref()), (spec.id, Some("市政水务")));
        assert_eq!(solution.owner_id.as_deref(), Some("sales_rep-1"), "the deal's owner, whoever writes it");
        let sales = yewu.role("sales_rep");
        let patched: Solution = sales.patch(&path(&solution), json!({"account_segment": "工业水务"})).await.ok();
        assert_eq!(patched.account_segment.as_deref(), Some("工业水务"));
        let (customer, deal) = (spec.account_id, spec.opportunity_id);
        for filter in [
            format!("account_id={customer}&status=draft"),
            format!("opportunity_id={deal}"),
            format!("requirement_spec_id={}", spec.id),
        ] {
            let page: Page<Solution> = sales.get(&format!("{SOLUTIONS}?{filter}")).await.ok();
            assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), [solution.id], "{filter}");
        }
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        stranger.get(&path(&solution)).await.problem(404, "not_found");
        let problem = stranger.post(SOLUTIONS, new_solution(&spec)).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, "/requirement_spec_id", "nobody's deal is a stranger's");
    });
}

#[test]
fn quo_17_solutions_are_numbered_and_registered() {
    run(async |yewu| {
        let solution = drafted(yewu, &confirmed(yewu).await).await;
        assert!(solution.number.starts_with("TS-20"), "{}", solution.number);
        let register = format!("/api/quoting/v1/document-register?number={}", solution.number);
        let page: Page<RegisterEntry> = yewu.role("auditor").get(&register).await.ok();
        let entries: Vec<_> = page.items.iter().map(|one| (one.kind.as_str(), one.entity_id)).collect();
        assert_eq!(entries, [("solution", solution.id.into())]);
    });
}
