//! Why a token was not believed: a stable code, a text in both languages, and the challenge of RFC 6750 §3.
//! Says nothing that helps to forge a better token: no key, no claim, no value is repeated.
use crate::Language;

/// The answer is always 401 with [`challenge`](Self::challenge) as `WWW-Authenticate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.text_en())]
pub enum Unauthorized {
    /// No bearer token came with the request.
    Missing,
    /// Longer than [`MOST_TOKEN_BYTES`](super::jwt::MOST_TOKEN_BYTES).
    TooLarge,
    /// Not three parts of base64url, or a header that cannot be read or brings its own keys.
    Malformed,
    /// A JWT made for another purpose: an ID token, a logout token.
    Kind,
    /// Another algorithm than that of the key it names.
    Algorithm,
    /// Names no key, or one that the issuer does not publish (any more).
    KeyUnknown,
    /// The signature does not fit.
    Signature,
    /// A required claim is missing or has the wrong type.
    Claims,
    /// `exp` has passed.
    Expired,
    /// `nbf` or `iat` lies in the future.
    NotYetValid,
    /// Another issuer.
    Issuer,
    /// Made for somebody else.
    Audience,
    /// The directory says that its subject has left.
    Deactivated,
}

impl Unauthorized {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::Missing,
        Self::TooLarge,
        Self::Malformed,
        Self::Kind,
        Self::Algorithm,
        Self::KeyUnknown,
        Self::Signature,
        Self::Claims,
        Self::Expired,
        Self::NotYetValid,
        Self::Issuer,
        Self::Audience,
        Self::Deactivated,
    ];

    /// The stable code of the problem document.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "token.missing",
            Self::TooLarge => "token.too_large",
            Self::Malformed => "token.malformed",
            Self::Kind => "token.kind",
            Self::Algorithm => "token.algorithm",
            Self::KeyUnknown => "token.key_unknown",
            Self::Signature => "token.signature",
            Self::Claims => "token.claims",
            Self::Expired => "token.expired",
            Self::NotYetValid => "token.not_yet_valid",
            Self::Issuer => "token.issuer",
            Self::Audience => "token.audience",
            Self::Deactivated => "token.deactivated",
        }
    }

    /// What to tell the reader, in their language.
    pub fn text(self, language: Language) -> &'static str {
        language.pick(self.text_zh_cn(), self.text_en())
    }

    // Plain ASCII without quotes, so that it fits into a header.
    const fn text_en(self) -> &'static str {
        match self {
            Self::Missing => "No access token came with the request.",
            Self::TooLarge => "The access token is too long.",
            Self::Malformed => "The access token cannot be read.",
            Self::Kind => "This is not an access token.",
            Self::Algorithm => "The access token is signed with an algorithm that its key is not for.",
            Self::KeyUnknown => "The access token is signed with a key that is not known here.",
            Self::Signature => "The signature of the access token does not fit.",
            Self::Claims => "A required claim of the access token is missing or malformed.",
            Self::Expired => "The access token has expired.",
            Self::NotYetValid => "The access token is not valid yet.",
            Self::Issuer => "The access token comes from another issuer.",
            Self::Audience => "The access token was made for another audience.",
            Self::Deactivated => "The user of the access token has been deactivated.",
        }
    }

    const fn text_zh_cn(self) -> &'static str {
        match self {
            Self::Missing => "请求未携带访问令牌。",
            Self::TooLarge => "访问令牌过长。",
            Self::Malformed => "访问令牌无法识别。",
            Self::Kind => "该令牌不是访问令牌。",
            Self::Algorithm => "访问令牌的签名算法与其密钥不符。",
            Self::KeyUnknown => "访问令牌的签名密钥未知。",
            Self::Signature => "访问令牌的签名无效。",
            Self::Claims => "访问令牌缺少必需的声明或声明格式有误。",
            Self::Expired => "访问令牌已过期。",
            Self::NotYetValid => "访问令牌尚未生效。",
            Self::Issuer => "访问令牌来自其他签发方。",
            Self::Audience => "访问令牌的受众不是本系统。",
            Self::Deactivated => "访问令牌的用户已停用。",
        }
    }

    /// The value of `WWW-Authenticate`: a request without a token is only told that one is needed (RFC 6750 §3.1).
    pub fn challenge(self) -> String {
        match self {
            Self::Missing => r#"Bearer realm="yewu""#.to_owned(),
            _ => format!(r#"Bearer realm="yewu", error="invalid_token", error_description="{}""#, self.text_en()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_and_texts_are_distinct_and_fit_a_header() {
        let codes: HashSet<_> = Unauthorized::ALL.iter().map(|why| why.code()).collect();
        assert_eq!(codes.len(), Unauthorized::ALL.len());
        for why in Unauthorized::ALL {
            assert!(why.code().starts_with("token."));
            assert!(why.text_en().bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\'));
            assert!(why.text_zh_cn().ends_with('。'));
        }
        assert_eq!(Unauthorized::Missing.challenge(), r#"Bearer realm="yewu""#);
        assert!(Unauthorized::Expired.challenge().contains(r#"error="invalid_token""#));
    }
}
