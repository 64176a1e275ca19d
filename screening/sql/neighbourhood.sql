-- name: sight
-- What this transaction sees: the number of the last change, when the ground and what
-- lies around land were last changed; its day; whose rows; whether all its statements
-- see the same.
select
    h.number, h.ground_at, h.surroundings_at,
    (now() at time zone 'Asia/Shanghai')::date,
    coalesce(current_setting('jingtu.scope', true), ''),
    current_setting('transaction_isolation') = 'repeatable read'
from registry.change_head h;

-- name: parcels
-- The parcels a request names, with the survey documents filed for them.
select
    v.code,
    v.division_code,
    v.township_code,
    v.land_use_scheme,
    v.land_use_code,
    v.registered_area_m2,
    v.mapped_area_m2,
    v.supplied,
    v.version_id,
    st_asbinary(v.geom),
    (
        select jsonb_agg(jsonb_build_object(
            'code', d.code,
            'document_type', d.document_type,
            'firm', d.firm,
            'firm_on_negative_list', d.firm_on_negative_list,
            'flagged_false', d.flagged_false,
            'dated_on', d.dated_on,
            'reviewed_on', d.reviewed_on,
            'review_outcome', d.review_outcome,
            'assessed_class', d.assessed_class,
            'soil_standard', d.soil_standard
        ) order by d.code)
        from {layer plot_document d}
        where d.parcel_code = v.code
            and d.division_code = v.division_code
            and {in_force d}
    )
from {layer parcel v}
where v.code = any(%(codes)s)
    and {in_force v}
order by v.code;

-- name: features
-- Everything of the caller's own divisions near the subject but farmland units, every
-- theme in one go; the box of each too where it is to be found again (`with_reach`).
-- Each arm tests the box with && alone, which row-level security lets use the index;
-- what really overlaps, and how far the rest is, is measured afterwards.
select
    f.theme, f.layer, f.version_id, f.code, f.name, f.category, f.division_code,
    f.accuracy_m, f.stated_area_m2, f.geom, f.valid_from, f.attributes,
    o.upload_id, o.actor,
    case when %(with_reach)s then array[
        st_xmin(f.reach), st_ymin(f.reach), st_xmax(f.reach), st_ymax(f.reach)
    ] end
from (
    select
        'plot' as theme, 'plot' as layer, v.version_id, v.code, v.name,
        v.stage as category, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom) as geom, v.valid_from, v.opened_by, v.reach,
        json_build_object(
            'source_system', v.source_system,
            'source_id', v.source_id,
            'synced_on', v.synced_on,
            'held', v.held,
            'evaluated_class', v.evaluated_class,
            'soil_standard', v.soil_standard,
            'target_met', v.target_met,
            'aftercare_required', v.aftercare_required,
            'aftercare_breach', v.aftercare_breach,
            'negative_list', v.negative_list,
            'former_industries', v.former_industries,
            'pollutants', v.pollutants,
            'required_activity', v.required_activity,
            'required_activity_served_on', v.required_activity_served_on,
            'required_activity_due_on', v.required_activity_due_on,
            'required_activity_done_on', v.required_activity_done_on,
            'lists', (
                select json_agg(json_build_object(
                    'list', m.list, 'from', m.valid_from, 'to', m.valid_to
                ) order by m.valid_from, m.list)
                from {layer plot_list_membership m}
                where m.plot_code = v.code
                    and m.division_code = v.division_code
                    and {in_force m}
            ),
            'documents', (
                select json_agg(json_build_object(
                    'code', d.code,
                    'document_type', d.document_type,
                    'firm', d.firm,
                    'firm_on_negative_list', d.firm_on_negative_list,
                    'flagged_false', d.flagged_false,
                    'dated_on', d.dated_on,
                    'reviewed_on', d.reviewed_on,
                    'review_outcome', d.review_outcome,
                    'assessed_class', d.assessed_class,
                    'soil_standard', d.soil_standard
                ) order by d.code)
                from {layer plot_document d}
                where d.plot_code = v.code
                    and d.division_code = v.division_code
                    and {in_force d}
            ),
            'water_zones', (
                -- Also where they lie beside the subject: rule G07 speaks of the plot.
                -- Mean width is 2A/P, as everywhere; both are null for a plot that is
                -- known as a point. OFFSET keeps what is costly from being repeated
                -- wherever its name stands.
                select json_agg(json_build_object(
                    'code', z.code,
                    'area_m2', s.area_m2,
                    'width_m', 2 * s.area_m2 / nullif(s.perimeter_m, 0)
                ) order by z.code)
                from {layer water_zone z}
                left join lateral (
                    select st_area(c.shared) as area_m2,
                        st_perimeter(c.shared) as perimeter_m
                    from (
                        select st_intersection(z.geom, v.geom)::geography as shared
                        where st_dimension(v.geom) = 2
                        offset 0
                    ) c
                    offset 0
                ) s on true
                where z.geom && v.geom
                    and st_intersects(z.geom, v.geom)
                    and {in_force z}
            )
        ) as attributes
    from {layer plot v}
    where v.reach && %(plot_box)s::geometry
        and {in_force v}
    union all
    select
        v.theme, 'restriction_area', v.version_id, v.code, v.name,
        v.category, v.division_code, null, null,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.geom,
        json_build_object('crops', v.crops, 'approval_document', v.approval_document)
    from {layer restriction_area v}
    where v.geom && %(area_box)s::geometry
        and {in_force v}
    union all
    select
        'water_zone', 'water_zone', v.version_id, v.code, null,
        v.level, v.division_code, null, null,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.geom,
        json_build_object(
            'source_code', v.source_code,
            'basis', v.basis,
            'approval_document', v.approval_document
        )
    from {layer water_zone v}
    where v.geom && %(area_box)s::geometry
        and {in_force v}
    union all
    select
        'former_use', 'former_use', v.version_id, v.code, v.name,
        v.industry_code, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.reach,
        json_build_object(
            'industry_code', v.industry_code,
            'industry_edition', v.industry_edition,
            'from_year', v.from_year,
            'to_year', v.to_year,
            'evidence', v.evidence
        )
    from {layer former_use v}
    where v.reach && %(plot_box)s::geometry
        and {in_force v}
    union all
    select
        'enterprise', 'enterprise', v.version_id, v.code, v.name,
        v.status, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.reach,
        json_build_object(
            'industry_code', v.industry_code,
            'industry_edition', v.industry_edition,
            'coord_source', v.coord_source,
            'key_unit', (
                select json_build_object(
                    'years', json_agg(k.year order by k.year),
                    'list_name', min(k.list_name)
                )
                from {layer key_unit_list k}
                where k.enterprise_code = v.code
                    and {in_force k}
                having count(*) > 0
            )
        )
    from {layer enterprise v}
    where v.reach && %(wide_box)s::geometry
        and {in_force v}
    union all
    select
        'facility', 'facility', v.version_id, v.code, v.name,
        v.kind, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.reach,
        json_build_object('status', v.status)
    from {layer facility v}
    where v.reach && %(wide_box)s::geometry
        and {in_force v}
    union all
    select
        'receptor', 'receptor', v.version_id, v.code, v.name,
        v.kind, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.reach,
        json_build_object('population', v.population)
    from {layer receptor v}
    where v.reach && %(wide_box)s::geometry
        and {in_force v}
    union all
    select
        'water_source', 'water_source', v.version_id, v.code, v.name,
        v.source_type, v.division_code, v.accuracy_m, v.stated_area_m2,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.reach,
        json_build_object(
            'scale_class', v.scale_class,
            'status', v.status,
            -- A zone begins at its intake, so its box meets the source's.
            'zone_bases', (
                select json_agg(distinct z.basis)
                from {layer water_zone z}
                where z.geom && v.reach
                    and z.source_code = v.code
                    and z.division_code = v.division_code
                    and {in_force z}
            )
        )
    from {layer water_source v}
    where v.reach && %(wide_box)s::geometry
        and {in_force v}
    union all
    select
        'river', 'river', v.version_id, v.code, v.name,
        null, v.division_code, null, null,
        st_asbinary(v.geom), v.valid_from, v.opened_by, v.geom,
        json_build_object(
            'stream_order', v.stream_order,
            'downstream_code', v.downstream_code
        )
    from {layer river v}
    where v.geom && %(wide_box)s::geometry
        and {in_force v}
) f
join registry.change o on o.id = f.opened_by;

-- name: farmland
-- Farmland units of the caller's own divisions on and beside each of several subjects,
-- and the number of the subject. The boxes are settled first: row-level security lets
-- nothing but a plain box use the index.
with sought as materialized (
    select b.number, b.box::geometry as box
    from unnest(%(boxes)s::bytea[]) with ordinality b (box, number)
)
select
    'farmland_unit', 'farmland_unit', v.version_id, v.code, null,
    v.category, v.division_code, null, null,
    st_asbinary(v.geom), v.valid_from,
    jsonb_build_object(
        'land_use_scheme', v.land_use_scheme,
        'land_use_code', v.land_use_code,
        'crop', v.crop,
        'target_pollutants', v.target_pollutants
    ),
    o.upload_id, o.actor, s.number
from sought s
cross join lateral (
    select * from {layer farmland_unit f} where f.geom && s.box and {in_force f}
    -- Keeps the box a condition of this level, which both arms of a past state serve
    -- with their index; as a condition of the join they were read whole.
    offset 0
) v
join registry.change o on o.id = v.opened_by;

-- name: outlines
-- Outlines of the parcels of one county near the subject, for a map.
select st_asbinary(v.geom)
from {layer parcel v}
where v.geom && %(box)s::geometry
    and v.division_code = %(division_code)s
    and {in_force v}
order by v.code
limit 2000;

-- name: shorelines
-- Shorelines farther from the subject than other areas are read; asked of few projects.
select
    v.theme, 'restriction_area', v.version_id, v.code, v.name,
    v.category, v.division_code, null, null,
    st_asbinary(v.geom), v.valid_from,
    jsonb_build_object('crops', v.crops, 'approval_document', v.approval_document),
    o.upload_id, o.actor
from {layer restriction_area v}
join registry.change o on o.id = v.opened_by
where v.geom && %(shore_box)s::geometry
    and v.theme = any(%(shore_themes)s)
    and {in_force v};

-- name: border_shorelines
-- The same of other divisions, by the one way across the border.
select theme, relation, within_m, division_code
from registry.border_hits(
    %(subject)s::geometry, %(shore_box)s::geometry, %(nowhere)s::geometry,
    %(nowhere)s::geometry, %(shore_rings)s, %(as_of)s, %(known_at)s
)
where theme = any(%(shore_themes)s);

-- name: border
-- What other divisions have near the subject: theme, relation and whom to ask.
select theme, relation, within_m, division_code
from registry.border_hits(
    %(subject)s::geometry, %(area_box)s::geometry, %(plot_box)s::geometry,
    %(wide_box)s::geometry, %(rings)s, %(as_of)s, %(known_at)s
);

-- name: cells
-- The cells of a box in which other divisions have anything (migration 0048).
select cell from registry.cells_of_others(%(cells_box)s::geometry) cell;

-- name: coverage
-- The counties the widest search touches and what each says it knows.
select
    division_code, name_zh, name_en, restricted, st_asbinary(county_geom),
    theme, data_date, stale_on, st_asbinary(coverage_geom)
from registry.coverage_around(%(far_box)s::geometry, %(as_of)s, %(known_at)s);
