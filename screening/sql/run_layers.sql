-- name: parcel
-- Parcels that a box meets; category is the land-use code.
select v.version_id, v.code, v.location as name, v.land_use_code as category,
    v.division_code, null::double precision as accuracy_m,
    null::double precision as stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('land_use_scheme', v.land_use_scheme) as attributes
from {layer parcel v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.land_use_code = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: farmland_unit
-- Farmland units that a box meets.
select v.version_id, v.code, null::text as name, v.category, v.division_code,
    null::double precision as accuracy_m, null::double precision as stated_area_m2,
    v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('crop', v.crop) as attributes
from {layer farmland_unit v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.category = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: plot
-- Plots that a box meets; category is the stage.
select v.version_id, v.code, v.name, v.stage as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    '{}'::jsonb as attributes
from {layer plot v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.stage = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: enterprise
-- Enterprises that a box meets, with the years of the key-unit lists they are on.
select v.version_id, v.code, v.name, v.status as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object(
        'industry_code', v.industry_code,
        'industry_edition', v.industry_edition,
        'key_unit', (
            select jsonb_build_object('years', jsonb_agg(k.year order by k.year))
            from {layer key_unit_list k}
            where k.enterprise_code = v.code
                and {in_force k}
            having count(*) > 0
        )
    ) as attributes
from {layer enterprise v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.status = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: facility
-- Facilities that a box meets; category is the kind.
select v.version_id, v.code, v.name, v.kind as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('status', v.status) as attributes
from {layer facility v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.kind = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: receptor
-- Receptors that a box meets; category is the kind.
select v.version_id, v.code, v.name, v.kind as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('population', v.population) as attributes
from {layer receptor v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.kind = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: water_source
-- Drinking-water sources that a box meets, with whether a zone is drawn for them.
select v.version_id, v.code, v.name, v.source_type as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object(
        'scale_class', v.scale_class,
        'status', v.status,
        'zone_bases', (
            select jsonb_agg(distinct z.basis)
            from {layer water_zone z}
            where z.source_code = v.code
                and z.division_code = v.division_code
                and {in_force z}
        )
    ) as attributes
from {layer water_source v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.source_type = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: water_zone
-- Water-source protection zones that a box meets; category is the level.
select v.version_id, v.code, null::text as name, v.level as category, v.division_code,
    null::double precision as accuracy_m, null::double precision as stated_area_m2,
    v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object(
        'source_code', v.source_code,
        'basis', v.basis,
        'approval_document', v.approval_document,
        'source_name', (
            select min(s.name)
            from {layer water_source s}
            where s.code = v.source_code
                and s.division_code = v.division_code
                and {in_force s}
        )
    ) as attributes
from {layer water_zone v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.level = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: restriction_area
-- Areas of any other theme that a box meets; category is the theme.
select v.version_id, v.code, v.name, v.theme as category, v.division_code,
    null::double precision as accuracy_m, null::double precision as stated_area_m2,
    v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('class', v.category) as attributes
from {layer restriction_area v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.theme = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: former_use
-- Former uses that a box meets; category is the industry.
select v.version_id, v.code, v.name, v.industry_code as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, v.mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object(
        'industry_code', v.industry_code,
        'industry_edition', v.industry_edition,
        'from_year', v.from_year,
        'to_year', v.to_year
    ) as attributes
from {layer former_use v}
where v.reach && %(box)s::geometry
    and (%(categories)s::text[] is null or v.industry_code = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: monitoring_point
-- Monitoring points that a box meets, with the last day their own medium was sampled;
-- category is the medium.
select v.version_id, v.code, v.name, v.medium as category, v.division_code,
    v.accuracy_m, v.stated_area_m2, null::double precision as mapped_area_m2,
    v.valid_from, v.geom,
    jsonb_build_object(
        'point_class', v.point_class,
        'last_sampled_on', (
            select max(s.sampled_on)
            from {layer sample_result s}
            where s.point_code = v.code
                and s.division_code = v.division_code
                and coalesce(s.medium, v.medium, 'soil') = coalesce(v.medium, 'soil')
                and s.sampled_on <= %(as_of)s
                and {in_force s}
        )
    ) as attributes
from {layer monitoring_point v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.medium = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}

-- name: river
-- Reaches of rivers that a box meets.
select v.version_id, v.code, v.name, v.stream_order::text as category, v.division_code,
    null::double precision as accuracy_m, null::double precision as stated_area_m2,
    null::double precision as mapped_area_m2, v.valid_from, v.geom,
    jsonb_build_object('downstream_code', v.downstream_code) as attributes
from {layer river v}
where v.geom && %(box)s::geometry
    and (%(categories)s::text[] is null or v.stream_order::text = any(%(categories)s))
    and (%(codes)s::text[] is null or v.code = any(%(codes)s))
    and starts_with(v.division_code, %(division)s)
    and {in_force v}
