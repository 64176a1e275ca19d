"""Which values cannot be, by themselves or beside each other? (core, data).

Asked of rows of a survey and of objects entered by hand alike.
"""

from __future__ import annotations

from typing import Final

ORDERED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "attention_option": (("at_least", "below"),),
    "enterprise": (("clean_production_audited_on", "clean_production_due_on"),),
    "plot": (
        ("required_activity_served_on", "required_activity_due_on"),
        ("required_activity_served_on", "required_activity_done_on"),
    ),
    "plot_document": (
        ("dated_on", "reviewed_on"),
        ("dated_on", "filed_ee_on"),
        ("dated_on", "filed_nr_on"),
        ("dated_on", "filed_hc_on"),
        ("published_from", "published_to"),
    ),
    "plot_pollutant": (("depth_from_m", "depth_to_m"),),
    "farmland_measure": (("produce_compliant", "produce_samples"),),
    "former_use": (("from_year", "to_year"),),
    "sample_result": (
        ("depth_from_m", "depth_to_m"),
        ("sampled_on", "qc_checked_on"),
    ),
    "theme_coverage": (("data_date", "stale_on"),),
}
"""Layer → pairs of attributes of which the first is never more than the second."""

NEVER_NEGATIVE: Final = frozenset(
    {
        "population",
        "depth_from_m",
        "depth_to_m",
        "value",
        "year",
        "heavy_metal_emission_kg",
        "heavy_metal_emission_year",
        "stated_area_m2",
        "produce_samples",
        "produce_compliant",
    }
)
ALWAYS_POSITIVE: Final = frozenset(
    {"accuracy_m", "boundary_accuracy_m", "detection_limit", "stream_order", "area_m2"}
)
