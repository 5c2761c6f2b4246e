//! The platform's facts under each service's name.
use wire::facts::{ApprovalRejected, PolicyPublished, kind, of};

#[test]
fn each_service_tells_the_platforms_facts_under_its_own_name() {
    assert_eq!(kind::<ApprovalRejected>("contracts"), Some("contracts.approval.rejected.v1"));
    assert_eq!(kind::<PolicyPublished>("procurement"), Some("procurement.policy.published.v1"));
    assert_eq!(kind::<PolicyPublished>("payroll"), None);
    for (service, events) in wire::events() {
        assert!(events.iter().all(|info| info.kind.starts_with(&format!("{service}."))), "{service}");
        assert!(events.len() > of(service).len() && of(service).len() == 7, "{service}");
    }
}
