//! What is taken for a signature of the approved version, and what is not (CON-10, CON-12).
use super::super::domain::{
    Contract,
    tests::{attachment, by, code, contract, evidence, sign, signature},
};
use super::*;
use jiff::SignedDuration;
use wire::{Evidence, contracts::AgreeClauses};

fn with(
    party: Party,
    document_sha256: Option<String>,
    file: Option<&Attachment>,
) -> platform::Result<Change<Contract>> {
    let new = NewSignature { document_sha256, ..signature(party) };
    contract(Status::Approved).sign(new, file, Uuid::now_v7(), &by())
}
fn approved() -> String {
    contract(Status::Approved).document().sha256
}
fn scan() -> Attachment {
    attachment(AttachmentKind::SignatureScan, "5".repeat(64))
}
fn file(sha256: String) -> Attachment {
    attachment(AttachmentKind::SignedDocument, sha256)
}
fn refused(outcome: platform::Result<Change<Contract>>) -> String {
    code(outcome).unwrap_err()
}

#[test]
fn con_10_each_party_signs_once_the_customer_with_evidence() {
    let once = sign(contract(Status::Approved), Party::Customer).unwrap().after().clone();
    assert_eq!((once.head.status, once.head.signed_at), (Status::Signing, None));
    assert_eq!(refused(sign(once, Party::Customer)), "contract.signed_already");
    let bare = NewSignature { evidence: None, ..signature(Party::Customer) };
    let bare = contract(Status::Approved).sign(bare, Some(&file(approved())), Uuid::now_v7(), &by());
    assert_eq!(refused(bare), "contract.evidence");
    assert!(with(Party::Ours, None, None).is_ok(), "our own people need not prove it to us");
}

#[test]
fn con_01_10_the_customer_has_agreed_and_signed_by_now_as_far_as_clocks_agree() {
    let told = |microseconds| {
        let minute = by().at.timestamp() + SignedDuration::from_mins(1);
        let at = Moment::new(minute + SignedDuration::from_micros(microseconds));
        let evidence = Evidence { at, ..evidence() };
        let agreed = AgreeClauses { kinds: Vec::new(), evidence: evidence.clone() };
        let signed = NewSignature { evidence: Some(evidence), ..signature(Party::Customer) };
        let signed = contract(Status::Approved).sign(signed, Some(&file(approved())), Uuid::now_v7(), &by());
        [code(contract(Status::Draft).agree(agreed, &by())), code(signed)]
    };
    let future = || Err("evidence.future".to_owned());
    assert_eq!(told(1), [future(), future()]);
    for fine in [-1, 0] {
        assert!(!told(fine).contains(&future()), "{fine}");
    }
}

#[test]
fn con_12_the_customer_shows_what_was_signed_by_a_file_or_by_a_scan_with_its_fingerprint() {
    assert_eq!(refused(with(Party::Customer, None, None)), "contract.signature_unproven");
    assert_eq!(refused(with(Party::Customer, Some(approved()), None)), "contract.signature_unproven");
    assert_eq!(refused(with(Party::Customer, None, Some(&scan()))), "contract.signature_unstated");
    let photo = attachment(AttachmentKind::Photo, approved());
    assert_eq!(refused(with(Party::Customer, Some(approved()), Some(&photo))), "contract.signature_attachment");
    let lie = with(Party::Customer, Some("0".repeat(64)), Some(&file(approved())));
    assert_eq!(refused(lie), "contract.signature_contradiction");
    for odd in ["", "0", &"g".repeat(64), &approved().to_uppercase()] {
        assert_eq!(
            refused(with(Party::Customer, Some(odd.into()), Some(&scan()))),
            "contract.document_sha256",
            "{odd}"
        );
    }
    for taken in [
        with(Party::Customer, Some(approved()), Some(&scan())),
        with(Party::Customer, None, Some(&file(approved()))),
        with(Party::Ours, Some(approved()), None),
    ] {
        let taken = taken.unwrap();
        let signatures = &taken.after().head.signatures.0;
        assert_eq!((signatures.len(), signatures[0].document_sha256.clone()), (1, Some(approved())));
    }
}

#[test]
fn con_12_another_document_is_not_taken_and_stands_until_the_party_signs_the_right_one() {
    let wrong = "0".repeat(64);
    for (party, outcome) in [
        (Party::Customer, with(Party::Customer, None, Some(&file(wrong.clone())))),
        (Party::Customer, with(Party::Customer, Some(wrong.clone()), Some(&scan()))),
        (Party::Ours, with(Party::Ours, Some(wrong.clone()), None)),
    ] {
        let change = outcome.unwrap();
        assert_eq!(change.event_types(), ["contracts.signature.mismatch.v1"]);
        let held = change.after().clone();
        assert_eq!((held.head.status, held.head.version, held.head.signatures.0.len()), (Status::Approved, 2, 0));
        let mismatch = held.mismatches[0].clone();
        assert_eq!((mismatch.signed_sha256.as_str(), mismatch.approved_sha256), (wrong.as_str(), approved()));
        let other = if party == Party::Ours { Party::Customer } else { Party::Ours };
        let half = sign(held, other).unwrap().after().clone();
        assert!(half.mismatches[0].stands(), "the other party's signature mends nothing");
        let signed = sign(half, party).unwrap().after().clone();
        assert_eq!((signed.head.status, signed.mismatches[0].cleared_at), (Status::Signed, Some(by().at)));
        assert_eq!(code(signed.activate(&by()).map_err(Into::into)), Ok(()));
    }
}
