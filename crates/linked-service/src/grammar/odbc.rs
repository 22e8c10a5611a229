//! ODBC's connection strings, as far as it takes to say that one is whole and holds no credential.

use crate::Rule;

/// Keywords that say who signs in; without spaces and underscores.
const ACCOUNT: [&str; 5] = ["uid", "user", "userid", "username", "logonid"];

/// How the keywords of secrets end, in all the drivers' words; without spaces and underscores.
const SECRET: [&str; 9] = [
    "pwd",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "credential",
];

/// `keyword=value` pairs with semicolons between them, where a value in braces may hold semicolons, and none of them
/// a user name or a secret.
pub(super) fn check(value: &str) -> Result<(), Rule> {
    let separates = |c: char| c == ';' || c.is_whitespace();
    let mut rest = value.trim_start_matches(separates);
    if rest.is_empty() {
        return Err(Rule::NotAConnectionString);
    }
    while !rest.is_empty() {
        let (keyword, after) = rest.split_once('=').ok_or(Rule::NotAConnectionString)?;
        check_keyword(keyword.trim())?;
        rest = after_value(after.trim_start())
            .ok_or(Rule::NotAConnectionString)?
            .trim_start_matches(separates);
    }
    Ok(())
}

fn check_keyword(keyword: &str) -> Result<(), Rule> {
    if !is_word(keyword) {
        return Err(Rule::NotAConnectionString);
    }
    let plain = keyword.replace([' ', '_'], "").to_ascii_lowercase();
    if ACCOUNT.contains(&plain.as_str()) || SECRET.iter().any(|end| plain.ends_with(end)) {
        return Err(Rule::CredentialInConnectionString);
    }
    Ok(())
}

/// Whether a keyword looks like one. What does not may be the rest of a password, or another form.
pub(crate) fn is_word(keyword: &str) -> bool {
    (1..=40).contains(&keyword.len())
        && keyword
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'.'))
}

/// What follows a value: nothing, or its semicolon and more. None if its braces are not closed.
fn after_value(text: &str) -> Option<&str> {
    let Some(mut rest) = text.strip_prefix('{') else {
        return Some(&text[text.find(';').unwrap_or(text.len())..]);
    };
    loop {
        let (_, after) = rest.split_once('}')?;
        match after.strip_prefix('}') {
            Some(after) => rest = after, // A doubled brace stands for one.
            None => {
                let after = after.trim_start();
                return (after.is_empty() || after.starts_with(';')).then_some(after);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::Rule;

    #[test]
    fn what_drivers_are_told() {
        for text in [
            "DSN=Sales",
            "DSN=Sales;",
            "Driver={SQL Server};Server=sql01;Database=Sales 2026",
            "Driver={SQL Server} ; Server = sql01;;",
            "Driver={a;Pwd=b}};c};Server=x",
            "Driver=x;Trusted_Connection=yes;UseTokens=1",
            "Server=",
            "Option=a=b",
            "\tDSN = Sales ;\n",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_not_whole_could_swallow_what_follows() {
        for text in [
            "",
            ";",
            " ",
            "Sales",
            "DSN=Sales;x",
            "=x",
            "Driver={SQL Server",
            "Driver={SQL Server}}",
            "Driver={SQL} Server}",
            "x;y=1",
            "{a}=b",
            "(=",
            "a:b=c",
            "Driver=\t{SQL",
        ] {
            assert_eq!(check(text), Err(Rule::NotAConnectionString), "{text}");
        }
    }

    #[test]
    fn credentials_have_fields_of_their_own() {
        for text in [
            "DSN=Sales;Pwd=x",
            "DSN=Sales;PWD={x}",
            "dsn=Sales; Uid = x",
            "User ID=x;DSN=Sales",
            "User_Name=x",
            "Password=",
            "sslKeyPassword=x",
            "RefreshToken=x",
            "Auth_AccessToken=x",
            "Client Secret=x",
            "EncryptedCredential=cgref:a/b/c/1",
            "Driver={a}}b};pwd=x",
            "Driver=a{b;pwd=x}",
        ] {
            assert_eq!(
                check(text),
                Err(Rule::CredentialInConnectionString),
                "{text}"
            );
        }
    }
}
