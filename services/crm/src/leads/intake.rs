//! How leads come in (CRM-07): is the channel in effect, is someone known already, and what then.
use super::{
    domain::Lead,
    store::{self, Report},
};
use crate::{accounts::domain::Account, lead_sources, names::name_key};
use platform::{Entity, Kind, Language, Result, Rule, Sight, Tx};
use wire::{
    CaseId, EmailAddress, Gate, Phone,
    crm::{AccountId, CandidateKind, LeadCandidate, LeadId, MatchLead, NewLead, OnDuplicate},
};

/// Someone is known already: 409, one gate a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub candidates: Vec<LeadCandidate>,
}
impl std::fmt::Display for Duplicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
impl std::error::Error for Duplicate {}
impl Duplicate {
    /// For the documentation.
    pub const CODES: &'static [(&'static str, &'static str, &'static str)] =
        &[("lead.duplicate", "someone known already looks like this one", "已有相似的线索或客户")];
}
impl Rule for Duplicate {
    fn code(&self) -> &'static str {
        "lead.duplicate"
    }
    fn kind(&self) -> Kind {
        Kind::Conflict
    }
    fn text(&self, language: Language) -> String {
        let numbers: Vec<&str> = self.candidates.iter().map(|candidate| candidate.number.as_str()).collect();
        language.pick(
            format!("已有相似的线索或客户：{}", numbers.join("、")),
            format!("known already: {}", numbers.join(", ")),
        )
    }
    fn gates(&self, language: Language) -> Vec<Gate> {
        let gate = |candidate: &LeadCandidate| Gate {
            gate: format!("duplicate_{}", candidate.kind),
            reference: Some(candidate.id.to_string()),
            how_to_clear: language
                .pick("使用该记录，或以 on_duplicate 说明如何处理", "use that one, or say by on_duplicate what to do")
                .into(),
        };
        self.candidates.iter().map(gate).collect()
    }
}

/// What became of a report: a lead of its own, or one that it was merged into.
pub async fn take_in(tx: &mut Tx, new: NewLead, sight: &Sight) -> Result<Lead> {
    check_source(tx, &new).await?;
    // Two reports of one company can't both be the first.
    tx.one_at_a_time(&format!("lead:{}", name_key(new.name.as_str()))).await?;
    let wanted = MatchLead {
        name: new.name.clone(),
        phone: new.contact_phone.clone().map(Phone::into_text),
        email: new.contact_email.clone().map(EmailAddress::into_text),
    };
    // A refusal tells their numbers, never their names.
    let candidates = store::candidates(tx.conn(), &wanted, false, |_, _| false).await?;
    let known = !candidates.is_empty();
    let account = match new.on_duplicate {
        _ if !known => None,
        OnDuplicate::Create => None,
        OnDuplicate::Refuse => return Err(Duplicate { candidates }.into()),
        OnDuplicate::Attach => Some(AccountId(chosen(&new, candidates, CandidateKind::Account)?)),
        OnDuplicate::Merge => {
            let id = LeadId(chosen(&new, candidates.clone(), CandidateKind::Lead)?);
            let lead: Lead = tx.load(id).await?;
            // A colleague's lead is not ours to write into.
            if !sight.sees(lead.ownership().as_ref()) {
                return Err(Duplicate { candidates }.into());
            }
            return absorb(tx, lead, new).await;
        }
    };
    let number = tx.next_number("lead").await?;
    let refs = new.external_refs.clone();
    let change = Lead::open(tx.id(), number, tx.id::<CaseId>(), new, account, known, &tx.stamp())?;
    let lead = tx.create(change).await?;
    tx.bind_refs("lead", lead.id, &refs).await?;
    Ok(lead)
}

/// A further report of a lead that is known: what is blank is filled in, and what was said stays to be read.
async fn absorb(tx: &mut Tx, lead: Lead, new: NewLead) -> Result<Lead> {
    let (report, refs) = (Report::of(tx.id(), lead.id, new.clone(), &tx.stamp()), new.external_refs.clone());
    let lead = tx.save(lead.absorb(new)?).await?;
    store::keep_report(tx.conn(), &report).await?;
    tx.bind_refs(Lead::KIND, lead.id, &refs).await?;
    Ok(lead)
}

/// The named candidate of the kind, or the only one.
fn chosen(new: &NewLead, candidates: Vec<LeadCandidate>, kind: CandidateKind) -> Result<uuid::Uuid> {
    let of_kind: Vec<&LeadCandidate> = candidates.iter().filter(|candidate| candidate.kind == kind).collect();
    let found = match (new.duplicate_of, &of_kind[..]) {
        (Some(named), some) => some.iter().find(|candidate| candidate.id == named).map(|candidate| candidate.id),
        (None, [only]) => Some(only.id),
        (None, _) => None,
    };
    found.ok_or_else(|| Duplicate { candidates }.into())
}

async fn check_source(tx: &mut Tx, new: &NewLead) -> Result<()> {
    let code = new.source.as_str();
    let source = lead_sources::by_code(tx.conn(), code).await?;
    let referrer = match new.referrer_account_id {
        Some(id) => Some((id, tx.try_load::<Account>(id).await?.is_some())),
        None => None,
    };
    lead_sources::check(source.as_ref(), code, referrer, tx.stamp().today())
}
