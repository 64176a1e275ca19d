"""The published registers in a browser; steps in ``public.mjs``."""

import httpx
import pytest

from tests.browser.register import OURS, rectangle

pytestmark = pytest.mark.acceptance

SHOWN = {"name": "原颜料厂地块", "address": "净土路 5 号", "risk_grade": "high"}
HIDDEN = {"former_enterprise": "不公开的企业", "local_code": "LOCAL-SECRET"}


@pytest.fixture(scope="module")
def published(site):
    """Two plots of the risk-control register; one with a long name."""
    headers = {"Authorization": f"Bearer {site.keys['admin']}"}
    names = [
        SHOWN["name"],
        "净土市经济技术开发区滨河路以北纬六路以西原化工总厂三期地块",
    ]
    with httpx.Client(base_url=f"{site.url}/v1", headers=headers) as client:
        for number, name in enumerate(names):
            plot = {
                "plot_code": f"41018210005{number}",
                "division_code": OURS,
                "stage": "rcr_listed",
                "entry_list": "rcr",
                "entry_batch": "2024年第1批",
                "entry_source": "净环函〔2024〕8号",
                "entry_published_on": "2024-02-20",
                "valid_from": "2024-03-01",
                "geometry": rectangle(30 + 2 * number, 35, 1, 1),
                **SHOWN,
                **HIDDEN,
                "name": name,
                "negative_list": ["gbt21010_2017:0701", "gbt21010_2017:0803"],
                "published_fields": [
                    *("plot_code", "name", "address", "stage", "area", "location"),
                    *("risk_grade", "negative_list", "list_batch"),
                ],
                "published_on": "2024-04-01",
                "publication_source": "公告〔2024〕2号",
            }
            answer = client.post("/plots", json=plot)
            assert answer.status_code == 201, answer.text
    return names


@pytest.mark.parametrize(
    ("language", "width"),
    [("zh", "1440"), ("en", "1440"), ("zh", "390"), ("en", "390")],
)
def test_anybody_reads_the_published_registers(site, published, language, width):
    site.look(
        "reads_the_published_registers",
        published=[*published, SHOWN["address"], "公告〔2024〕2号"],
        hidden=list(HIDDEN.values()),
        language=language,
        width=width,
    )


def test_a_person_with_a_wrong_address_is_shown_where_to_go_on(site):
    person = {"Accept": "text/html,*/*;q=0.8"}
    page = httpx.get(f"{site.url}/nosuch", headers=person)
    assert (page.status_code, "没有这个页面" in page.text) == (404, True)
    for path, headers in (("/nosuch", {}), ("/v1/nosuch", person)):
        problem = httpx.get(site.url + path, headers=headers)
        assert problem.json()["type"] == "urn:jingtu:problem:no-such-path"


def test_an_outsider_types_a_number_from_paper(site):
    site.look("types_a_number_from_paper", width="390")
