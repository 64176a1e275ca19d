/**
 * Colours of the map and its legend: the category colours officers know.
 *
 * Farmland: priority protection green, safe use yellow, strict control red.
 * Every category differs by shape, hatch or outline as well as by colour.
 */

export const CATEGORIES = {
  priority_protection: "#6fae57",
  safe_use: "#f2cf3b",
  strict_control: "#dd5a4c",
  unclassified: "#b9beb7",
} as const;
export const FARMLAND: Record<string, string> = CATEGORIES;

export const WATER_ZONE: Record<string, string> = {
  level_1: "#0a558c",
  level_2: "#2f86c8",
  quasi: "#8cc0e6",
};

/** Stages of a plot gathered into four groups the map tells apart. */
export const PLOT_GROUPS: Record<string, { colour: string; stages: string[] }> = {
  suspected: {
    colour: "#d97706",
    stages: ["candidate", "suspected", "initial_survey", "initial_review"],
  },
  contaminated: {
    colour: "#b3124f",
    stages: ["contaminated", "detailed_survey", "risk_assessment"],
  },
  register: {
    colour: "#6b2c91",
    stages: [
      "rcr_listed",
      "risk_control",
      "remediation",
      "effect_evaluation",
      "target_not_met",
    ],
  },
  resolved: {
    colour: "#44767d",
    stages: ["cleared", "risk_acceptable", "removed", "aftercare"],
  },
};

/** Steps of an interpolated surface, lowest first; told apart without hues too. */
export const SURFACE = ["#fff3c4", "#fdcf7d", "#f39a3d", "#cf5f13", "#87330a"];

export const BASIC_FARMLAND = "#a87900";
export const REDLINE = "#0b7a43";
export const ENTERPRISE_ACTIVE = "#31363b";
export const ENTERPRISE_FORMER = "#8a9096";
export const FACILITY = "#7b4a1e";
export const RECEPTOR = "#3d4fb0";
export const RIVER = "#6fa8cf";
export const RIVER_LABEL = "#1f5c86";
export const PARCEL_LINE = "#7d8781";
export const DIVISION_LINE = "#4d3a5e";
export const SELECTED = "#0f3529";
export const FILE_ROW = "#5a3f8c";
export const HIGHLIGHT = "#00a3c4";
export const PAPER = "#f3f4ef";
export const LABEL = "#27302b";

/** Marks of a list beside the map; the list shows the same tones. */
export const MARKS = {
  evidence: "#0077a8",
  error: "#c01a1a",
  warning: "#c46a00",
  info: "#14568f",
  new: "#1a7a3e",
  changed: "#b36b00",
  missing: "#9c1c1c",
  before: "#5d6862",
  outline: FILE_ROW,
  ...CATEGORIES,
} as const;
