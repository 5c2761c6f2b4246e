//! The machine of templates on one screen; exactly five questions.
use super::*;
use platform::Rule;
use uuid::Uuid;

fn by() -> Stamp {
    Stamp {
        at: Moment::new("2026-03-05T02:00:00Z".parse().unwrap()),
        actor: "user:eve".into(),
        ownership: wire::Ownership::default(),
    }
}
fn questions(count: usize) -> Vec<SurveyQuestion> {
    (1..=count)
        .map(|n| SurveyQuestion {
            chinese: format!("问题{n}").parse().unwrap(),
            english: format!("Question {n}").parse().unwrap(),
        })
        .collect()
}
fn draft(questions: Vec<SurveyQuestion>) -> Result<Change<SurveyTemplate>, TemplateRule> {
    SurveyTemplate::draft(
        SurveyTemplateId(Uuid::nil()),
        NewSurveyTemplate { name: "x".parse().unwrap(), questions },
        &by(),
    )
}
fn template(status: Status) -> SurveyTemplate {
    SurveyTemplate { status, ..draft(questions(5)).unwrap().after().clone() }
}

#[test]
fn svc_13_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", template(from).update(SurveyTemplatePatch::default())),
            ("activate", template(from).activate(&by()).map_err(Into::into)),
            ("retire", template(from).retire(&by()).map_err(Into::into)),
            ("replace", template(from).replace(&by()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                table.push(format!("{from} {command} {} v{}", change.after().status, change.after().version));
            }
        }
    }
    assert_eq!(
        table,
        ["draft update draft v2", "draft activate active v2", "draft retire retired v2", "active replace retired v2"]
    );
}

#[test]
fn svc_13_exactly_five_questions_none_twice() {
    let code = |questions| draft(questions).map(drop).map_err(|rule| rule.code().to_owned());
    assert_eq!(
        [code(questions(4)), code(questions(5)), code(questions(6))],
        [Err("survey_template.questions".into()), Ok(()), Err("survey_template.questions".into())]
    );
    let mut twice = questions(5);
    twice[4].english = twice[0].english.clone();
    assert_eq!(draft(twice).unwrap_err(), TemplateRule::Twice { index: 4 });
    let patch = SurveyTemplatePatch { name: None, questions: Some(questions(6)) };
    assert_eq!(template(Status::Draft).update(patch).unwrap_err().code(), "survey_template.questions");
}
