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
    /// The absent person whose seat it is, if it was lent (PLT-29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    pub verdict: Verdict,
    pub comment: Option<String>,
    pub at: wire::Moment,
}
impl Vote {
    /// Whose word it is.
    fn principal(&self) -> &str {
        self.on_behalf_of.as_deref().unwrap_or(&self.approver)
    }
}

/// Who speaks, for whom, and in which roles: those of the one for whom they speak.
#[derive(Debug, Clone, Copy)]
pub struct Voter<'a> {
    pub user: &'a str,
    pub on_behalf_of: Option<&'a str>,
    pub roles: &'a [Role],
}
impl Voter<'_> {
    fn principal(&self) -> &str {
        self.on_behalf_of.unwrap_or(self.user)
    }
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
        OwnDelegated { absent: String } => "approval.delegators_request", Forbidden, "{absent} asked for it; their delegate does not decide it either", "该申请由 {absent} 提交，其受托人亦不得审批";
        Twice => "approval.already_voted", Conflict, "you have already decided this step", "您已对本步骤作出决定";
        BothSeats => "approval.both_seats", Forbidden, "you have spoken for someone else in this approval; one person fills the seats of one", "您已在本审批中代表他人表决，一人不得占用两人的席位";
        NoDelegation { absent: String } => "approval.no_delegation", Forbidden, "{absent} has not lent you a seat here", "{absent} 未委托您审批", at "/on_behalf_of";
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
    fn not_eligible(step: &Step) -> Self {
        Self::NotEligible { roles: names(&step.roles) }
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
impl<'a> Ballot<'a> {
    /// The step that is asked now; an approval without one is nobody's to decide.
    fn step(&self) -> Result<&'a Step, ApprovalRule> {
        self.steps.get(self.current).ok_or(ApprovalRule::NotEligible { roles: String::new() })
    }
}

/// Maker is not checker, one word a step, and nobody fills the seats of two: neither directly nor by delegation.
pub fn may_speak(ballot: &Ballot<'_>, voter: &Voter<'_>) -> Result<(), ApprovalRule> {
    let Ballot { votes, current, maker, .. } = *ballot;
    let (user, principal) = (voter.user, voter.principal());
    if user == maker {
        return Err(ApprovalRule::Own);
    }
    if principal == maker {
        return Err(ApprovalRule::OwnDelegated { absent: principal.to_owned() });
    }
    let heard = |person: &str| person == user || person == principal;
    if votes.iter().any(|vote| vote.step == current && (heard(&vote.approver) || heard(vote.principal()))) {
        return Err(ApprovalRule::Twice);
    }
    if votes.iter().any(|vote| vote.approver == user && vote.principal() != principal) {
        return Err(ApprovalRule::BothSeats);
    }
    Ok(())
}

/// The role in which someone may speak now, or why they may not.
pub fn open_to(ballot: &Ballot<'_>, voter: &Voter<'_>) -> Result<Role, ApprovalRule> {
    may_speak(ballot, voter)?;
    let step = ballot.step()?;
    seat(step, ballot.current, ballot.votes, voter.roles).ok_or_else(|| ApprovalRule::not_eligible(step))
}

/// Casts a vote: the one function behind approve and reject. Gives all votes, seated anew.
pub fn cast(
    ballot: &Ballot<'_>,
    voter: &Voter<'_>,
    verdict: Verdict,
    comment: Option<String>,
    at: wire::Moment,
) -> Result<(Vec<Vote>, Outcome), ApprovalRule> {
    let Ballot { steps, votes, current, .. } = *ballot;
    let roles = voter.roles;
    may_speak(ballot, voter)?;
    let step = ballot.step()?;
    let seats = seating(step, current, votes, roles).ok_or_else(|| ApprovalRule::not_eligible(step))?;
    if verdict == Verdict::Rejected && comment.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(ApprovalRule::NeedsComment);
    }
    let outcome = if verdict == Verdict::Rejected { Outcome::Rejected } else { after(steps, current, seats.len()) };
    let held = step.roles.iter().copied().filter(|role| roles.contains(role)).collect();
    let role = seats[seats.len() - 1];
    let mut all = votes.to_vec();
    let (approver, on_behalf_of) = (voter.user.to_owned(), voter.on_behalf_of.map(str::to_owned));
    all.push(Vote { step: current, role, held, approver, on_behalf_of, verdict, comment, at });
    for (vote, role) in all.iter_mut().filter(|vote| vote.step == current).zip(seats) {
        vote.role = role;
    }
    Ok((all, outcome))
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
#[path = "rules_tests.rs"]
mod tests;
