//! The commands of contracts: what each does, and what follows (CON-01, 04, 06, 08, 09, 10, 17). Pure.
use super::{
    super::{
        clauses,
        content::{self, VersionRow},
        lines,
    },
    Comments, Contract, ContractRule, Head, Seed,
};
use platform::{Ask, Change, Machine, Passed, Refused, Stamp, auth::Role, evidence::not_to_come};
use uuid::Uuid;
use wire::{
    Money,
    contracts::{
        AgreeClauses, Checklist, ClauseKind, ClausesAgreed, Condition, ContractDrafted, ContractEffective, ContractId,
        ContractPatch, ContractStatus as Status, ContractWithdrawn, LegalPassed, ManagerPassed, MeetCondition,
        NewChecklist, PaymentsSettled, ReviewCompleted, VersionCreated,
    },
    json::Kept,
    line,
    orders::OrderId,
};

impl Contract {
    /// A first revision. Its number is provisional until it is approved (ruling 10).
    pub fn draft(seed: Seed, by: &Stamp) -> platform::Result<Change<Self>> {
        let Seed {
            id,
            case_id,
            account,
            template,
            quote_id,
            order_id,
            currency,
            lines,
            payment_terms,
            delivery_date,
            conditions,
            external_refs,
            clauses,
            agreed,
            cause_event_id,
        } = seed;
        let totals = lines::totals(&lines, currency);
        let head = Head {
            id,
            number: provisional(id),
            kind: template.kind,
            status: Status::Draft,
            revision: 1,
            case_id,
            account_id: account.id,
            account_name: account.name,
            quote_id,
            order_id,
            template_id: template.id,
            currency,
            net: totals.net.amount,
            tax: totals.tax.amount,
            gross: totals.gross.amount,
            payment_terms: Kept(line::terms(payment_terms).map_err(ContractRule::from)?),
            delivery_date,
            conditions: Kept(conditions_of(conditions)?),
            checklist: None,
            signatures: Kept(Vec::new()),
            reason: None,
            external_refs: Kept(external_refs),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            cause_event_id,
            created_at: by.at,
            submitted_at: None,
            approved_at: None,
            signed_at: None,
            effective_at: None,
            version: 1,
        };
        let mut rows = clauses::from_template(id, &template.clauses.0, agreed);
        clauses::propose(&mut rows, id, clauses)?;
        let contract = Self {
            head,
            lines,
            clauses: rows,
            comments: Comments::default(),
            lines_changed: true,
            clauses_changed: true,
            frozen: None,
            mismatches: Vec::new(),
        };
        let event = ContractDrafted { contract: contract.snapshot() };
        Ok(Change::new("create", contract).emit(&event))
    }

    /// Changes a draft; what a change touches has to be agreed anew.
    pub fn update(self, patch: ContractPatch, line_ids: impl Fn() -> Uuid) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let ContractPatch { lines, payment_terms, delivery_date, clauses, conditions } = patch;
        let mut next = self.next();
        next.clauses_changed = true;
        if let Some(lines) = lines {
            if next.head.quote_id.is_some() || next.head.order_id.is_some() {
                return Err(ContractRule::LinesElsewhere.into());
            }
            next.lines = lines::asked(next.head.id, lines, next.head.currency, line_ids)?;
            next.lines_changed = true;
            let totals = next.totals();
            (next.head.net, next.head.tax, next.head.gross) =
                (totals.net.amount, totals.tax.amount, totals.gross.amount);
            clauses::reopen(&mut next.clauses, &[ClauseKind::Product, ClauseKind::Quantity, ClauseKind::Price]);
        }
        if let Some(list) = payment_terms {
            next.head.payment_terms = Kept(line::terms(list).map_err(ContractRule::from)?);
            clauses::reopen(&mut next.clauses, &[ClauseKind::Payment]);
        }
        let day = delivery_date.or(next.head.delivery_date);
        if day != next.head.delivery_date {
            next.head.delivery_date = day;
            clauses::reopen(&mut next.clauses, &[ClauseKind::Delivery]);
        }
        if let Some(list) = conditions {
            next.head.conditions = Kept(conditions_of(list)?);
        }
        clauses::propose(&mut next.clauses, next.head.id, clauses.unwrap_or_default())?;
        Ok(Change::new("update", next))
    }

    /// The parties agree on clauses (CON-01).
    pub fn agree(self, agreement: AgreeClauses, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("agree")?;
        let AgreeClauses { kinds, evidence } = agreement;
        not_to_come("evidence", &evidence, by)?;
        if kinds.len() > ClauseKind::ALL.len() {
            return Err(ContractRule::Kinds.into());
        }
        let mut next = self.next();
        let kinds = clauses::agree(&mut next.clauses, &kinds);
        if kinds.is_empty() {
            return Err(ContractRule::NothingToAgree.into());
        }
        next.clauses_changed = true;
        let event = ClausesAgreed { contract_id: next.head.id, number: next.head.number.clone(), kinds };
        let told = format!("{}: {}", evidence.channel, evidence.person);
        Ok(Change::new("agree", next).emit(&event).because(told))
    }

    /// Freezes this revision under its hash and asks for review by the policy that amount and deviations choose (CON-04, 08).
    /// `demanded`: clauses that the amount makes mandatory, besides those of the kind (CON-18).
    pub fn submit(self, demanded: &[ClauseKind], by: &Stamp) -> platform::Result<Change<Self>> {
        if self.head.status == Status::Draft {
            clauses::complete(self.head.kind, demanded, &self.clauses)?;
        }
        self.may("submit")?;
        let amount = Some(Money::new(self.head.gross, self.head.currency));
        let ask = Ask { policy: self.policy(), number: self.head.number.clone(), amount };
        let content = content::canonical(&self);
        let version = VersionRow {
            contract_id: self.head.id,
            revision: self.head.revision,
            hash: content::hash(&content),
            content,
            created_at: by.at,
            created_by: by.actor.clone(),
        };
        let event = VersionCreated {
            contract_id: self.head.id,
            number: self.head.number.clone(),
            revision: version.revision,
            hash: version.hash.clone(),
        };
        let mut next = self.to(Status::InReview);
        (next.head.submitted_at, next.head.reason, next.frozen) = (Some(by.at), None, Some(version));
        Ok(Change::new("submit", next).emit(&event).ask(ask))
    }

    /// The manager's four answers (CON-06).
    pub fn check(self, answers: NewChecklist, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("check")?;
        let NewChecklist { company_interests, business_needs, risk_control, legal_risks, note } = answers;
        let passed = company_interests && business_needs && risk_control && legal_risks;
        let mut next = self.next();
        next.head.checklist = Some(Kept(Checklist {
            company_interests,
            business_needs,
            risk_control,
            legal_risks,
            note,
            passed,
            by: by.actor.clone(),
            at: by.at,
        }));
        Ok(Change::new("check", next))
    }

    /// A step of the review is passed: the manager's word (CON-06) and legal's (CON-07) are told, whichever way they were
    /// heard. The manager's step is not passed before the four answers are given.
    pub fn pass_review(self, passed: &Passed, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("pass_review")?;
        let by_manager = passed.roles.contains(&Role::SalesManager);
        let closed = if by_manager { self.checklist_gate() } else { Vec::new() };
        if !closed.is_empty() {
            return Err(Refused::Gates { entity: "contract", action: "pass_review", closed });
        }
        let next = self.next();
        let (contract_id, number, revision) = (next.head.id, next.head.number.clone(), next.head.revision);
        let manager = ManagerPassed {
            contract_id,
            number: number.clone(),
            revision,
            step: passed.name.clone(),
            passed_at: by.at,
        };
        let legal = LegalPassed { contract_id, number, revision, step: passed.name.clone(), passed_at: by.at };
        let mut change = Change::new("pass_review", next);
        if by_manager {
            change = change.emit(&manager);
        }
        if passed.roles.contains(&Role::Legal) {
            change = change.emit(&legal);
        }
        Ok(change)
    }

    /// The last yes: the number is final, the clauses are locked.
    pub fn approve(self, number: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        let mut next = self.to(Status::Approved);
        (next.head.number, next.head.approved_at) = (number, Some(by.at));
        clauses::lock(&mut next.clauses);
        next.clauses_changed = true;
        let event =
            ReviewCompleted { contract_id: next.head.id, number: next.head.number.clone(), completed_at: by.at };
        Ok(Change::new("approve", next).emit(&event))
    }

    /// Sent back to be mended: a draft at the next revision (CON-09).
    pub fn returned(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Draft);
        next.head.revision += 1;
        (next.head.reason, next.head.checklist) = (Some(reason.clone()), None);
        Ok(Change::new("return", next).because(reason))
    }

    /// Something that must have happened before it binds has happened.
    pub fn meet_condition(self, met: MeetCondition, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("meet_condition")?;
        let mut next = self.next();
        let known = next.head.conditions.0.iter_mut().find(|condition| condition.label == met.label);
        let condition = known.ok_or(ContractRule::NoCondition)?;
        (condition.met_at, condition.met_by, condition.note) = (Some(by.at), Some(by.actor.clone()), met.note);
        Ok(Change::new("meet_condition", next))
    }

    /// It binds (CON-17).
    pub fn activate(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        let mut next = self.to(Status::Effective);
        next.head.effective_at = Some(by.at);
        let event = ContractEffective { contract: next.snapshot(), effective_at: by.at };
        Ok(Change::new("activate", next).emit(&event))
    }

    /// It will never bind; who was asked to review it need not any more.
    pub fn withdraw(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("withdraw")?;
        let mut next = self.to(Status::Withdrawn);
        next.head.reason = Some(reason.clone());
        let Head { id: contract_id, number, order_id, quote_id, .. } = next.head.clone();
        let event = ContractWithdrawn { contract_id, number, order_id, quote_id, reason: reason.clone() };
        Ok(Change::new("withdraw", next).emit(&event).because(reason).withdraw_ask())
    }

    /// The order that it created is known. `settled`: all of it is paid or waived, which nobody could tell that order before.
    pub fn link_order(self, order_id: OrderId, settled: bool) -> Change<Self> {
        let mut next = self.next();
        next.head.order_id = Some(order_id);
        let event = PaymentsSettled { contract_id: next.head.id, number: next.head.number.clone(), order_id };
        let change = Change::new("link_order", next);
        if settled { change.emit(&event) } else { change }
    }
}

/// What people call a draft: the random end of its id.
fn provisional(id: ContractId) -> String {
    let text = id.0.simple().to_string().to_uppercase();
    format!("DRAFT-{}", &text[20..])
}

fn conditions_of(labels: Vec<wire::Label>) -> Result<Vec<Condition>, ContractRule> {
    let twice = labels.iter().enumerate().any(|(index, label)| labels[..index].contains(label));
    if labels.len() > 20 || twice {
        return Err(ContractRule::Conditions);
    }
    Ok(labels.into_iter().map(|label| Condition { label, met_at: None, met_by: None, note: None }).collect())
}
