-- name: counties
-- The counties that have farmland units, and how many.
select left(v.division_code, 6), count(*)
from {layer farmland_unit v}
where starts_with(v.division_code, %(division)s)
    and {in_force v}
group by 1
order by 1;

-- name: units
-- The farmland units of a county as they stand.
select v.code, st_asbinary(v.geom), v.mapped_area_m2, v.division_code,
    v.township_code, v.category, v.land_use_code
from {layer farmland_unit v}
where starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.code;

-- name: patches
-- Farmland patches: parcels whose class is cultivated land or orchard. In both schemes
-- that have such classes they begin with 01 or 02.
select st_asbinary(v.geom)
from {layer parcel v}
where starts_with(v.division_code, %(division)s)
    and v.land_use_scheme in ('gbt21010_2017', 'ydyh_2023')
    and left(v.land_use_code, 2) in ('01', '02')
    and {in_force v}
order by v.code;

-- name: results
-- Results of soil or produce at the points of a county; a result's own medium goes
-- before its point's.
select p.code, st_x(p.geom), st_y(p.geom),
    case when %(medium)s = 'crop' then r.food else p.land_type end,
    coalesce(r.sample_code, concat_ws(
        '|', r.campaign, r.sampled_on, r.horizon, r.depth_from_m)),
    r.sampled_on, r.depth_from_m, r.depth_to_m, r.horizon, r.analyte, r.value,
    coalesce(r.non_detect, false), r.detection_limit, r.qc_status
from {layer monitoring_point p}
join {layer sample_result r}
    on r.point_code = p.code
    and left(r.division_code, 6) = left(p.division_code, 6)
    and {in_force r}
where starts_with(p.division_code, %(division)s)
    and coalesce(r.medium, p.medium, 'soil') = %(medium)s
    and (r.sampled_on is null or r.sampled_on <= %(as_of)s)
    and {in_force p}
order by p.code, r.code;

-- name: rounds
-- Soil results at the points of a county, each with its survey round: the campaign, else
-- the year of sampling. Results that tell neither are of no round.
select coalesce(nullif(trim(r.campaign), ''), to_char(r.sampled_on, 'YYYY')) as round,
    p.code, st_x(p.geom), st_y(p.geom), p.land_type,
    coalesce(r.sample_code, concat_ws(
        '|', r.campaign, r.sampled_on, r.horizon, r.depth_from_m)),
    r.sampled_on, r.depth_from_m, r.depth_to_m, r.horizon, r.analyte, r.value,
    coalesce(r.non_detect, false), r.detection_limit, r.qc_status
from {layer monitoring_point p}
join {layer sample_result r}
    on r.point_code = p.code
    and left(r.division_code, 6) = left(p.division_code, 6)
    and {in_force r}
where starts_with(p.division_code, %(division)s)
    and coalesce(r.medium, p.medium, 'soil') = 'soil'
    and (r.sampled_on is null or r.sampled_on <= %(as_of)s)
    and coalesce(nullif(trim(r.campaign), ''), to_char(r.sampled_on, 'YYYY')) is not null
    and {in_force p}
order by p.code, r.code;
