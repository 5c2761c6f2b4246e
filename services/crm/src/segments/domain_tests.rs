//! The machine of segments, their rules at every bound, and who comes and goes.
use super::*;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn texts(field: Field, count: usize) -> SegmentCondition {
    let one_of = (0..count).map(|n| format!("上海{n}").parse().unwrap()).collect();
    SegmentCondition { field, one_of, at_least: None, at_most: None }
}
fn score(at_least: Option<&str>, at_most: Option<&str>) -> SegmentCondition {
    let points = |text: Option<&str>| text.map(|text| text.parse().unwrap());
    SegmentCondition { field: Field::Score, one_of: Vec::new(), at_least: points(at_least), at_most: points(at_most) }
}
fn drafted(subject: SegmentSubject, conditions: Vec<SegmentCondition>) -> Result<Change<Segment>, SegmentRuleRefused> {
    let rule = SegmentRule { subject, conditions };
    Segment::draft(SegmentId(Uuid::nil()), NewSegment { name: "华东".parse().unwrap(), description: None, rule }, &by())
}
fn segment(status: Status, conditions: Vec<SegmentCondition>) -> Segment {
    Segment { status, ..drafted(SegmentSubject::Lead, conditions).unwrap().after().clone() }
}
fn candidate(region: Option<&str>, points: Option<&str>) -> Candidate {
    Candidate {
        subject: SegmentSubject::Lead,
        id: Uuid::nil(),
        name: "晨光".into(),
        owner: Ownership::default(),
        alive: true,
        region: region.map(str::to_owned),
        industry: None,
        tier: None,
        source: Some("exhibition".into()),
        class: Some("a"),
        score: points.map(|text| text.parse().unwrap()),
    }
}

#[test]
fn crm_05_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || segment(from, vec![texts(Field::Region, 1)]);
        let steps = [
            ("update", one().update(SegmentPatch::default()).ok()),
            ("activate", one().activate().ok()),
            ("retire", one().retire().ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {}", change.after().status));
            }
        }
    }
    assert_eq!(table, ["draft update draft", "draft activate active", "active update active", "active retire retired"]);
    let rule = SegmentRule { subject: SegmentSubject::Lead, conditions: vec![texts(Field::Region, 1)] };
    let patch = || SegmentPatch { rule: Some(rule.clone()), ..SegmentPatch::default() };
    assert!(segment(Status::Draft, vec![texts(Field::Region, 2)]).update(patch()).is_ok());
    assert!(segment(Status::Active, vec![texts(Field::Region, 2)]).update(patch()).is_err());
}

#[test]
fn crm_05_a_rule_looks_only_at_what_its_subject_has() {
    for (field, lead, account) in [
        (Field::Region, true, true),
        (Field::Industry, false, true),
        (Field::Tier, false, true),
        (Field::Source, true, false),
        (Field::Class, true, false),
    ] {
        assert_eq!(drafted(SegmentSubject::Lead, vec![texts(field, 1)]).is_ok(), lead, "{field}");
        assert_eq!(drafted(SegmentSubject::Account, vec![texts(field, 1)]).is_ok(), account, "{field}");
    }
    let count = |count| drafted(SegmentSubject::Lead, vec![texts(Field::Region, 1); count]).is_ok();
    assert_eq!((count(0), count(1), count(20), count(21)), (false, true, true, false));
    let named = |count| drafted(SegmentSubject::Lead, vec![texts(Field::Region, count)]).is_ok();
    assert_eq!((named(0), named(1), named(50), named(51)), (false, true, true, false));
    let range = |least, most| drafted(SegmentSubject::Lead, vec![score(least, most)]).is_ok();
    assert!(
        !range(None, None) && range(Some("5"), None) && range(Some("5"), Some("5")) && !range(Some("5.01"), Some("5"))
    );
    let both = SegmentCondition { at_least: Some("1".parse().unwrap()), ..texts(Field::Region, 1) };
    assert!(drafted(SegmentSubject::Lead, vec![both]).is_err(), "a range of a region");
}

#[test]
fn crm_05_who_fits() {
    let rule = segment(Status::Active, vec![texts(Field::Region, 1), score(Some("75"), Some("90"))]);
    for (region, points, fits) in [
        (Some("上海0"), Some("74.99"), false),
        (Some("上海0"), Some("75"), true),
        (Some("上海0"), Some("75.01"), true),
        (Some("上海0"), Some("90"), true),
        (Some("上海0"), Some("90.01"), false),
        (Some("上海0"), None, false),
        (Some(" 上海0 "), Some("80"), true),
        (Some("北京"), Some("80"), false),
        (None, Some("80"), false),
    ] {
        assert_eq!(rule.fits(&candidate(region, points)), fits, "{region:?} {points:?}");
    }
    let gone = Candidate { alive: false, ..candidate(Some("上海0"), Some("80")) };
    assert!(!rule.fits(&gone), "what is closed is in no segment");
    let source = SegmentCondition { one_of: vec!["EXHIBITION".parse().unwrap()], ..texts(Field::Source, 1) };
    assert!(segment(Status::Active, vec![source.clone()]).fits(&candidate(None, None)), "case does not count");
    assert!(!segment(Status::Retired, vec![source]).fits(&candidate(None, None)));
}

#[test]
fn crm_05_who_comes_and_goes_is_told_once() {
    let (who, at) = (candidate(None, None), by().at);
    let joined = Member::join(SegmentMemberId(Uuid::nil()), SegmentId(Uuid::nil()), &who, at);
    assert_eq!(joined.event_types(), ["crm.segment.membership_changed.v1"]);
    let member = joined.after().clone();
    assert!(member.clone().follow(&who, true, at).is_none(), "nothing is new");
    let renamed = Candidate { name: "晨光集团".into(), ..who.clone() };
    assert!(member.clone().follow(&renamed, true, at).unwrap().event_types().is_empty(), "still a member");
    let left = member.follow(&who, false, at).unwrap();
    assert_eq!((left.after().status, left.event_types().len()), (SegmentMemberStatus::Left, 1));
    assert!(left.after().clone().follow(&renamed, false, at).is_none());
    assert_eq!(left.after().clone().follow(&who, true, at).unwrap().after().version, 3);
}
