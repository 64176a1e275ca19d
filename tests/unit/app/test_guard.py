"""No route without a right."""

import pytest

from app.routes.guard import UnguardedRoute, guarded_router


def test_a_route_that_names_no_right_cannot_be_made():
    router = guarded_router()
    with pytest.raises(UnguardedRoute):
        router.get("/open")(lambda: None)
