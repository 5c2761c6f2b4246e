//! What a name is found by besides itself: how its Chinese sounds, in full and by initials. `晨光泵业` is found by
//! `chenguang` and by `cgby`. A character that is read in several ways is read as the words that `names` knows say
//! (重庆 is `chongqing`), else as it is read most.
use crate::names::syllables;

/// In pinyin without tones (`ü` as `v`), then the initials; empty for a name without Chinese.
#[must_use]
pub fn spelling(name: &str) -> String {
    let heard = syllables(name);
    if heard.iter().all(|syllable| !syllable.is_chinese) {
        return String::new();
    }
    let (mut full, mut initials) = (String::new(), String::new());
    for syllable in heard {
        let said: String = syllable.text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
        initials.extend(said.chars().next());
        full.push_str(&said);
    }
    format!("{full} {initials}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_28_a_name_sounds_in_full_and_by_its_initials() {
        assert_eq!(spelling("晨光泵业"), "chenguangbengye cgby");
        assert_eq!(spelling("吕氏（上海）ABC 3号"), "lvshishanghaiabc3hao lsshabc3h");
        assert_eq!(spelling("重庆银行"), "chongqingyinhang cqyh");
        assert_eq!(spelling("Acme Pumps Co., Ltd."), "");
        assert_eq!(spelling(""), "");
    }
}
