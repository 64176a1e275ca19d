"""Rule sets as data (TOML) and the small shell that reads them (shell)."""

from screening.rule_sets.loader import read_rule_sets

__all__ = ["read_rule_sets"]
