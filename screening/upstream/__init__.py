"""Where does water run, and what lies above or below a place? (上下游分析)."""
