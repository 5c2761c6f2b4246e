//! The rules of customers, command by command.
use super::*;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn profile(name: &str, refs: usize) -> AccountProfile {
    let reference = |n| ExternalRef { system: "erp".parse().unwrap(), id: format!("{n}").parse().unwrap() };
    AccountProfile {
        name: name.parse().unwrap(),
        phone: None,
        industry: None,
        tax_number: None,
        address: Address::default(),
        note: None,
        owner: None,
        external_refs: (0..refs).map(reference).collect(),
    }
}
fn account(status: Status) -> Account {
    let owner = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    let change = Account::open(AccountId(uuid::Uuid::nil()), "AC-1".into(), profile("晨光泵业", 1), owner, &by());
    Account { status, ..change.unwrap().after().clone() }
}

#[test]
fn crm_28_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", account(from).update(AccountPatch::default())),
            ("set_tier", account(from).set_tier(AccountTier::Key)),
            ("activate", account(from).activate()),
            ("deactivate", account(from).deactivate("quiet".into())),
            ("invalidate", account(from).invalidate("closed down".into())),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                assert_eq!((change.after().version, change.event_types()[0]), (2, "crm.account.updated.v1"));
                table.push(format!("{from} {command} {}", change.after().status));
            }
        }
    }
    assert_eq!(
        table,
        [
            "prospect update prospect",
            "prospect set_tier prospect",
            "prospect activate active",
            "prospect invalidate invalid",
            "active update active",
            "active set_tier active",
            "active deactivate dormant",
            "active invalidate invalid",
            "dormant update dormant",
            "dormant set_tier dormant",
            "dormant activate active",
            "dormant invalidate invalid",
        ]
    );
}

#[test]
fn crm_28_a_synchronisation_that_says_nothing_new_changes_nothing() {
    assert!(account(Status::Active).sync(profile("晨光泵业", 1), None).unwrap().is_none());
    let renamed = account(Status::Active).sync(profile("晨光泵业集团", 0), None).unwrap().unwrap();
    assert_eq!((renamed.after().version, renamed.after().external_refs.0.len()), (2, 1), "references only grow");
    assert!(account(Status::Invalid).sync(profile("晨光泵业", 1), None).is_err());
    assert!(account(Status::Active).sync(profile("晨光泵业", 20), None).is_ok());
    assert!(account(Status::Active).sync(profile("晨光泵业", 21), None).is_err());
}

#[test]
fn crm_28_31_a_tombstone_is_never_anything_else_again() {
    let survivor = Account { id: AccountId(uuid::Uuid::from_u128(9)), ..account(Status::Active) };
    let ends = |from: Status| {
        let merged = account(from).merge(&survivor).map(|change| change.after().status);
        let purged = account(from).purge("x".into()).map(|change| change.after().status);
        let verified = account(from).verify(&by()).map(|change| change.after().status);
        (merged.ok(), purged.ok(), verified.ok())
    };
    let (merged, purged) = (Some(Status::Merged), Some(Status::Purged));
    assert_eq!(ends(Status::Prospect), (merged, purged, Some(Status::Prospect)));
    assert_eq!(ends(Status::Active), (merged, None, Some(Status::Active)), "who is active is not purged");
    assert_eq!(ends(Status::Dormant), (merged, purged, Some(Status::Dormant)));
    assert_eq!(ends(Status::Invalid), (merged, purged, None));
    assert_eq!(ends(Status::Merged), (None, None, None));
    assert_eq!(ends(Status::Purged), (None, None, None));
    for dead in [Status::Invalid, Status::Merged, Status::Purged] {
        let into = Account { status: dead, ..survivor.clone() };
        assert!(account(Status::Active).merge(&into).is_err(), "into one that is {dead}");
    }
    assert!(account(Status::Active).merge(&account(Status::Active)).is_err(), "into itself");
}

#[test]
fn crm_31_of_a_purged_customer_the_number_remains() {
    let full = Account {
        phone: Some("021-5555 0101".into()),
        phone_key: Some("02155550101".into()),
        tax_number: Some("91350100M000100Y43".into()),
        note: Some("老客户".into()),
        ..account(Status::Dormant)
    };
    let change = full.purge("已注销".into()).unwrap();
    let text = serde_json::to_string(change.after()).unwrap();
    for gone in ["晨光", "5555", "91350100M000100Y43", "老客户"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    let after = change.after();
    assert_eq!((after.name.as_str(), after.number.as_str(), after.external_refs.0.len()), ("AC-1", "AC-1", 1));
    assert_eq!(change.event_types(), ["crm.account.updated.v1", "crm.account.purged.v1"]);
}
