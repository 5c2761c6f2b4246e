//! D-01 at every boundary, and who decides when the maker is a tier's only approver.
use super::*;
use Role::{DepartmentHead, FinanceManager, VicePresident};
use StepMode::{All, Any};

fn step(mode: StepMode, roles: &[Role]) -> Step {
    Step { name: "step".into(), mode, roles: roles.to_vec() }
}
fn bound(amount: &str, included: bool) -> Bound {
    Bound { amount: amount.parse().unwrap(), included }
}
fn tier(from: Bound, to: Option<Bound>, step: Step) -> Tier {
    Tier { from, to, steps: vec![step] }
}
/// D-01: `(0,1000] (1000,2000] (2000,5000) [5000,∞)`.
fn purchase() -> Tiers {
    let tiers = vec![
        tier(bound("0", false), Some(bound("1000", true)), step(Any, &[DepartmentHead])),
        tier(bound("1000", false), Some(bound("2000", true)), step(Any, &[FinanceManager])),
        tier(bound("2000", false), Some(bound("5000", false)), step(All, &[FinanceManager, DepartmentHead])),
        tier(bound("5000", true), None, step(Any, &[VicePresident])),
    ];
    Tiers { tiers, cumulative: true }
}
fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}
/// One person for each of these roles.
fn staff(roles: &[Role]) -> Vec<(String, Vec<Role>)> {
    roles.iter().map(|role| (role.as_str().to_owned(), vec![*role])).collect()
}
/// `department_head > finance_manager+department_head`
fn shown(chain: &Chain) -> String {
    let word = |step: &Step| step.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join("+");
    format!("{}: {}", chain.tier, chain.steps.iter().map(word).collect::<Vec<_>>().join(" > "))
}

#[test]
fn plt_02_d_01_every_boundary_goes_to_its_tier_and_needs_the_steps_below() {
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    let expected = [
        ("0", "0: department_head"),
        ("0.01", "0: department_head"),
        ("999.99", "0: department_head"),
        ("1000.00", "0: department_head"),
        ("1000.01", "1: department_head > finance_manager"),
        ("1999.99", "1: department_head > finance_manager"),
        ("2000.00", "1: department_head > finance_manager"),
        ("2000.01", "2: finance_manager+department_head"),
        ("4999.99", "2: finance_manager+department_head"),
        ("5000.00", "3: finance_manager+department_head > vice_president"),
        ("5000.01", "3: finance_manager+department_head > vice_president"),
        ("99999999999999", "3: finance_manager+department_head > vice_president"),
    ];
    for (text, chain) in expected {
        assert_eq!(shown(&purchase().resolve(Some(amount(text)), &people, "maker").unwrap()), chain, "{text}");
    }
    let unknown = purchase().resolve(None, &people, "maker").unwrap();
    assert_eq!(unknown.tier, 3, "an amount nobody told is the highest tier's");
}

#[test]
fn plt_02_without_the_flag_a_tier_has_its_own_steps_only() {
    let alone = Tiers { cumulative: false, ..purchase() };
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    assert_eq!(shown(&alone.resolve(Some(amount("1000.01")), &people, "maker").unwrap()), "1: finance_manager");
    assert_eq!(shown(&alone.resolve(Some(amount("5000")), &people, "maker").unwrap()), "3: vice_president");
}

#[test]
fn plt_02_if_the_maker_is_a_tiers_only_approver_the_next_tier_decides() {
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    let chain =
        |text: &str, maker: &str| purchase().resolve(Some(amount(text)), &people, maker).map(|chain| shown(&chain));
    assert_eq!(chain("1000", "department_head").unwrap(), "1: finance_manager");
    assert_eq!(chain("1500", "finance_manager").unwrap(), "3: department_head > vice_president");
    assert_eq!(chain("3000", "department_head").unwrap(), "3: finance_manager > vice_president");
    let nobody = |refusal: ApprovalRule| matches!(refusal, ApprovalRule::NobodyEligible { .. });
    assert!(nobody(chain("5000", "vice_president").unwrap_err()), "above the highest there is nobody");
    let mut both = people.clone();
    both.push(("second head".into(), vec![DepartmentHead]));
    let second = purchase().resolve(Some(amount("1000")), &both, "department_head").unwrap();
    assert_eq!(shown(&second), "0: department_head", "another head decides");
    let missing = staff(&[FinanceManager, VicePresident]);
    assert!(
        nobody(purchase().resolve(Some(amount("1000")), &missing, "maker").unwrap_err()),
        "absent is not the maker"
    );
}

#[test]
fn a_step_that_another_implies_is_asked_once() {
    let tiers = |steps: Vec<Step>| Tiers::flat(steps).chain(0);
    let single = step(Any, &[DepartmentHead]);
    assert_eq!(tiers(vec![single.clone(), single.clone()]), std::slice::from_ref(&single));
    let joint = step(All, &[DepartmentHead, FinanceManager]);
    assert_eq!(tiers(vec![single.clone(), joint.clone()]), std::slice::from_ref(&joint));
    let either = step(Any, &[DepartmentHead, FinanceManager]);
    assert_eq!(tiers(vec![either.clone(), single.clone()]), std::slice::from_ref(&single));
    assert_eq!(tiers(vec![joint.clone(), either]), [joint]);
}

#[test]
fn plt_02_an_amount_in_a_foreign_currency_is_the_highest_tiers() {
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    let tier = |currency: &str| {
        let amount = wire::Money::new("1.00".parse().unwrap(), currency.parse().unwrap());
        let ask = crate::Ask { policy: "procurement.purchase_order", number: "PO-1".into(), amount: Some(amount) };
        purchase().resolve(ask.comparable().map(Amount::get), &people, "maker").unwrap().tier
    };
    assert_eq!([tier("CNY"), tier("USD"), tier("JPY")], [0, 3, 3]);
}

#[test]
fn plt_02_looking_back_a_chain_lacks_what_was_not_asked_but_for_the_makers_own_seat() {
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    let lacking = |text: &str, chain: &Chain, maker: &[Role]| {
        purchase().lacking(Some(amount(text)), chain.tier, &chain.steps, maker).map(|step| step.roles)
    };
    for text in ["0", "1000.00", "1000.01", "2000.01", "4999.99"] {
        for (name, roles) in &people {
            let Ok(mut chain) = purchase().resolve(Some(amount(text)), &people, name) else { continue };
            assert_eq!(lacking(text, &chain, roles), None, "{text} of {name}");
            chain.steps.pop();
            assert!(lacking(text, &chain, roles).is_some(), "{text} of {name}, without its last step");
        }
    }
    let own = Chain { tier: 2, steps: vec![step(All, &[FinanceManager])] };
    let joint = vec![FinanceManager, DepartmentHead];
    assert_eq!(
        lacking("2000.01", &own, &[DepartmentHead]),
        Some(joint.clone()),
        "the amount's own tier asks everybody"
    );
    assert_eq!(
        lacking("2000.00", &own, &[DepartmentHead]),
        None,
        "the maker's seat falls away where a higher tier decides"
    );
    assert_eq!(lacking("2000.00", &own, &[VicePresident]), Some(joint.clone()), "it was not the maker's");
    let none = Chain { tier: 2, steps: Vec::new() };
    assert_eq!(lacking("2000.00", &none, &[DepartmentHead]), Some(joint), "one person, one seat");
    assert_eq!(lacking("5000.00", &own, &[]), None, "a tier too low is not looked at here");
}

#[test]
fn plt_02_what_is_out_of_the_usual_is_asked_besides_the_usual_and_once() {
    let people = staff(&[DepartmentHead, FinanceManager, VicePresident]);
    let both = purchase().and(&[step(Any, &[FinanceManager])]);
    let expected = [
        ("1000.00", "0: department_head > finance_manager"),
        ("1000.01", "1: department_head > finance_manager"),
        ("2000.01", "2: finance_manager+department_head"),
        ("5000.00", "3: finance_manager+department_head > vice_president"),
    ];
    for (text, chain) in expected {
        assert_eq!(shown(&both.resolve(Some(amount(text)), &people, "maker").unwrap()), chain, "{text}");
    }
}
