//! What a caller may do with a row, where a rule looks at more than the row and who asks (`Machine::admits`): the time, roles, other
//! tables. A command asks the same rule, so that no button is offered which it then refuses.
use platform::{ApiError, Caller, Cx, Machine, Result, Stamp};
use wire::Action;

/// Whoever asks, as a command of theirs would note it now.
pub fn asking(cx: &Cx) -> Stamp {
    let caller = cx.caller();
    Stamp { at: cx.app().clock.now(), actor: caller.actor(), ownership: caller.ownership() }
}

/// The machine's actions, without those that `permits` refuses.
pub fn admitted<T: Machine, E: Into<ApiError>>(
    row: &T,
    caller: &Caller,
    permits: impl Fn(&str) -> Result<(), E>,
) -> Vec<Action> {
    let mut actions = row.available_actions(caller);
    for action in &mut actions {
        if let Err(refusal) = permits(&action.action) {
            block(action, &refusal.into(), caller);
        }
    }
    actions
}

/// The same of one action, where the rule looks at more than the row: for a row by itself, not for each of a list.
pub fn refuse<T>(actions: &mut [Action], name: &str, caller: &Caller, outcome: Result<T>) -> Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(refusal @ ApiError::Rule(_)) => {
            if let Some(action) = actions.iter_mut().find(|action| action.action == name) {
                block(action, &refusal, caller);
            }
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn block(action: &mut Action, refusal: &ApiError, caller: &Caller) {
    action.allowed = false;
    action.blocked_by.extend(refusal.as_gates(caller.language));
}
