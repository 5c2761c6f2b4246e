//! What the system looks at by itself (CRM-44): complete, well-formed, in force, and the same as on the paper. Pure. Whether a
//! paper is genuine no machine can say: people do (CRM-45, 46).
use super::domain::Paper;
use crate::{
    identity::{is_credit_code, is_resident_id},
    names::{name_key, phone_key},
};
use wire::{
    Day,
    crm::{OnboardingEntry, OnboardingFault as Fault, OnboardingPaper as Kind, OnboardingReason, PartyType},
};

/// A paper with its number in the clear, for as long as the check takes.
pub struct Readable<'a> {
    pub paper: &'a Paper,
    pub number: String,
}

/// The papers of which a person needs one.
const PERSONAL: &[Kind] = &[Kind::ResidentId, Kind::Passport, Kind::HouseholdRegister];

/// What is wrong, empty if nothing; `today` in China.
pub fn faults(party: PartyType, entry: &OnboardingEntry, papers: &[Readable<'_>], today: Day) -> Vec<OnboardingReason> {
    let mut found = Vec::new();
    let mut say = |fault, document_id| found.push(OnboardingReason { fault, document_id });
    let needed = if party == PartyType::Person { PERSONAL } else { &[Kind::BusinessLicence] };
    let proof: Vec<&Readable<'_>> = papers.iter().filter(|one| needed.contains(&one.paper.kind)).collect();
    if proof.is_empty() {
        say(Fault::PaperMissing, None);
    } else if !proof.iter().any(|one| name_key(&one.paper.holder_name) == name_key(entry.name.as_str())) {
        say(Fault::NameDiffers, Some(proof[0].paper.id));
    }
    for Readable { paper, number } in papers {
        if paper.expires_on.is_some_and(|last| last < today) {
            say(Fault::PaperExpired, Some(paper.id));
        }
        if paper.kind == Kind::ResidentId && !is_resident_id(number, today) {
            say(Fault::ResidentIdInvalid, Some(paper.id));
        }
    }
    if party == PartyType::Organisation {
        match entry.credit_code.as_ref().map(wire::Code::as_str) {
            None => say(Fault::CreditCodeMissing, None),
            Some(code) if !is_credit_code(code) => say(Fault::CreditCodeInvalid, None),
            Some(code) => {
                let differs = proof.iter().find(|one| !one.number.eq_ignore_ascii_case(code));
                if let Some(licence) = differs {
                    say(Fault::CreditCodeDiffers, Some(licence.paper.id));
                }
            }
        }
    }
    if phone_key(entry.phone.as_str()).is_none() {
        say(Fault::PhoneIncomplete, None);
    }
    found
}
