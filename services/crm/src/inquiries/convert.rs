//! What an inquiry becomes (CRM-40): a lead or an opportunity, made in the same transaction and of whoever the inquiry is; or a
//! ticket that aftersales has opened.
use super::domain::{Inquiry, InquiryRule};
use crate::{accounts::domain::Account, leads, links, opportunities};
use platform::{ApiError, Caller, Machine, Result, Tx};
use uuid::Uuid;
use wire::{
    CaseId, EmailAddress, Phone,
    crm::{ConvertInquiry, InquiryTarget, NewLead, NewOpportunity, OnDuplicate, PartyType},
};

/// Converts; whoever does needs the permission to make what it becomes.
pub async fn convert(tx: &mut Tx, caller: &Caller, inquiry: Inquiry, wish: ConvertInquiry) -> Result<Inquiry> {
    inquiry.may("convert")?;
    let (target, case) = match wish.to {
        InquiryTarget::Lead => lead(tx, caller, &inquiry, &wish).await?,
        InquiryTarget::Opportunity => opportunity(tx, caller, &inquiry, &wish).await?,
        InquiryTarget::Ticket => ticket(tx, caller, &wish).await?,
    };
    let change = inquiry.convert(wish.to, target, case, &tx.stamp())?;
    tx.save(change).await
}

async fn lead(tx: &mut Tx, caller: &Caller, inquiry: &Inquiry, wish: &ConvertInquiry) -> Result<(Uuid, CaseId)> {
    let sight = caller.require("crm.lead.create")?;
    let new = NewLead {
        party_type: if inquiry.contact_name.is_some() { PartyType::Organisation } else { PartyType::Person },
        name: text(&inquiry.name)?,
        contact_name: inquiry.contact_name.as_deref().map(text).transpose()?,
        contact_phone: inquiry.contact_phone.as_deref().map(text).transpose()?.map(Phone::stored),
        contact_email: inquiry.contact_email.as_deref().map(text).transpose()?.map(EmailAddress::stored),
        region: None,
        source: wish.source.clone().ok_or(InquiryRule::Source)?,
        referrer_account_id: None,
        need: Some(text(&inquiry.need())?),
        external_refs: Vec::new(),
        on_duplicate: wish.on_duplicate.unwrap_or(OnDuplicate::Refuse),
        duplicate_of: wish.duplicate_of,
    };
    let lead = leads::take_in(tx, new, &sight).await?;
    Ok((lead.id.into(), lead.case_id))
}

async fn opportunity(tx: &mut Tx, caller: &Caller, inquiry: &Inquiry, wish: &ConvertInquiry) -> Result<(Uuid, CaseId)> {
    caller.require("crm.opportunity.create")?;
    let account_id = wish.account_id.or(inquiry.account_id).ok_or(InquiryRule::Account)?;
    links::named(tx, caller, "account", account_id.into(), "/account_id").await?;
    let account: Account = tx.load(account_id).await?;
    let new = NewOpportunity {
        account_id,
        contact_id: None,
        name: text(&inquiry.name)?,
        need: text(&inquiry.need())?,
        source: wish.source.clone().ok_or(InquiryRule::Source)?,
        amount: None,
        expected_close: None,
        pipeline_id: None,
        external_refs: Vec::new(),
        is_new_business: false,
    };
    let stamp = tx.stamp();
    let opportunity = opportunities::register(tx, new, &account, None, &stamp).await?;
    Ok((opportunity.id.into(), opportunity.case_id))
}

async fn ticket(tx: &mut Tx, caller: &Caller, wish: &ConvertInquiry) -> Result<(Uuid, CaseId)> {
    let id = wish.ticket_id.ok_or(InquiryRule::Ticket)?;
    let linked = links::named(tx, caller, "ticket", id, "/ticket_id").await?;
    Ok((id, linked.case_id.ok_or_else(|| ApiError::internal("every ticket has a case"))?))
}

/// Text of a row as a request would carry it; rows hold only what passed the same bounds.
fn text<const MOST: usize>(row: &str) -> Result<wire::Text<MOST>> {
    row.parse().map_err(ApiError::internal)
}
