"""Which decisions would be made otherwise since the register changed (影响).

`watch` finds decisions near a change, `weigh` asks their questions again, `report`
writes beside a decision that its answer is another now.
"""
