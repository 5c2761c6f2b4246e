DROP TABLE survey_answers, surveys, survey_templates;
