"""The land: what there is and what is known of it (土地登记与已知情况)."""
