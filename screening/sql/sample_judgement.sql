-- name: points
-- Medium and land of points, with the land use of the farmland unit each lies in.
select left(p.division_code, 6), p.code, p.medium, p.land_type, (
    select u.land_use_code
    from {layer farmland_unit u}
    where u.geom && p.geom
        and st_intersects(u.geom, p.geom)
        and {in_force u}
    order by u.code
    limit 1
)
from {layer monitoring_point p}
where p.code = any(%(codes)s::text[])
    and {in_force p};

-- name: acidity
-- The pH of every sample of some points.
select left(r.division_code, 6), r.point_code,
    coalesce(r.sample_code, concat_ws(
        '|', r.campaign, r.sampled_on, r.horizon, r.depth_from_m)),
    r.value
from {layer sample_result r}
where r.point_code = any(%(codes)s::text[])
    and r.analyte = 'pH'
    and r.value is not null
    and {in_force r}
order by r.code;

-- name: soil
-- Results in soil of some points, as `farmland_categories` reads them.
select left(r.division_code, 6), r.point_code,
    coalesce(r.sample_code, concat_ws(
        '|', r.campaign, r.sampled_on, r.horizon, r.depth_from_m)),
    r.sampled_on, r.depth_from_m, r.depth_to_m, r.horizon, r.analyte, r.value,
    coalesce(r.non_detect, false), r.detection_limit, r.qc_status
from {layer sample_result r}
where r.point_code = any(%(codes)s::text[])
    and coalesce(r.medium, 'soil') = 'soil'
    and {in_force r}
order by r.code;
