-- name: answers
-- What the survey forms say of enterprises.
select v.division_code, v.enterprise_code, v.indicator, v.option_number
from {layer attention_answer v}
where v.enterprise_code = any(%(codes)s)
    and starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.enterprise_code, v.indicator, v.option_number

-- name: corrections
-- The last correction of each enterprise's level.
select distinct on (v.division_code, v.enterprise_code)
    v.division_code, v.enterprise_code, v.level, v.reason, v.reviewer, v.reviewed_on
from {layer attention_correction v}
where v.enterprise_code = any(%(codes)s)
    and starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.enterprise_code, v.reviewed_on desc, v.code desc

-- name: options
-- The score tables of an office: every option of every table in force.
select v.division_code, v.table_name, v.table_source, v.scheme, v.medium, v.group_name,
    v.indicator, coalesce(v.indicator_zh, v.indicator) as indicator_zh,
    coalesce(v.indicator_en, v.indicator_zh, v.indicator) as indicator_en, v.max_score,
    v.option_number, coalesce(v.option_zh, '') as option_zh,
    coalesce(v.option_en, v.option_zh, '') as option_en, v.score,
    coalesce(v.unknown, false) as unknown, v.at_least, v.below
from {layer attention_option v}
where {in_force v}
order by v.division_code, v.table_name, v.code
