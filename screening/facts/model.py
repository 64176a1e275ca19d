"""Which facts does a rule see? (core).

Everything here is settled before the first rule runs: rules ask, they do not search.
A fact that may be unknown is a `Truth`; lists of things found come with a truth for
what may be there besides (`other_…`: false, or unknown where the layer is silent).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from parcels.texts import Text
from screening.facts.nearby import NearFacts
from screening.facts.siting import SitingFacts
from screening.facts.water import WaterFacts
from screening.industries import Industry, IndustryList
from screening.land_use import (
    LandUse,
    LandUseTest,
    is_change_of_use,
    land_class,
    same_or_contains,
)
from screening.request import Declared, Project
from screening.request_fields import planned_use_need
from screening.truth import (
    NO,
    YES,
    Evidence,
    Missing,
    Truth,
    declared,
    truth,
    unknown,
)
from screening.vocabulary import LandClass, Transaction

_NO_PLANNED_USE = unknown(Missing("planned_use", "not_declared"))
_NO_EVALUATED_CLASS = unknown(Missing("evaluated_class", "not_on_record"))
_NOT_COMPARABLE = unknown(Missing("negative_list", "not_comparable"))
_INDUSTRY_NOT_TOLD = Missing("former_industry", "not_on_record")


@dataclass(frozen=True, slots=True)
class PlotFacts:
    """One plot on the subject (地块).

    Attributes
    ----------
    hit
        True, with the plot as evidence.
    stage
        Stage of the life cycle; the sets are in `screening.vocabulary`.
    on_rcr_register
        Membership open on the day, or a stage of the register.
    target_met
        A reviewed effect evaluation says so; False by silence.
    evaluated_class
        Class of the review opinion, None when not on record.
    aftercare_required, aftercare_breach
        None when not on record.
    negative_list
        Classes barred on the plot; None for an entry that cannot be read.
    activity_due_on, activity_overdue
        Day the required activity was due, and whether it is overdue on the day asked.
    fails
        Classes for which the soil is shown not to meet the standard.
    survey_reviewed
        A survey report passed review, or the stage is reached only through one.
    water_zones
        Codes of drinking-water zones the plot overlaps, wherever on it they lie.
    """

    hit: Truth
    code: str
    stage: str
    on_rcr_register: bool
    target_met: bool
    evaluated_class: LandClass | None
    aftercare_required: bool | None
    aftercare_breach: bool | None
    negative_list: tuple[LandUse | None, ...]
    activity_due_on: date | None
    activity_overdue: bool
    fails: frozenset[LandClass]
    survey_reviewed: bool
    water_zones: tuple[str, ...]

    def when(self, condition: bool) -> Truth:
        """Return true with this plot as evidence if the condition holds."""
        return self.hit if condition else NO


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """Reports on file for the subject and its plots (调查报告).

    Attributes
    ----------
    reviewed
        Every parcel has a reviewed survey of its own, or every plot on the subject has.
    baseline, dismantling_plan
        A reviewed baseline survey; a filed plan of dismantling.
    doubtful
        A report flagged as false, or by a firm on the negative list.
    fails
        Classes for which a report on a parcel shows the standard is not met.
    oldest_on
        Date of the oldest report relied upon, None when none is dated.
    undated
        A survey is relied upon whose date is not on record.
    """

    reviewed: bool
    baseline: bool
    dismantling_plan: bool
    doubtful: Truth
    fails: tuple[tuple[frozenset[LandClass], Evidence], ...]
    oldest_on: date | None
    undated: bool


@dataclass(frozen=True, slots=True)
class FarmlandFacts:
    """Farmland categories on the subject (农用地类别).

    `categories` holds what was found; `other` what may be there besides.
    `priority_outside_pbf`: part of the priority-protection land lies outside permanent
    basic farmland.
    """

    categories: Mapping[str, Truth]
    other: Truth
    priority_outside_pbf: Truth


@dataclass(frozen=True, slots=True)
class FormerIndustry:
    """An industry the land had or has, with where that is known from."""

    industry: Industry
    hit: Truth


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that differs from a record (申报与登记不一致); the record is used.

    `fact` is an id of the catalogue; both sides are written out as codes.
    """

    fact: str
    recorded: str
    declared: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a subject for one transaction on one day (事实).

    Attributes
    ----------
    planned_use
        As asked; for a transfer without one, the recorded or declared current use.
    planned_use_given
        Whether the request named it.
    current_uses, other_current_use
        Classes recorded (or declared); unknown when a parcel has none.
    water
        Drinking-water zones and sources.
    near
        What lies so near that a rule asks about it.
    siting
        What lies where a new source is to stand; None where nothing is sited.
    overlaps_recharge_area
        Inside a recharge area of groundwater (补给区); one nobody delimited is none.
    crop_is_banned
        The declared crop is on the list of a ban area on the subject.
    slivers, imprecise
        By theme: an overlap that is a sliver; a thing known only as a point that may
        reach the subject.
    notes, differences
        What an officer should see although no rule needs it.
    """

    transaction: Transaction
    as_of: date
    project: Project
    declared: Declared
    planned_use: LandUse | None
    planned_use_given: bool
    current_uses: tuple[LandUse, ...]
    other_current_use: Truth
    plots: tuple[PlotFacts, ...]
    other_plots: Truth
    in_control_area: Truth
    is_key_supervised_unit_land: Truth
    former_industries: tuple[FormerIndustry, ...]
    other_former_industries: Truth
    survey: SurveyFacts
    existing_supplied_land: bool
    pollutants_at_risk: Truth
    farmland: FarmlandFacts
    overlaps_permanent_basic_farmland: Truth
    overlaps_ecological_redline: Truth
    overlaps_recharge_area: Truth
    crop_is_banned: Truth
    county_restricted: bool
    near: NearFacts
    water: WaterFacts
    siting: SitingFacts | None
    slivers: Mapping[str, Truth]
    imprecise: Mapping[str, Truth]
    notes: tuple[Text, ...] = ()
    differences: tuple[Difference, ...] = ()

    def is_one_of(self, transactions: frozenset[Transaction]) -> Truth:
        """Whether the transaction asked for is one of these."""
        return truth(self.transaction in transactions)

    def any_plot(
        self, condition: Callable[[PlotFacts], Truth], unseen: Truth = YES
    ) -> Truth:
        """Whether the condition holds for any plot on the subject.

        `unseen` is what can be said of a plot nobody has seen: false where the
        condition could hold for no plot at all.
        """
        result = self.other_plots & unseen
        for plot in self.plots:
            result = result | condition(plot)
        return result

    def planned(self, test: LandUseTest) -> Truth:
        """Whether the planned use passes the test; false where none is asked for."""
        if self.planned_use is not None:
            return truth(test(self.planned_use))
        return self.planned_use_known

    @property
    def planned_use_known(self) -> Truth:
        """True with a planned use, false where it may be left out, else unknown."""
        if self.planned_use is not None:
            return YES
        if planned_use_need(self.transaction) == "optional":
            return NO
        return _NO_PLANNED_USE

    def any_current(self, test: LandUseTest) -> Truth:
        """Whether any current use of the subject passes the test."""
        if any(test(use) for use in self.current_uses):
            return YES
        return self.other_current_use

    @property
    def use_changes(self) -> Truth:
        """Whether the planned use differs from a current one; none given, no change."""
        planned = self.planned_use
        if planned is None or not self.planned_use_given:
            return NO
        return self.any_current(lambda current: is_change_of_use(planned, current))

    def planned_class_within(self, plot: PlotFacts) -> Truth:
        """Whether the planned class is no more sensitive than the one evaluated."""
        if plot.evaluated_class == "class_1":
            return YES
        if self.planned_use is None:
            return _NO_PLANNED_USE
        if land_class(self.planned_use) == "class_2":
            return YES
        return NO if plot.evaluated_class == "class_2" else _NO_EVALUATED_CLASS

    def planned_on_negative_list(self, plot: PlotFacts) -> Truth:
        """Whether the planned use is on the plot's negative list."""
        result = NO
        for listed in plot.negative_list:
            result = result | self._planned_falls_under(listed)
        return result

    def _planned_falls_under(self, listed: LandUse | None) -> Truth:
        if self.planned_use is None:
            return self.planned_use_known
        found = None if listed is None else same_or_contains(listed, self.planned_use)
        return _NOT_COMPARABLE if found is None else truth(found)

    def planned_class_in(self, classes: frozenset[LandClass]) -> Truth:
        """Whether the planned class is one of those a report fails."""
        if not classes or len(classes) == 2:
            return truth(bool(classes))
        return self.planned(lambda use: land_class(use) in classes)

    def former_industry_in(self, industries: IndustryList) -> Truth:
        """Whether a former industry is on the list."""
        result = self.other_former_industries
        for former in self.former_industries:
            on_list = industries.holds(former.industry)
            if on_list is None:
                result = result | unknown(
                    _INDUSTRY_NOT_TOLD, evidence=former.hit.evidence
                )
            else:
                result = result | (former.hit if on_list else NO)
        return result

    @property
    def crop_is_edible(self) -> Truth:
        """Whether the crop to be grown is eaten, as declared."""
        crop = self.declared.crop
        return declared(None if crop is None else crop.edible, "crop")

    @property
    def crop_may_be_eaten(self) -> bool:
        """Whether nothing is said against it: silence counts as an edible crop."""
        crop = self.declared.crop
        return crop is None or crop.edible is not False

    def farmland_includes(self, category: str) -> Truth:
        """Whether land of this category lies on the subject."""
        return self.farmland.categories.get(category, NO) | self.farmland.other
