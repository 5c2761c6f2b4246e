-- The orders in which lists can be asked for (platform::sorted!).
CREATE INDEX leads_by_score ON leads ((coalesce((score ->> 'total')::numeric, 0)), id);
CREATE INDEX opportunities_by_amount ON opportunities ((coalesce(amount, 0)), id);
CREATE INDEX opportunities_by_expected_close ON opportunities ((coalesce(expected_close, DATE 'infinity')), id);
CREATE INDEX accounts_by_name ON accounts ((coalesce(nullif(pinyin, ''), lower(name))), id);
