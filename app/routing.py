"""Which routes has the service? All of them, in the order they are looked through."""

from __future__ import annotations

from fastapi import APIRouter

from app.pages.provider_sign_in import router as provider_sign_in
from app.pages.routes import router as pages
from app.pages.verification import router as verification
from app.routes import (
    batches,
    calendars,
    category_divisions,
    certificates,
    data_sets,
    division_names,
    documents,
    extracts,
    firm_listings,
    gate,
    indicators,
    key_units,
    keys,
    ledger,
    operations,
    opinions,
    parcels,
    plot_corrections,
    plot_events,
    plot_inventories,
    plot_leads,
    plot_records,
    plot_successions,
    plot_surroundings,
    public,
    replays,
    reports,
    restrictions,
    screening_runs,
    screening_tasks,
    session,
    surfaces,
    tasks,
    tiles,
    upload_mappings,
    upload_orders,
    upload_reports,
    uploads,
    users,
    verify,
    webhooks,
)
from app.routes.layer_changes import feed_routers
from app.routes.layers import layer_routers
from app.routes.ogc import router as ogc
from app.routes.ogc_features import feature_routers
from app.routes.ogc_tiles import tile_routers


def all_routers() -> list[APIRouter]:
    """Return every router; pages come last."""
    return [
        gate.router,
        ledger.router,
        replays.router,
        certificates.router,
        opinions.router,
        batches.router,
        screening_runs.router,
        screening_tasks.router,
        surfaces.router,
        category_divisions.router,
        indicators.router,
        reports.router,
        extracts.router,
        *feed_routers(),
        parcels.router,
        plot_corrections.router,
        plot_events.router,
        plot_inventories.router,
        plot_leads.router,
        key_units.router,
        plot_records.router,
        plot_surroundings.router,
        plot_successions.router,
        tasks.router,
        calendars.router,
        documents.router,
        firm_listings.router,
        restrictions.router,
        division_names.router,
        data_sets.router,
        webhooks.router,
        tiles.router,
        verify.router,
        public.router,
        uploads.router,
        upload_orders.router,
        upload_mappings.router,
        upload_reports.router,
        session.router,
        users.router,
        keys.router,
        operations.router,
        *layer_routers(),
        ogc,
        *feature_routers(),
        *tile_routers(),
        provider_sign_in,
        verification,
        pages,
    ]
