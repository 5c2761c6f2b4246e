//! The whole machine of market reports on one screen, what must be in one, and who may publish it.
use super::*;
use uuid::Uuid;
use wire::Ownership;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn section(kind: MarketSectionKind) -> MarketSection {
    MarketSection { kind, title: "x".parse().unwrap(), text: "x".parse().unwrap(), source: None }
}
fn drafted(sections: Vec<MarketSection>) -> platform::Result<Change<MarketReport>> {
    let (title, period) = ("华东".parse().unwrap(), "2026-Q3".parse().unwrap());
    let new = NewMarketReport { title, period, sections, supersedes_id: None };
    MarketReport::draft(MarketReportId(Uuid::nil()), "MR-1".into(), new, None, &by("user:ann"))
}
fn report(status: Status) -> MarketReport {
    let sections = MarketSectionKind::ALL.iter().copied().map(section).collect();
    MarketReport { status, ..drafted(sections).unwrap().after().clone() }
}

#[test]
fn crm_03_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", report(from).update(MarketReportPatch::default(), &by("user:ann")).ok()),
            ("submit", report(from).submit().ok()),
            ("return", report(from).send_back("数据过旧".into()).ok()),
            ("publish", report(from).publish(&by("user:boss")).ok()),
            ("supersede", report(from).supersede().ok()),
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
            "draft submit in_review []",
            "in_review return draft []",
            "in_review publish published [\"crm.market_report.published.v1\"]",
            "published supersede superseded []",
        ]
    );
}

#[test]
fn crm_03_a_report_needs_trends_competitors_and_target_groups() {
    let two = drafted(vec![section(MarketSectionKind::Trend), section(MarketSectionKind::Segment)]).unwrap();
    let refused = two.after().clone().submit().unwrap_err();
    assert!(
        matches!(&refused, Refused::Gates { closed, .. } if closed.len() == 1 && closed[0].reference.as_deref() == Some("competitor")),
        "{refused:?}"
    );
    assert!(drafted(vec![section(MarketSectionKind::Trend); 50]).is_ok());
    assert!(drafted(vec![section(MarketSectionKind::Trend); 51]).is_err());
}

#[test]
fn crm_03_nobody_who_wrote_in_it_publishes_and_only_published_ones_are_superseded() {
    assert!(report(Status::InReview).publish(&by("user:ann")).is_err());
    let title = MarketReportPatch { title: Some("华北市场".parse().unwrap()), ..MarketReportPatch::default() };
    let changed = report(Status::Draft).update(title, &by("user:boss")).unwrap().after().clone();
    let sent_back = changed.submit().unwrap().after().clone().send_back("数据过旧".into()).unwrap().after().clone();
    let again = sent_back.submit().unwrap().after().clone();
    assert!(again.clone().publish(&by("user:boss")).is_err(), "nor does whoever wrote in it, before it was sent back");
    assert!(again.publish(&by("user:ceo")).is_ok());
    let (title, period) = ("x".parse().unwrap(), "2026".parse().unwrap());
    let new = NewMarketReport { title, period, sections: Vec::new(), supersedes_id: None };
    for &status in Status::ALL {
        let before = report(status);
        let drafted =
            MarketReport::draft(MarketReportId(Uuid::max()), "x".into(), new.clone(), Some(&before), &by("user:ann"));
        assert_eq!(drafted.is_ok(), status == Status::Published, "{status}");
    }
}
