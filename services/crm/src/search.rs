//! What a name is found by besides itself: how its Chinese sounds, in full and by initials. `晨光泵业` is found by
//! `chenguang` and by `cgby`. Of a character that is read in several ways the commonest is taken: who writes 重庆 as
//! `zhongqing` finds it, who writes `chongqing` may not.
use crate::{accounts, contacts};
use pinyin::ToPinyin;
use platform::{Result, Tx};
use wire::Moment;

/// Rows of a kind that are spelt in one run.
const BITE: i64 = 500;

/// In pinyin without tones (`ü` as `v`), then the initials; empty for a name without Chinese.
#[must_use]
pub fn spelling(name: &str) -> String {
    let sounds: Vec<(char, Option<&'static str>)> =
        name.chars().map(|c| (c, c.to_pinyin().map(pinyin::Pinyin::plain))).collect();
    if sounds.iter().all(|(_, sound)| sound.is_none()) {
        return String::new();
    }
    let (mut full, mut initials) = (String::new(), String::new());
    for (c, sound) in sounds {
        let said =
            sound.map_or_else(|| c.to_lowercase().filter(|c| c.is_alphanumeric()).collect(), |s| s.replace('ü', "v"));
        initials.extend(said.chars().next());
        full.push_str(&said);
    }
    format!("{full} {initials}")
}

/// Spells names that are not spelt yet: those that were there before this could be asked.
pub async fn spell_names(tx: &mut Tx, _: Moment) -> Result<()> {
    let customers = accounts::spell(tx.conn(), BITE, spelling).await?;
    let people = contacts::spell(tx.conn(), BITE, spelling).await?;
    if customers.max(people) >= BITE {
        tx.again();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_28_a_name_sounds_in_full_and_by_its_initials() {
        assert_eq!(spelling("晨光泵业"), "chenguangbengye cgby");
        assert_eq!(spelling("吕氏（上海）ABC 3号"), "lvshishanghaiabc3hao lsshabc3h");
        assert_eq!(spelling("Acme Pumps Co., Ltd."), "");
        assert_eq!(spelling(""), "");
    }
}
