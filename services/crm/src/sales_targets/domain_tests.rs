//! The whole machine of targets on one screen, and every bound.
use super::*;
use platform::Rule;
use uuid::Uuid;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn drafted(metric: SalesMetric, value: &str, currency: Option<Currency>) -> platform::Result<SalesTarget> {
    let new = NewSalesTarget {
        metric,
        period: "2026-Q3".parse().unwrap(),
        subject_kind: SubjectKind::Team,
        subject: "east".parse().unwrap(),
        value: value.parse().unwrap(),
        currency,
    };
    let id = SalesTargetId(Uuid::nil());
    SalesTarget::draft(id, "TG-1".into(), new, Ownership::default(), &by("user:ann"))
        .map(|change| change.after().clone())
}
fn target(status: Status) -> SalesTarget {
    SalesTarget { status, ..drafted(SalesMetric::Revenue, "1000", Some(Currency::CNY)).unwrap() }
}
fn code<T: std::fmt::Debug>(outcome: platform::Result<T>) -> String {
    match outcome.unwrap_err() {
        platform::ApiError::Rule(rule) => rule.code().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn crm_34_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", target(from).update(SalesTargetPatch::default(), &by("user:ann")).ok()),
            ("approve", target(from).approve(&by("user:boss")).ok()),
            ("activate", target(from).activate().ok()),
            ("close", target(from).close(Some(Decimal::TEN)).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
            }
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft []",
            "draft approve approved [\"crm.target.approved.v1\"]",
            "approved activate active []",
            "active close closed []",
        ]
    );
}

#[test]
fn crm_34_a_target_is_more_than_nothing_and_a_share_at_most_all() {
    let revenue = |value| drafted(SalesMetric::Revenue, value, Some(Currency::CNY));
    assert_eq!(code(revenue("0")), "sales_target.value");
    assert_eq!(code(revenue("-0.01")), "sales_target.value");
    assert!(revenue("0.01").is_ok());
    let share = |value| drafted(SalesMetric::MarketShare, value, None);
    assert!(share("99.99").is_ok() && share("100").is_ok());
    assert_eq!(code(share("100.01")), "sales_target.share");
    assert_eq!(code(drafted(SalesMetric::Profit, "1", None)), "sales_target.currency");
    assert_eq!(code(drafted(SalesMetric::NewCustomers, "1", Some(Currency::CNY))), "sales_target.currency");
}

#[test]
fn crm_34_nobody_who_wrote_in_it_approves_it() {
    assert_eq!(code(target(Status::Draft).approve(&by("user:ann"))), "sales_target.maker");
    let raised = SalesTargetPatch { value: Some("9000".parse().unwrap()) };
    let raised = target(Status::Draft).update(raised, &by("user:boss")).unwrap().after().clone();
    let again = raised.update(SalesTargetPatch::default(), &by("user:ann")).unwrap().after().clone();
    assert_eq!(code(again.clone().approve(&by("user:boss"))), "sales_target.maker", "who changed it last or before");
    assert_eq!(code(again.clone().approve(&by("user:ann"))), "sales_target.maker");
    assert!(again.approve(&by("user:ceo")).is_ok());
}

#[test]
fn crm_34_nobody_approves_what_they_are_to_reach_themselves() {
    let of = |subject_kind, subject: &str| {
        let target = SalesTarget { subject_kind, subject: subject.to_owned(), ..target(Status::Draft) };
        target.approve(&by("user:boss"))
    };
    assert_eq!(code(of(SubjectKind::User, "boss")), "sales_target.own");
    assert!(of(SubjectKind::User, "bos").is_ok() && of(SubjectKind::Team, "boss").is_ok());
}

#[test]
fn crm_34_attainment_is_a_percentage_and_a_closed_one_keeps_it() {
    let at = by("user:ann").at;
    let percent = |attained: &str| {
        let attained = Some(attained.parse().unwrap());
        target(Status::Active).attainment(attained, at).percent.unwrap().to_string()
    };
    assert_eq!(
        (percent("999.99"), percent("1000"), percent("1000.10")),
        ("100.00".into(), "100.00".into(), "100.01".into())
    );
    assert_eq!(percent("333.33"), "33.33");
    assert_eq!(target(Status::Active).attainment(None, at).percent, None);
    let closed = target(Status::Active).close(Some(Decimal::from(500))).unwrap().after().clone();
    assert_eq!(closed.attainment(Some(Decimal::from(900)), at).percent.unwrap().to_string(), "50.00");
    assert_eq!(SalesTargetRule::Maker.code(), "sales_target.maker");
}
