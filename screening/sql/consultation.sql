-- name: asking
-- Records of these decisions that ask for a consultation and have not been ended.
select d.record
from registry.decision d
where d.id = any (%(decisions)s)
    and d.outcome = 'consult'
    and registry.decision_state(d.id, d.valid_until) not in ('annulled', 'replaced')
order by d.recorded_at, d.id;
