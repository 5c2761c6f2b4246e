//! The machine of contracts on one screen, and every rule at its boundary.
use super::*;
use crate::contracts::lines::asked;
use platform::{Attachment, Change, Language, Rule, Stamp};
use wire::{
    Evidence, Label,
    attachment::{AttachmentKind, FileType},
    contracts::{
        AgreeClauses, ClausePatch, ContractPatch, MeetCondition, NewChecklist, NewSignature, SignatureMethod,
        TemplateClause, TemplateStatus,
    },
    line::{NewLine, PaymentTrigger},
};

pub(in crate::contracts) fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
fn new_line(price: &str) -> NewLine {
    let (quantity, rate) = ("1".parse().unwrap(), "0".parse().unwrap());
    NewLine {
        sku: "PUMP-40".parse().unwrap(),
        description: None,
        quantity,
        unit_price: price.parse().unwrap(),
        discount_rate: rate,
        tax_rate: rate,
    }
}
fn template() -> Template {
    let terms = serde_json::json!({"type": "acceptance", "method": "inspection", "within_working_days": 7, "criteria": ["完好"]});
    let acceptance: wire::contracts::ClauseTerms = serde_json::from_value(terms).unwrap();
    let clause = |kind: &ClauseKind| TemplateClause {
        kind: *kind,
        text: "条款".parse().unwrap(),
        terms: (*kind == ClauseKind::Acceptance).then(|| acceptance.clone()),
    };
    Template {
        id: TemplateId(Uuid::nil()),
        kind: ContractKind::Sale,
        code: "standard".into(),
        revision: 1,
        title: "T".into(),
        status: TemplateStatus::Approved,
        clauses: Kept(ClauseKind::ALL.iter().map(clause).collect()),
        created_by: "user:lee".into(),
        makers: Kept(vec!["user:lee".into()]),
        created_at: by().at,
        approved_by: None,
        approved_at: None,
        version: 1,
    }
}
fn drafted(price: &str, currency: Currency) -> Contract {
    let id = ContractId(Uuid::nil());
    let account = AccountSnapshot {
        id: AccountId(Uuid::nil()),
        number: "AC-1".into(),
        name: "Acme".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    };
    let seed = Seed {
        id,
        case_id: CaseId(Uuid::nil()),
        account,
        template: &template(),
        quote_id: None,
        order_id: None,
        currency,
        lines: asked(id, vec![new_line(price)], currency, Uuid::now_v7).unwrap(),
        payment_terms: Vec::new(),
        delivery_date: None,
        conditions: Vec::new(),
        external_refs: Vec::new(),
        clauses: Vec::new(),
        agreed: ClauseKind::ALL,
        cause_event_id: None,
    };
    Contract::draft(seed, &by()).unwrap().after().clone()
}
/// Ready for anything its state allows.
pub(in crate::contracts) fn contract(status: Status) -> Contract {
    let mut contract = drafted("1", Currency::CNY);
    contract.head.status = status;
    contract.head.checklist = Some(Kept(Checklist {
        company_interests: true,
        business_needs: true,
        risk_control: true,
        legal_risks: true,
        note: None,
        passed: true,
        by: "user:m".into(),
        at: by().at,
    }));
    if status == Status::Signing {
        contract = Contract { head: Head { status: Status::Approved, ..contract.head }, ..contract };
        contract = sign(contract, Party::Ours).unwrap().after().clone();
        contract.head.version = 1;
    }
    contract.head.conditions =
        Kept(vec![Condition { label: label("预付款"), met_at: Some(by().at), met_by: None, note: None }]);
    contract
}
fn label(text: &str) -> Label {
    text.parse().unwrap()
}
pub(in crate::contracts) fn evidence() -> Evidence {
    Evidence {
        channel: wire::EvidenceChannel::Email,
        person: "Li Lei".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    }
}
/// Shown by a scan of the paper that bears the approved document's fingerprint.
pub(in crate::contracts) fn sign(contract: Contract, party: Party) -> platform::Result<Change<Contract>> {
    let document_sha256 = Some(contract.document().sha256);
    let scan = attachment(AttachmentKind::SignatureScan, "1".repeat(64));
    contract.sign(NewSignature { document_sha256, ..signature(party) }, Some(&scan), Uuid::now_v7(), &by())
}
pub(in crate::contracts) fn attachment(kind: AttachmentKind, sha256: String) -> Attachment {
    Attachment {
        id: Uuid::nil().into(),
        sha256,
        size_bytes: 1,
        content_type: FileType::Pdf,
        file_name: "a.pdf".into(),
        kind,
        entity: None,
        entity_id: None,
        case_id: None,
        uploaded_by: "user:ann".into(),
        uploaded_at: by().at,
        owner_id: None,
        team_id: None,
        department_id: None,
        version: 1,
    }
}
pub(in crate::contracts) fn signature(party: Party) -> NewSignature {
    NewSignature {
        party,
        signer: "王总".parse().unwrap(),
        authority: label("法定代表人"),
        method: SignatureMethod::Seal,
        attachment_id: None,
        document_sha256: None,
        evidence: Some(evidence()),
    }
}
fn yes() -> NewChecklist {
    NewChecklist { company_interests: true, business_needs: true, risk_control: true, legal_risks: true, note: None }
}
fn strike(kind: ClauseKind) -> ContractPatch {
    let clauses = vec![ClausePatch { kind, text: None, terms: None, strike: true }];
    ContractPatch { clauses: Some(clauses), ..ContractPatch::default() }
}
pub(in crate::contracts) fn code<T>(outcome: platform::Result<T>) -> Result<(), String> {
    outcome.map(drop).map_err(|error| error.code().to_owned())
}

fn passed() -> platform::Passed {
    use platform::auth::Role::{FinanceManager, Legal, SalesManager, Technical};
    platform::Passed {
        subject: Uuid::nil(),
        step: 0,
        name: "joint review".into(),
        roles: vec![SalesManager, Technical, FinanceManager, Legal],
        by: "ann".into(),
        comment: None,
    }
}

#[test]
fn con_06_the_managers_step_needs_the_four_answers_and_the_others_do_not() {
    use platform::auth::Role::{FinanceManager, Legal, SalesManager};
    let step = |roles: &[platform::auth::Role], answered: bool| {
        let mut contract = contract(Status::InReview);
        if !answered {
            contract.head.checklist = None;
        }
        let passed = platform::Passed { roles: roles.to_vec(), ..passed() };
        let change = contract.pass_review(&passed, &by()).map_err(|refused| platform::Rule::code(&refused).to_owned());
        change.map(|change| change.event_types())
    };
    assert_eq!(step(&[SalesManager], true), Ok(vec!["contracts.review.manager_passed.v1"]));
    assert_eq!(step(&[SalesManager], false), Err("gate.closed".into()));
    assert_eq!(step(&[Legal], false), Ok(vec!["contracts.review.legal_passed.v1"]));
    assert_eq!(step(&[FinanceManager], false), Ok(vec![]));
}

#[test]
fn con_08_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let proposed = || {
            let mut contract = contract(from);
            contract.clauses[0].status = wire::contracts::ClauseStatus::Proposed;
            contract
        };
        let met = MeetCondition { label: label("预付款"), note: None };
        let agreement = AgreeClauses { kinds: Vec::new(), evidence: evidence() };
        let steps: [(&str, platform::Result<Change<Contract>>); 11] = [
            ("update", contract(from).update(ContractPatch::default(), Uuid::now_v7)),
            ("agree", proposed().agree(agreement, &by())),
            ("submit", contract(from).submit(&[], &by())),
            ("check", contract(from).check(yes(), &by()).map_err(Into::into)),
            ("pass_review", contract(from).pass_review(&passed(), &by()).map_err(Into::into)),
            ("approve", contract(from).approve("CT-1".into(), &by()).map_err(Into::into)),
            ("return", contract(from).returned("mend it".into()).map_err(Into::into)),
            ("sign", sign(contract(from), Party::Customer)),
            ("meet_condition", contract(from).meet_condition(met, &by())),
            ("activate", contract(from).activate(&by()).map_err(Into::into)),
            ("withdraw", contract(from).withdraw("mistake".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let to = change.after().head.status;
                let facts: Vec<String> =
                    change.event_types().iter().map(|kind| kind.replace("contracts.", "").replace(".v1", "")).collect();
                table += format!("{from} {command} {to} {}", facts.join(" ")).trim_end();
                table += "\n";
                let info = Contract::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&to.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().head.version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft update draft",
            "draft agree draft clause.agreed",
            "draft submit in_review version.created",
            "draft withdraw withdrawn contract.withdrawn",
            "in_review check in_review",
            "in_review pass_review in_review review.manager_passed review.legal_passed",
            "in_review approve approved review.completed",
            "in_review return draft",
            "in_review withdraw withdrawn contract.withdrawn",
            "approved sign signing",
            "approved meet_condition approved",
            "approved withdraw withdrawn contract.withdrawn",
            "signing sign signed contract.signed",
            "signing meet_condition signing",
            "signing withdraw withdrawn contract.withdrawn",
            "signed meet_condition signed",
            "signed activate effective contract.effective",
        ]
    );
}

#[test]
fn con_08_the_amount_and_every_deviation_choose_the_reviewers() {
    let policy = |price| drafted(price, Currency::CNY).policy();
    let (full, standard) = ("contracts.contract.full", "contracts.contract.standard");
    assert_eq!([policy("99999.99"), policy("100000.00"), policy("100000.01")], [standard, full, full]);
    assert_eq!(drafted("1", "USD".parse().unwrap()).policy(), full, "no rate here: the safe side");
    let reworded =
        ClausePatch {
            kind: ClauseKind::Breach, text: Some("无违约金".parse().unwrap()), terms: None, strike: false
        };
    let patch = ContractPatch { clauses: Some(vec![reworded]), ..ContractPatch::default() };
    let deviating = drafted("1", Currency::CNY).update(patch, Uuid::now_v7).unwrap();
    assert_eq!(deviating.after().policy(), full);
    let struck = drafted("1", Currency::CNY).update(strike(ClauseKind::Confidentiality), Uuid::now_v7).unwrap();
    assert_eq!(struck.after().policy(), full, "a clause left out deviates too");
}

#[test]
fn con_04_every_missing_clause_is_named_at_once() {
    let mut draft = drafted("1", Currency::CNY);
    assert_eq!(code(draft.clone().submit(&[], &by())), Ok(()));
    draft.clauses.retain(|row| row.kind != ClauseKind::Price);
    draft.clauses.iter_mut().find(|row| row.kind == ClauseKind::Breach).unwrap().text = None;
    draft.clauses.iter_mut().find(|row| row.kind == ClauseKind::Acceptance).unwrap().terms = None;
    let incomplete = clauses::complete(draft.head.kind, &[], &draft.clauses).unwrap_err();
    assert_eq!(incomplete.missing, [ClauseKind::Price, ClauseKind::Acceptance, ClauseKind::Breach]);
    assert_eq!(incomplete.text(Language::Chinese), "缺少条款：价格、验收方式、违约责任");
    assert_eq!(code(draft.submit(&[], &by())), Err("contract.incomplete".into()));
    let mut service = drafted("1", Currency::CNY);
    service.clauses.retain(|row| row.kind != ClauseKind::Quantity);
    assert!(clauses::complete(ContractKind::Service, &[], &service.clauses).is_ok(), "each kind has its own");
    assert!(clauses::complete(ContractKind::Sale, &[], &service.clauses).is_err());
    let demanded = clauses::complete(ContractKind::Service, &[ClauseKind::Quantity], &service.clauses).unwrap_err();
    assert_eq!(demanded.missing, [ClauseKind::Quantity], "CON-18: what the amount makes mandatory");
}

#[test]
fn con_09_the_hash_follows_the_content_and_nothing_else() {
    let draft = drafted("1", Currency::CNY);
    let hash = draft.content_hash();
    assert_eq!(hash.len(), 64);
    let submitted = draft.clone().submit(&[], &by()).unwrap();
    let frozen = submitted.after().frozen.clone().unwrap();
    assert_eq!((frozen.revision, &frozen.hash, content::hash(&frozen.content)), (1, &hash, hash.clone()));
    let returned = submitted.after().clone().returned("mend it".into()).unwrap();
    assert_eq!((returned.after().head.revision, returned.after().content_hash()), (2, hash.clone()));
    let dearer = ContractPatch { lines: Some(vec![new_line("1.01")]), ..ContractPatch::default() };
    let changed = draft.update(dearer, Uuid::now_v7).unwrap();
    assert_ne!(changed.after().content_hash(), hash);
}

#[test]
fn con_01_what_a_change_touches_has_to_be_agreed_anew_and_approval_locks_all() {
    let lines = ContractPatch { lines: Some(vec![new_line("2")]), ..ContractPatch::default() };
    let changed = drafted("1", Currency::CNY).update(lines, Uuid::now_v7).unwrap().after().clone();
    assert_eq!(clauses::open(&changed.clauses), [ClauseKind::Product, ClauseKind::Quantity, ClauseKind::Price]);
    let refused = changed.clone().submit(&[], &by()).unwrap_err();
    assert_eq!(refused.problem(Language::English, String::new()).blocked_by.len(), 3);
    let one = AgreeClauses { kinds: vec![ClauseKind::Price], evidence: evidence() };
    let agreed = changed.agree(one.clone(), &by()).unwrap().after().clone();
    assert_eq!(clauses::open(&agreed.clauses), [ClauseKind::Product, ClauseKind::Quantity]);
    assert_eq!(code(agreed.agree(one, &by())), Err("contract.nothing_to_agree".into()));
    let approved = contract(Status::InReview).approve("CT-1".into(), &by()).unwrap();
    assert!(approved.after().clauses.iter().all(|row| row.status == wire::contracts::ClauseStatus::Locked));
}

#[test]
fn con_06_07_a_review_passes_only_with_four_times_yes_and_no_comment_left() {
    let approve = |contract: Contract| code(contract.approve("CT-1".into(), &by()).map_err(Into::into));
    assert_eq!(approve(contract(Status::InReview)), Ok(()));
    let no = NewChecklist { legal_risks: false, ..yes() };
    let doubted = contract(Status::InReview).check(no, &by()).unwrap().after().clone();
    assert_eq!(approve(doubted), Err("gate.closed".into()));
    for comments in [Comments { open: 1, resolved: 0 }, Comments { open: 0, resolved: 1 }] {
        assert_eq!(approve(Contract { comments, ..contract(Status::InReview) }), Err("gate.closed".into()));
    }
    let open = Contract { comments: Comments { open: 1, resolved: 0 }, ..contract(Status::Draft) };
    assert_eq!(code(open.submit(&[], &by())), Err("gate.closed".into()));
    let resolved = Contract { comments: Comments { open: 0, resolved: 1 }, ..contract(Status::Draft) };
    assert_eq!(code(resolved.submit(&[], &by())), Ok(()));
}

#[test]
fn con_17_it_binds_only_when_every_condition_is_met() {
    let mut waiting = contract(Status::Signed);
    waiting.head.conditions = Kept(
        ["预付款", "出口许可"]
            .map(|text| Condition { label: label(text), met_at: None, met_by: None, note: None })
            .to_vec(),
    );
    let meet = |contract: Contract, text: &str| {
        contract.meet_condition(MeetCondition { label: label(text), note: None }, &by())
    };
    let half = meet(waiting.clone(), "预付款").unwrap().after().clone();
    let refused = half.clone().activate(&by()).unwrap_err();
    assert_eq!(
        refused.gates(Language::English).iter().map(|gate| gate.reference.clone()).collect::<Vec<_>>(),
        [Some("出口许可".to_owned())]
    );
    assert!(meet(half, "出口许可").unwrap().after().clone().activate(&by()).is_ok());
    assert_eq!(code(meet(waiting, "别的")), Err("contract.condition_unknown".into()));
}

#[test]
fn con_01_lines_and_conditions_have_bounds() {
    let update = |patch: ContractPatch| code(drafted("1", Currency::CNY).update(patch, Uuid::now_v7));
    let lines = |lines: Vec<NewLine>| update(ContractPatch { lines: Some(lines), ..ContractPatch::default() });
    assert_eq!(lines(vec![]), Err("contract.lines".into()));
    assert_eq!(
        [lines(vec![new_line("1"); 500]), lines(vec![new_line("1"); 501])],
        [Ok(()), Err("contract.lines".into())]
    );
    assert_eq!(
        [lines(vec![new_line("0")]), lines(vec![new_line("-0.0001")])],
        [Ok(()), Err("contract.unit_price".into())]
    );
    let none = NewLine { quantity: "0".parse().unwrap(), ..new_line("1") };
    assert_eq!(lines(vec![none]), Err("contract.quantity".into()));
    assert_eq!(
        [lines(vec![new_line("99999999999999.99")]), lines(vec![new_line("99999999999999.99"), new_line("0.01")])],
        [Ok(()), Err("contract.total".into())]
    );
    let terms = |share: &str, due_days: u16| {
        let (label, share) = (label("part"), share.parse().unwrap());
        let term = PaymentTerm { label, trigger: PaymentTrigger::Signed, share, due_days };
        update(ContractPatch { payment_terms: Some(vec![term]), ..ContractPatch::default() })
    };
    assert_eq!(
        [terms("1", 365), terms("0.9999", 365), terms("1", 366)],
        [Ok(()), Err("contract.payment_terms".into()), Err("contract.payment_terms_bounds".into())]
    );
    let conditions =
        |labels: Vec<Label>| update(ContractPatch { conditions: Some(labels), ..ContractPatch::default() });
    let many = |count: usize| (0..count).map(|n| label(&format!("c{n}"))).collect::<Vec<_>>();
    assert_eq!([conditions(many(20)), conditions(many(21))], [Ok(()), Err("contract.conditions".into())]);
    assert_eq!(conditions(vec![label("x"), label("x")]), Err("contract.conditions".into()));
    let quoted = Contract {
        head: Head { quote_id: Some(QuoteId(Uuid::nil())), ..drafted("1", Currency::CNY).head },
        ..drafted("1", Currency::CNY)
    };
    let patch = ContractPatch { lines: Some(vec![new_line("2")]), ..ContractPatch::default() };
    assert_eq!(code(quoted.update(patch, Uuid::now_v7)), Err("contract.lines_of_origin".into()));
}
