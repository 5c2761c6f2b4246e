//! A patch tells what is absent from what is emptied, both ways over the wire.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
use serde_json::{Value, json};
use wire::{Patched, crm::LeadPatch};

fn read(body: Value) -> LeadPatch {
    serde_json::from_value(body).unwrap()
}

#[test]
fn absent_null_and_a_value_are_three_things() {
    let patch = read(json!({"region": null, "need": "pumps"}));
    assert_eq!(
        [patch.contact_email.is_absent(), patch.region.is_absent(), patch.need.is_absent()],
        [true, false, false]
    );
    assert_eq!(patch.region, Patched::Empty);
    assert_eq!(patch.need.new_value().unwrap().as_str(), "pumps");
}

#[test]
fn it_is_written_as_it_was_read() {
    for body in [json!({}), json!({"region": null}), json!({"region": "north", "need": null})] {
        assert_eq!(serde_json::to_value(read(body.clone())).unwrap(), body);
    }
}

#[test]
fn it_is_laid_over_what_is_known() {
    let over = |patched: Patched<u8>, known| patched.over(known, u16::from);
    assert_eq!(
        [over(Patched::Absent, Some(1)), over(Patched::Empty, Some(1)), over(Patched::New(2), Some(1))],
        [Some(1), None, Some(2)]
    );
    assert_eq!(
        [over(Patched::Absent, None), over(Patched::Empty, None), over(Patched::New(2), None)],
        [None, None, Some(2)]
    );
}
