-- name: head
-- The number of the last change this snapshot sees.
select h.number from registry.change_head h;

-- name: counties
-- The counties a box touches, clipped to it.
select distinct on (division_code) division_code, st_asbinary(county_geom)
from registry.coverage_around(%(box)s::geometry, %(as_of)s, %(known_at)s)
order by division_code;

-- name: coverage
-- What each county of the run's own divisions says it knows of the themes asked.
select d.division_code, t.theme, max(w.data_date),
    bool_and(w.stale_on is not null and w.stale_on <= %(as_of)s),
    bool_and(w.geom is not null)
from {layer division d}
cross join unnest(%(themes)s::text[]) t(theme)
left join {layer theme_coverage w}
    on w.division_code = d.division_code
    and w.theme = t.theme
    and {in_force w}
where length(d.division_code) = 6
    and starts_with(d.division_code, %(division)s)
    and {in_force d}
group by d.division_code, t.theme
order by d.division_code, t.theme;

-- name: border
-- What other divisions have near each subject: theme, relation and whom to ask.
select s.place, h.theme, h.relation, h.within_m, h.division_code
from unnest(%(subjects)s::bytea[], %(boxes)s::bytea[])
    with ordinality s(subject, box, place)
cross join lateral registry.border_hits(
    st_geomfromwkb(s.subject, 4490), st_geomfromwkb(s.box, 4490),
    st_geomfromwkb(s.box, 4490), st_geomfromwkb(s.box, 4490),
    %(rings)s, %(as_of)s, %(known_at)s
) h
order by s.place, h.theme, h.relation, h.division_code;
