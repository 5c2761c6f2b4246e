//! Answers at every boundary: count, question, score; the mean and the verdict.
use super::*;
use crate::templates::domain::SurveyTemplate;
use platform::Entity;
use uuid::Uuid;
use wire::{
    EvidenceChannel,
    orders::{ShipmentDelivered, ShipmentId, ShipmentSnapshot},
};

fn by() -> Stamp {
    Stamp {
        at: Moment::new("2026-03-05T02:00:00Z".parse().unwrap()),
        actor: "user:eve".into(),
        ownership: wire::Ownership::default(),
    }
}
fn revisit() -> Revisit {
    let shipment = ShipmentSnapshot {
        shipment_id: ShipmentId(Uuid::nil()),
        number: "SH-1".into(),
        order_id: OrderId(Uuid::nil()),
        order_number: "SO-1".into(),
        account_id: AccountId(Uuid::nil()),
        account_name: "晨光泵业".into(),
        lines: Vec::new(),
    };
    let birth = crate::revisits::domain::Birth {
        id: RevisitId(Uuid::nil()),
        number: "RV-1".into(),
        case_id: None,
        cause_event_id: None,
    };
    let delivered = ShipmentDelivered { shipment, delivered_at: by().at, signer: "x".into() };
    Revisit::schedule(birth, delivered, &by()).after().clone()
}
fn survey(status: Status) -> Survey {
    let revisit = revisit();
    let question = |n: u8| SurveyQuestion {
        chinese: format!("问题{n}").parse().unwrap(),
        english: format!("Question {n}").parse().unwrap(),
    };
    let new =
        wire::aftersales::NewSurveyTemplate { name: "x".parse().unwrap(), questions: (1..=5).map(question).collect() };
    let template = SurveyTemplate::draft(SurveyTemplateId(Uuid::nil()), new, &by()).unwrap();
    let mut survey =
        Survey::put(SurveyId(Uuid::nil()), "SV-1".into(), &revisit, template.after(), &by()).after().clone();
    survey.head.status = status;
    survey
}
fn given(answers: &[(i16, i16)]) -> AnswerSurvey {
    let answers = answers.iter().map(|&(question, score)| SurveyAnswer { question, score, comment: None }).collect();
    let evidence = Evidence {
        channel: EvidenceChannel::Phone,
        person: "李雷".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    };
    AnswerSurvey { answers, evidence, note: None, problem_reported: None }
}
fn scores(scores: [i16; 5]) -> platform::Result<Change<Survey>> {
    let answers: Vec<_> = (1..).zip(scores).collect();
    survey(Status::Open).answer(given(&answers), &by())
}

#[test]
fn svc_13_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("answer", survey(from).answer(given(&[(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]), &by())),
            ("void", survey(from).void().map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                table.push(format!(
                    "{from} {command} {} v{} {:?}",
                    change.after().status(),
                    change.after().head.version,
                    change.event_types()
                ));
            }
        }
    }
    assert_eq!(table, ["open answer answered v2 [\"aftersales.survey.answered.v1\"]", "open void void v2 []"]);
}

#[test]
fn svc_13_exactly_one_answer_from_1_to_5_for_each_question() {
    let code = |answers: &[(i16, i16)]| {
        survey(Status::Open).answer(given(answers), &by()).map(drop).map_err(|error| error.code().to_owned())
    };
    assert_eq!(code(&[(1, 5), (2, 5), (3, 5), (4, 5)]), Err("survey.answers".into()));
    assert_eq!(code(&[(1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (5, 5)]), Err("survey.answers".into()));
    assert_eq!(code(&[(1, 5), (2, 5), (3, 5), (4, 5), (4, 5)]), Err("survey.question_twice".into()));
    assert_eq!(code(&[(0, 5), (2, 5), (3, 5), (4, 5), (5, 5)]), Err("survey.unknown_question".into()));
    assert_eq!(code(&[(6, 5), (2, 5), (3, 5), (4, 5), (5, 5)]), Err("survey.unknown_question".into()));
    assert_eq!(code(&[(-1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]), Err("survey.unknown_question".into()));
    assert_eq!(code(&[(5, 1), (4, 5), (3, 5), (2, 5), (1, 5)]), Ok(()), "in any order");
    let score = |score| scores([5, 5, 5, 5, score]).map(drop).map_err(|error| error.code().to_owned());
    assert_eq!(
        [score(0), score(1), score(5), score(6)],
        [Err("survey.score".into()), Ok(()), Ok(()), Err("survey.score".into())]
    );
    let mut late = given(&[(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
    let told = |at: &str| {
        let mut said = given(&[(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
        said.evidence.at = Moment::new(at.parse().unwrap());
        survey(Status::Open).answer(said, &by()).map(drop)
    };
    assert!(told("2026-03-05T02:01:00Z").is_ok(), "clocks differ");
    late.evidence.at = Moment::new("2026-03-05T02:01:00.000001Z".parse().unwrap());
    assert_eq!(survey(Status::Open).answer(late, &by()).unwrap_err().code(), "evidence.future");
}

#[test]
fn svc_13_the_mean_has_two_decimals_and_a_2_is_a_complaint() {
    let verdict = |given| {
        let change = scores(given).unwrap();
        (change.after().head.mean.unwrap().to_string(), change.after().satisfied().unwrap())
    };
    assert_eq!(verdict([5, 5, 5, 5, 5]), ("5.00".into(), true));
    assert_eq!(verdict([5, 4, 5, 4, 5]), ("4.60".into(), true));
    assert_eq!(verdict([3, 3, 3, 3, 3]), ("3.00".into(), true));
    assert_eq!(verdict([5, 5, 5, 5, 2]), ("4.40".into(), false));
    assert_eq!(verdict([1, 1, 1, 1, 1]), ("1.00".into(), false));
    assert_eq!(mean(&[1, 1, 2]).to_string(), "1.33");
    assert_eq!(survey(Status::Open).satisfied(), None);
}

/// What a survey with these scores, and this trouble told of, reports.
fn reported(scores: [i16; 5], problem: Option<&str>) -> Option<crate::tickets::domain::report::Told> {
    let answers: Vec<_> = (1..).zip(scores).collect();
    let mut given = given(&answers);
    given.problem_reported = problem.map(|problem| problem.parse().unwrap());
    given.answers[4].comment = Some("等了很久".parse().unwrap());
    let survey = survey(Status::Open).answer(given, &by()).unwrap().after().clone();
    crate::tickets::domain::report::told_by(&survey, &revisit())
}

#[test]
fn svc_14_a_score_of_2_or_less_or_trouble_that_is_told_opens_a_ticket() {
    use wire::aftersales::{TicketKind, TicketSeverity};
    let kind = |score, problem| reported([5, 5, 5, 5, score], problem).map(|told| (told.kind, told.severity));
    assert_eq!(kind(1, None), Some((TicketKind::Complaint, TicketSeverity::High)));
    assert_eq!(kind(2, None), Some((TicketKind::Complaint, TicketSeverity::Normal)));
    assert_eq!(kind(3, None), None);
    assert_eq!(kind(5, Some("设备无法联网")), Some((TicketKind::Fault, TicketSeverity::Normal)));
    assert_eq!(kind(1, Some("设备无法联网")), Some((TicketKind::Complaint, TicketSeverity::High)));
    let told = reported([2, 5, 5, 5, 1], Some("设备无法联网")).unwrap();
    assert_eq!(told.report.description, "设备无法联网\n问题1 2/5\n问题5 1/5：等了很久");
    assert_eq!((told.report.contact.name.as_str(), told.report.shipment_id), ("李雷", Some(ShipmentId(Uuid::nil()))));
}
