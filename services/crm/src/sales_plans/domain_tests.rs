//! The whole machine of sales plans on one screen, and what may still change when.
use super::*;
use uuid::Uuid;
use wire::Ownership;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn drafted(channels: usize, actions: usize, targets: usize) -> platform::Result<Change<SalesPlan>> {
    let action = PlannedAction { what: "x".parse().unwrap(), responsible: None, due_on: None, done: false };
    let new = NewSalesPlan {
        title: "华东".parse().unwrap(),
        period: "2026-Q3".parse().unwrap(),
        strategy: "泵站".parse().unwrap(),
        channels: vec!["展会".parse().unwrap(); channels],
        target_ids: vec![SalesTargetId(Uuid::nil()); targets],
        actions: vec![action; actions],
    };
    SalesPlan::draft(SalesPlanId(Uuid::nil()), "SP-1".into(), new, &by("user:ann"))
}
fn plan(status: Status) -> SalesPlan {
    SalesPlan { status, ..drafted(1, 1, 0).unwrap().after().clone() }
}

#[test]
fn crm_35_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", plan(from).update(SalesPlanPatch::default(), &by("user:ann")).ok()),
            ("approve", plan(from).approve(&by("user:boss")).ok()),
            ("start", plan(from).start().ok()),
            ("review", plan(from).review("学到".into()).ok()),
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
            "draft approve approved [\"crm.sales_plan.approved.v1\"]",
            "approved update approved []",
            "approved start executing []",
            "executing update executing []",
            "executing review reviewed []",
        ]
    );
}

#[test]
fn crm_35_its_bounds_and_what_is_settled() {
    assert!(
        drafted(0, 0, 0).is_err()
            && drafted(1, 0, 0).is_ok()
            && drafted(20, 0, 0).is_ok()
            && drafted(21, 0, 0).is_err()
    );
    assert!(drafted(1, 100, 0).is_ok() && drafted(1, 101, 0).is_err());
    assert!(drafted(1, 0, 50).is_ok() && drafted(1, 0, 51).is_err());
    assert!(plan(Status::Draft).approve(&by("user:ann")).is_err(), "maker is not checker");
    let title = || SalesPlanPatch { title: Some("华北".parse().unwrap()), ..SalesPlanPatch::default() };
    let looked = plan(Status::Draft).update(SalesPlanPatch::default(), &by("user:boss")).unwrap().after().clone();
    assert!(looked.approve(&by("user:boss")).is_ok(), "who changed nothing has not written");
    let changed = plan(Status::Draft).update(title(), &by("user:boss")).unwrap().after().clone();
    assert!(changed.clone().approve(&by("user:boss")).is_err(), "nor is whoever changed it");
    assert!(changed.approve(&by("user:ceo")).is_ok());
    assert!(plan(Status::Draft).update(title(), &by("user:ann")).is_ok());
    assert!(plan(Status::Approved).update(title(), &by("user:ann")).is_err());
    let actions = SalesPlanPatch { actions: Some(Vec::new()), ..SalesPlanPatch::default() };
    assert!(plan(Status::Executing).update(actions, &by("user:ben")).unwrap().after().actions.0.is_empty());
}
