//! Who may decide, and what follows. Pure: no clock, no SQL; every refusal is a rule with a code.
use crate::auth::Role;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use wire::approval::{StepMode, Verdict};

/// A policy's step: every role (`all`), or one of them (`any`), must say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    pub mode: StepMode,
    pub roles: Vec<Role>,
}

/// One person's word, in one role, at one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub step: usize,
    /// The seat they fill: another one of `held` if a later voter can only sit here.
    pub role: Role,
    /// Those of the step's roles that they hold.
    pub held: Vec<Role>,
    pub approver: String,
    pub verdict: Verdict,
    pub comment: Option<String>,
    pub at: wire::Moment,
}

/// What a vote leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Others of this step, or later steps, are still to be heard; the step that is asked now.
    Pending(usize),
    Approved,
    Rejected,
}

crate::rules!(
    /// Why a vote is refused: never silently.
    ApprovalRule {
        Own => "approval.own_request", Forbidden, "you asked for it yourself; someone else must decide (maker is not checker)", "本人提交的申请须由他人审批";
        NotEligible { roles: String } => "approval.not_eligible", Forbidden, "this step is decided by: {roles}", "本步骤由以下角色审批：{roles}";
        Twice => "approval.already_voted", Conflict, "you have already decided this step", "您已对本步骤作出决定";
        Closed { status: String } => "approval.closed", Conflict, "this approval is {status} already", "该审批已是 {status} 状态";
        NeedsComment => "approval.comment_required", Invalid, "say why you reject, so that it can be corrected", "驳回时请说明理由，以便申请人修改", at "/comment";
        NobodyEligible { step: String, roles: String } => "approval.nobody_eligible", Conflict, "nobody but the maker could decide step {step} ({roles}); add someone to the directory", "步骤 {step}（{roles}）除申请人外无人可审批，请在通讯录中补充人员";
        NoPolicy { key: String } => "approval.no_policy", Conflict, "no policy {key} is in force", "审批策略 {key} 尚未生效";
    }
);

impl ApprovalRule {
    /// Nobody but the maker for a step.
    pub fn nobody(step: &Step) -> Self {
        Self::NobodyEligible { step: step.name.clone(), roles: names(&step.roles) }
    }
}

/// The role in which this person may speak at a step now, if any.
pub fn seat(step: &Step, number: usize, votes: &[Vote], roles: &[Role]) -> Option<Role> {
    seating(step, number, votes, roles)?.pop()
}

/// The roles in which someone new may speak at a step now.
pub fn open(steps: &[Step], number: usize, votes: &[Vote]) -> Vec<String> {
    let Some(step) = steps.get(number) else { return Vec::new() };
    let free = |role: &&Role| seat(step, number, votes, &[**role]).is_some();
    step.roles.iter().filter(free).map(|role| role.as_str().to_owned()).collect()
}

/// The seats of all who have spoken at a step and, last, of a person of these roles; nobody keeps a seat that only
/// another can fill, so a step with enough people can always be completed.
fn seating(step: &Step, number: usize, votes: &[Vote], roles: &[Role]) -> Option<Vec<Role>> {
    let heard = votes.iter().filter(|vote| vote.step == number).map(|vote| vote.held.as_slice());
    let seats = |held: &[Role]| -> Vec<usize> {
        (0..step.roles.len()).filter(|&seat| held.contains(&step.roles[seat])).collect()
    };
    let choices: Vec<Vec<usize>> = heard.chain([roles]).map(seats).collect();
    Some(matched(&choices)?.into_iter().map(|seat| step.roles[seat]).collect())
}

/// Where an approval stands.
pub struct Ballot<'a> {
    pub steps: &'a [Step],
    pub votes: &'a [Vote],
    /// Index into `steps`.
    pub current: usize,
    pub maker: &'a str,
}

/// Casts a vote: the one function behind approve and reject. `approver` = user and roles. Gives all votes, seated anew.
pub fn cast(
    ballot: &Ballot<'_>,
    approver: (&str, &[Role]),
    verdict: Verdict,
    comment: Option<String>,
    at: wire::Moment,
) -> Result<(Vec<Vote>, Outcome), ApprovalRule> {
    let Ballot { steps, votes, current, maker } = *ballot;
    let (user, roles) = approver;
    let Some(step) = steps.get(current) else { return Err(ApprovalRule::Closed { status: "decided".into() }) };
    if user == maker {
        return Err(ApprovalRule::Own);
    }
    if votes.iter().any(|vote| vote.step == current && vote.approver == user) {
        return Err(ApprovalRule::Twice);
    }
    let seats =
        seating(step, current, votes, roles).ok_or_else(|| ApprovalRule::NotEligible { roles: names(&step.roles) })?;
    if verdict == Verdict::Rejected && comment.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(ApprovalRule::NeedsComment);
    }
    let outcome = if verdict == Verdict::Rejected { Outcome::Rejected } else { after(steps, current, seats.len()) };
    let held = step.roles.iter().copied().filter(|role| roles.contains(role)).collect();
    let role = seats[seats.len() - 1];
    let mut votes = votes.to_vec();
    votes.push(Vote { step: current, role, held, approver: user.to_owned(), verdict, comment, at });
    for (vote, role) in votes.iter_mut().filter(|vote| vote.step == current).zip(seats) {
        vote.role = role;
    }
    Ok((votes, outcome))
}

/// After the `heard`-th yes of the current step.
fn after(steps: &[Step], current: usize, heard: usize) -> Outcome {
    let step = &steps[current];
    let complete = match step.mode {
        StepMode::Any => true,
        StepMode::All => heard >= step.roles.len(),
    };
    match (complete, current + 1 < steps.len()) {
        (false, _) => Outcome::Pending(current),
        (true, true) => Outcome::Pending(current + 1),
        (true, false) => Outcome::Approved,
    }
}

/// The roles of a step that somebody else than the maker can fill; one person fills one seat. Those that only the maker
/// could are left out (of an `any` step: none or all); refused when not even the maker could.
pub fn staffable(step: &Step, people: &[(String, Vec<Role>)], maker: &str) -> Result<Vec<Role>, ApprovalRule> {
    let able = |role: &Role, with_maker: bool| -> Vec<usize> {
        let fits = |n: &usize| (with_maker || people[*n].0 != maker) && people[*n].1.contains(role);
        (0..people.len()).filter(fits).collect()
    };
    let seats = |roles: &[Role], with_maker| roles.iter().map(|role| able(role, with_maker)).collect::<Vec<_>>();
    let somebody = |with_maker| seats(&step.roles, with_maker).iter().any(|seat| !seat.is_empty());
    match step.mode {
        StepMode::Any if somebody(false) => Ok(step.roles.clone()),
        StepMode::Any if somebody(true) => Ok(Vec::new()),
        StepMode::All if matched(&seats(&step.roles, true)).is_some() => {
            let mut filled = Vec::new();
            for role in &step.roles {
                filled.push(*role);
                if matched(&seats(&filled, false)).is_none() {
                    filled.pop();
                }
            }
            Ok(filled)
        }
        _ => Err(ApprovalRule::nobody(step)),
    }
}

/// Gives each, in order, one of its choices, all different; `None` when they cannot all have one. An earlier one moves
/// only when a later one finds nothing free (augmenting paths).
fn matched(choices: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut holders = BTreeMap::new();
    if !(0..choices.len()).all(|one| place(choices, one, &mut holders, &mut BTreeSet::new())) {
        return None;
    }
    let mut taken = vec![0; choices.len()];
    for (choice, one) in holders {
        taken[one] = choice;
    }
    Some(taken)
}

fn place(
    choices: &[Vec<usize>],
    one: usize,
    holders: &mut BTreeMap<usize, usize>,
    tried: &mut BTreeSet<usize>,
) -> bool {
    let found = choices[one].iter().copied().find(|choice| !holders.contains_key(choice)).or_else(|| {
        choices[one].iter().copied().find(|&choice| {
            tried.insert(choice)
                && holders.get(&choice).copied().is_some_and(|other| place(choices, other, holders, tried))
        })
    });
    found.is_some_and(|choice| {
        holders.insert(choice, one);
        true
    })
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(mode: StepMode, roles: &[Role]) -> Step {
        Step { name: "review".into(), mode, roles: roles.to_vec() }
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
            cast(&Ballot { steps, votes, current, maker: "maker" }, (user, roles), verdict, comment, at())?;
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
        let wordless = cast(&ballot, ("l", &[Role::Legal]), Verdict::Rejected, Some("  ".into()), at());
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
        assert_eq!(
            vote(&steps, &mut votes, 0, "c", &[Role::Legal, Role::Buyer], Verdict::Approved),
            Ok(Outcome::Approved)
        );
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
}
