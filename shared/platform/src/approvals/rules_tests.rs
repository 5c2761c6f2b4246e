//! Who may speak at a step, in which seat, and what follows; one test for each refusal.
use super::*;

fn step(mode: StepMode, roles: &[Role]) -> Step {
    Step { name: "review".into(), mode, roles: roles.to_vec() }
}
fn own<'a>(user: &'a str, roles: &'a [Role]) -> Voter<'a> {
    Voter { user, on_behalf_of: None, roles }
}
fn at() -> wire::Moment {
    wire::Moment::new(jiff::Timestamp::UNIX_EPOCH)
}
fn vote(
    steps: &[Step],
    votes: &mut Vec<Vote>,
    current: usize,
    user: &str,
    roles: &[Role],
    verdict: Verdict,
) -> Result<Outcome, ApprovalRule> {
    let comment = (verdict == Verdict::Rejected).then(|| "too cheap".to_owned());
    let (heard, outcome) =
        cast(&Ballot { steps, votes, current, maker: "maker" }, &own(user, roles), verdict, comment, at())?;
    *votes = heard;
    Ok(outcome)
}

#[test]
fn steps_are_heard_in_order_and_all_seats_of_a_parallel_step() {
    let steps = [step(StepMode::All, &[Role::SalesManager]), step(StepMode::All, &[Role::Legal, Role::Technical])];
    let mut votes = Vec::new();
    assert_eq!(vote(&steps, &mut votes, 0, "m", &[Role::SalesManager], Verdict::Approved), Ok(Outcome::Pending(1)));
    assert_eq!(vote(&steps, &mut votes, 1, "l", &[Role::Legal], Verdict::Approved), Ok(Outcome::Pending(1)));
    assert_eq!(vote(&steps, &mut votes, 1, "l", &[Role::Legal], Verdict::Approved), Err(ApprovalRule::Twice));
    assert_eq!(vote(&steps, &mut votes, 1, "t", &[Role::Technical], Verdict::Approved), Ok(Outcome::Approved));
}

#[test]
fn the_maker_the_uninvited_and_the_wordless_are_refused() {
    let steps = [step(StepMode::Any, &[Role::Legal])];
    let mut votes = Vec::new();
    assert_eq!(vote(&steps, &mut votes, 0, "maker", &[Role::Legal], Verdict::Approved), Err(ApprovalRule::Own));
    assert!(matches!(
        vote(&steps, &mut votes, 0, "x", &[Role::Buyer], Verdict::Approved),
        Err(ApprovalRule::NotEligible { .. })
    ));
    let ballot = Ballot { steps: &steps, votes: &[], current: 0, maker: "maker" };
    let wordless = cast(&ballot, &own("l", &[Role::Legal]), Verdict::Rejected, Some("  ".into()), at());
    assert_eq!(wordless.unwrap_err(), ApprovalRule::NeedsComment);
    assert_eq!(vote(&steps, &mut votes, 0, "l", &[Role::Legal], Verdict::Rejected), Ok(Outcome::Rejected));
}

#[test]
fn a_voter_of_two_roles_leaves_the_seat_that_only_another_can_fill() {
    let steps = [step(StepMode::All, &[Role::Legal, Role::Technical])];
    let both = [Role::Legal, Role::Technical];
    let mut votes = Vec::new();
    assert_eq!(vote(&steps, &mut votes, 0, "x", &both, Verdict::Approved), Ok(Outcome::Pending(0)));
    assert_eq!((votes[0].role, open(&steps, 0, &votes)), (Role::Legal, vec!["legal".into(), "technical".into()]));
    assert_eq!(seat(&steps[0], 0, &votes, &both), Some(Role::Technical), "who needs not move x does not");
    assert_eq!(vote(&steps, &mut votes, 0, "l", &[Role::Legal], Verdict::Approved), Ok(Outcome::Approved));
    assert_eq!(votes.iter().map(|vote| vote.role).collect::<Vec<_>>(), [Role::Technical, Role::Legal]);
}

#[test]
fn a_chain_of_voters_moves_up_and_a_filled_seat_takes_nobody_more() {
    let steps = [step(StepMode::All, &[Role::Legal, Role::Technical, Role::Quality])];
    let mut votes = Vec::new();
    let pending = Ok(Outcome::Pending(0));
    assert_eq!(vote(&steps, &mut votes, 0, "a", &[Role::Legal, Role::Technical], Verdict::Approved), pending);
    assert_eq!(vote(&steps, &mut votes, 0, "b", &[Role::Technical, Role::Quality], Verdict::Approved), pending);
    assert_eq!(vote(&steps, &mut votes, 0, "c", &[Role::Legal, Role::Buyer], Verdict::Approved), Ok(Outcome::Approved));
    let seats: Vec<Role> = votes.iter().map(|vote| vote.role).collect();
    assert_eq!(seats, [Role::Technical, Role::Quality, Role::Legal]);
    assert_eq!(votes[2].held, [Role::Legal], "only the step's roles are kept");
    votes.truncate(1);
    votes[0].held = vec![Role::Legal];
    assert_eq!(open(&steps, 0, &votes), ["technical", "quality"]);
    assert!(matches!(
        vote(&steps, &mut votes, 0, "l", &[Role::Legal], Verdict::Approved),
        Err(ApprovalRule::NotEligible { .. })
    ));
}

#[test]
fn a_step_needs_as_many_people_as_seats() {
    let pair = step(StepMode::All, &[Role::Legal, Role::Technical]);
    let both = |id: &str| (id.to_owned(), vec![Role::Legal, Role::Technical]);
    assert_eq!(staffable(&pair, &[both("a"), both("b")], "maker"), Ok(pair.roles.clone()));
    assert!(staffable(&pair, &[both("a")], "maker").is_err(), "one person cannot fill two seats");
    let left = staffable(&pair, &[both("a"), both("maker")], "maker");
    assert_eq!(left, Ok(vec![Role::Legal]), "the maker does not count");
    let either = step(StepMode::Any, &[Role::Legal, Role::Buyer]);
    let buyer = |id: &str| (id.to_owned(), vec![Role::Buyer]);
    assert_eq!(staffable(&either, &[buyer("b")], "maker"), Ok(either.roles.clone()));
    assert_eq!(staffable(&either, &[buyer("maker")], "maker"), Ok(Vec::new()));
    assert!(staffable(&either, &[], "maker").is_err());
}

fn lent<'a>(user: &'a str, absent: &'a str, roles: &'a [Role]) -> Voter<'a> {
    Voter { user, on_behalf_of: Some(absent), roles }
}

#[test]
fn an_any_step_is_passed_by_the_first_yes_and_by_each_of_its_roles() {
    for role in [Role::Legal, Role::Technical] {
        let steps = [step(StepMode::Any, &[Role::Legal, Role::Technical]), step(StepMode::Any, &[Role::Ceo])];
        let mut votes = Vec::new();
        assert_eq!(vote(&steps, &mut votes, 0, "x", &[role], Verdict::Approved), Ok(Outcome::Pending(1)));
        assert_eq!(votes[0].role, role);
        assert_eq!(vote(&steps, &mut votes, 1, "c", &[Role::Ceo], Verdict::Approved), Ok(Outcome::Approved));
    }
}

#[test]
fn plt_29_a_delegate_fills_the_absent_persons_seat_once_and_never_two() {
    let steps = [step(StepMode::All, &[Role::Legal, Role::Technical]), step(StepMode::Any, &[Role::Ceo])];
    let (legal, technical, ceo) = ([Role::Legal], [Role::Technical], [Role::Ceo]);
    let ballot = |votes| Ballot { steps: &steps, votes, current: 0, maker: "maker" };
    let (votes, outcome) =
        cast(&ballot(&[]), &lent("ben", "ann", &legal), Verdict::Approved, None, at()).expect("lent");
    assert_eq!(outcome, Outcome::Pending(0));
    assert_eq!((votes[0].approver.as_str(), votes[0].on_behalf_of.as_deref()), ("ben", Some("ann")));
    let again = |voter: &Voter<'_>| may_speak(&ballot(&votes), voter).unwrap_err();
    assert_eq!(again(&own("ben", &technical)), ApprovalRule::Twice, "the delegate's own seat at the same step");
    assert_eq!(again(&own("ann", &legal)), ApprovalRule::Twice, "she was spoken for");
    assert_eq!(again(&lent("eve", "ann", &legal)), ApprovalRule::Twice, "by another delegate");
    assert_eq!(again(&lent("eve", "ben", &technical)), ApprovalRule::Twice, "for whom has spoken");
    let later = Ballot { steps: &steps, votes: &votes, current: 1, maker: "maker" };
    assert_eq!(may_speak(&later, &own("ben", &ceo)), Err(ApprovalRule::BothSeats), "at a later step");
    assert_eq!(may_speak(&later, &lent("ben", "ann", &ceo)), Ok(()), "for the same absent person");
    assert_eq!(open_to(&later, &lent("ben", "ann", &ceo)), Ok(Role::Ceo));
}

#[test]
fn plt_29_neither_the_maker_nor_the_makers_delegate_decides() {
    let steps = [step(StepMode::Any, &[Role::Legal])];
    let ballot = Ballot { steps: &steps, votes: &[], current: 0, maker: "maker" };
    assert_eq!(may_speak(&ballot, &lent("maker", "ann", &[Role::Legal])), Err(ApprovalRule::Own));
    let delegate = may_speak(&ballot, &lent("ben", "maker", &[Role::Legal]));
    assert_eq!(delegate, Err(ApprovalRule::OwnDelegated { absent: "maker".into() }));
}
