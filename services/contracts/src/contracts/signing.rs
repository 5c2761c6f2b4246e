//! Is what was signed the approved version (CON-12)? A file that was signed electronically shows it by its bytes, the scan of a
//! paper by the fingerprint that the paper bears and the recorder states. Pure; what is signed with is given, never fetched.
use super::domain::{Contract, ContractRule};
use crate::schema::signature_mismatches;
use diesel::prelude::*;
use platform::{Attachment, Change, Machine, Stamp, evidence::not_to_come};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Moment,
    attachment::AttachmentKind,
    contracts::{
        ContractId, ContractSigned, ContractStatus as Status, NewSignature, Party, Signature, SignatureMismatch,
        SignatureMismatched,
    },
};

/// A signature that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = signature_mismatches, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MismatchRow {
    pub id: Uuid,
    pub contract_id: ContractId,
    pub party: Party,
    pub signer: String,
    pub approved_sha256: String,
    pub signed_sha256: String,
    pub attachment_id: Option<Uuid>,
    pub recorded_by: String,
    pub recorded_at: Moment,
    /// Since then the party has signed the approved version.
    pub cleared_at: Option<Moment>,
}

impl MismatchRow {
    /// Does the contract still wait for the party's matching signature?
    pub fn stands(&self) -> bool {
        self.cleared_at.is_none()
    }
    pub fn show(self) -> SignatureMismatch {
        let Self {
            id: _,
            contract_id: _,
            party,
            signer,
            approved_sha256,
            signed_sha256,
            attachment_id,
            recorded_by,
            recorded_at,
            cleared_at: _,
        } = self;
        SignatureMismatch { party, signer, approved_sha256, signed_sha256, attachment_id, recorded_by, recorded_at }
    }
}

/// The fingerprint of what a party signed, if it can be told; `attachment` is the one that the signature names.
fn signed_sha256(new: &NewSignature, attachment: Option<&Attachment>) -> Result<Option<String>, ContractRule> {
    let stated = new.document_sha256.clone();
    if stated.as_ref().is_some_and(|text| !is_sha256(text)) {
        return Err(ContractRule::Fingerprint);
    }
    match attachment {
        None if new.party == Party::Customer => Err(ContractRule::Unproven),
        None => Ok(stated),
        Some(file) if file.kind == AttachmentKind::SignedDocument => {
            let contradicts = stated.is_some_and(|stated| stated != file.sha256);
            if contradicts { Err(ContractRule::Contradiction) } else { Ok(Some(file.sha256.clone())) }
        }
        Some(file) if file.kind == AttachmentKind::SignatureScan => stated.ok_or(ContractRule::Unstated).map(Some),
        Some(_) => Err(ContractRule::AttachmentKind),
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

impl Contract {
    /// One party's signature; with the second it is signed (CON-10). Of another document than the approved one it is not taken:
    /// that stands on the contract, and is told, until the party has signed the right one (CON-12).
    pub fn sign(
        self,
        new: NewSignature,
        attachment: Option<&Attachment>,
        mismatch_id: Uuid,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("sign")?;
        if self.head.signatures.0.iter().any(|earlier| earlier.party == new.party) {
            return Err(ContractRule::SignedAlready { party: new.party }.into());
        }
        if new.party == Party::Customer && new.evidence.is_none() {
            return Err(ContractRule::NoEvidence.into());
        }
        not_to_come("evidence", new.evidence.as_ref(), by)?;
        let approved = self.document().sha256;
        match signed_sha256(&new, attachment)? {
            Some(signed) if signed != approved => Ok(self.mismatch(new, approved, signed, mismatch_id, by)),
            signed => Ok(self.take(new, signed, by)),
        }
    }

    fn take(self, new: NewSignature, document_sha256: Option<String>, by: &Stamp) -> Change<Self> {
        let complete = !self.head.signatures.0.is_empty();
        let mut next = self.to(if complete { Status::Signed } else { Status::Signing });
        let NewSignature { party, signer, authority, method, attachment_id, document_sha256: _, evidence } = new;
        for mismatch in next.mismatches.iter_mut().filter(|mismatch| mismatch.party == party) {
            mismatch.cleared_at = mismatch.cleared_at.or(Some(by.at));
        }
        next.head.signatures.0.push(Signature {
            party,
            signer: signer.into_string(),
            authority: authority.into_string(),
            method,
            attachment_id,
            document_sha256,
            evidence,
            recorded_by: by.actor.clone(),
            recorded_at: by.at,
        });
        if !complete {
            return Change::new("sign", next);
        }
        next.head.signed_at = Some(by.at);
        let event = ContractSigned { contract_id: next.head.id, number: next.head.number.clone(), signed_at: by.at };
        Change::new("sign", next).emit(&event)
    }

    fn mismatch(
        self,
        new: NewSignature,
        approved_sha256: String,
        signed_sha256: String,
        id: Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        let mut next = self.next();
        let contract_id = next.head.id;
        let NewSignature { party, signer, attachment_id, .. } = new;
        let event = SignatureMismatched {
            contract_id,
            number: next.head.number.clone(),
            party,
            approved_sha256: approved_sha256.clone(),
            signed_sha256: signed_sha256.clone(),
            attachment_id,
        };
        next.mismatches.push(MismatchRow {
            id,
            contract_id,
            party,
            signer: signer.into_string(),
            approved_sha256,
            signed_sha256,
            attachment_id,
            recorded_by: by.actor.clone(),
            recorded_at: by.at,
            cleared_at: None,
        });
        Change::new("mismatch", next).emit(&event)
    }
}

#[cfg(test)]
#[path = "signing_tests.rs"]
mod tests;
