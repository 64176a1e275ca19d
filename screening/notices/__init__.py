"""Who is told when something becomes of a decision (回调通知).

`signature` says how a notice is signed and when it is tried again, `address` to where
one may be sent, `outbox` writes notices, `receivers` keeps who gets them.
"""
