//! The machine of inquiries on one screen, and every rule from both sides.
use super::*;
use wire::Ownership;

fn at(text: &str) -> Stamp {
    let at = Moment::new(text.parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
/// Monday, 10:00 in China.
fn by() -> Stamp {
    at("2026-03-02T02:00:00Z")
}
fn received(by: &Stamp) -> Inquiry {
    let new = NewInquiry {
        channel: InquiryChannel::Phone,
        name: "晨光泵业".parse().unwrap(),
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        account_id: None,
        text: "多少钱？".parse().unwrap(),
    };
    Inquiry::receive(InquiryId(Uuid::nil()), "IQ-1".into(), new, by).after().clone()
}
fn response() -> RespondInquiry {
    RespondInquiry { channel: InquiryChannel::Phone, text: "请稍候".parse().unwrap() }
}
fn answer(id: Uuid) -> AnswerInquiry {
    AnswerInquiry { clarification_id: id, answer: "380 V".parse().unwrap() }
}

#[test]
fn crm_40_the_whole_life_on_one_screen() {
    let asked = received(&by()).ask(Uuid::max(), "电压？".into(), &by()).unwrap().after().clone();
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || Inquiry { status: from, ..asked.clone() };
        let steps = [
            ("respond", one().respond(response(), &by()).ok()),
            ("ask", one().ask(Uuid::nil(), "数量？".into(), &by()).ok()),
            ("answer", one().answer(answer(Uuid::max()), &by()).ok()),
            ("convert", one().convert(InquiryTarget::Lead, Uuid::nil(), CaseId(Uuid::nil()), &by()).ok()),
            ("close", one().close("spam".into(), &by()).ok()),
        ];
        for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
            table.push(format!("{from} {command} {}", change.after().status));
        }
    }
    assert_eq!(
        table,
        [
            "new respond responded",
            "new ask new",
            "new answer new",
            "new close closed",
            "responded ask responded",
            "responded answer responded",
            "responded convert converted",
            "responded close closed",
        ]
    );
}

#[test]
fn crm_40_the_first_answer_is_due_after_four_working_hours() {
    assert_eq!(received(&by()).first_response_due_at.to_string(), "2026-03-02T07:00:00Z", "15:00, lunch left out");
    assert_eq!(
        received(&at("2026-03-06T08:00:00Z")).first_response_due_at.to_string(),
        "2026-03-09T03:00:00Z",
        "over the weekend"
    );
    let late = |text| received(&by()).respond(response(), &at(text)).unwrap().after().late();
    assert_eq!(late("2026-03-02T06:59:59Z"), Some(false));
    assert_eq!(late("2026-03-02T07:00:00Z"), Some(false));
    assert_eq!(late("2026-03-02T07:00:01Z"), Some(true));
    assert_eq!(received(&by()).late(), None);
}

#[test]
fn crm_41_questions_are_answered_once_and_are_part_of_the_need() {
    let asked = received(&by()).ask(Uuid::max(), "电压？".into(), &by()).unwrap().after().clone();
    assert_eq!(asked.need(), "多少钱？", "an open question says nothing");
    let clarified = asked.answer(answer(Uuid::max()), &by()).unwrap();
    assert_eq!(clarified.event_types(), ["crm.inquiry.clarified.v1"]);
    let clarified = clarified.after().clone();
    assert_eq!(clarified.need(), "多少钱？\n电压？ 380 V");
    assert_eq!(clarified.clone().answer(answer(Uuid::max()), &by()).unwrap_err().code(), "inquiry.question");
    let question = clarified.clarifications.0[0].clone();
    let full = |count: usize| Inquiry { clarifications: Kept(vec![question.clone(); count]), ..clarified.clone() };
    assert!(full(99).ask(Uuid::nil(), "?".into(), &by()).is_ok());
    assert_eq!(full(100).ask(Uuid::nil(), "?".into(), &by()).unwrap_err().code(), "inquiry.questions");
}
