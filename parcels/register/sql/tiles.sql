-- Vector tiles (Mapbox Vector Tile 2.1), one statement a layer.
--
-- {shape v}    geometry in tile coordinates; ST_AsMVTGeom drops what is smaller than
--              the grid of 4096 and simplifies to half a grid step.
-- {in tile v}  open versions, valid on %(day)s, whose box meets the tile's. The box
--              test stands alone on purpose: it is the one operator that row-level
--              security lets an index serve, and clipping does the exact work.
-- {reaching tile v}  the same for layers that are indexed by how far they reach
--              (points with accuracy or stated area).
-- {worth drawing v}  large enough for half a pixel of a 512 pixel tile.
-- {spot v}     a point on the object, for symbols and labels: drawn once, although
--              the object may reach into several tiles.

-- name: parcel
-- Attributes beyond the code come from zoom 14 on, where they can be pointed at. Areas
-- are told to 0.01 m², as everywhere.
select st_asmvt(f, 'parcel')
from (
    select v.code,
        case when %(z)s >= 14 then v.land_use_code end as land_use_code,
        case when %(z)s >= 14 then round(v.mapped_area_m2 * 100) / 100 end
            as mapped_area_m2,
        {shape v}
    from registry.parcel v
    where {in tile v} and {worth drawing v}
) f

-- name: parcel_named
-- The same with a point for the label, for zooms at which labels are drawn.
with seen as materialized (
    select v.code, v.land_use_code,
        round(v.mapped_area_m2 * 100) / 100 as mapped_area_m2, {shape v}, {spot v}
    from registry.parcel v
    where {in tile v}
)
select coalesce((
    select st_asmvt(f, 'parcel')
    from (select code, land_use_code, mapped_area_m2, shape from seen) f
), '') || coalesce((
    select st_asmvt(f, 'parcel_spot')
    from (select code, spot from seen where spot is not null) f
), '')

-- name: plot
with seen as materialized (
    select v.code, v.name, v.stage, v.held, st_dimension(v.geom) = 0 as point_only,
        {shape v}, {spot v}
    from registry.plot v
    where {reaching tile v} and v.stage <> 'closed_error'
)
select coalesce((
    select st_asmvt(f, 'plot')
    from (select code, name, stage, held, shape from seen where not point_only) f
), '') || coalesce((
    select st_asmvt(f, 'plot_spot')
    from (
        select code, name, stage, held, point_only, spot
        from seen
        where spot is not null
    ) f
), '')

-- name: farmland_unit
select st_asmvt(f, 'farmland_unit')
from (
    select v.code, v.category, {shape v}
    from registry.farmland_unit v
    where {in tile v} and {worth drawing v}
) f

-- name: restriction_area
select st_asmvt(f, 'restriction_area')
from (
    select v.code, v.theme, v.name, v.category, {shape v}
    from registry.restriction_area v
    where {in tile v}
) f

-- name: restriction_theme
-- The areas of one theme; the tile's layer bears the theme's name.
select st_asmvt(f, %(theme)s::text)
from (
    select v.code, v.name, v.category, {shape v}
    from registry.restriction_area v
    where {in tile v} and v.theme = %(theme)s
) f

-- name: water_source
select st_asmvt(f, 'water_source')
from (
    select v.code, v.name, v.source_type, v.status, {shape v}
    from registry.water_source v
    where {reaching tile v}
) f

-- name: water_zone
select st_asmvt(f, 'water_zone')
from (
    select v.code, v.level, v.basis, v.source_code, {shape v}
    from registry.water_zone v
    where {in tile v}
) f

-- name: enterprise
with seen as materialized (
    select v.code, v.name, v.status, v.industry_code,
        v.clean_production_audited_on::text, v.clean_production_due_on::text,
        v.heavy_metal_emission_kg, v.heavy_metal_emission_year,
        {shape v}, {spot v}
    from registry.enterprise v
    where {reaching tile v}
)
select coalesce((
    select st_asmvt(f, 'enterprise')
    from (select code, name, status, industry_code,
            clean_production_audited_on, clean_production_due_on,
            heavy_metal_emission_kg, heavy_metal_emission_year, shape from seen
        where st_dimension(shape) = 2) f
), '') || coalesce((
    select st_asmvt(f, 'enterprise_spot')
    from (select code, name, status, industry_code,
            clean_production_audited_on, clean_production_due_on,
            heavy_metal_emission_kg, heavy_metal_emission_year, spot from seen
        where spot is not null) f
), '')

-- name: facility
with seen as materialized (
    select v.code, v.name, v.kind, v.status, {shape v}, {spot v}
    from registry.facility v
    where {reaching tile v}
)
select coalesce((
    select st_asmvt(f, 'facility')
    from (select code, name, kind, status, shape from seen
        where st_dimension(shape) = 2) f
), '') || coalesce((
    select st_asmvt(f, 'facility_spot')
    from (select code, name, kind, status, spot from seen
        where spot is not null) f
), '')

-- name: receptor
with seen as materialized (
    select v.code, v.name, v.kind, {shape v}, {spot v}
    from registry.receptor v
    where {reaching tile v}
)
select coalesce((
    select st_asmvt(f, 'receptor')
    from (select code, name, kind, shape from seen where st_dimension(shape) = 2) f
), '') || coalesce((
    select st_asmvt(f, 'receptor_spot')
    from (select code, name, kind, spot from seen where spot is not null) f
), '')

-- name: former_use
select st_asmvt(f, 'former_use')
from (
    select v.code, v.name, v.industry_code, v.from_year, v.to_year, {shape v}
    from registry.former_use v
    where {reaching tile v}
) f

-- name: river
select st_asmvt(f, 'river')
from (
    select v.code, v.name, v.stream_order, {shape v}
    from registry.river v
    where {in tile v}
) f

-- name: monitoring_point
select st_asmvt(f, 'monitoring_point')
from (
    select v.code, v.name, v.point_class, v.level, v.medium, {shape v}
    from registry.monitoring_point v
    where {in tile v}
) f

-- name: division
-- Boundaries of counties and above; the name is drawn once, at a point inside.
with seen as materialized (
    select v.code, v.name_zh, v.name_en, {shape v}, {spot v}
    from registry.division v
    where {in tile v} and length(v.code) <= 6
)
select coalesce((
    select st_asmvt(f, 'division')
    from (select code, name_zh, name_en, shape from seen) f
), '') || coalesce((
    select st_asmvt(f, 'division_spot')
    from (select code, name_zh, name_en, spot from seen where spot is not null) f
), '')

-- name: township
-- Sums of the caller's own townships, for the zooms at which parcels are too many.
-- Parcels whose township has no boundary on record are counted with their county.
with unit_sum as materialized (
    select coalesce(v.code, left(s.division_code, 6)) as code,
        sum(s.parcels) as parcels, sum(s.area_m2) as area_m2
    from registry.township_tally s
    left join registry.division v
        on v.code = s.township_code
        and v.closed_by is null
        and v.valid_from <= %(day)s
        and (v.valid_to is null or v.valid_to > %(day)s)
    where s.on_day <= %(day)s
    group by 1
),
seen as materialized (
    select v.code, coalesce(v.name_zh, v.code) as name_zh, v.name_en,
        coalesce(u.parcels, 0)::bigint as parcels,
        round(coalesce(u.area_m2, 0))::bigint as area_m2,
        (
            select count(*)
            from registry.plot p
            where p.reach && v.geom
                and p.closed_by is null
                and p.valid_from <= %(day)s
                and (p.valid_to is null or p.valid_to > %(day)s)
                and p.stage <> 'closed_error'
                and st_intersects(v.geom, st_pointonsurface(p.geom))
        ) as plots,
        {shape v}, {spot v}
    from registry.division v
    left join unit_sum u on u.code = v.code
    where {in tile v}
        and registry.in_scope(v.division_code)
        and (length(v.code) = 9 or (length(v.code) = 6 and u.parcels > 0))
)
select coalesce((
    select st_asmvt(f, 'township')
    from (select code, name_zh, name_en, parcels, area_m2, plots, shape from seen) f
), '') || coalesce((
    select st_asmvt(f, 'township_spot')
    from (
        select code, name_zh, name_en, parcels, area_m2, plots, spot
        from seen
        where spot is not null
    ) f
), '')

-- name: mark
-- Day of the database's clock, and number of the last change of the layers that a
-- tile is drawn from, as far as the caller can see them.
select timezone('Asia/Shanghai', now())::date as day,
    registry.layer_number(%(tables)s) as number
