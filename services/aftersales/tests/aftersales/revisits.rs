//! SVC-12, SVC-13: revisits and surveys.
use crate::{answers, contacted, delivery, of_order, path, planned, run, told};
use serde_json::{Value, json};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    CloudEvent, Page,
    aftersales::{Revisit, RevisitStatus, Survey, SurveyStatus, SurveyTemplate, SurveyTemplateStatus, Ticket},
    crm::{HandoverActivated, HandoverPerson, HandoverReverted},
    handover::{HandoverMove, HandoverOutcome, HandoverScope},
};

#[test]
fn svc_12_a_delivery_plans_one_revisit_within_three_working_days() {
    run(async |yewu| {
        let (order, event) = delivery(yewu, "2026-03-06T17:59:59+08:00");
        yewu.deliver(&event).await;
        yewu.deliver(&event).await;
        let mut retold = event.clone();
        retold.id = wire::EventId(Uuid::now_v7());
        yewu.deliver(&retold).await;
        let revisit = of_order(yewu, order).await;
        assert_eq!(
            (revisit.status, revisit.due_at.to_string(), revisit.calendar_id.as_str()),
            (RevisitStatus::Scheduled, "2026-03-11T10:00:00Z".into(), "cn")
        );
        assert_eq!(
            (revisit.case_id, revisit.owner_id.as_deref(), revisit.account_name.as_str()),
            (event.caseid, Some("sales_rep-1"), "晨光泵业")
        );
        assert!(revisit.number.starts_with("RV-20"), "{}", revisit.number);
        assert_eq!(told(yewu, event.caseid).await, "aftersales.revisit.scheduled.v1");
        let (order, after_closing) = delivery(yewu, "2026-03-06T18:00:00+08:00");
        yewu.deliver(&after_closing).await;
        assert_eq!(of_order(yewu, order).await.due_at.to_string(), "2026-03-12T10:00:00Z");
    });
}

#[test]
fn what_comes_together_is_written_down_as_if_each_had_come_alone() {
    run(async |yewu| {
        let (first, second) =
            (delivery(yewu, "2026-03-06T10:00:00+08:00"), delivery(yewu, "2026-03-06T11:00:00+08:00"));
        let mut other = second.1.clone();
        other.ownerid = Some("sales_rep-2".into());
        yewu.deliver_together(&[&first.1, &other]).await;
        for ((order, _), (event, owner)) in [(&first, (&first.1, "sales_rep-1")), (&second, (&other, "sales_rep-2"))] {
            let revisit = of_order(yewu, *order).await;
            assert_eq!((revisit.case_id, revisit.owner_id.as_deref()), (event.caseid, Some(owner)));
            let line = format!("SELECT cause_id || ' ' || actor FROM audit_log WHERE entity_id = '{}'", revisit.id);
            assert_eq!(yewu.sql("aftersales", &line).await, format!("{} event:plan-revisit", event.id));
            let fact = format!("SELECT envelope::json->>'causeid' FROM outbox WHERE subject = '{}'", revisit.id);
            assert_eq!(yewu.sql("aftersales", &fact).await, event.id.to_string());
        }
        let transactions = "SELECT count(DISTINCT xmin::text) FROM inbox WHERE handler = 'plan-revisit'";
        let ids = format!("{transactions} AND event_id IN ('{}', '{}')", first.1.id, other.id);
        assert_eq!(yewu.sql("aftersales", &ids).await, "1");
    });
}

#[test]
fn svc_13_contacted_answered_and_closed_satisfied() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let (at, revisit) = contacted(yewu, &service).await;
        assert_eq!(
            (revisit.status, revisit.contacts[0].by.as_str()),
            (RevisitStatus::Contacted, "user:customer_service-1")
        );
        let survey_at = path(format!("surveys/{}", revisit.survey_id.unwrap()));
        let survey: Survey = service.get(&survey_at).await.ok();
        assert_eq!(
            (survey.status, survey.questions.len(), survey.questions[0].chinese.as_str()),
            (SurveyStatus::Open, 5, "产品包装是否完好？")
        );
        service.act(&at, "contact", json!({"reached": false, "channel": "phone"})).await.problem(409, "state.refused");
        let survey: Survey = service.act(&survey_at, "answer", answers(&[5, 4, 5, 4, 5])).await.ok();
        assert_eq!(
            (survey.status, survey.mean.unwrap().to_string(), survey.satisfied),
            (SurveyStatus::Answered, "4.60".into(), Some(true))
        );
        service.act(&survey_at, "answer", answers(&[1, 1, 1, 1, 1])).await.problem(409, "state.refused");
        let closed: Revisit = service.act(&at, "close", json!({})).await.ok();
        assert_eq!(
            (closed.status, closed.satisfied, closed.available_actions.len()),
            (RevisitStatus::Closed, Some(true), 0)
        );
        assert_eq!(
            told(yewu, closed.case_id).await,
            "aftersales.revisit.scheduled.v1 aftersales.survey.answered.v1 aftersales.revisit.closed.v1"
        );
        let fact: Value = serde_json::from_str(
            &yewu
                .sql(
                    "aftersales",
                    &format!(
                        "SELECT envelope FROM outbox WHERE case_id = '{}' AND kind = 'aftersales.survey.answered.v1'",
                        closed.case_id.unwrap()
                    ),
                )
                .await,
        )
        .unwrap();
        assert_eq!((&fact["data"]["scores"], &fact["data"]["mean"]), (&json!([5, 4, 5, 4, 5]), &json!("4.60")));
    });
}

#[test]
fn svc_13_a_score_of_2_is_not_satisfied_and_answers_are_never_changed() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let (at, revisit) = contacted(yewu, &service).await;
        let survey_at = path(format!("surveys/{}", revisit.survey_id.unwrap()));
        let refused = [
            (answers(&[5, 5, 5, 5]), "survey.answers", "/answers"),
            (answers(&[5, 5, 5, 5, 6]), "survey.score", "/answers/4/score"),
            (answers(&[5, 0, 5, 5, 5]), "survey.score", "/answers/1/score"),
        ];
        for (body, code, pointer) in refused {
            assert_eq!(service.act(&survey_at, "answer", body).await.problem(422, code).errors[0].pointer, pointer);
        }
        yewu.role("sales_rep")
            .act(&survey_at, "answer", answers(&[5, 5, 5, 5, 5]))
            .await
            .problem(403, "permission.missing");
        let survey: Survey = service.act(&survey_at, "answer", answers(&[5, 5, 2, 5, 5])).await.ok();
        assert_eq!((survey.satisfied, survey.answers[2].score), (Some(false), 2));
        let open = service.act(&at, "close", json!({})).await.problem(409, "gate.closed");
        assert_eq!(open.blocked_by[0].gate, "ticket_open");
        let ticket = service.get(&at).await.ok::<Revisit>().tickets[0].ticket_id;
        let ticket = path(format!("tickets/{ticket}"));
        service.act(&ticket, "cancel", json!({"reason": "客户不愿再谈"})).await.ok::<Ticket>();
        assert_eq!(service.act(&at, "close", json!({})).await.ok::<Revisit>().satisfied, Some(false));
        let rights =
            "SELECT has_table_privilege('survey_answers', 'UPDATE') OR has_table_privilege('survey_answers', 'DELETE')";
        assert_eq!(yewu.sql("aftersales", rights).await, "false");
        let twins = yewu
            .sql("aftersales", &format!("SELECT count(*) FROM survey_answers WHERE survey_id = '{}'", survey.id))
            .await;
        assert_eq!(twins, "5");
    });
}

#[test]
fn svc_12_unreachable_after_three_tries_then_put_off_or_closed_with_a_note() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let at = path(format!("revisits/{}", planned(yewu).await.id));
        service.act(&at, "close", json!({"note": "x"})).await.problem(409, "state.refused");
        service.act(&at, "contact", json!({"reached": true, "channel": "phone"})).await.problem(422, "revisit.person");
        for tries in 1..=3 {
            let revisit: Revisit = service
                .act(&at, "contact", json!({"reached": false, "channel": "email", "note": "无人接听"}))
                .await
                .ok();
            assert_eq!((revisit.tries, revisit.status == RevisitStatus::Unreachable), (tries, tries == 3));
        }
        service
            .act(&at, "reschedule", json!({"due_at": "2026-01-01T00:00:00Z", "reason": "x"}))
            .await
            .problem(422, "revisit.due_at");
        let again: Revisit =
            service.act(&at, "reschedule", json!({"due_at": "2099-01-05T02:00:00Z", "reason": "出差"})).await.ok();
        assert_eq!((again.status, again.tries, again.contacts.len()), (RevisitStatus::Scheduled, 0, 3));
        let reached: Revisit =
            service.act(&at, "contact", json!({"reached": true, "channel": "phone", "person": "李雷"})).await.ok();
        assert_eq!(service.act(&at, "close", json!({})).await.problem(422, "revisit.note").errors[0].pointer, "/note");
        let closed: Revisit = service.act(&at, "close", json!({"note": "客户不愿作答"})).await.ok();
        assert_eq!((closed.status, closed.satisfied), (RevisitStatus::Closed, None));
        let survey_at = path(format!("surveys/{}", reached.survey_id.unwrap()));
        assert_eq!(service.get(&survey_at).await.ok::<Survey>().status, SurveyStatus::Void);
        service.act(&survey_at, "answer", answers(&[5, 5, 5, 5, 5])).await.problem(409, "state.refused");
        let facts = told(yewu, closed.case_id).await;
        assert_eq!(
            facts,
            "aftersales.revisit.scheduled.v1 aftersales.revisit.unreachable.v1 aftersales.revisit.scheduled.v1 aftersales.revisit.closed.v1"
        );
    });
}

#[test]
fn svc_12_assigned_to_customer_service_and_seen_by_its_owner_only() {
    run(async |yewu| {
        yewu.staff(&["customer_service", "warehouse"]).await;
        let service = yewu.role("customer_service");
        let revisit = planned(yewu).await;
        let at = path(format!("revisits/{}", revisit.id));
        for nobody in ["warehouse-1", "no-such-person"] {
            assert_eq!(
                service.act(&at, "assign", json!({"assignee": nobody})).await.problem(422, "revisit.assignee").errors
                    [0]
                .pointer,
                "/assignee"
            );
        }
        let assigned: Revisit = service.act(&at, "assign", json!({"assignee": "customer_service-2"})).await.ok();
        assert_eq!(assigned.assignee.as_deref(), Some("customer_service-2"));
        let mine: Page<Revisit> = yewu
            .user("customer_service", "customer_service-2", "service", "service")
            .get(&path("revisits?assignee=me&limit=200"))
            .await
            .ok();
        assert!(
            mine.items.iter().any(|r| r.id == revisit.id)
                && mine.items.iter().all(|r| r.assignee.as_deref() == Some("customer_service-2"))
        );
        yewu.role("sales_rep").get(&at).await.ok::<Revisit>();
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "west");
        stranger.get(&at).await.problem(404, "not_found");
        let theirs: Page<Revisit> = stranger.get(&path("revisits")).await.ok();
        assert!(theirs.items.is_empty());
        yewu.role("sales_rep")
            .act(&at, "contact", json!({"reached": false, "channel": "phone"}))
            .await
            .problem(403, "permission.missing");
    });
}

#[test]
fn svc_12_what_nobody_calls_in_time_is_overdue_once() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[aftersales::SERVICE], |_| {}, false).await;
        let now = yewu.node.clock.now().to_string();
        let (order, event) = delivery(&yewu, &now);
        yewu.deliver(&event).await;
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(of_order(&yewu, order).await.overdue_at, None);
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24 * 21));
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let late = of_order(&yewu, order).await;
        assert!(late.overdue_at.is_some_and(|at| at > late.due_at) && late.status == RevisitStatus::Scheduled);
        assert_eq!(told(&yewu, event.caseid).await, "aftersales.revisit.scheduled.v1 aftersales.revisit.overdue.v1");
        let page: Page<Revisit> = yewu.role("quality").get(&path("revisits?overdue=true")).await.ok();
        assert_eq!(page.items.iter().map(|r| r.id).collect::<Vec<_>>(), [late.id]);
    });
}

#[test]
fn svc_13_one_template_is_active_and_a_survey_keeps_the_questions_it_was_put_with() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[aftersales::SERVICE], |_| {}, false).await;
        let quality = yewu.role("quality");
        let seeded: Page<SurveyTemplate> = quality.get(&path("survey-templates?status=active")).await.ok();
        let seed = &seeded.items[0];
        assert_eq!(
            (seeded.items.len(), seed.questions.len(), seed.questions[0].english.as_str()),
            (1, 5, "Was the packaging intact?")
        );
        let (_, before) = contacted(&yewu, &yewu.role("customer_service")).await;
        let question = |n: usize| json!({"zh-CN": format!("问题{n}"), "en": format!("Question {n}")});
        let body = |count| json!({"name": "新问卷", "questions": (1..=count).map(question).collect::<Vec<_>>()});
        for count in [4, 6] {
            quality.post(&path("survey-templates"), body(count)).await.problem(422, "survey_template.questions");
        }
        let drafts = [
            quality.post(&path("survey-templates"), body(5)).await.created::<SurveyTemplate>(),
            quality.post(&path("survey-templates"), body(5)).await.created(),
        ];
        let at = drafts.each_ref().map(|draft| path(format!("survey-templates/{}", draft.id)));
        quality.patch(&at[0], json!({"name": "第二版"})).await.ok::<SurveyTemplate>();
        testkit::patches(&yewu, &quality, &at[0], &[], &["name", "questions"]).await;
        let (one, two) = futures_util::future::join(
            quality.act(&at[0], "activate", json!({})),
            quality.act(&at[1], "activate", json!({})),
        )
        .await;
        assert_eq!((one.ok::<SurveyTemplate>().version, two.ok::<SurveyTemplate>().version), (3, 2));
        assert_eq!(yewu.sql("aftersales", "SELECT count(*) FROM survey_templates WHERE status = 'active'").await, "1");
        let seed_at = path(format!("survey-templates/{}", seed.id));
        assert_eq!(quality.get(&seed_at).await.ok::<SurveyTemplate>().status, SurveyTemplateStatus::Retired);
        quality.act(&seed_at, "activate", json!({})).await.problem(409, "state.refused");
        let survey: Survey = quality.get(&path(format!("surveys/{}", before.survey_id.unwrap()))).await.ok();
        assert_eq!(survey.questions, seed.questions);
        let (_, after) = contacted(&yewu, &yewu.role("customer_service")).await;
        let survey: Survey = quality.get(&path(format!("surveys/{}", after.survey_id.unwrap()))).await.ok();
        assert_eq!(survey.questions[0].english.as_str(), "Question 1");
        yewu.role("sales_rep").post(&path("survey-templates"), body(5)).await.problem(403, "permission.missing");
    });
}

#[test]
fn crm_51_what_the_leaver_has_passes_to_the_deputy_and_back() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[aftersales::SERVICE], |_| {}, false).await;
        let (order, event) = delivery(&yewu, "2026-03-02T02:00:00Z");
        let (leaver, deputy) = (Some("leaver".to_owned()), Some("deputy".to_owned()));
        yewu.deliver(&CloudEvent { ownerid: leaver.clone(), teamid: Some("east".into()), ..event }).await;
        let revisit = of_order(&yewu, order).await;
        let handover_id = Uuid::now_v7().into();
        let to =
            HandoverPerson { reference: "deputy".into(), team: Some("west".into()), department: Some("sales".into()) };
        let (number, from) = ("HO-2026-000001".to_owned(), "leaver".to_owned());
        let scopes = vec![HandoverScope::Orders, HandoverScope::Tickets];
        let activated = HandoverActivated { handover_id, number: number.clone(), from: from.clone(), to, scopes };
        yewu.hear(&activated).await;
        yewu.hear(&activated).await;
        let jobs = async || {
            for _ in 0..6 {
                yewu.node.run_jobs().await.unwrap();
            }
            of_order(&yewu, order).await.owner_id
        };
        assert_eq!((jobs().await, revisit.owner_id), (deputy, leaver.clone()));
        let seen = yewu.user("sales_rep", "deputy", "sales", "west");
        seen.get(&path(format!("revisits/{}", revisit.id))).await.ok::<Revisit>();
        yewu.hear(&HandoverReverted { handover_id, number, from, to: "deputy".into() }).await;
        assert_eq!(jobs().await, leaver);
        let moves: Page<HandoverMove> =
            yewu.role("ops").get(&path(format!("handover-moves?handover_id={handover_id}"))).await.ok();
        let outcomes: Vec<_> = moves.items.iter().map(|one| (one.entity.as_str(), one.outcome)).collect();
        assert_eq!(outcomes, [("revisit", HandoverOutcome::Returned)]);
        let team = yewu.sql("aftersales", &format!("SELECT team_id FROM revisits WHERE id = '{}'", revisit.id)).await;
        assert_eq!(team, "east", "where the leaver had it");
    });
}
